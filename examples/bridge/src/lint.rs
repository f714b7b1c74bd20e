//! Findings: what is legal and likely wrong, of a catalog and of an organization.

use bailiwick::catalog::Catalog;
use bailiwick::lint::{Finding, Place};
use bailiwick::store::Store;
use bailiwick::{OrgId, Tenants, Timestamp};
use serde_json::{Value, json};

use crate::failure::Failure;

/// `[{"number":500,"code":"unheld_permission","place":{"kind":"permission","key":"…","text":"…"},"says":"…","advice":"…","text":"…"}]`.
///
/// # Errors
/// None that a catalog has.
pub fn catalog(catalog: &Catalog) -> Result<String, Failure> {
    crate::write(&catalog.lint().iter().map(finding).collect::<Vec<_>>())
}

/// The same about an organization; nothing about one that there is not.
///
/// # Errors
/// Trouble with the store.
pub fn organization<S: Store>(tenants: &Tenants<S>, id: OrgId, now: Timestamp) -> Result<String, Failure> {
    let found = tenants.read(id, |organization| organization.lint(now))?.unwrap_or_default();
    crate::write(&found.iter().map(finding).collect::<Vec<_>>())
}

fn finding(finding: &Finding) -> Value {
    let (lint, (kind, key)) = (finding.lint, named(&finding.place));
    json!({
        "number": lint.number(),
        "code": lint.code(),
        "place": { "kind": kind, "key": key, "text": finding.place.to_string() },
        "says": lint.says(),
        "advice": lint.advice(),
        "text": finding.to_string(),
    })
}

/// What a place is, and its name or id.
fn named(place: &Place) -> (&'static str, Option<String>) {
    match place {
        Place::Permission(key) => ("permission", Some(key.clone())),
        Place::Action(action) => ("action", Some(action.as_str().to_owned())),
        Place::Role(key) => ("role", Some(key.clone())),
        Place::Group(key) => ("group", Some(key.clone())),
        Place::Plan(key) => ("plan", Some(key.clone())),
        Place::Feature(key) => ("feature", Some(key.clone())),
        Place::Option(path) => ("option", Some((*path).to_owned())),
        Place::Limit(key) => ("limit", Some(key.clone())),
        Place::Organization => ("organization", None),
        Place::Person(user) => ("person", Some(user.to_string())),
        Place::Row { user, .. } => ("row", Some(user.to_string())),
        Place::Rule { workspace, .. } => ("rule", Some(workspace.to_string())),
        Place::Invitation(invitation) => ("invitation", Some(invitation.to_string())),
        Place::Team(team) => ("team", Some(team.to_string())),
        Place::Service(service) => ("service", Some(service.to_string())),
        Place::Share { share, .. } => ("share", Some(share.to_string())),
        _ => ("other", None),
    }
}
