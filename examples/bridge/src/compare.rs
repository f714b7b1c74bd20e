//! Comparisons: who would gain and lose what were organizations moved to another catalog.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::migrate::{DryRun, Migration, Objection, Widening};
use bailiwick::reach::review::Wording;
use bailiwick::store::Store;
use bailiwick::whatif::{AccessDiff, DiffRow};
use bailiwick::{OrgId, Organization, Tenants, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::document::{self, Width};
use crate::extent;
use crate::failure::Failure;

/// What is said about a comparison, written `{"moves":"…","names":{"…":"Ada"}}`; both can be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Said {
    /// What becomes of keys that are gone, as TOML or JSON.
    moves: Option<String>,
    /// What people are called.
    names: BTreeMap<UserId, String>,
}

/// What would happen were organizations moved to another catalog: `{"rows":[{"organization":"…","who":…,"extent":{…},"gained":[…],"lost":[…]}],
/// "markdown":"…","widenings":[{"text":"…","declared":false}],"objections":[{"kind":"gains","text":"…"}]}`.
///
/// # Errors
/// `bad_json`; `bad_catalog` where it is not said what becomes of a key; trouble with the store.
pub fn catalogs<S: Store>(
    tenants: &Tenants<S>,
    catalog: &Arc<Catalog>,
    organizations: &[OrgId],
    facts: &Facts<'_>,
    said: &str,
    width: Width,
) -> Result<String, Failure> {
    let said: Said = crate::read(said)?;
    let migration = migration(tenants.catalog(), catalog, said.moves.as_deref().unwrap_or_default(), width)?;
    let mut compared: Vec<Organization> = Vec::new();
    for id in organizations {
        compared.extend(tenants.read(*id, Organization::clone)?);
    }
    let run = migration.dry_run(&compared, facts);
    let called = |user: UserId| said.names.get(&user).cloned();
    crate::write(&told(&run, &Wording::plain().names(&called)))
}

fn migration(old: &Arc<Catalog>, new: &Arc<Catalog>, moves: &str, width: Width) -> Result<Migration, Failure> {
    if moves.trim().is_empty() {
        return Migration::between(old, new).map_err(|mistakes| document::refused_without_text(&mistakes));
    }
    let written = document::read(moves, width)?;
    Migration::from_document(&written.document, old, new).map_err(|mistakes| written.refused(&mistakes))
}

fn told(run: &DryRun, wording: &Wording<'_>) -> Value {
    json!({
        "rows": rows(&run.access),
        "markdown": run.access.to_markdown(wording),
        "widenings": run.widenings.iter().map(widening).collect::<Vec<_>>(),
        "objections": run.objections.iter().map(objection).collect::<Vec<_>>(),
    })
}

fn rows(diff: &AccessDiff) -> Vec<Value> {
    let told = |row: &DiffRow| {
        json!({ "organization": row.organization, "who": row.who, "extent": extent::extent(&row.extent), "gained": row.gained,
            "lost": row.lost })
    };
    diff.rows().iter().map(told).collect()
}

fn widening(widening: &Widening) -> Value {
    json!({ "text": widening.to_string(), "declared": widening.declared })
}

fn objection(objection: &Objection) -> Value {
    let kind = match objection {
        Objection::Widens(_) => "widens",
        Objection::Gains(_) => "gains",
        Objection::Strands(_) => "strands",
        Objection::OtherCatalog(_) => "other_catalog",
        _ => "other",
    };
    json!({ "kind": kind, "text": objection.to_string() })
}
