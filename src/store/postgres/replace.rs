//! Replacing: records come in the place of others, whose digests stay.

use super::PostgresStore;
use super::bind::{Bound, Net};
use super::shape::Shape;
use super::trouble::Stage;
use super::wire::column;
use crate::rows::RowChanges;
use crate::store::{Replacement, StoreError};
use crate::version::Version;

impl PostgresStore {
    pub(super) async fn put_in_place(&self, replaced: &Replacement<'_>) -> Result<bool, StoreError> {
        let none = RowChanges::default();
        let net = replaced.beside.map(|beside| Net::of(beside.keys)).unwrap_or_default();
        let shape = Shape::of_beside(&net, replaced.beside.map_or(&none, |beside| beside.rows));
        let (sql, bound) = (shape.replacement(&self.options), Bound::of_replacement(replaced, shape, &net)?);
        let answer = self.run(Stage::Committing, &sql, &bound.values()).await?;
        let is_there = answer.first().map(|row| column::<i64>(row, 0)).transpose()?.is_some_and(|found| found > 0);
        Ok(is_there || replaced.beside.is_none_or(|beside| beside.version == Version::ZERO))
    }
}
