//! Books: a ledger by itself, for whoever keeps its entries.

use std::sync::Arc;

use bailiwick::ledger::{BurnKey, BurnOrder, Entry, Ledger, Order, Settings, Verdict};
use bailiwick::{Actor, OrgId, Span, Timestamp};
use serde::Deserialize;

use crate::failure::Failure;
use crate::ledger::{Question, verdict};

/// What an application decides for its ledgers, written `{"burn":["expiry","class","age"],"transfers":true,"window":"24h"}`; what is
/// left out is as the crate has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Decided {
    burn: Option<Vec<BurnKey>>,
    transfers: Option<bool>,
    window: Option<Span>,
    keys_max: Option<usize>,
    refundable_max: Option<usize>,
}

impl From<Decided> for Settings {
    fn from(decided: Decided) -> Self {
        let usual = Self::default();
        Self {
            burn_order: decided.burn.map_or(usual.burn_order, BurnOrder::new),
            transfers: decided.transfers.unwrap_or(usual.transfers),
            window: decided.window.unwrap_or(usual.window),
            keys_max: decided.keys_max.unwrap_or(usual.keys_max),
            refundable_max: decided.refundable_max.unwrap_or(usual.refundable_max),
        }
    }
}

/// A ledger, and how it counts.
#[derive(Clone, Debug)]
pub struct Books {
    ledger: Ledger,
}

/// What came of an order.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The refusal, if it is one.
    pub refused: Option<Failure>,
    /// All of it, as [`verdict`] says.
    pub text: String,
}

impl Books {
    /// An empty ledger of an organization.
    ///
    /// # Errors
    /// `bad_json` of the settings.
    pub fn new(organization: OrgId, settings: &str) -> Result<Self, Failure> {
        let decided: Decided = crate::read(settings)?;
        Ok(Self { ledger: Ledger::new(organization, decided.into()) })
    }

    /// Judges an order, written `{"key":"…","issued":…,"request":{"charge":{…}}}`, and carries it out. The entry in the answer is to be kept.
    ///
    /// # Errors
    /// `bad_json`. A refusal is no error but an [answer](Answered::refused).
    pub fn order(&mut self, order: &str, by: Actor, now: Timestamp) -> Result<Answered, Failure> {
        let order: Order = crate::read(order)?;
        let given = self.ledger.handle(&order, by, now);
        if let Verdict::New(entry) = &given {
            self.ledger.apply(entry);
        }
        let text = crate::write(&verdict(&given))?;
        Ok(Answered { refused: given.answer().err().map(Failure::from), text })
    }

    /// Takes in an entry that was kept, the next one.
    ///
    /// # Errors
    /// `bad_json`.
    pub fn replay(&mut self, entry: &str) -> Result<(), Failure> {
        let entry: Entry = crate::read(entry)?;
        self.ledger.apply(&Arc::new(entry));
        Ok(())
    }

    /// Answers a [`Question`].
    ///
    /// # Errors
    /// `bad_json`.
    pub fn ask(&self, question: &str, now: Timestamp) -> Result<String, Failure> {
        crate::read::<Question>(question)?.answer(&self.ledger, now)
    }
}
