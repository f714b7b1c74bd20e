//! Which database: an address, as `DATABASE_URL` says it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use bailiwick::store::postgres::tokio_postgres;

/// Where everything is kept.
#[derive(Clone)]
pub(crate) enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<tokio_postgres::Config>),
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err("names no file".to_owned()) } else { Ok(Self::Sqlite(path.into())) };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // The text is not repeated: it may hold a password.
            let config = text.parse().map_err(|why| format!("is no address of a PostgreSQL server: {why}"))?;
            return Ok(Self::Postgres(Box::new(config)));
        }
        Err("begins with neither `sqlite:` nor `postgres://`".to_owned())
    }
}

/// Without what is secret in it.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(config) => write!(f, "postgres://{:?}/{:?}", config.get_hosts(), config.get_dbname()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_server_are_told_apart() {
        for (text, file) in [("sqlite:app.db", "app.db"), ("sqlite:///var/app.db", "/var/app.db")] {
            assert_eq!(format!("{:?}", text.parse::<Location>().unwrap()), format!("sqlite:{file}"));
        }
        assert!(matches!("postgres://app@db/app".parse(), Ok(Location::Postgres(_))));
    }

    #[test]
    fn what_is_neither_is_refused_without_repeating_it() {
        for text in ["", "mysql://app:secret@db/app", "postgres://app:secret@db:99999999/app", "sqlite:"] {
            let why = text.parse::<Location>().unwrap_err();
            assert!(!why.contains("secret"), "{why}");
        }
    }
}
