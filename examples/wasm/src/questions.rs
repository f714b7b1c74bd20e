//! Questions: may they, and why.

use bailiwick::access::{Decision, Explanation, Facts, Target};
use bailiwick::directory::Question;
use bailiwick::{Actor, OrgId};
use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::{explain, nearest, question};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::access::RawAccess;
use crate::refs::{Meant, Refs};
use crate::tenants::{Engine, RawTenants};
use crate::value::{self, actor, id, maybe, moment, time};
use crate::{Answer, thrown, told};

/// How many numbers one of many questions has: organization, kind of actor, actor, permission, workspace.
const WIDTH: usize = 5;
/// Many are asked so many at a time.
const TOGETHER: usize = 256;

#[wasm_bindgen]
impl RawTenants {
    /// A number for an id.
    #[wasm_bindgen(js_name = ref)]
    pub fn reference(&self, text: &str) -> Answer<u32> {
        let meant = id::<OrgId>(text).map(|id| Meant { id: bits(id), on_behalf_of: None });
        told(meant.and_then(|meant| self.refs.borrow_mut().of(meant)))
    }

    /// A number for somebody of the staff in the place of a user.
    pub fn staff_ref(&self, staff: &str, on_behalf_of: &str) -> Answer<u32> {
        let meant = id::<OrgId>(staff)
            .and_then(|staff| Ok(Meant { id: bits(staff), on_behalf_of: Some(bits(id::<OrgId>(on_behalf_of)?)) }));
        told(meant.and_then(|meant| self.refs.borrow_mut().of(meant)))
    }

    /// A check by numbers alone.
    pub fn check_ref(
        &self,
        organization: u32,
        kind: u32,
        actor: u32,
        permission: u32,
        workspace: u32,
        now: f64,
    ) -> u32 {
        let Some(now) = moment(now) else { return code::BAD_VALUE.into() };
        let asked = asked(&self.engine, &self.refs.borrow(), [organization, kind, actor, permission, workspace]);
        let answer = asked.and_then(|it| {
            let decision = self.engine.check(it.organization, it.actor, it.permission, it.target, &Facts::at(now));
            decision.map(Decision::number).map_err(|why| why.number())
        });
        u32::from(answer.unwrap_or_else(|number| number))
    }

    /// Many of them; `answers` has one place for each.
    pub fn check_each(&self, questions: &[u32], facts: &str, answers: &mut [u16]) -> Answer<()> {
        told(self.ask_each(questions, facts, answers))
    }

    /// A check about an organization or a workspace, of which nothing is known but the time: a number.
    pub fn check(
        &self,
        organization: &str,
        kind: u32,
        id_of: &str,
        other: &str,
        permission: u32,
        workspace: &str,
        now: f64,
    ) -> Answer<u32> {
        let ask = || {
            let (organization, actor) = (id(organization)?, actor(kind, id_of, other)?);
            let permission = question::permission(self.engine.catalog(), narrow(permission))?;
            let target = maybe(workspace)?.map_or(Target::Organization, Target::Workspace);
            Ok::<_, Failure>(self.engine.check(organization, actor, permission, target, &Facts::at(time(now)?))?)
        };
        told(ask()).map(|decision| decision.number().into())
    }

    /// Any check: the decision as JSON.
    pub fn decide(
        &self,
        organization: &str,
        actor: &str,
        permission: u32,
        target: &str,
        facts: &str,
    ) -> Answer<String> {
        told(self.with(organization, actor, target, facts, |organization, actor, target, facts| {
            let permission = question::permission(self.engine.catalog(), narrow(permission))?;
            let decision = self.engine.check(organization, actor, permission, target, facts)?;
            explain::decision(decision, self.engine.catalog())
        }))
    }

    /// Why, as JSON.
    pub fn explain(
        &self,
        organization: &str,
        actor: &str,
        permission: u32,
        target: &str,
        facts: &str,
    ) -> Answer<String> {
        let why = self.why(organization, actor, permission, target, facts).map_err(thrown)?;
        told(explain::explanation(&why, self.engine.catalog()))
    }

    /// Why, as text. `names` is JSON: what people are called.
    pub fn explain_text(
        &self,
        organization: &str,
        actor: &str,
        permission: u32,
        target: &str,
        facts: &str,
        names: &str,
    ) -> Answer<String> {
        let names = bailiwick_bridge::read::<std::collections::BTreeMap<bailiwick::UserId, String>>(names);
        let names = told(names)?;
        let why = told(self.why(organization, actor, permission, target, facts))?;
        Ok(why.to_text(&|user| names.get(&user).cloned()))
    }

    /// What would turn the answer: changes as JSON, in the order in which an explanation says them.
    pub fn nearest(
        &self,
        organization: &str,
        actor: &str,
        permission: u32,
        target: &str,
        facts: &str,
    ) -> Answer<String> {
        told(self.with(organization, actor, target, facts, |organization, actor, target, facts| {
            let permission = question::permission(self.engine.catalog(), narrow(permission))?;
            nearest::changes(&self.engine, organization, actor, permission, target, facts)
        }))
    }

    /// What may they?
    pub fn access(&self, organization: &str, actor: &str, target: &str, facts: &str) -> Answer<RawAccess> {
        told(self.with(organization, actor, target, facts, |organization, actor, target, facts| {
            RawAccess::of(&self.engine, |tenants| Ok(tenants.access(organization, actor, target, facts)?))
        }))
    }
}

impl RawTenants {
    fn why(
        &self,
        organization: &str,
        actor: &str,
        permission: u32,
        target: &str,
        facts: &str,
    ) -> Result<Explanation, Failure> {
        self.with(organization, actor, target, facts, |organization, actor, target, facts| {
            let permission = question::permission(self.engine.catalog(), narrow(permission))?;
            Ok(self.engine.explain(organization, actor, permission, target, facts)?)
        })
    }

    /// Uses what a question is made of.
    fn with<R>(
        &self,
        organization: &str,
        actor: &str,
        target: &str,
        facts: &str,
        using: impl FnOnce(OrgId, Actor, Target<'_>, &Facts<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let organization: OrgId = id(organization)?;
        let actor: Actor = bailiwick_bridge::read(actor)?;
        let target: question::Target = bailiwick_bridge::read(target)?;
        let facts: question::Facts = bailiwick_bridge::read(facts)?;
        facts.with(self.engine.catalog(), |facts| {
            target.with(&self.engine, organization, |target| using(organization, actor, target, facts))
        })
    }

    fn ask_each(&self, questions: &[u32], facts: &str, answers: &mut [u16]) -> Result<(), Failure> {
        if questions.len() != answers.len().saturating_mul(WIDTH) {
            return Err(Failure::of(code::BAD_LENGTH, format!("{WIDTH} numbers for each answer")));
        }
        let facts: question::Facts = bailiwick_bridge::read(facts)?;
        facts.with(self.engine.catalog(), |facts| {
            let together = TOGETHER.saturating_mul(WIDTH);
            for (questions, answers) in questions.chunks(together).zip(answers.chunks_mut(TOGETHER)) {
                self.ask_some(questions, facts, answers)?;
            }
            Ok(())
        })
    }

    /// Asks up to [`TOGETHER`] of them; what is wrong with one is its answer.
    fn ask_some(&self, questions: &[u32], facts: &Facts<'_>, answers: &mut [u16]) -> Result<(), Failure> {
        let (mut asked_for, mut places) = (Vec::with_capacity(TOGETHER), Vec::with_capacity(TOGETHER));
        let refs = self.refs.borrow();
        for (question, answer) in questions.chunks_exact(WIDTH).zip(answers) {
            let question = <[u32; WIDTH]>::try_from(question).map_err(|_| code::BAD_LENGTH);
            match question.and_then(|question| asked(&self.engine, &refs, question)) {
                Ok(question) => {
                    asked_for.push(question);
                    places.push(answer);
                }
                Err(number) => *answer = number,
            }
        }
        drop(refs);
        let mut decisions = vec![Decision::Allow; asked_for.len()];
        self.engine.check_each(&asked_for, &mut decisions, facts)?;
        for (place, decision) in places.into_iter().zip(decisions) {
            *place = decision.number();
        }
        Ok(())
    }
}

/// A question by numbers.
#[inline]
fn asked(
    engine: &Engine,
    refs: &Refs,
    [organization, kind, actor, permission, workspace]: [u32; WIDTH],
) -> Result<Question<'static>, Number> {
    let at = u8::try_from(permission).ok();
    Ok(Question {
        organization: refs.organization(organization)?,
        actor: value::actor_of(kind, |part| refs.named(part, actor))?,
        permission: at.and_then(|at| engine.catalog().permission_at(at)).ok_or(code::UNKNOWN_NAME)?,
        target: refs.workspace(workspace)?.map_or(Target::Organization, Target::Workspace),
    })
}

/// The position of a permission; beyond all positions there is none either way.
fn narrow(permission: u32) -> u16 {
    u16::try_from(permission).unwrap_or(u16::MAX)
}

fn bits(id: OrgId) -> std::num::NonZeroU128 {
    // An id is not zero, whichever it is.
    std::num::NonZeroU128::new(id.as_u128()).unwrap_or(std::num::NonZeroU128::MIN)
}
