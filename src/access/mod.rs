//! MAY THEY? The read path: a question, the rules in order, a decision.
//!
//! | rule | question | when not |
//! | --- | --- | --- |
//! | 1 | does the organization exist? | `not_found` |
//! | 2 | has the actor anything to do with it? | `not_found`, outwardly the same |
//! | 3 | is it in good standing, or does the permission stay open? | `organization_past_due`, `organization_suspended` |
//! | 4 | is it active, or does the permission not need that? | `organization_archived` |
//! | 5 | is the person active, and has the access not ended? | `person_suspended`, `access_ended` |
//! | 6 | does the workspace exist in this organization, and is it not archived? | `workspace_not_found`, `workspace_archived` |
//! | 7 | is the permission granted? | `not_granted`, or the layer that took it |
//! | 8 | has the plan the feature? | `needs_feature`, with the plan that has it |
//! | 9 | provider, second factor, recent authentication? | step up |
//! | 10 | | allow |
//!
//! The first rule that answers is the answer. What "granted" means is layered; see [`explain`](Organization::explain),
//! which walks the same rules slowly and shows every layer. What would turn an answer says
//! [`nearest`](Organization::nearest).
//!
//! Resolve once per request, then test bits:
//!
//! ```
//! # use std::sync::Arc;
//! # use bailiwick::change::{Command, SignUp};
//! # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
//! use bailiwick::access::{Decision, Facts, Target};
//! # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
//! # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
//! # let workspace = WorkspaceId::from_u64(1).unwrap();
//! # let mut organization = Organization::new(home, Arc::clone(&catalog));
//! let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
//! # let sign_up = SignUp { name: Name::new("Ada")?, workspace };
//! # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
//!
//! let access = organization.access(Actor::User(ada), Target::Workspace(workspace), &now);
//! let run = catalog.permission("operation.run").unwrap();   // once, at start-up
//! assert!(access.allows(run));                              // a bit test
//! assert_eq!(access.check(run), Decision::Allow);           // with the reason, should it be another
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decision;
mod explain;
mod explanation;
mod layers;
mod lens;
mod question;
mod rules;
pub(crate) mod shares;
mod who;

pub use decision::{Decision, DenyReason, Requirement};
pub use explanation::{Effect, Explanation, Layer, LayerKind, Step, Turn, TurnStep, Verdict};
pub use question::{Facts, Resource, Share, ShareHolder, Target};

pub(crate) use layers::{Layers, everywhere, layers_in};
pub(crate) use lens::{Every, One};
pub(crate) use rules::{Opened, Resolved, at_organization, could_do};
// What a directory is compiled with and judged by.
pub(crate) use who::Who;
#[cfg(feature = "std")]
pub(crate) use {
    layers::layers_without_rules,
    lens::Lens,
    rules::{Scene, Standing},
    shares::Kin,
};

use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet};
use crate::organization::Organization;
use crate::version::Version;
use rules::resolve;

/// What one actor may do at one target, resolved: take it once per request, then test bits.
///
/// # Shape
/// A value of a few cache lines that borrows only the catalog. Resolving it costs a few look-ups by id, however many
/// members, roles and permissions there are, and allocates nothing; testing a permission costs a bit test.
/// It speaks of the instant and the version that it was made at; make a new one for the next request.
#[derive(Clone, Debug)]
#[must_use = "an access that nobody tests protects nothing"]
pub struct Access<'c> {
    resolved: Resolved<'c, PermissionSet>,
}

impl<'c> Access<'c> {
    /// What was resolved elsewhere.
    #[cfg(feature = "std")]
    pub(crate) const fn of(resolved: Resolved<'c, PermissionSet>) -> Self {
        Self { resolved }
    }

    /// Whether the organization is there at all, as far as the actor can tell (rules 1 and 2).
    pub(crate) const fn is_barred(&self) -> bool {
        self.resolved.barred.is_some()
    }

    /// Whether the permission is allowed: neither denied nor waiting for a step up. One bit test.
    ///
    /// # Examples
    /// See the [module](self).
    #[inline]
    #[must_use]
    pub const fn allows(&self, permission: Permission) -> bool {
        self.resolved.allowed.contains(permission)
    }

    /// The decision, with its reason. Constant time, allocates nothing, a denial no dearer than an allow.
    #[inline]
    pub fn check(&self, permission: Permission) -> Decision {
        self.resolved.decide(permission)
    }

    /// Everything that is allowed now.
    #[must_use]
    pub const fn allowed(&self) -> PermissionSet {
        self.resolved.allowed
    }

    /// Everything that is granted (rule 7), whether or not something else is in the way.
    #[must_use]
    pub const fn granted(&self) -> PermissionSet {
        self.resolved.granted
    }

    /// The version of the organization that this speaks of; zero to strangers.
    #[must_use]
    pub const fn version(&self) -> Version {
        if self.is_barred() { Version::ZERO } else { self.resolved.version }
    }

    /// Narrows every answer to a set, for tokens and delegated keys: an intersection, never a gain.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::{Decision, DenyReason, Facts, Target};
    /// # use bailiwick::catalog::PermissionSet;
    /// # use bailiwick::change::{Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
    /// # let mut organization = Organization::new(home, Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// # let run = catalog.permission("operation.run").unwrap();
    /// let token = PermissionSet::EMPTY; // a key that was given nothing
    /// let access = organization.access(Actor::User(ada), Target::Organization, &now).restrict(token);
    /// assert_eq!(access.check(run), Decision::Deny(DenyReason::Restricted));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn restrict(mut self, to: PermissionSet) -> Self {
        let resolved = &mut self.resolved;
        resolved.restricted |= resolved.granted - to;
        resolved.granted = resolved.granted & to;
        resolved.allowed = resolved.allowed & to;
        self
    }
}

impl Organization {
    /// Resolves what an actor may do at a target: rules 1 to 9 for every permission at once.
    ///
    /// # Examples
    /// See the [module](self).
    pub fn access(&self, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        Access { resolved: resolve(Every, self, actor, target, facts) }
    }

    /// The facts of somebody who is signed in as well as anybody asks, so that nothing is left to step up to.
    pub(crate) fn proven<'f>(&self, facts: &Facts<'f>) -> Facts<'f> {
        Facts {
            authenticated_at: Some(facts.now),
            second_factor: true,
            provider: self.required_provider(facts.now),
            ..*facts
        }
    }

    /// Answers one question. Prefer [`access`](Self::access) where a request asks several.
    pub fn check(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        resolve(One(permission), self, actor, target, facts).decide(permission)
    }
}
