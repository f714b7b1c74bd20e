//! A trial: an organization made for the purpose, in which roles are tried out by the code that judges commands.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::is_for;
use crate::actor::Actor;
use crate::catalog::policy::Levels;
use crate::catalog::{Catalog, Role, RoleKey, RoleSet};
use crate::change::{AddMember, ChangeRoles, Command, Content, Event, Invite, MakeCollaborator, Record, Remove};
use crate::id::{InvitationId, OrgId, UserId, WorkspaceId};
use crate::organization::{Kind, Organization, Seats, SecretHash};
use crate::text::{Address, Name};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(0);

/// Who can come to have which role, and who could give it.
pub(super) struct Trial {
    /// `None` where even that cannot be made; never so for a catalog that was built.
    organization: Option<Organization>,
    /// Roles that somebody can give.
    pub(super) given: RoleSet,
    /// Roles that somebody can come to have: given, or by making an organization, or by giving it up.
    pub(super) held: RoleSet,
}

impl Trial {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut trial = Self { organization: organization(catalog), given: RoleSet::EMPTY, held: RoleSet::EMPTY };
        let begins = catalog.creator_roles().iter().chain([catalog.owner_role()]).chain(catalog.former_owner_role());
        trial.held = begins.collect();
        loop {
            let open = catalog.roles().map(|(role, _)| role).filter(|role| !trial.given.contains(*role));
            let more: RoleSet = open.filter(|role| trial.can_be_given(catalog, *role)).collect();
            if more.is_empty() {
                return trial;
            }
            trial.given = trial.given.iter().chain(more.iter()).collect();
            trial.held = trial.held.iter().chain(more.iter()).collect();
        }
    }

    fn can_be_given(&self, catalog: &Catalog, role: Role) -> bool {
        self.combinations(catalog).into_iter().any(|giver| self.may_give(catalog, giver, role) == Some(true))
    }

    /// Whether somebody can end what the role gives: remove whoever has it, or give them another one. A suspension ends nothing.
    pub(super) fn can_be_taken(&self, catalog: &Catalog, role: Role) -> bool {
        self.combinations(catalog).into_iter().any(|actor| self.may_take(catalog, actor, role) == Some(true))
    }

    /// Roles that one person can have together: those that somebody can have, as many as the policy allows. Pairs come last, since
    /// there are many of them.
    fn combinations(&self, catalog: &Catalog) -> Vec<RoleSet> {
        let max = usize::from(catalog.policy().roles_per_member);
        let owner = catalog.owner_role();
        let mut sets: Vec<RoleSet> = [catalog.creator_roles(), self.held].into();
        sets.extend(self.held.iter().map(|role| RoleSet::from_iter([role])));
        sets.extend(self.held.iter().map(|role| RoleSet::from_iter([owner, role])));
        let pairs = self.held.iter().flat_map(|one| self.held.iter().map(move |other| (one, other)));
        sets.extend(pairs.filter(|(one, other)| one < other).map(|(one, other)| RoleSet::from_iter([one, other])));
        sets.retain(|set| *set == catalog.creator_roles() || set.iter().count() <= max);
        sets
    }

    fn may_give(&self, catalog: &Catalog, giver: RoleSet, role: Role) -> Option<bool> {
        let organization = self.organization.as_ref()?;
        let (giver_id, other, newcomer) = (user(2)?, user(3)?, user(4)?);
        let key = RoleKey::from(organization.role_key(role));
        let lowest = catalog.roles().filter(|(other, _)| *other != role).min_by_key(|(_, def)| def.rank);
        let with = with_people(
            organization,
            &[(giver_id, giver), (other, lowest.map(|(role, _)| role).into_iter().collect())],
        );
        let address = Address::new("lint@bailiwick.example").ok()?;
        let invite = Invite::to(InvitationId::from_u64(1)?, address, SecretHash::from_bytes([0; 32])).role(key.clone());
        let commands: [Command; 3] = [
            invite.into(),
            AddMember { user: newcomer, roles: [key.clone()].into(), access: Vec::new() }.into(),
            ChangeRoles { user: other, roles: [key].into() }.into(),
        ];
        Some(commands.iter().any(|command| is_for(&with, command, giver_id, NOW)))
    }

    fn may_take(&self, catalog: &Catalog, actor: RoleSet, role: Role) -> Option<bool> {
        let organization = self.organization.as_ref()?;
        let (actor_id, holder) = (user(2)?, user(3)?);
        let with = with_people(organization, &[(actor_id, actor), (holder, RoleSet::from_iter([role]))]);
        let content = Some(Content::Stays);
        let ends: [Command; 2] = [Remove { user: holder, content }.into(), MakeCollaborator { user: holder }.into()];
        let others = catalog.roles().filter(|(other, _)| *other != role).map(|(_, def)| {
            Command::from(ChangeRoles { user: holder, roles: [RoleKey::from(def.key.as_str())].into() })
        });
        Some(ends.into_iter().chain(others).any(|command| is_for(&with, &command, actor_id, NOW)))
    }
}

/// A team organization where there can be one, with a workspace.
fn organization(catalog: &Catalog) -> Option<Organization> {
    let team = catalog.plans().find(|(_, plan)| plan.team_organizations);
    let plan = team.or_else(|| catalog.plans().next()).map_or("", |(_, plan)| plan.key.as_str());
    let kind = if team.is_some() || catalog.policy().personal.is_none() { Kind::Team } else { Kind::Personal };
    let mut organization = Organization::new(OrgId::from_u64(1)?, Arc::new(catalog.clone()));
    let roles = organization.roles().keys(catalog.creator_roles());
    let name = Name::new("Trial").ok()?;
    let seats = Seats::new(u64::MAX);
    let created =
        Event::OrganizationCreated { kind, name: name.clone(), plan: plan.into(), seats, owner: user(1)?, roles };
    happens(&mut organization, created);
    if catalog.policy().levels == Levels::Workspaces {
        happens(&mut organization, Event::WorkspaceCreated { workspace: WorkspaceId::from_u64(1)?, name });
    }
    Some(organization)
}

fn with_people(organization: &Organization, people: &[(UserId, RoleSet)]) -> Organization {
    let mut with = organization.clone();
    for (user, roles) in people {
        let roles = with.roles().keys(*roles);
        happens(&mut with, Event::MemberJoined { user: *user, roles, given_by: Actor::System });
    }
    with
}

fn happens(organization: &mut Organization, event: Event) {
    let version = organization.version().next();
    organization.apply(&Record { version, at: NOW, by: Actor::System, command: None, event });
}

const fn user(number: u64) -> Option<UserId> {
    UserId::from_u64(number)
}
