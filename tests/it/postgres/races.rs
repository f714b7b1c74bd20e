//! Races: what must not be given twice, wanted by many at once, in several processes.

use bailiwick::catalog::policy::UniqueNames;
use bailiwick::change::{Leave, Rename, SignUp};
use bailiwick::reach::Paging;
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, AsyncStore, Batch, Keys, Snapshot};
use bailiwick::{LinkId, Organization, Version};
use tokio::task::JoinSet;

use super::*;

/// D-06: exactly one of them succeeds, every time.
#[test]
fn two_last_owners_who_leave_at_once_leave_one() {
    everywhere(|world| async move {
        let catalog = cloud();
        let processes = [Arc::new(world.tenants(&catalog)), Arc::new(world.tenants(&catalog))];
        for id in 1..=15 {
            processes[0].create(org(id), named("Acme", "team", 5), &by(1)).await.unwrap();
            processes[0].handle(org(id), joins(2, "owner"), &system()).await.unwrap();
            processes[1].refresh(org(id)).await.unwrap();
            let leave = |at: usize| {
                let process = Arc::clone(&processes[at]);
                tokio::spawn(async move { process.handle(org(id), Leave { content: None }, &by(at as u64 + 1)).await })
            };
            let (one, other) = tokio::join!(leave(0), leave(1));
            let mut codes = [code(one.unwrap()), code(other.unwrap())];
            codes.sort();
            assert_eq!(codes, ["last_owner", "ok"]);
        }
    });
}

#[test]
fn the_last_seat_is_sold_once() {
    everywhere(|world| async move {
        let catalog = cloud();
        let mut sold = 0;
        let seats = 3;
        world.tenants(&catalog).create(org(1), named("Acme", "team", seats), &by(1)).await.unwrap();
        let mut tasks = JoinSet::new();
        for n in 2..10 {
            let process = world.tenants(&catalog);
            tasks.spawn(async move { process.handle(org(1), joins(n, "developer"), &system()).await });
        }
        while let Some(answer) = tasks.join_next().await {
            match code(answer.unwrap()).as_str() {
                "ok" => sold += 1,
                "no_seat" | "seats_full" | "seat_limit" => {}
                other => assert!(other.contains("seat"), "{other}"),
            }
        }
        assert_eq!(sold, seats - 1, "one is the owner's");
    });
}

#[test]
fn a_hot_ledger_is_charged_to_exactly_nothing() {
    everywhere(|world| async move {
        let catalog = cloud();
        let first = Arc::new(world.tenants(&catalog));
        first.create(org(1), named("Acme", "team", 1), &by(1)).await.unwrap();
        let share = u64::try_from(spendable(&first, 1).await).unwrap() / 25;
        let processes = [first, Arc::new(world.tenants(&catalog))];
        let mut tasks = JoinSet::new();
        for n in 1..=50 {
            let process = Arc::clone(&processes[n as usize % 2]);
            tasks.spawn(async move {
                loop {
                    match charge(&process, 1, n, share).await {
                        Err(TenantsError::Store(bailiwick::store::StoreError::Retry(_)) | TenantsError::Contended) => {}
                        answer => return code(answer),
                    }
                }
            });
        }
        let mut codes: Vec<String> = tasks.join_all().await;
        codes.sort();
        assert_eq!(codes.iter().filter(|code| *code == "ok").count(), 25, "{codes:?}");
        assert_eq!(spendable(&world.tenants(&catalog), 1).await, 0);
    });
}

#[test]
fn a_name_has_one_holder_and_is_free_when_that_has_another() {
    everywhere(|world| async move {
        let mut policy = catalog("cloud").policy().clone();
        policy.unique_names = UniqueNames::Global;
        let catalog = Arc::new(catalog("cloud").to_builder().policy(policy).build().unwrap());
        let mut tasks = JoinSet::new();
        for n in 1..=12 {
            let process = world.tenants(&catalog);
            tasks.spawn(async move { (n, code(process.create(org(n), named("Acme", "team", 1), &by(n)).await)) });
        }
        let answers = tasks.join_all().await;
        let made: Vec<u64> = answers.iter().filter(|(_, code)| code == "ok").map(|(n, _)| *n).collect();
        let [holder] = made[..] else { panic!("{answers:?}") };
        assert!(answers.iter().all(|(_, code)| code == "ok" || code == "name_taken"), "{answers:?}");

        let tenants = world.tenants(&catalog);
        let rename = |name: &str| Rename { name: Name::new(name).unwrap() };
        tenants.handle(org(holder), rename("Other"), &by(holder)).await.unwrap();
        tenants.handle(org(holder), rename("OTHER"), &by(holder)).await.unwrap();
        tenants.create(org(99), named("acme", "team", 1), &by(9)).await.unwrap();
        assert_eq!(code(tenants.handle(org(holder), rename("Acme"), &by(holder)).await), "name_taken");
    });
}

#[test]
fn signing_up_at_once_is_signing_up_once() {
    everywhere(|world| async move {
        let catalog = cloud();
        let mut tasks = JoinSet::new();
        for n in 1..=8 {
            let process = world.tenants(&catalog);
            tasks.spawn(async move {
                let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(n) };
                process.sign_up(org(n), sign_up, &by(1)).await.unwrap()
            });
        }
        let made = tasks.join_all().await;
        assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
        let found = world.tenants(&catalog).organizations_of(user(1), Paging::first(9)).await.unwrap();
        assert_eq!(found.items, [made[0]]);
    });
}

/// While an organization is erased others append to it, begin its ledger, keep snapshots, follow links. Whatever is there afterwards is
/// whole: as if it had come after.
#[test]
fn whoever_erases_leaves_nothing_in_pieces() {
    everywhere(|world| async move {
        let catalog = cloud();
        let hand = world.by_hand().await;
        for round in 0..25 {
            let setup = world.tenants(&catalog);
            setup.create(org(1), named("Acme", "team", 50), &by(1)).await.unwrap();
            if round % 2 == 0 {
                charge(&setup, 1, 1, 1).await.unwrap();
            }
            let mut tasks = JoinSet::new();
            for n in 0..3_u64 {
                let process = world.tenants(&catalog);
                tasks.spawn(async move {
                    let _ = process.handle(org(1), joins(10 + n, "viewer"), &system()).await;
                    let _ = charge(&process, 1, 10 + n, 1).await;
                    let _ = process.keep_snapshot(org(1)).await;
                    let link = LinkId::from_u64(n + 1).unwrap();
                    let _ = process.store().count_use(org(1), link, 1, 9).await;
                });
            }
            let (store, snapshot) = (world.store(), setup.read(org(1), Organization::snapshot).await.unwrap().unwrap());
            tasks.spawn(async move {
                for _ in 0..8 {
                    store.keep(Snapshot::Organization(&snapshot)).await.unwrap();
                }
            });
            let store = world.store();
            tasks.spawn(async move { store.erase(org(1)).await.unwrap() });
            while let Some(task) = tasks.join_next().await {
                task.unwrap();
            }
            let pieces = world.named(
                "select (select count(*) from @stream s where version <> \
                     (select count(*) from @record r where (r.organization, r.kind, r.resource) = (s.organization, s.kind, s.resource))) \
                 + (select count(*) from @record r where not exists \
                     (select from @stream s where (r.organization, r.kind, r.resource) = (s.organization, s.kind, s.resource))) \
                 + case when exists (select from @stream) then 0 else (select count(*) from @snapshot) \
                     + (select count(*) from @link_use) + (select count(*) from @operation) + (select count(*) from @place) \
                     + (select count(*) from @person) + (select count(*) from @balance) end",
            );
            let pieces: i64 = hand.query_one(&pieces, &[]).await.unwrap().get(0);
            assert_eq!(pieces, 0, "in round {round}");
            world.store().erase(org(1)).await.unwrap();
        }
    });
}

/// A stream that begins holds on to the organization, so that it goes with it, or comes after it.
#[test]
fn whoever_erases_waits_for_what_begins() {
    everywhere(|world| async move {
        let tenants = world.tenants(&cloud());
        for id in 1..=2 {
            tenants.create(org(id), named("Acme", "team", 5), &by(1)).await.unwrap();
        }
        charge(&tenants, 2, 1, 1).await.unwrap();
        let (store, mut hand) = (tenants.store(), world.by_hand().await);
        let entries = store.entries(org(2), Version::ZERO, 1).await.unwrap();
        // An organization without a ledger: one that is made gets its first credits at once.
        hand.batch_execute(&world.named("delete from @stream where kind = 1; delete from @record where kind = 1"))
            .await
            .unwrap();
        let begins = hand.transaction().await.unwrap();
        let (keys, rows, batch) = (Keys::default(), RowChanges::default(), Batch::Ledger(&entries));
        let append = Append { organization: org(1), expected: Version::ZERO, batch, keys: &keys, rows: &rows };
        assert_eq!(store.append_in(&begins, &append).await.unwrap(), Appended::Applied);
        let erasing = tokio::spawn({
            let store = world.store();
            async move { store.erase(org(1)).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!erasing.is_finished(), "the ledger has begun");
        begins.commit().await.unwrap();
        erasing.await.unwrap().unwrap();
        assert_eq!(store.organizations(None, 9).await.unwrap(), [org(2)]);
        assert!(store.entries(org(1), Version::ZERO, 9).await.unwrap().is_empty());
    });
}
