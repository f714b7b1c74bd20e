//! Workspaces.

use alloc::vec::Vec;

use super::super::authority::guard;
use super::super::command::{
    ArchiveWorkspace, Content, CreateWorkspace, DeleteWorkspace, RenameWorkspace, ReopenWorkspace,
};
use super::super::{Context, Event, Refusal};
use super::changes;
use crate::access::Target;
use crate::catalog::policy::Levels;
use crate::catalog::{Action, limit};
use crate::id::WorkspaceId;
use crate::organization::{Invitation, InvitationState, Organization, Workspace};

pub(super) fn create(
    org: &Organization,
    command: &CreateWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::CreateWorkspace, Target::Organization)?;
    if org.catalog.policy().levels == Levels::OrganizationOnly {
        return Err(Refusal::NoWorkspaces);
    }
    if org.workspace(command.workspace).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    org.has_room(limit::WORKSPACES, 1, context.facts.now)?;
    Ok([Event::WorkspaceCreated { workspace: command.workspace, name: command.name.clone() }].into())
}

/// A workspace in which the actor may do this.
fn guarded<'o>(
    org: &'o Organization,
    action: Action,
    workspace: WorkspaceId,
    context: &Context<'_>,
) -> Result<&'o Workspace, Refusal> {
    guard(org, context, action, Target::Workspace(workspace))?;
    org.workspace(workspace).ok_or(Refusal::UnknownWorkspace)
}

pub(super) fn rename(
    org: &Organization,
    command: &RenameWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guarded(org, Action::EditWorkspace, command.workspace, context)?;
    Ok([Event::WorkspaceRenamed { workspace: command.workspace, name: command.name.clone() }].into())
}

pub(super) fn archive(
    org: &Organization,
    command: &ArchiveWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let workspace = guarded(org, Action::ArchiveWorkspace, command.workspace, context)?;
    changes(workspace.archived().is_none())?;
    Ok([Event::WorkspaceArchived { workspace: command.workspace }].into())
}

pub(super) fn reopen(
    org: &Organization,
    command: &ReopenWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let workspace = guarded(org, Action::ArchiveWorkspace, command.workspace, context)?;
    changes(workspace.archived().is_some())?;
    Ok([Event::WorkspaceReopened { workspace: command.workspace }].into())
}

pub(super) fn delete(
    org: &Organization,
    command: &DeleteWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let workspace = command.workspace;
    guarded(org, Action::DeleteWorkspace, workspace, context)?;
    let only_here = |services: &[WorkspaceId]| matches!(services, [only] if *only == workspace);
    let services = org.services().filter(|(_, service)| only_here(service.workspaces()));
    let mut events: Vec<Event> = services.map(|(service, _)| Event::ServiceEnded { service }).collect();
    let empty = |invitation: &Invitation| {
        invitation.state(context.facts.now) == InvitationState::Open
            && invitation.roles().is_empty()
            && invitation.access().iter().all(|(promised, _)| *promised == workspace)
    };
    let open = org.open_by_address.values().filter(|id| org.invitation(**id).is_some_and(empty));
    events.extend(open.map(|id| Event::InvitationRevoked { invitation: *id }));
    events.push(Event::WorkspaceDeleted { workspace });
    let strangers = org
        .people()
        .filter(|(_, person)| !person.is_member() && person.rows().iter().all(|row| row.workspace == workspace));
    for (user, _) in strangers {
        let ends = super::departure::loose_ends(org, user, context);
        let is_over = |end: &Event| match end {
            Event::ServiceOrphaned { service } => events.contains(&Event::ServiceEnded { service: *service }),
            other => events.contains(other),
        };
        let more: Vec<Event> = ends.into_iter().filter(|end| !is_over(end)).collect();
        events.extend(more);
        events.push(Event::PersonRemoved { user, content: Content::Stays });
    }
    Ok(events)
}
