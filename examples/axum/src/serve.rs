//! A process from its start to its end.

use std::future::IntoFuture;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::app::{App, Shared, StartError};
use crate::config::Config;
use crate::{background, routes};

/// What did not finish in time has so long to give back what it holds.
const HURRY: Duration = Duration::from_secs(5);

/// Serves until it is asked to end, and until then what was begun is finished.
pub(crate) async fn serve(config: Config) -> Result<(), StartError> {
    let app = App::open(config).await?;
    let listener = TcpListener::bind(app.config.listen).await?;
    listen_to_signals(&app)?;
    let end_background = CancellationToken::new();
    let mut background = background::begin(&app, &end_background);
    info!(address = %listener.local_addr()?, database = ?app.config.database, "listening");

    let ending = app.ending.clone().cancelled_owned();
    let mut server = pin!(axum::serve(listener, routes::router(&app)).with_graceful_shutdown(ending).into_future());
    let served = tokio::select! {
        biased;
        () = app.ending.cancelled() => None,
        served = &mut server => Some(served),
    };
    let deadline = in_time(app.config.ending_takes);
    match served {
        Some(served) => served?,
        None => timeout_at(deadline, server).await.unwrap_or_else(|_| {
            warn!("connections that are still open are cut");
            Ok(())
        })?,
    }
    finish_what_was_begun(&app, deadline).await;
    // Until here others were followed, so that what was begun was judged on what there is.
    end_background.cancel();
    while background.join_next().await.is_some() {}
    info!("ended");
    Ok(())
}

/// Waits for what was begun; what takes too long gives back what it holds.
async fn finish_what_was_begun(app: &App, deadline: Instant) {
    app.begun.close();
    if timeout_at(deadline, app.begun.wait()).await.is_ok() {
        return;
    }
    app.hurry.cancel();
    if timeout_at(in_time(HURRY), app.begun.wait()).await.is_err() {
        warn!(count = app.begun.len(), "something was not finished; its holds end by themselves");
    }
}

fn in_time(takes: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(takes).unwrap_or(now)
}

/// Ends the process in peace when it is asked to.
fn listen_to_signals(app: &Shared) -> Result<(), StartError> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let ending = app.ending.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        info!("asked to end");
        ending.cancel();
    });
    Ok(())
}
