//! Replacing: records come in the place of others, whose digests stay.

use std::string::String;
use std::vec::Vec;

use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::rows::{json_of_keys, json_of_rows};
use super::shape::replacement;
use super::trouble::Stage;
use super::wire::{Bits, column, columns_of, instant, version};
use crate::rows::RowChanges;
use crate::store::json::{FORMAT, lines_of};
use crate::store::{Replacement, StoreError};
use crate::version::Version;

impl PostgresStore {
    pub(super) async fn put_in_place(&self, replaced: &Replacement<'_>) -> Result<bool, StoreError> {
        let none = RowChanges::default();
        let (expected, rows) = replaced.rows.map_or((None, &none), |(version, rows)| (Some(version), rows));
        let (sql, [put, deleted]) = replacement(&self.options, rows);

        let lines = lines_of(&replaced.batch)?;
        let (id, (kind, resource)) = (Bits::from(replaced.organization), columns_of(replaced.batch.stream()));
        let at = expected.map(version).transpose()?;
        let versions = lines.iter().map(|line| version(line.version)).collect::<Result<Vec<i64>, _>>()?;
        let instants: Vec<i64> = lines.iter().map(|line| instant(line.at)).collect();
        let digests: Vec<Vec<u8>> = lines.iter().map(|line| line.digest.to_bytes().to_vec()).collect();
        let texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
        let format = i32::from(FORMAT);
        let mut of_rows = Vec::new();
        for table in put {
            of_rows.push(json_of_rows(rows.put.iter().filter(|row| row.table() == table))?);
        }
        for table in deleted {
            of_rows.push(json_of_keys(rows.deleted.iter().filter(|key| key.table() == table))?);
        }
        let mut bound: Vec<&(dyn ToSql + Sync)> =
            std::vec![&id, &kind, &resource, &at, &format, &versions, &instants, &texts, &digests];
        bound.extend(of_rows.iter().map(|text| text as &(dyn ToSql + Sync)));

        let answer = self.run(Stage::Committing, &sql, &bound).await?;
        let is_there = answer.first().map(|row| column::<i64>(row, 0)).transpose()?.is_some_and(|found| found > 0);
        Ok(is_there || expected.is_none_or(|expected| expected == Version::ZERO))
    }
}
