//! What grows with people: many organizations of twenty, or one that gets larger and larger.
//!
//! The same questions are asked of three maps written by hand: what grows there too is the way to memory.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::presets;

use crate::ask::{self, Question};
use crate::baseline::Baseline;
use crate::effort::Effort;
use crate::load::load;
use crate::panel::{Across, Kept, Line, Panel, Up};
use crate::worlds::Worlds;

/// All of these are so many organizations of twenty.
const SIZES: [usize; 10] = [20, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
const TICKS: &[usize] = &[20, 100, 1_000, 10_000, 100_000, 1_000_000];
const MEMBERS_EACH: usize = 20;
/// Sizes of one organization: as above, up to 100,000.
const ONE: usize = 8;

pub const ONE_ACROSS: Across = Across { label: "members of one organization", ticks: TICKS.split_at(5).0 };
const MANY_ACROSS: Across = Across { label: "members, in organizations of 20", ticks: TICKS };

pub struct Grown {
    pub check: Panel,
    pub memory: Panel,
    pub load: Panel,
}

pub fn of_many(effort: &Effort) -> Grown {
    let questions = Questions {
        check: "Is a check slower among more organizations?",
        memory: "Is a member bigger among more organizations?",
        load: "Is loading slower with more organizations?",
    };
    grow(*effort, &SIZES, MANY_ACROSS, &questions, |members, catalog| Worlds::many(members / MEMBERS_EACH, catalog))
}

pub fn of_one(effort: &Effort) -> Grown {
    let questions = Questions {
        check: "Is a check slower in a larger organization?",
        memory: "Is a member bigger in a larger organization?",
        load: "Is loading slower for a larger organization?",
    };
    grow(*effort, one_sizes(), ONE_ACROSS, &questions, Worlds::one)
}

/// How large one organization gets.
pub fn one_sizes() -> &'static [usize] {
    SIZES.split_at(ONE).0
}

struct Questions {
    check: &'static str,
    memory: &'static str,
    load: &'static str,
}

fn grow(
    effort: Effort,
    sizes: &[usize],
    across: Across,
    questions: &Questions,
    world_of: impl Fn(usize, &Catalog) -> Worlds,
) -> Grown {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut directory = Line::new(Kept::Directory, "Directory, per check");
    let mut organizations = Line::new(Kept::Organizations, "Organization, per check");
    let mut by_hand = Line::new(Kept::ByHand, "maps by hand, per check");
    let mut bytes = Line::new(Kept::Directory, "Directory, per member");
    let mut told = Line::new(Kept::Organizations, "from events to Organization");
    let mut put = Line::new(Kept::Directory, "into the Directory");
    for &size in effort.sizes(sizes) {
        let world = world_of(size, &catalog);
        let loaded = load(effort, &catalog, &world);
        told.push(size, loaded.told_per_second);
        put.push(size, loaded.put_per_second);
        bytes.push(size, loaded.directory.bytes() as f64 / size as f64);

        let drawn = world.cold(effort.questions());
        let asked: Vec<Question> = drawn.iter().map(Question::from).collect();
        ask::assert_both_answers(&asked);
        directory.push(size, ask::of_directory(effort, &loaded.directory, &asked));
        if let Some(kept) = &loaded.kept {
            organizations.push(size, ask::of_organizations(effort, kept, &asked));
        }
        drop((loaded, asked));
        let mut maps = Baseline::<u128>::new();
        world.plain().for_each(|plain| maps.insert(&plain));
        by_hand.push(size, ask::of_maps(effort, &maps, &drawn));
    }
    let panel = |question, up, lines| Panel { question, across, up, lines };
    Grown {
        check: panel(questions.check, Up::CHECK, vec![directory, organizations, by_hand]),
        memory: panel(questions.memory, Up::MEMORY, vec![bytes]),
        load: panel(questions.load, Up::LOAD, vec![put, told]),
    }
}
