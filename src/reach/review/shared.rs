//! The part of a review that is about single resources: public links, people who hold nothing but shares, and the rest.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Breadth, Review, Wording};
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::id::UserId;
use crate::organization::Origin;
use crate::reach::Relation;
use crate::sharing::{Given, Recipient, ShareAt};
use crate::time::Timestamp;

pub(super) const SHARE_HEAD: [&str; 8] =
    ["To", "What they are", "On resource", "Can", "State", "Opened by", "Since", "Until"];

/// One share on one resource or container.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedShare {
    /// Where it is.
    pub at: ShareAt,
    /// To whom.
    pub to: Recipient,
    /// What it gives; of members no more than their roles could.
    pub level: PermissionSet,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// Whether its end has come, or the membership is over that it was given to.
    pub is_ended: bool,
    /// Whether it goes beyond the people of the organization: a link, an address, another organization, a user who does not belong to it.
    pub is_outward: bool,
    /// Who opened it, and when.
    pub origin: Origin,
}

impl Review {
    /// The review with what is shared on single resources: everything that is open in the organization, as a store lists it by
    /// [`ShareKey::Within`](crate::sharing::ShareKey::Within). [`Tenants::review`](crate::Tenants::review) looks it up.
    ///
    /// # Shape
    /// What is of another organization is left out.
    #[must_use]
    pub fn with_shares(mut self, shares: impl IntoIterator<Item = (ShareAt, Given)>) -> Self {
        let own = shares.into_iter().filter(|(at, _)| at.organization == self.organization);
        let mut reviewed: Vec<ReviewedShare> = own.map(|(at, given)| self.reviewed_share(at, given)).collect();
        reviewed.sort_unstable_by_key(|share| share.at);
        self.shares = Some(reviewed);
        self
    }

    fn reviewed_share(&self, at: ShareAt, given: Given) -> ReviewedShare {
        let keys = |key: &str| self.permissions.iter().find(|permission| permission.key == key);
        let level = given.level.iter().filter_map(|key| keys(key.as_str())).map(|permission| permission.permission);
        let is_over = |user: &UserId, joined| {
            self.person(*user).is_none_or(|person| person.joined.version != joined || person.is_ended)
        };
        let lapsed = match (&given.to, given.since) {
            (Recipient::User(user), Some(since)) => is_over(user, since),
            _ => false,
        };
        ReviewedShare {
            at,
            level: level.collect(),
            until: given.until,
            is_ended: lapsed || given.until.is_some_and(|end| end <= self.at),
            is_outward: match &given.to {
                Recipient::Link { .. } | Recipient::Address(_) | Recipient::Organization(_) => true,
                Recipient::User(user) => self.person(*user).is_none(),
                Recipient::Group(_) | Recipient::Team(_) | Recipient::Members => false,
            },
            origin: given.origin,
            to: given.to,
        }
    }

    /// What a table of shares says, what goes beyond the organization first; among exceptions, that alone. `None` where shares
    /// were not looked up.
    pub(super) fn share_rows(&self, wording: &Wording<'_>) -> Option<Vec<[String; 8]>> {
        let mut listed: Vec<&ReviewedShare> = self.shares.as_ref()?.iter().collect();
        listed.retain(|share| share.is_outward || self.breadth == Breadth::Everybody);
        listed.sort_by_key(|share| !share.is_outward);
        Some(listed.into_iter().map(|share| self.share_cells(share, wording)).collect())
    }

    fn share_cells(&self, share: &ReviewedShare, wording: &Wording<'_>) -> [String; 8] {
        [
            self.recipient(share, wording),
            self.kind_of(share).to_owned(),
            share.at.resource.to_string(),
            self.keys(share.level).join(", "),
            state_of(share).to_owned(),
            self.who(share.origin.by, wording),
            wording.time(share.origin.at),
            share.until.map(|until| wording.time(until)).unwrap_or_default(),
        ]
    }

    /// To whom something is shared, by name.
    pub(super) fn recipient(&self, share: &ReviewedShare, wording: &Wording<'_>) -> String {
        match &share.to {
            Recipient::User(user) => self.who(Actor::User(*user), wording),
            Recipient::Address(address) => address.to_string(),
            Recipient::Group(key) => alloc::format!("group {}", self.group_title(key.as_str())),
            Recipient::Team(team) => alloc::format!("team {}", self.team_name(*team)),
            Recipient::Members => "every member".to_owned(),
            Recipient::Organization(organization) => alloc::format!("organization {organization}"),
            Recipient::Link { link, uses: None, .. } => alloc::format!("link {link}"),
            Recipient::Link { link, uses: Some(uses), .. } => {
                alloc::format!("link {link}, for {uses} uses")
            }
        }
    }

    /// What whoever it is shared to is to the organization.
    pub(super) fn kind_of(&self, share: &ReviewedShare) -> &'static str {
        match &share.to {
            Recipient::User(user) => match self.person(*user).map(|person| person.relation) {
                Some(Relation::Member) => "organization member",
                Some(Relation::Collaborator) => "external collaborator",
                None => "outsider, by shares alone",
            },
            Recipient::Address(_) => "address, not taken up yet",
            Recipient::Group(_) | Recipient::Team(_) | Recipient::Members => "people of the organization",
            Recipient::Organization(_) => "another organization",
            Recipient::Link { .. } => "public link",
        }
    }

    /// What of it a reviewer should look at first.
    pub(super) fn notes_on_shares(&self) -> Vec<String> {
        let open = || self.shares.iter().flatten().filter(|share| !share.is_ended && share.is_outward);
        let count = |is: &dyn Fn(&Recipient) -> bool| open().filter(|share| is(&share.to)).count();
        let outsiders: BTreeSet<UserId> = open().filter_map(|share| share.to.user()).collect();
        let said = [
            (count(&|to| matches!(to, Recipient::Link { .. })), "public link is", "public links are", "open."),
            (outsiders.len(), "person has", "people have", "access by shares alone."),
            (count(&|to| matches!(to, Recipient::Address(_))), "share waits", "shares wait", "for an address."),
            (
                count(&|to| matches!(to, Recipient::Organization(_))),
                "share is",
                "shares are",
                "open to another organization.",
            ),
        ];
        let said = said.into_iter().filter(|(number, ..)| *number > 0);
        said.map(|(number, one, several, words)| {
            let is = if number == 1 { one } else { several };
            alloc::format!("{number} {is} {words}")
        })
        .collect()
    }
}

pub(super) const fn state_of(share: &ReviewedShare) -> &'static str {
    if share.is_ended { "ended" } else { "active" }
}
