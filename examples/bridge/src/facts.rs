//! The facts in refusals and decisions, by name.

use bailiwick::access::{Decision, DenyReason, Requirement};
use bailiwick::catalog::Catalog;
use bailiwick::change::Refusal;
use serde_json::{Value, json};

use crate::failure::Failure;

/// What a refusal knows. Codes inside are names; what speaks of a catalog says its keys.
pub(crate) fn of(refusal: &Refusal) -> Value {
    match refusal {
        Refusal::Denied { action, reason } => {
            json!({ "action": action.as_str(), "reason": reason.code(), "number": reason.number() })
        }
        Refusal::StepUp { requirement } => requirement_of(requirement),
        Refusal::UnknownRole { key, meant }
        | Refusal::UnknownPermission { key, meant }
        | Refusal::UnknownGroup { key, meant }
        | Refusal::UnknownPlan { key, meant }
        | Refusal::UnknownProvider { key, meant } => json!({ "key": key, "meant": meant }),
        Refusal::AlreadyInvited { invitation } => json!({ "invitation": invitation }),
        Refusal::InvitationClosed { state } => json!({ "state": state.to_string() }),
        Refusal::TooManyRoles { max } => json!({ "max": max }),
        Refusal::TooManyItems { max } | Refusal::TooLong { max } => json!({ "max": max }),
        Refusal::WrongScope { key } | Refusal::LacksPermission { key } | Refusal::NotShareable { key } => {
            json!({ "key": key })
        }
        Refusal::BadKey { flaw } => json!({ "flaw": flaw }),
        Refusal::NotAssignable { key, .. } => json!({ "role": key }),
        Refusal::RoleInUse { people, invitations } => json!({ "people": people, "invitations": invitations }),
        Refusal::SeatLimit { limit, used } => json!({ "limit": limit, "used": used }),
        Refusal::SeatsBelowMinimum { minimum } => json!({ "minimum": minimum }),
        Refusal::LimitReached { limit, max, used } => json!({ "limit": limit, "max": max, "used": used }),
        Refusal::TooManyOrganizations { max } => json!({ "max": max }),
        Refusal::SeatsInUse { seats, used } => json!({ "seats": seats, "used": used }),
        Refusal::PlanDoesNotFit { excess } => {
            let each = excess.iter().map(|over| json!({ "what": over.what, "max": over.max, "used": over.used }));
            json!({ "excess": each.collect::<Vec<_>>() })
        }
        Refusal::OrganizationClosed { status } => json!({ "status": status }),
        Refusal::BatchRefused { item, refusal } => json!({ "item": item, "why": Failure::from(&**refusal).to_value() }),
        _ => json!({}),
    }
}

/// What has to be shown first. A provider is a position in the catalog; a refusal has no catalog to name it by.
fn requirement_of(requirement: &Requirement) -> Value {
    json!({
        "provider": requirement.provider.map(|provider| provider.index()),
        "second_factor": requirement.second_factor,
        "authentication_within": requirement.authentication_within,
    })
}

/// The same where there is a catalog to name the provider by, with its words.
pub(crate) fn named_requirement(needed: Requirement, catalog: &Catalog) -> Value {
    let (text, mut told) = of_requirement(needed, catalog);
    if let Value::Object(told) = &mut told {
        told.insert("text".to_owned(), json!(text));
    }
    told
}

fn of_requirement(needed: Requirement, catalog: &Catalog) -> (String, Value) {
    let provider = needed.provider.map(|provider| catalog.provider_key(provider));
    let facts = json!({ "provider": provider, "second_factor": needed.second_factor,
        "authentication_within": needed.authentication_within });
    (format!("first {needed}"), facts)
}

/// An answer: its number, its name and its words, with what it takes to turn it.
pub(crate) fn decision(decision: Decision, catalog: &Catalog) -> Value {
    let (text, facts) = of_decision(decision, catalog);
    let mut told = json!({ "number": decision.number(), "code": decision.code(), "text": text });
    if let (Value::Object(told), Value::Object(facts)) = (&mut told, facts) {
        told.extend(facts);
    }
    told
}

/// The words of an answer, and what it takes to turn it.
pub(crate) fn of_decision(decision: Decision, catalog: &Catalog) -> (String, Value) {
    match decision {
        Decision::Allow => ("allowed".to_string(), json!({})),
        Decision::StepUp(needed) => of_requirement(needed, catalog),
        Decision::Deny(reason @ DenyReason::NeedsFeature { feature, plan }) => {
            let plan = plan.and_then(|plan| catalog.plan_def(plan)).map(|plan| plan.key.as_str());
            (reason.to_string(), json!({ "feature": catalog.feature_key(feature), "plan": plan }))
        }
        Decision::Deny(reason) => (reason.to_string(), json!({})),
    }
}
