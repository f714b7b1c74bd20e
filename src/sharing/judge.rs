//! Judging what is asked of a sheet. Nothing is changed here.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{
    ChangeShare, ClaimShare, FollowLink, GiveShare, Given, HandOverShares, Recipient, RevokeShare, ShareCommand,
    ShareEvent, ShareRecord, Sheet,
};
use crate::access::{Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::catalog::{Action, PermissionKey};
use crate::change::{AddressProof, Context, Refusal, behind, guard};
use crate::id::{ShareId, UserId};
use crate::limits::SHARES_PER_RESOURCE_MAX;
use crate::organization::{Organization, Person, PersonStatus};
use crate::time::Timestamp;
use crate::version::Version;

impl Organization {
    /// Judges a command about the shares on a resource. Changes nothing: the records say what would happen,
    /// [`Sheet::apply`] makes it so. `on` is the resource as a question has it, with all shares that count for it
    /// ([`shares_on`](super::shares_on)): whoever shares holds what they give there.
    ///
    /// # Errors
    /// The first [`Refusal`] that holds, in the order that the command documents.
    pub fn handle_share(
        &self,
        sheet: &Sheet,
        on: &Resource<'_>,
        command: &ShareCommand,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, Refusal> {
        let is_of = sheet.organization() == self.id() && sheet.resource() == on.id;
        if !is_of || !self.is_open() {
            return Err(command.unknown());
        }
        if matches!(context.actor, Actor::Link(_)) && !matches!(command, ShareCommand::FollowLink(_)) {
            return Err(command.unknown()); // whoever it is
        }
        let judge = Judge { organization: self, sheet, on, context };
        let events = match command {
            ShareCommand::GiveShare(command) => judge.give(command)?,
            ShareCommand::ChangeShare(command) => judge.change(command)?,
            ShareCommand::RevokeShare(command) => judge.revoke(*command)?,
            ShareCommand::FollowLink(command) => judge.follow(*command)?,
            ShareCommand::ClaimShare(command) => judge.claim(command)?,
            ShareCommand::HandOverShares(command) => judge.hand_over(*command)?,
            ShareCommand::ClearShares(_) => judge.clear()?,
        };
        let mut version = sheet.version();
        let stamp = |event| {
            version = version.next();
            ShareRecord { version, at: context.facts.now, by: context.actor, command: context.command, event }
        };
        Ok(events.into_iter().map(stamp).collect())
    }
}

/// What is judged: a sheet, the resource that it is about, and who asks.
struct Judge<'a> {
    organization: &'a Organization,
    sheet: &'a Sheet,
    on: &'a Resource<'a>,
    context: &'a Context<'a>,
}

impl Judge<'_> {
    fn now(&self) -> Timestamp {
        self.context.facts.now
    }

    fn give(&self, command: &GiveShare) -> Result<Vec<ShareEvent>, Refusal> {
        let joined = match &command.to {
            Recipient::User(user) => self.joined(*user),
            _ => None,
        };
        self.may_share_with(&command.to, joined)?;
        if self.sheet.share(command.share).is_some() {
            return Err(Refusal::AlreadyExists);
        }
        self.knows(&command.to)?;
        self.may_give(&command.level, command.until)?;
        if self.sheet.shares().len() >= SHARES_PER_RESOURCE_MAX {
            return Err(Refusal::TooManyItems { max: SHARES_PER_RESOURCE_MAX });
        }
        let GiveShare { share, to, level, until } = command.clone();
        Ok([ShareEvent::Given { share, to, joined, level, until }].into())
    }

    fn change(&self, command: &ChangeShare) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.found(command.share)?;
        let behind = behind(self.organization, self.context.actor);
        if behind.is_some_and(|user| given.to == Recipient::User(user)) {
            return Err(Refusal::OwnAccess); // nor through staff or a service
        }
        self.may_share_with(&given.to, given.joined)?;
        self.knows(&given.to)?;
        self.may_give(&command.level, command.until)?;
        if given.level == command.level && given.until == command.until {
            return Err(Refusal::NoChange);
        }
        let ChangeShare { share, level, until } = command.clone();
        Ok([ShareEvent::Changed { share, level, until }].into())
    }

    fn revoke(&self, command: RevokeShare) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.sheet.share(command.share);
        if !given.is_some_and(|given| self.is_theirs(given)) {
            let given = self.found(command.share)?;
            self.may_share_with(&given.to, given.joined)?;
        }
        Ok([ShareEvent::Revoked { share: command.share }].into())
    }

    fn clear(&self) -> Result<Vec<ShareEvent>, Refusal> {
        let mut events = Vec::new();
        for (share, _) in self.sheet.shares() {
            events.append(&mut self.revoke(RevokeShare { share })?);
        }
        if events.is_empty() {
            guard(self.organization, self.context, Action::ShareInternally, Target::Resource(self.on))?;
            return Err(Refusal::NoChange);
        }
        Ok(events)
    }

    fn follow(&self, command: FollowLink) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.sheet.share(command.share).ok_or(Refusal::UnknownShare)?;
        let Recipient::Link { secret, uses, .. } = &given.to else { return Err(Refusal::UnknownShare) };
        if *secret != command.secret {
            return Err(Refusal::UnknownShare);
        }
        self.is_current(given)?;
        match uses {
            None => Ok(Vec::new()),
            Some(max) if given.uses >= *max => Err(Refusal::LinkUsedUp),
            Some(_) => Ok([ShareEvent::Followed { share: command.share }].into()),
        }
    }

    fn claim(&self, command: &ClaimShare) -> Result<Vec<ShareEvent>, Refusal> {
        let Actor::User(user) = self.context.actor else { return Err(Refusal::UserOnly) };
        let AddressProof::Verified(shown) = &command.address else { return Err(Refusal::AddressUnverified) };
        let given = self.sheet.share(command.share).ok_or(Refusal::UnknownShare)?;
        if given.to != Recipient::Address(shown.clone()) {
            return Err(Refusal::UnknownShare);
        }
        self.is_current(given)?;
        Ok([ShareEvent::Claimed { share: command.share, user, joined: self.joined(user) }].into())
    }

    fn hand_over(&self, command: HandOverShares) -> Result<Vec<ShareEvent>, Refusal> {
        if self.context.actor != Actor::System {
            guard(self.organization, self.context, Action::ShareInternally, Target::Resource(self.on))?;
            return Err(Refusal::PlatformOnly);
        }
        let HandOverShares { from, to } = command;
        let changes = from != to && self.sheet.shares().any(|(_, given)| given.is_by(from));
        if changes { Ok([ShareEvent::HandedOver { from, to }].into()) } else { Err(Refusal::NoChange) }
    }

    /// The guard for whom it is for. A user can be of the organization or from outside: which of both is told only to those who may share
    /// inside.
    fn may_share_with(&self, to: &Recipient, joined: Option<Version>) -> Result<(), Refusal> {
        let may = |action| guard(self.organization, self.context, action, Target::Resource(self.on));
        match to {
            Recipient::User(_) => {
                may(Action::ShareInternally)?;
                if joined.is_none() { may(Action::ShareByAddress) } else { Ok(()) }
            }
            Recipient::Group(_) | Recipient::Team(_) | Recipient::Members => may(Action::ShareInternally),
            Recipient::Address(_) => may(Action::ShareByAddress),
            Recipient::Organization(_) => may(Action::ShareExternally),
            Recipient::Link { .. } => may(Action::ShareByLink),
        }
    }

    fn knows(&self, to: &Recipient) -> Result<(), Refusal> {
        match to {
            Recipient::Group(key) => self.organization.known_group(key).map(|_| ()),
            Recipient::Team(team) => self.organization.team(*team).map(|_| ()).ok_or(Refusal::UnknownTeam),
            Recipient::Organization(other) if *other == self.organization.id() => Err(Refusal::BadRecipient),
            Recipient::Link { uses: Some(0), .. } => Err(Refusal::Ended),
            _ => Ok(()),
        }
    }

    /// Whoever shares holds on this resource what they give.
    fn may_give(&self, level: &[PermissionKey], until: Option<Timestamp>) -> Result<(), Refusal> {
        let organization = self.organization;
        let level = organization.known_permissions(level)?;
        if level.is_empty() {
            return Err(Refusal::EmptyLevel);
        }
        let key = |permission| organization.catalog().permission_key(permission).to_string();
        if let Some(permission) = (level - organization.catalog().resource_scope()).iter().next() {
            return Err(Refusal::NotShareable { key: key(permission) });
        }
        if until.is_some_and(|end| end <= self.now()) {
            return Err(Refusal::Ended);
        }
        if self.context.actor == Actor::System {
            return Ok(());
        }
        let held = |shares: &[Share], now| {
            let on = Resource { shares, ..*self.on };
            let facts = Facts { now, ..self.context.facts };
            organization.access(self.context.actor, Target::Resource(&on), &facts).granted()
        };
        // What one has by shares alone is given no longer than one has it.
        let by_shares = !(level - held(&[], self.now())).is_empty();
        let last = until.map_or(u64::MAX, |end| end.as_millis().saturating_sub(1));
        let then = if by_shares { held(self.on.shares, Timestamp::from_millis(last)) } else { level };
        let lacking = (level - (held(self.on.shares, self.now()) & then)).iter().next();
        lacking.map_or(Ok(()), |permission| Err(Refusal::LacksPermission { key: key(permission) }))
    }

    /// A share that there is; whoever cannot share here at all is not told.
    fn found(&self, share: ShareId) -> Result<&Given, Refusal> {
        self.sheet.share(share).ok_or(()).or_else(|()| {
            guard(self.organization, self.context, Action::ShareInternally, Target::Resource(self.on))?;
            Err(Refusal::UnknownShare)
        })
    }

    /// Whether a share is the actor's to close: given by them while they are active here, or given to them.
    fn is_theirs(&self, given: &Given) -> bool {
        let Some(user) = self.context.actor.user() else { return false };
        let active = self.joined(user).and_then(|_| self.organization.person(user));
        let gave = given.is_by(user) && active.is_some_and(|person| person.status() == PersonStatus::Active);
        gave || (self.context.actor == Actor::User(user) && given.to == Recipient::User(user))
    }

    fn is_current(&self, given: &Given) -> Result<(), Refusal> {
        if given.until.is_some_and(|end| end <= self.now()) { Err(Refusal::Ended) } else { Ok(()) }
    }

    /// When a user came to belong to the organization; `None` for somebody from outside, or whose access there has ended.
    fn joined(&self, user: UserId) -> Option<Version> {
        let belongs = |person: &&Person| person.is_member() || person.has_current_row(self.now());
        self.organization.person(user).filter(belongs).map(|person| person.joined().version)
    }
}
