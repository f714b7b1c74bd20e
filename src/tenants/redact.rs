//! Redacting: who is to be forgotten gets another name in everything that is kept.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::vec::Vec;

use super::{AsyncTenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{EraseUser, Refusal, Revoke};
use crate::id::{OrgId, UserId};
use crate::limits::PLACES_TOGETHER_MAX;
use crate::organization::Organization;
use crate::redaction::{Learning, Names, Redacted, Redaction, RedactionError};
use crate::sharing::ShareKey;
use crate::store::{AsyncStore, Batch, History, Key, Page, Place, Replacement, Snapshot, StoreError, Stream};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::learn_addresses`](super::Tenants::learn_addresses).
    pub async fn learn_addresses(&self, users: Vec<Redaction>) -> Result<Vec<Redaction>, StoreError> {
        let mut users = users;
        for organization in self.every_organization().await? {
            let mut learning = Learning::of(&mut users, self.catalog.policy().invitations.binding);
            learning.organization(&self.load_organization(organization).await?);
            if let Some(snapshot) = self.store.load(organization, 1).await?.snapshot {
                // What was forgotten since, and not there.
                let restored = Organization::restore(organization, Arc::clone(&self.catalog), &snapshot);
                restored.iter().for_each(|restored| learning.organization(restored));
            }
            let mut history = History::of(organization);
            while let Some(page) = history.next(&self.store).await? {
                match page {
                    Page::Records(records) => records.iter().for_each(|record| learning.record(record)),
                    Page::Sheet(_, records) => records.iter().for_each(|record| learning.share(record)),
                    Page::Entries(_) => {} // no address is in them
                }
            }
        }
        Ok(users)
    }

    /// As [`Tenants::redact`](super::Tenants::redact).
    pub async fn redact(&self, users: &[Redaction], facts: &Facts<'_>) -> Result<Redacted, RedactionError> {
        self.belong_nowhere(users).await?;
        for redaction in users {
            self.close_what_is_open(redaction, facts).await?;
        }
        let (names, mut redacted) = (Names::of(users), Redacted::default());
        for organization in self.every_organization().await? {
            self.erase_what_is_left(organization, users, facts).await?;
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
            let some = self.store.organizations(all.last().copied(), PLACES_TOGETHER_MAX).await?;
            if some.is_empty() {
                return Ok(all);
            }
            all.extend(some);
        }
    }

    /// What waits for somebody who will not come: shares, and invitations to their addresses.
    async fn close_what_is_open(&self, redaction: &Redaction, facts: &Facts<'_>) -> Result<(), TenantsError> {
        self.drop_shares_everywhere(&ShareKey::User(redaction.user), facts.now).await?;
        for address in &redaction.addresses {
            self.drop_shares_everywhere(&ShareKey::Address(address.key().into()), facts.now).await?;
            let (key, mut after) = (Key::Invited(address.key().into()), None);
            loop {
                let places: Vec<Place> = self.find(&key, None, after, PLACES_TOGETHER_MAX).await?;
                let Some(last) = places.last().copied() else { break };
                for place in places {
                    let Some(invitation) = place.invitation() else { continue };
                    match self.handle(place.organization, Revoke { invitation }, &facts.by(Actor::System)).await {
                        Ok(_) => {}
                        // It has run out, or somebody else was faster.
                        Err(TenantsError::Refused(
                            Refusal::InvitationClosed { .. } | Refusal::UnknownInvitation | Refusal::NotFound,
                        )) => {}
                        Err(why) => return Err(why),
                    }
                }
                after = Some(last);
            }
        }
        Ok(())
    }

    /// In an organization that they have left, or that is deleted and not gone yet.
    async fn erase_what_is_left(
        &self,
        organization: OrgId,
        users: &[Redaction],
        facts: &Facts<'_>,
    ) -> Result<(), TenantsError> {
        let state = self.load_organization(organization).await?;
        let has_left_something = |user: UserId| {
            let has_accepted = || state.invitations().any(|(_, invitation)| invitation.accepted_by().contains(&user));
            state.person(user).is_some() || has_accepted()
        };
        for Redaction { user, .. } in users.iter().filter(|redaction| has_left_something(redaction.user)) {
            match self.handle(organization, EraseUser { user: *user }, &facts.by(Actor::System)).await {
                Ok(_) | Err(TenantsError::Refused(Refusal::UnknownPerson | Refusal::NotFound)) => {} // was erased before
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    /// How many records were replaced; `None`, if nobody was named in anything.
    async fn redact_in(&self, organization: OrgId, names: &Names) -> Result<Option<u64>, TenantsError> {
        let mut is_named = self.is_named_in(organization, names).await?;
        if is_named {
            self.keep_redacted(organization, names).await?;
        }
        let (mut history, mut records) = (History::of(organization), 0_u64);
        while let Some(page) = history.next(&self.store).await? {
            let renamed = renamed(&page, names)?;
            let count = u64::try_from(renamed.batch().len()).unwrap_or(u64::MAX);
            if count > 0 {
                self.store.replace(&Replacement { organization, batch: renamed.batch(), beside: None }).await?;
                records = records.saturating_add(count);
            }
        }
        if is_named {
            self.let_all_go(organization).await; // what is appended from here on is judged on other names
        }
        is_named |= self.redact_beside(organization, names).await?;
        if is_named {
            // Followers loaded what there was between one step and the next.
            let batch = Batch::none(Stream::Organization);
            self.store.replace(&Replacement { organization, batch, beside: None }).await?;
            self.let_all_go(organization).await;
        }
        Ok(is_named.then_some(records))
    }

    /// Whether somebody is named in what decides: a history, or a snapshot.
    async fn is_named_in(&self, organization: OrgId, names: &Names) -> Result<bool, StoreError> {
        let snapshot = self.store.load(organization, 1).await?.snapshot;
        let ledger = self.store.load_ledger(organization, 1).await?.snapshot;
        let is_in_one = snapshot.map(|it| names.replaced_in(it.as_ref())).transpose()?.flatten().is_some()
            || ledger.map(|it| names.replaced_in(it.as_ref())).transpose()?.flatten().is_some();
        let mut history = History::of(organization);
        while let Some(page) = history.next(&self.store).await? {
            if is_in_one || !renamed(&page, names)?.batch().is_empty() {
                return Ok(true);
            }
        }
        Ok(is_in_one)
    }

    /// Keeps everything as it is now, with other names, before any record is replaced: from here on nobody begins with a snapshot in which
    /// somebody belongs, and goes on with records in which somebody else leaves.
    async fn keep_redacted(&self, organization: OrgId, names: &Names) -> Result<(), StoreError> {
        let state = self.load_organization(organization).await?;
        if state.version() > Version::ZERO {
            let now = state.snapshot();
            let renamed = names.replaced_in(&now)?;
            self.store.keep(Snapshot::Organization(renamed.as_ref().unwrap_or(&now))).await?;
        }
        let ledger = self.load_ledger(organization).await?;
        if ledger.version() > Version::ZERO {
            let now = ledger.snapshot();
            let renamed = names.replaced_in(&now)?;
            self.store.keep(Snapshot::Ledger(renamed.as_ref().unwrap_or(&now))).await?;
        }
        Ok(())
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
