//! Which requirement rows are cited by tests: by lines of tables, and by tests in this folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::tables;

/// Rows of the library, of contradictions and of open cases, as listed in `tests/cases/rows.txt`; behind some stands what
/// they wait for.
fn listed() -> BTreeMap<String, String> {
    let lines = include_str!("../cases/rows.txt").lines().map(str::trim);
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parts = rows.map(|line| line.split_once(' ').unwrap_or((line, "")));
    parts.map(|(row, waits)| (row.to_owned(), waits.trim().to_owned())).collect()
}

/// Every row that a line of a table cites; such a line asserts something.
fn cited_by_tables() -> BTreeSet<String> {
    tables().into_iter().flat_map(|table| table.lines).flat_map(|line| line.rows).collect()
}

/// Every row that stands in the text of a test.
fn cited_by_tests() -> BTreeSet<String> {
    cited_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"))
}

fn cited_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let cited = |path: PathBuf| match path.extension() {
        _ if path.is_dir() && !path.ends_with("support") => cited_in(&path),
        Some(ending) if ending == "rs" => rows_in(&fs::read_to_string(&path).unwrap()).into_iter().collect(),
        _ => BTreeSet::new(),
    };
    entries.flat_map(cited).collect()
}

fn rows_in(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let row = |word: &&str| {
        word.split_once('-').is_some_and(|(family, number)| {
            matches!(family, "S0" | "S1" | "S2" | "S3" | "C" | "D")
                && number.len() >= 2
                && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    words.filter(row).map(str::to_owned).collect()
}

#[test]
fn requirement_rows_cited_by_tests_exist_and_are_counted() {
    let listed = listed();
    let cited: BTreeSet<String> = cited_by_tables().union(&cited_by_tests()).cloned().collect();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in listed.keys() {
        let (family, _) = row.split_once('-').unwrap();
        let (done, all) = counts.entry(family).or_default();
        *all += 1;
        *done += usize::from(cited.contains(row));
    }
    println!("requirement rows cited by tests:");
    for (family, (done, all)) in &counts {
        println!("  {family:2}  {done:3} of {all:3}");
    }
    let open = || listed.iter().filter(|(row, _)| !cited.contains(*row));
    println!("not yet:");
    open().for_each(|(row, waits)| println!("  {row}  {waits}"));
    let forgotten: Vec<&String> = open().filter(|(_, waits)| waits.is_empty()).map(|(row, _)| row).collect();
    assert!(forgotten.is_empty(), "nothing settles {forgotten:?}, and nothing says what they wait for");
    let library = ["S0", "S1", "S2", "S3"].map(|family| counts[family].1);
    assert_eq!(library, [50, 88, 106, 63], "the list of rows was changed");
    assert!(counts.values().all(|(done, _)| *done > 0));
}

/// What the products leave open is decided in a section with a heading, so that it can be found and read.
#[test]
fn open_cases_have_headings() {
    let tables = tables();
    let headings: BTreeSet<String> =
        tables.iter().flat_map(|table| &table.remarks).flat_map(|(_, text)| rows_in(text)).collect();
    let cited = cited_by_tables().into_iter().filter(|row| row.starts_with("D-"));
    let without: Vec<String> = cited.filter(|row| !headings.contains(row)).collect();
    assert!(without.is_empty(), "no section is about {}", without.join(" "));
}
