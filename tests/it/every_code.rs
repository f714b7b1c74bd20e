//! Every code of a no is said by something: by a line of the tables, which come out as written, or by what is made for it here.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::{DenyReason, Facts};
use bailiwick::change::{self, Describe, Rename, SignUp};
use bailiwick::ledger::*;
use bailiwick::limits::{DESCRIPTION_BYTES_MAX, LOTS_MAX, METER_CELLS_MAX, OPEN_HOLDS_MAX, SPEND_LIMITS_MAX};
use bailiwick::{
    Actor, CommandId, HoldId, Label, Name, OrgId, ResourceId, Seats, Span, Tenants, TenantsError, Timestamp, UserId,
    WorkspaceId,
};
use serde_json::json;

use crate::cases;
use crate::runner::What;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

#[test]
fn every_code_of_a_no_is_said_by_something() {
    let tables = cases::tables();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for line in tables.iter().flat_map(|table| &table.lines) {
        match &line.what {
            What::Refuse { code, .. } => said.insert(code),
            What::Ask { answer, .. } => said.insert(answer),
            // Who pays, or why nobody does.
            What::State(state) if state.subject[0] == "payer" => said.insert(&state.value[0]),
            _ => false,
        };
    }
    let in_tables = said.len();
    said.extend(of_organizations());
    said.extend(of_ledgers());

    let codes = DenyReason::CODES.iter().chain(change::Refusal::CODES).chain(Refusal::CODES);
    let all: BTreeSet<&str> = codes.map(|(_, code)| *code).collect();
    // Said only by a crate that is built without something: tests are built with a calendar, and some with Unicode.
    let is_built_out = |code: &str| code == "no_calendar" || (code == "bad_name" && cfg!(feature = "unicode"));
    let silent: Vec<&str> = all.iter().copied().filter(|code| !said.contains(code) && !is_built_out(code)).collect();
    assert_eq!(silent, [""; 0], "nothing says these");
    println!("{} codes of a no, {in_tables} answers in tables", all.len());
}

/// What tables cannot say.
fn of_organizations() -> [&'static str; 3] {
    let tenants = Tenants::in_memory(cases::catalog("production"));
    let (home, ada) = (OrgId::from_u64(1).unwrap(), Actor::User(UserId::from_u64(1).unwrap()));
    let now = Facts::at(NOW);
    let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: WorkspaceId::from_u64(1).unwrap() };
    tenants.sign_up(home, sign_up, &now.by(ada)).unwrap();
    let code = |error: TenantsError| error.code().unwrap_or("trouble");

    let description = "x".repeat(DESCRIPTION_BYTES_MAX + 1);
    let too_long = tenants.handle(home, Describe { description }, &now.by(Actor::System)).unwrap_err();

    let once = now.by(Actor::System).as_command(CommandId::from_u64(1).unwrap());
    tenants.handle(home, Describe { description: String::from("ours") }, &once).unwrap();
    let theirs = now.by(ada).as_command(CommandId::from_u64(1).unwrap());
    let reused = tenants.handle(home, Describe { description: String::from("mine") }, &theirs).unwrap_err();

    let team = OrgId::from_u64(2).unwrap();
    let create = change::CreateOrganization {
        name: Name::new("Team").unwrap(),
        plan: "studio".into(),
        seats: Seats::new(1),
        owned: 0,
        workspace: WorkspaceId::from_u64(2).unwrap(),
    };
    tenants.create(team, create, &now.by(ada)).unwrap();
    let renamed = tenants.handle(team, Rename { name: Name::new("Ö").unwrap() }, &now.by(Actor::System));
    [code(too_long), code(reused), renamed.err().map_or("done", code)]
}

/// A ledger that takes every order, whatever it says.
struct Books {
    ledger: Ledger,
    entries: Vec<Arc<Entry>>,
    orders: u64,
}

impl Books {
    fn new() -> Self {
        let ledger = Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default());
        Self { ledger, entries: Vec::new(), orders: 0 }
    }

    fn ask(&mut self, request: impl Into<Request>) -> &'static str {
        self.orders += 1;
        // Time goes on, for keys are remembered by it.
        let now = NOW.plus(Span::millis(self.orders));
        let order = Order { key: CommandId::from_u64(self.orders).unwrap(), issued: now, request: request.into() };
        let verdict = self.ledger.handle(&order, Actor::System, now);
        if let Verdict::New(entry) = &verdict {
            self.ledger.apply(entry);
            self.entries.push(Arc::clone(entry));
        }
        verdict.answer().err().map_or("done", |refusal| refusal.code())
    }

    /// The first answer that is not *done*, to orders that differ in a number.
    fn until_refused<R: Into<Request>>(&mut self, times: usize, order: impl Fn(u64) -> R) -> &'static str {
        for number in 1..=times as u64 {
            assert_eq!(self.ask(order(number)), "done", "number {number} of {times}");
        }
        self.ask(order(times as u64 + 1))
    }
}

fn of_ledgers() -> Vec<&'static str> {
    vec![
        unbalanced(),
        too_much(),
        drawn_elsewhere(),
        Books::new().until_refused(LOTS_MAX, |_| grant(1)),
        {
            let mut books = Books::new();
            books.ask(grant(OPEN_HOLDS_MAX as u64 + 1));
            books.until_refused(OPEN_HOLDS_MAX, hold)
        },
        Books::new().until_refused(SPEND_LIMITS_MAX, |number| limit(number, 1)),
        too_many_cells(),
    ]
}

fn grant(credits: u64) -> Grant {
    let amount = Credits::new(credits);
    Grant { class: Class::Purchased, amount, scope: Scope::EVERYTHING, priority: 0, effective: None, expires: None }
}

fn hold(number: u64) -> Hold {
    let (hold, amount, until) = (HoldId::from_u64(number).unwrap(), Credits::new(1), NOW.plus(Span::hours(1)));
    Hold { hold, spender: Spender::default(), amount, until, above: Above::Refuse, timeout: Timeout::Release }
}

fn of_user(number: u64) -> Scope {
    Scope { user: UserId::from_u64(number), ..Scope::EVERYTHING }
}

fn limit(user: u64, max: u64) -> SetLimit {
    SetLimit { scope: of_user(user), over: Over::Ever, max: Credits::new(max) }
}

/// An entry that says more was drawn than was there.
fn unbalanced() -> &'static str {
    let mut books = Books::new();
    books.ask(grant(100));
    books.ask(hold(1));
    books.ask(Settle { hold: HoldId::from_u64(1).unwrap(), amount: Credits::new(1) });
    if let Ok(receipt) = &mut Arc::make_mut(&mut books.entries[2]).answer {
        receipt.draws[0].amount = Credits::new(11);
    }
    let forged = Ledger::replay(books.ledger.organization(), Settings::default(), &books.entries);
    Books { ledger: forged, ..books }.ask(grant(1))
}

/// More than any number.
fn too_much() -> &'static str {
    let mut books = Books::new();
    books.ask(limit(1, u64::MAX));
    books.ask(RaiseLimit { scope: of_user(1), over: Over::Ever, by: Credits::new(1), periods: 1 })
}

fn drawn_elsewhere() -> &'static str {
    let mut books = Books::new();
    books.ask(SetPool { pool: OrgId::from_u64(2) });
    let hold = HoldId::from_u64(1).unwrap();
    books.ask(Charge { hold, spender: Spender::default(), amount: Credits::new(1) })
}

/// As many cells as there can be, from a snapshot, for a million orders take their time.
fn too_many_cells() -> &'static str {
    let add = |project: u64| {
        let spot = Spot { project: ResourceId::from_u64(project), ..Spot::default() };
        Add { meter: Label::STORAGE, spot, amount: Units::new(1) }
    };
    let mut books = Books::new();
    assert_eq!(books.ask(add(1)), "done");
    let mut snapshot = serde_json::to_value(books.ledger.snapshot()).unwrap();
    let all = METER_CELLS_MAX as u64;
    let cells = (1..=all).map(|project| json!([{ "project": ResourceId::from_u64(project).unwrap().to_string() }, 1]));
    let storage = &mut snapshot["meters"][0];
    storage["cells"] = cells.collect();
    storage["levels"][0][1]["used"] = all.into();
    let snapshot = serde_json::from_value(snapshot).unwrap();
    let full = Ledger::restore(books.ledger.organization(), Settings::default(), &snapshot).unwrap();
    Books { ledger: full, ..books }.ask(add(all + 1))
}
