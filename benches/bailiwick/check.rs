//! What does a check cost, as the organization grows, beside two maps written by hand?
//!
//! Every timing answers 1,024 questions of the same world, and the answers are checked. Read ratios, not nanoseconds:
//! `by_hand` in the same run is the yardstick.

use std::hint::black_box;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::Permission;
use bailiwick::{Actor, UserId, WorkspaceId};
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::world::{NOW, World, world};

type Question = (UserId, WorkspaceId, Permission, bool);

pub fn check(c: &mut Criterion) {
    bit_test(c);
    let mut group = c.benchmark_group("check");
    for (members, workspaces) in [(20, 5), (1_000, 50), (100_000, 1_000)] {
        let world = world(members, workspaces);
        for (name, questions) in
            [("mixed", world.questions.clone()), ("allowed", world.only(true)), ("denied", world.only(false))]
        {
            let questions: Vec<Question> = questions.into_iter().cycle().take(1_024).collect();
            group.throughput(Throughput::Elements(1_024));
            let id = |engine: &str| BenchmarkId::new(format!("{engine}/{name}"), members);
            group.bench_function(id("bailiwick"), |b| b.iter(|| ask(&world, &questions)));
            group.bench_function(id("by_hand"), |b| b.iter(|| ask_by_hand(&world, &questions)));
        }
    }
    group.finish();
}

/// Resolve and check, each question by itself.
fn ask(world: &World, questions: &[Question]) {
    let facts = Facts::at(NOW);
    for (user, workspace, permission, allowed) in questions {
        let (actor, target) = (Actor::User(*user), Target::Workspace(*workspace));
        let decision = black_box(&world.org).check(black_box(actor), *permission, target, &facts);
        assert_eq!(decision == Decision::Allow, *allowed);
    }
}

fn ask_by_hand(world: &World, questions: &[Question]) {
    for (user, workspace, permission, allowed) in questions {
        let found = black_box(&world.by_hand).check(world.org.id(), black_box(*user), *workspace, *permission);
        assert_eq!(found, *allowed);
    }
}

/// A permission tested on a resolved access, beside a bare bit test.
fn bit_test(c: &mut Criterion) {
    let world = world(20, 5);
    let (user, workspace, permission, allowed) = world.only(true)[0];
    let facts = Facts::at(NOW);
    let access = world.org.access(Actor::User(user), Target::Workspace(workspace), &facts);
    let mut group = c.benchmark_group("bit_test");
    group.throughput(Throughput::Elements(1));
    group.bench_function("access_allows", |b| {
        b.iter(|| assert_eq!(black_box(&access).allows(black_box(permission)), allowed));
    });
    group.bench_function("access_check", |b| {
        b.iter(|| assert_eq!(black_box(&access).check(black_box(permission)), Decision::Allow));
    });
    let bits = access.allowed();
    group.bench_function("bare_bit", |b| {
        b.iter(|| assert_eq!(black_box(&bits).contains(black_box(permission)), allowed));
    });
    group.bench_function("resolve_only", |b| {
        b.iter(|| black_box(&world.org).access(Actor::User(user), Target::Workspace(black_box(workspace)), &facts));
    });
    group.finish();
}
