//! By hand in PostgreSQL: a connection for each client, one statement and one round trip for each append.

use std::error::Error;
use std::mem;
use std::sync::{Arc, Mutex};

use bailiwick::rows::{Column, ColumnType, Value};
use tokio::sync::{Mutex as Turn, oneshot};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement, connect};
use uuid::Uuid;

use super::{DIGEST, Written};
use crate::sample::{Sample, Samples};
use crate::world::{self, NOW, Step};

/// A connection, and the statements that were prepared on it.
pub struct Hand {
    client: Client,
    change: Statement,
    charge: Statement,
    charges: Statement,
}

/// A database that is written by hand, and what a process knows of the streams in it.
pub struct Database {
    /// Those that nobody uses; the last one was used last, and is as warm as it gets.
    hands: Mutex<Vec<Hand>>,
    organizations: Vec<Organization>,
    change: Arc<Sample>,
    charge: Arc<Sample>,
}

struct Organization {
    /// The version of the organization, held by whoever changes it.
    version: Turn<i64>,
    ledger: Turn<i64>,
    charges: Mutex<Vec<oneshot::Sender<()>>>,
}

impl Database {
    pub async fn open(address: &str, samples: &Samples, organizations: u64, clients: u64) -> Self {
        let mut hands = Vec::new();
        for _ in 0..clients {
            hands.push(Hand::open(address, samples).await);
        }
        let mut heads = Vec::new();
        for n in 0..organizations {
            heads.push(Organization {
                version: Turn::new(hands[0].head(n, 0).await),
                ledger: Turn::new(hands[0].head(n, 1).await),
                charges: Mutex::default(),
            });
        }
        let [change, charge] = [&samples.change, &samples.charge].map(|sample| Arc::new(sample.clone()));
        Self { hands: Mutex::new(hands), organizations: heads, change, charge }
    }

    /// One after the other in an organization, for each is judged on the one before.
    pub async fn change(&self, step: Step) {
        let mut version = self.organizations[step.organization as usize].version.lock().await;
        let written = Written {
            organization: step.organization,
            sample: Arc::clone(&self.change),
            user: world::user(step.member),
            expected: Some(*version),
            records: 1,
            operation: Some(step.id),
        };
        self.append(&written).await;
        *version += 1;
    }

    /// Those who wait for the same account are appended together.
    pub async fn charge(&self, step: Step) {
        let of = &self.organizations[step.organization as usize];
        let (tell, mut told) = oneshot::channel();
        of.charges.lock().unwrap().push(tell);
        let mut version = of.ledger.lock().await;
        if told.try_recv().is_ok() {
            return; // somebody else has written it with theirs
        }
        let group = mem::take(&mut *of.charges.lock().unwrap());
        let written = Written {
            organization: step.organization,
            sample: Arc::clone(&self.charge),
            user: world::user(0),
            expected: Some(*version),
            records: group.len() as i64,
            operation: None,
        };
        self.append(&written).await;
        *version += group.len() as i64;
        group.into_iter().for_each(|waiting| _ = waiting.send(())); // its own, too
    }

    /// The sum of the versions of all streams of a kind.
    pub async fn versions(&self, kind: i16) -> i64 {
        let sql = "select sum(version)::bigint from bailiwick.stream where kind = $1";
        let hand = self.take();
        let sum = hand.client.query_one(sql, &[&kind]).await.unwrap().get(0);
        self.hands.lock().unwrap().push(hand);
        sum
    }

    async fn append(&self, written: &Written) {
        let hand = self.take();
        hand.append(written).await;
        self.hands.lock().unwrap().push(hand);
    }

    /// There are as many as clients.
    fn take(&self) -> Hand {
        self.hands.lock().unwrap().pop().unwrap()
    }
}

impl Hand {
    pub async fn open(address: &str, samples: &Samples) -> Self {
        let (client, connection) = connect(address, NoTls).await.unwrap();
        tokio::spawn(connection);
        let change = client.prepare(&statement(&samples.change, true, RECORD)).await.unwrap();
        let charge = client.prepare(&statement(&samples.charge, false, RECORD)).await.unwrap();
        let charges = client.prepare(&statement(&samples.charge, false, RECORDS)).await.unwrap();
        Self { client, change, charge, charges }
    }

    pub async fn append(&self, written: &Written) {
        let sample = &written.sample;
        let organization = world::org(written.organization);
        // The version that is there, where none is expected, is found by the statement: records are numbered from it.
        let offsets: Vec<i64> = (1..=written.records).collect();
        let count = offsets.len();
        let (ats, bodies) = (vec![NOW.now.as_millis() as i64; count], vec![sample.body.as_str(); count]);
        let (digests, digest) = (vec![&DIGEST[..]; count], &DIGEST[..]);
        let id = Bits(organization.as_u128());
        let operation = written.operation.map(Bits);
        let mut bound: Vec<&(dyn ToSql + Sync)> = vec![&id, &sample.kind, &written.expected, &written.records, &digest];
        let lists: [&(dyn ToSql + Sync); 4] = [&offsets, &ats, &bodies, &digests];
        let one: [&(dyn ToSql + Sync); 4] = [&offsets[0], &ats[0], &bodies[0], &digests[0]];
        bound.extend(if count == 1 { one } else { lists });
        bound.extend(operation.iter().map(|operation| operation as &(dyn ToSql + Sync)));
        let ids = [organization.to_string(), written.user.to_string()].map(Value::Text);
        let last = written.expected.unwrap_or_default() + written.records;
        let rows = sample.rows.iter().flat_map(|row| row.values(&ids, last));
        let rows: Vec<Box<dyn ToSql + Send + Sync>> = rows.map(|(column, value)| to_sql(column, value)).collect();
        bound.extend(rows.iter().map(|value| &**value as &(dyn ToSql + Sync)));
        let statement = match (operation, count) {
            (Some(_), _) => &self.change,
            (None, 1) => &self.charge,
            (None, _) => &self.charges,
        };
        let answer = self.client.query_one(statement, &bound).await.unwrap();
        assert_eq!(answer.get::<_, i64>(0), 1, "somebody else has written");
    }

    pub async fn head(&self, organization: u64, kind: i16) -> i64 {
        let sql = "select version from bailiwick.stream where organization = $1 and kind = $2";
        let id = Bits(world::org(organization).as_u128());
        self.client.query_one(sql, &[&id, &kind]).await.unwrap().get(0)
    }
}

/// One record.
const RECORD: &str = "kept as (insert into bailiwick.record \
    (organization, kind, resource, version, at, format, body, digest, link) \
    select $1::uuid, $2::smallint, '00000000-0000-0000-0000-000000000000', head.version - $4::bigint + $6::bigint, $7::bigint, 1, \
    $8::text, $9::bytea, $5::bytea from head)";

/// Some records, as lists.
const RECORDS: &str = "kept as (insert into bailiwick.record \
    (organization, kind, resource, version, at, format, body, digest, link) \
    select $1::uuid, $2::smallint, '00000000-0000-0000-0000-000000000000', head.version - $4::bigint + r.n, r.at, 1, \
    r.body, r.digest, case when r.n = $4::bigint then $5::bytea end \
    from head, unnest($6::bigint[], $7::bigint[], $8::text[], $9::bytea[]) as r(n, at, body, digest))";

/// One statement in which everything hangs on the head of the stream, as ours; what is bound has the type of its column already.
fn statement(sample: &Sample, has_operation: bool, records: &str) -> String {
    let mut parts = vec![
        "head as (update bailiwick.stream set version = version + $4::bigint, link = $5::bytea, \
         changed = pg_current_xact_id() where organization = $1::uuid and kind = $2::smallint \
         and resource = '00000000-0000-0000-0000-000000000000' and version = coalesce($3::bigint, version) \
         returning version)"
            .to_owned(),
        records.to_owned(),
    ];
    let mut marks = 9;
    if has_operation {
        marks += 1;
        parts.push(format!(
            "operated as (insert into bailiwick.operation (organization, operation, first_version, last_version) \
             select $1::uuid, ${marks}::uuid, head.version - $4::bigint + 1, head.version from head)"
        ));
    }
    for row in &sample.rows {
        let (table, columns) = (row.table, row.table.columns());
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let keys: Vec<&str> = table.key().iter().map(|column| column.name).collect();
        let bound: Vec<String> =
            columns.iter().zip(marks + 1..).map(|(column, mark)| format!("${mark}::{}", type_of(column))).collect();
        marks += columns.len();
        let set = names.iter().filter(|name| !keys.contains(name)).map(|name| format!("{name} = excluded.{name}"));
        parts.push(format!(
            "put_{table} as (insert into bailiwick.{table} ({}) select {} from head on conflict ({}) do update set {})",
            names.join(", "),
            bound.join(", "),
            keys.join(", "),
            set.collect::<Vec<_>>().join(", ")
        ));
    }
    format!("with {} select count(*) from head", parts.join(", "))
}

fn type_of(column: &Column) -> &'static str {
    match column.holds {
        ColumnType::Text if column.name.ends_with("_id") => "uuid",
        ColumnType::Text => "text",
        ColumnType::Integer => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::List => "text[]",
    }
}

fn to_sql(column: &Column, value: Value) -> Box<dyn ToSql + Send + Sync> {
    match (column.holds, value) {
        (ColumnType::Text, Value::Text(text)) if column.name.ends_with("_id") => {
            Box::new(Bits(Uuid::parse_str(&text).unwrap().as_u128()))
        }
        (ColumnType::Text, Value::Null) if column.name.ends_with("_id") => Box::new(None::<Bits>),
        (_, Value::Text(text)) => Box::new(text),
        (_, Value::Integer(number)) => Box::new(number),
        (_, Value::Boolean(is)) => Box::new(is),
        (_, Value::List(texts)) => Box::new(texts),
        (ColumnType::Text, Value::Null) => Box::new(None::<String>),
        (ColumnType::Integer, Value::Null) => Box::new(None::<i64>),
        (ColumnType::Boolean, Value::Null) => Box::new(None::<bool>),
        (ColumnType::List, Value::Null) => Box::new(None::<Vec<String>>),
    }
}

/// An id as a `uuid`.
#[derive(Clone, Copy, Debug)]
pub struct Bits(pub u128);

impl ToSql for Bits {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::UUID
    }

    to_sql_checked!();
}
