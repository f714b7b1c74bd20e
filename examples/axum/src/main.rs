//! An HTTP backend on bailiwick: axum, with SQLite or PostgreSQL. See the README beside it for a tour.
//!
//! It translates and decides nothing: who may do what, where and on whose account is answered by the crate, in [`may`] for questions and in
//! `routes` for commands. Everything marked TOY is to be replaced.

mod app;
mod background;
mod clock;
mod config;
mod database;
mod generations;
mod http;
mod idempotency;
mod ids;
mod layers;
mod logs;
mod may;
mod metrics;
mod routes;
mod secret;
mod serve;

use std::io::{Write, stderr};
use std::process::ExitCode;

use config::Config;

fn main() -> ExitCode {
    let config = match Config::read(|name| std::env::var(name).ok()) {
        Ok(config) => config,
        Err(mistakes) => {
            for mistake in mistakes {
                let _ = writeln!(stderr(), "configuration: {mistake}");
            }
            return ExitCode::from(2);
        }
    };
    logs::begin(&config.logs);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let served = runtime.map_err(app::StartError::from).and_then(|runtime| runtime.block_on(serve::serve(config)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = write!(stderr(), "{why}");
            let mut source = std::error::Error::source(&why);
            while let Some(behind) = source {
                let _ = write!(stderr(), ": {behind}");
                source = behind.source();
            }
            let _ = writeln!(stderr());
            ExitCode::FAILURE
        }
    }
}
