//! A configuration that cannot be: told at once, all of it.

use std::process::Command;

#[test]
fn every_mistake_is_told_before_anything_begins() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick-axum"));
    command.env_clear().env("LISTEN", "nowhere").env("DATABASE_URL", "mysql://app:hunter2@db").env("STALE_MS", "soon");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let expected = "configuration: LISTEN is no address such as `127.0.0.1:3000`: `nowhere`\n\
        configuration: DATABASE_URL begins with neither `sqlite:` nor `postgres://`\n\
        configuration: STALE_MS is no number of milliseconds above zero: `soon`\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

#[test]
fn a_catalog_that_says_other_things_than_the_program_is_told_by_name() {
    let path = std::env::temp_dir().join(format!("workshop-{}.toml", std::process::id()));
    std::fs::write(&path, include_str!("../../catalog.toml").replace("project.create", "projects.create")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick-axum"));
    let output = command.env_clear().env("CATALOG", &path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("no permission `project.create`; did you mean `projects.create`?"), "{text}");
}

#[test]
fn a_file_of_somebody_else_is_left_alone() {
    let path = std::env::temp_dir().join(format!("workshop-{}.txt", std::process::id()));
    std::fs::write(&path, "a letter, and no database at all".repeat(100)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick-axum"));
    let output = command.env_clear().env("DATABASE_URL", format!("sqlite:{}", path.display())).output().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.starts_with("a letter"));
}
