//! Services and keys.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::authority::{Giver, guard};
use super::super::command::{AdoptService, ChangeService, CreateService, EndService, RotateSecret};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::{acting_user, ends_later};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::{Action, PermissionKey, PermissionSet, limit};
use crate::id::{ServiceId, WorkspaceId};
use crate::limits::SERVICES_MAX;
use crate::organization::{Organization, Service};

pub(super) fn create(
    org: &Organization,
    command: &CreateService,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::CreateService, Target::Organization)?;
    let sponsor = acting_user(context)?;
    if org.service(command.service).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    org.has_room(limit::SERVICES, 1, context.facts.now)?;
    if org.services.len() >= SERVICES_MAX {
        return Err(Refusal::TooManyItems { max: SERVICES_MAX });
    }
    let permissions = scoped(org, &command.permissions, &command.workspaces)?;
    ends_later(command.until, context.facts.now)?;
    may_lend(org, permissions, &command.workspaces, context)?;
    Ok([Event::ServiceCreated {
        service: command.service,
        name: command.name.clone(),
        sponsor,
        permissions: command.permissions.clone(),
        workspaces: command.workspaces.clone(),
        until: command.until,
        secret: command.secret,
    }]
    .into())
}

/// Permissions and workspaces that exist; in workspaces nothing of the organization can be used.
fn scoped(
    org: &Organization,
    permissions: &[PermissionKey],
    workspaces: &[WorkspaceId],
) -> Result<PermissionSet, Refusal> {
    let set = org.known_permissions(permissions)?;
    org.known_workspaces(workspaces)?;
    let astray = set & org.catalog.organization_scope();
    match astray.iter().next().filter(|_| !workspaces.is_empty()) {
        Some(permission) => Err(Refusal::WrongScope { key: org.catalog.permission_key(permission).to_string() }),
        None => Ok(set),
    }
}

/// Whether the actor holds what a service is to use in the actor's name.
fn may_lend(
    org: &Organization,
    permissions: PermissionSet,
    workspaces: &[WorkspaceId],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let giver = Giver::of(org, context.actor, context.facts.now, Door::Service)?;
    giver.holds_for_service(permissions, workspaces)
}

/// A service of the actor's own.
fn own<'o>(org: &'o Organization, service: ServiceId, context: &Context<'_>) -> Result<&'o Service, Refusal> {
    let found = org.service(service);
    let mine = found.filter(|service| service.sponsor().map(Actor::User) == Some(context.actor));
    match mine {
        Some(service) => guard(org, context, Action::CreateService, Target::Organization).map(|()| service),
        None => {
            guard(org, context, Action::ManageServices, Target::Organization)?;
            Err(if found.is_some() { Refusal::NotSponsor } else { Refusal::UnknownService })
        }
    }
}

pub(super) fn change(
    org: &Organization,
    command: &ChangeService,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    own(org, command.service, context)?;
    let permissions = scoped(org, &command.permissions, &command.workspaces)?;
    ends_later(command.until, context.facts.now)?;
    may_lend(org, permissions, &command.workspaces, context)?;
    Ok([Event::ServiceChanged {
        service: command.service,
        permissions: command.permissions.clone(),
        workspaces: command.workspaces.clone(),
        until: command.until,
    }]
    .into())
}

pub(super) fn rotate(org: &Organization, command: &RotateSecret, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    own(org, command.service, context)?;
    Ok([Event::ServiceSecretRotated { service: command.service, secret: command.secret }].into())
}

pub(super) fn end(org: &Organization, command: &EndService, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let found = org.service(command.service);
    let sponsor = found.and_then(Service::sponsor);
    if sponsor.map(Actor::User) != Some(context.actor) {
        guard(org, context, Action::ManageServices, Target::Organization)?;
        found.ok_or(Refusal::UnknownService)?;
        let giver = Giver::of(org, context.actor, context.facts.now, Door::Touch)?;
        sponsor.and_then(|user| org.person(user)).map_or(Ok(()), |person| giver.may_touch(person))?;
    }
    Ok([Event::ServiceEnded { service: command.service }].into())
}

pub(super) fn adopt(org: &Organization, command: &AdoptService, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageServices, Target::Organization)?;
    let sponsor = acting_user(context)?;
    let service = org.service(command.service).ok_or(Refusal::UnknownService)?;
    if service.sponsor().is_some() {
        return Err(Refusal::HasSponsor);
    }
    may_lend(org, service.permissions(), service.workspaces(), context)?;
    Ok([Event::ServiceAdopted { service: command.service, sponsor, secret: command.secret }].into())
}
