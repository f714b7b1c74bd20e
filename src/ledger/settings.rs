//! Settings: what an application decides once for all of its ledgers.

use super::BurnOrder;
use crate::limits::{KEYS_MAX, REFUNDABLE_MAX};
use crate::time::Span;

/// What an application decides once for all of its ledgers. No part of the state: another order of burning counts from the
/// next operation on, and moves nothing.
///
/// # Shape
/// Bounds may be made greater. A smaller memory than a history was written with cannot replay what that history remembered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// Which lot is used up first.
    pub burn_order: BurnOrder,
    /// Whether credits may be sent to another organization of the same owner.
    pub transfers: bool,
    /// For how long answers are remembered under their keys.
    pub window: Span,
    /// How many answers are remembered at most. With so many orders in an hour, an order that waited for more than an hour
    /// is too old: who orders faster takes [leases](super::Lease).
    pub keys_max: usize,
    /// How many spends can still be refunded at most.
    pub refundable_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            burn_order: BurnOrder::default(),
            transfers: false,
            window: Span::hours(24),
            keys_max: KEYS_MAX,
            refundable_max: REFUNDABLE_MAX,
        }
    }
}
