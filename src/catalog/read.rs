//! Reading a catalog from a document: the file form, key by key.

use alloc::string::String;
use alloc::vec::Vec;

use super::action::Action;
use super::plan::{CreditRule, Per, RetentionRule, StorageRule};
use super::policy::{
    Assignable, BURN_KEYS, Batch, CollaboratorSeats, Collaborators, ContentOfRemoved, CreditTransfers, CreditsOff,
    InvitationPolicy, InviterGone, Levels, MemberLimit, OnMemberRemoved, OnReinvite, OnResend, OpenInvitations,
    OverrideMode, OwnRole, OwnerHolds, OwnershipTransfer, PersonalPolicy, Policy, ServicesOfRemoved, TooBigForPlan,
    UniqueNames,
};
use super::{CatalogBuilder, GroupDef, Holders, LimitDef, PermissionDef, PlanDef, Reach, RoleDef, Scope, Sight};
use crate::document::{Document, Fields, Mistake, Path, Report};
use crate::ledger::BurnOrder;

/// Reads the definitions as far as they can be read, with the mistakes met on the way.
pub(super) fn read(document: &Document) -> (CatalogBuilder, Vec<Mistake>) {
    let mut report = Report::default();
    let mut defs = CatalogBuilder::default();
    if let Some(mut fields) = Fields::open(document, Path::default(), &mut report) {
        defs.name = fields.required_text("name");
        defs.features = fields.texts("features");
        defs.providers = fields.texts("providers");
        defs.meters = fields.texts("meters");
        defs.permissions = tables(&mut fields, "permissions", permission);
        defs.roles = tables(&mut fields, "roles", role);
        defs.groups = tables(&mut fields, "groups", group);
        defs.plans = tables(&mut fields, "plans", plan);
        defs.policy = fields.table("policy", policy).unwrap_or_default();
        fields.close();
    }
    (defs, report.into_mistakes())
}

/// A list of tables, each read by the same function.
fn tables<'d, T>(fields: &mut Fields<'d, '_>, key: &'static str, read: impl Fn(&mut Fields<'d, '_>) -> T) -> Vec<T> {
    fields.list(key, |value, path, report| {
        let mut fields = Fields::open(value, path, report)?;
        let read = read(&mut fields);
        fields.close();
        Some(read)
    })
}

fn permission(fields: &mut Fields<'_, '_>) -> PermissionDef {
    let key = fields.required_text("key");
    fields.require("scope");
    PermissionDef {
        title: fields.text("title").unwrap_or_default(),
        scope: fields.choice("scope", &Scope::CHOICES).unwrap_or(Scope::Organization),
        recent_authentication: fields.parsed("recent_authentication"),
        second_factor: fields.flag("second_factor").unwrap_or(false),
        active_only: fields.flag("active_only").unwrap_or(false),
        open_while_suspended: fields.flag("open_while_suspended").unwrap_or(false),
        feature: fields.text("feature"),
        guards: fields.choices("guards", Action::CHOICES),
        key,
    }
}

fn role(fields: &mut Fields<'_, '_>) -> RoleDef {
    let key = fields.required_text("key");
    fields.require("rank");
    let rank = fields.number("rank").unwrap_or(0);
    RoleDef {
        title: fields.text("title").unwrap_or_default(),
        owner: fields.flag("owner").unwrap_or(false),
        holders: fields.choice("holders", &Holders::CHOICES),
        extends: fields.text("extends"),
        permissions: fields.texts("permissions"),
        reach: fields.choice("reach", &Reach::CHOICES).unwrap_or_default(),
        sight: fields.choice("sight", &Sight::CHOICES).unwrap_or_default(),
        reducible: fields.flag("reducible"),
        billable: fields.flag("billable").unwrap_or(true),
        uses_credits: fields.flag("uses_credits").unwrap_or(true),
        assigned_by: fields.texts("assigned_by"),
        falls_back_to: fields.text("falls_back_to"),
        ..RoleDef::new(&key, rank)
    }
}

fn group(fields: &mut Fields<'_, '_>) -> GroupDef {
    GroupDef {
        key: fields.required_text("key"),
        title: fields.text("title").unwrap_or_default(),
        roles: fields.texts("roles"),
    }
}

fn plan(fields: &mut Fields<'_, '_>) -> PlanDef {
    let key = fields.required_text("key");
    fields.require("rank");
    let rank = fields.number("rank").unwrap_or(0);
    PlanDef {
        title: fields.text("title").unwrap_or_default(),
        team_organizations: fields.flag("team_organizations").unwrap_or(false),
        new_organizations: fields.flag("new_organizations").unwrap_or(true),
        identity_provider: fields.text("identity_provider"),
        features: fields.texts("features"),
        seats: fields.parsed("seats").unwrap_or_default(),
        limits: tables(fields, "limits", limit),
        credits: fields.table("credits", credits).unwrap_or_default(),
        storage: fields.table("storage", storage).unwrap_or_default(),
        retention: tables(fields, "retention", retention),
        ..PlanDef::new(&key, rank)
    }
}

fn limit(fields: &mut Fields<'_, '_>) -> LimitDef {
    let key = fields.required_text("key");
    fields.require("max");
    LimitDef {
        key,
        max: fields.number("max").unwrap_or(0),
        per: fields.choice("per", &Per::CHOICES).unwrap_or_default(),
        enforcement: fields.parsed("enforcement").unwrap_or_default(),
        alerts_percent: percents(fields),
    }
}

fn credits(fields: &mut Fields<'_, '_>) -> CreditRule {
    CreditRule {
        allocation: fields.number("allocation").unwrap_or(0),
        allocation_per_seat: fields.number("allocation_per_seat").unwrap_or(0),
        rollover: fields.parsed("rollover").unwrap_or_default(),
        rollover_periods: fields.number("rollover_periods"),
        renewal: fields.parsed("renewal").unwrap_or_default(),
        midway: fields.parsed("midway").unwrap_or_default(),
        alerts_percent: percents(fields),
    }
}

fn storage(fields: &mut Fields<'_, '_>) -> StorageRule {
    StorageRule {
        quota_bytes: fields.number("quota_bytes"),
        enforcement: fields.parsed("enforcement").unwrap_or_default(),
        alerts_percent: percents(fields),
    }
}

fn percents(fields: &mut Fields<'_, '_>) -> Vec<u8> {
    fields.list("alerts_percent", |value, path, report| match value {
        Document::Integer(percent) => Some(u8::try_from(*percent).unwrap_or(u8::MAX)), // refused when compiled
        other => {
            report.wrong_type(&path, "a whole number", other);
            None
        }
    })
}

fn retention(fields: &mut Fields<'_, '_>) -> RetentionRule {
    RetentionRule { kind: fields.required_text("kind"), keep: fields.parsed("keep") }
}

fn policy(fields: &mut Fields<'_, '_>) -> Policy {
    let usual = Policy::default();
    Policy {
        creator_roles: fields.texts("creator_roles"),
        owner_holds: fields.choice("owner_holds", OwnerHolds::CHOICES).unwrap_or_default(),
        personal: fields.table("personal", personal),
        unique_names: fields.choice("unique_names", UniqueNames::CHOICES).unwrap_or_default(),
        organizations_per_user: fields.number("organizations_per_user"),
        default_workspace: fields.text("default_workspace"),
        overrides: fields.choice("overrides", OverrideMode::CHOICES).unwrap_or_default(),
        own_role: fields.choice("own_role", OwnRole::CHOICES).unwrap_or_default(),
        assignable: fields.choice("assignable", Assignable::CHOICES).unwrap_or_default(),
        open_invitations: fields.choice("open_invitations", OpenInvitations::CHOICES).unwrap_or_default(),
        collaborator_seats: fields.choice("collaborator_seats", CollaboratorSeats::CHOICES).unwrap_or_default(),
        member_limit: fields.choice("member_limit", MemberLimit::CHOICES).unwrap_or_default(),
        content_of_removed: fields.choice("content_of_removed", ContentOfRemoved::CHOICES).unwrap_or_default(),
        deletion: fields.parsed("deletion").unwrap_or_default(),
        invitations: fields.table("invitations", invitations).unwrap_or_default(),
        credits_off: fields.choice("credits_off", CreditsOff::CHOICES).unwrap_or_default(),
        burn_order: fields.given_choices("burn_order", BURN_KEYS).map_or(usual.burn_order, BurnOrder::new),
        credit_transfers: fields.choice("credit_transfers", CreditTransfers::CHOICES).unwrap_or_default(),
        levels: fields.choice("levels", Levels::CHOICES).unwrap_or_default(),
        roles_per_member: fields.number("roles_per_member").unwrap_or(usual.roles_per_member),
        collaborators: fields.choice("collaborators", Collaborators::CHOICES).unwrap_or_default(),
        on_member_removed: fields.choice("on_member_removed", OnMemberRemoved::CHOICES).unwrap_or_default(),
        ownership_transfer: fields.choice("ownership_transfer", OwnershipTransfer::CHOICES).unwrap_or_default(),
        services_of_removed: fields.choice("services_of_removed", ServicesOfRemoved::CHOICES).unwrap_or_default(),
        too_big_for_plan: fields.choice("too_big_for_plan", TooBigForPlan::CHOICES).unwrap_or_default(),
    }
}

fn personal(fields: &mut Fields<'_, '_>) -> PersonalPolicy {
    PersonalPolicy {
        plan: fields.required_text("plan"),
        name: fields.text("name").unwrap_or_else(|| String::from("{user}")),
        invitable: fields.flag("invitable").unwrap_or(false),
        convertible: fields.flag("convertible").unwrap_or(false),
        deletable: fields.flag("deletable").unwrap_or(false),
        upgradable: fields.flag("upgradable").unwrap_or(true),
    }
}

fn invitations(fields: &mut Fields<'_, '_>) -> InvitationPolicy {
    let usual = InvitationPolicy::default();
    InvitationPolicy {
        lifetime: fields.parsed("lifetime").unwrap_or(usual.lifetime),
        on_resend: fields.choice("on_resend", OnResend::CHOICES).unwrap_or_default(),
        binding: fields.parsed("binding").unwrap_or_default(),
        batch: fields.choice("batch", Batch::CHOICES).unwrap_or_default(),
        batch_max: fields.number("batch_max").unwrap_or(usual.batch_max),
        on_reinvite: fields.choice("on_reinvite", OnReinvite::CHOICES).unwrap_or_default(),
        inviter_gone: fields.choice("inviter_gone", InviterGone::CHOICES).unwrap_or_default(),
    }
}
