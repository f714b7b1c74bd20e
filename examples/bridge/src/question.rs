//! Questions: who asks, about what, and what is known of the moment, as data.

use bailiwick::access::{self, ShareHolder};
use bailiwick::catalog::{Catalog, Feature, Group, Permission, PermissionSet, Provider};
use bailiwick::change::{self, Place};
use bailiwick::store::Store;
use bailiwick::{
    Actor, CommandId, LinkId, OrgId, ResourceId, TeamId, Tenants, Timestamp, UserId, Version, WorkspaceId,
};
use serde::Deserialize;

use crate::code;
use crate::failure::Failure;

/// What is known of the moment, written `{"now":1795000000000,"second_factor":true}`. What is left out is not known, and counts against the actor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    now: Timestamp,
    #[serde(default)]
    authenticated_at: Option<Timestamp>,
    #[serde(default)]
    second_factor: bool,
    #[serde(default)]
    provider: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    organizations: Vec<OrgId>,
}

/// Who gives a command, written as facts with `actor` and `command`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    actor: Actor,
    #[serde(default)]
    command: Option<CommandId>,
    now: Timestamp,
    #[serde(default)]
    authenticated_at: Option<Timestamp>,
    #[serde(default)]
    second_factor: bool,
    #[serde(default)]
    provider: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    organizations: Vec<OrgId>,
}

/// What a question is about, written `"organization"`, `{"workspace":"…"}`, `{"resource":{"id":"…"}}` or, with the shares that the store keeps as
/// well, `{"kept_resource":{"id":"…"}}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The organization.
    #[default]
    Organization,
    /// One of its workspaces.
    Workspace(WorkspaceId),
    /// One thing of the caller's.
    Resource(Resource),
    /// The same, with the shares of the store.
    KeptResource(Resource),
}

/// One thing of the caller's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    id: ResourceId,
    #[serde(default)]
    containers: Vec<ResourceId>,
    #[serde(default)]
    workspace: Option<WorkspaceId>,
    #[serde(default)]
    owner: Option<UserId>,
    #[serde(default)]
    shares: Vec<Share>,
}

/// A share where the caller keeps it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    on: ResourceId,
    to: Holder,
    level: Vec<Named>,
    #[serde(default)]
    until: Option<Timestamp>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Holder {
    User(UserId),
    Person { user: UserId, joined: Version },
    Group(String),
    Team(TeamId),
    Members,
    Organization(OrgId),
    Link(LinkId),
}

/// A permission by its key or its position.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Named {
    Key(String),
    At(u16),
}

/// The organization, or one of its workspaces.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// The organization.
    Organization,
    /// One of its workspaces.
    Workspace(WorkspaceId),
}

impl From<Spot> for Place {
    fn from(spot: Spot) -> Self {
        match spot {
            Spot::Organization => Self::Organization,
            Spot::Workspace(workspace) => Self::Workspace(workspace),
        }
    }
}

/// A permission of a catalog by its position.
///
/// # Errors
/// `unknown_name`.
pub fn permission(catalog: &Catalog, position: u16) -> Result<Permission, Failure> {
    let found = u8::try_from(position).ok().and_then(|position| catalog.permission_at(position));
    found.ok_or_else(|| Failure::of(code::UNKNOWN_NAME, format!("the catalog has no permission {position}")))
}

impl Facts {
    /// Uses facts of the crate's.
    ///
    /// # Errors
    /// `unknown_name` of a provider or a feature, and what `using` says.
    pub fn with<R>(
        &self,
        catalog: &Catalog,
        using: impl FnOnce(&access::Facts<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let mut facts = access::Facts::at(self.now);
        facts.authenticated_at = self.authenticated_at;
        facts.second_factor = self.second_factor;
        facts.provider = self.provider.as_deref().map(|key| provider(catalog, key)).transpose()?;
        facts.features = self.features.iter().map(|key| feature(catalog, key)).collect::<Result<_, _>>()?;
        using(&facts.member_of(&self.organizations))
    }

    /// The moment.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

impl Context {
    /// Uses a context of the crate's.
    ///
    /// # Errors
    /// As [`Facts::with`].
    pub fn with<R>(
        self,
        catalog: &Catalog,
        using: impl FnOnce(&change::Context<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let (actor, command) = (self.actor, self.command);
        let Self { now, authenticated_at, second_factor, provider, features, organizations, .. } = self;
        let facts = Facts { now, authenticated_at, second_factor, provider, features, organizations };
        facts.with(catalog, |facts| {
            let context = facts.by(actor);
            using(&command.map_or(context, |command| context.as_command(command)))
        })
    }
}

impl Target {
    /// Uses a target of the crate's, about an organization of these tenants.
    ///
    /// # Errors
    /// `unknown_name` of what a share gives or to whom; trouble with the store; what `using` says.
    pub fn with<S: Store, R>(
        &self,
        tenants: &Tenants<S>,
        organization: OrgId,
        using: impl FnOnce(access::Target<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        match self {
            Self::Organization => using(access::Target::Organization),
            Self::Workspace(workspace) => using(access::Target::Workspace(*workspace)),
            Self::Resource(resource) => {
                resource.with(tenants.catalog(), |resource| using(access::Target::Resource(resource)))
            }
            Self::KeptResource(resource) => resource.with(tenants.catalog(), |resource| {
                let mut shares = tenants.shares_on(organization, resource)?;
                shares.extend_from_slice(resource.shares);
                using(access::Target::Resource(&access::Resource { shares: &shares, ..*resource }))
            }),
        }
    }
}

impl Resource {
    /// Uses a resource of the crate's.
    ///
    /// # Errors
    /// `unknown_name` of what a share gives or to whom; what `using` says.
    pub fn with<R>(
        &self,
        catalog: &Catalog,
        using: impl FnOnce(&access::Resource<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let shares: Vec<access::Share> =
            self.shares.iter().map(|share| share.of(catalog)).collect::<Result<_, Failure>>()?;
        using(&access::Resource {
            id: self.id,
            containers: &self.containers,
            workspace: self.workspace,
            personal_owner: self.owner,
            shares: &shares,
        })
    }
}

impl Share {
    fn of(&self, catalog: &Catalog) -> Result<access::Share, Failure> {
        let level: PermissionSet = self.level.iter().map(|named| named.of(catalog)).collect::<Result<_, Failure>>()?;
        let to = match &self.to {
            Holder::User(user) => ShareHolder::User(*user),
            Holder::Person { user, joined } => ShareHolder::Person { user: *user, joined: *joined },
            Holder::Group(key) => ShareHolder::Group(group(catalog, key)?),
            Holder::Team(team) => ShareHolder::Team(*team),
            Holder::Members => ShareHolder::Members,
            Holder::Organization(organization) => ShareHolder::Organization(*organization),
            Holder::Link(link) => ShareHolder::Link(*link),
        };
        Ok(access::Share { on: self.on, to, level, until: self.until })
    }
}

impl Named {
    fn of(&self, catalog: &Catalog) -> Result<Permission, Failure> {
        match self {
            Self::Key(key) => permission(catalog, crate::catalog::permission(catalog, key)?.into()),
            Self::At(position) => permission(catalog, *position),
        }
    }
}

/// The permissions of a list of keys and positions.
///
/// # Errors
/// `bad_json`, `unknown_name`.
pub fn permissions(catalog: &Catalog, text: &str) -> Result<PermissionSet, Failure> {
    crate::read::<Vec<Named>>(text)?.iter().map(|named| named.of(catalog)).collect()
}

fn provider(catalog: &Catalog, key: &str) -> Result<Provider, Failure> {
    found(catalog.provider_at(crate::catalog::provider(catalog, key)?))
}

fn feature(catalog: &Catalog, key: &str) -> Result<Feature, Failure> {
    found(catalog.feature_at(crate::catalog::feature(catalog, key)?))
}

fn group(catalog: &Catalog, key: &str) -> Result<Group, Failure> {
    found(catalog.group_at(crate::catalog::group(catalog, key)?))
}

/// What was found by its key a moment ago.
fn found<T>(named: Option<T>) -> Result<T, Failure> {
    named.ok_or_else(|| Failure::plain(code::UNKNOWN_NAME))
}
