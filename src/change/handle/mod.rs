//! Judging: one file for each family of commands, and the pieces that they share.
//!
//! Every function here answers with events or with the first refusal that holds, and changes nothing. Every reason to
//! refuse is looked for before the first event is made; [`apply`](Organization::apply) relies on that.

mod access;
mod departure;
mod identity;
mod invitation;
mod known;
mod member;
mod organization;
mod ownership;
mod role;
mod room;
mod service;
mod team;
mod terms;
mod workspace;

use alloc::vec::Vec;

use super::outcome::{LeftOut, Outcome};
use super::{Command, Context, Event, Record, Refusal};
use crate::actor::Actor;
use crate::id::UserId;
use crate::organization::{Organization, Origin, Person, PersonStatus};
use crate::time::Timestamp;

impl Organization {
    /// Judges a command. Changes nothing: the records say what would happen, [`apply`](Self::apply) makes it so.
    ///
    /// # Errors
    /// The first [`Refusal`] that holds, in the order that the command documents.
    ///
    /// # Examples
    /// See [`Organization`].
    pub fn handle(&self, command: &Command, context: &Context<'_>) -> Result<Outcome, Refusal> {
        self.exists_for(command)?;
        if let Command::InviteMany(command) = command {
            let (events, left_out) = invitation::invite_many(self, command, context)?;
            return Ok(self.outcome(events, left_out, context));
        }
        Ok(self.outcome(self.judge(command, context)?, Vec::new(), context))
    }

    /// What does not exist, or is deleted, hears no command but those that make it, bring it back, or forget somebody.
    fn exists_for(&self, command: &Command) -> Result<(), Refusal> {
        let heard = match command {
            Command::SignUp(_) | Command::CreateOrganization(_) => true,
            Command::RestoreOrganization(_) | Command::EraseUser(_) => self.profile.is_some(),
            _ => self.is_open(),
        };
        if heard { Ok(()) } else { Err(Refusal::NotFound) }
    }

    fn judge(&self, command: &Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::SignUp(command) => organization::sign_up(self, command, context),
            Command::CreateOrganization(command) => organization::create(self, command, context),
            Command::Rename(command) => organization::rename(self, command, context),
            Command::Describe(command) => organization::describe(self, command, context),
            Command::SetPreference(command) => organization::set_preference(self, command, context),
            Command::ChangeStatus(command) => organization::change_status(self, command, context),
            Command::DeleteOrganization(command) => organization::delete(self, command, context),
            Command::RestoreOrganization(_) => organization::restore(self, context),
            Command::ChangePlan(command) => terms::change_plan(self, command, context),
            Command::ChangeSeats(command) => terms::change_seats(self, command, context),
            Command::SetOwnKey(command) => terms::set_own_key(self, command, context),
            Command::RequireProvider(command) => identity::require_provider(self, command, context),
            Command::SetDomain(command) => identity::set_domain(self, command, context),
            Command::ConfirmDomain(command) => identity::confirm_domain(self, command, context),
            Command::DropDomain(command) => identity::drop_domain(self, command, context),
            Command::JoinByDomain(command) => identity::join(self, command, context),
            Command::SetProvisioning(command) => identity::set_provisioning(self, command, context),
            Command::CreateWorkspace(command) => workspace::create(self, command, context),
            Command::RenameWorkspace(command) => workspace::rename(self, command, context),
            Command::ArchiveWorkspace(command) => workspace::archive(self, command, context),
            Command::ReopenWorkspace(command) => workspace::reopen(self, command, context),
            Command::DeleteWorkspace(command) => workspace::delete(self, command, context),
            Command::Invite(command) => invitation::invite(self, command, context),
            Command::InviteMany(command) => invitation::invite_many(self, command, context).map(|(events, _)| events),
            Command::EditInvitation(command) => invitation::edit(self, command, context),
            Command::Resend(command) => invitation::resend(self, command, context),
            Command::Revoke(command) => invitation::revoke(self, command, context),
            Command::Accept(command) => invitation::accept(self, command, context),
            Command::Decline(command) => invitation::decline(self, command, context),
            Command::AddMember(command) => member::add(self, command, context),
            Command::AddCollaborator(command) => member::add_collaborator(self, command, context),
            Command::ChangeRoles(command) => member::change_roles(self, command, context),
            Command::Suspend(command) => member::suspend(self, command, context),
            Command::Reactivate(command) => member::reactivate(self, command, context),
            Command::SwitchCredits(command) => member::switch_credits(self, command, context),
            Command::MakeCollaborator(command) => departure::make_collaborator(self, command, context),
            Command::Remove(command) => departure::remove(self, command, context),
            Command::Leave(command) => departure::leave(self, command, context),
            Command::EraseUser(command) => departure::erase(self, command, context),
            Command::TransferOwnership(command) => ownership::transfer(self, command, context),
            Command::AcceptOwnership(_) => ownership::accept(self, context),
            Command::CancelTransfer(_) => ownership::cancel(self, context),
            Command::CreateRole(command) => role::create(self, command, context),
            Command::ChangeRole(command) => role::change(self, command, context),
            Command::DeleteRole(command) => role::delete(self, command, context),
            Command::GiveAccess(command) => access::give(self, command, context),
            Command::TakeAccess(command) => access::take(self, command, context),
            Command::SetRule(command) => access::set_rule(self, command, context),
            Command::CreateTeam(command) => team::create(self, command, context),
            Command::RenameTeam(command) => team::rename(self, command, context),
            Command::DissolveTeam(command) => team::dissolve(self, command, context),
            Command::JoinTeam(command) => team::join(self, command, context),
            Command::LeaveTeam(command) => team::leave(self, command, context),
            Command::CreateService(command) => service::create(self, command, context),
            Command::ChangeService(command) => service::change(self, command, context),
            Command::RotateSecret(command) => service::rotate(self, command, context),
            Command::EndService(command) => service::end(self, command, context),
            Command::AdoptService(command) => service::adopt(self, command, context),
        }
    }

    /// The events as the next records of the history.
    fn outcome(&self, events: Vec<Event>, left_out: Vec<LeftOut>, context: &Context<'_>) -> Outcome {
        let mut version = self.version();
        let stamp = |event| {
            version = version.next();
            Record { version, at: context.facts.now, by: context.actor, command: context.command, event }
        };
        Outcome { records: events.into_iter().map(stamp).collect(), left_out }
    }

    /// Where an event of this command would say that it comes from.
    fn next_origin(&self, context: &Context<'_>) -> Origin {
        Origin { version: self.version().next(), at: context.facts.now, by: context.actor }
    }

    /// The last active owner stays one: `after` is what becomes of the person, `None` a removal.
    fn keeps_an_owner(&self, user: UserId, after: Option<&Person>) -> Result<(), Refusal> {
        let stays = after.is_some_and(|person| {
            person.status() == PersonStatus::Active && person.roles().contains(self.catalog.owner_role())
        });
        if !stays && self.is_active_owner(user) && self.tally.active_owners <= 1 {
            return Err(Refusal::LastOwner);
        }
        let creator = self.profile.as_ref().map(|profile| profile.creator);
        if !stays && self.is_personal() && creator == Some(user) {
            return Err(Refusal::PersonalOrganization); // it is theirs, whoever else owns it with them
        }
        Ok(())
    }

    /// Whether the actor is known here, so that a refusal may speak of what there is.
    fn knows(&self, actor: Actor) -> bool {
        let behind = super::authority::behind(self, actor);
        actor == Actor::System || behind.is_some_and(|user| self.person(user).is_some())
    }
}

/// The user who acts, in person: what only people do for themselves.
fn acting_user(context: &Context<'_>) -> Result<UserId, Refusal> {
    match context.actor {
        Actor::User(user) => Ok(user),
        _ => Err(Refusal::UserOnly),
    }
}

/// What only the platform does.
fn platform_only(org: &Organization, context: &Context<'_>) -> Result<(), Refusal> {
    match context.actor {
        Actor::System => Ok(()),
        actor if org.is_open() && org.knows(actor) => Err(Refusal::PlatformOnly),
        _ => Err(Refusal::NotFound),
    }
}

/// An end that lies ahead, or none.
fn ends_later(until: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    if until.is_some_and(|end| end <= now) { Err(Refusal::Ended) } else { Ok(()) }
}

/// One's own access is not for oneself to change, nor for one's services, nor for oneself in somebody else's place.
fn not_oneself(org: &Organization, context: &Context<'_>, user: UserId) -> Result<(), Refusal> {
    if super::authority::is_oneself(org, context.actor, user) { Err(Refusal::OwnAccess) } else { Ok(()) }
}

/// What somebody of the staff does in somebody else's place is not about themselves: they keep nothing of it.
fn staff_keeps_nothing(context: &Context<'_>, user: UserId) -> Result<(), Refusal> {
    if super::authority::is_staff_themselves(context.actor, user) { Err(Refusal::OwnAccess) } else { Ok(()) }
}

/// A command that would change something, or the refusal.
fn changes(something: bool) -> Result<(), Refusal> {
    if something { Ok(()) } else { Err(Refusal::NoChange) }
}
