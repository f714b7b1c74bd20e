//! Seats: who takes one, how many are bought, how many are left. Also the other head counts.
//!
//! Counts follow from people and are never events; they are kept up to date with each change so that a gate costs the
//! same in an organization of twenty and of a hundred thousand, and [`audit`](super::Organization::audit) recounts them.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{InvitationState, Organization, Origin, Person, PersonStatus, Roles, Standing, Terms};
use crate::actor::Actor;
use crate::catalog::policy::{CollaboratorSeats, MemberLimit, OpenInvitations};
use crate::catalog::{Role, RoleKey, SeatRule};
use crate::id::InvitationId;
use crate::time::Timestamp;

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
    /// How many can be taken: those bought, or fewer where some are given back at the end of the period.
    pub limit: Seats,
    /// Taken by active billable people.
    pub used: Seats,
    /// What is charged: the greatest of bought, used, and the plan's minimum.
    pub charged: Seats,
}

impl SeatCount {
    /// Seats that are still free; those that open invitations hold are among them.
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
    pub(crate) fn of(roles_of: Roles<'_>, person: &Person) -> Self {
        let catalog = roles_of.catalog;
        let active = person.status == PersonStatus::Active;
        let one_if = u64::from;
        match person.standing {
            Standing::Member(roles) => Self {
                members: 1,
                active_members: one_if(active),
                collaborators: 0,
                active_owners: one_if(active && roles.contains(catalog.owner_role())),
                billable: one_if(active && roles.iter().any(|role| roles_of.table(role).billable)),
            },
            Standing::Collaborator => Self {
                collaborators: 1,
                billable: one_if(active && catalog.policy().collaborator_seats == CollaboratorSeats::Billable),
                ..Self::default()
            },
        }
    }

    /// Whom the member limit counts.
    pub(crate) const fn limited_members(self, counting: MemberLimit) -> u64 {
        match counting {
            MemberLimit::Everyone => self.members,
            MemberLimit::Active => self.active_members,
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
    /// How it stands with its seats; `None` where the plan does not count them, nor the plan that is to come.
    #[must_use]
    pub fn seats(&self, now: Timestamp) -> Option<SeatCount> {
        let used = Seats(self.tally.billable);
        let counted = |terms: Terms| match self.catalog.plan_def(terms.plan)?.seats {
            SeatRule::PerSeat(minimum) => Some((terms.seats, Seats(minimum))),
            SeatRule::None => None,
        };
        let (present, to_come) = self.terms_around(now)?;
        let (present, to_come) = (counted(present), to_come.and_then(counted));
        let limit = present.into_iter().chain(to_come).map(|(seats, _)| seats).min()?;
        let charged = present.map_or(Seats(0), |(seats, minimum)| minimum.max(seats).max(used));
        Some(SeatCount { limit, used, charged })
    }

    /// What counts now, and what will count later if something is scheduled.
    pub(crate) fn terms_around(&self, now: Timestamp) -> Option<(Terms, Option<Terms>)> {
        let profile = self.profile.as_ref()?;
        let to_come = profile.next_terms.filter(|(_, from)| now < *from).map(|(terms, _)| terms);
        Some((profile.terms_at(now), to_come))
    }

    /// Seats that open invitations hold, where the policy says that they do.
    pub(crate) fn reserved_seats(&self, now: Timestamp, but: Option<InvitationId>) -> u64 {
        let roles = self.roles();
        self.reserved_with(roles, &|key| roles.find(key.as_str()), now, but)
    }

    /// The same with the roles as they will be, and with what the promised ones will be.
    pub(crate) fn reserved_with(
        &self,
        roles: Roles<'_>,
        becomes: &dyn Fn(&RoleKey) -> Option<Role>,
        now: Timestamp,
        but: Option<InvitationId>,
    ) -> u64 {
        if self.catalog.policy().open_invitations == OpenInvitations::Free {
            return 0;
        }
        let others = self.open_by_address.values().filter(|id| Some(**id) != but);
        let open = others.filter_map(|id| self.invitation(*id));
        let holding = open.filter(|invitation| {
            let promised = invitation.roles().iter().filter_map(becomes).collect();
            let standing = match invitation.roles().is_empty() {
                true => Standing::Collaborator,
                false => Standing::Member(promised),
            };
            invitation.state(now) == InvitationState::Open && self.takes_a_seat(roles, standing)
        });
        u64::try_from(holding.count()).unwrap_or(u64::MAX)
    }

    pub(crate) fn promised(&self, roles: &[RoleKey]) -> Standing {
        if roles.is_empty() { Standing::Collaborator } else { Standing::Member(self.role_set(roles)) }
    }

    /// Whether an active person of that standing takes a seat.
    pub(crate) fn is_billable(&self, standing: Standing) -> bool {
        self.takes_a_seat(self.roles(), standing)
    }

    fn takes_a_seat(&self, roles: Roles<'_>, standing: Standing) -> bool {
        let origin = Origin { version: self.version(), at: Timestamp::from_millis(0), by: Actor::System };
        Tally::of(roles, &Person::new(standing, origin)).billable > 0
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
