//! Actions: which ones somebody will miss, and which ones are guarded by what nobody can hold.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use super::trial::Trial;
use crate::catalog::policy::{Collaborators, Levels, OverrideMode};
use crate::catalog::{Action, Catalog, PlanDef, Reach, RoleTable, SeatRule, limit};

pub(super) fn lint(catalog: &Catalog, trial: &Trial, found: &mut Vec<Finding>) {
    for action in Action::ALL {
        match catalog.guard_of(*action) {
            None => {
                let missed = because(catalog, *action);
                found.extend(
                    missed.map(|why| Finding::new(Lint::UnguardedAction, Place::Action(*action), why.to_string())),
                );
            }
            Some(guard) => {
                let carries = |table: &RoleTable| {
                    table.organization.contains(guard) || (table.workspace.contains(guard) && carries(catalog, table))
                };
                if !trial.held.iter().any(|role| carries(catalog.role_table(role))) {
                    let key = catalog.permission_key(guard);
                    let facts = alloc::format!("nobody can come to hold `{key}`, which guards it");
                    found.push(Finding::new(Lint::IdleAction, Place::Action(*action), facts));
                }
            }
        }
    }
}

/// Whether what a role holds in workspaces can count somewhere: by its reach, or in a row.
pub(super) fn carries(catalog: &Catalog, table: &RoleTable) -> bool {
    let policy = catalog.policy();
    let workspaces = policy.levels == Levels::Workspaces;
    let in_rows = match policy.overrides {
        OverrideMode::Replace | OverrideMode::Expand => true,
        OverrideMode::Reduce | OverrideMode::Off => policy.collaborators == Collaborators::On,
    };
    match table.reach {
        Reach::All => true,
        Reach::Assigned => workspaces,
        Reach::None => workspaces && in_rows && !table.owner,
    }
}

/// Why people would expect an action, by what else the catalog has. Another action must say it here.
fn because(catalog: &Catalog, action: Action) -> Option<&'static str> {
    let policy = catalog.policy();
    let guarded = |action| catalog.guard_of(action).is_some();
    let workspaces = policy.levels == Levels::Workspaces;
    let plans = |is: &dyn Fn(&PlanDef) -> bool| catalog.plans().any(|(_, plan)| is(plan));
    let limited = |key: &str| plans(&|plan| plan.limit_of(key).is_some());
    let teams = plans(&|plan| plan.team_organizations);
    let company = teams || policy.personal.as_ref().is_some_and(|personal| personal.invitable);
    let credits = || plans(&|plan| plan.credits.allocation > 0 || plan.credits.allocation_per_seat > 0);
    let several_roles = || catalog.roles().filter(|(role, _)| !catalog.role_table(*role).exactly_one).count() > 1;
    let in_archive = || catalog.permissions().any(|(_, def)| def.active_only) || plans(&|p| !p.retention.is_empty());
    let own_providers = || {
        let of_no_plan = |key: &str| !plans(&|plan| plan.identity_provider.as_deref() == Some(key));
        catalog.provider_keys().any(of_no_plan)
    };
    let rows = || {
        let assigned = catalog.roles().any(|(_, role)| role.reach == Reach::Assigned);
        assigned || policy.overrides != OverrideMode::Off
    };
    let (expected, why) = match action {
        Action::EditOrganization => (true, "organizations have names"),
        Action::ChangePlan => (catalog.plans().count() > 1, "there are several plans"),
        Action::ChangeSeats => (plans(&|plan| plan.seats != SeatRule::None), "there are plans with seats"),
        Action::ArchiveOrganization => (in_archive(), "there are permissions or retention for archived organizations"),
        Action::DeleteOrganization => (teams, "there are team organizations"),
        Action::TransferOwnership => (company, "there can be other members"),
        Action::SwitchCredits | Action::SetLimits | Action::UseCredits => (credits(), "plans allocate credits"),
        Action::ManageIdentity => (own_providers(), "there are identity providers that no plan requires"),
        Action::ManageRoles => (limited(limit::CUSTOM_ROLES), "plans limit custom roles"),
        Action::CreateService => (limited(limit::SERVICES), "plans limit services"),
        Action::ManageServices => (guarded(Action::CreateService), "people can make services"),
        Action::InviteMember => (company && !guarded(Action::AddMember), "there can be other members"),
        Action::ChangeRoles => (company && several_roles(), "there are several roles"),
        Action::SuspendPerson => (plans(&|plan| plan.seats != SeatRule::None), "suspending frees a seat"),
        Action::RemoveMember => (guarded(Action::InviteMember) || guarded(Action::AddMember), "people can come in"),
        Action::ManageTeams => (limited(limit::TEAMS), "plans limit teams"),
        Action::CreateWorkspace | Action::EditWorkspace | Action::DeleteWorkspace => {
            (workspaces, "there are workspaces")
        }
        Action::ChangeAccess => (workspaces && rows(), "roles or overrides wait for access to workspaces"),
        Action::ManageCollaborators => {
            (workspaces && policy.collaborators == Collaborators::On, "there can be collaborators")
        }
        Action::ChangeRules => {
            let holders = catalog.groups().next().is_some() || guarded(Action::ManageTeams);
            (workspaces && holders, "there are groups or teams to make rules for")
        }
        // Going without them is a choice like any other: nothing else in the catalog waits for them.
        Action::ManageOwnKeys | Action::AddMember | Action::ArchiveWorkspace => (false, ""),
        // Shares can be the caller's facts as well.
        Action::ShareInternally | Action::ShareByAddress | Action::ShareExternally | Action::ShareByLink => (false, ""),
    };
    expected.then_some(why)
}
