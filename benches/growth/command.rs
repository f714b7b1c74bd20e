//! What does a change cost, as the organization grows? It must cost the change, not the organization.
//!
//! Members all over the organization get another role and the old one back. The command is judged and its records are applied to the
//! organization; then a directory that holds a copy of it applies them, until a check there says otherwise.

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::change::{ChangeRoles, Command, Record};
use bailiwick::directory::Directory;
use bailiwick::{Actor, Organization, UserId, WorkspaceId, presets};

use crate::effort::{Effort, median, timed};
use crate::members::{ONE_ACROSS, one_sizes};
use crate::panel::{Kept, Line, Panel, Up};
use crate::worlds::{Ask, NOW, Plain, Role, Row, Worlds};

/// Members in one pass, each with two changes.
const SUBJECTS: usize = 512;

/// Somebody with less than an admin, and a workspace where they have what their roles say.
#[derive(Clone, Copy)]
struct Subject {
    user: UserId,
    workspace: WorkspaceId,
}

/// One change: the command, whom it is about, and whether they may run something then.
struct Change {
    command: Command,
    subject: Subject,
    may_run: bool,
}

pub fn changes(effort: &Effort) -> Panel {
    let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut handled = Line::new(Kept::Organizations, "handle and apply, per change");
    let mut followed = Line::new(Kept::Directory, "Directory::apply until seen, per change");
    for &size in effort.sizes(one_sizes()) {
        let plain = Worlds::one(size, &catalog).plain().next().unwrap();
        let mut ahead = plain.organization(&catalog);
        let mut behind = ahead.clone();
        let directory = Directory::new(Arc::clone(&catalog));
        directory.put(&behind);
        let changes = changes_of(&subjects(&plain));
        let owner = Actor::User(plain.members[0].user);
        let (mut handling, mut following) = (Vec::new(), Vec::new());
        for _ in 0..effort.passes() {
            let (took, records) = timed(|| handle_and_apply(&mut ahead, owner, &changes));
            handling.push(took);
            following.push(timed(|| follow(&directory, &mut behind, &changes, &records)).0);
        }
        assert_eq!(ahead, behind);
        assert!(ahead.audit(NOW).is_empty());
        let per_change = |all| median::<core::time::Duration>(all).as_nanos() as f64 / changes.len() as f64;
        handled.push(size, per_change(handling));
        followed.push(size, per_change(following));
    }
    let question = "Is a change slower in a larger organization?";
    Panel { question, across: ONE_ACROSS, up: Up::CHANGE, lines: vec![followed, handled] }
}

fn handle_and_apply(organization: &mut Organization, by: Actor, changes: &[Change]) -> Vec<Vec<Record>> {
    let context = Facts::at(NOW).by(by);
    changes
        .iter()
        .map(|change| {
            let outcome = organization.handle(&change.command, &context).unwrap();
            outcome.records.iter().for_each(|record| organization.apply(record));
            outcome.records
        })
        .collect()
}

fn follow(directory: &Directory, organization: &mut Organization, changes: &[Change], records: &[Vec<Record>]) {
    let (id, facts) = (organization.id(), Facts::at(NOW));
    let run = organization.catalog().permission(Ask::Run.key()).unwrap();
    for (change, records) in changes.iter().zip(records) {
        directory.apply(organization, records);
        let Subject { user, workspace } = change.subject;
        let found = black_box(directory).check(id, Actor::User(user), run, Target::Workspace(workspace), &facts);
        assert_eq!(found == Decision::Allow, change.may_run);
    }
}

/// Viewers from all over the organization, each in a workspace where they have what their role says.
fn subjects(plain: &Plain) -> Vec<Subject> {
    let is_plain = |row: &&Row| row.role.is_none() && plain.members[row.member].role == Role::Viewer;
    let mut rows: Vec<&Row> = plain.rows.iter().filter(is_plain).collect();
    rows.dedup_by_key(|row| row.member);
    let step = rows.len().div_ceil(SUBJECTS);
    let subject =
        |row: &Row| Subject { user: plain.members[row.member].user, workspace: plain.workspaces[row.workspace] };
    rows.into_iter().step_by(step).map(subject).collect()
}

/// Everybody is promoted, then everybody is what they were; where there are few, again and again.
fn changes_of(subjects: &[Subject]) -> Vec<Change> {
    let rounds = SUBJECTS.div_ceil(subjects.len());
    (0..2 * rounds)
        .map(|round| if round % 2 == 0 { Role::Developer } else { Role::Viewer })
        .flat_map(|role| subjects.iter().map(move |subject| Change::of(*subject, role)))
        .collect()
}

impl Change {
    fn of(subject: Subject, role: Role) -> Self {
        let command = ChangeRoles { user: subject.user, roles: vec![role.key().into()] }.into();
        Self { command, subject, may_run: role.holds(Ask::Run) }
    }
}
