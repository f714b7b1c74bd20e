//! A failing run, made short: steps are left out, then amounts made small, as long as it fails alike.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};

use serde_json::Value;

use super::{Fate, Script, Step, World};

/// What kind of failure it is: the first line, whatever numbers are in it.
pub(crate) fn kind(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Runs a script; a panic is a failure as well.
fn failure(script: &Script) -> Option<(usize, String)> {
    panic::catch_unwind(AssertUnwindSafe(|| World::run(script))).unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().cloned();
        Some((script.steps.len() - 1, format!("it panics: {}", text.unwrap_or_default())))
    })
}

/// The shortest script that was found to fail alike.
pub(crate) fn shrunk(script: &Script) -> Script {
    let Some((at, text)) = failure(script) else { return script.clone() };
    let meant = kind(&text);
    let fails = |steps: &[Step]| {
        let script = Script { settings: script.settings.clone(), steps: steps.to_vec() };
        failure(&script).filter(|(_, text)| kind(text) == meant).map(|(at, _)| at)
    };
    let mut steps = script.steps[..=at].to_vec();
    let mut chunk = steps.len().div_ceil(2);
    loop {
        let mut smaller = false;
        let mut from = steps.len().saturating_sub(chunk);
        loop {
            let to = (from + chunk).min(steps.len());
            let fewer: Vec<Step> = steps[..from].iter().chain(&steps[to..]).cloned().collect();
            if let Some(at) = (!fewer.is_empty()).then(|| fails(&fewer)).flatten() {
                steps = fewer[..=at].to_vec();
                smaller = true;
            }
            if from == 0 {
                break;
            }
            from = from.saturating_sub(chunk).min(steps.len().saturating_sub(1));
        }
        if chunk > 1 {
            chunk /= 2;
        } else if !smaller {
            break;
        }
    }
    simplify(&mut steps, &fails);
    Script { settings: script.settings.clone(), steps }
}

/// One process, no crashes, small amounts, nothing named that need not be.
fn simplify(steps: &mut Vec<Step>, fails: &impl Fn(&[Step]) -> Option<usize>) {
    for place in 0..steps.len() {
        let simpler = Step { process: 0, fate: Fate::Append, ..steps[place].clone() };
        try_step(steps, place, simpler, fails);
        let mut candidates = Vec::new();
        let Ok(whole) = serde_json::to_value(&steps[place].order.request) else { continue };
        bends(&whole, &mut |bent| candidates.push(bent), &|bent| bent);
        for bent in candidates {
            if let Ok(request) = serde_json::from_value(bent) {
                let mut simpler = steps[place].clone();
                simpler.order.request = request;
                try_step(steps, place, simpler, fails);
            }
        }
    }
}

fn try_step(steps: &mut Vec<Step>, place: usize, simpler: Step, fails: &impl Fn(&[Step]) -> Option<usize>) {
    let mut others = steps.clone();
    others[place] = simpler;
    if fails(&others).is_some() {
        *steps = others;
    }
}

/// Every way in which one field is simpler: an amount small, an option or list empty.
fn bends(value: &Value, found: &mut dyn FnMut(Value), whole: &dyn Fn(Value) -> Value) {
    let Value::Object(fields) = value else { return };
    for (name, field) in fields {
        let with = |bent: Value| {
            let mut fields = fields.clone();
            fields.insert(name.clone(), bent);
            whole(Value::Object(fields))
        };
        match field {
            Value::Number(_) if ["amount", "max", "by", "allocation", "priority"].contains(&name.as_str()) => {
                [1, 10].into_iter().for_each(|small| found(with(small.into())));
            }
            Value::Array(items) if !items.is_empty() => {
                found(with(Value::Array(Vec::new())));
                (items.len() > 1).then(|| found(with(Value::Array(items[..1].to_vec()))));
            }
            Value::Object(_) => {
                found(with(Value::Null));
                found(with(Value::Object(serde_json::Map::new())));
                bends(field, found, &with);
            }
            _ if !field.is_null() => found(with(Value::Null)),
            _ => {}
        }
    }
}

/// The steps for people to read, and what is wrong after the last.
pub(crate) fn told(script: &Script) -> String {
    let mut text = format!("{:?}\n", script.settings);
    for step in &script.steps {
        let Step { process, now, order, fate } = step;
        let request = serde_json::to_string(&order.request).unwrap_or_default();
        let key = order.key.as_u128();
        let issued = i128::from(order.issued.as_millis()) - i128::from(*now);
        let _ = writeln!(text, "at {now} process {process} {fate:?} key {key} issued {issued:+}: {request}");
    }
    text + &failure(script).map(|(_, text)| text).unwrap_or_default()
}
