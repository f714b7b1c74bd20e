//! The builder: a catalog as somebody defines it, before anybody has checked it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Catalog, GroupDef, PermissionDef, PlanDef, Policy, RoleDef, compile};
use crate::document::Mistakes;

/// A catalog being defined. [`build`](Self::build) checks it and reports every mistake at once.
///
/// # Examples
/// ```
/// use bailiwick::Span;
/// use bailiwick::catalog::{Catalog, Reach, RoleDef, organization, resource};
///
/// let catalog = Catalog::builder("notes")
///     .permissions([resource("note.read"), resource("note.write"), organization("billing.manage").sensitive(Span::minutes(15))])
///     .role(RoleDef::new("owner", 20).owner().allows_all().reach(Reach::All))
///     .role(RoleDef::new("reader", 10).allows(["note.read"]))
///     .role(RoleDef::new("editor", 15).extends("reader").allows(["note.write"]))
///     .build()?;
/// assert!(catalog.role("editor").is_some());
///
/// let wrong = Catalog::builder("notes").role(RoleDef::new("editor", 1).allows(["note.raed"]).extends("reader")).build();
/// assert_eq!(wrong.unwrap_err().iter().count(), 3); // no owner role, no such permission, no such role
/// # Ok::<(), bailiwick::document::Mistakes>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CatalogBuilder {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) features: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) providers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) meters: Vec<String>,
    pub(super) permissions: Vec<PermissionDef>,
    pub(super) roles: Vec<RoleDef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<GroupDef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) plans: Vec<PlanDef>,
    pub(super) policy: Policy,
}

impl CatalogBuilder {
    /// Features that the caller switches on itself (a beta, say), besides those of plans.
    #[must_use]
    pub fn features<'k>(mut self, features: impl IntoIterator<Item = &'k str>) -> Self {
        self.features.extend(features.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Identity providers that plans may require.
    #[must_use]
    pub fn providers<'k>(mut self, providers: impl IntoIterator<Item = &'k str>) -> Self {
        self.providers.extend(providers.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Things of the application's own that plans may limit, such as `channels`: each a [`Label`](crate::Label), and not
    /// `storage`, which plans limit by a rule of its own.
    #[must_use]
    pub fn meters<'k>(mut self, meters: impl IntoIterator<Item = &'k str>) -> Self {
        self.meters.extend(meters.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Adds a permission.
    #[must_use]
    pub fn permission(mut self, permission: PermissionDef) -> Self {
        self.permissions.push(permission);
        self
    }

    /// Adds permissions.
    #[must_use]
    pub fn permissions(mut self, permissions: impl IntoIterator<Item = PermissionDef>) -> Self {
        self.permissions.extend(permissions);
        self
    }

    /// Adds a role.
    #[must_use]
    pub fn role(mut self, role: RoleDef) -> Self {
        self.roles.push(role);
        self
    }

    /// Changes a role that is there already; nothing happens where there is none of that key. What that would mean for
    /// people says a [dry run](crate::migrate::Migration::dry_run).
    #[must_use]
    pub fn change_role(mut self, key: &str, change: impl FnOnce(RoleDef) -> RoleDef) -> Self {
        if let Some(role) = self.roles.iter_mut().find(|role| role.key == key) {
            *role = change(role.clone());
        }
        self
    }

    /// Adds a system group.
    #[must_use]
    pub fn group(mut self, group: GroupDef) -> Self {
        self.groups.push(group);
        self
    }

    /// Adds a plan.
    #[must_use]
    pub fn plan(mut self, plan: PlanDef) -> Self {
        self.plans.push(plan);
        self
    }

    /// Sets the policy.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Checks everything and compiles it.
    ///
    /// # Errors
    /// [`Mistakes`]: all of them, each with the path to its place in the file form.
    pub fn build(self) -> Result<Catalog, Mistakes> {
        compile::compile(self, Vec::new())
    }
}
