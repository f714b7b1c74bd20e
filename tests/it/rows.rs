//! Tables follow the history: whatever happens, what records change in the rows makes of the rows before them the rows after them.

mod columns;
mod ledgers;
mod seen;
mod sheets;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{GroupKey, PlanKey, Reach};
use bailiwick::change::{Event, Record};
use bailiwick::rows::{Row, RowChanges, RowKey, Table, rows_of};
use bailiwick::{Actor, Disposition, Domain, Organization, Override, RuleFor, Seats, Span, Status, Version};

use crate::support::desk::{desk, desk_of, joins};
use crate::support::lives::{self, Life};
use crate::support::samples::{self, Ids, NOW};
use crate::support::worlds::for_any_world;
use seen::Seen;

/// What a store keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Kept(BTreeMap<RowKey, Row>);

impl Kept {
    pub(crate) fn of(rows: Vec<Row>) -> Self {
        let keys: Vec<RowKey> = rows.iter().map(Row::key).collect();
        assert!(keys.is_sorted_by(|one, next| one < next), "each key once, in order");
        Self(keys.into_iter().zip(rows).collect())
    }

    /// Carries out what changes, as a store would, and looks whether each of it was worth saying.
    pub(crate) fn follow(&mut self, changes: &RowChanges) {
        let keys = changes.put.iter().map(Row::key);
        assert!(
            keys.clone().is_sorted_by(|one, next| one < next) && changes.deleted.is_sorted_by(|one, next| one < next)
        );
        for key in keys {
            assert!(!changes.deleted.contains(&key), "put and deleted: {key:?}");
        }
        for row in &changes.put {
            assert_ne!(self.0.insert(row.key(), row.clone()).as_ref(), Some(row), "it was so before");
        }
        for key in &changes.deleted {
            assert!(self.0.remove(key).is_some(), "there was none: {key:?}");
        }
    }

    pub(crate) fn assert_is(&self, rows: Vec<Row>, after: &dyn Fn() -> String) {
        let expected = Self::of(rows);
        for (key, row) in &expected.0 {
            assert_eq!(self.0.get(key), Some(row), "after {}", after());
        }
        assert_eq!(self.0.len(), expected.0.len(), "rows stay that should go, after {}", after());
    }
}

/// One organization, and its rows beside it.
struct Followed {
    organization: Organization,
    kept: Kept,
}

impl Followed {
    fn new(organization: Organization) -> Self {
        let kept = Kept::of(rows_of(&organization));
        Self { organization, kept }
    }

    fn apply(&mut self, records: &[Record], seen: &mut Seen) {
        let changes = RowChanges::of(&self.organization, records);
        records.iter().for_each(|record| self.organization.apply(record));
        self.kept.follow(&changes);
        self.kept.assert_is(rows_of(&self.organization), &|| serde_json::to_string(records).unwrap());
        seen.note(&changes);
    }

    fn plan(&self, at: usize) -> PlanKey {
        self.organization.catalog().plans().nth(at).unwrap().1.key.as_str().into()
    }

    fn group(&self) -> GroupKey {
        self.organization.catalog().groups().next().unwrap().1.key.as_str().into()
    }

    fn happens(&mut self, events: impl IntoIterator<Item = Event>) {
        let mut version = self.organization.version();
        let record = |event| {
            version = version.next();
            let (at, by) = (NOW.plus(Span::seconds(version.as_u64())), Actor::User(Ids::OWN.user(samples::OWNER)));
            Record { version, at, by, command: None, event }
        };
        let records: Vec<Record> = events.into_iter().map(record).collect();
        self.apply(&records, &mut Seen::default());
    }
}

#[test]
fn rows_follow_every_command_of_many_lives() {
    let mut seen = Seen::default();
    for seed in 0..120 {
        let life = Life::of_seed(seed, 60);
        let mut followed: Vec<Followed> = lives::organizations(&life.catalog).into_iter().map(Followed::new).collect();
        for step in &life.steps {
            let followed = &mut followed[step.organization];
            if let Ok(outcome) = followed.organization.handle(&step.command, &step.context()) {
                followed.apply(&outcome.records, &mut seen);
            }
        }
    }
    let elsewhere = [Table::Share, Table::Balance, Table::Lot];
    let tables: Vec<Table> = Table::ALL.iter().copied().filter(|table| !elsewhere.contains(table)).collect();
    // In these lives all services are called the same, and so are all roles.
    seen.assert_all(&tables, &[(Table::CustomRole, "title"), (Table::Service, "name")]);
}

#[test]
fn rows_follow_every_history_one_by_one_and_together() {
    for_any_world(|world| {
        for together in [1, 3, world.history.len()] {
            let mut followed = Followed::new(Organization::new(world.org.id(), Arc::clone(&world.catalog)));
            world.history.chunks(together.max(1)).for_each(|records| followed.apply(records, &mut Seen::default()));
            assert_eq!(followed.organization, world.org);
        }
    });
}

/// Who comes to be somewhere goes from there in the same breath: by a team, a workspace, a role, an address.
#[test]
fn what_comes_and_goes_in_one_command_leaves_nothing() {
    let catalog = desk(&[]);
    let team = Ids::OWN.team(1);
    let mut followed = Followed::new(desk_of(&catalog, [joins(2, "editor"), joins(3, "intern"), joins(4, "intern")]));
    let user = |n| Ids::OWN.user(n);
    let create = Event::TeamCreated { team, name: samples::name("T") };
    let rule = |workspace| Event::RuleSet {
        workspace,
        holder: RuleFor::Team(team),
        given: vec!["note.write".into()],
        taken: vec![],
        until: None,
    };
    followed.happens([create.clone(), Event::TeamJoined { team, user: user(2) }, rule(Ids::OWN.workspace(1))]);
    followed.happens([Event::TeamJoined { team, user: user(3) }, Event::TeamDissolved { team }]);
    followed.happens([create, Event::TeamJoined { team, user: user(4) }, Event::TeamDissolved { team }]);

    let place = Ids::OWN.workspace(7);
    let gives = |n, changes| Event::AccessGiven { user: user(n), workspace: place, changes, given_by: Actor::System };
    let opened = Event::WorkspaceCreated { workspace: place, name: samples::name("W") };
    followed.happens([opened.clone(), gives(2, Override::none()), gives(3, Override::role("editor"))]);
    followed.happens([Event::ServiceCreated {
        service: Ids::OWN.service(1),
        name: samples::name("S"),
        sponsor: user(2),
        permissions: vec!["note.read".into()],
        workspaces: vec![Ids::OWN.workspace(1), place],
        until: None,
        secret: samples::secret(9),
    }]);
    followed.happens([gives(4, Override::none()), Event::WorkspaceDeleted { workspace: place }]);
    followed.happens([opened, gives(2, Override::none()), Event::WorkspaceDeleted { workspace: place }]);

    let role = |n: u8| Event::CustomRoleSet {
        role: format!("custom.{n}").as_str().into(),
        title: samples::name("R"),
        like: "intern".into(),
        reach: Reach::All,
        permissions: vec!["note.read".into()],
    };
    let goes = |n: u8, instead: &str| Event::CustomRoleDeleted {
        role: format!("custom.{n}").as_str().into(),
        instead: Some(instead.into()),
    };
    let has = |n, key: &str| Event::RolesChanged { user: user(n), roles: vec![key.into()] };
    let of_domain = Event::DomainSet { domain: Domain::new("acme.example").unwrap(), roles: vec!["custom.1".into()] };
    followed.happens([role(1), role(2), has(3, "custom.1"), of_domain]);
    followed.happens([goes(1, "custom.2"), role(3), has(4, "custom.3"), goes(2, "custom.3")]);
    followed.happens([goes(3, "intern")]);

    let invited = |n, text: &str| Event::Invited {
        invitation: Ids::OWN.invitation(n),
        address: samples::address(text),
        roles: vec!["intern".into()],
        access: vec![],
        secret: samples::secret(9),
        until: NOW,
        uses: 1,
    };
    followed.happens([invited(1, "eve@acme.example")]);
    followed.happens([invited(2, "EVE@acme.example"), invited(3, "eve@acme.example")]);
    followed.happens([Event::InvitationRevoked { invitation: Ids::OWN.invitation(3) }, invited(4, "eve@acme.example")]);
}

/// A row says what a command has changed for people, in their words. `BAILIWICK_WRITE=1` writes the table anew: read what is different.
#[test]
fn each_command_changes_the_tables_as_written() {
    let mut told = String::new();
    let facts = Facts { now: NOW.plus(Span::millis(1)), ..samples::facts() };
    for (actor, command) in samples::samples(Ids::OWN) {
        let organization = samples::organization(Ids::OWN);
        let Ok(outcome) = organization.handle(&command, &facts.by(actor)) else { continue };
        told += &format!("{:24}{}\n", command.name(), tables(&RowChanges::of(&organization, &outcome.records)));
    }
    as_written("commands.txt", &told);
}

/// Everything that can be in an organization. `BAILIWICK_WRITE=1` writes the rows anew: read what is different.
#[test]
fn an_organization_has_rows_as_written() {
    let mut followed = Followed::new(samples::organization(Ids::OWN));
    let [owner, admin, member] = [samples::OWNER, samples::ADMIN, samples::MEMBER].map(|n| Ids::OWN.user(n));
    let (later, team, place) = (NOW.plus(Span::days(9)), Ids::OWN.team(1), Ids::OWN.workspace(2));
    let keys = || (vec!["thing.read".into()], vec!["thing.write".into()]);
    let lent = Override::role("guest").adding("thing.read").removing("thing.write").until(later);
    followed.happens([
        Event::Described { description: "What it is".into() },
        Event::PlanChanged { plan: followed.plan(1), seats: Seats::new(77), at: Some(later) },
        Event::OwnKeySet { class: "llm".parse().unwrap(), on: true },
        Event::ProviderRequired { provider: Some("okta".into()) },
        Event::OwnershipOffered { from: owner, to: admin },
        Event::PersonReactivated { user: Ids::OWN.user(samples::SUSPENDED) },
        Event::CreditsSwitched { user: Ids::OWN.user(samples::SUSPENDED), on: Some(false) },
        Event::RolesChanged { user: member, roles: vec!["member".into(), "custom.helper".into()] },
        Event::AccessGiven { user: member, workspace: place, changes: lent, given_by: Actor::User(admin) },
        Event::AccessGiven {
            user: member,
            workspace: Ids::OWN.workspace(3),
            changes: Override::none(),
            given_by: Actor::System,
        },
        Event::TeamJoined { team, user: admin },
        Event::WorkspaceArchived { workspace: place },
        Event::RuleSet {
            workspace: place,
            holder: RuleFor::Team(team),
            given: keys().0,
            taken: keys().1,
            until: Some(later),
        },
        Event::RuleSet {
            workspace: place,
            holder: RuleFor::Group(followed.group()),
            given: keys().1,
            taken: vec![],
            until: None,
        },
        Event::CustomRoleSet {
            role: "custom.unused".into(),
            title: samples::name("Unused"),
            like: "member".into(),
            reach: Reach::None,
            permissions: keys().1,
        },
        Event::ServiceChanged {
            service: Ids::OWN.service(1),
            permissions: keys().1,
            workspaces: vec![],
            until: Some(later),
        },
        Event::ServiceOrphaned { service: Ids::OWN.service(2) },
        Event::InvitationDeclined { invitation: Ids::OWN.invitation(1), user: Ids::OWN.user(samples::STRANGER) },
        Event::Invited {
            invitation: Ids::OWN.invitation(7),
            address: samples::address("Ida@Example.COM"),
            roles: vec!["guest".into()],
            access: vec![],
            secret: samples::secret(9),
            until: later,
            uses: 5,
        },
        Event::InvitationAccepted { invitation: Ids::OWN.invitation(7), user: member },
    ]);
    written("organization.txt", &rows_of(&followed.organization));
    let (disposition, purge_at) = (Disposition::TransferTo(Ids::FOREIGN.organization()), later);
    followed.happens([
        Event::StatusChanged { status: Status::PastDue },
        Event::OrganizationDeleted { disposition, purge_at },
    ]);
    written("deleted.txt", &rows_of(&followed.organization).drain(..1).collect::<Vec<_>>());
}

/// Rows are those of a file, a line for each.
fn written(file: &str, rows: &[Row]) {
    let lines = rows.iter().map(|row| serde_json::to_string(row).unwrap() + "\n");
    as_written(file, &lines.collect::<String>());
}

fn as_written(file: &str, told: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/rows").join(file);
    if std::env::var_os("BAILIWICK_WRITE").is_some() {
        fs::write(&path, told).unwrap();
    }
    assert_eq!(told, fs::read_to_string(path).unwrap());
}

/// Which tables get how many rows (`person 2`), and lose how many (`access -1`).
fn tables(changes: &RowChanges) -> String {
    let mut tables = BTreeMap::new();
    changes.put.iter().for_each(|row| tables.entry(row.table()).or_insert((0, 0)).0 += 1);
    changes.deleted.iter().for_each(|key| tables.entry(key.table()).or_insert((0, 0)).1 += 1);
    let told = tables.iter().map(|(table, counts)| match counts {
        (put, 0) => format!("{table} {put}"),
        (0, deleted) => format!("{table} -{deleted}"),
        (put, deleted) => format!("{table} {put} -{deleted}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn an_organization_that_is_not_made_has_no_rows() {
    let catalog = desk(&[]);
    let organization = Organization::new(Ids::OWN.organization(), Arc::clone(&catalog));
    assert_eq!(organization.version(), Version::ZERO);
    assert!(rows_of(&organization).is_empty());
    assert!(RowChanges::of(&desk_of(&catalog, []), &[]).is_empty());
}
