//! The schema: which tables there are, as SQL.
//!
//! Every table is keyed by the organization first, those of keys by the key: each can be divided by that, and kept on many machines. An id
//! is a `uuid` in which zero stands for none, an instant a `bigint` of milliseconds since the Unix epoch.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::Options;
use crate::rows::{Column, ColumnType, Table};

/// The number of the schema that is made here.
pub(super) const SCHEMA: i32 = 1;

/// What each stream has come to; written by every append. `changed` is the transaction that wrote it last: what followers ask for.
const STREAM: &str = "
    organization uuid not null,
    kind smallint not null,
    resource uuid not null,
    version bigint not null,
    link bytea not null,
    changed xid8 not null,
    primary key (organization, kind, resource)";

/// The history. `body` is kept byte by byte, `digest` is of the body that was appended; `link` stands on the last record of each append,
/// `redacted` is the digest of what was put in the place of a record.
const RECORD: &str = "
    organization uuid not null,
    kind smallint not null,
    resource uuid not null,
    version bigint not null,
    at bigint not null,
    format integer not null,
    body text not null,
    digest bytea not null,
    link bytea,
    redacted bytea,
    primary key (organization, kind, resource, version)";

/// What the records that are left of a stream follow: the version up to which they are gone, the link of the last append that is gone as a
/// whole, and the digests of the records after that.
const COMPACTED: &str = "
    organization uuid not null,
    kind smallint not null,
    version bigint not null,
    link bytea not null,
    digests bytea not null,
    primary key (organization, kind)";

/// Which versions an operation has made.
const OPERATION: &str = "
    organization uuid not null,
    operation uuid not null,
    first_version bigint not null,
    last_version bigint not null,
    primary key (organization, operation)";

/// Unique keys.
const CLAIM: &str = r#"
    key text collate "C" not null,
    organization uuid not null,
    resource uuid not null,
    item uuid not null,
    primary key (key)"#;

/// Every other key.
const PLACE: &str = r#"
    key text collate "C" not null,
    organization uuid not null,
    resource uuid not null,
    item uuid not null,
    primary key (key, organization, resource, item)"#;

const LINK_USE: &str = "
    organization uuid not null,
    link uuid not null,
    uses bigint not null,
    primary key (organization, link)";

const SNAPSHOT: &str = "
    organization uuid not null,
    kind smallint not null,
    version bigint not null,
    format integer not null,
    body text not null,
    digest bytea not null,
    primary key (organization, kind)";

/// Which organizations were erased, or had something replaced, so that followers hear of it.
const LET_GO: &str = "
    organization uuid not null,
    changed xid8 not null,
    primary key (organization)";

/// The tables beside the [rows](crate::rows): name, columns, and by what they are divided.
const KEPT: [(&str, &str, &str); 9] = [
    ("stream", STREAM, "organization"),
    ("record", RECORD, "organization"),
    ("compacted", COMPACTED, "organization"),
    ("operation", OPERATION, "organization"),
    ("claim", CLAIM, "key"),
    ("place", PLACE, "key"),
    ("link_use", LINK_USE, "organization"),
    ("snapshot", SNAPSHOT, "organization"),
    ("let_go", LET_GO, "organization"),
];

/// Indexes beside the primary keys.
const INDEXES: [(&str, &str); 4] =
    [("stream", "changed"), ("let_go", "changed"), ("claim", "organization"), ("place", "organization")];

impl Options {
    /// Everything that [`migrate`](super::PostgresStore::migrate) makes in an empty database, for whoever runs migrations by hand.
    ///
    /// # Shape
    /// Statements that can be run again: what is there stays.
    #[must_use]
    pub fn schema_sql(&self) -> String {
        let mut sql = format!(
            "create schema if not exists {};\n{}",
            self.quoted_schema(),
            self.named("create table if not exists @schema_version (version integer primary key);\n")
        );
        for (name, columns, divided_by) in KEPT {
            sql.push_str(&self.table(name, columns, divided_by));
        }
        for table in Table::ALL {
            sql.push_str(&self.table(table.name(), &columns_of(*table), "organization_id"));
        }
        for (table, column) in INDEXES {
            let made = format!("create index if not exists {table}_{column} on @{table} ({column});\n");
            sql.push_str(&self.named(&made));
        }
        let kept = format!("insert into @schema_version values ({SCHEMA}) on conflict do nothing;\n");
        sql.push_str(&self.named(&kept));
        sql
    }

    /// Policies by which a role sees the rows of one organization alone, in every table: the one that the setting
    /// `bailiwick.organization` names; none without it. They do not bind the owner of the tables, which is who the store should be.
    ///
    /// # Shape
    /// Statements that can be run again.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::store::postgres::Options;
    ///
    /// assert!(Options::default().rls_sql().contains(r#"alter table "bailiwick".person enable row level security"#));
    /// // For a report: set local bailiwick.organization = '00000000-0000-0000-0000-000000000001';
    /// ```
    #[must_use]
    pub fn rls_sql(&self) -> String {
        let kept = KEPT.iter().map(|(name, ..)| (*name, "organization"));
        let rows = Table::ALL.iter().map(|table| (table.name(), "organization_id"));
        let policies = kept.chain(rows).map(|(table, column)| {
            self.named(&format!(
                "alter table @{table} enable row level security;\n\
                 drop policy if exists one_organization on @{table};\n\
                 create policy one_organization on @{table} using \
                 ({column} = nullif(current_setting('bailiwick.organization', true), '')::uuid);\n"
            ))
        });
        policies.collect()
    }

    fn table(&self, name: &str, columns: &str, divided_by: &str) -> String {
        let Some(parts) = self.partitions else {
            return self.named(&format!("create table if not exists @{name} ({columns}\n);\n"));
        };
        let whole = format!("create table if not exists @{name} ({columns}\n) partition by hash ({divided_by});\n");
        let part = |n| {
            let rest = format!("for values with (modulus {parts}, remainder {n})");
            format!("create table if not exists @{name}_{n} partition of @{name} {rest};\n")
        };
        self.named(&core::iter::once(whole).chain((0..parts).map(part)).collect::<String>())
    }
}

/// The columns of a table of rows, and its primary key.
fn columns_of(table: Table) -> String {
    let line = |column: &Column| {
        let rest = if column.nullable { "" } else { " not null" };
        format!("\n    {} {}{rest},", column.name, type_of(column))
    };
    let lines: String = table.columns().iter().map(line).collect();
    format!("{lines}\n    primary key ({})", names(table.key()).join(", "))
}

/// What a column is in PostgreSQL. What is named an id is one.
pub(super) fn type_of(column: &Column) -> &'static str {
    match column.holds {
        ColumnType::Text if column.name.ends_with("_id") => "uuid",
        ColumnType::Text => r#"text collate "C""#,
        ColumnType::Integer => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::List => "text[]",
    }
}

pub(super) fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.to_string()).collect()
}
