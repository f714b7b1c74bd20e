//! The document of the interface: what is answered is what it says.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Answer, Server};

/// The document, as the first process of the tests has served it.
pub(crate) struct Document {
    pub(crate) text: Value,
    validators: Mutex<HashMap<String, Validator>>,
}

static DOCUMENT: OnceLock<Document> = OnceLock::new();

impl Document {
    /// The document of a process; all of them serve the same.
    pub(crate) fn of(server: &Server) -> &'static Self {
        DOCUMENT.get_or_init(|| {
            let text = server.client().get("/openapi.json").is(200).body;
            Self { text, validators: Mutex::default() }
        })
    }

    /// Whether an answer is one that the document has.
    #[track_caller]
    pub(crate) fn compare(method: &str, path: &str, answer: &Answer) {
        let Some(document) = DOCUMENT.get() else { return };
        let Some((template, item)) = document.path_of(path) else { return };
        let Some(operation) = item.get(method.to_lowercase()) else { return };
        let responses = &operation["responses"];
        let status = answer.status.to_string();
        let response = responses.get(&status).or_else(|| responses.get("default"));
        let response = response.unwrap_or_else(|| panic!("{method} {template} has no {status} in the document"));
        let media = answer.headers.get("content-type").map(String::as_str).unwrap_or_default();
        let Some(schema) = response["content"].get(media).map(|content| &content["schema"]) else {
            assert!(media.is_empty(), "{method} {template} has no {media} with {status} in the document");
            return;
        };
        let mut validators = document.validators.lock().unwrap();
        let validator = validators.entry(format!("{method} {template} {status}")).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": document.text["components"] });
            jsonschema::draft202012::new(&whole).unwrap()
        });
        if let Err(why) = validator.validate(&answer.body) {
            panic!("{method} {template} {status} is answered otherwise than documented: {why}: {}", answer.body);
        }
    }

    /// The path of the document that a path is one of.
    fn path_of(&self, path: &str) -> Option<(&str, &Value)> {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let is_of = |template: &str| {
            let names: Vec<&str> = template.split('/').collect();
            names.len() == parts.len()
                && names.iter().zip(&parts).all(|(name, part)| name == part || name.starts_with('{'))
        };
        let paths = self.text["paths"].as_object()?;
        paths.iter().find(|(template, _)| is_of(template)).map(|(template, item)| (template.as_str(), item))
    }
}
