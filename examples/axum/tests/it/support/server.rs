//! A process of the program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::{Client, Database, Document, until};

/// The key of every process of the tests.
const SECRET_KEY: &str = "4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e";

/// A process that serves, killed with its test.
pub(crate) struct Server {
    child: Child,
    address: String,
    logs: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    /// Starts one over a database, and waits until it serves.
    pub(crate) fn start(database: &Database) -> Self {
        Self::start_with(database, &[])
    }

    /// The same, configured otherwise.
    pub(crate) fn start_with(database: &Database, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick-axum"));
        command.env_clear().env("LISTEN", "127.0.0.1:0").env("DATABASE_URL", &database.url);
        command.env("SECRET_KEY", SECRET_KEY).env("LOG", "info,bailiwick_axum=debug").env("LOG_FORMAT", "json");
        command.envs(settings.iter().copied()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let logs = Arc::<Mutex<Vec<Value>>>::default();
        let (lines, written) = (BufReader::new(child.stdout.take().unwrap()).lines(), Arc::clone(&logs));
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_else(|why| panic!("no JSON: {line}: {why}"));
                written.lock().unwrap().push(event);
            }
        });
        let mut server = Self { child, address: String::new(), logs };
        let mut address = None;
        until("it listens", Duration::from_secs(30), || {
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {ended:?}");
            address = server.events("listening").first().map(|event| event["address"].as_str().unwrap().to_owned());
            address.is_some()
        });
        server.address = address.unwrap();
        Document::of(&server); // every answer of the tests is compared with it
        server
    }

    /// Somebody who asks it, without a session.
    pub(crate) fn client(&self) -> Client {
        Client::new(format!("http://{}", self.address))
    }

    /// What it has written down with this message.
    pub(crate) fn events(&self, message: &str) -> Vec<Value> {
        let logs = self.logs.lock().unwrap();
        logs.iter().filter(|event| event["message"] == message).cloned().collect()
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Ends it without asking.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let mut ended = None;
        until("it ends", Duration::from_secs(30), || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        ended.unwrap()
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
