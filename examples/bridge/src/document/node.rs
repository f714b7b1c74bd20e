//! Nodes: where each value of a document stands, whatever it was written in.

use std::ops::Range;

use bailiwick::document::{Mistake, MistakeCode};

/// A value with its place in the text.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) inside: Inside,
}

#[derive(Debug)]
pub(super) enum Inside {
    Nothing,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its place, and the value behind it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) value: Node,
}

impl Node {
    /// Where a mistake stands: its key where that is what is wrong, else its value, else whatever it is missing in. `None` for the whole.
    pub(super) fn nearest(&self, mistake: &Mistake) -> Option<Range<usize>> {
        let (mut node, mut rest, mut found) = (self, mistake.path.as_str(), None);
        while let Some((inner, key, behind)) = node.step(rest) {
            let is_key = behind.is_empty() && mistake.code == MistakeCode::UnknownKey;
            found = Some(key.filter(|_| is_key).unwrap_or(&inner.span).clone());
            (node, rest) = (inner, behind);
        }
        found
    }

    /// The value that a path leads into, the place of its key, and the rest of the path. Keys may contain dots: the longest that fits is meant, and
    /// of a key that is written twice the second one.
    fn step<'n, 'p>(&'n self, path: &'p str) -> Option<(&'n Self, Option<&'n Range<usize>>, &'p str)> {
        let path = path.strip_prefix('.').unwrap_or(path);
        match &self.inside {
            Inside::Nothing => None,
            Inside::List(items) => {
                let (position, rest) = path.strip_prefix('[')?.split_once(']')?;
                Some((items.get(position.parse::<usize>().ok()?)?, None, rest))
            }
            Inside::Table(entries) => {
                let behind = |entry: &'n Entry| {
                    let rest = path.strip_prefix(entry.key.as_str())?;
                    let ends = rest.is_empty() || rest.starts_with(['.', '[']);
                    ends.then_some((entry, rest))
                };
                let (entry, rest) = entries.iter().filter_map(behind).max_by_key(|(entry, _)| entry.key.len())?;
                Some((&entry.value, Some(&entry.span), rest))
            }
        }
    }
}
