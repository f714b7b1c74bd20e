//! Logs: as text for people, as JSON for machines.

use std::io::{IsTerminal, stdout};
use std::str::FromStr;

use tracing_subscriber::EnvFilter;

use crate::config::Logs;

/// How events are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    Text,
    /// One object for each event, with the spans that it lies in.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("is neither `text` nor `json`: `{other}`")),
        }
    }
}

/// Writes events to the standard output from now on.
pub(crate) fn begin(logs: &Logs) {
    let builder = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&logs.filter));
    let builder = builder.with_ansi(stdout().is_terminal());
    match logs.format {
        Format::Text => builder.init(),
        Format::Json => builder.json().flatten_event(true).init(),
    }
}
