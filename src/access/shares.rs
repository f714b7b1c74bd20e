//! Shares: what one resource gives to one actor beyond the workspace that it lies in.

use super::lens::{Lens, View};
use super::{Facts, Resource, Share, ShareHolder};
use crate::actor::Actor;
use crate::catalog::RoleSet;
use crate::id::TeamId;
use crate::limits::CONTAINERS_MAX;
use crate::organization::{Person, Roles};
use crate::time::Timestamp;
use crate::version::Version;

/// What shares ask of a person, wherever that is kept.
pub(crate) trait Kin {
    fn is_member(&self) -> bool;
    fn has_current_row(&self, now: Timestamp) -> bool;
    /// The version at which the person came to belong as they do.
    fn joined(&self) -> Version;
    /// The roles that system groups are made of.
    fn groups(&self, all: Roles<'_>) -> RoleSet;
    fn is_in_team(&self, team: TeamId) -> bool;

    /// Whether they belong to the organization still: a collaborator of whom no row counts any more is a stranger.
    fn belongs(&self, now: Timestamp) -> bool {
        self.is_member() || self.has_current_row(now)
    }
}

impl Kin for Person {
    fn is_member(&self) -> bool {
        self.is_member()
    }

    fn has_current_row(&self, now: Timestamp) -> bool {
        self.has_current_row(now)
    }

    fn joined(&self) -> Version {
        self.joined().version
    }

    fn groups(&self, all: Roles<'_>) -> RoleSet {
        all.defined(self.roles())
    }

    fn is_in_team(&self, team: TeamId) -> bool {
        self.is_in_team(team)
    }
}

/// Everything that the shares on a resource and its containers give to an actor; `None` when no share concerns them.
pub(crate) fn given<L: Lens>(
    lens: L,
    all: Roles<'_>,
    resource: &Resource<'_>,
    actor: Actor,
    person: Option<&impl Kin>,
    facts: &Facts<'_>,
) -> Option<L::View> {
    let mut given = None;
    for share in counting(all, resource, actor, person, facts) {
        let before = given.unwrap_or(L::View::NOTHING);
        given = Some(before | lens.look(&(share.level & all.catalog.resource_scope())));
    }
    given
}

/// The shares on a resource and its containers that are to an actor, and have not ended.
#[inline]
pub(crate) fn counting<'s>(
    all: Roles<'s>,
    resource: &'s Resource<'s>,
    actor: Actor,
    person: Option<&'s impl Kin>,
    facts: &'s Facts<'s>,
) -> impl Iterator<Item = &'s Share> {
    let counts = move |share: &&Share| {
        is_on(share, resource) && is_current(share, facts) && concerns(all, share, actor, person, facts)
    };
    resource.shares.iter().filter(counts)
}

/// Whether a share is on the resource or on one of its containers.
pub(super) fn is_on(share: &Share, resource: &Resource<'_>) -> bool {
    share.on == resource.id || resource.containers.iter().take(CONTAINERS_MAX).any(|container| *container == share.on)
}

pub(crate) fn is_current(share: &Share, facts: &Facts<'_>) -> bool {
    share.until.is_none_or(|end| facts.now < end)
}

/// Whether a share is to this actor.
pub(crate) fn concerns(
    all: Roles<'_>,
    share: &Share,
    actor: Actor,
    person: Option<&impl Kin>,
    facts: &Facts<'_>,
) -> bool {
    match (share.to, actor) {
        (ShareHolder::Link(link), Actor::Link(presented)) => link == presented,
        (ShareHolder::User(user), Actor::User(asking)) => user == asking,
        (ShareHolder::Person { user, joined }, Actor::User(asking)) => {
            user == asking && person.is_some_and(|person| person.joined() == joined && person.belongs(facts.now))
        }
        (ShareHolder::Organization(organization), Actor::User(_)) => facts.organizations.contains(&organization),
        (ShareHolder::Members, Actor::User(_)) => person.is_some_and(Kin::is_member),
        (ShareHolder::Group(group), Actor::User(_)) => {
            person.is_some_and(|person| all.catalog.roles_of_group(group).meets(person.groups(all)))
        }
        (ShareHolder::Team(team), Actor::User(_)) => {
            person.is_some_and(|person| person.is_in_team(team) && person.belongs(facts.now))
        }
        (ShareHolder::Link(_), Actor::User(_)) | (_, Actor::Link(_)) => false,
        // Staff and services were looked through: what counts is the user behind them.
        (_, Actor::Staff { .. } | Actor::Service(_) | Actor::Provisioner | Actor::System) => false,
    }
}
