//! Commands: judged on the newest state, appended, applied.

use std::vec::Vec;

use super::attempts::{Attempts, Next};
use super::doubt::Doubt;
use super::kept::InTurn;
use super::told::{told, told_version};
use super::{AsyncTenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{
    Command, Context, CreateOrganization, DeleteOrganization, EraseUser, Outcome, Record, Refusal, SignUp,
};
use crate::id::{OrgId, UserId};
use crate::organization::{Disposition, Kind, Organization};
use crate::rows::RowChanges;
use crate::sharing::ShareKey;
use crate::store::{Append, AsyncStore, Batch, Claim, Key, Keys, Loaded, StoreError, Untrue, Written};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::sign_up`](super::Tenants::sign_up).
    pub async fn sign_up(&self, id: OrgId, command: SignUp, context: &Context<'_>) -> Result<OrgId, TenantsError> {
        let user = context.actor.user().ok_or(Refusal::UserOnly)?;
        let personal = Key::Claim(Claim::PersonalOf(user));
        if let Some(there) = self.place_of(&personal).await? {
            return Ok(there.organization);
        }
        match self.make(id, command.into(), context).await {
            Ok(_) => Ok(id),
            Err(TenantsError::Refused(Refusal::NameTaken)) => {
                // Signed up meanwhile; under which id, the store knows.
                let there = self.place_of(&personal).await?;
                there.map(|there| there.organization).ok_or(TenantsError::Contended)
            }
            Err(why) => Err(why),
        }
    }

    /// As [`Tenants::create`](super::Tenants::create).
    pub async fn create(
        &self,
        id: OrgId,
        command: CreateOrganization,
        context: &Context<'_>,
    ) -> Result<Version, TenantsError> {
        let command = self.with_what_is_elsewhere(command.into(), context).await?;
        self.make(id, command, context).await
    }

    /// As [`Tenants::handle`](super::Tenants::handle).
    pub async fn handle(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        let command = command.into();
        told!(
            "command" { organization = organization, command = command.name() },
            self.judge_and_append(organization, command, context)
        )
    }

    async fn judge_and_append(
        &self,
        organization: OrgId,
        command: Command,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        let command = self.with_what_is_elsewhere(command, context).await?;
        let turn = self.cell_in_turn(organization).await?.ok_or(Refusal::NotFound)?;
        let doubt = Doubt::about(|| self.let_go(organization, &turn));
        let outcome = doubt.unless_known(self.handle_in_turn((organization, &turn), &command, context).await)?;
        told_version!(outcome.records.last().map(|record| record.version));
        Ok(outcome)
    }

    async fn handle_in_turn(
        &self,
        (organization, turn): (OrgId, &InTurn<Organization>),
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        let mut attempts = Attempts::new();
        loop {
            let (judged, expected, keys, rows) = {
                let state = turn.kept.read();
                let judged = state.handle(command, context);
                let records = judged.as_ref().map_or(&[][..], |outcome| &outcome.records);
                let (keys, rows) = (Keys::of(&state, records), self.rows_if_kept(|| RowChanges::of(&state, records)));
                (judged, state.version(), keys, rows)
            };
            let outcome = match judged {
                Ok(outcome) => outcome,
                Err(refusal) => {
                    // Somebody else may have changed what stood in the way, or have carried it out.
                    if !self.catch_up(organization, turn).await?.is_none() {
                        attempts.judge_again()?;
                        continue;
                    }
                    return self.recall(organization, context).await?.ok_or_else(|| refusal.into());
                }
            };
            let batch = Batch::Organization(&outcome.records);
            let append = Append { organization, expected, batch, keys: &keys, rows: &rows };
            match attempts.next(self.store.append(&append).await)? {
                Next::Apply => {
                    self.apply(turn, &outcome.records);
                    self.follow_up((organization, turn), &outcome.records, context).await;
                    return Ok(outcome);
                }
                Next::Recall(written) => {
                    self.catch_up(organization, turn).await.map_err(|why| attempts.trouble(why))?;
                    return attempts.told(self.recalled(organization, written, context).await);
                }
                Next::Refuse => return Err(Refusal::NameTaken.into()),
                Next::Judge => {
                    let news = self.catch_up(organization, turn).await.map_err(|why| attempts.trouble(why))?;
                    if attempts.were_kept(&outcome.records, &news.records) {
                        self.follow_up((organization, turn), &outcome.records, context).await;
                        return Ok(outcome);
                    }
                    if !news.is_none() {
                        continue;
                    }
                    if self.is_erased(organization).await.map_err(|why| attempts.trouble(why))? {
                        self.let_go(organization, turn);
                        return Err(Refusal::NotFound.into());
                    }
                }
            }
        }
    }

    /// What a command brings with it elsewhere.
    async fn follow_up(&self, of: (OrgId, &InTurn<Organization>), records: &[Record], context: &Context<'_>) {
        self.hand_over_allowance(of.0, records, context.facts.now).await;
        self.drop_shares(of, records, context.facts.now).await;
    }

    /// What came of the command when it was carried out before, if the caller has given it an id.
    pub(super) async fn recall(
        &self,
        organization: OrgId,
        context: &Context<'_>,
    ) -> Result<Option<Outcome>, TenantsError> {
        let Some(operation) = context.command else { return Ok(None) };
        match self.store.operation(organization, operation).await? {
            Some(written) => self.recalled(organization, written, context).await.map(Some),
            None => Ok(None),
        }
    }

    async fn recalled(
        &self,
        organization: OrgId,
        written: Written,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        let Written { from, to } = written;
        let before = Version::from_u64(from.as_u64().saturating_sub(1));
        let count = usize::try_from(to.as_u64().saturating_sub(before.as_u64())).unwrap_or(usize::MAX);
        let records = self.store.records(organization, before, count).await?;
        let is_it = |record: &Record| record.version <= to && record.command == context.command;
        if records.len() != count || !records.iter().all(is_it) {
            return Err(StoreError::from(Untrue::NotTheOperation { organization, from, to }).into());
        }
        if records.iter().any(|record| record.by != context.actor) {
            return Err(Refusal::CommandReused.into());
        }
        Ok(Outcome { records, left_out: Vec::new() })
    }

    pub(super) async fn is_erased(&self, organization: OrgId) -> Result<bool, StoreError> {
        let Loaded { snapshot, records } = self.store.load(organization, 1).await?;
        Ok(snapshot.is_none() && records.is_empty())
    }

    /// As [`Tenants::delete`](super::Tenants::delete).
    pub async fn delete(
        &self,
        organization: OrgId,
        disposition: Disposition,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        self.handle(organization, DeleteOrganization { disposition, owns_recipient: false }, context).await
    }

    /// A command with what it says of other organizations, whatever was written there.
    pub(super) async fn with_what_is_elsewhere(
        &self,
        mut command: Command,
        context: &Context<'_>,
    ) -> Result<Command, StoreError> {
        match &mut command {
            Command::DeleteOrganization(delete) => {
                delete.owns_recipient = self.owns_recipient(delete.disposition, context.actor).await?;
            }
            Command::CreateOrganization(create) => {
                if let (Some(_), Some(user)) = (self.catalog.policy().organizations_per_user, context.actor.user()) {
                    create.owned = self.owned_by(user).await?;
                }
            }
            _ => {}
        }
        Ok(command)
    }

    /// Whether the actor may have everything transferred there.
    async fn owns_recipient(&self, disposition: Disposition, actor: Actor) -> Result<bool, StoreError> {
        let Disposition::TransferTo(recipient) = disposition else { return Ok(false) };
        let takes = |other: &Organization| match actor {
            Actor::System => other.is_open(),
            Actor::User(user) => other.is_open() && other.is_active_owner(user),
            _ => false,
        };
        Ok(self.read(recipient, takes).await?.unwrap_or(false))
    }

    /// As [`Tenants::erase`](super::Tenants::erase).
    pub async fn erase(&self, user: UserId, facts: &Facts<'_>) -> Result<Vec<OrgId>, TenantsError> {
        let context = facts.by(Actor::System);
        let (mut personal, mut others, mut owned) = (Vec::new(), Vec::new(), Vec::new());
        for organization in self.all_organizations_of(user).await? {
            let own = |org: &Organization| org.profile().is_some_and(|p| p.kind == Kind::Personal && p.creator == user);
            if self.read(organization, own).await?.unwrap_or(false) {
                personal.push(organization);
                continue;
            }
            let erase = EraseUser { user }.into();
            match self.read(organization, |org| org.handle(&erase, &context)).await? {
                Some(Err(Refusal::LastOwner)) => owned.push(organization),
                _ => others.push(organization),
            }
        }
        if !owned.is_empty() {
            return Err(TenantsError::StillOwner { organizations: owned });
        }
        self.drop_shares_everywhere(&ShareKey::User(user), context.facts.now).await?;
        for organization in &others {
            self.handle(*organization, EraseUser { user }, &context).await?;
        }
        for organization in &personal {
            self.delete(*organization, Disposition::Delete, &context).await?;
            self.handle(*organization, EraseUser { user }, &context).await?;
        }
        others.extend(personal);
        Ok(others)
    }

    /// Judges and appends the command that makes an organization, and says which version that makes. A claim that somebody else has is
    /// `name_taken`.
    async fn make(&self, id: OrgId, command: Command, context: &Context<'_>) -> Result<Version, TenantsError> {
        told!("command" { organization = id, command = command.name() }, self.judge_and_begin(id, &command, context))
    }

    async fn judge_and_begin(
        &self,
        id: OrgId,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Version, TenantsError> {
        let mut attempts = Attempts::new();
        let mut organization = self.unknown(id);
        let records = match organization.handle(command, context) {
            Ok(outcome) => outcome.records,
            Err(refusal) => return self.made_before(id, context).await?.ok_or_else(|| refusal.into()),
        };
        let keys = Keys::of(&organization, &records);
        let batch = Batch::Organization(&records);
        let rows = self.rows_if_kept(|| RowChanges::of(&organization, &records));
        let append = Append { organization: id, expected: Version::ZERO, batch, keys: &keys, rows: &rows };
        loop {
            match attempts.next(self.store.append(&append).await)? {
                Next::Apply => break,
                Next::Recall(written) => {
                    let outcome = attempts.told(self.recalled(id, written, context).await)?;
                    return Ok(outcome.records.last().map_or(Version::ZERO, |record| record.version));
                }
                Next::Refuse => return Err(Refusal::NameTaken.into()),
                Next::Judge => {
                    let there = self.store.records(id, Version::ZERO, records.len()).await;
                    let there = there.map_err(|why| attempts.trouble(why))?;
                    if attempts.were_kept(&records, &there) {
                        break;
                    }
                    if !there.is_empty() {
                        let before = attempts.told(self.made_before(id, context).await)?;
                        return before.ok_or_else(|| Refusal::AlreadyExists.into());
                    }
                }
            }
        }
        records.iter().for_each(|record| organization.apply(record));
        let version = organization.version();
        self.keep(id, organization);
        self.hand_over_allowance(id, &records, context.facts.now).await;
        told_version!(version);
        Ok(version)
    }

    /// What changes in the rows, for a store that keeps some.
    pub(crate) fn rows_if_kept(&self, changes: impl FnOnce() -> RowChanges) -> RowChanges {
        if self.store.keeps_rows() { changes() } else { RowChanges::default() }
    }

    async fn made_before(&self, id: OrgId, context: &Context<'_>) -> Result<Option<Version>, TenantsError> {
        let outcome = self.recall(id, context).await?;
        Ok(outcome.and_then(|outcome| Some(outcome.records.last()?.version)))
    }

    /// How many team organizations a user owns.
    async fn owned_by(&self, user: UserId) -> Result<u32, StoreError> {
        let mut owned = 0_u32;
        for organization in self.all_organizations_of(user).await? {
            let counts = |organization: &Organization| {
                let is_team = organization.profile().is_some_and(|profile| profile.kind == Kind::Team);
                is_team && organization.is_active_owner(user)
            };
            owned = owned.saturating_add(u32::from(self.read(organization, counts).await?.unwrap_or(false)));
        }
        Ok(owned)
    }
}
