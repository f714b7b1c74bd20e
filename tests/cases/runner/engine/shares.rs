//! Shares: each verb about a resource that is opened to somebody.

use std::collections::BTreeMap;

use bailiwick::access::Resource;
use bailiwick::sharing::{ChangeShare, ClearShares, GiveShare, HandOverShares, Recipient, RevokeShare, ShareCommand};
use bailiwick::{Actor, Address, SecretHash, ShareId};

use super::super::runner::Step;
use super::steps::{Refused, refused, wrong};
use super::{Bailiwick, Kind};

/// On what each share is, by its name.
pub(super) type Opened = BTreeMap<String, String>;

/// The verbs that this file knows.
pub(super) fn is_about_shares(verb: &str) -> bool {
    matches!(verb, "open" | "change-share" | "close" | "close-all" | "follow" | "claim" | "hand-over")
}

impl Bailiwick {
    pub(super) fn about_shares(&mut self, step: &Step) -> Result<(), Refused> {
        let (first, second) = (step.word(0), step.word(1));
        match step.verb.as_str() {
            "open" => {
                self.opened.entry(first.into()).or_insert_with(|| second.into());
                let (share, to) = (self.share(first), self.recipient(first, step)?);
                let until = self.end(step.option("until"))?;
                let level = step.words_of("level").map(Into::into).collect();
                self.on_resource(step, second, GiveShare { share, to, level, until })
            }
            "change-share" => {
                let (share, until) = (self.share(first), self.end(step.option("until"))?);
                let level = step.words_of("level").map(Into::into).collect();
                self.on_resource(step, &self.place_of(first), ChangeShare { share, level, until })
            }
            "close" => {
                let share = self.share(first);
                self.on_resource(step, &self.place_of(first), RevokeShare { share })
            }
            "close-all" => self.on_resource(step, first, ClearShares {}),
            "hand-over" => {
                let (from, to) = (self.user(second), self.user(step.word(2)));
                self.on_resource(step, first, HandOverShares { from, to })
            }
            "follow" => {
                let facts = self.facts(&step.given, &[]);
                let secret = step.option("secret").unwrap_or(first);
                let followed = self.tenants.follow_link(link_secret(secret), &facts).map_err(refused)?;
                assert_eq!(followed.actor, Actor::Link(self.link(first)), "the link leads to itself");
                Ok(())
            }
            _ => {
                let (actor, facts) = (self.actor(&step.who), self.facts(&step.given, &[]));
                self.tenants.claim_shares(&self.proof(step)?, &facts.by(actor)).map(|_| ()).map_err(refused)
            }
        }
    }

    fn on_resource(&mut self, step: &Step, place: &str, command: impl Into<ShareCommand>) -> Result<(), Refused> {
        let organization = self.organization.ok_or_else(|| wrong("no organization yet"))?;
        let kept = self.resources.get(place).cloned().unwrap_or_default();
        let (id, actor) = (self.resource_id(place), self.actor(&step.who));
        let others = self.others(&step.given);
        let facts = self.facts(&step.given, &others);
        let (containers, workspace, personal_owner) = (&kept.containers[..], kept.workspace, kept.owner);
        let on = Resource { id, containers, workspace, personal_owner, shares: &[] };
        self.tenants.share(organization, &on, command, &facts.by(actor)).map(|_| ()).map_err(refused)
    }

    fn share(&mut self, name: &str) -> ShareId {
        ShareId::from_u64(self.number(Kind::Share, name)).expect("numbers begin at one")
    }

    fn place_of(&self, share: &str) -> String {
        self.opened.get(share).cloned().unwrap_or_else(|| "nowhere".into())
    }

    fn recipient(&mut self, share: &str, step: &Step) -> Result<Recipient, Refused> {
        Ok(match step.option("to").map(|to| to.split_once(':').unwrap_or((to, ""))) {
            Some(("user", name)) => Recipient::User(self.user(name)),
            Some(("address", text)) => {
                Recipient::Address(Address::new(text).map_err(|error| wrong(error.to_string()))?)
            }
            Some(("group", key)) => Recipient::Group(key.into()),
            Some(("team", name)) => Recipient::Team(self.team(name)),
            Some(("organization", name)) => Recipient::Organization(self.organization_named(name)),
            Some(("members", _)) => Recipient::Members,
            Some(("link", _)) => {
                let link = self.link(share);
                let uses = step.option("uses").map(|uses| uses.parse().expect("uses= takes a number"));
                Recipient::Link { link, secret: link_secret(share), uses }
            }
            _ => return Err(wrong("to=user:, address:, team:, group:, organization:, members or link")),
        })
    }
}

/// The secret of a link is its name.
fn link_secret(name: &str) -> SecretHash {
    let mut hash = [0; 32];
    hash.iter_mut().zip(name.bytes()).for_each(|(at, byte)| *at = byte);
    SecretHash::from_bytes(hash)
}
