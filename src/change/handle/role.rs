//! Custom roles.

use alloc::borrow::ToOwned;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::authority::{Giver, guard, is_oneself};
use super::super::command::{ChangeRole, CreateRole, DeleteRole};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::known::{near, shown};
use crate::access::Target;
use crate::catalog::{Action, CUSTOM_ROLE, PermissionKey, Reach, Role, RoleKey, RoleSet, flaw, limit};
use crate::limits::CUSTOM_ROLES_MAX;
use crate::organization::{CustomRole, CustomRoles, InvitationState, Organization, Person, Roles, Standing, Tally};
use crate::text::Name;

pub(super) fn create(org: &Organization, command: &CreateRole, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageRoles, Target::Organization)?;
    if let Some(flaw) = flaw(command.role.as_str()) {
        return Err(Refusal::BadKey { flaw });
    }
    if !command.role.as_str().starts_with(CUSTOM_ROLE) {
        return Err(Refusal::BadKey { flaw: alloc::format!("it begins with `{CUSTOM_ROLE}`") });
    }
    if org.role(command.role.as_str()).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    org.has_room(limit::CUSTOM_ROLES, 1, context.facts.now)?;
    if org.custom_roles().count() >= CUSTOM_ROLES_MAX {
        return Err(Refusal::TooManyItems { max: CUSTOM_ROLES_MAX });
    }
    let names = (command.role.clone(), command.title.clone());
    let made = written(org, names, &command.like, command.reach, &command.permissions, context)?;
    let hypothetical = org.with_role(made);
    may_author(org, &hypothetical, &command.role, context)?;
    let (role, title) = (command.role.clone(), command.title.clone());
    let (like, reach, permissions) = (command.like.clone(), command.reach, command.permissions.clone());
    Ok([Event::CustomRoleSet { role, title, like, reach, permissions }].into())
}

/// The role as it would be: like one of the catalog that others may be like, with permissions that exist.
fn written(
    org: &Organization,
    names: (RoleKey, Name),
    like: &RoleKey,
    reach: Reach,
    permissions: &[PermissionKey],
    context: &Context<'_>,
) -> Result<CustomRole, Refusal> {
    let model = org.catalog.role(like.as_str()).ok_or_else(|| Refusal::UnknownRole {
        key: shown(like.as_str()),
        meant: near(like.as_str(), org.catalog.roles().map(|(_, def)| def.key.as_str())),
    })?;
    if model == org.catalog.owner_role() {
        return Err(Refusal::NotAssignable { role: model, key: like.to_string() });
    }
    let permissions = org.known_permissions(permissions)?;
    Ok(CustomRole::new(&org.catalog, names, model, permissions, reach, org.next_origin(context)))
}

/// Whether the actor may put all that into a role: may give it, and holds all of it everywhere.
fn may_author(org: &Organization, after: &CustomRoles, key: &RoleKey, context: &Context<'_>) -> Result<(), Refusal> {
    let roles = Roles::new(&org.catalog, after);
    let Some(role) = roles.find(key.as_str()) else { return Ok(()) };
    let giver = Giver::of(org, context.actor, context.facts.now, Door::CustomRole)?.with_roles(roles);
    giver.may_delegate(RoleSet::from_iter([role]))?;
    giver.may_make(None, &Person::new(Standing::Member(RoleSet::from_iter([role])), org.next_origin(context)))
}

/// A custom role, which the actor does not have.
fn others_role(org: &Organization, key: &RoleKey, context: &Context<'_>) -> Result<Role, Refusal> {
    guard(org, context, Action::ManageRoles, Target::Organization)?;
    let found = org.custom_roles().find(|(_, custom)| custom.key() == key);
    let (role, _) = found.ok_or_else(|| Refusal::UnknownRole {
        key: shown(key.as_str()),
        meant: near(key.as_str(), org.custom_roles().map(|(_, custom)| custom.key().as_str())),
    })?;
    let mut holders = org.people().filter(|(_, person)| person.has_role(role));
    let is_own = holders.any(|(user, _)| is_oneself(org, context.actor, user));
    if is_own { Err(Refusal::OwnAccess) } else { Ok(role) }
}

pub(super) fn change(org: &Organization, command: &ChangeRole, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let role = others_role(org, &command.role, context)?;
    let names = (command.role.clone(), command.title.clone());
    let made = written(org, names, &command.like, command.reach, &command.permissions, context)?;
    let hypothetical = org.with_role(made);
    may_author(org, &hypothetical, &command.role, context)?;
    may_change_holders(org, (role, None), &hypothetical, &Person::clone, context)?;
    let (role, title) = (command.role.clone(), command.title.clone());
    let (like, reach, permissions) = (command.like.clone(), command.reach, command.permissions.clone());
    Ok([Event::CustomRoleSet { role, title, like, reach, permissions }].into())
}

pub(super) fn delete(org: &Organization, command: &DeleteRole, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let role = others_role(org, &command.role, context)?;
    let Some(key) = &command.instead else {
        return match in_use(org, role, &command.role, context) {
            Some(refusal) => Err(refusal),
            None => Ok([Event::CustomRoleDeleted { role: command.role.clone(), instead: None }].into()),
        };
    };
    let instead = org.known_role(key)?;
    if instead == role {
        return Err(Refusal::UnknownRole { key: shown(key.as_str()), meant: None });
    }
    if instead == org.catalog.owner_role() {
        return Err(Refusal::NotAssignable { role: instead, key: key.as_str().to_owned() });
    }
    let giver = Giver::of(org, context.actor, context.facts.now, Door::CustomRole)?;
    giver.may_delegate(RoleSet::from_iter([instead]))?;
    let origin = org.next_origin(context);
    let replaced = |person: &Person| {
        let mut after = person.clone();
        after.replace_role(role, Some(instead), origin);
        after
    };
    may_change_holders(org, (role, Some(instead)), &org.custom_roles, &replaced, context)?;
    Ok([Event::CustomRoleDeleted { role: command.role.clone(), instead: command.instead.clone() }].into())
}

/// Who has the role, or was promised it; domains and the directory count as people.
fn in_use(org: &Organization, role: Role, key: &RoleKey, context: &Context<'_>) -> Option<Refusal> {
    let domains = org.domains.values().filter(|rule| rule.roles.contains(role)).count();
    let directory = org.profile.as_ref().and_then(|profile| profile.provisioned_roles);
    let others = domains.saturating_add(usize::from(directory.is_some_and(|roles| roles.contains(role))));
    let people = org.people().filter(|(_, person)| person.has_role(role)).count().saturating_add(others);
    let open = org.open_by_address.values().filter_map(|id| org.invitation(*id));
    let live = open.filter(|invitation| invitation.state(context.facts.now) == InvitationState::Open);
    let invitations = live.filter(|invitation| invitation.names_role(key)).count();
    (people > 0 || invitations > 0).then_some(Refusal::RoleInUse { people, invitations })
}

/// Whether the actor may change everybody who has the role, and there is room for what they become.
fn may_change_holders(
    org: &Organization,
    (role, instead): (Role, Option<Role>),
    after_roles: &CustomRoles,
    becomes: &dyn Fn(&Person) -> Person,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let roles = Roles::new(&org.catalog, after_roles);
    let giver = Giver::of(org, context.actor, context.facts.now, Door::CustomRole)?.with_roles(roles);
    let (mut before_count, mut after_count) = (Tally::default(), Tally::default());
    for (_, before) in org.people().filter(|(_, person)| person.has_role(role)) {
        let after = becomes(before);
        for row in before.rows().iter().filter(|row| row.role == Some(role)) {
            giver.in_workspace(row.workspace).may_touch(before)?;
        }
        giver.may_make(Some(before), &after)?;
        before_count.add(Tally::of(org.roles(), before));
        after_count.add(Tally::of(roles, &after));
    }
    // Seats that open invitations hold grow with the role, too.
    let now = context.facts.now;
    let held = org.reserved_seats(now, None);
    let will_be = |key: &RoleKey| match roles.find(key.as_str()) {
        Some(found) if found == role => instead.or(Some(role)),
        found => found,
    };
    let more = org.reserved_with(roles, &will_be, now, None).saturating_sub(held);
    let people = after_count.billable.saturating_sub(before_count.billable);
    if more > 0 {
        org.has_seats(people.saturating_add(more), held, now)?;
    }
    org.admits_change(before_count, after_count, now, None)
}
