//! Both are asked everything that can be asked in a world.

use std::fmt;

use crate::ask::{Answer, Cedar};
use crate::rules::Rules;
use crate::worlds::World;

/// Where the two part, in words.
#[derive(Debug)]
pub enum Disagreement {
    /// They say different things.
    Otherwise(String),
    /// Cedar cannot say anything.
    Unanswered(String),
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Otherwise(words) | Self::Unanswered(words)) = self;
        f.write_str(words)
    }
}

/// Asks everything, and tells what both say as soon as they say different things.
pub fn compare(world: &World, rules: &Rules, mut agreed: impl FnMut(Answer)) -> Result<(), Disagreement> {
    let (cedar, facts) = (Cedar::with(world), world.facts());
    let mut answer = Ok(());
    world.for_each_target(|target| {
        let policies = rules.about(target, &world.catalog);
        for (permission, key) in world.permissions() {
            for actor in world.actors() {
                if answer.is_err() {
                    return;
                }
                let ours = Answer::from(world.org.check(actor, permission, target, &facts));
                let question = || format!("{actor:?}, `{key}`, {target:?}: {ours:?} says bailiwick");
                match cedar.check(&policies, (actor, permission, target)) {
                    Ok(theirs) if theirs == ours => agreed(ours),
                    Ok(theirs) => answer = Err(Disagreement::Otherwise(format!("{}, {theirs:?} Cedar", question()))),
                    Err(why) => answer = Err(Disagreement::Unanswered(format!("{}; {why}", question()))),
                }
            }
        }
    });
    answer
}
