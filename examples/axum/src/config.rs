//! WHAT WAS CONFIGURED? The environment, read once, with every mistake in it.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bailiwick::catalog::Catalog;

use crate::database::Location;
use crate::logs::Format;
use crate::secret::SecretKey;

/// The catalog that this program was written for.
const CATALOG: &str = include_str!("../catalog.toml");

/// What can be decided from outside.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Where requests come in.
    pub(crate) listen: SocketAddr,
    /// Where everything is kept.
    pub(crate) database: Location,
    pub(crate) catalog: Arc<Catalog>,
    /// From which the secrets in links follow; every process of a backend has the same.
    pub(crate) secret_key: SecretKey,
    pub(crate) logs: Logs,
    /// How often what other processes have done is taken in.
    pub(crate) follow_every: Duration,
    /// Nothing is answered from what is older.
    pub(crate) stale_after: Duration,
    /// A request takes no longer.
    pub(crate) request_timeout: Duration,
    /// Bytes of a body at the most.
    pub(crate) body_bytes_max: usize,
    /// What was begun has so long to finish, once the process is asked to end.
    pub(crate) ending_takes: Duration,
    /// How long the toy generates.
    pub(crate) generation_takes: Duration,
    /// From then on the credits of a generation that nobody has finished are free again.
    pub(crate) hold_for: Duration,
}

/// What is written down, and how.
#[derive(Clone, Debug)]
pub(crate) struct Logs {
    pub(crate) filter: String,
    pub(crate) format: Format,
}

/// A variable that says something that cannot be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mistake {
    variable: &'static str,
    says: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.says)
    }
}

impl Config {
    /// Reads what the environment says; what it does not say is as usual.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Mistake>> {
        let mut read = Reading { variable, mistakes: Vec::new() };
        let listen = read.or("LISTEN", "127.0.0.1:3000", address);
        let database = read.or("DATABASE_URL", "sqlite:bailiwick-axum.db", Location::from_str);
        let catalog = read.or("CATALOG", "", catalog);
        let secret_key = read.or("SECRET_KEY", "", secret_key);
        let (log, format) = (read.or("LOG", "info", filter), read.or("LOG_FORMAT", "text", Format::from_str));
        let (follow_every, stale_after) = (read.or("FOLLOW_MS", "100", millis), read.or("STALE_MS", "5000", millis));
        let request_timeout = read.or("REQUEST_TIMEOUT_MS", "10000", millis);
        let body_bytes_max = read.or("BODY_BYTES_MAX", "65536", number);
        let ending_takes = read.or("SHUTDOWN_MS", "30000", millis);
        let generation_takes = read.or("GENERATION_MS", "50", millis);
        let hold_for = read.or("HOLD_MS", "60000", millis);
        let config = || {
            Some(Self {
                listen: listen?,
                database: database?,
                catalog: catalog?,
                secret_key: secret_key?,
                logs: Logs { filter: log?, format: format? },
                follow_every: follow_every?,
                stale_after: stale_after?,
                request_timeout: request_timeout?,
                body_bytes_max: body_bytes_max?,
                ending_takes: ending_takes?,
                generation_takes: generation_takes?,
                hold_for: hold_for?,
            })
        };
        config().ok_or(read.mistakes)
    }
}

/// The environment while it is read.
struct Reading<F> {
    variable: F,
    mistakes: Vec<Mistake>,
}

impl<F: Fn(&str) -> Option<String>> Reading<F> {
    /// What a variable says, or what is usual.
    fn or<T>(&mut self, name: &'static str, usual: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = (self.variable)(name).unwrap_or_else(|| usual.to_owned());
        parse(&text).map_err(|says| self.mistakes.push(Mistake { variable: name, says })).ok()
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("is no address such as `127.0.0.1:3000`: `{text}`"))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("is no number above zero: `{text}`"))
}

fn millis(text: &str) -> Result<Duration, String> {
    let millis = text.parse().ok().filter(|millis| *millis > 0).map(Duration::from_millis);
    millis.ok_or_else(|| format!("is no number of milliseconds above zero: `{text}`"))
}

fn filter(text: &str) -> Result<String, String> {
    let filter = tracing_subscriber::EnvFilter::try_new(text);
    filter.map(|_| text.to_owned()).map_err(|why| format!("is no filter such as `info,bailiwick_axum=debug`: {why}"))
}

/// The catalog in a file, or the one that the program was written for.
fn catalog(path: &str) -> Result<Arc<Catalog>, String> {
    let text = if path.is_empty() { Ok(CATALOG.to_owned()) } else { std::fs::read_to_string(path) };
    let text = text.map_err(|why| format!("names a file that cannot be read: `{path}`: {why}"))?;
    toml::from_str(&text).map(Arc::new).map_err(|why| format!("names a catalog with mistakes: {why}"))
}

/// The key, or one for this process alone.
fn secret_key(text: &str) -> Result<SecretKey, String> {
    if text.is_empty() { SecretKey::random() } else { text.parse() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Vec<Mistake>> {
        Config::read(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_empty_environment_is_enough() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen.port(), 3000);
        assert_eq!(config.follow_every, Duration::from_millis(100));
    }

    #[test]
    fn every_mistake_is_told_at_once_and_no_secret_with_it() {
        let wrong = [
            ("LISTEN", "here"),
            ("DATABASE_URL", "mysql://app:hunter2@db/app"),
            ("SECRET_KEY", "hunter2"),
            ("FOLLOW_MS", "0"),
            ("LOG_FORMAT", "xml"),
        ];
        let mistakes: Vec<String> = read(&wrong).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = [
            "LISTEN is no address such as `127.0.0.1:3000`: `here`",
            "DATABASE_URL begins with neither `sqlite:` nor `postgres://`",
            "SECRET_KEY has 64 hexadecimal digits, as `openssl rand -hex 32` makes them",
            "LOG_FORMAT is neither `text` nor `json`: `xml`",
            "FOLLOW_MS is no number of milliseconds above zero: `0`",
        ];
        assert_eq!(mistakes, expected);
    }
}
