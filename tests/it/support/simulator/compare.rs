//! What the real ledger and the naive one say, side by side.

use std::fmt::Write as _;

use bailiwick::Timestamp;
use bailiwick::ledger::*;

use super::orders;
use crate::support::ledger::{Naive, Said, credits, units};

/// Whether both say the same to an order.
pub(super) fn answers(order: &Order, real: &Verdict, naive: &Said) -> Result<(), String> {
    let name = orders::name(&order.request);
    let (kind, answer) = match real {
        Verdict::New(entry) => ("new", entry.answer.clone()),
        Verdict::Known(entry) => ("known", entry.answer.clone()),
        Verdict::Refused(refusal) => ("refused", Err(*refusal)),
    };
    let (meant_kind, meant) = match naive {
        Said::New(answer) => ("new", answer.clone()),
        Said::Known(answer) => ("known", answer.clone()),
        Said::Refused(refusal) => ("refused", Err(*refusal)),
    };
    let code = |answer: &Result<Receipt, Refusal>| answer.as_ref().map_or_else(Refusal::code, |_| "ok");
    if (kind, code(&answer)) != (meant_kind, code(&meant)) {
        let (code, meant_code) = (code(&answer), code(&meant));
        return Err(format!("{name}: real {kind} {code}, naive {meant_kind} {meant_code}\n{answer:?}\n{meant:?}"));
    }
    let (real, naive) = (answer.map(in_order), meant.map(in_order));
    if real == naive { Ok(()) } else { Err(format!("{name}: the answer says\nreal  {real:?}\nnaive {naive:?}")) }
}

/// A receipt in which only what is meant is told apart.
fn in_order(mut receipt: Receipt) -> Receipt {
    for draws in
        [&mut receipt.draws, &mut receipt.returned, &mut receipt.lost, &mut receipt.beyond, &mut receipt.repaid]
    {
        let mut merged: Vec<Draw> = Vec::new();
        for draw in draws.iter() {
            match merged.iter_mut().find(|other| other.lot == draw.lot) {
                Some(other) => {
                    other.amount = credits(u128::from(other.amount.as_u64()) + u128::from(draw.amount.as_u64()))
                }
                None => merged.push(*draw),
            }
        }
        *draws = merged.into_iter().collect();
    }
    receipt.alerts.sort_by_key(|alert| format!("{alert:?}"));
    receipt.over.sort_by_key(|over| format!("{over:?}"));
    receipt.allocated = receipt.allocated.filter(|allocated| !allocated.amount.is_zero());
    receipt
}

pub(super) fn elapsed_alerts(entry: &Entry, told: &[(u64, Alert)]) -> Result<(), String> {
    let alerts = |elapsed: &Elapsed| match &elapsed.what {
        Due::Alerted { alerts } => alerts.iter().map(|alert| (elapsed.at.as_millis(), *alert)).collect(),
        _ => Vec::new(),
    };
    let mut real: Vec<String> = entry.elapsed.iter().flat_map(alerts).map(|told| format!("{told:?}")).collect();
    let mut naive: Vec<String> = told.iter().map(|told| format!("{told:?}")).collect();
    real.sort();
    naive.sort();
    if real == naive { Ok(()) } else { Err(format!("time told\nreal  {real:#?}\nnaive {naive:#?}")) }
}

/// Whether both stand alike at a time.
pub(super) fn states(real: &Ledger, naive: &Naive, now: Timestamp) -> Result<(), String> {
    // What can only be refunded is forgotten with an entry, not with time.
    let all = naive.stands_at(now);
    let (real, naive) = (real_lines(real, now, all), naive_lines(&naive.at(now), all));
    if real == naive {
        return Ok(());
    }
    let only = |lines: &[String], others: &[String]| -> Vec<String> {
        lines.iter().filter(|line| !others.contains(line)).cloned().collect()
    };
    let mut text = String::new();
    for (whose, lines) in [("real ", only(&real, &naive)), ("naive", only(&naive, &real))] {
        for line in lines {
            let _ = write!(text, "\n{whose} {line}");
        }
    }
    if text.is_empty() {
        let lots = |lines: &[String]| lines.iter().filter(|line| line.starts_with("lot")).cloned().collect::<Vec<_>>();
        return Err(format!("the order of lots\nreal  {:#?}\nnaive {:#?}", lots(&real), lots(&naive)));
    }
    let what: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    Err(format!("they end up differently: {}{text}\n(at {})", what.join(" "), now.as_millis()))
}

fn real_lines(ledger: &Ledger, now: Timestamp, all: bool) -> Vec<String> {
    let balance = ledger.balance(now);
    let mut lines = vec![
        format!("totals {:?}", balance.columns),
        format!("spendable {} pending {} bank {}", balance.spendable, balance.pending, balance.bank),
        format!("owed {} period {:?}", balance.owed, balance.period),
    ];
    for lot in ledger.lots(now).into_iter().filter(|lot| all || lot.columns.available + lot.columns.held > 0) {
        let Columns { granted, available, held, spent, expired, voided } = lot.columns;
        let columns = [granted, available, held, spent, expired, voided].map(u128::from);
        lines.push(lot_line(lot.id.as_u64(), lot.class, lot.expires, lot.effective, columns));
    }
    for limit in ledger.limits(now) {
        let LimitState { scope, over, max, spent, held, .. } = limit;
        lines.push(format!("limit {scope} {over:?} max {max} spent {spent} held {held}"));
    }
    for (scope, used) in ledger.usage(now) {
        if used != Used::default() {
            lines.push(format!("usage {scope} {} {}", used.charged, used.uncharged));
        }
    }
    for meter in orders::meters() {
        for workspace in orders::places() {
            let state = ledger.meter(meter, workspace, now);
            let MeterState { used, reserved, max, .. } = state;
            lines.push(format!("meter {meter} {workspace:?} used {used} reserved {reserved} max {max:?}"));
        }
        for spot in orders::spots() {
            lines.push(format!("stored {meter} {spot:?} {}", ledger.stored(meter, &spot)));
        }
    }
    for id in orders::holds() {
        lines.push(format!("hold {id} {:?}", ledger.hold(id, now)));
    }
    lines
}

fn lot_line(id: u64, class: Class, end: Option<Timestamp>, begin: Timestamp, columns: [u128; 6]) -> String {
    let (begin, end) = (begin.as_millis(), end.map(Timestamp::as_millis));
    format!("lot {id} {class:?} {begin}..{end:?} (granted available held spent expired voided) {columns:?}")
}

fn naive_lines(naive: &Naive, all: bool) -> Vec<String> {
    let mut lines = vec![
        format!("totals {:?}", naive.totals()),
        format!("spendable {} pending {} bank {}", naive.spendable(), naive.pending(), naive.bank()),
        format!("owed {} period {:?}", naive.owed, naive.period_times()),
    ];
    let open: Vec<usize> = naive.burning().into_iter().filter(|lot| !naive.is_closed(*lot)).collect();
    let is_first = |lot: &&usize| naive.lots[**lot - 1].active && naive.lots[**lot - 1].available > 0;
    let (first, mut others): (Vec<usize>, Vec<usize>) = open.iter().partition(is_first);
    others.sort_unstable();
    for number in first.into_iter().chain(others) {
        let lot = &naive.lots[number - 1];
        let Columns { granted, available, held, spent, expired, voided } = naive.columns(number);
        let (begin, end) = (Timestamp::from_millis(lot.effective), lot.expires.map(Timestamp::from_millis));
        let columns = [granted, available, held, spent, expired, voided];
        if !all && available + held == 0 {
            continue;
        }
        lines.push(lot_line(number as u64, lot.class, end, begin, columns));
    }
    for limit in naive.limits_in_order() {
        let (scope, over, max) = (limit.scope, limit.over, credits(limit.max()));
        let (spent, held) = (naive.limit_spent(limit), naive.limit_held(limit));
        lines.push(format!("limit {scope} {over:?} max {max} spent {spent} held {held}"));
    }
    for (scope, charged, uncharged) in naive.usage() {
        lines.push(format!("usage {scope} {charged} {uncharged}"));
    }
    for meter in orders::meters() {
        for workspace in orders::places() {
            let spot = Spot { workspace, ..Spot::EVERYTHING };
            let (used, reserved) = (naive.stored(meter, &spot), naive.reserved(meter, &spot));
            let max = naive.rule((meter, workspace)).map(|rule| rule.max);
            lines.push(format!("meter {meter} {workspace:?} used {used} reserved {reserved} max {max:?}"));
        }
        for spot in orders::spots() {
            lines.push(format!("stored {meter} {spot:?} {}", units(naive.stored(meter, &spot))));
        }
    }
    for id in orders::holds() {
        lines.push(format!("hold {id} {:?}", naive.open_hold(id)));
    }
    lines
}

/// What must hold of the real one by itself, after an entry.
pub(super) fn sound(ledger: &Ledger, entry: &Entry) -> Result<(), String> {
    let faults = ledger.audit();
    if !faults.is_empty() {
        return Err(format!("the audit finds {faults:?}"));
    }
    let balance = ledger.balance(entry.at);
    if !balance.columns.is_balanced() || !ledger.lots(entry.at).iter().all(|lot| lot.columns.is_balanced()) {
        return Err("the books do not balance".into());
    }
    let scope = match &entry.order.request {
        _ if entry.answer.is_err() => None,
        Request::Charge(r) if r.spender.pays == Pays::Pool => Some(r.spender.scope),
        Request::Hold(r) if r.spender.pays == Pays::Pool => Some(r.spender.scope),
        Request::Lease(r) => Some(r.scope),
        _ => None,
    };
    let Some(scope) = scope else { return Ok(()) };
    for limit in ledger.limits(entry.at).into_iter().filter(|limit| limit.scope.covers(&scope)) {
        if limit.spent + limit.held > u128::from(limit.max.as_u64()) {
            return Err(format!("let in over a limit: {limit:?}"));
        }
    }
    Ok(())
}
