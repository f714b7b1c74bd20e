//! The store in memory: for tests, for tools, and as the plainest example of the promises.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroU128;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use super::{Append, AppendShares, Appended, Claim, Store, StoreError};
use crate::change::{Event, Record};
use crate::id::{LinkId, OrgId, ResourceId, ShareId, UserId};
use crate::ledger::Entry;
use crate::sharing::{ShareAt, ShareKey, ShareRecord};
use crate::version::Version;

/// Keeps organizations as long as the process lives.
///
/// # Examples
/// ```
/// use bailiwick::store::{MemoryStore, Store};
/// use bailiwick::{OrgId, Version};
///
/// let store = MemoryStore::new();
/// assert!(store.load(OrgId::from_u64(1).unwrap(), Version::ZERO)?.is_empty());
/// # Ok::<(), bailiwick::store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    streams: HashMap<OrgId, Vec<Record>>,
    ledgers: HashMap<OrgId, Vec<Arc<Entry>>>,
    sheets: HashMap<(OrgId, ResourceId), Vec<ShareRecord>>,
    by_share_key: BTreeMap<ShareKey, BTreeSet<ShareAt>>,
    uses: HashMap<LinkId, u32>,
    claims: BTreeMap<Claim, OrgId>,
    by_user: BTreeMap<UserId, BTreeSet<OrgId>>,
    deleted: BTreeSet<OrgId>,
}

impl MemoryStore {
    /// A store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // An append changes nothing before its last check, and nothing after it can panic: what a poisoned lock guards is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load(&self, organization: OrgId, after: Version) -> Result<Vec<Record>, StoreError> {
        let kept = self.kept();
        let stream = kept.streams.get(&organization).map(Vec::as_slice).unwrap_or_default();
        let at = stream.partition_point(|record| record.version <= after);
        Ok(stream.get(at..).unwrap_or_default().to_vec())
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let mut kept = self.kept();
        let last = kept.streams.get(&append.organization).and_then(|stream| stream.last());
        if last.map_or(Version::ZERO, |record| record.version) != append.expected {
            return Ok(Appended::Conflict);
        }
        let holders = append.claims.taken.iter().filter_map(|claim| kept.claims.get(claim).copied());
        let other = holders.into_iter().find(|by| *by != append.organization);
        if let Some(by) = other {
            return Ok(Appended::Claimed { by });
        }
        for claim in &append.claims.released {
            if kept.claims.get(claim) == Some(&append.organization) {
                kept.claims.remove(claim); // one that is not its own stays where it is
            }
        }
        for claim in &append.claims.taken {
            kept.claims.insert(claim.clone(), append.organization);
        }
        for record in append.records {
            kept.note(append.organization, &record.event);
        }
        kept.streams.entry(append.organization).or_default().extend_from_slice(append.records);
        Ok(Appended::Applied)
    }

    fn load_ledger(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        let kept = self.kept();
        let stream = kept.ledgers.get(&organization).map(Vec::as_slice).unwrap_or_default();
        let at = stream.partition_point(|entry| entry.version <= after);
        Ok(stream.get(at..).unwrap_or_default().to_vec())
    }

    fn append_ledger(
        &self,
        organization: OrgId,
        expected: Version,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError> {
        let mut kept = self.kept();
        let stream = kept.ledgers.entry(organization).or_default();
        if stream.last().map_or(Version::ZERO, |entry| entry.version) != expected {
            return Ok(Appended::Conflict);
        }
        stream.extend_from_slice(entries);
        Ok(Appended::Applied)
    }

    fn load_shares(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let kept = self.kept();
        let sheet = |id: &ResourceId| Some((*id, kept.sheets.get(&(organization, *id))?.clone()));
        Ok(resources.iter().filter_map(sheet).collect())
    }

    fn append_shares(&self, append: &AppendShares<'_>) -> Result<Appended, StoreError> {
        let mut kept = self.kept();
        let sheet = (append.organization, append.resource);
        let last = kept.sheets.get(&sheet).and_then(|stream| stream.last());
        if last.map_or(Version::ZERO, |record| record.version) != append.expected {
            return Ok(Appended::Conflict);
        }
        let mut unique = append.keys.added.iter().map(|(key, _)| key).filter(|key| key.is_unique());
        let taken = unique.find_map(|key| kept.by_share_key.get(key)?.first());
        if let Some(at) = taken {
            return Ok(Appended::Claimed { by: at.organization });
        }
        kept.sheets.entry(sheet).or_default().extend_from_slice(append.records);
        let at = |share: ShareId| ShareAt { organization: append.organization, resource: append.resource, share };
        for (key, share) in &append.keys.removed {
            if let Some(places) = kept.by_share_key.get_mut(key) {
                places.remove(&at(*share));
            }
        }
        for (key, share) in &append.keys.added {
            kept.by_share_key.entry(key.clone()).or_default().insert(at(*share));
        }
        Ok(Appended::Applied)
    }

    fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        let kept = self.kept();
        let Some(places) = kept.by_share_key.get(key) else { return Ok(Vec::new()) };
        let first = within.map(|organization| {
            let (resource, share) = (ResourceId::from_bits(NonZeroU128::MIN), ShareId::from_bits(NonZeroU128::MIN));
            ShareAt { organization, resource, share }
        });
        let from = match (after, first) {
            (Some(after), first) if first.is_none_or(|first| after >= first) => Bound::Excluded(after),
            (_, Some(first)) => Bound::Included(first),
            _ => Bound::Unbounded,
        };
        let is_here = |at: &&ShareAt| within.is_none_or(|organization| at.organization == organization);
        Ok(places.range((from, Bound::Unbounded)).take_while(is_here).take(limit).copied().collect())
    }

    fn count_use(&self, link: LinkId, at_most: u32) -> Result<u32, StoreError> {
        let mut kept = self.kept();
        let uses = kept.uses.get(&link).copied().unwrap_or_default();
        if uses < at_most {
            kept.uses.insert(link, uses.saturating_add(1));
        }
        Ok(uses)
    }

    fn organizations_of(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let kept = self.kept();
        let Some(theirs) = kept.by_user.get(&user) else { return Ok(Vec::new()) };
        let theirs = theirs.range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)).copied();
        Ok(theirs.filter(|organization| !kept.deleted.contains(organization)).take(limit).collect())
    }

    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError> {
        Ok(self.kept().claims.get(claim).copied())
    }
}

impl Kept {
    /// Keeps the list of everybody's organizations.
    fn note(&mut self, organization: OrgId, event: &Event) {
        match event {
            Event::OrganizationCreated { owner: user, .. }
            | Event::MemberJoined { user, .. }
            | Event::CollaboratorJoined { user, .. } => {
                self.by_user.entry(*user).or_default().insert(organization);
            }
            Event::OrganizationDeleted { .. } => _ = self.deleted.insert(organization),
            Event::OrganizationRestored => _ = self.deleted.remove(&organization),
            Event::PersonRemoved { user, .. } | Event::UserErased { user } => {
                if let Some(organizations) = self.by_user.get_mut(user) {
                    organizations.remove(&organization);
                }
            }
            _ => {}
        }
    }
}
