//! Beginning: credits held and room kept, before anything is done.

use bailiwick::Label;
use bailiwick::ledger::{Above, Hold, Reserve, Timeout};
use tracing::Instrument;

use super::{Generation, end, table};
use crate::app::Shared;
use crate::clock;
use crate::http::Problem;
use crate::idempotency::Operation;
use crate::may::{Authorized, RunGenerations};

/// Begins a generation of so many steps in a project.
pub(crate) async fn begin(
    app: &Shared,
    auth: &Authorized<RunGenerations>,
    operation: &Operation,
    project: bailiwick::ResourceId,
    steps: u64,
) -> Result<Generation, Problem> {
    let (cost, bytes) = Generation::of_steps(steps);
    let generation = Generation {
        id: bailiwick::ResourceId::from_bits(operation.id("generation")),
        organization: auth.place.organization,
        workspace: auth.place.workspace,
        project,
        account: auth.session.account,
        state: "running".to_owned(),
        cost,
        bytes,
        issued: operation.at,
        ends: operation.at.plus(clock::span(app.config.hold_for)),
    };
    hold(app, auth, &generation, steps).await?;
    if table::insert(&app.database, &generation).await? {
        app.begun.spawn(run(app.clone(), generation.clone()).in_current_span());
        return Ok(generation);
    }
    // A repetition of what was begun before: whoever began it goes on with it.
    Ok(table::find(&app.database, project, generation.id).await?.unwrap_or(generation))
}

/// Both or nothing.
async fn hold(
    app: &Shared,
    auth: &Authorized<RunGenerations>,
    generation: &Generation,
    steps: u64,
) -> Result<(), Problem> {
    let (credits, room) = Generation::at_most(steps);
    let (organization, until, now) = (generation.organization, generation.ends, auth.facts.now);
    let hold = |spender| Hold {
        hold: generation.hold(),
        spender,
        amount: credits,
        until,
        above: Above::Refuse,
        timeout: Timeout::Release,
    };
    let (issue, work) = (generation.issue("hold"), generation.work());
    app.tenants.spend(organization, issue, &work, auth.actor(), &auth.facts, hold).await?;
    let reserve =
        Reserve { hold: generation.room(), meter: Label::STORAGE, spot: generation.spot(), amount: room, until };
    let reserved = app.tenants.order(organization, generation.issue("reserve"), reserve, auth.actor(), now).await;
    if let Err(why) = reserved {
        end::give_back(app, generation).await;
        return Err(why.into());
    }
    Ok(())
}

/// TOY: a while of nothing. What matters is that it ends in one of two ways, whatever happens.
async fn run(app: Shared, generation: Generation) {
    tokio::select! {
        () = tokio::time::sleep(app.config.generation_takes) => end::complete(&app, &generation).await,
        () = app.hurry.cancelled() => end::give_up(&app, &generation).await,
    }
}
