//! Allowances: what a plan gives and allows, as numbers. The ledger knows no plans; whoever knows them hands these in.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Credits, Units};
use crate::catalog::{Enforcement, Midway, Per, Renewal, Rollover};
use crate::label::Label;
use crate::time::Timestamp;

/// What is allocated each period, what stays of it, and what meters may count up to.
///
/// # Source
/// [`Organization::allowance`](crate::Organization::allowance) makes them from a plan and its seats.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// When periods begin by themselves.
    pub renewal: Renewal,
    /// From when periods are counted: the n-th begins n months (years, days) after this, and never drifts.
    pub anchor: Timestamp,
    /// What each period allocates: the flat part and all seats together.
    pub allocation: Credits,
    /// What stays of an allocation that was not used up.
    pub rollover: Rollover,
    /// For how many periods it stays; `None` for ever.
    pub rollover_periods: Option<u32>,
    /// What a greater allocation brings at once in the middle of a period.
    pub midway: Midway,
    /// At which percentages used up of the credits, and of every limit on them, somebody is told.
    pub alerts_percent: Vec<u8>,
    /// What meters may count up to.
    pub meters: Vec<MeterRule>,
}

/// What one meter may count up to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterRule {
    /// Which meter.
    pub meter: Label,
    /// Counted over the organization, or in each workspace by itself.
    pub per: Per,
    /// How many.
    pub max: Units,
    /// What happens at it.
    pub enforcement: Enforcement,
    /// At which percentages somebody is told.
    pub alerts_percent: Vec<u8>,
}

impl Allowance {
    /// Nothing is allocated, nothing is limited, and the period has no end.
    #[must_use]
    pub const fn none(anchor: Timestamp) -> Self {
        Self {
            renewal: Renewal::Given,
            anchor,
            allocation: Credits::ZERO,
            rollover: Rollover::None,
            rollover_periods: None,
            midway: Midway::Full,
            alerts_percent: Vec::new(),
            meters: Vec::new(),
        }
    }
}
