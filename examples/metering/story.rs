//! What happens: April, so that there is a bank, and then May, day by day.

use std::error::Error;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::change::{ChangePlan, ChangeStatus, CreateOrganization, SetOwnKey, SignUp, SwitchCredits};
use bailiwick::ledger::{
    self, Above, Add, Class, Clear, Credits, DropLimit, Grant, Over, RaiseLimit, Refund, Release, Request, Scope,
    SetAlerts, SetLimit, Settle, Spot, Units,
};
use bailiwick::{Actor, Label, Name, Seats, Status, TenantsError, Timestamp};

use crate::Told;
use crate::everyday::{bells, later, upload};
use crate::page::{Page, at, bytes, day, full_day, number, time};
use crate::studio::{Job, Person, Project, Studio, label, of};
use crate::wording::{bank_of, code, declined, plan, prompt, refused, sum};
use Person::{Juno, Mika, Nora, Vera};
use Project::{Lighthouse, Orbit};

const GB: u64 = 1_000_000_000;
const MB: u64 = 1_000_000;

pub fn tell(studio: &mut Studio, page: &mut Page) -> Told {
    page.heading("April: a studio opens");
    april(studio, page)?;
    page.heading("1 to 9 May: what there is, and what work costs");
    what_there_is(studio, page)?;
    what_work_costs(studio, page)?;
    page.heading("10 to 16 May: work that comes to nothing, people who may not");
    nothing_came_of_it(studio, page)?;
    who_may_not(studio, page)?;
    page.heading("17 to 23 May: money back, a limit, a full disk");
    money_back(studio, page)?;
    a_limit(studio, page)?;
    a_full_disk(studio, page)?;
    page.heading("24 to 31 May: a smaller plan, a rest, a tidy end");
    a_smaller_plan(studio, page)?;
    a_rest(studio, page)?;
    a_tidy_end(studio, page)
}

fn april(studio: &mut Studio, page: &mut Page) -> Told {
    let now = at(4, 1, 0, 0);
    let sign_up = SignUp { name: Name::new("Nora")?, workspace: Orbit.id() };
    let asked = refused(studio.tenants.sign_up(studio.home, sign_up.clone(), &Facts::at(now).by(Nora.actor())))?;
    let provider = studio.catalog().provider("linkedin").ok_or("the preset has it")?;
    studio.tenants.sign_up(studio.home, sign_up, &Facts::at(now).through(provider).by(Nora.actor()))?;
    let own = studio.tenants.read(studio.home, |home| home.profile().map(|profile| profile.name.to_string()))?;
    let own = own.flatten().unwrap_or_default();
    page.told(now, &format!("Nora signs up ({}: {asked}) and has “{own}”.", code(&asked)));

    let (name, first) = (Name::new("Nebula Film")?, "studio".into());
    let create = CreateOrganization { name, plan: first, seats: Seats::new(0), owned: 0, workspace: Orbit.id() };
    studio.tenants.create(studio.nebula, create, &Facts::at(now).by(Nora.actor()))?;
    studio.welcome(now, Mika, "creator")?;
    studio.welcome(now, Juno, "creator")?;
    studio.welcome(now, Vera, "viewer")?;
    studio.project(now, Nora, Orbit)?;
    studio.project(now, Mika, Lighthouse)?;
    let balance = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.balance(now))?;
    let quota = studio.tenants.read_ledger(studio.nebula, now, |l| l.meter(Label::STORAGE, None, now).max)?;
    let until = balance.period.and_then(|(_, end)| end).ok_or("a month ends")?;
    page.also(&format!(
        "For the company she creates Nebula Film on the plan {}: {} credits a month, the first until {}, and {} of storage. \
         Mika and Juno create, Vera looks on. The projects are Orbit and Lighthouse.",
        plan(studio, "studio")?.display_title(),
        number(balance.spendable),
        full_day(until),
        bytes(quota.ok_or("the plan has a quota")?),
    ));

    for (project, kind, amount) in [
        (Orbit, "video", 264_800 * MB),
        (Lighthouse, "video", 81_500 * MB),
        (Orbit, "script", 38 * MB),
        (Lighthouse, "script", 9 * MB),
    ] {
        let (meter, spot) = (Label::STORAGE, project.spot(kind));
        studio.order(at(4, 2, 9, 0), Add { meter, spot, amount: Units::new(amount) })?;
    }
    let end = later(studio, page, at(4, 30, 23, 59))?;
    let entries = studio.tenants.entries(studio.nebula, bailiwick::Version::ZERO)?;
    let jobs = entries.iter().filter(|entry| matches!(entry.order.request, Request::Charge(_))).count();
    let left = studio.left(end)?;
    let spent =
        studio.tenants.read_ledger(studio.nebula, end, |ledger| ledger.used(&Scope::EVERYTHING, end).charged)?;
    page.told(
        end,
        &format!(
            "April ends: {} credits spent in {jobs} jobs, {} left, {} stored.",
            number(spent),
            number(left),
            bytes(studio.stored(end, Spot::EVERYTHING)?),
        ),
    );
    Ok(())
}

fn what_there_is(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 1, 0, 0))?;
    let balance = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.balance(now))?;
    page.told(
        now,
        &format!(
            "A month begins: {} credits of the plan, and {} that April left in the bank, which holds {}. Together {}.",
            number(balance.allocation),
            number(balance.bank),
            bank_of(plan(studio, "studio")?),
            number(balance.spendable),
        ),
    );

    let now = later(studio, page, at(5, 3, 9, 0))?;
    let (low, scope, max) = (Credits::new(15_000), of(Mika), Credits::new(12_000));
    studio.limits(now, Nora, SetAlerts { credits_left: vec![low] })?;
    studio.limits(now, Nora, SetLimit { scope, over: Over::Period, max })?;
    let no = refused(studio.limits(now, Mika, DropLimit { scope, over: Over::Period }))?;
    page.told(
        now,
        &format!(
            "Nora asks to be told when {} credits are left, and limits Mika to {} a month. Mika may not drop that ({}).",
            number(low),
            number(max),
            code(&no),
        ),
    );
    let (expires, amount) = (at(5, 17, 0, 0), Credits::new(5_000));
    let images = Scope { class: Some(label("image")), ..Scope::EVERYTHING };
    studio.order(now, grant(Class::Promotional, amount, images, Some(expires)))?;
    page.also(&format!("A promotion: {} credits, for images only, until {}.", number(amount), full_day(expires)));
    Ok(())
}

fn what_work_costs(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 4, 10, 0))?;
    let shot = Job::new(Mika, Orbit, "video");
    let hold = studio.hold(now, shot, 1_800, Above::Refuse)?;
    let (held, until) = open_hold(studio, hold, now)?;
    let receipt = studio.order(at(5, 4, 10, 40), Settle { hold, amount: Credits::new(1_460) })?;
    page.told(
        now,
        &format!(
            "Mika renders a shot: {} credits are held until {}. It cost less: {} come back.",
            number(held),
            time(until),
            number(sum(&receipt.returned)),
        ),
    );

    let now = later(studio, page, at(5, 5, 10, 0))?;
    let hold = studio.hold(now, Job::new(Juno, Lighthouse, "video"), 900, Above::Available)?;
    let (held, _) = open_hold(studio, hold, now)?;
    let receipt = studio.order(at(5, 5, 11, 0), Settle { hold, amount: Credits::new(1_150) })?;
    page.told(
        now,
        &format!(
            "Juno’s shot costs more than the {} that are held for it. The job said `available`: {} more are taken.",
            number(held),
            number(sum(&receipt.beyond)),
        ),
    );

    let now = later(studio, page, at(5, 6, 10, 0))?;
    let (issue, hold) = (studio.issue(now), studio.hold_id());
    let first = studio.charge_as(issue, hold, now, shot, 640)?;
    let (again_at, left) = (at(5, 6, 10, 1), studio.left(now)?);
    let again = studio.charge_as(issue, hold, again_at, shot, 640)?;
    let after = studio.left(again_at)?;
    if first != again || left != after {
        return Err("the same key was answered with another receipt, or spent again".into());
    }
    page.told(
        now,
        &format!(
            "The network swallows the answer to a charge of {}, so the client sends it again under its key: the same receipt \
             (lot {}), and nothing more is taken: {} left before the repetition, {} after.",
            number(sum(&again.draws)),
            again.draws.first().ok_or("something was taken")?.lot,
            number(left),
            number(after),
        ),
    );

    let now = later(studio, page, at(5, 7, 10, 0))?;
    // No role of the preset may do that, so the platform does it for them.
    let own_key = SetOwnKey { class: label("llm"), on: true };
    studio.tenants.handle(studio.nebula, own_key, &Facts::at(now).by(Actor::System))?;
    let before = studio.left(now)?;
    studio.charge(now, Job::new(Juno, Orbit, "llm"), 3_200)?;
    let used = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.used(&of(Juno), now))?;
    let after = studio.left(now)?;
    page.told(
        now,
        &format!(
            "Nebula brings its own key for `llm`. A script of Juno’s is metered ({} credits’ worth) and not charged: {} are \
             left before, {} after.",
            number(used.uncharged),
            number(before),
            number(after),
        ),
    );
    Ok(())
}

fn nothing_came_of_it(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 10, 10, 0))?;
    let hold = studio.hold(now, Job::new(Mika, Lighthouse, "video"), 1_200, Above::Refuse)?;
    let receipt = studio.order(at(5, 10, 10, 20), Release { hold })?;
    page.told(
        now,
        &format!(
            "The director has another idea. The job is called off, and all {} come back.",
            number(sum(&receipt.returned))
        ),
    );

    let now = later(studio, page, at(5, 11, 10, 0))?;
    let hold = studio.hold(now, Job::new(Juno, Lighthouse, "video"), 2_000, Above::Refuse)?;
    let (_, until) = open_hold(studio, hold, now)?;
    let just_before = Timestamp::from_millis(until.as_millis() - 1);
    let (held, over) = (studio.left(just_before)?, studio.left(until)?);
    page.told(
        now,
        &format!(
            "A worker crashes and never reports. At {} its hold is over by itself, to the millisecond and without a sweeper: \
             {} were left, and now {} are.",
            time(until),
            number(held),
            number(over),
        ),
    );

    let now = later(studio, page, at(5, 12, 10, 0))?;
    let receipt = studio.order(now, grant(Class::Purchased, Credits::new(10_000), Scope::EVERYTHING, None))?;
    page.told(
        now,
        &format!(
            "Nora buys {} more, which never end. {} are left.",
            number(sum(&receipt.draws)),
            number(studio.left(now)?)
        ),
    );
    Ok(())
}

fn who_may_not(studio: &mut Studio, page: &mut Page) -> Told {
    upload(studio, page, at(5, 13, 10, 0), (Orbit, "video"), 60 * GB, 58_400 * MB)?;

    let now = later(studio, page, at(5, 14, 10, 0))?;
    let no = refused(studio.charge(now, Job::new(Vera, Orbit, "video"), 300))?;
    page.told(now, &format!("Vera, who looks on, presses “Generate”: {no} ({}).", code(&no)));
    studio.command(now, Nora, SwitchCredits { user: Juno.id(), on: Some(false) })?;
    let no = refused(studio.charge(now, Job::new(Juno, Lighthouse, "video"), 300))?;
    page.also(&format!("Juno is on set until Tuesday, and Nora switches her credits off: {no} ({}).", code(&no)));
    Ok(())
}

fn money_back(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 17, 0, 0))?;
    let was = expired(studio, at(5, 16, 23, 59))?;
    let is = expired(studio, now)?;
    page.told(now, &format!("The promotion ends. {} of its credits were not used and expire.", number(is - was)));

    let now = later(studio, page, at(5, 18, 9, 0))?;
    studio.command(now, Nora, SwitchCredits { user: Juno.id(), on: None })?;
    let spend = studio.charge(now, Job::new(Juno, Lighthouse, "video"), 720)?;
    let now = later(studio, page, at(5, 19, 10, 0))?;
    let receipt = studio.order(now, Refund { spend, amount: None, scope: None })?;
    let twice = refused(studio.order(now, Refund { spend, amount: Some(Credits::new(1)), scope: None }))?;
    page.told(
        now,
        &format!(
            "Juno is back, and her first shot came out broken: {} are refunded to lot {}, which they came from. Asked for one \
             more: {twice} ({}).",
            number(sum(&receipt.returned)),
            receipt.returned.first().ok_or("something is returned")?.lot,
            code(&twice),
        ),
    );
    Ok(())
}

fn a_limit(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 20, 10, 0))?;
    let trailer = Job::new(Mika, Orbit, "video");
    let no = refused(studio.charge(now, trailer, 2_600))?;
    let ledger::Refusal::Limit { max, used, needed, .. } = declined(&no)? else {
        return Err(format!("it should have been the limit: {no}").into());
    };
    page.told(
        now,
        &format!(
            "Mika’s trailer needs {}. Refused ({}): {} of the {} that Mika may spend this month are used.",
            number(needed),
            code(&no),
            number(used),
            number(max),
        ),
    );
    let (scope, by) = (of(Mika), Credits::new(6_000));
    studio.limits(now, Nora, RaiseLimit { scope, over: Over::Period, by, periods: 1 })?;
    studio.charge(at(5, 20, 11, 0), trailer, 2_600)?;
    let limit = studio
        .tenants
        .read_ledger(studio.nebula, now, |ledger| ledger.limit(&scope, Over::Period, now))?
        .ok_or("Mika has a limit")?;
    page.also(&format!(
        "Nora raises it by {} for this month alone, and the trailer is made: {} of {}.",
        number(by),
        number(limit.spent),
        number(limit.max),
    ));
    Ok(())
}

fn a_full_disk(studio: &mut Studio, page: &mut Page) -> Told {
    upload(studio, page, at(5, 21, 10, 0), (Lighthouse, "video"), 55 * GB, 52_300 * MB)?;
    let receipt = upload(studio, page, at(5, 22, 10, 0), (Orbit, "video"), 50 * GB, 48_600 * MB)?;
    let over = receipt.over.first().ok_or("it should have been over")?;
    page.also(&format!(
        "With the room that was kept that is {} of {}. The plan is soft about it: nothing is refused, and the answer says \
         so. {}",
        bytes(over.used),
        bytes(over.max),
        prompt(studio, over),
    ));
    let script = upload(studio, page, at(5, 22, 11, 0), (Orbit, "script"), 20 * MB, 12 * MB)?;
    if script.over.is_empty() {
        return Err("still over, and it was not said".into());
    }

    let now = later(studio, page, at(5, 22, 12, 0))?;
    let issue = studio.issue(now);
    let add = Add { meter: Label::STORAGE, spot: Orbit.spot("video"), amount: Units::new(6_200 * MB) };
    let receipt = studio.tenants.order(studio.home, issue, add, Nora.actor(), now)?;
    let over = receipt.over.first().ok_or("it should have been over")?;
    page.also(&format!(
        "Nora’s own projects are too big for their plan, too: {} of {}. {}",
        bytes(over.used),
        bytes(over.max),
        prompt(studio, over),
    ));
    Ok(())
}

fn a_smaller_plan(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 24, 10, 0))?;
    let change = ChangePlan { plan: "creator".into(), seats: Seats::new(0), at: None };
    let context = Facts::at(now).authenticated(now);
    let preview = studio.tenants.preview_accounts(studio.nebula, change, &context.by(Nora.actor()))?;
    let over = preview.exceeds.first().ok_or("it should not fit")?;
    let allocated = preview.allocated.map_or_else(|| "nothing".to_owned(), |allocated| number(allocated.amount));
    let (smaller, present) = (plan(studio, "creator")?, plan(studio, "studio")?);
    page.told(
        now,
        &format!(
            "Would {} do? The preview: {} stored where {} are meant to be ({} too many: they would stay, and warn); {allocated} \
             allocated at once, {} instead of {} a month, and a bank that holds {} instead of {}. Nora thinks about it.",
            smaller.display_title(),
            bytes(over.used),
            bytes(over.max),
            bytes(over.used.beyond(over.max)),
            number(smaller.credits.allocation),
            number(present.credits.allocation),
            bank_of(smaller),
            bank_of(present),
        ),
    );
    Ok(())
}

fn a_rest(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 25, 10, 0))?;
    let archive = ChangePlan { plan: "archive".into(), seats: Seats::new(0), at: None };
    studio.command(now, Nora, archive)?;
    studio.command(now, Nora, ChangeStatus { status: Status::Archived })?;
    page.told(
        now,
        "The money for Orbit is late, so Nora archives the studio. Everything can be looked at, and has a date:",
    );
    let dates = studio.tenants.read(studio.nebula, |nebula| nebula.retention())?.unwrap_or_default();
    let far = at(12, 31, 0, 0);
    let due = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.due(Label::STORAGE, &dates, far))?;
    for content in &due {
        let project = Project::ALL.into_iter().find(|project| Some(project.id()) == content.spot.workspace);
        let (project, kind) = (project.ok_or("a project")?, content.spot.kind.ok_or("a kind")?);
        page.also(&format!(
            "· {project:?}, {kind}: {} to be deleted on {}",
            bytes(content.units),
            full_day(content.due)
        ));
    }
    let all = studio.stored(now, Spot::EVERYTHING)?;
    let kept = due.iter().fold(all, |kept, content| kept.beyond(content.units));
    page.also(&format!("· everything else ({}, the scripts) is kept for ever", bytes(kept)));
    let no = refused(studio.charge(now, Job::new(Mika, Orbit, "video"), 100))?;
    page.also(&format!("Mika wants to finish one frame: {no} ({}).", code(&no)));

    let now = later(studio, page, at(5, 27, 10, 0))?;
    let studio_plan = ChangePlan { plan: "studio".into(), seats: Seats::new(0), at: None };
    studio.command(now, Nora, studio_plan)?;
    studio.command(now, Nora, ChangeStatus { status: Status::Active })?;
    let dates = studio.tenants.read(studio.nebula, |nebula| nebula.retention())?.unwrap_or_default();
    let later = due.iter().map(|content| content.due).max().unwrap_or(now);
    let due = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.due(Label::STORAGE, &dates, later))?;
    page.told(
        now,
        &format!(
            "The money is there, the studio is back: {} of its contents are due on {}. Going and coming back brought no second \
             allocation: {} are left.",
            if due.is_empty() { "none".to_owned() } else { due.len().to_string() },
            full_day(later),
            number(studio.left(now)?),
        ),
    );
    Ok(())
}

fn a_tidy_end(studio: &mut Studio, page: &mut Page) -> Told {
    let now = later(studio, page, at(5, 28, 10, 0))?;
    let (meter, spot) = (Label::STORAGE, Lighthouse.spot("video"));
    let delete = studio.catalog().permission("media.delete_all_project").ok_or("the preset has it")?;
    let [asked, again] = studio.may(now, Nora, delete, Target::Workspace(Lighthouse.id()))?;
    let Decision::StepUp(need) = asked else { return Err("deleting everything asks for a password".into()) };
    if again != Decision::Allow {
        return Err("Nora may delete everything".into());
    }
    let receipt = studio.order(now, Clear { meter, spot })?;
    page.told(
        now,
        &format!(
            "Lighthouse is delivered. “Delete all videos” tells Nora: {need}. Then {} are gone, and {} stay.",
            bytes(receipt.units),
            bytes(studio.stored(now, Spot::EVERYTHING)?),
        ),
    );
    let now = later(studio, page, at(5, 31, 23, 0))?;
    let hold = studio.hold(now, Job::new(Mika, Orbit, "video"), 1_500, Above::Refuse)?;
    let (held, until) = open_hold(studio, hold, now)?;
    page.told(
        now,
        &format!(
            "Mika starts a long render before midnight: {} are held until {} on {}.",
            number(held),
            time(until),
            day(until)
        ),
    );
    bells(studio, page)
}

fn grant(class: Class, amount: Credits, scope: Scope, expires: Option<Timestamp>) -> Grant {
    Grant { class, amount, scope, priority: 0, effective: None, expires }
}

fn open_hold(studio: &Studio, hold: bailiwick::HoldId, now: Timestamp) -> Result<(Credits, Timestamp), Box<dyn Error>> {
    let open = studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.hold(hold, now))?;
    Ok(open.ok_or("the hold is open")?)
}

fn expired(studio: &Studio, now: Timestamp) -> Result<u128, TenantsError> {
    studio.tenants.read_ledger(studio.nebula, now, |ledger| ledger.balance(now).columns.expired)
}
