//! Taking a review.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{
    Breadth, OpenInvitation, Review, ReviewedPermission, ReviewedPerson, ReviewedPlace, ReviewedRow, ReviewedService,
    Titles,
};
use crate::access::Facts;
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::change::Place;
use crate::id::{UserId, WorkspaceId};
use crate::organization::{InvitationState, Organization, Person, Workspace};
use crate::reach::Relation;
use crate::time::Timestamp;

impl Organization {
    /// Takes an access review: everybody, everywhere. `None` before the organization is made, and once it is deleted.
    ///
    /// # Shape
    /// Says what is so at the time of the facts; see [`Breadth`] for what it costs. The rest of the facts matters as for
    /// every list, see [`reach`](crate::reach).
    ///
    /// # Examples
    /// See [`Review`].
    #[must_use]
    pub fn review(&self, facts: &Facts<'_>, breadth: Breadth) -> Option<Review> {
        let profile = self.profile().filter(|_| self.is_open())?;
        let everywhere: Vec<UserId> = self.people_everywhere().collect();
        let mut places = Vec::from([self.review_organization(facts)?]);
        for id in &self.index.workspaces {
            places.extend(self.workspace(*id).map(|place| self.review_place(*id, place, facts, breadth, &everywhere)));
        }
        let plan = self.catalog.plan_def(profile.terms_at(facts.now).plan);
        let mut people: Vec<_> =
            self.people().map(|(user, person)| self.review_person(user, person, facts.now)).collect();
        people.sort_unstable_by_key(|person| person.user);
        Some(Review {
            organization: self.id(),
            name: profile.name.clone(),
            kind: profile.kind,
            status: profile.status,
            plan: plan.map_or("", |plan| plan.display_title()).to_owned(),
            created: profile.created,
            version: self.version(),
            at: facts.now,
            breadth,
            permissions: self.reviewed_permissions(),
            people,
            services: self.reviewed_services(facts.now),
            places,
            invitations: self.open_invitations(facts.now),
            shares: None,
            titles: self.titles(),
        })
    }

    fn review_organization(&self, facts: &Facts<'_>) -> Option<ReviewedPlace> {
        let everybody: BTreeSet<UserId> = self.people().map(|(user, _)| user).collect();
        let services = self.services().map(|(id, _)| Actor::Service(id)).collect::<BTreeSet<_>>();
        Some(ReviewedPlace {
            place: Place::Organization,
            name: self.profile()?.name.clone(),
            archived: None,
            closed: PermissionSet::EMPTY,
            rows: self.review_rows(
                Place::Organization,
                everybody.into_iter().map(Actor::User).chain(services),
                facts,
                false,
            ),
            as_everywhere: 0,
        })
    }

    fn review_place(
        &self,
        id: WorkspaceId,
        workspace: &Workspace,
        facts: &Facts<'_>,
        breadth: Breadth,
        everywhere: &[UserId],
    ) -> ReviewedPlace {
        let exceptions = self.people_concerned(id, facts.now);
        let is_everywhere = |user: &&UserId| everywhere.binary_search(user).is_ok();
        let as_everywhere = everywhere.len().saturating_sub(exceptions.iter().filter(is_everywhere).count());
        let (listed, as_everywhere) = match breadth {
            Breadth::Everybody => (exceptions.iter().chain(everywhere).copied().collect(), 0),
            Breadth::Exceptions => (exceptions.clone(), as_everywhere),
        };
        let services = self.services().filter(|(_, service)| match breadth {
            Breadth::Everybody => true,
            Breadth::Exceptions => {
                !service.workspaces().is_empty() || service.sponsor().is_some_and(|user| exceptions.contains(&user))
            }
        });
        let services: BTreeSet<Actor> = services.map(|(id, _)| Actor::Service(id)).collect();
        let who = listed.into_iter().map(Actor::User).chain(services);
        let is_closed = workspace.archived().is_some();
        ReviewedPlace {
            place: Place::Workspace(id),
            name: workspace.name().clone(),
            archived: workspace.archived(),
            closed: if is_closed { self.catalog.gates.active_only } else { PermissionSet::EMPTY },
            rows: self.review_rows(Place::Workspace(id), who, facts, breadth == Breadth::Exceptions),
            as_everywhere,
        }
    }

    /// What each of them holds. Those to whom nothing gives anything are left out, but for a service that would hold
    /// something elsewhere: among exceptions, having nothing is one.
    fn review_rows(
        &self,
        place: Place,
        who: impl Iterator<Item = Actor>,
        facts: &Facts<'_>,
        exceptions: bool,
    ) -> Vec<ReviewedRow> {
        let rows = who.filter_map(|who| Some(ReviewedRow { who, holding: self.found_holding(who, place, facts)? }));
        rows.filter(|row| match row.who {
            Actor::Service(_) => exceptions || !row.holding.granted.is_empty(),
            _ => !row.holding.sources.is_empty(),
        })
        .collect()
    }

    fn review_person(&self, user: UserId, person: &Person, now: Timestamp) -> ReviewedPerson {
        ReviewedPerson {
            user,
            relation: Relation::of(person),
            status: person.status(),
            is_ended: !person.is_member() && !person.has_current_row(now),
            roles: person.held_roles().to_vec(),
            rank: person.roles().iter().map(|role| self.roles().table(role).rank).max().unwrap_or(0),
            teams: person.teams().to_vec(),
            joined: person.joined(),
            last_change: person.changed(),
        }
    }

    fn reviewed_permissions(&self) -> Vec<ReviewedPermission> {
        let permissions = self.catalog.permissions().map(|(permission, def)| ReviewedPermission {
            permission,
            key: def.key.clone(),
            title: def.display_title().to_owned(),
            scope: def.scope,
        });
        permissions.collect()
    }

    fn reviewed_services(&self, now: Timestamp) -> Vec<ReviewedService> {
        let services = self.services().map(|(service, there)| ReviewedService {
            service,
            name: there.name().clone(),
            sponsor: there.sponsor(),
            permissions: there.permissions(),
            workspaces: there.workspaces().to_vec(),
            until: there.until(),
            is_ended: !there.is_current(now),
            origin: there.origin(),
        });
        let mut services: Vec<_> = services.collect();
        services.sort_unstable_by_key(|reviewed| reviewed.service);
        services
    }

    fn open_invitations(&self, now: Timestamp) -> Vec<OpenInvitation> {
        let ids: BTreeSet<_> = self.open_by_address.values().copied().collect();
        let open = ids.into_iter().filter_map(|id| Some((id, self.invitation(id)?)));
        let open = open.filter(|(_, invitation)| invitation.state(now) == InvitationState::Open);
        let open = open.map(|(invitation, there)| OpenInvitation {
            invitation,
            address: there.address().cloned(),
            roles: there.roles().to_vec(),
            access: there.access().to_vec(),
            until: there.until(),
            issued: there.issued(),
        });
        open.collect()
    }

    fn titles(&self) -> Titles {
        let catalog = self.catalog.roles().map(|(role, def)| (role, def.key.clone(), def.display_title().to_owned()));
        let own = self
            .custom_roles()
            .map(|(role, custom)| (role, String::from(custom.key().as_str()), String::from(custom.title().as_str())));
        let groups = self.catalog.groups().map(|(group, def)| (group, def.key.clone(), def.display_title().to_owned()));
        Titles {
            roles: catalog.chain(own).collect(),
            groups: groups.collect(),
            teams: self.teams().map(|(id, team)| (id, team.name().clone())).collect(),
            owner: Some(self.catalog.owner_role()),
        }
    }
}
