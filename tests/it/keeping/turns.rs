//! Who waits for whom: tasks of one process take turns, orders on one ledger go together. The store half of D-06.

use super::*;

/// Orders that wait for one ledger together are appended together, each as if it were alone.
#[test]
fn orders_that_wait_go_together() {
    struct Slow(MemoryStore, AtomicUsize);

    impl Front for Slow {
        type Behind = MemoryStore;

        fn behind(&self) -> &MemoryStore {
            &self.0
        }

        fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
            if matches!(append.batch, Batch::Ledger(_)) {
                thread::sleep(Duration::from_millis(20));
                self.1.fetch_add(1, Ordering::SeqCst);
            }
            self.0.append(append)
        }
    }

    let store = Arc::new(Slow(MemoryStore::new(), AtomicUsize::new(0)));
    let [tenants] = processes(&store);
    tenants.create(org(1), create(1), &by(1)).unwrap();
    charge(&tenants, 1_000, 1).unwrap();
    store.1.store(0, Ordering::SeqCst);
    thread::scope(|scope| {
        for at in 0..8 {
            let tenants = &tenants;
            scope.spawn(move || {
                for n in 0..5 {
                    charge(tenants, 1 + at * 5 + n, 10).unwrap();
                }
            });
        }
    });
    let appends = store.1.load(Ordering::SeqCst);
    assert!(appends <= 20, "{appends} appends for 40 orders");
    let left =
        |tenants: &Tenants<_>| tenants.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns).unwrap();
    assert_eq!(left(&tenants).spent, 401);
    let [other] = processes(&store);
    assert_eq!(left(&other), left(&tenants));
    // In a group that does not fit, those that fit are carried out, and the others are not.
    let rest = u64::try_from(left(&tenants).available).unwrap();
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for at in 0..8 {
            let (tenants, answers) = (&tenants, &answers);
            scope.spawn(move || {
                let answer = charge(tenants, 100 + at, rest / 3);
                answers.lock().unwrap().push(answer.map_err(|why| why.code()));
            });
        }
    });
    let answers = answers.into_inner().unwrap();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    assert!(answers.iter().all(|answer| answer.is_ok() || *answer == Err(Some("not_enough"))), "{answers:?}");
}

/// A ledger takes more room the more is in it, so that keeping many of them is not for nothing.
#[test]
fn what_a_ledger_has_counts_as_room() {
    let [tenants] = processes(&Arc::new(MemoryStore::new()));
    tenants.create(org(1), create(1), &by(1)).unwrap();
    charge(&tenants, 1, 1).unwrap();
    let before = tenants.bytes();
    (2..52).for_each(|n| _ = charge(&tenants, n, 1).unwrap());
    let more = tenants.bytes() - before;
    assert!((50 * 900..50 * 4_000).contains(&more), "{more} bytes for 50 spends");
}

/// Two last owners leave at the same moment, one task each, every order of their steps at the store: one of them stays. D-06.
#[test]
fn two_tasks_take_turns() {
    let tenants = AsyncTenants::new(Arc::new(catalog("cloud")), Gated::default());
    now_or_never(tenants.create(org(1), create(1), &by(1))).unwrap().unwrap();
    now_or_never(tenants.handle(org(1), add(2), &system())).unwrap().unwrap();
    let owner = ChangeRoles { user: user(2), roles: vec!["owner".into()] };
    now_or_never(tenants.handle(org(1), owner, &by(1))).unwrap().unwrap();
    tenants.store().closed.store(true, Ordering::SeqCst);
    let (one, two) = (by(1), by(2));
    let mut first = pin!(tenants.handle(org(1), Leave { content: None }, &one));
    let mut second = pin!(tenants.handle(org(1), Leave { content: None }, &two));
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    tenants.store().closed.store(false, Ordering::SeqCst);
    assert!(second.as_mut().poll(&mut context).is_pending(), "it is not its turn");
    let Poll::Ready(first) = first.as_mut().poll(&mut context) else { panic!("it is let through") };
    let Poll::Ready(second) = second.as_mut().poll(&mut context) else { panic!("its turn has come") };
    assert!(first.is_ok());
    assert_eq!(second.unwrap_err().code(), Some("last_owner"));
}

/// A store behind a pointer; futures that can be sent to other threads.
#[test]
fn a_store_can_be_chosen_when_the_program_runs() {
    fn sent<T>(future: impl Future<Output = T> + Send) -> T {
        now_or_never(future).unwrap()
    }
    let store: Arc<dyn ErasedStore> = Arc::new(Direct(MemoryStore::new()));
    let tenants = AsyncTenants::new(Arc::new(catalog("cloud")), store);
    sent(tenants.create(org(1), create(1), &by(1))).unwrap();
    sent(tenants.handle(org(1), add(2), &system())).unwrap();
    sent(tenants.follow()).unwrap();
    let issue = Issue { key: command(1), at: NOW.now };
    let work = Work::default();
    let hold = HoldId::from_u64(1).unwrap();
    let charge = |spender| Charge { hold, spender, amount: Credits::new(1) };
    sent(tenants.spend(org(1), issue, &work, Actor::User(user(1)), &NOW, charge)).unwrap();
    assert!(tenants.bytes() > 0);
}
