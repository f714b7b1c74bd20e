//! WHO EXISTS? The state of one tenant: its people, what was given to them, and where.
//!
//! An [`Organization`] changes only by [events](crate::change::Event); what may change, and who may change it, is judged
//! next door in [`change`](crate::change). What it means for a question is in [`access`](crate::access).

mod audit;
mod credits;
mod domain;
mod index;
mod invitation;
mod person;
mod profile;
mod role;
mod row;
mod seats;
mod service;
mod since;
mod snapshot;
mod team;
mod terms;
mod workspace;

pub use audit::Violation;
pub use credits::Work;
pub use domain::{Domain, DomainError, DomainRule};
pub use invitation::{Invitation, InvitationState, LookupHash, SecretHash};
pub use person::{HeldRole, JoinedTeam, Person, PersonStatus, Standing};
pub use profile::{DeletionNotice, Disposition, Kind, OwnershipOffer, Profile, Status, Terms};
pub use role::CustomRole;
pub use row::{AccessRow, Override};
pub use seats::{SeatCount, Seats};
pub use service::Service;
pub use snapshot::{Part, Snapshot, SnapshotError};
pub use team::Team;
pub use terms::{Excess, RetentionDate};
pub use workspace::{Rule, RuleFor, RuleHolder, Workspace};

pub(crate) use index::{Giver, Index, Indexed};
pub(crate) use role::{CustomRoles, Roles};
pub(crate) use seats::Tally;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::catalog::{Catalog, RoleSet};
use crate::id::{InvitationId, OrgId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::time::Timestamp;
use crate::version::Version;

/// Things by id: found in constant time, listed in an order that depends on the history alone.
pub(crate) type Map<K, V> = IndexMap<K, V, hashbrown::DefaultHashBuilder>;

/// Where a fact comes from: which event, when, and who caused it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The version that the event made.
    pub version: Version,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
}

impl Origin {
    /// The later of two of one history.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        if other.version > self.version { other } else { self }
    }
}

/// One tenant: the unit of consistency.
///
/// # Shape
/// A value without clock, randomness or I/O. Made empty, then grown by [`apply`](Self::apply). People, workspaces, teams
/// and invitations are found by id in constant time. The same history gives an equal value.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use bailiwick::access::{Decision, Facts, Target};
/// use bailiwick::change::{Command, SignUp};
/// use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
///
/// let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
/// let mut organization = Organization::new(home, Arc::clone(&catalog));
///
/// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? {
///     organization.apply(&record);
/// }
///
/// assert_eq!(organization.profile().unwrap().name.as_str(), "Ada's Organization");
/// let run = catalog.permission("operation.run").unwrap();
/// assert_eq!(organization.check(Actor::User(ada), run, Target::Organization, &now), Decision::Allow);
/// assert!(organization.audit(now.now).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) id: OrgId,
    pub(crate) version: Version,
    pub(crate) profile: Option<Profile>,
    pub(crate) people: Map<UserId, Person>,
    pub(crate) workspaces: Map<WorkspaceId, Workspace>,
    pub(crate) teams: Map<TeamId, Team>,
    pub(crate) invitations: Map<InvitationId, Invitation>,
    /// Open invitations by address key: at most one each.
    pub(crate) open_by_address: Map<String, InvitationId>,
    pub(crate) custom_roles: CustomRoles,
    pub(crate) services: Map<ServiceId, Service>,
    pub(crate) domains: BTreeMap<Domain, DomainRule>,
    /// Workspaces with rules: where everybody of a group or team can hold something else than elsewhere.
    pub(crate) ruled: BTreeSet<WorkspaceId>,
    pub(crate) tally: Tally,
    pub(crate) index: Index,
}

impl Organization {
    /// An organization before its first event: it has an id and nothing else.
    #[must_use]
    pub fn new(id: OrgId, catalog: Arc<Catalog>) -> Self {
        Self {
            catalog,
            id,
            version: Version::ZERO,
            profile: None,
            people: Map::default(),
            workspaces: Map::default(),
            teams: Map::default(),
            invitations: Map::default(),
            open_by_address: Map::default(),
            custom_roles: CustomRoles::new(),
            services: Map::default(),
            domains: BTreeMap::new(),
            ruled: BTreeSet::new(),
            tally: Tally::default(),
            index: Index::default(),
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> OrgId {
        self.id
    }

    /// How many events it has seen.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The catalog that its roles and plans are named in.
    #[must_use]
    pub const fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// What it is; `None` before it was created.
    #[must_use]
    pub const fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// A member or collaborator.
    #[must_use]
    pub fn person(&self, user: UserId) -> Option<&Person> {
        self.people.get(&user)
    }

    /// Members and collaborators.
    pub fn people(&self) -> impl Iterator<Item = (UserId, &Person)> {
        self.people.iter().map(|(user, person)| (*user, person))
    }

    /// A workspace.
    #[must_use]
    pub fn workspace(&self, workspace: WorkspaceId) -> Option<&Workspace> {
        self.workspaces.get(&workspace)
    }

    /// Its workspaces.
    pub fn workspaces(&self) -> impl Iterator<Item = (WorkspaceId, &Workspace)> {
        self.workspaces.iter().map(|(id, workspace)| (*id, workspace))
    }

    /// The workspaces in which groups or teams get or lose something.
    pub(crate) fn ruled_workspaces(&self) -> impl Iterator<Item = (WorkspaceId, &Workspace)> {
        self.ruled.iter().filter_map(|id| Some((*id, self.workspace(*id)?)))
    }

    /// A team.
    #[must_use]
    pub fn team(&self, team: TeamId) -> Option<&Team> {
        self.teams.get(&team)
    }

    /// Its teams.
    pub fn teams(&self) -> impl Iterator<Item = (TeamId, &Team)> {
        self.teams.iter().map(|(id, team)| (*id, team))
    }

    /// An invitation, whatever became of it.
    #[must_use]
    pub fn invitation(&self, invitation: InvitationId) -> Option<&Invitation> {
        self.invitations.get(&invitation)
    }

    /// Its invitations, whatever became of them.
    pub fn invitations(&self) -> impl Iterator<Item = (InvitationId, &Invitation)> {
        self.invitations.iter().map(|(id, invitation)| (*id, invitation))
    }

    /// A service.
    #[must_use]
    pub fn service(&self, service: ServiceId) -> Option<&Service> {
        self.services.get(&service)
    }

    /// Its services.
    pub fn services(&self) -> impl Iterator<Item = (ServiceId, &Service)> {
        self.services.iter().map(|(id, service)| (*id, service))
    }

    /// Its domains, confirmed or not, in order.
    pub fn domains(&self) -> impl Iterator<Item = (&Domain, &DomainRule)> {
        self.domains.iter()
    }

    /// Bytes that it takes in memory, about: counted by what there is, not by what each of it holds.
    #[cfg(feature = "std")]
    pub(crate) fn bytes(&self) -> usize {
        const PERSON: usize = 640;
        const WORKSPACE: usize = 320;
        const INVITATION: usize = 640;
        const OTHER: usize = 512;
        let others = self.teams.len().saturating_add(self.services.len()).saturating_add(self.domains.len());
        [
            (self.people.len(), PERSON),
            (self.workspaces.len(), WORKSPACE),
            (self.invitations.len(), INVITATION),
            (others, OTHER),
        ]
        .into_iter()
        .fold(4_096, |bytes, (count, each)| bytes.saturating_add(count.saturating_mul(each)))
    }

    /// Whether it is there for people: created, and not deleted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.deletion.is_none())
    }

    /// The roles of a member; none for anybody else.
    #[must_use]
    pub fn roles_of(&self, user: UserId) -> RoleSet {
        self.person(user).map(Person::roles).unwrap_or_default()
    }

    /// Whether a user is an active member with the owner role.
    #[must_use]
    pub fn is_active_owner(&self, user: UserId) -> bool {
        self.person(user).is_some_and(|person| {
            person.status() == PersonStatus::Active && person.roles().contains(self.catalog.owner_role())
        })
    }
}
