//! The twin: whatever is appended is appended to a store in memory as well, and both say the same.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::change::{Event, Record};
use bailiwick::rows::{RowChanges, Table, rows_of};
use bailiwick::sharing::{ShareAt, ShareKey};
use bailiwick::store::{Append, Appended, AsyncStore, Batch, Key, Keys, MemoryStore, Store, Stream, Written};
use bailiwick::store::{Claim, Place};
use bailiwick::{LinkId, ResourceId, ShareId, Version};

use super::*;
use crate::support::lives::{self, Life};

/// Two stores, and what was seen of keys and operations.
struct Twins {
    memory: MemoryStore,
    postgres: Arc<PostgresStore>,
    keys: BTreeSet<Key>,
    operations: Vec<(OrgId, CommandId)>,
    /// How often each answer was given.
    answers: [u32; 4],
}

impl Twins {
    async fn append(&mut self, append: &Append<'_>) -> Appended {
        let (here, there) = (self.memory.append(append).unwrap(), self.postgres.append(append).await.unwrap());
        assert_eq!(here, there, "{append:?}");
        self.keys.extend(append.keys.added.iter().chain(&append.keys.removed).map(|(key, _)| key.clone()));
        self.operations.extend(append.batch.operation().map(|operation| (append.organization, operation)));
        let answer = match here {
            Appended::Applied => 0,
            Appended::Replayed(_) => 1,
            Appended::Conflict => 2,
            Appended::Claimed { .. } => 3,
        };
        self.answers[answer] += 1;
        here
    }

    async fn assert_same(&self) {
        let (memory, postgres) = (&self.memory, &self.postgres);
        assert_eq!(memory.organizations(None, 9).unwrap(), postgres.organizations(None, 9).await.unwrap());
        for id in [org(1), org(2)] {
            assert_eq!(memory.load(id, 999).unwrap(), postgres.load(id, 999).await.unwrap());
            let after = Version::from_u64(3);
            assert_eq!(memory.records(id, after, 4).unwrap(), postgres.records(id, after, 4).await.unwrap());
        }
        for key in &self.keys {
            for within in [None, Some(org(1)), Some(org(2))] {
                let places = memory.find(key, within, None, 99).unwrap();
                assert_eq!(places, postgres.find(key, within, None, 99).await.unwrap(), "{key:?}");
                if let Some(first) = places.first() {
                    let rest = memory.find(key, within, Some(*first), 1).unwrap();
                    assert_eq!(rest, postgres.find(key, within, Some(*first), 1).await.unwrap(), "{key:?}");
                }
            }
        }
        for (id, operation) in &self.operations {
            let written: Option<Written> = memory.operation(*id, *operation).unwrap();
            assert_eq!(written, postgres.operation(*id, *operation).await.unwrap());
        }
    }
}

#[test]
fn it_answers_as_the_plainest_store_does() {
    everywhere(|world| async move {
        let mut answers = [0; 4];
        for seed in 0..12 {
            let life = Life::of_seed(seed, 60);
            let (memory, postgres) = (MemoryStore::new(), world.store());
            let (keys, operations) = (BTreeSet::new(), Vec::new());
            let mut twins = Twins { memory, postgres, keys, operations, answers };
            let mut organizations = lives::organizations(&life.catalog);
            for (n, step) in life.steps.iter().enumerate() {
                let organization = &mut organizations[step.organization];
                let context = once(if n % 3 == 0 { 0 } else { n as u64 }, step.context());
                let Ok(outcome) = organization.handle(&step.command, &context) else { continue };
                let records = &outcome.records;
                let (keys, rows) = (Keys::of(organization, records), RowChanges::of(organization, records));
                let (expected, batch) = (organization.version(), Batch::Organization(records));
                let append = Append { organization: organization.id(), expected, batch, keys: &keys, rows: &rows };
                if n % 5 == 0 {
                    let elsewhere = Version::from_u64(expected.as_u64() + 1);
                    assert_eq!(twins.append(&Append { expected: elsewhere, ..append }).await, Appended::Conflict);
                }
                if twins.append(&append).await == Appended::Applied {
                    let _ = twins.append(&append).await; // once more
                    records.iter().for_each(|record| organization.apply(record));
                }
                if n % 20 == 19 {
                    let snapshot = organization.snapshot();
                    let kept = bailiwick::store::Snapshot::Organization(&snapshot);
                    twins.memory.keep(kept).unwrap();
                    twins.postgres.keep(kept).await.unwrap();
                    let up_to = Version::from_u64(snapshot.version().as_u64() / 2);
                    twins.memory.compact(organization.id(), Stream::Organization, up_to).unwrap();
                    twins.postgres.compact(organization.id(), Stream::Organization, up_to).await.unwrap();
                }
            }
            twins.assert_same().await;
            for organization in &organizations {
                let mut rows = Vec::new();
                for table in Table::ALL {
                    rows.extend(twins.postgres.rows(organization.id(), *table, None, 999).await.unwrap());
                }
                assert_eq!(rows, rows_of(organization));
            }
            for organization in &organizations {
                twins.memory.erase(organization.id()).unwrap();
                twins.postgres.erase(organization.id()).await.unwrap();
                twins.assert_same().await;
            }
            answers = twins.answers;
        }
        println!("lives: applied, replayed, conflicts, claimed: {answers:?}");
        assert!(answers[..3].iter().all(|count| *count > 50), "{answers:?}");
    });
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    /// Below a number.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A few keys, unique ones and others, so that they collide.
    fn key(&mut self) -> Key {
        match self.roll(5) {
            0 => Key::Claim(Claim::Name(format!("name {}", self.roll(2)))),
            1 => Key::Claim(Claim::PersonalOf(user(1 + self.roll(2)))),
            2 => Key::Share(ShareKey::Link(LinkId::from_u64(1 + self.roll(2)).unwrap())),
            3 => Key::Share(ShareKey::User(user(1))),
            _ => Key::Belongs(user(1 + self.roll(2))),
        }
    }

    fn place(&mut self, organization: OrgId) -> Place {
        match self.roll(3) {
            0 => Place::of(organization),
            n => {
                let resource = ResourceId::from_u64(n).unwrap();
                let share = ShareId::from_u64(1 + self.roll(2)).unwrap();
                ShareAt { organization, resource, share }.into()
            }
        }
    }

    fn pairs(&mut self, organization: OrgId) -> Vec<(Key, Place)> {
        (0..self.roll(4)).map(|_| (self.key(), self.place(organization))).collect()
    }
}

/// Keys that no command would change so: taken, given back and moved in one append, by two organizations.
#[test]
fn keys_lead_where_the_plainest_store_has_them_lead() {
    everywhere(|world| async move {
        let (memory, postgres) = (MemoryStore::new(), world.store());
        let mut twins = Twins { memory, postgres, keys: BTreeSet::new(), operations: Vec::new(), answers: [0; 4] };
        let (mut dice, mut versions) = (Dice(7), BTreeMap::new());
        for n in 0..400 {
            let organization = org(1 + dice.roll(2));
            let expected = *versions.entry(organization).or_insert(Version::ZERO);
            let (removed, mut added) = (dice.pairs(organization), dice.pairs(organization));
            let mut seen = BTreeSet::new();
            added.retain(|(key, _)| !key.is_unique() || seen.insert(key.clone())); // at once it leads to one place
            let keys = Keys { removed, added };
            let version = expected.next();
            let command = (n % 2 == 0).then(|| CommandId::from_u64(1 + dice.roll(300)).unwrap());
            let record =
                Record { version, at: NOW.now, by: Actor::System, command, event: Event::OrganizationRestored };
            let (batch, rows) = (Batch::Organization(std::slice::from_ref(&record)), RowChanges::default());
            let append = Append { organization, expected, batch, keys: &keys, rows: &rows };
            if twins.append(&append).await == Appended::Applied {
                versions.insert(organization, version);
            }
            if n % 100 == 99 {
                twins.assert_same().await;
            }
        }
        println!("keys: applied, replayed, conflicts, claimed: {:?}", twins.answers);
        assert!(twins.answers[0] > 80 && twins.answers[1] > 5 && twins.answers[3] > 80, "{:?}", twins.answers);
        twins.memory.erase(org(1)).unwrap();
        twins.postgres.erase(org(1)).await.unwrap();
        twins.assert_same().await;
    });
}
