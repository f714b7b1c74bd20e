//! What shares make of a difference: resource by resource, for whoever they concern.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{AccessChange, Comparison, Delta, Extent, On, Place, Spot, changes, usable};
use crate::access::{Facts, Resource, Share, ShareHolder};
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::id::ResourceId;
use crate::organization::Organization;
use crate::time::Timestamp;

/// A resource with the shares that count for it before, and those that count after.
pub(crate) struct Opened<'r> {
    pub(crate) on: Resource<'r>,
    pub(crate) before: Vec<Share>,
    pub(crate) after: Vec<Share>,
}

impl Opened<'static> {
    /// Resources of which nothing is known but what is shared on them; of each share, what becomes of it.
    pub(crate) fn each(shares: &[Share], becomes: impl Fn(&Share) -> Option<Share>) -> Vec<Self> {
        let mut by_resource: BTreeMap<ResourceId, Vec<Share>> = BTreeMap::new();
        for share in shares {
            by_resource.entry(share.on).or_default().push(*share);
        }
        let opened = |(id, before): (ResourceId, Vec<Share>)| {
            let after = before.iter().filter_map(&becomes).collect();
            Self { on: Resource { id, ..Resource::probe(None, None, &[]) }, before, after }
        };
        by_resource.into_iter().map(opened).collect()
    }
}

impl Comparison<'_> {
    /// What of what is shared on resources differs for some.
    pub(crate) fn shared(&self, who: &[Actor], opened: &[Opened<'_>]) -> Vec<AccessChange> {
        let of = |who: &Actor| changes(*who, opened.iter().flat_map(|opened| self.on_resource(*who, opened)).collect());
        who.iter().flat_map(of).collect()
    }

    /// Those whom shares can concern: everybody who is here, users from outside, and whoever presents a link.
    pub(crate) fn whoever_is_meant(&self, opened: &[Opened<'_>]) -> Vec<Actor> {
        let mut meant = self.everybody();
        let here: BTreeSet<Actor> = meant.iter().copied().collect();
        let shares = opened.iter().flat_map(|opened| opened.before.iter().chain(&opened.after));
        let named: BTreeSet<Actor> = shares
            .filter_map(|share| match share.to {
                ShareHolder::User(user) | ShareHolder::Person { user, .. } => Some(Actor::User(user)),
                ShareHolder::Link(link) => Some(Actor::Link(link)),
                ShareHolder::Group(_) | ShareHolder::Team(_) | ShareHolder::Members | ShareHolder::Organization(_) => {
                    None
                }
            })
            .collect();
        meant.extend(named.difference(&here));
        meant
    }

    /// Those for whom what is shared can differ where the shares are the same: whoever differs, or all whom it can concern
    /// where more than single people do.
    pub(crate) fn whoever_is_meant_differently(&self, opened: &[Opened<'_>]) -> Vec<Actor> {
        if self.is_about_everybody() { self.whoever_is_meant(opened) } else { self.whoever_differs() }
    }

    /// What of what shares give on one resource differs for one actor.
    pub(crate) fn on_resource(&self, who: Actor, opened: &Opened<'_>) -> Vec<(Extent, Delta)> {
        let before = Resource { shares: &opened.before, ..opened.on };
        let after = Resource { shares: &opened.after, ..opened.on };
        let delta = |at: Timestamp| {
            let (then, later) = (Facts { now: at, ..self.facts }, Facts { now: at, ..self.facts_after });
            let gave = given(self.before, who, &opened.before, &then);
            let gives = given(self.after, who, &opened.after, &later);
            if gave.is_empty() && gives.is_empty() {
                return Delta::default();
            }
            let had = usable(self.before, who, Spot::Resource(&before), &then);
            let has = usable(self.after, who, Spot::Resource(&after), &later);
            self.measure.given(self.measure.of_resources(self.measure.between(had, has)), gave, gives)
        };
        let mut instants = self.instants(who, opened.on.workspace);
        instants.extend(opened.before.iter().chain(&opened.after).filter_map(|share| share.until));
        let place = opened.on.workspace.map_or(Place::Organization, Place::Workspace);
        let extent = |(from, until)| Extent { place, except: Vec::new(), from, until, on: On::Resource(opened.on.id) };
        self.runs_of(instants, delta).into_iter().map(|(span, delta)| (extent(span), delta)).collect()
    }
}

/// Everything that shares give to an actor, whatever of it counts.
fn given(organization: &Organization, who: Actor, shares: &[Share], facts: &Facts<'_>) -> PermissionSet {
    let counting = shares.iter().filter(|share| organization.share_counts(share, who, facts));
    counting.fold(PermissionSet::EMPTY, |given, share| given | share.level)
}
