//! WHAT IS LEGAL AND LIKELY WRONG? Findings about a catalog, and about one organization.
//!
//! What cannot be is a mistake and is refused when a catalog is [built](crate::catalog::CatalogBuilder::build); what must not
//! be is a violation and is named by the [audit](crate::Organization::audit). Here is the rest: each thing is allowed by
//! itself, and together they leave somebody puzzled. A finding is data: a stable [code](Lint::code), the [place](Place), the
//! facts, and what to do. Nothing is guessed from names; what is not in the definitions is not looked for.
//!
//! Whether somebody could do a thing is asked of the code that judges commands, in an organization made for the purpose.
//!
//! # Examples
//! ```
//! use bailiwick::catalog::{Catalog, PlanDef, Reach, RoleDef, workspace};
//! use bailiwick::lint::{Lint, Place};
//!
//! let catalog = Catalog::builder("notes")
//!     .permission(workspace("note.read"))
//!     .role(RoleDef::new("owner", 2).owner().reach(Reach::All))
//!     .role(RoleDef::new("reader", 1).allows(["note.read"]))
//!     .plan(PlanDef::new("free", 0))
//!     .build()?;
//! let findings = catalog.lint();
//!
//! // Nobody may invite, so nobody ever becomes a reader; and neither a team nor a user can be on the plan.
//! assert!(findings.iter().any(|f| f.lint == Lint::UnassignableRole && f.place == Place::Role("reader".into())));
//! let plan = findings.iter().find(|f| f.lint == Lint::UnusedPlan).unwrap();
//! assert_eq!(plan.to_string(), "plan `free`: no organization can be on it; let team organizations be on it, or drop it [unused_plan]");
//! # Ok::<(), bailiwick::document::Mistakes>(())
//! ```

mod catalog;
mod code;
mod organization;

pub use code::Lint;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::access::Facts;
use crate::actor::Actor;
use crate::catalog::{Action, Catalog, FeatureSet};
use crate::change::{Command, Refusal};
use crate::id::{InvitationId, ResourceId, ServiceId, ShareId, TeamId, UserId, WorkspaceId};
use crate::organization::{Organization, RuleFor};
use crate::sharing::Sheet;
use crate::time::Timestamp;

/// One thing that is legal and likely wrong.
///
/// # Shape
/// Displayed as one line: the place, what is so, the facts, what to do, the code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What it is.
    pub lint: Lint,
    /// Where it is.
    pub place: Place,
    /// The facts of this case; empty where the place says it all.
    pub facts: String,
}

/// Where something was found: a definition of the catalog by its key, or a thing of the organization by its id.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// A permission.
    Permission(String),
    /// An action of the crate.
    Action(Action),
    /// A role, of the catalog or custom.
    Role(String),
    /// A system group.
    Group(String),
    /// A plan.
    Plan(String),
    /// A feature.
    Feature(String),
    /// An option of the policy, by its path in the file form.
    Option(&'static str),
    /// The organization.
    Organization,
    /// A member or collaborator.
    Person(UserId),
    /// The row of a person in a workspace.
    Row {
        /// Whose.
        user: UserId,
        /// Where.
        workspace: WorkspaceId,
    },
    /// The rule of a group or team in a workspace.
    Rule {
        /// Where.
        workspace: WorkspaceId,
        /// Whom it is about.
        holder: RuleFor,
    },
    /// An invitation.
    Invitation(InvitationId),
    /// A team.
    Team(TeamId),
    /// A service.
    Service(ServiceId),
    /// A share on a resource.
    Share {
        /// Which resource.
        resource: ResourceId,
        /// Which share on it.
        share: ShareId,
    },
    /// A limit of the plan.
    Limit(String),
}

impl Catalog {
    /// Finds what is legal and likely wrong in a catalog.
    ///
    /// # Shape
    /// In the order of the definitions: permissions and actions, roles, groups, plans and features, options. Slow: roles are tried
    /// out one by one in an organization made for the purpose. For a test of the application and for editors of catalogs.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::catalog::Catalog;
    ///
    /// let catalog: Catalog = toml::from_str(bailiwick::presets::AGENCY)?;
    /// assert_eq!(catalog.lint(), []);
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    #[must_use]
    pub fn lint(&self) -> Vec<Finding> {
        catalog::lint(self)
    }
}

impl Organization {
    /// Finds what is legal and likely wrong with the shares on one resource.
    #[must_use]
    pub fn lint_shares(&self, sheet: &Sheet, now: Timestamp) -> Vec<Finding> {
        organization::shares::lint(self, sheet, now)
    }

    /// Finds what is legal and likely wrong in an organization at a time. Empty for one that is not there, or deleted.
    ///
    /// # Shape
    /// People and their rows first, then workspaces, teams, invitations, services, roles, plan. Reads everything once: for
    /// a report, not for requests.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{AddMember, Command, CreateTeam, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, TeamId, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::lint::{Lint, Place};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let ada = UserId::from_u64(1).unwrap();
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// assert_eq!(organization.lint(now.now), []);
    ///
    /// let team = TeamId::from_u64(1).unwrap();
    /// let create = Command::from(CreateTeam { team, name: Name::new("Design")? });
    /// for record in organization.handle(&create, &now.by(Actor::System))? { organization.apply(&record); }
    /// let found = organization.lint(now.now);
    /// assert_eq!((found[0].lint, &found[0].place), (Lint::EmptyTeam, &Place::Team(team)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lint(&self, now: Timestamp) -> Vec<Finding> {
        organization::lint(self, now)
    }
}

/// Whether a command is for somebody to give, plans and seats aside, who is signed in as well as anybody asks.
fn is_for(organization: &Organization, command: &Command, user: UserId, now: Timestamp) -> bool {
    let features: FeatureSet = organization.catalog().features().collect();
    let facts = organization.proven(&Facts::at(now)).with_features(features);
    match organization.handle(command, &facts.by(Actor::User(user))) {
        Ok(_) | Err(Refusal::LimitReached { .. } | Refusal::SeatLimit { .. }) => true,
        Err(_) => false,
    }
}

impl Finding {
    const fn new(lint: Lint, place: Place, facts: String) -> Self {
        Self { lint, place, facts }
    }

    /// Where the place says it all.
    const fn plain(lint: Lint, place: Place) -> Self {
        Self::new(lint, place, String::new())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joint = if self.facts.is_empty() { "" } else { " (" };
        let end = if self.facts.is_empty() { "" } else { ")" };
        let (says, advice, code) = (self.lint.says(), self.lint.advice(), self.lint.code());
        write!(f, "{}: {says}{joint}{}{end}; {advice} [{code}]", self.place, self.facts)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permission(key) => write!(f, "permission `{key}`"),
            Self::Action(action) => write!(f, "action `{}`", action.as_str()),
            Self::Role(key) => write!(f, "role `{key}`"),
            Self::Group(key) => write!(f, "group `{key}`"),
            Self::Plan(key) => write!(f, "plan `{key}`"),
            Self::Feature(key) => write!(f, "feature `{key}`"),
            Self::Option(path) => write!(f, "`{path}`"),
            Self::Organization => f.write_str("the organization"),
            Self::Person(user) => write!(f, "user {user}"),
            Self::Row { user, workspace } => write!(f, "access of user {user} to workspace {workspace}"),
            Self::Rule { workspace, holder: RuleFor::Group(key) } => {
                write!(f, "rule of group `{key}` in workspace {workspace}")
            }
            Self::Rule { workspace, holder: RuleFor::Team(team) } => {
                write!(f, "rule of team {team} in workspace {workspace}")
            }
            Self::Invitation(invitation) => write!(f, "invitation {invitation}"),
            Self::Team(team) => write!(f, "team {team}"),
            Self::Service(service) => write!(f, "service {service}"),
            Self::Share { resource, share } => write!(f, "share {share} on resource {resource}"),
            Self::Limit(key) => write!(f, "limit `{key}`"),
        }
    }
}
