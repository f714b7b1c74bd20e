//! What the story needs to phrase an answer: plans by name, what a refusal is called, how much a receipt moved.

use std::error::Error;

use bailiwick::TenantsError;
use bailiwick::catalog::{PlanDef, Rollover};
use bailiwick::ledger::{self, OverLimit, Units};

use crate::page::{bytes, number};
use crate::studio::Studio;

/// Which plan has room for what there is.
pub fn prompt(studio: &Studio, over: &OverLimit) -> String {
    let plans = studio.catalog().plans().map(|(_, plan)| plan);
    let fits = plans.filter_map(|plan| Some((plan.storage.quota_bytes?, plan)));
    let fits = fits.filter(|(quota, _)| *quota >= over.used.as_u64()).min_by_key(|(quota, _)| *quota);
    fits.map_or_else(
        || "[ No plan has more room: tidy up, or talk to us ]".to_owned(),
        |(quota, plan)| format!("[ Upgrade to {}: {} ]", plan.display_title(), bytes(Units::new(quota))),
    )
}

/// A plan of the catalog.
pub fn plan<'s>(studio: &'s Studio, key: &str) -> Result<&'s PlanDef, Box<dyn Error>> {
    let catalog = studio.catalog();
    Ok(catalog.plan(key).and_then(|plan| catalog.plan_def(plan)).ok_or("the preset has the plan")?)
}

/// How much a plan's bank holds.
pub fn bank_of(plan: &PlanDef) -> String {
    match plan.credits.rollover {
        Rollover::Cap(cap) => format!("up to {}", number(cap)),
        Rollover::Percent(percent) => format!("up to {percent} % of that"),
        Rollover::None => "nothing".to_owned(),
    }
}

pub fn sum(draws: &[ledger::Draw]) -> u64 {
    draws.iter().map(|draw| draw.amount.as_u64()).sum()
}

/// The refusal that there has to be.
pub fn refused<T>(result: Result<T, TenantsError>) -> Result<TenantsError, Box<dyn Error>> {
    result.err().ok_or_else(|| "it should have been refused".into())
}

pub fn declined(error: &TenantsError) -> Result<ledger::Refusal, Box<dyn Error>> {
    match error {
        TenantsError::Declined(refusal) => Ok(**refusal),
        other => Err(format!("it should have been the ledger: {other}").into()),
    }
}

pub fn code(error: &TenantsError) -> &'static str {
    match error {
        TenantsError::Refused(refusal) => refusal.code(),
        TenantsError::Declined(refusal) => refusal.code(),
        _ => "trouble",
    }
}
