//! What can the giver of a command give?

use std::collections::{BTreeMap, BTreeSet};
use std::prelude::v1::*; // the crate itself has none

use bailiwick::catalog::PermissionSet;
use bailiwick::catalog::policy::InviterGone;
use bailiwick::change::{AddressProof, Command};
use bailiwick::{Actor, InvitationId, Organization, Timestamp};

use super::held::{Place, behind, held, places};
use super::{Oracle, Step};

/// What somebody could give at some time.
#[derive(Clone, Debug, Default)]
pub(super) struct Warrant {
    /// The platform: everything.
    pub(super) unbounded: bool,
    /// An active owner, in person.
    pub(super) owner: bool,
    pub(super) held: BTreeMap<Place, PermissionSet>,
}

impl Warrant {
    pub(super) fn of(org: &Organization, actor: Actor, now: Timestamp) -> Self {
        let owner = matches!(actor, Actor::User(user) if org.is_active_owner(user));
        let held = places(org).into_iter().map(|place| (place, held(org, actor, place, now))).collect();
        Self { unbounded: actor == Actor::System, owner, held }
    }

    fn anything() -> Self {
        Self { unbounded: true, ..Self::default() }
    }

    pub(super) fn covers(&self, place: Place, gained: PermissionSet) -> bool {
        self.unbounded || gained.is_subset(&self.at(place))
    }

    pub(super) fn at(&self, place: Place) -> PermissionSet {
        let held = self.held.get(&place).or_else(|| self.held.get(&place.instead()));
        held.copied().unwrap_or_default()
    }

    /// Holds what either holds.
    pub(super) fn join(&mut self, other: &Self) {
        let places: BTreeSet<Place> = self.held.keys().chain(other.held.keys()).copied().collect();
        self.held = places.into_iter().map(|place| (place, self.at(place) | other.at(place))).collect();
        self.unbounded |= other.unbounded;
    }
}

/// What whoever acts will hold at a later instant, where it is they who give: for no longer do they.
pub(super) fn later(before: &Organization, step: &Step, place: Place, then: Timestamp) -> Option<PermissionSet> {
    let by_another = matches!(step.command, Command::CreateOrganization(_) | Command::SignUp(_) | Command::Accept(_))
        || matches!(step.command, Command::JoinByDomain(_) | Command::AcceptOwnership(_))
        || matches!(step.actor, Actor::System | Actor::Provisioner);
    let user = behind(before, step.actor).filter(|_| !by_another)?;
    let place = if places(before).contains(&place) { place } else { place.instead() };
    Some(held(before, Actor::User(user), place, then))
}

impl Oracle {
    /// What the giver of a command can give.
    pub(super) fn warrant(&self, before: &Organization, step: &Step) -> Warrant {
        match (&step.command, step.actor) {
            (_, Actor::System) => Warrant::anything(),
            (Command::CreateOrganization(_) | Command::SignUp(_), _) => Warrant::anything(),
            (Command::Accept(accept), _) => self.of_invitation(before, accept.invitation, step.now),
            (Command::JoinByDomain(join), _) => {
                let (AddressProof::Verified(address) | AddressProof::Claimed(address)) = &join.address;
                let domain = self.domains.iter().find(|(domain, _)| domain.is_of(address));
                domain.map(|(_, warrant)| self.with_rules(warrant)).unwrap_or_default()
            }
            (_, Actor::Provisioner) => self.with_rules(&self.directory),
            (Command::AcceptOwnership(_), _) => {
                let offer = before.profile().and_then(|profile| profile.offer);
                offer.map(|offer| Warrant::of(before, Actor::User(offer.from), step.now)).unwrap_or_default()
            }
            (_, actor) => Warrant::of(before, actor, step.now),
        }
    }

    /// Whoever sent an invitation gives what they hold now, and, where invitations stand, what they held then.
    fn of_invitation(&self, before: &Organization, id: InvitationId, now: Timestamp) -> Warrant {
        let stands = before.catalog().policy().invitations.inviter_gone == InviterGone::Keep;
        let inviter = before.invitation(id).map(|invitation| invitation.issued().by);
        let mut warrant = inviter.map(|inviter| Warrant::of(before, inviter, now)).unwrap_or_default();
        if let Some(then) = self.invitations.get(&id).filter(|_| stands) {
            warrant.join(&self.with_rules(then));
            warrant.owner |= then.owner;
        }
        warrant
    }

    fn with_rules(&self, warrant: &Warrant) -> Warrant {
        let mut with = warrant.clone();
        with.join(&Warrant { held: self.rules.clone(), ..Warrant::default() });
        with
    }
}
