//! Prepared commands: judged here, and committed by whoever has a transaction of their own.

use super::{AsyncTenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{Command, Context, Outcome, Refusal};
use crate::id::{CommandId, OrgId};
use crate::organization::Organization;
use crate::rows::RowChanges;
#[cfg(doc)]
use crate::store::StoreError;
use crate::store::{Append, AsyncStore, Batch, Keys};
use crate::time::Timestamp;
use crate::version::Version;

/// A command that was judged and is not carried out: what is to be appended, by a caller who commits it together with something of their own.
///
/// Nothing of it is known to anybody, and nothing is held for it: others go on, and whoever is faster makes the append a
/// [`Conflict`](crate::store::Appended::Conflict). Dropped, or rolled back with its transaction, it leaves no trace.
///
/// # Examples
/// As [`AsyncTenants::prepare`].
#[derive(Clone, Debug)]
pub struct Prepared {
    organization: OrgId,
    expected: Version,
    outcome: Outcome,
    keys: Keys,
    rows: RowChanges,
    operation: Option<CommandId>,
    now: Timestamp,
}

impl Prepared {
    /// What is to be appended.
    #[must_use]
    pub fn append(&self) -> Append<'_> {
        let batch = Batch::Organization(&self.outcome.records);
        let Self { organization, expected, keys, rows, .. } = self;
        Append { organization: *organization, expected: *expected, batch, keys, rows }
    }

    /// What comes of it, if it is committed.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// Judges a command on the newest state, and carries nothing out: whoever has a transaction of their own in the store's database appends
    /// it there, with `append_in` of [the store](crate::store), and commits both or neither. Then [`confirm`](Self::confirm).
    ///
    /// # Shape
    /// Every command of an organization, those that make one included; not orders on its ledger. A command with an id that was carried out
    /// before is prepared as it was carried out, and its append answers [`Replayed`](crate::store::Appended::Replayed): the caller's own
    /// part is there already. After [`Conflict`](crate::store::Appended::Conflict) prepare it again; a unique key that leads somewhere else
    /// is [`Claimed`](crate::store::Appended::Claimed), and for people `name_taken`.
    ///
    /// # Errors
    /// As [`handle`](Self::handle); nothing has changed.
    ///
    /// # Examples
    /// A member and a row of the caller's own, together or not at all.
    #[cfg_attr(feature = "postgres", doc = "```no_run")]
    #[cfg_attr(not(feature = "postgres"), doc = "```ignore")]
    /// # use std::sync::Arc;
    /// use bailiwick::change::{AddMember, Context, Outcome};
    /// use bailiwick::store::{Appended, postgres::PostgresStore};
    /// use bailiwick::{AsyncTenants, OrgId};
    ///
    /// async fn hire(
    ///     tenants: &AsyncTenants<Arc<PostgresStore>>,
    ///     organization: OrgId,
    ///     member: AddMember,
    ///     context: &Context<'_>, // with an id, so that what became of a lost commit can be found out
    /// ) -> Result<Outcome, Box<dyn std::error::Error>> {
    ///     let mut client = tenants.store().pool().get().await?;
    ///     loop {
    ///         let prepared = tenants.prepare(organization, member.clone(), context).await?;
    ///         let transaction = client.transaction().await?;
    ///         match tenants.store().append_in(&transaction, &prepared.append()).await? {
    ///             Appended::Applied => {
    ///                 transaction.execute("insert into desk (owner) values ($1)", &[&member.user.to_string()]).await?;
    ///                 let committed = transaction.commit().await; // both, or neither
    ///                 match tenants.confirm(&prepared).await? {
    ///                     Some(outcome) => return Ok(outcome),
    ///                     None => committed?, // it was rolled back, and why
    ///                 }
    ///             }
    ///             Appended::Replayed(_) => {
    ///                 transaction.rollback().await?;
    ///                 return Ok(tenants.confirm(&prepared).await?.ok_or("it is not there any more")?);
    ///             }
    ///             Appended::Conflict => transaction.rollback().await?, // judge again
    ///             Appended::Claimed { by } => return Err(format!("{by} has that name").into()),
    ///         }
    ///     }
    /// }
    #[doc = "```"]
    pub async fn prepare(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Prepared, TenantsError> {
        let command = self.with_what_is_elsewhere(command.into(), context).await?;
        self.refresh(organization).await?;
        let judged = match self.cell(organization).await? {
            Some(cell) => self.judge_ahead(&cell.read(), &command, context),
            None => self.judge_ahead(&self.unknown(organization), &command, context),
        };
        match judged {
            Ok(prepared) => Ok(prepared),
            Err(refusal) => match self.recall(organization, context).await? {
                Some(outcome) => Ok(Self::as_it_was(organization, outcome, context)),
                None => Err(refusal.into()),
            },
        }
    }

    /// What became of a command that was [prepared](Self::prepare), once its transaction is over, however that ended: its outcome if it is
    /// in the store, and nothing if it is not. Every question that is asked afterwards is answered from what is there.
    ///
    /// # Shape
    /// Called after a commit, what the command brings with it elsewhere is brought about as well. Where nobody knows what became of the
    /// commit, `None` is for certain only when the server has given up the transaction; a command with an id can be given again in any case.
    /// Whoever does not call it finds the organization as it was before, until they [follow](Self::follow).
    ///
    /// # Errors
    /// [`StoreError`], of reading: call it again.
    pub async fn confirm(&self, prepared: &Prepared) -> Result<Option<Outcome>, TenantsError> {
        let Prepared { organization, expected, outcome, operation, now, .. } = prepared;
        let there = self.store.records(*organization, *expected, outcome.records.len()).await?;
        self.refresh(*organization).await?;
        if there != outcome.records {
            let by = outcome.records.first().map_or(Actor::System, |first| first.by);
            return self.recall(*organization, &Context { command: *operation, ..Facts::at(*now).by(by) }).await;
        }
        if let Some(turn) = self.cell_in_turn(*organization).await? {
            self.hand_over_allowance(*organization, &outcome.records, *now).await;
            self.drop_shares((*organization, &turn), &outcome.records, *now).await;
        }
        Ok(Some(outcome.clone()))
    }

    fn judge_ahead(&self, state: &Organization, command: &Command, context: &Context<'_>) -> Result<Prepared, Refusal> {
        let outcome = state.handle(command, context)?;
        let keys = Keys::of(state, &outcome.records);
        let rows = self.rows_if_kept(|| RowChanges::of(state, &outcome.records));
        let (organization, expected) = (state.id(), state.version());
        Ok(Prepared { organization, expected, outcome, keys, rows, operation: context.command, now: context.facts.now })
    }

    /// What was carried out before, so that appending it says so.
    fn as_it_was(organization: OrgId, outcome: Outcome, context: &Context<'_>) -> Prepared {
        let first = outcome.records.first().map_or(0, |first| first.version.as_u64());
        let expected = Version::from_u64(first.saturating_sub(1));
        let (keys, rows, operation) = (Keys::default(), RowChanges::default(), context.command);
        Prepared { organization, expected, outcome, keys, rows, operation, now: context.facts.now }
    }
}
