//! Claims: what only one organization can have.

use alloc::string::String;

use crate::catalog::policy::UniqueNames;
use crate::catalog::{Catalog, Policy};
use crate::change::Event;
use crate::id::UserId;
use crate::organization::Kind;

/// Something that only one organization can have.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Claim {
    /// To be the personal organization of a user.
    PersonalOf(UserId),
    /// A name among all organizations, by its key.
    Name(String),
    /// A name among the organizations of one owner, by its key.
    NameOf(UserId, String),
}

impl Claim {
    /// The claim that an event makes under a catalog's policy, if it makes one.
    #[must_use]
    pub fn of(event: &Event, catalog: &Catalog) -> Option<Self> {
        let Event::OrganizationCreated { kind, name, owner, .. } = event else { return None };
        let Policy { unique_names, .. } = catalog.policy();
        match (kind, unique_names) {
            (Kind::Personal, _) => Some(Self::PersonalOf(*owner)),
            (Kind::Team, UniqueNames::None) => None,
            (Kind::Team, UniqueNames::PerOwner) => Some(Self::NameOf(*owner, name.key().ok()?)),
            (Kind::Team, UniqueNames::Global) => Some(Self::Name(name.key().ok()?)),
        }
    }
}
