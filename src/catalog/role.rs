//! Roles: a named set of permissions and the traits that say how far it carries.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Into which workspaces a role carries its workspace permissions (C-08).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// All of them, those created later included.
    All,
    /// Those in which the member has an access row.
    #[default]
    Assigned,
    /// None, whatever rows there are.
    None,
}

impl Reach {
    pub(super) const CHOICES: [(&'static str, Self); 3] =
        [("all", Self::All), ("assigned", Self::Assigned), ("none", Self::None)];
}

/// Which resources of a workspace a role sees.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Only what is shared with the user, or with a group, team or organization of the user.
    Shared,
    /// Every resource, personal ones of others excepted.
    #[default]
    All,
}

impl Sight {
    pub(super) const CHOICES: [(&'static str, Self); 2] = [("all", Self::All), ("shared", Self::Shared)];
}

/// How many active members hold the owner role (C-01).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holders {
    /// One or more; the role can be given to others by an owner.
    #[default]
    AtLeastOne,
    /// One; the role can neither be assigned nor be in an invitation, only be transferred.
    ExactlyOne,
}

impl Holders {
    pub(super) const CHOICES: [(&'static str, Self); 2] =
        [("at_least_one", Self::AtLeastOne), ("exactly_one", Self::ExactlyOne)];
}

/// A role as defined.
///
/// # Examples
/// ```
/// use bailiwick::catalog::{Reach, RoleDef};
///
/// let _ = RoleDef::new("developer", 20).title("Developer").extends("viewer").allows(["operation.run"]);
/// let _ = RoleDef::new("owner", 40).owner().allows_all().reach(Reach::All);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RoleDef {
    /// The key.
    pub key: String,
    /// What people call it; empty when nobody gave it a title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who outranks whom: the higher number does.
    pub rank: u32,
    /// Whether it is the owner role.
    pub owner: bool,
    /// How many active owners there are; only for the owner role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders: Option<Holders>,
    /// The role whose permissions it holds too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// The permissions it declares, by key; `*` is all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// Into which workspaces it carries.
    pub reach: Reach,
    /// Which resources it sees.
    pub sight: Sight,
    /// Whether overrides can reduce it; when nobody says, owners cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reducible: Option<bool>,
    /// Whether a holder takes a seat.
    pub billable: bool,
    /// Whether a holder uses credits unless told otherwise.
    pub uses_credits: bool,
    /// The roles whose holders alone may give it; empty where ranks decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigned_by: Vec<String>,
    /// The role that a former owner gets; only for the owner role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub falls_back_to: Option<String>,
}

impl RoleDef {
    /// Defines a role with nothing in it: assigned workspaces, sees every resource there, billable, uses credits.
    /// `rank` says who outranks whom: the higher number does.
    #[must_use]
    pub fn new(key: &str, rank: u32) -> Self {
        Self {
            key: key.into(),
            title: String::new(),
            rank,
            owner: false,
            holders: None,
            extends: None,
            permissions: Vec::new(),
            reach: Reach::Assigned,
            sight: Sight::All,
            reducible: None,
            billable: true,
            uses_credits: true,
            assigned_by: Vec::new(),
            falls_back_to: None,
        }
    }

    /// What people call it.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// The owner role. A catalog has exactly one; only an owner makes an owner, and the last one stays.
    #[must_use]
    pub const fn owner(mut self) -> Self {
        self.owner = true;
        self
    }

    /// How many active owners there are; only for the owner role.
    #[must_use]
    pub const fn holders(mut self, holders: Holders) -> Self {
        self.holders = Some(holders);
        self
    }

    /// Holds everything that the other role holds. Traits are not inherited.
    #[must_use]
    pub fn extends(mut self, role: &str) -> Self {
        self.extends = Some(role.into());
        self
    }

    /// Holds these permissions too.
    #[must_use]
    pub fn allows<'k>(mut self, permissions: impl IntoIterator<Item = &'k str>) -> Self {
        self.permissions.extend(permissions.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Holds every permission of the catalog, those added later included.
    #[must_use]
    pub fn allows_all(self) -> Self {
        self.allows(["*"])
    }

    /// Into which workspaces it carries.
    #[must_use]
    pub const fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Which resources it sees.
    #[must_use]
    pub const fn sight(mut self, sight: Sight) -> Self {
        self.sight = sight;
        self
    }

    /// Whether overrides can reduce it. Owners cannot be reduced unless this says so.
    #[must_use]
    pub const fn reducible(mut self, reducible: bool) -> Self {
        self.reducible = Some(reducible);
        self
    }

    /// Takes no seat.
    #[must_use]
    pub const fn free(mut self) -> Self {
        self.billable = false;
        self
    }

    /// Does not use credits unless the member is allowed to.
    #[must_use]
    pub const fn without_credits(mut self) -> Self {
        self.uses_credits = false;
        self
    }

    /// Only holders of these roles may give it, whatever the ranks say.
    #[must_use]
    pub fn assigned_by<'k>(mut self, roles: impl IntoIterator<Item = &'k str>) -> Self {
        self.assigned_by.extend(roles.into_iter().map(ToOwned::to_owned));
        self
    }

    /// The role that a former owner gets when ownership is transferred; only for the owner role.
    #[must_use]
    pub fn falls_back_to(mut self, role: &str) -> Self {
        self.falls_back_to = Some(role.into());
        self
    }

    /// What people call it; the key when nobody gave it a title.
    #[must_use]
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.key } else { &self.title }
    }

    /// Whether overrides can reduce it.
    #[must_use]
    pub fn is_reducible(&self) -> bool {
        self.reducible.unwrap_or(!self.owner)
    }
}

/// A system group as defined: everybody who holds one of these roles, now or later; never stored, never edited.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupDef {
    /// The key.
    pub key: String,
    /// What people call it; empty when nobody gave it a title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The roles whose holders are in it.
    pub roles: Vec<String>,
}

impl GroupDef {
    /// Defines the group of everybody who holds one of these roles.
    #[must_use]
    pub fn new<'k>(key: &str, roles: impl IntoIterator<Item = &'k str>) -> Self {
        Self { key: key.into(), title: String::new(), roles: roles.into_iter().map(ToOwned::to_owned).collect() }
    }

    /// What people call it.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// What people call it; the key when nobody gave it a title.
    #[must_use]
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.key } else { &self.title }
    }
}
