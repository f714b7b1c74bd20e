//! Codes are an interface: other languages and dashboards match on them.

use std::collections::BTreeSet;

use bailiwick::access::DenyReason;
use bailiwick::change::Refusal;
use bailiwick::ledger;
use bailiwick::lint::Lint;

#[test]
fn codes_and_numbers_are_unique_and_pinned() {
    let refusals = DenyReason::CODES.iter().chain(Refusal::CODES).chain(ledger::Refusal::CODES);
    let all: Vec<(u16, &str)> = refusals.chain(Lint::CODES).copied().collect();
    assert_eq!(all.iter().map(|(number, _)| number).collect::<BTreeSet<_>>().len(), all.len());
    let pinned = include_str!("../cases/codes.txt");
    let found: String = all.iter().map(|(number, code)| format!("{number} {code}\n")).collect();
    assert_eq!(found, pinned, "codes may be added, never changed: tests/cases/codes.txt");
}
