//! What could happen next?

use std::prelude::v1::*; // the crate itself has none
use std::vec;

use bailiwick::catalog::{Action, Reach, RoleKey};
use bailiwick::change::{
    Accept, AcceptOwnership, AddCollaborator, AddMember, AdoptService, ArchiveWorkspace, CancelTransfer, ChangePlan,
    ChangeRole, ChangeRoles, ChangeSeats, ChangeService, ChangeStatus, Command, ConfirmDomain, CreateOrganization,
    CreateRole, CreateService, CreateTeam, CreateWorkspace, Decline, DeleteOrganization, DeleteRole, DeleteWorkspace,
    Describe, DissolveTeam, DropDomain, EditInvitation, EndService, EraseUser, GiveAccess, InviteMany, JoinByDomain,
    JoinTeam, Leave, LeaveTeam, MakeCollaborator, Reactivate, Remove, Rename, RenameTeam, RenameWorkspace,
    ReopenWorkspace, RequireProvider, Resend, RestoreOrganization, Revoke, RotateSecret, SetDomain, SetOwnKey,
    SetPreference, SetProvisioning, SetRule, SignUp, Suspend, SwitchCredits, TakeAccess, TransferOwnership,
};
use bailiwick::{Actor, Address, Disposition, Domain, OrgId, Organization, Span, Status, TeamId, Timestamp, UserId};

use super::dice::Dice;
use super::{
    ADDRESSES, CUSTOM_ROLES, DOMAINS, ORGANIZATIONS, PROVIDER, SERVICES, Step, name, secret, service, workspace,
};

/// What comes next: of a few ideas the first that would be accepted, now and then whatever comes.
pub(super) fn next_step(dice: &mut Dice<'_, '_>, organizations: &[Organization], now: Timestamp) -> Step {
    let ideas = if dice.once_in(4) { 1 } else { 6 };
    let now = later(dice, now);
    let mut step = idea(dice, organizations, now);
    for _ in 1..ideas {
        if organizations[step.organization].handle(&step.command, &step.context()).is_ok() {
            break;
        }
        step = idea(dice, organizations, now);
    }
    step
}

/// One of some commands, every other time, if any idea comes to one that would be accepted.
pub(super) fn favored_step(
    commands: &[&str],
    dice: &mut Dice<'_, '_>,
    organizations: &[Organization],
    now: Timestamp,
) -> Option<Step> {
    if commands.is_empty() || dice.once_in(2) {
        return None;
    }
    let now = later(dice, now);
    let mut ideas = (0..48).map(|_| idea(dice, organizations, now));
    ideas.find(|step| {
        let organization = &organizations[step.organization];
        commands.contains(&step.command.name()) && organization.handle(&step.command, &step.context()).is_ok()
    })
}

/// Time stands still, passes, and now and then leaps over the end of invitations, rows and deletions.
fn later(dice: &mut Dice<'_, '_>, now: Timestamp) -> Timestamp {
    let span = match dice.below(64) {
        0..=47 => Span::millis(0),
        48..=55 => Span::minutes(1),
        56..=59 => Span::hours(1),
        60..=61 => Span::days(1),
        62 => Span::days(7),
        _ => Span::days(31),
    };
    now.plus(span)
}

/// One idea, whether it would be accepted or not.
fn idea(dice: &mut Dice<'_, '_>, organizations: &[Organization], now: Timestamp) -> Step {
    let organization = if dice.once_in(10) { organizations.len() - 1 } else { 0 };
    let org = &organizations[organization];
    let mut teller = Teller { dice, org, now, about: None };
    let (actor, command) = teller.command();
    let authenticated_at = (!dice.once_in(10)).then_some(now);
    let provider = (!dice.once_in(4)).then(|| org.catalog().provider(PROVIDER)).flatten();
    let second_factor = !dice.once_in(10);
    Step { organization, actor, now, authenticated_at, second_factor, provider, command }
}

/// Tells what could happen next in one organization.
pub(super) struct Teller<'d, 'u, 'b, 'o> {
    pub(super) dice: &'d mut Dice<'u, 'b>,
    pub(super) org: &'o Organization,
    pub(super) now: Timestamp,
    /// Whom the command is about; few do such things to themselves.
    pub(super) about: Option<UserId>,
}

impl Teller<'_, '_, '_, '_> {
    fn command(&mut self) -> (Actor, Command) {
        if self.org.profile().is_none() && !self.dice.once_in(16) {
            return (self.anybody(), self.beginning());
        }
        if !self.org.is_open() && self.dice.once_in(2) {
            return (self.somebody(), RestoreOrganization {}.into());
        }
        if let Some(offer) = self.org.profile().and_then(|profile| profile.offer).filter(|_| self.dice.once_in(4)) {
            let answers = [AcceptOwnership {}.into(), AcceptOwnership {}.into(), CancelTransfer {}.into()];
            return (Actor::User(offer.to), self.dice.pick(&answers));
        }
        match self.dice.below(16) {
            0..=4 => self.about_people(),
            5..=7 => self.about_access(),
            8 | 9 => self.about_invitations(),
            10 => self.about_workspaces(),
            11 => self.about_teams(),
            12 => self.about_roles(),
            13 => self.about_services(),
            14 => self.about_identity(),
            _ => self.about_the_organization(),
        }
    }

    fn beginning(&mut self) -> Command {
        if self.dice.once_in(4) {
            return SignUp { name: name("Ada"), workspace: self.workspace() }.into();
        }
        self.creation()
    }

    fn creation(&mut self) -> Command {
        CreateOrganization {
            name: name("Acme"),
            plan: self.plan(),
            seats: self.seats(),
            owned: 0,
            workspace: workspace(1),
        }
        .into()
    }

    fn about_people(&mut self) -> (Actor, Command) {
        let user = self.known();
        self.about = Some(user);
        let actor = self.doer_here(Action::ChangeRoles);
        let command = match self.dice.below(34) {
            0..=6 => AddMember { user: self.any_user(), roles: self.roles(), access: self.access(6) }.into(),
            7..=9 => AddCollaborator { user: self.any_user(), access: self.access(1) }.into(),
            10..=15 => ChangeRoles { user, roles: self.roles() }.into(),
            16 | 17 => Suspend { user }.into(),
            18..=20 => Reactivate { user: self.suspended() }.into(),
            21..=23 => MakeCollaborator { user: self.row().0 }.into(),
            24 | 25 => Remove { user, content: self.content() }.into(),
            26 => return (self.somebody(), Leave { content: self.content() }.into()),
            27 if self.dice.once_in(2) => return (self.system(), EraseUser { user: self.any_user() }.into()),
            28 | 29 => {
                let from = self.dice.once_in(2).then(|| self.owner());
                let actor = if self.dice.once_in(4) { Actor::System } else { Actor::User(self.owner()) };
                return (actor, TransferOwnership { to: self.known(), from }.into());
            }
            30 => return (Actor::User(user), AcceptOwnership {}.into()),
            31 | 32 => SwitchCredits { user, on: self.dice.pick(&[Some(false), None, Some(true)]) }.into(),
            _ => CancelTransfer {}.into(),
        };
        (actor, command)
    }

    fn about_access(&mut self) -> (Actor, Command) {
        let (user, workspace) = (self.known(), self.workspace());
        match self.dice.below(16) {
            0..=7 => {
                self.about = Some(user);
                let command = GiveAccess { user, workspace, changes: self.changes() };
                (self.doer_in(Action::ChangeAccess, workspace), command.into())
            }
            8..=11 => {
                let (user, workspace) = self.row();
                self.about = Some(user);
                (self.doer_in(Action::ChangeAccess, workspace), TakeAccess { user, workspace }.into())
            }
            _ => {
                let (holder, until) = (self.holder(), self.until());
                let (given, taken) = (self.permissions_below(2), self.permissions_below(1));
                let command = SetRule { workspace, holder, given, taken, until };
                (self.doer_in(Action::ChangeRules, workspace), command.into())
            }
        }
    }

    fn about_invitations(&mut self) -> (Actor, Command) {
        let actor = self.doer_here(Action::InviteMember);
        let command = match self.dice.below(16) {
            0..=4 => self.invite().into(),
            5 | 6 => {
                let many = 1 + self.dice.below(2);
                InviteMany { invitations: (0..many).map(|_| self.invite()).collect() }.into()
            }
            7 | 8 => EditInvitation {
                invitation: self.open_invitation().0,
                roles: self.roles_or_none(),
                access: self.access(2),
            }
            .into(),
            9 => {
                let id = self.open_invitation().0;
                let new = secret(id.as_u128(), self.dice.once_in(2));
                Resend { invitation: id, secret: (!self.dice.once_in(4)).then_some(new) }.into()
            }
            10 => Revoke { invitation: self.open_invitation().0 }.into(),
            11 => {
                let (invitation, secret, address) = self.answered();
                return (self.anybody(), Decline { invitation, secret, address }.into());
            }
            _ => {
                let (invitation, secret, address) = self.answered();
                return (self.outsider(), Accept { invitation, secret, address }.into());
            }
        };
        (actor, command)
    }

    fn about_workspaces(&mut self) -> (Actor, Command) {
        let workspace = self.workspace();
        let (action, command) = match self.dice.below(16) {
            0..=7 => {
                let command = CreateWorkspace { workspace: self.any_workspace(), name: name("Workspace") };
                return (self.doer_here(Action::CreateWorkspace), command.into());
            }
            8 | 9 => (Action::EditWorkspace, RenameWorkspace { workspace, name: name("Renamed") }.into()),
            10 | 11 => (Action::ArchiveWorkspace, ArchiveWorkspace { workspace }.into()),
            12..=14 => (Action::ArchiveWorkspace, ReopenWorkspace { workspace }.into()),
            _ => (Action::DeleteWorkspace, DeleteWorkspace { workspace }.into()),
        };
        (self.doer_in(action, workspace), command)
    }

    fn about_teams(&mut self) -> (Actor, Command) {
        let there: Vec<TeamId> = self.org.teams().map(|(id, _)| id).collect();
        let team = if there.is_empty() { self.team() } else { self.dice.pick(&there) };
        let command = match self.dice.below(8) {
            0 | 1 => CreateTeam { team: self.team(), name: name("Team") }.into(),
            2 => RenameTeam { team, name: name("Renamed") }.into(),
            3 => DissolveTeam { team }.into(),
            4..=6 => JoinTeam { team, user: self.known() }.into(),
            _ => {
                let joined = self.org.people().find(|(_, person)| person.is_in_team(team)).map(|(user, _)| user);
                LeaveTeam { team, user: joined.unwrap_or_else(|| self.known()) }.into()
            }
        };
        (self.doer_here(Action::ManageTeams), command)
    }

    fn about_roles(&mut self) -> (Actor, Command) {
        let own: Vec<RoleKey> = self.org.custom_roles().map(|(_, role)| role.key().clone()).collect();
        let there = if own.is_empty() { self.dice.pick(&CUSTOM_ROLES).into() } else { self.dice.pick(&own) };
        let role: RoleKey = self.dice.pick(&CUSTOM_ROLES).into();
        let (title, like) = (name("Own"), self.dice.pick(&["member", "guest", "lead", "admin", "owner"]).into());
        let reach = self.dice.pick(&[Reach::All, Reach::Assigned, Reach::None]);
        let permissions = self.permissions(3);
        let command = match self.dice.below(8) {
            0 | 1 => CreateRole { role, title, like, reach, permissions }.into(),
            2..=5 => ChangeRole { role: there, title, like, reach, permissions }.into(),
            _ => DeleteRole { role: there, instead: (!self.dice.once_in(3)).then(|| self.role()) }.into(),
        };
        (self.doer_here(Action::ManageRoles), command)
    }

    fn about_services(&mut self) -> (Actor, Command) {
        let orphaned = self.org.services().find(|(_, service)| service.sponsor().is_none()).map(|(id, _)| id);
        if let (Some(service), true) = (orphaned, self.dice.once_in(2)) {
            let secret = secret(service.as_u128(), true);
            return (self.doer_here(Action::ManageServices), AdoptService { service, secret }.into());
        }
        let id = service(self.dice.number(SERVICES));
        let sponsor = self.org.service(id).and_then(|service| service.sponsor());
        let actor = match sponsor {
            Some(user) if !self.dice.once_in(4) => Actor::User(user),
            _ => self.doer_here(Action::ManageServices),
        };
        let permissions = self.permissions(3);
        let workspaces = if self.dice.once_in(2) { vec![self.workspace()] } else { Vec::new() };
        let until = self.until();
        let secret = secret(id.as_u128(), self.dice.once_in(2));
        let command = match self.dice.below(8) {
            0..=2 => CreateService { service: id, name: name("Robot"), permissions, workspaces, until, secret }.into(),
            3 | 4 => ChangeService { service: id, permissions, workspaces, until }.into(),
            5 => RotateSecret { service: id, secret }.into(),
            6 => AdoptService { service: id, secret }.into(),
            _ => EndService { service: id }.into(),
        };
        (actor, command)
    }

    fn about_identity(&mut self) -> (Actor, Command) {
        let domain = Domain::new(self.dice.pick(&DOMAINS)).expect("it is a domain");
        let actor = self.doer_here(Action::ManageIdentity);
        let command = match self.dice.below(16) {
            0..=3 => SetDomain { domain, roles: self.roles_or_none() }.into(),
            4 | 5 => return (self.system(), ConfirmDomain { domain }.into()),
            6 => DropDomain { domain }.into(),
            7..=9 => {
                let open = self.org.domains().filter(|(_, rule)| rule.confirmed && !rule.roles.is_empty());
                let domains: Vec<&Domain> = open.map(|(domain, _)| domain).collect();
                let of = ADDRESSES.iter().map(|text| Address::new(text).expect("it is an address"));
                let address = of.into_iter().find(|address| domains.iter().any(|domain| domain.is_of(address)));
                return (self.outsider(), JoinByDomain { address: self.proof(address) }.into());
            }
            10 => RequireProvider { provider: (!self.dice.once_in(2)).then(|| PROVIDER.into()) }.into(),
            11 | 12 => SetProvisioning { roles: (!self.dice.once_in(6)).then(|| self.roles()) }.into(),
            13 => {
                return (
                    Actor::Provisioner,
                    AddMember { user: self.any_user(), roles: self.roles(), access: vec![] }.into(),
                );
            }
            _ => return (Actor::Provisioner, ChangeRoles { user: self.known(), roles: self.roles() }.into()),
        };
        (actor, command)
    }

    fn about_the_organization(&mut self) -> (Actor, Command) {
        let actor = self.doer_here(Action::EditOrganization);
        let statuses = [Status::Active, Status::PastDue, Status::Suspended, Status::Archived];
        let closed = self.org.profile().is_some_and(|profile| profile.status != Status::Active);
        if closed && !self.dice.once_in(3) {
            return (self.system(), ChangeStatus { status: Status::Active }.into());
        }
        let command = match self.dice.below(16) {
            0 => Rename { name: name("Renamed") }.into(),
            1 => Describe { description: "about".into() }.into(),
            2 => SetPreference { key: "color".into(), value: self.dice.once_in(2).then(|| "blue".into()) }.into(),
            3 => return (self.system(), ChangeStatus { status: self.dice.pick(&statuses) }.into()),
            4 => ChangeStatus { status: self.dice.pick(&[Status::Archived, Status::Active]) }.into(),
            5..=7 => ChangePlan { plan: self.plan(), seats: self.seats(), at: self.until() }.into(),
            8..=11 => ChangeSeats { seats: self.seats(), period_end: self.now.plus(Span::days(1)) }.into(),
            12 => SetOwnKey {
                class: self.dice.pick(&["llm", "video"]).parse().expect("a label"),
                on: !self.dice.once_in(3),
            }
            .into(),
            13 if self.dice.once_in(3) => {
                let other = Disposition::TransferTo(OrgId::from_u64(ORGANIZATIONS).expect("not zero"));
                let disposition = self.dice.pick(&[Disposition::Delete, Disposition::Export, other]);
                DeleteOrganization { disposition, owns_recipient: self.dice.once_in(2) }.into()
            }
            14 => RestoreOrganization {}.into(),
            _ => return (self.anybody(), self.beginning()),
        };
        (actor, command)
    }
}
