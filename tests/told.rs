//! What is told to `tracing`, as its usual subscriber writes it: what was done, what came of it, and nobody's name.
//!
//! In a process of its own, and one test at a time: whether anybody listens is remembered for the whole process.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that panics is a test that fails")]

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick::access::{Facts, Target};
use bailiwick::change::{CreateWorkspace, SignUp};
use bailiwick::ledger::{Class, Credits, Grant, Scope};
use bailiwick::store::MemoryStore;
use bailiwick::{Actor, CommandId, Issue, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static LISTENER: Mutex<()> = Mutex::new(());

/// Everything that is told meanwhile, line by line.
fn told(meanwhile: impl FnOnce()) -> Vec<String> {
    let page = Page::default();
    let writer = page.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .finish();
    tracing::subscriber::with_default(subscriber, meanwhile);
    let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    // How long it took is another matter.
    text.lines().map(|line| line.split(" time.busy=").next().unwrap().trim().to_owned()).collect()
}

#[test]
fn what_was_done_is_told_and_what_came_of_it() {
    let _alone = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
    let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD).unwrap());
    let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    let (ada, eve) = (UserId::from_u64(0xada).unwrap(), Actor::User(UserId::from_u64(0xe4e).unwrap()));
    let (home, first) = (OrgId::from_u64(1).unwrap(), WorkspaceId::from_u64(2).unwrap());
    let issue = Issue { key: CommandId::from_u64(3).unwrap(), at: now.now };
    let grant = Grant {
        class: Class::Purchased,
        amount: Credits::new(5),
        scope: Scope::EVERYTHING,
        priority: 0,
        effective: None,
        expires: None,
    };
    let run = tenants.catalog().permission("operation.run").unwrap();

    let lines = told(|| {
        let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: first };
        tenants.sign_up(home, sign_up, &now.by(Actor::User(ada))).unwrap();
        let second = CreateWorkspace { workspace: WorkspaceId::from_u64(4).unwrap(), name: Name::new("Two").unwrap() };
        tenants.handle(home, second, &now.by(eve)).unwrap_err();
        tenants.order(home, issue, grant, Actor::System, now.now).unwrap();
        let _ = tenants.check(home, Actor::User(ada), run, Target::Workspace(first), &now).unwrap();
        let _ = tenants.check(home, eve, run, Target::Workspace(first), &now).unwrap();
        let _ = tenants.access(home, Actor::User(ada), Target::Organization, &now).unwrap();
        tenants.follow().unwrap();
    });

    let home = "organization=00000000-0000-0000-0000-000000000001";
    for line in [
        format!("DEBUG command{{{home} command=SignUp version=2 code=\"ok\"}}: bailiwick: close"),
        format!("DEBUG command{{{home} command=CreateWorkspace code=\"not_found\"}}: bailiwick: close"),
        format!("DEBUG order{{{home} request=grant code=\"ok\"}}: bailiwick: close"),
        format!("TRACE bailiwick: check {home} permission=operation.run code=allow"),
        format!("TRACE bailiwick: check {home} permission=operation.run code=not_found"),
        format!("TRACE bailiwick: access {home} version=2"),
        "DEBUG follow{code=\"ok\"}: bailiwick: close".to_owned(),
    ] {
        assert!(lines.contains(&line), "{line}\nis not among\n{}", lines.join("\n"));
    }
    let named = lines.iter().find(|line| line.contains("ada") || line.contains("Ada") || line.contains("e4e"));
    assert_eq!(named, None);
}

#[test]
fn loading_is_told_with_the_version_that_it_came_to() {
    let _alone = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
    let store = Arc::new(MemoryStore::new());
    let catalog: Arc<bailiwick::catalog::Catalog> = Arc::new(toml::from_str(bailiwick::presets::CLOUD).unwrap());
    let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    let (ada, home) = (Actor::User(UserId::from_u64(5).unwrap()), OrgId::from_u64(1).unwrap());
    let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: WorkspaceId::from_u64(2).unwrap() };
    Tenants::new(Arc::clone(&catalog), Arc::clone(&store)).sign_up(home, sign_up, &now.by(ada)).unwrap();

    let another = Tenants::new(catalog, store);
    let lines = told(|| drop(another.access(home, ada, Target::Organization, &now).unwrap()));
    let load = "DEBUG load{organization=00000000-0000-0000-0000-000000000001 version=2 code=\"ok\"}: bailiwick: close";
    assert!(lines.iter().any(|line| line == load), "{}", lines.join("\n"));
}
