//! Permissions: one thing that can be allowed, where it can be allowed, and what else it needs.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::Action;
use crate::time::Span;

/// Where a permission lives.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Only at organization level: never granted, overridden or shared below it.
    Organization,
    /// Inherited by the workspaces that a role reaches, and open to overrides there.
    Workspace,
    /// As `Workspace`, and can in addition be given by shares on single resources.
    Resource,
}

impl Scope {
    pub(super) const CHOICES: [(&'static str, Self); 3] =
        [("organization", Self::Organization), ("workspace", Self::Workspace), ("resource", Self::Resource)];
}

/// A permission as defined: its key, its scope and its flags.
///
/// # Examples
/// ```
/// use bailiwick::Span;
/// use bailiwick::catalog::{organization, resource, workspace};
///
/// let _ = organization("billing.manage").title("Manage billing").sensitive(Span::minutes(15)).open_while_suspended();
/// let _ = workspace("operation.run").active_only();
/// let _ = resource("document.read");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PermissionDef {
    /// The key, `noun.verb`.
    pub key: String,
    /// What people call it; empty when nobody gave it a title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where it lives.
    pub scope: Scope,
    /// How long ago whoever uses it may last have authenticated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent_authentication: Option<Span>,
    /// Whether it needs a second factor.
    pub second_factor: bool,
    /// Whether it is refused while the organization is archived.
    pub active_only: bool,
    /// Whether it stays open while the organization is suspended or past due.
    pub open_while_suspended: bool,
    /// The feature of the plan that it needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
    /// Actions of the crate that need it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Action>,
}

/// Defines a permission that exists only at organization level.
#[must_use]
pub fn organization(key: &str) -> PermissionDef {
    PermissionDef::new(key, Scope::Organization)
}

/// Defines a permission that workspaces inherit and can override.
#[must_use]
pub fn workspace(key: &str) -> PermissionDef {
    PermissionDef::new(key, Scope::Workspace)
}

/// Defines a permission that can also be given by shares on single resources.
#[must_use]
pub fn resource(key: &str) -> PermissionDef {
    PermissionDef::new(key, Scope::Resource)
}

impl PermissionDef {
    /// Defines a permission; see [`organization`], [`workspace`] and [`resource`] for the short forms.
    #[must_use]
    pub fn new(key: &str, scope: Scope) -> Self {
        Self {
            key: key.into(),
            title: String::new(),
            scope,
            recent_authentication: None,
            second_factor: false,
            active_only: false,
            open_while_suspended: false,
            feature: None,
            guards: Vec::new(),
        }
    }

    /// What people call it. Permissions of one title are one row of the matrix.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// Sensitive: whoever uses it must have authenticated within the last `max_age`.
    #[must_use]
    pub const fn sensitive(mut self, max_age: Span) -> Self {
        self.recent_authentication = Some(max_age);
        self
    }

    /// Whoever uses it must have shown a second factor.
    #[must_use]
    pub const fn second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// Needs an active organization: refused while it is archived.
    #[must_use]
    pub const fn active_only(mut self) -> Self {
        self.active_only = true;
        self
    }

    /// Stays open while the organization is suspended or past due, such as fixing the payment.
    #[must_use]
    pub const fn open_while_suspended(mut self) -> Self {
        self.open_while_suspended = true;
        self
    }

    /// Needs a feature of the plan.
    #[must_use]
    pub fn needs_feature(mut self, feature: &str) -> Self {
        self.feature = Some(feature.into());
        self
    }

    /// Guards an action of the crate: whoever does it needs this permission.
    #[must_use]
    pub fn guards(mut self, action: Action) -> Self {
        self.guards.push(action);
        self
    }

    /// What people call it; the key when nobody gave it a title.
    #[must_use]
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.key } else { &self.title }
    }
}
