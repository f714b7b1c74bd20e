//! Seats: who takes one, how many are bought, how many are left. Also the other head counts.
//!
//! Counts follow from people and are never events; they are kept up to date with each change so that a gate costs the
//! same in an organization of twenty and of a hundred thousand, and [`audit`](super::Organization::audit) recounts them.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Organization, Person, PersonStatus, Standing};
use crate::catalog::policy::CollaboratorSeats;
use crate::catalog::{Catalog, SeatRule};

/// A number of seats.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seats(u64);

impl Seats {
    /// Wraps a number of seats.
    #[must_use]
    pub const fn new(seats: u64) -> Self {
        Self(seats)
    }

    /// The number.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How an organization stands with its seats; see [`Organization::seats`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SeatCount {
    /// Bought.
    pub limit: Seats,
    /// Taken by active billable people.
    pub used: Seats,
    /// What is charged: the greatest of bought, used, and the plan's minimum.
    pub charged: Seats,
}

impl SeatCount {
    /// Seats that are still free.
    #[must_use]
    pub const fn left(&self) -> Seats {
        Seats(self.limit.0.saturating_sub(self.used.0))
    }
}

/// Heads by kind, kept up to date.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) members: u64,
    pub(crate) active_members: u64,
    pub(crate) collaborators: u64,
    pub(crate) active_owners: u64,
    pub(crate) billable: u64,
}

impl Tally {
    /// What one person adds to the counts.
    pub(crate) fn of(catalog: &Catalog, person: &Person) -> Self {
        let active = person.status == PersonStatus::Active;
        let one_if = u64::from;
        match person.standing {
            Standing::Member(roles) => Self {
                members: 1,
                active_members: one_if(active),
                collaborators: 0,
                active_owners: one_if(active && roles.contains(catalog.owner_role())),
                billable: one_if(active && roles.iter().any(|role| catalog.role_table(role).billable)),
            },
            Standing::Collaborator => Self {
                collaborators: 1,
                billable: one_if(active && catalog.policy().collaborator_seats == CollaboratorSeats::Billable),
                ..Self::default()
            },
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.each(other, u64::saturating_add);
    }

    pub(crate) fn subtract(&mut self, other: Self) {
        self.each(other, u64::saturating_sub);
    }

    fn each(&mut self, other: Self, join: impl Fn(u64, u64) -> u64) {
        self.members = join(self.members, other.members);
        self.active_members = join(self.active_members, other.active_members);
        self.collaborators = join(self.collaborators, other.collaborators);
        self.active_owners = join(self.active_owners, other.active_owners);
        self.billable = join(self.billable, other.billable);
    }
}

impl Organization {
    /// How it stands with its seats; `None` where the plan does not count them.
    #[must_use]
    pub fn seats(&self) -> Option<SeatCount> {
        let profile = self.profile.as_ref()?;
        let SeatRule::PerSeat(minimum) = self.catalog.plan_def(profile.plan)?.seats else { return None };
        let used = Seats(self.tally.billable);
        Some(SeatCount { limit: profile.seats, used, charged: Seats(minimum).max(profile.seats).max(used) })
    }

    /// Members, suspended ones included.
    #[must_use]
    pub const fn member_count(&self) -> u64 {
        self.tally.members
    }

    /// Members who are not suspended.
    #[must_use]
    pub const fn active_member_count(&self) -> u64 {
        self.tally.active_members
    }

    /// Collaborators, each counted once, however many workspaces they work in.
    #[must_use]
    pub const fn collaborator_count(&self) -> u64 {
        self.tally.collaborators
    }
}
