//! Redacting: who is to be forgotten gets another name in everything that is kept.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::vec::Vec;

use super::history::{History, Page};
use super::shares::TOGETHER;
use super::{AsyncTenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{EraseUser, Revoke};
use crate::id::{OrgId, UserId};
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::Organization;
use crate::redaction::{Learning, Names, Redacted, Redaction, RedactionError};
use crate::rows::{Row, RowChanges, Table, rows_of, rows_of_ledger, rows_of_sheet};
use crate::sharing::ShareKey;
use crate::store::{AsyncStore, Batch, Key, Place, Replacement, Snapshot, StoreError, Stream};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::redact`](super::Tenants::redact).
    pub async fn redact(&self, users: Vec<Redaction>, facts: &Facts<'_>) -> Result<Redacted, RedactionError> {
        let mut users = users;
        self.belong_nowhere(&users).await?;
        let organizations = self.every_organization().await?;
        for organization in &organizations {
            self.learn_addresses(*organization, &mut users).await?;
        }
        for redaction in &users {
            self.close_what_is_open(redaction, facts).await?;
        }
        let names = Names::of(&users);
        let mut redacted = Redacted { of: users, ..Redacted::default() };
        for organization in organizations {
            for redaction in &redacted.of {
                self.erase_what_is_left(organization, redaction.user, facts).await?;
            }
            if let Some(records) = self.redact_in(organization, &names).await? {
                redacted.organizations.push(organization);
                redacted.records = redacted.records.saturating_add(records);
            }
        }
        Ok(redacted)
    }

    /// Whether everybody was erased before, and every stand-in is nobody.
    async fn belong_nowhere(&self, users: &[Redaction]) -> Result<(), RedactionError> {
        let mut stand_ins = BTreeSet::new();
        for Redaction { user, stand_in, .. } in users {
            let organizations = self.all_organizations_of(*user).await?;
            if !organizations.is_empty() {
                return Err(RedactionError::StillThere { user: *user, organizations });
            }
            let is_somebody = users.iter().any(|other| other.user == *stand_in)
                || !stand_ins.insert(*stand_in)
                || self.place_of(&Key::Belongs(*stand_in)).await?.is_some();
            if is_somebody {
                return Err(RedactionError::StandInTaken { stand_in: *stand_in });
            }
        }
        Ok(())
    }

    pub(super) async fn every_organization(&self) -> Result<Vec<OrgId>, StoreError> {
        let mut all: Vec<OrgId> = Vec::new();
        loop {
            let some = self.store.organizations(all.last().copied(), TOGETHER).await?;
            if some.is_empty() {
                return Ok(all);
            }
            all.extend(some);
        }
    }

    async fn learn_addresses(&self, organization: OrgId, users: &mut [Redaction]) -> Result<(), StoreError> {
        let (mut learning, mut history) = (Learning::of(users), History::of(organization));
        self.read(organization, |organization| learning.organization(organization)).await?;
        while let Some(page) = history.next(&self.store).await? {
            match page {
                Page::Records(records) => records.iter().for_each(|record| learning.record(record)),
                Page::Sheet(_, records) => records.iter().for_each(|record| learning.share(record)),
                Page::Entries(_) => {} // no address is in them
            }
        }
        Ok(())
    }

    /// What waits for somebody who will not come: shares, and invitations to their addresses.
    async fn close_what_is_open(&self, redaction: &Redaction, facts: &Facts<'_>) -> Result<(), TenantsError> {
        self.drop_shares_everywhere(&ShareKey::User(redaction.user), facts.now).await?;
        for address in &redaction.addresses {
            self.drop_shares_everywhere(&ShareKey::Address(address.key().into()), facts.now).await?;
            let (key, mut after) = (Key::Invited(address.key().into()), None);
            loop {
                let places: Vec<Place> = self.find(&key, None, after, TOGETHER).await?;
                let Some(last) = places.last().copied() else { break };
                for place in places {
                    let Some(invitation) = place.invitation() else { continue };
                    let revoke = Revoke { invitation };
                    match self.handle(place.organization, revoke, &facts.by(Actor::System)).await {
                        Ok(_) | Err(TenantsError::Refused(_)) => {} // somebody else was faster
                        Err(trouble) => return Err(trouble),
                    }
                }
                after = Some(last);
            }
        }
        Ok(())
    }

    /// In an organization that the user has left, or that is deleted and not gone yet.
    async fn erase_what_is_left(
        &self,
        organization: OrgId,
        user: UserId,
        facts: &Facts<'_>,
    ) -> Result<(), TenantsError> {
        match self.handle(organization, EraseUser { user }, &facts.by(Actor::System)).await {
            Ok(_) | Err(TenantsError::Refused(_)) => Ok(()), // they have left nothing
            Err(trouble) => Err(trouble),
        }
    }

    /// How many records were replaced; `None`, if nobody was named at all.
    async fn redact_in(&self, organization: OrgId, names: &Names) -> Result<Option<u64>, TenantsError> {
        let (mut history, mut records, mut sheets) = (History::of(organization), 0_u64, Vec::new());
        while let Some(page) = history.next(&self.store).await? {
            if let Page::Sheet(resource, _) = &page {
                sheets.push(Stream::Sheet(*resource));
            }
            let renamed = renamed(&page, names)?;
            let count = u64::try_from(renamed.batch().len()).unwrap_or(u64::MAX);
            if count > 0 {
                self.store.replace(&Replacement { organization, batch: renamed.batch(), rows: None }).await?;
                records = records.saturating_add(count);
            }
        }
        let mut is_named = self.redact_snapshots(organization, names).await? || records > 0;
        for stream in [Stream::Organization, Stream::Ledger].into_iter().chain(sheets) {
            is_named |= self.redact_rows((organization, stream), names).await?;
        }
        if is_named {
            self.let_all_go(organization).await;
        }
        Ok(is_named.then_some(records))
    }

    async fn redact_snapshots(&self, organization: OrgId, names: &Names) -> Result<bool, StoreError> {
        let snapshot = self.store.load(organization, 0).await?.snapshot;
        let renamed = snapshot.map(|snapshot| names.replaced_in(snapshot.as_ref())).transpose()?.flatten();
        if let Some(snapshot) = &renamed {
            self.store.keep(Snapshot::Organization(snapshot)).await?;
        }
        let ledger = self.store.load_ledger(organization, 0).await?.snapshot;
        let renamed_ledger = ledger.map(|ledger| names.replaced_in(ledger.as_ref())).transpose()?.flatten();
        if let Some(ledger) = &renamed_ledger {
            self.store.keep(Snapshot::Ledger(ledger)).await?;
        }
        Ok(renamed.is_some() || renamed_ledger.is_some())
    }

    /// Makes the rows of a stream anew, if somebody is named in them.
    async fn redact_rows(&self, of: (OrgId, Stream), names: &Names) -> Result<bool, TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let kept = self.kept_rows(of).await?;
            let mut is_named = false;
            for row in &kept {
                is_named |= names.found_in(row)?.ways().next().is_some();
            }
            if !is_named {
                return Ok(false);
            }
            let (version, wanted) = self.wanted_rows(of).await?;
            let changes = RowChanges::between(kept, wanted);
            let rows = Some((version, &changes));
            let batch = Batch::none(of.1);
            if self.store.replace(&Replacement { organization: of.0, batch, rows }).await? {
                return Ok(true);
            }
        }
        Err(TenantsError::Contended)
    }

    /// The rows that a store has of a stream.
    async fn kept_rows(&self, (organization, stream): (OrgId, Stream)) -> Result<Vec<Row>, StoreError> {
        let mut kept: Vec<Row> = Vec::new();
        for table in Table::ALL.iter().filter(|table| stream.fills(**table)) {
            let mut after = None;
            loop {
                let rows = self.store.rows(organization, *table, after.as_ref(), TOGETHER).await?;
                let Some(last) = rows.last().map(Row::key) else { break };
                kept.extend(rows.into_iter().filter(|row| stream.makes(row)));
                after = Some(last);
            }
        }
        Ok(kept)
    }

    /// The rows that there should be, and of which version.
    async fn wanted_rows(&self, (organization, stream): (OrgId, Stream)) -> Result<(Version, Vec<Row>), StoreError> {
        Ok(match stream {
            Stream::Organization => {
                let state: Organization = self.load_organization(organization).await?;
                (state.version(), rows_of(&state))
            }
            Stream::Ledger => {
                let ledger = self.load_ledger(organization).await?;
                (ledger.version(), rows_of_ledger(&ledger))
            }
            Stream::Sheet(resource) => {
                let sheet = self.sheet(organization, resource).await?;
                (sheet.version(), rows_of_sheet(&sheet))
            }
        })
    }
}

/// Those of a page in which somebody is named, with other names.
fn renamed(page: &Page, names: &Names) -> Result<Page, StoreError> {
    Ok(match page {
        Page::Records(records) => Page::Records(each(records, |record| names.replaced_in(record))?),
        Page::Entries(entries) => {
            Page::Entries(each(entries, |entry| Ok(names.replaced_in(entry.as_ref())?.map(Arc::new)))?)
        }
        Page::Sheet(resource, records) => Page::Sheet(*resource, each(records, |record| names.replaced_in(record))?),
    })
}

fn each<R>(all: &[R], renamed: impl Fn(&R) -> Result<Option<R>, StoreError>) -> Result<Vec<R>, StoreError> {
    all.iter().filter_map(|one| renamed(one).transpose()).collect()
}
