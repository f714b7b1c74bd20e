//! An organization once more, as naively as it can be written: plain maps by id, roles and permissions as sets of keys,
//! everything counted again each time. A command is judged and carried out on a copy in one go, from the documentation of
//! the commands alone. It reads the definitions of a catalog and nothing that the crate has made of them.
//!
//! What somebody may do is in [`rights`], what one may give in [`giving`], what a catalog says in [`words`]; each family of
//! commands has a file; who pays is in [`paying`]. [`seen`] reads a real organization into the same form, so that the two can be compared.

mod access;
mod counting;
mod custom;
mod giving;
mod identity;
mod invitations;
mod organization;
mod ownership;
mod paying;
mod people;
mod rights;
mod seen;
mod services;
mod teams;
mod terms;
mod words;
mod workspaces;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{Catalog, Reach};
use bailiwick::change::Command;
use bailiwick::{
    Actor, Disposition, InvitationId, InvitationState, Kind, Label, OrgId, SecretHash, ServiceId, Status, TeamId,
    Timestamp, UserId, WorkspaceId,
};

/// Keys of permissions or roles.
pub(crate) type Keys = BTreeSet<String>;

/// A yes, or the code of the refusal.
pub(crate) type Answer<T = ()> = Result<T, &'static str>;

/// Items of a batch that were left out, and why.
pub(crate) type LeftOut = Vec<(usize, &'static str)>;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    catalog: Arc<Catalog>,
    id: OrgId,
    profile: Option<Profile>,
    people: BTreeMap<UserId, Person>,
    workspaces: BTreeMap<WorkspaceId, Workspace>,
    teams: BTreeMap<TeamId, String>,
    invitations: BTreeMap<InvitationId, Invitation>,
    custom: BTreeMap<String, Custom>,
    services: BTreeMap<ServiceId, Service>,
    domains: BTreeMap<String, DomainRule>,
}

#[derive(Clone, Debug)]
struct Profile {
    kind: Kind,
    name: String,
    description: String,
    terms: Terms,
    /// What was scheduled, and from when on it counts.
    next: Option<(Terms, Timestamp)>,
    status: Status,
    creator: UserId,
    provider: Option<String>,
    /// The roles that the directory may give, while it is connected.
    directory: Option<Keys>,
    own_keys: BTreeSet<Label>,
    preferences: BTreeMap<String, String>,
    /// Ownership on offer: by whom, to whom, since when.
    offer: Option<(UserId, UserId, Timestamp)>,
    /// What becomes of everything, and when it is gone for good.
    deleted: Option<(Disposition, Timestamp)>,
    /// Whether the platform did that; the same of the status.
    deleted_by_platform: bool,
    status_by_platform: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Terms {
    plan: String,
    seats: u64,
}

#[derive(Clone, Debug, Default)]
struct Person {
    /// The roles of a member; `None` for a collaborator.
    roles: Option<Keys>,
    suspended: bool,
    rows: BTreeMap<WorkspaceId, Row>,
    teams: BTreeSet<TeamId>,
    /// Whether somebody has switched their credits on or off.
    credits: Option<bool>,
}

#[derive(Clone, Debug)]
struct Row {
    role: Option<String>,
    added: Keys,
    removed: Keys,
    until: Option<Timestamp>,
    given_by: Actor,
    /// Of a promise: the first end that was named for the place, where it was named twice.
    first_end: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Workspace {
    name: String,
    archived: bool,
    rules: BTreeMap<Holder, Rule>,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Holder {
    Group(String),
    Team(TeamId),
}

#[derive(Clone, Debug)]
struct Rule {
    given: Keys,
    taken: Keys,
    until: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Invitation {
    address: Option<String>,
    roles: Keys,
    access: BTreeMap<WorkspaceId, Row>,
    secret: SecretHash,
    until: Timestamp,
    uses: u32,
    state: InvitationState,
    by: Actor,
    /// Who accepted or declined it.
    answered_by: Vec<UserId>,
}

#[derive(Clone, Debug)]
struct Custom {
    title: String,
    like: String,
    reach: Reach,
    permissions: Keys,
}

#[derive(Clone, Debug)]
struct Service {
    name: String,
    sponsor: Option<UserId>,
    permissions: Keys,
    workspaces: BTreeSet<WorkspaceId>,
    until: Option<Timestamp>,
    secret: SecretHash,
}

#[derive(Clone, Debug)]
struct DomainRule {
    roles: Keys,
    set_by: Actor,
    confirmed: bool,
}

/// Who asks, and what is known of the moment.
#[derive(Clone, Copy, Debug)]
struct Asked<'a> {
    actor: Actor,
    facts: Facts<'a>,
}

impl Asked<'_> {
    const fn now(&self) -> Timestamp {
        self.facts.now
    }

    fn is_platform(&self) -> bool {
        self.actor == Actor::System
    }

    /// Whether somebody of the staff acts on themselves from somebody else's place.
    fn is_staff_of_themselves(&self, user: UserId) -> bool {
        matches!(self.actor, Actor::Staff { staff, .. } if staff == user)
    }
}

fn counts(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_none_or(|end| now < end)
}

impl Model {
    pub(crate) fn new(id: OrgId, catalog: Arc<Catalog>) -> Self {
        Self {
            catalog,
            id,
            profile: None,
            people: BTreeMap::new(),
            workspaces: BTreeMap::new(),
            teams: BTreeMap::new(),
            invitations: BTreeMap::new(),
            custom: BTreeMap::new(),
            services: BTreeMap::new(),
            domains: BTreeMap::new(),
        }
    }

    /// What a command makes of it, and who is left out of a batch; or why not.
    pub(crate) fn carry_out(&self, command: &Command, actor: Actor, facts: &Facts<'_>) -> Answer<(Self, LeftOut)> {
        let asked = &Asked { actor, facts: *facts };
        let mut after = self.clone();
        let mut left_out = LeftOut::new();
        match command {
            Command::SignUp(c) => after.sign_up(asked, c),
            Command::CreateOrganization(c) => after.create(asked, c),
            Command::Rename(c) => after.rename(asked, c),
            Command::Describe(c) => after.describe(asked, c),
            Command::SetPreference(c) => after.set_preference(asked, c),
            Command::ChangeStatus(c) => after.change_status(asked, c),
            Command::DeleteOrganization(c) => after.delete(asked, c),
            Command::RestoreOrganization(_) => after.restore(asked),
            Command::ChangePlan(c) => after.change_plan(asked, c),
            Command::ChangeSeats(c) => after.change_seats(asked, c),
            Command::SetOwnKey(c) => after.set_own_key(asked, c),
            Command::RequireProvider(c) => after.require_provider(asked, c),
            Command::SetDomain(c) => after.set_domain(asked, c),
            Command::ConfirmDomain(c) => after.confirm_domain(asked, c),
            Command::DropDomain(c) => after.drop_domain(asked, c),
            Command::JoinByDomain(c) => after.join_by_domain(asked, c),
            Command::SetProvisioning(c) => after.set_provisioning(asked, c),
            Command::CreateWorkspace(c) => after.create_workspace(asked, c),
            Command::RenameWorkspace(c) => after.rename_workspace(asked, c),
            Command::ArchiveWorkspace(c) => after.archive_workspace(asked, c),
            Command::ReopenWorkspace(c) => after.reopen_workspace(asked, c),
            Command::DeleteWorkspace(c) => after.delete_workspace(asked, c),
            Command::Invite(c) => after.invite(asked, c),
            Command::InviteMany(c) => after.invite_many(asked, c, &mut left_out),
            Command::EditInvitation(c) => after.edit_invitation(asked, c),
            Command::Resend(c) => after.resend(asked, c),
            Command::Revoke(c) => after.revoke(asked, c),
            Command::Accept(c) => after.accept(asked, c),
            Command::Decline(c) => after.decline(asked, c),
            Command::AddMember(c) => after.add_member(asked, c),
            Command::AddCollaborator(c) => after.add_collaborator(asked, c),
            Command::MakeCollaborator(c) => after.make_collaborator(asked, c),
            Command::ChangeRoles(c) => after.change_roles(asked, c),
            Command::Suspend(c) => after.suspend(asked, c),
            Command::Reactivate(c) => after.reactivate(asked, c),
            Command::SwitchCredits(c) => after.switch_credits(asked, c),
            Command::Remove(c) => after.remove(asked, c),
            Command::Leave(c) => after.leave(asked, c),
            Command::EraseUser(c) => after.erase(asked, c),
            Command::TransferOwnership(c) => after.transfer(asked, c),
            Command::AcceptOwnership(_) => after.accept_ownership(asked),
            Command::CancelTransfer(_) => after.cancel_transfer(asked),
            Command::CreateRole(c) => after.create_role(asked, c),
            Command::ChangeRole(c) => after.change_role(asked, c),
            Command::DeleteRole(c) => after.delete_role(asked, c),
            Command::GiveAccess(c) => after.give_access(asked, c),
            Command::TakeAccess(c) => after.take_access(asked, c),
            Command::SetRule(c) => after.set_rule(asked, c),
            Command::CreateTeam(c) => after.create_team(asked, c),
            Command::RenameTeam(c) => after.rename_team(asked, c),
            Command::DissolveTeam(c) => after.dissolve_team(asked, c),
            Command::JoinTeam(c) => after.join_team(asked, c),
            Command::LeaveTeam(c) => after.leave_team(asked, c),
            Command::CreateService(c) => after.create_service(asked, c),
            Command::ChangeService(c) => after.change_service(asked, c),
            Command::RotateSecret(c) => after.rotate_secret(asked, c),
            Command::EndService(c) => after.end_service(asked, c),
            Command::AdoptService(c) => after.adopt_service(asked, c),
            other => panic!("the model does not know `{}`", other.name()),
        }?;
        Ok((after, left_out))
    }

    /// The profile, while the organization is there for people.
    fn open(&self) -> Answer<&Profile> {
        self.profile.as_ref().filter(|profile| profile.deleted.is_none()).ok_or("not_found")
    }

    /// The profile of an organization that was asked about in vain otherwise.
    fn profile_mut(&mut self) -> &mut Profile {
        self.profile.as_mut().expect("who asks was let in")
    }

    fn person(&self, user: UserId) -> Answer<&Person> {
        self.people.get(&user).ok_or("unknown_person")
    }

    fn person_mut(&mut self, user: UserId) -> &mut Person {
        self.people.get_mut(&user).expect("it was looked up")
    }

    fn is_owner(&self, user: UserId) -> bool {
        let owner = self.owner_key();
        self.people.get(&user).is_some_and(|person| !person.suspended && person.has_role(&owner))
    }
}

impl Person {
    const fn is_member(&self) -> bool {
        self.roles.is_some()
    }

    fn has_role(&self, key: &str) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.contains(key))
    }
}

impl Row {
    /// Whether it gives something by itself.
    fn gives(&self) -> bool {
        self.role.is_some() || !self.added.is_empty()
    }
}

impl Invitation {
    fn state(&self, now: Timestamp) -> InvitationState {
        match self.state {
            InvitationState::Open if now >= self.until => InvitationState::Expired,
            state => state,
        }
    }

    fn is_open(&self, now: Timestamp) -> bool {
        self.state(now) == InvitationState::Open
    }
}
