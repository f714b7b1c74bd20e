//! The program, over a database that is gone afterwards.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A process that serves.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    pub(crate) address: String,
    /// Over what.
    pub(crate) kind: &'static str,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("workshop-load-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = format!("sqlite:{}", folder.join("workshop.db").display());
        let url = std::env::var("DATABASE_URL").unwrap_or(file);
        let kind = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
        // Both are built together.
        let program = std::env::current_exe().unwrap().with_file_name("bailiwick-axum");
        let mut command = Command::new(program);
        command.env("LISTEN", "127.0.0.1:0").env("DATABASE_URL", url).env("LOG_FORMAT", "json");
        command.env("LOG", "warn,bailiwick_axum::serve=info").env("GENERATION_MS", "1").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let event: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let address = event["address"].as_str().unwrap().to_owned();
        // What it writes from now on is trouble, and shown.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        Self { child, folder, address, kind }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
