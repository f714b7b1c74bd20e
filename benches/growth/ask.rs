//! Asking: the same questions of a directory, of organizations and of maps by hand, each answer compared.

use std::hint::black_box;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::Permission;
use bailiwick::directory::Directory;
use bailiwick::{Actor, OrgId, Organization, UserId, WorkspaceId};
use hashbrown::HashMap;

use crate::baseline::{Asked, Baseline};
use crate::effort::{Effort, median, timed};
use crate::worlds::{self, NOW};

pub type Organizations = HashMap<OrgId, Organization>;

/// May this user do this in this workspace of this organization?
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub org: OrgId,
    pub user: UserId,
    pub workspace: WorkspaceId,
    pub permission: Permission,
    /// The answer expected.
    pub allowed: bool,
}

impl From<&worlds::Question> for Question {
    fn from(question: &worlds::Question) -> Self {
        let worlds::Question { org, user, workspace, permission, allowed, .. } = *question;
        Self { org, user, workspace, permission, allowed }
    }
}

pub fn of_directory(effort: Effort, directory: &Directory, questions: &[Question]) -> f64 {
    let facts = Facts::at(NOW);
    each(effort, questions, |question| {
        let Question { org, user, workspace, permission, allowed } = *question;
        let found =
            black_box(directory).check(org, Actor::User(user), permission, Target::Workspace(workspace), &facts);
        assert_eq!(found == Decision::Allow, allowed);
    })
}

pub fn of_organizations(effort: Effort, kept: &Organizations, questions: &[Question]) -> f64 {
    let facts = Facts::at(NOW);
    each(effort, questions, |question| {
        let Question { org, user, workspace, permission, allowed } = *question;
        let found = black_box(kept)[&org].check(Actor::User(user), permission, Target::Workspace(workspace), &facts);
        assert_eq!(found == Decision::Allow, allowed);
    })
}

pub fn of_maps(effort: Effort, by_hand: &Baseline<u128>, questions: &[worlds::Question]) -> f64 {
    each(effort, questions, |question| {
        assert_eq!(black_box(by_hand).check(&Asked::from(question)), question.allowed);
    })
}

/// A world that always says the same would be asked for nothing.
pub fn assert_both_answers(questions: &[Question]) {
    let allowed = questions.iter().filter(|question| question.allowed).count();
    assert!(allowed * 10 > questions.len() && allowed * 10 < questions.len() * 9, "a trivial world");
}

/// Nanoseconds for each question: the median of passes over all of them, after one that does not count.
fn each<Q>(effort: Effort, questions: &[Q], ask: impl Fn(&Q)) -> f64 {
    let pass = || timed(|| questions.iter().for_each(&ask)).0.as_nanos();
    pass();
    median((0..effort.passes()).map(|_| pass()).collect()) as f64 / questions.len() as f64
}
