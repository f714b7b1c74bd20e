//! What an engine has to do to take part.

use std::sync::Arc;

use bailiwick::catalog::Catalog;

use crate::worlds::{Plain, Question};

/// Something that holds every organization of a world and answers questions about them.
pub trait Engine: Sized {
    /// As the tables call it.
    const NAME: &'static str;
    /// How many questions a pass has; slow engines are asked fewer.
    const QUESTIONS: usize = QUICK;

    /// A question in the engine's own form. Made before the clock starts, so whoever wants text, entities or values has
    /// them at hand.
    type Asked<'a>
    where
        Self: 'a;

    /// Takes in every organization; whatever makes later answers faster belongs here.
    fn load(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Self;

    fn ask(&self, question: &Question) -> Self::Asked<'_>;

    fn check(&self, asked: &Self::Asked<'_>) -> bool;

    /// Answers all of them; engines that take several questions at once override it.
    #[inline]
    fn check_each(&self, asked: &[Self::Asked<'_>], answers: &mut [bool]) {
        for (asked, answer) in asked.iter().zip(answers) {
            *answer = self.check(asked);
        }
    }
}

/// Questions in a pass of an engine that answers in less than a microsecond.
pub const QUICK: usize = 1 << 18;
/// Of one that takes several.
pub const SLOW: usize = 1 << 12;
