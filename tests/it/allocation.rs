//! The hot path allocates nothing: counted, not believed.

use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::{Permission, PermissionSet};
use bailiwick::change::{Event, Record};
use bailiwick::{
    Actor, Kind, LinkId, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, TeamId, Timestamp, UserId,
    WorkspaceId,
};

use crate::cases::catalog;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

/// A company with every kind of thing that a check can meet.
fn company() -> Organization {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog("agency")));
    let (first, second) = (WorkspaceId::from_u64(1).unwrap(), WorkspaceId::from_u64(2).unwrap());
    let team = TeamId::from_u64(1).unwrap();
    let events = [
        Event::OrganizationCreated {
            kind: Kind::Team,
            name: Name::new("Acme").unwrap(),
            plan: org.catalog().plans().next().unwrap().1.key.as_str().into(),
            seats: Seats::new(9),
            owner: user(1),
            roles: vec!["owner".into(), "billing_manager".into()],
        },
        Event::WorkspaceCreated { workspace: first, name: Name::new("A").unwrap() },
        Event::WorkspaceCreated { workspace: second, name: Name::new("B").unwrap() },
        Event::MemberJoined { user: user(2), roles: vec!["content_editor".into()], given_by: Actor::System },
        Event::MemberJoined { user: user(3), roles: vec!["viewer".into()], given_by: Actor::System },
        Event::CollaboratorJoined { user: user(4), given_by: Actor::System },
        Event::AccessGiven {
            user: user(4),
            workspace: first,
            changes: Override::role("external_reviewer"),
            given_by: Actor::System,
        },
        Event::AccessGiven {
            user: user(2),
            workspace: second,
            changes: Override::none().removing("content.edit"),
            given_by: Actor::System,
        },
        Event::TeamCreated { team, name: Name::new("T").unwrap() },
        Event::TeamJoined { team, user: user(3) },
        Event::RuleSet {
            workspace: first,
            holder: RuleFor::Team(team),
            given: vec!["content.edit".into()],
            taken: vec![],
            until: None,
        },
        Event::PersonSuspended { user: user(3) },
    ];
    for event in events {
        let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
        org.apply(&record);
    }
    org
}

#[test]
fn checks_allocate_nothing_whatever_the_answer() {
    let org = company();
    let permissions: Vec<Permission> = org.catalog().permissions().map(|(permission, _)| permission).collect();
    let level: PermissionSet = permissions.iter().copied().collect();
    let (id, link) = (ResourceId::from_u64(1).unwrap(), LinkId::from_u64(1).unwrap());
    let shares = [ShareHolder::User(user(9)), ShareHolder::Members, ShareHolder::Link(link)].map(|to| Share {
        on: id,
        to,
        level,
        until: None,
    });
    let resource =
        Resource { id, containers: &[], workspace: WorkspaceId::from_u64(1), personal_owner: None, shares: &shares };
    let targets = [
        Target::Organization,
        Target::Workspace(WorkspaceId::from_u64(1).unwrap()),
        Target::Workspace(WorkspaceId::from_u64(2).unwrap()),
        Target::Workspace(WorkspaceId::from_u64(404).unwrap()),
        Target::Resource(&resource),
    ];
    let actors = [1, 2, 3, 4, 9, 404].map(|n| Actor::User(user(n)));
    let facts = Facts::at(NOW);
    let (mut allowed, mut denied) = (0, 0);
    let counted = allocation_counter::measure(|| {
        for actor in actors.into_iter().chain([Actor::Link(link), Actor::System]) {
            for target in targets {
                let access = org.access(actor, target, &facts).restrict(level);
                for permission in &permissions {
                    match org.check(actor, *permission, target, &facts) {
                        Decision::Allow => allowed += 1,
                        _ => denied += 1,
                    }
                    let _ = access.check(*permission).code();
                }
            }
        }
    });
    assert!(allowed > 50 && denied > 50, "{allowed} allowed, {denied} denied");
    assert_eq!(counted.count_total, 0, "{counted:?}");
}

/// The counter counts: an explanation, which allocates, is seen.
#[test]
fn explaining_allocates_and_is_counted() {
    let org = company();
    let permission = org.catalog().permissions().next().unwrap().0;
    let counted = allocation_counter::measure(|| {
        let _ = org.explain(Actor::User(user(2)), permission, Target::Organization, &Facts::at(NOW));
    });
    assert!(counted.count_total > 0);
}
