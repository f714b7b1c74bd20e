//! Failures: everything but a plain yes, with its number, its words and the facts in it.

use bailiwick::access::Decision;
use bailiwick::catalog::Catalog;
use bailiwick::change::Refusal;
use bailiwick::store::StoreError;
use bailiwick::{TenantsError, ledger};
use serde_json::{Value, json};

use crate::code::{self, Number};
use crate::facts;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The stable number.
    pub number: Number,
    /// The words, facts included.
    pub text: String,
    /// The facts by name; an empty table where there are none.
    pub facts: Value,
}

impl Failure {
    /// Something wrong with the call.
    #[must_use]
    pub fn of(number: Number, text: impl Into<String>) -> Self {
        Self { number, text: text.into(), facts: json!({}) }
    }

    /// Something wrong with the call that its number says already.
    #[must_use]
    pub fn plain(number: Number) -> Self {
        Self::of(number, code::text_of(number).unwrap_or_default())
    }

    /// A decision that is no yes, with what it takes to turn it; `None` for a yes.
    #[must_use]
    pub fn of_decision(decision: Decision, catalog: &Catalog) -> Option<Self> {
        let (text, facts) = facts::of_decision(decision, catalog);
        (!decision.is_allow()).then(|| Self { number: decision.number(), text, facts })
    }

    /// All of it: `{"number":162,"code":"limit_reached","text":"…","facts":{"limit":"members","max":5,"used":5}}`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let code = code::name_of(self.number).unwrap_or_default();
        json!({ "number": self.number, "code": code, "text": self.text, "facts": self.facts })
    }
}

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        Self { number: refusal.number(), text: refusal.to_string(), facts: facts::of(refusal) }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::from(&refusal)
    }
}

impl From<&ledger::Refusal> for Failure {
    fn from(refusal: &ledger::Refusal) -> Self {
        // In serde it is its word, or a table of its word and its facts.
        let facts = match serde_json::to_value(refusal) {
            Ok(Value::Object(table)) => table.into_iter().next().map(|(_, facts)| facts),
            _ => None,
        };
        let facts = facts.unwrap_or_else(|| json!({}));
        Self { number: refusal.number(), text: refusal.to_string(), facts }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::of(error.number(), with_sources(&error))
    }
}

impl From<TenantsError> for Failure {
    fn from(error: TenantsError) -> Self {
        match error {
            TenantsError::Refused(refusal) => refusal.into(),
            TenantsError::Declined(refusal) => Self::from(&*refusal),
            TenantsError::Store(error) => error.into(),
            TenantsError::StillOwner { ref organizations } => {
                Self { facts: json!({ "organizations": organizations }), ..Self::of(error.number(), error.to_string()) }
            }
            other => Self::of(other.number(), other.to_string()),
        }
    }
}

/// An error with everything behind it, nearest first.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(behind) = source {
        text = format!("{text}: {behind}");
        source = behind.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use bailiwick::access::Requirement;
    use bailiwick::ledger::Credits;
    use bailiwick::{Seats, Span};

    use super::*;

    #[test]
    fn a_decision_that_is_no_yes_is_a_failure_with_what_it_takes() {
        let catalog = crate::catalog::preset("cloud").unwrap();
        assert_eq!(Failure::of_decision(Decision::Allow, &catalog), None);
        let needed = Requirement { authentication_within: Some(Span::minutes(15)), ..Requirement::default() };
        let failure = Failure::of_decision(Decision::StepUp(needed), &catalog).unwrap();
        assert_eq!((failure.number, failure.text.as_str()), (102, "first authenticate again (within 15m)"));
        assert_eq!(failure.facts["authentication_within"], "15m");
    }

    #[test]
    fn failures_are_written_with_their_facts() {
        let full = Failure::from(Refusal::SeatLimit { limit: Seats::new(4), used: Seats::new(4) });
        let written =
            r#"{"code":"seat_limit","facts":{"limit":4,"used":4},"number":160,"text":"all seats are taken: 4 of 4"}"#;
        assert_eq!(full.to_value().to_string(), written);
        let short = ledger::Refusal::NotEnough { needed: Credits::new(9), left: Credits::new(2) };
        assert_eq!(Failure::from(&short).facts, json!({ "needed": 9, "left": 2 }));
        assert_eq!(Failure::from(&ledger::Refusal::ZeroAmount).facts, json!({}));
        let fatal = StoreError::Fatal(Box::from("the disk is gone"));
        assert_eq!(Failure::from(fatal), Failure::of(402, "the store failed: the disk is gone"));
    }
}
