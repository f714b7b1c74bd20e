//! Guards: whether somebody may do a thing at all, before it is asked what it would give.

use super::super::{Context, Refusal};
use crate::access::{Decision, DenyReason, Target};
use crate::actor::Actor;
use crate::catalog::Action;
use crate::id::UserId;
use crate::organization::Organization;

/// Whether the actor may do this at all: the guard that the catalog puts before the action, checked as any permission.
pub(crate) fn guard(
    organization: &Organization,
    context: &Context<'_>,
    action: Action,
    target: Target<'_>,
) -> Result<(), Refusal> {
    match context.actor {
        Actor::System => {
            return match target {
                Target::Workspace(id) if organization.workspace(id).is_none() => Err(Refusal::UnknownWorkspace),
                _ => Ok(()),
            };
        }
        Actor::Provisioner => return directory_may(organization, action),
        Actor::User(_) | Actor::Staff { .. } | Actor::Service(_) | Actor::Link(_) => {}
    }
    let access = organization.access(context.actor, target, &context.facts);
    let Some(permission) = organization.catalog().guard_of(action) else {
        // The guard is missing, but strangers still learn nothing.
        return Err(match access.is_barred() {
            true => Refusal::NotFound,
            false => Refusal::Denied { action, reason: DenyReason::NotGranted },
        });
    };
    match access.check(permission) {
        Decision::Allow => Ok(()),
        Decision::StepUp(requirement) => Err(Refusal::StepUp { requirement }),
        Decision::Deny(DenyReason::NotFound) => Err(Refusal::NotFound),
        Decision::Deny(DenyReason::WorkspaceNotFound) => Err(Refusal::UnknownWorkspace),
        Decision::Deny(reason) => Err(Refusal::Denied { action, reason }),
    }
}

/// A directory that is connected brings people in and takes them out, and nothing else.
fn directory_may(organization: &Organization, action: Action) -> Result<(), Refusal> {
    let connected = organization.profile().is_some_and(|profile| profile.provisioned_roles.is_some());
    match action {
        _ if !connected => Err(Refusal::NotFound),
        Action::AddMember | Action::ChangeRoles | Action::SuspendPerson | Action::RemoveMember => Ok(()),
        _ => Err(Refusal::Denied { action, reason: DenyReason::NotGranted }),
    }
}

/// The user whose rights an actor uses: also behind staff and services.
pub(crate) fn behind(organization: &Organization, actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Service(service) => organization.service(service)?.sponsor(),
        other => other.user(),
    }
}

/// Whether a user is the one who acts, or the one in whose place or name it is done.
pub(crate) fn is_oneself(organization: &Organization, actor: Actor, user: UserId) -> bool {
    is_staff_themselves(actor, user) || behind(organization, actor) == Some(user)
}

/// Whether somebody of the staff is meant by what they do in somebody else's place.
pub(crate) fn is_staff_themselves(actor: Actor, user: UserId) -> bool {
    matches!(actor, Actor::Staff { staff, .. } if staff == user)
}

/// The guard for what an id turned out to be. Whoever passes neither guard is answered as for anybody else, so that the
/// answer does not tell what the id is.
pub(crate) fn guard_as(
    organization: &Organization,
    context: &Context<'_>,
    (action, target): (Action, Target<'_>),
    usual: (Action, Target<'_>),
) -> Result<(), Refusal> {
    guard(organization, context, action, target).or_else(|refusal| {
        guard(organization, context, usual.0, usual.1)?;
        Err(refusal)
    })
}
