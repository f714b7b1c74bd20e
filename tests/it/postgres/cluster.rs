//! A cluster of its own for the tests of one process: made when the first one asks, gone when the process is.
//!
//! `BAILIWICK_POSTGRES` names a server to be used instead (`host=… user=… dbname=…`). Without one and without the programs of PostgreSQL
//! the tests say so and do nothing, except where `CI` is `true`: there they fail.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Where the server of this process is, as an address without a database; `None` where there can be none.
pub(crate) fn address() -> Option<&'static str> {
    static ADDRESS: OnceLock<Option<String>> = OnceLock::new();
    ADDRESS.get_or_init(find).as_deref()
}

fn find() -> Option<String> {
    if let Ok(address) = std::env::var("BAILIWICK_POSTGRES") {
        return Some(address);
    }
    let Some(programs) = programs() else {
        let text = "no PostgreSQL: neither BAILIWICK_POSTGRES nor PG_BIN is set, and `initdb` is nowhere";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{text}");
        eprintln!("\n!!! {text}: ITS TESTS DO NOTHING !!!\n");
        return None;
    };
    // Nothing here is to outlive the process, so nothing has to reach a disk.
    let quick = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200"];
    let node = Node::make(&programs, "shared", "");
    node.start(&quick);
    let address = node.address();
    std::mem::forget(node); // ends with the pipe
    Some(address)
}

/// Where `initdb` and `postgres` are.
pub(crate) fn programs() -> Option<PathBuf> {
    let set = std::env::var_os("PG_BIN").map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = set.into_iter().chain(installed.into_iter().rev()).chain(std::env::split_paths(&path));
    all.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// One server: its folder, which is its socket's too, and its process while it runs.
pub(crate) struct Node {
    programs: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    process: std::sync::Mutex<Option<Child>>,
}

impl Node {
    /// An empty cluster.
    pub(crate) fn make(programs: &Path, name: &str, initdb: &str) -> Self {
        Self::make_in(&std::env::temp_dir(), programs, name, initdb)
    }

    /// The same with its folder in another one.
    pub(crate) fn make_in(parent: &Path, programs: &Path, name: &str, initdb: &str) -> Self {
        let node = Self::at_in(parent, programs, name);
        let data = node.folder.join("data");
        node.run(
            "initdb",
            &format!("--no-sync -A trust -U postgres -E UTF8 --locale=C {initdb} -D {}", data.display()),
        );
        node
    }

    /// A folder for one, with nothing in it.
    pub(crate) fn at(programs: &Path, name: &str) -> Self {
        Self::at_in(&std::env::temp_dir(), programs, name)
    }

    fn at_in(parent: &Path, programs: &Path, name: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = parent.join(format!("bailiwick-pg-{}-{name}-{port}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        if let Some((user, group)) = other_user() {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        Self { programs: programs.to_owned(), folder, port, process: std::sync::Mutex::default() }
    }

    /// Runs one of the programs to its end.
    pub(crate) fn run(&self, program: &str, arguments: &str) {
        let here = self.programs.join(program);
        let mut command = Command::new(if here.exists() { here } else { program.into() });
        command.args(arguments.split_whitespace()).current_dir(&self.folder);
        let output = as_other_user(&mut command).output().unwrap();
        assert!(output.status.success(), "{program} {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts it with these settings; it ends with this process, however that ends.
    pub(crate) fn start(&self, settings: &[&str]) {
        let data = self.folder.join("data");
        let settings: String = settings.iter().map(|setting| format!(" -c {setting}")).collect();
        let (folder, port, postgres) = (self.folder.display(), self.port, self.programs.join("postgres"));
        let server = format!(
            "{} -D {} -k {folder} -p {port} -c listen_addresses=127.0.0.1{settings} >>{folder}/log 2>&1 </dev/null",
            postgres.display(),
            data.display()
        );
        let script = format!("{server} & cat; kill -QUIT $! 2>/dev/null; wait; rm -rf {folder}");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null());
        *self.process.lock().unwrap() = Some(as_other_user(&mut command).spawn().unwrap());
        let begun = Instant::now();
        while !self.is_ready() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not start: {}", log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The eighth line of its file says so.
    fn is_ready(&self) -> bool {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
    }

    /// The process of the server.
    pub(crate) fn pid(&self) -> u32 {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    }

    /// By its socket.
    pub(crate) fn address(&self) -> String {
        format!("host={} port={} user=postgres dbname=postgres", self.folder.display(), self.port)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.lock().unwrap().take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The server refuses to be root's.
fn other_user() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    if is_root { of("postgres").or_else(|| of("nobody")) } else { None }
}

fn as_other_user(command: &mut Command) -> &mut Command {
    match other_user() {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}
