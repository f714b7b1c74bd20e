//! Claims: what only one organization can have.

use alloc::string::String;
use alloc::vec::Vec;

use crate::catalog::policy::UniqueNames;
use crate::change::{Event, Record};
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

/// What records take and give back.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Claims {
    /// Becomes the organization's alone.
    pub taken: Vec<Claim>,
    /// Is free for others again.
    pub released: Vec<Claim>,
}

impl Claims {
    /// What records take and give back, of an organization as it was before them.
    #[must_use]
    pub fn of(organization: &Organization, records: &[Record]) -> Self {
        let mut claims = Self::default();
        for record in records {
            claims.note(organization, &record.event);
        }
        claims
    }

    fn note(&mut self, organization: &Organization, event: &Event) {
        match event {
            Event::OrganizationCreated { kind, name, owner, .. } => {
                self.taken.extend(of_name(organization, *kind, name, *owner));
            }
            Event::Renamed { name } => {
                let Some(profile) = organization.profile() else { return };
                let of = |name| of_name(organization, profile.kind, name, profile.creator);
                let (old, new) = (of(&profile.name), of(name));
                if old != new {
                    self.released.extend(old);
                    self.taken.extend(new);
                }
            }
            Event::OrganizationDeleted { .. } => self.released.extend(held(organization)),
            Event::OrganizationRestored => self.taken.extend(held(organization)),
            Event::DomainConfirmed { domain } => self.taken.push(Claim::Domain(domain.clone())),
            Event::DomainDropped { domain } => {
                let held = organization.domains().any(|(known, rule)| known == domain && rule.confirmed);
                self.released.extend(held.then(|| Claim::Domain(domain.clone())));
            }
            _ => {}
        }
    }
}

/// Everything that an organization claims.
fn held(organization: &Organization) -> Vec<Claim> {
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
