//! bailiwick's directory: every organization of a process, laid out for checks alone. Asked by id, with the
//! organization in hand, and in batches.

use std::sync::Arc;

use bailiwick::access::{Decision, DenyReason, Facts};
use bailiwick::catalog::Catalog;
use bailiwick::directory::{self, Directory};

use crate::engine::Engine;
use crate::worlds::{Plain, Question};

/// Questions in a batch.
const BATCH: usize = 32;

pub struct ById {
    directory: Directory,
    facts: Facts<'static>,
}

impl Engine for ById {
    const NAME: &'static str = "bailiwick, `Directory`";
    type Asked<'a> = Question;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Self {
        Self { directory: filled(organizations, catalog), facts: Question::facts() }
    }

    fn ask(&self, question: &Question) -> Question {
        *question
    }

    #[inline]
    fn check(&self, asked: &Question) -> bool {
        let decision = self.directory.check(asked.org, asked.actor(), asked.permission, asked.target(), &self.facts);
        decision == Decision::Allow
    }
}

pub struct InHand {
    directory: Directory,
    facts: Facts<'static>,
}

impl Engine for InHand {
    const NAME: &'static str = "bailiwick, `Directory`, organization in hand";
    type Asked<'a> = (directory::Found<'a>, Question);

    fn load(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Self {
        Self { directory: filled(organizations, catalog), facts: Question::facts() }
    }

    fn ask(&self, question: &Question) -> (directory::Found<'_>, Question) {
        (self.directory.find(question.org).unwrap(), *question)
    }

    #[inline]
    fn check(&self, (org, asked): &(directory::Found<'_>, Question)) -> bool {
        org.check(asked.actor(), asked.permission, asked.target(), &self.facts) == Decision::Allow
    }
}

pub struct InBatches {
    directory: Directory,
    facts: Facts<'static>,
}

impl Engine for InBatches {
    const NAME: &'static str = "bailiwick, `Directory`, 32 at once";
    type Asked<'a> = directory::Question<'a>;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Self {
        Self { directory: filled(organizations, catalog), facts: Question::facts() }
    }

    fn ask(&self, question: &Question) -> directory::Question<'_> {
        directory::Question {
            organization: question.org,
            actor: question.actor(),
            permission: question.permission,
            target: question.target(),
        }
    }

    fn check(&self, asked: &directory::Question<'_>) -> bool {
        let mut answer = [false];
        self.check_each(std::slice::from_ref(asked), &mut answer);
        answer[0]
    }

    #[inline]
    fn check_each(&self, asked: &[directory::Question<'_>], answers: &mut [bool]) {
        let mut decisions = [Decision::Deny(DenyReason::NotFound); BATCH];
        for (asked, answers) in asked.chunks(BATCH).zip(answers.chunks_mut(BATCH)) {
            let decisions = &mut decisions[..asked.len()];
            self.directory.check_each(asked, decisions, &self.facts);
            for (decision, answer) in decisions.iter().zip(answers) {
                *answer = *decision == Decision::Allow;
            }
        }
    }
}

fn filled(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Directory {
    let directory = Directory::new(Arc::clone(catalog));
    organizations.for_each(|org| directory.put(&org.organization(catalog)));
    directory
}
