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
