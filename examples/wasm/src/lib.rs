//! bailiwick for JavaScript: what is compiled to WebAssembly.
//!
//! It translates and decides nothing. What it says is said by `bailiwick-bridge`, as in every other language; who calls it is the JavaScript of
//! this package (`js/`), which looks at the types of what it is handed and makes errors of what is thrown here: the JSON of a failure.
//! Short questions cross as numbers; what is longer crosses as JSON.

mod access;
mod accounts;
mod books;
mod catalog;
mod organization;
mod questions;
mod refs;
mod sharing;
mod store;
mod tenants;
mod value;

use bailiwick_bridge::failure::Failure;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What JavaScript gets: a value, or the JSON of a failure thrown.
type Answer<T> = Result<T, JsValue>;

/// Lets a failure out.
fn told<T>(answer: Result<T, Failure>) -> Answer<T> {
    answer.map_err(thrown)
}

#[cold]
fn thrown(failure: Failure) -> JsValue {
    JsValue::from_str(&failure.to_value().to_string())
}

/// Every number with its name and its text, as JSON.
#[wasm_bindgen]
pub fn codes() -> Answer<String> {
    use bailiwick_bridge::code;
    let each = code::all().map(|(number, name)| {
        serde_json::json!({ "number": number, "code": name, "text": code::text_of(number).unwrap_or_default() })
    });
    told(bailiwick_bridge::write(&each.collect::<Vec<_>>()))
}
