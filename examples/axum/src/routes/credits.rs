//! What is left: credits and storage of an organization.

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::extract::State;
use bailiwick::Label;
use bailiwick::ledger::Units;
use bailiwick_bridge::ledger::clamped;
use schemars::JsonSchema;
use serde::Serialize;

use super::named;
use crate::app::Shared;
use crate::http::{Found, Problem};
use crate::may::{Authorized, ViewCredits};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new().api_route(
        "/v1/organizations/{organization}/credits",
        get_with(get, named("getCredits", "What is left of credits and storage?")),
    )
}

/// Credits and storage.
#[derive(Serialize, JsonSchema)]
struct Account {
    /// Credits that can be spent now.
    spendable: u64,
    /// Credits that are promised to what runs.
    held: u64,
    /// Credits that were spent.
    spent: u64,
    /// Bytes that are stored.
    stored: u64,
    /// Bytes that are kept free for what runs.
    reserved: u64,
    /// Bytes that the plan has room for.
    room: Option<u64>,
}

async fn get(State(app): State<Shared>, auth: Authorized<ViewCredits>) -> Result<Found<Account>, Problem> {
    let now = auth.facts.now;
    let account = app.tenants.read_ledger(auth.organization(), now, |ledger| {
        let (balance, storage) = (ledger.balance(now), ledger.meter(Label::STORAGE, None, now));
        Account {
            spendable: clamped(balance.spendable),
            held: clamped(balance.columns.held),
            spent: clamped(balance.columns.spent),
            stored: storage.used.as_u64(),
            reserved: storage.reserved.as_u64(),
            room: storage.max.map(Units::as_u64),
        }
    });
    Ok(Found::new(account.await?))
}
