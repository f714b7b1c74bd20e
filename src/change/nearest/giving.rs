//! Proposals against a denial: for each reason the commands that could do something about it. Whether they do is found out
//! by trying.

use alloc::vec::Vec;

use super::question::Question;
use super::situation::Situation;
use super::{Change, owning, shares};
use crate::access::DenyReason;
use crate::actor::Actor;
use crate::catalog::{
    Feature, PermissionKey, PermissionSet, PlanDef, Reach, Role, RoleKey, RoleTable, SeatRule, Sight,
};
use crate::change::{
    Accept, AddCollaborator, AddMember, AddressProof, AdoptService, ChangePlan, ChangeRole, ChangeRoles, ChangeSeats,
    ChangeService, ChangeStatus, Command, GiveAccess, Invite, JoinTeam, LeaveTeam, Reactivate, Refusal,
    ReopenWorkspace, RestoreOrganization, SetRule, TakeAccess,
};
use crate::id::{InvitationId, ServiceId, UserId, WorkspaceId};
use crate::limits::NEAREST_ROLES_MAX;
use crate::organization::{
    CustomRole, Organization, Override, Person, Rule, RuleFor, RuleHolder, Seats, SecretHash, Service, Status,
};
use crate::text::Address;
use crate::time::Timestamp;

/// What stands in the place of a secret that somebody chooses later.
const SECRET: SecretHash = SecretHash::from_bytes([0; 32]);

/// What stands in the place of an address that somebody knows.
const ADDRESS: &str = "invited@example.invalid";

/// Whether somebody may be made an owner for it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Owners {
    No,
    Yes,
}

/// What could be done about a denial; once somebody was invited, that they answer.
pub(super) fn proposals(
    situation: &Situation,
    question: &Question<'_>,
    reason: DenyReason,
    invited: Option<&Invite>,
    owners: Owners,
) -> Vec<Change> {
    if let Some(invite) = invited {
        let address = AddressProof::Verified(invite.address.clone());
        let accept = Accept { invitation: invite.invitation, secret: invite.secret, address };
        return [Command::from(accept).into()].into();
    }
    let organization = &situation.organization;
    let about = Proposals { organization, question, key: question.key(organization), owners };
    let share = is_shareable(reason).then(|| shares::giving(situation, question)).flatten();
    share.into_iter().chain(about.against(reason).into_iter().map(Change::from)).collect()
}

/// Whether a share with whoever asks could do about it.
const fn is_shareable(reason: DenyReason) -> bool {
    matches!(
        reason,
        DenyReason::NotFound
            | DenyReason::AccessEnded
            | DenyReason::NotGranted
            | DenyReason::ReplacedByOverride
            | DenyReason::TakenByRule
            | DenyReason::RemovedByOverride
            | DenyReason::NotShared
            | DenyReason::Private
    )
}

/// What would make the room for which a proposal is refused: one more seat, another plan.
pub(super) fn room(organization: &Organization, question: &Question<'_>, refusal: &Refusal) -> Vec<Command> {
    let now = question.facts.now;
    match refusal {
        Refusal::SeatLimit { limit, used } => {
            let seats = Seats::new(limit.max(used).as_u64().saturating_add(1));
            [ChangeSeats { seats, period_end: now }.into()].into()
        }
        Refusal::LimitReached { limit, used, .. } => {
            let fits = |plan: &PlanDef| plan.limit_of(limit).is_none_or(|limit| limit.max > *used);
            plans(organization, now, 1, fits)
        }
        _ => Vec::new(),
    }
}

/// Moves to the plans that fit, the smallest first, with seats for everybody and so many more.
fn plans(organization: &Organization, now: Timestamp, more: u64, fits: impl Fn(&PlanDef) -> bool) -> Vec<Command> {
    let present = organization.profile().map(|profile| profile.terms_at(now).seats).unwrap_or_default();
    let needed = Seats::new(organization.tally.billable.saturating_add(more));
    let mut plans: Vec<&PlanDef> =
        organization.catalog().plans().map(|(_, plan)| plan).filter(|plan| fits(plan)).collect();
    plans.sort_by_key(|plan| plan.rank);
    let seats = |plan: &PlanDef| match plan.seats {
        SeatRule::None => Seats::default(),
        SeatRule::PerSeat(least) => present.max(Seats::new(least)).max(needed),
    };
    let to = |plan: &PlanDef| ChangePlan { plan: plan.key.as_str().into(), seats: seats(plan), at: None }.into();
    plans.into_iter().map(to).collect()
}

/// What a newcomer comes with.
type Gift = (Vec<RoleKey>, Vec<(WorkspaceId, Override)>);

struct Proposals<'p> {
    organization: &'p Organization,
    question: &'p Question<'p>,
    key: PermissionKey,
    owners: Owners,
}

impl Proposals<'_> {
    /// The commands of the organization, by the reason of the denial.
    fn against(&self, reason: DenyReason) -> Vec<Command> {
        let (organization, question) = (self.organization, self.question);
        match reason {
            DenyReason::NotFound => self.to_be_known(),
            DenyReason::OrganizationPastDue | DenyReason::OrganizationSuspended | DenyReason::OrganizationArchived => {
                [ChangeStatus { status: Status::Active }.into()].into()
            }
            DenyReason::PersonSuspended => {
                question.subject(organization).map(|user| Reactivate { user }.into()).into_iter().collect()
            }
            DenyReason::AccessEnded => self.to_go_on(),
            DenyReason::WorkspaceArchived => {
                question.place().map(|workspace| ReopenWorkspace { workspace }.into()).into_iter().collect()
            }
            DenyReason::NotGranted
            | DenyReason::ReplacedByOverride
            | DenyReason::TakenByRule
            | DenyReason::RemovedByOverride
            | DenyReason::NotShared
            | DenyReason::ShareBeyondRole => self.to_be_given(),
            DenyReason::Restricted => self.to_be_lent(),
            DenyReason::NeedsFeature { feature, .. } => self.to_have(feature),
            DenyReason::WorkspaceNotFound | DenyReason::Private | DenyReason::NotForStaff => Vec::new(),
        }
    }

    /// Rules 1 and 2.
    fn to_be_known(&self) -> Vec<Command> {
        match self.question.subject(self.organization) {
            _ if self.organization.profile().is_none() => Vec::new(),
            _ if !self.organization.is_open() => [RestoreOrganization {}.into()].into(),
            None => Vec::new(),
            Some(user) => self.to_come_in(user),
        }
    }

    /// Rule 5: a service without a sponsor, a service or a collaborator whose end has come.
    fn to_go_on(&self) -> Vec<Command> {
        let Some((id, service)) = self.service() else { return self.to_be_given() };
        if service.sponsor().is_none() {
            return [AdoptService { service: id, secret: SECRET }.into()].into();
        }
        if service.is_current(self.question.facts.now) { self.to_be_given() } else { self.lent(id, service, None) }
    }

    fn service(&self) -> Option<(ServiceId, &Service)> {
        match self.question.actor {
            Actor::Service(id) => Some((id, self.organization.service(id)?)),
            _ => None,
        }
    }

    /// Rule 7 for a service: what its sponsor holds and it was not given, or not there.
    fn to_be_lent(&self) -> Vec<Command> {
        self.service().map(|(id, service)| self.lent(id, service, Some(&self.key))).unwrap_or_default()
    }

    /// A service that may use one permission more, where it acts, here too, or everywhere; or none more, and without an end.
    fn lent(&self, id: ServiceId, service: &Service, more: Option<&PermissionKey>) -> Vec<Command> {
        let catalog = self.organization.catalog();
        let lent =
            service.permissions().iter().map(|permission| PermissionKey::from(catalog.permission_key(permission)));
        let permissions: Vec<PermissionKey> = lent.filter(|key| Some(key) != more).chain(more.cloned()).collect();
        let until = service.until().filter(|_| more.is_some());
        let there = service.workspaces().to_vec();
        let wider = more.is_some() && !there.is_empty();
        let here = self.question.place().filter(|place| wider && !there.contains(place));
        let with_here = here.map(|place| there.iter().copied().chain([place]).collect());
        let everywhere = wider.then(Vec::new);
        let in_all = [Some(there), with_here, everywhere].into_iter().flatten();
        let change = |workspaces| {
            let permissions = permissions.clone();
            ChangeService { service: id, permissions, workspaces, until }.into()
        };
        in_all.map(change).collect()
    }

    /// Rule 7 for a person.
    fn to_be_given(&self) -> Vec<Command> {
        let Some(user) = self.question.subject(self.organization) else { return Vec::new() };
        let Some(person) = self.organization.person(user) else { return self.to_come_in(user) };
        let below = !self.question.is_of_organization(self.organization);
        let place = self.question.place().filter(|place| below && self.organization.workspace(*place).is_some());
        let mut proposals = Vec::new();
        if let Some(workspace) = place {
            self.by_row(user, person, workspace, &mut proposals);
            self.by_rules(user, person, workspace, &mut proposals);
        }
        if person.is_member() {
            self.by_roles(user, person, &mut proposals);
            self.by_ownership(user, &mut proposals);
        } else if place.is_none() {
            proposals.extend(self.to_come_in(user));
        }
        let roles = person.roles().iter().chain(place.and_then(|place| person.row(place)?.role));
        proposals.extend(roles.filter_map(|role| self.organization.custom_role(role)).map(|role| self.with_it(role)));
        proposals
    }

    /// The roles that would do, the least first; after those that hold it the ones that see what others show.
    fn roles(&self) -> Vec<Role> {
        let all = self.organization.roles();
        let sees = self.question.is_on_resource();
        let custom = self.organization.custom_roles().map(|(role, _)| role);
        let roles = self.organization.catalog().roles().map(|(role, _)| role).chain(custom);
        let mut roles: Vec<Role> = roles
            .filter(|role| {
                let table = all.table(*role);
                let holds = self.organization.permissions_of(*role).contains(self.question.permission);
                self.is_meant(table) && (holds || (sees && table.sight == Sight::All))
            })
            .collect();
        roles.sort_by_key(|role| {
            let holds = self.organization.permissions_of(*role);
            (!holds.contains(self.question.permission), all.table(*role).rank, holds.len())
        });
        roles.truncate(NEAREST_ROLES_MAX);
        roles
    }

    /// Whether somebody is to be given a role for this: nobody is made an owner without need, nor a second one where there is one.
    fn is_meant(&self, role: &RoleTable) -> bool {
        !role.exactly_one && (!role.owner || self.owners == Owners::Yes)
    }

    fn keys(&self) -> Vec<RoleKey> {
        self.roles().into_iter().map(|role| self.organization.role_key(role).into()).collect()
    }

    /// One role more, or instead.
    fn by_roles(&self, user: UserId, person: &Person, proposals: &mut Vec<Command>) {
        let max = usize::from(self.organization.catalog().policy().roles_per_member);
        for role in self.roles().into_iter().filter(|role| !person.roles().contains(*role)) {
            let more: Vec<Role> = person.roles().iter().chain([role]).collect();
            let roles = if more.len() > max { [role].into() } else { more };
            let roles = roles.into_iter().map(|role| self.organization.role_key(role).into()).collect();
            proposals.push(ChangeRoles { user, roles }.into());
        }
    }

    /// Ownership, where somebody may come to it for this.
    fn by_ownership(&self, user: UserId, proposals: &mut Vec<Command>) {
        if self.owners == Owners::Yes {
            proposals.extend(owning::offered(self.organization, self.question));
            proposals.extend(owning::giving(self.organization, user));
        }
    }

    /// A row, another row, or none: what there is with a little more, and the little alone, since a policy may pass over the rest.
    fn by_row(&self, user: UserId, person: &Person, workspace: WorkspaceId, proposals: &mut Vec<Command>) {
        let current = person.row(workspace).filter(|row| row.is_current(self.question.facts.now));
        let written = current.map(|row| self.organization.written(row)).unwrap_or_default();
        let removed = written.removed.iter().filter(|key| **key != self.key).cloned().collect();
        let kept = Override { removed, ..written.clone() };
        let mut added = kept.clone();
        added.added.extend((!added.added.contains(&self.key)).then(|| self.key.clone()));
        let instead = Override { role: None, ..added.clone() };
        let with = |role: Option<RoleKey>| Override { role, ..kept.clone() };
        let alone = |role: RoleKey| Override { until: kept.until, ..Override::role(role) };
        let plain = Override { until: kept.until, ..Override::none() };
        let key_alone = plain.clone().adding(self.key.clone());
        let changes = [kept.clone(), added, with(None), instead, plain, key_alone]
            .into_iter()
            .chain(self.keys().into_iter().flat_map(|role| [with(Some(role.clone())), alone(role)]));
        let mut tried: Vec<Override> = Vec::new();
        for changes in changes {
            if (current.is_none() || changes != written) && !tried.contains(&changes) {
                proposals.push(GiveAccess { user, workspace, changes: changes.clone() }.into());
                tried.push(changes);
            }
        }
        if current.is_some() {
            proposals.push(TakeAccess { user, workspace }.into());
        }
    }

    /// Rules that take it or could give it, and the teams that they are about.
    fn by_rules(&self, user: UserId, person: &Person, workspace: WorkspaceId, proposals: &mut Vec<Command>) {
        let permission = self.question.permission;
        let rules = self.organization.workspace(workspace).map(|place| place.rules()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule.is_current(self.question.facts.now)) {
            let is_in = self.organization.is_about(rule.holder, person);
            let team = match rule.holder {
                RuleHolder::Team(team) if person.is_member() => Some(team),
                _ => None,
            };
            if is_in && rule.taken.contains(permission) {
                proposals.push(self.rule(workspace, rule, None));
                proposals.extend(team.map(|team| LeaveTeam { team, user }.into()));
            }
            if is_in && !rule.given.contains(permission) {
                let more = Some(self.key.clone());
                proposals.push(self.rule(workspace, rule, more));
            }
            if !is_in && rule.given.contains(permission) {
                proposals.extend(team.map(|team| JoinTeam { team, user }.into()));
            }
        }
        let catalog = self.organization.catalog();
        let groups =
            catalog.groups().map(|(group, def)| (RuleHolder::Group(group), RuleFor::Group(def.key.as_str().into())));
        let teams = person.teams().iter().map(|joined| (RuleHolder::Team(joined.team), RuleFor::Team(joined.team)));
        for (holder, named) in groups.chain(teams) {
            let is_new = !rules.iter().any(|rule| rule.holder == holder && rule.is_current(self.question.facts.now));
            if is_new && self.organization.is_about(holder, person) {
                let given = [self.key.clone()].into();
                proposals.push(SetRule { workspace, holder: named, given, taken: Vec::new(), until: None }.into());
            }
        }
    }

    /// A rule that does not take it, and perhaps gives one more.
    fn rule(&self, workspace: WorkspaceId, rule: &Rule, more: Option<PermissionKey>) -> Command {
        let catalog = self.organization.catalog();
        let keys = |set: PermissionSet| -> Vec<PermissionKey> {
            set.iter().map(|permission| catalog.permission_key(permission).into()).collect()
        };
        let given = keys(rule.given).into_iter().chain(more).collect();
        let taken = keys(rule.taken - PermissionSet::from_iter([self.question.permission]));
        let holder = self.organization.named_holder(rule.holder);
        SetRule { workspace, holder, given, taken, until: rule.until }.into()
    }

    /// A custom role that holds it too.
    fn with_it(&self, role: &CustomRole) -> Command {
        changed(self.organization, role, |permissions| permissions.push(self.key.clone()))
    }

    /// For somebody who is not here, or not as a member.
    fn to_come_in(&self, user: UserId) -> Vec<Command> {
        let is_here = self.organization.person(user).is_some();
        let mut proposals = Vec::new();
        for (roles, access) in self.gifts(is_here) {
            if roles.is_empty() {
                proposals.push(AddCollaborator { user, access: access.clone() }.into());
            } else {
                proposals.push(AddMember { user, roles: roles.clone(), access: access.clone() }.into());
            }
            proposals.extend(self.invitation(roles, access));
        }
        proposals
    }

    /// What somebody could come in with: into the workspace alone, or as a member.
    fn gifts(&self, as_member: bool) -> Vec<Gift> {
        let below = !self.question.is_of_organization(self.organization);
        let place = self.question.place().filter(|place| below && self.organization.workspace(*place).is_some());
        let (all, roles) = (self.organization.roles(), self.roles());
        let key = |role: Role| RoleKey::from(self.organization.role_key(role));
        let mut gifts: Vec<Gift> = Vec::new();
        if let Some(place) = place {
            let named = roles.iter().map(|role| Override::role(key(*role)));
            let rows: Vec<Override> = [Override::none().adding(self.key.clone())].into_iter().chain(named).collect();
            let others = self.organization.catalog().roles().filter(|(role, _)| !all.table(*role).owner);
            let least = others.min_by_key(|(_, def)| def.rank).map(|(role, _)| role);
            let alone = rows.iter().filter(|_| !as_member).map(|row| (Vec::new(), [(place, row.clone())].into()));
            gifts.extend(alone);
            let plain = [Override::none()];
            let beside = plain.iter().chain(&rows);
            let beside = beside.filter_map(|row| Some(([key(least?)].into(), [(place, row.clone())].into())));
            gifts.extend(beside);
        }
        for role in roles {
            gifts.push(([key(role)].into(), Vec::new()));
            if all.table(role).reach == Reach::Assigned {
                gifts.extend(place.map(|place| ([key(role)].into(), [(place, Override::none())].into())));
            }
        }
        gifts
    }

    fn invitation(&self, roles: Vec<RoleKey>, access: Vec<(WorkspaceId, Override)>) -> Option<Command> {
        let mut ids = (1..=u64::MAX).filter_map(InvitationId::from_u64);
        let invitation = ids.find(|id| self.organization.invitation(*id).is_none())?;
        let address = Address::new(ADDRESS).ok()?;
        Some(Invite { invitation, address, roles, access, secret: SECRET }.into())
    }

    /// Rule 8.
    fn to_have(&self, feature: Feature) -> Vec<Command> {
        let key = self.organization.catalog().feature_key(feature);
        let has = |plan: &PlanDef| plan.features.iter().any(|there| there == key);
        plans(self.organization, self.question.facts.now, 0, has)
    }
}

/// A custom role with other permissions.
pub(super) fn changed(
    organization: &Organization,
    role: &CustomRole,
    change: impl FnOnce(&mut Vec<PermissionKey>),
) -> Command {
    let catalog = organization.catalog();
    let keys = role.permissions().iter().map(|permission| PermissionKey::from(catalog.permission_key(permission)));
    let mut permissions: Vec<PermissionKey> = keys.collect();
    change(&mut permissions);
    let like = RoleKey::from(organization.role_key(role.like()));
    let (role, title, reach) = (role.key().clone(), role.title().clone(), role.reach());
    ChangeRole { role, title, like, reach, permissions }.into()
}
