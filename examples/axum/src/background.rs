//! What a process does besides answering: follows the others, and tidies up.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::app::{App, Shared};
use crate::clock;
use crate::database::DatabaseError;
use crate::generations::sweep;
use crate::idempotency::forget_old;

/// How often generations whose process has died are looked for.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// How often what nobody asks for any more is deleted.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// Begins all of it; it ends when it is told to.
pub(crate) fn begin(app: &Shared, end: &CancellationToken) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(follow(app.clone(), end.clone()));
    tasks.spawn(sweep_up(app.clone(), end.clone()));
    tasks.spawn(tidy(app.clone(), end.clone()));
    tasks
}

/// Takes in what other processes have done. What is in the way is told once, and again when it has passed.
async fn follow(app: Shared, end: CancellationToken) {
    let mut ticks = ticks(app.config.follow_every);
    let mut is_behind = false;
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        let followed = app.tenants.follow().await;
        match &followed {
            Ok(_) if is_behind => info!("the store is followed again"),
            Err(why) if !is_behind => warn!(error = %why, "the store cannot be followed"),
            _ => {}
        }
        is_behind = followed.is_err();
    }
}

async fn sweep_up(app: Shared, end: CancellationToken) {
    let mut ticks = ticks(SWEEP_EVERY);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(count) => info!(count, "generations that nobody has ended were looked at"),
            Err(why) => warn!(error = %why, "generations that nobody has ended cannot be looked for"),
        }
    }
}

async fn tidy(app: Shared, end: CancellationToken) {
    let mut ticks = ticks(TIDY_EVERY);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(why) = forget(&app).await {
            warn!(error = %why, "what nobody asks for any more is still there");
        }
    }
}

async fn forget(app: &App) -> Result<(), DatabaseError> {
    forget_old(&app.database).await?;
    app.database.execute("delete from app_session where expires < $1", &[clock::now().into()]).await?;
    Ok(())
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
