//! Explanations as data.

use bailiwick::access::{Decision, Effect, Explanation, Layer, LayerKind, Step, Turn, Verdict};
use bailiwick::catalog::Catalog;
use serde_json::{Value, json};

use crate::facts;
use crate::failure::Failure;

/// An explanation as JSON: the answer, the rules that were asked, the layers of rule 7, what would turn it.
///
/// # Errors
/// None that an explanation has.
pub fn explanation(why: &Explanation, catalog: &Catalog) -> Result<String, Failure> {
    crate::write(&json!({
        "decision": facts::decision(why.decision, catalog),
        "version": why.version,
        "actor": why.actor,
        "permission": why.permission,
        "target": why.target,
        "steps": why.steps.iter().map(step).collect::<Vec<_>>(),
        "layers": why.layers.iter().map(layer).collect::<Vec<_>>(),
        "turn": why.turn.as_ref().map(turn),
    }))
}

/// A decision as JSON: number, code and text, with what it takes to turn it.
///
/// # Errors
/// None that a decision has.
pub fn decision(decision: Decision, catalog: &Catalog) -> Result<String, Failure> {
    crate::write(&facts::decision(decision, catalog))
}

fn step(step: &Step) -> Value {
    let verdict = match step.verdict {
        Verdict::Passed => "passed",
        Verdict::Answered => "answered",
    };
    json!({ "rule": step.rule, "question": step.question, "verdict": verdict, "finding": step.finding, "origin": step.origin })
}

fn layer(layer: &Layer) -> Value {
    let effect = match layer.effect {
        Effect::Gives => "gives",
        Effect::Takes => "takes",
        Effect::Nothing => "nothing",
    };
    json!({ "kind": kind(layer.kind), "effect": effect, "what": layer.what, "origin": layer.origin,
        "event": layer.event, "until": layer.until })
}

/// The word of a layer; one that is newer than this binding is called `other`.
const fn kind(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::OrganizationRole => "organization_role",
        LayerKind::InheritedRole => "inherited_role",
        LayerKind::RoleOutOfReach => "role_out_of_reach",
        LayerKind::OverrideRole => "override_role",
        LayerKind::GroupRule => "group_rule",
        LayerKind::TeamRule => "team_rule",
        LayerKind::Row => "row",
        LayerKind::Ended => "ended",
        LayerKind::FirmRole => "firm_role",
        LayerKind::Sight => "sight",
        LayerKind::Personal => "personal",
        LayerKind::Share => "share",
        LayerKind::RoleBound => "role_bound",
        LayerKind::Service => "service",
        LayerKind::Staff => "staff",
        _ => "other",
    }
}

fn turn(turn: &Turn) -> Value {
    let steps = turn.steps.iter().map(|step| json!({ "what": step.what, "by": step.by, "more": step.more }));
    json!({ "says": turn.says, "steps": steps.collect::<Vec<_>>(), "then": turn.then })
}
