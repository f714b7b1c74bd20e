//! Whom an event names: whoever is looked for in a journal is found wherever they stand, and nowhere else.

use std::collections::BTreeSet;

use bailiwick::change::{Content, Event, Remove, TransferOwnership};
use bailiwick::{Actor, UserId};
use serde_json::Value;

use crate::support::samples::{
    ADMIN, COLLABORATOR, Ids, MEMBER, OWNER, STRANGER, SUSPENDED, facts, organization, samples,
};

/// What stands in an event, but for who gave what it says.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => _ = found.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => {
            fields.iter().filter(|(name, _)| *name != "given_by").for_each(|(_, value)| texts(value, found));
        }
        _ => {}
    }
}

#[test]
fn whoever_an_event_is_about_is_found_by_it() {
    let org = organization(Ids::OWN);
    let user = |n| Ids::OWN.user(n);
    let owner = Actor::User(user(OWNER));
    let remove = Remove { user: user(MEMBER), content: Some(Content::TransferTo(user(ADMIN))) };
    let more = [(owner, remove.into()), (owner, TransferOwnership { to: user(ADMIN), from: None }.into())];
    let (mut kinds, mut named) = (BTreeSet::new(), 0);
    for (actor, command) in samples(Ids::OWN).into_iter().chain(more) {
        let outcome = org.handle(&command, &facts().by(actor)).unwrap_or_else(|no| panic!("{command:?}: {no}"));
        for event in outcome.records.into_iter().map(|record| record.event) {
            let mut found = BTreeSet::new();
            texts(&serde_json::to_value(&event).unwrap(), &mut found);
            for asked in [OWNER, ADMIN, MEMBER, SUSPENDED, COLLABORATOR, STRANGER].map(user) {
                assert_eq!(event.names(asked), found.contains(&asked.to_string()), "{asked} in {event:?}");
                if event.names(asked) {
                    kinds.insert(event.kind());
                    named += 1;
                }
            }
        }
    }
    println!("{named} times, in {kinds:?}");
    assert!(kinds.len() > 15);
}

/// Of what changes hands both sides are named.
#[test]
fn both_who_give_and_who_get_are_named() {
    let [from, to, other]: [UserId; 3] = [1, 2, 3].map(|n| Ids::OWN.user(n));
    let (from_roles, to_roles) = (vec![], vec![]);
    for event in [
        Event::OwnershipOffered { from, to },
        Event::OwnershipTransferred { from, from_roles, to, to_roles },
        Event::PersonRemoved { user: from, content: Content::TransferTo(to) },
    ] {
        assert!(event.names(from) && event.names(to) && !event.names(other), "{event:?}");
    }
    let stays = Event::PersonRemoved { user: from, content: Content::Stays };
    assert!(stays.names(from) && !stays.names(to));
}
