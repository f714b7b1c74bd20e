//! Two processes on one store that breaks: each command is carried out once or not at all, and whoever gave it is told rightly.
//!
//! What is in the store decides. After every step its new records and entries are given to the models, in their order: the models have to
//! accept each, and a refusal has to be theirs. What somebody was told is compared with what is there, then and at the end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::access::Resource;
use bailiwick::catalog::Catalog;
use bailiwick::change::{Command, Context, DeleteOrganization};
use bailiwick::ledger::{Above, Tick};
use bailiwick::ledger::{
    Add, Charge, Class, Credits, Entry, Grant, Hold, Ledger, Receipt, Release, Remove, Request, Scope, Settle, Spender,
    Spot, Timeout, Units,
};
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::store::{MemoryStore, Store, StoreError};
use bailiwick::{
    Actor, CommandId, Disposition, HoldId, Issue, Keeping, Label, OrgId, Organization, ResourceId, ShareId, Span,
    Tenants, TenantsError, Timestamp, Version,
};

use super::faulty::{Counts, Fault, FaultyStore, Plan, UnderWay, note};
use super::lives::{self, Life, Step};
use super::model::Model;
use super::simulator::Dice;

type Process = Arc<Tenants<Arc<FaultyStore>>>;
type Found<T = ()> = Result<T, String>;

/// What somebody was told of something that has an id, over all the times that they gave it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Told {
    /// It is carried out.
    Done,
    /// It is not, and will not be.
    NotDone,
    /// Nobody knows.
    Unknown,
}

/// What the store has of a thing, and what was said of it.
#[derive(Clone, Debug, Default)]
struct Fate {
    told: Option<Told>,
    times: u64,
}

impl Fate {
    /// After doubt, only a "done" says something.
    fn tell(&mut self, told: Told) {
        if self.told != Some(Told::Done) && (self.told != Some(Told::Unknown) || told == Told::Done) {
            self.told = Some(told);
        }
    }

    fn is_so(&self) -> bool {
        match self.told {
            Some(Told::Done) => self.times == 1,
            Some(Told::NotDone) => self.times == 0,
            Some(Told::Unknown) | None => self.times <= 1,
        }
    }
}

/// What was carried out, as the models have it.
#[derive(Default)]
struct Seen {
    models: Vec<Model>,
    records: Vec<Version>,
    entries: Vec<Version>,
    steps: BTreeMap<CommandId, Step>,
    commands: BTreeMap<CommandId, Fate>,
    orders: BTreeMap<CommandId, Fate>,
    shares: BTreeMap<ShareId, (OrgId, ResourceId, Fate)>,
    /// Of what was done by somebody else in between.
    found: Option<String>,
}

struct World {
    catalog: Arc<Catalog>,
    behind: Arc<MemoryStore>,
    under_way: Arc<UnderWay>,
    processes: [Process; 2],
    impatient: Process,
    seen: Mutex<Seen>,
    counts: Counts,
}

/// A life lived with faults: what goes wrong, if anything does.
pub(crate) fn shaken(seed: u64, steps: usize, counts: &Counts) -> Found {
    let life = Life::of_seed(seed, steps);
    let world = Arc::new(World::new(&life.catalog, counts));
    let mut dice = Dice::new(seed ^ 0x5eed);
    let mut steps = life.steps.into_iter().enumerate().peekable();
    while let Some((n, step)) = steps.next() {
        let (process, id) = (dice.below(2) as usize, (!dice.percent(20)).then(|| command(n as u64 + 1)));
        let step = jumped(&mut dice, tame(step), counts);
        let mut plan = plan(&mut dice, id.is_some());
        if dice.percent(15) {
            if let Some((other, between)) = steps.next() {
                plan.between = Some(world.between(1 - process, tame(between), command(other as u64 + 1)));
            }
        }
        let text = |found: String| format!("step {n}, {} of {:?}: {found}", step.command.name(), step.actor);
        world.carry_out(process, &step, id, plan).map_err(text)?;
        let mut again = 0;
        while again < 3 && dice.percent(60) && id.is_some_and(|id| world.is_open(id)) {
            let plan = if dice.percent(40) { self::plan(&mut dice, true) } else { Plan::default() };
            world.carry_out(dice.below(2) as usize, &step, id, plan).map_err(text)?;
            again += 1;
        }
        if dice.percent(40) {
            world.repeat(&mut dice, n as u64).map_err(text)?;
        }
        if dice.percent(40) {
            world.order(&mut dice, n as u64, step.now).map_err(text)?;
        }
        if dice.percent(10) {
            world.share(&mut dice, n as u64, step.now).map_err(text)?;
        }
        if dice.percent(15) {
            world.follow(&mut dice);
        }
        if dice.percent(30) {
            world.under_way.land(&world.behind, counts);
            world.absorb(None).map_err(text)?;
        }
        if dice.percent(5) {
            world.is_refused_what_is_old().map_err(text)?;
        }
    }
    world.end(lives::BIRTH.plus(Span::days(4_000)))
}

fn command(n: u64) -> CommandId {
    CommandId::from_u64(n).expect("counted from one")
}

/// A clock that has gone wrong for a moment.
fn jumped(dice: &mut Dice, step: Step, counts: &Counts) -> Step {
    let span = Span::millis(dice.below(40 * 86_400_000));
    if matches!(step.command, Command::SignUp(_) | Command::CreateOrganization(_)) {
        return step; // periods are counted from there
    }
    match dice.below(20) {
        0 => {
            note(counts, "clock jumps forwards");
            Step { now: step.now.plus(span), ..step }
        }
        1 => {
            note(counts, "clock jumps backwards");
            Step { now: Timestamp::from_millis(step.now.as_millis().saturating_sub(span.as_millis())), ..step }
        }
        _ => step,
    }
}

/// Who takes over after a deletion is looked up elsewhere: here nobody does.
fn tame(step: Step) -> Step {
    match step.command {
        Command::DeleteOrganization(delete) => {
            let disposition = match delete.disposition {
                Disposition::TransferTo(_) => Disposition::Delete,
                other => other,
            };
            let delete = DeleteOrganization { disposition, owns_recipient: false };
            Step { command: delete.into(), ..step }
        }
        Command::CreateOrganization(mut create) => {
            create.owned = 0;
            Step { command: create.into(), ..step }
        }
        command => Step { command, ..step },
    }
}

/// What happens to the next calls. Only what has an id may arrive when nobody waits for it any more.
fn plan(dice: &mut Dice, has_id: bool) -> Plan {
    let mut plan = Plan::default();
    if dice.percent(45) {
        return plan;
    }
    for _ in 0..1 + dice.below(5) {
        plan.appends.push_back(match dice.below(8) {
            0 | 1 => Some(Fault::LostAnswer),
            2 => Some(Fault::LostOnTheWay),
            3 => Some(Fault::Refused),
            4 if has_id => Some(Fault::LandsLater),
            5 => Some(Fault::DiskFull),
            _ => None,
        });
    }
    if dice.percent(40) {
        plan.reads.extend((0..6).map(|_| dice.percent(25)));
    }
    plan
}

impl World {
    fn new(catalog: &Arc<Catalog>, counts: &Counts) -> Self {
        let (behind, under_way) = (Arc::new(MemoryStore::new()), Arc::new(UnderWay::default()));
        let process = || {
            let (behind, under_way, counts) = (Arc::clone(&behind), Arc::clone(&under_way), Arc::clone(counts));
            let store = FaultyStore { behind, under_way, plan: Mutex::default(), counts };
            Tenants::new(Arc::clone(catalog), Arc::new(store))
        };
        let ids: Vec<OrgId> = lives::organizations(catalog).iter().map(Organization::id).collect();
        let processes = [Arc::new(process()), Arc::new(process())];
        let impatient = process().keeping(Keeping { age_max: Some(Duration::ZERO), ..Keeping::default() });
        let seen = Seen {
            models: ids.iter().map(|id| Model::new(*id, Arc::clone(catalog))).collect(),
            records: vec![Version::ZERO; ids.len()],
            entries: vec![Version::ZERO; ids.len()],
            ..Seen::default()
        };
        let (catalog, counts) = (Arc::clone(catalog), Arc::clone(counts));
        Self { catalog, behind, under_way, processes, impatient: Arc::new(impatient), seen: Mutex::new(seen), counts }
    }

    fn id(&self, at: usize) -> OrgId {
        OrgId::from_u64(at as u64 + 1).expect("counted from one")
    }

    /// Whether nobody has been told that it is done.
    fn is_open(&self, id: CommandId) -> bool {
        let seen = self.seen.lock().unwrap();
        !matches!(seen.commands.get(&id), Some(Fate { told: Some(Told::Done), .. }))
    }

    /// What somebody else does while a command of the other process is on its way.
    fn between(self: &Arc<Self>, process: usize, step: Step, id: CommandId) -> Box<dyn FnOnce() + Send> {
        let world = Arc::clone(self);
        Box::new(move || {
            let found = world.carry_out(process, &step, Some(id), Plan::default());
            let mut seen = world.seen.lock().unwrap();
            let told = |found| format!("in between, {}: {found}", step.command.name());
            seen.found = seen.found.take().or(found.err().map(told));
        })
    }

    /// A command, given to a process; what comes of it, and what is said of it. Answers with the code of a refusal.
    fn carry_out(&self, process: usize, step: &Step, id: Option<CommandId>, plan: Plan) -> Found<Option<&'static str>> {
        let (tenants, organization) = (&self.processes[process], self.id(step.organization));
        if let Some(id) = id {
            self.seen.lock().unwrap().steps.insert(id, step.clone());
        }
        *tenants.store().plan.lock().unwrap() = plan;
        let context = Context { command: id, ..step.context() };
        let answer = match &step.command {
            Command::SignUp(sign_up) => tenants.sign_up(organization, sign_up.clone(), &context).map(|_| None),
            Command::CreateOrganization(create) => tenants.create(organization, create.clone(), &context).map(|_| None),
            other => tenants.handle(organization, other.clone(), &context).map(|outcome| Some(outcome.records)),
        };
        *tenants.store().plan.lock().unwrap() = Plan::default();
        let unnamed = self.absorb(id.is_none().then_some(step))?;
        if let Some(found) = self.seen.lock().unwrap().found.take() {
            return Err(found);
        }
        let makes = matches!(step.command, Command::SignUp(_) | Command::CreateOrganization(_)); // where nothing is kept yet
        if matches!(answer, Err(TenantsError::Store(StoreError::Unknown(_)))) && !makes {
            self.is_newest(tenants, organization)?;
        }
        self.is_nothing_more(tenants, organization)?;
        let code = answer.as_ref().err().and_then(TenantsError::code);
        self.is_told_rightly(step, id, unnamed, answer)?;
        Ok(code)
    }

    /// A command of not long ago comes once more, somewhere: what was carried out is answered as it was, and not carried out again.
    fn repeat(&self, dice: &mut Dice, n: u64) -> Found {
        let id = command(1 + n.saturating_sub(dice.below(8)));
        let (step, fate) = {
            let seen = self.seen.lock().unwrap();
            (seen.steps.get(&id).cloned(), seen.commands.get(&id).cloned().unwrap_or_default())
        };
        let Some(step) = step.filter(|_| fate.told == Some(Told::Done)) else { return Ok(()) };
        let process = dice.below(2) as usize;
        let plan = if dice.percent(30) { plan(dice, true) } else { Plan::default() };
        let answer = self.carry_out(process, &step, Some(id), plan)?;
        let seen = self.seen.lock().unwrap();
        note(&self.counts, "repeated");
        match answer {
            Some(code) if !matches!(step.command, Command::SignUp(_)) => Err(format!(
                "carried out before, and refused with `{code}` when it was repeated: {:?}",
                seen.commands.get(&id)
            )),
            _ => Ok(()),
        }
    }

    /// Whether the answer to a command is right, as far as it can be known by now.
    fn is_told_rightly(
        &self,
        step: &Step,
        id: Option<CommandId>,
        unnamed: u64,
        answer: Result<Option<Vec<bailiwick::change::Record>>, TenantsError>,
    ) -> Found {
        let mut seen = self.seen.lock().unwrap();
        let mut fate = match id {
            Some(id) => seen.commands.entry(id).or_default().clone(),
            None => Fate { told: None, times: unnamed },
        };
        let told = match &answer {
            // Whoever has signed up is told so again, whatever the command.
            Ok(None) if matches!(step.command, Command::SignUp(_)) && fate.times == 0 => Told::NotDone,
            Ok(records) => {
                if let Some(records) = records.as_ref().filter(|records| !records.is_empty()) {
                    let before = Version::from_u64(records[0].version.as_u64() - 1);
                    let there = self.behind.records(self.id(step.organization), before, records.len()).unwrap();
                    if there != *records {
                        return Err("answered with other records than there are".into());
                    }
                }
                let is_empty = records.as_ref().is_some_and(Vec::is_empty);
                if is_empty { Told::NotDone } else { Told::Done }
            }
            Err(TenantsError::Refused(refusal)) => {
                if fate.told == Some(Told::Done) {
                    return Ok(()); // told elsewhere
                }
                let meant = seen.models[step.organization].carry_out(&step.command, step.actor, &step.facts());
                let (said, meant) = (refusal.code(), meant.as_ref().map_or_else(|code| *code, |_| "accepted"));
                let is_making = matches!(step.command, Command::SignUp(_) | Command::CreateOrganization(_));
                let either = [("wider_sight", "lacks_permission")].contains(&(said, meant));
                let is_nowhere = said == "not_found" && seen.records[step.organization] == Version::ZERO;
                if said != meant
                    && !either
                    && !is_nowhere
                    && said != "name_taken"
                    && !(is_making && meant != "accepted")
                {
                    return Err(format!("refused with `{said}`, and the model says `{meant}`"));
                }
                Told::NotDone
            }
            Err(TenantsError::Store(StoreError::Unknown(_))) => {
                note(&self.counts, "told: unknown");
                Told::Unknown
            }
            Err(_) => {
                note(&self.counts, "told: not carried out");
                Told::NotDone
            }
        };
        fate.tell(told);
        if let Some(id) = id {
            seen.commands.insert(id, fate.clone());
        }
        if fate.is_so() { Ok(()) } else { Err(format!("told {told:?} ({answer:?}), and in the store: {fate:?}")) }
    }

    /// Gives the models what is new in the store, in its order; says how many commands without an id were among it.
    fn absorb(&self, unnamed: Option<&Step>) -> Found<u64> {
        let mut seen = self.seen.lock().unwrap();
        let mut without_id = 0;
        for at in 0..seen.models.len() {
            let records = self.behind.records(self.id(at), seen.records[at], usize::MAX).unwrap();
            // What has no id comes one command at a time.
            for group in records.chunk_by(|one, next| one.command == next.command) {
                let step = match group[0].command {
                    Some(id) => {
                        seen.commands.entry(id).or_default().times += 1;
                        seen.steps.get(&id).cloned().ok_or("a command that nobody has given")?
                    }
                    None => {
                        without_id += 1;
                        unnamed.cloned().ok_or("a command without an id that nobody has given just now")?
                    }
                };
                if group[0].by != step.actor || step.organization != at {
                    return Err(format!("{group:?} is not of {step:?}"));
                }
                let after = seen.models[at].carry_out(&step.command, step.actor, &step.facts());
                let (after, _) = after.map_err(|code| {
                    format!("`{}` was carried out, and the model says `{code}`", step.command.name())
                })?;
                seen.models[at] = after;
            }
            seen.records[at] = records.last().map_or(seen.records[at], |last| last.version);
            let entries = self.behind.entries(self.id(at), seen.entries[at], usize::MAX).unwrap();
            for entry in &entries {
                seen.orders.entry(entry.order.key).or_default().times += 1;
            }
            seen.entries[at] = entries.last().map_or(seen.entries[at], |last: &Arc<Entry>| last.version);
        }
        Ok(without_id)
    }

    /// What is in doubt is let go: the next question sees what there is.
    fn is_newest(&self, tenants: &Process, organization: OrgId) -> Found {
        let known = tenants.read(organization, Organization::version).map_err(|why| why.to_string())?;
        let there = self.behind.records(organization, Version::ZERO, usize::MAX).unwrap();
        let there = there.last().map(|record| record.version);
        if known == there {
            Ok(())
        } else {
            Err(format!("in doubt, and answered from {known:?} where there is {there:?}"))
        }
    }

    /// Nobody is answered from what is not in the store.
    fn is_nothing_more(&self, tenants: &Process, organization: OrgId) -> Found {
        let Some(known) = tenants.read(organization, Organization::clone).map_err(|why| why.to_string())? else {
            return Ok(());
        };
        let mut replayed = Organization::new(organization, Arc::clone(&self.catalog));
        let records = self.behind.records(organization, Version::ZERO, usize::MAX).unwrap();
        records.iter().filter(|record| record.version <= known.version()).for_each(|record| replayed.apply(record));
        if replayed == known { Ok(()) } else { Err("a process knows what is not in the store".into()) }
    }

    /// An order on a ledger, by whoever, until somebody knows.
    fn order(&self, dice: &mut Dice, n: u64, now: Timestamp) -> Found {
        let organization = self.id(dice.below(2) as usize);
        let issue = Issue { key: command(1_000_000 + n), at: now };
        let request = request(dice, n, now);
        for _ in 0..=dice.below(3) {
            let process = &self.processes[dice.below(2) as usize];
            *process.store().plan.lock().unwrap() = plan(dice, true);
            let answer = process.order(organization, issue, request.clone(), Actor::System, now);
            *process.store().plan.lock().unwrap() = Plan::default();
            self.absorb(None)?;
            self.is_order_told_rightly(issue.key, organization, answer)?;
        }
        Ok(())
    }

    fn is_order_told_rightly(
        &self,
        key: CommandId,
        organization: OrgId,
        answer: Result<Receipt, TenantsError>,
    ) -> Found {
        let mut seen = self.seen.lock().unwrap();
        let entries = self.behind.entries(organization, Version::ZERO, usize::MAX).unwrap();
        let kept = entries.iter().rfind(|entry| entry.order.key == key).map(|entry| &entry.answer);
        let fate = seen.orders.entry(key).or_default();
        match &answer {
            Ok(receipt) => {
                fate.tell(Told::Done);
                if kept.and_then(|kept| kept.as_ref().ok()) != Some(receipt) {
                    return Err(format!("an order was answered with {receipt:?} and is kept as {kept:?}"));
                }
            }
            // Kept or not: it is answered so from then on; where a clock has jumped ahead, what was answered may be too old to be known.
            Err(TenantsError::Declined(refusal)) => {
                if kept.is_some_and(Result::is_ok) && refusal.code() != "too_old" {
                    return Err(format!("an order was declined ({}) and is kept as {kept:?}", refusal.code()));
                }
                fate.tell(Told::Unknown);
            }
            Err(TenantsError::Store(StoreError::Unknown(_))) => fate.tell(Told::Unknown),
            Err(_) => fate.tell(Told::NotDone),
        }
        if fate.is_so() { Ok(()) } else { Err(format!("an order was told {answer:?}, and in the store: {fate:?}")) }
    }

    /// Something is shared, and maybe once more.
    fn share(&self, dice: &mut Dice, n: u64, now: Timestamp) -> Found {
        let organization = self.id(dice.below(2) as usize);
        let (id, share) = (ResourceId::from_u64(1 + dice.below(2)), ShareId::from_u64(1 + n));
        let (id, share) = (id.expect("not zero"), share.expect("not zero"));
        let on = Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] };
        let to = Recipient::User(lives::user(1 + dice.below(lives::USERS)));
        let give = GiveShare { share, to, level: vec!["note.read".into()], until: None };
        let process = &self.processes[dice.below(2) as usize];
        *process.store().plan.lock().unwrap() = plan(dice, true);
        let answer = process.share(organization, &on, give, &bailiwick::access::Facts::at(now).by(Actor::System));
        *process.store().plan.lock().unwrap() = Plan::default();
        self.absorb(None)?;
        let told = match &answer {
            Ok(_) => Told::Done,
            Err(TenantsError::Store(StoreError::Unknown(_))) => Told::Unknown,
            Err(_) => Told::NotDone,
        };
        let times = self.times_given(organization, id, share);
        let fate = Fate { told: Some(told), times };
        self.seen.lock().unwrap().shares.insert(share, (organization, id, fate.clone()));
        note(&self.counts, if answer.is_ok() { "shared" } else { "not shared" });
        if fate.is_so() { Ok(()) } else { Err(format!("sharing was told {answer:?}, and in the store: {fate:?}")) }
    }

    fn times_given(&self, organization: OrgId, resource: ResourceId, share: ShareId) -> u64 {
        let sheets = self.behind.load_sheets(organization, &[resource]).unwrap();
        let records = sheets.iter().flat_map(|(_, records)| records);
        let is_it = |record: &&bailiwick::sharing::ShareRecord| matches!(&record.event, bailiwick::sharing::ShareEvent::Given { share: given, .. } if *given == share);
        records.filter(is_it).count() as u64
    }

    fn follow(&self, dice: &mut Dice) {
        let process = &self.processes[dice.below(2) as usize];
        let lags = dice.percent(40);
        *process.store().plan.lock().unwrap() = Plan { lags, ..Plan::default() };
        process.follow().expect("nothing fails");
        *process.store().plan.lock().unwrap() = Plan::default();
    }

    /// Whoever has not followed for longer than they may is told nothing, and whoever has seen more is not told less.
    fn is_refused_what_is_old(&self) -> Found {
        let organization = self.id(0);
        match self.impatient.read(organization, Organization::version) {
            Err(StoreError::Stale(_)) => note(&self.counts, "stale read refused"),
            Ok(None) => {}
            other => return Err(format!("a stale question was answered {other:?}")),
        }
        let beyond = self.seen.lock().unwrap().records[0].next();
        match self.processes[0].at_least(organization, beyond) {
            Err(StoreError::Retry(_)) => note(&self.counts, "read from behind refused"),
            other => return Err(format!("what nobody has written was read: {other:?}")),
        }
        Ok(())
    }

    /// When everything has settled, all say the same: both processes, one that begins now, the models, and what everybody was told.
    fn end(&self, now: Timestamp) -> Found {
        self.under_way.land(&self.behind, &self.counts);
        self.absorb(None)?;
        let fresh = Tenants::new(Arc::clone(&self.catalog), Arc::clone(&self.behind));
        for process in &self.processes {
            process.follow().map_err(|why| why.to_string())?;
        }
        let count = self.seen.lock().unwrap().models.len();
        for at in 0..count {
            let id = self.id(at);
            let Some(organization) = fresh.read(id, Organization::clone).map_err(|why| why.to_string())? else {
                continue;
            };
            for process in &self.processes {
                let known = process.read(id, Organization::clone).map_err(|why| why.to_string())?;
                if known.is_some_and(|known| known != organization) {
                    return Err("a process that has followed says something else than one that begins".into());
                }
            }
            self.models_agree(at, &organization, now)?;
            self.ledgers_agree(at, &fresh)?;
            let unlike = fresh.verify(id).map_err(|why| why.to_string())?;
            if let Some(first) = unlike.first() {
                return Err(first.to_string());
            }
        }
        let seen = self.seen.lock().unwrap();
        let all = seen.commands.iter().chain(&seen.orders);
        for (id, fate) in all {
            if !fate.is_so() {
                return Err(format!("{id}: {fate:?}"));
            }
        }
        for (share, (organization, resource, fate)) in &seen.shares {
            let fate = Fate { times: self.times_given(*organization, *resource, *share), ..fate.clone() };
            if !fate.is_so() {
                return Err(format!("share {share}: {fate:?}"));
            }
        }
        Ok(())
    }

    fn models_agree(&self, at: usize, organization: &Organization, now: Timestamp) -> Found {
        let seen = self.seen.lock().unwrap();
        let (real, meant) = (Model::of(organization, now).lines(now), seen.models[at].lines(now));
        if real != meant {
            let only = |one: &[String], other: &[String]| -> Vec<String> {
                one.iter().filter(|line| !other.contains(line)).cloned().collect()
            };
            return Err(format!("crate {:#?}, model {:#?}", only(&real, &meant), only(&meant, &real)));
        }
        let latest = seen.steps.values().map(|step| step.now).max().unwrap_or(lives::BIRTH);
        let violations = organization.audit(latest);
        if violations.is_empty() { Ok(()) } else { Err(format!("the audit finds {violations:?}")) }
    }

    fn ledgers_agree(&self, at: usize, fresh: &Tenants<Arc<MemoryStore>>) -> Found {
        let (id, entries) = (self.id(at), self.behind.entries(self.id(at), Version::ZERO, usize::MAX).unwrap());
        let replayed = Ledger::replay(id, fresh.settings(), &entries);
        let now = entries.last().map_or(lives::BIRTH, |last| last.at);
        if !replayed.audit().is_empty() || !replayed.balance(now).columns.is_balanced() {
            return Err(format!("the books do not balance: {:?}", replayed.audit()));
        }
        let lines = |ledger: &Ledger| (ledger.balance(now), ledger.lots(now), ledger.open_holds(now));
        let meant = fresh.read_ledger(id, now, lines).map_err(|why| why.to_string())?;
        let (mut stored, mut spent) = (0, 0);
        for entry in &entries {
            let Ok(receipt) = &entry.answer else { continue };
            match &entry.order.request {
                Request::Charge(_) | Request::Settle(_) => {
                    spent += receipt.draws.iter().map(|draw| u128::from(draw.amount.as_u64())).sum::<u128>();
                }
                Request::Add(add) => stored += add.amount.as_u64(),
                Request::Remove(remove) => stored -= remove.amount.as_u64(),
                _ => {}
            }
        }
        if replayed.balance(now).columns.spent != spent {
            return Err(format!("{spent} credits were spent, and not {}", replayed.balance(now).columns.spent));
        }
        if replayed.stored(Label::STORAGE, &Spot::EVERYTHING).as_u64() != stored {
            return Err("storage is not conserved".into());
        }
        for process in &self.processes {
            if process.read_ledger(id, now, lines).map_err(|why| why.to_string())? != meant {
                return Err("ledgers of processes that have followed are not the same".into());
            }
        }
        Ok(())
    }
}

/// What is ordered: a little of everything that moves something.
fn request(dice: &mut Dice, n: u64, now: Timestamp) -> Request {
    let (hold, other) = (HoldId::from_u64(1 + n), HoldId::from_u64(1 + dice.below(1 + n)));
    let (hold, other) = (hold.expect("not zero"), other.expect("not zero"));
    let (amount, until) = (Credits::new(1 + dice.below(20)), now.plus(Span::days(1 + dice.below(9))));
    let (spender, scope) = (Spender::default(), Scope::EVERYTHING);
    let (meter, spot, units) = (Label::STORAGE, Spot::EVERYTHING, Units::new(1 + dice.below(9)));
    match dice.below(10) {
        0 | 1 => {
            let (class, amount) = (Class::Purchased, Credits::new(50));
            Grant { class, amount, scope, priority: 0, effective: None, expires: None }.into()
        }
        2 | 3 => Charge { hold, spender, amount }.into(),
        4 => Hold { hold, spender, amount, until, above: Above::Refuse, timeout: Timeout::Release }.into(),
        5 => Settle { hold: other, amount }.into(),
        6 => Release { hold: other }.into(),
        7 | 8 => Add { meter, spot, amount: units }.into(),
        9 if dice.percent(50) => Remove { meter, spot, amount: units }.into(),
        _ => Tick {}.into(),
    }
}
