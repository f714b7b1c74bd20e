//! Snapshots that somebody has bent: an error that names what is wrong, or something sound; never a panic.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::access::Target;
use bailiwick::ledger::{self, Ledger, Request};
use bailiwick::{Actor, CommandId, HoldId, Organization, OrganizationSnapshot, Span, Timestamp, Violation};
use serde_json::Value;

use super::paths::{bent, others};
use crate::support::samples::{self, Ids};

/// The word of a variant, for counting.
fn word(shown: &impl std::fmt::Debug) -> String {
    let shown = format!("{shown:?}");
    shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[test]
fn a_bent_snapshot_of_an_organization_is_refused_or_sound() {
    let org = samples::organization(Ids::OWN);
    let commands = samples::samples(Ids::OWN);
    let value = serde_json::to_value(org.snapshot()).unwrap();
    let (mut counts, facts) = (BTreeMap::<String, usize>::new(), samples::facts());
    for (at, bent) in bent(&value).enumerate() {
        let shown = bent.to_string();
        let Ok(snapshot) = serde_json::from_value::<OrganizationSnapshot>(bent) else {
            *counts.entry("unread".into()).or_default() += 1;
            continue;
        };
        let mut restored = match Organization::restore(org.id(), Arc::clone(org.catalog()), &snapshot) {
            Ok(restored) => restored,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                *counts.entry(word(&error)).or_default() += 1;
                continue;
            }
        };
        *counts.entry("restored".into()).or_default() += 1;
        let passing = |violation: &Violation| {
            matches!(
                violation,
                Violation::NoOwner | Violation::SeveralOwners(_) | Violation::Oversold(_) | Violation::NoRow(_)
            )
        };
        let found = restored.audit(facts.now);
        assert!(found.iter().all(passing), "{found:?} in {shown}");
        let again = Organization::restore(org.id(), Arc::clone(org.catalog()), &restored.snapshot());
        assert_eq!(again.as_ref(), Ok(&restored), "{shown}");
        // It goes on, whatever is in it.
        let users: Vec<_> = restored.people().map(|(user, _)| user).collect();
        for (user, (permission, _)) in users.iter().zip(org.catalog().permissions()) {
            _ = restored.explain(Actor::User(*user), permission, Target::Workspace(Ids::OWN.workspace(1)), &facts);
        }
        for (actor, command) in commands.iter().cycle().skip(at % commands.len()).take(3) {
            if let Ok(outcome) = restored.handle(command, &facts.by(*actor)) {
                outcome.records.iter().for_each(|record| restored.apply(record));
            }
        }
    }
    println!("{counts:#?}");
    let seen = [
        "unread",
        "restored",
        "Format",
        "AnotherOrganization",
        "AnotherCatalog",
        "Unknown",
        "Twice",
        "TooMany",
        "Ahead",
        "Unsound",
    ];
    assert!(seen.iter().all(|word| counts.contains_key(*word)), "{counts:#?}");
}

/// What is asked of a ledger that somebody has bent.
fn orders(ledger: &Ledger, value: &Value) -> Vec<Request> {
    use ledger::*;
    let everything = Spender::new(Scope::EVERYTHING);
    let (hold, amount) = (HoldId::from_u64(4_711).unwrap(), Credits::new(7));
    let mut all: Vec<Request> = vec![
        Tick {}.into(),
        Charge { hold, spender: everything, amount }.into(),
        SetLimit { scope: Scope::EVERYTHING, over: Over::Period, max: Credits::new(u64::MAX) }.into(),
        Grant {
            class: Class::Purchased,
            amount: Credits::new(u64::MAX / 2),
            scope: Scope::EVERYTHING,
            priority: 0,
            effective: None,
            expires: None,
        }
        .into(),
    ];
    let holds = value["holds"].as_array().into_iter().flatten();
    for hold in holds.filter_map(|hold| hold[0].as_str()?.parse::<HoldId>().ok()).take(2) {
        all.push(Settle { hold, amount }.into());
    }
    let spends = value["past"]["over"].as_array().into_iter().flatten();
    for spend in spends.filter_map(|spend| spend[0].as_str()?.parse::<HoldId>().ok()).take(2) {
        all.push(Refund { spend, amount: None, scope: None }.into());
    }
    let start = ledger.balance(Timestamp::from_millis(0)).period.map_or(0, |(start, _)| start.as_millis());
    let at = |millis: u64| Timestamp::from_millis(start.saturating_add(millis));
    all.push(BeginPeriod { start: at(1), end: at(86_400_000) }.into());
    all
}

#[test]
fn a_bent_snapshot_of_a_ledger_is_refused_or_sound() {
    let (ledger, settings, entries) = super::kept::chosen_ledger();
    let now = entries.last().unwrap().at;
    let mut value = serde_json::to_value(ledger.snapshot()).unwrap();
    // Answers are entries, which are read as they always were: a few are enough.
    let entries = value["keys"]["entries"].as_array_mut().unwrap();
    let gone = entries.len().saturating_sub(2);
    entries.drain(..gone);
    value["keys"]["gone"] = gone.into();
    let mut counts = BTreeMap::<String, usize>::new();
    for bent in bent(&value) {
        let shown = bent.to_string();
        let Ok(snapshot) = serde_json::from_value::<ledger::Snapshot>(bent.clone()) else {
            *counts.entry("unread".into()).or_default() += 1;
            continue;
        };
        let mut restored = match Ledger::restore(ledger.organization(), settings.clone(), &snapshot) {
            Ok(restored) => restored,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                *counts.entry(word(&error)).or_default() += 1;
                continue;
            }
        };
        *counts.entry("restored".into()).or_default() += 1;
        assert_eq!(restored.audit(), [], "{shown}");
        let again = Ledger::restore(ledger.organization(), settings.clone(), &restored.snapshot());
        assert_eq!(again.as_ref(), Ok(&restored), "{shown}");
        // It goes on, whatever is in it.
        for (n, request) in orders(&restored, &bent).into_iter().enumerate() {
            let now = now.plus(Span::days(9 * n as u64));
            let order = ledger::Order { key: CommandId::from_u64(90_000 + n as u64).unwrap(), issued: now, request };
            if let ledger::Verdict::New(entry) = restored.handle(&order, Actor::System, now) {
                restored.apply(&entry);
            }
            _ = (restored.balance(now), restored.expiries(now), restored.usage(now), restored.limits(now));
        }
    }
    println!("{counts:#?}");
    let seen = [
        "unread",
        "restored",
        "Format",
        "AnotherOrganization",
        "OtherSettings",
        "TooMany",
        "OutOfOrder",
        "Allowance",
        "Lot",
        "LotAstray",
        "HoldAstray",
        "Unbalanced",
        "Meter",
        "Answer",
    ];
    let missing: Vec<_> = seen.iter().filter(|word| !counts.contains_key(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} {counts:#?}");
}

/// Greatest sums: usage and meters whose parts are each possible, and together more than any number.
#[test]
fn sums_beyond_all_numbers_are_no_panic() {
    let (ledger, settings, entries) = super::kept::chosen_ledger();
    let now = entries.last().unwrap().at;
    let text = serde_json::to_string(&ledger.snapshot()).unwrap();
    let most = u128::MAX;
    let used = |n: u64| format!(r#"[{{"user":"{:032x}"}},{{"charged":{most},"uncharged":{most}}}]"#, n + 1_000);
    let (before, after) = text.split_once(r#""usage":["#).unwrap();
    let rest = if after.starts_with(']') { after.to_owned() } else { format!(",{after}") };
    let bent = format!(r#"{before}"usage":[{},{}{rest}"#, used(1), used(2));
    let snapshot: ledger::Snapshot = serde_json::from_str(&bent).unwrap();
    let mut restored = Ledger::restore(ledger.organization(), settings, &snapshot).unwrap();
    for (n, request) in orders(&restored, &others(&Value::Null)[0]).into_iter().enumerate() {
        let order = ledger::Order { key: CommandId::from_u64(90_000 + n as u64).unwrap(), issued: now, request };
        if let ledger::Verdict::New(entry) = restored.handle(&order, Actor::System, now) {
            restored.apply(&entry);
        }
        _ = (restored.usage(now), restored.used(&ledger::Scope::EVERYTHING, now), restored.limits(now));
    }
}
