//! Moves: what becomes of what an old catalog names, as somebody declares it, before anybody has checked it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Migration, check};
use crate::catalog::Catalog;
use crate::document::Mistakes;

/// What is done with a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verb {
    Rename,
    Split,
    Merge,
    Remove,
    Keep,
}

impl Verb {
    pub(super) const ALL: [(&'static str, Self); 5] = [
        ("rename", Self::Rename),
        ("split", Self::Split),
        ("merge", Self::Merge),
        ("remove", Self::Remove),
        ("keep", Self::Keep),
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Remove => "remove",
            Self::Keep => "keep",
        }
    }
}

/// What becomes of one key of the old catalog, or of several.
///
/// # Examples
/// ```
/// use bailiwick::migrate::Move;
///
/// let _ = Move::rename("note.write", "note.edit");
/// let _ = Move::split("note.manage", ["note.share", "note.delete"]);
/// let _ = Move::merge(["billing.view", "billing.change"], "billing.manage"); // only to whoever held both
/// let _ = Move::remove("note.print");
/// let _ = Move::remove("intern").falling_back_to("guest"); // a role
/// let _ = Move::keep("editor").widening(); // a role that comes to do more, on purpose
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Move {
    pub(super) verb: Verb,
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) widen: bool,
}

impl Move {
    fn new<'k>(verb: Verb, from: impl IntoIterator<Item = &'k str>, to: impl IntoIterator<Item = &'k str>) -> Self {
        let owned = |keys: &mut dyn Iterator<Item = &'k str>| keys.map(ToOwned::to_owned).collect();
        Self { verb, from: owned(&mut from.into_iter()), to: owned(&mut to.into_iter()), widen: false }
    }

    /// It has another key.
    #[must_use]
    pub fn rename(from: &str, to: &str) -> Self {
        Self::new(Verb::Rename, [from], [to])
    }

    /// A permission is several now: whoever held it holds all of them, whoever was denied it is denied all of them. A part can
    /// be one that there was already and that goes on.
    #[must_use]
    pub fn split<'k>(from: &'k str, to: impl IntoIterator<Item = &'k str>) -> Self {
        Self::new(Verb::Split, [from], to)
    }

    /// Several are one now. A merged permission is given to whoever held all of them, and taken from whoever was denied any.
    #[must_use]
    pub fn merge<'k>(from: impl IntoIterator<Item = &'k str>, to: &'k str) -> Self {
        Self::new(Verb::Merge, from, [to])
    }

    /// It is gone; a role needs one to [fall back to](Self::falling_back_to).
    #[must_use]
    pub fn remove(from: &str) -> Self {
        Self::new(Verb::Remove, [from], [])
    }

    /// It stays; to be said of a role or plan that is to do more than it did, with [`widening`](Self::widening).
    #[must_use]
    pub fn keep(key: &str) -> Self {
        Self::new(Verb::Keep, [key], [])
    }

    /// The role that its holders have from now on.
    #[must_use]
    pub fn falling_back_to(mut self, role: &str) -> Self {
        self.to = [role.to_owned()].into();
        self
    }

    /// Gives more than there was, on purpose: a merged permission to whoever held any of them; to the holders of a role, or
    /// to organizations on a plan, what the new one does beyond the old one.
    #[must_use]
    pub const fn widening(mut self) -> Self {
        self.widen = true;
        self
    }
}

/// In the file form: `{ rename = "a", to = "b" }`.
impl Serialize for Move {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut table = serializer.serialize_map(None)?;
        match (self.verb, self.from.as_slice()) {
            (Verb::Merge, from) => table.serialize_entry(self.verb.as_str(), from)?,
            (_, from) => table.serialize_entry(self.verb.as_str(), &from.first())?,
        }
        match (self.verb, self.to.as_slice()) {
            (_, []) => {}
            (Verb::Split, to) => table.serialize_entry("to", to)?,
            (_, to) => table.serialize_entry("to", &to.first())?,
        }
        if self.widen {
            table.serialize_entry("widen", &true)?;
        }
        table.end()
    }
}

/// A migration being declared. [`build`](Self::build) checks it against both catalogs and reports every mistake at once.
///
/// # Examples
/// See the [module](super).
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct MigrationBuilder {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) gains: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) options: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) permissions: Vec<Move>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<Move>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<Move>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) plans: Vec<Move>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) providers: Vec<Move>,
}

impl MigrationBuilder {
    /// Permissions: renamed, split, merged, removed.
    #[must_use]
    pub fn permissions(mut self, moves: impl IntoIterator<Item = Move>) -> Self {
        self.permissions.extend(moves);
        self
    }

    /// Roles: renamed, merged, removed with one to fall back to, kept and widened.
    #[must_use]
    pub fn roles(mut self, moves: impl IntoIterator<Item = Move>) -> Self {
        self.roles.extend(moves);
        self
    }

    /// System groups: renamed, removed.
    #[must_use]
    pub fn groups(mut self, moves: impl IntoIterator<Item = Move>) -> Self {
        self.groups.extend(moves);
        self
    }

    /// Plans: renamed, kept and widened. One that is not sold any more stays in the catalog for whoever has it.
    #[must_use]
    pub fn plans(mut self, moves: impl IntoIterator<Item = Move>) -> Self {
        self.plans.extend(moves);
        self
    }

    /// Identity providers: renamed.
    #[must_use]
    pub fn providers(mut self, moves: impl IntoIterator<Item = Move>) -> Self {
        self.providers.extend(moves);
        self
    }

    /// Permissions of the new catalog that anybody may come to hold: new ones, or some that roles hold from now on. What is
    /// asked for them may become less, and they may come to be needed for something that needed another one.
    #[must_use]
    pub fn gains<'k>(mut self, permissions: impl IntoIterator<Item = &'k str>) -> Self {
        self.gains.extend(permissions.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Options that may come to bound authority less, by their paths in the file form, such as `policy.own_role`.
    #[must_use]
    pub fn options<'k>(mut self, paths: impl IntoIterator<Item = &'k str>) -> Self {
        self.options.extend(paths.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Checks everything against the catalog that there was and the one that there is.
    ///
    /// # Errors
    /// [`Mistakes`]: all of them, each with the path to its place in the file form. Whatever of the old catalog is neither in
    /// the new one nor in a move is one of them.
    pub fn build(self, old: &Arc<Catalog>, new: &Arc<Catalog>) -> Result<Migration, Mistakes> {
        check::check(self, Vec::new(), old, new)
    }
}
