//! Values as trees: which paths there are, and what becomes of a value that somebody has bent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Every path of a value; places in lists are all one.
pub(super) fn collect(value: &Value, seen: &mut BTreeSet<String>) {
    walk(value, String::new(), seen);
}

fn walk(value: &Value, path: String, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| walk(field, format!("{path}.{key}"), seen)),
        Value::Array(items) => items.iter().for_each(|item| walk(item, format!("{path}[]"), seen)),
        Value::Null => return,
        _ => {}
    }
    seen.insert(path);
}

/// A value with one thing wrong in it, for every place and every way of being wrong.
pub(super) fn bent(value: &Value) -> impl Iterator<Item = Value> + '_ {
    let mut places = Vec::new();
    pointers(value, String::new(), &mut places);
    places.into_iter().flat_map(move |place| {
        let (parent, key) = place.rsplit_once('/').map(|(parent, key)| (parent.to_owned(), key.to_owned())).unwrap();
        let mut all: Vec<Value> = Vec::new();
        let mut bend = |change: &dyn Fn(&mut Value)| {
            let mut copy = value.clone();
            change(&mut copy);
            if copy != *value {
                all.push(copy);
            }
        };
        bend(&|copy| match copy.pointer_mut(&parent) {
            Some(Value::Object(fields)) => _ = fields.remove(&key),
            Some(Value::Array(items)) => _ = items.remove(key.parse().unwrap()),
            _ => {}
        });
        bend(&|copy| match copy.pointer_mut(&parent) {
            Some(Value::Object(fields)) => _ = fields.insert("unheard_of".into(), json!(1)),
            Some(Value::Array(items)) => items.push(items[key.parse::<usize>().unwrap()].clone()),
            _ => {}
        });
        bend(&|copy| {
            if let Some(Value::Array(items)) = copy.pointer_mut(&parent) {
                let at = key.parse::<usize>().unwrap();
                let next = (at + 1) % items.len();
                items.swap(at, next);
            }
        });
        for other in others(value.pointer(&place).unwrap()) {
            bend(&|copy| *copy.pointer_mut(&place).unwrap() = other.clone());
        }
        all
    })
}

/// What could stand there instead.
fn others(value: &Value) -> Vec<Value> {
    let plain = match value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or(0);
            vec![
                json!(0),
                json!(1),
                json!(number.wrapping_add(1)),
                json!(number / 2),
                json!(u64::MAX),
                json!(u64::MAX - 1),
            ]
        }
        Value::String(text) => {
            let id = |n: u64| json!(format!("00000000-0000-0000-0000-{n:012}"));
            let mut all = vec![json!(""), json!("nobody"), json!("x".repeat(5_000)), id(2), id(999)];
            all.extend(["owner", "custom.a", "org.manage", "active", "open", "revoked", "0"].map(|word| json!(word)));
            all.push(json!(format!("{text}x")));
            all
        }
        Value::Bool(is) => vec![json!(!is)],
        Value::Array(items) => {
            let many = items.first().map(|item| json!(vec![item.clone(); 2_000]));
            many.into_iter().chain([json!([])]).collect()
        }
        Value::Object(_) => vec![json!({})],
        Value::Null => vec![json!(0), json!("nobody"), json!({}), json!([])],
    };
    plain.into_iter().chain([Value::Null]).collect()
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                pointers(field, at.clone(), all);
                all.push(at);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let at = format!("{at}/{place}");
                pointers(item, at.clone(), all);
                all.push(at);
            }
        }
        _ => {}
    }
}

/// Everything that a snapshot of an organization can say.
pub(super) const ORGANIZATION: &[&str] = &[".version"];

/// Everything that a snapshot of a ledger can say.
pub(super) const LEDGER: &[&str] = &[".version"];
