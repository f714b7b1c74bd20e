//! The read path: 100 organizations of 20 members and 5 workspaces, and the usual mix of questions where nothing else is said.

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::{Access, Decision};
use bailiwick::catalog::Catalog;
use bailiwick::directory::{Directory, Found, Question as Asking};
use bailiwick::{OrgId, Organization, presets};
use hashbrown::HashMap;

use crate::scenario::repeat;
use crate::worlds::{Question, Worlds};

const ORGANIZATIONS: usize = 100;
const QUESTIONS: usize = 16_384;

/// Organizations in both shapes.
struct Scene {
    world: Worlds,
    organizations: HashMap<OrgId, Organization>,
    directory: Directory,
}

impl Scene {
    fn new() -> Self {
        let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::CLOUD).unwrap());
        let world = Worlds::many(ORGANIZATIONS, &catalog);
        let organizations: HashMap<OrgId, Organization> =
            world.plain().map(|org| (org.id, org.organization(&catalog))).collect();
        let directory = Directory::new(catalog);
        organizations.values().for_each(|organization| directory.put(organization));
        Self { world, organizations, directory }
    }

    fn questions(&self) -> Vec<Question> {
        self.world.cold(QUESTIONS)
    }

    /// Each question with the organization that it is about.
    fn asked(&self) -> Vec<(&Organization, Question)> {
        self.questions().into_iter().map(|question| (&self.organizations[&question.org], question)).collect()
    }

    /// Each question with what it is resolved to.
    fn resolved(&self) -> Vec<(Access<'_>, Question)> {
        let facts = Question::facts();
        let asked = self.asked().into_iter();
        asked.map(|(org, asked)| (org.access(asked.actor(), asked.target(), &facts), asked)).collect()
    }
}

pub fn access_allows(rounds: u64) -> u64 {
    let scene = Scene::new();
    repeat(rounds, &scene.resolved(), |(access, asked)| {
        assert_eq!(black_box(access).allows(black_box(asked.permission)), asked.allowed);
    })
}

pub fn access_check(rounds: u64) -> u64 {
    let scene = Scene::new();
    repeat(rounds, &scene.resolved(), |(access, asked)| {
        assert_eq!(black_box(access).check(black_box(asked.permission)) == Decision::Allow, asked.allowed);
    })
}

pub fn organization_check(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::new(), Question::facts());
    repeat(rounds, &scene.asked(), |(org, asked)| {
        let decision = black_box(org).check(asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn organization_access(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::new(), Question::facts());
    repeat(rounds, &scene.asked(), |(org, asked)| {
        let access = black_box(org).access(asked.actor(), asked.target(), &facts);
        assert_eq!(black_box(&access).allows(asked.permission), asked.allowed);
    })
}

pub fn directory_check(rounds: u64, questions: fn(&Worlds, usize) -> Vec<Question>) -> u64 {
    let (Scene { world, directory, .. }, facts) = (Scene::new(), Question::facts());
    repeat(rounds, &questions(&world, QUESTIONS), |asked| {
        let decision = black_box(&directory).check(asked.org, asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn found_check(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::new(), Question::facts());
    let found: Vec<(Found<'_>, Question)> =
        scene.questions().into_iter().map(|asked| (scene.directory.find(asked.org).unwrap(), asked)).collect();
    repeat(rounds, &found, |(found, asked)| {
        let decision = black_box(found).check(asked.actor(), asked.permission, asked.target(), &facts);
        assert_eq!(decision == Decision::Allow, asked.allowed);
    })
}

pub fn check_each(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::new(), Question::facts());
    let questions = scene.questions();
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
        for (decision, asked) in decisions.iter().zip(&questions) {
            assert_eq!(*decision == Decision::Allow, asked.allowed);
        }
    }
    rounds * questions.len() as u64
}

pub fn directory_access(rounds: u64) -> u64 {
    let (scene, facts) = (Scene::new(), Question::facts());
    repeat(rounds, &scene.questions(), |asked| {
        let access = black_box(&scene.directory).access(asked.org, asked.actor(), asked.target(), &facts);
        assert_eq!(black_box(&access).allows(asked.permission), asked.allowed);
    })
}
