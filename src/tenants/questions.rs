//! Questions: who may do what, and why.

use std::vec::Vec;

use super::AsyncTenants;
use super::load::left_in_order;
use super::told::told_answer;
use crate::access::{Access, Decision, DenyReason, Explanation, Facts, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{About, Context, Journal, Offer, Record};
use crate::directory::Question;
use crate::id::OrgId;
use crate::limits::LOADED_TOGETHER_MAX;
use crate::organization::Organization;
use crate::store::{AsyncStore, StoreError, Stream};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::check`](super::Tenants::check).
    pub async fn check(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Decision, StoreError> {
        if let Some(decision) = self.check_loaded(organization, actor, permission, target, facts)? {
            return Ok(decision);
        }
        let cell = self.cell(organization).await?; // which brings it into the directory
        let decision = cell
            .map_or(Decision::Deny(DenyReason::NotFound), |cell| cell.read().check(actor, permission, target, facts));
        self.tell(organization, permission, decision);
        Ok(decision)
    }

    /// The answer, if the organization is loaded.
    #[inline]
    pub(super) fn check_loaded(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Option<Decision>, StoreError> {
        self.followed.is_fresh()?;
        let decision = self.directory.check_known(organization, actor, permission, target, facts);
        if let Some(decision) = decision {
            self.tell(organization, permission, decision);
        }
        Ok(decision)
    }

    #[inline]
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables, clippy::unused_self, reason = "nobody listens"))]
    fn tell(&self, organization: OrgId, permission: Permission, decision: Decision) {
        told_answer!("check" {
            organization = organization,
            permission = self.catalog.permission_key(permission),
            code = decision.code()
        });
    }

    /// As [`Tenants::check_each`](super::Tenants::check_each).
    pub async fn check_each(
        &self,
        questions: &[Question<'_>],
        decisions: &mut [Decision],
        facts: &Facts<'_>,
    ) -> Result<(), StoreError> {
        self.followed.is_fresh()?;
        self.directory.check_each(questions, decisions, facts);
        // What is not loaded answers as what there is not.
        let not_found = Decision::Deny(DenyReason::NotFound);
        for (question, decision) in questions.iter().zip(decisions).filter(|(_, decision)| **decision == not_found) {
            let Question { organization, actor, permission, target } = *question;
            *decision = self.check(organization, actor, permission, target, facts).await?;
        }
        Ok(())
    }

    /// As [`Tenants::access`](super::Tenants::access).
    pub async fn access(
        &self,
        organization: OrgId,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        loop {
            self.followed.is_fresh()?;
            let access = self.directory.access(organization, actor, target, facts);
            // A stranger is not told a version either. One that was let go before it could be asked is loaded again.
            let is_known = access.version() > Version::ZERO || self.directory.version(organization).is_some();
            if is_known || self.cell(organization).await?.is_none() {
                told_answer!("access" { organization = organization, version = access.version() });
                return Ok(access);
            }
        }
    }

    /// As [`Tenants::explain`](super::Tenants::explain).
    pub async fn explain(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        self.followed.is_fresh()?;
        let copy = match self.cell(organization).await? {
            Some(cell) => cell.read().clone(), // nobody waits for the search
            None => self.unknown(organization),
        };
        let mut explanation = copy.explain(actor, permission, target, facts);
        if explanation.decision != Decision::Deny(DenyReason::NotFound) {
            copy.nearest(actor, permission, target, facts).name_in(&copy, &mut explanation);
        }
        Journal::of(&self.journal(organization).await?).name_events(&mut explanation);
        Ok(explanation)
    }

    /// As [`Tenants::allowed_actions`](super::Tenants::allowed_actions).
    pub async fn allowed_actions(
        &self,
        organization: OrgId,
        context: &Context<'_>,
        about: About,
    ) -> Result<Vec<Offer>, StoreError> {
        let offers = |organization: &Organization| organization.allowed_actions(context, about);
        Ok(self.read(organization, offers).await?.unwrap_or_default())
    }

    /// As [`Tenants::journal`](super::Tenants::journal).
    pub async fn journal(&self, organization: OrgId) -> Result<Vec<Record>, StoreError> {
        let mut records: Vec<Record> = Vec::new();
        loop {
            let after = records.last().map_or(Version::ZERO, |record| record.version);
            let page = self.store.records(organization, after, LOADED_TOGETHER_MAX).await?;
            left_in_order((organization, Stream::Organization), after, page.iter().map(|record| record.version))?;
            let is_last = page.len() < LOADED_TOGETHER_MAX;
            records.extend(page);
            if is_last {
                return Ok(records);
            }
        }
    }

    /// As [`Tenants::read`](super::Tenants::read).
    pub async fn read<T>(
        &self,
        organization: OrgId,
        read: impl FnOnce(&Organization) -> T,
    ) -> Result<Option<T>, StoreError> {
        self.followed.is_fresh()?;
        Ok(self.cell(organization).await?.map(|cell| read(&cell.read())))
    }
}
