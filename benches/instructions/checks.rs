//! The read path: organizations of ten members and five workspaces, and the usual mix of questions where nothing else is said.

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::{Access, Decision};
use bailiwick::catalog::Catalog;
use bailiwick::directory::{Directory, Found, Question as Asking};
use bailiwick::{OrgId, Organization, presets};
use hashbrown::HashMap;

use crate::scenario::repeat;
use crate::worlds::{Question, Worlds};

/// So many as organizations themselves: which of them is asked makes no difference.
const ORGANIZATIONS: usize = 100;
/// So many in a directory: how far a look-up has to go is the luck of the seed, and only many of them are the average.
const IN_DIRECTORY: usize = 2_000;
const QUESTIONS: usize = 16_384;

fn world(organizations: usize) -> (Worlds, Arc<Catalog>) {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut world = Worlds::many(organizations, &catalog);
    world.members = 10;
    (world, catalog)
}

/// Organizations as they are, and what they are asked.
struct Kept {
    organizations: HashMap<OrgId, Organization>,
    questions: Vec<Question>,
}

impl Kept {
    fn new() -> Self {
        let (world, catalog) = world(ORGANIZATIONS);
        let organizations = world.plain().map(|org| (org.id, org.organization(&catalog))).collect();
        Self { organizations, questions: world.cold(QUESTIONS) }
    }

    /// Each question with the organization that it is about.
    fn asked(&self) -> Vec<(&Organization, Question)> {
        self.questions.iter().map(|asked| (&self.organizations[&asked.org], *asked)).collect()
    }

    /// Each question with what it is resolved to.
    fn resolved(&self) -> Vec<(Access<'_>, Question)> {
        let (asked, facts) = (self.asked().into_iter(), Question::facts());
        asked.map(|(org, asked)| (org.access(asked.actor(), asked.target(), &facts), asked)).collect()
    }
}

/// A directory, and what it is asked.
struct Scene {
    directory: Directory,
    questions: Vec<Question>,
}

impl Scene {
    fn of(questions: fn(&Worlds, usize) -> Vec<Question>) -> Self {
        let (world, catalog) = world(IN_DIRECTORY);
        let directory = Directory::new(Arc::clone(&catalog));
        world.plain().for_each(|org| directory.put(&org.organization(&catalog)));
        Self { directory, questions: questions(&world, QUESTIONS) }
    }
}

pub fn access_allows(rounds: u64) -> u64 {
    let kept = Kept::new();
    repeat(rounds, &kept.resolved(), |(access, asked)| {
        assert_eq!(black_box(access).allows(black_box(asked.permission)), asked.allowed);
    })
}

pub fn access_check(rounds: u64) -> u64 {
    let kept = Kept::new();
    repeat(rounds, &kept.resolved(), |(access, asked)| {
        assert_eq!(black_box(access).check(black_box(asked.permission)) == Decision::Allow, asked.allowed);
    })
}

pub fn organization_check(rounds: u64) -> u64 {
    let (kept, facts) = (Kept::new(), Question::facts());
    repeat(rounds, &kept.asked(), |(org, asked)| {
        let decision = black_box(org).check(asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn organization_access(rounds: u64) -> u64 {
    let (kept, facts) = (Kept::new(), Question::facts());
    repeat(rounds, &kept.asked(), |(org, asked)| {
        let access = black_box(org).access(asked.actor(), asked.target(), &facts);
        assert_eq!(black_box(&access).allows(asked.permission), asked.allowed);
    })
}

pub fn directory_check(rounds: u64, questions: fn(&Worlds, usize) -> Vec<Question>) -> u64 {
    let (Scene { directory, questions }, facts) = (Scene::of(questions), Question::facts());
    repeat(rounds, &questions, |asked| {
        let decision = black_box(&directory).check(asked.org, asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn found_check(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::of(Worlds::cold), Question::facts());
    let found: Vec<(Found<'_>, Question)> =
        scene.questions.iter().map(|asked| (scene.directory.find(asked.org).unwrap(), *asked)).collect();
    repeat(rounds, &found, |(found, asked)| {
        let decision = black_box(found).check(asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn check_each(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::of(Worlds::cold), Question::facts());
    let questions = &scene.questions;
    let asking: Vec<Asking<'_>> = questions
        .iter()
        .map(|asked| Asking {
            organization: asked.org,
            actor: asked.actor(),
            permission: asked.permission,
            target: asked.target(),
        })
        .collect();
    let mut decisions = vec![Decision::Allow; asking.len()];
    for _ in 0..rounds {
        black_box(&scene.directory).check_each(&asking, &mut decisions, &facts);
        for (decision, asked) in decisions.iter().zip(questions) {
            assert_eq!(*decision == Decision::Allow, asked.allowed);
        }
    }
    rounds * questions.len() as u64
}

pub fn directory_access(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::of(Worlds::cold), Question::facts());
    repeat(rounds, &scene.questions, |asked| {
        let access = black_box(&scene.directory).access(asked.org, asked.actor(), asked.target(), &facts);
        assert_eq!(black_box(&access).allows(asked.permission), asked.allowed);
    })
}
