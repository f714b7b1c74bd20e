//! Previews: what a request would do, without doing it.

use super::{Balance, Ledger, Receipt, Refusal, Request};
use crate::time::Timestamp;

/// What a request would do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Preview {
    /// What the answer would be.
    pub receipt: Receipt,
    /// How the ledger stands.
    pub before: Balance,
    /// How it would stand.
    pub after: Balance,
}

impl Ledger {
    /// Says what a request would do now. Needs no key, and keeps none.
    ///
    /// # Errors
    /// The [`Refusal`] that it would meet.
    pub fn preview(&self, request: impl Into<Request>, now: Timestamp) -> Result<Preview, Refusal> {
        let (request, at) = (request.into(), self.within_reach(now));
        let (elapsed, answer) = self.judge(&request, at);
        let receipt = answer?;
        let mut after = self.clone();
        after.clock = at;
        elapsed.iter().for_each(|elapsed| after.elapse(elapsed));
        after.carry_out(&request, &receipt);
        Ok(Preview { receipt, before: self.balance(now), after: after.balance(now) })
    }
}
