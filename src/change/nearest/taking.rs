//! Proposals against a yes: what gives it is taken, or who has it is stopped. Whether that does it is found out by trying.

use alloc::vec::Vec;

use super::giving::changed;
use super::question::Question;
use super::situation::Situation;
use super::{Change, owning, shares};
use crate::actor::Actor;
use crate::catalog::{PermissionKey, PermissionSet, Role, RoleKey, SeatRule};
use crate::change::{
    ArchiveWorkspace, ChangePlan, ChangeRoles, ChangeService, ChangeStatus, Command, Content, EndService, GiveAccess,
    LeaveTeam, MakeCollaborator, Remove, SetRule, Suspend, TakeAccess,
};
use crate::id::{UserId, WorkspaceId};
use crate::limits::NEAREST_ROLES_MAX;
use crate::organization::{Organization, Override, Person, Rule, RuleHolder, Seats, Status};

/// What could be done about a yes.
pub(super) fn proposals(situation: &Situation, question: &Question<'_>) -> Vec<Change> {
    let of_organization = of_organization(&situation.organization, question).into_iter().map(Change::from);
    shares::taking(situation, question).into_iter().chain(of_organization).collect()
}

fn of_organization(organization: &Organization, question: &Question<'_>) -> Vec<Command> {
    let mut proposals = Vec::new();
    of_services(organization, question, &mut proposals);
    if let Some((user, person)) =
        question.subject(organization).and_then(|user| Some((user, organization.person(user)?)))
    {
        of_row(organization, question, (user, person), &mut proposals);
        of_rules(organization, question, (user, person), &mut proposals);
        of_roles(organization, question, (user, person), &mut proposals);
        proposals.extend(owning::taking(organization, user));
        if person.is_member() {
            proposals.push(MakeCollaborator { user }.into());
        }
        proposals.push(Suspend { user }.into());
        proposals.push(Remove { user, content: Some(Content::Stays) }.into());
    }
    of_everybody(organization, question, &mut proposals);
    proposals
}

fn keys(organization: &Organization, set: PermissionSet) -> Vec<PermissionKey> {
    set.iter().map(|permission| organization.catalog().permission_key(permission).into()).collect()
}

fn of_services(organization: &Organization, question: &Question<'_>, proposals: &mut Vec<Command>) {
    let Actor::Service(id) = question.actor else { return };
    let Some(service) = organization.service(id) else { return };
    let less = service.permissions() - PermissionSet::from_iter([question.permission]);
    let (permissions, workspaces) = (keys(organization, less), service.workspaces().to_vec());
    proposals.push(ChangeService { service: id, permissions, workspaces, until: service.until() }.into());
    proposals.push(EndService { service: id }.into());
}

fn of_row(
    organization: &Organization,
    question: &Question<'_>,
    (user, person): (UserId, &Person),
    proposals: &mut Vec<Command>,
) {
    let below = !question.is_of_organization(organization);
    let Some(workspace) = question.place().filter(|_| below) else { return };
    let row = person.row(workspace).filter(|row| row.is_current(question.facts.now));
    let written = row.map(|row| organization.written(row)).unwrap_or_default();
    let key = question.key(organization);
    let without = |keys: &[PermissionKey]| keys.iter().filter(|there| **there != key).cloned().collect::<Vec<_>>();
    let less = Override { added: without(&written.added), ..written.clone() };
    let mut removed = less.clone();
    removed.removed.push(key.clone());
    if row.is_some() && less != written {
        proposals.push(GiveAccess { user, workspace, changes: less }.into());
    }
    proposals.push(GiveAccess { user, workspace, changes: removed }.into());
    if row.is_some() {
        proposals.push(TakeAccess { user, workspace }.into());
    }
}

fn of_rules(
    organization: &Organization,
    question: &Question<'_>,
    (user, person): (UserId, &Person),
    proposals: &mut Vec<Command>,
) {
    let place = question.place().and_then(|id: WorkspaceId| Some((id, organization.workspace(id)?)));
    let Some((workspace, place)) = place.filter(|_| !question.is_of_organization(organization)) else { return };
    let rules: Vec<&Rule> = place.rules().iter().filter(|rule| rule.is_current(question.facts.now)).collect();
    let asked = PermissionSet::from_iter([question.permission]);
    for holder in holders(organization, person) {
        let rule = rules.iter().find(|rule| rule.holder == holder);
        let (given, taken, until) = rule.map_or(Default::default(), |rule| (rule.given, rule.taken, rule.until));
        let mut set = |given: PermissionSet, taken: PermissionSet| {
            let (given, taken) = (keys(organization, given), keys(organization, taken));
            let holder = organization.named_holder(holder);
            proposals.push(SetRule { workspace, holder, given, taken, until }.into());
        };
        if given.contains(question.permission) {
            set(given - asked, taken);
        }
        set(given - asked, taken | asked);
        if let RuleHolder::Team(team) = holder {
            if given.contains(question.permission) {
                proposals.push(LeaveTeam { team, user }.into());
            }
        }
    }
}

/// The groups and teams that a person is in.
fn holders(organization: &Organization, person: &Person) -> Vec<RuleHolder> {
    let groups = organization.catalog().groups().map(|(group, _)| RuleHolder::Group(group));
    let teams = person.teams().iter().map(|joined| RuleHolder::Team(joined.team));
    groups.chain(teams).filter(|holder| organization.is_about(*holder, person)).collect()
}

fn of_roles(
    organization: &Organization,
    question: &Question<'_>,
    (user, person): (UserId, &Person),
    proposals: &mut Vec<Command>,
) {
    let gives = |role: &Role| organization.permissions_of(*role).contains(question.permission);
    let row = question.place().and_then(|place| person.row(place)?.role);
    for role in person.roles().iter().chain(row).filter(gives) {
        let key = question.key(organization);
        let without = |permissions: &mut Vec<PermissionKey>| permissions.retain(|there| *there != key);
        proposals.extend(organization.custom_role(role).map(|role| changed(organization, role, without)));
    }
    if !person.roles().iter().any(|role| gives(&role)) {
        return;
    }
    let key = |role: Role| RoleKey::from(organization.role_key(role));
    let left: Vec<RoleKey> = person.roles().iter().filter(|role| !gives(role)).map(key).collect();
    if !left.is_empty() {
        proposals.push(ChangeRoles { user, roles: left }.into());
        return;
    }
    // The highest of the others first: least is lost.
    let mut others: Vec<(Role, u32)> = organization.catalog().roles().map(|(role, def)| (role, def.rank)).collect();
    others.retain(|(role, _)| !gives(role) && !organization.roles().table(*role).exactly_one);
    others.sort_by_key(|(_, rank)| core::cmp::Reverse(*rank));
    let others = others.into_iter().take(NEAREST_ROLES_MAX);
    proposals.extend(others.map(|(role, _)| Command::from(ChangeRoles { user, roles: [key(role)].into() })));
}

/// What stops more than one person: archives, the status, the plan.
fn of_everybody(organization: &Organization, question: &Question<'_>, proposals: &mut Vec<Command>) {
    let catalog = organization.catalog();
    let Some(def) = catalog.permission_def(question.permission) else { return };
    if def.active_only {
        proposals.extend(question.place().map(|workspace| ArchiveWorkspace { workspace }.into()));
        proposals.push(ChangeStatus { status: Status::Archived }.into());
    }
    if !def.open_while_suspended {
        proposals.push(ChangeStatus { status: Status::Suspended }.into());
    }
    let seats = organization.profile().map(|profile| profile.terms_at(question.facts.now).seats);
    if let Some(feature) = catalog.needed_feature(question.permission) {
        let lacks = |plan| catalog.plan_table(plan).is_some_and(|plan| !plan.features.contains(feature));
        for (_, plan) in catalog.plans().filter(|(plan, _)| lacks(*plan)) {
            let seats = match plan.seats {
                SeatRule::None => Seats::default(),
                SeatRule::PerSeat(least) => seats.unwrap_or_default().max(Seats::new(least)),
            };
            proposals.push(ChangePlan { plan: plan.key.as_str().into(), seats, at: None }.into());
        }
    }
}
