//! An access review of an agency: who can do what in which client's workspace, through what, since when, by whom.
//!
//! ```text
//! cargo run --release --example access_review
//! ```
//!
//! Prints what a reviewer looks at first, and writes `review.html`, `review.md` and `review.csv` into `target/access_review`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]
#![allow(clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a program may stop")]
#![allow(unreachable_pub, missing_docs, reason = "nobody links an example")]

mod agency;
mod story;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use agency::{ACME, Agency};
use bailiwick::change::Place;
use bailiwick::reach::review::{Breadth, Review, Wording, utc};
use bailiwick::reach::{Paging, Relation};
use bailiwick::{Actor, Timestamp};

/// What a part of the story answers: nothing, or why it did not go as told.
pub type Told<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let mut out = String::new();
    let told = run(&mut out);
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(out.as_bytes());
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &mut String) -> Told {
    let mut agency = Agency::open()?;
    story::tell(&mut agency)?;

    let facts = agency.now();
    let review = agency.tenants.review(ACME, &facts, Breadth::Everybody)?.ok_or("the agency is gone")?;

    let name = |user| agency.name(user);
    let time = |at: Timestamp| utc(at).chars().take(16).collect::<String>().replace('T', "\u{a0}"); // to the minute
    let wording = Wording::plain().names(&name).times(&time);
    summary(out, &agency, &review)?;
    write_files(out, &review, &wording)
}

fn summary(out: &mut String, agency: &Agency, review: &Review) -> Told {
    let facts = agency.now();
    writeln!(out, "Access review of {}, version {}, {}\n", review.name, review.version, utc(review.at))?;
    let outside = review.people.iter().filter(|person| person.relation == Relation::Collaborator).count();
    writeln!(
        out,
        "{} people, {outside} of them from outside; {} service; {} open invitations; {} things shared on their own",
        review.people.len(),
        review.services.len(),
        review.invitations.len(),
        review.shares.iter().flatten().count()
    )?;
    if let Some(owner) = review.sole_owner() {
        writeln!(out, "only one person can act as owner: {}", agency.called(owner))?;
    }

    writeln!(out, "\nWho can approve content, and through what:")?;
    let approve = agency.tenants.catalog().permission("content.approve").ok_or("the preset has it")?;
    for place in review.places.iter().filter(|place| place.place != Place::Organization) {
        let page = agency.tenants.read(ACME, |o| o.people_with(approve, place.place, &facts, Paging::first(50)))?;
        let listed = page.ok_or("the agency is gone")?.items;
        let names: Vec<String> = listed.iter().map(|who| agency.called(who.id)).collect();
        writeln!(out, "  {:<18} {}", place.name.as_str(), names.join(", "))?;
        // The list, the review and the check are one answer.
        assert!(listed.iter().all(|who| review.can(Actor::User(who.id), approve, place.place)));
    }

    writeln!(out, "\nWhere Ines can go:")?;
    let ines = Actor::User(story::INES);
    let page = agency.tenants.workspaces_of(ACME, ines, &facts, Paging::first(50))?;
    for reached in page.items {
        let until = reached.holding.sources.iter().find_map(|source| source.until).map(utc);
        let until = until.map(|end| format!(", until {end}")).unwrap_or_default();
        writeln!(out, "  {:<18} {}{until}", reached.name.as_str(), reached.relation)?;
    }
    Ok(())
}

fn write_files(out: &mut String, review: &Review, wording: &Wording<'_>) -> Told {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/access_review");
    fs::create_dir_all(&folder)?;
    let files = [
        ("review.html", review.to_html(wording)),
        ("review.md", review.to_markdown(wording)),
        ("review.csv", review.to_csv(wording)),
    ];
    writeln!(out)?;
    for (file, text) in files {
        fs::write(folder.join(file), &text)?;
        writeln!(out, "target/access_review/{file:<12} {:>7} bytes", text.len())?;
    }
    Ok(())
}
