//! Erasing: everything of an organization goes, from every table and from the journal.

use rusqlite::{Connection, params};
use std::format;

use super::SqliteStore;
use super::append::{is_there, next_moment};
use super::schema::INTERNAL_TABLES;
use super::wire::Id;
use crate::id::OrgId;
use crate::store::StoreError;

impl SqliteStore {
    pub(super) fn erase_all_of(&self, organization: OrgId) -> Result<(), StoreError> {
        let id = Id::from(organization);
        self.connections.write(|connection| {
            if !is_there(connection, id)? {
                return Ok(());
            }
            let_go(connection, id)?; // all that is left; its moment comes after all that is there now
            for table in INTERNAL_TABLES {
                connection.prepare_cached(&format!("DELETE FROM {table} WHERE organization = ?1"))?.execute([id])?;
            }
            self.tables.erase(connection, organization)?;
            Ok(())
        })?;
        self.empty_the_journal();
        Ok(())
    }

    /// What was deleted is overwritten in the file, and still stands in the journal that led there. It is done already: where somebody
    /// reads all the while, the journal is emptied another time.
    pub(super) fn empty_the_journal(&self) {
        let _ = self.connections.writer().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

/// Followers hear that what they know of an organization is to be let go.
pub(super) fn let_go(connection: &Connection, organization: Id) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO let_go (organization, moment) VALUES (?1, ?2)")?
        .execute(params![organization, next_moment(connection)?])?;
    Ok(())
}
