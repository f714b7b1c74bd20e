//! The same questions without the boundary, timed: what the figures in the README are held beside.

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::time::Instant;

use bailiwick::access::{Decision, Target as About};
use bailiwick::directory::Question as Asked;
use bailiwick::WorkspaceId;

use crate::access::Question;
use crate::code::Code;
use crate::door;
use crate::open::TenantsHandle;
use crate::table;
use crate::value::{self, place, some, Facts};

/// Nanoseconds that all rounds took, and how many answers were yes.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// Of single checks.
    pub check_ns: u64,
    /// Of checks in one list.
    pub check_each_ns: u64,
    /// Of tests on one resolved access.
    pub allows_ns: u64,
    /// How many of the single checks said yes.
    pub allowed: u64,
}

/// Asks the crate itself, as often.
#[no_mangle]
pub extern "C" fn bw_measure(
    tenants: TenantsHandle,
    questions: *const Question,
    count: usize,
    rounds: u32,
    facts: Option<&Facts>,
    measured: Option<&mut MaybeUninit<Measured>>,
) -> Code {
    door::done(|| {
        let (questions, facts, place) = (value::list(questions, count)?, some(facts)?, place(measured)?);
        let found = table::tenants(tenants, |tenants| {
            let held = facts.hold(tenants.catalog())?;
            let facts = held.facts();
            let mut asked = Vec::new();
            for question in questions {
                let workspace = question.workspace.maybe(WorkspaceId::from_uuid_bytes);
                asked.push(Asked {
                    organization: question.organization.one(bailiwick::OrgId::from_uuid_bytes)?,
                    actor: question.actor.who()?,
                    permission: value::permission(tenants.catalog(), question.permission)?,
                    target: workspace.map_or(About::Organization, About::Workspace),
                });
            }
            let mut measured = Measured::default();
            let begin = Instant::now();
            for _ in 0..rounds {
                for Asked { organization, actor, permission, target } in black_box(&asked) {
                    let decision = tenants.check(*organization, *actor, *permission, *target, &facts)?;
                    measured.allowed = measured.allowed.saturating_add(u64::from(decision.is_allow()));
                }
            }
            measured.check_ns = nanoseconds(begin);
            let mut decisions = vec![Decision::Allow; asked.len()];
            let begin = Instant::now();
            for _ in 0..rounds {
                tenants.check_each(black_box(&asked), &mut decisions, &facts)?;
                black_box(&decisions);
            }
            measured.check_each_ns = nanoseconds(begin);
            if let Some(first) = asked.first() {
                let access = tenants.access(first.organization, first.actor, first.target, &facts)?;
                let begin = Instant::now();
                for _ in 0..rounds {
                    for question in black_box(&asked) {
                        black_box(black_box(&access).allows(question.permission));
                    }
                }
                measured.allows_ns = nanoseconds(begin);
            }
            Ok::<_, bailiwick_bridge::failure::Failure>(measured)
        })??;
        place.write(found);
        Ok(())
    })
}

fn nanoseconds(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
