//! One organization with one of everything, and a command of every kind that it accepts.

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{Action, Catalog};
use bailiwick::change::*;
use bailiwick::{
    Actor, Address, Disposition, Domain, InvitationId, Name, OrgId, Organization, Override, RuleFor, Seats, SecretHash,
    ServiceId, Span, Status, TeamId, Timestamp, UserId, WorkspaceId,
};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

/// The people: of the first organization, of the second, and nobody's.
pub(crate) const OWNER: u64 = 1;
pub(crate) const ADMIN: u64 = 2;
pub(crate) const MEMBER: u64 = 3;
pub(crate) const SUSPENDED: u64 = 4;
pub(crate) const COLLABORATOR: u64 = 5;
pub(crate) const STRANGER: u64 = 9;

/// Ids of one organization: every kind has numbers of its own, so that an id can be found in a text.
#[derive(Clone, Copy)]
pub(crate) struct Ids(pub(crate) u64);

impl Ids {
    /// The ids of the organization under test.
    pub(crate) const OWN: Self = Self(0);
    /// Those of another organization, where the same people have other things.
    pub(crate) const FOREIGN: Self = Self(1_000);
    /// Those that never existed.
    pub(crate) const NEVER: Self = Self(2_000);

    pub(crate) fn user(self, n: u64) -> UserId {
        UserId::from_u64(100_000 + self.0 + n).unwrap()
    }

    pub(crate) fn workspace(self, n: u64) -> WorkspaceId {
        WorkspaceId::from_u64(200_000 + self.0 + n).unwrap()
    }

    pub(crate) fn team(self, n: u64) -> TeamId {
        TeamId::from_u64(300_000 + self.0 + n).unwrap()
    }

    pub(crate) fn invitation(self, n: u64) -> InvitationId {
        InvitationId::from_u64(400_000 + self.0 + n).unwrap()
    }

    pub(crate) fn service(self, n: u64) -> ServiceId {
        ServiceId::from_u64(500_000 + self.0 + n).unwrap()
    }

    pub(crate) fn organization(self) -> OrgId {
        OrgId::from_u64(600_000 + self.0).unwrap()
    }
}

/// A catalog in which everything is possible, and everything is guarded.
pub(crate) fn catalog() -> Arc<Catalog> {
    let words = |scope: bool| {
        let of_scope =
            Action::ALL.iter().map(|action| action.as_str()).filter(|word| IN_WORKSPACES.contains(word) == scope);
        of_scope.map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
    };
    let text = TEXT.replace("ORGANIZATION_GUARDS", &words(false)).replace("WORKSPACE_GUARDS", &words(true));
    Arc::new(toml::from_str(&text).unwrap())
}

const IN_WORKSPACES: [&str; 7] = [
    "edit_workspace",
    "archive_workspace",
    "delete_workspace",
    "change_access",
    "manage_collaborators",
    "change_rules",
    "use_credits",
];

const TEXT: &str = r#"
name = "samples"
providers = ["okta"]

[[permissions]]
key = "organization.run"
scope = "organization"
guards = [ORGANIZATION_GUARDS]

[[permissions]]
key = "workspace.run"
scope = "workspace"
guards = [WORKSPACE_GUARDS]

[[permissions]]
key = "thing.read"
scope = "resource"

[[permissions]]
key = "thing.write"
scope = "resource"
active_only = true

[[permissions]]
key = "money.spend"
scope = "organization"
recent_authentication = "15m"

[[roles]]
key = "owner"
rank = 40
owner = true
permissions = ["*"]
reach = "all"
falls_back_to = "admin"

[[roles]]
key = "admin"
rank = 30
permissions = ["organization.run", "workspace.run", "thing.read", "thing.write"]
reach = "all"

[[roles]]
key = "member"
rank = 10
permissions = ["thing.read", "thing.write"]

[[roles]]
key = "guest"
rank = 5
permissions = ["thing.read"]
billable = false

[[groups]]
key = "members"
roles = ["member"]

[[plans]]
key = "team"
rank = 1
team_organizations = true
seats = "per_seat:1"
retention = [{ kind = "video", keep = "30d" }]

[[plans]]
key = "big"
rank = 2
team_organizations = true
seats = "per_seat:5"

[policy]
unique_names = "global"
ownership_transfer = "with_consent"
services_of_removed = "keep"

[policy.personal]
plan = "team"
name = "{user}"
deletable = true
"#;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn address(text: &str) -> Address {
    Address::new(text).unwrap()
}

pub(crate) fn secret(n: u8) -> SecretHash {
    SecretHash::from_bytes([n; 32])
}

fn domain(text: &str) -> Domain {
    Domain::new(text).unwrap()
}

pub(crate) fn facts() -> Facts<'static> {
    Facts::at(NOW).authenticated(NOW).with_second_factor()
}

/// Carries a command out that must be accepted.
pub(crate) fn run(org: &mut Organization, actor: Actor, command: impl Into<Command>) -> Outcome {
    let command = command.into();
    let outcome = org.handle(&command, &facts().by(actor)).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
    outcome.records.iter().for_each(|record| org.apply(record));
    outcome
}

/// Gives a command that must be refused, and says how it was.
pub(crate) fn refused(org: &Organization, actor: Actor, command: impl Into<Command>) -> Refusal {
    let command = command.into();
    match org.handle(&command, &facts().by(actor)) {
        Ok(outcome) => panic!("{command:?} by {actor:?} was carried out: {outcome:?}"),
        Err(refusal) => refusal,
    }
}

/// An organization of a catalog of its own, with its owner, nine seats and nobody else.
pub(crate) fn founded(catalog: &str) -> Organization {
    let mut org = Organization::new(Ids::OWN.organization(), Arc::new(toml::from_str(catalog).unwrap()));
    let (plan, seats) = ("team".into(), Seats::new(9));
    let create = CreateOrganization { name: name("Acme"), plan, seats, owned: 0, workspace: Ids::OWN.workspace(9) };
    run(&mut org, Actor::User(Ids::OWN.user(OWNER)), create);
    org
}

/// An organization with one of everything. The people are the same whatever the ids, so that they belong to both.
pub(crate) fn organization(ids: Ids) -> Organization {
    let (people, owner) = (Ids::OWN, Actor::User(Ids::OWN.user(OWNER)));
    let mut org = Organization::new(ids.organization(), catalog());
    let create = CreateOrganization {
        name: name(&format!("Acme {}", ids.0)),
        plan: "team".into(),
        seats: Seats::new(10),
        owned: 0,
        workspace: ids.workspace(1),
    };
    run(&mut org, owner, create);
    for n in 1..=3 {
        run(&mut org, owner, CreateWorkspace { workspace: ids.workspace(n), name: name(&format!("W{n}")) });
    }
    run(&mut org, owner, CreateTeam { team: ids.team(1), name: name("Team") });
    run(&mut org, owner, CreateTeam { team: ids.team(2), name: name("Empty") });
    let create = |key: &str| CreateRole {
        role: key.into(),
        title: name("Helper"),
        like: "guest".into(),
        reach: bailiwick::catalog::Reach::Assigned,
        permissions: vec!["thing.read".into()],
    };
    run(&mut org, owner, create("custom.helper"));
    run(&mut org, owner, create("custom.unused"));
    let in_first = |changes| vec![(ids.workspace(1), changes)];
    let (admin, member) = (vec!["admin".into()], vec!["member".into()]);
    run(&mut org, owner, AddMember { user: people.user(ADMIN), roles: admin, access: vec![] });
    let access = in_first(Override::role("custom.helper").adding("thing.write"));
    run(&mut org, owner, AddMember { user: people.user(MEMBER), roles: member.clone(), access });
    run(&mut org, owner, AddMember { user: people.user(SUSPENDED), roles: member, access: vec![] });
    run(&mut org, owner, Suspend { user: people.user(SUSPENDED) });
    let access = in_first(Override::role("guest"));
    run(&mut org, owner, AddCollaborator { user: people.user(COLLABORATOR), access });
    run(&mut org, owner, JoinTeam { team: ids.team(1), user: people.user(MEMBER) });
    let rule = SetRule {
        workspace: ids.workspace(2),
        holder: RuleFor::Team(ids.team(1)),
        given: vec!["thing.read".into()],
        taken: vec![],
        until: None,
    };
    run(&mut org, owner, rule);
    let invite = |n: u64, to: &str| Invite::to(ids.invitation(n), address(to), secret(n as u8));
    run(&mut org, owner, invite(1, "ina@example.com").role("member").workspace(ids.workspace(1), Override::none()));
    run(&mut org, owner, invite(2, "out@example.com").workspace(ids.workspace(1), Override::role("guest")));
    let service = |n: u64| CreateService {
        service: ids.service(n),
        name: name("Robot"),
        permissions: vec!["thing.read".into()],
        workspaces: vec![ids.workspace(1)],
        until: None,
        secret: secret(50),
    };
    run(&mut org, owner, service(1));
    run(&mut org, Actor::User(people.user(ADMIN)), service(2));
    run(&mut org, owner, SetDomain { domain: domain("acme.example"), roles: vec!["guest".into()] });
    run(&mut org, Actor::System, ConfirmDomain { domain: domain("acme.example") });
    run(&mut org, owner, SetDomain { domain: domain("new.example"), roles: vec![] });
    run(&mut org, owner, ArchiveWorkspace { workspace: ids.workspace(3) });
    run(&mut org, owner, SetPreference { key: "color".into(), value: Some("red".into()) });
    run(&mut org, owner, SetProvisioning { roles: Some(vec!["member".into(), "guest".into()]) });
    run(&mut org, owner, TransferOwnership { to: people.user(ADMIN), from: None });
    assert_eq!(org.audit(NOW), []);
    org
}

/// A command of every kind, with somebody from whom the organization accepts it. Making an organization and taking a
/// deletion back are for others.
pub(crate) fn samples(ids: Ids) -> Vec<(Actor, Command)> {
    let people = Ids::OWN;
    let user = |n| Actor::User(people.user(n));
    let owner = user(OWNER);
    let later = NOW.plus(Span::days(30));
    let (w1, w2, w3) = (ids.workspace(1), ids.workspace(2), ids.workspace(3));
    let guest = Override::role("guest");
    let proof = |text: &str| AddressProof::Verified(address(text));
    let new = |n: u64, text: &str| Invite::to(ids.invitation(n), address(text), secret(9)).role("guest");
    let custom = |permission: &str| ChangeRole {
        role: "custom.helper".into(),
        title: name("Helper"),
        like: "guest".into(),
        reach: bailiwick::catalog::Reach::Assigned,
        permissions: vec![permission.into()],
    };
    let c = custom("thing.write");
    let made = CreateRole {
        role: "custom.new".into(),
        title: c.title.clone(),
        like: c.like.clone(),
        reach: c.reach,
        permissions: c.permissions.clone(),
    };
    let service = CreateService {
        service: ids.service(7),
        name: name("New"),
        permissions: vec!["thing.read".into()],
        workspaces: vec![w1, w2],
        until: Some(later),
        secret: secret(3),
    };
    let rule = SetRule {
        workspace: w1,
        holder: RuleFor::Team(ids.team(1)),
        given: vec!["thing.write".into()],
        taken: vec![],
        until: None,
    };
    vec![
        (owner, Rename { name: name("Other") }.into()),
        (owner, Describe { description: "words".into() }.into()),
        (owner, SetPreference { key: "color".into(), value: None }.into()),
        (owner, ChangeStatus { status: Status::Archived }.into()),
        (owner, DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false }.into()),
        (owner, ChangePlan { plan: "big".into(), seats: Seats::new(20), at: Some(later) }.into()),
        (owner, ChangeSeats { seats: Seats::new(12), period_end: later }.into()),
        (owner, SetOwnKey { class: "llm".parse().unwrap(), on: true }.into()),
        (Actor::System, RequireProvider { provider: Some("okta".into()) }.into()),
        (owner, SetDomain { domain: domain("acme.example"), roles: vec!["member".into()] }.into()),
        (Actor::System, ConfirmDomain { domain: domain("new.example") }.into()),
        (owner, DropDomain { domain: domain("acme.example") }.into()),
        (user(STRANGER), JoinByDomain { address: proof("zoe@acme.example") }.into()),
        (owner, SetProvisioning { roles: None }.into()),
        (owner, CreateWorkspace { workspace: ids.workspace(7), name: name("New") }.into()),
        (owner, RenameWorkspace { workspace: w1, name: name("One") }.into()),
        (owner, ArchiveWorkspace { workspace: w1 }.into()),
        (owner, ReopenWorkspace { workspace: w3 }.into()),
        (owner, DeleteWorkspace { workspace: w1 }.into()),
        (owner, new(7, "new@example.com").workspace(w1, Override::none()).into()),
        (owner, InviteMany { invitations: vec![new(8, "a@example.com"), new(9, "b@example.com")] }.into()),
        (owner, EditInvitation { invitation: ids.invitation(1), roles: vec!["guest".into()], access: vec![] }.into()),
        (owner, Resend { invitation: ids.invitation(1), secret: Some(secret(8)) }.into()),
        (owner, Revoke { invitation: ids.invitation(2) }.into()),
        (
            user(STRANGER),
            Accept { invitation: ids.invitation(1), secret: secret(1), address: proof("ina@example.com") }.into(),
        ),
        (
            user(STRANGER),
            Decline { invitation: ids.invitation(2), secret: secret(2), address: proof("out@example.com") }.into(),
        ),
        (
            owner,
            AddMember {
                user: people.user(STRANGER),
                roles: vec!["member".into()],
                access: vec![(w1, guest.clone()), (w2, Override::none())],
            }
            .into(),
        ),
        (owner, AddCollaborator { user: people.user(STRANGER), access: vec![(w1, guest.clone())] }.into()),
        (owner, MakeCollaborator { user: people.user(MEMBER) }.into()),
        (owner, ChangeRoles { user: people.user(MEMBER), roles: vec!["admin".into()] }.into()),
        (owner, Suspend { user: people.user(MEMBER) }.into()),
        (owner, Reactivate { user: people.user(SUSPENDED) }.into()),
        (owner, SwitchCredits { user: people.user(MEMBER), on: Some(false) }.into()),
        (owner, Remove { user: people.user(MEMBER), content: Some(Content::TransferTo(people.user(ADMIN))) }.into()),
        (user(MEMBER), Leave { content: None }.into()),
        (Actor::System, EraseUser { user: people.user(COLLABORATOR) }.into()),
        (owner, TransferOwnership { to: people.user(MEMBER), from: None }.into()),
        (user(ADMIN), AcceptOwnership {}.into()),
        (owner, CancelTransfer {}.into()),
        (owner, made.into()),
        (owner, c.into()),
        (owner, DeleteRole { role: "custom.helper".into(), instead: Some("guest".into()) }.into()),
        (owner, GiveAccess { user: people.user(COLLABORATOR), workspace: w2, changes: guest }.into()),
        (owner, TakeAccess { user: people.user(MEMBER), workspace: w1 }.into()),
        (owner, rule.into()),
        (owner, CreateTeam { team: ids.team(7), name: name("New") }.into()),
        (owner, RenameTeam { team: ids.team(1), name: name("Crew") }.into()),
        (owner, DissolveTeam { team: ids.team(1) }.into()),
        (owner, JoinTeam { team: ids.team(2), user: people.user(MEMBER) }.into()),
        (owner, LeaveTeam { team: ids.team(1), user: people.user(MEMBER) }.into()),
        (owner, service.into()),
        (
            owner,
            ChangeService { service: ids.service(1), permissions: vec![], workspaces: vec![w2], until: None }.into(),
        ),
        (owner, RotateSecret { service: ids.service(1), secret: secret(4) }.into()),
        (owner, EndService { service: ids.service(2) }.into()),
    ]
}

/// Commands that are for an organization in another state, or for none.
pub(crate) const ELSEWHERE: [&str; 4] = ["SignUp", "CreateOrganization", "RestoreOrganization", "AdoptService"];
