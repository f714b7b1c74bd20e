//! The tables of `tests/cases/`, run against the crate.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::catalog::Catalog;
use bailiwick::change::Command;
use bailiwick::presets;
use bailiwick::sharing::ShareCommand;

use crate::engine::Bailiwick;
use crate::runner::{LEDGER_SUBJECTS, LEDGER_VERBS, SUBJECTS, Table, VERBS, What, has_shape, run};

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

/// The files of a folder with one ending, in order.
pub fn files_in(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    paths
}

/// The tables of a file; it can hold several.
pub fn tables_of(path: &Path) -> Vec<Table> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    Table::parse_all(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// Every table of the folder, parsed.
pub fn tables() -> Vec<Table> {
    let files = files_in(&folder(), "txt");
    let files = files.iter().filter(|path| path.file_stem().is_some_and(|stem| stem != "rows" && stem != "codes"));
    files.flat_map(|path| tables_of(path)).collect()
}

/// Runs tables, each with its catalog; every line that does not come out as written is a message with its place.
pub fn wrong_lines(tables: &[Table], catalog: impl Fn(&str) -> Catalog) -> Vec<String> {
    let mut wrong = Vec::new();
    for table in tables.iter().filter(|table| table.needs.iter().all(|feature| is_built_with(feature))) {
        let catalog = Bailiwick::tuned(&catalog(&table.catalog), &table.settings);
        let mut engine = Bailiwick::new(catalog.unwrap_or_else(|words| panic!("{}: {words}", table.name)));
        if let Some((name, decided)) = &table.ledger {
            engine = engine.with_ledger(name, decided).unwrap_or_else(|words| panic!("{}: {words}", table.name));
        }
        wrong.extend(run(table, &mut engine));
    }
    wrong
}

/// Whether the crate is built with a feature that some tables need.
fn is_built_with(feature: &str) -> bool {
    match feature {
        "unicode" => cfg!(feature = "unicode"),
        other => panic!("no table needs `{other}`"),
    }
}

#[test]
fn every_table_comes_out_as_written() {
    let tables = tables();
    let wrong = wrong_lines(&tables, catalog);
    let lines: usize = tables.iter().map(|table| table.lines.len()).sum();
    println!("{lines} lines of tables");
    assert!(lines > 0, "there are no tables");
    assert!(wrong.is_empty(), "{} lines came out otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// Every word that a table can say is said in one, so every command is among them.
#[test]
fn every_word_of_tables_is_used() {
    let tables = tables();
    let lines = || tables.iter().flat_map(|table| &table.lines);
    let verbs: Vec<&str> = lines()
        .filter_map(|line| match &line.what {
            What::Do(step) | What::Refuse { step, .. } => Some(step.verb.as_str()),
            _ => None,
        })
        .collect();
    let unused: Vec<&str> =
        VERBS.iter().chain(LEDGER_VERBS).map(|(verb, _)| *verb).filter(|verb| !verbs.contains(verb)).collect();
    assert!(unused.is_empty(), "no table says {unused:?}");
    let asked =
        |shape: &str| lines().any(|line| matches!(&line.what, What::State(state) if has_shape(&state.subject, shape)));
    let unasked: Vec<&&str> = SUBJECTS.iter().chain(LEDGER_SUBJECTS).filter(|shape| !asked(shape)).collect();
    assert!(unasked.is_empty(), "no table asks for {unasked:?}");
    let about_the_table = ["use", "wait", "at", "resource", "share", "erase-everywhere"];
    let commands = VERBS.iter().filter(|(verb, _)| !about_the_table.contains(verb)).count();
    let all = Command::NAMES.len() + ShareCommand::NAMES.len();
    assert_eq!(commands, all, "a command has no verb, or a verb no command");
    let orders = LEDGER_VERBS.iter().filter(|(verb, _)| *verb != "again").count();
    assert_eq!(orders, 26, "a request has no verb, or a verb no request");
}

/// Tables of one file know nothing of each other, and their mistakes carry the lines of the file.
#[test]
fn a_file_can_hold_several_tables() {
    let text = "# About one.\ncatalog cloud\npeople olga\ndo olga create-organization acme \"Acme\" plan=team seats=1\n\
                # About another.\ncatalog studio\npeople vera\ndo vera create-organization acme \"Acme\" plan=studio\n";
    let tables = Table::parse_all("t", text).unwrap();
    assert_eq!(tables.iter().map(|table| table.catalog.as_str()).collect::<Vec<_>>(), ["cloud", "studio"]);
    let mistakes = Table::parse_all("t", &format!("{text}do olga leave\nuse home\n")).unwrap_err();
    let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(mistakes, ["t:9: nobody is called `olga`", "t:10: no organization is called `home`"]);
}

/// A table that names nobody, or nothing, is refused as a whole: every mistake with its line and what was meant.
#[test]
fn mistakes_in_a_table_are_all_listed_with_their_lines() {
    let text = "catalog cloud\npeople olga adam\ndo olga create-organization acme \"Acme\" plan=team\n\
                do ogla create-workspace prod \"Production\"\ndo olga creat-workspace lab \"Lab\"\n\
                do olga give-access adam prdo=developer\ndo olga give-access adam prod\nrefuse olga suspend adam\n\
                refuse outrankd olga suspend adam\nS1-60 olga org organization.settings.edit alow\n\
                S1-60 adam lap operation.run deny not_grantd\nuse acne\ndo olga invite adam rolle=admin\n\
                resource doc owner=adm\nshare dok to=members level=x\ndo olga create-workspace x \"Y\nwiat 3d\n\
                do service:robt suspend adam\ndo staff:olga suspend adam\nstate rols of adam are admin\n\
                state roles of adma are admin\nstate roles of adam admin\nstate aadm is member\ndo olga join-team t adam\n\
                do olga delete-workspace nowhere now\ndo olga set-rule nowhere group:g content.edit\n\
                do olga transfer-ownership adam fron=olga\nmay olga org organization.settings.edit alow\n";
    let mistakes: Vec<String> = Table::parse("t", text).unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "t:4: nobody is called `ogla`; did you mean `olga`?",
        "t:5: unknown verb `creat-workspace`; did you mean `create-workspace`?",
        "t:6: `prdo=` means nothing here; did you mean `prod`?",
        "t:7: `give-access` takes 1 arguments, and then `key=value`",
        "t:7: `give-access` needs a workspace, such as `prod=developer` or `prod=own`",
        "t:8: there is no code `olga`",
        "t:9: there is no code `outrankd`; did you mean `outranked`?",
        "t:10: the line should read `an answer is `allow`, `step_up` or `deny CODE``",
        "t:11: no place is called `lap`",
        "t:11: there is no code `not_grantd`; did you mean `not_granted`?",
        "t:12: no organization is called `acne`; did you mean `acme`?",
        "t:13: `rolle=` means nothing here; did you mean `role`?",
        "t:14: nobody is called `adm`; did you mean `adam`?",
        "t:15: no resource is called `dok`; did you mean `doc`?",
        "t:16: a `\"` is not closed",
        "t:17: unknown line `wiat`; did you mean `wait`?",
        "t:18: no service is called `robt`",
        "t:19: `staff:olga` should read `staff:NAME@PERSON`",
        "t:20: nothing is known of `rols of adam`; did you mean `roles`?",
        "t:21: nobody is called `adma`; did you mean `adam`?",
        "t:22: the line should read `state [ROW] SUBJECT is WORDS …`",
        "t:23: nobody is called `aadm`; did you mean `adam`?",
        "t:24: no team is called `t`",
        "t:25: `delete-workspace` takes 1 arguments, and then `key=value`",
        "t:26: `content.edit` should read `+content.edit` or `-content.edit`",
        "t:27: `fron=` means nothing here; did you mean `from`?",
        "t:28: the line should read `an answer is `allow`, `step_up` or `deny CODE``",
    ];
    for message in expected {
        assert!(mistakes.iter().any(|found| found == message), "missing\n  {message}\nin\n  {}", mistakes.join("\n  "));
    }
}

/// So is one about a ledger.
#[test]
fn mistakes_about_a_ledger_are_listed_with_their_lines() {
    let text = "ledger acme brun=age\npeople ada\nnames design\nat 2027-01-01\ndo platform gant purchased 10\n\
                do ada hold h1 10 in=desing\ndo ada settle h2 10\ndo platform set-limit user:eda 10\n\
                do platform set-limit usr:ada 10\nstate limit of user:ada,project:film is 0 of 10\n\
                do platform grant purchased 10 unitl=3d\nstate balence is 10\ndo platform again k1 issued=2027-01-01\n\
                refuse not_enuogh ada charge c1 10\nstate lots are #1 purchased 10 # and a comment\n";
    let mistakes: Vec<String> = Table::parse("t", text).unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "t:1: `brun=` means nothing here; did you mean `burn`?",
        "t:5: unknown verb `gant`; did you mean `grant`?",
        "t:6: no place is called `desing`; did you mean `design`?",
        "t:7: no hold is called `h2`",
        "t:8: nobody is called `eda`; did you mean `ada`?",
        "t:9: `usr:ada` should read `user:NAME`, `workspace:NAME`, … or `everything`",
        "t:10: no resource is called `film`",
        "t:11: `unitl=` means nothing here; did you mean `until`?",
        "t:12: nobody is called `balence`",
        "t:14: there is no code `not_enuogh`; did you mean `not_enough`?",
    ];
    assert_eq!(mistakes, expected);
    // What only the engine can know comes out as a line of its table, and no refusal has that code.
    let table = Table::parse("t", "ledger acme\npeople ada\ndo ada charge c1 some\nat 2027-02-30\n").unwrap();
    let mut engine = Bailiwick::new(catalog("cloud")).with_ledger("acme", &[]).unwrap();
    let wrong = run(&table, &mut engine);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].contains("t:3: refused with wrong_table: `some` should be a number"), "{wrong:?}");
    assert!(wrong[1].contains("t:4: refused with wrong_table: `2027-02-30` should read like"), "{wrong:?}");
}
