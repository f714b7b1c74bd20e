//! What an organization is, its people and places aside: name, plan, standing, settings.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Origin, Seats};
use crate::catalog::{Plan, Provider, RoleSet};
use crate::id::{OrgId, UserId};
use crate::label::Label;
use crate::text::Name;
use crate::time::Timestamp;

/// What kind of tenant it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One user's own, made at sign-up.
    Personal,
    /// Made by a user for a team.
    Team,
}

/// Whether it is in good standing. Whatever the status, permissions that stay open (fix the payment) stay open.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In good standing.
    Active,
    /// A payment failed.
    PastDue,
    /// The platform closed it.
    Suspended,
    /// Kept for reading; nothing that needs an active organization.
    Archived,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::PastDue => "past due",
            Self::Suspended => "suspended",
            Self::Archived => "archived",
        })
    }
}

/// What an organization has bought.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Terms {
    /// The plan.
    pub plan: Plan,
    /// How many seats; zero where the plan does not count them.
    pub seats: Seats,
}

/// What becomes of everything in an organization that is deleted. The caller acts on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It is deleted with it.
    Delete,
    /// It goes to another organization, which the actor owns.
    TransferTo(OrgId),
    /// It is exported first.
    Export,
}

/// A deletion. Access ended with it; until the purge it can be taken back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletionNotice {
    /// What becomes of everything in it.
    pub disposition: Disposition,
    /// From when on it is gone for good.
    pub purge_at: Timestamp,
    /// Which event deleted it.
    pub origin: Origin,
}

/// Ownership offered to a member who has not answered yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnershipOffer {
    /// The owner who offers it.
    pub from: UserId,
    /// The member to whom.
    pub to: UserId,
    /// Which event offered it.
    pub origin: Origin,
}

/// What an organization is, its people and places aside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// Personal or team.
    pub kind: Kind,
    /// Its name, as typed.
    pub name: Name,
    /// What it says of itself; empty when nobody has written anything.
    pub description: String,
    /// What it has bought; what counts at a time says [`terms_at`](Self::terms_at).
    pub terms: Terms,
    /// What it will have bought, and from when on.
    pub next_terms: Option<(Terms, Timestamp)>,
    /// Which event last changed what it has bought, or will have.
    pub terms_from: Origin,
    /// Whether it is in good standing.
    pub status: Status,
    /// What last changed the status.
    pub status_from: Origin,
    /// The plan that said, when the organization was archived, how long its content is kept.
    pub archived_on: Option<Plan>,
    /// Which event made it; periods are counted from then.
    pub created: Origin,
    /// Who made it.
    pub creator: UserId,
    /// The identity provider that its people sign in through, where the plan does not require one.
    pub provider: Option<Provider>,
    /// The roles that the customer's directory may give; `None` while it is not connected.
    pub provisioned_roles: Option<RoleSet>,
    /// Usage classes for which it has a key of its own and pays nobody else.
    pub own_keys: BTreeSet<Label>,
    /// What the application keeps for it; opaque to the crate.
    pub preferences: BTreeMap<String, String>,
    /// Ownership on offer.
    pub offer: Option<OwnershipOffer>,
    /// Its deletion, if it was deleted.
    pub deletion: Option<DeletionNotice>,
}

impl Profile {
    /// What counts at a time: a change that was scheduled counts from its very instant on.
    #[inline]
    #[must_use]
    pub fn terms_at(&self, now: Timestamp) -> Terms {
        match self.next_terms {
            Some((next, from)) if now >= from => next,
            _ => self.terms,
        }
    }

    /// Other terms, at once or from a time on. What has come to count meanwhile is made plain first.
    pub(crate) fn change_terms(&mut self, terms: Terms, at: Option<Timestamp>, now: Timestamp) {
        (self.terms, self.next_terms) = match at {
            None => (terms, None),
            Some(from) => (self.terms_at(now), Some((terms, from))),
        };
    }

    /// More seats at once. A reduction that was scheduled is off; a plan that was scheduled stays, with its own seats.
    pub(crate) fn buy_seats(&mut self, seats: Seats, now: Timestamp) {
        let present = self.terms_at(now);
        self.next_terms = self.next_terms.filter(|(next, from)| now < *from && next.plan != present.plan);
        self.terms = Terms { seats, ..present };
    }
}
