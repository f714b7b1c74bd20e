//! The write path: one organization of 1,000 members and 50 workspaces. A round changes several hundred members, a command
//! each, and then changes them back.

use std::slice;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::Catalog;
use bailiwick::change::{ChangeRoles, Command, GiveAccess, Record, TakeAccess};
use bailiwick::directory::Directory;
use bailiwick::{Actor, Organization, Override, UserId, WorkspaceId, presets};
use hashbrown::HashSet;

use crate::scenario::repeat;
use crate::worlds::{Ask, NOW, Plain, Role, Worlds};

/// One command, and whether its member may run something in the workspace afterwards.
struct Step {
    command: Command,
    user: UserId,
    workspace: WorkspaceId,
    allowed: bool,
}

/// What becomes of a member, and how it is undone.
struct Turn {
    there: Step,
    back: Step,
}

pub fn roles(rounds: u64) -> u64 {
    handle_and_apply(rounds, role_turns)
}

pub fn row(rounds: u64) -> u64 {
    handle_and_apply(rounds, row_turns)
}

pub fn roles_seen(rounds: u64) -> u64 {
    apply_and_see(rounds, role_turns)
}

pub fn row_seen(rounds: u64) -> u64 {
    apply_and_see(rounds, row_turns)
}

/// Judged and applied.
fn handle_and_apply(rounds: u64, turns: fn(&Plain) -> Vec<Turn>) -> u64 {
    let (mut org, steps, owner) = scene(turns);
    let context = Facts::at(NOW).by(Actor::User(owner));
    let played = repeat(rounds, &steps, |step| {
        let before = org.version();
        for record in org.handle(&step.command, &context).unwrap() {
            org.apply(&record);
        }
        assert_eq!(org.version(), before.next());
    });
    assert!(org.audit(NOW).is_empty());
    played
}

/// Applied through a directory, until a check sees it; the check is counted too.
fn apply_and_see(rounds: u64, turns: fn(&Plain) -> Vec<Turn>) -> u64 {
    let (mut org, steps, owner) = scene(turns);
    let context = Facts::at(NOW).by(Actor::User(owner));
    let mut prepared: Vec<(Record, Step)> = Vec::new();
    for step in steps {
        let [record] = org.handle(&step.command, &context).unwrap().records.try_into().unwrap();
        org.apply(&record);
        prepared.push((record, step));
    }
    let directory = Directory::new(Arc::clone(org.catalog()));
    directory.put(&org);
    let (facts, run) = (Facts::at(NOW), org.catalog().permission(Ask::Run.key()).unwrap());
    for _ in 0..rounds {
        for (record, step) in &mut prepared {
            record.version = org.version().next();
            directory.apply(&mut org, slice::from_ref(record));
            let target = Target::Workspace(step.workspace);
            let decision = directory.check(org.id(), Actor::User(step.user), run, target, &facts);
            assert_eq!(decision == Decision::Allow, step.allowed);
        }
    }
    rounds * prepared.len() as u64
}

/// The organization, what is done to it, and who does it.
fn scene(turns: fn(&Plain) -> Vec<Turn>) -> (Organization, Vec<Step>, UserId) {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut world = Worlds::many(1, &catalog);
    (world.members, world.workspaces) = (1_000, 50);
    let plain = world.plain().next().unwrap();
    let (mut steps, mut back) = (Vec::new(), Vec::new());
    for turn in turns(&plain) {
        steps.push(turn.there);
        back.push(turn.back);
    }
    steps.append(&mut back);
    (plain.organization(&catalog), steps, plain.members[0].user)
}

/// Developers become viewers and viewers developers. It shows where a row of theirs only assigns.
fn role_turns(plain: &Plain) -> Vec<Turn> {
    let mut turned = HashSet::new();
    let rows = plain.rows_by_id().filter(|(_, _, role)| role.is_none());
    rows.filter(|(member, ..)| turned.insert(member.user))
        .map(|(member, workspace, _)| {
            let becomes = |role: Role| Step {
                command: ChangeRoles { user: member.user, roles: vec![role.key().into()] }.into(),
                user: member.user,
                workspace,
                allowed: role.holds(Ask::Run),
            };
            let other = if member.role == Role::Developer { Role::Viewer } else { Role::Developer };
            Turn { there: becomes(other), back: becomes(member.role) }
        })
        .collect()
}

/// Those who reach nothing without a row get one where they have none, and lose it.
fn row_turns(plain: &Plain) -> Vec<Turn> {
    let has_row: HashSet<_> = plain.rows_by_id().map(|(member, workspace, _)| (member.user, workspace)).collect();
    let members = plain.members.iter().filter(|member| !member.role.reaches_all());
    members
        .map(|member| {
            let user = member.user;
            let workspace = *plain.workspaces.iter().find(|id| !has_row.contains(&(user, **id))).unwrap();
            let give = GiveAccess { user, workspace, changes: Override::role(Role::Developer.key()) };
            let take = TakeAccess { user, workspace };
            Turn {
                there: Step { command: give.into(), user, workspace, allowed: true },
                back: Step { command: take.into(), user, workspace, allowed: false },
            }
        })
        .collect()
}
