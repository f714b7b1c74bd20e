//! Every promise of a store, tried on one in a file, and again after it was opened anew.

use std::sync::Arc;

use bailiwick::kit::{Fresh, check_blocking, keeps_what_it_has_acknowledged, leaves_something_behind};
use bailiwick::store::Direct;
use bailiwick::store::json::Tampering;

use super::Folder;

#[test]
fn a_store_in_a_file_keeps_every_promise() {
    let folder = Folder::new();
    let store = folder.store();
    for (promise, kept) in check_blocking(&store, Fresh::new(1)) {
        kept.unwrap_or_else(|broken| panic!("{promise}: {broken}"));
    }
    // What the promises have left behind proves itself, but for what they have replaced.
    let found = store.verify(None).unwrap();
    assert!(found.iter().all(|found| found.what == Tampering::Redacted), "{found:?}");
}

#[test]
fn what_it_has_acknowledged_is_there_when_it_is_opened_again() {
    let folder = Folder::new();
    let store = || Arc::new(Direct(folder.store()));
    let kept = super::ready(leaves_something_behind(&store(), Fresh::new(2))).unwrap();
    super::ready(keeps_what_it_has_acknowledged(&store(), &kept)).unwrap();
}
