//! The shape of an append: which parts it has, and the one statement for all that have these.
//!
//! Everything hangs on `head`, which has a row if the stream is at the expected version: one that inserts waits for another that inserts the
//! same stream, one that updates for another that updates it, and finds it moved. An operation that is there refuses its second row. No row
//! is written twice; what is removed and put in one table is never the same.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::Options;
use super::bind::Net;
use super::schema::{names, type_of};
use crate::rows::{Column, ColumnType, RowChanges, RowKey, Table};
use crate::store::{Append, Stream};
use crate::version::Version;

/// Which parts an append has.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Shape {
    head: Head,
    has_operation: bool,
    /// Whether it looks for the operation before it writes it: one that is there refuses the append otherwise, and with it a whole transaction.
    looks_first: bool,
    has_one_record: bool,
    frees: bool,
    takes: bool,
    moves: bool,
    leaves: bool,
    reaches: bool,
    /// One row each.
    put_one: Tables,
    /// Several rows each.
    put_more: Tables,
    deleted: Tables,
}

/// What becomes of the stream.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Head {
    /// The organization begins.
    First,
    /// A stream of an organization begins. Holds on to one that is there, so that nobody erases the organization meanwhile.
    Beside,
    /// It goes on.
    Next,
}

/// Tables, a bit for each.
type Tables = u32;

const _: () = assert!(Table::ALL.len() <= 32, "each table has a bit");

impl Shape {
    pub(super) fn of(append: &Append<'_>, net: &Net) -> Self {
        let head = match (append.expected, append.batch.stream()) {
            (Version::ZERO, Stream::Organization) => Head::First,
            (Version::ZERO, _) => Head::Beside,
            _ => Head::Next,
        };
        let has_operation = append.batch.operation().is_some();
        Self { head, has_operation, has_one_record: append.batch.len() == 1, ..Self::of_beside(net, append.rows) }
    }

    /// The same in a transaction that goes on if the operation is known.
    pub(super) fn looking_first(self) -> Self {
        Self { looks_first: self.has_operation, ..self }
    }

    /// What has keys and rows, and nothing else.
    pub(super) fn of_beside(net: &Net, RowChanges { put, deleted }: &RowChanges) -> Self {
        // One row is bound column by column: to take it apart from JSON costs the server more than to write it.
        let (put_one, put_more) = put.iter().map(|row| bit(row.table())).fold((0, 0), |(one, more), table| {
            if (one | more) & table == 0 { (one | table, more) } else { (one & !table, more | table) }
        });
        Self {
            head: Head::Next,
            has_operation: false,
            looks_first: false,
            has_one_record: false,
            frees: !net.freed.is_empty(),
            takes: !net.taken.is_empty(),
            moves: !net.moved.is_empty(),
            leaves: !net.left.is_empty(),
            reaches: !net.reached.is_empty(),
            put_one,
            put_more,
            deleted: tables(deleted.iter().map(RowKey::table)),
        }
    }

    /// That of a replacement, which changes no stream: one row with 1 for what was done.
    pub(super) fn replacement(self, options: &Options) -> String {
        let mut text = Text { parts: [HEAD_AS_IT_IS, PUT_IN_PLACE, TOLD].map(String::from).into(), marks: 9 };
        self.beside(&mut text);
        options.named(&format!("with {} select count(*) from head", text.parts.join(", ")))
    }

    /// Keys and rows.
    fn beside(self, text: &mut Text) {
        self.keys(text);
        put_row(text, self.put_one);
        put_rows(text, self.put_more);
        delete_rows(text, self.deleted);
    }

    /// Whether what is bound of records is that of one, and not lists.
    pub(super) fn has_one_record(self) -> bool {
        self.has_one_record
    }

    /// The tables in which one row is put, column by column, in the order in which they are bound.
    pub(super) fn put_one(self) -> impl Iterator<Item = Table> {
        each(self.put_one)
    }

    /// Those in which several are put, as JSON; bound after the others.
    pub(super) fn put_more(self) -> impl Iterator<Item = Table> {
        each(self.put_more)
    }

    /// The tables from which rows are deleted.
    pub(super) fn deleted(self) -> impl Iterator<Item = Table> {
        each(self.deleted)
    }

    /// Its statement: one row with 1 for what was appended, and the versions of an operation that was known.
    pub(super) fn statement(self, options: &Options) -> String {
        let mut text = Text { parts: Vec::new(), marks: 11 }; // those that every append has
        self.operation_and_head(&mut text);
        text.parts.push(if self.has_one_record { RECORD } else { RECORDS }.into());
        self.beside(&mut text);
        let versions = if self.looks_first { KNOWN_VERSIONS } else { "null::bigint, null::bigint" };
        options.named(&format!("with {} select count(*), {versions} from head", text.parts.join(", ")))
    }

    fn operation_and_head(self, text: &mut Text) {
        if !self.has_operation {
            return text.parts.push(self.head(""));
        }
        let operation = text.mark("uuid");
        if self.looks_first {
            text.parts.push(format!(
                "known as (select first_version, last_version from @operation \
                 where organization = $1::uuid and operation = {operation})"
            ));
        }
        text.parts.push(self.head(if self.looks_first { " and not exists (select from known)" } else { "" }));
        text.parts.push(format!(
            "operated as (insert into @operation (organization, operation, first_version, last_version) \
             select $1::uuid, {operation}, $4::bigint + 1, $5::bigint from head)"
        ));
    }

    fn head(self, known: &str) -> String {
        let guard = "(select count(*) from (select from @stream where organization = $1::uuid \
                     order by kind, resource limit 1 for key share) as there) >= 0";
        let condition = match self.head {
            Head::First => "$4::bigint = 0",
            Head::Beside => guard,
            Head::Next => {
                return format!(
                    "head as (update @stream set version = $5::bigint, link = sha256(link || $6::bytea), \
                     changed = pg_current_xact_id() where organization = $1::uuid and kind = $2::smallint \
                     and resource = $3::uuid and version = $4::bigint{known} returning link)"
                );
            }
        };
        format!(
            "head as (insert into @stream (organization, kind, resource, version, link, changed) \
             select $1::uuid, $2::smallint, $3::uuid, $5::bigint, \
             sha256(decode(repeat('00', 32), 'hex') || $6::bytea), pg_current_xact_id() \
             where $4::bigint = 0 and {condition}{known} on conflict do nothing returning link)"
        )
    }

    fn keys(self, text: &mut Text) {
        if self.frees {
            let pairs = text.pairs();
            text.parts.push(format!("freed as (delete from @claim t using head, {pairs} where {SAME})"));
        }
        let taken = if self.takes { text.pairs() } else { String::new() };
        if self.takes {
            let moved = if self.moves { text.pairs() } else { String::new() };
            let or_moved =
                if self.moves { format!(" or exists (select from {moved} where {SAME})") } else { String::new() };
            // A key that leads somewhere else makes nothing of it, which the column refuses, and with it the whole append.
            text.parts.push(format!(
                "taken as (insert into @claim as t (key, organization, resource, item) \
                 select k.key, k.organization, k.resource, k.item from head, {taken} on conflict (key) do update set \
                 organization = case when (t.organization, t.resource, t.item) = \
                 (excluded.organization, excluded.resource, excluded.item){or_moved} then excluded.organization end, \
                 resource = excluded.resource, item = excluded.item)"
            ));
        }
        if self.leaves {
            let pairs = text.pairs();
            text.parts.push(format!("gone as (delete from @place t using head, {pairs} where {SAME})"));
        }
        if self.reaches {
            let pairs = text.pairs();
            text.parts.push(format!(
                "reached as (insert into @place (key, organization, resource, item) \
                 select k.key, k.organization, k.resource, k.item from head, {pairs} on conflict do nothing)"
            ));
        }
    }
}

/// Puts one row of each table, bound column by column.
fn put_row(text: &mut Text, tables: Tables) {
    for table in each(tables) {
        let bound: Vec<String> = table.columns().iter().map(|column| text.mark(bound_as(column))).collect();
        text.parts.push(put(table, &format!("select {} from head", bound.join(", "))));
    }
}

/// Puts any number of rows, which the server takes apart.
fn put_rows(text: &mut Text, tables: Tables) {
    for table in each(tables) {
        let rows = text.mark("text");
        let typed: Vec<String> = table.columns().iter().map(|c| format!("{} {}", c.name, type_of(c))).collect();
        let listed: Vec<String> = names(table.columns()).iter().map(|column| format!("r.{column}")).collect();
        let (listed, typed) = (listed.join(", "), typed.join(", "));
        let rows = format!("select {listed} from head, json_to_recordset({rows}::json) as r({typed})");
        text.parts.push(put(table, &rows));
    }
}

fn delete_rows(text: &mut Text, tables: Tables) {
    for table in each(tables) {
        let keys = text.mark("text");
        let typed: Vec<String> = table.key().iter().map(|c| format!("{} {}", c.name, type_of(c))).collect();
        let same: Vec<String> = names(table.key()).iter().map(|column| format!("t.{column} = r.{column}")).collect();
        text.parts.push(format!(
            "deleted_{table} as (delete from @{table} t using head, json_to_recordset({keys}::json) as r({}) where {})",
            typed.join(", "),
            same.join(" and ")
        ));
    }
}

/// Puts rows, each in the place of one with its key.
fn put(table: Table, rows: &str) -> String {
    let (columns, key) = (names(table.columns()), names(table.key()));
    let others = columns.iter().filter(|column| !key.contains(column));
    let set: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
    let (columns, key, set) = (columns.join(", "), key.join(", "), set.join(", "));
    format!("put_{table} as (insert into @{table} ({columns}) {rows} on conflict ({key}) do update set {set})")
}

/// The type of a mark for one column, and what is made of it.
fn bound_as(column: &Column) -> &'static str {
    match column.holds {
        ColumnType::Text if column.name.ends_with("_id") => "text::uuid",
        ColumnType::Text => "text",
        ColumnType::Integer => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::List => "text[]",
    }
}

const HEAD_AS_IT_IS: &str = "head as (update @stream set version = version \
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid \
    and version = coalesce($4::bigint, version) returning version)";

/// The digest stays: it is of what was there, and the chain goes on over it.
const PUT_IN_PLACE: &str = "kept as (update @record t set at = r.at, format = $5::integer, body = r.body, redacted = r.digest \
    from head, unnest($6::bigint[], $7::bigint[], $8::text[], $9::bytea[]) as r(version, at, body, digest) \
    where t.organization = $1::uuid and t.kind = $2::smallint and t.resource = $3::uuid and t.version = r.version)";

const TOLD: &str = "told as (insert into @let_go (organization, changed) select $1::uuid, pg_current_xact_id() from head \
    on conflict (organization) do update set changed = excluded.changed)";

/// The parts of a statement, and how many marks they have.
struct Text {
    parts: Vec<String>,
    marks: usize,
}

impl Text {
    /// The next mark.
    fn mark(&mut self, type_name: &str) -> String {
        self.marks = self.marks.saturating_add(1);
        format!("${}::{type_name}", self.marks)
    }

    /// Keys and places, of four marks.
    fn pairs(&mut self) -> String {
        let [key, organization, resource, item] = ["text[]", "uuid[]", "uuid[]", "uuid[]"].map(|kind| self.mark(kind));
        format!("unnest({key}, {organization}, {resource}, {item}) as k(key, organization, resource, item)")
    }
}

/// One record: the server has no lists to take apart.
const RECORD: &str = "kept as (insert into @record \
    (organization, kind, resource, version, at, format, body, digest, link) \
    select $1::uuid, $2::smallint, $3::uuid, $7::bigint, $8::bigint, $11::integer, $9::text, $10::bytea, link from head)";

const RECORDS: &str = "kept as (insert into @record \
    (organization, kind, resource, version, at, format, body, digest, link) \
    select $1::uuid, $2::smallint, $3::uuid, r.version, r.at, $11::integer, r.body, r.digest, \
    case when r.version = $5::bigint then head.link end \
    from head, unnest($7::bigint[], $8::bigint[], $9::text[], $10::bytea[]) as r(version, at, body, digest))";

const KNOWN_VERSIONS: &str = "(select first_version from known), (select last_version from known)";

const SAME: &str = "t.key = k.key and t.organization = k.organization and t.resource = k.resource and t.item = k.item";

fn tables(of: impl Iterator<Item = Table>) -> Tables {
    of.fold(0, |tables, table| tables | bit(table))
}

fn bit(table: Table) -> Tables {
    Table::ALL.iter().position(|other| *other == table).map_or(0, |at| 1 << at)
}

fn each(tables: Tables) -> impl Iterator<Item = Table> {
    Table::ALL.iter().copied().filter(move |table| tables & bit(*table) != 0)
}
