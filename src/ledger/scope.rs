//! Scopes: what part of all spending something is about. A lot, a limit and a spend are told apart by the same six words.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{OrgId, ResourceId, ServiceId, UserId, WorkspaceId};
use crate::label::Label;

/// A part of all spending: what is named must be so, what is not named may be anything.
///
/// # Shape
/// With nothing named it is everything. A spend names all that is known of it; a lot or a limit whose scope
/// [covers](Self::covers) it applies to it.
///
/// # Examples
/// ```
/// use bailiwick::{UserId, WorkspaceId};
/// use bailiwick::ledger::Scope;
///
/// let (ada, design) = (UserId::from_u64(1).unwrap(), WorkspaceId::from_u64(7).unwrap());
/// let spend = Scope { user: Some(ada), workspace: Some(design), ..Scope::EVERYTHING };
/// assert!(Scope::EVERYTHING.covers(&spend));
/// assert!(Scope { workspace: Some(design), ..Scope::EVERYTHING }.covers(&spend));
/// assert!(!Scope { class: "llm".parse().ok(), ..Scope::EVERYTHING }.covers(&spend));
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// The organization that spends, where it draws on the pool of another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrgId>,
    /// The workspace in which it is spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
    /// The project, or whatever the application calls what the work is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ResourceId>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The service or key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// The class of usage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Label>,
}

impl Scope {
    /// Names nothing, so covers everything.
    pub const EVERYTHING: Self =
        Self { organization: None, workspace: None, project: None, user: None, service: None, class: None };

    /// Whether a spend, or a narrower scope, is within this one. What another organization spends is within scopes that
    /// name it, and within everything.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let shape = self.shape();
        shape.within(other.shape()) && self.agrees(other, shape)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::EVERYTHING {
            return f.write_str("everything");
        }
        let mut between = "";
        let mut word = |f: &mut fmt::Formatter<'_>, name: &str, value: Option<&dyn fmt::Display>| match value {
            None => Ok(()),
            Some(value) => {
                let begin = core::mem::replace(&mut between, ", ");
                write!(f, "{begin}{name} {value}")
            }
        };
        word(f, "organization", self.organization.as_ref().map(|id| id as _))?;
        word(f, "workspace", self.workspace.as_ref().map(|id| id as _))?;
        word(f, "project", self.project.as_ref().map(|id| id as _))?;
        word(f, "user", self.user.as_ref().map(|id| id as _))?;
        word(f, "service", self.service.as_ref().map(|id| id as _))?;
        word(f, "class", self.class.as_ref().map(|class| class as _))
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({self})")
    }
}

/// Whether a spend takes from the pool. Whoever resolves who pays says so; see
/// [`Organization::spender`](crate::Organization::spender).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pays {
    /// The pool pays.
    #[default]
    Pool,
    /// A key of the organization's own pays: metered, nothing taken, no limit asked.
    OwnKey,
    /// Nobody pays, because the member's credits are switched off and the policy lets them go on: metered, nothing taken.
    Nobody,
}

/// Who spends, where, on what, and whether the pool pays.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spender {
    /// Who, where, on what.
    pub scope: Scope,
    /// Whether the pool pays.
    pub pays: Pays,
}

impl Spender {
    /// A spender whose spends the pool pays.
    #[must_use]
    pub const fn new(scope: Scope) -> Self {
        Self { scope, pays: Pays::Pool }
    }
}
