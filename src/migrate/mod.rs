//! HOW DOES IT MOVE TO ANOTHER CATALOG? Keys are renamed, split, merged, removed; what organizations keep follows them.
//!
//! A [`Migration`] says what has become of everything that an old catalog names and a new one does not, is checked
//! against both, and then:
//!
//! - rewrites [records](Record) that were written under the old catalog, as they are loaded ([`upcast`](Migration::upcast),
//!   and [`Upcasting`] for a whole store);
//! - reads organizations in memory anew ([`reread`](Migration::reread)): with the same outcome;
//! - says beforehand who would gain and lose what ([`dry_run`](Migration::dry_run)), and what stands in the way.
//!
//! **Nothing widens** that is not declared, and **nothing is stranded**: what these mean to the letter is in the
//! [guide](crate::guide::semantics), under *Another catalog*. What differs between two states is next door, in
//! [`whatif`](crate::whatif).
//!
//! # The file form
//! Any format that serde reads. All keys can be left out; a role, say, that is in both catalogs needs no word.
//!
//! ```toml
//! gains = ["report.export"]                                  # permissions that anybody may come to hold
//! options = ["policy.own_role"]                              # options that may bound authority less
//! permissions = [
//!     { rename = "note.write", to = "note.edit" },
//!     { split = "note.manage", to = ["note.share", "note.delete"] },  # a part may be one that goes on
//!     { merge = ["bill.view", "bill.pay"], to = "bill.manage" },  # only to whoever held both
//!     { merge = ["run", "debug"], to = "launch", widen = true },  # to whoever held any of them
//!     { remove = "note.print" },
//! ]
//! roles = [
//!     { rename = "editor", to = "writer" },
//!     { merge = ["lead", "senior"], to = "lead" },
//!     { remove = "intern", to = "guest" },                   # what its holders fall back to
//!     { keep = "writer", widen = true },                     # comes to do more, on purpose
//! ]
//! groups = [{ rename = "all_editors", to = "all_writers" }, { remove = "all_interns" }]
//! plans = [{ rename = "pro", to = "team" }, { keep = "team", widen = true }]
//! providers = [{ rename = "okta", to = "corporate" }]
//! ```
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//!
//! use bailiwick::catalog::{Catalog, RoleDef, resource};
//! use bailiwick::migrate::{Migration, Move};
//!
//! let catalog = |permissions: [&str; 2], role: &str| {
//!     Catalog::builder("notes")
//!         .permissions(permissions.map(resource))
//!         .role(RoleDef::new("owner", 20).owner().allows_all())
//!         .role(RoleDef::new(role, 10).allows([permissions[0]]))
//!         .build()
//!         .map(Arc::new)
//! };
//! let old = catalog(["note.read", "note.write"], "reader")?;
//! let new = catalog(["note.see", "note.write"], "viewer")?;
//!
//! let mistakes = Migration::builder().roles([Move::rename("raeder", "viewer")]).build(&old, &new).unwrap_err();
//! assert_eq!(mistakes.to_string(), "\
//! permissions: permission `note.read` of the old catalog is not in the new one: rename, split, merge, remove it
//! roles[0].rename: unknown role of the old catalog `raeder`; did you mean `reader`?
//! roles: role `reader` of the old catalog is not in the new one: rename, merge, remove it");
//!
//! let migration = Migration::builder()
//!     .permissions([Move::rename("note.read", "note.see")])
//!     .roles([Move::rename("reader", "viewer")])
//!     .build(&old, &new)?;
//! # assert!(migration.widenings().is_empty());
//! # Ok::<(), bailiwick::document::Mistakes>(())
//! ```

mod chain;
mod check;
mod dry_run;
mod fates;
mod gains;
mod keys;
mod moves;
mod read;
mod record;
mod shares;
mod state;
mod stored;
mod stranded;
mod widening;

pub use chain::{BrokenChain, Migrations};
pub use dry_run::{DryRun, Objection, Refused};
pub use gains::Gain;
pub use moves::{MigrationBuilder, Move};
pub use stored::{Stored, Upcasting};
pub use stranded::Stranded;
pub use widening::{More, Of, Widening};

use alloc::sync::Arc;

use serde::{Serialize, Serializer};

use crate::catalog::Catalog;
#[cfg(doc)]
use crate::change::Record;
use crate::document::{Document, Mistakes};
use check::Tables;

/// What has become of everything that an old catalog names, checked against the old and the new one.
///
/// # Shape
/// Immutable; one serves every organization. Written by serde in the file form.
///
/// # Examples
/// See the [module](self).
#[derive(Clone, Debug)]
pub struct Migration {
    moves: MigrationBuilder,
    tables: Tables,
    old: Arc<Catalog>,
    new: Arc<Catalog>,
}

impl Migration {
    /// Begins a migration.
    #[must_use]
    pub fn builder() -> MigrationBuilder {
        MigrationBuilder::default()
    }

    /// The migration between two catalogs that name the same things, or of which the new one only names more: for asking
    /// what a role or a policy that is changed would mean.
    ///
    /// # Errors
    /// [`Mistakes`]: whatever the new catalog does not name any more.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::Timestamp;
    /// # use bailiwick::catalog::Catalog;
    /// use bailiwick::migrate::Migration;
    ///
    /// let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let new = old.to_builder().change_role("editor", |role| role.allows(["share.internal"])).build()?;
    /// let migration = Migration::between(&old, &Arc::new(new))?;
    /// assert_eq!(migration.widenings()[0].to_string(), "whoever was `editor` also holds `share.internal`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn between(old: &Arc<Catalog>, new: &Arc<Catalog>) -> Result<Self, Mistakes> {
        Self::builder().build(old, new)
    }

    /// Reads a migration from a parsed file and checks it.
    ///
    /// # Errors
    /// [`Mistakes`]: all of them, those of reading before those of meaning, each with the path to its place.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::catalog::Catalog;
    /// use bailiwick::migrate::Migration;
    ///
    /// let catalog: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let text = r#"permissions = [{ rename = "script.veiw", too = "script.read" }, { "remove" = "script.edit", to = "x" }]"#;
    /// let mistakes = Migration::from_document(&toml::from_str(text)?, &catalog, &catalog).unwrap_err();
    /// let places: Vec<&str> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    /// assert_eq!(places, ["permissions[0].too", "permissions[0]", "permissions[0].rename", "permissions[1]", "permissions[1].to"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_document(document: &Document, old: &Arc<Catalog>, new: &Arc<Catalog>) -> Result<Self, Mistakes> {
        let (moves, found) = read::read(document);
        check::check(moves, found, old, new)
    }

    /// The catalog that there was.
    #[must_use]
    pub const fn old_catalog(&self) -> &Arc<Catalog> {
        &self.old
    }

    /// The catalog that there is.
    #[must_use]
    pub const fn new_catalog(&self) -> &Arc<Catalog> {
        &self.new
    }
}

impl Serialize for Migration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.moves.serialize(serializer)
    }
}
