//! The cookbook of the guide: every table comes out as written, and every page says what its catalog is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::catalog::Catalog;

use crate::cases::{self, files_in, preset, tables_of, wrong_lines};
use crate::engine::Bailiwick;
use crate::runner::{Engine as _, Table, What};

/// Those whose catalog is a preset, and whose table stands among the others of the presets.
const PRESETS: [&str; 4] = ["agency", "cloud", "production", "studio"];

/// How many decisions a table has at the least.
const DECISIONS_MIN: usize = 40;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/cookbook")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(name: &str) -> String {
    read(&folder().join(format!("{name}.md")))
}

/// The files of the cookbook with one ending, by name.
fn names(ending: &str) -> BTreeSet<String> {
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files_in(&folder(), ending).iter().map(stem).collect()
}

fn products() -> impl Iterator<Item = String> {
    names("md").into_iter()
}

fn is_preset(name: &str) -> bool {
    PRESETS.contains(&name)
}

fn catalog(name: &str) -> Catalog {
    let text = if is_preset(name) { preset(name).into() } else { read(&folder().join(format!("{name}.toml"))) };
    toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The tables of a product: one of its own in the cookbook, those of the presets where the tests of presets are.
fn tables(name: &str) -> Vec<Table> {
    let tests = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let folder = if is_preset(name) { tests() } else { folder() };
    tables_of(&folder.join(format!("{name}.txt")))
}

#[test]
fn every_table_of_the_cookbook_comes_out_as_written() {
    let tables: Vec<Table> = files_in(&folder(), "txt").iter().flat_map(|path| tables_of(path)).collect();
    let wrong = wrong_lines(&tables, catalog);
    assert!(!tables.is_empty(), "there are no tables");
    assert!(wrong.is_empty(), "{} lines came out otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// A table that only says yes, or only no, would pass with a broken catalog.
#[test]
fn every_product_has_decisions_of_both_kinds() {
    for name in products() {
        let (mut yes, mut no) = (0, 0);
        for line in tables(&name).iter().flat_map(|table| &table.lines) {
            match &line.what {
                What::Ask { answer, .. } if answer == "allow" => yes += 1,
                What::Ask { .. } | What::Refuse { .. } => no += 1,
                _ => {}
            }
        }
        println!("{name}: {yes} yes, {no} no");
        assert!(yes + no >= DECISIONS_MIN, "{name} has {yes} yes and {no} no");
        assert!(yes.min(no) >= DECISIONS_MIN / 4, "{name} has {yes} yes and {no} no");
    }
}

/// Every product has a page, is wired into the guide, listed in the overview, and says how it is run.
#[test]
fn every_product_has_its_page() {
    let own: BTreeSet<String> = products().filter(|name| !is_preset(name)).collect();
    assert_eq!((names("toml"), names("txt")), (own.clone(), own.clone()), "a catalog, a table or a page is missing");
    assert!(PRESETS.iter().all(|name| names("md").contains(*name)), "a preset has no page");

    let (overview, modules) = (read(&folder().with_extension("md")), read(&folder().join("mod.rs")));
    for name in products() {
        assert_eq!(catalog(&name).name(), name, "a catalog is called as its file is");
        assert!(overview.contains(&format!("](crate::guide::cookbook::{name})")), "{name} is not in the overview");
        assert!(
            modules.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name),
            "{name} is not wired"
        );
        let run = match is_preset(&name) {
            true => format!("--example quickstart -- {name}\n"),
            false => {
                let path = format!("src/guide/cookbook/{name}");
                format!("cargo run --release --example quickstart -- {path}.toml {path}.txt\n")
            }
        };
        assert!(page(&name).contains(&run), "the page of {name} does not say `{run}`");
    }
    for name in own {
        let tables = tables(&name);
        assert_eq!(tables.len(), 1, "{name}: a story is one table");
        assert_eq!(tables[0].catalog, name, "{name}: a story is about its own catalog");
    }
}

/// A finding is accepted by a line ``- `code` at PLACE: reason`` in the page, and every such line is about a finding.
#[test]
fn what_lint_finds_is_accepted_with_a_reason() {
    for name in products() {
        let told = |finding: &bailiwick::lint::Finding| format!("- `{}` at {}: ", finding.lint.code(), finding.place);
        let found: BTreeSet<String> = catalog(&name).lint().iter().map(told).collect();
        let page = page(&name);
        let accepted = |line: &&str| line.starts_with("- `") && line.contains("` at ");
        let accepted: Vec<&str> = page.lines().filter(accepted).collect();
        for finding in &found {
            let reason = accepted.iter().find_map(|line| line.strip_prefix(finding.as_str()));
            assert!(reason.is_some_and(|reason| reason.len() > 20), "{name}: the page accepts no `{finding}`");
        }
        let stale = accepted.iter().find(|line| !found.iter().any(|finding| line.starts_with(finding)));
        assert_eq!(stale, None, "{name}: the page accepts what is not found");
    }
}

/// The matrix in a page is the one of its catalog; those of the presets are kept beside the presets.
#[test]
fn the_matrices_in_the_pages_are_those_of_the_catalogs() {
    for name in products().filter(|name| !is_preset(name)) {
        let (path, matrix) = (folder().join(format!("{name}.md")), catalog(&name).matrix().to_markdown());
        let text = page(&name);
        let begin = text.find("| Permission ").unwrap_or_else(|| panic!("{name}: the page has no matrix"));
        let end = begin + text[begin..].find("\n\n").map_or(text.len() - begin, |end| end + 1);
        if std::env::var_os("BAILIWICK_BLESS").is_some() {
            fs::write(&path, format!("{}{matrix}{}", &text[..begin], &text[end..])).unwrap();
            continue;
        }
        assert_eq!(text[begin..end], matrix, "{name}.md is out of date: run the test with BAILIWICK_BLESS=1");
    }
}

/// The page about policies: a paragraph for every row, and a table of what the presets chose that is read off their files.
#[test]
fn the_policies_in_the_guide_are_those_of_the_presets() {
    let text = read(&folder().with_file_name("policies.md"));
    let missing: Vec<String> = (1..=32).map(|row| format!("C-{row:02}")).filter(|row| !text.contains(row)).collect();
    assert!(missing.is_empty(), "the page says nothing of {missing:?}");

    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let head = rows.iter().position(|row| row.get(2) == Some(&"option")).expect("there is a table of options");
    let options: Vec<&Vec<&str>> = rows[head + 2..].iter().take_while(|row| row.len() == rows[head].len()).collect();
    assert!(options.len() > 25, "only {} options", options.len());
    for (column, name) in rows[head].iter().enumerate().filter(|(_, name)| is_preset(name)) {
        let engine = Bailiwick::new(cases::catalog(name));
        for row in &options {
            let option = row[2].trim_matches('`');
            assert_eq!(row[column], engine.value(&format!("policy.{option}")), "{option} of {name}");
        }
    }
}
