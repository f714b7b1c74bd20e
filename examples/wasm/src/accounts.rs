//! Accounts of organizations: orders, and what can be asked.

use bailiwick::ledger::{Above, Timeout};
use bailiwick::ledger::{Charge, Credits, Hold, Order, Receipt, Request, Spender};
use bailiwick::{Actor, CommandId, HoldId, Issue, Label, OrgId, ResourceId, Timestamp, Work, WorkspaceId};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::ledger::Question;
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::tenants::RawTenants;
use crate::value::{id, time};
use crate::{Answer, told};

/// Work that costs something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Effort {
    #[serde(default)]
    workspace: Option<WorkspaceId>,
    #[serde(default)]
    project: Option<ResourceId>,
    #[serde(default)]
    class: Option<Label>,
}

/// The key of an order, and when it was made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: CommandId,
    at: Timestamp,
}

/// What is spent, or promised to work whose cost is known afterwards.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Spend {
    Charge {
        hold: HoldId,
        amount: Credits,
    },
    Hold {
        hold: HoldId,
        amount: Credits,
        until: Timestamp,
        #[serde(default)]
        above: Above,
        #[serde(default)]
        timeout: Timeout,
    },
}

pub(crate) fn work(text: &str) -> Result<Work, Failure> {
    let Effort { workspace, project, class } = bailiwick_bridge::read(text)?;
    Ok(Work { workspace, project, class })
}

impl Spend {
    fn by(&self, spender: Spender) -> Request {
        match *self {
            Self::Charge { hold, amount } => Charge { hold, spender, amount }.into(),
            Self::Hold { hold, amount, until, above, timeout } => {
                Hold { hold, spender, amount, until, above, timeout }.into()
            }
        }
    }
}

#[wasm_bindgen]
impl RawTenants {
    /// Carries out an order.
    pub fn order(&self, organization: &str, order: &str, by: &str, now: f64) -> Answer<String> {
        told(self.ordered(organization, order, by, now))
    }

    /// Spends or holds in the place of an actor.
    pub fn spend(&self, organization: &str, issue: &str, effort: &str, spend: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            let Key { key, at } = bailiwick_bridge::read(issue)?;
            let (work, spend): (Work, Spend) = (work(effort)?, bailiwick_bridge::read(spend)?);
            let issue = Issue { key, at };
            let given = engine.spend(organization, issue, &work, context.actor, &context.facts, |it| spend.by(it))?;
            bailiwick_bridge::write(&given)
        }))
    }

    /// Asks a ledger something.
    pub fn ask(&self, organization: &str, question: &str, now: f64) -> Answer<String> {
        let ask = || {
            let (organization, now): (OrgId, Timestamp) = (id(organization)?, time(now)?);
            let question: Question = bailiwick_bridge::read(question)?;
            self.engine.read_ledger(organization, now, |ledger| question.answer(ledger, now))?
        };
        told(ask())
    }
}

impl RawTenants {
    fn ordered(&self, organization: &str, order: &str, by: &str, now: f64) -> Result<String, Failure> {
        let Order { key, issued, request } = bailiwick_bridge::read(order)?;
        let (organization, by): (OrgId, Actor) = (id(organization)?, bailiwick_bridge::read(by)?);
        let issue = Issue { key, at: issued };
        let receipt: Receipt = self.engine.order(organization, issue, request, by, time(now)?)?;
        bailiwick_bridge::write(&receipt)
    }
}
