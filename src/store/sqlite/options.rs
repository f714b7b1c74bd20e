//! Options: how a file is opened.

use core::time::Duration;

/// How a file is opened.
///
/// # Examples
/// ```
/// use bailiwick::store::sqlite::{Options, SqliteStore, Synchronous};
///
/// # let place = std::env::temp_dir().join(format!("bailiwick-options-{}", std::process::id()));
/// # std::fs::create_dir_all(&place)?;
/// # let path = place.join("imported.db");
/// let import = Options { synchronous: Synchronous::Normal, ..Options::default() };
/// let store = SqliteStore::open_with(&path, &import)?;
/// # drop(store);
/// # std::fs::remove_dir_all(place)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    /// When an append waits for the disk.
    pub synchronous: Synchronous,
    /// How long one waits for another process that writes, before it is told to try again.
    pub busy: Duration,
    /// Connections that read at the same time, opened when they are needed; whoever comes to more waits. With none, the one that writes reads
    /// as well.
    pub readers: usize,
    /// Bytes that the file may have, about. Where it has them an append is answered with [`SqliteError::Full`](super::SqliteError::Full), and
    /// questions go on.
    pub bytes_max: Option<u64>,
}

/// When an append waits for the disk.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Synchronous {
    /// Every time: what was acknowledged is there after a power cut.
    #[default]
    Full,
    /// Once in a while: a process that dies loses nothing, a power cut or a kernel that stops loses what was acknowledged in the last moments,
    /// as much as some megabytes. What is left is whole and in order. Several times as fast, and right for an import that can be repeated.
    Normal,
}

impl Default for Options {
    /// Waits for the disk every time, five seconds for others, reads with four, grows as it must.
    fn default() -> Self {
        Self { synchronous: Synchronous::Full, busy: Duration::from_secs(5), readers: 4, bytes_max: None }
    }
}
