//! WHAT CAN BE NAMED? Permissions, roles, system groups, plans and policy: defined once, compiled once, shared.
//!
//! A [`Catalog`] is built at start-up, by a [builder](Catalog::builder) or from a file, and never changes. Everything
//! that differs from product to product is in it, as data; nothing about a product is in code. Four ready ones are next
//! door in [`presets`].
//!
//! # The file form
//! Any format that serde reads, TOML and JSON for a start. All keys but those marked * can be left out.
//!
//! ```toml
//! name = "notes"                       # *
//! features = ["beta"]                  # features that the caller switches on itself
//! providers = ["linkedin"]             # identity providers that plans may require
//! meters = ["channels"]                # things of the application's own that plans may limit, see `Label`
//!
//! [[permissions]]
//! key = "subscription.change"          # *
//! scope = "organization"               # * organization, workspace, resource
//! title = "Change the plan"            # permissions of one title are one row of the matrix
//! recent_authentication = "15m"        # sensitive: authenticated within so long
//! second_factor = false                # needs a second factor
//! active_only = false                  # refused while the organization is archived
//! open_while_suspended = true          # stays open while it is suspended or past due
//! feature = "beta"                     # needs a feature of the plan
//! guards = ["change_roles"]            # actions of the crate that need it, see `Action`
//!
//! [[roles]]
//! key = "owner"                        # *
//! rank = 30                            # * who outranks whom
//! title = "Owner"
//! owner = true                         # exactly one role
//! holders = "at_least_one"             # or exactly_one; the owner role only
//! permissions = ["*"]                  # keys, or everything
//! reach = "all"                        # all, assigned, none
//! sight = "all"                        # all, shared
//! reducible = false                    # can overrides reduce it? owners: no
//! billable = true                      # takes a seat
//! uses_credits = true
//! falls_back_to = "editor"             # the owner role only
//!
//! [[roles]]
//! key = "editor"
//! rank = 10
//! extends = "owner"                    # its permissions, not its traits
//! assigned_by = ["owner"]              # only holders of these roles give it
//!
//! [[groups]]
//! key = "everybody"                    # *
//! roles = ["owner", "editor"]          # *
//!
//! [[plans]]
//! key = "team"                         # *
//! rank = 1                             # * the bigger plan has the higher number
//! team_organizations = true            # team organizations can be on it
//! new_organizations = true             # and begin on it; false for one to move to, such as an archive
//! identity_provider = "linkedin"       # its people sign in through this one
//! features = ["sso"]
//! seats = "per_seat:5"                 # none, or per_seat with the least that is charged
//! limits = [{ key = "members", max = 50 }, { key = "channels", max = 5, per = "workspace", enforcement = "soft" }]
//! credits = { allocation = 1000, allocation_per_seat = 100, rollover = "cap:500", alerts_percent = [80, 100] }
//! storage = { quota_bytes = 100_000_000_000, enforcement = "grace:7d", alerts_percent = [80, 100] }
//! retention = [{ kind = "video", keep = "30d" }, { kind = "script" }]
//!
//! [[plans]]
//! key = "yearly"
//! rank = 2
//!
//! [plans.credits]
//! allocation = 20_000
//! rollover = "percent:50"              # or none, cap:500
//! rollover_periods = 2                 # for how many periods it stays; left out for ever
//! renewal = "yearly"                   # or monthly, days:30, given (by the billing provider)
//! midway = "prorated"                  # or full, next: what more seats or a bigger plan bring in the middle of a period
//!
//! [policy]                             # every option with its default is in `policy::Policy`
//! default_workspace = "Default"
//! overrides = "replace"
//! credits_off = "refuse"               # or uncharged: somebody whose credits are switched off
//! burn_order = ["scope", "priority", "expiry", "class", "age"]
//! credit_transfers = "off"             # or same_owner
//!
//! [policy.personal]
//! plan = "team"                        # *
//! name = "{user}'s Organization"
//!
//! [policy.invitations]
//! lifetime = "7d"
//! ```
//!
//! Mistakes are all reported at once, each with its place and, where there is a near miss, what was probably meant:
//!
//! ```
//! use bailiwick::catalog::Catalog;
//!
//! let text = r#"
//!     name = "notes"
//!     permissions = [{ key = "note.read", scope = "resource", colour = "red" }]
//!     roles = [{ key = "owner", rank = 9, owner = true }, { key = "reader", rank = 1, permissions = ["note.raed"] }]
//! "#;
//! let mistakes = Catalog::from_document(&toml::from_str(text)?).unwrap_err();
//! assert_eq!(mistakes.to_string(), "\
//! permissions[0].colour: unknown key `colour`
//! roles[1].permissions[0]: unknown permission `note.raed`; did you mean `note.read`?");
//! # Ok::<(), toml::de::Error>(())
//! ```

mod action;
mod bind;
mod builder;
mod compile;
mod fingerprint;
mod handle;
mod key;
mod lineage;
mod matrix;
mod permission;
mod picture;
mod plan;
pub mod policy;
pub mod presets;
mod read;
mod role;
mod set;
mod word;

pub use action::Action;
pub use bind::{BindError, Bound, PermissionEnum};
pub use builder::CatalogBuilder;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use handle::{Feature, Group, Permission, Plan, Provider, Role};
pub(crate) use key::flaw;
pub use key::{CUSTOM_ROLE, GroupKey, PermissionKey, PlanKey, RoleKey};
pub(crate) use lineage::Lineage;
pub use matrix::{Cell, Matrix, MatrixRow, MatrixSection};
pub use permission::{PermissionDef, Scope, organization, resource, workspace};
pub use plan::{
    CreditRule, Enforcement, LimitDef, Midway, Per, PlanDef, Renewal, RetentionRule, Rollover, SeatRule, StorageRule,
    limit,
};
pub use policy::Policy;
pub use role::{GroupDef, Holders, Reach, RoleDef, Sight};
pub use set::{FeatureSet, GroupSet, PermissionSet, RoleSet};

use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::document::{Document, Mistakes};
use crate::time::Span;
use compile::Names;

/// Everything that can be named: permissions, roles, groups, plans, policy. Immutable, shared by every organization.
///
/// # Shape
/// Bounded by [`limits`](crate::limits). Looking up a handle by key hashes the key once; everything behind a handle is an
/// array access. Two catalogs are equal when their definitions are.
///
/// # Examples
/// ```
/// use bailiwick::catalog::Catalog;
///
/// let catalog: Catalog = toml::from_str(bailiwick::presets::CLOUD)?;
/// let viewer = catalog.role("viewer").expect("the preset has it");
/// let run = catalog.permission("operation.run").expect("the preset has it");
/// assert!(!catalog.permissions_of(viewer).contains(run));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalog {
    defs: CatalogBuilder,
    permissions: Names,
    role_names: Names,
    group_names: Names,
    plan_names: Names,
    feature_names: Names,
    provider_names: Names,
    /// The permissions of each scope: organization, workspace, resource.
    scopes: [PermissionSet; 3],
    pub(crate) gates: Gates,
    guards: Vec<(Action, Permission)>,
    roles: Vec<RoleTable>,
    groups: Vec<RoleSet>,
    plans: Vec<PlanTable>,
    needs: Vec<Option<Feature>>,
    by_feature: Vec<PermissionSet>,
    smallest_with: Vec<Option<Plan>>,
    owner: Role,
    former_owner: Option<Role>,
    creator_roles: RoleSet,
    fingerprint: Fingerprint,
}

/// What a check needs to know of a role.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RoleTable {
    pub(crate) organization: PermissionSet,
    /// Workspace and resource permissions.
    pub(crate) workspace: PermissionSet,
    pub(crate) reach: Reach,
    pub(crate) sight: Sight,
    pub(crate) rank: u32,
    pub(crate) owner: bool,
    pub(crate) reducible: bool,
    pub(crate) billable: bool,
    pub(crate) exactly_one: bool,
    pub(crate) assigned_by: RoleSet,
}

/// What a check needs to know of a plan.
#[derive(Clone, Debug)]
pub(crate) struct PlanTable {
    /// Permissions whose feature the plan lacks.
    pub(crate) locked: PermissionSet,
    pub(crate) features: FeatureSet,
    pub(crate) provider: Option<Provider>,
}

/// The permissions behind each gate that is not about who asks.
#[derive(Clone, Debug)]
pub(crate) struct Gates {
    pub(crate) closed_while_suspended: PermissionSet,
    pub(crate) active_only: PermissionSet,
    pub(crate) second_factor: PermissionSet,
    /// Whatever needs a second factor or a recent authentication: not for staff in somebody's place.
    pub(crate) sensitive: PermissionSet,
    /// By maximum age of the authentication, shortest first.
    pub(crate) recent: Vec<(Span, PermissionSet)>,
}

static NOTHING: RoleTable = RoleTable::NOTHING;

impl Catalog {
    /// Begins a catalog.
    #[must_use]
    pub fn builder(name: &str) -> CatalogBuilder {
        CatalogBuilder { name: name.into(), ..CatalogBuilder::default() }
    }

    /// Reads a catalog from a parsed file and checks it.
    ///
    /// # Errors
    /// [`Mistakes`]: all of them, those of reading before those of meaning, each with the path to its place.
    pub fn from_document(document: &Document) -> Result<Self, Mistakes> {
        let (defs, found) = read::read(document);
        compile::compile(defs, found)
    }

    /// The definitions, to be changed and built again.
    #[must_use]
    pub fn to_builder(&self) -> CatalogBuilder {
        self.defs.clone()
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.defs.name
    }

    /// The options.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.defs.policy
    }

    /// Looks a permission up by key.
    #[must_use]
    pub fn permission(&self, key: &str) -> Option<Permission> {
        self.permissions.get(key).copied().map(Permission::from_index)
    }

    /// The permission at a position, as bindings for other languages keep it.
    #[must_use]
    pub fn permission_at(&self, index: u8) -> Option<Permission> {
        (usize::from(index) < self.defs.permissions.len()).then_some(Permission::from_index(index))
    }

    /// Looks a role up by key.
    #[must_use]
    pub fn role(&self, key: &str) -> Option<Role> {
        self.role_names.get(key).copied().map(Role::from_index)
    }

    /// Looks a system group up by key.
    #[must_use]
    pub fn group(&self, key: &str) -> Option<Group> {
        self.group_names.get(key).copied().map(Group::from_index)
    }

    /// The system group at a position, as bindings for other languages keep it.
    #[must_use]
    pub fn group_at(&self, index: u8) -> Option<Group> {
        (usize::from(index) < self.group_names.len()).then_some(Group::from_index(index))
    }

    /// Looks a plan up by key.
    #[must_use]
    pub fn plan(&self, key: &str) -> Option<Plan> {
        self.plan_names.get(key).copied().map(Plan::from_index)
    }

    /// Looks a feature up by key.
    #[must_use]
    pub fn feature(&self, key: &str) -> Option<Feature> {
        self.feature_names.get(key).copied().map(Feature::from_index)
    }

    /// The feature at a position, as bindings for other languages keep it.
    #[must_use]
    pub fn feature_at(&self, index: u8) -> Option<Feature> {
        (usize::from(index) < self.feature_names.len()).then_some(Feature::from_index(index))
    }

    /// Looks an identity provider up by key.
    #[must_use]
    pub fn provider(&self, key: &str) -> Option<Provider> {
        self.provider_names.get(key).copied().map(Provider::from_index)
    }

    /// The identity provider at a position, as bindings for other languages keep it.
    #[must_use]
    pub fn provider_at(&self, index: u8) -> Option<Provider> {
        (usize::from(index) < self.provider_names.len()).then_some(Provider::from_index(index))
    }

    /// Every permission with its definition, in the order of definition.
    pub fn permissions(&self) -> impl Iterator<Item = (Permission, &PermissionDef)> {
        (0..=u8::MAX).map(Permission::from_index).zip(&self.defs.permissions)
    }

    /// Every role with its definition, in the order of definition.
    pub fn roles(&self) -> impl Iterator<Item = (Role, &RoleDef)> {
        (0..=u8::MAX).map(Role::from_index).zip(&self.defs.roles)
    }

    /// Every system group with its definition, in the order of definition.
    pub fn groups(&self) -> impl Iterator<Item = (Group, &GroupDef)> {
        (0..=u8::MAX).map(Group::from_index).zip(&self.defs.groups)
    }

    /// Every plan with its definition, in the order of definition.
    pub fn plans(&self) -> impl Iterator<Item = (Plan, &PlanDef)> {
        (0..=u8::MAX).map(Plan::from_index).zip(&self.defs.plans)
    }

    /// How a permission was defined; `None` for a handle of another catalog.
    #[must_use]
    pub fn permission_def(&self, permission: Permission) -> Option<&PermissionDef> {
        self.defs.permissions.get(usize::from(permission.index()))
    }

    /// How a role was defined; `None` for a handle of another catalog.
    #[must_use]
    pub fn role_def(&self, role: Role) -> Option<&RoleDef> {
        self.defs.roles.get(usize::from(role.index()))
    }

    /// How a system group was defined; `None` for a handle of another catalog.
    #[must_use]
    pub fn group_def(&self, group: Group) -> Option<&GroupDef> {
        self.defs.groups.get(usize::from(group.index()))
    }

    /// How a plan was defined; `None` for a handle of another catalog.
    #[must_use]
    pub fn plan_def(&self, plan: Plan) -> Option<&PlanDef> {
        self.defs.plans.get(usize::from(plan.index()))
    }

    /// The key of a feature; empty for a handle of another catalog.
    #[must_use]
    pub fn feature_key(&self, feature: Feature) -> &str {
        key_at(&self.feature_names, feature.index())
    }

    /// The key of an identity provider; empty for a handle of another catalog.
    #[must_use]
    pub fn provider_key(&self, provider: Provider) -> &str {
        key_at(&self.provider_names, provider.index())
    }

    /// Every feature that a plan has or the caller can switch on.
    pub(crate) fn features(&self) -> impl Iterator<Item = Feature> {
        let last = u8::try_from(self.feature_names.len()).unwrap_or(u8::MAX);
        (0..last).map(Feature::from_index)
    }

    /// The keys of all identity providers.
    pub(crate) fn provider_keys(&self) -> impl Iterator<Item = &str> {
        self.defs.providers.iter().map(alloc::string::String::as_str)
    }

    /// What ledgers count by names of the application's own.
    pub(crate) fn meters(&self) -> impl Iterator<Item = &str> {
        self.defs.meters.iter().map(alloc::string::String::as_str)
    }

    /// Everything that a role holds, of every scope.
    #[must_use]
    pub fn permissions_of(&self, role: Role) -> PermissionSet {
        let table = self.role_table(role);
        table.organization | table.workspace
    }

    /// The roles whose holders are a system group.
    #[must_use]
    pub fn roles_of_group(&self, group: Group) -> RoleSet {
        self.groups.get(usize::from(group.index())).copied().unwrap_or_default()
    }

    /// The owner role.
    #[must_use]
    pub const fn owner_role(&self) -> Role {
        self.owner
    }

    /// The role that a former owner gets, where the catalog has another one.
    #[must_use]
    pub const fn former_owner_role(&self) -> Option<Role> {
        self.former_owner
    }

    /// The roles that the creator of a team organization gets.
    #[must_use]
    pub const fn creator_roles(&self) -> RoleSet {
        self.creator_roles
    }

    /// The permission that an action of the crate needs; where there is none, only the platform may do it.
    #[must_use]
    pub fn guard_of(&self, action: Action) -> Option<Permission> {
        self.guards.iter().find(|(guarded, _)| *guarded == action).map(|(_, permission)| *permission)
    }

    /// The smallest plan that has a feature.
    #[must_use]
    pub fn smallest_plan_with(&self, feature: Feature) -> Option<Plan> {
        self.smallest_with.get(usize::from(feature.index())).copied().flatten()
    }

    /// Who holds what, as a table for people.
    #[must_use]
    pub fn matrix(&self) -> Matrix {
        matrix::matrix(self)
    }

    /// The permissions that live at organization level.
    pub(crate) const fn organization_scope(&self) -> PermissionSet {
        let [organization, _, _] = self.scopes;
        organization
    }

    /// Everything that needs neither a second factor nor a recent authentication.
    pub(crate) fn not_sensitive(&self) -> PermissionSet {
        let [organization, workspace, resource] = self.scopes;
        (organization | workspace | resource) - self.gates.sensitive
    }

    /// The permissions that shares can give.
    pub(crate) const fn resource_scope(&self) -> PermissionSet {
        let [_, _, resource] = self.scopes;
        resource
    }

    #[inline]
    pub(crate) fn role_table(&self, role: Role) -> &RoleTable {
        self.roles.get(usize::from(role.index())).unwrap_or(&NOTHING)
    }

    #[inline]
    pub(crate) fn plan_table(&self, plan: Plan) -> Option<&PlanTable> {
        self.plans.get(usize::from(plan.index()))
    }

    pub(crate) fn needed_feature(&self, permission: Permission) -> Option<Feature> {
        self.needs.get(usize::from(permission.index())).copied().flatten()
    }

    pub(crate) fn permissions_needing(&self, feature: Feature) -> PermissionSet {
        self.by_feature.get(usize::from(feature.index())).copied().unwrap_or_default()
    }

    /// The key of a permission; empty for a handle of another catalog.
    pub(crate) fn permission_key(&self, permission: Permission) -> &str {
        self.permission_def(permission).map_or("", |def| &def.key)
    }
}

/// The key that has a position.
fn key_at(names: &Names, index: u8) -> &str {
    names.iter().find(|(_, at)| **at == index).map_or("", |(key, _)| key)
}

impl PartialEq for Catalog {
    fn eq(&self, other: &Self) -> bool {
        self.defs == other.defs
    }
}

impl Eq for Catalog {}

impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.defs.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Catalog {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_document(&Document::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
