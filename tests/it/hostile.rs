//! What must hold of a ledger under orders that nobody should send. The fuzz target `ledger` draws from the same source.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::auditor::Auditor;
use crate::support::hostile::Script;
use crate::support::lives::dice::noise;

const STEPS: usize = 80;

/// Amounts at the edge of numbers, clocks that run backwards, keys that come again, answers that are lost.
/// `BAILIWICK_SCRIPTS=1000` tries more of them.
#[test]
fn whatever_is_sent_the_books_balance() {
    let scripts = std::env::var("BAILIWICK_SCRIPTS").map_or(24, |text| text.parse().expect("a number"));
    let mut counts = BTreeMap::new();
    for seed in 0..scripts {
        if let Err(text) = Auditor::run(&Script::of_seed(seed, STEPS), &mut counts) {
            panic!("seed {seed}: {text}");
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:8} {what}"));
    let (done, asked) = (counts.iter().filter(|(what, _)| what.ends_with(" ok")), counts.values().sum::<usize>());
    let (kinds, done) = done.fold((0, 0), |(kinds, sum), (_, count)| (kinds + 1, sum + count));
    assert!(kinds >= 22 && done * 4 >= asked, "{done} of {asked} orders of {kinds} kinds are carried out");
}

/// What the fuzzer begins with holds as well. `BAILIWICK_WRITE=1` writes it anew, after the scripts have changed.
#[test]
fn the_seeds_of_the_fuzzer_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/ledger");
    if std::env::var_os("BAILIWICK_WRITE").is_some() {
        fs::create_dir_all(&folder).unwrap();
        (0..8).for_each(|seed| fs::write(folder.join(seed.to_string()), noise(seed, 1_024)).unwrap());
    }
    let Ok(files) = fs::read_dir(folder) else { return }; // a package has none
    for file in files {
        let path = file.unwrap().path();
        let script = Script::from_bytes(&fs::read(&path).unwrap(), STEPS);
        if let Err(text) = Auditor::run(&script, &mut BTreeMap::new()) {
            panic!("{}: {text}", path.display());
        }
    }
}
