//! Ledgers: what is restored is what was there, goes on alike, and judges alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::ledger::*;
use bailiwick::{Actor, OrgId, Span, Timestamp};
use serde_json::Value;

use super::paths;
use crate::support::shop::{Shop, grant};
use crate::support::{hostile, simulator};

pub(super) fn organization() -> OrgId {
    OrgId::from_u64(1).unwrap()
}

/// One order at one moment.
type Given = (Timestamp, Actor, Order);

/// What is ordered in a run of the simulator: clients that behave.
pub(super) fn simulated(seed: u64, steps: usize) -> (Settings, Vec<Given>) {
    let (script, _) = simulator::World::simulate(seed, steps, &mut Default::default());
    let kept = script.steps.into_iter().filter(|step| step.fate == simulator::Fate::Append);
    (script.settings, kept.map(|step| (Timestamp::from_millis(step.now), Actor::System, step.order)).collect())
}

/// What is ordered in a script of orders that nobody should send.
fn wild(seed: u64, steps: usize) -> (Settings, Vec<Given>) {
    let script = hostile::Script::of_seed(seed, steps);
    let kept = script.steps.into_iter().filter(|step| !step.lost);
    (script.settings, kept.map(|step| (step.now, step.by, step.order)).collect())
}

/// The entries of a history.
pub(super) fn entries(settings: &Settings, orders: &[Given]) -> Vec<Arc<Entry>> {
    let mut ledger = Ledger::new(organization(), settings.clone());
    let mut entries = Vec::new();
    for (now, by, order) in orders {
        if let Verdict::New(entry) = ledger.handle(order, *by, *now) {
            ledger.apply(&entry);
            entries.push(entry);
        }
    }
    entries
}

fn read_back(snapshot: &Snapshot) -> Snapshot {
    let text = serde_json::to_string(snapshot).unwrap();
    let again = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} {text}"));
    assert_eq!(*snapshot, again);
    again
}

fn restored(ledger: &Ledger, settings: &Settings) -> Ledger {
    let snapshot = read_back(&ledger.snapshot());
    assert_eq!((snapshot.version(), snapshot.organization()), (ledger.version(), ledger.organization()));
    let again = Ledger::restore(organization(), settings.clone(), &snapshot)
        .unwrap_or_else(|error| panic!("{error:?} of {ledger:?}"));
    assert_eq!(again, *ledger);
    assert_eq!(again.snapshot(), snapshot);
    again
}

/// The law, at every prefix of a history.
fn restores_everywhere((settings, orders): (Settings, Vec<Given>), seen: &mut BTreeSet<String>) {
    let mut ledger = Ledger::new(organization(), settings.clone());
    let (mut copies, mut entries) = (vec![restored(&ledger, &settings)], Vec::new());
    for (now, by, order) in &orders {
        let verdict = ledger.handle(order, *by, *now);
        assert_eq!(copies.last().unwrap().handle(order, *by, *now), verdict);
        if let Verdict::New(entry) = verdict {
            ledger.apply(&entry);
            copies.push(restored(&ledger, &settings));
            paths::collect(&serde_json::to_value(ledger.snapshot()).unwrap_or_default(), seen);
            entries.push(entry);
        }
    }
    for (at, mut copy) in copies.into_iter().enumerate() {
        entries[at..].iter().for_each(|entry| copy.apply(entry));
        assert_eq!(copy, ledger);
    }
}

#[test]
fn what_is_restored_is_what_was_there_and_goes_on_alike() {
    let mut seen = BTreeSet::new();
    (0..16).for_each(|seed| restores_everywhere(simulated(seed, 100), &mut seen));
    (0..16).for_each(|seed| restores_everywhere(wild(seed, 80), &mut seen));
    let missing: Vec<_> = paths::LEDGER.iter().filter(|path| !seen.contains(**path)).collect();
    assert!(missing.is_empty(), "no history has {missing:#?}, but {seen:#?}");
}

#[test]
fn a_ledger_that_misses_an_entry_is_not_begun_from() {
    let mut gaps = 0;
    for seed in 0..12 {
        let (settings, orders) = simulated(seed, 60);
        let all = entries(&settings, &orders);
        for gap in (1..all.len().saturating_sub(1)).step_by(9) {
            let rest = all.iter().enumerate().filter(|(at, _)| *at != gap).map(|(_, entry)| entry);
            let ledger = Ledger::replay(organization(), settings.clone(), rest);
            let error = Ledger::restore(organization(), settings.clone(), &read_back(&ledger.snapshot()));
            assert!(matches!(error, Err(SnapshotError::Unbalanced { .. })), "{error:?}");
            gaps += 1;
        }
    }
    assert!(gaps >= 20, "{gaps}");
}

#[test]
fn another_order_of_burning_is_that_of_a_replay_and_another_memory_is_refused() {
    let orders_of_burning = [BurnOrder::new([]), BurnOrder::new([BurnKey::Class, BurnKey::Age])];
    for seed in 0..8 {
        let (settings, orders) = simulated(seed, 80);
        let all = entries(&settings, &orders);
        let snapshot = Ledger::replay(organization(), settings.clone(), &all).snapshot();
        for burn_order in orders_of_burning.clone() {
            let other = Settings { burn_order, transfers: !settings.transfers, ..settings.clone() };
            let replayed = Ledger::replay(organization(), other.clone(), &all);
            assert_eq!(Ledger::restore(organization(), other, &snapshot), Ok(replayed));
        }
        for other in [
            Settings {
                window: settings.window.max(Span::hours(1)).max(Span::millis(settings.window.as_millis() + 1)),
                ..settings.clone()
            },
            Settings { keys_max: settings.keys_max + 1, ..settings.clone() },
            Settings { refundable_max: settings.refundable_max - 1, ..settings.clone() },
        ] {
            assert_eq!(Ledger::restore(organization(), other, &snapshot), Err(SnapshotError::OtherSettings));
        }
        let of = organization();
        let error = Ledger::restore(OrgId::from_u64(2).unwrap(), settings, &snapshot);
        assert_eq!(error, Err(SnapshotError::AnotherOrganization { of }));
    }
}

/// Lots are numbered below the next one, something can come of each, and what is held of it is held by a hold.
#[test]
fn a_lot_that_cannot_be_is_named() {
    let mut shop = Shop::with(10);
    shop.ask(grant(Class::Promotional, 5, None)).unwrap();
    let whole = serde_json::to_value(shop.ledger.snapshot()).unwrap();
    let restored = |bend: &dyn Fn(&mut Value)| {
        let mut bent = whole.clone();
        bend(&mut bent["lots"][1]);
        let snapshot: Snapshot = serde_json::from_value(bent).unwrap();
        Ledger::restore(organization(), Settings::default(), &snapshot).map(drop)
    };
    assert_eq!(restored(&|_| ()), Ok(()));
    let named = |id| Err(SnapshotError::Lot(LotId::from_u64(id)));
    assert_eq!(restored(&|lot| lot["id"] = 3.into()), named(3));
    let over = |lot: &mut Value| (lot["columns"]["available"], lot["columns"]["spent"]) = (0.into(), 5.into());
    assert_eq!(restored(&over), named(2));
    let held = |lot: &mut Value| (lot["columns"]["available"], lot["columns"]["held"]) = (4.into(), 1.into());
    assert_eq!(restored(&held), named(2));
    let mut first = whole.clone();
    first["lots"][0]["id"] = 0.into();
    let snapshot: Snapshot = serde_json::from_value(first).unwrap();
    assert_eq!(Ledger::restore(organization(), Settings::default(), &snapshot).map(drop), named(0));
}
