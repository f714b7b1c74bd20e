//! Accounts: what is used up, of an organization among tenants and of a ledger by itself.

use std::mem::MaybeUninit;
use std::sync::{Mutex, PoisonError};

use bailiwick::ledger::{Above, Charge, Credits, Hold, Receipt as Given, Release, Request, Settle, Timeout};
use bailiwick::{CommandId, HoldId, Issue as Issued, OrgId, ResourceId, Timestamp, Work as What, WorkspaceId};
use bailiwick_bridge::books::Books;
use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::ledger::{clamped, Question, Sums};

use crate::code::Code;
use crate::door;
use crate::open::TenantsHandle;
use crate::table::{self, Handle, Kind, Thing};
use crate::text::{self, TextHandle};
use crate::value::{self, give, place, some, Actor, Facts, Id, Str};

/// A ledger by itself, for whoever keeps its entries. The caller gives it back with `bw_free`.
pub type LedgerHandle = Handle;

/// The key of an order, and when it was made: keep both, and repeat an order with both as they were. It is carried out once.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Issue {
    /// The key.
    pub key: Id,
    /// When it was made, in milliseconds since the Unix epoch.
    pub at: u64,
}

/// Work that costs something.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// In which workspace; zeros for the organization itself.
    pub workspace: Id,
    /// For which project; zeros for none.
    pub project: Id,
    /// Of which class of usage, such as `llm`; empty for none.
    pub class: Str,
}

/// Refuse to settle more than was held.
pub const BW_ABOVE_REFUSE: u32 = 0;
/// Settle what was held.
pub const BW_ABOVE_CAP: u32 = 1;
/// Take the rest where there is enough, else settle what there is.
pub const BW_ABOVE_AVAILABLE: u32 = 2;
/// Take the rest, as debt where there is not enough.
pub const BW_ABOVE_OVERDRAFT: u32 = 3;
/// Give back what is left when the time is over.
pub const BW_TIMEOUT_RELEASE: u32 = 0;
/// Spend what is left when the time is over.
pub const BW_TIMEOUT_SETTLE: u32 = 1;

/// What is promised to work whose cost is known afterwards.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Promise {
    /// How many credits.
    pub amount: u64,
    /// From when on it is over, in milliseconds since the Unix epoch.
    pub until: u64,
    /// When it costs more: one of `BW_ABOVE_…`.
    pub above: u32,
    /// When its time is over: one of `BW_TIMEOUT_…`.
    pub timeout: u32,
    /// How much debt there may be, for `BW_ABOVE_OVERDRAFT`.
    pub overdraft: u64,
}

/// What came of an order, in sums of credits.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Receipt {
    /// Taken from lots.
    pub drawn: u64,
    /// Given back to lots.
    pub returned: u64,
    /// Given back to lots that cannot be used any more.
    pub lost: u64,
    /// Taken beyond what was held.
    pub beyond: u64,
    /// What became debt, or lowers it.
    pub owed: u64,
}

/// How the credits of an organization stand.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    /// What can be taken.
    pub spendable: u64,
    /// Granted, and not effective yet.
    pub pending: u64,
    /// Ever granted; the sum of the five below.
    pub granted: u64,
    /// Neither held nor gone.
    pub available: u64,
    /// Promised.
    pub held: u64,
    /// Spent.
    pub spent: u64,
    /// Expired.
    pub expired: u64,
    /// Taken back.
    pub voided: u64,
    /// Debt.
    pub owed: u64,
}

/// Spends at once, in the place of an actor: who pays follows from the organization. `hold` names the spend, for a refund. `receipt` may be
/// `NULL`.
#[no_mangle]
pub extern "C" fn bw_charge(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    work: Option<&Work>,
    actor: Option<&Actor>,
    facts: Option<&Facts>,
    hold: Option<&Id>,
    amount: u64,
    receipt: Option<&mut MaybeUninit<Receipt>>,
) -> Code {
    door::done(|| {
        let (hold, amount) = (some(hold)?.one(HoldId::from_uuid_bytes)?, Credits::new(amount));
        let spent = spend(tenants, (organization, issue, work, actor, facts), |spender| {
            Charge { hold, spender, amount }.into()
        })?;
        give(receipt, (&spent).into());
        Ok(())
    })
}

/// Promises credits to work whose cost is known afterwards: all of it, or nothing.
#[no_mangle]
pub extern "C" fn bw_hold(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    work: Option<&Work>,
    actor: Option<&Actor>,
    facts: Option<&Facts>,
    hold: Option<&Id>,
    promise: Option<&Promise>,
    receipt: Option<&mut MaybeUninit<Receipt>>,
) -> Code {
    door::done(|| {
        let (hold, promise) = (some(hold)?.one(HoldId::from_uuid_bytes)?, some(promise)?);
        let (above, timeout) = (promise.above()?, promise.timeout()?);
        let (amount, until) = (Credits::new(promise.amount), Timestamp::from_millis(promise.until));
        let held = spend(tenants, (organization, issue, work, actor, facts), |spender| {
            Hold { hold, spender, amount, until, above, timeout }.into()
        })?;
        give(receipt, (&held).into());
        Ok(())
    })
}

/// Spends what the work cost, and gives back the rest of its hold.
#[no_mangle]
pub extern "C" fn bw_settle(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    actor: Option<&Actor>,
    now: u64,
    hold: Option<&Id>,
    amount: u64,
    receipt: Option<&mut MaybeUninit<Receipt>>,
) -> Code {
    door::done(|| {
        let hold = some(hold)?.one(HoldId::from_uuid_bytes)?;
        let settled =
            order(tenants, organization, issue, (actor, now), Settle { hold, amount: Credits::new(amount) }.into())?;
        give(receipt, (&settled).into());
        Ok(())
    })
}

/// Gives back what is left of a hold.
#[no_mangle]
pub extern "C" fn bw_release(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    actor: Option<&Actor>,
    now: u64,
    hold: Option<&Id>,
    receipt: Option<&mut MaybeUninit<Receipt>>,
) -> Code {
    door::done(|| {
        let hold = some(hold)?.one(HoldId::from_uuid_bytes)?;
        let released = order(tenants, organization, issue, (actor, now), Release { hold }.into())?;
        give(receipt, (&released).into());
        Ok(())
    })
}

/// Any other order, written `{"grant":{"class":"purchased","amount":100,…}}`. Nobody is asked whether the actor may: this is the platform's
/// door. `receipt` (or `NULL`) gets the receipt with its lots as JSON; the text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_order(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    actor: Option<&Actor>,
    now: u64,
    request: Str,
    receipt: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let request: Request = bailiwick_bridge::read(request.text()?)?;
        let given = order(tenants, organization, issue, (actor, now), request)?;
        text::hand_out_if(receipt, bailiwick_bridge::write(&given)?)
    })
}

/// How the credits of an organization stand at a time.
#[no_mangle]
pub extern "C" fn bw_balance(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    now: u64,
    balance: Option<&mut MaybeUninit<Balance>>,
) -> Code {
    door::done(|| {
        let (place, organization) = (place(balance)?, value::organization(organization)?);
        let now = Timestamp::from_millis(now);
        let found =
            table::tenants(tenants, |tenants| tenants.read_ledger(organization, now, |ledger| ledger.balance(now)))??;
        place.write(found.into());
        Ok(())
    })
}

/// Asks a ledger of an organization something, written `"lots"` or `{"spendable":{"user":"…"}}`; the README lists the questions. The text is
/// the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_ask_ledger(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    now: u64,
    question: Str,
    answer: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (place, organization) = (place(answer)?, value::organization(organization)?);
        let (now, question) = (Timestamp::from_millis(now), bailiwick_bridge::read::<Question>(question.text()?)?);
        let told = table::tenants(tenants, |tenants| {
            tenants.read_ledger(organization, now, |ledger| question.answer(ledger, now))
        })???;
        text::hand_out(place, told)
    })
}

/// An empty ledger by itself. `settings` is JSON, `{}` for the usual ones.
#[no_mangle]
pub extern "C" fn bw_ledger_new(
    organization: Option<&Id>,
    settings: Str,
    ledger: Option<&mut MaybeUninit<LedgerHandle>>,
) -> Code {
    door::done(|| {
        let place = place(ledger)?;
        let books = Books::new(value::organization(organization)?, settings.text()?)?;
        place.write(table::put(Thing::Books(Box::new(Mutex::new(books))))?);
        Ok(())
    })
}

/// Judges an order, written `{"key":"…","issued":…,"request":{"charge":{…}}}`, and carries it out; the code is that of its answer. `verdict`
/// (or `NULL`) gets the receipt or the refusal, and under `entry` what is to be kept, if anything; the text is the caller's to give back, also
/// when the code is a refusal (300 to 399).
#[no_mangle]
pub extern "C" fn bw_ledger_order(
    ledger: LedgerHandle,
    actor: Option<&Actor>,
    now: u64,
    order: Str,
    verdict: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (actor, order, now) = (some(actor)?.who()?, order.text()?, Timestamp::from_millis(now));
        let answered = books(ledger, |books| books.order(order, actor, now))??;
        text::hand_out_if(verdict, answered.text)?;
        answered.refused.map_or(Ok(()), Err)
    })
}

/// Takes in an entry that was kept, the next one after those that were taken in.
#[no_mangle]
pub extern "C" fn bw_ledger_replay(ledger: LedgerHandle, entry: Str) -> Code {
    door::done(|| {
        let entry = entry.text()?;
        books(ledger, |books| books.replay(entry))?
    })
}

/// Asks a ledger by itself something, as `bw_ask_ledger` does.
#[no_mangle]
pub extern "C" fn bw_ledger_ask(
    ledger: LedgerHandle,
    now: u64,
    question: Str,
    answer: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (place, question) = (place(answer)?, question.text()?);
        let told = books(ledger, |books| books.ask(question, Timestamp::from_millis(now)))??;
        text::hand_out(place, told)
    })
}

type Spending<'s> = (Option<&'s Id>, Option<&'s Issue>, Option<&'s Work>, Option<&'s Actor>, Option<&'s Facts>);

fn spend(
    tenants: TenantsHandle,
    (organization, issue, work, actor, facts): Spending<'_>,
    request: impl Fn(bailiwick::ledger::Spender) -> Request,
) -> Result<Given, Failure> {
    let (organization, issue) = (value::organization(organization)?, some(issue)?.issued()?);
    let (work, actor) = (some(work)?.what()?, some(actor)?.who()?);
    table::tenants(tenants, |tenants| {
        let facts = some(facts)?.hold(tenants.catalog())?;
        Ok(tenants.spend(organization, issue, &work, actor, &facts.facts(), request)?)
    })?
}

fn order(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    issue: Option<&Issue>,
    (actor, now): (Option<&Actor>, u64),
    request: Request,
) -> Result<Given, Failure> {
    let (organization, issue): (OrgId, _) = (value::organization(organization)?, some(issue)?.issued()?);
    let (actor, now) = (some(actor)?.who()?, Timestamp::from_millis(now));
    Ok(table::tenants(tenants, |tenants| tenants.order(organization, issue, request, actor, now))??)
}

fn books<R>(ledger: LedgerHandle, using: impl FnOnce(&mut Books) -> R) -> Result<R, Failure> {
    table::with(ledger, Kind::Books, |thing| match thing {
        Thing::Books(books) => Some(using(&mut books.lock().unwrap_or_else(PoisonError::into_inner))),
        _ => None,
    })
}

impl Issue {
    fn issued(&self) -> Result<Issued, Failure> {
        Ok(Issued { key: self.key.one(CommandId::from_uuid_bytes)?, at: Timestamp::from_millis(self.at) })
    }
}

impl Work {
    fn what(&self) -> Result<What, Failure> {
        let class = self.class.text()?;
        let class = (!class.is_empty()).then(|| class.parse());
        Ok(What {
            workspace: self.workspace.maybe(WorkspaceId::from_uuid_bytes),
            project: self.project.maybe(ResourceId::from_uuid_bytes),
            class: class.transpose().map_err(|why: bailiwick::LabelError| wrong(why.to_string()))?,
        })
    }
}

impl Promise {
    fn above(&self) -> Result<Above, Failure> {
        Ok(match self.above {
            BW_ABOVE_REFUSE => Above::Refuse,
            BW_ABOVE_CAP => Above::Cap,
            BW_ABOVE_AVAILABLE => Above::Available,
            BW_ABOVE_OVERDRAFT => Above::Overdraft(Credits::new(self.overdraft)),
            other => return Err(wrong(format!("above cannot be {other}"))),
        })
    }

    fn timeout(&self) -> Result<Timeout, Failure> {
        Ok(match self.timeout {
            BW_TIMEOUT_RELEASE => Timeout::Release,
            BW_TIMEOUT_SETTLE => Timeout::Settle,
            other => return Err(wrong(format!("timeout cannot be {other}"))),
        })
    }
}

impl From<&Given> for Receipt {
    fn from(given: &Given) -> Self {
        let Sums { drawn, returned, lost, beyond, owed } = given.into();
        Self { drawn, returned, lost, beyond, owed }
    }
}

impl From<bailiwick::ledger::Balance> for Balance {
    fn from(found: bailiwick::ledger::Balance) -> Self {
        let columns = found.columns;
        Self {
            spendable: clamped(found.spendable),
            pending: clamped(found.pending),
            granted: clamped(columns.granted),
            available: clamped(columns.available),
            held: clamped(columns.held),
            spent: clamped(columns.spent),
            expired: clamped(columns.expired),
            voided: clamped(columns.voided),
            owed: found.owed.as_u64(),
        }
    }
}

fn wrong(words: impl Into<String>) -> Failure {
    const NUMBER: Number = code::BAD_VALUE;
    Failure::of(NUMBER, words)
}
