//! Both are asked everything that can be asked in a world.

use crate::ask::{Answer, Cedar};
use crate::rules::Rules;
use crate::worlds::World;

/// Asks everything, and tells what both say as soon as they say different things.
pub fn compare(world: &World, rules: &Rules, mut agreed: impl FnMut(Answer)) -> Result<(), String> {
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
                match cedar.check(&policies, (actor, permission, target)) {
                    Ok(theirs) if theirs == ours => agreed(ours),
                    theirs => {
                        answer =
                            Err(format!("{actor:?}, `{key}`, {target:?}: {ours:?} says bailiwick, {theirs:?} Cedar"));
                    }
                }
            }
        }
    });
    answer
}
