//! The access review: everybody who can do anything in one organization, place by place, through what, since when.
//!
//! A [`Review`] is data. Rendered it is [Markdown](Review::to_markdown), [CSV](Review::to_csv) or a
//! [page](Review::to_html) to be printed and signed; a [`Wording`] says what people are called and how times are written,
//! for the crate knows neither.

mod build;
mod csv;
mod html;
mod markdown;
mod page;
mod shared;
mod signs;
mod tables;
mod wording;

pub use shared::ReviewedShare;
pub use wording::Wording;
#[cfg(feature = "calendar")]
pub use wording::utc;

use alloc::string::String;
use alloc::vec::Vec;

use super::{Holding, Relation};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet, Role, RoleKey, Scope, Sight};
use crate::change::Place;
use crate::id::{InvitationId, OrgId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{HeldRole, JoinedTeam, Kind, Origin, Override, PersonStatus, Status};
use crate::text::{Address, Name};
use crate::time::Timestamp;
use crate::version::Version;

/// How much of each workspace a review spells out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Breadth {
    /// Everybody who holds something in a workspace has a row there. Costs people times workspaces where roles reach all of them.
    Everybody,
    /// Whoever holds in a workspace just what they hold everywhere is counted there, and spelled out once, under the
    /// organization. Costs people, rows and rules: for organizations of thousands.
    Exceptions,
}

/// Who can do what in one organization, and through what, at one version and time.
///
/// # Shape
/// People, services, workspaces and invitations are in order of their ids; the first of the places is the organization
/// itself. Nothing in it borrows: take it under a lock, render it outside.
///
/// # Source
/// S0-60, S1-107, S3-42.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{Command, SignUp};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
/// use bailiwick::reach::review::{Breadth, Wording};
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
/// # let mut organization = Organization::new(home, Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
///
/// let review = organization.review(&now, Breadth::Everybody).unwrap();
/// assert_eq!(review.sole_owner(), Some(ada));
///
/// let name = |user| (user == ada).then(|| "Ada Lovelace".to_owned());
/// let text = review.to_markdown(&Wording::plain().names(&name));
/// assert!(text.contains("Only one person, Ada Lovelace, can act as owner"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Of which organization.
    pub organization: OrgId,
    /// Its name, as typed.
    pub name: Name,
    /// Personal or team.
    pub kind: Kind,
    /// Whether it is in good standing.
    pub status: Status,
    /// What people call its plan.
    pub plan: String,
    /// Which event made it.
    pub created: Origin,
    /// At which version.
    pub version: Version,
    /// At which time: what ends counts until then.
    pub at: Timestamp,
    /// How much is spelled out.
    pub breadth: Breadth,
    /// Every permission of the catalog, in the order of definition.
    pub permissions: Vec<ReviewedPermission>,
    /// Members and the collaborators of every workspace.
    pub people: Vec<ReviewedPerson>,
    /// Keys and robots.
    pub services: Vec<ReviewedService>,
    /// The organization, then its workspaces.
    pub places: Vec<ReviewedPlace>,
    /// Invitations that can still be accepted.
    pub invitations: Vec<OpenInvitation>,
    /// What is shared on single resources, where that was [looked up](Review::with_shares); in order of places.
    pub shares: Option<Vec<ReviewedShare>>,
    titles: Titles,
}

/// A permission, as the columns of a review name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReviewedPermission {
    /// Its handle.
    pub permission: Permission,
    /// Its key.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// Where it can be held.
    pub scope: Scope,
}

/// A member or collaborator.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedPerson {
    /// Who.
    pub user: UserId,
    /// Member or collaborator.
    pub relation: Relation,
    /// Active or suspended.
    pub status: PersonStatus,
    /// Whether the end of everything that was given to a collaborator has come.
    pub is_ended: bool,
    /// The roles of a member, each with who gave it, and when.
    pub roles: Vec<HeldRole>,
    /// The highest rank of those roles.
    pub rank: u32,
    /// The teams, each with what brought the person there.
    pub teams: Vec<JoinedTeam>,
    /// How they came in.
    pub joined: Origin,
    /// What last changed something that is their own, what was taken included: roles, status, rows, teams.
    pub last_change: Origin,
}

/// A key or robot.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedService {
    /// Which.
    pub service: ServiceId,
    /// What people call it.
    pub name: Name,
    /// In whose name it acts.
    pub sponsor: Option<UserId>,
    /// What it was given; what of it counts depends on the sponsor.
    pub permissions: PermissionSet,
    /// Where it acts; nowhere named for the organization and all of its workspaces.
    pub workspaces: Vec<WorkspaceId>,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// Whether its end has come.
    pub is_ended: bool,
    /// What last changed what it may do, or in whose name.
    pub origin: Origin,
}

/// The organization or one workspace, with who holds what there.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedPlace {
    /// Where.
    pub place: Place,
    /// The name of the workspace; that of the organization for itself.
    pub name: Name,
    /// Which event archived the workspace.
    pub archived: Option<Origin>,
    /// What nobody can do there while it is archived.
    pub closed: PermissionSet,
    /// People, then services.
    pub rows: Vec<ReviewedRow>,
    /// How many people hold there just what they hold everywhere, and have no row; see [`Breadth::Exceptions`].
    pub as_everywhere: usize,
}

/// What somebody holds at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedRow {
    /// A user or a service.
    pub who: Actor,
    /// What, and through what.
    pub holding: Holding,
}

/// An invitation that can still be accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenInvitation {
    /// Which.
    pub invitation: InvitationId,
    /// Who is invited.
    pub address: Option<Address>,
    /// The roles promised; none for a collaborator.
    pub roles: Vec<RoleKey>,
    /// The workspaces promised, with what is different there.
    pub access: Vec<(WorkspaceId, Override)>,
    /// When it ends.
    pub until: Timestamp,
    /// Who invited, and when.
    pub issued: Origin,
}

/// What people call roles, groups and teams.
#[derive(Clone, Debug, Default, PartialEq)]
struct Titles {
    /// With the key.
    roles: Vec<(Role, String, String)>,
    /// With the key.
    groups: Vec<(crate::catalog::Group, String, String)>,
    teams: Vec<(TeamId, Name)>,
    owner: Option<Role>,
}

impl Review {
    /// The rows of a place.
    #[must_use]
    pub fn place(&self, place: Place) -> Option<&ReviewedPlace> {
        let at = self.places.binary_search_by_key(&place, |reviewed| reviewed.place).ok()?;
        self.places.get(at)
    }

    /// Whether somebody can do something somewhere, as a check would not deny it: what the review says, in one answer,
    /// however much of it is spelled out. On single resources it is so as far as the [sight](Holding::sight) goes.
    #[must_use]
    pub fn can(&self, who: Actor, permission: Permission, place: Place) -> bool {
        let Some(reviewed) = self.place(place) else { return false };
        let of_organization =
            self.permissions.iter().any(|p| p.permission == permission && p.scope == Scope::Organization);
        let here = if of_organization { None } else { reviewed.row(who) };
        let everywhere = || self.place(Place::Organization).and_then(|organization| organization.row(who));
        match (here, self.breadth) {
            (Some(row), _) => row.holding.usable.contains(permission),
            (None, Breadth::Everybody) if !of_organization => false,
            (None, _) => {
                let open = !reviewed.closed.contains(permission);
                open && everywhere().is_some_and(|row| row.holding.usable.contains(permission))
            }
        }
    }

    /// The people who can act as owners now.
    pub fn active_owners(&self) -> impl Iterator<Item = UserId> {
        let owner = self.titles.owner;
        let owns = move |person: &&ReviewedPerson| {
            person.status == PersonStatus::Active && owner.is_some_and(|owner| person.has_role(owner))
        };
        self.people.iter().filter(owns).map(|person| person.user)
    }

    /// The only owner, where there is just one: nobody can do the owner's part while they are away.
    #[must_use]
    pub fn sole_owner(&self) -> Option<UserId> {
        let mut owners = self.active_owners();
        let first = owners.next()?;
        owners.next().is_none().then_some(first)
    }

    fn person(&self, user: UserId) -> Option<&ReviewedPerson> {
        let at = self.people.binary_search_by_key(&user, |person| person.user).ok()?;
        self.people.get(at)
    }

    fn service(&self, service: ServiceId) -> Option<&ReviewedService> {
        let at = self.services.binary_search_by_key(&service, |reviewed| reviewed.service).ok()?;
        self.services.get(at)
    }
}

impl ReviewedPerson {
    /// Whether a member has a role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }
}

impl ReviewedRow {
    /// Whether a permission that is held here is one on those resources alone that are shared with them, and on their own.
    #[must_use]
    pub fn is_on_shared_alone(&self, permission: &ReviewedPermission) -> bool {
        let granted = self.holding.granted.contains(permission.permission);
        granted && permission.scope == Scope::Resource && self.holding.sight == Sight::Shared
    }
}

impl ReviewedPlace {
    /// What somebody holds there, if it is spelled out.
    #[must_use]
    pub fn row(&self, who: Actor) -> Option<&ReviewedRow> {
        let at = self.rows.binary_search_by_key(&who, |row| row.who).ok()?;
        self.rows.get(at)
    }
}
