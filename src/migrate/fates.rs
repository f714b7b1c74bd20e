//! Fates: what one list of moves makes of the keys of the old catalog, each mistake at its place.

use alloc::vec::Vec;

use super::moves::{Move, Verb};
use crate::document::{MistakeCode, Path, Report};

/// One list of moves, and the keys on both sides, in the order of their positions.
pub(super) struct Lists<'m> {
    pub(super) name: &'static str,
    /// What one of them is called.
    pub(super) what: &'static str,
    pub(super) moves: &'m [Move],
    pub(super) verbs: &'static [Verb],
    pub(super) old: Vec<&'m str>,
    pub(super) new: Vec<&'m str>,
}

/// What becomes of one key, as positions in the new catalog.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    /// What it is now, and nothing else is, unless they were merged.
    pub(super) becomes: Vec<u8>,
    /// What was there already and goes on, and is a part of it.
    pub(super) joins: Vec<u8>,
}

impl Fate {
    pub(super) fn first(&self) -> Option<u8> {
        self.becomes.first().copied()
    }
}

/// What becomes of each key of the old catalog, by its position there.
pub(super) fn fates(lists: &Lists<'_>, report: &mut Report) -> Vec<Fate> {
    let root = Path::default().key(lists.name);
    let mut told = Told {
        lists,
        report,
        fates: lists.old.iter().map(|_| None).collect(),
        taken: lists.new.iter().map(|_| false).collect(),
    };
    for (at, said) in lists.moves.iter().enumerate() {
        // One that could not be read says nothing.
        if said.verb != Verb::Keep || !said.from.is_empty() {
            told.take_in(said, &root.at(at));
        }
    }
    told.settle(&root)
}

/// What has been told so far.
struct Told<'t, 'm> {
    lists: &'t Lists<'m>,
    report: &'t mut Report,
    fates: Vec<Option<Fate>>,
    /// By position in the new catalog: whether something becomes it.
    taken: Vec<bool>,
}

impl Told<'_, '_> {
    fn take_in(&mut self, said: &Move, place: &Path) {
        self.shape(said, place);
        let fate = self.fate(said, place);
        for target in fate.becomes.iter().filter(|_| said.verb != Verb::Remove) {
            let claimed = self.taken.get_mut(usize::from(*target));
            if claimed.is_some_and(|claimed| core::mem::replace(claimed, true)) {
                let key = self.lists.new.get(usize::from(*target)).copied().unwrap_or_default();
                let message = alloc::format!("`{key}` comes from elsewhere already: merge what becomes of it");
                self.report.add(place, MistakeCode::Duplicate, message);
            }
        }
        for key in &said.from {
            let place = place.key(said.verb.as_str());
            let Some(old) = position(&self.lists.old, key) else {
                let what = alloc::format!("{} of the old catalog", self.lists.what);
                self.report.unknown(&place, MistakeCode::UnknownName, &what, key, self.lists.old.iter().copied());
                continue;
            };
            let known = self.fates.get_mut(usize::from(old));
            if known.is_some_and(|known| known.replace(fate.clone()).is_some()) {
                let message = alloc::format!("it is said already what becomes of `{key}`");
                self.report.add(&place, MistakeCode::Duplicate, message);
            }
        }
    }

    /// What a move makes of the keys that it is about.
    fn fate(&mut self, said: &Move, place: &Path) -> Fate {
        let (written, word) = if said.verb == Verb::Keep { (&said.from, "keep") } else { (&said.to, "to") };
        let mut fate = Fate::default();
        for key in written {
            match position(&self.lists.new, key) {
                Some(target) if said.verb == Verb::Split && self.goes_on(key, said) => fate.joins.push(target),
                Some(target) => fate.becomes.push(target),
                None => {
                    let what = alloc::format!("{} of the new catalog", self.lists.what);
                    let known = self.lists.new.iter().copied();
                    self.report.unknown(&place.key(word), MistakeCode::UnknownName, &what, key, known);
                }
            }
        }
        fate
    }

    /// Whether a key was there already and nothing is said of it, so that a part of another one can only join it.
    fn goes_on(&self, key: &str, said: &Move) -> bool {
        let is_moved = self.lists.moves.iter().any(|other| other.from.iter().any(|from| from == key));
        !said.from.iter().any(|from| from == key) && position(&self.lists.old, key).is_some() && !is_moved
    }

    /// Keys of which nothing was said are what they were, if they still are there.
    fn settle(self, root: &Path) -> Vec<Fate> {
        let mut settled = Vec::with_capacity(self.fates.len());
        for (key, fate) in self.lists.old.iter().zip(self.fates) {
            settled.push(fate.unwrap_or_else(|| match position(&self.lists.new, key) {
                Some(same) => {
                    if self.taken.get(usize::from(same)) == Some(&true) {
                        let message =
                            alloc::format!("`{key}` is in both catalogs, and something else becomes it: merge the two");
                        self.report.add(root, MistakeCode::Contradiction, message);
                    }
                    Fate { becomes: [same].into(), joins: Vec::new() }
                }
                None => {
                    let verbs = self.lists.verbs.iter().filter(|verb| **verb != Verb::Keep);
                    let words: Vec<&str> = verbs.map(|verb| verb.as_str()).collect();
                    let (what, words) = (self.lists.what, words.join(", "));
                    let message = alloc::format!("{what} `{key}` of the old catalog is not in the new one: {words} it");
                    self.report.add(root, MistakeCode::Missing, message);
                    Fate::default()
                }
            }));
        }
        settled
    }

    /// Whether a move is one for its list, and names as many keys as it needs.
    fn shape(&mut self, said: &Move, place: &Path) {
        let lists = self.lists;
        if !lists.verbs.contains(&said.verb) {
            let message = alloc::format!("a {} cannot be told to {}", lists.what, said.verb.as_str());
            self.report.add(place, MistakeCode::Contradiction, message);
            return;
        }
        let is_role = lists.name == "roles";
        let (from, to) = (said.from.len(), said.to.len());
        let (fits, message) = match said.verb {
            Verb::Rename => (from == 1 && to == 1, "one key is renamed `to` one key"),
            Verb::Split => (from == 1 && to >= 2, "one key is split `to` several"),
            Verb::Merge => (from >= 2 && to == 1, "several keys are merged `to` one"),
            Verb::Remove if is_role => (from == 1 && to == 1, "whoever had a removed role falls back `to` another one"),
            Verb::Remove => (from == 1 && to == 0, "what is removed becomes nothing"),
            Verb::Keep => (from == 1 && to == 0, "one key is kept as it is"),
        };
        if !fits {
            self.report.add(place, MistakeCode::BadValue, message);
        }
        let repeated =
            said.to.iter().enumerate().any(|(at, key)| said.to.iter().take(at).any(|earlier| earlier == key));
        if repeated {
            self.report.add(&place.key("to"), MistakeCode::Duplicate, "this key stands there already");
        }
    }
}

fn position(keys: &[&str], key: &str) -> Option<u8> {
    keys.iter().position(|known| *known == key).and_then(|at| u8::try_from(at).ok())
}
