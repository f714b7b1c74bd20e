//! Commands, judged on the newest state, appended and applied.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::Facts;
use crate::change::{Command, Context, CreateOrganization, Outcome, SignUp};
use crate::id::{OrgId, UserId};
use crate::organization::Disposition;
use crate::store::Store;
use crate::tenants::TenantsError;
use crate::version::Version;

impl<S: Store> Tenants<S> {
    /// Makes the personal organization of a user, or finds the one that there is: signing up twice is signing up once.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`](crate::change::Refusal)s as [`SignUp`] documents them, `already_exists` only for an id that is taken.
    pub fn sign_up(&self, id: OrgId, command: SignUp, context: &Context<'_>) -> Result<OrgId, TenantsError> {
        wait(self.inner.sign_up(id, command, context))
    }

    /// Makes a team organization under an id of the caller's. How many the user owns already is counted here, where the
    /// policy asks; two creations of one user at the same instant can both be counted as the last one.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`](crate::change::Refusal)s as [`CreateOrganization`] documents them, and `name_taken`.
    pub fn create(
        &self,
        id: OrgId,
        command: CreateOrganization,
        context: &Context<'_>,
    ) -> Result<Version, TenantsError> {
        wait(self.inner.create(id, command, context))
    }

    /// Carries out a command: judges it on the newest state, appends its events, applies them. Answers with the events,
    /// some of which ask the caller to act (send an invitation, say).
    ///
    /// # Errors
    /// [`TenantsError`]. Nothing has changed, but for [`StoreError::Unknown`](crate::store::StoreError::Unknown).
    pub fn handle(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        wait(self.inner.handle(organization, command, context))
    }

    /// Deletes an organization. Whether the actor owns the organization that takes over is looked up here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`](crate::change::Refusal)s as [`DeleteOrganization`](crate::change::DeleteOrganization) documents them.
    pub fn delete(
        &self,
        organization: OrgId,
        disposition: Disposition,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        wait(self.inner.delete(organization, disposition, context))
    }

    /// Removes a user whose account is deleted from every organization, and deletes their personal one. Nothing happens
    /// while a team organization would be left without an owner.
    ///
    /// # Shape
    /// One organization after the other, the personal one last: after trouble on the way, do it again. Organizations that
    /// are deleted and not purged yet, and those that the user has left, are not among them.
    ///
    /// # Errors
    /// [`TenantsError::StillOwner`] names the organizations that need another owner first.
    pub fn erase(&self, user: UserId, facts: &Facts<'_>) -> Result<Vec<OrgId>, TenantsError> {
        wait(self.inner.erase(user, facts))
    }
}
