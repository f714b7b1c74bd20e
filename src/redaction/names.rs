//! Names: who is to be forgotten, what they were called, and what they are called instead.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalog::policy::Binding;
use crate::change::{Event, Record};
use crate::id::{InvitationId, ShareId, UserId};
use crate::organization::Organization;
use crate::sharing::{Recipient, ShareEvent, ShareKey, ShareRecord};
use crate::store::{Claim, Key};
use crate::text::Address;

/// A user who is to be forgotten.
///
/// # Examples
/// ```
/// use bailiwick::redaction::Redaction;
/// use bailiwick::{Address, UserId};
///
/// let (ada, nobody) = (UserId::from_u64(1).unwrap(), UserId::from_u128(0x5f1d_07c3_9b42_4e88_a6d0_1c39_72ee_b0a4).unwrap());
/// let redaction = Redaction::new(ada, nobody).known_as(Address::new("ada@example.com")?);
/// assert_eq!(redaction.addresses.len(), 1);
/// # Ok::<(), bailiwick::TextError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Redaction {
    /// Who.
    pub user: UserId,
    /// As whom they are known from then on: an id that was never anybody's, and will be nobody else's.
    pub stand_in: UserId,
    /// The addresses that are known to be theirs.
    pub addresses: Vec<Address>,
}

impl Redaction {
    /// A user, and as whom they are known from then on.
    #[must_use]
    pub const fn new(user: UserId, stand_in: UserId) -> Self {
        Self { user, stand_in, addresses: Vec::new() }
    }

    /// And an address that is theirs; one that is known already is none more.
    #[must_use]
    pub fn known_as(mut self, address: Address) -> Self {
        self.learn(&address);
        self
    }

    fn learn(&mut self, address: &Address) {
        if !self.addresses.contains(address) {
            self.addresses.push(address.clone());
        }
    }
}

/// Everything that is looked for, and what comes in its place.
#[derive(Debug)]
pub(crate) struct Names {
    pub(super) users: BTreeMap<UserId, UserId>,
    /// By what they are compared by.
    pub(super) addresses: BTreeMap<String, Address>,
    /// In lower case, wherever people write.
    texts: Vec<String>,
    shortest: usize,
}

impl Names {
    pub(crate) fn of(redactions: &[Redaction]) -> Self {
        let mut names = Self { users: BTreeMap::new(), addresses: BTreeMap::new(), texts: Vec::new(), shortest: 0 };
        for redaction in redactions {
            names.users.insert(redaction.user, redaction.stand_in);
            names.texts.extend([redaction.user.to_string(), format!("{:032x}", redaction.user.as_u128())]);
            for (at, address) in (1_usize..).zip(&redaction.addresses) {
                let Ok(stand_in) = Address::new(&format!("{at}.{}@redacted.invalid", redaction.stand_in)) else {
                    continue;
                };
                names.addresses.insert(address.key().to_string(), stand_in);
                names.texts.extend([address.key().to_lowercase(), address.as_str().to_lowercase()]);
            }
        }
        names.shortest = names.texts.iter().map(String::len).min().unwrap_or_default();
        names
    }

    /// Whether something is found by somebody.
    pub(crate) fn are_in(&self, key: &Key) -> bool {
        match key {
            Key::Belongs(user)
            | Key::Claim(Claim::PersonalOf(user) | Claim::NameOf(user, _))
            | Key::Share(ShareKey::User(user)) => self.users.contains_key(user),
            Key::Invited(address) | Key::Share(ShareKey::Address(address)) => self.addresses.contains_key(address),
            _ => false,
        }
    }

    /// Whether somebody is named in what people have written.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        if text.len() < self.shortest {
            return false;
        }
        let text = text.to_lowercase();
        self.texts.iter().any(|name| text.contains(name.as_str()))
    }
}

/// Addresses of users, as they are found in histories: who has taken a share by its address has shown that it is theirs, and so has who
/// answered an invitation, where the policy asks for that.
#[derive(Debug)]
pub(crate) struct Learning<'a> {
    of: &'a mut [Redaction],
    /// Whether invitations go to who has verified their address.
    by_invitations: bool,
    invited: BTreeMap<InvitationId, Address>,
    shared: BTreeMap<ShareId, Address>,
}

impl<'a> Learning<'a> {
    /// In one organization.
    pub(crate) fn of(redactions: &'a mut [Redaction], binding: Binding) -> Self {
        let by_invitations = binding == Binding::VerifiedAddress;
        Self { of: redactions, by_invitations, invited: BTreeMap::new(), shared: BTreeMap::new() }
    }

    /// What an organization still knows, also where its history was compacted.
    pub(crate) fn organization(&mut self, organization: &Organization) {
        for (_, invitation) in organization.invitations().filter(|_| self.by_invitations) {
            let Some(address) = invitation.address() else { continue };
            invitation.accepted_by().iter().for_each(|user| learn(self.of, *user, address));
        }
    }

    pub(crate) fn record(&mut self, record: &Record) {
        match &record.event {
            Event::Invited { invitation, address, .. } if self.by_invitations => {
                self.invited.insert(*invitation, address.clone());
            }
            Event::InvitationAccepted { invitation, user } | Event::InvitationDeclined { invitation, user } => {
                let address = self.invited.get(invitation);
                address.into_iter().for_each(|address| learn(self.of, *user, address));
            }
            _ => {}
        }
    }

    pub(crate) fn share(&mut self, record: &ShareRecord) {
        match &record.event {
            ShareEvent::Given { share, to: Recipient::Address(address), .. } => {
                self.shared.insert(*share, address.clone());
            }
            ShareEvent::Claimed { share, user, .. } => {
                let address = self.shared.get(share);
                address.into_iter().for_each(|address| learn(self.of, *user, address));
            }
            _ => {}
        }
    }
}

fn learn(redactions: &mut [Redaction], user: UserId, address: &Address) {
    redactions.iter_mut().filter(|redaction| redaction.user == user).for_each(|redaction| redaction.learn(address));
}
