//! Teams: groups that an organization edits by hand.

use super::Origin;
use crate::text::Name;

/// A group that an organization edits by hand. Who is in it is kept with each [person](super::Person).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Team {
    pub(crate) name: Name,
    pub(crate) created: Origin,
}

impl Team {
    /// Its name, as typed.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// Which event made it.
    #[must_use]
    pub const fn created(&self) -> Origin {
        self.created
    }
}
