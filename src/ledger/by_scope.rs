//! By scope: what is kept for parts of all spending, and found for one spend without trying every part.

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::hash::BuildHasher;
use core::mem;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::Scope;
use super::words::Shape;

/// Values by scope. There is a table for each shape of scope that has any, and a spend looks once into each.
#[derive(Clone, Debug)]
pub(super) struct ByScope<T> {
    /// Those that name most come first, then in the order of their scopes.
    tables: Vec<Table<T>>,
    len: usize,
}

impl<T> Default for ByScope<T> {
    fn default() -> Self {
        Self { tables: Vec::new(), len: 0 }
    }
}

impl<T: PartialEq> PartialEq for ByScope<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().all(|(scope, value)| other.get(scope) == Some(value))
    }
}

impl<T: Eq> Eq for ByScope<T> {}

impl<T> ByScope<T> {
    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, scope: &Scope) -> Option<&T> {
        let shape = scope.shape();
        self.tables.iter().find(|table| table.shape == shape)?.find(scope).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, scope: &Scope) -> Option<&mut T> {
        let shape = scope.shape();
        self.tables.iter_mut().find(|table| table.shape == shape)?.find_mut(scope)
    }

    /// Puts a value in, in the place of the one that was there.
    pub(super) fn insert(&mut self, scope: Scope, value: T) -> Option<T> {
        if let Some(there) = self.get_mut(&scope) {
            return Some(mem::replace(there, value));
        }
        let shape = scope.shape();
        if !self.tables.iter().any(|table| table.shape == shape) {
            self.tables.push(Table::new(shape));
            self.tables.sort_by_key(|table| (Reverse(table.shape.words()), table.shape.order()));
        }
        if let Some(table) = self.tables.iter_mut().find(|table| table.shape == shape) {
            table.insert(scope, value);
            self.len = self.len.saturating_add(1);
        }
        None
    }

    pub(super) fn remove(&mut self, scope: &Scope) {
        let shape = scope.shape();
        let table = self.tables.iter_mut().find(|table| table.shape == shape);
        let removed = table.is_some_and(|table| table.remove(scope));
        self.len = self.len.saturating_sub(usize::from(removed));
        self.tables.retain(|table| !table.values.is_empty());
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Scope, &T)> {
        self.tables.iter().flat_map(|table| &table.values).map(|(scope, value)| (scope, value))
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.tables.iter_mut().flat_map(|table| &mut table.values).map(|(_, value)| value)
    }

    /// What covers a spend: the scopes that name most first.
    pub(super) fn covering(&self, spend: &Scope) -> impl Iterator<Item = (&Scope, &T)> {
        let named = spend.shape();
        self.tables.iter().filter(move |table| table.shape.within(named)).filter_map(|table| table.find(spend))
    }

    pub(super) fn covering_mut(&mut self, spend: &Scope) -> impl Iterator<Item = &mut T> {
        let named = spend.shape();
        let tables = self.tables.iter_mut().filter(move |table| table.shape.within(named));
        tables.filter_map(|table| table.find_mut(spend))
    }
}

/// The values of one shape.
#[derive(Clone, Debug)]
struct Table<T> {
    shape: Shape,
    values: HashTable<(Scope, T)>,
    hasher: DefaultHashBuilder,
}

impl<T> Table<T> {
    fn new(shape: Shape) -> Self {
        Self { shape, values: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }

    fn hash(&self, scope: &Scope) -> u64 {
        self.hasher.hash_one(scope.mixed(self.shape))
    }

    fn find(&self, scope: &Scope) -> Option<(&Scope, &T)> {
        let is_it = |(known, _): &(Scope, T)| known.agrees(scope, self.shape);
        self.values.find(self.hash(scope), is_it).map(|(scope, value)| (scope, value))
    }

    fn find_mut(&mut self, scope: &Scope) -> Option<&mut T> {
        let (hash, shape) = (self.hash(scope), self.shape);
        let is_it = |(known, _): &(Scope, T)| known.agrees(scope, shape);
        self.values.find_mut(hash, is_it).map(|(_, value)| value)
    }

    fn insert(&mut self, scope: Scope, value: T) {
        let (hash, shape) = (self.hash(&scope), self.shape);
        let hasher = |(known, _): &(Scope, T)| self.hasher.hash_one(known.mixed(shape));
        self.values.insert_unique(hash, (scope, value), hasher);
    }

    fn remove(&mut self, scope: &Scope) -> bool {
        let (hash, shape) = (self.hash(scope), self.shape);
        let found = self.values.find_entry(hash, |(known, _)| known.agrees(scope, shape));
        found.map(|entry| entry.remove()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;

    fn of(values: &[(u64, u8)]) -> ByScope<u8> {
        let mut all = ByScope::default();
        for (n, value) in values {
            all.insert(Scope { user: UserId::from_u64(*n), ..Scope::EVERYTHING }, *value);
        }
        all
    }

    #[test]
    fn the_same_values_are_equal_in_whatever_order_they_came() {
        assert_eq!(of(&[(1, 5), (2, 6)]), of(&[(2, 6), (1, 5)]));
        for other in [&[(1, 5)][..], &[(1, 5), (2, 7)], &[(1, 5), (3, 6)], &[(1, 5), (2, 6), (3, 7)]] {
            assert_ne!(of(&[(1, 5), (2, 6)]), of(other));
            assert_ne!(of(other), of(&[(1, 5), (2, 6)]));
        }
    }
}
