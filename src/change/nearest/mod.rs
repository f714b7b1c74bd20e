//! The nearest change: what would turn an answer, and whose it is to make. For screens that say whom to ask.
//!
//! Proposals are made rule by rule ([`giving`], [`taking`], [`shares`]); whether one is accepted, from whom, and what is answered
//! then, is found out by judging it and applying it to a copy ([`search`], [`situation`]). So what is named is never a lie.

mod giving;
mod owning;
mod question;
mod search;
mod shares;
mod situation;
mod taking;
#[cfg(test)]
mod tests;
mod words;

use alloc::vec::Vec;

use super::Command;
use crate::access::{Decision, DenyReason, Facts, Requirement, Target};
use crate::actor::Actor;
use crate::catalog::{Permission, RoleKey};
use crate::id::{ResourceId, UserId};
use crate::organization::Organization;
use crate::sharing::{ShareCommand, Sheet};
use question::Question;
use search::Search;
use situation::Situation;

/// What would turn an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Nearest {
    /// It is denied, and this would change it.
    Gives(Remedy),
    /// It is allowed (or waits for a step up), and each of these by itself would take it away: the smallest loss first. A share
    /// that gives it is among them where its sheet is [known](Organization::nearest_among).
    Takes(Vec<Step>),
    /// It is denied, and nothing was found that changes that.
    OutOfReach(Obstacle),
}

/// The smallest set of changes after which a denied question is not denied any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The changes, to be made in this order. Without any one of them the answer stays no.
    pub steps: Vec<Step>,
    /// What whoever asks still has to show after that, if anything.
    pub step_up: Option<Requirement>,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What to do.
    pub change: Change,
    /// From whom it would be accepted, once they are signed in as well as anybody asks: in the order in which they joined, at most
    /// [`NEAREST_PEOPLE_MAX`](crate::limits::NEAREST_PEOPLE_MAX). Nobody: it is the platform's alone.
    pub by: Vec<Somebody>,
    /// Whether there are more of them.
    pub more: bool,
}

/// A command that makes a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// One of the organization's. Invitations are made under an id that is free, with an address and a secret to be replaced,
    /// and so is the answer to one.
    Organization(Command),
    /// One about the shares on this resource or container. A new share is made under an id that is free on the sheets that were
    /// given.
    Share(ResourceId, ShareCommand),
}

impl Change {
    /// The command of the organization, if it is one.
    #[must_use]
    pub const fn command(&self) -> Option<&Command> {
        match self {
            Self::Organization(command) => Some(command),
            Self::Share(..) => None,
        }
    }
}

impl From<Command> for Change {
    fn from(command: Command) -> Self {
        Self::Organization(command)
    }
}

/// Somebody who can make a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Somebody {
    /// Who.
    pub user: UserId,
    /// Their roles; none for a collaborator, or for whoever answers an invitation.
    pub roles: Vec<RoleKey>,
}

/// Why no command turns a no into a yes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Obstacle {
    /// There is no such organization, or it is gone for good.
    NoOrganization,
    /// There is no such workspace.
    NoWorkspace,
    /// Whoever asks is nobody to whom something can be given: a link, the directory, the platform, an unknown service.
    Nobody,
    /// The permission is sensitive, and staff acts: the user has to do it in person.
    Staff,
    /// No plan has the feature; the application switches it on.
    NoPlan,
    /// Only a share opens the resource, and nobody here can give it.
    Share,
    /// The resource is this user's own, and they cannot share it.
    Private(UserId),
    /// The search found nothing: limits, seats, policy or authority are in the way, or more stands in it than was looked through.
    NotFound,
}

impl Organization {
    /// Says what would turn the answer to a question: for one that is denied the smallest set of changes that would allow it,
    /// and who may make them; for one that is allowed, what would take it away.
    ///
    /// # Shape
    /// Each rule that stops needs its own change. A change that somebody of the organization can make goes before one of the
    /// platform's; then fewer changes go before more, and of as many those by which people lose least, then those that give least
    /// to anybody. Nobody is made an owner for what anything else allows. Slow: each proposal that is accepted costs a copy of the
    /// organization, and the first few roles (by rank and size) that would do are tried. What is shared is known as far as the
    /// target says; [`nearest_among`](Self::nearest_among) knows the sheets.
    /// For screens, not for requests. It names people of the organization: show it to those who may see them, and never to strangers.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::{Facts, Target};
    /// # use bailiwick::change::{AddMember, Command, Nearest, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::STUDIO)?);
    /// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # let now = now.through(catalog.provider("linkedin").unwrap());
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// # let add = AddMember { user: bob, roles: vec!["viewer".into()], access: vec![] };
    /// # for record in organization.handle(&Command::from(add), &now.by(Actor::System))? { organization.apply(&record); }
    /// let create = catalog.permission("project.create").unwrap();
    /// let Nearest::Gives(remedy) = organization.nearest(Actor::User(bob), create, Target::Organization, &now) else {
    ///     unreachable!("a viewer creates no projects")
    /// };
    /// let [step] = &remedy.steps[..] else { unreachable!("one change is enough") };
    /// assert_eq!(step.by[0].user, ada);
    ///
    /// // A button on Ada's screen carries it out.
    /// for record in organization.handle(step.change.command().unwrap(), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// assert!(organization.check(Actor::User(bob), create, Target::Organization, &now).is_allow());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn nearest(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Nearest {
        self.nearest_among(&[], actor, permission, target, facts)
    }

    /// As [`nearest`](Self::nearest), with the sheets of a resource and its containers: so that a share that gives it can be named, and a
    /// new one gets an id that is free.
    #[must_use]
    pub fn nearest_among(
        &self,
        sheets: &[Sheet],
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Nearest {
        let question = Question { actor, permission, target, facts, sheets };
        let situation = Situation::of(self, &question);
        match situation.answers(&question) {
            Decision::Deny(reason) => Search::new(question).gives(&situation, reason),
            Decision::Allow | Decision::StepUp(_) => Nearest::Takes(Search::new(question).takes(&situation)),
        }
    }
}

impl Obstacle {
    /// The obstacle behind a denial that nothing was found against.
    fn behind(organization: &Organization, question: &Question<'_>, reason: DenyReason) -> Self {
        match reason {
            DenyReason::NotFound if !organization.is_open() => Self::NoOrganization,
            DenyReason::NotFound if matches!(question.actor, Actor::Link(_)) => Self::Share,
            DenyReason::NotFound if question.subject(organization).is_none() => Self::Nobody,
            DenyReason::WorkspaceNotFound => Self::NoWorkspace,
            DenyReason::NotForStaff => Self::Staff,
            DenyReason::NeedsFeature { plan: None, .. } => Self::NoPlan,
            DenyReason::Private => {
                question.resource().and_then(|resource| resource.personal_owner).map_or(Self::Share, Self::Private)
            }
            _ if matches!(question.actor, Actor::Link(_)) || question.is_for_sharing(organization) => Self::Share,
            _ => Self::NotFound,
        }
    }
}
