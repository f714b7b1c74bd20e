//! Options that come to bound authority less.
//!
//! Every option stands here by name, so that a new one cannot be added without being looked at.

use alloc::vec::Vec;

use super::{More, Of, Widening};
use crate::catalog::Policy;
use crate::catalog::policy::{Assignable, Binding, InvitationPolicy, InviterGone, OnMemberRemoved, OnResend, OwnRole};
use crate::migrate::Migration;

/// The options that bound authority, by their paths in the file form.
pub(in crate::migrate) const OPTIONS: [&str; 6] = [
    "policy.own_role",
    "policy.assignable",
    "policy.on_member_removed",
    "policy.invitations.inviter_gone",
    "policy.invitations.binding",
    "policy.invitations.on_resend",
];

impl Migration {
    pub(super) fn widenings_of_options(&self) -> Vec<Widening> {
        let (was, is) = (openness(self.old.policy()), openness(self.new.policy()));
        let more = OPTIONS.into_iter().zip(was.into_iter().zip(is)).filter(|(_, (was, is))| is > was);
        more.map(|(path, _)| Widening::new(Of::Policy(path), More::BoundsLess, self.tables.options.contains(&path)))
            .collect()
    }
}

/// How much each option opens, in the order of [`OPTIONS`]: more is wider.
fn openness(policy: &Policy) -> [u64; 6] {
    let Policy {
        own_role,
        assignable,
        on_member_removed,
        invitations,
        // What these open to somebody who is there is asked of everybody's rights and of every role.
        creator_roles: _,
        owner_holds: _,
        overrides: _,
        // These count, name, or decide about what is still to come, by whoever may decide it.
        personal: _,
        unique_names: _,
        organizations_per_user: _,
        default_workspace: _,
        open_invitations: _,
        collaborator_seats: _,
        member_limit: _,
        content_of_removed: _,
        deletion: _,
        credits_off: _,
        burn_order: _,
        credit_transfers: _,
        levels: _,
        roles_per_member: _,
        collaborators: _,
        ownership_transfer: _,
        services_of_removed: _,
        too_big_for_plan: _,
    } = policy;
    let InvitationPolicy { inviter_gone, binding, on_resend, lifetime: _, batch: _, batch_max: _, on_reinvite: _ } =
        invitations;
    [
        match own_role {
            OwnRole::Forbidden => 0,
            OwnRole::DemoteOnly => 1,
            OwnRole::Allowed => 2,
        },
        match assignable {
            Assignable::BelowOwnRank => 0,
            Assignable::UpToOwnRank => 1,
            Assignable::WhatOneHolds => 2,
        },
        match on_member_removed {
            OnMemberRemoved::CascadeAll => 0,
            OnMemberRemoved::KeepAsCollaborator => 1,
        },
        match inviter_gone {
            InviterGone::Revoke | InviterGone::Recheck => 0,
            InviterGone::Keep => 1,
        },
        match binding {
            Binding::VerifiedAddress => 0,
            Binding::MatchingAddress => 1,
            Binding::Bearer(uses) => u64::from(*uses).saturating_add(2),
        },
        match on_resend {
            OnResend::RenewAndRotate => 0,
            OnResend::Nothing => 1,
            OnResend::Renew => 2,
        },
    ]
}
