//! What there is to do outside about each event, and that nothing is to be done about any other.

use std::sync::Arc;

use bailiwick::change::{Content, Effect, Event, Record};
use bailiwick::{
    Actor, Address, Disposition, Domain, InvitationId, Kind, Name, OrgId, Organization, Seats, SecretHash, ServiceId,
    Span, Status, TeamId, Timestamp, UserId, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn invitation() -> InvitationId {
    InvitationId::from_u64(1).unwrap()
}

fn address() -> Address {
    Address::new("bob@acme.example").unwrap()
}

fn domain() -> Domain {
    Domain::new("acme.example").unwrap()
}

fn secret() -> SecretHash {
    SecretHash::from_bytes([7; 32])
}

fn record(org: &Organization, event: Event) -> Record {
    Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event }
}

/// A company that is there, with an invitation that is open.
fn studio(plan: &str) -> Organization {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog("studio")));
    for event in [
        Event::OrganizationCreated {
            kind: Kind::Team,
            name: Name::new("Acme").unwrap(),
            plan: plan.into(),
            seats: Seats::new(9),
            owner: user(1),
            roles: vec!["owner".into()],
        },
        invited(),
    ] {
        let record = record(&org, event);
        org.apply(&record);
    }
    org
}

fn invited() -> Event {
    Event::Invited {
        invitation: invitation(),
        address: address(),
        roles: vec!["viewer".into()],
        access: vec![],
        secret: secret(),
        until: NOW,
        uses: 1,
    }
}

/// What is to be done about some events in a row.
fn effects(org: &Organization, events: impl IntoIterator<Item = Event>) -> Vec<Effect> {
    let records: Vec<Record> = events.into_iter().map(|event| record(org, event)).collect();
    org.effects(&records)
}

#[test]
fn each_event_says_what_there_is_to_do_about_it() {
    let org = studio("creator");
    let (service, team) = (ServiceId::from_u64(1).unwrap(), TeamId::from_u64(1).unwrap());
    let workspace = WorkspaceId::from_u64(1).unwrap();
    let (ends, drops) = (Effect::EndSessions { user: user(2) }, Effect::DropShares { user: user(2) });
    let send = Effect::SendInvitation { invitation: invitation(), address: address(), until: NOW };
    let end = Effect::EndService { service };
    let seats = Seats::new(4);
    let removed = |content| Event::PersonRemoved { user: user(2), content };
    let hand_over = Effect::HandOverContent { from: user(2), to: user(1) };
    let (disposition, purge_at) = (Disposition::Export, NOW);
    let dispose = Effect::DisposeOfOrganization { disposition, purge_at };
    for (event, expected) in [
        (invited(), vec![send.clone()]),
        (Event::InvitationResent { invitation: invitation(), until: NOW, secret: None }, vec![send]),
        (Event::PersonSuspended { user: user(2) }, vec![ends.clone()]),
        (removed(Content::Stays), vec![ends.clone(), drops.clone()]),
        (removed(Content::TransferTo(user(1))), vec![ends.clone(), drops.clone(), hand_over]),
        (Event::UserErased { user: user(2) }, vec![ends, drops]),
        (Event::TeamDissolved { team }, vec![Effect::DropTeamShares { team }]),
        (Event::ServiceEnded { service }, vec![end.clone()]),
        (Event::ServiceOrphaned { service }, vec![end.clone()]),
        (Event::ServiceSecretRotated { service, secret: secret() }, vec![end.clone()]),
        (Event::ServiceAdopted { service, sponsor: user(1), secret: secret() }, vec![end]),
        (
            Event::OwnershipOffered { from: user(1), to: user(2) },
            vec![Effect::OfferOwnership { from: user(1), to: user(2) }],
        ),
        (
            Event::DomainSet { domain: domain(), roles: vec!["viewer".into()] },
            vec![Effect::VerifyDomain { domain: domain() }],
        ),
        (
            Event::PlanChanged { plan: "free".into(), seats, at: Some(NOW) },
            vec![Effect::ChangeSubscription { plan: "free".into(), seats, at: Some(NOW) }],
        ),
        (
            Event::SeatsChanged { seats, at: None },
            vec![Effect::ChangeSubscription { plan: "creator".into(), seats, at: None }],
        ),
        (
            Event::OrganizationDeleted { disposition, purge_at },
            vec![Effect::EndAllSessions, Effect::CancelSubscription, dispose],
        ),
        (Event::OrganizationRestored, vec![Effect::ResumeSubscription]),
        (Event::StatusChanged { status: Status::Archived }, vec![]), // the plan keeps everything
        (Event::StatusChanged { status: Status::Active }, vec![Effect::CancelPurge]),
        (Event::WorkspaceDeleted { workspace }, vec![Effect::DeleteWorkspaceContent { workspace }]),
        (Event::PersonReactivated { user: user(2) }, vec![]),
        (Event::InvitationRevoked { invitation: invitation() }, vec![]),
        (Event::DomainConfirmed { domain: domain() }, vec![]),
    ] {
        assert_eq!(effects(&org, [event.clone()]), expected, "{event:?}");
    }
}

/// S0-50: what has an end is deleted then, what has none stays.
#[test]
fn what_is_archived_is_purged_as_its_plan_says() {
    let due = NOW.plus(Span::days(30));
    let purge = Effect::PurgeContent { kind: "video".into(), due };
    assert_eq!(effects(&studio("archive"), [Event::StatusChanged { status: Status::Archived }]), [purge]);
}

/// Whoever is asked to leave and stays as a guest keeps what is shared with them by name.
#[test]
fn whoever_stays_as_a_collaborator_keeps_their_shares() {
    let removed = |n| Event::PersonRemoved { user: user(n), content: Content::Stays };
    let stays = Event::CollaboratorJoined { user: user(2), given_by: Actor::User(user(1)) };
    let ends = |n| Effect::EndSessions { user: user(n) };
    assert_eq!(
        effects(&studio("creator"), [removed(2), removed(3), stays]),
        [ends(2), ends(3), Effect::DropShares { user: user(3) }]
    );
}

#[test]
fn a_domain_that_is_confirmed_is_not_confirmed_again() {
    let mut org = studio("creator");
    let set = Event::DomainSet { domain: domain(), roles: vec!["viewer".into()] };
    for event in [set.clone(), Event::DomainConfirmed { domain: domain() }] {
        let record = record(&org, event);
        org.apply(&record);
    }
    assert_eq!(effects(&org, [set]), []);
}
