//! The document of the interface: valid, complete, and what the README shows of it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Database, Document, Server};

/// Every operation: path, method, what is said of it.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

fn document() -> &'static Value {
    &Document::of(&Server::start(&Database::file())).text
}

#[test]
fn it_is_a_valid_document() {
    let schema: Value = serde_json::from_str(include_str!("openapi-3.1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mistakes: Vec<String> =
        validator.iter_errors(document()).map(|why| format!("{}: {why}", why.instance_path())).collect();
    assert_eq!(mistakes, [""; 0]);
    // And the schema would notice.
    let mut broken = document().clone();
    broken["info"].as_object_mut().unwrap().remove("title");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn every_operation_has_a_name_its_parameters_and_an_answer() {
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(document()) {
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
        assert!(names.insert(name), "{name} twice");
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let declared = parameters.filter(|it| it["in"] == "path").map(|it| it["name"].as_str().unwrap());
        assert_eq!(declared.collect::<BTreeSet<_>>(), in_path, "{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
        assert!(responses.contains_key("default"), "{method} {path}");
    }
    assert!(names.len() > 25, "{}", names.len());
}

#[test]
fn whoever_needs_a_permission_needs_a_session() {
    for (path, method, operation) in operations(document()) {
        let is_open = ["/v1/accounts", "/v1/sessions"].contains(&path);
        assert_eq!(operation["security"].is_null(), is_open, "{method} {path}");
        assert!(!is_open || operation["x-permission"].is_null(), "{method} {path}");
    }
}

#[test]
fn the_readme_shows_every_route_with_its_permission() {
    let readme = include_str!("../../README.md");
    let is_route =
        |line: &&str| ["GET", "POST", "PUT", "DELETE"].iter().any(|it| line.starts_with(&format!("| `{it} ")));
    let shown: BTreeSet<&str> = readme.lines().filter(is_route).collect();
    let rows: Vec<String> = operations(document()).into_iter().map(row).collect();
    let expected: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    assert_eq!(shown, expected, "\nthe table is to be\n{text}");
}

/// A row of the table of routes.
fn row((path, method, operation): (&str, &str, &Value)) -> String {
    let permission = operation["x-permission"].as_str().map(|key| format!("`{key}`"));
    let otherwise = if operation["security"].is_null() { "none, nobody is signed in" } else { "none, a session" };
    let needs = permission.unwrap_or_else(|| otherwise.to_owned());
    format!("| `{} {path}` | {needs} | {} |", method.to_uppercase(), operation["summary"].as_str().unwrap())
}
