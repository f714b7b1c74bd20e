//! The tables of `tests/cases/`, run against the crate.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::catalog::Catalog;
use bailiwick::presets;

use crate::engine::Bailiwick;
use crate::runner::{Table, run};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

pub fn preset(name: &str) -> &'static str {
    match name {
        "studio" => presets::STUDIO,
        "cloud" => presets::CLOUD,
        "production" => presets::PRODUCTION,
        "agency" => presets::AGENCY,
        other => panic!("there is no preset `{other}`"),
    }
}

pub fn catalog(name: &str) -> Catalog {
    toml::from_str(preset(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every table of the folder, parsed.
pub fn tables() -> Vec<Table> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let tables = paths.iter().filter(|path| path.file_stem().is_some_and(|stem| stem != "rows")).map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Table::parse(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })
    });
    tables.collect()
}

#[test]
fn every_table_comes_out_as_written() {
    let mut wrong = Vec::new();
    let mut lines = 0;
    for table in tables() {
        let catalog = Bailiwick::tuned(&catalog(&table.catalog), &table.settings);
        let mut engine = Bailiwick::new(catalog.unwrap_or_else(|words| panic!("{}: {words}", table.name)));
        lines += table.lines.len();
        wrong.extend(run(&table, &mut engine));
    }
    println!("{lines} lines of tables");
    assert!(lines > 0, "there are no tables");
    assert!(wrong.is_empty(), "{} lines came out otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
