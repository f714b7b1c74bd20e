//! Chains: one migration after the other, so that what was written under any earlier catalog is read under the newest.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Migration;
use crate::catalog::{Catalog, GroupKey};
use crate::change::Record;
use crate::id::OrgId;
use crate::organization::{Organization, Snapshot};

/// Migrations in order, each beginning with the catalog with which the one before ended.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::catalog::{Catalog, RoleDef};
/// # use bailiwick::change::{Event, Record};
/// use bailiwick::migrate::{Migration, Migrations, Move};
/// # let catalog = |role| Catalog::builder("notes").role(RoleDef::new("owner", 2).owner()).role(RoleDef::new(role, 1)).build().map(Arc::new);
/// # let (first, second, third) = (catalog("editor")?, catalog("writer")?, catalog("author")?);
/// # let text = r#"{ "version": 9, "at": 0, "by": "system", "event": { "roles_changed": { "user": "00000000-0000-0000-0000-000000000007", "roles": ["editor"] } } }"#;
/// # let record: Record = serde_json::from_str(text)?;
/// let migrations = Migrations::new([
///     Migration::builder().roles([Move::rename("editor", "writer")]).build(&first, &second)?,
///     Migration::builder().roles([Move::rename("writer", "author")]).build(&second, &third)?,
/// ])?;
/// let record = migrations.upcast(&first, record).unwrap();
/// assert!(matches!(record.event, Event::RolesChanged { roles, .. } if roles == ["author".into()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Migrations(Vec<Migration>);

/// A migration does not begin with the catalog with which the one before ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("migration {at} does not begin with the catalog with which the one before ended")]
pub struct BrokenChain {
    /// Which one, counted from zero.
    pub at: usize,
}

impl Migrations {
    /// Puts migrations in a row.
    ///
    /// # Errors
    /// [`BrokenChain`].
    pub fn new(migrations: impl IntoIterator<Item = Migration>) -> Result<Self, BrokenChain> {
        let migrations: Vec<Migration> = migrations.into_iter().collect();
        let pairs = migrations.iter().zip(migrations.iter().skip(1));
        match pairs.map(|(one, next)| one.new_catalog() == next.old_catalog()).position(|fits| !fits) {
            Some(before) => Err(BrokenChain { at: before.saturating_add(1) }),
            None => Ok(Self(migrations)),
        }
    }

    /// Every step, in order.
    #[must_use]
    pub fn steps(&self) -> &[Migration] {
        &self.0
    }

    /// The steps from a catalog on: none for the newest one; `None` for one that is not in the chain. A catalog that was left
    /// and came back counts from where it stands last: what is from its first time is told apart by
    /// [`Upcasting`](super::Upcasting) alone.
    #[must_use]
    pub fn since(&self, catalog: &Catalog) -> Option<&[Migration]> {
        let newest = self.0.last().filter(|step| **step.new_catalog() == *catalog);
        if newest.is_some() {
            return Some(Default::default());
        }
        self.0.iter().rposition(|step| **step.old_catalog() == *catalog).and_then(|at| self.0.get(at..))
    }

    /// Rewrites a record that was written under one of the catalogs for the newest; `None` for a catalog that is not in
    /// the chain.
    #[must_use]
    pub fn upcast(&self, written_under: &Catalog, record: Record) -> Option<Record> {
        Some(self.since(written_under)?.iter().fold(record, |record, step| step.upcast(record)))
    }

    /// A system group's key, and every one that it ever had.
    pub(super) fn former_groups(&self, newest: &GroupKey) -> BTreeSet<GroupKey> {
        let mut keys = BTreeSet::from([newest.clone()]);
        for step in self.0.iter().rev() {
            let known = step.old_catalog().groups().map(|(_, def)| GroupKey::from(def.key.as_str()));
            keys.extend(known.filter(|key| keys.contains(&step.group_key(key))).collect::<Vec<_>>());
        }
        keys
    }

    /// Reads an organization anew under the newest catalog, as [`Migration::reread`] does; `None` for one under a catalog
    /// that is not in the chain.
    #[must_use]
    pub fn reread(&self, organization: &Organization) -> Option<Organization> {
        let steps = self.since(organization.catalog())?;
        Some(steps.iter().fold(organization.clone(), |organization, step| step.reread(&organization)))
    }

    /// A snapshot as one of the newest catalog; `None` for one that was made under a catalog that is not in the chain.
    pub(super) fn reread_snapshot(&self, id: OrgId, snapshot: &Snapshot) -> Option<Snapshot> {
        let newest = self.0.last().map(Migration::new_catalog)?;
        if newest.fingerprint() == snapshot.catalog() {
            return Some(snapshot.clone());
        }
        let made_under = |step: &&Migration| step.old_catalog().fingerprint() == snapshot.catalog();
        let catalog = self.0.iter().rev().find(made_under)?.old_catalog();
        let organization = Organization::restore(id, Arc::clone(catalog), snapshot).ok()?;
        Some(self.reread(&organization)?.snapshot())
    }
}
