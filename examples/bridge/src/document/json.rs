//! JSON, with the place of everything in it.

use std::ops::Range;

use bailiwick::document::Document;

use super::Flaw;
use super::node::{Entry, Inside, Node};

pub(super) fn read(text: &str) -> Result<(Document, Node), Vec<Flaw>> {
    let document: Document = serde_json::from_str(text).map_err(|why| vec![flaw(text, &why)])?;
    // What was read is JSON, of a depth that was bounded.
    let tree = Scanner { text, at: 0 }.value();
    Ok((document, tree))
}

fn flaw(text: &str, why: &serde_json::Error) -> Flaw {
    let before: usize = text.split_inclusive('\n').take(why.line().saturating_sub(1)).map(str::len).sum();
    let at = before.saturating_add(why.column().saturating_sub(1)).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let words = why.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    Flaw { text: words.to_owned(), span: at..at }
}

/// Goes over a text that is known to be JSON, and only notes where what begins and ends.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn value(&mut self) -> Node {
        self.skip(|byte| byte.is_ascii_whitespace());
        let start = self.at;
        let inside = match self.peek() {
            Some(b'{') => Inside::Table(self.items(b'}', Self::entry)),
            Some(b'[') => Inside::List(self.items(b']', Self::value)),
            Some(b'"') => {
                self.text();
                Inside::Nothing
            }
            _ => {
                self.skip(|byte| !matches!(byte, b',' | b']' | b'}') && !byte.is_ascii_whitespace());
                Inside::Nothing
            }
        };
        Node { span: start..self.at, inside }
    }

    fn entry(&mut self) -> Entry {
        let span = self.text();
        // A key is a text; whatever is none has no name to be found under.
        let key = self.text.get(span.clone()).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
        Entry { key, span, value: self.value() }
    }

    /// What stands between brackets, up to the closing one.
    fn items<T>(&mut self, end: u8, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        self.step();
        loop {
            self.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
            match self.peek() {
                Some(byte) if byte != end => items.push(item(self)),
                _ => {
                    self.step();
                    return items;
                }
            }
        }
    }

    /// A text with its quotes.
    fn text(&mut self) -> Range<usize> {
        let start = self.at;
        self.step();
        while let Some(byte) = self.peek() {
            self.step();
            match byte {
                b'"' => break,
                b'\\' => self.step(),
                _ => {}
            }
        }
        start..self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1).min(self.text.len());
    }

    fn skip(&mut self, passes: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&passes) {
            self.step();
        }
    }
}
