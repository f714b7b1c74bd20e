//! What is kept beside the records, and made anew from them: keys, and rows.

use std::collections::BTreeSet;
use std::vec::Vec;

use super::{AsyncTenants, TenantsError};
use crate::id::OrgId;
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::redaction::Names;
use crate::rows::{Row, RowChanges, rows_of, rows_of_ledger, rows_of_sheet};
use crate::sharing::Sheet;
use crate::store::{AsyncStore, Batch, Beside, Key, Keys, Place, Replacement, RowPages, StoreError, Stream, keys_of};
use crate::version::Version;

/// What there should be beside the records of a stream, and of which version.
struct Meant {
    version: Version,
    keys: BTreeSet<(Key, Place)>,
    rows: Vec<Row>,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// Makes keys and rows anew from the records, of each stream of which somebody is named in one; says whether anything has changed.
    pub(super) async fn redact_beside(&self, organization: OrgId, names: &Names) -> Result<bool, TenantsError> {
        let mut has_changed = false;
        for stream in self.named_beside(organization, names).await? {
            has_changed |= self.make_anew(organization, stream).await?;
        }
        Ok(has_changed)
    }

    /// The streams beside which somebody is named.
    async fn named_beside(&self, organization: OrgId, names: &Names) -> Result<BTreeSet<Stream>, StoreError> {
        let mut named = BTreeSet::new();
        for (key, place) in keys_of(&self.store, organization).await? {
            if names.are_in(&key) {
                named.insert(place.resource.map_or(Stream::Organization, Stream::Sheet));
            }
        }
        let mut pages = RowPages::of(organization);
        while let Some((_, rows)) = pages.next(&self.store).await? {
            for row in &rows {
                if names.found_in(row)?.ways().next().is_some() {
                    named.insert(Stream::of(row));
                }
            }
        }
        Ok(named)
    }

    async fn make_anew(&self, organization: OrgId, stream: Stream) -> Result<bool, TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let (keys, rows) = (keys_of(&self.store, organization).await?, self.kept_rows(organization, stream).await?);
            let meant = self.meant_beside(organization, stream).await?;
            let (keys, rows) = (changes(keys, stream, meant.keys), RowChanges::between(rows, meant.rows));
            if keys == Keys::default() && rows.is_empty() {
                return Ok(false);
            }
            let beside = Some(Beside { version: meant.version, keys: &keys, rows: &rows });
            if self.store.replace(&Replacement { organization, batch: Batch::none(stream), beside }).await? {
                return Ok(true);
            }
        }
        Err(TenantsError::Contended)
    }

    async fn kept_rows(&self, organization: OrgId, stream: Stream) -> Result<Vec<Row>, StoreError> {
        let mut kept: Vec<Row> = Vec::new();
        let mut pages = RowPages::of_stream(organization, stream);
        while let Some((_, rows)) = pages.next(&self.store).await? {
            kept.extend(rows.into_iter().filter(|row| Stream::of(row) == stream));
        }
        Ok(kept)
    }

    async fn meant_beside(&self, organization: OrgId, stream: Stream) -> Result<Meant, StoreError> {
        Ok(match stream {
            Stream::Organization => {
                let state = self.load_organization(organization).await?;
                let keys = Keys::standing(&state).into_iter().collect();
                Meant { version: state.version(), keys, rows: self.rows_meant(|| rows_of(&state)) }
            }
            Stream::Ledger => {
                let ledger = self.load_ledger(organization).await?;
                let rows = self.rows_meant(|| rows_of_ledger(&ledger));
                Meant { version: ledger.version(), keys: BTreeSet::new(), rows }
            }
            Stream::Sheet(resource) => {
                let mut sheets = self.store.load_sheets(organization, &[resource]).await?;
                let records = sheets.pop().map(|(_, records)| records).unwrap_or_default();
                let sheet = Sheet::replay(organization, resource, &records);
                let keys = Keys::standing_of_sheet(organization, resource, &records).into_iter().collect();
                Meant { version: sheet.version(), keys, rows: self.rows_meant(|| rows_of_sheet(&sheet)) }
            }
        })
    }

    fn rows_meant(&self, rows: impl FnOnce() -> Vec<Row>) -> Vec<Row> {
        if self.store.keeps_rows() { rows() } else { Vec::new() }
    }
}

/// What is different in the keys of a stream; nothing for a store that lists none.
fn changes(kept: Vec<(Key, Place)>, stream: Stream, mut meant: BTreeSet<(Key, Place)>) -> Keys {
    if kept.is_empty() {
        return Keys::default();
    }
    let is_of = |place: &Place| stream == place.resource.map_or(Stream::Organization, Stream::Sheet);
    let of_stream = kept.into_iter().filter(|(_, place)| is_of(place));
    let removed = of_stream.filter(|pair| !meant.remove(pair)).collect();
    Keys { removed, added: meant.into_iter().collect() }
}
