//! Questions: who may do what, and why.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::{Access, Decision, Explanation, Facts, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{About, Context, Offer, Record};
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
