//! Shares: what is opened on single resources, loaded with the question and changed beside the organization.

use std::vec::Vec;

use super::attempts::{Attempts, Next};
use super::kept::InTurn;
use super::shared::keys_of;
use super::told::told;
use super::{AsyncTenants, TenantsError};
use crate::access::{Access, Explanation, Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::{Context, Effect, Record, Refusal};
use crate::filter::{Filter, Goes, Shared};
use crate::id::{OrgId, ResourceId};
use crate::limits::{CONTAINERS_MAX, PLACES_TOGETHER_MAX};
use crate::organization::Organization;
use crate::rows::RowChanges;
use crate::sharing::{RevokeShare, ShareAt, ShareCommand, ShareKey, ShareRecord, Sheet, shares_on};
use crate::store::{Append, AsyncStore, Batch, Key, Keys, Place, StoreError};
use crate::time::Timestamp;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::share`](super::Tenants::share).
    pub async fn share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        let command = command.into();
        told!(
            "command" { organization = organization, command = command.name() },
            self.share_or_follow(organization, on, command, context)
        )
    }

    async fn share_or_follow(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: ShareCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        if let ShareCommand::FollowLink(command) = command {
            return self.follow_known((organization, on.id), command, context).await.map(|_| Vec::new());
        }
        let turn = self.cell_in_turn(organization).await?.ok_or_else(|| command.unknown())?;
        self.catch_up(organization, &turn).await?; // what others have taken is not shared any more
        self.share_in_turn((organization, &turn), on, &command, context).await
    }

    /// The same, by whoever has the turn of the organization.
    async fn share_in_turn(
        &self,
        (organization, turn): (OrgId, &InTurn<Organization>),
        on: &Resource<'_>,
        command: &ShareCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        let mut attempts = Attempts::new();
        let mut tried: Option<(usize, Vec<ShareRecord>)> = None;
        loop {
            let found = self.sheet_records(organization, on).await.map_err(|why| attempts.trouble(why))?;
            let own = found.iter().find(|(resource, _)| *resource == on.id).map(|(_, records)| records.as_slice());
            let own = own.unwrap_or_default();
            if let Some((before, records)) = tried.take() {
                if attempts.were_kept(&records, own.get(before..).unwrap_or_default()) {
                    return Ok(records);
                }
            }
            let sheets = replayed(organization, &found);
            let none = Sheet::new(organization, on.id);
            let sheet = sheets.iter().find(|sheet| sheet.resource() == on.id).unwrap_or(&none);
            let records = {
                let state = turn.kept.read();
                let shares = shares_on(&state, on, &sheets);
                state.handle_share(sheet, &Resource { shares: &shares, ..*on }, command, context)?
            };
            if records.is_empty() {
                return Ok(records);
            }
            let keys = Keys::of_sheet(sheet, &records);
            let batch = Batch::Sheet(on.id, &records);
            let rows = self.rows_if_kept(|| RowChanges::of_sheet(sheet, &records));
            let append = Append { organization, expected: sheet.version(), batch, keys: &keys, rows: &rows };
            match attempts.next(self.store.append(&append).await)? {
                Next::Apply => return Ok(records),
                // The link leads somewhere else; told only to who may share by link.
                Next::Refuse => return Err(Refusal::AlreadyExists.into()),
                Next::Judge | Next::Recall(_) => tried = Some((own.len(), records)),
            }
        }
    }

    /// As [`Tenants::access_to`](super::Tenants::access_to).
    pub async fn access_to(
        &self,
        organization: OrgId,
        actor: Actor,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        let shares = self.shares_on(organization, resource).await?;
        self.access(organization, actor, Target::Resource(&Resource { shares: &shares, ..*resource }), facts).await
    }

    /// As [`Tenants::explain_on`](super::Tenants::explain_on).
    pub async fn explain_on(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        let shares = self.shares_on(organization, resource).await?;
        self.explain(
            organization,
            actor,
            permission,
            Target::Resource(&Resource { shares: &shares, ..*resource }),
            facts,
        )
        .await
    }

    /// As [`Tenants::shares_on`](super::Tenants::shares_on).
    pub async fn shares_on(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Share>, StoreError> {
        let sheets = self.sheets(organization, resource).await?;
        Ok(self
            .read(organization, |organization| shares_on(organization, resource, &sheets))
            .await?
            .unwrap_or_default())
    }

    /// As [`Tenants::sheet`](super::Tenants::sheet).
    pub async fn sheet(&self, organization: OrgId, resource: ResourceId) -> Result<Sheet, StoreError> {
        let sheet = self.sheets(organization, &alone(resource)).await?.into_iter().next();
        Ok(sheet.unwrap_or_else(|| Sheet::new(organization, resource)))
    }

    /// As [`Tenants::filter`](super::Tenants::filter).
    pub async fn filter(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        facts: &Facts<'_>,
    ) -> Result<Filter, StoreError> {
        let keys =
            self.read(organization, |organization| keys_of(organization, actor, facts)).await?.unwrap_or_default();
        let mut shares = Vec::new();
        for key in keys {
            let mut after = None;
            loop {
                let places = self.shares_by(&key, Some(organization), after, PLACES_TOGETHER_MAX).await?;
                let Some(last) = places.last().copied() else { break };
                shares.extend(self.shared_at(organization, &places).await?);
                after = Some(last);
            }
        }
        let filter = |organization: &Organization| organization.filter(actor, permission, facts, &shares);
        Ok(self.read(organization, filter).await?.unwrap_or_else(|| filter(&self.unknown(organization))))
    }

    /// Where something is shared under a key, of one organization's resources or of all, in order, after a place.
    pub(super) async fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        let places = self.find(&Key::Share(key.clone()), within, after.map(Place::from), limit).await?;
        Ok(places.iter().filter_map(Place::share).collect())
    }

    /// The shares at these places of an organization, in their order.
    pub(super) async fn shared_at(&self, organization: OrgId, places: &[ShareAt]) -> Result<Vec<Shared>, StoreError> {
        let given = self.given_at(places).await?;
        let all = |organization: &Organization| {
            let shared = given.iter().filter_map(|(at, given)| {
                Some(Shared { share: given.as_share(organization, at.resource)?, goes: Goes::As(given.extent) })
            });
            shared.collect()
        };
        Ok(self.read(organization, all).await?.unwrap_or_default())
    }

    /// The sheets of a resource and its containers that there are.
    pub(super) async fn sheets(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Sheet>, StoreError> {
        Ok(replayed(organization, &self.sheet_records(organization, resource).await?))
    }

    async fn sheet_records(
        &self,
        organization: OrgId,
        resource: &Resource<'_>,
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let around = resource.containers.iter().take(CONTAINERS_MAX).copied();
        let ids: Vec<ResourceId> = [resource.id].into_iter().chain(around).collect();
        self.store.load_sheets(organization, &ids).await
    }

    /// What was shared with people by name, or with a team, goes with them. It is tidying up: a share with somebody of the organization counts
    /// only while they belong to it, one with a team only while there is that team.
    pub(super) async fn drop_shares(&self, of: (OrgId, &InTurn<Organization>), records: &[Record], now: Timestamp) {
        let effects = of.1.kept.read().effects(records);
        for effect in effects {
            let key = match effect {
                Effect::DropShares { user } => ShareKey::User(user),
                Effect::DropTeamShares { team } => ShareKey::Team(of.0, team),
                _ => continue,
            };
            let _ = self.drop_shares_of(of, &key, now).await;
        }
    }

    /// What is shared with somebody who is no more goes, in every organization.
    pub(super) async fn drop_shares_everywhere(&self, key: &ShareKey, now: Timestamp) -> Result<(), TenantsError> {
        let mut after = None;
        loop {
            let Some(next) = self.shares_by(key, None, after, 1).await?.first().copied() else { return Ok(()) };
            if let Some(turn) = self.cell_in_turn(next.organization).await? {
                self.drop_shares_of((next.organization, &turn), key, now).await?;
            }
            after = Some(next);
        }
    }

    async fn drop_shares_of(
        &self,
        (organization, turn): (OrgId, &InTurn<Organization>),
        key: &ShareKey,
        now: Timestamp,
    ) -> Result<(), TenantsError> {
        let context = Facts::at(now).by(Actor::System);
        let mut after = None;
        loop {
            let places = self.shares_by(key, Some(organization), after, PLACES_TOGETHER_MAX).await?;
            let Some(last) = places.last().copied() else { return Ok(()) };
            for at in places {
                let revoke = RevokeShare { share: at.share }.into();
                match self.share_in_turn((organization, turn), &alone(at.resource), &revoke, &context).await {
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

/// The sheets of histories.
fn replayed(organization: OrgId, found: &[(ResourceId, Vec<ShareRecord>)]) -> Vec<Sheet> {
    found.iter().map(|(resource, records)| Sheet::replay(organization, *resource, records)).collect()
}
