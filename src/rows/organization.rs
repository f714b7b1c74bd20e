//! The rows of an organization, and of everything in it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Row, Word, words};
use crate::catalog::{PermissionKey, PermissionSet, Plan, PlanKey, RoleKey, RoleSet};
use crate::id::{InvitationId, OrgId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{
    AccessRow, CustomRole, Disposition, Domain, DomainRule, Invitation, JoinedTeam, Organization, Person, Profile,
    Rule, RuleFor, Seats, Service, Team, Workspace,
};

/// Every row in no order. Of two states whose rows are compared, only what is not the same in the `other`: whoever looks for what one
/// member's other role has changed makes no row of what it has not.
pub(super) fn rows(organization: &Organization, other: Option<&Organization>) -> Vec<Row> {
    // Where another role has taken the place of one, what is the same says something else.
    let other = other.filter(|other| has_same_places(organization, other));
    let id = organization.id();
    let mut rows: Vec<Row> = Vec::new();
    rows.extend(organization.profile().map(|profile| profile_row(organization, profile)));
    let people = organization.people().filter(|(id, it)| differs(*it, other, |other| other.person(*id)));
    people.for_each(|(user, person)| person_rows(&mut rows, organization, (user, person), other));
    let workspaces = organization.workspaces().filter(|(id, it)| differs(*it, other, |other| other.workspace(*id)));
    workspaces.for_each(|(id, workspace)| workspace_rows(&mut rows, organization, (id, workspace), other));
    let teams = organization.teams().filter(|(id, it)| differs(*it, other, |other| other.team(*id)));
    rows.extend(teams.map(|(team, it)| team_row(id, team, it)));
    let roles = organization.custom_roles().filter(|(role, it)| differs(*it, other, |other| other.custom_role(*role)));
    rows.extend(roles.map(|(_, it)| custom_role_row(organization, it)));
    let invitations = organization.invitations().filter(|(id, it)| differs(*it, other, |other| other.invitation(*id)));
    rows.extend(invitations.map(|(invitation, it)| invitation_row(id, invitation, it)));
    let services = organization.services().filter(|(id, it)| differs(*it, other, |other| other.service(*id)));
    rows.extend(services.map(|(service, it)| service_row(organization, service, it)));
    let domains = organization.domains().filter(|(name, it)| differs(*it, other, |other| other.domains.get(*name)));
    rows.extend(domains.map(|(name, it)| domain_row(organization, name, it)));
    rows
}

/// Whether no custom role stands in the place of another one.
fn has_same_places(organization: &Organization, other: &Organization) -> bool {
    organization
        .custom_roles()
        .all(|(place, role)| other.custom_role(place).is_none_or(|there| there.key() == role.key()))
}

/// Whether something is not the same in another state, or not there; without another state, everything is.
fn differs<T: PartialEq>(
    it: &T,
    other: Option<&Organization>,
    find: impl for<'o> Fn(&'o Organization) -> Option<&'o T>,
) -> bool {
    other.and_then(find) != Some(it)
}

/// A person, with the rows and teams that are theirs.
fn person_rows(
    rows: &mut Vec<Row>,
    organization: &Organization,
    (user, person): (UserId, &Person),
    other: Option<&Organization>,
) {
    let other = other.and_then(|other| other.person(user));
    rows.push(person_row(organization, user, person));
    let access = person.rows().iter().filter(|row| other.and_then(|other| other.row(row.workspace)) != Some(*row));
    rows.extend(access.map(|row| access_row(organization, user, row)));
    let was_in = |joined: &JoinedTeam| other.and_then(|other| other.team_from(joined.team)) == Some(joined.origin);
    let teams = person.teams().iter().filter(|joined| !was_in(joined));
    rows.extend(teams.map(|joined| team_member_row(organization.id(), user, joined)));
}

/// A workspace, with the rules in it.
fn workspace_rows(
    rows: &mut Vec<Row>,
    organization: &Organization,
    (id, workspace): (WorkspaceId, &Workspace),
    other: Option<&Organization>,
) {
    let other = other.and_then(|other| other.workspace(id)).map(Workspace::rules).unwrap_or_default();
    rows.push(workspace_row(organization.id(), id, workspace));
    let rules = workspace.rules().iter().filter(|rule| !other.contains(rule));
    rows.extend(rules.map(|rule| rule_row(organization, id, rule)));
}

fn profile_row(organization: &Organization, profile: &Profile) -> Row {
    let next = profile.next_terms;
    let (offer, deletion) = (profile.offer, profile.deletion);
    let successor = deletion.and_then(|deletion| match deletion.disposition {
        Disposition::TransferTo(successor) => Some(successor),
        Disposition::Delete | Disposition::Export => None,
    });
    Row::Organization {
        organization_id: organization.id(),
        kind: words::kind(profile.kind),
        name: profile.name.clone(),
        description: profile.description.clone(),
        plan: plan_key(organization, profile.terms.plan),
        seats: profile.terms.seats.as_u64(),
        next_plan: next.map(|(terms, _)| plan_key(organization, terms.plan)),
        next_seats: next.map(|(terms, _)| Seats::as_u64(terms.seats)),
        next_from: next.map(|(_, from)| from),
        seats_used: organization.tally.billable,
        members: organization.member_count(),
        collaborators: organization.collaborator_count(),
        status: words::status(profile.status),
        status_at: profile.status_from.at,
        provider: profile.provider.map(|provider| organization.catalog().provider_key(provider).to_string()),
        provisioned_roles: profile.provisioned_roles.map(|roles| role_keys(organization, roles)),
        own_keys: profile.own_keys.iter().copied().collect(),
        offer_from_id: offer.map(|offer| offer.from),
        offer_to_id: offer.map(|offer| offer.to),
        creator_id: profile.creator,
        created_at: profile.created.at,
        deleted_at: deletion.map(|deletion| deletion.origin.at),
        disposition: deletion.map(|deletion| words::disposition(deletion.disposition)),
        successor_id: successor,
        purge_at: deletion.map(|deletion| deletion.purge_at),
        version: organization.version(),
    }
}

fn person_row(organization: &Organization, user: UserId, person: &Person) -> Row {
    Row::Person {
        organization_id: organization.id(),
        user_id: user,
        standing: words::standing(person.standing()),
        status: words::person_status(person.status()),
        roles: role_keys(organization, person.roles()),
        uses_credits: person.credits(),
        joined_at: person.joined().at,
        joined_version: person.joined().version,
        status_at: person.status_from().at,
        changed_at: person.changed().at,
    }
}

fn access_row(organization: &Organization, user: UserId, row: &AccessRow) -> Row {
    Row::Access {
        organization_id: organization.id(),
        user_id: user,
        workspace_id: row.workspace,
        role: row.role.map(|role| organization.role_key(role).into()),
        added: permission_keys(organization, row.added),
        removed: permission_keys(organization, row.removed),
        until: row.until,
        given_at: row.origin.at,
        given_by_id: row.origin.by.user(),
    }
}

fn workspace_row(organization: OrgId, id: WorkspaceId, workspace: &Workspace) -> Row {
    Row::Workspace {
        organization_id: organization,
        workspace_id: id,
        name: workspace.name().clone(),
        created_at: workspace.created().at,
        archived_at: workspace.archived().map(|origin| origin.at),
    }
}

fn rule_row(organization: &Organization, workspace: WorkspaceId, rule: &Rule) -> Row {
    let (holder_kind, holder) = holder(&organization.named_holder(rule.holder));
    Row::Rule {
        organization_id: organization.id(),
        workspace_id: workspace,
        holder_kind,
        holder,
        given: permission_keys(organization, rule.given),
        taken: permission_keys(organization, rule.taken),
        until: rule.until,
        set_at: rule.origin.at,
    }
}

fn holder(holder: &RuleFor) -> (Word, String) {
    match holder {
        RuleFor::Group(key) => (Word::Borrowed("group"), key.to_string()),
        RuleFor::Team(team) => (Word::Borrowed("team"), team.to_string()),
    }
}

fn team_row(organization: OrgId, id: TeamId, team: &Team) -> Row {
    Row::Team {
        organization_id: organization,
        team_id: id,
        name: team.name().clone(),
        created_at: team.created().at,
        created_version: team.created().version,
    }
}

fn team_member_row(organization: OrgId, user: UserId, joined: &JoinedTeam) -> Row {
    Row::TeamMember { organization_id: organization, team_id: joined.team, user_id: user, joined_at: joined.origin.at }
}

fn custom_role_row(organization: &Organization, role: &CustomRole) -> Row {
    Row::CustomRole {
        organization_id: organization.id(),
        role: role.key().clone(),
        title: role.title().clone(),
        like_role: organization.role_key(role.like()).into(),
        reach: words::reach(role.reach()),
        permissions: permission_keys(organization, role.permissions()),
        set_at: role.origin().at,
    }
}

fn invitation_row(organization: OrgId, id: InvitationId, invitation: &Invitation) -> Row {
    Row::Invitation {
        organization_id: organization,
        invitation_id: id,
        address: invitation.address().map(|address| address.as_str().to_string()),
        address_key: invitation.address().map(|address| address.key().to_string()),
        roles: invitation.roles().to_vec(),
        workspaces: invitation.access().iter().map(|(workspace, _)| *workspace).collect(),
        state: words::invitation(invitation.state),
        until: invitation.until(),
        uses_left: invitation.uses_left.into(),
        invited_at: invitation.issued().at,
        invited_by_id: invitation.issued().by.user(),
        answered_by: invitation.accepted_by().to_vec(),
    }
}

fn service_row(organization: &Organization, id: ServiceId, service: &Service) -> Row {
    Row::Service {
        organization_id: organization.id(),
        service_id: id,
        name: service.name().clone(),
        sponsor_id: service.sponsor(),
        permissions: permission_keys(organization, service.permissions()),
        workspaces: service.workspaces().to_vec(),
        until: service.until(),
        changed_at: service.origin().at,
    }
}

fn domain_row(organization: &Organization, domain: &Domain, rule: &DomainRule) -> Row {
    Row::Domain {
        organization_id: organization.id(),
        domain: domain.clone(),
        roles: role_keys(organization, rule.roles),
        confirmed: rule.confirmed,
        set_at: rule.origin.at,
    }
}

fn plan_key(organization: &Organization, plan: Plan) -> PlanKey {
    organization.catalog().plan_def(plan).map_or("", |def| def.key.as_str()).into()
}

fn role_keys(organization: &Organization, roles: RoleSet) -> Vec<RoleKey> {
    organization.roles().keys(roles)
}

fn permission_keys(organization: &Organization, permissions: PermissionSet) -> Vec<PermissionKey> {
    let catalog = organization.catalog();
    permissions.iter().map(|permission| catalog.permission_key(permission).into()).collect()
}
