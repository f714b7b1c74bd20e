//! Before anything is timed: every engine gives every answer that is expected.

use std::sync::Arc;

use bailiwick::catalog::Catalog;

use crate::engine::Engine;
use crate::engines::{self, Round};
use crate::worlds::{Question, Worlds};

/// Asks everything that can be asked in the world, and so many questions of each kind that nobody should allow.
///
/// # Panics
/// When an engine gives another answer: then there is nothing to compare.
pub fn everybody(world: Worlds, of_each_denial: usize, catalog: &Arc<Catalog>) -> String {
    let mut questions: Vec<Question> = world.every_question().collect();
    questions.extend(world.unknown_user(of_each_denial));
    questions.extend(world.foreign_workspace(of_each_denial));
    let mut agreement = Agreement { world, catalog, questions, engines: 0 };
    engines::everybody(&mut agreement);

    let Agreement { questions, engines, .. } = agreement;
    let allowed = questions.iter().filter(|question| question.allowed).count();
    let (all, denied) = (questions.len(), questions.len() - allowed);
    format!(
        "All {engines} engines agree on {all} questions ({allowed} allowed, {denied} denied): every member of {} \
         organizations in every workspace, unknown users, workspaces of other organizations.",
        world.organizations
    )
}

struct Agreement<'a> {
    world: Worlds,
    catalog: &'a Arc<Catalog>,
    questions: Vec<Question>,
    engines: usize,
}

impl Round for Agreement<'_> {
    fn take<E: Engine>(&mut self) {
        let engine = E::load(&mut self.world.plain(), self.catalog);
        let asked: Vec<_> = self.questions.iter().map(|question| engine.ask(question)).collect();
        let mut answers = vec![false; asked.len()];
        engine.check_each(&asked, &mut answers);
        for (question, answer) in self.questions.iter().zip(answers) {
            assert_eq!(answer, question.allowed, "{}: {question:?}", E::NAME);
        }
        self.engines += 1;
    }
}
