//! Erasing: everything of an organization goes, from every table and from the journal.

use rusqlite::params;
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
            let moment = next_moment(connection)?; // after all that is there now
            for table in INTERNAL_TABLES {
                connection.prepare_cached(&format!("DELETE FROM {table} WHERE organization = ?1"))?.execute([id])?;
            }
            self.tables.erase(connection, organization)?;
            // All that is left, so that followers hear of it.
            connection
                .prepare_cached("INSERT OR REPLACE INTO erased (organization, moment) VALUES (?1, ?2)")?
                .execute(params![id, moment])?;
            Ok(())
        })?;
        // What was deleted is overwritten in the file, and still stands in the journal that led there. It is done already: where
        // somebody reads all the while, the journal is emptied another time.
        let _ = self.connections.writer().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }
}
