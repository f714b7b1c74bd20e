//! The whole write path beside a naive organization: they agree on every command, and on what it leaves behind.

mod small;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick::change::Outcome;
use bailiwick::{Actor, Organization, Span, Timestamp};
use serde_json::Value;

use crate::support::lives::{self, Life, Step};
use crate::support::model::Model;

/// Places are judged one after the other, so where something is lacking in one and more would be seen in another, either
/// is told; the model always tells what is lacking.
fn is_either(said: &str, meant: &str) -> bool {
    (said, meant) == ("wider_sight", "lacks_permission")
}

/// What comes of one step.
enum Found {
    /// Both refuse it, or either refusal is right.
    Refusal,
    /// Both accept it: what happens, and what the model becomes.
    Acceptance(Outcome, Box<Model>),
    /// From here on the two are known to be apart.
    End,
    Difference(String),
}

/// The first step at which the crate and the model differ, and in what.
fn disagreement(life: &Life, steps: &[Step]) -> Option<(usize, String)> {
    let mut orgs = lives::organizations(&life.catalog);
    let mut models: Vec<Model> = orgs.iter().map(|org| Model::new(org.id(), life.catalog.clone())).collect();
    for (at, step) in steps.iter().enumerate() {
        let (org, model) = (&mut orgs[step.organization], &mut models[step.organization]);
        for bent in variants(step) {
            if let Found::Difference(text) = judged(org, model, &bent) {
                let command = serde_json::to_string(&bent.command).unwrap_or_default();
                return Some((at, format!("{text}\n  for {:?} {command}", bent.actor)));
            }
        }
        match judged(org, model, step) {
            Found::Refusal => {}
            Found::Acceptance(outcome, after) => {
                outcome.records.iter().for_each(|record| org.apply(record));
                *model = *after;
                if let Some(text) = difference(org, &model.lines(step.now), step.now) {
                    return Some((at, text));
                }
            }
            Found::End => return None,
            Found::Difference(text) => return Some((at, text)),
        }
    }
    None
}

/// The same step as it was not meant: by others, later, and with something wrong in it. It is judged and not carried out.
fn variants(step: &Step) -> Vec<Step> {
    let Ok(mut value) = serde_json::to_value(&step.command) else { return Vec::new() };
    let dice = value.to_string().len();
    bend(&mut value, dice);
    let bent = serde_json::from_value(value).ok().filter(|command| *command != step.command);
    let bent = bent.map(|command| Step { command, ..step.clone() });
    let later = Step { now: step.now.plus(Span::days(1 + dice as u64 % 40)), ..step.clone() };
    let somebody = |n: usize| lives::user(1 + n as u64 % lives::USERS);
    let staff = Actor::Staff { staff: somebody(dice / 2), on_behalf_of: somebody(dice) };
    let others = [Actor::System, Actor::Provisioner, staff, Actor::Service(lives::service(1 + dice as u64 % 2))];
    let other = others.get(dice % 8).copied().unwrap_or_else(|| Actor::User(somebody(dice)));
    let actors =
        [other].into_iter().chain(step.actor.user().map(|user| Actor::Staff { staff: user, on_behalf_of: user }));
    let others = actors.map(|actor| Step { actor, ..step.clone() });
    bent.into_iter().chain(others).chain([later]).collect()
}

fn bend(value: &mut Value, dice: usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| bend(item, dice)),
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                match (key.as_str(), dice % 4, field) {
                    ("roles", 0, Value::Array(roles)) => roles.clear(),
                    ("roles", 1, Value::Array(roles)) => roles.push("nobody".into()),
                    ("access", 1, Value::Array(access)) => access.clear(),
                    ("added" | "given" | "removed", 2, Value::Array(keys)) => keys.push("org.manage".into()),
                    ("added" | "given" | "permissions", 3, Value::Array(keys)) => keys.push("no.such".into()),
                    (_, _, other) => bend(other, dice),
                }
            }
        }
        _ => {}
    }
}

/// What both say to a step.
fn judged(org: &Organization, model: &Model, step: &Step) -> Found {
    let meant = model.carry_out(&step.command, step.actor, &step.facts());
    let said = org.handle(&step.command, &step.context());
    let said_code = said.as_ref().map_or_else(|refusal| refusal.code(), |_| "accepted");
    let meant_code = meant.as_ref().map_or_else(|code| *code, |_| "accepted");
    let known = is_either(said_code, meant_code);
    let (outcome, (after, left_out)) = match (said, meant) {
        (Ok(outcome), Ok(meant)) => (outcome, meant),
        (Err(_), _) if said_code == meant_code || known => return Found::Refusal,
        _ if known => return Found::End,
        _ => return Found::Difference(format!("the crate says `{said_code}`, the model `{meant_code}`")),
    };
    let left: Vec<_> = outcome.left_out.iter().map(|left| (left.item, left.refusal.code())).collect();
    let same = |(a, b): (&(usize, &str), &(usize, &str))| a == b || (a.0 == b.0 && is_either(a.1, b.1));
    if left.len() == left_out.len() && left.iter().zip(&left_out).all(same) {
        return Found::Acceptance(outcome, Box::new(after));
    }
    Found::Difference(format!("left out are {left:?}, {left_out:?}"))
}

/// How the two have ended up differently, if they have.
fn difference(org: &Organization, own: &[String], now: Timestamp) -> Option<String> {
    let real = Model::of(org, now).lines(now);
    let mut text = String::new();
    for line in real.iter().filter(|line| !own.contains(line)) {
        let _ = write!(text, "\n  crate: {line}");
    }
    for line in own.iter().filter(|line| !real.contains(line)) {
        let _ = write!(text, "\n  model: {line}");
    }
    (!text.is_empty()).then(|| format!("they end up differently{text}"))
}

/// What kind of disagreement it is: the command and the first line.
fn kind(steps: &[Step], at: usize, difference: &str) -> String {
    format!("{}: {}", steps[at].command.name(), difference.lines().next().unwrap_or_default())
}

/// Leaves steps out, the last ones first, as long as the same kind of disagreement is there.
fn shrunk(life: &Life, kind_of: &str) -> Vec<Step> {
    let still = |steps: &[Step]| {
        disagreement(life, steps).filter(|(at, text)| kind(steps, *at, text) == kind_of).map(|(at, _)| at)
    };
    let mut steps = life.steps.clone();
    let at = still(&steps).expect("it was found");
    steps.truncate(at + 1);
    let mut before = usize::MAX;
    while steps.len() < before {
        before = steps.len();
        for at in (0..steps.len().saturating_sub(1)).rev() {
            let mut fewer = steps.clone();
            fewer.remove(at);
            if let Some(last) = still(&fewer) {
                fewer.truncate(last + 1);
                steps = fewer;
                if at >= steps.len() {
                    break;
                }
            }
        }
    }
    steps
}

/// The steps for people to read, and what differs after the last.
fn told(life: &Life, steps: &[Step]) -> String {
    let mut text = format!("{}\n", serde_json::to_string(&*life.catalog).unwrap_or_default());
    for step in steps {
        let command = serde_json::to_string(&step.command).unwrap_or_default();
        let _ = writeln!(
            text,
            "organization {} at {}: {:?} {command}",
            step.organization,
            step.now.as_millis(),
            step.actor
        );
    }
    let found = disagreement(life, steps).map(|(_, text)| text).unwrap_or_default();
    let command = steps.last().map_or("", |step| step.command.name());
    text + command + ": " + &found
}

#[test]
fn the_model_agrees_on_every_command_of_a_life() {
    let lives = std::env::var("BAILIWICK_LIVES").ok().map_or(12, |text| text.parse().unwrap());
    let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    let mut counts = 0;
    for seed in 0..lives {
        let life = Life::of_seed(seed, 100);
        if let Some((at, text)) = disagreement(&life, &life.steps) {
            counts += 1;
            let entry = found.entry(kind(&life.steps, at, &text)).or_insert((at, seed));
            *entry = (*entry).min((at, seed));
        }
    }
    for (kind, (_, seed)) in &found {
        let life = Life::of_seed(*seed, 100);
        eprintln!("BAILIWICK_LIFE={seed}\n{}\n", told(&life, &shrunk(&life, kind)));
    }
    let kinds: Vec<&String> = found.keys().collect();
    assert!(found.is_empty(), "in {counts} of {lives} lives: {kinds:#?}");
}
