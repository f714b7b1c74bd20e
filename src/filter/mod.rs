//! WHICH ROWS? What somebody may do with the resources in a table of the caller's, as a condition instead of one check for each row.
//!
//! A [`Filter`] is made of checks: it asks, once for each workspace, about rows that are nobody's, one's own and somebody else's, shared or
//! not. So it says of every row what a check would say. It speaks of the instant and version that it was made at.

mod opened;
mod places;
mod sql;

pub use opened::{Goes, Shared};
pub use places::Places;
pub use sql::{Columns, Condition, ContainersTable, Dialect, Id, NameError, Param};

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::access::{Facts, Resource, Share, ShareHolder, Target, shares};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet};
use crate::change::behind;
use crate::id::{OrgId, ResourceId, UserId, WorkspaceId};
use crate::organization::Organization;
use crate::version::Version;
use opened::Opened;

/// One row of a table of resources, as far as a filter looks at it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Row<'a> {
    /// Which resource.
    pub id: ResourceId,
    /// The containers that it lies in, innermost first.
    pub containers: &'a [ResourceId],
    /// The workspace that it belongs to.
    pub workspace: Option<WorkspaceId>,
    /// Whose personal resource it is.
    pub personal_owner: Option<UserId>,
}

/// Which resources of one organization somebody may do one thing with.
///
/// # Shape
/// As large as the workspaces in which something is allowed, and the shares that give the permission.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::change::{Command, SignUp};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
/// use bailiwick::access::Facts;
/// use bailiwick::filter::{Columns, Dialect, Id, Param};
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
/// # let workspace = WorkspaceId::from_u64(1).unwrap();
/// # let mut organization = Organization::new(home, Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let sign_up = SignUp { name: Name::new("Ada")?, workspace };
/// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
///
/// let run = catalog.permission("operation.run").unwrap();
/// let filter = organization.filter(Actor::User(ada), run, &now, &[]);
/// let (organization, workspace_column) = (Some("a.org"), Some("a.workspace"));
/// let columns = Columns { id: "a.id", organization, workspace: workspace_column, owner: None, containers: None, first: 1 };
/// let condition = filter.condition(Dialect::Postgres, &columns)?;
/// assert_eq!(condition.sql, "(a.org = $1 AND (a.workspace IS NULL OR a.workspace = ANY($2)))");
/// assert_eq!(condition.params, [Param::One(Id::Organization(home)), Param::List(vec![Id::Workspace(workspace)])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filter {
    /// Of which organization.
    pub organization: OrgId,
    /// The version of the organization that this speaks of.
    pub version: Version,
    /// Whose personal rows are one's own.
    pub user: Option<UserId>,
    /// Where rows of these kinds are among them.
    places: BTreeMap<Kind, Places>,
    /// The resources and containers that are shared.
    opened: Opened,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Whose {
    Nobodys,
    Own,
    Others,
}

/// Rows that are answered alike within a workspace.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Kind {
    whose: Whose,
    shared: bool,
}

const KINDS: [Kind; 6] = [
    Kind { whose: Whose::Nobodys, shared: false },
    Kind { whose: Whose::Own, shared: false },
    Kind { whose: Whose::Others, shared: false },
    Kind { whose: Whose::Nobodys, shared: true },
    Kind { whose: Whose::Own, shared: true },
    Kind { whose: Whose::Others, shared: true },
];

impl Organization {
    /// Which resources an actor may do something with: allowed, neither denied nor waiting for a step up. `shares` are those on any
    /// resource or container of the organization that can concern the actor.
    ///
    /// # Shape
    /// Costs a few checks for each workspace, and a look at each share.
    ///
    /// # Examples
    /// See [`Filter`].
    #[must_use]
    pub fn filter(&self, actor: Actor, permission: Permission, facts: &Facts<'_>, shares: &[Shared]) -> Filter {
        let user = behind(self, actor);
        let mut filter = Filter {
            organization: self.id(),
            version: self.access(actor, Target::Organization, facts).version(), // strangers are not told
            user,
            places: BTreeMap::new(),
            opened: Opened::default(),
        };
        let asking = match actor {
            Actor::Link(link) => Some((ShareHolder::Link(link), actor)),
            _ => user.map(|user| (ShareHolder::User(user), Actor::User(user))),
        };
        for kind in KINDS {
            let holder = asking.map(|(holder, _)| holder).filter(|_| kind.shared);
            if kind.shared && holder.is_none() {
                continue; // nothing is shared to them
            }
            let Some(owner) = owner_of(kind.whose, user) else { continue };
            let allows = |workspace| {
                let level = PermissionSet::from_iter([permission]);
                let on = Resource::probe(workspace, owner, &[]);
                let share = holder.map(|to| Share { on: on.id, to, level, until: None });
                let on = Resource { shares: share.as_slice(), ..on };
                self.check(actor, permission, Target::Resource(&on), facts).is_allow()
            };
            let within: BTreeSet<WorkspaceId> =
                self.workspaces().map(|(id, _)| id).filter(|id| allows(Some(*id))).collect();
            filter.places.insert(kind, Places::of(within, allows(None)));
        }
        let Some((_, asking)) = asking else { return filter };
        for shared in shares {
            if shared.share.level.contains(permission) && self.share_counts(&shared.share, asking, facts) {
                filter.opened.add(*shared);
            }
        }
        filter
    }

    /// Whether a share is to an actor, or to whoever is behind it, and has not ended.
    pub(crate) fn share_counts(&self, share: &Share, actor: Actor, facts: &Facts<'_>) -> bool {
        let asking = behind(self, actor).map_or(actor, Actor::User);
        let person = asking.user().and_then(|user| self.person(user));
        shares::is_current(share, facts) && shares::concerns(self.roles(), share, asking, person, facts)
    }
}

/// An owner such as is meant; `None` where nobody can be that.
fn owner_of(whose: Whose, user: Option<UserId>) -> Option<Option<UserId>> {
    match whose {
        Whose::Nobodys => Some(None),
        Whose::Own => user.map(Some),
        // Somebody, and not the one who asks.
        Whose::Others => {
            let mut others = [UserId::from_u128(u128::MAX), UserId::from_u128(1)].into_iter();
            others.find(|other| *other != user)
        }
    }
}

impl Filter {
    /// Whether no row is among them.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let is_here = |kind: &Kind| !kind.shared || !self.opened.is_empty();
        self.places.iter().all(|(kind, places)| !is_here(kind) || places.is_nowhere())
    }

    /// Whether a row of the organization is among them: what a check says of it.
    #[must_use]
    pub fn allows(&self, row: &Row<'_>) -> bool {
        let whose = match row.personal_owner {
            None => Whose::Nobodys,
            owner if owner == self.user => Whose::Own,
            Some(_) => Whose::Others,
        };
        let kind = Kind { whose, shared: self.opened.has(row) };
        self.places.get(&kind).is_some_and(|places| places.has(row.workspace))
    }

    /// The resources and containers that are shared and whose shares count.
    #[must_use]
    pub fn shared(&self) -> Vec<ResourceId> {
        self.opened.resources().collect()
    }
}
