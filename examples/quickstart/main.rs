//! The main job: a catalog, a company, and who may do what in it.
//!
//! ```text
//! cargo run --release --example quickstart                       the cloud preset and its story
//! cargo run --release --example quickstart -- agency             another preset and its story
//! cargo run --release --example quickstart -- my.toml my.txt     a catalog (TOML or JSON) and a story of yours
//! cargo run --release --features sqlite --example quickstart -- cloud --file my.db    kept in a file; run it again
//! ```
//!
//! With the feature `sqlite` what happens is kept in a file: the one of `--file`, or `bailiwick-CATALOG.db` in the folder for temporary
//! files. A second run goes on with what is there, and says so; delete the file to begin anew. Without the feature it lives as long as the
//! program does.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a program may stop"
)]
#![allow(unreachable_pub, missing_docs, reason = "nobody links an example")]

#[path = "../../tests/cases/runner/engine.rs"]
mod engine;
#[cfg(feature = "sqlite")]
mod kept;
mod print;
#[path = "../../tests/cases/runner/mod.rs"]
mod runner;

use std::io::Write as _;
use std::process::ExitCode;
use std::{env, fs};

use bailiwick::catalog::Catalog;
use bailiwick::document::{Document, nearest};
use bailiwick::presets;
use engine::Bailiwick;
use runner::{Given, Table, What, outcome};

/// The presets, each with its story.
const PRESETS: [(&str, &str, &str); 4] = [
    ("cloud", presets::CLOUD, include_str!("stories/cloud.txt")),
    ("studio", presets::STUDIO, include_str!("stories/studio.txt")),
    ("production", presets::PRODUCTION, include_str!("stories/production.txt")),
    ("agency", presets::AGENCY, include_str!("stories/agency.txt")),
];

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let mut out = String::new();
    let told = file(&mut arguments).and_then(|file| run(&arguments, file.as_deref(), &mut out));
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(out.as_bytes());
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Takes the file out of the arguments, if one is named.
fn file(arguments: &mut Vec<String>) -> Result<Option<String>, String> {
    let Some(at) = arguments.iter().position(|argument| argument == "--file") else { return Ok(None) };
    arguments.remove(at);
    if at == arguments.len() {
        return Err("`--file` needs a path".into());
    }
    let file = arguments.remove(at);
    if cfg!(feature = "sqlite") {
        Ok(Some(file))
    } else {
        Err(format!("to keep it in {file}, run it with `--features sqlite`"))
    }
}

fn run(arguments: &[String], file: Option<&str>, out: &mut String) -> Result<(), String> {
    let name = arguments.first().map_or("cloud", String::as_str);
    let preset = PRESETS.iter().find(|(preset, ..)| *preset == name);
    let catalog = match preset {
        Some((name, text, _)) => read_catalog(&format!("{name}.toml"), text)?,
        None => read_catalog(name, &read_file(name)?)?,
    };
    let (story_name, story) = match (arguments.get(1), preset) {
        (Some(path), _) => (path.clone(), read_file(path)?),
        (None, Some((name, _, story))) => (format!("stories/{name}.txt"), (*story).to_owned()),
        (None, None) => return Err(format!("`{name}` is not a preset, so it needs a story: quickstart {name} STORY")),
    };
    let table = Table::parse(&story_name, &story)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    if table.catalog != catalog.name() {
        let (about, given) = (&table.catalog, catalog.name());
        return Err(format!("{story_name}: this story is about the catalog `{about}`, and was given `{given}`"));
    }
    let catalog = Bailiwick::tuned(&catalog, &table.settings).map_err(|words| format!("{story_name}: {words}"))?;
    tell(out, catalog, &table, file)
}

/// Somebody who can tell a story.
struct Begun {
    engine: Bailiwick,
    /// Whether everything in it has happened already.
    is_told: bool,
}

#[cfg(feature = "sqlite")]
fn begin(out: &mut String, catalog: Catalog, table: &Table, file: Option<&str>) -> Result<Begun, String> {
    kept::begin(out, catalog, table, file)
}

#[cfg(not(feature = "sqlite"))]
fn begin(_out: &mut String, catalog: Catalog, _table: &Table, _file: Option<&str>) -> Result<Begun, String> {
    Ok(Begun { engine: Bailiwick::new(catalog), is_told: false })
}

/// Runs a story and writes what a newcomer wants to see.
fn tell(out: &mut String, catalog: Catalog, table: &Table, file: Option<&str>) -> Result<(), String> {
    print::heading(out, &format!("Who holds what: the `{}` catalog", catalog.name()));
    for (path, value) in &table.settings {
        out.push_str(&format!("(this story sets {path} = {value})\n"));
    }
    out.push_str(&catalog.matrix().to_markdown());
    let Begun { mut engine, is_told } = begin(out, catalog, table, file)?;
    let (mut explanations, mut shown) = (Vec::new(), None);
    if !is_told {
        print::heading(out, "What happened, and what was refused");
    }
    let mut told = 0;
    for line in &table.lines {
        if !is_told {
            print::remarks(out, table, told, line.number);
        }
        told = line.number;
        match &line.what {
            What::Explain(question) => {
                explanations.push(print::explanation(&mut engine, question).map_err(|words| at(table, line, &words))?);
            }
            What::Show(given) => shown = Some(print::who_may_what(&mut engine, table, given)),
            _ if is_told => {}
            what => {
                print::line(out, &mut engine, what).map_err(|words| at(table, line, &words))?;
                outcome(line, &mut engine).map_err(|words| at(table, line, &words))?;
            }
        }
    }

    print::heading(out, "Who may do what, where");
    out.push_str(&shown.unwrap_or_else(|| print::who_may_what(&mut engine, table, &Given::default())));

    print::heading(out, "Why");
    explanations.iter().for_each(|explanation| out.push_str(&format!("{explanation}\n\n")));
    Ok(())
}

fn at(table: &Table, line: &runner::Line, words: &str) -> String {
    format!("{}:{}: {words}\n    {}", table.name, line.number, line.text.trim())
}

fn read_file(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| {
        let meant = nearest(path, PRESETS.map(|(name, ..)| name));
        let presets = PRESETS.map(|(name, ..)| name).join(", ");
        match meant {
            Some(meant) => format!("{path}: {error}; did you mean the preset `{meant}`?"),
            None => format!("{path}: {error}; the presets are {presets}"),
        }
    })
}

/// Reads a catalog; every mistake is a line with the file and the path to its place.
fn read_catalog(path: &str, text: &str) -> Result<Catalog, String> {
    let document: Result<Document, String> = if path.ends_with(".json") {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        toml::from_str(text).map_err(|error| error.to_string())
    };
    let document = document.map_err(|error| format!("{path}: {error}"))?;
    Catalog::from_document(&document)
        .map_err(|mistakes| mistakes.iter().map(|mistake| format!("{path}: {mistake}")).collect::<Vec<_>>().join("\n"))
}
