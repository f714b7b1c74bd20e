//! Catalogs: read from TOML or JSON with every mistake listed, or one of the presets.

use bailiwick::catalog::{Catalog, Plan};
use bailiwick::document::{Document, Mistakes};
use bailiwick::presets;
use serde_json::{Value, json};

use crate::code;
use crate::document::{self, Width};
use crate::failure::Failure;

/// The presets by their names.
pub const PRESETS: [(&str, &str); 4] = [
    ("studio", presets::STUDIO),
    ("cloud", presets::CLOUD),
    ("production", presets::PRODUCTION),
    ("agency", presets::AGENCY),
];

/// Reads a catalog that somebody has written, in TOML or JSON.
///
/// # Errors
/// `bad_length`; `bad_catalog`, whose facts list every mistake with its place in the text (see [`document::Written::refused`]).
pub fn parse(text: &str, width: Width) -> Result<Catalog, Failure> {
    let written = document::read(text, width)?;
    Catalog::from_document(&written.document).map_err(|mistakes| written.refused(&mistakes))
}

/// Reads a catalog from JSON.
///
/// # Errors
/// `bad_length`, `bad_json`; `bad_catalog`, whose facts list every mistake: `{"mistakes":[{"path":"roles[2].extends",
/// "code":"unknown_name","text":"…"}]}`.
pub fn read(text: &str) -> Result<Catalog, Failure> {
    let document: Document = crate::read(text)?;
    Catalog::from_document(&document).map_err(|mistakes| failure(&mistakes))
}

/// The text of a preset by its name: `studio`, `cloud`, `production`, `agency`.
///
/// # Errors
/// `unknown_name`.
pub fn preset_text(name: &str) -> Result<&'static str, Failure> {
    let found = PRESETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text).ok_or_else(|| unknown("preset", name, PRESETS.map(|(known, _)| known)))
}

/// A preset by its name.
///
/// # Errors
/// `unknown_name`.
pub fn preset(name: &str) -> Result<Catalog, Failure> {
    parse(preset_text(name)?, char::len_utf8)
}

/// The file form of a catalog.
///
/// # Errors
/// None that a catalog has.
pub fn write(catalog: &Catalog) -> Result<String, Failure> {
    crate::write(catalog)
}

/// What is called so, by position.
///
/// # Errors
/// `unknown_name`, with what was probably meant.
pub fn permission(catalog: &Catalog, key: &str) -> Result<u8, Failure> {
    let keys = || catalog.permissions().map(|(_, def)| def.key.as_str());
    Ok(catalog.permission(key).ok_or_else(|| unknown("permission", key, keys()))?.index())
}

/// A feature in the same way.
///
/// # Errors
/// `unknown_name`.
pub fn feature(catalog: &Catalog, key: &str) -> Result<u8, Failure> {
    Ok(catalog.feature(key).ok_or_else(|| unknown("feature", key, []))?.index())
}

/// An identity provider in the same way.
///
/// # Errors
/// `unknown_name`.
pub fn provider(catalog: &Catalog, key: &str) -> Result<u8, Failure> {
    Ok(catalog.provider(key).ok_or_else(|| unknown("provider", key, []))?.index())
}

/// A system group in the same way.
///
/// # Errors
/// `unknown_name`.
pub fn group(catalog: &Catalog, key: &str) -> Result<u8, Failure> {
    let keys = || catalog.groups().map(|(_, def)| def.key.as_str());
    Ok(catalog.group(key).ok_or_else(|| unknown("group", key, keys()))?.index())
}

/// A plan.
///
/// # Errors
/// `unknown_name`.
pub fn plan(catalog: &Catalog, key: &str) -> Result<Plan, Failure> {
    catalog.plan(key).ok_or_else(|| unknown("plan", key, catalog.plans().map(|(_, def)| def.key.as_str())))
}

/// The permissions of a role, as bits.
///
/// # Errors
/// `unknown_name`.
pub fn role(catalog: &Catalog, key: &str) -> Result<[u64; 4], Failure> {
    let keys = || catalog.roles().map(|(_, def)| def.key.as_str());
    let role = catalog.role(key).ok_or_else(|| unknown("role", key, keys()))?;
    Ok(catalog.permissions_of(role).words())
}

fn unknown<'k>(what: &str, key: &str, known: impl IntoIterator<Item = &'k str>) -> Failure {
    let meant = bailiwick::document::nearest(key, known);
    let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let text = format!("there is no {what} `{key}`{hint}");
    Failure { facts: json!({ "key": key, "meant": meant }), ..Failure::of(code::UNKNOWN_NAME, text) }
}

fn failure(mistakes: &Mistakes) -> Failure {
    let list = mistakes
        .iter()
        .map(|mistake| json!({ "path": mistake.path, "code": mistake.code.as_str(), "text": mistake.message }));
    let list: Vec<Value> = list.collect();
    Failure { facts: json!({ "mistakes": list }), ..Failure::of(code::BAD_CATALOG, mistakes.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_come_with_their_places() {
        let text = r#"{ "name": "x", "permissions": [{ "key": "note.read", "scope": "workspace", "colour": 1 }] }"#;
        let failure = read(text).unwrap_err();
        assert_eq!(failure.number, code::BAD_CATALOG);
        assert_eq!(failure.facts["mistakes"][0]["path"], "permissions[0].colour");
        assert_eq!(failure.facts["mistakes"][0]["code"], "unknown_key");
        assert_eq!(read("{").unwrap_err().number, code::BAD_JSON);
    }

    #[test]
    fn presets_are_written_and_read_back() {
        for name in ["studio", "cloud", "production", "agency"] {
            let catalog = preset(name).unwrap();
            assert_eq!(read(&write(&catalog).unwrap()).unwrap(), catalog);
        }
        assert_eq!(preset("clod").unwrap_err().text, "there is no preset `clod`; did you mean `cloud`?");
    }
}
