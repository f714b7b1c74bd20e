//! WHAT IF? Who would gain and lose what, person by person and place by place, as data and as a text for people.
//!
//! What a command would do says [`preview`](Organization::preview), by the handles of one catalog. An [`AccessDiff`] is
//! about any two states of one organization, under two catalogs if need be, so it speaks in keys: a role that holds more,
//! another policy, a new catalog. What two catalogs have in common beyond equal keys is declared next door, in
//! [`migrate`](crate::migrate).

mod report;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::{Catalog, Lineage, PermissionKey, PermissionSet};
use crate::change::{Place, usable};
use crate::id::{OrgId, WorkspaceId};
use crate::organization::Organization;
use crate::time::Timestamp;

/// What one actor can do more or less at one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffRow {
    /// In which organization.
    pub organization: OrgId,
    /// Who: a user or a service.
    pub who: Actor,
    /// Where. Each place is compared by itself: what is gained in the organization and in each of its workspaces stands
    /// in a row for each.
    pub place: Place,
    /// What they can do that they could not; keys of the new catalog.
    pub gained: Vec<PermissionKey>,
    /// What they could do and cannot any more; of a permission that is gone, or was merged with others, the old key.
    pub lost: Vec<PermissionKey>,
}

/// Who gains and loses what between two states.
///
/// # Shape
/// Exact: a permission stands in a row if and only if [`check`](Organization::check) allows it in one state and not in
/// the other, at that place, to somebody who is signed in as well as anybody asks. Rows without gain and loss do not
/// occur. Users before services, each in order of their ids; the organization before its workspaces. Shares are
/// the caller's and not looked at.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{AddMember, ChangeRoles, Command, CreateOrganization};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Seats, Timestamp, UserId, WorkspaceId};
/// use bailiwick::whatif::AccessDiff;
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION)?);
/// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
/// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let create = CreateOrganization { name: Name::new("Acme")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace: WorkspaceId::from_u64(1).unwrap() };
/// # for record in organization.handle(&Command::from(create), &now.by(Actor::User(ada)))? { organization.apply(&record); }
/// # let add = AddMember { user: bob, roles: vec!["producer".into()], access: vec![] };
/// # for record in organization.handle(&Command::from(add), &now.by(Actor::System))? { organization.apply(&record); }
/// let demote = Command::from(ChangeRoles { user: bob, roles: vec!["editor".into()] });
/// let preview = organization.preview(&demote, &now.by(Actor::User(ada)))?;
///
/// let diff = AccessDiff::between(&organization, &preview.after, now.now);
/// assert_eq!(diff.rows()[0].who, Actor::User(bob));
/// assert!(diff.rows()[0].lost.contains(&"member.invite".into()));
/// assert!(diff.gains().next().is_none());
/// println!("{}", diff.to_markdown(|_| "Bob".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AccessDiff {
    rows: Vec<DiffRow>,
    words: Words,
}

/// What people call what the rows name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Words {
    organizations: BTreeMap<OrgId, String>,
    workspaces: BTreeMap<(OrgId, WorkspaceId), String>,
    permissions: BTreeMap<PermissionKey, String>,
    services: BTreeMap<Actor, String>,
}

impl AccessDiff {
    /// Compares two states of an organization. Permissions of one key are one permission, whichever catalogs the states
    /// are under.
    ///
    /// # Shape
    /// Costs all people and services times all places. For screens and confirmations.
    ///
    /// # Examples
    /// See [`AccessDiff`].
    #[must_use]
    pub fn between(before: &Organization, after: &Organization, now: Timestamp) -> Self {
        let lineage = Lineage::by_key(before.catalog(), after.catalog());
        let mut diff = Self::default();
        diff.compare(&lineage, before, after, now);
        diff
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[DiffRow] {
        &self.rows
    }

    /// The rows in which something is gained.
    pub fn gains(&self) -> impl Iterator<Item = &DiffRow> {
        self.rows.iter().filter(|row| !row.gained.is_empty())
    }

    /// The rows in which something is lost.
    pub fn losses(&self) -> impl Iterator<Item = &DiffRow> {
        self.rows.iter().filter(|row| !row.lost.is_empty())
    }

    /// Whether nobody gains or loses anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds what differs between two states of one more organization.
    pub(crate) fn compare(&mut self, lineage: &Lineage, before: &Organization, after: &Organization, now: Timestamp) {
        let first = self.rows.len();
        let users: BTreeSet<_> = before.people().chain(after.people()).map(|(user, _)| Actor::User(user)).collect();
        let services: BTreeSet<_> =
            before.services().chain(after.services()).map(|(id, _)| Actor::Service(id)).collect();
        let workspaces: BTreeSet<_> = before.workspaces().chain(after.workspaces()).map(|(id, _)| id).collect();
        for who in users.into_iter().chain(services) {
            let places = workspaces.iter().copied().map(Place::Workspace);
            for place in [Place::Organization].into_iter().chain(places) {
                self.rows.extend(row(lineage, before, after, (who, place), now));
            }
        }
        if self.rows.len() > first {
            self.words.learn(before);
            self.words.learn(after);
        }
    }
}

/// What differs for one actor at one place, if anything does.
fn row(
    lineage: &Lineage,
    before: &Organization,
    after: &Organization,
    (who, place): (Actor, Place),
    now: Timestamp,
) -> Option<DiffRow> {
    let target = match place {
        Place::Organization => Target::Organization,
        Place::Workspace(id) => Target::Workspace(id),
    };
    let (had, has) = (usable(before, who, target, now), usable(after, who, target, now));
    let gained = keys(after.catalog(), has - lineage.worth(had));
    let (of_old, of_new) = lineage.lost(had, has);
    let mut lost: Vec<PermissionKey> = keys(before.catalog(), of_old).collect();
    lost.extend(keys(after.catalog(), of_new));
    let row = DiffRow { organization: before.id(), who, place, gained: gained.collect(), lost };
    (!row.gained.is_empty() || !row.lost.is_empty()).then_some(row)
}

fn keys(catalog: &Catalog, set: PermissionSet) -> impl Iterator<Item = PermissionKey> + use<'_> {
    set.iter().map(|permission| catalog.permission_key(permission).into())
}

impl Words {
    /// Takes in how a state calls its things; a later state has the last word.
    fn learn(&mut self, organization: &Organization) {
        let id = organization.id();
        if let Some(profile) = organization.profile() {
            self.organizations.insert(id, profile.name.as_str().into());
        }
        for (workspace, place) in organization.workspaces() {
            self.workspaces.insert((id, workspace), place.name().as_str().into());
        }
        for (service, key) in organization.services() {
            self.services.insert(Actor::Service(service), key.name().as_str().into());
        }
        for (_, def) in organization.catalog().permissions() {
            self.permissions.insert(def.key.as_str().into(), def.display_title().into());
        }
    }
}
