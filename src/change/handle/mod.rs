//! Judging: one file for each family of commands, and the pieces that they share.
//!
//! Every function here answers with events or with the first refusal that holds, and changes nothing. Every reason to
//! refuse is looked for before the first event is made; [`apply`](Organization::apply) relies on that.

mod access;
mod create;
mod invitation;
mod member;
mod team;

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Command, Context, Event, Record, Refusal};
use crate::access::Requirement;
use crate::actor::Actor;
use crate::catalog::policy::{MemberLimit, OpenInvitations, OverrideMode};
use crate::catalog::{Enforcement, PermissionKey, Plan, Role, RoleKey, RoleSet, limit};
use crate::document::nearest;
use crate::id::{InvitationId, UserId, WorkspaceId};
use crate::limits::{COMMAND_ITEMS_MAX, ROWS_PER_PERSON_MAX};
use crate::organization::{
    InvitationState, Organization, Origin, Override, Person, PersonStatus, Seats, Standing, Tally,
};
use crate::time::Timestamp;

impl Organization {
    /// Judges a command. Changes nothing: the events say what would happen, [`apply`](Self::apply) makes it so.
    ///
    /// # Errors
    /// The first [`Refusal`] that holds, in the order that the command documents.
    ///
    /// # Examples
    /// See [`Organization`].
    pub fn handle(&self, command: &Command, context: &Context<'_>) -> Result<Vec<Record>, Refusal> {
        let events = match command {
            Command::SignUp(command) => create::sign_up(self, command, context),
            Command::CreateOrganization(command) => create::organization(self, command, context),
            _ if self.profile.is_none() => Err(Refusal::NotFound),
            Command::CreateWorkspace(command) => create::workspace(self, command, context),
            Command::ChangeStatus(command) => create::status(self, command, context),
            Command::Invite(command) => invitation::invite(self, command, context),
            Command::Revoke(command) => invitation::revoke(self, command, context),
            Command::Accept(command) => invitation::accept(self, command, context),
            Command::ChangeRoles(command) => member::change_roles(self, command, context),
            Command::Suspend(command) => member::suspend(self, command, context),
            Command::Reactivate(command) => member::reactivate(self, command, context),
            Command::Remove(command) => member::remove(self, command, context),
            Command::GiveAccess(command) => access::give(self, command, context),
            Command::TakeAccess(command) => access::take(self, command, context),
            Command::SetRule(command) => access::set_rule(self, command, context),
            Command::CreateTeam(command) => team::create(self, command, context),
            Command::JoinTeam(command) => team::join(self, command, context),
            Command::LeaveTeam(command) => team::leave(self, command, context),
        }?;
        Ok(self.stamped(events, context))
    }

    /// The events as the next records of the history.
    fn stamped(&self, events: Vec<Event>, context: &Context<'_>) -> Vec<Record> {
        let mut version = self.version();
        let stamp = |event| {
            version = version.next();
            Record { version, at: context.facts.now, by: context.actor, event }
        };
        events.into_iter().map(stamp).collect()
    }

    /// Where an event of this command would say that it comes from.
    fn next_origin(&self, context: &Context<'_>) -> Origin {
        Origin { version: self.version().next(), at: context.facts.now, by: context.actor }
    }

    /// A member or collaborator, or the refusal.
    fn known(&self, user: UserId) -> Result<&Person, Refusal> {
        self.person(user).ok_or(Refusal::UnknownPerson)
    }

    /// The roles behind keys: not too many, all known.
    fn known_roles(&self, keys: &[RoleKey]) -> Result<RoleSet, Refusal> {
        let max = self.catalog.policy().roles_per_member;
        if keys.len() > usize::from(max) {
            return Err(Refusal::TooManyRoles { max });
        }
        keys.iter().map(|key| self.known_role(key)).collect()
    }

    fn known_role(&self, key: &RoleKey) -> Result<Role, Refusal> {
        self.catalog.role(key.as_str()).ok_or_else(|| Refusal::UnknownRole {
            key: key.to_string(),
            meant: near(key.as_str(), self.catalog.roles().map(|(_, def)| def.key.as_str())),
        })
    }

    /// Permissions that can be changed in a workspace.
    fn known_in_workspace(&self, keys: &[PermissionKey]) -> Result<(), Refusal> {
        if keys.len() > COMMAND_ITEMS_MAX {
            return Err(Refusal::TooManyItems { max: COMMAND_ITEMS_MAX });
        }
        for key in keys {
            let permission = self.catalog.permission(key.as_str()).ok_or_else(|| Refusal::UnknownPermission {
                key: key.to_string(),
                meant: near(key.as_str(), self.catalog.permissions().map(|(_, def)| def.key.as_str())),
            })?;
            if self.catalog.organization_scope().contains(permission) {
                return Err(Refusal::WrongScope { key: key.to_string() });
            }
        }
        Ok(())
    }

    /// Whether an override says something that exists, and that the policy allows for this person.
    fn fits(&self, changes: &Override, standing: Standing, now: Timestamp) -> Result<(), Refusal> {
        if let Some(key) = &changes.role {
            self.known_role(key)?;
        }
        self.known_in_workspace(&changes.added)?;
        self.known_in_workspace(&changes.removed)?;
        if let Standing::Member(roles) = standing {
            let firm = roles.iter().any(|role| !self.catalog.role_table(role).reducible);
            let allowed = match self.catalog.policy().overrides {
                OverrideMode::Replace => true,
                OverrideMode::Expand => changes.removed.is_empty(),
                OverrideMode::Reduce => changes.added.is_empty(),
                OverrideMode::Off => changes.is_plain(),
            };
            if !allowed || (firm && (changes.role.is_some() || !changes.removed.is_empty())) {
                return Err(Refusal::OverrideNotAllowed);
            }
        }
        ends_later(changes.until, now)
    }

    /// Few enough items for one event.
    fn bounded(&self, access: &[(WorkspaceId, Override)]) -> Result<(), Refusal> {
        let of = |changes: &Override| changes.added.len().saturating_add(changes.removed.len()).saturating_add(1);
        let items = access.iter().fold(0_usize, |items, (_, changes)| items.saturating_add(of(changes)));
        if items > COMMAND_ITEMS_MAX { Err(Refusal::TooManyItems { max: COMMAND_ITEMS_MAX }) } else { Ok(()) }
    }

    /// The person with rows from overrides: what authority is asked about before there is an event.
    fn with_rows(
        &self,
        mut person: Person,
        access: &[(WorkspaceId, Override)],
        origin: Origin,
    ) -> Result<Person, Refusal> {
        for (workspace, changes) in access {
            person.set_row(self.row(*workspace, changes, origin));
        }
        if person.rows().len() > ROWS_PER_PERSON_MAX {
            return Err(Refusal::TooManyItems { max: ROWS_PER_PERSON_MAX });
        }
        Ok(person)
    }

    /// The last active owner stays one: `after` is what becomes of the person, `None` a removal.
    fn keeps_an_owner(&self, user: UserId, after: Option<&Person>) -> Result<(), Refusal> {
        let stays = after.is_some_and(|person| {
            person.status() == PersonStatus::Active && person.roles().contains(self.catalog.owner_role())
        });
        if !stays && self.is_active_owner(user) && self.tally.active_owners <= 1 {
            return Err(Refusal::LastOwner);
        }
        Ok(())
    }

    /// The one gate through which somebody comes to take a seat or counts for a limit. Seats that open invitations hold
    /// are not free, but for the one that is being accepted.
    fn admits(
        &self,
        before: Option<&Person>,
        after: &Person,
        now: Timestamp,
        accepting: Option<InvitationId>,
    ) -> Result<(), Refusal> {
        let of = |person: Option<&Person>| person.map(|person| Tally::of(&self.catalog, person)).unwrap_or_default();
        let (before, after) = (of(before), of(Some(after)));
        let counted = |tally: Tally| match self.catalog.policy().member_limit {
            MemberLimit::Everyone => tally.members,
            MemberLimit::Active => tally.active_members,
        };
        if counted(after) > counted(before) {
            self.within_limit(limit::MEMBERS, counted(self.tally))?;
        }
        if after.collaborators > before.collaborators {
            self.within_limit(limit::COLLABORATORS, self.tally.collaborators)?;
        }
        if after.billable > before.billable { self.has_seat(self.reserved_seats(now, accepting)) } else { Ok(()) }
    }

    /// Whether one more fits a limit of the plan.
    fn within_limit(&self, key: &str, used: u64) -> Result<(), Refusal> {
        let plan = self.profile.as_ref().and_then(|profile| self.catalog.plan_def(profile.plan));
        match plan.and_then(|plan| plan.limit_of(key)) {
            Some(limit) if limit.enforcement == Enforcement::Hard && used >= limit.max => {
                Err(Refusal::LimitReached { limit: key.to_string(), max: limit.max, used })
            }
            _ => Ok(()),
        }
    }

    /// Whether a seat is left besides those taken and reserved.
    fn has_seat(&self, reserved: u64) -> Result<(), Refusal> {
        let Some(seats) = self.seats() else { return Ok(()) };
        let used = seats.used.as_u64().saturating_add(reserved);
        if used < seats.limit.as_u64() {
            return Ok(());
        }
        Err(Refusal::SeatLimit { limit: seats.limit, used: Seats::new(used) })
    }

    /// Seats that open invitations hold, where the policy says that they do.
    fn reserved_seats(&self, now: Timestamp, accepting: Option<InvitationId>) -> u64 {
        if self.catalog.policy().open_invitations == OpenInvitations::Free {
            return 0;
        }
        let others = self.open_by_address.values().filter(|id| Some(**id) != accepting);
        let open = others.filter_map(|id| self.invitation(*id));
        let holding = open.filter(|invitation| {
            invitation.state(now) == InvitationState::Open && self.is_billable(&self.promised(invitation.roles()))
        });
        u64::try_from(holding.count()).unwrap_or(u64::MAX)
    }

    fn promised(&self, roles: &[RoleKey]) -> Standing {
        if roles.is_empty() { Standing::Collaborator } else { Standing::Member(self.role_set(roles)) }
    }

    /// Whether an active person of that standing takes a seat.
    fn is_billable(&self, standing: &Standing) -> bool {
        let origin = Origin { version: self.version(), at: Timestamp::from_millis(0), by: Actor::System };
        Tally::of(&self.catalog, &Person::new(*standing, origin)).billable > 0
    }

    /// The plan's identity provider, where the user is not signed in through it.
    fn signed_in_for(&self, plan: Plan, context: &Context<'_>) -> Result<(), Refusal> {
        let provider = self
            .catalog
            .plan_table(plan)
            .and_then(|plan| plan.provider)
            .filter(|needed| context.facts.provider != Some(*needed));
        if provider.is_none() {
            return Ok(());
        }
        Err(Refusal::StepUp { requirement: Requirement { provider, ..Requirement::default() } })
    }
}

/// What a command answers that makes an organization which is there: to a stranger, nothing is there.
fn there_already(org: &Organization, context: &Context<'_>) -> Refusal {
    let known = context.actor.user().is_some_and(|user| org.person(user).is_some());
    if known || context.actor == Actor::System { Refusal::AlreadyExists } else { Refusal::NotFound }
}

/// The user who acts.
fn acting_user(context: &Context<'_>) -> Result<UserId, Refusal> {
    context.actor.user().ok_or(Refusal::UserOnly)
}

/// An end that lies ahead, or none.
fn ends_later(until: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    if until.is_some_and(|end| end <= now) { Err(Refusal::Ended) } else { Ok(()) }
}

/// One's own access is not for oneself to change.
fn not_oneself(context: &Context<'_>, user: UserId) -> Result<(), Refusal> {
    if context.actor == Actor::User(user) { Err(Refusal::OwnAccess) } else { Ok(()) }
}

fn near<'n>(written: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    nearest(written, known).map(ToString::to_string)
}
