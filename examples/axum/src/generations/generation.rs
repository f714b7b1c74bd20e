//! A generation, and the names of what it takes from the ledger.

use bailiwick::ledger::{Credits, Spot, Units};
use bailiwick::{CommandId, HoldId, Issue, OrgId, ResourceId, Timestamp, UserId, Work, WorkspaceId};

use crate::ids::derived;

/// Credits that a step may cost, and what it costs in the end.
const CREDITS: (u64, u64) = (2, 1);

/// Bytes that a step may store, and what it stores in the end.
const BYTES: (u64, u64) = (10_000, 8_000);

/// A piece of work.
#[derive(Clone, Debug)]
pub(crate) struct Generation {
    pub(crate) id: ResourceId,
    pub(crate) organization: OrgId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) project: ResourceId,
    /// Who asked for it.
    pub(crate) account: UserId,
    /// `running`, `done` or `failed`.
    pub(crate) state: String,
    /// What it costs, in credits: nothing where it failed.
    pub(crate) cost: u64,
    /// What it stores, in bytes: likewise.
    pub(crate) bytes: u64,
    /// When it was asked for.
    pub(crate) issued: Timestamp,
    /// When its hold ends, if nobody has ended it before.
    pub(crate) ends: Timestamp,
}

impl Generation {
    /// What so many steps come to in the end: credits, bytes.
    pub(super) const fn of_steps(steps: u64) -> (u64, u64) {
        (steps.saturating_mul(CREDITS.1), steps.saturating_mul(BYTES.1))
    }

    /// What so many steps may come to: what is held until it is known.
    pub(super) const fn at_most(steps: u64) -> (Credits, Units) {
        (Credits::new(steps.saturating_mul(CREDITS.0)), Units::new(steps.saturating_mul(BYTES.0)))
    }

    /// What the credits are spent on.
    pub(super) fn work(&self) -> Work {
        Work { workspace: Some(self.workspace), project: Some(self.project), class: "generation".parse().ok() }
    }

    /// Where the bytes are.
    pub(super) const fn spot(&self) -> Spot {
        Spot { workspace: Some(self.workspace), project: Some(self.project), kind: None }
    }

    /// The hold on credits.
    pub(super) fn hold(&self) -> HoldId {
        HoldId::from_bits(self.named("credits"))
    }

    /// The room in the storage.
    pub(super) fn room(&self) -> HoldId {
        HoldId::from_bits(self.named("storage"))
    }

    /// The key of an order about it.
    pub(super) fn issue(&self, order: &str) -> Issue {
        Issue { key: CommandId::from_bits(self.named(order)), at: self.issued }
    }

    fn named(&self, what: &str) -> std::num::NonZeroU128 {
        derived(&[&self.id.to_uuid_bytes(), what.as_bytes()])
    }
}
