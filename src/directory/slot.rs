//! The slot of an organization: its sequence, its version, and what it is to every question.

use core::sync::atomic::{AtomicU64, Ordering};

use super::plain::{self, Index};
use super::table::Slot;
use crate::access::Standing;
use crate::catalog::{Plan, Provider};
use crate::organization::{Organization, Status};
use crate::time::Timestamp;
use crate::version::Version;

/// An organization's slot in its table.
pub(super) type OrganizationSlot = Slot<5>;

const OPEN: u64 = 1;
const HAS_NEXT: u64 = 1 << 1;
const STATUS: u32 = 8;
const PLAN: u32 = 16;
const NEXT_PLAN: u32 = 24;
const PROVIDER: u32 = 32;
const PLAIN: u32 = 40;
const NEXT_PLAIN: u32 = 52;
const PLAIN_MASK: u64 = (1 << 11) - 1;

/// The words of the slot, by name.
#[derive(Clone, Copy)]
pub(super) struct Fields<'s> {
    /// Moves with every change.
    pub(super) sequence: &'s AtomicU64,
    pub(super) version: &'s AtomicU64,
    pub(super) standing: &'s AtomicU64,
    /// From when on the next plan counts.
    pub(super) next_from: &'s AtomicU64,
    /// The number of the next workspace; the writer's.
    pub(super) numbers: &'s AtomicU64,
}

impl OrganizationSlot {
    #[inline]
    pub(super) const fn fields(&self) -> Fields<'_> {
        let [sequence, version, standing, next_from, numbers] = &self.extra;
        Fields { sequence, version, standing, next_from, numbers }
    }
}

impl Fields<'_> {
    #[inline]
    pub(super) fn version(&self) -> Version {
        Version::from_u64(self.version.load(Ordering::Acquire))
    }

    /// Which permissions are plain at a time.
    #[inline]
    pub(super) fn plain_at(&self, now: Timestamp) -> Index {
        let word = self.standing.load(Ordering::Relaxed);
        let shift = if self.is_next(word, now) { NEXT_PLAIN } else { PLAIN };
        Index((word >> shift & PLAIN_MASK) as u16)
    }

    #[inline]
    fn is_next(&self, word: u64, now: Timestamp) -> bool {
        word & HAS_NEXT != 0 && now.as_millis() >= self.next_from.load(Ordering::Relaxed)
    }

    /// What the organization is at a time; `None` for one that is not there for anybody.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "bytes of a word")]
    pub(super) fn standing_at(&self, now: Timestamp) -> Option<Standing> {
        let word = self.standing.load(Ordering::Relaxed);
        if word & OPEN == 0 {
            return None;
        }
        let plan = (word >> if self.is_next(word, now) { NEXT_PLAN } else { PLAN }) as u8;
        let provider = (word >> PROVIDER) as u8;
        Some(Standing {
            status: status_of((word >> STATUS) as u8),
            plan: Plan::from_index(plan),
            provider: provider.checked_sub(1).map(Provider::from_index),
        })
    }
}

/// The words that say what an organization is.
pub(super) fn standing_words(organization: &Organization) -> (u64, u64) {
    let Some(profile) = organization.profile().filter(|profile| profile.deletion.is_none()) else { return (0, 0) };
    let next = profile.next_terms;
    let provider = profile.provider.map_or(0, |provider| u64::from(provider.index()).saturating_add(1));
    let plain = |plan| match profile.provider {
        None => u64::from(plain::index(profile.status, plan).0),
        Some(_) => u64::from(Index::NOTHING.0),
    };
    let word = OPEN
        | if next.is_some() { HAS_NEXT } else { 0 }
        | u64::from(status_byte(profile.status)) << STATUS
        | u64::from(profile.terms.plan.index()) << PLAN
        | next.map_or(0, |(terms, _)| u64::from(terms.plan.index())) << NEXT_PLAN
        | provider << PROVIDER
        | plain(profile.terms.plan) << PLAIN
        | next.map_or(0, |(terms, _)| plain(terms.plan)) << NEXT_PLAIN;
    (word, next.map_or(0, |(_, from)| from.as_millis()))
}

pub(super) const fn status_byte(status: Status) -> u8 {
    match status {
        Status::Active => 0,
        Status::PastDue => 1,
        Status::Suspended => 2,
        Status::Archived => 3,
    }
}

#[inline]
const fn status_of(byte: u8) -> Status {
    match byte {
        0 => Status::Active,
        1 => Status::PastDue,
        2 => Status::Suspended,
        _ => Status::Archived,
    }
}
