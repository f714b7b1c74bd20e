//! Documents: TOML or JSON as somebody writes it, with the place of every mistake in the text.

mod json;
mod node;
mod place;
mod toml;

use bailiwick::document::{Document, Mistake, Mistakes};
use serde_json::{Value, json};

use crate::code;
use crate::failure::Failure;
use node::Node;
pub use place::{Place, Width};

/// A text that was read, and where everything in it stands.
#[derive(Debug)]
pub struct Written<'t> {
    /// What it says.
    pub document: Document,
    text: &'t str,
    tree: Node,
    width: Width,
}

/// Something that keeps a text from being read at all.
#[derive(Clone, Debug, PartialEq)]
struct Flaw {
    text: String,
    span: std::ops::Range<usize>,
}

/// Reads TOML, or JSON where the text begins with a brace. Places are counted in such `width`s as the language of the caller counts texts.
///
/// # Errors
/// `bad_length`; `bad_catalog` with the code `syntax` for each mistake.
pub fn read(text: &str, width: Width) -> Result<Written<'_>, Failure> {
    crate::bounded(text)?;
    let found = if text.trim_start().starts_with('{') { json::read(text) } else { toml::read(text) };
    match found {
        Ok((document, tree)) => Ok(Written { document, text, tree, width }),
        Err(flaws) => Err(refused(flaws.iter().map(|flaw| {
            let place = Place::of(text, &flaw.span, width);
            json!({ "path": "", "code": "syntax", "text": flaw.text, "place": place.to_value() })
        }))),
    }
}

impl Written<'_> {
    /// What is wrong with what was written, each with its place: `{"mistakes":[{"path":"roles[2].extends","code":"unknown_name","text":"…",
    /// "place":{"line":12,"column":11,"offset":240,"length":8}}]}`.
    #[must_use]
    pub fn refused(&self, mistakes: &Mistakes) -> Failure {
        refused(mistakes.iter().map(|mistake| {
            let place = self.place(mistake).map(Place::to_value);
            json!({ "path": mistake.path, "code": mistake.code.as_str(), "text": mistake.message, "place": place })
        }))
    }

    /// The nearest place that there is; none for what is wrong with the whole.
    fn place(&self, mistake: &Mistake) -> Option<Place> {
        let span = self.tree.nearest(mistake)?;
        Some(Place::of(self.text, &span, self.width))
    }
}

/// The same of something that nobody has written down.
pub(crate) fn refused_without_text(mistakes: &Mistakes) -> Failure {
    refused(mistakes.iter().map(|mistake| {
        json!({ "path": mistake.path, "code": mistake.code.as_str(), "text": mistake.message, "place": null })
    }))
}

fn refused(mistakes: impl Iterator<Item = Value>) -> Failure {
    let list: Vec<Value> = mistakes.collect();
    let line = |mistake: &Value| {
        let (path, text) = (word(mistake, "path"), word(mistake, "text"));
        if path.is_empty() { text.to_owned() } else { format!("{path}: {text}") }
    };
    let text: Vec<String> = list.iter().map(line).collect();
    Failure { facts: json!({ "mistakes": list }), ..Failure::of(code::BAD_CATALOG, text.join("\n")) }
}

fn word<'m>(mistake: &'m Value, key: &str) -> &'m str {
    mistake.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog;

    /// Line, column, and what stands there.
    type Stretch = Option<(u64, u64, String)>;

    /// The code, the path and the place of every mistake.
    fn places(text: &str) -> Vec<(String, String, Stretch)> {
        let failure = catalog::parse(text, char::len_utf8).unwrap_err();
        let shown = |mistake: &Value| {
            let place = mistake["place"].as_object().map(|place| {
                let (offset, length) = (place["offset"].as_u64().unwrap(), place["length"].as_u64().unwrap());
                let stretch =
                    text.get(usize::try_from(offset).unwrap()..usize::try_from(offset.saturating_add(length)).unwrap());
                (place["line"].as_u64().unwrap(), place["column"].as_u64().unwrap(), stretch.unwrap().to_owned())
            });
            (word(mistake, "code").to_owned(), word(mistake, "path").to_owned(), place)
        };
        failure.facts["mistakes"].as_array().unwrap().iter().map(shown).collect()
    }

    fn found(line: u64, column: u64, text: &str) -> Stretch {
        Some((line, column, text.to_owned()))
    }

    const TOML: &str = "\
name = \"é\"
permissions = [
    { key = \"note.read\", scope = \"workspace\", colour = 1 },
    { key = \"note.write\", scope = \"workspaces\" },
]
[[roles]]
key = \"owner\"
owner = true
rank = 9
permissions = [\"note.red\"]
";

    #[test]
    fn mistakes_have_their_places_in_toml() {
        let told = places(TOML);
        let at = |code: &str| {
            told.iter().find(|(known, ..)| known == code).map(|(_, path, place)| (path.as_str(), place.clone()))
        };
        assert_eq!(at("unknown_key"), Some(("permissions[0].colour", found(3, 47, "colour"))));
        assert_eq!(at("bad_value"), Some(("permissions[1].scope", found(4, 35, "\"workspaces\""))));
    }

    #[test]
    fn mistakes_have_their_places_in_json() {
        let text = "{ \"name\": \"x\",\n  \"permissions\": [{ \"key\": \"a.b\", \"scope\": \"workspaces\", \"colour\": 1 }],\n  \"roles\": [{ \"key\": \"owner\" }] }";
        let told = places(text);
        let at = |code: &str| {
            told.iter().find(|(known, ..)| known == code).map(|(_, path, place)| (path.as_str(), place.clone()))
        };
        assert_eq!(at("unknown_key"), Some(("permissions[0].colour", found(2, 58, "\"colour\""))));
        assert_eq!(at("bad_value"), Some(("permissions[0].scope", found(2, 44, "\"workspaces\""))));
        assert_eq!(at("missing"), Some(("roles[0]", found(3, 13, "{ \"key\": \"owner\" }"))));
    }

    #[test]
    fn every_mistake_of_syntax_is_told_in_toml_and_the_first_in_json() {
        let told = places("name = = 1\n[x\nroles = []\n");
        let lines: BTreeSet<u64> =
            told.iter().filter_map(|(_, _, place)| place.as_ref().map(|place| place.0)).collect();
        assert!(told.iter().all(|(code, ..)| code == "syntax"));
        assert_eq!(lines, BTreeSet::from([1, 2]));
        assert_eq!(
            places("{ \"name\": \"x\",\n  }")
                .first()
                .map(|(code, _, place)| (code.as_str(), place.as_ref().map(|at| at.0))),
            Some(("syntax", Some(2)))
        );
    }

    #[test]
    fn places_are_counted_as_the_caller_counts() {
        let text = "name = \"𝄞\"; x";
        let place = |width| Place::of(text, &(13..15), width).to_value();
        assert_eq!(
            (place(char::len_utf8)["offset"].as_u64(), place(char::len_utf16)["offset"].as_u64()),
            (Some(13), Some(11))
        );
    }
}
