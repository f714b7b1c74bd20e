//! Shares: what is opened on single resources, loaded with the question and changed beside the organization.

use std::sync::PoisonError;
use std::vec::Vec;

use super::shared::keys_of;
use super::{Cell, Tenants, TenantsError};
use crate::access::{Access, Explanation, Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{Context, Effect, Record, Refusal};
use crate::filter::{Filter, Goes, Shared};
use crate::id::{OrgId, ResourceId};
use crate::limits::{APPEND_ATTEMPTS_MAX, CONTAINERS_MAX};
use crate::organization::Organization;
use crate::sharing::{RevokeShare, ShareAt, ShareCommand, ShareKey, ShareKeys, ShareRecord, Sheet, shares_on};
use crate::store::{AppendShares, Appended, Store, StoreError};
use crate::time::Timestamp;

/// How many places are looked at together.
pub(super) const TOGETHER: usize = 256;

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
        if let ShareCommand::FollowLink(command) = command {
            return self.follow((organization, on.id), command, context).map(|_| Vec::new());
        }
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
            let none = Sheet::new(organization, on.id);
            let sheet = sheets.iter().find(|sheet| sheet.resource() == on.id).unwrap_or(&none);
            let records = {
                let state = cell.read();
                let shares = shares_on(&state, on, &sheets);
                state.handle_share(sheet, &Resource { shares: &shares, ..*on }, command, context)?
            };
            if records.is_empty() {
                return Ok(records);
            }
            let (expected, keys) = (sheet.version(), ShareKeys::of(sheet, &records));
            let append = AppendShares { organization, resource: on.id, expected, records: &records, keys: &keys };
            match self.store.append_shares(&append)? {
                Appended::Applied => return Ok(records),
                Appended::Conflict => {}
                // The link leads somewhere else; told only to who may share by link.
                Appended::Claimed { .. } => return Err(Refusal::AlreadyExists.into()),
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

    /// Explains the answer about a resource, with the shares on it and on its containers: see [`explain`](Self::explain).
    ///
    /// # Errors
    /// [`StoreError`]: the history is read.
    pub fn explain_on(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        let shares = self.shares_on(organization, resource)?;
        self.explain(
            organization,
            actor,
            permission,
            Target::Resource(&Resource { shares: &shares, ..*resource }),
            facts,
        )
    }

    /// The shares that count for a question about a resource.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shares_on(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Share>, StoreError> {
        let sheets = self.sheets(organization, resource)?;
        Ok(self.read(organization, |organization| shares_on(organization, resource, &sheets))?.unwrap_or_default())
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

    /// Which resources of an organization an actor may do something with, as a condition for the caller's own tables; the shares that
    /// concern the actor are loaded here. Of an unknown organization nothing, as of one that the actor has nothing to do with.
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
                shares.extend(self.shared_at(organization, &places)?);
                after = Some(last);
            }
        }
        let filter = |organization: &Organization| organization.filter(actor, permission, facts, &shares);
        Ok(self.read(organization, filter)?.unwrap_or_else(|| filter(&self.unknown(organization))))
    }

    /// The shares at these places of an organization, in their order.
    pub(super) fn shared_at(&self, organization: OrgId, places: &[ShareAt]) -> Result<Vec<Shared>, StoreError> {
        let given = self.given_at(places)?;
        let all = |organization: &Organization| {
            let shared = given.iter().filter_map(|(at, given)| {
                Some(Shared { share: given.as_share(organization, at.resource)?, goes: Goes::As(given.extent) })
            });
            shared.collect()
        };
        Ok(self.read(organization, all)?.unwrap_or_default())
    }

    /// The sheets of a resource and its containers that there are.
    pub(super) fn sheets(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Sheet>, StoreError> {
        let around = resource.containers.iter().take(CONTAINERS_MAX).copied();
        let ids: Vec<ResourceId> = [resource.id].into_iter().chain(around).collect();
        let found = self.store.load_shares(organization, &ids)?;
        Ok(found.into_iter().map(|(id, records)| Sheet::replay(organization, id, &records)).collect())
    }

    /// What was shared with people by name, or with a team, goes with them. It is tidying up: a share with somebody of the organization counts
    /// only while they belong to it, one with a team only while there is that team.
    pub(super) fn drop_shares(&self, of: (OrgId, &Cell), records: &[Record], now: Timestamp) {
        let effects = of.1.read().effects(records);
        for effect in effects {
            let key = match effect {
                Effect::DropShares { user } => ShareKey::User(user),
                Effect::DropTeamShares { team } => ShareKey::Team(of.0, team),
                _ => continue,
            };
            let _ = self.drop_shares_of(of, &key, now);
        }
    }

    fn drop_shares_of(
        &self,
        (organization, cell): (OrgId, &Cell),
        key: &ShareKey,
        now: Timestamp,
    ) -> Result<(), TenantsError> {
        let context = Facts::at(now).by(Actor::System);
        let mut after = None;
        loop {
            let places = self.store.shares_by(key, Some(organization), after, TOGETHER)?;
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
