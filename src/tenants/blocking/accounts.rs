//! Accounts: orders on ledgers, and who pays.

use std::sync::Arc;
use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{Command, Context};
use crate::id::OrgId;
use crate::ledger::{Entry, Ledger, Receipt, Request, Spender, Transfer};
use crate::organization::Work;
use crate::store::{Store, StoreError};
use crate::tenants::{AccountPreview, Issue, TenantsError};
use crate::time::Timestamp;
use crate::version::Version;

impl<S: Store> Tenants<S> {
    /// Carries out an order on the ledger of an organization: judges it on the newest state, appends its entry, applies it.
    ///
    /// Nobody is asked whether the actor may: this is the platform's door, for billing events, meters and the ends of holds.
    /// What people and services spend goes through [`spend`](Self::spend), which finds out who pays; limits through
    /// [`set_limits`](Self::set_limits). What is about a hold goes to the ledger in which it is, also where that is, or was,
    /// the pool of another organization. The allowance follows from the plan and is nobody's order.
    ///
    /// # Errors
    /// [`TenantsError::Declined`], as the request documents; [`TenantsError::Refused`]: `not_found`, `platform_only` (an
    /// allowance). Nothing has changed, but for [`StoreError::Unknown`]: repeat the order under its key.
    pub fn order(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        wait(self.inner.order(organization, issue, request, by, now))
    }

    /// Sets how many credits may be spent by whom, in the place of an actor who may.
    ///
    /// # Errors
    /// [`TenantsError::Refused`]: as [`Organization::may_set_limits`](crate::Organization::may_set_limits) says, and `platform_only` for any other request;
    /// [`TenantsError::Declined`], as the request documents.
    pub fn set_limits(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        facts: &Facts<'_>,
    ) -> Result<Receipt, TenantsError> {
        wait(self.inner.set_limits(organization, issue, request, by, facts))
    }

    /// Spends in the place of an actor: who pays, and from which pool, follows from the organization, never from the caller.
    ///
    /// `request` makes the order of the spender: a charge, a hold, or a lease. Repeated under its key it is answered as
    /// before, whatever the actor may by then.
    ///
    /// # Errors
    /// [`TenantsError::Refused`], as [`Organization::spender`](crate::Organization::spender) says, `not_found` (the pool is no more), `platform_only` (another
    /// request, or not in the name of the spender); [`TenantsError::Declined`], as the request documents.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::SignUp;
    /// use bailiwick::ledger::{Charge, Credits};
    /// use bailiwick::{Actor, CommandId, HoldId, Issue, Name, OrgId, Tenants, Timestamp, UserId, Work, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// tenants.sign_up(home, SignUp { name: Name::new("Ada")?, workspace }, &now.by(ada))?;
    ///
    /// let issue = Issue { key: CommandId::from_u64(1).unwrap(), at: now.now };
    /// let work = Work { workspace: Some(workspace), class: "llm".parse().ok(), ..Work::default() };
    /// let hold = HoldId::from_u64(1).unwrap();
    /// tenants.spend(home, issue, &work, ada, &now, |spender| Charge { hold, spender, amount: Credits::new(20) })?;
    /// let left = tenants.read_ledger(home, now.now, |ledger| ledger.balance(now.now).spendable)?;
    /// assert_eq!(left, 480); // the plan allocates 500
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spend<R: Into<Request>>(
        &self,
        organization: OrgId,
        issue: Issue,
        work: &Work,
        by: Actor,
        facts: &Facts<'_>,
        request: impl Fn(Spender) -> R,
    ) -> Result<Receipt, TenantsError> {
        wait(self.inner.spend(organization, issue, work, by, facts, request))
    }

    /// Hands credits on to another organization of the same owner, where the policy lets them: void here, granted there. Repeat
    /// it under its key after trouble: whatever was done is not done again, and what was not is.
    ///
    /// # Errors
    /// `not_found` (the actor does not own both), [`TenantsError::Declined`], as [`Transfer`] documents.
    pub fn transfer_credits(
        &self,
        from: OrgId,
        issue: Issue,
        transfer: Transfer,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        wait(self.inner.transfer_credits(from, issue, transfer, by, now))
    }

    /// Reads the ledger of an organization, with what its plan gives and allows. Writes nothing. Orders of the same ledger wait
    /// meanwhile, so be brief, and call nothing of these tenants inside: an order would wait for itself.
    ///
    /// # Errors
    /// [`TenantsError`], when something had to be loaded.
    pub fn read_ledger<T>(
        &self,
        organization: OrgId,
        now: Timestamp,
        read: impl FnOnce(&Ledger) -> T,
    ) -> Result<T, TenantsError> {
        wait(self.inner.read_ledger(organization, now, read))
    }

    /// The entries of a ledger after a version, in order: all of them for a [`Statement`](crate::ledger::Statement); those since the
    /// last time for whoever sends out [alerts](crate::ledger::Alert), for they are here whatever brought them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        wait(self.inner.entries(organization, after))
    }

    /// Says what a command (another plan, other seats, archiving) would do to credits and storage, and does nothing.
    ///
    /// # Errors
    /// [`TenantsError`]; the [`Refusal`](crate::change::Refusal)s of the command.
    pub fn preview_accounts(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<AccountPreview, TenantsError> {
        wait(self.inner.preview_accounts(organization, command, context))
    }
}
