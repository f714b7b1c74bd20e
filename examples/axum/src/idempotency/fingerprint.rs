//! The fingerprint of a request: two with the same key and another fingerprint are not the same request.

use axum::http::request::Parts;

use crate::ids::digest;

/// Of the method, the path with its query, and the body.
pub(super) fn fingerprint_of(parts: &Parts, body: &[u8]) -> String {
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let hash = digest(&[parts.method.as_str().as_bytes(), path.as_bytes(), body]);
    format!("{:032x}", u128::from_be_bytes(hash))
}
