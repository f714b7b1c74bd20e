//! Traces: reads everything that is kept, and says where somebody is still named.

use std::vec::Vec;

use serde::Serialize;

use super::AsyncTenants;
use crate::id::OrgId;
use crate::limits::PLACES_TOGETHER_MAX;
use crate::redaction::{Names, Redaction, Trace, Traced};
use crate::sharing::ShareKey;
use crate::store::{AsyncStore, Claim, History, Key, Page, RowPages, StoreError, Stream, keys_of};

/// What was found so far.
struct Found<'n> {
    names: &'n Names,
    traces: Vec<Trace>,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::traces_of`](super::Tenants::traces_of).
    pub async fn traces_of(&self, users: &[Redaction]) -> Result<Vec<Trace>, StoreError> {
        let names = Names::of(users);
        let mut found = Found { names: &names, traces: self.key_traces(users).await? };
        for organization in self.every_organization().await? {
            for (key, _) in keys_of(&self.store, organization).await?.into_iter().filter(|(key, _)| names.are_in(key)) {
                let trace = Trace::of_key(organization, key);
                if !found.traces.contains(&trace) {
                    found.traces.push(trace);
                }
            }
            self.history_traces(organization, &mut found).await?;
            self.snapshot_traces(organization, &mut found).await?;
            self.row_traces(organization, &mut found).await?;
        }
        Ok(found.traces)
    }

    /// What is found by them, also in a store that does not list its keys.
    async fn key_traces(&self, users: &[Redaction]) -> Result<Vec<Trace>, StoreError> {
        let mut traces = Vec::new();
        for Redaction { user, addresses, .. } in users {
            let mut keys = Vec::from([
                Key::Belongs(*user),
                Key::Claim(Claim::PersonalOf(*user)),
                Key::Share(ShareKey::User(*user)),
            ]);
            for address in addresses {
                keys.extend([Key::Invited(address.key().into()), Key::Share(ShareKey::Address(address.key().into()))]);
            }
            for key in keys {
                let mut after = None;
                loop {
                    let places = self.find(&key, None, after, PLACES_TOGETHER_MAX).await?;
                    let Some(last) = places.last().copied() else { break };
                    let trace = |organization| Trace::of_key(organization, key.clone());
                    traces.extend(places.into_iter().map(|place| trace(place.organization)));
                    after = Some(last);
                }
            }
        }
        Ok(traces)
    }

    async fn history_traces(&self, organization: OrgId, found: &mut Found<'_>) -> Result<(), StoreError> {
        let mut history = History::of(organization);
        while let Some(page) = history.next(&self.store).await? {
            let at = |version| Traced::Record(page.batch().stream(), version);
            match &page {
                Page::Records(records) => {
                    records.iter().try_for_each(|it| found.look_at((organization, at(it.version)), it))?;
                }
                Page::Entries(entries) => {
                    entries.iter().try_for_each(|it| found.look_at((organization, at(it.version)), it.as_ref()))?;
                }
                Page::Sheet(_, records) => {
                    records.iter().try_for_each(|it| found.look_at((organization, at(it.version)), it))?;
                }
            }
        }
        Ok(())
    }

    async fn snapshot_traces(&self, organization: OrgId, found: &mut Found<'_>) -> Result<(), StoreError> {
        if let Some(snapshot) = self.store.load(organization, 1).await?.snapshot {
            found.look_at((organization, Traced::Snapshot(Stream::Organization)), snapshot.as_ref())?;
        }
        if let Some(ledger) = self.store.load_ledger(organization, 1).await?.snapshot {
            found.look_at((organization, Traced::Snapshot(Stream::Ledger)), ledger.as_ref())?;
        }
        Ok(())
    }

    async fn row_traces(&self, organization: OrgId, found: &mut Found<'_>) -> Result<(), StoreError> {
        let mut pages = RowPages::of(organization);
        while let Some((table, rows)) = pages.next(&self.store).await? {
            rows.iter().try_for_each(|row| found.look_at((organization, Traced::Row(table)), row))?;
        }
        Ok(())
    }
}

impl Found<'_> {
    fn look_at(&mut self, (organization, at): (OrgId, Traced), value: &impl Serialize) -> Result<(), StoreError> {
        let ways = self.names.found_in(value)?.ways();
        self.traces.extend(ways.map(|by| Trace { organization, at: at.clone(), by }));
        Ok(())
    }
}
