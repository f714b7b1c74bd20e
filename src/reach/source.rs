//! Sources: through what somebody can do something at a place, who gave it, and since when.

use alloc::vec::Vec;
use core::fmt;

use crate::catalog::{Group, Permission, PermissionSet, Role, Sight};
use crate::id::TeamId;
use crate::organization::{Origin, Person};
use crate::time::Timestamp;

/// What a user is to an organization, as reviews say it. Derived, never stored.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Relation {
    /// In the organization, with roles.
    Member,
    /// Not in it; works in some of its workspaces.
    Collaborator,
}

impl Relation {
    pub(crate) const fn of(person: &Person) -> Self {
        if person.is_member() { Self::Member } else { Self::Collaborator }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "organization member",
            Self::Collaborator => "external collaborator",
        })
    }
}

/// Through what.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Through {
    /// A role as a member.
    Role(Role),
    /// The role of the person's row in the workspace, which counts there instead.
    RowRole(Role),
    /// The person's row in the workspace: an assignment, or permissions added and removed by name.
    Row,
    /// A rule of the workspace about everybody in a system group.
    Group(Group),
    /// A rule of the workspace about everybody in a team.
    Team(TeamId),
    /// A row in the workspace whose end has come. It gives nothing, and is listed because somebody once meant it to.
    EndedRow,
}

impl Through {
    /// Whether it comes from being a member, rather than from what was given in the workspace.
    #[must_use]
    pub const fn is_membership(self) -> bool {
        matches!(self, Self::Role(_))
    }

    /// How near it is to the person in the place: what is nearer has the last word.
    const fn nearness(self) -> u8 {
        match self {
            Self::EndedRow => 0,
            Self::Role(_) => 1,
            Self::RowRole(_) => 2,
            Self::Group(_) | Self::Team(_) => 3,
            Self::Row => 4,
        }
    }
}

/// One thing that gives or takes something at a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Source {
    /// What it is.
    pub through: Through,
    /// What it gives by itself.
    pub gives: PermissionSet,
    /// What it takes of what is farther away. Rules also take what other rules of the workspace give.
    pub takes: PermissionSet,
    /// Whether nothing can take what it gives: a role that overrides cannot reduce.
    pub is_firm: bool,
    /// Since when it is so, and by whom: the later of what brought the person there (into the role, the team, the workspace)
    /// and what wrote what it says (the rule, the custom role). For a service also of what it was given itself.
    pub origin: Origin,
    /// When it ends, for a service its own end included; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
}

/// What somebody holds at one place, and through what.
///
/// # Shape
/// In the organization: permissions of organization scope, and those of workspace scope that are held in every workspace,
/// those to come included. In a workspace: permissions of workspace and resource scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// What was given there and not taken (rule 7), whatever else is in the way: the status of the organization, of the
    /// person or the service, an archive, the plan.
    pub granted: PermissionSet,
    /// What of it a check does not deny now: allowed, or after a step up.
    pub usable: PermissionSet,
    /// On which resources of the place that is so: with [`Sight::Shared`] on those alone that are shared with them, whatever
    /// is granted, and on their own.
    pub sight: Sight,
    /// Everything that gives or takes something there; the farthest first.
    pub sources: Vec<Source>,
}

impl Holding {
    /// Nothing, on no resource.
    pub(crate) const NOTHING: Self =
        Self { granted: PermissionSet::EMPTY, usable: PermissionSet::EMPTY, sight: Sight::Shared, sources: Vec::new() };

    /// Through what a permission is held: every source that gives it and that nothing nearer takes it from. Empty exactly
    /// when it is not [granted](Self::granted).
    pub fn through(&self, permission: Permission) -> impl Iterator<Item = &Source> {
        let taking = self.sources.iter().filter(move |source| source.takes.contains(permission));
        let taken = taking.map(|source| source.through.nearness()).max().unwrap_or(0);
        let counts = move |source: &&Source| source.is_firm || source.through.nearness() > taken;
        self.sources.iter().filter(move |source| source.gives.contains(permission)).filter(counts)
    }

    /// What would be held, had nothing nearer taken it.
    #[must_use]
    pub fn withheld(&self) -> PermissionSet {
        let given = self.sources.iter().fold(PermissionSet::EMPTY, |given, source| given | source.gives);
        given - self.granted
    }

    /// What takes a permission that is [withheld](Self::withheld): the nearest, and whatever is as near.
    pub fn withheld_by(&self, permission: Permission) -> impl Iterator<Item = &Source> {
        let taking = move |source: &&Source| source.takes.contains(permission);
        let nearest = self.sources.iter().filter(taking).map(|source| source.through.nearness()).max();
        self.sources.iter().filter(taking).filter(move |source| Some(source.through.nearness()) == nearest)
    }
}
