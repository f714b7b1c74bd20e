//! Stranded: what a migration would leave without what it needs.

use alloc::vec::Vec;
use core::fmt;

use super::Migration;
use crate::catalog::{Group, GroupKey, RoleKey};
use crate::id::{InvitationId, OrgId, ResourceId, ServiceId, ShareId, WorkspaceId};
use crate::organization::{InvitationState, Organization, RuleHolder, Violation};
use crate::time::Timestamp;

/// Something that a migration would leave without what it needs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Stranded {
    /// A rule gives to or takes from a system group that is gone, or whose roles have all gone elsewhere (D-29).
    Rule {
        /// In which organization.
        organization: OrgId,
        /// Where.
        workspace: WorkspaceId,
        /// The group, as it was called.
        group: GroupKey,
    },
    /// Something is shared to a system group that is gone, or whose roles have all gone elsewhere (D-29).
    Share {
        /// The resource or container.
        resource: ResourceId,
        /// Which of the shares on it; `None` for one that the caller keeps.
        share: Option<ShareId>,
        /// The group, as it was called.
        group: GroupKey,
    },
    /// Of what a share gives nothing would be left.
    EmptyShare {
        /// The resource or container.
        resource: ResourceId,
        /// Which of the shares on it.
        share: ShareId,
    },
    /// Of a custom role nothing would be left.
    CustomRole {
        /// In which organization.
        organization: OrgId,
        /// Which.
        role: RoleKey,
    },
    /// Of what a service may use nothing would be left.
    Service {
        /// In which organization.
        organization: OrgId,
        /// Which.
        service: ServiceId,
    },
    /// Of what an open invitation gives in a workspace nothing would be left.
    Invitation {
        /// In which organization.
        organization: OrgId,
        /// Which.
        invitation: InvitationId,
        /// Where.
        workspace: WorkspaceId,
    },
    /// An invariant that holds would not hold any more: seats, owners.
    Invariant {
        /// In which organization.
        organization: OrgId,
        /// Which.
        violation: Violation,
    },
}

impl fmt::Display for Stranded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { organization, workspace, group } => {
                write!(f, "organization {organization} has a rule for the group `{group}` in workspace {workspace}, ")?;
                f.write_str("and nobody who is in it would be any more")
            }
            Self::Share { resource, group, .. } => {
                write!(f, "resource {resource} is shared to the group `{group}`, ")?;
                f.write_str("and nobody who is in it would be any more")
            }
            Self::EmptyShare { resource, share } => {
                write!(f, "nothing would be left of what share {share} on resource {resource} gives")
            }
            Self::CustomRole { organization, role } => {
                write!(f, "nothing would be left of the custom role `{role}` of organization {organization}")
            }
            Self::Service { organization, service } => {
                write!(f, "nothing would be left of what service {service} of organization {organization} may use")
            }
            Self::Invitation { organization, invitation, workspace } => {
                write!(f, "nothing would be left of what invitation {invitation} of organization {organization} ")?;
                write!(f, "gives in workspace {workspace}")
            }
            Self::Invariant { organization, violation } => write!(f, "organization {organization}: {violation}"),
        }
    }
}

impl core::error::Error for Stranded {}

impl Migration {
    /// Everything in an organization that would be left without what it needs.
    pub(super) fn stranded(&self, before: &Organization, after: &Organization, now: Timestamp) -> Vec<Stranded> {
        let mut found: Vec<Stranded> = self.stranded_rules(before, now).collect();
        found.extend(emptied_roles(before, after));
        found.extend(emptied_services(before, after));
        found.extend(emptied_invitations(before, after, now));
        found.extend(broken(before, after, now));
        found
    }

    /// Rules of groups in which nobody is left.
    fn stranded_rules<'o>(
        &'o self,
        organization: &'o Organization,
        now: Timestamp,
    ) -> impl Iterator<Item = Stranded> + 'o {
        organization.workspaces().flat_map(move |(workspace, place)| {
            place.rules().iter().filter(move |rule| rule.is_current(now)).filter_map(move |rule| match rule.holder {
                RuleHolder::Group(group) if self.strands(group) => {
                    Some(Stranded::Rule { organization: organization.id(), workspace, group: self.called(group) })
                }
                RuleHolder::Group(_) | RuleHolder::Team(_) => None,
            })
        })
    }

    /// Whether nobody who is in a group is in what becomes of it.
    pub(super) fn strands(&self, group: Group) -> bool {
        let stay = self.role_set(self.old.roles_of_group(group));
        self.group(group).is_none_or(|becomes| !self.new.roles_of_group(becomes).meets(stay))
    }

    pub(super) fn called(&self, group: Group) -> GroupKey {
        self.old.group_def(group).map_or("", |def| def.key.as_str()).into()
    }
}

fn emptied_roles<'o>(before: &'o Organization, after: &'o Organization) -> impl Iterator<Item = Stranded> + 'o {
    let emptied = before
        .custom_roles()
        .filter(|(role, custom)| !custom.permissions().is_empty() && after.permissions_of(*role).is_empty());
    let organization = before.id();
    emptied.map(move |(_, custom)| Stranded::CustomRole { organization, role: custom.key().clone() })
}

fn emptied_services<'o>(before: &'o Organization, after: &'o Organization) -> impl Iterator<Item = Stranded> + 'o {
    let organization = before.id();
    before.services().filter_map(move |(service, was)| {
        let left = after.service(service)?.permissions();
        (!was.permissions().is_empty() && left.is_empty()).then_some(Stranded::Service { organization, service })
    })
}

/// Open invitations that gave something in a workspace by itself.
fn emptied_invitations<'o>(
    before: &'o Organization,
    after: &'o Organization,
    now: Timestamp,
) -> impl Iterator<Item = Stranded> + 'o {
    let organization = before.id();
    let open = before.invitations().filter(move |(_, was)| was.state(now) == InvitationState::Open);
    open.flat_map(move |(invitation, was)| {
        let is = after.invitation(invitation).map(|is| is.access()).unwrap_or_default();
        let emptied = was.access().iter().zip(is).filter(|((_, was), (_, is))| {
            let gave = was.role.is_some() || !was.added.is_empty();
            gave && is.role.is_none() && is.added.is_empty()
        });
        let emptied: Vec<WorkspaceId> = emptied.map(|((workspace, _), _)| *workspace).collect();
        emptied.into_iter().map(move |workspace| Stranded::Invitation { organization, invitation, workspace })
    })
}

/// Invariants that hold, and would not hold any more.
fn broken(before: &Organization, after: &Organization, now: Timestamp) -> Vec<Stranded> {
    let (known, organization) = (before.audit(now), before.id());
    let broken = after.audit(now).into_iter().filter(|violation| !known.contains(violation));
    broken.map(|violation| Stranded::Invariant { organization, violation }).collect()
}
