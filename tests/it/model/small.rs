//! Small worlds, exhaustively: every sequence of a few commands, by a few people, up to a length. After each step the
//! model agrees, the audit finds nothing, the records replay to an equal organization, and every read path gives the same answers.
//!
//! Sequences that lead to a state that was seen before are not followed further: what can be seen of the state, and the
//! time, decide what follows. Origins and versions differ between them, and nothing asks those.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::catalog::policy::{
    CollaboratorSeats, InviterGone, OnMemberRemoved, OnReinvite, OpenInvitations, OverrideMode, OwnRole,
    OwnershipTransfer, ServicesOfRemoved,
};
use bailiwick::catalog::{
    Action, Catalog, GroupDef, Holders, PlanDef, Policy, Reach, RoleDef, SeatRule, Sight, organization, resource,
    workspace,
};
use bailiwick::change::{
    Accept, AcceptOwnership, AddressProof, ChangeRole, ChangeRoles, Command, CreateOrganization, CreateRole,
    CreateService, CreateWorkspace, DeleteOrganization, DeleteRole, DeleteWorkspace, EraseUser, GiveAccess, Invite,
    Leave, Reactivate, Record, Remove, Resend, RestoreOrganization, SetRule, Suspend, TransferOwnership,
};
use bailiwick::{
    Actor, Address, Disposition, Name, Organization, Override, RuleFor, Seats, SecretHash, Timestamp, WorkspaceId,
};

use super::{Found, difference, judged};
use crate::support::agree::every_read_path;
use crate::support::lives::{self, Step, invitation, service, user};
use crate::support::model::Model;

const NOW: Timestamp = lives::BIRTH;
const SECRET: SecretHash = SecretHash::from_bytes([7; 32]);
const LENGTH: usize = 4;

/// The options by which the worlds differ.
struct Options {
    owners: Holders,
    policy: Policy,
}

fn catalog(options: Options) -> Catalog {
    let everything = Action::ALL.iter();
    let below = [Action::ChangeAccess, Action::ManageCollaborators, Action::ChangeRules, Action::DeleteWorkspace];
    let above = everything.filter(|action| !below.contains(action));
    let manage = above.fold(organization("org.manage"), |permission, action| permission.guards(*action));
    let share = below.into_iter().fold(workspace("place.share"), |permission, action| permission.guards(action));
    Catalog::builder("small")
        .permissions([manage, share, workspace("run.start"), workspace("run.stop"), resource("run.read")])
        .role(RoleDef::new("owner", 30).owner().holders(options.owners).reach(Reach::All).falls_back_to("admin"))
        .role(
            RoleDef::new("admin", 20)
                .allows(["org.manage", "place.share", "run.start", "run.read"])
                .reach(Reach::All)
                .sight(Sight::Shared),
        )
        .role(RoleDef::new("member", 10).allows(["run.start", "run.read"]).sight(Sight::Shared))
        .role(RoleDef::new("guest", 5).free())
        .group(GroupDef::new("guests", ["guest"]))
        .plan(PlanDef::new("small", 0).team_organizations().seats(SeatRule::PerSeat(1)))
        .policy(options.policy)
        .build()
        .unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn place(n: u64) -> WorkspaceId {
    lives::workspace(n)
}

fn bob() -> Address {
    Address::new("bob@acme.example").unwrap()
}

fn invite(n: u64, roles: &[&str], access: Vec<(WorkspaceId, Override)>) -> Command {
    let roles = roles.iter().map(|role| (*role).into()).collect();
    Invite { invitation: invitation(n), address: bob(), roles, access, secret: SECRET }.into()
}

fn roles(n: u64, role: &str) -> Command {
    ChangeRoles { user: user(n), roles: vec![role.into()] }.into()
}

/// A rule in the first workspace, for everybody who has a role like a guest's.
fn rule(given: &[&str]) -> SetRule {
    let given = given.iter().map(|key| (*key).into()).collect();
    SetRule { workspace: place(1), holder: RuleFor::Group("guests".into()), given, taken: Vec::new(), until: None }
}

fn custom(permissions: &[&str]) -> ChangeRole {
    let permissions = permissions.iter().map(|key| (*key).into()).collect();
    ChangeRole { role: "custom.a".into(), title: name("Own"), like: "guest".into(), reach: Reach::All, permissions }
}

/// What has happened before: an owner, an admin, a guest in a workspace, a role of their own; three seats, two taken.
fn beginning() -> Vec<(u64, Command)> {
    let ChangeRole { role, title, like, reach, permissions } = custom(&["run.start"]);
    let (plan, seats) = ("small".into(), Seats::new(3));
    vec![
        (1, CreateOrganization { name: name("Acme"), plan, seats, owned: 0, workspace: place(9) }.into()),
        (1, CreateWorkspace { workspace: place(1), name: name("One") }.into()),
        (1, CreateWorkspace { workspace: place(2), name: name("Two") }.into()),
        (1, CreateRole { role, title, like, reach, permissions: permissions[..0].to_vec() }.into()),
        (1, invite(1, &["admin"], vec![])),
        (2, accept(1)),
        (1, invite(2, &["guest"], vec![(place(1), Override::none().adding("run.start"))])),
        (3, accept(2)),
    ]
}

fn accept(n: u64) -> Command {
    Accept { invitation: invitation(n), secret: SECRET, address: AddressProof::Verified(bob()) }.into()
}

/// Everything that can happen next, by whom; nobody is the platform.
fn alphabet() -> Vec<(u64, Command)> {
    let transfer = TransferOwnership { to: user(2), from: None };
    let robot = CreateService {
        service: service(1),
        name: name("Robot"),
        permissions: vec!["run.start".into()],
        workspaces: vec![place(1)],
        until: None,
        secret: SECRET,
    };
    vec![
        (2, invite(3, &["custom.a"], vec![(place(1), Override::role("member"))])),
        (1, invite(4, &[], vec![(place(1), Override::role("custom.a"))])),
        (2, Resend { invitation: invitation(4), secret: Some(SECRET) }.into()),
        (4, accept(3)),
        (4, accept(4)),
        (1, roles(2, "guest")),
        (1, roles(2, "owner")),
        (2, roles(1, "member")),
        (2, roles(3, "custom.a")),
        (1, Leave { content: None }.into()),
        (2, Remove { user: user(3), content: None }.into()),
        (1, Suspend { user: user(2) }.into()),
        (1, Reactivate { user: user(2) }.into()),
        (1, transfer.into()),
        (2, AcceptOwnership {}.into()),
        (2, GiveAccess { user: user(3), workspace: place(2), changes: Override::role("custom.a") }.into()),
        (1, rule(&["run.read"]).into()),
        (2, rule(&["run.start", "run.read"]).into()),
        (1, custom(&["run.start", "run.stop"]).into()),
        (1, DeleteRole { role: "custom.a".into(), instead: Some("member".into()) }.into()),
        (2, DeleteWorkspace { workspace: place(1) }.into()),
        (2, robot.into()),
        (1, DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false }.into()),
        (1, RestoreOrganization {}.into()),
        (0, EraseUser { user: user(2) }.into()),
    ]
}

fn step((by, command): &(u64, Command)) -> Step {
    let actor = if *by == 0 { Actor::System } else { Actor::User(user(*by)) };
    Step {
        organization: 0,
        actor,
        now: NOW,
        authenticated_at: Some(NOW),
        second_factor: true,
        provider: None,
        command: command.clone(),
    }
}

struct State {
    org: Organization,
    model: Model,
    records: Vec<Record>,
    path: Vec<usize>,
}

impl State {
    /// What a step makes of it, where it is accepted. Judging cannot change anything, so a refusal does not.
    fn after(&self, steps: &[Step], at: usize) -> Option<Self> {
        let path: Vec<usize> = self.path.iter().copied().chain([at]).collect();
        let told = || path.iter().map(|at| told(&steps[*at])).collect::<Vec<_>>().join("\n");
        let (outcome, model) = match judged(&self.org, &self.model, &steps[at]) {
            Found::Refusal | Found::End => return None,
            Found::Acceptance(outcome, model) => (outcome, *model),
            Found::Difference(text) => panic!("{}\n{text}", told()),
        };
        let (mut org, mut records) = (self.org.clone(), self.records.clone());
        outcome.records.iter().for_each(|record| org.apply(record));
        records.extend(outcome.records);
        assert_eq!(org.audit(NOW), [], "{}", told());
        Some(Self { org, model, records, path })
    }

    /// What can only be wrong once for each state.
    fn assert_sound(&self, steps: &[Step]) {
        let told = || self.path.iter().map(|at| told(&steps[*at])).collect::<Vec<_>>().join("\n");
        let mut again = Organization::new(self.org.id(), Arc::clone(self.org.catalog()));
        self.records.iter().for_each(|record| again.apply(record));
        assert!(again == self.org, "{}\nreplays to another organization", told());
        let actors = (1..=5).map(|n| Actor::User(user(n))).chain([Actor::Service(service(1)), Actor::System]);
        let staff = Actor::Staff { staff: user(5), on_behalf_of: user(2) };
        let actors: Vec<Actor> = actors.chain([staff]).collect();
        let asked = every_read_path(&self.org, &actors, &[place(1), place(2), place(3), place(9)], NOW);
        assert!(asked.no > asked.yes && (asked.yes > 0 || !self.org.is_open()), "{}", told());
    }
}

fn told(step: &Step) -> String {
    format!("{:?} {}", step.actor, serde_json::to_string(&step.command).unwrap())
}

/// Follows every sequence. Answers with the number of states and of commands that were tried.
fn explore(options: Options) -> (usize, usize) {
    let org = lives::organizations(&Arc::new(catalog(options))).remove(0);
    let model = Model::new(org.id(), Arc::clone(org.catalog()));
    let before: Vec<Step> = beginning().iter().map(step).collect();
    let mut state = State { org, model, records: Vec::new(), path: Vec::new() };
    for at in 0..before.len() {
        state = state.after(&before, at).unwrap_or_else(|| panic!("{} is refused", told(&before[at])));
    }
    state.path.clear();
    let steps: Vec<Step> = alphabet().iter().map(step).collect();
    let mut seen = BTreeSet::from([state.model.lines(NOW)]);
    let (mut level, mut tried) = (vec![state], 0);
    for _ in 0..LENGTH {
        let mut next = Vec::new();
        for state in &level {
            tried += steps.len();
            for after in (0..steps.len()).filter_map(|at| state.after(&steps, at)) {
                let (lines, path) = (after.model.lines(NOW), &after.path);
                let text = difference(&after.org, &lines, NOW);
                assert!(text.is_none(), "{path:?} of {:#?}\n{text:?}", steps.iter().map(told).collect::<Vec<_>>());
                if seen.insert(lines) {
                    after.assert_sound(&steps);
                    next.push(after);
                }
            }
        }
        level = next;
    }
    (seen.len(), tried)
}

#[test]
fn every_sequence_in_a_small_world_keeps_what_holds() {
    let (states, tried) = explore(Options { owners: Holders::AtLeastOne, policy: Policy::default() });
    println!("{states} states, {tried} commands");
}

#[test]
fn every_sequence_in_a_strict_small_world_keeps_what_holds() {
    let mut policy = Policy {
        overrides: OverrideMode::Expand,
        own_role: OwnRole::DemoteOnly,
        open_invitations: OpenInvitations::ReserveSeats,
        collaborator_seats: CollaboratorSeats::Billable,
        on_member_removed: OnMemberRemoved::KeepAsCollaborator,
        ownership_transfer: OwnershipTransfer::WithConsent,
        services_of_removed: ServicesOfRemoved::Keep,
        ..Policy::default()
    };
    policy.invitations.on_reinvite = OnReinvite::Supersede;
    policy.invitations.inviter_gone = InviterGone::Revoke;
    let (states, tried) = explore(Options { owners: Holders::ExactlyOne, policy });
    println!("{states} states, {tried} commands");
}
