//! Everything that is proposed, before any of it is tried: what is missing here is hardly missed there, for another proposal often does as well.
//!
//! `tests/it/nearest/proposals.txt` has a line for each; where it differs from what is proposed, the test prints what is.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::println;

use super::super::giving::{self, Owners};
use super::super::question::Question;
use super::super::situation::Situation;
use super::super::{Change, taking};
use super::*;
use crate::access::{Decision, Facts, Resource, Share, Target};
use crate::change::Refusal;
use crate::id::{LinkId, ResourceId, ShareId};
use crate::organization::{Disposition, Status};
use crate::sharing::{Extent, Recipient, ShareEvent, ShareRecord, Sheet};
use crate::version::Version;

const PROPOSALS: &str = include_str!("../../../../tests/it/nearest/proposals.txt");

/// Which knows of one share.
fn sheet(with: u64, level: &[&str]) -> Sheet {
    let mut sheet = Sheet::new(OrgId::from_u64(1).unwrap(), ResourceId::from_u64(NOTE).unwrap());
    let (share, level) = (ShareId::from_u64(1).unwrap(), level.iter().map(|key| (*key).into()).collect());
    let (extent, until) = (Extent::default(), Some(LATER));
    let event = ShareEvent::Given { share, to: Recipient::User(user(with)), since: None, extent, level, until };
    sheet.apply(&ShareRecord {
        version: Version::from_u64(1),
        at: NOW,
        by: Actor::User(user(1)),
        command: None,
        event,
    });
    sheet
}

/// What is proposed where somebody asks, a line each.
struct Asked<'o> {
    organization: &'o Organization,
    owners: Owners,
    sheets: Vec<Sheet>,
    personal_owner: Option<UserId>,
}

impl<'o> Asked<'o> {
    fn of(organization: &'o Organization) -> Self {
        Self { organization, owners: Owners::No, sheets: Vec::new(), personal_owner: None }
    }

    fn in_place(&self, actor: Actor, key: &str, place: u64) -> String {
        self.at(actor, key, Target::Workspace(workspace(place)))
    }

    fn of_all(&self, actor: Actor, key: &str) -> String {
        self.at(actor, key, Target::Organization)
    }

    fn on_note(&self, actor: Actor, key: &str) -> String {
        let organization = self.organization;
        let id = ResourceId::from_u64(NOTE).unwrap();
        let shares: Vec<Share> = self
            .sheets
            .iter()
            .flat_map(|sheet| sheet.shares())
            .filter_map(|(_, given)| given.as_share(organization, id))
            .collect();
        let personal_owner = self.personal_owner;
        let resource = Resource { id, containers: &[], workspace: Some(workspace(1)), personal_owner, shares: &shares };
        self.at(actor, key, Target::Resource(&resource))
    }

    fn at(&self, actor: Actor, key: &str, target: Target<'_>) -> String {
        let facts = Facts::at(NOW);
        let permission = self.organization.catalog().permission(key).unwrap();
        let question = Question { actor, permission, target, facts: &facts, sheets: &self.sheets };
        let situation = Situation::of(self.organization, &question);
        let (answer, proposals) = match situation.answers(&question) {
            Decision::Deny(reason) => {
                (reason.code(), giving::proposals(&situation, &question, reason, None, self.owners))
            }
            Decision::Allow | Decision::StepUp(_) => ("allowed", taking::proposals(&situation, &question)),
        };
        let asks = match actor {
            Actor::User(user) => format!("user {user}"),
            Actor::Service(service) => format!("service {service}"),
            other => format!("{other:?}"),
        };
        let lines: String = proposals.iter().map(line).collect();
        short(&format!("{asks} asks for {key} {}: {answer}\n{lines}\n", named(target)))
    }
}

fn named(target: Target<'_>) -> String {
    match target {
        Target::Organization => "in the organization".into(),
        Target::Workspace(workspace) => format!("in workspace {workspace}"),
        Target::Resource(resource) => format!("on resource {}", resource.id),
    }
}

fn line(change: &Change) -> String {
    let command = match change {
        Change::Organization(command) => serde_json::to_string(command),
        Change::Share(_, command) => serde_json::to_string(command),
    };
    format!("    {}\n", command.unwrap())
}

/// Without what is the same in each id.
fn short(text: &str) -> String {
    let secret = serde_json::to_string(&SecretHash::from_bytes([0; 32])).unwrap();
    text.replace("00000000-0000-0000-0000-0000000000", "").replace(&secret, "…").replace("1795000000", "…")
}

fn against_denials() -> String {
    let notes = notes();
    let asked = Asked::of(&notes);
    [
        asked.in_place(who(9), "note.read", 1),
        asked.of_all(who(9), "note.write"),
        asked.of_all(who(9), "org.run"),
        asked.in_place(who(9), "org.run", 1),
        asked.of_all(who(11), "org.run"),
        asked.in_place(who(11), "note.write", 1),
        asked.in_place(who(12), "note.read", 1),
        asked.in_place(who(13), "note.read", 1),
        asked.in_place(who(2), "note.read", 1),
        asked.in_place(who(2), "place.run", 1),
        asked.in_place(who(2), "org.run", 1),
        asked.in_place(who(3), "note.print", 1),
        asked.of_all(who(3), "org.run"),
        asked.in_place(who(4), "note.write", 1),
        asked.in_place(who(5), "note.read", 1),
        asked.in_place(who(6), "note.read", 1),
        asked.in_place(who(7), "note.write", 1),
        asked.in_place(who(7), "note.print", 1),
        asked.in_place(who(1), "note.write", 2),
        asked.in_place(who(1), "note.write", 9),
        asked.in_place(who(1), "note.print", 1),
        asked.in_place(service(1), "note.print", 1),
        asked.in_place(service(2), "note.read", 1),
        asked.in_place(service(2), "note.read", 2),
        asked.in_place(service(2), "note.write", 2),
        asked.in_place(service(1), "place.run", 1),
        asked.in_place(service(2), "place.run", 1),
        asked.of_all(service(2), "note.read"),
        asked.in_place(service(5), "note.read", 1),
        asked.in_place(service(6), "note.read", 1),
        asked.in_place(service(3), "note.read", 1),
        asked.in_place(service(4), "note.read", 1),
        asked.in_place(service(9), "note.read", 1),
        asked.in_place(Actor::System, "note.read", 1),
        asked.in_place(Actor::Staff { staff: user(90), on_behalf_of: user(1) }, "note.print", 1),
    ]
    .concat()
        + &asked_with_seats()
}

/// Seats that were bought stay bought.
fn asked_with_seats() -> String {
    let mut notes = notes();
    apply(&mut notes, [Event::PlanChanged { plan: "slim".into(), seats: Seats::new(40), at: None }]);
    Asked::of(&notes).in_place(who(1), "note.print", 1)
}

fn against_what_is_allowed() -> String {
    let mut notes = notes();
    let free = Asked::of(&notes);
    let first = [
        free.in_place(who(1), "note.read", 1),
        free.in_place(who(1), "note.write", 1),
        free.of_all(who(1), "org.pay"),
        free.in_place(who(3), "note.read", 1),
        free.in_place(who(4), "note.read", 1),
        free.in_place(who(5), "note.write", 1),
        free.in_place(who(7), "place.run", 1),
        free.in_place(who(7), "note.read", 1),
        free.in_place(who(11), "note.read", 1),
        free.in_place(service(1), "note.read", 1),
        free.in_place(service(2), "note.read", 2),
    ]
    .concat();
    apply(&mut notes, [Event::PlanChanged { plan: "paid".into(), seats: Seats::new(40), at: None }]);
    let paid = Asked::of(&notes).in_place(who(1), "note.print", 1);
    apply(&mut notes, [Event::PlanChanged { plan: "wide".into(), seats: Seats::new(2), at: None }]);
    first + &paid + &Asked::of(&notes).in_place(who(1), "note.print", 1)
}

fn of_organizations_that_are_stopped() -> String {
    let mut told = Asked::of(&Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(notes().catalog())))
        .of_all(who(1), "org.run");
    for status in [Status::PastDue, Status::Suspended, Status::Archived] {
        let mut notes = notes();
        apply(&mut notes, [Event::StatusChanged { status }]);
        told += &Asked::of(&notes).in_place(who(1), "note.write", 1);
    }
    let mut notes = notes();
    let disposition = Disposition::Delete;
    apply(&mut notes, [Event::OrganizationDeleted { disposition, purge_at: LATER }]);
    told + &Asked::of(&notes).of_all(who(1), "org.run")
}

fn of_what_is_shared() -> String {
    let notes = notes();
    let none = Asked::of(&notes);
    let shared = |with, level| Asked { sheets: [sheet(with, level)].into(), ..Asked::of(&notes) };
    let (one, two) = (shared(9, &["note.read"]), shared(9, &["note.read", "note.write"]));
    let personal = Asked { personal_owner: Some(user(3)), ..Asked::of(&notes) };
    [
        none.on_note(who(2), "note.read"),
        none.on_note(who(9), "note.read"),
        none.on_note(who(2), "place.run"),
        one.on_note(who(9), "note.read"),
        two.on_note(who(9), "note.read"),
        two.on_note(who(9), "place.run"),
        two.on_note(who(3), "note.write"),
        shared(2, &["note.read"]).on_note(who(2), "note.read"),
        personal.on_note(who(1), "note.read"),
        none.on_note(Actor::Link(LinkId::from_u64(1).unwrap()), "note.read"),
    ]
    .concat()
}

/// For whom nothing else helps.
fn of_ownership() -> String {
    let mut notes = notes();
    let asked = |notes: &Organization| {
        let asked = Asked { owners: Owners::Yes, ..Asked::of(notes) };
        asked.of_all(who(2), "org.pay") + &asked.of_all(who(11), "org.pay")
    };
    let first = asked(&notes);
    apply(&mut notes, [Event::OwnershipOffered { from: user(1), to: user(2) }]);
    let offered = asked(&notes);
    // There are two now.
    apply(&mut notes, [Event::RolesChanged { user: user(4), roles: ["owner".into()].into() }]);
    let second = asked(&notes) + &Asked::of(&notes).in_place(who(4), "note.read", 1);
    let one = CATALOG.replace("owner = true,", "owner = true, holders = \"exactly_one\",");
    first + &offered + &second + &asked(&notes_in(&one)) + &Asked::of(&notes_in(&one)).in_place(who(1), "note.read", 1)
}

fn of_room() -> String {
    let notes = notes();
    let facts = Facts::at(NOW);
    let permission = notes.catalog().permission("note.read").unwrap();
    let question = Question { actor: who(9), permission, target: Target::Organization, facts: &facts, sheets: &[] };
    let seats = |limit, used| Refusal::SeatLimit { limit: Seats::new(limit), used: Seats::new(used) };
    let members = |max, used| Refusal::LimitReached { limit: "members".into(), max, used };
    let refusals = [
        seats(5, 4),
        seats(4, 5),
        members(20, 20),
        members(20, 28),
        members(20, 29),
        members(20, 30),
        Refusal::NotFound,
    ];
    let told = |refusal: &Refusal| {
        let room = giving::room(&notes, &question, refusal);
        let lines: String = room.into_iter().map(Change::from).map(|change| line(&change)).collect();
        short(&format!("room where {refusal}\n{lines}\n"))
    };
    refusals.iter().map(told).collect()
}

#[test]
fn everything_is_proposed() {
    let parts = [
        against_denials(),
        against_what_is_allowed(),
        of_organizations_that_are_stopped(),
        of_what_is_shared(),
        of_ownership(),
        of_room(),
    ];
    let proposed = parts.concat();
    if proposed.trim_end() != PROPOSALS.trim_end() {
        println!("{proposed}");
        panic!("tests/it/nearest/proposals.txt says something else");
    }
}
