//! Shares, and the ways on which they reach: a life of organizations, then commands about the shares on things that lie in each other, made of
//! bytes. Whatever comes: no panic, the same answer twice; nobody gives what they do not hold; a command lets nobody do more than it says, and
//! no share opens more than its level; what has ended opens nothing; and a sheet that was written and read back is an equal one.
#![no_main]
#![allow(dead_code, reason = "the lives serve the tests too")]

#[path = "../../tests/it/support/lives/mod.rs"]
mod lives;

use arbitrary::Unstructured;
use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::{PermissionKey, PermissionSet};
use bailiwick::change::AddressProof;
use bailiwick::sharing::{
    ChangeShare, ClaimShare, ClearShares, FollowLink, GiveShare, HandOverShares, Recipient, RevokeShare, ShareCommand,
    ShareRecord, Sheet, shares_on,
};
use bailiwick::{
    Actor, Address, LinkId, OrgId, Organization, ResourceId, SecretHash, ServiceId, ShareId, Span, TeamId, Timestamp,
    UserId, WorkspaceId,
};
use libfuzzer_sys::fuzz_target;
use lives::dice::Dice;
use lives::{BIRTH, Life, organizations};

const STEPS: usize = 40;
const THINGS: u64 = 3;
const USERS: u64 = 5;
const ADDRESSES: [&str; 2] = ["ada@acme.example", "bob@acme.example"];
const LEVELS: [&str; 3] = ["note.read", "note.write", "note.delete"];

fuzz_target!(|bytes: &[u8]| {
    let (lived, shared) = bytes.split_at(bytes.len() / 4 * 3);
    let life = Life::from_bytes(lived, 40);
    let mut all = organizations(&life.catalog);
    let mut now = BIRTH;
    for step in &life.steps {
        now = step.now;
        let organization = &mut all[step.organization];
        if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
            outcome.records.iter().for_each(|record| organization.apply(record));
        }
    }
    let mut script = Unstructured::new(shared);
    let mut dice = Dice(&mut script);
    let mut shelf = Shelf::drawn(&mut dice, &all[0], now);
    for _ in 0..STEPS {
        if dice.0.is_empty() {
            break;
        }
        shelf.tries(&mut dice);
    }
    shelf.ends();
});

/// One thing: where it lies, whose it is.
struct Thing {
    id: ResourceId,
    /// It lies in the one before it.
    containers: Vec<ResourceId>,
    workspace: Option<WorkspaceId>,
    owner: Option<UserId>,
}

/// Things that lie in each other, and what is shared on each.
struct Shelf<'a> {
    organization: &'a Organization,
    now: Timestamp,
    things: Vec<Thing>,
    sheets: Vec<Sheet>,
    histories: Vec<Vec<ShareRecord>>,
}

impl<'a> Shelf<'a> {
    fn drawn(dice: &mut Dice<'_, '_>, organization: &'a Organization, now: Timestamp) -> Self {
        let id = |n| ResourceId::from_u64(n).expect("it is not zero");
        let thing = |n: u64, dice: &mut Dice<'_, '_>| Thing {
            id: id(n),
            containers: (1..n).rev().take(usize::from(dice.below(3))).map(id).collect(),
            workspace: if dice.once_in(4) { None } else { WorkspaceId::from_u64(dice.number(3)) },
            owner: if dice.once_in(3) { Some(user(dice.number(USERS))) } else { None },
        };
        let things: Vec<Thing> = (1..=THINGS).map(|n| thing(n, dice)).collect();
        let sheets = things.iter().map(|thing| Sheet::new(organization.id(), thing.id)).collect();
        let histories = things.iter().map(|_| Vec::new()).collect();
        Self { organization, now, things, sheets, histories }
    }

    fn tries(&mut self, dice: &mut Dice<'_, '_>) {
        self.now = self.now.plus(Span::minutes(dice.number(200)));
        let at = usize::from(dice.below(THINGS as u8));
        let (command, actor) = (self.command(dice, at), self.somebody(dice));
        let facts = Facts { second_factor: !dice.once_in(6), ..Facts::at(self.now) };
        let context = facts.by(actor);
        let before = self.holdings(&facts);
        let with = self.shares(at);
        let thing = &self.things[at];
        let on = Resource { shares: &with, ..bare(thing) };
        let answer = self.organization.handle_share(&self.sheets[at], &on, &command, &context);
        let again = self.organization.handle_share(&self.sheets[at], &on, &command, &context);
        assert_eq!(answer, again, "{command:?}");
        let Ok(records) = answer else { return };
        if let (Some(level), false) = (given(&command), actor == Actor::System) {
            let held = self.organization.access(actor, Target::Resource(&on), &facts).granted();
            assert!((self.set(level) - held).is_empty(), "{actor:?} gives what they do not hold: {command:?}");
        }
        let opens = self.opens(&command, at);
        records.iter().for_each(|record| self.sheets[at].apply(record));
        self.histories[at].extend(records);
        for ((actor, thing, before), (_, _, after)) in before.into_iter().zip(self.holdings(&facts)) {
            let gained = after - before;
            assert!((gained - opens).is_empty(), "{actor:?} gains {gained:?} on {thing} by {command:?}");
        }
        self.gives_no_more_than_levels(&facts);
    }

    /// What a command can open at the most: what it gives, or what waits for whoever claims it.
    fn opens(&self, command: &ShareCommand, at: usize) -> PermissionSet {
        let of_share = |share: ShareId| self.sheets[at].share(share).map(|given| self.set(&given.level));
        match command {
            ShareCommand::ClaimShare(claim) => of_share(claim.share).unwrap_or_default(),
            ShareCommand::HandOverShares(_) => {
                // Whose thing it is may be somebody else from then on, and what was given by their word with it.
                self.sheets[at].shares().fold(PermissionSet::default(), |all, (_, given)| all | self.set(&given.level))
            }
            other => given(other).map(|level| self.set(level)).unwrap_or_default(),
        }
    }

    /// With all the shares, nobody can do more than without and what some share that has not ended says.
    fn gives_no_more_than_levels(&self, facts: &Facts<'_>) {
        for (at, thing) in self.things.iter().enumerate() {
            let with = self.shares(at);
            let open = with.iter().filter(|share| share.until.is_none_or(|end| facts.now < end));
            let levels = open.fold(PermissionSet::default(), |all, share| all | share.level);
            for actor in everybody() {
                let held = |on: &Resource<'_>| self.organization.access(actor, Target::Resource(on), facts).granted();
                let more = held(&Resource { shares: &with, ..bare(thing) }) - held(&bare(thing));
                assert!((more - levels).is_empty(), "{actor:?} has {more:?} on {} of no share", thing.id);
            }
        }
    }

    /// What everybody may do on every thing.
    fn holdings(&self, facts: &Facts<'_>) -> Vec<(Actor, ResourceId, PermissionSet)> {
        let mut all = Vec::new();
        for (at, thing) in self.things.iter().enumerate() {
            let with = self.shares(at);
            let on = Resource { shares: &with, ..bare(thing) };
            all.extend(everybody().map(|actor| {
                (actor, thing.id, self.organization.access(actor, Target::Resource(&on), facts).granted())
            }));
        }
        all
    }

    /// At the end of all time only what has no end is open, and what was written is what is there.
    fn ends(&self) {
        let never = Facts::at(Timestamp::from_millis(u64::MAX));
        self.gives_no_more_than_levels(&never);
        for (sheet, history) in self.sheets.iter().zip(&self.histories) {
            let written = serde_json::to_string(history).expect("records can be written");
            let read: Vec<ShareRecord> = serde_json::from_str(&written).expect("and read back");
            assert_eq!(&Sheet::replay(sheet.organization(), sheet.resource(), &read), sheet);
        }
    }

    fn shares(&self, at: usize) -> Vec<bailiwick::access::Share> {
        shares_on(self.organization, &bare(&self.things[at]), &self.sheets)
    }

    fn set(&self, level: &[PermissionKey]) -> PermissionSet {
        level.iter().filter_map(|key| self.organization.catalog().permission(key.as_str())).collect()
    }

    fn command(&self, dice: &mut Dice<'_, '_>, at: usize) -> ShareCommand {
        let share = ShareId::from_u64(dice.number(8)).expect("it is not zero");
        let until = if dice.once_in(2) { Some(self.now.plus(Span::hours(dice.number(40)))) } else { None };
        match dice.below(12) {
            0..6 => GiveShare { share, to: self.recipient(dice), level: level(dice), until }.into(),
            6 => ChangeShare { share, level: level(dice), until }.into(),
            7 => RevokeShare { share }.into(),
            8 => FollowLink { share, secret: secret(dice) }.into(),
            9 => {
                let address = AddressProof::Verified(address(dice));
                ClaimShare { share, address }.into()
            }
            10 => HandOverShares { from: user(dice.number(USERS)), to: user(dice.number(USERS)) }.into(),
            _ if at == 0 => ClearShares {}.into(),
            _ => RevokeShare { share }.into(),
        }
    }

    fn recipient(&self, dice: &mut Dice<'_, '_>) -> Recipient {
        match dice.below(10) {
            0..4 => Recipient::User(user(dice.number(USERS + 2))),
            4 => Recipient::Address(address(dice)),
            5 => Recipient::Group(dice.pick(&["upper", "lower"]).into()),
            6 => Recipient::Team(TeamId::from_u64(dice.number(2)).expect("it is not zero")),
            7 => Recipient::Members,
            8 => Recipient::Organization(OrgId::from_u64(dice.number(3)).expect("it is not zero")),
            _ => {
                let link = LinkId::from_u64(dice.number(3)).expect("it is not zero");
                Recipient::Link { link, secret: secret(dice), uses: if dice.once_in(2) { Some(2) } else { None } }
            }
        }
    }

    fn somebody(&self, dice: &mut Dice<'_, '_>) -> Actor {
        let members: Vec<Actor> = self.organization.people().map(|(user, _)| Actor::User(user)).collect();
        match dice.below(10) {
            8 => dice.pick(&everybody().collect::<Vec<_>>()),
            9 => Actor::System,
            _ if members.is_empty() => Actor::User(user(dice.number(USERS))),
            _ => dice.pick(&members),
        }
    }
}

fn bare(thing: &Thing) -> Resource<'_> {
    let Thing { id, containers, workspace, owner } = thing;
    Resource { id: *id, containers, workspace: *workspace, personal_owner: *owner, shares: &[] }
}

/// What a command gives, where it gives something.
fn given(command: &ShareCommand) -> Option<&[PermissionKey]> {
    match command {
        ShareCommand::GiveShare(give) => Some(&give.level),
        ShareCommand::ChangeShare(change) => Some(&change.level),
        _ => None,
    }
}

fn everybody() -> impl Iterator<Item = Actor> {
    let users = (1..=USERS + 2).map(|n| Actor::User(user(n)));
    let staff = Actor::Staff { staff: user(6), on_behalf_of: user(2) };
    let services = (1..=2).filter_map(ServiceId::from_u64).map(Actor::Service);
    let links = (1..=3).filter_map(LinkId::from_u64).map(Actor::Link);
    users.chain([staff]).chain(services).chain(links)
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).expect("it is not zero")
}

fn level(dice: &mut Dice<'_, '_>) -> Vec<PermissionKey> {
    (0..dice.number(2)).map(|_| dice.pick(&LEVELS).into()).collect()
}

fn secret(dice: &mut Dice<'_, '_>) -> SecretHash {
    SecretHash::from_bytes([dice.below(3); 32])
}

fn address(dice: &mut Dice<'_, '_>) -> Address {
    Address::new(dice.pick(&ADDRESSES)).expect("it is one")
}
