//! The application's own tables in the database of the store, over its pool.

use std::error::Error;

use bailiwick::store::postgres::deadpool_postgres::Pool;
use bailiwick::store::postgres::tokio_postgres;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::schema::SCHEMA;
use super::{DatabaseError, Row, Value};

/// Whoever makes the tables holds this lock meanwhile, of several that start at once.
const LOCK: &str = "select pg_advisory_xact_lock(7238539013)";

/// The pool of the store.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(super) async fn open(pool: Pool) -> Result<Self, DatabaseError> {
        let client = pool.get().await?;
        client.batch_execute(&format!("begin; {LOCK}; {SCHEMA} commit;")).await?;
        Ok(Self { pool })
    }

    pub(super) async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(sql).await?;
        client.query(&statement, &bound(values)).await?.iter().map(row_of).collect()
    }

    pub(super) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.execute(&statement, &bound(values)).await?)
    }
}

fn bound(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn row_of(row: &tokio_postgres::Row) -> Result<Row, DatabaseError> {
    let value = |(column, it): (usize, &tokio_postgres::Column)| {
        Ok(match *it.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map_or(Value::Null, Value::Integer),
            _ => row.try_get::<_, Option<String>>(column)?.map_or(Value::Null, Value::Text),
        })
    };
    row.columns().iter().enumerate().map(value).collect::<Result<_, _>>().map(Row)
}

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql_checked(wanted, out),
            Self::Text(text) => text.to_sql_checked(wanted, out),
            Self::List(texts) => texts.to_sql_checked(wanted, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // each value looks for itself
    }

    to_sql_checked!();
}
