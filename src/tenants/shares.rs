//! Shares: what is opened on single resources, loaded with the question and changed beside the organization.

use std::sync::PoisonError;
use std::vec::Vec;

use super::shared::keys_of;
use super::{Cell, Tenants, TenantsError};
use crate::access::{Access, Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{AddressProof, Context, Effect, Record, Refusal};
use crate::filter::{Filter, Shared, Word};
use crate::id::{OrgId, ResourceId, UserId};
use crate::limits::{APPEND_ATTEMPTS_MAX, CONTAINERS_MAX};
use crate::organization::{Organization, SecretHash};
use crate::sharing::{
    ClaimShare, FollowLink, LinkHash, Recipient, RevokeShare, ShareAt, ShareCommand, ShareKey, ShareKeys, ShareRecord,
    Sheet, shares_on,
};
use crate::store::{AppendShares, Appended, Store, StoreError};
use crate::time::Timestamp;

/// How many places are looked at together.
const TOGETHER: usize = 256;

/// Where a public link leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FollowedLink {
    /// Where it is.
    pub at: ShareAt,
    /// As whom whoever followed it asks from now on. Bind the session to the place as well: an id of a link is no secret.
    pub actor: Actor,
}

impl<S: Store> Tenants<S> {
    /// Carries out a command about the shares on a resource. `on` says where the resource is; its shares are loaded here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`]s as the command documents them. Nothing has changed, but for [`StoreError::Unknown`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Facts, Resource};
    /// use bailiwick::change::CreateOrganization;
    /// use bailiwick::sharing::{GiveShare, Recipient};
    /// use bailiwick::{Actor, LinkId, Name, OrgId, ResourceId, Seats, SecretHash, ShareId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (olga, crew) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// let create = CreateOrganization { name: Name::new("Crew")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// tenants.create(crew, create, &now.by(olga))?;
    ///
    /// let pilot = Resource { id: ResourceId::from_u64(1).unwrap(), containers: &[], workspace: None, personal_owner: None, shares: &[] };
    /// let secret = SecretHash::from_bytes([7; 32]); // of the secret that goes into the link
    /// let link = Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret, uses: None };
    /// let share = GiveShare { share: ShareId::from_u64(1).unwrap(), to: link, level: vec!["script.view".into()], until: None };
    /// tenants.share(crew, &pilot, share, &now.by(olga))?;
    ///
    /// let followed = tenants.follow_link(secret, &now)?;
    /// let view = tenants.catalog().permission("script.view").unwrap();
    /// assert!(tenants.access_to(crew, followed.actor, &pilot, &now)?.allows(view));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        let command = command.into();
        let cell = self.cell(organization)?.ok_or_else(|| command.unknown())?;
        let _turn = cell.command.lock().unwrap_or_else(PoisonError::into_inner);
        self.catch_up(organization, &cell)?; // what others have taken is not shared any more
        self.share_in_turn((organization, &cell), on, &command, context)
    }

    /// The same, by whoever has the turn of the organization.
    fn share_in_turn(
        &self,
        (organization, cell): (OrgId, &Cell),
        on: &Resource<'_>,
        command: &ShareCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let sheets = self.sheets(organization, on)?;
            let shares = shares_on(&self.catalog, on, &sheets);
            let none = Sheet::new(organization, on.id);
            let sheet = sheets.iter().find(|sheet| sheet.resource() == on.id).unwrap_or(&none);
            let on = Resource { shares: &shares, ..*on };
            let records = cell.read().handle_share(sheet, &on, command, context)?;
            if records.is_empty() {
                return Ok(records);
            }
            let (expected, keys) = (sheet.version(), ShareKeys::of(sheet, &records));
            for (link, _) in keys.added.iter().filter(|(key, _)| matches!(key, ShareKey::Link(_))) {
                if !self.store.shares_by(link, None, None, 1)?.is_empty() {
                    return Err(Refusal::AlreadyExists.into()); // it leads somewhere else; told only to who may share by link
                }
            }
            let append = AppendShares { organization, resource: on.id, expected, records: &records, keys: &keys };
            if self.store.append_shares(&append)? == Appended::Applied {
                return Ok(records);
            }
        }
        Err(TenantsError::Contended)
    }

    /// Resolves what an actor may do on a resource, with the shares on it and on its containers. To single questions about what is not
    /// shared [`access`](Self::access) answers without the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn access_to(
        &self,
        organization: OrgId,
        actor: Actor,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        let shares = self.shares_on(organization, resource)?;
        self.access(organization, actor, Target::Resource(&Resource { shares: &shares, ..*resource }), facts)
    }

    /// The shares that count for a question about a resource.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shares_on(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Share>, StoreError> {
        Ok(shares_on(&self.catalog, resource, &self.sheets(organization, resource)?))
    }

    /// The shares on one resource or container itself, with whoever gave them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheet(&self, organization: OrgId, resource: ResourceId) -> Result<Sheet, StoreError> {
        let found = self.store.load_shares(organization, &[resource])?.into_iter().next();
        let records = found.map(|(_, records)| records).unwrap_or_default();
        Ok(Sheet::replay(organization, resource, &records))
    }

    /// Follows a public link, and says where it leads and as whom whoever followed it asks there. Nobody needs to be signed in.
    ///
    /// # Errors
    /// [`TenantsError::Refused`]: `unknown_share`, `ended`, `link_used_up`.
    pub fn follow_link(&self, secret: SecretHash, facts: &Facts<'_>) -> Result<FollowedLink, TenantsError> {
        let places = self.store.shares_by(&ShareKey::Link(LinkHash::of(secret)), None, None, 1)?;
        let at = places.into_iter().next().ok_or(Refusal::UnknownShare)?;
        let given = self.sheet(at.organization, at.resource)?;
        let Some(Recipient::Link { link, .. }) = given.share(at.share).map(|given| &given.to) else {
            return Err(Refusal::UnknownShare.into());
        };
        let actor = Actor::Link(*link);
        self.share_at(at, FollowLink { share: at.share, secret }, &facts.by(actor))?;
        Ok(FollowedLink { at, actor })
    }

    /// Takes everything that was opened to an address, by the user who has shown to have it: for whoever signs up, or adds an address.
    ///
    /// # Errors
    /// [`TenantsError`]; `user_only`, `address_unverified`. What has ended or is closed meanwhile is passed over.
    pub fn claim_shares(&self, address: &AddressProof, context: &Context<'_>) -> Result<Vec<ShareAt>, TenantsError> {
        let AddressProof::Verified(shown) = address else { return Err(Refusal::AddressUnverified.into()) };
        let Actor::User(_) = context.actor else { return Err(Refusal::UserOnly.into()) };
        let (mut claimed, mut after) = (Vec::new(), None);
        loop {
            let places = self.store.shares_by(&ShareKey::Address(shown.key().into()), None, after, TOGETHER)?;
            let Some(last) = places.last().copied() else { return Ok(claimed) };
            for at in places {
                match self.share_at(at, ClaimShare { share: at.share, address: address.clone() }, context) {
                    Ok(()) => claimed.push(at),
                    Err(TenantsError::Refused(_)) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
            after = Some(last);
        }
    }

    /// Which resources of an organization an actor may do something with, as a condition for the caller's own tables; the shares that
    /// concern the actor are loaded here. Of an unknown organization nothing, as of one that the actor has nothing to do with. Whoever presents
    /// a link knows where it leads and is told nothing more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn filter(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        facts: &Facts<'_>,
    ) -> Result<Filter, StoreError> {
        let keys = self.read(organization, |organization| keys_of(organization, actor, facts))?.unwrap_or_default();
        let mut shares = Vec::new();
        for key in keys {
            let mut after = None;
            loop {
                let places = self.store.shares_by(&key, Some(organization), after, TOGETHER)?;
                let Some(last) = places.last().copied() else { break };
                shares.extend(self.shared_at(&places)?);
                after = Some(last);
            }
        }
        let filter = |organization: &Organization| organization.filter(actor, permission, facts, &shares);
        Ok(self.read(organization, filter)?.unwrap_or_else(|| filter(&self.unknown(organization))))
    }

    /// The shares at these places, with whose word they are.
    fn shared_at(&self, places: &[ShareAt]) -> Result<Vec<Shared>, StoreError> {
        let given = self.given_at(places)?.into_iter();
        let shared = given.filter_map(|(at, given)| {
            Some(Shared { share: given.as_share(&self.catalog, at.resource)?, by: Word::of(given.origin.by) })
        });
        Ok(shared.collect())
    }

    /// A command about one share, whose place in the application does not matter.
    fn share_at(
        &self,
        at: ShareAt,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<(), TenantsError> {
        self.share(at.organization, &alone(at.resource), command, context).map(|_| ())
    }

    /// The sheets of a resource and its containers that there are.
    pub(super) fn sheets(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Sheet>, StoreError> {
        let around = resource.containers.iter().take(CONTAINERS_MAX).copied();
        let ids: Vec<ResourceId> = [resource.id].into_iter().chain(around).collect();
        let found = self.store.load_shares(organization, &ids)?;
        Ok(found.into_iter().map(|(id, records)| Sheet::replay(organization, id, &records)).collect())
    }

    /// What was shared with people by name goes with them. It is tidying up: a share with somebody of the organization counts only while
    /// they belong to it.
    pub(super) fn drop_shares(&self, of: (OrgId, &Cell), records: &[Record], now: Timestamp) {
        let effects = of.1.read().effects(records);
        for effect in effects {
            if let Effect::DropShares { user } = effect {
                let _ = self.drop_shares_of(of, user, now);
            }
        }
    }

    fn drop_shares_of(
        &self,
        (organization, cell): (OrgId, &Cell),
        user: UserId,
        now: Timestamp,
    ) -> Result<(), TenantsError> {
        let context = Facts::at(now).by(Actor::System);
        let mut after = None;
        loop {
            let places = self.store.shares_by(&ShareKey::User(user), Some(organization), after, TOGETHER)?;
            let Some(last) = places.last().copied() else { return Ok(()) };
            for at in places {
                let revoke = RevokeShare { share: at.share }.into();
                match self.share_in_turn((organization, cell), &alone(at.resource), &revoke, &context) {
                    Ok(_) | Err(TenantsError::Refused(_)) => {} // somebody else was faster
                    Err(trouble) => return Err(trouble),
                }
            }
            after = Some(last);
        }
    }
}

/// A resource whose place in the application does not matter.
pub(super) const fn alone(id: ResourceId) -> Resource<'static> {
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}
