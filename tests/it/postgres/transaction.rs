//! Appending in a transaction of the caller's: a row of theirs and the append are there together, or neither is.

use bailiwick::Organization;
use bailiwick::change::{Command, Record};
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, AsyncStore, Batch, Key, Keys};
use bailiwick::{UserId, Version};

use super::*;

/// What a command makes of an organization that is not there yet.
struct Judged {
    records: Vec<Record>,
    keys: Keys,
    rows: RowChanges,
}

impl Judged {
    fn sign_up(id: u64, who: UserId, operation: u64) -> Self {
        let organization = Organization::new(org(id), cloud());
        let sign_up = bailiwick::change::SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(1) };
        let context = once(operation, NOW.by(Actor::User(who)));
        let records = organization.handle(&Command::from(sign_up), &context).unwrap().records;
        let (keys, rows) = (Keys::of(&organization, &records), RowChanges::of(&organization, &records));
        Self { records, keys, rows }
    }

    fn append(&self, id: u64) -> Append<'_> {
        let batch = Batch::Organization(&self.records);
        Append { organization: org(id), expected: Version::ZERO, batch, keys: &self.keys, rows: &self.rows }
    }
}

#[test]
fn an_append_commits_with_what_the_caller_writes() {
    everywhere(|world| async move {
        let store = world.store();
        let mut hand = world.by_hand().await;
        hand.batch_execute(&world.named("create table @customer (name text)")).await.unwrap();
        let insert = world.named("insert into @customer values ('Ada')");
        let judged = Judged::sign_up(1, user(1), 1);
        for commits in [false, true] {
            let transaction = hand.transaction().await.unwrap();
            transaction.execute(&insert, &[]).await.unwrap();
            let answer = store.append_in(&transaction, &judged.append(1)).await.unwrap();
            assert_eq!(answer, Appended::Applied);
            assert!(store.records(org(1), Version::ZERO, 9).await.unwrap().is_empty(), "nobody sees it yet");
            if commits {
                transaction.commit().await.unwrap()
            } else {
                transaction.rollback().await.unwrap()
            }
            let customers = hand.query(&world.named("select from @customer"), &[]).await.unwrap().len();
            let records = store.records(org(1), Version::ZERO, 9).await.unwrap();
            let expected = if commits { judged.records.clone() } else { Vec::new() };
            assert_eq!((customers, records), (usize::from(commits), expected));
        }
        let tenants = world.tenants(&cloud());
        tenants.handle(org(1), joins(2, "viewer"), &system()).await.unwrap_err(); // personal, but known
        assert_eq!(store.find(&Key::Belongs(user(1)), None, None, 9).await.unwrap().len(), 1);

        let transaction = hand.transaction().await.unwrap();
        let again = store.append_in(&transaction, &judged.append(1)).await.unwrap();
        assert!(matches!(again, Appended::Replayed(_)));
        let other = Judged::sign_up(1, user(2), 2);
        assert_eq!(store.append_in(&transaction, &other.append(1)).await.unwrap(), Appended::Conflict);
        transaction.execute(&insert, &[]).await.unwrap();
        let second = Judged::sign_up(2, user(1), 3);
        assert_eq!(store.append_in(&transaction, &second.append(2)).await.unwrap(), Appended::Claimed { by: org(1) });
        transaction.rollback().await.unwrap();
        assert_eq!(store.append(&second.append(2)).await.unwrap(), Appended::Claimed { by: org(1) });
    });
}

/// A desk for whoever joins: their row and the member are there together, or neither is.
struct Office {
    tenants: Tenants,
    other: Tenants,
    hand: tokio_postgres::Client,
    world: World,
}

/// What the caller does in the end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Commits,
    RollsBack,
    /// Commits, and never hears of it.
    HearsNothing,
}

impl Office {
    async fn new(world: World) -> Self {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 9), &by(1)).await.unwrap();
        let hand = world.by_hand().await;
        hand.batch_execute(&world.named("create table @desk (owner text)")).await.unwrap();
        Self { tenants, other: world.tenants(&cloud()), hand, world }
    }

    /// As somebody would write it who has read the guide. `between` is what others do while the transaction is open.
    async fn hire(
        &mut self,
        n: u64,
        context: &Context<'_>,
        end: End,
        between: impl AsyncFn(&Tenants),
    ) -> Result<Option<bailiwick::change::Outcome>, TenantsError> {
        let insert = self.world.named("insert into @desk values ($1)");
        loop {
            let prepared = self.tenants.prepare(org(1), joins(n, "viewer"), context).await?;
            between(&self.other).await;
            let transaction = self.hand.transaction().await.unwrap();
            match self.tenants.store().append_in(&transaction, &prepared.append()).await? {
                Appended::Applied => {
                    transaction.execute(&insert, &[&user(n).to_string()]).await.unwrap();
                    assert!(!is_member(&self.tenants, n).await, "nothing is committed yet");
                    match end {
                        End::Commits | End::HearsNothing => transaction.commit().await.unwrap(),
                        End::RollsBack => transaction.rollback().await.unwrap(),
                    }
                    if end == End::HearsNothing {
                        assert!(!is_member(&self.tenants, n).await, "it has not asked yet");
                    }
                    return self.tenants.confirm(&prepared).await;
                }
                Appended::Replayed(_) => {
                    transaction.rollback().await.unwrap();
                    return self.tenants.confirm(&prepared).await;
                }
                Appended::Conflict => transaction.rollback().await.unwrap(),
                Appended::Claimed { by } => panic!("{by} has it"),
            }
        }
    }

    async fn desks(&self) -> usize {
        self.hand.query(&self.world.named("select from @desk"), &[]).await.unwrap().len()
    }
}

async fn is_member(tenants: &Tenants, n: u64) -> bool {
    tenants.read(org(1), |organization| organization.person(user(n)).is_some()).await.unwrap().unwrap()
}

#[test]
fn a_command_commits_with_what_its_caller_writes() {
    everywhere(|world| async move {
        let mut office = Office::new(world).await;
        let nothing = async |_: &Tenants| {};
        let context = |n| once(n, system());

        let outcome = office.hire(2, &context(2), End::Commits, nothing).await.unwrap().unwrap();
        assert_eq!(office.tenants.journal(org(1)).await.unwrap().last(), outcome.records.last());
        assert_eq!((office.desks().await, is_member(&office.tenants, 2).await), (1, true));
        assert!(is_member(&office.other, 2).await);

        // Rolled back it leaves no trace.
        assert_eq!(office.hire(3, &context(3), End::RollsBack, nothing).await.unwrap(), None);
        assert_eq!((office.desks().await, is_member(&office.tenants, 3).await), (1, false));
        assert_eq!(office.tenants.verify(org(1)).await.unwrap(), []);

        // A prepared command that nobody carries out is none.
        drop(office.tenants.prepare(org(1), joins(3, "viewer"), &system()).await.unwrap());
        assert!(!is_member(&office.tenants, 3).await);

        // Others were faster: judged again, on what they have done.
        let renames = async |other: &Tenants| {
            let version = other.refresh(org(1)).await.unwrap().unwrap();
            if version.as_u64() < 6 {
                let rename = bailiwick::change::Rename { name: Name::new("Other").unwrap() };
                other.handle(org(1), rename, &system()).await.unwrap();
            }
        };
        let before = office.tenants.read(org(1), Organization::version).await.unwrap().unwrap();
        let outcome = office.hire(3, &context(4), End::Commits, renames).await.unwrap().unwrap();
        assert!(outcome.records[0].version > before.next(), "somebody was in between");
        assert_eq!((office.desks().await, is_member(&office.tenants, 3).await), (2, true));

        // Repeated under its id it is answered as it was, and no second desk is set up; refused it is not even begun.
        let again = office.hire(3, &context(4), End::Commits, nothing).await.unwrap().unwrap();
        assert_eq!((again.records, office.desks().await), (outcome.records, 2));
        assert_eq!(code(office.hire(3, &context(5), End::Commits, nothing).await), "already_member");
        assert_eq!(code(office.tenants.prepare(org(9), joins(3, "viewer"), &system()).await), "not_found");

        // Where nobody has heard what became of the commit, asking tells.
        let outcome = office.hire(4, &context(6), End::HearsNothing, nothing).await.unwrap();
        assert!(outcome.is_some() && is_member(&office.tenants, 4).await);
        assert_eq!(office.tenants.verify(org(1)).await.unwrap(), []);
        assert_eq!(office.tenants.store().verify(None).await.unwrap(), []);
    });
}

/// An organization is made, and its customer with it.
#[test]
fn an_organization_is_made_with_what_its_caller_writes() {
    everywhere(|world| async move {
        let (tenants, mut hand) = (world.tenants(&cloud()), world.by_hand().await);
        let context = once(1, by(1));
        let create = || named("Acme", "team", 5);
        for commits in [false, true] {
            let prepared = tenants.prepare(org(1), create(), &context).await.unwrap();
            let transaction = hand.transaction().await.unwrap();
            let answer = tenants.store().append_in(&transaction, &prepared.append()).await.unwrap();
            assert_eq!(answer, Appended::Applied);
            assert_eq!(tenants.read(org(1), Organization::version).await.unwrap(), None);
            if commits {
                transaction.commit().await.unwrap()
            } else {
                transaction.rollback().await.unwrap()
            }
            assert_eq!(tenants.confirm(&prepared).await.unwrap().is_some(), commits);
            assert_eq!(tenants.read(org(1), Organization::version).await.unwrap().is_some(), commits);
        }
        let again = tenants.prepare(org(1), create(), &context).await.unwrap();
        assert!(matches!(tenants.store().append(&again.append()).await.unwrap(), Appended::Replayed(_)));
        assert!(tenants.confirm(&again).await.unwrap().is_some());
        assert_eq!(code(tenants.prepare(org(1), create(), &by(1)).await), "already_exists");
    });
}
