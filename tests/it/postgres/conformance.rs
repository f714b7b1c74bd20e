//! Every promise of a store, tried on one in PostgreSQL: undivided, in parts, and SERIALIZABLE; and with connections that were made anew.

use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::kit::{Fresh, check, keeps_what_it_has_acknowledged, leaves_something_behind};

use super::everywhere;

#[test]
fn a_store_in_postgres_keeps_every_promise() {
    everywhere(|world| async move {
        let number = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
        for (promise, kept) in check(&world.store(), Fresh::new(number)).await {
            kept.unwrap_or_else(|broken| panic!("{promise}: {broken}"));
        }
        let kept = leaves_something_behind(&world.store(), Fresh::new(number + 1)).await.unwrap();
        keeps_what_it_has_acknowledged(&world.store(), &kept).await.unwrap();
    });
}
