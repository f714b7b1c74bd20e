//! Claims: what only one organization can have.

use alloc::string::String;
use alloc::vec::Vec;

use crate::catalog::policy::UniqueNames;
use crate::change::Event;
use crate::id::UserId;
use crate::organization::{Domain, Kind, Organization};
use crate::text::Name;

/// Something that only one organization can have.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Claim {
    /// To be the personal organization of a user.
    PersonalOf(UserId),
    /// A name among all organizations, by its key.
    Name(String),
    /// A name among the organizations that one user has made, by its key.
    NameOf(UserId, String),
    /// A confirmed domain.
    Domain(Domain),
}

impl Claim {
    /// What an event takes and what it gives back, of an organization as it was before it.
    pub(super) fn changes(organization: &Organization, event: &Event) -> (Vec<Self>, Vec<Self>) {
        let (mut taken, mut released) = (Vec::new(), Vec::new());
        match event {
            Event::OrganizationCreated { kind, name, owner, .. } => {
                taken.extend(of_name(organization, *kind, name, *owner));
            }
            Event::Renamed { name } => {
                let Some(profile) = organization.profile() else { return (taken, released) };
                let of = |name| of_name(organization, profile.kind, name, profile.creator);
                let (old, new) = (of(&profile.name), of(name));
                if old != new {
                    (released, taken) = (Vec::from_iter(old), Vec::from_iter(new));
                }
            }
            Event::OrganizationDeleted { .. } => released = held(organization),
            Event::OrganizationRestored => taken = held(organization),
            Event::DomainConfirmed { domain } => taken.push(Self::Domain(domain.clone())),
            Event::DomainDropped { domain } => {
                let held = organization.domains().any(|(known, rule)| known == domain && rule.confirmed);
                released.extend(held.then(|| Self::Domain(domain.clone())));
            }
            _ => {}
        }
        (taken, released)
    }
}

/// Everything that an organization claims, as long as it is not deleted.
pub(super) fn held(organization: &Organization) -> Vec<Claim> {
    let profile = organization.profile();
    let name =
        profile.and_then(|profile| of_name(organization, profile.kind, &profile.name, profile.creator)).into_iter();
    let confirmed = organization.domains().filter(|(_, rule)| rule.confirmed);
    name.chain(confirmed.map(|(domain, _)| Claim::Domain(domain.clone()))).collect()
}

/// The claim that a name makes under the policy, if it makes one. A personal organization claims its user, not its name.
fn of_name(organization: &Organization, kind: Kind, name: &Name, creator: UserId) -> Option<Claim> {
    match (kind, organization.catalog().policy().unique_names) {
        (Kind::Personal, _) => Some(Claim::PersonalOf(creator)),
        (Kind::Team, UniqueNames::None) => None,
        (Kind::Team, UniqueNames::PerOwner) => Some(Claim::NameOf(creator, name.key().ok()?)),
        (Kind::Team, UniqueNames::Global) => Some(Claim::Name(name.key().ok()?)),
    }
}
