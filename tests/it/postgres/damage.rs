//! Damage: what somebody else has written into the tables, or a later version of the crate.

use bailiwick::change::Record;
use bailiwick::store::json::{Digest, FORMAT, Tampered, Tampering, Unreadable};
use bailiwick::store::{AsyncStore, Batch, Replacement, StoreError, Stream};
use bailiwick::{OrganizationSnapshot, Version};

use super::*;

fn unreadable<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> Unreadable {
    let Err(StoreError::Fatal(why)) = answer else { panic!("{answer:?}") };
    why.downcast_ref::<Unreadable>().unwrap_or_else(|| panic!("{why}")).clone()
}

async fn team(world: &World) -> Tenants {
    let tenants = world.tenants(&cloud());
    tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
    tenants.handle(org(1), joins(2, "viewer"), &system()).await.unwrap();
    tenants
}

#[test]
fn a_record_that_cannot_be_read_is_told_apart_and_where_it_is() {
    somewhere(|world| async move {
        let tenants = team(&world).await;
        let hand = world.by_hand().await;
        let newer = world.named("update @record set format = $1 where version = 2 and kind = 0");
        hand.execute(&newer, &[&i32::from(FORMAT + 1)]).await.unwrap();
        let (organization, stream, version) = (org(1), Stream::Organization, Version::from_u64(2));
        let expected = Unreadable::Newer { organization, stream, version, format: FORMAT + 1 };
        assert_eq!(unreadable(tenants.store().load(org(1), 99).await), expected);
        hand.execute(&newer, &[&1_000_000]).await.unwrap();
        assert!(matches!(unreadable(tenants.store().load(org(1), 99).await), Unreadable::Newer { .. }));
        hand.execute(&newer, &[&i32::from(FORMAT)]).await.unwrap();

        let damage = world.named("update @record set body = left(body, 40) where version = 2 and kind = 0");
        hand.execute(&damage, &[]).await.unwrap();
        let answer = unreadable(tenants.store().records(org(1), Version::ZERO, 99).await);
        assert!(matches!(answer, Unreadable::Damaged { version, .. } if version == Version::from_u64(2)));
        assert!(code(world.tenants(&cloud()).refresh(org(1)).await.map_err(Into::into)).contains("Damaged"));
        assert_eq!(tenants.store().records(org(1), version, 99).await.unwrap().len(), 1, "what follows is there");
    });
}

/// The records say the same, unless they were compacted.
#[test]
fn a_snapshot_that_cannot_be_read_is_none_while_the_records_are_there() {
    somewhere(|world| async move {
        let tenants = team(&world).await;
        tenants.keep_snapshot(org(1)).await.unwrap();
        let store = tenants.store();
        assert!(store.load(org(1), 99).await.unwrap().snapshot.is_some());
        let hand = world.by_hand().await;
        hand.execute(&world.named("update @snapshot set format = 99"), &[]).await.unwrap();
        let loaded = store.load(org(1), 99).await.unwrap();
        assert_eq!((loaded.snapshot, loaded.records.len()), (None, 3));
        hand.execute(&world.named("update @snapshot set format = 1, body = 'x'"), &[]).await.unwrap();
        assert_eq!(store.load(org(1), 99).await.unwrap().records.len(), 3);
        store.compact(org(1), Stream::Organization, Version::from_u64(2)).await.unwrap();
        assert!(matches!(unreadable(store.load(org(1), 99).await), Unreadable::Damaged { .. }));
    });
}

/// What was written by mistake goes, and that it was there stays: its digest, in the chain.
#[test]
fn what_is_replaced_leaves_its_digest() {
    everywhere(|world| async move {
        let tenants = team(&world).await;
        let (store, hand) = (tenants.store(), world.by_hand().await);
        let kept = world.named("select body, digest, link, redacted from @record where kind = 0 order by version");
        let before = hand.query(&kept, &[]).await.unwrap();
        let records = store.records(org(1), Version::ZERO, 99).await.unwrap();
        let redacted = Record { by: Actor::System, ..records[0].clone() };
        let beyond = Record { version: Version::from_u64(9), ..redacted.clone() };
        let both = [redacted.clone(), beyond];
        for (organization, records) in [(org(1), &both[..]), (org(2), &both[..1])] {
            let batch = Batch::Organization(records);
            assert!(store.replace(&Replacement { organization, batch, beside: None }).await.unwrap());
        }
        let now = store.records(org(1), Version::ZERO, 99).await.unwrap();
        assert_eq!((&now[0], &now[1..]), (&redacted, &records[1..]));
        let after = hand.query(&kept, &[]).await.unwrap();
        let columns = |row: &tokio_postgres::Row| (row.get::<_, Vec<u8>>(1), row.get::<_, Option<Vec<u8>>>(2));
        assert_eq!(before.iter().map(columns).collect::<Vec<_>>(), after.iter().map(columns).collect::<Vec<_>>());
        let replaced = |row: &tokio_postgres::Row| row.get::<_, Option<Vec<u8>>>(3);
        let digest = Digest::of(after[0].get(0)).to_bytes().to_vec();
        assert_eq!(after.iter().map(replaced).collect::<Vec<_>>(), [Some(digest), None, None]);
        let at =
            |what| Tampered { organization: org(1), stream: Stream::Organization, version: Version::from_u64(1), what };
        assert_eq!(store.verify(None).await.unwrap(), [at(Tampering::Redacted)]);
        hand.execute(&world.named("update @record set body = '{}' where redacted is not null"), &[]).await.unwrap();
        assert_eq!(store.verify(None).await.unwrap(), [at(Tampering::Redacted), at(Tampering::Text)]);
    });
}

/// The chain as the tables have it is the one that the crate counts.
#[test]
fn the_chain_is_that_of_the_crate() {
    use bailiwick::store::json::Link;
    everywhere(|world| async move {
        let tenants = team(&world).await;
        charge(&tenants, 1, 5, 1).await.unwrap();
        let hand = world.by_hand().await;
        let bytes = |row: &tokio_postgres::Row, at| row.get::<_, Option<Vec<u8>>>(at).map(|b| b.try_into().unwrap());
        for kind in 0..2_i16 {
            let select = world.named("select body, digest, link from @record where kind = $1 order by version");
            let (mut link, mut batch) = (Link::default(), Vec::new());
            for row in hand.query(&select, &[&kind]).await.unwrap() {
                let digest = Digest::of(row.get(0));
                assert_eq!(bytes(&row, 1), Some(digest.to_bytes()));
                batch.push(digest);
                if let Some(kept) = bytes(&row, 2) {
                    link = Digest::of_all(&std::mem::take(&mut batch)).link(link);
                    assert_eq!(kept, link.to_bytes());
                }
            }
            assert!(batch.is_empty(), "the last record of an append has the link");
            let head =
                hand.query_one(&world.named("select link from @stream where kind = $1"), &[&kind]).await.unwrap();
            assert_eq!(bytes(&head, 0), Some(link.to_bytes()));
        }
    });
}

/// A snapshot of the future is not put aside for one of the past.
#[test]
fn an_older_snapshot_does_not_take_the_place_of_a_newer_one() {
    somewhere(|world| async move {
        let tenants = team(&world).await;
        let old: OrganizationSnapshot = tenants.read(org(1), |o| o.snapshot()).await.unwrap().unwrap();
        tenants.handle(org(1), joins(3, "viewer"), &system()).await.unwrap();
        let newest = tenants.keep_snapshot(org(1)).await.unwrap();
        tenants.store().keep(bailiwick::store::Snapshot::Organization(&old)).await.unwrap();
        assert_eq!(tenants.store().load(org(1), 9).await.unwrap().snapshot.map(|kept| kept.version()), newest);
        tenants.store().erase(org(1)).await.unwrap();
        tenants.store().keep(bailiwick::store::Snapshot::Organization(&old)).await.unwrap();
        assert_eq!(tenants.store().load(org(1), 9).await.unwrap().snapshot, None, "it is gone");
    });
}
