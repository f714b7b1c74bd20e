//! Codes are an interface: other languages and dashboards match on them.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::access::{Decision, DenyReason, Requirement};
use bailiwick::change::Refusal;
use bailiwick::ledger;
use bailiwick::lint::Lint;
use bailiwick::store::StoreError;
use bailiwick::{OrgId, TenantsError};

#[test]
fn codes_and_numbers_are_unique_and_pinned() {
    let refusals = DenyReason::CODES.iter().chain(Refusal::CODES).chain(ledger::Refusal::CODES);
    let troubles = StoreError::CODES.iter().chain([&TenantsError::CONTENDED]);
    let all: Vec<(u16, &str)> = refusals.chain(troubles).chain(Lint::CODES).copied().collect();
    assert_eq!(all.iter().map(|(number, _)| number).collect::<BTreeSet<_>>().len(), all.len());
    let pinned = include_str!("../cases/codes.txt");
    let found: String = all.iter().map(|(number, code)| format!("{number} {code}\n")).collect();
    assert_eq!(found, pinned, "codes may be added, never changed: tests/cases/codes.txt");
}

/// Whoever has no texts finds them by number.
#[test]
fn every_code_of_a_no_has_a_text() {
    let tables = [
        (DenyReason::CODES, DenyReason::TEXTS),
        (Refusal::CODES, Refusal::TEXTS),
        (ledger::Refusal::CODES, ledger::Refusal::TEXTS),
    ];
    for (codes, texts) in tables {
        let numbers = |table: &[(u16, &str)]| table.iter().map(|(number, _)| *number).collect::<Vec<_>>();
        assert_eq!(numbers(codes), numbers(texts));
        assert!(texts.iter().all(|(_, text)| !text.is_empty()));
    }
    let texts: BTreeMap<u16, &str> = Refusal::TEXTS.iter().copied().collect();
    assert_eq!(texts[&Refusal::LastOwner.number()], Refusal::LastOwner.to_string());
    assert_eq!(texts[&162], "the plan allows {max} {limit}, and there are {used}");
}

#[test]
fn decisions_and_errors_have_the_number_of_their_code() {
    let requirement = Requirement::default();
    assert_eq!(Decision::Allow.number(), 0);
    assert_eq!(Decision::StepUp(requirement).number(), Refusal::StepUp { requirement }.number());
    assert_eq!(Decision::Deny(DenyReason::Private).number(), DenyReason::Private.number());

    let why = || Box::from("why");
    let troubles = [
        StoreError::Retry(why()),
        StoreError::Unknown(why()),
        StoreError::Fatal(why()),
        StoreError::Stale(std::time::Duration::ZERO),
    ];
    let found: Vec<(u16, &str)> = troubles.iter().map(|error| (error.number(), error.code())).collect();
    assert_eq!(found, StoreError::CODES);
    for (number, error) in [400, 401, 402, 403].into_iter().zip(troubles) {
        assert_eq!(TenantsError::from(error).number(), number);
    }
    let still = TenantsError::StillOwner { organizations: vec![OrgId::from_u64(1).unwrap()] };
    assert_eq!((still.number(), still.code()), (155, Some("last_owner")));
    assert_eq!(TenantsError::from(Refusal::SeatsNotCounted).number(), 165);
    assert_eq!(TenantsError::from(ledger::Refusal::ZeroAmount).number(), 305);
    assert_eq!(TenantsError::Contended.number(), 404);
}
