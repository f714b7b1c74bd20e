//! Ending: settled, or given back.

use bailiwick::ledger::{Commit, Credits, Release, Remove, Request, Settle, Units};
use bailiwick::{Actor, Label, TenantsError};
use tracing::{info, warn};

use super::{Generation, table};
use crate::app::App;
use crate::clock;
use crate::database::DatabaseError;
use crate::http::Problem;

/// An order of the platform about a generation, under a key that follows from it.
async fn order(app: &App, of: &Generation, key: &str, request: impl Into<Request>) -> Result<(), TenantsError> {
    app.tenants.order(of.organization, of.issue(key), request, Actor::System, clock::now()).await.map(|_| ())
}

/// It is there: stores it and charges for it. Once more, by whoever finds it unfinished, it is answered as it was: settled, or over.
pub(super) async fn complete(app: &App, generation: &Generation) {
    match settle(app, generation).await {
        Ok(()) => {}
        Err(TenantsError::Declined(why)) => {
            warn!(generation = %generation.id, why = %why, "a generation cannot be settled");
            return give_up(app, generation).await;
        }
        Err(why) => {
            return warn!(generation = %generation.id, error = %why, "a generation is looked at again when its hold is over");
        }
    }
    match table::done(&app.database, generation.id).await {
        Ok(true) => info!(generation = %generation.id, cost = generation.cost, "a generation is done"),
        Ok(false) => take_away(app, generation).await, // its project has been deleted meanwhile
        Err(why) => warn!(generation = %generation.id, error = %why, "a generation is done and not written down"),
    }
}

async fn settle(app: &App, generation: &Generation) -> Result<(), TenantsError> {
    commit(app, generation).await?;
    let settle = Settle { hold: generation.hold(), amount: Credits::new(generation.cost) };
    order(app, generation, "settle", settle).await
}

async fn commit(app: &App, generation: &Generation) -> Result<(), TenantsError> {
    order(app, generation, "commit", Commit { hold: generation.room(), amount: Units::new(generation.bytes) }).await
}

/// It comes to nothing: whatever it holds is free again, and what it has stored is not counted.
pub(super) async fn give_up(app: &App, generation: &Generation) {
    give_back(app, generation).await;
    // If it was stored before it could not be charged, this is a repetition and says so; else there is no room any more.
    if commit(app, generation).await.is_ok() {
        take_away(app, generation).await;
    }
    match table::failed(&app.database, generation.id).await {
        Ok(_) => info!(generation = %generation.id, "a generation came to nothing"),
        Err(why) => {
            warn!(generation = %generation.id, error = %why, "a generation came to nothing and is not written down")
        }
    }
}

/// Releases credits and room. What is over already is as it should be.
pub(super) async fn give_back(app: &App, generation: &Generation) {
    let holds = [("release", generation.hold()), ("release-room", generation.room())];
    for (key, hold) in holds {
        match order(app, generation, key, Release { hold }).await {
            Ok(()) | Err(TenantsError::Declined(_)) => {}
            Err(why) => warn!(generation = %generation.id, error = %why, "a hold ends by itself"),
        }
    }
}

/// Counts its bytes no more.
async fn take_away(app: &App, generation: &Generation) {
    if let Err(why) = remove(app, generation).await {
        warn!(generation = %generation.id, error = %why, "bytes that are gone are still counted");
    }
}

async fn remove(app: &App, generation: &Generation) -> Result<(), TenantsError> {
    let amount = Units::new(generation.bytes);
    order(app, generation, "remove", Remove { meter: Label::STORAGE, spot: generation.spot(), amount }).await
}

/// Deletes one that has ended: its bytes first, so that it cannot be gone and counted.
pub(crate) async fn delete(app: &App, generation: &Generation) -> Result<(), Problem> {
    if generation.bytes > 0 {
        remove(app, generation).await?;
    }
    let deleted: Result<(), DatabaseError> = table::delete(&app.database, generation.id).await;
    Ok(deleted?)
}
