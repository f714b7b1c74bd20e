//! What must hold of any ledger, whatever it is asked: looked at from outside, after every step.
//!
//! Another twin (`ledger`) says what each answer should be; this one knows only what no answer may do, and so can be asked with
//! numbers and times at which a twin would need the same care as the ledger itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::catalog::{Enforcement, Per};
use bailiwick::ledger::*;
use bailiwick::limits::CLOCK_JUMP_MAX;
use bailiwick::{HoldId, Timestamp};

use super::hostile::{Script, Step, holds, meters, organization, scopes, workspaces};

/// A ledger, what was appended of it, and what that says by itself.
pub(crate) struct Auditor {
    settings: Settings,
    ledger: Ledger,
    entries: Vec<Arc<Entry>>,
    flows: Flows,
    /// What the plan allows now.
    allowance: Option<Allowance>,
    /// Who holds, as far as is known, and what when it costs more.
    spenders: BTreeMap<HoldId, (Spender, Above)>,
    /// Whether a lease has been refunded in a name that need not be one that it was reported in.
    lease_refunded: bool,
}

/// Where every credit is, as the receipts say it: added up by somebody who knows no lots.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Flows {
    granted: u128,
    available: u128,
    held: u128,
    spent: u128,
    /// Expired or void.
    gone: u128,
    owed: u128,
}

fn must(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, left: &T, right: &T) -> Result<(), String> {
    must(left == right, || format!("{what}:\n{left:?}\n{right:?}"))
}

/// What was answered, by code.
pub(crate) type Counts = BTreeMap<String, usize>;

impl Auditor {
    /// Carries out a script. What does not hold is told with the steps that led to it, as few as were found.
    pub(crate) fn run(script: &Script, counts: &mut Counts) -> Result<(), String> {
        let Err((at, text)) = Self::carry_out(script, counts) else { return Ok(()) };
        let kind = |text: &str| text.lines().next().unwrap_or_default().replace(|c: char| c.is_ascii_digit(), "");
        let first = text.clone();
        let fails = |script: &Script| {
            let found = Self::carry_out(script, &mut Counts::new()).err();
            found.filter(|(_, other)| kind(other) == kind(&first)).map(|(_, text)| text)
        };
        let (mut text, mut script) = (text, script.clone());
        script.steps.truncate(at + 1);
        for at in (0..script.steps.len()).rev() {
            let mut fewer = script.clone();
            fewer.steps.remove(at);
            if let Some(found) = fails(&fewer) {
                (text, script) = (found, fewer);
            }
        }
        Err(format!("{text}\nafter {}", script.told()))
    }

    fn carry_out(script: &Script, counts: &mut Counts) -> Result<(), (usize, String)> {
        let mut auditor = Self::new(&script.settings);
        for (at, step) in script.steps.iter().enumerate() {
            let verdict = auditor.step(step).map_err(|text| (at, text))?;
            let code = verdict.answer().map_or_else(Refusal::code, |_| "ok");
            let code = if matches!(verdict, Verdict::Known(_)) { "(known)" } else { code };
            *counts.entry(format!("{} {code}", step.order.request.word())).or_default() += 1;
        }
        auditor.end().map_err(|text| (script.steps.len().saturating_sub(1), text))
    }

    fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            ledger: Ledger::new(organization(), settings.clone()),
            entries: Vec::new(),
            flows: Flows::default(),
            allowance: None,
            spenders: BTreeMap::new(),
            lease_refunded: false,
        }
    }

    fn step(&mut self, step: &Step) -> Result<Verdict, String> {
        let Step { now, by, order, lost } = step;
        let verdict = self.ledger.handle(order, *by, *now);
        same("asked twice", &self.ledger.handle(order, *by, *now), &verdict)?;
        self.keys(order, &verdict)?;
        self.refusals(order, &verdict, *now)?;
        self.agreed(&verdict)?;
        self.reads(*now)?;
        let previewed = self.preview(order, &verdict, *now)?;
        if *lost {
            // Nothing was appended: the process starts again from what was.
            let again = Ledger::replay(organization(), self.settings.clone(), &self.entries);
            same("a process that starts again", &again, &self.ledger)?;
        } else if let Verdict::New(entry) = &verdict {
            self.append(entry)?;
            if let Some(after) = previewed {
                same("what the preview said", &after, &self.ledger.balance(entry.at))?;
            }
        }
        self.sound((*now).max(self.clock()))?;
        Ok(verdict)
    }

    fn clock(&self) -> Timestamp {
        self.entries.last().map_or(Timestamp::from_millis(0), |entry| entry.at)
    }

    /// An order that was carried out is answered alike or not at all, and never carried out again.
    fn keys(&self, order: &Order, verdict: &Verdict) -> Result<(), String> {
        let twins = self.entries.iter().filter(|entry| entry.order.key == order.key);
        for known in twins.filter(|entry| entry.order.issued == order.issued) {
            let fits = match verdict {
                Verdict::New(_) => false,
                Verdict::Known(_) => known.order == *order && verdict.answer() == known.answer.as_ref(),
                // Forgotten, and the key was used again.
                Verdict::Refused(Refusal::KeyReused) => {
                    self.ledger.known(order.key).is_some_and(|last| last.order != *order)
                }
                Verdict::Refused(why) => matches!(why, Refusal::TooOld { .. }),
            };
            must(fits, || format!("{order:?}\nwas answered {:?}\nand is now {verdict:?}", known.answer))?;
        }
        let remembered = self.ledger.known(order.key).is_some();
        must(!remembered || !matches!(verdict, Verdict::New(_)), || format!("a known key: {verdict:?}"))
    }

    /// A refusal tells the truth, and what is affordable is let in.
    fn refusals(&self, order: &Order, verdict: &Verdict, now: Timestamp) -> Result<(), String> {
        let at = now.max(self.clock());
        match verdict {
            Verdict::New(entry) => match (&entry.answer, &order.request) {
                (Err(Refusal::Limit { scope, over, max, used, needed }), _) => {
                    let (sum, max) =
                        (u128::from(used.as_u64()) + u128::from(needed.as_u64()), u128::from(max.as_u64()));
                    must(sum > max, || format!("refused, though within {scope} {over:?}: {verdict:?}"))
                }
                (Err(Refusal::NotEnough { needed, left }), _) => must(needed > left, || format!("enough: {verdict:?}")),
                (Ok(_), Request::Charge(Charge { spender, amount, .. })) => {
                    same("affordable", &self.ledger.affords(spender, *amount, at), &Ok(()))
                }
                (Ok(_), Request::Refund(refund)) => {
                    let left = self.ledger.refundable(refund.spend, at);
                    must(left.is_some_and(|left| refund.amount.unwrap_or(left) <= left), || format!("{left:?} left"))
                }
                (Err(Refusal::RefundAbove { left }), Request::Refund(refund)) => {
                    same("refundable", &self.ledger.refundable(refund.spend, at), &Some(*left))
                }
                (Err(refusal), _) => must(refusal.is_kept(), || format!("kept: {refusal:?}")),
                _ => Ok(()),
            },
            Verdict::Refused(refusal) => {
                must(!refusal.is_kept(), || format!("not kept: {refusal:?}"))?;
                let unbalanced = matches!(refusal, Refusal::Unbalanced { .. });
                must(!unbalanced, || format!("the ledger stands still: {verdict:?}"))
            }
            Verdict::Known(_) => Ok(()),
        }
    }

    /// A guest spends by what was agreed, and no lease goes past a limit that tells apart what it does not.
    fn agreed(&self, verdict: &Verdict) -> Result<(), String> {
        let Verdict::New(entry) = verdict else { return Ok(()) };
        let spender = entry.order.request.spender().filter(|spender| spender.pays == Pays::Pool);
        let (Some(Spender { scope, .. }), Ok(_)) = (spender, &entry.answer) else { return Ok(()) };
        let guest = Scope { organization: scope.organization, ..Scope::EVERYTHING };
        let counts = |over| self.ledger.limit(&guest, over, entry.at).is_some();
        let agreed = guest == Scope::EVERYTHING || counts(Over::Period) || counts(Over::Ever);
        must(agreed, || format!("a guest spends, and nothing was agreed: {entry:?}"))?;
        let passed = self.ledger.limits(entry.at).into_iter().find(|limit| tells_apart(&limit.scope, &scope));
        let passed = passed.filter(|_| matches!(entry.order.request, Request::Lease(_)));
        must(passed.is_none(), || format!("a lease past {passed:?}: {entry:?}"))
    }

    /// A preview says what the answer says.
    fn preview(&self, order: &Order, verdict: &Verdict, now: Timestamp) -> Result<Option<Balance>, String> {
        let preview = self.ledger.preview(order.request.clone(), now);
        let Verdict::New(entry) = verdict else { return Ok(None) };
        let told = preview.as_ref().map(|preview| &preview.receipt);
        same("previewed", &told, &entry.answer.as_ref())?;
        Ok(preview.ok().map(|preview| preview.after))
    }

    /// Everything can be read at any time, before and after what there is.
    fn reads(&self, now: Timestamp) -> Result<(), String> {
        let ledger = &self.ledger;
        for scope in scopes().into_iter().skip(self.entries.len() % 4).step_by(4) {
            let spender = Spender::new(scope);
            let Spendable { amount, because } = ledger.spendable(&spender, now);
            let most = amount.is_zero() || ledger.affords(&spender, amount, now).is_ok();
            must(most, || format!("{scope} cannot spend {amount}"))?;
            if let Some(more) = amount.plus(Credits::new(1)) {
                same("one more", &ledger.affords(&spender, more, now), &Err(because))?;
            }
        }
        Ok(())
    }

    fn append(&mut self, entry: &Arc<Entry>) -> Result<(), String> {
        let json = serde_json::to_string(&**entry).map_err(|error| error.to_string())?;
        let again = serde_json::from_str(&json)
            .map(Arc::<Entry>::new)
            .map_err(|error| format!("not read back: {error} {json}"))?;
        same("read back", &again, entry)?;
        same("the version", &entry.version, &self.ledger.version().next())?;
        must(entry.at >= self.clock(), || "the clock runs backwards".into())?;
        let (before, at) = (self.ledger.clone(), entry.at);
        self.ledger.apply(&again);
        let applied = self.ledger.clone();
        self.ledger.apply(entry);
        must(applied == self.ledger, || "an entry counts twice".into())?;
        self.time_only_frees(&before, at)?;
        self.note(entry)?;
        self.limits(&before, entry)?;
        self.meters(&before, entry)?;
        self.entries.push(again);
        Ok(())
    }

    /// What passes by itself never uses up a limit.
    fn time_only_frees(&self, before: &Ledger, at: Timestamp) -> Result<(), String> {
        for then in before.limits(self.clock()) {
            let now = before.limit(&then.scope, then.over, at);
            let freed = now.is_some_and(|now| now.spent + now.held <= then.spent + then.held && now.max <= then.max);
            must(freed, || format!("time used up {then:?}: {now:?}"))?;
        }
        Ok(())
    }

    /// Adds up what the entry says, as somebody who knows no lots.
    fn note(&mut self, entry: &Entry) -> Result<(), String> {
        for elapsed in &entry.elapsed {
            self.flows.elapse(&elapsed.what).ok_or_else(|| format!("more than there is: {elapsed:?}"))?;
            if let Due::AllowanceBegan { allowance } = &elapsed.what {
                self.allowance = Some(allowance.clone());
            }
        }
        let Ok(receipt) = &entry.answer else { return Ok(()) };
        let request = &entry.order.request;
        self.flows.carry_out(request, receipt, entry.at).ok_or_else(|| format!("more than there is: {entry:?}"))?;
        match request {
            Request::SetAllowance(order) => self.allowance = Some(order.allowance.clone()),
            Request::Hold(order) => _ = self.spenders.insert(order.hold, (order.spender, order.above)),
            Request::Lease(order) => _ = self.spenders.insert(order.hold, (Spender::new(order.scope), Above::Refuse)),
            Request::Refund(order) => self.lease_refunded |= order.scope.is_some(),
            _ => {}
        }
        Ok(())
    }

    /// Nobody is let in over a limit: what rises stays within, but for what the guide excepts.
    fn limits(&self, before: &Ledger, entry: &Entry) -> Result<(), String> {
        let request = &entry.order.request;
        let holder = request.about().and_then(|hold| self.spenders.get(&hold));
        for now in self.ledger.limits(entry.at) {
            let Some(then) = before.limit(&now.scope, now.over, entry.at) else { continue };
            if now.spent + now.held <= then.spent + then.held {
                continue;
            }
            let excepted = match (request, holder) {
                // A debt counts on limits and is not stopped by them.
                (Request::Settle(_), Some((_, Above::Overdraft(_)))) => true,
                // A limit that tells apart what the lease does not counts what is reported.
                (Request::Report(_), Some((lease, _))) => !now.scope.covers(&lease.scope),
                _ => false,
            };
            let within = now.spent + now.held <= u128::from(now.max.as_u64());
            must(within || excepted, || format!("let in over a limit: {then:?} became {now:?} by {entry:?}"))?;
        }
        Ok(())
    }

    /// The same for meters with a hard limit.
    fn meters(&self, before: &Ledger, entry: &Entry) -> Result<(), String> {
        let rules = self.allowance.iter().flat_map(|allowance| &allowance.meters);
        for rule in rules.filter(|rule| rule.enforcement == Enforcement::Hard) {
            let places = if rule.per == Per::Organization { vec![None] } else { workspaces().to_vec() };
            for place in places {
                let sum = |ledger: &Ledger| {
                    let state = ledger.meter(rule.meter, place, entry.at);
                    u128::from(state.used.as_u64()) + u128::from(state.reserved.as_u64())
                };
                let (then, now) = (sum(before), sum(&self.ledger));
                let within = now <= then || now <= u128::from(rule.max.as_u64());
                must(within, || format!("{rule:?} at {place:?}: from {then} to {now} by {entry:?}"))?;
            }
        }
        Ok(())
    }

    /// The books balance, and all that is derived from them is what they say.
    fn sound(&self, now: Timestamp) -> Result<(), String> {
        let ledger = &self.ledger;
        must(ledger.audit().is_empty(), || format!("the audit finds {:?}", ledger.audit()))?;
        let at = self.clock();
        let Balance { columns, owed, .. } = ledger.balance(at);
        must(columns.is_balanced(), || format!("{columns:?}"))?;
        let gone = columns.expired + columns.voided;
        let Columns { granted, available, held, spent, .. } = columns;
        let told = Flows { granted, available, held, spent, gone, owed: u128::from(owed.as_u64()) };
        same("what the receipts add up to", &self.flows, &told)?;
        for at in [at, now] {
            self.sound_at(at)?;
        }
        for meter in meters() {
            let spots = ledger.spots(meter);
            let all: u128 = spots.iter().map(|(_, units)| u128::from(units.as_u64())).sum();
            same("the sum of the spots", &all, &u128::from(ledger.meter(meter, None, at).used.as_u64()))?;
            for workspace in workspaces() {
                let within = spots.iter().filter(|(spot, _)| spot.workspace == workspace);
                let sum: u128 = within.map(|(_, units)| u128::from(units.as_u64())).sum();
                same("of a workspace", &sum, &u128::from(ledger.meter(meter, workspace, at).used.as_u64()))?;
            }
        }
        Ok(())
    }

    fn sound_at(&self, at: Timestamp) -> Result<(), String> {
        let ledger = &self.ledger;
        let (balance, lots) = (ledger.balance(at), ledger.lots(at));
        must(balance.columns.is_balanced(), || format!("{balance:?}"))?;
        let sum = |column: fn(&Columns) -> u64| lots.iter().map(|lot| u128::from(column(&lot.columns))).sum::<u128>();
        same("available", &sum(|lot| lot.available), &balance.columns.available)?;
        same("held", &sum(|lot| lot.held), &balance.columns.held)?;
        for lot in &lots {
            must(lot.columns.is_balanced(), || format!("{lot:?}"))?;
            let over = lot.expires.is_some_and(|end| end <= at) && lot.columns.available > 0;
            // An allocation ends with its period, and that may go on.
            let far = at > self.clock().plus(CLOCK_JUMP_MAX) || lot.class == Class::Allocation;
            must(!over || far, || format!("over at {}, and still there: {lot:?}", at.as_millis()))?;
            let general = lot.scope == Scope::EVERYTHING && lot.columns.available > 0 && lot.effective <= at;
            must(!general || balance.owed.is_zero(), || format!("{} are owed beside {lot:?}", balance.owed))?;
        }
        let open: Vec<(Scope, u128)> = holds()
            .filter_map(|id| {
                let (left, _) = ledger.hold(id, at)?;
                let spender = ledger.spender_of(id).filter(|spender| spender.pays == Pays::Pool)?;
                Some((spender.scope, u128::from(left.as_u64())))
            })
            .collect();
        same("held by name", &open.iter().map(|(_, left)| left).sum::<u128>(), &balance.columns.held)?;
        for limit in ledger.limits(at) {
            let within = open.iter().filter(|(scope, _)| limit.scope.covers(scope));
            same("what a limit holds", &limit.held, &within.map(|(_, left)| left).sum::<u128>())?;
            let used = ledger.used(&limit.scope, at).charged;
            let told = limit.over != Over::Period || self.lease_refunded || limit.spent == used;
            must(told, || format!("{limit:?} has counted, and {used} were used"))?;
        }
        Ok(())
    }

    /// What was kept is the whole truth: replayed it makes the same ledger, and its statement sums.
    fn end(&self) -> Result<(), String> {
        let replayed = Ledger::replay(organization(), self.settings.clone(), &self.entries);
        must(replayed == self.ledger, || format!("a replay:\n{replayed:?}\nis not\n{:?}", self.ledger))?;
        let last = Timestamp::from_millis(u64::MAX);
        let half = self.entries.get(self.entries.len() / 2).map_or(last, |entry| entry.at);
        let fresh = || Ledger::new(organization(), self.settings.clone());
        for (from, until) in [(Timestamp::from_millis(0), last), (Timestamp::from_millis(0), half), (half, last)] {
            let statement = Statement::of(fresh(), &self.entries, from, until);
            must(statement.is_balanced(), || format!("the statement does not sum: {statement:?}"))?;
        }
        let last_but_one = Timestamp::from_millis(u64::MAX - 1);
        let closing = Statement::of(fresh(), &self.entries, Timestamp::from_millis(0), last).closing;
        same("the statement closes", &closing, &self.ledger.balance(last_but_one).columns)?;
        for at in [Timestamp::from_millis(0), last] {
            must(self.ledger.balance(at).columns.is_balanced(), || format!("at {}", at.as_millis()))?;
            let _ = (self.ledger.usage(at), self.ledger.expiries(at), self.ledger.open_holds(at));
            let exceeded = self.allowance.as_ref().map(|allowance| self.ledger.exceeds(allowance, at));
            let _ = (exceeded, self.ledger.due(meters()[0], &[], at), self.ledger.preview(Tick {}, at));
        }
        Ok(())
    }
}

/// Whether a limit counts some of what can be spent within a lease, and not all of it.
fn tells_apart(limit: &Scope, lease: &Scope) -> bool {
    fn meet<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
        left.is_none() || right.is_none() || left == right
    }
    limit.organization == lease.organization
        && meet(limit.workspace, lease.workspace)
        && meet(limit.project, lease.project)
        && meet(limit.user, lease.user)
        && meet(limit.service, lease.service)
        && meet(limit.class, lease.class)
        && !limit.covers(lease)
}

fn sum(draws: &[Draw]) -> u128 {
    draws.iter().map(|draw| u128::from(draw.amount.as_u64())).sum()
}

impl Flows {
    fn put_in(&mut self, amount: u128) {
        self.granted += amount;
        self.available += amount;
    }

    /// From available.
    fn take(&mut self, amount: u128) -> Option<u128> {
        self.available = self.available.checked_sub(amount)?;
        Some(amount)
    }

    /// From held.
    fn unhold(&mut self, amount: u128) -> Option<u128> {
        self.held = self.held.checked_sub(amount)?;
        Some(amount)
    }

    fn repay(&mut self, draws: &[Draw]) -> Option<()> {
        self.spent += self.take(sum(draws))?;
        self.owed = self.owed.checked_sub(sum(draws))?;
        Some(())
    }

    fn elapse(&mut self, what: &Due) -> Option<()> {
        match what {
            Due::LotExpired { amount, .. } => self.gone += self.take(u128::from(amount.as_u64()))?,
            Due::HoldTimedOut { spent, returned, lost, .. } => {
                self.spent += self.unhold(sum(spent))?;
                self.available += self.unhold(sum(returned))?;
                self.gone += self.unhold(sum(lost))?;
            }
            Due::PeriodBegan { expired, repaid, .. } => {
                self.gone += self.take(sum(expired))?;
                self.repay(repaid)?;
            }
            Due::Allocated(allocated) => self.put_in(u128::from(allocated.amount.as_u64())),
            Due::Repaid { draws } => self.repay(draws)?,
            Due::ReserveTimedOut { .. }
            | Due::AllowanceBegan { .. }
            | Due::LotActivated { .. }
            | Due::Alerted { .. } => {}
        }
        Some(())
    }

    fn carry_out(&mut self, request: &Request, receipt: &Receipt, at: Timestamp) -> Option<()> {
        let draws = sum(&receipt.draws);
        match request {
            Request::Grant(_) => self.put_in(draws),
            Request::Receive(order) => {
                self.put_in(draws);
                let over = order.grants.iter().filter(|grant| grant.expires.is_some_and(|end| end <= at));
                self.gone += self.take(over.map(|grant| u128::from(grant.amount.as_u64())).sum())?;
            }
            Request::Void(_) | Request::Transfer(_) => self.gone += self.take(draws)?,
            Request::Charge(_) => self.spent += self.take(draws)?,
            Request::Hold(_) | Request::Lease(_) | Request::Grow(_) => self.held += self.take(draws)?,
            Request::Capture(_) | Request::Report(_) => self.spent += self.unhold(draws)?,
            Request::Settle(_) | Request::Release(_) => {
                self.spent += self.unhold(draws)?;
                self.available += self.unhold(sum(&receipt.returned))?;
                self.gone += self.unhold(sum(&receipt.lost))?;
                self.spent += self.take(sum(&receipt.beyond))?;
                self.owed += u128::from(receipt.owed.as_u64());
            }
            Request::Refund(_) => {
                self.spent = self.spent.checked_sub(sum(&receipt.returned) + sum(&receipt.lost))?;
                self.available += sum(&receipt.returned);
                self.gone += sum(&receipt.lost);
                self.owed = self.owed.checked_sub(u128::from(receipt.owed.as_u64()))?;
                self.put_in(receipt.adjusted.map_or(0, |draw| u128::from(draw.amount.as_u64())));
            }
            _ => {}
        }
        self.put_in(receipt.allocated.map_or(0, |allocated| u128::from(allocated.amount.as_u64())));
        self.repay(&receipt.repaid)
    }
}
