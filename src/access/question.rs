//! Questions: about which target, and what the caller knows of the moment.

use crate::actor::Actor;
use crate::catalog::{FeatureSet, PermissionSet, Provider};
use crate::change::Context;
use crate::id::{LinkId, OrgId, ResourceId, TeamId, UserId, WorkspaceId};
use crate::time::{Span, Timestamp};
use crate::version::Version;

/// What a question is about.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The organization. Asked about a workspace permission: whether it is held everywhere, in workspaces yet to be
    /// created too.
    Organization,
    /// One of its workspaces. Asked about an organization permission: whether it is held at organization level, for
    /// there is nowhere else to hold it.
    Workspace(WorkspaceId),
    /// One thing of the caller's.
    Resource(&'a Resource<'a>),
}

impl Target<'_> {
    /// The workspace that it is, or lies in.
    #[inline]
    pub(crate) const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Organization => None,
            Self::Workspace(workspace) => Some(*workspace),
            Self::Resource(resource) => resource.workspace,
        }
    }
}

/// One thing of the caller's, with what the caller knows of it.
///
/// # Shape
/// At most [`CONTAINERS_MAX`](crate::limits::CONTAINERS_MAX) containers count, innermost first. Shares on anything but
/// the resource and its containers are passed over. An unowned resource is nobody's personal one.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Which.
    pub id: ResourceId,
    /// The containers that it lies in, innermost first.
    pub containers: &'a [ResourceId],
    /// The workspace that it belongs to; none where products have no workspaces.
    pub workspace: Option<WorkspaceId>,
    /// Whose personal resource it is, if it is one: private even from owners, until it is shared.
    pub personal_owner: Option<UserId>,
    /// The shares on it and on its containers.
    pub shares: &'a [Share],
}

/// One resource or container opened to somebody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Share {
    /// What is opened, with everything in it.
    pub on: ResourceId,
    /// To whom.
    pub to: ShareHolder,
    /// What it gives; only permissions of resource scope count.
    pub level: PermissionSet,
    /// When it ends; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
}

/// To whom something is shared.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ShareHolder {
    /// One user, whoever that is to the organization.
    User(UserId),
    /// A member or collaborator, as long as they belong to the organization as they do since that version: who comes back
    /// is somebody else.
    Person {
        /// Who.
        user: UserId,
        /// The version at which they [joined](crate::Person::joined).
        joined: Version,
    },
    /// Everybody in a system group, now or later.
    Group(crate::catalog::Group),
    /// Everybody in a team, now or later.
    Team(TeamId),
    /// Every member of the organization.
    Members,
    /// Every member of another organization, as far as the caller says who is one
    /// ([`Facts::organizations`]).
    Organization(OrgId),
    /// Whoever presents a link.
    Link(LinkId),
}

/// What the caller knows of the moment: the time, how the actor is signed in, what else is switched on.
///
/// # Shape
/// What is not said counts against the actor: no authentication time means none.
///
/// # Examples
/// ```
/// use bailiwick::access::Facts;
/// use bailiwick::{Span, Timestamp};
///
/// let now = Timestamp::from_millis(1_795_000_000_000);
/// let facts = Facts::at(now).authenticated(now).with_second_factor();
/// assert_eq!(facts.authentication_age(), Some(Span::millis(0)));
/// assert_eq!(Facts::at(now).authentication_age(), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Now.
    pub now: Timestamp,
    /// When the actor last proved who they are. A time in the future (clocks differ) counts as now.
    pub authenticated_at: Option<Timestamp>,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// Through which identity provider the actor is signed in.
    pub provider: Option<Provider>,
    /// Features that the caller switches on, besides those of the plan.
    pub features: FeatureSet,
    /// Other organizations that the actor is a member of, for what was shared to those.
    pub organizations: &'a [OrgId],
}

impl Facts<'static> {
    /// Only the time is known.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self {
            now,
            authenticated_at: None,
            second_factor: false,
            provider: None,
            features: FeatureSet::EMPTY,
            organizations: &[],
        }
    }
}

impl<'a> Facts<'a> {
    /// The actor last authenticated then.
    #[must_use]
    pub const fn authenticated(mut self, at: Timestamp) -> Self {
        self.authenticated_at = Some(at);
        self
    }

    /// The actor showed a second factor.
    #[must_use]
    pub const fn with_second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// The actor is signed in through this provider.
    #[must_use]
    pub const fn through(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    /// These features are switched on.
    #[must_use]
    pub const fn with_features(mut self, features: FeatureSet) -> Self {
        self.features = features;
        self
    }

    /// The actor is a member of these organizations too.
    #[must_use]
    pub const fn member_of(mut self, organizations: &'a [OrgId]) -> Self {
        self.organizations = organizations;
        self
    }

    /// How long ago the actor authenticated, if ever.
    #[must_use]
    pub fn authentication_age(&self) -> Option<Span> {
        self.authenticated_at.map(|at| self.now.since(at))
    }

    /// These facts, with who acts: the context of a command.
    #[must_use]
    pub const fn by(&self, actor: Actor) -> Context<'a> {
        Context { actor, facts: *self, command: None }
    }
}
