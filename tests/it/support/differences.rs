//! What checks say before and after, one permission, one place, one instant at a time: what differences are compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::{Catalog, FeatureSet, PermissionKey, Scope};
use bailiwick::change::{AccessChange, Extent, On, Place};
use bailiwick::whatif::AccessDiff;
use bailiwick::{Actor, OrgId, Organization, ResourceId, Timestamp, WorkspaceId};

/// Of what a check is asked.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Spot {
    /// The organization or a workspace.
    At(Place),
    /// What is nobody's own and not shared, in a workspace or in none.
    Unshared(Place),
    /// What is one's own and lies in no workspace.
    Own,
}

/// One thing that somebody can or cannot do somewhere.
pub(crate) type Fact = (OrgId, Actor, Spot, PermissionKey);

/// What can be gained and lost, one by one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Facets {
    pub(crate) gained: BTreeSet<Fact>,
    pub(crate) lost: BTreeSet<Fact>,
}

/// Of which scopes a permission is that is gained or lost: before and after they can be others.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    pub(crate) gained: BTreeMap<PermissionKey, BTreeSet<Scope>>,
    pub(crate) lost: BTreeMap<PermissionKey, BTreeSet<Scope>>,
}

impl Scopes {
    /// Where permissions of one key are one permission.
    pub(crate) fn by_key(before: &Catalog, after: &Catalog) -> Self {
        let mut scopes: BTreeMap<PermissionKey, BTreeSet<Scope>> = BTreeMap::new();
        for (_, def) in before.permissions().chain(after.permissions()) {
            scopes.entry(def.key.as_str().into()).or_default().insert(def.scope);
        }
        Self { gained: scopes.clone(), lost: scopes }
    }

    /// Whether a permission that is gained, or lost, is told apart at a spot.
    fn is_told(scopes: &BTreeMap<PermissionKey, BTreeSet<Scope>>, key: &PermissionKey, spot: Spot) -> bool {
        let of = &scopes[key];
        match spot {
            Spot::At(Place::Organization) => true,
            Spot::At(Place::Workspace(_)) => of.iter().any(|scope| *scope != Scope::Organization),
            Spot::Unshared(_) | Spot::Own => of.contains(&Scope::Resource),
        }
    }

    /// What of some facets is told apart.
    pub(crate) fn told(&self, facets: Facets) -> Facets {
        let keep = |facts: BTreeSet<Fact>, scopes: &BTreeMap<PermissionKey, BTreeSet<Scope>>| {
            facts.into_iter().filter(|(_, _, spot, key)| Self::is_told(scopes, key, *spot)).collect()
        };
        Facets { gained: keep(facets.gained, &self.gained), lost: keep(facets.lost, &self.lost) }
    }
}

fn workspaces(before: &Organization, after: &Organization) -> BTreeSet<WorkspaceId> {
    before.workspaces().chain(after.workspaces()).map(|(id, _)| id).collect()
}

/// Everybody of both states, at every spot of both.
pub(crate) fn everybody_everywhere(before: &Organization, after: &Organization) -> Vec<(Actor, Spot)> {
    let users = before.people().chain(after.people()).map(|(user, _)| Actor::User(user));
    let services = before.services().chain(after.services()).map(|(id, _)| Actor::Service(id));
    let who: BTreeSet<Actor> = users.chain(services).collect();
    let places = workspaces(before, after).into_iter().map(Place::Workspace).chain([Place::Organization]);
    let spots: Vec<Spot> =
        places.flat_map(|place| [Spot::At(place), Spot::Unshared(place)]).chain([Spot::Own]).collect();
    who.iter().flat_map(|who| spots.iter().map(|spot| (*who, *spot))).collect()
}

/// The keys of what somebody can do at a spot, one check for each permission.
pub(crate) fn checked(
    org: &Organization,
    who: Actor,
    spot: Spot,
    (now, features): (Timestamp, FeatureSet),
) -> BTreeSet<PermissionKey> {
    let mut facts = Facts::at(now).authenticated(now).with_second_factor().with_features(features);
    facts.provider = org.required_provider(now);
    let user = match who {
        Actor::Service(id) => org.service(id).and_then(|service| service.sponsor()),
        other => other.user(),
    };
    let workspace = |place| match place {
        Place::Organization => None,
        Place::Workspace(id) => Some(id),
    };
    let id = ResourceId::from_u64(77).unwrap();
    let unshared = Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] };
    let resource = match spot {
        Spot::Unshared(place) => Resource { workspace: workspace(place), ..unshared },
        Spot::Own => Resource { personal_owner: user, ..unshared },
        Spot::At(_) => unshared,
    };
    let target = match spot {
        Spot::At(Place::Organization) => Target::Organization,
        Spot::At(Place::Workspace(id)) => Target::Workspace(id),
        Spot::Own if user.is_none() => return BTreeSet::new(),
        Spot::Unshared(_) | Spot::Own => Target::Resource(&resource),
    };
    let all = org.catalog().permissions();
    let allowed = all.filter(|(permission, _)| org.check(who, *permission, target, &facts).is_allow());
    allowed.map(|(_, def)| def.key.as_str().into()).collect()
}

/// The instants at which something begins or ends by itself, and those just before.
pub(crate) fn instants(before: &Organization, after: &Organization, now: Timestamp) -> BTreeSet<Timestamp> {
    let of = |org: &Organization| {
        let mut found: BTreeSet<Timestamp> =
            org.profile().and_then(|p| p.next_terms).map(|(_, at)| at).into_iter().collect();
        found.extend(org.people().flat_map(|(_, person)| person.rows()).filter_map(|row| row.until));
        found.extend(org.workspaces().flat_map(|(_, place)| place.rules()).filter_map(|rule| rule.until));
        found.extend(org.services().filter_map(|(_, service)| service.until()));
        found
    };
    let on_the_edge = of(before).union(&of(after)).copied().collect::<BTreeSet<_>>();
    let before_it = on_the_edge.iter().map(|at| Timestamp::from_millis(at.as_millis() - 1));
    before_it.chain(on_the_edge.iter().copied()).filter(|at| *at > now).collect()
}

/// Rows spread out at an instant, `None` being at once, over the places that there are. Nothing may be said twice.
pub(crate) struct Spread<'s> {
    pub(crate) organization: OrgId,
    pub(crate) workspaces: BTreeSet<WorkspaceId>,
    pub(crate) scopes: &'s Scopes,
    pub(crate) at: Option<Timestamp>,
    facets: Facets,
}

impl<'s> Spread<'s> {
    pub(crate) fn new(before: &Organization, after: &Organization, scopes: &'s Scopes, at: Option<Timestamp>) -> Self {
        let (organization, workspaces) = (before.id(), workspaces(before, after));
        Self { organization, workspaces, scopes, at, facets: Facets::default() }
    }

    pub(crate) fn row(&mut self, who: Actor, extent: &Extent, gained: &[PermissionKey], lost: &[PermissionKey]) {
        assert!(!gained.is_empty() || !lost.is_empty(), "an empty row");
        assert!(extent.except.iter().all(|id| self.workspaces.contains(id)), "an exception from nothing");
        assert!(extent.from.is_none() || extent.from != extent.until, "for no time at all");
        if !extent.holds(self.at) || matches!(extent.on, On::Resource(_)) {
            return;
        }
        for (keys, scopes, facts) in
            [(gained, &self.scopes.gained, &mut self.facets.gained), (lost, &self.scopes.lost, &mut self.facets.lost)]
        {
            for key in keys {
                let mut spots = Vec::new();
                if extent.on == On::Own {
                    spots.push(Spot::Own);
                } else {
                    let below = self.workspaces.iter().filter(|id| extent.covers(**id)).map(|id| Place::Workspace(*id));
                    let top = (extent.place == Place::Organization).then_some(Place::Organization);
                    for place in below.chain(top) {
                        spots.extend((extent.on != On::Unshared).then_some(Spot::At(place)));
                        spots.extend((extent.on != On::Seen).then_some(Spot::Unshared(place)));
                    }
                }
                for spot in spots.into_iter().filter(|spot| Scopes::is_told(scopes, key, *spot)) {
                    let new = facts.insert((self.organization, who, spot, key.clone()));
                    assert!(new, "{who:?} {spot:?} {key:?} is said twice");
                }
            }
        }
    }

    pub(crate) fn finish(self) -> Facets {
        self.facets
    }
}

/// A diff, spread out.
pub(crate) fn spread(
    diff: &AccessDiff,
    (before, after): (&Organization, &Organization),
    scopes: &Scopes,
    at: Option<Timestamp>,
) -> Facets {
    let mut spread = Spread::new(before, after, scopes, at);
    let rows = diff.rows().iter().filter(|row| row.organization == before.id());
    rows.for_each(|row| spread.row(row.who, &row.extent, &row.gained, &row.lost));
    spread.finish()
}

/// The rows of a preview, spread out.
pub(crate) fn previewed(
    access: &[AccessChange],
    (before, after): (&Organization, &Organization),
    scopes: &Scopes,
    at: Option<Timestamp>,
) -> Facets {
    let mut spread = Spread::new(before, after, scopes, at);
    let key = |permission| PermissionKey::from(before.catalog().permission_def(permission).unwrap().key.as_str());
    for change in access {
        let keys = |set: bailiwick::catalog::PermissionSet| set.iter().map(key).collect::<Vec<_>>();
        spread.row(change.who, &change.extent, &keys(change.gained), &keys(change.lost));
    }
    spread.finish()
}

/// What checks say, where permissions of one key are one permission.
pub(crate) fn checked_facets(
    before: &Organization,
    after: &Organization,
    scopes: &Scopes,
    (now, features): (Timestamp, FeatureSet),
) -> Facets {
    let mut facets = Facets::default();
    for (who, spot) in everybody_everywhere(before, after) {
        let translated = features_of(before.catalog(), after.catalog(), features);
        let (had, has) = (checked(before, who, spot, (now, features)), checked(after, who, spot, (now, translated)));
        let fact = |key: &PermissionKey| (before.id(), who, spot, key.clone());
        facets.gained.extend(has.difference(&had).map(fact));
        facets.lost.extend(had.difference(&has).map(fact));
    }
    scopes.told(facets)
}

/// Features of one catalog in another, by their keys.
pub(crate) fn features_of(from: &Arc<Catalog>, to: &Arc<Catalog>, features: FeatureSet) -> FeatureSet {
    features.iter().filter_map(|feature| to.feature(from.feature_key(feature))).collect()
}

/// Every feature that a permission needs, or none.
pub(crate) fn features(catalog: &Catalog, on: bool) -> FeatureSet {
    let needed = catalog.permissions().filter_map(|(_, def)| catalog.feature(def.feature.as_deref()?));
    needed.filter(|_| on).collect()
}
