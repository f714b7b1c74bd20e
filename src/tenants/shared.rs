//! Lists of what is shared: with somebody, to a group, in an organization; and the review with what is shared in it.

use std::collections::{BTreeMap, BTreeSet};
use std::vec::Vec;

use super::AsyncTenants;
use crate::access::{Facts, Resource, Target};
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::change::behind;
use crate::id::{OrgId, ResourceId, ShareId, UserId};
use crate::limits::PLACES_TOGETHER_MAX;
use crate::organization::{Organization, RuleHolder};
use crate::reach::review::{Breadth, Review};
use crate::reach::{GroupReach, Page, Paging, ResourceHolding};
use crate::sharing::{Given, ShareAt, ShareKey, Sheet, shares_on};
use crate::store::{AsyncStore, StoreError};
use crate::version::Version;

/// Something that is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundShare {
    /// Where it is.
    pub at: ShareAt,
    /// To whom, what, until when and by whom.
    pub given: Given,
}

/// Something that is shared with somebody, and what they can do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedWith {
    /// Where it is.
    pub at: ShareAt,
    /// To whom, what, until when and by whom.
    pub given: Given,
    /// What of it a check does not deny now on a resource that is nobody's own and in no workspace; where they have a row or a
    /// rule is about them, what lies in that workspace can be open to them otherwise.
    pub usable: PermissionSet,
}

/// A page of what is shared.
pub type SharePage = Page<FoundShare, ShareAt>;

/// What a store is asked for: a key, of one organization's resources or of all.
type Sought = (ShareKey, Option<OrgId>);

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::shared_to`](super::Tenants::shared_to).
    pub async fn shared_to(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        paging: Paging<ShareAt>,
    ) -> Result<SharePage, StoreError> {
        let sought = [(key.clone(), within)];
        let mut gathered = Gathered::new(&paging);
        while let Some(together) = gathered.wanted() {
            let places = self.places(&sought, gathered.after, together).await?;
            let found = self.given_at(&places).await?.into_iter();
            gathered.note(&places, together, found.map(|(at, given)| (at, FoundShare { at, given })));
        }
        Ok(gathered.page(Version::ZERO))
    }

    /// As [`Tenants::shared_with`](super::Tenants::shared_with).
    pub async fn shared_with(
        &self,
        organization: OrgId,
        actor: Actor,
        facts: &Facts<'_>,
        paging: Paging<ShareAt>,
    ) -> Result<Page<SharedWith, ShareAt>, StoreError> {
        let sought = self
            .read(organization, |there| {
                let keys = keys_of(there, actor, facts).into_iter().map(|key| (key, Some(organization)));
                (there.access(actor, Target::Organization, facts).version(), keys.collect::<Vec<_>>())
            })
            .await?;
        let (version, sought) = sought.unwrap_or_default();
        self.usable_page(&sought, version, &paging, (actor, facts)).await
    }

    /// As [`Tenants::shared_everywhere`](super::Tenants::shared_everywhere).
    pub async fn shared_everywhere(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<ShareAt>,
    ) -> Result<Page<SharedWith, ShareAt>, StoreError> {
        let actor = Actor::User(user);
        let mut sought: BTreeSet<Sought> = BTreeSet::from([(ShareKey::User(user), None)]);
        sought.extend(facts.organizations.iter().map(|other| (ShareKey::Organization(*other), None)));
        for organization in self.all_organizations_of(user).await? {
            let keys = self.read(organization, |there| keys_within(there, user)).await?.unwrap_or_default();
            sought.extend(keys.into_iter().map(|key| (key, Some(organization))));
        }
        let sought: Vec<Sought> = sought.into_iter().collect();
        self.usable_page(&sought, Version::ZERO, &paging, (actor, facts)).await
    }

    /// As [`Tenants::holding_on`](super::Tenants::holding_on).
    pub async fn holding_on(
        &self,
        organization: OrgId,
        actor: Actor,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<ResourceHolding, StoreError> {
        let sheets = self.sheets(organization, resource).await?;
        let held = self
            .read(organization, |there| {
                let shares = shares_on(there, resource, &sheets);
                let on = Resource { shares: &shares, ..*resource };
                let mut held = there.holding_on(actor, &on, facts);
                let named = |sheet: &Sheet, (id, given): (ShareId, &Given)| {
                    (given.as_share(there, sheet.resource()), id, given.origin)
                };
                let mut kept: Vec<_> =
                    sheets.iter().flat_map(|sheet| sheet.shares().map(|share| named(sheet, share))).collect();
                for source in &mut held.shares {
                    // Of two that say the same each is named once.
                    let at = kept.iter().position(|(share, ..)| *share == Some(source.share));
                    source.kept = at.map(|at| kept.remove(at)).map(|(_, id, origin)| (id, origin));
                }
                held
            })
            .await?;
        Ok(held.unwrap_or(ResourceHolding::NOTHING))
    }

    /// As [`Tenants::reach_of`](super::Tenants::reach_of).
    pub async fn reach_of(
        &self,
        organization: OrgId,
        holder: RuleHolder,
        facts: &Facts<'_>,
        limit: usize,
    ) -> Result<Option<(GroupReach, SharePage)>, StoreError> {
        let reach = self.read(organization, |there| there.reach_of(holder, facts, limit)).await?.flatten();
        let Some(reach) = reach else { return Ok(None) };
        let key = match holder {
            RuleHolder::Team(team) => ShareKey::Team(organization, team),
            RuleHolder::Group(group) => {
                let key = self.catalog.group_def(group).map_or("", |def| def.key.as_str());
                ShareKey::Group(organization, key.into())
            }
        };
        let shared = self.shared_to(&key, Some(organization), Paging::first(limit)).await?;
        Ok(Some((reach, shared)))
    }

    /// As [`Tenants::review`](super::Tenants::review).
    pub async fn review(
        &self,
        organization: OrgId,
        facts: &Facts<'_>,
        breadth: Breadth,
    ) -> Result<Option<Review>, StoreError> {
        let review = self.read(organization, |there| there.review(facts, breadth)).await?.flatten();
        let Some(review) = review else { return Ok(None) };
        let (mut shares, mut paging) = (Vec::new(), Some(Paging::first(PLACES_TOGETHER_MAX)));
        while let Some(asked) = paging {
            let page = self.shared_to(&ShareKey::Within(organization), Some(organization), asked).await?;
            shares.extend(page.items.into_iter().map(|found| (found.at, found.given)));
            paging = asked.next(page.next);
        }
        Ok(Some(review.with_shares(shares)))
    }

    /// One page of what is found under keys and can be used.
    async fn usable_page(
        &self,
        sought: &[Sought],
        version: Version,
        paging: &Paging<ShareAt>,
        (actor, facts): (Actor, &Facts<'_>),
    ) -> Result<Page<SharedWith, ShareAt>, StoreError> {
        let mut gathered = Gathered::new(paging);
        while let Some(together) = gathered.wanted() {
            let places = self.places(sought, gathered.after, together).await?;
            let usable = self.usable_at(&places, actor, facts).await?;
            gathered.note(&places, together, usable.into_iter());
        }
        Ok(gathered.page(version))
    }

    /// The first places under any of the keys, in order, behind one.
    async fn places(
        &self,
        sought: &[Sought],
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        let mut places = BTreeSet::new();
        for (key, within) in sought {
            places.extend(self.shares_by(key, *within, after, limit).await?);
        }
        Ok(places.into_iter().take(limit).collect())
    }

    /// What of the shares at these places an actor can use.
    async fn usable_at(
        &self,
        places: &[ShareAt],
        actor: Actor,
        facts: &Facts<'_>,
    ) -> Result<Vec<(ShareAt, SharedWith)>, StoreError> {
        let mut said = Vec::new();
        for (at, given) in self.given_at(places).await? {
            let usable = self
                .read(at.organization, |there| {
                    let share =
                        given.as_share(there, at.resource).filter(|share| there.share_counts(share, actor, facts))?;
                    let on = Resource { shares: &[share], ..super::shares::alone(at.resource) };
                    Some(there.holding_on(actor, &on, facts).usable & share.level)
                })
                .await?;
            let usable = usable.flatten().filter(|usable| !usable.is_empty());
            said.extend(usable.map(|usable| (at, SharedWith { at, given, usable })));
        }
        Ok(said)
    }

    /// The shares at these places, in their order.
    pub(super) async fn given_at(&self, places: &[ShareAt]) -> Result<Vec<(ShareAt, Given)>, StoreError> {
        let mut given = Vec::new();
        for places in places.chunk_by(|a, b| a.organization == b.organization) {
            let Some(organization) = places.first().map(|at| at.organization) else { continue };
            let mut resources: Vec<ResourceId> = places.iter().map(|at| at.resource).collect();
            resources.dedup();
            let sheets = self.store.load_sheets(organization, &resources).await?.into_iter();
            let replayed = sheets.map(|(id, records)| (id, Sheet::replay(organization, id, &records)));
            let sheets: BTreeMap<ResourceId, Sheet> = replayed.collect();
            let there = |at: &ShareAt| Some((*at, sheets.get(&at.resource)?.share(at.share)?.clone()));
            given.extend(places.iter().filter_map(there));
        }
        Ok(given)
    }
}

/// A page in the making: of some places there is nothing to say.
struct Gathered<'p, T> {
    paging: &'p Paging<ShareAt>,
    after: Option<ShareAt>,
    said: Vec<(ShareAt, T)>,
    is_all: bool,
}

impl<'p, T> Gathered<'p, T> {
    fn new(paging: &'p Paging<ShareAt>) -> Self {
        Self { paging, after: paging.last(), said: Vec::new(), is_all: false }
    }

    /// How many places to look at next: one more than there is room for, to know whether there is another page.
    fn wanted(&self) -> Option<usize> {
        let missing = self.paging.room().checked_sub(self.said.len()).filter(|_| !self.is_all)?;
        Some(missing.min(PLACES_TOGETHER_MAX).saturating_add(1))
    }

    fn note(&mut self, places: &[ShareAt], wanted: usize, said: impl Iterator<Item = (ShareAt, T)>) {
        self.is_all = places.len() < wanted;
        self.after = places.last().copied().or(self.after);
        self.said.extend(said);
    }

    fn page(self, version: Version) -> Page<T, ShareAt> {
        Page::of(version, self.paging, self.said.into_iter())
    }
}

/// Everything by which something of an organization's can be shared to an actor.
pub(super) fn keys_of(organization: &Organization, actor: Actor, facts: &Facts<'_>) -> Vec<ShareKey> {
    if let Actor::Link(link) = actor {
        return [ShareKey::Link(link)].into();
    }
    let Some(user) = behind(organization, actor) else { return Vec::new() };
    let others = facts.organizations.iter().map(|other| ShareKey::Organization(*other));
    [ShareKey::User(user)].into_iter().chain(others).chain(keys_within(organization, user)).collect()
}

/// By what of them something is shared with a user as somebody of the organization.
fn keys_within(organization: &Organization, user: UserId) -> Vec<ShareKey> {
    let (id, catalog) = (organization.id(), organization.catalog());
    let Some(person) = organization.person(user) else { return Vec::new() };
    let teams = person.teams().iter().map(|joined| ShareKey::Team(id, joined.team));
    let inside = |group| organization.is_about(RuleHolder::Group(group), person);
    let groups = catalog.groups().filter(|(group, _)| inside(*group));
    let groups = groups.map(|(_, def)| ShareKey::Group(id, def.key.as_str().into()));
    person.is_member().then_some(ShareKey::Members(id)).into_iter().chain(teams).chain(groups).collect()
}
