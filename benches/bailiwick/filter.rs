//! What does listing cost, beside one check for each row?

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Share, ShareHolder, Target};
use bailiwick::change::{AddMember, Command, CreateOrganization, CreateWorkspace, GiveAccess};
use bailiwick::filter::{Columns, Dialect, Goes, Row, Shared};
use bailiwick::{Actor, Name, OrgId, Organization, Override, ResourceId, Seats, UserId, WorkspaceId};
use criterion::{BenchmarkId, Criterion};

use crate::world::NOW;

const ROWS: u64 = 100_000;
const WORKSPACES: u64 = 100;

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

/// An agency with a hundred workspaces, of which one member has five.
fn agency() -> Organization {
    let catalog = Arc::new(toml::from_str(bailiwick::presets::AGENCY).unwrap());
    let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), catalog);
    let facts = Facts::at(NOW);
    let (name, plan) = (Name::new("Agency").unwrap(), "large".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(50), owned: 0, workspace: workspace(1) };
    let mut commands: Vec<(Actor, Command)> = vec![(Actor::User(UserId::from_u64(1).unwrap()), create.into())];
    for n in 1..=WORKSPACES {
        let (workspace, name) = (workspace(n), Name::new(&format!("Client {n}")).unwrap());
        commands.push((Actor::System, CreateWorkspace { workspace, name }.into()));
    }
    let user = UserId::from_u64(2).unwrap();
    commands.push((Actor::System, AddMember { user, roles: vec!["content_editor".into()], access: Vec::new() }.into()));
    for n in 1..=5 {
        let changes = Override::role("content_editor");
        commands.push((Actor::System, GiveAccess { user, workspace: workspace(n * 7), changes }.into()));
    }
    for (actor, command) in commands {
        for record in organization.handle(&command, &facts.by(actor)).unwrap() {
            organization.apply(&record);
        }
    }
    organization
}

pub fn filter(c: &mut Criterion) {
    let (organization, facts) = (agency(), Facts::at(NOW));
    let edit = organization.catalog().permission("content.edit").unwrap();
    let actor = Actor::User(UserId::from_u64(2).unwrap());
    let level = [edit].into_iter().collect();
    let share = |n: u64| Shared {
        share: Share { on: ResourceId::from_u64(n * 997).unwrap(), to: ShareHolder::Members, level, until: None },
        goes: Goes::Everywhere,
    };
    let shares: Vec<Shared> = (1..=100).map(share).collect();
    let on_row: Vec<Vec<Share>> = (1..=ROWS)
        .map(|n| shares.iter().map(|shared| shared.share).filter(|share| share.on.as_u128() == u128::from(n)).collect())
        .collect();
    let row = |n: u64| Row {
        id: ResourceId::from_u64(n).unwrap(),
        containers: &[],
        workspace: Some(workspace(1 + n % WORKSPACES)),
        personal_owner: None,
    };
    let by_check = || {
        let allows = |n: &u64| {
            let Row { id, containers, workspace, personal_owner } = row(*n);
            let on = Resource { id, containers, workspace, personal_owner, shares: &on_row[*n as usize - 1] };
            organization.check(actor, edit, Target::Resource(&on), &facts).is_allow()
        };
        (1..=ROWS).filter(allows).count()
    };
    let by_filter = || {
        let filter = organization.filter(actor, edit, &facts, &shares);
        (1..=ROWS).filter(|n| filter.allows(&row(*n))).count()
    };
    assert_eq!(by_check(), by_filter());
    let mut group = c.benchmark_group("filter");
    group.sample_size(20);
    group.bench_function(BenchmarkId::new("rows_by_check", ROWS), |b| b.iter(|| black_box(by_check())));
    group.bench_function(BenchmarkId::new("rows_by_filter", ROWS), |b| b.iter(|| black_box(by_filter())));
    group.bench_function("make/100_workspaces_100_shares", |b| {
        b.iter(|| black_box(organization.filter(actor, edit, &facts, &shares)));
    });
    let filter = organization.filter(actor, edit, &facts, &shares);
    let (workspace, owner) = (Some("workspace"), Some("owner"));
    let columns = Columns { id: "id", organization: None, workspace, owner, containers: None, first: 1 };
    group.bench_function("render/sqlite", |b| b.iter(|| black_box(filter.condition(Dialect::Sqlite, &columns))));
    group.finish();
}
