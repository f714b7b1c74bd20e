//! The resolver over worlds made of bytes: a check answers as the naive twin does, as the explanation does, and as the
//! resolved access does.
#![no_main]
#![allow(dead_code, reason = "the worlds serve the tests too")]

#[path = "../../tests/it/support/naive.rs"]
mod naive;
#[path = "../../tests/it/support/worlds.rs"]
mod worlds;

use libfuzzer_sys::fuzz_target;
use worlds::World;

fuzz_target!(|bytes: &[u8]| {
    let world = World::from_bytes(bytes);
    let facts = world.facts();
    world.for_each_target(|target| {
        for actor in world.actors() {
            let access = world.org.access(actor, target, &facts);
            for (permission, key) in world.permissions() {
                let checked = world.org.check(actor, permission, target, &facts);
                assert_eq!(checked, naive::check(&world.org, actor, permission, target, &facts), "{key}\n{world:?}");
                assert_eq!(checked, access.check(permission), "{key}\n{world:?}");
                let explained = world.org.explain(actor, permission, target, &facts);
                assert_eq!(checked, explained.decision, "{key}\n{world:?}\n{explained}");
            }
        }
    });
});
