//! One world, one engine after the other: loading, timing, counting.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick::catalog::Catalog;

use crate::baseline::Baseline;
use crate::engine::{Engine, QUICK};
use crate::engines::Round;
use crate::memory::counted;
use crate::worlds::{Plain, Question, Worlds};

/// Passes over the same questions.
pub const PASSES: usize = 5;
/// A pass is cut into so many strips, which alternate with strips of the yardstick: short enough that some of them run
/// undisturbed on a busy machine.
pub const STRIPS: usize = 16;
/// Questions of one kind of answer.
const OF_A_KIND: usize = QUICK / 4;

pub struct Contest<'a> {
    world: Worlds,
    catalog: &'a Arc<Catalog>,
    yardstick: Baseline<u128>,
    cold: Vec<Question>,
    hot: Vec<Question>,
    /// Allowed, not granted, unknown user, foreign workspace.
    kinds: [Vec<Question>; 4],
    results: Vec<Outcome>,
}

/// How one engine did in one world.
pub struct Outcome {
    pub engine: &'static str,
    pub world: Worlds,
    pub cold: Timing,
    pub hot: Timing,
    /// Allowed, not granted, unknown user, foreign workspace.
    pub kinds: [Timing; 4],
    pub load: Duration,
    pub bytes_per_member: f64,
}

/// Nanoseconds per check over all strips of all passes.
#[derive(Clone, Copy)]
pub struct Timing {
    pub min: f64,
    pub median: f64,
    /// The fastest strip over the fastest of the yardstick, whose strips alternate with these.
    pub ratio: f64,
}

impl<'a> Contest<'a> {
    pub fn prepare(world: Worlds, catalog: &'a Arc<Catalog>) -> Self {
        Self {
            world,
            catalog,
            yardstick: Engine::load(&mut world.plain(), catalog),
            cold: world.cold(QUICK),
            hot: world.hot(QUICK),
            kinds: [
                world.allowed(OF_A_KIND),
                world.not_granted(OF_A_KIND),
                world.unknown_user(OF_A_KIND),
                world.foreign_workspace(OF_A_KIND),
            ],
            results: Vec::new(),
        }
    }

    pub fn finish(self) -> Vec<Outcome> {
        self.results
    }

    fn time<E: Engine>(&self, engine: &E, questions: &[Question]) -> Timing {
        let asked_of_it = &questions[..questions.len().min(E::QUESTIONS)];
        let (mut by_hand, mut this) = (Passes::of(&self.yardstick, questions), Passes::of(engine, asked_of_it));
        let (mut beside, mut ns) = (Vec::new(), Vec::new());
        for _ in 0..PASSES {
            for strip in 0..this.strips() {
                beside.push(by_hand.run_warm(strip));
                ns.push(this.run_warm(strip));
            }
        }
        beside.sort_by(f64::total_cmp);
        ns.sort_by(f64::total_cmp);
        Timing { min: ns[0], median: ns[ns.len() / 2], ratio: ns[0] / beside[0] }
    }
}

impl Round for Contest<'_> {
    fn take<E: Engine>(&mut self) {
        eprintln!("{} organizations, {} members: {}", self.world.organizations, self.world.member_count(), E::NAME);
        let mut plain = Drawn { plain: self.world.plain(), spent: Duration::ZERO };
        let start = Instant::now();
        let (engine, bytes) = counted(|| E::load(&mut plain, self.catalog));
        let load = start.elapsed().saturating_sub(plain.spent);
        self.results.push(Outcome {
            engine: E::NAME,
            world: self.world,
            cold: self.time(&engine, &self.cold),
            hot: self.time(&engine, &self.hot),
            kinds: self.kinds.each_ref().map(|questions| self.time(&engine, questions)),
            load,
            bytes_per_member: bytes as f64 / self.world.member_count() as f64,
        });
    }
}

/// The same questions to the same engine, strip by strip, again and again.
struct Passes<'a, E: Engine> {
    engine: &'a E,
    questions: &'a [Question],
    asked: Vec<E::Asked<'a>>,
    answers: Vec<bool>,
}

impl<'a, E: Engine> Passes<'a, E> {
    const STRIP: usize = E::QUESTIONS / STRIPS;

    fn of(engine: &'a E, questions: &'a [Question]) -> Self {
        let asked = questions.iter().map(|question| engine.ask(question)).collect();
        Self { engine, questions, asked, answers: vec![false; Self::STRIP] }
    }

    fn strips(&self) -> usize {
        self.questions.len() / Self::STRIP
    }

    /// Times a strip after another one of the same engine, which finds the caches as others have left them.
    fn run_warm(&mut self, strip: usize) -> f64 {
        self.run((strip + self.strips() - 1) % self.strips());
        self.run(strip % self.strips())
    }

    /// Nanoseconds per check of one strip. A fast wrong answer is not a result.
    fn run(&mut self, strip: usize) -> f64 {
        let strip = strip * Self::STRIP..(strip + 1) * Self::STRIP;
        let (asked, questions) = (&self.asked[strip.clone()], &self.questions[strip]);
        let start = Instant::now();
        black_box(self.engine).check_each(black_box(asked), black_box(&mut self.answers));
        let spent = start.elapsed();
        let right = questions.iter().zip(&self.answers).all(|(question, answer)| question.allowed == *answer);
        assert!(right, "{} gave a wrong answer", E::NAME);
        spent.as_nanos() as f64 / questions.len() as f64
    }
}

/// The organizations of a world, and how long drawing them has taken: no engine is to pay for that.
struct Drawn<I> {
    plain: I,
    spent: Duration,
}

impl<I: Iterator<Item = Plain>> Iterator for Drawn<I> {
    type Item = Plain;

    fn next(&mut self) -> Option<Plain> {
        let start = Instant::now();
        let next = self.plain.next();
        self.spent += start.elapsed();
        next
    }
}
