//! Under which rules is a life lived?

use std::prelude::v1::*; // the crate itself has none

use bailiwick::Span;
use bailiwick::catalog::policy::{
    Assignable, Batch, Binding, CollaboratorSeats, Collaborators, ContentOfRemoved, CreditsOff, Deletion,
    InvitationPolicy, InviterGone, MemberLimit, OnMemberRemoved, OnReinvite, OnResend, OpenInvitations, OverrideMode,
    OwnRole, OwnerHolds, OwnershipTransfer, PersonalPolicy, ServicesOfRemoved, TooBigForPlan,
};
use bailiwick::catalog::{
    Action, Catalog, GroupDef, Holders, LimitDef, PermissionDef, PlanDef, Policy, Reach, RoleDef, Scope, SeatRule,
    Sight, limit,
};

use super::dice::Dice;
use super::{GROUPS, PERMISSIONS, PLANS, PROVIDER, ROLES};

/// A small catalog: every action has a guard, the options of the policy vary.
pub(super) fn catalog(dice: &mut Dice<'_, '_>) -> Catalog {
    let mut builder = Catalog::builder("lives").providers([PROVIDER]);
    for (key, scope) in PERMISSIONS {
        builder = builder.permission(permission(dice, key, scope));
    }
    for (n, key) in ROLES.iter().enumerate() {
        builder = builder.role(role(dice, key, n));
    }
    let upper = GroupDef::new(GROUPS[0], dice.pick(&[["owner", "admin"], ["admin", "lead"], ["lead", "member"]]));
    let lower = GroupDef::new(GROUPS[1], dice.pick(&[["member", "guest"], ["lead", "member"], ["guest", "guest"]]));
    builder = builder.group(upper).group(lower);
    for (n, key) in PLANS.iter().enumerate() {
        builder = builder.plan(plan(dice, key, u32::try_from(n).expect("a few")));
    }
    builder.policy(policy(dice)).build().expect("generated catalogs have no mistakes")
}

fn permission(dice: &mut Dice<'_, '_>, key: &str, scope: Scope) -> PermissionDef {
    let mut def = PermissionDef::new(key, scope);
    for action in Action::ALL.iter().filter(|action| guard_of(**action) == key) {
        def = def.guards(*action);
    }
    if dice.once_in(8) {
        def = def.sensitive(Span::minutes(15));
    }
    if dice.once_in(12) {
        def = def.second_factor();
    }
    def
}

/// Whoever has `org.manage` can do what comes to the crate later.
fn guard_of(action: Action) -> &'static str {
    match action {
        Action::InviteMember
        | Action::AddMember
        | Action::ChangeRoles
        | Action::SuspendPerson
        | Action::RemoveMember
        | Action::SwitchCredits
        | Action::ManageTeams => "people.manage",
        Action::ManageRoles | Action::CreateService | Action::ManageServices | Action::CreateWorkspace => "role.manage",
        Action::EditWorkspace | Action::ArchiveWorkspace | Action::DeleteWorkspace | Action::ChangeRules => {
            "place.manage"
        }
        Action::ChangeAccess | Action::ManageCollaborators | Action::UseCredits => "place.share",
        _ => "org.manage",
    }
}

fn role(dice: &mut Dice<'_, '_>, key: &str, n: usize) -> RoleDef {
    let rank = [100, 80, 50, 20, 10][n];
    let rank = if n > 0 && dice.once_in(4) { dice.pick(&[50, 20, 80]) } else { rank };
    let eighths = [6, 6, 4, 3, 2][n];
    let guards: Vec<&str> = PERMISSIONS[..5].iter().map(|(key, _)| *key).collect();
    let plain: Vec<&str> = PERMISSIONS[5..].iter().map(|(key, _)| *key).collect();
    let mut def = RoleDef::new(key, rank).allows(dice.some(eighths, &guards)).allows(dice.some(eighths, &plain));
    let reaches = [Reach::All, Reach::Assigned, Reach::None];
    def = def.reach(if n < 2 { dice.mostly(Reach::All, &reaches) } else { dice.pick(&reaches) });
    def = def.sight(if n < 2 {
        dice.mostly(Sight::All, &[Sight::Shared])
    } else {
        dice.pick(&[Sight::All, Sight::Shared])
    });
    if dice.once_in(4) {
        def = def.reducible(n == 0);
    }
    if dice.once_in(3) {
        def = def.free();
    }
    if dice.once_in(3) {
        def = def.without_credits();
    }
    if dice.once_in(6) {
        def = def.assigned_by(dice.pick(&[["admin", "owner"], ["lead", "admin"], ["owner", "member"]]));
    }
    if n == 0 {
        def = def.owner().holders(dice.mostly(Holders::AtLeastOne, &[Holders::ExactlyOne]));
        if dice.once_in(2) {
            def = def.falls_back_to(dice.pick(&ROLES[1..]));
        }
    }
    def
}

fn plan(dice: &mut Dice<'_, '_>, key: &str, rank: u32) -> PlanDef {
    let mut def = PlanDef::new(key, rank).team_organizations();
    let few = u64::from(rank) + 2;
    if dice.once_in(2) {
        def = def.seats(SeatRule::PerSeat(dice.number(2)));
    }
    let limits = [limit::MEMBERS, limit::COLLABORATORS, limit::WORKSPACES, limit::TEAMS, limit::CUSTOM_ROLES];
    for limited in limits {
        if dice.once_in(6) {
            def = def.limit(LimitDef::new(limited, few));
        }
    }
    if dice.once_in(16) {
        def = def.identity_provider(PROVIDER);
    }
    def
}

fn policy(dice: &mut Dice<'_, '_>) -> Policy {
    let modes = [OverrideMode::Expand, OverrideMode::Reduce, OverrideMode::Off];
    let own_roles = [OwnRole::DemoteOnly, OwnRole::Allowed];
    let assignable = [Assignable::BelowOwnRank, Assignable::WhatOneHolds];
    let personal = PersonalPolicy {
        plan: PLANS[0].into(),
        name: "{user}'s".into(),
        invitable: true,
        convertible: dice.once_in(2),
        deletable: dice.once_in(2),
        upgradable: dice.once_in(2),
    };
    Policy {
        owner_holds: dice.mostly(OwnerHolds::All, &[OwnerHolds::Declared]),
        personal: (!dice.once_in(4)).then_some(personal),
        organizations_per_user: dice.once_in(8).then_some(2),
        default_workspace: (!dice.once_in(4)).then(|| "First".into()),
        overrides: if dice.once_in(2) { dice.pick(&modes) } else { OverrideMode::Replace },
        own_role: if dice.once_in(2) { dice.pick(&own_roles) } else { OwnRole::Forbidden },
        assignable: if dice.once_in(2) { dice.pick(&assignable) } else { Assignable::UpToOwnRank },
        open_invitations: dice.mostly(OpenInvitations::Free, &[OpenInvitations::ReserveSeats]),
        collaborator_seats: dice.mostly(CollaboratorSeats::Free, &[CollaboratorSeats::Billable]),
        member_limit: dice.mostly(MemberLimit::Everyone, &[MemberLimit::Active]),
        content_of_removed: dice.mostly(ContentOfRemoved::Stays, &[ContentOfRemoved::MustSay]),
        deletion: if dice.once_in(8) { Deletion::Immediate } else { Deletion::Grace(Span::days(30)) },
        invitations: InvitationPolicy {
            lifetime: Span::days(7),
            on_resend: dice.pick(&[OnResend::RenewAndRotate, OnResend::Renew, OnResend::Nothing]),
            binding: dice.pick(&[Binding::VerifiedAddress, Binding::MatchingAddress, Binding::Bearer(2)]),
            batch: dice.pick(&[Batch::PerItem, Batch::Atomic]),
            batch_max: 2,
            on_reinvite: dice.pick(&[OnReinvite::Refuse, OnReinvite::Supersede]),
            inviter_gone: dice.pick(&[InviterGone::Recheck, InviterGone::Revoke, InviterGone::Keep]),
        },
        credits_off: dice.pick(&[CreditsOff::Refuse, CreditsOff::Uncharged]),
        roles_per_member: dice.pick(&[3, 8, 1, 2]),
        collaborators: if dice.once_in(8) { Collaborators::Off } else { Collaborators::On },
        on_member_removed: dice.pick(&[OnMemberRemoved::KeepAsCollaborator, OnMemberRemoved::CascadeAll]),
        ownership_transfer: dice.pick(&[OwnershipTransfer::AtOnce, OwnershipTransfer::WithConsent]),
        services_of_removed: dice.pick(&[ServicesOfRemoved::Keep, ServicesOfRemoved::End]),
        too_big_for_plan: dice.pick(&[TooBigForPlan::Freeze, TooBigForPlan::Refuse]),
        ..Policy::default()
    }
}
