//! Options: which choices open more than the usual one, and what for.
//!
//! Every option stands here by name, so that a new one cannot be added without being looked at.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::catalog::policy::{
    Assignable, Binding, CreditTransfers, CreditsOff, Deletion, InvitationPolicy, InviterGone, OnMemberRemoved,
    OnResend, OverrideMode, OwnRole, TooBigForPlan,
};
use crate::catalog::{Action, Catalog, Policy};
use crate::limits::INVITATION_LIFETIME_USUAL;

pub(super) fn lint(catalog: &Catalog, found: &mut Vec<Finding>) {
    let Policy {
        // These narrow, count or name; no choice among them gives anybody more than another one does.
        creator_roles: _,
        owner_holds: _,
        personal: _,
        unique_names: _,
        organizations_per_user: _,
        default_workspace: _,
        open_invitations: _,
        collaborator_seats: _,
        member_limit: _,
        content_of_removed: _,
        burn_order: _,
        levels: _,
        roles_per_member: _,
        collaborators: _,
        ownership_transfer: _,
        // What is kept can do nothing until somebody adopts it, with a new secret and within what they hold.
        services_of_removed: _,
        overrides,
        own_role,
        assignable,
        deletion,
        invitations,
        credits_off,
        credit_transfers,
        on_member_removed,
        too_big_for_plan,
    } = catalog.policy();
    let authority = [
        (*assignable == Assignable::WhatOneHolds, "policy.assignable", "ranks do not bound which roles one gives"),
        (*own_role == OwnRole::DemoteOnly, "policy.own_role", "people change their own roles, downwards"),
        (*own_role == OwnRole::Allowed, "policy.own_role", "people change their own roles, up to their own rank"),
        (
            invitations.inviter_gone == InviterGone::Keep,
            "policy.invitations.inviter_gone",
            "an invitation gives what whoever sent it could not give any more",
        ),
    ];
    let defaults = [
        (*deletion == Deletion::Immediate, "policy.deletion", "what is deleted by mistake is gone at once"),
        (
            *on_member_removed == OnMemberRemoved::KeepAsCollaborator,
            "policy.on_member_removed",
            "whoever is removed goes on working where a row gives something",
        ),
        (
            *credits_off == CreditsOff::Uncharged,
            "policy.credits_off",
            "people whose credits are switched off go on, and nobody pays",
        ),
        (
            *credit_transfers == CreditTransfers::SameOwner,
            "policy.credit_transfers",
            "credits leave the organization that bought them",
        ),
        (
            *too_big_for_plan == TooBigForPlan::Freeze,
            "policy.too_big_for_plan",
            "organizations keep more than their plan allows",
        ),
    ];
    let (authority, defaults) = (authority.into_iter(), defaults.into_iter().chain(of_invitations(invitations)));
    let named = authority.map(|option| (Lint::WiderAuthority, option));
    for (lint, (is_so, path, why)) in named.chain(defaults.map(|option| (Lint::WeakerDefault, option))) {
        if is_so {
            found.push(Finding::new(lint, Place::Option(path), why.to_owned()));
        }
    }
    if *overrides == OverrideMode::Off {
        rows(catalog, found);
    }
}

fn of_invitations(policy: &InvitationPolicy) -> [(bool, &'static str, &'static str); 5] {
    let InvitationPolicy { lifetime, on_resend, binding, batch: _, batch_max: _, on_reinvite: _, inviter_gone: _ } =
        policy;
    let (binding_path, resend_path) = ("policy.invitations.binding", "policy.invitations.on_resend");
    [
        (*binding == Binding::MatchingAddress, binding_path, "whoever has the link and names the address comes in"),
        (matches!(binding, Binding::Bearer(_)), binding_path, "whoever has the link comes in"),
        (*on_resend == OnResend::Renew, resend_path, "an old link works again"),
        (*on_resend == OnResend::Nothing, resend_path, "an old link goes on working"),
        (*lifetime > INVITATION_LIFETIME_USUAL, "policy.invitations.lifetime", "links in old mails go on working"),
    ]
}

/// A guard for giving access to workspaces where that means nothing to members, and there are no collaborators.
fn rows(catalog: &Catalog, found: &mut Vec<Finding>) {
    let assigned = catalog.roles().any(|(_, role)| role.reach == crate::catalog::Reach::Assigned);
    let guard = catalog.guard_of(Action::ChangeAccess).filter(|_| !assigned);
    if let Some(def) = guard.and_then(|guard| catalog.permission_def(guard)) {
        let facts = "it guards `change_access`, and no role waits to be assigned".to_owned();
        found.push(Finding::new(Lint::OverridesOff, Place::Permission(def.key.clone()), facts));
    }
}
