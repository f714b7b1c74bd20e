//! Random lives of organizations: a catalog, then one command after another, by whoever. Made from bytes, so that tests
//! and fuzzers draw from the same source. Ids, keys, addresses and instants are few, so that they collide.

use std::prelude::v1::*; // the crate itself has none
use std::sync::Arc;
use std::vec;

use arbitrary::Unstructured;
use bailiwick::access::{Facts, Target};
use bailiwick::catalog::policy::InvitationPolicy;
use bailiwick::catalog::policy::{
    Assignable, Batch, Binding, CollaboratorSeats, Collaborators, ContentOfRemoved, CreditsOff, Deletion, InviterGone,
    MemberLimit, OnMemberRemoved, OnReinvite, OnResend, OpenInvitations, OverrideMode, OwnRole, OwnerHolds,
    OwnershipTransfer, PersonalPolicy, ServicesOfRemoved, TooBigForPlan,
};
use bailiwick::catalog::{
    Action, Catalog, GroupDef, GroupKey, Holders, LimitDef, PermissionDef, PermissionKey, PlanDef, Policy, Provider,
    Reach, RoleDef, RoleKey, Scope, SeatRule, Sight, limit,
};
use bailiwick::change::{
    Accept, AcceptOwnership, AddCollaborator, AddMember, AddressProof, AdoptService, ArchiveWorkspace, CancelTransfer,
    ChangePlan, ChangeRole, ChangeRoles, ChangeSeats, ChangeService, ChangeStatus, Command, ConfirmDomain, Content,
    Context, CreateOrganization, CreateRole, CreateService, CreateTeam, CreateWorkspace, Decline, DeleteOrganization,
    DeleteRole, DeleteWorkspace, Describe, DissolveTeam, DropDomain, EditInvitation, EndService, EraseUser, GiveAccess,
    Invite, InviteMany, JoinByDomain, JoinTeam, Leave, LeaveTeam, MakeCollaborator, Reactivate, Remove, Rename,
    RenameTeam, RenameWorkspace, ReopenWorkspace, RequireProvider, Resend, RestoreOrganization, Revoke, RotateSecret,
    SetDomain, SetOwnKey, SetPreference, SetProvisioning, SetRule, SignUp, Suspend, SwitchCredits, TakeAccess,
    TransferOwnership,
};
use bailiwick::{
    Actor, Address, Disposition, Domain, Invitation, InvitationId, InvitationState, LinkId, Name, OrgId, Organization,
    Override, PersonStatus, RuleFor, Seats, SecretHash, ServiceId, Span, Status, TeamId, Timestamp, UserId,
    WorkspaceId,
};

/// When lives begin.
pub(crate) const BIRTH: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const ORGANIZATIONS: u64 = 2;
pub(crate) const USERS: u64 = 5;
pub(crate) const WORKSPACES: u64 = 3;
pub(crate) const TEAMS: u64 = 2;
pub(crate) const SERVICES: u64 = 2;
pub(crate) const CUSTOM_ROLES: [&str; 3] = ["custom.a", "custom.b", "custom.c"];
pub(crate) const ROLES: [&str; 5] = ["owner", "admin", "lead", "member", "guest"];
/// An invitation is never forgotten, so its id is used once.
const INVITATIONS: u64 = 12;
const ADDRESSES: [&str; 3] = ["ada@acme.example", "bob@acme.example", "eve@other.example"];
const DOMAINS: [&str; 2] = ["acme.example", "other.example"];
const PLANS: [&str; 3] = ["small", "middle", "big"];
const GROUPS: [&str; 2] = ["upper", "lower"];
const PROVIDER: &str = "corporate";
const PERMISSIONS: [(&str, Scope); 9] = [
    ("org.manage", Scope::Organization),
    ("people.manage", Scope::Organization),
    ("role.manage", Scope::Organization),
    ("place.manage", Scope::Workspace),
    ("place.share", Scope::Workspace),
    ("run.start", Scope::Workspace),
    ("note.read", Scope::Resource),
    ("note.write", Scope::Resource),
    ("note.delete", Scope::Resource),
];

/// One command, given by somebody, at a moment, to one of the organizations.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Which, counted from zero.
    pub(crate) organization: usize,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
    pub(crate) authenticated_at: Option<Timestamp>,
    pub(crate) second_factor: bool,
    pub(crate) provider: Option<Provider>,
    pub(crate) command: Command,
}

impl Step {
    pub(crate) fn facts(&self) -> Facts<'static> {
        let mut facts = Facts::at(self.now);
        facts.authenticated_at = self.authenticated_at;
        facts.second_factor = self.second_factor;
        facts.provider = self.provider;
        facts
    }

    pub(crate) fn context(&self) -> Context<'static> {
        self.facts().by(self.actor)
    }
}

/// A life as it was drawn: what happened to the organizations, whether accepted or not.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) steps: Vec<Step>,
}

impl Life {
    /// The life that some bytes describe: at most so many steps, and no more than there are bytes for.
    pub(crate) fn from_bytes(bytes: &[u8], steps_max: usize) -> Self {
        Self::favoring(&[], bytes, steps_max)
    }

    /// The same, where every other step is one of some commands if it can be.
    fn favoring(commands: &[&str], bytes: &[u8], steps_max: usize) -> Self {
        let mut dice = Dice(&mut Unstructured::new(bytes));
        let catalog = Arc::new(catalog(&mut dice));
        let mut organizations = organizations(&catalog);
        let (mut steps, mut now) = (Vec::new(), BIRTH);
        while steps.len() < steps_max && !dice.0.is_empty() {
            let favored = favored_step(commands, &mut dice, &organizations, now);
            let step = favored.unwrap_or_else(|| next_step(&mut dice, &organizations, now));
            now = step.now;
            let organization = &mut organizations[step.organization];
            if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
                outcome.records.iter().for_each(|record| organization.apply(record));
            }
            steps.push(step);
        }
        Self { catalog, steps }
    }

    /// The life of a seed, the same on every machine.
    pub(crate) fn of_seed(seed: u64, steps_max: usize) -> Self {
        Self::from_bytes(&noise(seed, steps_max * 256), steps_max)
    }

    /// The life of a seed in which some commands come more often.
    #[allow(dead_code, reason = "asked for by the theorem alone")]
    pub(crate) fn of_seed_favoring(commands: &[&str], seed: u64, steps_max: usize) -> Self {
        Self::favoring(commands, &noise(seed, steps_max * 1024), steps_max)
    }
}

/// The organizations of a life before anything has happened.
pub(crate) fn organizations(catalog: &Arc<Catalog>) -> Vec<Organization> {
    (1..=ORGANIZATIONS).map(|n| Organization::new(OrgId::from_u64(n).expect("not zero"), Arc::clone(catalog))).collect()
}

/// The bytes of a seed: a plain mixing generator.
pub(crate) fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    (0..bytes.div_ceil(8)).flat_map(|_| next().to_le_bytes()).collect()
}

/// The bytes as dice: what comes first in a list is what comes when they run out.
pub(crate) struct Dice<'u, 'b>(pub(crate) &'u mut Unstructured<'b>);

impl Dice<'_, '_> {
    /// 0 to `sides` - 1.
    pub(crate) fn below(&mut self, sides: u8) -> u8 {
        self.0.int_in_range(0..=sides - 1).unwrap_or(0)
    }

    /// 1 to `n`.
    pub(crate) fn number(&mut self, n: u64) -> u64 {
        self.0.int_in_range(1..=n).unwrap_or(1)
    }

    /// Yes, once in `n` times.
    pub(crate) fn once_in(&mut self, n: u8) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(u8::try_from(from.len()).expect("lists are short"));
        from[usize::from(at)].clone()
    }

    /// Each of them, so many times in eight.
    fn some<T: Clone>(&mut self, eighths: u8, from: &[T]) -> Vec<T> {
        from.iter().filter(|_| self.below(8) >= 8 - eighths).cloned().collect()
    }

    /// Mostly the first.
    fn mostly<T: Clone>(&mut self, first: T, others: &[T]) -> T {
        if self.once_in(3) { self.pick(others) } else { first }
    }
}

/// A small catalog: every action has a guard, the options of the policy vary.
pub(crate) fn catalog(dice: &mut Dice<'_, '_>) -> Catalog {
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

pub(crate) fn user(n: u64) -> UserId {
    UserId::from_u64(n).expect("ids count from one")
}

pub(crate) fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).expect("ids count from one")
}

pub(crate) fn team(n: u64) -> TeamId {
    TeamId::from_u64(n).expect("ids count from one")
}

pub(crate) fn service(n: u64) -> ServiceId {
    ServiceId::from_u64(n).expect("ids count from one")
}

pub(crate) fn invitation(n: u64) -> InvitationId {
    InvitationId::from_u64(n).expect("ids count from one")
}

fn name(text: &str) -> Name {
    Name::new(text).expect("it is a plain word")
}

/// The secret of an invitation or service, or the one after it.
fn secret(of: u128, rotated: bool) -> SecretHash {
    SecretHash::from_bytes([u8::try_from(of).unwrap_or(0).wrapping_add(100 * u8::from(rotated)); 32])
}

/// What comes next: of a few ideas the first that would be accepted, now and then whatever comes.
pub(crate) fn next_step(dice: &mut Dice<'_, '_>, organizations: &[Organization], now: Timestamp) -> Step {
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
fn favored_step(
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
pub(crate) fn idea(dice: &mut Dice<'_, '_>, organizations: &[Organization], now: Timestamp) -> Step {
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
struct Teller<'d, 'u, 'b, 'o> {
    dice: &'d mut Dice<'u, 'b>,
    org: &'o Organization,
    now: Timestamp,
    /// Whom the command is about; few do such things to themselves.
    about: Option<UserId>,
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

/// Who and what there is to choose from.
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

    fn doer_in(&mut self, action: Action, workspace: WorkspaceId) -> Actor {
        self.doer(action, Target::Workspace(workspace))
    }

    fn doer_here(&mut self, action: Action) -> Actor {
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

    fn system(&mut self) -> Actor {
        if self.dice.once_in(8) { self.somebody() } else { Actor::System }
    }

    fn anybody(&mut self) -> Actor {
        Actor::User(self.any_user())
    }

    /// Somebody who is no member, mostly.
    fn outsider(&mut self) -> Actor {
        let is_member = |user: &UserId| self.org.person(*user).is_some_and(|person| person.is_member());
        let outside: Vec<UserId> = (1..=USERS).map(user).filter(|user| !is_member(user)).collect();
        if outside.is_empty() { self.anybody() } else { Actor::User(self.dice.pick(&outside)) }
    }

    fn any_user(&mut self) -> UserId {
        user(self.dice.number(USERS))
    }

    /// An active person, owners less often than others where there are others.
    fn somebody(&mut self) -> Actor {
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

    fn owner(&mut self) -> UserId {
        let owners: Vec<UserId> =
            self.org.people().map(|(user, _)| user).filter(|user| self.org.is_active_owner(*user)).collect();
        if owners.is_empty() { self.any_user() } else { self.dice.pick(&owners) }
    }

    /// Somebody who is there, mostly.
    fn known(&mut self) -> UserId {
        let people: Vec<UserId> = self.org.people().map(|(user, _)| user).collect();
        if people.is_empty() || self.dice.once_in(16) { self.any_user() } else { self.dice.pick(&people) }
    }

    fn suspended(&mut self) -> UserId {
        let suspended: Vec<UserId> = self
            .org
            .people()
            .filter(|(_, person)| person.status() == PersonStatus::Suspended)
            .map(|(user, _)| user)
            .collect();
        if suspended.is_empty() { self.known() } else { self.dice.pick(&suspended) }
    }

    fn any_workspace(&mut self) -> WorkspaceId {
        workspace(self.dice.number(WORKSPACES))
    }

    /// One that is there, mostly.
    fn workspace(&mut self) -> WorkspaceId {
        let there: Vec<WorkspaceId> = self.org.workspaces().map(|(id, _)| id).collect();
        if there.is_empty() || self.dice.once_in(24) { self.any_workspace() } else { self.dice.pick(&there) }
    }

    fn team(&mut self) -> TeamId {
        team(self.dice.number(TEAMS))
    }

    /// A row that is there, mostly.
    fn row(&mut self) -> (UserId, WorkspaceId) {
        let rows: Vec<(UserId, WorkspaceId)> = self
            .org
            .people()
            .flat_map(|(user, person)| person.rows().iter().map(move |row| (user, row.workspace)))
            .collect();
        if rows.is_empty() { (self.known(), self.workspace()) } else { self.dice.pick(&rows) }
    }

    fn holder(&mut self) -> RuleFor {
        let there: Vec<TeamId> = self.org.teams().map(|(id, _)| id).collect();
        if !there.is_empty() && self.dice.once_in(2) {
            RuleFor::Team(self.dice.pick(&there))
        } else {
            RuleFor::Group(GroupKey::from(self.dice.pick(&GROUPS)))
        }
    }

    fn role(&mut self) -> RoleKey {
        let own: Vec<RoleKey> = self.org.custom_roles().map(|(_, role)| role.key().clone()).collect();
        if !own.is_empty() && self.dice.once_in(3) {
            return self.dice.pick(&own);
        }
        self.dice.pick(&["member", "guest", "lead", "admin", "owner", "lead", "member", "custom.a"]).into()
    }

    fn roles(&mut self) -> Vec<RoleKey> {
        let first = self.role();
        if self.dice.once_in(4) { vec![first, self.role()] } else { vec![first] }
    }

    fn roles_or_none(&mut self) -> Vec<RoleKey> {
        if self.dice.once_in(4) { Vec::new() } else { self.roles() }
    }

    /// Up to two workspaces; none, so many times in eight.
    fn access(&mut self, none: u8) -> Vec<(WorkspaceId, Override)> {
        if self.dice.below(8) < none {
            return Vec::new();
        }
        let many = if self.dice.once_in(4) { 2 } else { 1 };
        (0..many).map(|_| (self.workspace(), self.changes())).collect()
    }

    fn changes(&mut self) -> Override {
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

    fn permissions(&mut self, eighths: u8) -> Vec<PermissionKey> {
        let keys: Vec<PermissionKey> = PERMISSIONS.iter().map(|(key, _)| (*key).into()).collect();
        self.dice.some(eighths, &keys)
    }

    fn permissions_below(&mut self, eighths: u8) -> Vec<PermissionKey> {
        let below = PERMISSIONS.iter().filter(|(_, scope)| *scope != Scope::Organization);
        let keys: Vec<PermissionKey> = below.map(|(key, _)| (*key).into()).collect();
        self.dice.some(eighths, &keys)
    }

    /// Mostly no end; otherwise soon, tomorrow, or later.
    fn until(&mut self) -> Option<Timestamp> {
        let end = |span| Some(self.now.plus(span));
        let ends =
            [None, None, None, None, end(Span::days(1)), end(Span::days(3)), end(Span::hours(1)), end(Span::millis(0))];
        self.dice.pick(&ends)
    }

    fn plan(&mut self) -> bailiwick::catalog::PlanKey {
        self.dice.pick(&["big", "middle", "small"]).into()
    }

    fn seats(&mut self) -> Seats {
        Seats::new(self.dice.pick(&[6, 3, 2, 1, 9]))
    }

    fn content(&mut self) -> Option<Content> {
        match self.dice.below(4) {
            0 | 1 => Some(Content::Stays),
            2 => Some(Content::TransferTo(self.known())),
            _ => None,
        }
    }

    fn address(&mut self) -> Address {
        Address::new(self.dice.pick(&ADDRESSES)).expect("it is an address")
    }

    fn proof(&mut self, of: Option<Address>) -> AddressProof {
        let address = of.filter(|_| !self.dice.once_in(12)).unwrap_or_else(|| self.address());
        if self.dice.once_in(8) { AddressProof::Claimed(address) } else { AddressProof::Verified(address) }
    }

    fn invite(&mut self) -> Invite {
        let fresh = self.org.invitations().count() as u64 + self.dice.number(2);
        let n = if self.dice.once_in(16) { self.dice.number(INVITATIONS) } else { fresh.min(INVITATIONS) };
        let roles = self.roles_or_none();
        let access = if roles.is_empty() { self.access(1) } else { self.access(5) };
        Invite { invitation: invitation(n), address: self.address(), roles, access, secret: secret(n.into(), false) }
    }

    /// An open one, mostly, with whom it is for.
    fn open_invitation(&mut self) -> (InvitationId, Option<Address>) {
        let open: Vec<(InvitationId, &Invitation)> =
            self.org.invitations().filter(|(_, sent)| sent.state(self.now) == InvitationState::Open).collect();
        if open.is_empty() || self.dice.once_in(16) {
            return (invitation(self.dice.number(INVITATIONS)), None);
        }
        let (id, sent) = self.dice.pick(&open);
        (id, sent.address().cloned())
    }

    fn answered(&mut self) -> (InvitationId, SecretHash, AddressProof) {
        let (id, address) = self.open_invitation();
        (id, secret(id.as_u128(), self.dice.once_in(4)), self.proof(address))
    }
}
