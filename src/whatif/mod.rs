//! WHAT IF? Who would gain and lose what, person by person and place by place, as data and as a text for people.
//!
//! What a command would do says [`preview`](Organization::preview), by the handles of one catalog. An [`AccessDiff`] is
//! about any two states of one organization, under two catalogs if need be, so it speaks in keys: a role that holds more,
//! another policy, a new catalog. What two catalogs have in common beyond equal keys is declared next door, in
//! [`migrate`](crate::migrate).

mod report;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::access::{Facts, Share};
use crate::actor::Actor;
use crate::catalog::{Catalog, Lineage, PermissionKey, PermissionSet};
use crate::change::{Comparison, Delta, Extent, Measure, Opened};
use crate::id::{OrgId, ServiceId, WorkspaceId};
use crate::organization::Organization;

/// What one actor can do more or less.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DiffRow {
    /// In which organization.
    pub organization: OrgId,
    /// Who: a user, a service, or whoever presents a link.
    pub who: Actor,
    /// Where, on what and when. What is so in the organization is not said again for its workspaces.
    pub extent: Extent,
    /// What they can do that they could not; keys of the new catalog.
    pub gained: Vec<PermissionKey>,
    /// What they could do and cannot any more; of a permission that is gone, or was merged with others, the old key.
    pub lost: Vec<PermissionKey>,
}

/// Who gains and loses what between two states.
///
/// # Shape
/// Exact, as far as it reaches: spread out over places and instants, a permission stands in a row if and only if
/// [`check`](Organization::check) allows it in one state and not in the other, to somebody who is signed in as well as
/// anybody asks, with the features that the facts switch on. It is asked
/// - at the organization and in each workspace;
/// - of permissions of resource scope also on what is nobody's own and not shared, in each workspace and in none, and on
///   what is their own in none;
/// - now, and at every instant at which terms, rows, rules and services begin or end by themselves.
///
/// Everybody of either state is asked, people and services. What shares give on single resources stands in it where they
/// were handed in ([`Migration::dry_run_shares`](crate::migrate::Migration::dry_run_shares)). Rows without gain and loss do not
/// occur. Users before services, each in order of their ids; the organization before its workspaces.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{AddMember, ChangeRoles, Command, CreateOrganization};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Seats, Timestamp, UserId, WorkspaceId};
/// use bailiwick::change::On;
/// use bailiwick::reach::review::Wording;
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
/// let diff = AccessDiff::between(&organization, &preview.after, &now)?;
/// assert_eq!(diff.rows()[0].who, Actor::User(bob));
/// assert!(diff.rows()[0].lost.contains(&"member.invite".into()));
/// assert!(diff.losses().any(|row| row.extent.on == On::Unshared)); // scripts that nobody has shared with him
/// assert!(diff.gains().next().is_none());
/// println!("{}", diff.to_markdown(&Wording::plain().names(&|_| Some("Bob".into()))));
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
    services: BTreeMap<(OrgId, ServiceId), String>,
}

/// Two states are compared that are not of one organization. Nothing was compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a state of organization {before} and one of organization {after} are not compared")]
pub struct NotTheSame {
    /// Whose the earlier state is.
    pub before: OrgId,
    /// Whose the later one is.
    pub after: OrgId,
}

impl AccessDiff {
    /// Compares two states of an organization. Permissions of one key are one permission, whichever catalogs the states
    /// are under; so are features.
    ///
    /// # Shape
    /// Costs all people and services times all places. For screens and confirmations.
    ///
    /// # Errors
    /// [`NotTheSame`].
    ///
    /// # Examples
    /// See [`AccessDiff`].
    pub fn between(before: &Organization, after: &Organization, facts: &Facts<'_>) -> Result<Self, NotTheSame> {
        if before.id() != after.id() {
            return Err(NotTheSame { before: before.id(), after: after.id() });
        }
        let lineage = Lineage::by_key(before.catalog(), after.catalog());
        let mut diff = Self::default();
        diff.compare(&lineage, before, after, facts);
        Ok(diff)
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
    pub(crate) fn compare(
        &mut self,
        lineage: &Lineage,
        before: &Organization,
        after: &Organization,
        facts: &Facts<'_>,
    ) {
        let measure = Measure::along(lineage, before.catalog(), after.catalog());
        let comparison = Comparison::new(before, after, facts, measure);
        for who in comparison.everybody() {
            self.add(before, after, who, comparison.of(who));
        }
        self.learn(before, after);
    }

    /// Adds what differs by shares in one more organization; of each share, what becomes of it.
    pub(crate) fn compare_shares(
        &mut self,
        lineage: &Lineage,
        (before, after): (&Organization, &Organization),
        (shares, becomes): (&[Share], impl Fn(&Share) -> Option<Share>),
        facts: &Facts<'_>,
    ) {
        let measure = Measure::along(lineage, before.catalog(), after.catalog());
        let comparison = Comparison::new(before, after, facts, measure);
        let opened = Opened::each(shares, becomes);
        for who in comparison.whoever_is_meant(&opened) {
            for resource in &opened {
                self.add(before, after, who, comparison.on_resource(who, resource));
            }
        }
        self.learn(before, after);
    }

    fn add(&mut self, before: &Organization, after: &Organization, who: Actor, found: Vec<(Extent, Delta)>) {
        for (extent, delta) in found {
            let gained = keys(after.catalog(), delta.gained).collect();
            let lost = keys(before.catalog(), delta.gone).chain(keys(after.catalog(), delta.lost)).collect();
            self.rows.push(DiffRow { organization: before.id(), who, extent, gained, lost });
        }
    }

    /// Takes in what is called how, if anything is said of the organization.
    fn learn(&mut self, before: &Organization, after: &Organization) {
        if self.rows.last().is_some_and(|row| row.organization == before.id()) {
            self.words.learn(before);
            self.words.learn(after);
        }
    }
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
            self.services.insert((id, service), key.name().as_str().into());
        }
        for (_, def) in organization.catalog().permissions() {
            self.permissions.insert(def.key.as_str().into(), def.display_title().into());
        }
    }
}
