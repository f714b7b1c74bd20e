//! Who takes part: one file for each engine, and here who is asked where.

mod by_hand;
mod casbin;
mod cedar;
mod directory;
mod gatehouse;
mod organizations;
mod regorus;

use crate::baseline::Baseline;
use crate::engine::Engine;

/// What is done with each engine in turn.
pub trait Round {
    fn take<E: Engine>(&mut self);
}

/// All of them.
pub fn everybody(round: &mut impl Round) {
    quick(round);
    round.take::<regorus::Regorus>();
    round.take::<casbin::Casbin>();
    round.take::<cedar::Cedar>();
}

/// Those that answer in about a microsecond or less, whatever the size of the world.
pub fn quick(round: &mut impl Round) {
    round.take::<Baseline<u128>>();
    round.take::<Baseline<u64>>();
    round.take::<organizations::Organizations>();
    round.take::<directory::ById>();
    round.take::<directory::InHand>();
    round.take::<directory::InBatches>();
    round.take::<gatehouse::Gatehouse>();
}
