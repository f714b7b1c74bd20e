//! Questions: who may do what, and why.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::{Access, Decision, Explanation, Facts, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{About, Context, Offer, Record};
use crate::directory::Question;
use crate::id::OrgId;
use crate::organization::Organization;
use crate::store::{Store, StoreError};

impl<S: Store> Tenants<S> {
    /// What an actor could do about somebody or something; nothing in an unknown organization.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn allowed_actions(
        &self,
        organization: OrgId,
        context: &Context<'_>,
        about: About,
    ) -> Result<Vec<Offer>, StoreError> {
        wait(self.inner.allowed_actions(organization, context, about))
    }

    /// The records of an organization, in order: read them as a [`Journal`](crate::change::Journal).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal(&self, organization: OrgId) -> Result<Vec<Record>, StoreError> {
        wait(self.inner.journal(organization))
    }

    /// Resolves what an actor may do at a target; take it once per request, then test bits. An unknown organization
    /// grants nothing, and answers as one that the actor has nothing to do with.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn access(
        &self,
        organization: OrgId,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        wait(self.inner.access(organization, actor, target, facts))
    }

    /// Answers one question.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn check(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Decision, StoreError> {
        match self.inner.check_loaded(organization, actor, permission, target, facts)? {
            Some(decision) => Ok(decision),
            None => wait(self.inner.check(organization, actor, permission, target, facts)),
        }
    }

    /// Answers many questions, each as [`check`](Self::check) does, in their order: what they need is fetched together. Answers as many as
    /// both slices have.
    ///
    /// # Shape
    /// Organizations that are not loaded are loaded one after the other. Allocates nothing where all are.
    ///
    /// # Errors
    /// [`StoreError`], when an organization had to be loaded; no decision counts then.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Decision, Facts, Target};
    /// use bailiwick::change::SignUp;
    /// use bailiwick::directory::Question;
    /// use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// tenants.sign_up(home, SignUp { name: Name::new("Ada")?, workspace }, &now.by(ada))?;
    ///
    /// let permission = tenants.catalog().permission("operation.run").unwrap();
    /// let question = Question { organization: home, actor: ada, permission, target: Target::Workspace(workspace) };
    /// let stranger = Question { actor: Actor::User(UserId::from_u64(2).unwrap()), ..question };
    /// let mut decisions = [Decision::Allow; 2];
    /// tenants.check_each(&[question, stranger], &mut decisions, &now)?;
    /// assert_eq!(decisions.map(Decision::code), ["allow", "not_found"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_each(
        &self,
        questions: &[Question<'_>],
        decisions: &mut [Decision],
        facts: &Facts<'_>,
    ) -> Result<(), StoreError> {
        wait(self.inner.check_each(questions, decisions, facts))
    }

    /// Explains the answer to one question, names the event behind every layer, and what would turn the answer: see
    /// [`Organization::nearest`] for what that costs and who may see it. Strangers learn nothing, not even whom they could ask.
    ///
    /// # Errors
    /// [`StoreError`]: the history is read.
    pub fn explain(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        wait(self.inner.explain(organization, actor, permission, target, facts))
    }

    /// Reads an organization. Commands of the same organization wait meanwhile, so be brief, and call nothing of these
    /// tenants inside: a command would wait for itself.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn read<T>(&self, organization: OrgId, read: impl FnOnce(&Organization) -> T) -> Result<Option<T>, StoreError> {
        wait(self.inner.read(organization, read))
    }
}
