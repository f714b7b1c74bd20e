//! The key: what the header says.

use axum::http::{HeaderMap, HeaderName};

use crate::http::{Own, Problem};

/// The header.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Bytes of a key at the most.
const BYTES_MAX: usize = 255;

/// The key of a request, if it has one: with or without the quotes that a structured header has.
pub(super) fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if bare.is_empty() || bare.len() > BYTES_MAX {
        let says = format!("`Idempotency-Key` has 1 to {BYTES_MAX} visible characters");
        return Err(Problem::saying(Own::BAD_REQUEST, says));
    }
    Ok(Some(bare.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &'static str) -> Result<Option<String>, Problem> {
        key_of(&HeaderMap::from_iter([(HEADER, text.parse().unwrap())]))
    }

    #[test]
    fn quotes_are_no_part_of_a_key() {
        assert_eq!(key("\"8e03978e\"").unwrap().as_deref(), Some("8e03978e"));
        assert_eq!(key("8e03978e").unwrap().as_deref(), Some("8e03978e"));
        assert!(key_of(&HeaderMap::new()).unwrap().is_none());
        assert!(key("\"\"").is_err());
        assert!(key(" ").is_err());
    }
}
