//! Places: stretches of a text, as editors count them.

use std::ops::Range;

use serde_json::{Value, json};

/// How wide a letter is where the caller lives: `char::len_utf8`, `char::len_utf16`.
pub type Width = fn(char) -> usize;

/// A stretch of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// From 0.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
}

impl Place {
    /// The place of a span of bytes.
    #[must_use]
    pub fn of(text: &str, span: &Range<usize>, width: Width) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let wide = |part: &str| part.chars().map(width).fold(0_usize, usize::saturating_add);
        Self {
            line: before.matches('\n').count().saturating_add(1),
            column: wide(before.get(line_start..).unwrap_or_default()).saturating_add(1),
            offset: wide(before),
            length: wide(text.get(span.clone()).unwrap_or_default()),
        }
    }

    /// `{"line":12,"column":11,"offset":240,"length":8}`.
    #[must_use]
    pub fn to_value(self) -> Value {
        json!({ "line": self.line, "column": self.column, "offset": self.offset, "length": self.length })
    }
}
