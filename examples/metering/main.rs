//! A month of a film studio: credits, holds, limits, storage, archive, and the statement that sums to the last credit.
//!
//! ```text
//! cargo run --release --example metering
//! ```
//!
//! Every number that is printed comes out of the library. The program fails if the statement does not balance.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a program may stop")]
#![allow(unreachable_pub, missing_docs, reason = "nobody links an example")]

mod everyday;
mod page;
mod report;
mod story;
mod studio;
mod wording;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use page::Page;
use studio::Studio;

/// What a part of the story answers: nothing, or why it did not go as told.
type Told = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let mut page = Page::default();
    let told = run(&mut page);
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(page.text().as_bytes());
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(page: &mut Page) -> Told {
    let mut studio = Studio::new(toml::from_str(bailiwick::presets::STUDIO)?);
    story::tell(&mut studio, page)?;
    report::print(&studio, page)
}
