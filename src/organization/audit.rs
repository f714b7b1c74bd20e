//! The audit: does the state keep the invariants? Each one that does not hold is named.
//!
//! An accepted command never breaks an invariant. The audit is for tests, for data that came from elsewhere, and for the
//! suspicious.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Index, InvitationState, Organization, RuleHolder, SeatCount, Tally};
use crate::catalog::{PermissionSet, Role, RoleSet};
use crate::id::{InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::limits::ROLES_MAX;
use crate::time::Timestamp;

/// One invariant that does not hold, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// No active member has the owner role.
    #[error("there is no active owner")]
    NoOwner,
    /// Several have it where the catalog says exactly one.
    #[error("there are {0} active owners, and the catalog says exactly one")]
    SeveralOwners(u64),
    /// More billable people than seats.
    #[error("{} seats are used and {} are bought", .0.used, .0.limit)]
    Oversold(SeatCount),
    /// A kept count differs from a recount.
    #[error("a head count is not what counting gives")]
    Miscounted,
    /// The kept index of who is where differs from a fresh one.
    #[error("the index of who is where is not what indexing gives")]
    Misindexed,
    /// A row in a workspace that does not exist.
    #[error("user {user} has a row in workspace {workspace}, which does not exist")]
    RowAstray {
        /// Whose row.
        user: UserId,
        /// The missing workspace.
        workspace: WorkspaceId,
    },
    /// Roles, rows or teams of a person out of order, or twice.
    #[error("the roles, rows or teams of user {0} are out of order")]
    OutOfOrder(UserId),
    /// A person in a team that does not exist.
    #[error("user {user} is in team {team}, which does not exist")]
    TeamAstray {
        /// Who.
        user: UserId,
        /// The missing team.
        team: TeamId,
    },
    /// A rule of a team that does not exist.
    #[error("workspace {workspace} has a rule for team {team}, which does not exist")]
    RuleAstray {
        /// Where.
        workspace: WorkspaceId,
        /// The missing team.
        team: TeamId,
    },
    /// A permission of organization scope in a row or rule.
    #[error("workspace {0} gives or takes a permission that exists only at organization level")]
    ScopeBroken(WorkspaceId),
    /// A member without a role.
    #[error("user {0} is a member without a role")]
    NoRole(UserId),
    /// A collaborator without a row.
    #[error("user {0} is a collaborator without a workspace")]
    NoRow(UserId),
    /// A custom role that is named and does not exist.
    #[error("custom role {} is in use and does not exist", .0.index())]
    RoleAstray(Role),
    /// A service whose sponsor or workspace does not exist, or whose workspaces are out of order.
    #[error("service {0} has a sponsor or a workspace that does not exist")]
    ServiceAstray(ServiceId),
    /// Ownership on offer from somebody who is not there, or to somebody who is not.
    #[error("ownership is on offer between people who are not members")]
    OfferAstray,
    /// An open invitation that the address index does not know, or the other way round.
    #[error("open invitation {0} is not the one that its address leads to")]
    InvitationAstray(InvitationId),
}

impl Violation {
    /// Whether it can hold between two events of one command.
    const fn is_passing(&self) -> bool {
        matches!(self, Self::NoRow(_))
    }
}

impl Organization {
    /// Every invariant that does not hold; empty for a sound state.
    ///
    /// # Shape
    /// Reads everything once: cost grows with the organization. For tests and repairs, not for requests.
    #[must_use]
    pub fn audit(&self, now: Timestamp) -> Vec<Violation> {
        let mut found = self.violations();
        if Index::of(self) != self.index {
            found.push(Violation::Misindexed);
        }
        if self.is_open() {
            self.audit_owners(&mut found);
            found.extend(self.seats(now).filter(|seats| seats.used > seats.limit).map(Violation::Oversold));
        }
        found
    }

    /// What contradicts itself, the kept index aside, where every single event keeps it from doing so: what a command sets
    /// right only by its last event is not among it.
    pub(crate) fn contradiction(&self) -> Option<Violation> {
        self.violations().into_iter().find(|violation| !violation.is_passing())
    }

    fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        self.audit_people(&mut found);
        self.audit_places(&mut found);
        self.audit_invitations(&mut found);
        self.audit_services(&mut found);
        self.audit_settings(&mut found);
        found
    }

    fn audit_services(&self, found: &mut Vec<Violation>) {
        for (id, service) in &self.services {
            let sponsored = service.sponsor.is_none_or(|user| self.people.contains_key(&user));
            let placed = service.workspaces.iter().all(|workspace| self.workspaces.contains_key(workspace));
            if !sponsored || !placed || !service.workspaces.is_sorted_by(|a, b| a < b) {
                found.push(Violation::ServiceAstray(*id));
            }
        }
    }

    fn audit_settings(&self, found: &mut Vec<Violation>) {
        for domain in self.domains.values() {
            self.audit_roles(domain.roles, found);
        }
        let Some(profile) = self.profile.as_ref() else { return };
        self.audit_roles(profile.provisioned_roles.unwrap_or_default(), found);
        let is_member = |user: &UserId| self.people.get(user).is_some_and(|person| person.is_member());
        if profile.offer.is_some_and(|offer| !is_member(&offer.from) || !is_member(&offer.to)) {
            found.push(Violation::OfferAstray);
        }
    }

    fn audit_roles(&self, roles: RoleSet, found: &mut Vec<Violation>) {
        let missing = |role: &Role| usize::from(role.index()) >= ROLES_MAX && self.custom_role(*role).is_none();
        found.extend(roles.iter().filter(missing).map(Violation::RoleAstray));
    }

    fn audit_owners(&self, found: &mut Vec<Violation>) {
        let exactly_one = self.catalog.role_table(self.catalog.owner_role()).exactly_one;
        match self.tally.active_owners {
            0 => found.push(Violation::NoOwner),
            1 => {}
            several if exactly_one => found.push(Violation::SeveralOwners(several)),
            _ => {}
        }
    }

    fn audit_people(&self, found: &mut Vec<Violation>) {
        let mut recount = Tally::default();
        for (user, person) in &self.people {
            recount.add(Tally::of(self.roles(), person));
            self.audit_roles(person.roles(), found);
            match person.is_member() {
                true if person.roles().is_empty() => found.push(Violation::NoRole(*user)),
                false if person.rows.is_empty() => found.push(Violation::NoRow(*user)),
                _ => {}
            }
            let roles_ordered = person.held.iter().map(|held| held.role).eq(person.roles().iter());
            let rows_ordered = person.rows.is_sorted_by(|a, b| a.workspace < b.workspace);
            if !roles_ordered || !rows_ordered || !person.teams.is_sorted_by(|a, b| a.team < b.team) {
                found.push(Violation::OutOfOrder(*user));
            }
            for row in &person.rows {
                if !self.workspaces.contains_key(&row.workspace) {
                    found.push(Violation::RowAstray { user: *user, workspace: row.workspace });
                }
                self.audit_roles(row.role.into_iter().collect(), found);
                self.audit_scope(row.workspace, row.added | row.removed, found);
            }
            let teams = person.teams.iter().map(|joined| joined.team);
            for team in teams.filter(|team| !self.teams.contains_key(team)) {
                found.push(Violation::TeamAstray { user: *user, team });
            }
        }
        if recount != self.tally {
            found.push(Violation::Miscounted);
        }
    }

    fn audit_places(&self, found: &mut Vec<Violation>) {
        let ruled = self.workspaces.iter().filter(|(_, place)| !place.rules.is_empty()).map(|(id, _)| *id);
        if ruled.collect::<BTreeSet<_>>() != self.ruled {
            found.push(Violation::Miscounted);
        }
        for (workspace, place) in &self.workspaces {
            for rule in &place.rules {
                self.audit_scope(*workspace, rule.given | rule.taken, found);
                if let RuleHolder::Team(team) = rule.holder {
                    if !self.teams.contains_key(&team) {
                        found.push(Violation::RuleAstray { workspace: *workspace, team });
                    }
                }
            }
        }
    }

    fn audit_scope(&self, workspace: WorkspaceId, set: PermissionSet, found: &mut Vec<Violation>) {
        if !(set & self.catalog.organization_scope()).is_empty() {
            found.push(Violation::ScopeBroken(workspace));
        }
    }

    fn audit_invitations(&self, found: &mut Vec<Violation>) {
        let open =
            |id: &InvitationId| self.invitations.get(id).filter(|invitation| invitation.state == InvitationState::Open);
        let indexed = self.open_by_address.iter();
        let key_of = |id: &InvitationId| open(id)?.address.as_ref().map(|address| address.key());
        let astray = indexed.filter(|(key, id)| key_of(id) != Some(key.as_str()));
        found.extend(astray.map(|(_, id)| Violation::InvitationAstray(*id)));
        for (id, invitation) in &self.invitations {
            let address = invitation.address.as_ref();
            let leads_here = address.and_then(|address| self.open_by_address.get(address.key())) == Some(id);
            if invitation.state == InvitationState::Open && !leads_here {
                found.push(Violation::InvitationAstray(*id));
            }
        }
    }
}
