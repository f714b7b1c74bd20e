//! Who and what is there to choose from?

use std::prelude::v1::*; // the crate itself has none
use std::vec;

use bailiwick::access::{Facts, Target};
use bailiwick::catalog::{Action, GroupKey, PermissionKey, PlanKey, RoleKey, Scope};
use bailiwick::change::{AddressProof, Content, Invite};
use bailiwick::{
    Actor, Address, Invitation, InvitationId, InvitationState, LinkId, Override, PersonStatus, RuleFor, Seats,
    SecretHash, Span, TeamId, Timestamp, UserId, WorkspaceId,
};

use super::ideas::Teller;
use super::{
    ADDRESSES, GROUPS, INVITATIONS, PERMISSIONS, SERVICES, TEAMS, USERS, WORKSPACES, invitation, secret, service, team,
    user, workspace,
};

impl Teller<'_, '_, '_, '_> {
    /// Mostly somebody who may do such things there, and rather no owner, for owners may do most.
    fn doer(&mut self, action: Action, target: Target<'_>) -> Actor {
        if self.dice.once_in(4) {
            return self.actor();
        }
        let facts = Facts::at(self.now);
        let guard = self.org.catalog().guard_of(action).expect("every action has one");
        let may = |user: &UserId| self.org.access(Actor::User(*user), target, &facts).granted().contains(guard);
        let people = self.org.people().map(|(user, _)| user).filter(|user| self.about != Some(*user));
        let doers: Vec<UserId> = people.filter(may).collect();
        let others: Vec<UserId> = doers.iter().copied().filter(|user| !self.org.is_active_owner(*user)).collect();
        match (others.as_slice(), doers.as_slice()) {
            (_, []) => self.actor(),
            ([], _) => Actor::User(self.dice.pick(&doers)),
            _ => Actor::User(self.dice.pick(&others)),
        }
    }

    pub(super) fn doer_in(&mut self, action: Action, workspace: WorkspaceId) -> Actor {
        self.doer(action, Target::Workspace(workspace))
    }

    pub(super) fn doer_here(&mut self, action: Action) -> Actor {
        self.doer(action, Target::Organization)
    }

    /// Mostly somebody who is there.
    fn actor(&mut self) -> Actor {
        match self.dice.below(24) {
            0..=18 => self.somebody(),
            19 => Actor::Staff { staff: user(USERS + 1), on_behalf_of: self.known() },
            20 | 21 => Actor::Service(service(self.dice.number(SERVICES))),
            22 => self.anybody(),
            _ => match self.dice.below(4) {
                0 | 1 => Actor::System,
                2 => Actor::Provisioner,
                _ => Actor::Link(LinkId::from_u64(1).expect("not zero")),
            },
        }
    }

    pub(super) fn system(&mut self) -> Actor {
        if self.dice.once_in(8) { self.somebody() } else { Actor::System }
    }

    pub(super) fn anybody(&mut self) -> Actor {
        Actor::User(self.any_user())
    }

    /// Somebody who is no member, mostly.
    pub(super) fn outsider(&mut self) -> Actor {
        let is_member = |user: &UserId| self.org.person(*user).is_some_and(|person| person.is_member());
        let outside: Vec<UserId> = (1..=USERS).map(user).filter(|user| !is_member(user)).collect();
        if outside.is_empty() { self.anybody() } else { Actor::User(self.dice.pick(&outside)) }
    }

    pub(super) fn any_user(&mut self) -> UserId {
        user(self.dice.number(USERS))
    }

    /// An active person, owners less often than others where there are others.
    pub(super) fn somebody(&mut self) -> Actor {
        let active: Vec<UserId> = self
            .org
            .people()
            .filter(|(_, person)| person.status() == PersonStatus::Active)
            .map(|(user, _)| user)
            .collect();
        let others: Vec<UserId> = active.iter().copied().filter(|user| !self.org.is_active_owner(*user)).collect();
        match (others.as_slice(), active.as_slice()) {
            ([], []) => self.anybody(),
            ([], _) => Actor::User(self.dice.pick(&active)),
            _ if self.dice.once_in(3) => Actor::User(self.dice.pick(&active)),
            _ => Actor::User(self.dice.pick(&others)),
        }
    }

    pub(super) fn owner(&mut self) -> UserId {
        let owners: Vec<UserId> =
            self.org.people().map(|(user, _)| user).filter(|user| self.org.is_active_owner(*user)).collect();
        if owners.is_empty() { self.any_user() } else { self.dice.pick(&owners) }
    }

    /// Somebody who is there, mostly.
    pub(super) fn known(&mut self) -> UserId {
        let people: Vec<UserId> = self.org.people().map(|(user, _)| user).collect();
        if people.is_empty() || self.dice.once_in(16) { self.any_user() } else { self.dice.pick(&people) }
    }

    pub(super) fn suspended(&mut self) -> UserId {
        let suspended: Vec<UserId> = self
            .org
            .people()
            .filter(|(_, person)| person.status() == PersonStatus::Suspended)
            .map(|(user, _)| user)
            .collect();
        if suspended.is_empty() { self.known() } else { self.dice.pick(&suspended) }
    }

    pub(super) fn any_workspace(&mut self) -> WorkspaceId {
        workspace(self.dice.number(WORKSPACES))
    }

    /// One that is there, mostly.
    pub(super) fn workspace(&mut self) -> WorkspaceId {
        let there: Vec<WorkspaceId> = self.org.workspaces().map(|(id, _)| id).collect();
        if there.is_empty() || self.dice.once_in(24) { self.any_workspace() } else { self.dice.pick(&there) }
    }

    pub(super) fn team(&mut self) -> TeamId {
        team(self.dice.number(TEAMS))
    }

    /// A row that is there, mostly.
    pub(super) fn row(&mut self) -> (UserId, WorkspaceId) {
        let rows: Vec<(UserId, WorkspaceId)> = self
            .org
            .people()
            .flat_map(|(user, person)| person.rows().iter().map(move |row| (user, row.workspace)))
            .collect();
        if rows.is_empty() { (self.known(), self.workspace()) } else { self.dice.pick(&rows) }
    }

    pub(super) fn holder(&mut self) -> RuleFor {
        let there: Vec<TeamId> = self.org.teams().map(|(id, _)| id).collect();
        if !there.is_empty() && self.dice.once_in(2) {
            RuleFor::Team(self.dice.pick(&there))
        } else {
            RuleFor::Group(GroupKey::from(self.dice.pick(&GROUPS)))
        }
    }

    pub(super) fn role(&mut self) -> RoleKey {
        let own: Vec<RoleKey> = self.org.custom_roles().map(|(_, role)| role.key().clone()).collect();
        if !own.is_empty() && self.dice.once_in(3) {
            return self.dice.pick(&own);
        }
        self.dice.pick(&["member", "guest", "lead", "admin", "owner", "lead", "member", "custom.a"]).into()
    }

    pub(super) fn roles(&mut self) -> Vec<RoleKey> {
        let first = self.role();
        if self.dice.once_in(4) { vec![first, self.role()] } else { vec![first] }
    }

    pub(super) fn roles_or_none(&mut self) -> Vec<RoleKey> {
        if self.dice.once_in(4) { Vec::new() } else { self.roles() }
    }

    /// Up to two workspaces; none, so many times in eight.
    pub(super) fn access(&mut self, none: u8) -> Vec<(WorkspaceId, Override)> {
        if self.dice.below(8) < none {
            return Vec::new();
        }
        let many = if self.dice.once_in(4) { 2 } else { 1 };
        (0..many).map(|_| (self.workspace(), self.changes())).collect()
    }

    pub(super) fn changes(&mut self) -> Override {
        if self.dice.once_in(4) {
            return Override { until: self.until(), ..Override::none() };
        }
        Override {
            role: self.dice.once_in(2).then(|| self.role()),
            added: self.permissions_below(1),
            removed: if self.dice.once_in(2) { self.permissions_below(1) } else { Vec::new() },
            until: self.until(),
        }
    }

    pub(super) fn permissions(&mut self, eighths: u8) -> Vec<PermissionKey> {
        let keys: Vec<PermissionKey> = PERMISSIONS.iter().map(|(key, _)| (*key).into()).collect();
        self.dice.some(eighths, &keys)
    }

    pub(super) fn permissions_below(&mut self, eighths: u8) -> Vec<PermissionKey> {
        let below = PERMISSIONS.iter().filter(|(_, scope)| *scope != Scope::Organization);
        let keys: Vec<PermissionKey> = below.map(|(key, _)| (*key).into()).collect();
        self.dice.some(eighths, &keys)
    }

    /// Mostly no end; otherwise soon, tomorrow, or later.
    pub(super) fn until(&mut self) -> Option<Timestamp> {
        let end = |span| Some(self.now.plus(span));
        let ends =
            [None, None, None, None, end(Span::days(1)), end(Span::days(3)), end(Span::hours(1)), end(Span::millis(0))];
        self.dice.pick(&ends)
    }

    pub(super) fn plan(&mut self) -> PlanKey {
        self.dice.pick(&["big", "middle", "small"]).into()
    }

    pub(super) fn seats(&mut self) -> Seats {
        Seats::new(self.dice.pick(&[6, 3, 2, 1, 9]))
    }

    pub(super) fn content(&mut self) -> Option<Content> {
        match self.dice.below(4) {
            0 | 1 => Some(Content::Stays),
            2 => Some(Content::TransferTo(self.known())),
            _ => None,
        }
    }

    fn address(&mut self) -> Address {
        Address::new(self.dice.pick(&ADDRESSES)).expect("it is an address")
    }

    pub(super) fn proof(&mut self, of: Option<Address>) -> AddressProof {
        let address = of.filter(|_| !self.dice.once_in(12)).unwrap_or_else(|| self.address());
        if self.dice.once_in(8) { AddressProof::Claimed(address) } else { AddressProof::Verified(address) }
    }

    pub(super) fn invite(&mut self) -> Invite {
        let fresh = self.org.invitations().count() as u64 + self.dice.number(2);
        let n = if self.dice.once_in(16) { self.dice.number(INVITATIONS) } else { fresh.min(INVITATIONS) };
        let roles = self.roles_or_none();
        let access = if roles.is_empty() { self.access(1) } else { self.access(5) };
        Invite { invitation: invitation(n), address: self.address(), roles, access, secret: secret(n.into(), false) }
    }

    /// An open one, mostly, with whom it is for.
    pub(super) fn open_invitation(&mut self) -> (InvitationId, Option<Address>) {
        let open: Vec<(InvitationId, &Invitation)> =
            self.org.invitations().filter(|(_, sent)| sent.state(self.now) == InvitationState::Open).collect();
        if open.is_empty() || self.dice.once_in(16) {
            return (invitation(self.dice.number(INVITATIONS)), None);
        }
        let (id, sent) = self.dice.pick(&open);
        (id, sent.address().cloned())
    }

    pub(super) fn answered(&mut self) -> (InvitationId, SecretHash, AddressProof) {
        let (id, address) = self.open_invitation();
        (id, secret(id.as_u128(), self.dice.once_in(4)), self.proof(address))
    }
}
