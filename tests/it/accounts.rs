//! Accounts behind the facade: who pays, several organizations, several processes, lost acknowledgements, leases.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{
    AddMember, ChangePlan, ChangeSeats, ChangeStatus, CreateOrganization, CreateService, SwitchCredits,
};
use bailiwick::ledger::{
    Add, Allowance, Charge, Class, Credits, Grant, Hold, Lease, LeaseSpent, Leased, Over, Receipt, Refund, Release,
    Request, Scope, SetAllowance, SetLimit, SetPool, Settings, Settle, Spender, Spot, Statement, Timeout, Transfer,
    Units,
};
use bailiwick::store::{Append, Appended, Batch, Front, MemoryStore, Store, StoreError};
use bailiwick::{
    Actor, CommandId, Disposition, HoldId, Issue, Label, Name, OrgId, Seats, SecretHash, Span, Status, Tenants,
    TenantsError, Timestamp, UserId, Version, Work, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> Actor {
    Actor::User(UserId::from_u64(n).unwrap())
}

fn hold(n: u64) -> HoldId {
    HoldId::from_u64(n).unwrap()
}

fn credits(n: u64) -> Credits {
    Credits::new(n)
}

fn key(n: u64) -> Issue {
    Issue { key: CommandId::from_u64(n).unwrap(), at: NOW.now }
}

/// Work in the first workspace of an organization.
fn work(organization: u64) -> Work {
    Work { workspace: WorkspaceId::from_u64(organization * 100), ..Work::default() }
}

/// A team organization on a plan, of user 1.
fn team(tenants: &Tenants<impl Store>, id: u64, plan: &str, seats: u64) {
    team_of(1, tenants, id, plan, seats);
}

fn team_of(owner: u64, tenants: &Tenants<impl Store>, id: u64, plan: &str, seats: u64) {
    let (name, workspace) = (Name::new("Acme").unwrap(), WorkspaceId::from_u64(id * 100).unwrap());
    let create = CreateOrganization { name, plan: plan.into(), seats: Seats::new(seats), owned: 0, workspace };
    tenants.create(org(id), create, &NOW.by(user(owner))).unwrap();
    tenants
        .handle(
            org(id),
            bailiwick::change::CreateWorkspace { workspace, name: Name::new("First").unwrap() },
            &NOW.by(user(owner)),
        )
        .ok();
}

fn charge(tenants: &Tenants<impl Store>, id: u64, n: u64, amount: u64) -> Result<Receipt, TenantsError> {
    let request = |spender| Charge { hold: hold(n), spender, amount: credits(amount) };
    tenants.spend(org(id), key(n), &work(id), user(1), &NOW, request)
}

fn spendable(tenants: &Tenants<impl Store>, id: u64) -> u128 {
    tenants.read_ledger(org(id), NOW.now, |ledger| ledger.balance(NOW.now).spendable).unwrap()
}

fn code(result: Result<Receipt, TenantsError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(TenantsError::Refused(refusal)) => refusal.code(),
        Err(TenantsError::Declined(refusal)) => refusal.code(),
        Err(TenantsError::Store(_)) => "store",
        Err(_) => "other",
    }
}

fn purchase(amount: u64) -> Grant {
    let (scope, priority) = (Scope::EVERYTHING, 0);
    Grant { class: Class::Purchased, amount: credits(amount), scope, priority, effective: None, expires: None }
}

/// S1-84, S1-86, S1-17, S0-40: seats allocate, once, to one pool.
#[test]
fn seats_bought_allocate_at_once_and_once() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    let later = NOW.now.plus(Span::hours(1));
    team(&tenants, 1, "team", 3);
    assert_eq!(spendable(&tenants, 1), 6_000);
    tenants.handle(org(1), ChangeSeats { seats: Seats::new(5), period_end: later }, &NOW.by(user(1))).unwrap();
    assert_eq!(spendable(&tenants, 1), 10_000);

    tenants.handle(org(1), ChangeSeats { seats: Seats::new(3), period_end: later }, &NOW.by(user(1))).unwrap();
    tenants.handle(org(1), ChangeSeats { seats: Seats::new(5), period_end: later }, &NOW.by(user(1))).unwrap();
    assert_eq!(spendable(&tenants, 1), 10_000);
}

/// S0-10, S1-99, D-24: nobody names the pool; a workspace of elsewhere is refused.
#[test]
fn the_organization_of_the_workspace_pays() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, "team", 1);
    team(&tenants, 2, "team", 1);
    charge(&tenants, 1, 1, 500).unwrap();
    assert_eq!((spendable(&tenants, 1), spendable(&tenants, 2)), (1_500, 2_000));
    let elsewhere = tenants.spend(org(1), key(2), &work(2), user(1), &NOW, |spender| Charge {
        hold: hold(2),
        spender,
        amount: credits(1),
    });
    assert_eq!(code(elsewhere), "unknown_workspace");
    let nobody = tenants.spend(org(3), key(2), &work(3), user(1), &NOW, |spender| Charge {
        hold: hold(2),
        spender,
        amount: credits(1),
    });
    assert_eq!(code(nobody), "not_found");
    assert_eq!(code(tenants.order(org(3), key(3), purchase(1), Actor::System, NOW.now)), "not_found");
    assert!(tenants.entries(org(3), Version::ZERO).unwrap().is_empty());
}

/// S0-36, C-20, D-21: switched off between promise and settlement, the promise stands.
#[test]
fn a_promise_stands_when_the_credits_are_switched_off() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "studio", 0);
    let member = AddMember { user: UserId::from_u64(2).unwrap(), roles: vec!["creator".into()], access: Vec::new() };
    tenants.handle(org(1), member, &NOW.by(Actor::System)).unwrap();
    let until = NOW.now.plus(Span::minutes(10));
    let promise = |n: u64| {
        move |spender| Hold {
            hold: hold(n),
            spender,
            amount: credits(100),
            until,
            above: Default::default(),
            timeout: Timeout::Release,
        }
    };
    tenants.spend(org(1), key(1), &work(1), user(2), &NOW, promise(1)).unwrap();
    let off = SwitchCredits { user: UserId::from_u64(2).unwrap(), on: Some(false) };
    tenants.handle(org(1), off, &NOW.by(user(1))).unwrap();
    assert_eq!(code(tenants.spend(org(1), key(2), &work(1), user(2), &NOW, promise(2))), "credits_off");
    tenants.order(org(1), key(3), Settle { hold: hold(1), amount: credits(70) }, user(2), NOW.now).unwrap();
    assert_eq!(spendable(&tenants, 1), 24_930);
}

/// Who may set limits is a permission; other orders do not come in by that door.
#[test]
fn limits_are_set_by_those_who_may() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "studio", 0);
    let member = AddMember { user: UserId::from_u64(2).unwrap(), roles: vec!["creator".into()], access: Vec::new() };
    tenants.handle(org(1), member, &NOW.by(Actor::System)).unwrap();
    let scope = Scope { user: UserId::from_u64(2), ..Scope::EVERYTHING };
    let limit = SetLimit { scope, over: Over::Period, max: credits(50) };
    assert_eq!(code(tenants.set_limits(org(1), key(1), limit, user(2), &NOW)), "denied");
    assert_eq!(code(tenants.set_limits(org(1), key(1), limit, user(9), &NOW)), "not_found");
    tenants.set_limits(org(1), key(1), limit, user(1), &NOW).unwrap();
    assert_eq!(code(tenants.set_limits(org(1), key(2), purchase(1), user(1), &NOW)), "platform_only");
    let spend = |spender| Charge { hold: hold(3), spender, amount: credits(51) };
    assert_eq!(code(tenants.spend(org(1), key(3), &work(1), user(2), &NOW, spend)), "limit");
}

/// S0-63: a parent's pool, by agreed limits; S0-66: credits without an allocation; what is about a hold finds its pool.
#[test]
fn several_organizations_draw_on_one_pool_by_agreed_limits() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    for id in 1..=3 {
        team(&tenants, id, "team", 1);
    }
    tenants.order(org(1), key(1), purchase(8_000), Actor::System, NOW.now).unwrap();
    for child in [2, 3] {
        tenants.order(org(child), key(1), SetPool { pool: Some(org(1)) }, Actor::System, NOW.now).unwrap();
    }
    assert_eq!(code(charge(&tenants, 2, 10, 1)), "limit"); // nothing was agreed
    let agreed = |n: u64, max: u64| {
        let scope = Scope { organization: Some(org(n)), ..Scope::EVERYTHING };
        SetLimit { scope, over: Over::Period, max: credits(max) }
    };
    tenants.order(org(1), key(2), agreed(2, 3_000), Actor::System, NOW.now).unwrap();
    tenants.order(org(1), key(3), agreed(3, 100), Actor::System, NOW.now).unwrap();
    charge(&tenants, 2, 11, 2_900).unwrap();
    assert_eq!(code(charge(&tenants, 2, 12, 101)), "limit");
    assert_eq!(spendable(&tenants, 1), 10_000 - 2_900);
    assert_eq!(spendable(&tenants, 2), 2_000); // its own stays where it is

    let refund = Refund { spend: hold(11), amount: None, scope: None };
    assert_eq!(code(tenants.order(org(3), key(13), refund, Actor::System, NOW.now)), "unknown_spend");
    tenants.order(org(2), key(13), refund, Actor::System, NOW.now).unwrap();
    assert_eq!(spendable(&tenants, 1), 10_000);
    assert_eq!(code(tenants.order(org(1), key(14), SetPool { pool: Some(org(1)) }, Actor::System, NOW.now)), "itself");
}

/// S0-67: a machine spends in its own name, in its own organization only.
#[test]
fn a_service_spends_in_its_organization() {
    // Whoever may edit the settings may make keys.
    let settings = r#"key = "organization.settings.view", scope = "organization""#;
    let guarding = format!(r#"{settings}, guards = ["create_service"]"#);
    let text = bailiwick::presets::CLOUD.replacen(settings, &guarding, 1);
    let tenants = Tenants::in_memory(toml::from_str::<Catalog>(&text).unwrap());
    team(&tenants, 1, "team", 1);
    team(&tenants, 2, "team", 1);
    let service = bailiwick::ServiceId::from_u64(7).unwrap();
    let create = CreateService {
        service,
        name: Name::new("Robot").unwrap(),
        permissions: vec!["operation.run".into()],
        workspaces: Vec::new(),
        until: None,
        secret: SecretHash::from_bytes([7; 32]),
    };
    tenants.handle(org(1), create, &NOW.by(user(1))).unwrap();
    let robot = Actor::Service(service);
    let request = |n: u64| move |spender| Charge { hold: hold(n), spender, amount: credits(5) };
    tenants.spend(org(1), key(1), &work(1), robot, &NOW, request(1)).unwrap();
    let within = Scope { service: Some(service), ..Scope::EVERYTHING };
    let used = tenants.read_ledger(org(1), NOW.now, |ledger| ledger.used(&within, NOW.now).charged).unwrap();
    assert_eq!(used, 5);
    assert_eq!(code(tenants.spend(org(2), key(1), &work(2), robot, &NOW, request(1))), "not_found");
}

/// Credits move between organizations of one owner where the policy lets them, once.
#[test]
fn credits_are_handed_on_once() {
    let mut text = bailiwick::presets::CLOUD.to_owned();
    text = text.replacen("[policy]", "[policy]\ncredit_transfers = \"same_owner\"", 1);
    let tenants = Tenants::in_memory(toml::from_str::<Catalog>(&text).unwrap());
    team(&tenants, 1, "team", 1);
    team(&tenants, 2, "team", 1);
    tenants.order(org(1), key(1), purchase(300), Actor::System, NOW.now).unwrap();
    let transfer = Transfer { to: org(2), amount: credits(200) };
    assert_eq!(code(tenants.transfer_credits(org(1), key(2), transfer, user(9), NOW.now)), "not_found");
    team_of(9, &tenants, 3, "team", 1);
    let (to_mine, to_others) = (transfer, Transfer { to: org(3), ..transfer });
    assert_eq!(code(tenants.transfer_credits(org(3), key(2), to_mine, user(1), NOW.now)), "not_found");
    assert_eq!(code(tenants.transfer_credits(org(1), key(2), to_others, user(1), NOW.now)), "not_found");
    let first = tenants.transfer_credits(org(1), key(2), transfer, user(1), NOW.now).unwrap();
    assert_eq!(tenants.transfer_credits(org(1), key(2), transfer, user(1), NOW.now).unwrap(), first);
    assert_eq!((spendable(&tenants, 1), spendable(&tenants, 2)), (2_100, 2_200));
    // Whoever has begun it may finish it, whatever they own by then.
    tenants.delete(org(2), Disposition::Delete, &NOW.by(Actor::System)).unwrap();
    assert_eq!(tenants.transfer_credits(org(1), key(2), transfer, user(1), NOW.now).unwrap(), first);
    let off = Tenants::in_memory(catalog("cloud"));
    team(&off, 1, "team", 1);
    team(&off, 2, "team", 1);
    assert_eq!(code(off.transfer_credits(org(1), key(2), transfer, user(1), NOW.now)), "transfers_off");
}

/// D-20, S0-52: what a downgrade and an archive would do, before they do it.
#[test]
fn a_downgrade_is_previewed_with_what_is_too_much() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "studio", 0);
    let spot = Spot { kind: "video".parse().ok(), ..Spot::EVERYTHING };
    let amount = Units::new(150_000_000_000);
    tenants.order(org(1), key(1), Add { meter: Label::STORAGE, spot, amount }, Actor::System, NOW.now).unwrap();
    let down = ChangePlan { plan: "creator".into(), seats: Seats::new(0), at: None };
    let preview = tenants.preview_accounts(org(1), down, &NOW.by(Actor::System)).unwrap();
    let over = preview.exceeds.first().unwrap();
    assert_eq!((over.max.as_u64(), over.used.as_u64()), (100_000_000_000, 150_000_000_000));
    assert_eq!(preview.allocated, None);
    team(&tenants, 2, "creator", 0);
    let up = ChangePlan { plan: "studio".into(), seats: Seats::new(0), at: None };
    let preview = tenants.preview_accounts(org(2), up, &NOW.by(Actor::System)).unwrap();
    assert_eq!(preview.allocated.map(|allocated| allocated.amount), Some(credits(20_000)));
    assert!(preview.exceeds.is_empty());

    let rest = ChangePlan { plan: "archive".into(), seats: Seats::new(0), at: None };
    tenants.handle(org(1), rest, &NOW.by(Actor::System)).unwrap();
    let archive = ChangeStatus { status: Status::Archived };
    let preview = tenants.preview_accounts(org(1), archive, &NOW.by(Actor::System)).unwrap();
    let [purge] = preview.purges.as_slice() else { panic!("{preview:?}") };
    assert_eq!((purge.units, purge.due), (amount, NOW.now.plus(Span::days(30))));
}

/// A store of several processes, with a line to each.
struct Lossy {
    store: Arc<MemoryStore>,
    /// The acknowledgement of the next append of a ledger is lost.
    loses: AtomicBool,
    /// No append of a ledger arrives.
    down: AtomicBool,
}

impl Front for Lossy {
    type Behind = Arc<MemoryStore>;

    fn behind(&self) -> &Arc<MemoryStore> {
        &self.store
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        if !matches!(append.batch, Batch::Ledger(_)) {
            return self.store.append(append);
        }
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreError::Retry("the line is down".into()));
        }
        let appended = self.store.append(append)?;
        if self.loses.swap(false, Ordering::SeqCst) {
            return Err(StoreError::Unknown("the line is cut".into()));
        }
        Ok(appended)
    }
}

fn lossy(store: &Arc<MemoryStore>) -> Tenants<Lossy> {
    process(store, catalog("cloud"))
}

fn process(store: &Arc<MemoryStore>, catalog: Catalog) -> Tenants<Lossy> {
    let (loses, down) = (AtomicBool::new(false), AtomicBool::new(false));
    Tenants::new(Arc::new(catalog), Lossy { store: Arc::clone(store), loses, down })
}

/// D-18, D-21: an acknowledgement that is lost, and the same order again: spent once, here and in another process.
#[test]
fn a_lost_acknowledgement_spends_once() {
    let store = Arc::new(MemoryStore::new());
    let (here, there) = (lossy(&store), lossy(&store));
    team(&here, 1, "team", 1);
    assert_eq!(spendable(&there, 1), 2_000);
    here.store().loses.store(true, Ordering::SeqCst);
    let first = charge(&here, 1, 1, 300).unwrap(); // looked up, and found
    assert_eq!(charge(&there, 1, 1, 300).unwrap(), first);
    assert_eq!(charge(&here, 1, 1, 300).unwrap(), first);
    assert_eq!(spendable(&here, 1), 1_700);
    assert_eq!(here.entries(org(1), Version::ZERO).unwrap().len(), 2); // the allowance, and one charge
}

/// Never over-admitted: eight threads in two processes race for more than there is.
#[test]
fn racing_spends_never_take_more_than_there_is() {
    let store = Arc::new(MemoryStore::new());
    let processes = [lossy(&store), lossy(&store)];
    team(&processes[0], 1, "team", 1);
    let paid = Mutex::new([const { BTreeSet::new() }; 2]);
    thread::scope(|scope| {
        for at in 0..8_u64 {
            let (which, paid) = ((at % 2) as usize, &paid);
            let tenants = &processes[which];
            scope.spawn(move || {
                for n in 0..50 {
                    // Two threads try under the same name and key: one of them pays.
                    let n = 1 + n + 100 * (at / 2);
                    let tries = (0..100).map(|_| charge(tenants, 1, n, 30));
                    let answer = tries.into_iter().find(|answer| !matches!(answer, Err(TenantsError::Contended)));
                    if answer.expect("a turn").is_ok() {
                        paid.lock().unwrap()[which].insert(n);
                    }
                }
            });
        }
    });
    let entries = processes[0].entries(org(1), Version::ZERO).unwrap();
    let ledger = bailiwick::ledger::Ledger::replay(org(1), Settings::default(), &entries);
    let columns = ledger.balance(NOW.now).columns;
    assert_eq!((columns.spent, columns.available), (1_980, 20)); // 66 charges of 30, and no more fit
    assert!(ledger.audit().is_empty());
    assert!(entries.iter().zip(1..).all(|(entry, n)| entry.version.as_u64() == n));
    let kept = entries.iter().filter(|entry| entry.answer.is_ok());
    let kept: BTreeSet<u64> = kept
        .filter_map(|entry| match &entry.order.request {
            Request::Charge(order) => u64::try_from(order.hold.as_u128()).ok(),
            _ => None,
        })
        .collect();
    assert_eq!(paid.into_inner().unwrap(), [kept.clone(), kept]); // each was acknowledged to both who tried, and nothing else
}

/// What a crash loses of a lease is what was not reported, and nothing else.
#[test]
fn a_crash_loses_at_most_what_was_not_reported() {
    for timeout in [Timeout::Release, Timeout::Settle] {
        let tenants = Tenants::in_memory(catalog("cloud"));
        team(&tenants, 1, "team", 1);
        let until = NOW.now.plus(Span::minutes(5));
        let lease = Lease { hold: hold(1), scope: Scope::EVERYTHING, amount: credits(500), until, timeout };
        tenants.order(org(1), key(1), lease, Actor::System, NOW.now).unwrap();
        let mut leased = Leased::new(&lease);
        let ada = Scope { user: UserId::from_u64(1), ..Scope::EVERYTHING };
        assert_eq!(leased.spend(ada, credits(120), NOW.now), LeaseSpent::Yes);
        let report = leased.report().unwrap();
        tenants.order(org(1), key(2), report.clone(), Actor::System, NOW.now).unwrap();
        assert_eq!(leased.report(), Some(report)); // until it is acknowledged
        leased.acknowledge();
        assert_eq!(leased.spend(ada, credits(80), NOW.now), LeaseSpent::Yes);
        let lost = leased.unreported();
        drop(leased); // the crash

        let columns = tenants.read_ledger(org(1), until, |ledger| ledger.balance(until).columns).unwrap();
        assert_eq!(lost, credits(80));
        let expected = if timeout == Timeout::Release { 120 } else { 500 };
        assert_eq!((columns.spent, columns.held), (expected, 0));
    }
}

/// A process may not lease past a limit that tells members apart.
#[test]
fn a_lease_does_not_go_past_a_member_limit() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, "team", 1);
    let scope = Scope { user: UserId::from_u64(1), ..Scope::EVERYTHING };
    let limit = SetLimit { scope, over: Over::Period, max: credits(100) };
    tenants.set_limits(org(1), key(1), limit, user(1), &NOW.authenticated(NOW.now)).unwrap();
    let until = NOW.now.plus(Span::minutes(5));
    let lease =
        |scope, amount| Lease { hold: hold(1), scope, amount: credits(amount), until, timeout: Timeout::Release };
    let wide = tenants.order(org(1), key(2), lease(Scope::EVERYTHING, 10), Actor::System, NOW.now);
    assert_eq!(code(wide), "narrower_limit");
    assert_eq!(code(tenants.order(org(1), key(3), lease(scope, 101), Actor::System, NOW.now)), "limit");
    tenants.order(org(1), key(4), lease(scope, 100), Actor::System, NOW.now).unwrap();
    tenants.order(org(1), key(5), Release { hold: hold(1) }, Actor::System, NOW.now).unwrap();
}

/// A statement sums, whatever happened, and tells usage by scope.
#[test]
fn a_statement_sums_exactly() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, "team", 1);
    charge(&tenants, 1, 1, 300).unwrap();
    tenants.order(org(1), key(2), purchase(50), Actor::System, NOW.now).unwrap();
    tenants
        .order(
            org(1),
            key(3),
            Refund { spend: hold(1), amount: Some(credits(100)), scope: None },
            Actor::System,
            NOW.now,
        )
        .unwrap();
    let own_key = Spender { pays: bailiwick::ledger::Pays::OwnKey, ..Spender::default() };
    let metered = Charge { hold: hold(4), spender: own_key, amount: credits(9) };
    tenants.order(org(1), key(4), Request::from(metered), Actor::System, NOW.now).unwrap();
    let entries = tenants.entries(org(1), Version::ZERO).unwrap();
    let fresh = || bailiwick::ledger::Ledger::new(org(1), tenants.settings());
    let (begin, end) = (NOW.now, NOW.now.plus(Span::days(60)));
    let statement = Statement::of(fresh(), &entries, begin, end);
    assert!(statement.is_balanced());
    let sums = statement.sums();
    assert_eq!((sums.granted, sums.spent, sums.expired, sums.uncharged), (4_050, 200, 1_800, 9));
    let used: i128 = statement.by_time_and_scope(Span::days(1)).values().map(|sums| sums.charged()).sum();
    assert_eq!(used, 200);
    let earlier = Statement::of(fresh(), &entries, Timestamp::from_millis(0), begin);
    assert_eq!((earlier.lines.len(), earlier.closing.granted), (0, 0));
    let later = Statement::of(fresh(), &entries, end, end.plus(Span::days(1)));
    assert!(later.is_balanced());
    assert_eq!((later.opening, later.sums().granted), (statement.closing, 0));
}

/// A change of the plan counts from its own instant, whenever the ledger is looked at next, and whether it was told at once or not.
#[test]
fn a_plan_counts_from_when_it_was_changed() {
    let day = |n| Facts::at(NOW.now.plus(Span::days(n)));
    let run = |look: bool, told: bool| {
        let store = Arc::new(MemoryStore::new());
        let (tenants, other) = (process(&store, catalog("studio")), process(&store, catalog("studio")));
        team(&tenants, 1, "studio", 0);
        assert_eq!(spendable(&other, 1), 25_000); // and does not hear of the change
        tenants.store().down.store(!told, Ordering::SeqCst);
        let down = ChangePlan { plan: "creator".into(), seats: Seats::new(0), at: None };
        tenants.handle(org(1), down, &day(19).by(Actor::System)).unwrap();
        tenants.store().down.store(false, Ordering::SeqCst);
        if look {
            tenants.read_ledger(org(1), day(20).now, |_| ()).unwrap();
        }
        let issue = Issue { at: day(21).now, ..key(1) };
        other.order(org(1), issue, bailiwick::ledger::Tick {}, Actor::System, day(21).now).unwrap();
        tenants.refresh(org(1)).unwrap();
        let now = day(40).now;
        tenants.read_ledger(org(1), now, |ledger| ledger.balance(now).spendable).unwrap()
    };
    for (look, told) in [(false, true), (true, true), (false, false), (true, false)] {
        assert_eq!(run(look, told), 10_000, "{look} {told}"); // 5,000 kept of 25,000, and 5,000 new
    }
}

/// What a plan has allocated stays, however soon another one follows and whether anybody looked in between.
#[test]
fn a_plan_of_one_day_has_allocated() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "creator", 0);
    for (plan, day) in [("studio", 1), ("creator", 2)] {
        let change = ChangePlan { plan: plan.into(), seats: Seats::new(0), at: None };
        tenants.handle(org(1), change, &Facts::at(NOW.now.plus(Span::days(day))).by(Actor::System)).unwrap();
    }
    let now = NOW.now.plus(Span::days(3));
    assert_eq!(tenants.read_ledger(org(1), now, |ledger| ledger.balance(now).columns.granted).unwrap(), 25_000);
}

/// Reading the future writes nothing, and the ledger's clock stays.
#[test]
fn a_forecast_changes_nothing() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "studio", 0);
    let entries = tenants.entries(org(1), Version::ZERO).unwrap().len();
    let later = NOW.now.plus(Span::days(100));
    assert!(tenants.read_ledger(org(1), later, |ledger| ledger.balance(later).spendable).unwrap() > 25_000);
    assert_eq!(tenants.entries(org(1), Version::ZERO).unwrap().len(), entries);
    assert_eq!(spendable(&tenants, 1), 25_000);
}

/// Another release with other numbers in the catalog, and a change that was scheduled, found by a process that starts anew.
#[test]
fn a_new_catalog_and_what_was_scheduled_are_taken_up() {
    let store = Arc::new(MemoryStore::new());
    let first = lossy(&store);
    team(&first, 1, "team", 1);
    let more = bailiwick::presets::CLOUD.replace("allocation_per_seat = 2_000", "allocation_per_seat = 3_000");
    let next = process(&store, toml::from_str::<Catalog>(&more).unwrap());
    assert_eq!(spendable(&next, 1), 3_000);
    assert_eq!(next.entries(org(1), Version::ZERO).unwrap().len(), 1); // who reads writes nothing
    let then = NOW.now.plus(Span::days(40));
    let granted = next.read_ledger(org(1), then, |ledger| ledger.balance(then).columns.granted).unwrap();
    assert_eq!(granted, 2_000 + 3_000); // the month that is over had what it had
    charge(&next, 1, 1, 2_500).unwrap();

    let scheduled = lossy(&store);
    team(&scheduled, 2, "business", 5);
    let at = Some(NOW.now.plus(Span::days(10)));
    let up = ChangePlan { plan: "enterprise".into(), seats: Seats::new(25), at };
    scheduled.handle(org(2), up, &NOW.by(Actor::System)).unwrap();
    let then = NOW.now.plus(Span::days(12));
    let restarted = lossy(&store);
    let spendable = restarted.read_ledger(org(2), then, |ledger| ledger.balance(then).spendable).unwrap();
    assert_eq!(spendable, 25 * 8_000);
    restarted.order(org(2), Issue { at: then, ..key(1) }, purchase(1), Actor::System, then).unwrap();
}

/// D-21: repeated under its key, a spend is answered as before, whatever the actor may by then, and from whichever pool.
#[test]
fn a_repeated_spend_is_answered_as_before() {
    let tenants = Tenants::in_memory(catalog("studio"));
    team(&tenants, 1, "studio", 0);
    team(&tenants, 2, "studio", 0);
    let member = AddMember { user: UserId::from_u64(2).unwrap(), roles: vec!["creator".into()], access: Vec::new() };
    tenants.handle(org(1), member, &NOW.by(Actor::System)).unwrap();
    let spend = |amount| {
        let request = move |spender| Charge { hold: hold(1), spender, amount: credits(amount) };
        tenants.spend(org(1), key(1), &work(1), user(2), &NOW, request)
    };
    let first = spend(20).unwrap();
    let off = SwitchCredits { user: UserId::from_u64(2).unwrap(), on: Some(false) };
    tenants.handle(org(1), off, &NOW.by(user(1))).unwrap();
    assert_eq!(spend(20).unwrap(), first);
    assert_eq!(code(spend(21)), "credits_off");
    // Who asks, and when the key was made, belong to it.
    let request = |spender| Charge { hold: hold(1), spender, amount: credits(20) };
    assert_eq!(code(tenants.spend(org(1), key(1), &work(1), user(1), &NOW, request)), "key_reused");
    let another = Issue { at: NOW.now.plus(Span::millis(1)), ..key(1) };
    assert_eq!(code(tenants.spend(org(1), another, &work(1), user(2), &NOW, request)), "credits_off");

    // Into a pool and out of it: nothing is carried out twice, and what is open there is found.
    charge(&tenants, 1, 10, 5).unwrap();
    let scope = Scope { organization: Some(org(1)), ..Scope::EVERYTHING };
    let agreed = SetLimit { scope, over: Over::Period, max: credits(1_000) };
    tenants.order(org(2), key(1), agreed, Actor::System, NOW.now).unwrap();
    tenants.order(org(1), key(20), SetPool { pool: Some(org(2)) }, Actor::System, NOW.now).unwrap();
    charge(&tenants, 1, 10, 5).unwrap();
    let own = |spender| Charge { hold: hold(99), spender, amount: credits(1) };
    tenants.spend(org(2), key(11), &work(2), user(1), &NOW, own).unwrap(); // keys are kept apart
    charge(&tenants, 1, 11, 7).unwrap();
    let until = NOW.now.plus(Span::hours(1));
    let promise = |spender| Hold {
        hold: hold(12),
        spender,
        amount: credits(100),
        until,
        above: Default::default(),
        timeout: Timeout::Settle,
    };
    tenants.spend(org(1), key(12), &work(1), user(1), &NOW, promise).unwrap();
    tenants.order(org(1), key(21), SetPool { pool: None }, Actor::System, NOW.now).unwrap();
    charge(&tenants, 1, 11, 7).unwrap();
    tenants.order(org(1), key(22), Settle { hold: hold(12), amount: credits(30) }, Actor::System, NOW.now).unwrap();
    assert_eq!((spendable(&tenants, 1), spendable(&tenants, 2)), (25_000 - 20 - 5, 25_000 - 7 - 30 - 1));
}

/// A spender is who the organization says, and a spend is a spend.
#[test]
fn nobody_spends_in_the_name_of_somebody_else() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, "team", 1);
    let grant = tenants.spend(org(1), key(1), &work(1), user(1), &NOW, |_| purchase(1_000_000));
    assert_eq!(code(grant), "platform_only");
    let other = tenants.spend(org(1), key(1), &work(1), user(1), &NOW, |spender: Spender| Charge {
        hold: hold(1),
        spender: Spender { pays: bailiwick::ledger::Pays::Nobody, ..spender },
        amount: credits(9),
    });
    assert_eq!(code(other), "platform_only");
    let allowance = SetAllowance { as_of: 99, allowance: Allowance::none(NOW.now), next: None };
    assert_eq!(code(tenants.order(org(1), key(1), allowance, Actor::System, NOW.now)), "platform_only");
}

/// Every transfer arrives, however keys are numbered and whoever sends; one that is repeated arrives once.
#[test]
fn every_transfer_arrives_once() {
    let text = bailiwick::presets::CLOUD.replacen("[policy]", "[policy]\ncredit_transfers = \"same_owner\"", 1);
    let tenants = Tenants::in_memory(toml::from_str::<Catalog>(&text).unwrap());
    for id in 1..=3 {
        team(&tenants, id, "team", 1);
        tenants.order(org(id), key(900), purchase(1_000), Actor::System, NOW.now).unwrap();
    }
    for n in 1..=6 {
        for _ in 0..2 {
            let transfer = Transfer { to: org(3), amount: credits(10) };
            tenants.transfer_credits(org(1), key(n), transfer, user(1), NOW.now).unwrap();
            tenants.transfer_credits(org(2), key(n), transfer, user(1), NOW.now).unwrap();
        }
    }
    assert_eq!([1, 2, 3].map(|id| spendable(&tenants, id)), [2_940, 2_940, 3_120]);
    let itself = Transfer { to: org(1), amount: credits(10) };
    assert_eq!(code(tenants.transfer_credits(org(1), key(50), itself, user(1), NOW.now)), "itself");
}

/// Several processes: what one has changed of a pool, of a member, of the credits, the other finds when it matters.
#[test]
fn what_another_process_has_changed_is_found() {
    let store = Arc::new(MemoryStore::new());
    let (here, there) = (process(&store, catalog("studio")), process(&store, catalog("studio")));
    team(&here, 1, "studio", 0);
    team(&here, 2, "studio", 0);
    let member = AddMember { user: UserId::from_u64(2).unwrap(), roles: vec!["creator".into()], access: Vec::new() };
    here.handle(org(1), member, &NOW.by(Actor::System)).unwrap();
    let scope = Scope { organization: Some(org(1)), ..Scope::EVERYTHING };
    let agreed = SetLimit { scope, over: Over::Ever, max: credits(1_000) };
    here.order(org(2), key(1), agreed, Actor::System, NOW.now).unwrap();
    assert_eq!((spendable(&there, 1), spendable(&there, 2)), (25_000, 25_000)); // both are loaded there
    let draw_on = |n, pool| here.order(org(1), key(n), SetPool { pool }, Actor::System, NOW.now).unwrap();
    let left = || (spendable(&here, 1), spendable(&here, 2));

    // Drawn elsewhere since: the pool pays.
    draw_on(10, Some(org(2)));
    charge(&there, 1, 11, 5).unwrap();
    here.refresh(org(2)).unwrap();
    assert_eq!(left(), (25_000, 25_000 - 5));

    // A promise of the other process, in the pool, is found.
    let until = NOW.now.plus(Span::hours(1));
    let (above, timeout) = (Default::default(), Timeout::Settle);
    let promise = |spender| Hold { hold: hold(12), spender, amount: credits(100), until, above, timeout };
    here.spend(org(1), key(12), &work(1), user(2), &NOW, promise).unwrap();
    there.order(org(1), key(13), Settle { hold: hold(12), amount: credits(30) }, Actor::System, NOW.now).unwrap();
    here.refresh(org(2)).unwrap();
    assert_eq!(left(), (25_000, 25_000 - 35));

    // What it was answered is answered here as well, though the member may no more.
    let request = |spender| Charge { hold: hold(14), spender, amount: credits(7) };
    let first = here.spend(org(1), key(14), &work(1), user(2), &NOW, request).unwrap();
    let off = SwitchCredits { user: UserId::from_u64(2).unwrap(), on: Some(false) };
    here.handle(org(1), off, &NOW.by(user(1))).unwrap();
    there.refresh(org(1)).unwrap();
    assert_eq!(there.spend(org(1), key(14), &work(1), user(2), &NOW, request).unwrap(), first);

    // Its own again: no longer the pool pays, by whichever door.
    draw_on(15, None);
    charge(&there, 1, 16, 9).unwrap();
    draw_on(17, Some(org(2)));
    there.refresh(org(1)).unwrap();
    draw_on(18, None);
    let own = Charge { hold: hold(19), spender: Spender::default(), amount: credits(2) };
    there.order(org(1), key(19), own, Actor::System, NOW.now).unwrap();
    here.refresh(org(1)).unwrap();
    assert_eq!(left(), (25_000 - 9 - 2, 25_000 - 35 - 7));
}

/// Where the pool is no more, nobody spends from it.
#[test]
fn nobody_spends_from_the_pool_of_a_deleted_organization() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, "team", 1);
    team(&tenants, 2, "team", 1);
    let scope = Scope { organization: Some(org(1)), ..Scope::EVERYTHING };
    let agreed = SetLimit { scope, over: Over::Ever, max: credits(1_000) };
    tenants.order(org(2), key(1), agreed, Actor::System, NOW.now).unwrap();
    tenants.order(org(1), key(1), SetPool { pool: Some(org(2)) }, Actor::System, NOW.now).unwrap();
    charge(&tenants, 1, 2, 5).unwrap();
    tenants.delete(org(2), Disposition::Delete, &NOW.by(Actor::System)).unwrap();
    assert_eq!(code(charge(&tenants, 1, 3, 5)), "not_found");
}
