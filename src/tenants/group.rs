//! Groups: orders that wait for the same ledger are judged one after the other and appended together.

use core::error::Error;
use std::boxed::Box;
use std::string::ToString;
use std::sync::{Arc, Mutex, PoisonError};
use std::vec::Vec;

use super::accounts::Issue;
use super::attempts::{Attempts, Next};
use super::doubt::Doubt;
use super::kept::InTurn;
use super::ledgers::LedgerCell;
use super::told::told;
use super::{AsyncTenants, TenantsError};
use crate::actor::Actor;
use crate::id::OrgId;
use crate::ledger::{self, Entry, Ledger, Order, Receipt, Request, Verdict};
use crate::limits::ORDERS_TOGETHER_MAX;
use crate::store::{AsyncStore, StoreError};
use crate::time::Timestamp;

/// Orders that wait for a ledger.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Vec<Arc<Waiting>>>);

/// An order that waits to be carried out by whoever has the turn next.
#[derive(Debug)]
struct Waiting {
    order: Order,
    by: Actor,
    now: Timestamp,
    answer: Mutex<Option<Result<Receipt, TenantsError>>>,
}

impl Waiting {
    fn answer(&self, answer: Result<Receipt, TenantsError>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn answered(&self) -> Option<Result<Receipt, TenantsError>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Queue {
    fn join(&self, waiting: &Arc<Waiting>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(waiting));
    }

    /// Those who go together with one of them, in order. Whoever has stopped waiting is not among them.
    fn take(&self, with: &Arc<Waiting>) -> Vec<Arc<Waiting>> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.retain(|waiting| Arc::strong_count(waiting) > 1 && !Arc::ptr_eq(waiting, with));
        let others = queue.len().min(ORDERS_TOGETHER_MAX.saturating_sub(1));
        let mut group: Vec<_> = queue.drain(..others).collect();
        group.push(Arc::clone(with));
        group
    }
}

/// What a group comes to, if nobody else writes meanwhile.
#[derive(Debug, Default)]
struct Judged {
    entries: Vec<Arc<Entry>>,
    answers: Vec<Result<Receipt, ledger::Refusal>>,
    /// Whether somebody is told "no" for the first time: another process may have changed what stood in the way.
    has_refusal: bool,
    /// The ledger with the entries, where there was more than one order.
    ahead: Option<Ledger>,
}

impl Judged {
    /// Notes a verdict, and what has to be applied for the next one.
    fn note(&mut self, verdict: Verdict) -> Option<Arc<Entry>> {
        match verdict {
            Verdict::Known(entry) => {
                self.answers.push(entry.answer.clone());
                None
            }
            Verdict::Refused(refusal) => {
                self.has_refusal = true;
                self.answers.push(Err(refusal));
                None
            }
            Verdict::New(entry) => {
                self.has_refusal |= entry.answer.is_err();
                self.answers.push(entry.answer.clone());
                self.entries.push(Arc::clone(&entry));
                Some(entry)
            }
        }
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    pub(super) async fn order_at(
        &self,
        organization: OrgId,
        issue: Issue,
        request: Request,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        told!(
            "order" { organization = organization, request = request.word() },
            self.order_in_group(organization, issue, request, by, now)
        )
    }

    async fn order_in_group(
        &self,
        organization: OrgId,
        issue: Issue,
        request: Request,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        let order = Order { key: issue.key, issued: issue.at, request };
        let waiting = Arc::new(Waiting { order, by, now, answer: Mutex::new(None) });
        loop {
            let cell = self.ledger_cell(organization).await?;
            cell.queue.join(&waiting);
            let turn = cell.kept.turn().await;
            if let Some(answer) = waiting.answered() {
                return answer; // somebody else has carried it out with theirs
            }
            let Some(turn) = turn else { continue };
            let group = cell.queue.take(&waiting);
            let doubt = Doubt::about(|| self.let_ledger_go(organization, &turn));
            let done = self.carry_out(organization, (&cell, &turn), &group).await;
            return doubt.unless_known(match done {
                Ok(()) => waiting.answered().unwrap_or(Err(TenantsError::Contended)),
                Err(why) => {
                    group
                        .iter()
                        .filter(|other| !Arc::ptr_eq(other, &waiting))
                        .for_each(|other| other.answer(Err(like(&why))));
                    Err(why)
                }
            });
        }
    }

    /// Carries out a group of orders, and answers each.
    async fn carry_out(
        &self,
        organization: OrgId,
        (cell, turn): (&LedgerCell, &InTurn<Ledger>),
        group: &[Arc<Waiting>],
    ) -> Result<(), TenantsError> {
        let latest = group.iter().map(|waiting| waiting.now).max();
        if let Some(now) = latest {
            self.bring_up_to_date(organization, (cell, turn), now).await?;
        }
        let (mut attempts, mut is_newest) = (Attempts::new(), false);
        loop {
            let mut judged = judge(cell, turn, group);
            if judged.has_refusal && !is_newest {
                is_newest = true;
                if self.catch_up_ledger(organization, turn).await? {
                    continue;
                }
            }
            if !judged.entries.is_empty() {
                let answer = self.append_entries(organization, turn, &judged.entries).await;
                match attempts.next(answer)? {
                    Next::Apply => {
                        let mut state = turn.kept.write();
                        judged.entries.iter().for_each(|entry| state.apply(entry));
                        drop(state);
                        cell.keep_ahead(judged.ahead.take());
                        self.weigh_ledger(cell);
                    }
                    Next::Judge | Next::Recall(_) | Next::Refuse => {
                        let caught_up = self.catch_up_ledger(organization, turn).await;
                        caught_up.map_err(|why| attempts.trouble(why))?;
                        is_newest = true;
                        continue;
                    }
                }
            }
            for (waiting, answer) in group.iter().zip(judged.answers) {
                waiting.answer(answer.map_err(Into::into));
            }
            return Ok(());
        }
    }
}

/// Judges orders, each on what those before it would leave.
fn judge(cell: &LedgerCell, turn: &InTurn<Ledger>, group: &[Arc<Waiting>]) -> Judged {
    let mut judged = Judged::default();
    if let [alone] = group {
        judged.note(turn.kept.read().handle(&alone.order, alone.by, alone.now));
        return judged;
    }
    let kept = turn.kept.read();
    let mut ahead = cell.take_ahead().filter(|ahead| ahead.version() == kept.version()).unwrap_or_else(|| kept.clone());
    for waiting in group {
        if let Some(entry) = judged.note(ahead.handle(&waiting.order, waiting.by, waiting.now)) {
            ahead.apply(&entry);
        }
    }
    judged.ahead = Some(ahead);
    judged
}

/// The same trouble, for whoever was in the group: what they hold of it is its text.
fn like(why: &TenantsError) -> TenantsError {
    let text = || -> Box<dyn Error + Send + Sync> { why.to_string().into() };
    match why {
        TenantsError::Store(StoreError::Retry(_)) => StoreError::Retry(text()).into(),
        TenantsError::Store(StoreError::Unknown(_)) => StoreError::Unknown(text()).into(),
        TenantsError::Contended => TenantsError::Contended,
        _ => StoreError::Fatal(text()).into(),
    }
}
