//! Scopes: what part of all spending something is about. A lot, a limit and a spend are told apart by the same six words.

use core::fmt;
use core::hash::{Hash, Hasher};

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
#[derive(Clone, Copy, Default, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
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
        fn within<T: PartialEq>(wide: Option<T>, narrow: Option<T>) -> bool {
            wide.is_none() || wide == narrow
        }
        // What is said of nobody else is said of the organization whose ledger it is: workspaces of guests are not its own.
        let of_guest = other.organization.is_some() && self.organization.is_none();
        (!of_guest || *self == Self::EVERYTHING)
            && within(self.organization, other.organization)
            && within(self.workspace, other.workspace)
            && within(self.project, other.project)
            && within(self.user, other.user)
            && within(self.service, other.service)
            && within(self.class, other.class)
    }

    /// Which words it names, as bits.
    pub(super) fn shape(&self) -> Shape {
        let bit = |named: bool, at: u8| u8::from(named) << at;
        Shape(
            bit(self.organization.is_some(), 0)
                | bit(self.workspace.is_some(), 1)
                | bit(self.project.is_some(), 2)
                | bit(self.user.is_some(), 3)
                | bit(self.service.is_some(), 4)
                | bit(self.class.is_some(), 5),
        )
    }

    /// What is left of it when only the words of a shape are kept.
    pub(super) fn shaped(&self, shape: Shape) -> Self {
        fn keep<T>(value: Option<T>, shape: Shape, at: u8) -> Option<T> {
            value.filter(|_| shape.0 & (1 << at) != 0)
        }
        Self {
            organization: keep(self.organization, shape, 0),
            workspace: keep(self.workspace, shape, 1),
            project: keep(self.project, shape, 2),
            user: keep(self.user, shape, 3),
            service: keep(self.service, shape, 4),
            class: keep(self.class, shape, 5),
        }
    }
}

/// Which words a scope names.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Shape(u8);

impl Shape {
    /// Whether everything that this shape names is named by the other, too.
    pub(super) const fn within(self, other: Self) -> bool {
        let of_guest = other.0 & 1 != 0 && self.0 & 1 == 0;
        self.0 & !other.0 == 0 && (!of_guest || self.0 == 0)
    }

    /// How many words it names.
    pub(super) const fn words(self) -> u32 {
        self.0.count_ones()
    }

    /// Orders shapes as scopes of these shapes are ordered: what is not named comes first.
    pub(super) const fn order(self) -> u8 {
        self.0.reverse_bits()
    }
}

/// Hashes what is named and nothing else: most scopes name one or two words.
impl Hash for Scope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.shape().0);
        let ids = [
            self.organization.map(OrgId::as_u128),
            self.workspace.map(WorkspaceId::as_u128),
            self.project.map(ResourceId::as_u128),
            self.user.map(UserId::as_u128),
            self.service.map(ServiceId::as_u128),
        ];
        ids.into_iter().flatten().for_each(|id| state.write_u128(id));
        if let Some(class) = self.class {
            class.hash(state);
        }
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
