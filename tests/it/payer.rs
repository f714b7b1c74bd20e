//! Who pays, and what a plan allocates: what the tables of `credits.txt` cannot say.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::{
    Catalog, CreditRule, Enforcement, LimitDef, Midway, Per, PlanDef, Renewal, RoleDef, Rollover, SeatRule, StorageRule,
};
use bailiwick::change::*;
use bailiwick::ledger::{Allowance, Credits, MeterRule, Pays, Scope, Spender, Units};
use bailiwick::limits::ALLOCATION_MAX;
use bailiwick::{Actor, Label, Organization, ResourceId, Seats, Span, Status, Timestamp, Work};

use crate::support::lives::{self, Life};
use crate::support::model::Model;
use crate::support::samples::{
    ADMIN, COLLABORATOR, Ids, MEMBER, NOW, OWNER, SUSPENDED, catalog, name, organization, run,
};

const OWN: Ids = Ids::OWN;

fn user(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

fn work(workspace: u64) -> Work {
    Work { workspace: Some(OWN.workspace(workspace)), ..Work::default() }
}

fn label(word: &str) -> Label {
    word.parse().unwrap()
}

fn answer(found: Result<Spender, Refusal>) -> &'static str {
    match found {
        Ok(Spender { pays: Pays::Pool, .. }) => "pool",
        Ok(Spender { pays: Pays::OwnKey, .. }) => "own key",
        Ok(Spender { pays: Pays::Nobody, .. }) => "nobody",
        Err(refusal) => refusal.code(),
    }
}

/// S0-67: everything that is known of the work is in the scope, and never which organization pays.
#[test]
fn a_spender_names_who_where_and_for_what() {
    let org = organization(OWN);
    let project = ResourceId::from_u64(7).unwrap();
    let work = Work { workspace: Some(OWN.workspace(1)), project: Some(project), class: Some(label("llm")) };
    let of_work = Scope { workspace: work.workspace, project: work.project, class: work.class, ..Scope::EVERYTHING };
    let service = OWN.service(1);
    let mut org = org;
    let all = ["workspace.run".into()].into();
    run(&mut org, user(OWNER), ChangeService { service, permissions: all, workspaces: vec![], until: None });
    let staff = Actor::Staff { staff: Ids::NEVER.user(1), on_behalf_of: OWN.user(OWNER) };
    let facts = Facts::at(NOW);
    let expected = [
        (user(OWNER), Scope { user: Some(OWN.user(OWNER)), ..of_work }),
        (staff, Scope { user: Some(OWN.user(OWNER)), ..of_work }),
        (Actor::Service(service), Scope { service: Some(service), ..of_work }),
        (Actor::System, of_work),
    ];
    for (actor, scope) in expected {
        assert_eq!(org.spender(actor, &work, &facts), Ok(Spender { scope, pays: Pays::Pool }), "{actor:?}");
        let everywhere = Work::default();
        let pays = org.spender(actor, &everywhere, &facts).unwrap();
        assert_eq!((pays.scope.workspace, pays.scope.project, pays.scope.class), (None, None, None), "{actor:?}");
    }
    let other = Organization::new(Ids::FOREIGN.organization(), catalog());
    assert_eq!(answer(other.spender(Actor::System, &work, &facts)), "not_found", "it was never made");
}

/// C-20, S0-36: who may use credits is a permission like any other, step up included; who may not hears so before the switch.
#[test]
fn whoever_may_not_use_credits_hears_so_before_their_switch() {
    let text = toml::to_string(&*catalog()).unwrap();
    let asked = text.replace("key = \"workspace.run\"", "key = \"workspace.run\"\nrecent_authentication = \"15m\"");
    let mut org = organization(OWN);
    run(&mut org, user(OWNER), SwitchCredits { user: OWN.user(ADMIN), on: Some(false) });
    run(&mut org, user(OWNER), SwitchCredits { user: OWN.user(MEMBER), on: Some(false) });
    let facts = Facts::at(NOW);
    assert_eq!(answer(org.spender(user(ADMIN), &work(1), &facts)), "credits_off");
    assert_eq!(answer(org.spender(user(MEMBER), &work(1), &facts)), "denied");
    assert_eq!(answer(org.spender(user(SUSPENDED), &work(1), &facts)), "denied");
    assert_eq!(answer(org.spender(user(COLLABORATOR), &work(2), &facts)), "denied");
    let stricter: Catalog = toml::from_str(&asked).unwrap();
    let mut org = Organization::new(OWN.organization(), Arc::new(stricter));
    let create = CreateOrganization {
        name: name("Acme"),
        plan: "team".into(),
        seats: Seats::new(1),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    run(&mut org, user(OWNER), create);
    let work = Work::default();
    assert_eq!(answer(org.spender(user(OWNER), &work, &facts)), "step_up");
    assert_eq!(answer(org.spender(user(OWNER), &work, &facts.authenticated(NOW))), "pool");
    run(&mut org, Actor::System, ChangeStatus { status: Status::Suspended });
    assert_eq!(answer(org.spender(user(OWNER), &work, &facts.authenticated(NOW))), "denied");
    assert_eq!(answer(org.spender(Actor::System, &work, &facts)), "pool", "the platform does as it must");
}

/// The switch is kept while a person stays, also from member to collaborator and back, and is nobody else's.
#[test]
fn the_switch_stays_with_the_person() {
    let mut org = organization(OWN);
    let (owner, member) = (user(OWNER), OWN.user(MEMBER));
    let before = org.clone();
    let outcome = run(&mut org, owner, SwitchCredits { user: member, on: Some(false) });
    assert_eq!(org.person(member).unwrap().credits(), Some(false));
    assert!(Journal::of(&outcome.records).find(Query::about(member)).count() == 1);
    let preview = before.preview(&SwitchCredits { user: member, on: Some(false) }.into(), &Facts::at(NOW).by(owner));
    assert!(preview.unwrap().access.is_empty(), "it changes what is charged, not what one may do");
    run(&mut org, owner, MakeCollaborator { user: member });
    assert_eq!(org.person(member).unwrap().credits(), Some(false));
    run(&mut org, owner, AddMember { user: member, roles: vec!["member".into()], access: vec![] });
    assert_eq!(org.person(member).unwrap().credits(), Some(false));
    assert!(org.people().all(|(user, person)| user == member || person.credits().is_none()));
    run(&mut org, owner, Suspend { user: member });
    run(&mut org, owner, Reactivate { user: member });
    assert_eq!(org.person(member).unwrap().credits(), Some(false));
    run(&mut org, owner, Remove { user: member, content: Some(Content::Stays) });
    run(&mut org, owner, AddMember { user: member, roles: vec!["member".into()], access: vec![] });
    assert_eq!(org.person(member).unwrap().credits(), None);
}

/// Without a guard in the catalog only the platform spends: forgetting it closes a door.
#[test]
fn a_catalog_without_the_guard_lets_nobody_spend() {
    let built =
        Catalog::builder("x").role(RoleDef::new("owner", 1).owner()).plan(PlanDef::new("p", 0).team_organizations());
    let mut org = Organization::new(OWN.organization(), Arc::new(built.build().unwrap()));
    let create = CreateOrganization {
        name: name("A"),
        plan: "p".into(),
        seats: Seats::new(0),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    run(&mut org, user(OWNER), create);
    let facts = Facts::at(NOW);
    assert_eq!(answer(org.spender(user(OWNER), &Work::default(), &facts)), "denied");
    assert_eq!(answer(org.spender(user(ADMIN), &Work::default(), &facts)), "not_found");
    assert_eq!(answer(org.spender(Actor::System, &Work::default(), &facts)), "pool");
}

/// Who may spend is who may do what the permission guards, and they spend from the pool where nothing else is said.
#[test]
fn whoever_spends_may_and_whoever_may_spends() {
    let org = organization(OWN);
    let permission = org.catalog().guard_of(bailiwick::catalog::Action::UseCredits).unwrap();
    let mut answers = BTreeMap::<&str, u32>::new();
    for actor in (1..=9).map(user).chain((1..=3).map(|n| Actor::Service(OWN.service(n)))) {
        for place in 1..=9 {
            let facts = Facts::at(NOW);
            let found = answer(org.spender(actor, &work(place), &facts));
            let allowed = org.check(actor, permission, Target::Workspace(OWN.workspace(place)), &facts);
            assert_eq!(found == "pool", allowed == Decision::Allow, "{actor:?} in {place}: {found}");
            *answers.entry(found).or_default() += 1;
        }
    }
    assert!(["pool", "denied", "not_found", "unknown_workspace"].iter().all(|code| answers.contains_key(code)));
}

/// Over generated lives the naive organization says the same about everybody.
#[test]
fn the_model_agrees_on_who_pays() {
    let mut answers = BTreeMap::<&str, u32>::new();
    for seed in 0..24 {
        let life = Life::of_seed(seed, 100);
        let mut orgs = lives::organizations(&life.catalog);
        let mut models: Vec<Model> = orgs.iter().map(|org| Model::new(org.id(), life.catalog.clone())).collect();
        for (at, step) in life.steps.iter().enumerate() {
            let (org, model) = (&mut orgs[step.organization], &mut models[step.organization]);
            if let Ok(outcome) = org.handle(&step.command, &step.context()) {
                outcome.records.iter().for_each(|record| org.apply(record));
                *model = model.carry_out(&step.command, step.actor, &step.facts()).unwrap().0;
            }
            let class = [None, Some(label("llm")), Some(label("video"))][at % 3];
            let place = (at % 4 != 0).then(|| lives::workspace(at as u64 % 4));
            let asked = Work { workspace: place, project: None, class };
            let users = (1..=lives::USERS).map(lives::user);
            let staff = Actor::Staff { staff: lives::user(1), on_behalf_of: lives::user(2) };
            let others = [staff, Actor::Service(lives::service(1)), Actor::Provisioner, Actor::System];
            for actor in users.map(Actor::User).chain(others) {
                let (said, meant) =
                    (org.spender(actor, &asked, &step.facts()), model.spender(actor, &asked, &step.facts()));
                let same = said.as_ref().map_err(Refusal::code) == meant.as_ref().map_err(|code| *code);
                assert!(same, "life {seed}, step {at}, {actor:?} {asked:?}: {said:?}, and the model {meant:?}");
                *answers.entry(answer(said)).or_default() += 1;
            }
        }
    }
    println!("{answers:?}");
    let all = ["pool", "own key", "nobody", "credits_off", "denied", "step_up", "not_found", "unknown_workspace"];
    assert!(all.iter().all(|code| answers.get(code).is_some_and(|count| *count >= 20)), "{answers:?}");
}

fn selling(plans: impl IntoIterator<Item = PlanDef>) -> Organization {
    let catalog = Catalog::builder("x").meters(["channels", "assets"]).role(RoleDef::new("owner", 1).owner());
    let catalog = plans.into_iter().fold(catalog, |catalog, plan| catalog.plan(plan.team_organizations()));
    Organization::new(OWN.organization(), Arc::new(catalog.build().unwrap()))
}

fn created(mut org: Organization, plan: &str, seats: u64) -> Organization {
    assert_eq!(org.allowance(NOW), None, "before it is made");
    let workspace = OWN.workspace(1);
    let create =
        CreateOrganization { name: name("A"), plan: plan.into(), seats: Seats::new(seats), owned: 0, workspace };
    run(&mut org, user(OWNER), create);
    org
}

/// S0-44, S3-56, S3-57: every number of a plan arrives at the ledger as it was written.
#[test]
fn an_allowance_says_all_that_the_plan_does() {
    let rule = CreditRule {
        allocation: 100,
        allocation_per_seat: 10,
        rollover: Rollover::Cap(50),
        rollover_periods: Some(3),
        renewal: Renewal::Days(30),
        midway: Midway::Prorated,
        alerts_percent: vec![80, 100],
    };
    let grace = Enforcement::Grace(Span::days(7));
    let storage = StorageRule { quota_bytes: Some(1_000), enforcement: grace, alerts_percent: vec![90] };
    let plan = PlanDef::new("p", 0).seats(SeatRule::PerSeat(1)).credits(rule).storage(storage);
    let plan = plan.limit(LimitDef::new("members", 9)).limit(LimitDef::new("channels", 5).per(Per::Workspace));
    let plan =
        plan.limit(LimitDef::new("channels", 8)).limit(LimitDef::new("assets", 7).enforcement(Enforcement::Soft));
    let mut org = created(selling([plan]), "p", 4);
    let meter = |word: &str, per, max, enforcement, alerts: &[u8]| MeterRule {
        meter: label(word),
        per,
        max: Units::new(max),
        enforcement,
        alerts_percent: alerts.to_vec(),
    };
    let expected = Allowance {
        renewal: Renewal::Days(30),
        anchor: NOW,
        allocation: Credits::new(140),
        rollover: Rollover::Cap(50),
        rollover_periods: Some(3),
        midway: Midway::Prorated,
        alerts_percent: vec![80, 100],
        meters: vec![
            meter("storage", Per::Organization, 1_000, grace, &[90]),
            meter("channels", Per::Workspace, 5, Enforcement::Hard, &[]),
            meter("channels", Per::Organization, 8, Enforcement::Hard, &[]),
            meter("assets", Per::Organization, 7, Enforcement::Soft, &[]),
        ],
    };
    assert_eq!(org.allowance(NOW), Some((expected.clone(), None)));
    let long_after = NOW.plus(Span::days(400));
    assert_eq!(org.allowance(long_after), Some((expected.clone(), None)), "the anchor stays");
    let later = Facts::at(NOW.plus(Span::days(5)));
    let archive = ChangeStatus { status: Status::Archived }.into();
    let outcome = org.handle(&archive, &later.by(Actor::System)).unwrap();
    outcome.records.iter().for_each(|record| org.apply(record));
    assert_eq!(org.allowance(later.now), Some((expected, None)), "the plan is what it is, and periods go on");
    let delete = DeleteOrganization { disposition: bailiwick::Disposition::Delete, owns_recipient: false };
    run(&mut org, Actor::System, delete);
    assert_eq!(org.allowance(NOW), None);
    run(&mut org, Actor::System, RestoreOrganization {});
    assert!(org.allowance(NOW).is_some());
}

/// S1-84, S1-86: purchased seats count and not those in use; what is scheduled is told beforehand, with its instant.
#[test]
fn what_is_scheduled_is_told_with_its_instant() {
    let per_seat = |amount| CreditRule { allocation_per_seat: amount, ..CreditRule::default() };
    let plan = |key: &str, rank, amount| PlanDef::new(key, rank).seats(SeatRule::PerSeat(1)).credits(per_seat(amount));
    let mut org = created(selling([plan("small", 0, 10), plan("big", 1, 100)]), "big", 5);
    let allocation = |found: Option<(Allowance, Option<(Allowance, Timestamp)>)>| {
        let (now, next) = found.unwrap();
        (now.allocation.as_u64(), next.map(|(next, from)| (next.allocation.as_u64(), from)))
    };
    assert_eq!(allocation(org.allowance(NOW)), (500, None));
    let end = NOW.plus(Span::days(10));
    run(&mut org, Actor::System, ChangePlan { plan: "small".into(), seats: Seats::new(3), at: Some(end) });
    assert_eq!(allocation(org.allowance(NOW)), (500, Some((30, end))));
    let just_before = Timestamp::from_millis(end.as_millis() - 1);
    assert_eq!(allocation(org.allowance(just_before)), (500, Some((30, end))));
    assert_eq!(allocation(org.allowance(end)), (30, None), "from its very instant on");
}

/// A sum that no ledger counts with is cut at the bound, and does not wrap.
#[test]
fn an_allocation_is_bounded() {
    let rule = CreditRule { allocation: 5, allocation_per_seat: ALLOCATION_MAX / 10, ..CreditRule::default() };
    let plan = || PlanDef::new("p", 0).seats(SeatRule::PerSeat(1)).credits(rule.clone());
    for (seats, expected) in [
        (9, ALLOCATION_MAX / 10 * 9 + 5),
        (10, ALLOCATION_MAX),
        (184_467_440_738, ALLOCATION_MAX),
        (u64::MAX, ALLOCATION_MAX),
    ] {
        let (allowance, _) = created(selling([plan()]), "p", seats).allowance(NOW).unwrap();
        assert_eq!(allowance.allocation.as_u64(), expected, "{seats} seats");
    }
}
