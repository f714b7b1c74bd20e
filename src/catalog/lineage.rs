//! Lineage: which permission of one catalog is which of another. The same key, unless somebody says otherwise.

use alloc::vec::Vec;

use super::{Catalog, Permission, PermissionSet};

/// What the permissions of a new catalog were in an old one, and what has become of those of the old one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Lineage {
    /// By position in the new catalog: what it was. One, several that were merged, or nothing for a new one.
    sources: Vec<PermissionSet>,
    /// By position in the new catalog: what it is a part of besides. Each of them alone was worth it.
    wholes: Vec<PermissionSet>,
    /// By position in the old catalog: what it is now. One, several parts, or nothing for one that is gone.
    targets: Vec<PermissionSet>,
    /// Of the new catalog: merged ones that whoever held any of the sources is given.
    widened: PermissionSet,
}

impl Lineage {
    /// Permissions of one key are one permission.
    pub(crate) fn by_key(old: &Catalog, new: &Catalog) -> Self {
        let mut lineage = Self::unrelated(old, new);
        for (permission, def) in old.permissions() {
            if let Some(same) = new.permission(&def.key) {
                lineage.relate(permission, same);
            }
        }
        lineage
    }

    /// Two catalogs that have nothing in common.
    pub(crate) fn unrelated(old: &Catalog, new: &Catalog) -> Self {
        let nothing = |catalog: &Catalog| catalog.permissions().map(|_| PermissionSet::EMPTY).collect();
        Self { sources: nothing(new), wholes: nothing(new), targets: nothing(old), widened: PermissionSet::EMPTY }
    }

    /// From now on the one is (part of) the other.
    pub(crate) fn relate(&mut self, old: Permission, new: Permission) {
        insert(&mut self.sources, new, old);
        insert(&mut self.targets, old, new);
    }

    /// A part of the one is the other, which there was already and goes on.
    pub(crate) fn relate_part(&mut self, whole: Permission, part: Permission) {
        insert(&mut self.wholes, part, whole);
        insert(&mut self.targets, whole, part);
    }

    /// Whoever held any of the sources is given it.
    pub(crate) const fn widen(&mut self, merged: Permission) {
        self.widened.insert(merged);
    }

    /// What has become of a permission of the old catalog.
    pub(crate) fn targets(&self, old: Permission) -> PermissionSet {
        self.targets.get(usize::from(old.index())).copied().unwrap_or_default()
    }

    /// What holding `old` was worth in the words of the new catalog: of merged permissions those of which all sources
    /// were held.
    pub(crate) fn worth(&self, old: PermissionSet) -> PermissionSet {
        self.new_ones(|sources, wholes| (!sources.is_empty() && sources.is_subset(&old)) || !(wholes & old).is_empty())
    }

    /// What a list that gives `old` gives now: what it was worth, and what is widened.
    pub(crate) fn given(&self, old: PermissionSet) -> PermissionSet {
        self.worth(old) | self.widened_of(old)
    }

    /// What a list that takes `old` takes now: whatever any of it has become.
    pub(crate) fn touched(&self, old: PermissionSet) -> PermissionSet {
        self.new_ones(|sources, wholes| !((sources | wholes) & old).is_empty())
    }

    /// The merged permissions that are given to whoever held any of the sources, as `old` has.
    pub(crate) fn widened_of(&self, old: PermissionSet) -> PermissionSet {
        self.touched(old) & self.widened
    }

    /// What was held and is not any more: of the old catalog what is gone or was merged, of the new one the rest.
    pub(crate) fn lost(&self, had: PermissionSet, has: PermissionSet) -> (PermissionSet, PermissionSet) {
        let (mut of_old, mut of_new) = (PermissionSet::EMPTY, PermissionSet::EMPTY);
        for permission in had.iter() {
            let targets = self.targets(permission);
            if targets.is_empty() {
                of_old.insert(permission);
            }
            for target in (targets - has).iter() {
                // Of one that was merged the old key: nobody held the new one by holding a part of it.
                if self.worth(PermissionSet::from_iter([permission])).contains(target) {
                    of_new.insert(target);
                } else {
                    of_old.insert(permission);
                }
            }
        }
        (of_old, of_new)
    }

    fn new_ones(&self, keep: impl Fn(PermissionSet, PermissionSet) -> bool) -> PermissionSet {
        let all = (0..=u8::MAX).map(Permission::from_index).zip(self.sources.iter().zip(&self.wholes));
        all.filter(|(_, (sources, wholes))| keep(**sources, **wholes)).map(|(permission, _)| permission).collect()
    }
}

/// Notes one of the other side in the set that a permission has.
fn insert(sets: &mut [PermissionSet], of: Permission, more: Permission) {
    if let Some(set) = sets.get_mut(usize::from(of.index())) {
        set.insert(more);
    }
}
