//! Decisions: closed answers, open reasons, each reason with a stable code.

use core::fmt;

use crate::catalog::{Feature, Plan, Provider};
use crate::codes::codes;
use crate::time::Span;

/// May they? Exhaustive on purpose: another answer must break every caller's build.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[must_use = "an unread decision protects nothing"]
pub enum Decision {
    /// Yes.
    Allow,
    /// No.
    Deny(DenyReason),
    /// Yes, once what is missing has been shown.
    StepUp(Requirement),
}

impl Decision {
    /// Whether it is a plain yes.
    #[must_use]
    pub const fn is_allow(self) -> bool {
        matches!(self, Self::Allow)
    }

    /// The stable code: `allow`, `step_up`, or that of the reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::StepUp(_) => "step_up",
            Self::Deny(reason) => reason.code(),
        }
    }

    /// The stable number, for languages without texts: 0 for `allow`, that of the [refusal](crate::change::Refusal::StepUp) for
    /// `step_up`, that of the reason.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Allow => 0,
            Self::StepUp(_) => 102,
            Self::Deny(reason) => reason.number(),
        }
    }
}

/// What has to be shown first: everything that is missing, so that people are asked once.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Requirement {
    /// Signing in through this identity provider.
    pub provider: Option<Provider>,
    /// A second factor.
    pub second_factor: bool,
    /// Authenticating again: the last time must not be longer ago than this.
    pub authentication_within: Option<Span>,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joint = "";
        if self.provider.is_some() {
            f.write_str("sign in through the required identity provider")?;
            joint = ", ";
        }
        if self.second_factor {
            write!(f, "{joint}show a second factor")?;
            joint = ", ";
        }
        if let Some(within) = self.authentication_within {
            write!(f, "{joint}authenticate again (within {within})")?;
        }
        Ok(())
    }
}

codes! {
    /// Why not. For logs and support screens; never branch on it to grant.
    ///
    /// # Shape
    /// The code and the number of a reason never change; reasons are only added.
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    pub enum DenyReason, self: Self;

    /// The organization does not exist, or the actor has nothing to do with it; outwardly the same (rules 1 and 2).
    NotFound = 1, "not_found", "there is no such organization";
    /// The organization is past due, and the permission does not stay open (rule 3).
    OrganizationPastDue = 2, "organization_past_due", "the organization is past due";
    /// The organization is suspended, and the permission does not stay open (rule 3).
    OrganizationSuspended = 3, "organization_suspended", "the organization is suspended";
    /// The organization is archived, and the permission needs an active one (rule 4).
    OrganizationArchived = 4, "organization_archived", "the organization is archived";
    /// The member or collaborator is suspended (rule 5).
    PersonSuspended = 5, "person_suspended", "the person is suspended in this organization";
    /// Everything that was given to the collaborator has ended (rule 5).
    AccessEnded = 6, "access_ended", "the access has ended";
    /// There is no such workspace in this organization (rule 6).
    WorkspaceNotFound = 7, "workspace_not_found", "there is no such workspace";
    /// No layer gave it (rule 7).
    NotGranted = 8, "not_granted", "nothing gives this permission here";
    /// The roles give it, and the role that overrides them here does not (rule 7).
    ReplacedByOverride = 9, "replaced_by_override", "the role given in this workspace instead does not have it";
    /// A rule of a group or team takes it here (rule 7).
    TakenByRule = 10, "taken_by_rule", "a rule of a group or team takes it in this workspace";
    /// The person's row here removes it (rule 7).
    RemovedByOverride = 11, "removed_by_override", "the access row in this workspace removes it";
    /// The person sees only what is shared, and this is not (rule 7).
    NotShared = 12, "not_shared", "the resource is not shared with this person";
    /// The resource is somebody's personal one, and not shared (rule 7).
    Private = 13, "private", "the resource is somebody else's personal one";
    /// A share gives it, and the member's roles do not go that far (rule 7).
    ShareBeyondRole = 14, "share_beyond_role", "a share gives it, but the member's roles do not go that far";
    /// The token or key in use was not given it (rule 7).
    Restricted = 15, "restricted", "the token or key in use does not carry this permission";
    /// The plan lacks the feature (rule 8).
    NeedsFeature {
        /// The feature.
        feature: Feature,
        /// The smallest plan that has it, if one has.
        plan: Option<Plan>,
    } = 16, "needs_feature", "the plan does not include this";
    /// Staff acts in somebody's place, and the permission is sensitive (rule 7).
    NotForStaff = 17, "not_for_staff", "sensitive permissions are not for staff in somebody's place";
    /// The workspace is archived, and the permission needs an active one (rule 6).
    WorkspaceArchived = 18, "workspace_archived", "the workspace is archived";
}
