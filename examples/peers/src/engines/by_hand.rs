//! The maps written by hand, with either width of ids: the yardstick.

use std::sync::Arc;

use bailiwick::catalog::Catalog;

use crate::baseline::{Asked, Baseline};
use crate::engine::Engine;
use crate::worlds::{Plain, Question};

impl Engine for Baseline<u128> {
    const NAME: &'static str = "by hand, 128-bit ids";
    type Asked<'a> = Asked<u128>;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let mut maps = Self::new();
        organizations.for_each(|org| maps.insert(&org));
        maps
    }

    fn ask(&self, question: &Question) -> Asked<u128> {
        question.into()
    }

    #[inline]
    fn check(&self, asked: &Asked<u128>) -> bool {
        self.check(asked)
    }
}

impl Engine for Baseline<u64> {
    const NAME: &'static str = "by hand, 64-bit ids";
    type Asked<'a> = Asked<u64>;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let mut maps = Self::new();
        organizations.for_each(|org| maps.insert(&org));
        maps
    }

    fn ask(&self, question: &Question) -> Asked<u64> {
        question.into()
    }

    #[inline]
    fn check(&self, asked: &Asked<u64>) -> bool {
        self.check(asked)
    }
}
