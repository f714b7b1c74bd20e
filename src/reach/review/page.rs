//! The page as it is written: elements, tables, and text that stays text.

use alloc::string::String;
use core::fmt::Write as _;

/// How long a word is not broken at the most: an id, a time.
const WORD_BYTES: usize = 40;

/// A page as it is written.
pub(super) struct Page {
    pub(super) text: String,
}

impl Page {
    pub(super) fn put(&mut self, piece: core::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(piece);
    }

    pub(super) fn heading(&mut self, title: &str, tag: Option<&str>) {
        let tag = tag.map(|tag| alloc::format!(" <small>{}</small>", escape(tag))).unwrap_or_default();
        self.put(format_args!("<h2>{}{tag}</h2>\n", escape(title)));
    }

    pub(super) fn table(&mut self, title: &str, columns: &[&str]) {
        self.table_of(&alloc::format!("<h2>{title}</h2>"), columns);
    }

    pub(super) fn table_of(&mut self, heading: &str, columns: &[&str]) {
        self.put(format_args!("{heading}\n<div class=\"wide\"><table>\n<thead><tr>"));
        for column in columns {
            self.put(format_args!("<th scope=\"col\">{column}</th>"));
        }
        self.put(format_args!("</tr></thead>\n<tbody>\n"));
    }

    pub(super) fn row<const N: usize>(&mut self, class: &str, cells: [String; N]) {
        self.put(format_args!("<tr class=\"{class}\">"));
        for (at, cell) in cells.iter().enumerate() {
            let cell = escape(cell);
            match at {
                0 => self.put(format_args!("<th scope=\"row\">{cell}</th>")),
                _ if !cell.contains(' ') && cell.len() <= WORD_BYTES => {
                    self.put(format_args!("<td class=\"word\">{cell}</td>"))
                }
                _ => self.put(format_args!("<td>{cell}</td>")),
            }
        }
        self.put(format_args!("</tr>\n"));
    }

    pub(super) fn end(&mut self) {
        self.put(format_args!("</tbody>\n</table></div>\n"));
    }
}

/// Text as it is, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
