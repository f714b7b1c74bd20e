//! MAY THEY? The read path: a question, the rules in order, a decision.
//!
//! | rule | question | when not |
//! | --- | --- | --- |
//! | 1 | does the organization exist? | `not_found` |
//! | 2 | has the actor anything to do with it? | `not_found`, outwardly the same |
//! | 3 | is it in good standing, or does the permission stay open? | `organization_past_due`, `organization_suspended` |
//! | 4 | is it active, or does the permission not need that? | `organization_archived` |
//! | 5 | is the person active, and has the access not ended? | `person_suspended`, `access_ended` |
//! | 6 | does the workspace exist in this organization? | `workspace_not_found` |
//! | 7 | is the permission granted? | `not_granted`, or the layer that took it |
//! | 8 | has the plan the feature? | `needs_feature`, with the plan that has it |
//! | 9 | provider, second factor, recent authentication? | step up |
//! | 10 | | allow |
//!
//! The first rule that answers is the answer. What "granted" means is layered; see [`explain`](Organization::explain),
//! which walks the same rules slowly and shows every layer.
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
mod layers;
mod question;
mod rules;
mod shares;

pub use decision::{Decision, DenyReason, Requirement};
pub use explain::{Effect, Explanation, Layer, LayerKind, Step, Verdict};
pub use question::{Facts, Resource, Share, ShareHolder, Target};

pub(crate) use layers::{Layers, everywhere, layers_in};
#[cfg(feature = "std")]
pub(crate) use rules::resolve;

use crate::actor::Actor;
use crate::catalog::{Catalog, Feature, Permission, PermissionSet, Plan, Provider};
use crate::organization::{Organization, Status, Version};
use crate::time::Timestamp;

/// What one actor may do at one target, resolved: take it once per request, then test bits.
///
/// # Shape
/// A value of a few cache lines that borrows only the catalog. Resolving it costs a few look-ups by id, however many
/// members, roles and permissions there are, and allocates nothing; testing a permission costs a bit test.
/// It speaks of the instant and the version that it was made at; make a new one for the next request.
#[derive(Clone, Debug)]
#[must_use = "an access that nobody tests protects nothing"]
pub struct Access<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) version: Version,
    /// Everything that passes every rule.
    pub(crate) allowed: PermissionSet,
    /// What rule 7 grants.
    pub(crate) granted: PermissionSet,
    /// Rules 1 and 2.
    pub(crate) barred: Option<DenyReason>,
    pub(crate) status: Status,
    /// Rules 5 and 6.
    pub(crate) stopped: Option<DenyReason>,
    pub(crate) layers: Layers,
    /// What the workspace gives and this resource does not, and why.
    pub(crate) hidden: PermissionSet,
    pub(crate) hidden_because: DenyReason,
    /// What a share gives and the member's roles do not allow.
    pub(crate) beyond_role: PermissionSet,
    /// What `restrict` took.
    pub(crate) restricted: PermissionSet,
    /// Rule 8.
    pub(crate) locked: PermissionSet,
    /// Rule 9.
    pub(crate) provider: Option<Provider>,
    pub(crate) no_second_factor: bool,
    pub(crate) authenticated_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

impl Access<'_> {
    /// Whether the permission is allowed: neither denied nor waiting for a step up. One bit test.
    ///
    /// # Examples
    /// See the [module](self).
    #[inline]
    #[must_use]
    pub const fn allows(&self, permission: Permission) -> bool {
        self.allowed.contains(permission)
    }

    /// The decision, with its reason. Constant time, allocates nothing, a denial no dearer than an allow.
    #[inline]
    pub fn check(&self, permission: Permission) -> Decision {
        if self.allows(permission) { Decision::Allow } else { self.not_allowed(permission) }
    }

    /// Everything that is allowed now.
    #[must_use]
    pub const fn allowed(&self) -> PermissionSet {
        self.allowed
    }

    /// Everything that is granted (rule 7), whether or not something else is in the way.
    #[must_use]
    pub const fn granted(&self) -> PermissionSet {
        self.granted
    }

    /// The version of the organization that this speaks of.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
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
        self.restricted |= self.granted - to;
        self.granted = self.granted & to;
        self.allowed = self.allowed & to;
        self
    }

    /// The rules in order, for a permission that is not allowed.
    fn not_allowed(&self, permission: Permission) -> Decision {
        match self.first_denial(permission) {
            Some(reason) => Decision::Deny(reason),
            None => Decision::StepUp(self.requirement(permission)),
        }
    }

    fn first_denial(&self, permission: Permission) -> Option<DenyReason> {
        self.barred
            .or_else(|| self.closed(permission))
            .or(self.stopped)
            .or_else(|| (!self.granted.contains(permission)).then(|| self.not_granted(permission)))
            .or_else(|| self.locked.contains(permission).then(|| self.lacks_feature(permission)))
    }

    /// Rules 3 and 4.
    fn closed(&self, permission: Permission) -> Option<DenyReason> {
        let gates = &self.catalog.gates;
        match self.status {
            Status::Active => None,
            Status::PastDue => {
                gates.closed_while_suspended.contains(permission).then_some(DenyReason::OrganizationPastDue)
            }
            Status::Suspended => {
                gates.closed_while_suspended.contains(permission).then_some(DenyReason::OrganizationSuspended)
            }
            Status::Archived => gates.active_only.contains(permission).then_some(DenyReason::OrganizationArchived),
        }
    }

    /// Rule 7: which layer took it, or that none gave it. The layer nearest to the question is named first.
    fn not_granted(&self, permission: Permission) -> DenyReason {
        let (layers, has) = (&self.layers, |set: &PermissionSet| set.contains(permission));
        if has(&self.restricted) {
            DenyReason::Restricted
        } else if has(&self.beyond_role) {
            DenyReason::ShareBeyondRole
        } else if has(&self.hidden) {
            self.hidden_because
        } else {
            layers.taken_by(permission).unwrap_or(DenyReason::NotGranted)
        }
    }

    /// Rule 8.
    fn lacks_feature(&self, permission: Permission) -> DenyReason {
        self.catalog.needed_feature(permission).map_or(DenyReason::NotGranted, |feature: Feature| {
            let plan: Option<Plan> = self.catalog.smallest_plan_with(feature);
            DenyReason::NeedsFeature { feature, plan }
        })
    }

    /// Rule 9: everything that is missing at once, so that people are asked once.
    fn requirement(&self, permission: Permission) -> Requirement {
        let gates = &self.catalog.gates;
        let stale = |(age, set): &(crate::time::Span, PermissionSet)| {
            set.contains(permission) && !rules::is_recent(self.authenticated_at, self.now, *age)
        };
        Requirement {
            provider: self.provider,
            second_factor: self.no_second_factor && gates.second_factor.contains(permission),
            authentication_within: gates.recent.iter().find(|entry| stale(entry)).map(|(age, _)| *age),
        }
    }
}

impl Organization {
    /// Resolves what an actor may do at a target: rules 1 to 9 for every permission at once.
    ///
    /// # Examples
    /// See the [module](self).
    pub fn access(&self, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        rules::resolve(&self.catalog, self, actor, target, facts)
    }

    /// Answers one question. Prefer [`access`](Self::access) where a request asks several.
    pub fn check(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        self.access(actor, target, facts).check(permission)
    }
}
