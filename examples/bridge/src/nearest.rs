//! The nearest change: what would turn an answer, as commands that are ready to be given.

use bailiwick::access::{Decision, DenyReason, Facts, Target};
use bailiwick::catalog::Permission;
use bailiwick::change::{Change, Nearest, Step};
use bailiwick::store::Store;
use bailiwick::{Actor, OrgId, Tenants};
use serde_json::{Value, json};

use crate::failure::Failure;

/// What would turn the answer to a question, in the order in which an explanation says it: `[{"change":{"organization":{…}},"by":["…"],"more":false}]`,
/// or `{"share":{"resource":"…","command":{…}}}` for a change of what is shared. Nothing where there is none, and nothing to strangers.
///
/// # Errors
/// Trouble with the store.
pub fn changes<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    actor: Actor,
    permission: Permission,
    target: Target<'_>,
    facts: &Facts<'_>,
) -> Result<String, Failure> {
    let copy = tenants.read(organization, Clone::clone)?; // nobody waits for the search
    let known = copy.filter(|now| now.check(actor, permission, target, facts) != Decision::Deny(DenyReason::NotFound));
    let steps = match known.map(|now| now.nearest(actor, permission, target, facts)) {
        Some(Nearest::Gives(remedy)) => remedy.steps,
        Some(Nearest::Takes(steps)) => steps,
        Some(Nearest::OutOfReach(_)) | None => Vec::new(),
    };
    crate::write(&steps.iter().map(step).collect::<Vec<_>>())
}

fn step(step: &Step) -> Value {
    let change = match &step.change {
        Change::Organization(command) => json!({ "organization": command }),
        Change::Share(resource, command) => json!({ "share": { "resource": resource, "command": command } }),
    };
    json!({ "change": change, "by": step.by.iter().map(|somebody| somebody.user).collect::<Vec<_>>(), "more": step.more })
}
