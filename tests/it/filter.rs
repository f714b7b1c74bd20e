//! Filters: of every row a filter says what a check says, in memory and in a real database.

use std::cell::Cell;

use bailiwick::access::{Facts, Resource, Share, ShareHolder, Target};
use bailiwick::change::{AddCollaborator, AddMember, Command, CreateOrganization, CreateWorkspace, GiveAccess};
use bailiwick::filter::{Columns, ContainersTable, Dialect, Filter, Goes, Id, Param, Row, Shared};
use bailiwick::sharing::Extent;
use bailiwick::{Actor, LinkId, Name, OrgId, Override, ResourceId, Seats, Tenants, Timestamp, UserId, WorkspaceId};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::cases::catalog;
use crate::support::worlds::{OwnedResource, World, for_any_world};

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn thing(n: u64) -> ResourceId {
    ResourceId::from_u64(n).unwrap()
}

/// Every share of a world: every third one as a fact, the others given in some workspace, on something personal or not, by somebody or by
/// nobody's word.
fn shared_in(world: &World) -> Vec<Shared> {
    let facts = world.resources.iter().flat_map(|owned| owned.shares.iter().copied());
    let places = [None, Some(workspace(1)), Some(workspace(2)), Some(workspace(1))];
    let people = [None, Some(user(1)), Some(user(2)), Some(user(3)), None];
    let goes = |n: usize| match n % 3 {
        0 => Goes::Everywhere,
        _ => Goes::As(Extent { workspace: places[n % 4], owner: people[n % 2 * (n % 5)], word: people[n % 5] }),
    };
    facts.enumerate().map(|(n, share)| Shared { share, goes: goes(n) }).collect()
}

#[test]
fn a_filter_says_of_every_row_what_a_check_says() {
    let (allowed, denied) = (Cell::new(0_u32), Cell::new(0_u32));
    for_any_world(|world| {
        let facts = world.facts();
        let kept = shared_in(world);
        for actor in world.actors() {
            for (permission, key) in world.permissions() {
                let filter = world.org.filter(actor, permission, &facts, &kept);
                for owned in &world.resources {
                    let shares = around(owned, &kept);
                    let on = Resource { shares: &shares, ..owned.borrow() };
                    let check = world.org.check(actor, permission, Target::Resource(&on), &facts);
                    let row = row(owned);
                    assert_eq!(
                        filter.allows(&row),
                        check.is_allow(),
                        "{actor:?} {key} {row:?}: {check:?}\n{filter:#?}"
                    );
                    let count = if check.is_allow() { &allowed } else { &denied };
                    count.set(count.get() + 1);
                }
            }
        }
    });
    println!("{} rows allowed, {} denied", allowed.get(), denied.get());
    assert!(allowed.get() > 2_000 || std::env::var("BAILIWICK_SEED").is_ok(), "the law was hardly tried");
}

fn row(owned: &OwnedResource) -> Row<'_> {
    let OwnedResource { id, containers, workspace, personal_owner, .. } = owned;
    Row { id: *id, containers, workspace: *workspace, personal_owner: *personal_owner }
}

/// A database with resources, and the containers that they lie in.
fn database(rows: impl Iterator<Item = OwnedResource>) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    let tables = "
        CREATE TABLE notes (id INTEGER PRIMARY KEY, org INTEGER, workspace INTEGER, owner INTEGER);
        CREATE INDEX notes_by_workspace ON notes (workspace, owner);
        CREATE INDEX notes_by_owner ON notes (owner);
        CREATE TABLE inside (note INTEGER, folder INTEGER, PRIMARY KEY (folder, note)) WITHOUT ROWID;
        BEGIN;";
    database.execute_batch(tables).unwrap();
    {
        let mut note = database.prepare("INSERT INTO notes VALUES (?1, 1, ?2, ?3)").unwrap();
        let mut inside = database.prepare("INSERT OR IGNORE INTO inside VALUES (?1, ?2)").unwrap();
        for row in rows {
            let (workspace, owner) =
                (row.workspace.map(|id| number(id.as_u128())), row.personal_owner.map(|id| number(id.as_u128())));
            note.execute((number(row.id.as_u128()), workspace, owner)).unwrap();
            for folder in &row.containers {
                inside.execute((number(row.id.as_u128()), number(folder.as_u128()))).unwrap();
            }
        }
    }
    database.execute_batch("COMMIT; ANALYZE;").unwrap();
    database
}

/// Ids of these tables are small.
fn number(bits: u128) -> i64 {
    i64::try_from(bits).unwrap()
}

/// What is bound for a parameter: a number, or JSON of numbers.
fn value(param: &Param) -> Value {
    match param {
        Param::One(id) => Value::Integer(number(id.as_u128())),
        several => Value::Text(several.to_json(&|id: Id| id.as_u128().to_string())),
    }
}

const COLUMNS: Columns<'static> = Columns {
    id: "notes.id",
    organization: Some("notes.org"),
    workspace: Some("notes.workspace"),
    owner: Some("notes.owner"),
    containers: Some(ContainersTable { table: "inside", resource: "note", container: "folder" }),
    first: 1,
};

/// A table that has nothing but the id of the resource.
const IDS: Columns<'static> =
    Columns { id: "id", organization: None, workspace: None, owner: None, containers: None, first: 1 };

/// What the database finds by a filter, in order; with it what it does to find it.
fn found(database: &Connection, filter: &Filter) -> (Vec<i64>, Vec<String>) {
    let condition = filter.condition(Dialect::Sqlite, &COLUMNS).unwrap();
    let values: Vec<Value> = condition.params.iter().map(value).collect();
    let query = format!("SELECT id FROM notes WHERE {} ORDER BY id", condition.sql);
    let ids = |sql: &str| -> Vec<i64> {
        let mut prepared = database.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        prepared.query_map(params_from_iter(&values), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut prepared = database.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
    let plan = prepared.query_map(params_from_iter(&values), |row| row.get(3)).unwrap().map(Result::unwrap).collect();
    (ids(&query), plan)
}

#[test]
fn a_database_finds_by_a_filter_what_a_check_allows_in_any_world() {
    for_any_world(|world| {
        let facts = world.facts();
        let kept = shared_in(world);
        let copy = |owned: &OwnedResource| OwnedResource {
            containers: owned.containers.clone(),
            shares: Vec::new(),
            ..*owned
        };
        let few = |owned: &&OwnedResource| owned.containers.len() <= bailiwick::limits::CONTAINERS_MAX;
        let database = database(world.resources.iter().filter(few).map(copy));
        for actor in world.actors() {
            for (permission, _) in world.permissions() {
                let filter = world.org.filter(actor, permission, &facts, &kept);
                let mut allowed: Vec<i64> = world
                    .resources
                    .iter()
                    .filter(few)
                    .filter(|owned| filter.allows(&row(owned)))
                    .map(|owned| number(owned.id.as_u128()))
                    .collect();
                allowed.sort_unstable();
                let sql = filter.condition(Dialect::Sqlite, &COLUMNS).unwrap().sql;
                assert_eq!(found(&database, &filter).0, allowed, "{actor:?} {sql}\n{filter:#?}");
            }
        }
    });
}

/// An agency with 40 workspaces: an owner, a member with three of them, a collaborator with one; what is shared is shared by the owner.
fn agency() -> Tenants {
    let tenants = Tenants::in_memory(catalog("agency"));
    let org = OrgId::from_u64(1).unwrap();
    let system = NOW.by(Actor::System);
    let (name, plan) = (Name::new("Agency").unwrap(), "large".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(50), owned: 0, workspace: workspace(1) };
    tenants.create(org, create, &NOW.by(Actor::User(user(1)))).unwrap();
    for n in 2..=40 {
        let name = Name::new(&format!("Client {n}")).unwrap();
        tenants.handle(org, CreateWorkspace { workspace: workspace(n), name }, &system).unwrap();
    }
    let member = AddMember { user: user(2), roles: vec!["viewer".into()], access: Vec::new() };
    let mut commands: Vec<Command> = vec![member.into()];
    for n in [3, 5, 8] {
        let changes = Override::role("content_editor");
        commands.push(GiveAccess { user: user(2), workspace: workspace(n), changes }.into());
    }
    commands.push(AddCollaborator { user: user(3), access: vec![(workspace(7), Override::role("viewer"))] }.into());
    for command in commands {
        tenants.handle(org, command, &system).unwrap();
    }
    tenants
}

/// A hundred thousand notes: some of them personal, some in one of 500 folders.
fn notes() -> impl Iterator<Item = OwnedResource> {
    (1..=100_000_u64).map(|n| OwnedResource {
        id: thing(n),
        containers: if n % 3 == 0 { vec![thing(1_000_000 + n % 500)] } else { Vec::new() },
        workspace: Some(workspace(2 + n % 39)),
        personal_owner: (n % 10 == 0).then(|| user(1 + n % 7)),
        shares: Vec::new(),
    })
}

/// What is shared: 200 notes and three folders, each by somebody to somebody.
fn opened(tenants: &Tenants) -> Vec<Shared> {
    let view = tenants.catalog().permission("content.view").unwrap();
    let edit = tenants.catalog().permission("content.edit").unwrap();
    let holders =
        [ShareHolder::User(user(2)), ShareHolder::User(user(3)), ShareHolder::User(user(9)), ShareHolder::Members];
    let single = (1..=200).map(|n| (thing(n * 431), [Some(user(1)), Some(user(1 + n % 7)), None][(n % 3) as usize], n));
    let folders = (1..=3).map(|n| (thing(1_000_000 + n * 17), Some(user(1)), n));
    let share = |(on, by, n): (ResourceId, Option<UserId>, u64)| {
        let level = [view].into_iter().chain((n % 3 == 0).then_some(edit)).collect();
        let until = (n % 11 == 0).then_some(NOW.now);
        Shared {
            share: Share { on, to: holders[n as usize % 4], level, until },
            goes: Goes::As(Extent { workspace: place(n), owner: None, word: by }),
        }
    };
    let link = Share {
        on: thing(1_000_020),
        to: ShareHolder::Link(LinkId::from_u64(1).unwrap()),
        level: [view].into_iter().collect(),
        until: None,
    };
    single
        .chain(folders)
        .map(share)
        .chain([Shared {
            share: link,
            goes: Goes::As(Extent { workspace: place(0), owner: None, word: Some(user(1)) }),
        }])
        .collect()
}

/// Where a folder was when it was shared: some in one of the workspaces of what lies in it, some elsewhere.
fn place(n: u64) -> Option<WorkspaceId> {
    [Some(workspace(7)), Some(workspace(3)), None][n as usize % 3]
}

/// The shares that count for one note: what is personal is opened by its owner alone, and a folder opens what lies where it does.
fn around(note: &OwnedResource, shared: &[Shared]) -> Vec<Share> {
    let counts = |shared: &&Shared| {
        let Goes::As(extent) = shared.goes else { return true };
        let around = &note.containers[..note.containers.len().min(bailiwick::limits::CONTAINERS_MAX)];
        let is_theirs = extent.owner.is_none_or(|owner| note.personal_owner == Some(owner));
        let is_there = around.contains(&shared.share.on) && extent.workspace == note.workspace && is_theirs;
        let theirs = note.personal_owner.is_none() || extent.word == note.personal_owner;
        (shared.share.on == note.id || is_there) && theirs
    };
    shared.iter().filter(counts).map(|shared| shared.share).collect()
}

#[test]
fn a_hundred_thousand_rows_are_found_by_the_indexes_of_the_caller() {
    let tenants = agency();
    let (org, shared) = (OrgId::from_u64(1).unwrap(), opened(&tenants));
    let notes: Vec<OwnedResource> = notes().collect();
    let database = database(notes.iter().map(|note| OwnedResource {
        containers: note.containers.clone(),
        shares: Vec::new(),
        ..*note
    }));
    let near: std::collections::BTreeSet<ResourceId> = shared.iter().map(|shared| shared.share.on).collect();
    let actors = [
        Actor::User(user(1)),
        Actor::User(user(2)),
        Actor::User(user(3)),
        Actor::User(user(9)),
        Actor::Link(LinkId::from_u64(1).unwrap()),
    ];
    let mut sizes = Vec::new();
    for actor in actors {
        for key in ["content.view", "content.edit"] {
            let permission = tenants.catalog().permission(key).unwrap();
            let (filter, allowed) = tenants
                .read(org, |organization| {
                    let allows = |note: &&OwnedResource| {
                        let is_near = near.contains(&note.id) || note.containers.iter().any(|on| near.contains(on));
                        let shares = if is_near { around(note, &shared) } else { Vec::new() };
                        let on = Resource { shares: &shares, ..note.borrow() };
                        organization.check(actor, permission, Target::Resource(&on), &NOW).is_allow()
                    };
                    let allowed: Vec<i64> = notes.iter().filter(allows).map(|note| number(note.id.as_u128())).collect();
                    (organization.filter(actor, permission, &NOW, &shared), allowed)
                })
                .unwrap()
                .unwrap();
            let (ids, plan) = found(&database, &filter);
            assert!(ids == allowed, "{actor:?} {key}: {} found, {} allowed", ids.len(), allowed.len());
            sizes.push(ids.len());
            let reads_all = plan.iter().any(|step| step.starts_with("SCAN notes"));
            let wants_all = filter.is_nothing() || allowed.len() > notes.len() / 2; // nothing is found by a constant
            assert!(!reads_all || wants_all, "{actor:?} {key}: {} of all rows by {plan:#?}", ids.len());
        }
    }
    println!("found {sizes:?}");
    assert!(
        sizes.iter().any(|size| *size > 80_000) && sizes.iter().any(|size| (10..10_000).contains(size)),
        "{sizes:?}"
    );
}

/// What many have opened of their own to everybody, and folders of every workspace: kept in a few parameters, and found.
#[test]
fn many_shares_of_many_givers_are_a_condition_that_sqlite_takes() {
    let tenants = agency();
    let (org, view) = (OrgId::from_u64(1).unwrap(), tenants.catalog().permission("content.view").unwrap());
    let level = [view].into_iter().collect();
    let own = |n: u64| OwnedResource {
        id: thing(n),
        containers: vec![thing(1_000_000 + n)],
        workspace: (n % 3 > 0).then(|| workspace(2 + n % 39)),
        personal_owner: (n % 2 == 0).then(|| user(100 + n % 700)),
        shares: Vec::new(),
    };
    for (itself, many) in [(true, 700), (false, 700), (true, 20_000), (false, 20_000)] {
        let rows: Vec<OwnedResource> = (1..=many).map(own).collect();
        let database = database((1..=many).map(own));
        // Half of them are opened as far as it has to be, the others by somebody else, or elsewhere.
        let shared: Vec<Shared> = (1..=many)
            .map(|n| {
                let (row, counts) = (own(n), n % 4 < 2);
                let on = if itself { row.id } else { row.containers[0] };
                let share = Share { on, to: ShareHolder::Members, level, until: None };
                let word = if counts { row.personal_owner } else { Some(user(99)) };
                let workspace = if counts { row.workspace } else { Some(workspace(1)) };
                Shared { share, goes: Goes::As(Extent { workspace, owner: None, word }) }
            })
            .collect();
        let filter =
            |organization: &bailiwick::Organization| organization.filter(Actor::User(user(2)), view, &NOW, &shared);
        let filter = tenants.read(org, filter).unwrap().unwrap();
        let condition = filter.condition(Dialect::Sqlite, &COLUMNS).unwrap();
        assert!(condition.params.len() < 64 && condition.sql.len() < 4_096, "{}", condition.sql);
        let (ids, _) = found(&database, &filter);
        let allowed: Vec<i64> =
            rows.iter().filter(|owned| filter.allows(&row(owned))).map(|owned| number(owned.id.as_u128())).collect();
        assert_eq!(ids, allowed);
        assert!(ids.len() as u64 > many / 4 && (ids.len() as u64) < many, "{} of {many}", ids.len());
    }
}

#[test]
fn names_that_are_no_names_are_not_put_into_a_query() {
    let tenants = agency();
    let view = tenants.catalog().permission("content.view").unwrap();
    let filter = |organization: &bailiwick::Organization| organization.filter(Actor::User(user(2)), view, &NOW, &[]);
    let filter = tenants.read(OrgId::from_u64(1).unwrap(), filter).unwrap().unwrap();
    for name in ["id; DROP TABLE notes", "", "a.", "1id", "id)", "\"id\"", "a b"] {
        let refused = filter.condition(Dialect::Sqlite, &Columns { owner: Some(name), ..IDS });
        assert_eq!(refused.unwrap_err().name, name);
    }
}

#[test]
fn postgres_takes_lists_as_arrays_and_goes_on_counting() {
    let tenants = agency();
    let view = tenants.catalog().permission("content.view").unwrap();
    let filter = |organization: &bailiwick::Organization| organization.filter(Actor::User(user(3)), view, &NOW, &[]);
    let filter = tenants.read(OrgId::from_u64(1).unwrap(), filter).unwrap().unwrap();
    let columns = Columns { id: "n.id", workspace: Some("n.workspace"), owner: Some("n.owner"), first: 4, ..IDS };
    let condition = filter.condition(Dialect::Postgres, &columns).unwrap();
    assert_eq!(
        condition.sql,
        "(((n.owner IS NULL AND n.workspace = ANY($4)) OR (n.owner = $5 AND n.workspace = ANY($4))))"
    );
    assert_eq!(condition.params, [Param::List(vec![Id::Workspace(workspace(7))]), Param::One(Id::User(user(3)))]);
}

/// PostgreSQL answers each alternative by an index: what lies in folders is an array that it has found before.
#[test]
fn postgres_finds_what_lies_in_folders_by_an_array() {
    let tenants = agency();
    let view = tenants.catalog().permission("content.view").unwrap();
    let share =
        |n| Share { on: thing(n), to: ShareHolder::User(user(9)), level: [view].into_iter().collect(), until: None };
    let given = |n, word| {
        let extent = Extent { workspace: Some(workspace(7)), owner: None, word };
        Shared { share: share(n), goes: Goes::As(extent) }
    };
    let fact = Shared { share: share(5), goes: Goes::Everywhere };
    let shared = [fact, given(6, None), given(7, Some(user(1)))];
    let filter =
        |organization: &bailiwick::Organization| organization.filter(Actor::User(user(9)), view, &NOW, &shared);
    let filter = tenants.read(OrgId::from_u64(1).unwrap(), filter).unwrap().unwrap();
    let sql = filter.condition(Dialect::Postgres, &COLUMNS).unwrap().sql;
    println!("{sql}");
    assert!(!sql.contains(" id IN (SELECT") && !sql.contains("notes.id IN (SELECT"), "{sql}");
    for part in [
        "notes.id = ANY(ARRAY(SELECT inside.note FROM inside WHERE inside.folder = ANY($",
        "AND notes.workspace = ANY($",
        "(notes.workspace, notes.id) IN (SELECT opened_.o0, inside.note FROM unnest($",
        "JOIN inside ON inside.folder = opened_.o1)",
        "(notes.owner, notes.workspace, notes.id) IN (SELECT opened_.o0, opened_.o1, inside.note FROM unnest($",
        "(notes.owner, notes.id) IN (SELECT opened_.o0, opened_.o1 FROM unnest($",
    ] {
        assert!(sql.contains(part), "no {part} in {sql}");
    }
}
