//! WHAT CAN PEOPLE QUERY? Tables that say how things stand, for reports, support and joins, kept by a store beside the history.
//!
//! The history decides; a table repeats what it says, a row for each person, access row, lot and so on. [`RowChanges`] are what records
//! change in the tables: rows to put, keys to delete. A store carries that out in the transaction that appends the records, and knows
//! nothing else of them: it makes its tables and statements from [`Table`], and binds what [`Row::values`] gives.
//!
//! - **Nothing is judged by rows.** Whether somebody may do something is asked of [`access`](crate::access); a row says what was given.
//! - **Rows have no clock.** What ends by itself stays, with its end in a column: whoever asks compares. A balance says from when on it is out
//!   of date (`due_at`), so the ledgers that want a [tick](crate::ledger::Tick) are one query away.
//! - **Rows hold no secret**, hashed or not.
//! - **Each table follows one history**: `balance` and `lot` the ledger's, `share` that of the resource, every other one the organization's. So
//!   writers of different histories never meet in a row.
//! - **Rows can be made anew**, after a change of the catalog or of the tables: what there is of an organization goes, by the column with
//!   which each key begins, and [`rows_of`], [`rows_of_sheet`] and [`rows_of_ledger`] say what is put.
//!
//! # Examples
//! ```
//! # use std::sync::Arc;
//! use bailiwick::access::Facts;
//! use bailiwick::change::{Command, SignUp};
//! use bailiwick::rows::{Row, RowChanges, Table, Value, rows_of};
//! # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
//!
//! # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
//! # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
//! # let mut organization = Organization::new(home, Arc::clone(&catalog));
//! # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
//! let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
//! let outcome = organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))?;
//!
//! let changes = RowChanges::of(&organization, &outcome.records); // before they are applied
//! let tables: Vec<Table> = changes.put.iter().map(Row::table).collect();
//! assert_eq!(tables, [Table::Organization, Table::Person, Table::Workspace]);
//!
//! // A statement for any store, made of what a table says of itself.
//! let row = &changes.put[1];
//! let names: Vec<&str> = row.table().columns().iter().map(|column| column.name).collect();
//! let marks: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
//! let sql = format!("INSERT INTO {} ({}) VALUES ({})", row.table(), names.join(", "), marks.join(", "));
//! assert!(sql.starts_with("INSERT INTO person (organization_id, user_id, standing, status, roles, "));
//! assert_eq!(row.values()[2], Value::Text("member".into()));
//!
//! outcome.records.iter().for_each(|record| organization.apply(record));
//! assert_eq!(rows_of(&organization), changes.put); // it had none before
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod changes;
mod column;
mod ledger;
mod organization;
mod shadow;
mod sheet;
mod tables;
mod words;

pub use changes::RowChanges;
pub use column::{Column, ColumnType, Value};
pub use tables::{Row, RowKey, Table};
pub use words::Word;

use alloc::vec::Vec;

use crate::ledger::Ledger;
use crate::organization::Organization;
use crate::sharing::Sheet;

/// Every row of an organization, in the order of their keys: table by table. Its ledger and its shares are asked for themselves.
///
/// # Shape
/// None before it is made. Costs the organization, invitations that are over included.
#[must_use]
pub fn rows_of(organization: &Organization) -> Vec<Row> {
    in_order(organization::rows(organization, None))
}

/// Every row of the shares on one resource, in the order of their keys.
#[must_use]
pub fn rows_of_sheet(sheet: &Sheet) -> Vec<Row> {
    in_order(sheet::rows(sheet, None))
}

/// Every row of a ledger as its last entry left it: its balance, then its lots.
///
/// # Shape
/// None before its first entry. A lot of which nothing can come any more has no row.
#[must_use]
pub fn rows_of_ledger(ledger: &Ledger) -> Vec<Row> {
    in_order(ledger::rows(ledger))
}

fn in_order(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_cached_key(Row::key);
    rows
}
