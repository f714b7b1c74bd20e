//! Walking a document: take the keys that mean something, write down what is wrong, go on.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use super::{Document, Mistake, MistakeCode, Path, nearest};

/// Where mistakes are written down.
#[derive(Debug, Default)]
pub(crate) struct Report {
    mistakes: Vec<Mistake>,
}

impl Report {
    pub(crate) fn add(&mut self, path: &Path, code: MistakeCode, message: impl Display) {
        self.mistakes.push(Mistake { path: path.to_text(), code, message: message.to_string() });
    }

    /// A name that nothing has, with the near miss if there is one.
    pub(crate) fn unknown<'n>(
        &mut self,
        path: &Path,
        code: MistakeCode,
        what: &str,
        written: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        match nearest(written, known) {
            Some(meant) => self.add(path, code, format_args!("unknown {what} `{written}`; did you mean `{meant}`?")),
            None => self.add(path, code, format_args!("unknown {what} `{written}`")),
        }
    }

    pub(crate) fn wrong_type(&mut self, path: &Path, expected: &str, found: &Document) {
        self.add(path, MistakeCode::WrongType, format_args!("expected {expected}, found {}", found.kind()));
    }

    pub(crate) fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }
}

/// One table being read: each key is taken once, and what was not taken is a mistake.
pub(crate) struct Fields<'d, 'r> {
    table: &'d [(String, Document)],
    path: Path,
    known: Vec<&'static str>,
    report: &'r mut Report,
}

impl<'d, 'r> Fields<'d, 'r> {
    /// Opens a table, or writes down that it is none.
    pub(crate) fn open(document: &'d Document, path: Path, report: &'r mut Report) -> Option<Self> {
        let Document::Table(table) = document else {
            report.wrong_type(&path, "a table", document);
            return None;
        };
        let mut seen = BTreeSet::new();
        for (key, _) in table {
            if !seen.insert(key) {
                report.add(&path.key(key), MistakeCode::Duplicate, "this key is written twice");
            }
        }
        Some(Self { table, path, known: Vec::new(), report })
    }

    /// The value of a key, if it is there, with its place and the report.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<(&'d Document, Path, &mut Report)> {
        self.known.push(key);
        let (_, value) = self.table.iter().find(|(written, _)| written == key)?;
        Some((value, self.path.key(key), self.report))
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&mut self, key: &'static str) -> Option<(&'d Document, Path, &mut Report)> {
        if !self.table.iter().any(|(written, _)| written == key) {
            self.known.push(key);
            self.report.add(&self.path, MistakeCode::Missing, format_args!("`{key}` is missing"));
            return None;
        }
        self.take(key)
    }

    /// An optional text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        let (value, path, report) = self.take(key)?;
        text_of(value, &path, report)
    }

    /// A text that must be there; empty when it is not, which has been written down.
    pub(crate) fn required_text(&mut self, key: &'static str) -> String {
        self.require(key).and_then(|(value, path, report)| text_of(value, &path, report)).unwrap_or_default()
    }

    /// An optional flag.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let (value, path, report) = self.take(key)?;
        match value {
            Document::Flag(flag) => Some(*flag),
            other => {
                report.wrong_type(&path, "true or false", other);
                None
            }
        }
    }

    /// An optional whole number that fits its type.
    pub(crate) fn number<N: TryFrom<i128>>(&mut self, key: &'static str) -> Option<N> {
        let (value, path, report) = self.take(key)?;
        let Document::Integer(number) = value else {
            report.wrong_type(&path, "a whole number", value);
            return None;
        };
        let fits = N::try_from(*number).ok();
        if fits.is_none() {
            report.add(&path, MistakeCode::BadValue, format_args!("{number} is out of range"));
        }
        fits
    }

    /// An optional value that is written as a text, such as `15m`.
    pub(crate) fn parsed<T: core::str::FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<T> {
        let (value, path, report) = self.take(key)?;
        let text = text_of(value, &path, report)?;
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                report.add(&path, MistakeCode::BadValue, format_args!("`{text}`: {error}"));
                None
            }
        }
    }

    /// An optional value from a fixed list of words.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let (value, path, report) = self.take(key)?;
        choice_of(value, &path, report, choices)
    }

    /// An optional list of values from a fixed list of words.
    pub(crate) fn choices<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Vec<T> {
        self.list(key, |value, path, report| choice_of(value, &path, report, choices))
    }

    /// The same, where leaving the list out says something else than an empty one.
    pub(crate) fn given_choices<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<Vec<T>> {
        let given = self.table.iter().any(|(written, _)| written == key);
        let chosen = self.choices(key, choices);
        given.then_some(chosen)
    }

    /// An optional list of texts.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.list(key, |value, path, report| text_of(value, &path, report))
    }

    /// An optional list, each entry read by the caller.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&'d Document, Path, &mut Report) -> Option<T>,
    ) -> Vec<T> {
        let Some((value, path, report)) = self.take(key) else { return Vec::new() };
        let Document::List(values) = value else {
            report.wrong_type(&path, "a list", value);
            return Vec::new();
        };
        values.iter().enumerate().filter_map(|(at, value)| read(value, path.at(at), report)).collect()
    }

    /// An optional table inside this one, read by the caller.
    pub(crate) fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Fields<'d, '_>) -> T) -> Option<T> {
        let (value, path, report) = self.take(key)?;
        let mut fields = Fields::open(value, path, report)?;
        let read = read(&mut fields);
        fields.close();
        Some(read)
    }

    /// Writes down every key that was not asked for.
    pub(crate) fn close(self) {
        for (key, _) in self.table {
            if !self.known.contains(&key.as_str()) {
                let path = self.path.key(key);
                self.report.unknown(&path, MistakeCode::UnknownKey, "key", key, self.known.iter().copied());
            }
        }
    }
}

/// A text, or a mistake.
pub(crate) fn text_of(value: &Document, path: &Path, report: &mut Report) -> Option<String> {
    match value {
        Document::Text(text) => Some(text.to_owned()),
        other => {
            report.wrong_type(path, "a text", other);
            None
        }
    }
}

fn choice_of<T: Copy>(value: &Document, path: &Path, report: &mut Report, choices: &[(&'static str, T)]) -> Option<T> {
    let text = text_of(value, path, report)?;
    if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text) {
        return Some(*choice);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    match nearest(&text, words.iter().copied()) {
        Some(meant) => {
            report.add(
                path,
                MistakeCode::BadValue,
                format_args!("`{text}` is no choice here; did you mean `{meant}`?"),
            );
        }
        None => {
            let listed = words.join("`, `");
            report.add(path, MistakeCode::BadValue, format_args!("`{text}` is no choice here; there are `{listed}`"));
        }
    }
    None
}
