//! The theorem of authority, as an oracle beside a life: no accepted command gives anybody a permission that its giver
//! does not hold there.
//!
//! The oracle asks nothing but what any caller can ask: the state, and [`Organization::access`]. It knows nothing of how
//! authority is judged. After each accepted command it compares what everybody holds with what they held before: in the
//! organization, in every workspace, on resources that nobody shared, on what is their own; now, and at every later
//! instant at which something ends. Suspensions and deletions are looked through, so that their end gives nothing.
//!
//! | what happened | who must hold what is gained |
//! | --- | --- |
//! | an invitation is accepted | whoever sent or last edited it; at that time, where the policy lets invitations stand |
//! | ownership is accepted | the owner who offered it |
//! | somebody joins by a domain, or the directory gives something | whoever set the roles, at that time |
//! | the platform acts, or an organization is made | nobody |
//! | anything else | the actor |
//!
//! Where somebody held it at an earlier time, whoever has since changed a role that was promised, or a rule, is a giver too.
//! The actor, when it is they who give, will hold it as well at the instant at which it is gained, as far as is known.
//!
//! Who holds what, where and when is in [`held`], what a giver can give in [`warrant`], what was promised when in [`memory`].
//! What else must hold has a file each: [`promises`], [`upwards`], [`services`]. [`trial`] tries whole lives.

mod held;
mod memory;
mod promises;
mod services;
pub(crate) mod trial;
mod upwards;
mod warrant;

use std::collections::BTreeMap;
use std::format;
use std::prelude::v1::*; // the crate itself has none

use bailiwick::catalog::PermissionSet;
use bailiwick::{Domain, InvitationId, Organization};

use super::lives::Step;
use held::{Difference, Place, differences, words};
use services::services_stay_small;
use upwards::nobody_touches_upwards;
use warrant::{Warrant, later};

/// What the oracle remembers of one organization: who could give what when it was promised.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oracle {
    invitations: BTreeMap<InvitationId, Warrant>,
    domains: BTreeMap<Domain, Warrant>,
    directory: Warrant,
    /// What rules came to give, or no longer take, as far as whoever set them held it.
    rules: BTreeMap<Place, PermissionSet>,
}

impl Oracle {
    /// Looks at an accepted command. The answer is what was wrong with it.
    pub(crate) fn watch(&mut self, before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
        let differences = differences(before, after, step.now);
        self.nobody_gains_more(&differences, before, after, step)?;
        self.only_owners_make_owners(before, after, step)?;
        nobody_touches_upwards(&differences, before, after, step)?;
        services_stay_small(before, after, step)?;
        self.remember(before, after, step);
        self.nobody_promises_more(before, after, step)
    }

    /// The theorem.
    fn nobody_gains_more(
        &self,
        differences: &[Difference],
        before: &Organization,
        after: &Organization,
        step: &Step,
    ) -> Result<(), String> {
        let mut gains = differences.iter().filter(|difference| !difference.gained().is_empty()).peekable();
        if gains.peek().is_none() {
            return Ok(());
        }
        let warrant = self.warrant(before, step);
        // Now, or then.
        let lacking = |gain: &Difference| match later(before, step, gain.place, gain.instant) {
            Some(then) if warrant.covers(gain.place, gain.gained()) => gain.gained() - then,
            None if warrant.covers(gain.place, gain.gained()) => PermissionSet::EMPTY,
            _ => gain.gained() - warrant.at(gain.place),
        };
        let Some(gain) = gains.find(|gain| !lacking(gain).is_empty()) else { return Ok(()) };
        let Difference { user, place, instant, .. } = gain;
        let lacking = words(after, lacking(gain));
        let gained = words(after, gain.gained());
        Err(format!("{user:?} gains {gained} at {place:?} at {instant:?}; the giver does not hold {lacking}"))
    }

    fn only_owners_make_owners(&self, before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
        let owner = after.catalog().owner_role();
        let made = after.people().find(|(user, person)| {
            person.roles().contains(owner) && !before.person(*user).is_some_and(|was| was.roles().contains(owner))
        });
        match made {
            Some((user, _)) => {
                let warrant = self.warrant(before, step);
                let made_well = warrant.unbounded || warrant.owner;
                if made_well { Ok(()) } else { Err(format!("{user:?} becomes an owner, made by no owner")) }
            }
            None => Ok(()),
        }
    }
}
