//! Binding: what stands for the marks in the statement of an append, in the order of [`Shape`].

use std::borrow::ToOwned;
use std::boxed::Box;
use std::collections::{BTreeMap, BTreeSet};
use std::string::String;
use std::vec::Vec;

use tokio_postgres::types::{ToSql, Type};

use super::rows::{json_of_keys, json_of_rows};
use super::shape::Shape;
use super::wire::{Bits, columns_of, columns_of_place, instant, version};
use crate::rows::{ColumnType, Row, RowChanges, Value as Cell};
use crate::store::json::{Digest, FORMAT, Line, lines_of, text_of};
use crate::store::{Append, Keys, Place, Replacement, StoreError};

/// What an append makes of the keys when it is over: no place is in two lists of one table.
#[derive(Debug, Default)]
pub(super) struct Net {
    /// Unique keys that lead nowhere any more, if they led there.
    pub(super) freed: Vec<(String, Place)>,
    /// Unique keys that lead there.
    pub(super) taken: Vec<(String, Place)>,
    /// Where those that are taken may have led before.
    pub(super) moved: Vec<(String, Place)>,
    /// Other keys that lead there no more.
    pub(super) left: Vec<(String, Place)>,
    /// Other keys that lead there.
    pub(super) reached: Vec<(String, Place)>,
}

impl Net {
    /// In the order of the keys, so that two appends that want the same ones want them in the same order.
    pub(super) fn of(keys: &Keys) -> Self {
        let (mut taken, mut reached) = (BTreeMap::new(), BTreeSet::new());
        for (key, place) in &keys.added {
            if key.is_unique() {
                taken.insert(text_of(key), *place);
            } else {
                reached.insert((text_of(key), *place));
            }
        }
        let (mut freed, mut moved, mut left) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (key, place) in &keys.removed {
            let pair = (text_of(key), *place);
            if !key.is_unique() {
                left.insert(pair);
            } else if taken.contains_key(&pair.0) {
                moved.insert(pair);
            } else {
                freed.insert(pair);
            }
        }
        left.retain(|pair| !reached.contains(pair));
        let list = |set: BTreeSet<(String, Place)>| set.into_iter().collect::<Vec<_>>();
        Self {
            freed: list(freed),
            taken: taken.into_iter().collect(),
            moved: list(moved),
            left: list(left),
            reached: list(reached),
        }
    }
}

type Value = Box<dyn ToSql + Send + Sync>;

/// Everything that is bound, with its types.
#[derive(Debug)]
pub(super) struct Bound(Vec<(Value, Type)>);

impl Bound {
    pub(super) fn of(append: &Append<'_>, shape: Shape, net: &Net) -> Result<Self, StoreError> {
        let lines = lines_of(&append.batch)?;
        let (kind, resource) = columns_of(append.batch.stream());
        let digests: Vec<Digest> = lines.iter().map(|line| line.digest).collect();
        let expected = version(append.expected)?;
        let last = lines.last().map_or(Ok(expected), |line| version(line.version))?;
        let mut bound = Self(Vec::new());
        bound.push(Bits::from(append.organization), Type::UUID);
        bound.push(kind, Type::INT2);
        bound.push(resource, Type::UUID);
        bound.push(expected, Type::INT8);
        bound.push(last, Type::INT8);
        bound.push(Digest::of_all(&digests).to_bytes().to_vec(), Type::BYTEA);
        if shape.has_one_record() {
            bound.push_record(lines)?;
        } else {
            bound.push_records(lines)?;
        }
        bound.push(i32::from(FORMAT), Type::INT4);
        if let Some(operation) = append.batch.operation() {
            bound.push(Bits(operation.as_u128()), Type::UUID);
        }
        bound.push_beside(net, shape, append.rows)?;
        Ok(bound)
    }

    /// What stands for the marks in the statement of a replacement.
    pub(super) fn of_replacement(replaced: &Replacement<'_>, shape: Shape, net: &Net) -> Result<Self, StoreError> {
        let lines = lines_of(&replaced.batch)?;
        let (kind, resource) = columns_of(replaced.batch.stream());
        let mut bound = Self(Vec::new());
        bound.push(Bits::from(replaced.organization), Type::UUID);
        bound.push(kind, Type::INT2);
        bound.push(resource, Type::UUID);
        bound.push(replaced.beside.map(|beside| version(beside.version)).transpose()?, Type::INT8);
        bound.push(i32::from(FORMAT), Type::INT4);
        bound.push_records(lines)?;
        if let Some(beside) = replaced.beside {
            bound.push_beside(net, shape, beside.rows)?;
        }
        Ok(bound)
    }

    fn push_record(&mut self, lines: Vec<Line>) -> Result<(), StoreError> {
        for line in lines {
            self.push(version(line.version)?, Type::INT8);
            self.push(instant(line.at), Type::INT8);
            self.push(line.text, Type::TEXT);
            self.push(line.digest.to_bytes().to_vec(), Type::BYTEA);
        }
        Ok(())
    }

    /// As lists.
    fn push_records(&mut self, lines: Vec<Line>) -> Result<(), StoreError> {
        let versions = lines.iter().map(|line| version(line.version)).collect::<Result<Vec<i64>, _>>()?;
        self.push(versions, Type::INT8_ARRAY);
        self.push(lines.iter().map(|line| instant(line.at)).collect::<Vec<i64>>(), Type::INT8_ARRAY);
        let digests: Vec<_> = lines.iter().map(|line| line.digest.to_bytes().to_vec()).collect();
        self.push(lines.into_iter().map(|line| line.text).collect::<Vec<String>>(), Type::TEXT_ARRAY);
        self.push(digests, Type::BYTEA_ARRAY);
        Ok(())
    }

    fn push_beside(&mut self, net: &Net, shape: Shape, rows: &RowChanges) -> Result<(), StoreError> {
        for pairs in [&net.freed, &net.taken, &net.moved, &net.left, &net.reached] {
            self.push_pairs(pairs);
        }
        for table in shape.put_one() {
            rows.put.iter().filter(|row| row.table() == table).for_each(|row| self.push_row(row));
        }
        for table in shape.put_more() {
            self.push(json_of_rows(rows.put.iter().filter(|row| row.table() == table))?, Type::TEXT);
        }
        for table in shape.deleted() {
            self.push(json_of_keys(rows.deleted.iter().filter(|key| key.table() == table))?, Type::TEXT);
        }
        Ok(())
    }

    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|(value, _)| &**value as &(dyn ToSql + Sync)).collect()
    }

    pub(super) fn typed(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.0.iter().map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone())).collect()
    }

    fn push(&mut self, value: impl ToSql + Send + Sync + 'static, kind: Type) {
        self.0.push((Box::new(value), kind));
    }

    /// Column by column. A text of the server has no NUL, so that one with it loses it.
    fn push_row(&mut self, row: &Row) {
        for (column, value) in row.table().columns().iter().zip(row.values()) {
            match value {
                Cell::Null => self.push_null(column.holds),
                Cell::Text(text) if text.contains('\0') => self.push(text.replace('\0', ""), Type::TEXT),
                Cell::Text(text) => self.push(text, Type::TEXT),
                Cell::Integer(number) => self.push(number, Type::INT8),
                Cell::Boolean(yes) => self.push(yes, Type::BOOL),
                Cell::List(texts) => self.push(texts, Type::TEXT_ARRAY),
            }
        }
    }

    fn push_null(&mut self, holds: ColumnType) {
        match holds {
            ColumnType::Text => self.push(None::<String>, Type::TEXT),
            ColumnType::Integer => self.push(None::<i64>, Type::INT8),
            ColumnType::Boolean => self.push(None::<bool>, Type::BOOL),
            ColumnType::List => self.push(None::<Vec<String>>, Type::TEXT_ARRAY),
        }
    }

    /// Nothing, for none: their part of the statement is missing then.
    fn push_pairs(&mut self, pairs: &[(String, Place)]) {
        if pairs.is_empty() {
            return;
        }
        let places: Vec<[Bits; 3]> = pairs.iter().map(|(_, place)| columns_of_place(Some(*place))).collect();
        self.push(pairs.iter().map(|(key, _)| key.to_owned()).collect::<Vec<String>>(), Type::TEXT_ARRAY);
        self.push(places.iter().map(|[organization, ..]| *organization).collect::<Vec<_>>(), Type::UUID_ARRAY);
        self.push(places.iter().map(|[_, resource, _]| *resource).collect::<Vec<_>>(), Type::UUID_ARRAY);
        self.push(places.iter().map(|[.., item]| *item).collect::<Vec<_>>(), Type::UUID_ARRAY);
    }
}
