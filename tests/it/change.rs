//! What holds for every command: accepted ones keep the invariants, refused ones change nothing, previews tell the
//! truth, menus offer what is accepted, the journal names everybody.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::{Decision, DenyReason, Facts, Target};
use bailiwick::change::*;
use bailiwick::{
    Actor, CommandId, Disposition, Excess, Kind, Organization, Seats, Span, Status, Tenants, TenantsError, Timestamp,
};

use crate::support::samples::{
    ADMIN, COLLABORATOR, ELSEWHERE, Ids, MEMBER, NOW, OWNER, STRANGER, SUSPENDED, address, catalog, facts, name,
    organization, run, samples, secret,
};

const OWN: Ids = Ids::OWN;

fn user(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> &'static str {
    answer.err().map_or("accepted", |refusal| refusal.code())
}

/// What one command makes of an organization.
fn after(org: &Organization, records: &[Record]) -> Organization {
    let mut after = org.clone();
    records.iter().for_each(|record| after.apply(record));
    after
}

#[test]
fn there_is_a_sample_of_every_command() {
    let sampled: BTreeSet<&str> = samples(OWN).iter().map(|(_, command)| command.name()).collect();
    let every: BTreeSet<&str> = Command::NAMES.iter().copied().filter(|name| !ELSEWHERE.contains(name)).collect();
    assert_eq!(sampled, every);
}

#[test]
fn every_command_keeps_the_invariants_and_has_a_form_that_can_be_read_back() {
    let org = organization(OWN);
    for (actor, command) in samples(OWN) {
        let outcome = org.handle(&command, &facts().by(actor)).unwrap_or_else(|no| panic!("{command:?}: {no}"));
        assert!(!outcome.records.is_empty(), "{command:?} did nothing");
        let after = after(&org, &outcome.records);
        assert_eq!(after.audit(NOW), [], "{command:?}");
        let written = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), command);
        let written = serde_json::to_string(&outcome.records).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Record>>(&written).unwrap(), outcome.records);
        let kind = outcome.records[0].event.kind();
        assert!(serde_json::to_string(&outcome.records[0].event).unwrap().contains(&format!("\"{kind}\"")), "{kind}");
    }
}

/// D-24, C-32: the organization is named in every call; an id of another one answers as one that never existed, down to
/// the bytes of the error.
#[test]
fn an_id_of_another_organization_answers_as_one_that_never_existed() {
    let (org, foreign) = (organization(OWN), organization(Ids::FOREIGN));
    assert_eq!(foreign.audit(NOW), []);
    let actors = [user(OWNER), user(ADMIN), user(MEMBER), user(SUSPENDED), user(COLLABORATOR), user(STRANGER)];
    let others = [
        Actor::System,
        Actor::Provisioner,
        Actor::Service(OWN.service(1)),
        Actor::Service(Ids::FOREIGN.service(1)),
        Actor::Staff { staff: Ids::NEVER.user(1), on_behalf_of: OWN.user(OWNER) },
    ];
    let mut replaced = 0_u32;
    for (_, command) in samples(OWN) {
        let written = serde_json::to_string(&command).unwrap();
        for own in own_ids() {
            let place = format!("{own:012x}");
            if !written.contains(&place) {
                continue;
            }
            let with = |ids: Ids| -> Command {
                serde_json::from_str(&written.replace(&place, &format!("{:012x}", own + ids.0))).unwrap()
            };
            for actor in actors.into_iter().chain(others) {
                let answer = |ids: Ids| org.handle(&with(ids), &facts().by(actor)).map_err(|no| format!("{no} {no:?}"));
                let text = |answer: Result<Outcome, String>| match answer {
                    Ok(_) => "accepted".to_owned(), // it makes something under the id, or names a user
                    Err(text) => text,
                };
                assert_eq!(text(answer(Ids::FOREIGN)), text(answer(Ids::NEVER)), "{actor:?} {:?}", with(Ids::NEVER));
                replaced += 1;
            }
        }
    }
    assert!(replaced > 500, "{replaced} replacements");
    let catalog = org.catalog();
    for (permission, _) in catalog.permissions() {
        for actor in actors.into_iter().chain(others) {
            let ask = |ids: Ids| {
                let target = Target::Workspace(ids.workspace(1));
                (org.check(actor, permission, target, &facts()), org.explain(actor, permission, target, &facts()))
            };
            assert_eq!(ask(Ids::FOREIGN), ask(Ids::NEVER));
        }
    }
}

/// Every number that an id of the organization has; written in hexadecimal.
fn own_ids() -> impl Iterator<Item = u64> {
    [100_000, 200_000, 300_000, 400_000, 500_000].into_iter().flat_map(|kind| (1..=9).map(move |n| kind + n))
}

/// Strangers, links and services of others learn nothing from any command: it answers as for an organization that is
/// not there.
#[test]
fn to_strangers_every_command_answers_as_for_no_organization() {
    let (org, none) = (organization(OWN), Organization::new(OWN.organization(), catalog()));
    let link = Actor::Link(bailiwick::LinkId::from_u64(1).unwrap());
    for (_, command) in samples(OWN) {
        if matches!(command.name(), "Accept" | "Decline" | "JoinByDomain") {
            continue; // whoever holds the secret, or an address of the domain, is not a stranger
        }
        for actor in [user(STRANGER), link, Actor::Service(Ids::NEVER.service(1))] {
            let there = org.handle(&command, &facts().by(actor));
            assert_eq!(there, none.handle(&command, &facts().by(actor)), "{actor:?} {command:?}");
            assert_eq!(code(there), "not_found", "{actor:?} {command:?}");
        }
    }
}

/// D-18: what is deleted hears nothing, from nobody but the platform that forgets somebody.
#[test]
fn a_deleted_organization_answers_as_one_that_is_not_there() {
    let mut org = organization(OWN);
    run(&mut org, user(OWNER), DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false });
    for (actor, command) in samples(OWN) {
        if command.name() != "EraseUser" {
            assert_eq!(code(org.handle(&command, &facts().by(actor))), "not_found", "{command:?}");
        }
    }
    for (permission, _) in org.catalog().permissions() {
        let decision = org.check(user(OWNER), permission, Target::Organization, &facts());
        assert_eq!(decision, Decision::Deny(DenyReason::NotFound));
    }
    let dead = org.invitation(OWN.invitation(1)).unwrap().state(NOW);
    assert_eq!(dead, bailiwick::InvitationState::Revoked);
    let later = |days| Facts::at(NOW.plus(Span::days(days)));
    let restore = Command::from(RestoreOrganization {});
    assert_eq!(code(org.handle(&restore, &later(1).by(user(ADMIN)))), "not_found");
    assert_eq!(code(org.handle(&restore, &later(30).by(user(OWNER)))), "not_found", "the purge is due");
    run(&mut org, user(OWNER), restore);
    assert_eq!(org.audit(NOW), []);
    assert_eq!(code(org.handle(&RestoreOrganization {}.into(), &later(1).by(user(OWNER)))), "no_change");
}

#[test]
fn a_preview_is_what_happens() {
    let org = organization(OWN);
    for (actor, command) in samples(OWN) {
        let context = facts().by(actor);
        let preview = org.preview(&command, &context).unwrap();
        let outcome = org.handle(&command, &context).unwrap();
        assert_eq!(preview.outcome, outcome);
        assert_eq!(preview.after, after(&org, &outcome.records), "{command:?}");
        assert_eq!(preview.effects, org.effects(&outcome.records), "{command:?}");
        assert_eq!(preview.effects, preview.after.effects(&outcome.records), "{command:?}: before and after");
        assert_eq!(preview.seats_after, preview.after.seats(NOW));
        for change in &preview.access {
            if change.extent.from.is_some() || !matches!(change.extent.on, On::Everything | On::Seen) {
                continue; // see `whatif`, where all of it is compared
            }
            let target = match change.extent.place {
                Place::Organization => Target::Organization,
                Place::Workspace(id) => Target::Workspace(id),
            };
            let can = |org: &Organization| org.access(change.who, target, &facts()).allowed();
            let facts_differ = org.required_provider(NOW) != preview.after.required_provider(NOW);
            let gained = change.gained.is_subset(&can(&preview.after)) && (change.gained & can(&org)).is_empty();
            let lost = change.lost.is_subset(&can(&org)) && (change.lost & can(&preview.after)).is_empty();
            assert!(facts_differ || (gained && lost), "{command:?}: {change:?}");
        }
        let moved = |change: &AccessChange| change.who == user(MEMBER);
        if matches!(command.name(), "Suspend" | "Remove" | "Leave" | "DeleteOrganization") {
            assert!(preview.access.iter().any(moved), "{command:?} takes something");
        }
    }
}

#[test]
fn a_menu_offers_what_is_accepted_and_nothing_else() {
    let org = organization(OWN);
    let actors = [user(OWNER), user(ADMIN), user(MEMBER), user(SUSPENDED), user(COLLABORATOR), user(STRANGER)];
    let mut offered = BTreeSet::new();
    for actor in actors {
        let context = Facts::at(NOW).by(actor);
        let people = (1..=9).map(|n| About::Person(OWN.user(n)));
        let places = (1..=3).map(|n| About::Workspace(OWN.workspace(n)));
        let invitations = (1..=3).map(|n| About::Invitation(OWN.invitation(n)));
        let teams = (1..=2).map(|n| About::Team(OWN.team(n)));
        let services = (1..=3).map(|n| About::Service(OWN.service(n)));
        let abouts = people.chain(places).chain(invitations).chain(teams).chain(services).chain([About::Organization]);
        for about in abouts {
            for offer in org.allowed_actions(&context, about) {
                let answer = org.handle(&offer.command, &context);
                match offer.step_up {
                    None => assert!(answer.is_ok(), "{actor:?} {offer:?}"),
                    Some(_) => assert_eq!(code(answer), "step_up"),
                }
                offered.insert(offer.command.name());
            }
        }
        let own = actor.user().map(About::Person).unwrap();
        let about_oneself = org.allowed_actions(&context, own);
        assert!(about_oneself.is_empty(), "S2-62: {actor:?} is offered {about_oneself:?}");
    }
    assert!(offered.len() >= 20, "{offered:?}");
    for (command, name) in samples(OWN).iter().map(|(_, command)| (command, command.name())) {
        let about = match command {
            Command::Suspend(c) => About::Person(c.user),
            Command::SwitchCredits(c) => About::Person(c.user),
            Command::Remove(c) => About::Person(c.user),
            Command::DeleteWorkspace(c) => About::Workspace(c.workspace),
            Command::Revoke(c) => About::Invitation(c.invitation),
            Command::DissolveTeam(c) => About::Team(c.team),
            Command::EndService(c) => About::Service(c.service),
            _ => continue,
        };
        let menu = org.allowed_actions(&facts().by(user(OWNER)), about);
        assert!(menu.iter().any(|offer| offer.command.name() == name), "{name} is accepted and not offered");
    }
}

/// D-30: staff acts with the rights of the user, without what is sensitive, and both are in every event.
#[test]
fn staff_acts_in_somebodys_place_and_both_are_named() {
    let mut org = organization(OWN);
    let staff = Actor::Staff { staff: Ids::NEVER.user(1), on_behalf_of: OWN.user(OWNER) };
    let spend = org.catalog().permission("money.spend").unwrap();
    assert_eq!(org.check(user(OWNER), spend, Target::Organization, &facts()), Decision::Allow);
    let denied = org.check(staff, spend, Target::Organization, &facts());
    assert_eq!(denied, Decision::Deny(DenyReason::NotForStaff));
    let outcome = run(&mut org, staff, Rename { name: name("Better") });
    assert_eq!(outcome.records[0].by, staff);
    let written = serde_json::to_string(&outcome.records[0]).unwrap();
    assert!(written.contains(&OWN.user(OWNER).to_string()) && written.contains(&Ids::NEVER.user(1).to_string()));
    for command in [
        Command::from(Leave { content: None }),
        TransferOwnership { to: OWN.user(MEMBER), from: None }.into(),
        ChangeRoles { user: OWN.user(MEMBER), roles: vec!["owner".into()] }.into(),
        ChangeRoles { user: OWN.user(OWNER), roles: vec!["admin".into()] }.into(),
    ] {
        let answer = org.handle(&command, &facts().by(staff));
        assert!(answer.is_err(), "staff in somebody's place: {command:?}");
    }
    let nobody = Actor::Staff { staff: Ids::NEVER.user(1), on_behalf_of: OWN.user(STRANGER) };
    assert_eq!(code(org.handle(&Rename { name: name("X") }.into(), &facts().by(nobody))), "not_found");
}

/// A service does what its sponsor may do now, and no more than it was given.
#[test]
fn a_service_never_has_more_than_its_sponsor_holds_now() {
    let mut org = organization(OWN);
    let robot = Actor::Service(OWN.service(2)); // the admin's, for reading in the first workspace
    let read = org.catalog().permission("thing.read").unwrap();
    let write = org.catalog().permission("thing.write").unwrap();
    let ask = |org: &Organization, permission, n: u64| {
        org.check(robot, permission, Target::Workspace(OWN.workspace(n)), &facts()).code()
    };
    assert_eq!((ask(&org, read, 1), ask(&org, write, 1), ask(&org, read, 2)), ("allow", "restricted", "restricted"));
    run(&mut org, user(OWNER), ChangeRoles { user: OWN.user(ADMIN), roles: vec!["member".into()] });
    assert_eq!(ask(&org, read, 1), "not_granted", "the sponsor reaches nothing any more");
    run(&mut org, user(OWNER), ChangeRoles { user: OWN.user(ADMIN), roles: vec!["admin".into()] });
    run(&mut org, user(OWNER), Suspend { user: OWN.user(ADMIN) });
    assert_eq!(ask(&org, read, 1), "person_suspended");
    run(&mut org, user(OWNER), Remove { user: OWN.user(ADMIN), content: None });
    assert_eq!(ask(&org, read, 1), "access_ended", "kept, and without a sponsor");
    let adopt = AdoptService { service: OWN.service(2), secret: secret(77) };
    assert_eq!(code(org.handle(&adopt.clone().into(), &facts().by(user(MEMBER)))), "denied");
    run(&mut org, user(OWNER), adopt.clone());
    assert_eq!(ask(&org, read, 1), "allow");
    assert_eq!(org.service(OWN.service(2)).unwrap().secret(), &secret(77));
    assert_eq!(code(org.handle(&adopt.into(), &facts().by(user(OWNER)))), "has_sponsor");
    assert_eq!(org.audit(NOW), []);
}

/// The journal answers by member, by actor, by time and by command, and knows who gave what.
#[test]
fn the_journal_is_an_audit_trail() {
    let mut org = Organization::new(OWN.organization(), catalog());
    let mut records = Vec::new();
    let mut at = NOW;
    let mut run = |org: &mut Organization, actor: Actor, command: Command, id: u64| {
        at = at.plus(Span::hours(1));
        let facts = Facts::at(at).authenticated(at).with_second_factor();
        let context = facts.by(actor).as_command(CommandId::from_u64(id).unwrap());
        for record in org.handle(&command, &context).unwrap() {
            org.apply(&record);
            records.push(record);
        }
    };
    let (owner, member) = (user(OWNER), OWN.user(MEMBER));
    let sign_up = SignUp { name: name("Ada"), workspace: OWN.workspace(1) };
    let made = CreateOrganization {
        name: name("Acme"),
        plan: "team".into(),
        seats: bailiwick::Seats::new(5),
        owned: 0,
        workspace: sign_up.workspace,
    };
    run(&mut org, owner, made.into(), 1);
    run(&mut org, owner, CreateWorkspace { workspace: OWN.workspace(1), name: name("One") }.into(), 2);
    run(&mut org, owner, AddMember { user: member, roles: vec!["guest".into()], access: vec![] }.into(), 3);
    let staff = Actor::Staff { staff: Ids::NEVER.user(1), on_behalf_of: OWN.user(OWNER) };
    let give = |changes| GiveAccess { user: member, workspace: OWN.workspace(1), changes };
    run(&mut org, staff, give(bailiwick::Override::role("member")).into(), 4);
    run(&mut org, Actor::System, ChangeStatus { status: Status::Suspended }.into(), 5);
    run(&mut org, Actor::System, ChangeStatus { status: Status::Active }.into(), 6);
    run(&mut org, owner, Suspend { user: member }.into(), 7);

    let journal = Journal::of(&records);
    let kinds = |query: Query| journal.find(query).map(|record| record.event.kind()).collect::<Vec<_>>();
    assert_eq!(kinds(Query::about(member)), ["member_joined", "access_given", "person_suspended"]);
    assert_eq!(kinds(Query::by(Ids::NEVER.user(1))), ["access_given"], "what staff did in somebody's place");
    assert_eq!(kinds(Query::by(OWN.user(OWNER))).len(), 5);
    assert_eq!(kinds(Query::of_command(CommandId::from_u64(5).unwrap())), ["status_changed"]);
    let hours = |n: u64| NOW.plus(Span::hours(n));
    assert_eq!(kinds(Query::about(member).between(hours(4), hours(7))), ["access_given"]);

    let trail = journal.access_of(member, OWN.organization(), org.catalog());
    let who: Vec<_> = trail.iter().map(|entry| (entry.record.event.kind(), entry.record.by)).collect();
    assert_eq!(
        who,
        [
            ("member_joined", owner), // on what is their own
            ("access_given", staff),
            ("status_changed", Actor::System), // lost
            ("status_changed", Actor::System), // and got back
            ("person_suspended", owner),
        ],
        "a guest's role carries into no workspace by itself"
    );
    assert!(trail[0].changes.iter().all(|change| change.extent.on == On::Own));
    assert_eq!(trail[1].changes[0].extent.place, Place::Workspace(OWN.workspace(1)));
    let write = org.catalog().permission("thing.write").unwrap();
    assert!(trail[1].changes[0].gained.contains(write));

    let row = org.person(member).unwrap().row(OWN.workspace(1)).unwrap();
    assert_eq!(journal.record(row.origin.version).unwrap().event.kind(), "access_given", "the event behind a layer");
    let mut active = org.clone();
    let _ = crate::support::samples::run(&mut active, owner, Reactivate { user: member });
    let target = Target::Workspace(OWN.workspace(1));
    let mut explained = active.explain(Actor::User(member), write, target, &facts());
    Journal::of(&records).name_events(&mut explained);
    let expected = "override: role `member` here instead gives it (by ";
    let text = explained.to_string();
    assert!(text.contains(expected) && text.contains("version 4: access given)"), "{text}");
    let mut replayed = Organization::new(OWN.organization(), catalog());
    records.iter().for_each(|record| replayed.apply(record));
    assert_eq!(replayed, org);
}

/// A user whose account is deleted is erased everywhere, unless a team would be left without an owner.
#[test]
fn a_user_is_erased_everywhere() {
    let tenants = Tenants::new(catalog(), bailiwick::store::MemoryStore::new());
    let (bob, ada) = (user(MEMBER), user(OWNER));
    let now = facts();
    let [home, acme, lonely] = [1, 2, 3].map(|n| bailiwick::OrgId::from_u64(n).unwrap());
    tenants.sign_up(home, SignUp { name: name("Bob"), workspace: OWN.workspace(4) }, &now.by(bob)).unwrap();
    let team = |text: &str, n| CreateOrganization {
        name: name(text),
        plan: "team".into(),
        seats: bailiwick::Seats::new(5),
        owned: 0,
        workspace: OWN.workspace(n),
    };
    tenants.create(acme, team("Acme", 5), &now.by(ada)).unwrap();
    let invite = Invite::to(OWN.invitation(1), address("bob@example.com"), secret(1)).role("member");
    tenants.handle(acme, invite, &now.by(ada)).unwrap();
    let proof = AddressProof::Verified(address("bob@example.com"));
    let accept = Accept { invitation: OWN.invitation(1), secret: secret(1), address: proof };
    tenants.handle(acme, accept, &now.by(bob)).unwrap();
    tenants.create(lonely, team("Lonely", 6), &now.by(bob)).unwrap();

    let all = bailiwick::reach::Paging::first(9);
    let refused = tenants.erase(OWN.user(MEMBER), &now);
    assert!(matches!(refused, Err(TenantsError::StillOwner { organizations }) if organizations == [lonely]));
    assert_eq!(
        tenants.organizations_of(OWN.user(MEMBER), all).unwrap().items,
        [home, acme, lonely],
        "nothing has happened"
    );

    tenants.delete(lonely, Disposition::Delete, &now.by(bob)).unwrap();
    assert_eq!(tenants.erase(OWN.user(MEMBER), &now).unwrap().len(), 2);
    assert!(tenants.organizations_of(OWN.user(MEMBER), all).unwrap().items.is_empty());
    let forgotten = tenants.read(acme, |org| org.invitation(OWN.invitation(1)).unwrap().address().is_none());
    assert_eq!(forgotten.unwrap(), Some(true));
    // D-27: whoever comes back signs up anew.
    let again = bailiwick::OrgId::from_u64(9).unwrap();
    let sign_up = SignUp { name: name("Bob"), workspace: OWN.workspace(8) };
    assert_eq!(tenants.sign_up(again, sign_up, &now.by(bob)).unwrap(), again);
}

/// S2-119: everything goes only to another organization that whoever deletes owns.
#[test]
fn what_is_deleted_goes_to_an_organization_of_the_same_owner() {
    let tenants = Tenants::new(catalog(), bailiwick::store::MemoryStore::new());
    let (ada, bob, now) = (user(OWNER), user(MEMBER), facts());
    let ids = [1, 2, 3].map(|n| bailiwick::OrgId::from_u64(n).unwrap());
    for (n, (id, by)) in ids.into_iter().zip([ada, ada, bob]).enumerate() {
        let create = CreateOrganization {
            name: name(&format!("Org {n}")),
            plan: "team".into(),
            seats: bailiwick::Seats::new(5),
            owned: 0,
            workspace: OWN.workspace(n as u64 + 1),
        };
        tenants.create(id, create, &now.by(by)).unwrap();
    }
    let [first, second, bobs] = ids;
    let delete = |from, to, by: Actor| tenants.delete(from, Disposition::TransferTo(to), &now.by(by));
    for to in [first, bobs, bailiwick::OrgId::from_u64(99).unwrap()] {
        let refused = delete(first, to, ada).unwrap_err();
        assert!(matches!(refused, TenantsError::Refused(Refusal::BadRecipient)), "{to}: {refused}");
    }
    let outcome = delete(first, second, ada).unwrap();
    let effects = tenants.read(first, |org| org.effects(&outcome.records)).unwrap().unwrap();
    let purge_at: Timestamp = NOW.plus(Span::days(30));
    let disposition = Disposition::TransferTo(second);
    assert_eq!(
        effects,
        [Effect::EndAllSessions, Effect::CancelSubscription, Effect::DisposeOfOrganization { disposition, purge_at }]
    );
    // D-18: a deleted one takes nothing over.
    let refused = delete(second, first, ada).unwrap_err();
    assert!(matches!(refused, TenantsError::Refused(Refusal::BadRecipient)));
}

/// Ways round the rules that look like something harmless.
#[test]
fn nobody_goes_round_the_rules_by_a_side_door() {
    let mut org = organization(OWN);
    let ask = |org: &Organization, actor: Actor, command: Command| code(org.handle(&command, &facts().by(actor)));
    run(&mut org, user(OWNER), Invite::to(OWN.invitation(7), address("o@example.com"), secret(7)).role("owner"));
    let resend = Resend { invitation: OWN.invitation(7), secret: Some(secret(66)) };
    assert_eq!(ask(&org, user(ADMIN), resend.into()), "outranked", "a new secret would be a new invitation");
    assert_eq!(ask(&org, user(ADMIN), Revoke { invitation: OWN.invitation(7) }.into()), "outranked");

    let staff = Actor::Staff { staff: OWN.user(STRANGER), on_behalf_of: OWN.user(OWNER) };
    let add = AddMember { user: OWN.user(STRANGER), roles: vec!["admin".into()], access: vec![] };
    assert_eq!(ask(&org, staff, add.into()), "own_access", "staff keeps nothing");

    assert_eq!(ask(&org, user(SUSPENDED), Leave { content: None }.into()), "person_suspended", "and comes not back");
    let row =
        GiveAccess { user: OWN.user(MEMBER), workspace: OWN.workspace(1), changes: bailiwick::Override::role("owner") };
    assert_eq!(ask(&org, user(OWNER), row.into()), "not_assignable", "no row makes an owner");

    run(&mut org, user(OWNER), DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false });
    run(&mut org, Actor::System, EraseUser { user: OWN.user(OWNER) });
    assert_eq!(ask(&org, Actor::System, RestoreOrganization {}.into()), "last_owner");
}

/// What is offered about each thing of an organization, with everything that a button would send.
#[test]
fn what_is_offered_is_what_can_differ() {
    let org = organization(OWN);
    let offered = |actor, about| {
        let menu = org.allowed_actions(&facts().by(actor), about);
        menu.into_iter().map(|offer| serde_json::to_string(&offer.command).unwrap()).collect::<Vec<_>>()
    };
    let texts = |commands: &[Command]| commands.iter().map(|c| serde_json::to_string(c).unwrap()).collect::<Vec<_>>();
    let (user, workspace) = (OWN.user(MEMBER), OWN.workspace(1));
    let of_member = offered(Actor::User(OWN.user(OWNER)), About::Person(user));
    let roles = |key: &str| ChangeRoles { user, roles: vec![key.into()] }.into();
    // Not the role that they have, not the state that they are in.
    for there in texts(&[
        Suspend { user }.into(),
        Remove { user, content: None }.into(), // the policy asks for no word on it
        SwitchCredits { user, on: Some(true) }.into(),
        SwitchCredits { user, on: Some(false) }.into(),
        roles("admin"),
        roles("guest"),
        TakeAccess { user, workspace }.into(),
        LeaveTeam { team: OWN.team(1), user }.into(),
        JoinTeam { team: OWN.team(2), user }.into(),
    ]) {
        assert!(of_member.contains(&there), "{there} is missing in {of_member:#?}");
    }
    for missing in texts(&[
        Reactivate { user }.into(),
        SwitchCredits { user, on: None }.into(),
        roles("member"),
        JoinTeam { team: OWN.team(1), user }.into(),
        LeaveTeam { team: OWN.team(2), user }.into(),
    ]) {
        assert!(!of_member.contains(&missing), "{missing} would change nothing");
    }
}

/// About the organization itself, too; and what wants a fresher sign-in is offered with what it wants.
#[test]
fn what_needs_a_step_up_is_offered_with_it() {
    let mut org = Organization::new(OWN.organization(), Arc::new(crate::cases::catalog("studio")));
    let created = Event::OrganizationCreated {
        kind: Kind::Team,
        name: name("Acme"),
        plan: "starter".into(),
        seats: Seats::new(3),
        owner: OWN.user(OWNER),
        roles: vec!["owner".into()],
    };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: created });
    let offered =
        |facts: Facts<'static>| org.allowed_actions(&facts.by(Actor::User(OWN.user(OWNER))), About::Organization);
    let names = |menu: &[Offer]| menu.iter().map(|offer| offer.command.name()).collect::<Vec<_>>();
    let provider = org.required_provider(NOW).unwrap();
    let (fresh, stale) = (offered(facts().through(provider)), offered(Facts::at(NOW)));
    assert!(names(&fresh).contains(&"Rename") && names(&fresh).contains(&"DeleteOrganization"), "{fresh:?}");
    assert_eq!(names(&stale), names(&fresh));
    assert!(fresh.iter().all(|offer| offer.step_up.is_none()));
    let of = |name| stale.iter().find(|offer| offer.command.name() == name).and_then(|offer| offer.step_up);
    assert!(of("DeleteOrganization").is_some_and(|need| need.authentication_within.is_some()), "{stale:?}");
    assert!(of("Rename").is_some_and(|need| need.provider == Some(provider) && need.authentication_within.is_none()));
}

/// An outcome is its records, by value and by reference.
#[test]
fn an_outcome_is_walked_record_by_record() {
    let org = organization(OWN);
    let rename = Command::from(Rename { name: name("Better") });
    let outcome = org.handle(&rename, &facts().by(Actor::User(OWN.user(OWNER)))).unwrap();
    let seen: Vec<&Record> = (&outcome).into_iter().collect();
    assert_eq!(seen, outcome.records.iter().collect::<Vec<_>>());
    assert_eq!(seen.len(), 1);
}

/// A refusal says in words what it says in data.
#[test]
fn refusals_name_what_they_are_about() {
    let excess = |what: &str, max, used| Excess { what: what.into(), max, used };
    let excess = vec![excess(Excess::SEATS, 3, 5), excess("channels", 1, 2)];
    assert_eq!(Refusal::PlanDoesNotFit { excess }.to_string(), "the plan is too small: 5 seats of 3, 2 channels of 1");
    let unknown = |meant: Option<&str>| Refusal::UnknownRole { key: "vewer".into(), meant: meant.map(Into::into) };
    assert_eq!(unknown(Some("viewer")).to_string(), "there is no role `vewer`; did you mean `viewer`?");
    assert_eq!(unknown(None).to_string(), "there is no role `vewer`");
}
