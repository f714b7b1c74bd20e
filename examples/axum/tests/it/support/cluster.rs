//! A PostgreSQL server for the tests of one process: made when the first one asks, gone when the process is.
//!
//! `BAILIWICK_POSTGRES` names a server to be used instead (`host=… user=… dbname=…`). Without one and without the programs of PostgreSQL
//! the tests say so and use the file alone, except where `CI` is `true`: there they fail.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use super::until;

/// Where the server is, as an address without a database; `None` where there can be none.
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
        eprintln!("\n!!! {text}: WHAT FOLLOWS IS TRIED ON SQLITE ALONE !!!\n");
        return None;
    };
    Some(start(&programs))
}

/// Where `initdb` and `postgres` are.
fn programs() -> Option<PathBuf> {
    let set = std::env::var_os("PG_BIN").map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = set.into_iter().chain(installed.into_iter().rev()).chain(std::env::split_paths(&path));
    all.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// Starts a server that ends with this process, however that ends.
fn start(programs: &Path) -> String {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = std::env::temp_dir().join(format!("bailiwick-axum-pg-{}", std::process::id()));
    let data = folder.join("data");
    fs::create_dir_all(&folder).unwrap();
    if let Some((user, group)) = other_user() {
        chown(&folder, Some(user), Some(group)).unwrap();
    }
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args(["--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D"]).arg(&data);
    let made = as_other_user(initdb.current_dir(&folder)).output().unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

    // Nothing here is to outlive the process, so nothing has to reach a disk.
    let quick = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=400";
    let (folder, postgres, data) = (folder.display(), programs.join("postgres"), data.display());
    let server = format!(
        "{} -D {data} -k {folder} -p {port} -c listen_addresses=127.0.0.1 {quick} >>{folder}/log 2>&1 </dev/null",
        postgres.display()
    );
    let script = format!("{server} & cat; kill -QUIT $! 2>/dev/null; wait; rm -rf {folder}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null());
    std::mem::forget(as_other_user(&mut shell).spawn().unwrap()); // its pipe closes when this process ends
    until("the server is ready", Duration::from_secs(60), || {
        let text = fs::read_to_string(format!("{data}/postmaster.pid")).unwrap_or_default();
        text.lines().nth(7).is_some_and(|line| line.trim() == "ready") // the eighth line says so
    });
    format!("host=127.0.0.1 port={port} user=postgres dbname=postgres")
}

/// The server refuses to be root's.
fn other_user() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
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
