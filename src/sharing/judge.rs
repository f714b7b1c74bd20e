//! Judging what is asked of a sheet. Nothing is changed here.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{
    ChangeShare, ClaimShare, Extent, FollowLink, GiveShare, Given, HandOverShares, Recipient, RevokeShare,
    ShareCommand, ShareEvent, ShareRecord, Sheet,
};
use crate::access::{Facts, Resource, Target};
use crate::actor::Actor;
use crate::catalog::{Action, PermissionKey, PermissionSet};
use crate::change::{AddressProof, Context, Refusal, behind, guard, guard_as, is_oneself};
use crate::id::{ShareId, UserId};
use crate::limits::SHARES_PER_RESOURCE_MAX;
use crate::organization::{Organization, Person, PersonStatus, Service};
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

/// What a share gives and how long, looked up and found to be the actor's to give.
struct Gift {
    level: Vec<PermissionKey>,
    extent: Extent,
}

impl Judge<'_> {
    fn now(&self) -> Timestamp {
        self.context.facts.now
    }

    fn give(&self, command: &GiveShare) -> Result<Vec<ShareEvent>, Refusal> {
        let since = self.since(&command.to);
        self.may_share_with(&command.to, since)?;
        if let Some(given) = self.sheet.share(command.share) {
            return if self.is_answered_by(command, given) { Ok(Vec::new()) } else { Err(Refusal::AlreadyExists) };
        }
        self.is_for_others(&command.to)?;
        self.knows(&command.to)?;
        let Gift { level, extent } = self.gift(&command.level, command.until)?;
        let mut events = self.room()?;
        let (share, to, until) = (command.share, command.to.clone(), command.until);
        events.push(ShareEvent::Given { share, to, since, extent, level, until });
        Ok(events)
    }

    fn change(&self, command: &ChangeShare) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.found(command.share)?;
        self.is_for_others(&given.to)?;
        let since = self.since(&given.to);
        self.may_share_with(&given.to, since)?;
        self.knows(&given.to)?;
        let Gift { level, extent } = self.gift(&command.level, command.until)?;
        let ChangeShare { share, until, .. } = *command;
        if (&given.level, given.until, given.since, given.extent) == (&level, until, since, extent) {
            return Err(Refusal::NoChange);
        }
        Ok([ShareEvent::Changed { share, since, extent, level, until }].into())
    }

    fn revoke(&self, command: RevokeShare) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.sheet.share(command.share);
        if !given.is_some_and(|given| self.is_theirs(given)) {
            let given = self.found(command.share)?;
            self.may_share_with(&given.to, given.since)?;
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

    /// Following makes no record: whoever counts the uses of a link does so beside the sheet.
    fn follow(&self, command: FollowLink) -> Result<Vec<ShareEvent>, Refusal> {
        let given = self.sheet.share(command.share).ok_or(Refusal::UnknownShare)?;
        let Recipient::Link { secret, .. } = &given.to else { return Err(Refusal::UnknownShare) };
        if *secret != command.secret {
            return Err(Refusal::UnknownShare);
        }
        self.has_not_ended(given)?;
        Ok(Vec::new())
    }

    /// Looked up first, so that whoever claims learns nothing of an organization where nothing waits for them.
    fn claim(&self, command: &ClaimShare) -> Result<Vec<ShareEvent>, Refusal> {
        let (AddressProof::Verified(address) | AddressProof::Claimed(address)) = &command.address;
        let waits = |given: &&Given| given.to == Recipient::Address(address.clone());
        let given = self.sheet.share(command.share).filter(waits).ok_or(Refusal::UnknownShare)?;
        let Actor::User(user) = self.context.actor else { return Err(Refusal::UserOnly) };
        let AddressProof::Verified(_) = command.address else { return Err(Refusal::AddressUnverified) };
        if is_oneself(self.organization, given.origin.by, user) {
            return Err(Refusal::OwnAccess);
        }
        if self.is_orphaned(given) {
            return Err(Refusal::InviterLacksAuthority);
        }
        self.has_not_ended(given)?;
        Ok([ShareEvent::Claimed { share: command.share, user, since: self.joined(user) }].into())
    }

    fn hand_over(&self, command: HandOverShares) -> Result<Vec<ShareEvent>, Refusal> {
        if self.context.actor != Actor::System {
            guard(self.organization, self.context, Action::ShareInternally, Target::Resource(self.on))?;
            return Err(Refusal::PlatformOnly);
        }
        let HandOverShares { from, to } = command;
        let takes = |person: &Person| person.is_member() && person.status() == PersonStatus::Active;
        if !self.organization.person(to).is_some_and(takes) {
            return Err(Refusal::BadRecipient);
        }
        let concerns = |given: &Given| given.is_by(from) || given.is_own_of(from);
        let changes = from != to && self.sheet.shares().any(|(_, given)| concerns(given));
        if changes { Ok([ShareEvent::HandedOver { from, to }].into()) } else { Err(Refusal::NoChange) }
    }

    /// The guard for whom it is for. A user can be of the organization or from outside: which of both is told only to those who may share
    /// inside; so is for whom a share is that was looked up.
    fn may_share_with(&self, to: &Recipient, since: Option<Version>) -> Result<(), Refusal> {
        let (here, usual) = (Target::Resource(self.on), Action::ShareInternally);
        let may = |action| guard_as(self.organization, self.context, (action, here), (usual, here));
        match to {
            Recipient::User(_) => {
                may(usual)?;
                if since.is_none() { may(Action::ShareByAddress) } else { Ok(()) }
            }
            Recipient::Group(_) | Recipient::Team(_) | Recipient::Members => may(usual),
            Recipient::Address(_) => may(Action::ShareByAddress),
            Recipient::Organization(_) => may(Action::ShareExternally),
            Recipient::Link { .. } => may(Action::ShareByLink),
        }
    }

    /// Nobody opens anything to themselves: what they hold would be theirs for longer, in person, through staff or through a service. Nor
    /// does staff to themselves, in whosever place.
    fn is_for_others(&self, to: &Recipient) -> Result<(), Refusal> {
        match to {
            Recipient::User(user) if is_oneself(self.organization, self.context.actor, *user) => {
                Err(Refusal::OwnAccess)
            }
            _ => Ok(()),
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

    /// What is given: whoever shares holds it on this resource, for as long as it is to last.
    fn gift(&self, keys: &[PermissionKey], until: Option<Timestamp>) -> Result<Gift, Refusal> {
        let organization = self.organization;
        let level = organization.known_permissions(keys)?;
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
        let is_through = matches!(self.context.actor, Actor::Staff { .. } | Actor::Service(_));
        if is_through && self.on.personal_owner.is_some() {
            return Err(Refusal::UserOnly); // it would count for nothing
        }
        let lacking = (level - self.held_until(self.on, until)).iter().next();
        if let Some(permission) = lacking.filter(|_| self.context.actor != Actor::System) {
            return Err(Refusal::LacksPermission { key: key(permission) });
        }
        let extent =
            Extent { workspace: self.on.workspace, owner: self.on.personal_owner, word: self.word(level, until) };
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        Ok(Gift { level: keys, extent })
    }

    /// What the actor holds on a resource now and at the last instant before an end. The end of a service is none of what its sponsor holds.
    fn held_until(&self, on: &Resource<'_>, until: Option<Timestamp>) -> PermissionSet {
        let held = |actor, now| {
            let facts = Facts { now, ..self.context.facts };
            self.organization.access(actor, Target::Resource(on), &facts).granted()
        };
        let lasting = match self.context.actor {
            Actor::Service(_) => behind(self.organization, self.context.actor).map(Actor::User),
            actor => Some(actor),
        };
        let last = until.map_or(u64::MAX, |end| end.as_millis().saturating_sub(1));
        let then = lasting.map_or(PermissionSet::EMPTY, |actor| held(actor, Timestamp::from_millis(last)));
        held(self.context.actor, self.now()) & then
    }

    /// The user who asks in person, where they hold all of it on what is their own here.
    fn word(&self, level: PermissionSet, until: Option<Timestamp>) -> Option<UserId> {
        let Actor::User(user) = self.context.actor else { return None };
        let own = Resource { containers: &[], personal_owner: Some(user), shares: &[], ..*self.on };
        (level - self.held_until(&own, until)).is_empty().then_some(user)
    }

    /// Whether nobody can tell any more who was behind the service that gave a share: it is gone, waits, or is another's since.
    fn is_orphaned(&self, given: &Given) -> bool {
        let Actor::Service(service) = given.origin.by else { return false };
        let service = self.organization.service(service);
        let same = |service: &Service| service.adopted_at.is_none_or(|at| at < given.origin.at);
        !service.is_some_and(|service| service.sponsor().is_some() && same(service))
    }

    /// Room for one more share: where the sheet is full, what has ended makes it.
    fn room(&self) -> Result<Vec<ShareEvent>, Refusal> {
        let all = self.sheet.shares();
        if all.len() < SHARES_PER_RESOURCE_MAX {
            return Ok(Vec::new());
        }
        let ended = all.filter(|(_, given)| !given.is_current(self.now()));
        let events: Vec<ShareEvent> = ended.map(|(share, _)| ShareEvent::Revoked { share }).collect();
        if events.is_empty() { Err(Refusal::TooManyItems { max: SHARES_PER_RESOURCE_MAX }) } else { Ok(events) }
    }

    /// Whether a command was carried out before and this is its share, as it was given then.
    fn is_answered_by(&self, command: &GiveShare, given: &Given) -> bool {
        let same = |keys: &[PermissionKey]| keys.iter().all(|key| given.level.contains(key));
        let is_all = given.level.iter().all(|key| command.level.contains(key));
        given.command.is_some()
            && (given.command, given.origin.by) == (self.context.command, self.context.actor)
            && (&given.to, given.until) == (&command.to, command.until)
            && is_all
            && same(&command.level)
    }

    /// A share that there is; whoever cannot share here at all is not told.
    fn found(&self, share: ShareId) -> Result<&Given, Refusal> {
        self.sheet.share(share).ok_or(()).or_else(|()| {
            guard(self.organization, self.context, Action::ShareInternally, Target::Resource(self.on))?;
            Err(Refusal::UnknownShare)
        })
    }

    /// Whether a share is the actor's to close: given by them, or on what is their own, while they are active here; or given to them.
    fn is_theirs(&self, given: &Given) -> bool {
        let Some(user) = self.context.actor.user() else { return false };
        let active = self.joined(user).and_then(|_| self.organization.person(user));
        let is_active = active.is_some_and(|person| person.status() == PersonStatus::Active);
        let gave = given.is_by(user) || self.on.personal_owner == Some(user);
        (gave && is_active) || (self.context.actor == Actor::User(user) && given.to == Recipient::User(user))
    }

    fn has_not_ended(&self, given: &Given) -> Result<(), Refusal> {
        if given.is_current(self.now()) { Ok(()) } else { Err(Refusal::Ended) }
    }

    /// Since when whoever it is for is what they are here, where a share ends with that.
    fn since(&self, to: &Recipient) -> Option<Version> {
        match to {
            Recipient::User(user) => self.joined(*user),
            Recipient::Team(team) => self.organization.team(*team).map(|team| team.created().version),
            _ => None,
        }
    }

    /// When a user came to belong to the organization; `None` for somebody from outside, or whose access there has ended.
    fn joined(&self, user: UserId) -> Option<Version> {
        self.organization.person(user).filter(|person| person.belongs(self.now())).map(|person| person.joined().version)
    }
}
