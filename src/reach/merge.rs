//! Several ordered lists of ids as one: in order, each id once.

use alloc::collections::{BTreeSet, btree_set};
use alloc::vec::Vec;
use core::iter::Peekable;
use core::ops::Bound;

/// Ids in order, from several lists.
pub(super) struct Merge<I: Iterator> {
    lists: Vec<Peekable<I>>,
}

impl<I: Iterator> Merge<I> {
    pub(super) fn of(lists: impl IntoIterator<Item = I>) -> Self {
        Self { lists: lists.into_iter().map(Iterator::peekable).collect() }
    }
}

impl<T: Copy + Ord, I: Iterator<Item = T>> Iterator for Merge<I> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let least = self.lists.iter_mut().filter_map(|list| list.peek().copied()).min()?;
        for list in &mut self.lists {
            list.next_if(|id| *id == least);
        }
        Some(least)
    }
}

/// The ids of a set behind one.
pub(super) fn behind<I: Copy + Ord>(set: &BTreeSet<I>, last: Option<I>) -> btree_set::Range<'_, I> {
    set.range((last.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_in_order_and_once() {
        let lists = [[1, 4, 9], [2, 4, 8], [4, 8, 9]];
        let merged = Merge::of(lists.map(IntoIterator::into_iter));
        assert_eq!(merged.collect::<Vec<_>>(), [1, 2, 4, 8, 9]);
    }
}
