//! k
pub(super) const SEED: u64 = 3;
