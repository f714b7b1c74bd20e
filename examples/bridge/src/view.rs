//! Views: how an organization stands.

use bailiwick::access::Facts;
use bailiwick::change::Refusal;
use bailiwick::store::Store;
use bailiwick::{Actor, OrgId, Organization, SeatCount, Seats, Tenants, Timestamp, Work};
use serde_json::{Value, json};

use crate::failure::Failure;

/// An organization at a time: its snapshot, as the crate writes it, and what follows from it. `null` for an unknown one.
///
/// ```text
/// {"snapshot":{…},"plan":"team","bought":5,"seats":{"limit":5,"used":3,"charged":5},"members":3,"active_members":3,"collaborators":1,
///  "owners":1,"open_invitations":0,"allowance":{…},"retention":[{"kind":"video","due":…}],"broken":[]}
/// ```
///
/// `broken` names every invariant that does not hold, and is empty unless something else than the crate has written the records.
///
/// # Errors
/// Trouble with the store.
pub fn organization<S: Store>(tenants: &Tenants<S>, id: OrgId, now: Timestamp) -> Result<String, Failure> {
    crate::write(&tenants.read(id, |organization| view(organization, now))?)
}

fn view(organization: &Organization, now: Timestamp) -> Value {
    let terms = organization.profile().map(|profile| profile.terms_at(now));
    let plan = terms.and_then(|terms| organization.catalog().plan_def(terms.plan)).map(|plan| plan.key.as_str());
    let owners = organization.people().filter(|(user, _)| organization.is_active_owner(*user)).count();
    let open = organization.invitations().filter(|(_, invitation)| invitation.state(now).to_string() == "open").count();
    let retention = organization.retention();
    let retention = retention.iter().map(|date| json!({ "kind": date.kind, "due": date.due }));
    let broken = organization.audit(now);
    json!({
        "snapshot": organization.snapshot(),
        "plan": plan,
        "bought": terms.map(|terms| terms.seats),
        "seats": organization.seats(now).map(seats),
        "members": organization.member_count(),
        "active_members": organization.active_member_count(),
        "collaborators": organization.collaborator_count(),
        "owners": owners,
        "open_invitations": open,
        "allowance": organization.allowance(now).map(|(allowance, _)| allowance),
        "retention": retention.collect::<Vec<_>>(),
        "broken": broken.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

pub(crate) fn seats(seats: SeatCount) -> Value {
    json!({ "limit": seats.limit, "used": seats.used, "charged": seats.charged })
}

/// Everything that happened to an organization, in order.
///
/// # Errors
/// Trouble with the store.
pub fn journal<S: Store>(tenants: &Tenants<S>, id: OrgId) -> Result<String, Failure> {
    crate::write(&tenants.journal(id)?)
}

/// Who would pay for work: `{"scope":{…},"pays":"pool"}`.
///
/// # Errors
/// `not_found`, `denied`, `credits_off`; trouble with the store.
pub fn spender<S: Store>(
    tenants: &Tenants<S>,
    id: OrgId,
    work: &Work,
    actor: Actor,
    facts: &Facts<'_>,
) -> Result<String, Failure> {
    let spender = tenants.read(id, |organization| organization.spender(actor, work, facts))?;
    crate::write(&spender.ok_or(Refusal::NotFound)??)
}

/// What would be too much for a plan with so many seats: `[{"what":"seats","max":5,"used":7}]`.
///
/// # Errors
/// `unknown_name`, `not_found`; trouble with the store.
pub fn excess<S: Store>(
    tenants: &Tenants<S>,
    id: OrgId,
    plan: &str,
    seats: Seats,
    now: Timestamp,
) -> Result<String, Failure> {
    let plan = crate::catalog::plan(tenants.catalog(), plan)?;
    let found = tenants.read(id, |organization| organization.fits_plan(plan, seats, now))?.ok_or(Refusal::NotFound)?;
    let each = found.iter().map(|over| json!({ "what": over.what, "max": over.max, "used": over.used }));
    crate::write(&each.collect::<Vec<_>>())
}
