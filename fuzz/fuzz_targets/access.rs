//! The resolver over worlds made of bytes: the fast answer is that of the naive twin and of the explanation.
#![no_main]
#![allow(dead_code, reason = "the worlds serve the tests too")]

#[path = "../../tests/it/support/naive.rs"]
mod naive;
#[path = "../../tests/it/support/worlds.rs"]
mod worlds;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| worlds::with_world(bytes, |world| world.assert_answers_agree()));
