//! Bounds are exact: what fits is accepted, and one more is refused with the bound.

use bailiwick::change::*;
use bailiwick::limits::{
    COMMAND_ITEMS_MAX, DESCRIPTION_BYTES_MAX, DOMAINS_MAX, KEY_BYTES_MAX, PREFERENCE_BYTES_MAX, PREFERENCES_MAX,
    ROWS_PER_PERSON_MAX,
};
use bailiwick::{Actor, Domain, Organization, Override};

use crate::support::samples::{Ids, MEMBER, OWNER, STRANGER, founded, name, organization, refused, run};

const OWN: Ids = Ids::OWN;
const BY: Actor = Actor::System;

fn too_many(org: &Organization, command: impl Into<Command>) -> usize {
    let Refusal::TooManyItems { max } = refused(org, BY, command) else { panic!("not for its number") };
    max
}

fn too_long(org: &Organization, command: impl Into<Command>) -> usize {
    let Refusal::TooLong { max } = refused(org, BY, command) else { panic!("not for its length") };
    max
}

/// With so many workspaces, and who is given something in the first of them.
fn access(workspaces: usize, changes: &Override) -> Vec<(bailiwick::WorkspaceId, Override)> {
    (0..workspaces).map(|n| (OWN.workspace(10_000 + n as u64), changes.clone())).collect()
}

#[test]
fn items_of_one_command_and_rows_of_one_person() {
    let mut org = organization(OWN);
    for (workspace, _) in access(ROWS_PER_PERSON_MAX + 1, &Override::none()) {
        run(&mut org, BY, CreateWorkspace { workspace, name: name("W") });
    }
    let guest = Override::role("guest");
    let add = |access| AddMember { user: OWN.user(STRANGER), roles: vec!["member".into()], access };
    assert_eq!(too_many(&org, add(access(COMMAND_ITEMS_MAX + 1, &guest))), COMMAND_ITEMS_MAX);
    // A row is one item, and so is each key in it.
    let half = access(COMMAND_ITEMS_MAX / 2, &guest.clone().adding("thing.write"));
    assert_eq!(too_many(&org, add([half.clone(), access(1, &guest)].concat())), COMMAND_ITEMS_MAX);
    assert!(org.handle(&add(half).into(), &crate::support::samples::facts().by(BY)).is_ok());
    run(&mut org, BY, add(access(COMMAND_ITEMS_MAX, &guest)));
    let rows = access(ROWS_PER_PERSON_MAX + 1, &guest);
    let give = |n: usize| {
        let (workspace, changes) = rows[n].clone();
        GiveAccess { user: OWN.user(STRANGER), workspace, changes }
    };
    (COMMAND_ITEMS_MAX..ROWS_PER_PERSON_MAX).for_each(|n| drop(run(&mut org, BY, give(n))));
    assert_eq!(too_many(&org, give(ROWS_PER_PERSON_MAX)), ROWS_PER_PERSON_MAX);
    run(&mut org, BY, give(0)); // which is there already
    let named = |items| SetRule {
        workspace: OWN.workspace(1),
        holder: bailiwick::RuleFor::Team(OWN.team(1)),
        given: vec!["thing.read".into(); items],
        taken: vec![],
        until: None,
    };
    assert_eq!(too_many(&org, named(COMMAND_ITEMS_MAX + 1)), COMMAND_ITEMS_MAX);
    run(&mut org, BY, named(COMMAND_ITEMS_MAX));
}

#[test]
fn words_and_what_is_kept_for_the_application() {
    let mut org = organization(OWN);
    let text = |bytes| "x".repeat(bytes);
    let describe = |bytes| Describe { description: text(bytes) };
    assert_eq!(too_long(&org, describe(DESCRIPTION_BYTES_MAX + 1)), DESCRIPTION_BYTES_MAX);
    run(&mut org, BY, describe(DESCRIPTION_BYTES_MAX));
    let prefer = |key: String, bytes| SetPreference { key, value: Some(text(bytes)) };
    assert_eq!(too_long(&org, prefer(text(KEY_BYTES_MAX + 1), 1)), KEY_BYTES_MAX);
    assert_eq!(too_long(&org, prefer(text(1), PREFERENCE_BYTES_MAX + 1)), PREFERENCE_BYTES_MAX);
    run(&mut org, BY, prefer(text(KEY_BYTES_MAX), PREFERENCE_BYTES_MAX));
    let kept = |org: &Organization| org.profile().unwrap().preferences.len();
    for n in kept(&org)..PREFERENCES_MAX {
        run(&mut org, BY, prefer(format!("key {n}"), 0));
    }
    assert_eq!(too_many(&org, prefer("one more".into(), 0)), PREFERENCES_MAX);
    run(&mut org, BY, prefer("color".into(), 0)); // which is there already
    assert_eq!(kept(&org), PREFERENCES_MAX);
}

#[test]
fn domains() {
    let mut org = organization(OWN);
    let set =
        |n: usize| SetDomain { domain: Domain::new(&format!("d{n}.example")).unwrap(), roles: vec!["guest".into()] };
    for n in org.domains().count()..DOMAINS_MAX {
        run(&mut org, BY, set(n));
    }
    assert_eq!(too_many(&org, set(DOMAINS_MAX)), DOMAINS_MAX);
    run(&mut org, BY, set(DOMAINS_MAX - 1)); // which is there already
    assert_eq!(org.domains().count(), DOMAINS_MAX);
}

/// What was written is said again as far as a key could be it, with the near miss, which a key has.
#[test]
fn what_a_refusal_says_again() {
    let key = "r".repeat(KEY_BYTES_MAX);
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["change_roles"] }]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }, { key = "KEY", rank = 1 }]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let mut org = founded(&text.replace("KEY", &key));
    run(&mut org, BY, AddMember { user: OWN.user(MEMBER), roles: vec![key.as_str().into()], access: vec![] });
    let answer = |written: &str| {
        let change = ChangeRoles { user: OWN.user(MEMBER), roles: vec![written.into()] };
        let Refusal::UnknownRole { key, meant } = refused(&org, Actor::User(OWN.user(OWNER)), change) else { panic!() };
        (key, meant)
    };
    let (shorter, other, longer) = (&key[1..], format!("{}s", &key[1..]), format!("{key}s"));
    assert_eq!(answer(shorter), (shorter.to_owned(), Some(key.clone())));
    assert_eq!(answer(&other), (other.clone(), Some(key.clone())));
    assert_eq!(answer(&longer), (key.clone(), None));
    assert_eq!(answer("zzz"), ("zzz".to_owned(), None));
}
