//! Following: nothing that commits late is missed, pages are all of it, and whoever listens hears.

use std::collections::BTreeSet;

use bailiwick::change::{Command, Record};
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, AsyncStore, Batch, Change, Cursor, Keys, Stream};
use bailiwick::{Organization, Version};
use tokio::time::timeout;

use super::*;

/// Follows to the end, by pages of so many.
async fn follow(store: &PostgresStore, mut cursor: Cursor, limit: usize) -> (Vec<Change>, Cursor) {
    let mut all = Vec::new();
    loop {
        let changes = store.changes(Some(cursor), limit).await.unwrap();
        all.extend(changes.changed);
        cursor = changes.cursor;
        if changes.is_all {
            return (all, cursor);
        }
    }
}

fn organizations(changes: &[Change]) -> BTreeSet<OrgId> {
    changes.iter().map(|change| change.organization).collect()
}

/// The records that make an organization.
fn made(id: u64) -> (Vec<Record>, Keys, RowChanges) {
    let organization = Organization::new(org(id), cloud());
    let records = organization.handle(&Command::from(named("Acme", "team", 5)), &by(1)).unwrap().records;
    let (keys, rows) = (Keys::of(&organization, &records), RowChanges::of(&organization, &records));
    (records, keys, rows)
}

#[test]
fn what_commits_late_is_not_missed() {
    everywhere(|world| async move {
        let (store, catalog) = (world.store(), cloud());
        let begin = store.changes(None, 0).await.unwrap();
        assert!(begin.changed.is_empty() && begin.is_all);
        let mut hand = world.by_hand().await;
        let late = hand.transaction().await.unwrap();
        let (records, keys, rows) = made(1);
        let batch = Batch::Organization(&records);
        let append = Append { organization: org(1), expected: Version::ZERO, batch, keys: &keys, rows: &rows };
        assert_eq!(store.append_in(&late, &append).await.unwrap(), Appended::Applied);
        let tenants = world.tenants(&catalog);
        for n in 2..=30 {
            tenants.create(org(n), named("Acme", "team", 5), &by(1)).await.unwrap();
        }
        // All that others have appended is told, however small the pages, though none gets past the one that is open.
        let mut cursor = begin.cursor;
        for limit in [1, 3, 7, 100] {
            let (changes, next) = follow(&store, cursor, limit).await;
            assert_eq!(organizations(&changes), (2..=30).map(org).collect(), "by {limit}");
            cursor = next;
        }
        late.commit().await.unwrap();
        let (changes, next) = follow(&store, cursor, 7).await;
        assert!(organizations(&changes).contains(&org(1)), "it was late");
        tenants.store().erase(org(5)).await.unwrap();
        let (changes, next) = follow(&store, next, 100).await;
        let erased = Change { organization: org(5), stream: Stream::Organization, version: Version::ZERO };
        assert!(changes.contains(&erased), "{changes:?}");
        let (_, here) = follow(&store, next, 100).await;
        assert!(here >= next);
    });
}

/// Eight writers, and a follower with pages of three that never asks twice from the same cursor.
#[test]
fn whoever_follows_hears_of_every_append() {
    everywhere(|world| async move {
        let (catalog, store) = (cloud(), world.store());
        let begin = store.changes(None, 0).await.unwrap().cursor;
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let tenants = world.tenants(&catalog);
                tokio::spawn(async move {
                    for n in 0..12 {
                        let id = 1 + writer * 100 + n;
                        tenants.create(org(id), named("Acme", "team", 5), &by(1)).await.unwrap();
                        if n % 3 == 0 {
                            charge(&tenants, id, id, 1).await.unwrap();
                        }
                    }
                })
            })
            .collect();
        let (mut heard, mut cursor) = (BTreeSet::new(), begin);
        loop {
            let is_over = writers.iter().all(|writer| writer.is_finished());
            let (changes, next) = follow(&store, cursor, 3).await;
            heard.extend(changes.iter().map(|change| (change.organization, change.stream)));
            cursor = next;
            if is_over {
                break;
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let ledgers = heard.iter().filter(|(_, stream)| *stream == Stream::Ledger).count();
        let made = heard.iter().filter(|(_, stream)| *stream == Stream::Organization).count();
        assert_eq!(made, 96);
        assert!(ledgers >= 32, "{ledgers}");
    });
}

#[test]
fn whoever_listens_hears_of_what_is_announced() {
    somewhere(|world| async move {
        let (tenants, announcer) = (world.tenants(&cloud()), world.store());
        let listening = world.store();
        let mut listener = listening.listen().unwrap();
        let cursor = announcer.announce(None).await.unwrap();
        let soon = Duration::from_secs(5);
        timeout(soon, listener.news()).await.unwrap().unwrap(); // it may have missed something before
        let quiet = announcer.announce(Some(cursor)).await.unwrap();
        assert!(timeout(Duration::from_millis(100), listener.news()).await.is_err(), "nothing has happened");
        tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        announcer.announce(Some(quiet)).await.unwrap();
        timeout(soon, listener.news()).await.unwrap().unwrap();

        // It connects anew, and says so, for it may have missed something.
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen \"' || $1 || '\"'";
        world.by_hand().await.execute(kill, &[&world.options.schema]).await.unwrap();
        timeout(soon, listener.news()).await.unwrap().unwrap();
        timeout(soon, listener.news()).await.unwrap().unwrap();
        let deaf = PostgresStore::new(world.store().pool().clone(), world.options.clone());
        assert!(deaf.listen().is_err());
    });
}
