//! What does a command cost, as the organization grows? It must cost the change, not the organization.
//!
//! One member gets another role and the old one back; one gets a row and loses it. Each is judged and applied.

use std::hint::black_box;

use bailiwick::access::Facts;
use bailiwick::change::{ChangeRoles, Command, Context, GiveAccess, TakeAccess};
use bailiwick::{Actor, Organization, Override, UserId, WorkspaceId};
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::world::{NOW, world};

pub fn command(c: &mut Criterion) {
    let mut group = c.benchmark_group("command");
    for (members, workspaces) in [(20, 5), (1_000, 50), (100_000, 1_000)] {
        let mut org = world(members, workspaces).org;
        let (member, workspace) = subject(&org);
        let owner = org.people().find(|(user, _)| org.is_active_owner(*user)).map(|(user, _)| user).unwrap();
        let context = Facts::at(NOW).by(Actor::User(owner));
        let pairs: [(&str, [Command; 2]); 2] = [
            ("change_roles", [roles(member, "developer"), roles(member, "viewer")]),
            (
                "give_access",
                [
                    GiveAccess { user: member, workspace, changes: Override::role("developer") }.into(),
                    TakeAccess { user: member, workspace }.into(),
                ],
            ),
        ];
        for (name, commands) in pairs {
            group.throughput(Throughput::Elements(2));
            group.bench_function(BenchmarkId::new(format!("handle_and_apply/{name}"), members), |b| {
                b.iter(|| commands.iter().for_each(|command| carry_out(&mut org, command, &context)));
            });
            group.bench_function(BenchmarkId::new(format!("handle/{name}"), members), |b| {
                b.iter(|| black_box(&org).handle(black_box(&commands[0]), &context).unwrap());
            });
        }
        assert!(org.audit(NOW).is_empty());
    }
    group.finish();
}

/// Somebody who is neither owner nor admin, and a workspace in which they have no row.
fn subject(org: &Organization) -> (UserId, WorkspaceId) {
    let admin = org.catalog().role("admin").unwrap();
    let plain = |user: UserId| !org.is_active_owner(user) && !org.roles_of(user).contains(admin);
    let (user, person) = org.people().find(|(user, _)| plain(*user)).unwrap();
    let (workspace, _) = org.workspaces().find(|(id, _)| person.row(*id).is_none()).unwrap();
    (user, workspace)
}

fn roles(user: UserId, role: &str) -> Command {
    ChangeRoles { user, roles: vec![role.into()] }.into()
}

fn carry_out(org: &mut Organization, command: &Command, context: &Context<'_>) {
    for record in org.handle(command, context).unwrap() {
        org.apply(&record);
    }
}
