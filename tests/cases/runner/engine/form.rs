//! The file form of a catalog: reading at a path, and setting there what a table has otherwise.

use bailiwick::catalog::Catalog;
use serde_json::Value;

use super::Bailiwick;

/// Keys of lists: where one is left out, what is set there is a list all the same.
const LISTS: [&str; 6] = ["guards", "permissions", "creator_roles", "assigned_by", "features", "providers"];

impl Bailiwick {
    /// A catalog with some of its file form set differently.
    pub fn tuned(catalog: &Catalog, settings: &[(String, String)]) -> Result<Catalog, String> {
        let mut form = serde_json::to_value(catalog).map_err(|error| error.to_string())?;
        for (path, value) in settings {
            let slot = slot_at(&mut form, path).ok_or_else(|| format!("set {path}: there is no such place"))?;
            let is_list = slot.is_array() || LISTS.contains(&path.rsplit('.').next().unwrap_or_default());
            *slot = match is_list {
                _ if value == "-" => Value::Null,
                true => value.split(',').filter(|word| !word.is_empty()).map(Value::from).collect(),
                false => serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into()),
            };
        }
        drop_unset(&mut form);
        serde_json::from_value(form).map_err(|error| error.to_string())
    }
}

/// What a table has taken away is left out.
fn drop_unset(value: &mut Value) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(drop_unset),
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_unset);
        }
        _ => {}
    }
}

/// What the file form says at a path, `-` where it says nothing.
pub(super) fn value_at(catalog: &Catalog, path: &str) -> String {
    let mut value = serde_json::to_value(catalog).expect("a catalog can be written");
    let mut rest = path;
    while !rest.is_empty() {
        let (found, left) = step_into(&value, rest);
        (value, rest) = (found, left);
    }
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text,
        Value::Array(values) if values.iter().all(Value::is_string) => {
            values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// One step along a path: a key of a table, or the `key` (or `kind`) of an entry of a list, which may contain dots.
fn step_into<'p>(value: &Value, path: &'p str) -> (Value, &'p str) {
    if let Value::Array(entries) = value {
        for entry in entries {
            let key = entry.get("key").or_else(|| entry.get("kind")).and_then(|key| key.as_str()).unwrap_or_default();
            if let Some(left) = path.strip_prefix(key).filter(|_| !key.is_empty()) {
                if left.is_empty() || left.starts_with('.') {
                    return (entry.clone(), left.trim_start_matches('.'));
                }
            }
        }
        return (Value::Null, "");
    }
    let (key, left) = path.split_once('.').unwrap_or((path, ""));
    (value.get(key).cloned().unwrap_or_default(), left)
}

/// The place at a path, made where it is a key that is not there yet.
fn slot_at<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Value::Array(entries) = value {
        let starts = |entry: &Value| {
            let key = entry.get("key").and_then(|key| key.as_str())?;
            let left = path.strip_prefix(key)?;
            (left.is_empty() || left.starts_with('.')).then(|| left.trim_start_matches('.').to_owned())
        };
        let (entry, left) = entries.iter_mut().find_map(|entry| starts(entry).map(|left| (entry, left)))?;
        return slot_at(entry, &left);
    }
    let (key, left) = path.split_once('.').unwrap_or((path, ""));
    if let ("limits", Some((limit, _))) = (key, left.split_once('.')) {
        add_limit(value, limit);
    }
    slot_at(value.as_object_mut()?.entry(key).or_insert(Value::Null), left)
}

/// A plan can be given a limit that it does not have.
fn add_limit(plan: &mut Value, key: &str) {
    let Some(plan) = plan.as_object_mut() else { return };
    let limits = plan.entry("limits").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(limits) = limits {
        if !limits.iter().any(|limit| limit.get("key").and_then(Value::as_str) == Some(key)) {
            limits.push(serde_json::json!({ "key": key }));
        }
    }
}
