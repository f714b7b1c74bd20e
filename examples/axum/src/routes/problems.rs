//! What each kind of problem is: where the `type` of a problem leads.

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use bailiwick_bridge::code;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::http::{OWN, Own, Problem};

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/problems", get(all)).route("/problems/{code}", get(one))
}

fn listed() -> impl Iterator<Item = (&'static str, Value)> {
    let own = OWN.iter().map(|own| (own.code, json!({ "code": own.code, "text": own.text })));
    let crates = code::all().filter(|(number, _)| *number > 0);
    let crates =
        crates.map(|(number, name)| (name, json!({ "code": name, "number": number, "text": code::text_of(number) })));
    own.chain(crates)
}

/// Every kind.
async fn all() -> Json<Vec<Value>> {
    Json(listed().map(|(_, kind)| kind).collect())
}

/// One kind: of a check and of a command there can be two with the same code.
async fn one(Path(wanted): Path<String>) -> Result<Json<Vec<Value>>, Problem> {
    let found: Vec<Value> = listed().filter(|(code, _)| *code == wanted).map(|(_, kind)| kind).collect();
    if found.is_empty() { Err(Problem::of(Own::UNKNOWN_ROUTE)) } else { Ok(Json(found)) }
}
