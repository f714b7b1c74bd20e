//! Laws: what holds in every world, whatever the catalog and whatever happened.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use bailiwick::Actor;
use bailiwick::access::{Decision, DenyReason, Target};
use bailiwick::catalog::Permission;

use crate::support::naive;
use crate::support::worlds::{World, for_any_world};

/// Every question that can be asked in a world.
fn for_each_question(world: &World, mut ask: impl FnMut(Actor, Target<'_>, Permission, &str)) {
    let (actors, permissions) = (world.actors(), world.permissions());
    world.for_each_target(|target| {
        for actor in &actors {
            for (permission, key) in &permissions {
                ask(*actor, target, *permission, key);
            }
        }
    });
}

#[test]
fn check_agrees_with_the_naive_walk_and_with_explain() {
    for_any_world(|world| {
        let facts = world.facts();
        for_each_question(world, |actor, target, permission, key| {
            let checked = world.org.check(actor, permission, target, &facts);
            let naive = naive::check(&world.org, actor, permission, target, &facts);
            let explained = world.org.explain(actor, permission, target, &facts);
            let access = world.org.access(actor, target, &facts);
            let (resolved, allowed) = (access.check(permission), access.allows(permission));
            let agreed = checked == naive && checked == explained.decision && checked == resolved;
            assert!(
                agreed && allowed == checked.is_allow(),
                "{actor:?} asks for {key} at {target:?}\n  check: {checked:?}\n  naive: {naive:?}\n  explain: {:?}\n  \
                 access: {resolved:?}, its bit: {allowed}\n{explained}",
                explained.decision,
            );
        });
    });
}

#[test]
fn the_worlds_are_not_trivial() {
    let counts: RefCell<BTreeMap<&str, u64>> = RefCell::default();
    for_any_world(|world| {
        let facts = world.facts();
        for_each_question(world, |actor, target, permission, _| {
            let decision = world.org.check(actor, permission, target, &facts);
            *counts.borrow_mut().entry(decision.code()).or_default() += 1;
        });
    });

    let counts = counts.into_inner();
    let asked: u64 = counts.values().sum();
    println!("{asked} questions: {counts:?}");
    if asked < 100_000 {
        return; // a few worlds, asked for by hand, cannot have everything
    }
    let reasons = DenyReason::CODES.iter().map(|(_, code)| *code);
    for code in reasons.chain(["step_up"]) {
        let count = counts.get(code).copied().unwrap_or(0);
        assert!(count >= 5, "`{code}` is the answer to {count} of {asked} questions");
    }
    let allowed = counts.get("allow").copied().unwrap_or(0);
    assert!(allowed * 20 > asked && allowed * 20 < asked * 19, "{allowed} of {asked} questions are answered with yes");
}

#[test]
fn restrict_never_gains() {
    let taken = Cell::new(0_u64);
    for_any_world(|world| {
        let facts = world.facts();
        for_each_question(world, |actor, target, permission, key| {
            let before = world.org.access(actor, target, &facts);
            let after = world.org.access(actor, target, &facts).restrict(world.token);
            let (was, is) = (before.check(permission), after.check(permission));
            let carried = world.token.contains(permission);
            let question = || {
                let explained = world.org.explain(actor, permission, target, &facts);
                format!(
                    "{actor:?} asks for {key} at {target:?}\n  the token carries it: {carried}\n  \
                     before: {was:?} {:?}\n  after: {is:?} {:?}\n{explained}",
                    before.allowed(),
                    after.allowed(),
                )
            };
            assert!(after.allowed().is_subset(&before.allowed()), "something is gained\n{}", question());
            assert_eq!(after.allowed(), before.allowed() & world.token, "it is no intersection\n{}", question());
            assert_eq!(after.allows(permission), is.is_allow(), "test and decision differ\n{}", question());
            match (carried, was) {
                (true, _) => assert_eq!(is, was, "what the token carries is answered as before\n{}", question()),
                (false, Decision::Allow) => {
                    taken.set(taken.get() + 1);
                    assert_eq!(is, Decision::Deny(DenyReason::Restricted), "{}", question());
                }
                (false, _) => assert!(!is.is_allow(), "{}", question()),
            }
        });
    });
    println!("{} times the token took what was allowed", taken.get());
}
