//! Tampering by SQL: whoever changes what was appended is found, and where; what cannot be found is named.

use bailiwick::access::Resource;
use bailiwick::rows::{RowKey, Table};
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::store::json::{Digest, Tampered, Tampering, Unreadable};
use bailiwick::store::{AsyncStore, Derived, Key, Place, Snapshot, StoreError, Stream, Unlike, Wrong};
use bailiwick::{Organization, ResourceId, ShareId, Version};
use std::sync::atomic::AtomicBool;

use super::*;

/// Two organizations, and statements by hand to the tables of the second; everything can be put back.
struct Victim {
    world: World,
    tenants: Tenants,
    hand: tokio_postgres::Client,
}

/// The streams of an organization, as their column has them.
const STREAMS: [(i16, Stream); 3] =
    [(0, Stream::Organization), (1, Stream::Ledger), (2, Stream::Sheet(ResourceId::from_u64(5).unwrap()))];

/// What has to be put back.
const TABLES: [&str; 10] =
    ["record", "stream", "compacted", "snapshot", "claim", "place", "operation", "person", "balance", "share"];

impl Victim {
    async fn new(world: World) -> Self {
        let tenants = world.tenants(&Arc::new(catalog("production")));
        for n in [1, 2] {
            tenants.create(org(n), named(&format!("Crew {n}"), "studio", 9), &by(1)).await.unwrap();
            for member in 2..7 {
                tenants.handle(org(n), joins(member, "editor"), &once(member, system())).await.unwrap();
            }
            for key in 90..95 {
                tenants.order(org(n), issue(key), purchase(100), Actor::System, NOW.now).await.unwrap();
            }
            let id = ResourceId::from_u64(5).unwrap();
            let on = Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] };
            for share in 1..=5 {
                let (to, id) = (Recipient::User(user(20 + share)), ShareId::from_u64(share + 10 * n).unwrap());
                let give = GiveShare { share: id, to, level: vec!["script.view".into()], until: None };
                tenants.share(org(n), &on, give, &system()).await.unwrap();
            }
        }
        let hand = world.by_hand().await;
        let victim = Self { world, tenants, hand };
        for table in TABLES {
            victim.tell(&format!("create table @kept_{table} as select * from @{table}"), 0, 0).await;
        }
        assert_eq!(victim.found().await, []);
        victim
    }

    /// A statement about a stream of the second organization and a version of it.
    async fn tell(&self, sql: &str, kind: i16, version: u64) -> u64 {
        let here = format!("organization = '{}' and kind = {kind}", org(2));
        let sql = sql.replace("$here", &here).replace("$version", &version.to_string());
        self.hand.execute(&self.world.named(&sql), &[]).await.unwrap_or_else(|why| panic!("{sql}: {why:?}"))
    }

    async fn found(&self) -> Vec<Tampered> {
        let all = self.tenants.store().verify(None).await.unwrap();
        assert_eq!(self.tenants.store().verify(Some(org(2))).await.unwrap(), all, "only there");
        assert_eq!(self.tenants.store().verify(Some(org(1))).await.unwrap(), []);
        all
    }

    /// What is found after somebody has done that, and everything is as it was again.
    async fn after(&self, (kind, stream): (i16, Stream), sql: &[&str], version: u64) -> Vec<(u64, Tampering)> {
        for sql in sql {
            assert!(self.tell(sql, kind, version).await > 0, "{sql}");
        }
        let found = self.found().await;
        self.put_back().await;
        let told = |found: &Tampered| {
            assert_eq!((found.organization, found.stream), (org(2), stream));
            (found.version.as_u64(), found.what)
        };
        found.iter().map(told).collect()
    }

    async fn put_back(&self) {
        for table in TABLES {
            self.tell(&format!("delete from @{table}"), 0, 0).await;
            self.tell(&format!("insert into @{table} select * from @kept_{table}"), 0, 0).await;
        }
    }

    async fn unlike(&self) -> Vec<(Derived, Wrong)> {
        assert_eq!(self.tenants.verify(org(1)).await.unwrap(), []);
        let found = self.tenants.verify(org(2)).await.unwrap();
        found.into_iter().map(|Unlike { what, wrong, .. }| (what, wrong)).collect()
    }
}

/// Undivided, and in three parts.
fn divided_or_not<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    for partitions in [None, Some(3)] {
        in_world(World::new(partitions, ""), &test);
    }
}

const FORGED: &str = "replace(body, ':', ' : ')";

#[test]
fn whatever_is_changed_in_a_stream_is_found_where_it_is() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        for of in STREAMS {
            let last = victim.tenants.store().head(org(2), of.1).await.unwrap().0.as_u64();
            assert!(last >= 5, "{of:?}");
            let middle = last - 2; // this one and those behind it are appends of one record
            let text = format!("update @record set body = {FORGED} where $here and version = $version");
            assert_eq!(victim.after(of, &[&text], middle).await, [(middle, Tampering::Text)]);

            let digest = format!("sha256(convert_to({FORGED}, 'utf8'))");
            let with_digest =
                format!("update @record set body = {FORGED}, digest = {digest} where $here and version = $version");
            assert_eq!(victim.after(of, &[&with_digest], middle).await, [(middle, Tampering::Link)]);

            // Its link is counted anew as well: then the next one does not follow.
            let before = "(select link from @record b where b.organization = r.organization and b.kind = r.kind \
                          and b.version = r.version - 1)";
            let with_link = format!(
                "update @record r set body = {FORGED}, digest = {digest}, link = sha256({before} || sha256({digest})) \
                 where $here and version = $version"
            );
            assert_eq!(victim.after(of, &[&with_link], middle).await, [(middle + 1, Tampering::Link)]);
            assert_eq!(victim.after(of, &[&with_link], last).await, [(last, Tampering::Head)]);

            let delete = "delete from @record where $here and version = $version";
            for version in [1, middle, last] {
                assert_eq!(victim.after(of, &[delete], version).await, [(version, Tampering::Missing)]);
            }
            let swap = [
                "update @record set version = 999 where $here and version = $version",
                "update @record set version = $version where $here and version = $version + 1",
                "update @record set version = $version + 1 where $here and version = 999",
            ];
            let expected = [middle, middle + 1, last].map(|version| (version, Tampering::Link));
            assert_eq!(victim.after(of, &swap, middle).await, expected);

            let columns = "organization, kind, resource, at, format, body, digest, link";
            let insert = format!(
                "insert into @record (version, {columns}) select version + 1, {columns} from @record \
                 where $here and version = $version"
            );
            let between = [
                "update @record set version = version + 1000 where $here and version > $version",
                "update @record set version = version - 999 where $here and version > 1000",
                "update @stream set version = version + 1 where $here",
                &insert,
            ];
            assert_eq!(victim.after(of, &between, middle).await, [(middle + 1, Tampering::Link)]);
            let behind = [(last + 1, Tampering::Link), (last + 1, Tampering::Head)];
            assert_eq!(victim.after(of, &[&insert], last).await, behind);

            let head = "update @stream set link = sha256(link) where $here";
            assert_eq!(victim.after(of, &[head], 0).await, [(last, Tampering::Head)]);
            let gone = "delete from @stream where $here";
            assert_eq!(victim.after(of, &[gone], 0).await, [(last, Tampering::Head)]);
            let short = "update @record set digest = '\\x00' where $here and version = $version";
            let expected = [(middle, Tampering::Text), (middle, Tampering::Link)];
            assert_eq!(victim.after(of, &[short], middle).await, expected);
        }
    });
}

/// What the chain does not show: a head that was kept elsewhere does, or the keys and rows.
#[test]
fn what_was_cut_off_is_found_by_a_head_that_was_kept_elsewhere() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        let store = Arc::clone(victim.tenants.store());
        for of @ (kind, stream) in STREAMS {
            let (version, link) = store.head(org(2), stream).await.unwrap(); // kept elsewhere
            assert_eq!(store.link_at(org(2), stream, version).await.unwrap(), Some(link));
            let last = version.as_u64();
            let cut = [
                "delete from @record where $here and version = $version",
                "update @stream s set version = version - 1, link = (select link from @record r where \
                 r.organization = s.organization and r.kind = s.kind and r.version = s.version - 1) where $here",
            ];
            for sql in cut {
                assert_eq!(victim.tell(sql, kind, last).await, 1);
            }
            assert_eq!(victim.found().await, [], "the chain of what is left is whole");
            assert_eq!(store.link_at(org(2), stream, version).await.unwrap(), None);
            assert!(!victim.unlike().await.is_empty(), "keys and rows still know of it");
            victim.put_back().await;

            // The last one is another one, with everything counted anew.
            let forged = format!(
                "update @record r set body = {FORGED}, digest = sha256(convert_to({FORGED}, 'utf8')), \
                 link = sha256((select link from @record b where b.organization = r.organization and b.kind = r.kind \
                 and b.version = r.version - 1) || sha256(sha256(convert_to({FORGED}, 'utf8')))) \
                 where $here and version = $version"
            );
            let head = "update @stream s set link = (select link from @record r where r.organization = s.organization \
                        and r.kind = s.kind and r.version = s.version) where $here";
            assert_eq!(victim.after(of, &[&forged, head], last).await, [], "nothing in the tables shows it");
            for sql in [&forged, head] {
                victim.tell(sql, kind, last).await;
            }
            let there = store.link_at(org(2), stream, version).await.unwrap();
            assert!(there.is_some() && there != Some(link));
            victim.put_back().await;
        }
    });
}

/// A record that was changed is not read, and says where it is; what is before it is, and so is every other organization.
#[test]
fn what_was_changed_is_not_read() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        let store = Arc::clone(victim.tenants.store());
        let damaged = |why: StoreError| {
            let StoreError::Fatal(why) = why else { panic!("{why:?}") };
            let Some(Unreadable::Damaged { organization, stream, version, why }) = why.downcast_ref() else {
                panic!("{why:?}")
            };
            assert_eq!((*organization, why.as_str()), (org(2), "it is not the text of its digest"));
            (*stream, version.as_u64())
        };
        for (kind, stream) in STREAMS {
            victim.tell(&format!("update @record set body = {FORGED} where $here and version = 4"), kind, 4).await;
            let why = match stream {
                Stream::Organization => {
                    assert_eq!(store.records(org(2), Version::ZERO, 3).await.unwrap().len(), 3);
                    store.records(org(2), Version::ZERO, 99).await.unwrap_err()
                }
                Stream::Ledger => store.entries(org(2), Version::ZERO, 99).await.unwrap_err(),
                Stream::Sheet(resource) => store.load_sheets(org(2), &[resource]).await.unwrap_err(),
            };
            assert_eq!(damaged(why), (stream, 4));
            assert_eq!(victim.world.tenants(victim.tenants.catalog()).verify(org(1)).await.unwrap(), []);
            victim.put_back().await;
            // Of records that are gone at the end nobody would miss the last ones.
            let last = store.head(org(2), stream).await.unwrap().0;
            victim.tell("delete from @record where $here and version = $version", kind, last.as_u64()).await;
            let why = match stream {
                Stream::Organization => store.records(org(2), Version::ZERO, 99).await.unwrap_err(),
                Stream::Ledger => store.load_ledger(org(2), 99).await.unwrap_err(),
                Stream::Sheet(resource) => store.load_sheets(org(2), &[resource]).await.unwrap_err(),
            };
            let StoreError::Fatal(why) = why else { panic!("{why:?}") };
            assert!(why.to_string().contains(&format!("where {last} follows")), "{why}");
            victim.put_back().await;
        }
        let row = "update @person set roles = '{\"x\"}', joined_at = -1 where organization_id = (select organization \
                   from @stream where $here) and user_id = '00000000-0000-0000-0000-000000000003'";
        victim.tell(row, 0, 0).await;
        let StoreError::Fatal(why) = store.rows(org(2), Table::Person, None, 9).await.unwrap_err() else { panic!() };
        let told = why.downcast_ref::<Unreadable>().unwrap();
        assert!(matches!(told, Unreadable::Row { table: Table::Person, .. }), "{told}");
        assert_eq!(store.rows(org(1), Table::Person, None, 9).await.unwrap().len(), 6);
        victim
            .tell(
                "insert into @place select 'nonsense', organization, resource, organization from @stream where $here",
                0,
                0,
            )
            .await;
        let StoreError::Fatal(why) = store.keys(org(2), None, 99).await.unwrap_err() else { panic!() };
        assert!(why.to_string().ends_with("there is no such key as `nonsense`"), "{why}");
    });
}

/// What is left after compaction goes on from what is gone, wherever that ends, and however often.
#[test]
fn what_was_compacted_is_gone_on_from() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        let (tenants, store) = (&victim.tenants, Arc::clone(victim.tenants.store()));
        let heads = [store.head(org(2), Stream::Organization).await, store.head(org(2), Stream::Ledger).await];
        let heads = heads.map(Result::unwrap);
        tenants.keep_snapshot(org(2)).await.unwrap();
        tenants.keep_ledger_snapshot(org(2)).await.unwrap();
        for up_to in [1, 2, 4, 4, 99] {
            // Two who compact at once, one further than the other.
            let (near, far) = (Version::from_u64(up_to), Version::from_u64(up_to + 1));
            let at_once = async |stream| {
                let (one, other) = (store.compact(org(2), stream, near), store.compact(org(2), stream, far));
                let (one, other) = tokio::join!(one, other);
                one.and(other).unwrap();
            };
            at_once(Stream::Organization).await;
            at_once(Stream::Ledger).await;
            assert_eq!(victim.found().await, [], "up to {up_to}");
        }
        assert_eq!(tenants.verify(org(2)).await.unwrap(), []);
        for (stream, (version, link)) in [Stream::Organization, Stream::Ledger].into_iter().zip(heads) {
            assert_eq!(store.head(org(2), stream).await.unwrap(), (version, link));
            assert_eq!(store.link_at(org(2), stream, version).await.unwrap(), Some(link));
            assert_eq!(store.link_at(org(2), stream, Version::from_u64(2)).await.unwrap(), None);
        }
        tenants.handle(org(2), joins(40, "editor"), &system()).await.unwrap();
        assert_eq!(victim.found().await, []);
        let (last, compacted) = (heads[0].0.as_u64(), "update @compacted set link = sha256(link) where $here");
        victim.tell(compacted, 0, 0).await;
        let at = |version: u64, what| {
            let (organization, stream, version) = (org(2), Stream::Organization, Version::from_u64(version));
            Tampered { organization, stream, version, what }
        };
        assert_eq!(victim.found().await, [at(last, Tampering::Link)]);
        victim.tell("delete from @compacted where $here", 0, 0).await;
        assert_eq!(victim.found().await, [at(1, Tampering::Missing)]);
        store.erase(org(2)).await.unwrap();
        assert_eq!(victim.found().await, []);
    });
}

/// A chain goes on over the middle of an append.
#[test]
fn an_append_that_was_compacted_in_part_is_proven_in_the_whole() {
    divided_or_not(|world| async move {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        let sql = world.named("select version, link is null from @record where kind = 0 order by version");
        let lines = world.by_hand().await.query(&sql, &[]).await.unwrap();
        assert!(lines.len() > 1 && lines[0].get::<_, bool>(1), "a creation makes several records in one append");
        tenants.keep_snapshot(org(1)).await.unwrap();
        let store = tenants.store();
        for line in &lines {
            let up_to = line.get::<_, i64>(0) as u64;
            store.compact(org(1), Stream::Organization, Version::from_u64(up_to)).await.unwrap();
            assert_eq!(store.verify(None).await.unwrap(), [], "up to {up_to}");
        }
        // Two at once, one of them further: the second goes on from what the first has left.
        for n in 2..30 {
            tenants.create(org(n), named(&format!("Acme {n}"), "team", 5), &by(1)).await.unwrap();
            tenants.handle(org(n), joins(2, "viewer"), &system()).await.unwrap();
            tenants.keep_snapshot(org(n)).await.unwrap();
            let (near, far) = (Version::from_u64(1), Version::from_u64(lines.len() as u64));
            let (one, two) =
                (store.compact(org(n), Stream::Organization, near), store.compact(org(n), Stream::Organization, far));
            let (one, two) = tokio::join!(one, two);
            one.and(two).unwrap();
            assert_eq!(store.verify(Some(org(n))).await.unwrap(), []);
        }
    });
}

#[test]
fn a_snapshot_that_was_changed_is_found() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        victim.tenants.keep_snapshot(org(2)).await.unwrap();
        victim.tenants.keep_ledger_snapshot(org(2)).await.unwrap();
        for table in ["snapshot"] {
            victim.tell(&format!("insert into @kept_{table} select * from @{table}"), 0, 0).await;
        }
        assert_eq!(victim.unlike().await, []);
        for of @ (kind, stream) in &STREAMS[..2] {
            let version = victim.tenants.store().head(org(2), *stream).await.unwrap().0;
            let snapshot = [(version.as_u64(), Tampering::Snapshot)];
            let changed = format!("update @snapshot set body = {FORGED} where $here");
            assert_eq!(victim.after(*of, &[&changed], 0).await, snapshot);
            let beyond = "update @snapshot set version = version + 1 where $here";
            let of_another = [(version.as_u64() + 1, Tampering::Snapshot)];
            assert_eq!(victim.after(*of, &[beyond], 0).await, of_another);
            // With its digest it is what was kept, as far as the store knows; the records say otherwise while they are there.
            let forged = "replace(body, '\"editor\"', '\"owner\"')";
            let forged = if *kind == 0 { forged } else { "replace(body, '100', '900')" };
            let with_digest = format!(
                "update @snapshot set body = {forged}, digest = sha256(convert_to({forged}, 'utf8')) where $here"
            );
            assert_eq!(victim.after(*of, &[&with_digest], 0).await, []);
            victim.tell(&with_digest, *kind, 0).await;
            assert_eq!(victim.unlike().await, [(Derived::Snapshot(*stream, version), Wrong::Other)]);
            victim.put_back().await;
        }
        // The end was cut off, chain and all: a snapshot that stands for more gives it away.
        let last = victim.tenants.store().head(org(2), Stream::Organization).await.unwrap().0.as_u64();
        let cut = [
            "delete from @record where $here and version = $version",
            "update @stream s set version = version - 1, link = (select link from @record r where \
             r.organization = s.organization and r.kind = s.kind and r.version = s.version - 1) where $here",
        ];
        assert_eq!(victim.after(STREAMS[0], &cut, last).await, [(last, Tampering::Snapshot)]);
    });
}

#[test]
fn keys_rows_and_operations_that_were_changed_are_found() {
    divided_or_not(|world| async move {
        let victim = Victim::new(world).await;
        assert_eq!(victim.unlike().await, []);
        let organization_id = org(2);
        let (three, here) = (format!("user_id = '{}'", user(3)), format!("organization_id = '{}'", org(2)));
        let person = RowKey::Person { organization_id, user_id: user(3) };
        let nobody = RowKey::Person { organization_id, user_id: user(77) };
        let belongs = |n| Derived::Key(Key::Belongs(user(n)), Place::of(org(2)));
        let changes: [(String, Derived, Wrong); 9] = [
            (
                format!("update @person set roles = '{{owner}}' where {here} and {three}"),
                Derived::Row(person.clone()),
                Wrong::Other,
            ),
            (format!("delete from @person where {here} and {three}"), Derived::Row(person), Wrong::Missing),
            (
                format!(
                    "insert into @person select organization_id, '{}', standing, status, roles, uses_credits, joined_at, \
                     joined_version, status_at, changed_at from @person where {here} and {three}",
                    user(77)
                ),
                Derived::Row(nobody),
                Wrong::Extra,
            ),
            (
                format!("update @balance set spendable = spendable + 1 where {here}"),
                Derived::Row(RowKey::Balance { organization_id }),
                Wrong::Other,
            ),
            (
                format!("delete from @place where key = 'belongs/{}' and organization = '{}'", user(3), org(2)),
                belongs(3),
                Wrong::Missing,
            ),
            (
                format!(
                    "insert into @place select 'belongs/{}', organization, resource, item from @place \
                     where key = 'belongs/{}' and organization = '{}'",
                    user(77),
                    user(3),
                    org(2)
                ),
                belongs(77),
                Wrong::Extra,
            ),
            (
                format!(
                    "insert into @claim select 'personal/{}', organization, resource, item from @place \
                     where key = 'belongs/{}' and organization = '{}'",
                    user(3),
                    user(3),
                    org(2)
                ),
                Derived::Key(Key::Claim(bailiwick::store::Claim::PersonalOf(user(3))), Place::of(org(2))),
                Wrong::Extra,
            ),
            (
                format!(
                    "delete from @operation where organization = '{}' and operation = '{}'",
                    org(2),
                    CommandId::from_u64(3).unwrap()
                ),
                Derived::Operation(CommandId::from_u64(3).unwrap()),
                Wrong::Missing,
            ),
            (
                format!(
                    "update @operation set last_version = last_version + 1 where organization = '{}' and operation = '{}'",
                    org(2),
                    CommandId::from_u64(4).unwrap()
                ),
                Derived::Operation(CommandId::from_u64(4).unwrap()),
                Wrong::Other,
            ),
        ];
        for (sql, what, wrong) in changes {
            assert_eq!(victim.tell(&sql, 0, 0).await, 1, "{sql}");
            assert_eq!(victim.found().await, [], "the chain knows nothing of it");
            assert_eq!(victim.unlike().await, [(what, wrong)], "{sql}");
            victim.put_back().await;
        }
    });
}

/// While others write nothing is found that is not there.
#[test]
fn an_organization_that_is_written_to_is_verified() {
    somewhere(|world| async move {
        let tenants = Arc::new(world.tenants(&cloud()));
        tenants.create(org(1), named("Acme", "team", 200), &by(1)).await.unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let writing = {
            let (tenants, done) = (Arc::clone(&tenants), Arc::clone(&done));
            tokio::spawn(async move {
                let mut n = 0;
                while !done.load(Ordering::Relaxed) {
                    n += 1;
                    let name = bailiwick::change::Rename { name: Name::new(&format!("Acme {n}")).unwrap() };
                    tenants.handle(org(1), name, &system()).await.unwrap();
                    // Or the history grows faster than anybody can read it.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                n
            })
        };
        let (mut verified, mut busy) = (0, 0);
        while verified < 5 && busy < 50 {
            assert_eq!(tenants.store().verify(None).await.unwrap(), []);
            match tenants.verify(org(1)).await {
                Ok(found) => assert_eq!((found, verified += 1), (vec![], ())),
                Err(StoreError::Retry(_)) => busy += 1,
                Err(why) => panic!("{why:?}"),
            }
        }
        done.store(true, Ordering::Relaxed);
        let names = writing.await.unwrap();
        println!("verified {verified} times while {names} names were given, {busy} times there was too much");
        assert_eq!(tenants.verify(org(1)).await.unwrap(), []);
    });
}

/// What the statement keeps is what the crate counts, of a snapshot too.
#[test]
fn a_snapshot_has_the_digest_of_its_text() {
    somewhere(|world| async move {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        let snapshot = tenants.read(org(1), Organization::snapshot).await.unwrap().unwrap();
        tenants.store().keep(Snapshot::Organization(&snapshot)).await.unwrap();
        let select = world.named("select body, digest from @snapshot");
        let row = world.by_hand().await.query_one(&select, &[]).await.unwrap();
        assert_eq!(Digest::of(row.get(0)).to_bytes().to_vec(), row.get::<_, Vec<u8>>(1));
    });
}
