//! What does a check cost, as there are more organizations, beside the maps written by hand?
//!
//! Hot is about 16 organizations, cold about any of them. Beside it is what memory alone asks for. The same is asked of the directory
//! in each of its ways, and, where all is near, what a no costs. The peers are asked the same questions in `examples/peers`.

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::Decision;
use bailiwick::directory::{Directory, Found, Question as Asking};
use bailiwick::{OrgId, Organization, presets};
use criterion::{BenchmarkId, Criterion, Throughput};
use hashbrown::HashMap;

use crate::baseline::{Asked, Baseline};
use crate::worlds::{Question, Worlds};

const QUESTIONS: usize = 65_536;
/// Questions that are asked at once.
const TOGETHER: usize = 16;
/// So few that all of it is near: what a no costs is not the luck of memory.
const NEAR: usize = 100;
/// From here on, organizations that are made to be changed would not fit beside the rest.
const TOO_MANY: usize = 100_000;

pub fn scale(c: &mut Criterion) {
    let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut group = c.benchmark_group("scale");
    group.sample_size(10).throughput(Throughput::Elements(QUESTIONS as u64));
    let sizes = if std::env::args().any(|argument| argument == "--test") { 1 } else { 3 };
    for organizations in [NEAR, 10_000, 100_000].into_iter().take(sizes) {
        let world = Worlds::many(organizations, &catalog);
        let mut by_hand = Baseline::<u128>::new();
        world.plain().for_each(|org| by_hand.insert(&org));
        let directory = Directory::new(Arc::clone(&catalog));
        world.plain().for_each(|org| directory.put(&org.organization(&catalog)));
        let mut arrays = vec![("hot", world.hot(QUESTIONS)), ("cold", world.cold(QUESTIONS))];
        if organizations == NEAR {
            arrays.extend([
                ("allowed", world.allowed(QUESTIONS)),
                ("not_granted", world.not_granted(QUESTIONS)),
                ("unknown_user", world.unknown_user(QUESTIONS)),
                ("foreign_workspace", world.foreign_workspace(QUESTIONS)),
            ]);
        }
        let lines = vec![[1_u64; 8]; directory.bytes() / 64];
        for (name, questions) in arrays {
            let id = |engine: &str| BenchmarkId::new(format!("{engine}/{name}"), organizations);
            group.bench_function(id("by_hand"), |b| b.iter(|| ask_by_hand(&by_hand, &questions)));
            group.bench_function(id("three_lines"), |b| b.iter(|| look_at_three_lines(&lines, &questions)));
            group.bench_function(id("directory"), |b| b.iter(|| ask_directory(&directory, &questions)));
            let found = in_hand(&directory, &questions);
            group.bench_function(id("in_hand"), |b| b.iter(|| ask_in_hand(&found, &questions)));
            group.bench_function(id("each"), |b| b.iter(|| ask_each(&directory, &questions)));
        }
        let questions = world.hot(QUESTIONS);
        let id = |engine: &str| BenchmarkId::new(engine, organizations);
        group.bench_function(id("ten_by_hand"), |b| b.iter(|| ten_by_hand(&by_hand, &questions)));
        group.bench_function(id("resolve_and_ten"), |b| b.iter(|| resolve_and_ten(&directory, &questions)));
        if organizations < TOO_MANY {
            let kept: HashMap<OrgId, Organization> =
                world.plain().map(|org| (org.id, org.organization(&catalog))).collect();
            group.bench_function(id("organizations"), |b| b.iter(|| ask(&kept, &questions)));
        }
    }
    group.finish();
}

fn asking(question: &Question) -> Asking<'static> {
    Asking {
        organization: question.org,
        actor: question.actor(),
        permission: question.permission,
        target: question.target(),
    }
}

/// What memory alone asks for: three lines that do not wait for one another, anywhere in as much memory as the directory takes, and the
/// next question after the answer to this one.
fn look_at_three_lines(lines: &[[u64; 8]], questions: &[Question]) {
    let line = |id: u128| lines[usize::try_from(((id >> 64) * lines.len() as u128) >> 64).unwrap()][0];
    let mut seen = 0;
    for question in questions {
        let [org, user, workspace] =
            [question.org.as_u128(), question.user.as_u128(), question.workspace.as_u128()].map(|id| id ^ seen);
        seen = u128::from(black_box(line(org) | line(user) | line(workspace)) >> 63) << 64; // zero, but nobody knows
    }
    black_box(seen);
}

fn in_hand<'d>(directory: &'d Directory, questions: &[Question]) -> Vec<Found<'d>> {
    questions.iter().map(|question| directory.find(question.org).unwrap()).collect()
}

fn ask_directory(directory: &Directory, questions: &[Question]) {
    let facts = Question::facts();
    for question in questions {
        let found =
            black_box(directory).check(question.org, question.actor(), question.permission, question.target(), &facts);
        assert_eq!(found == Decision::Allow, question.allowed);
    }
}

fn ask_in_hand(found: &[Found<'_>], questions: &[Question]) {
    let facts = Question::facts();
    for (found, question) in found.iter().zip(questions) {
        let answer = black_box(found).check(question.actor(), question.permission, question.target(), &facts);
        assert_eq!(answer == Decision::Allow, question.allowed);
    }
}

/// Sixteen at once, as they come in.
fn ask_each(directory: &Directory, questions: &[Question]) {
    let facts = Question::facts();
    let mut answers = [Decision::Allow; TOGETHER];
    for questions in questions.chunks_exact(TOGETHER) {
        let asked: [Asking<'_>; TOGETHER] = std::array::from_fn(|at| asking(&questions[at]));
        black_box(directory).check_each(&asked, &mut answers, &facts);
        for (answer, question) in answers.iter().zip(questions) {
            assert_eq!(*answer == Decision::Allow, question.allowed);
        }
    }
}

/// One request in one workspace: ten questions about what is asked for, each by itself.
fn ten_by_hand(by_hand: &Baseline<u128>, questions: &[Question]) {
    for question in questions {
        let mut allowed = true;
        for _ in 0..10 {
            allowed &= black_box(by_hand).check(&Asked::from(black_box(question)));
        }
        assert_eq!(allowed, question.allowed);
    }
}

/// The same request, resolved once.
fn resolve_and_ten(directory: &Directory, questions: &[Question]) {
    let facts = Question::facts();
    for question in questions {
        let access = black_box(directory).access(question.org, question.actor(), question.target(), &facts);
        let mut allowed = true;
        for _ in 0..10 {
            allowed &= black_box(&access).allows(black_box(question.permission));
        }
        assert_eq!(allowed, question.allowed);
    }
}

fn ask(kept: &HashMap<OrgId, Organization>, questions: &[Question]) {
    let facts = Question::facts();
    for question in questions {
        let org = &black_box(kept)[&question.org];
        let found = org.check(question.actor(), question.permission, question.target(), &facts);
        assert_eq!(found == Decision::Allow, question.allowed);
    }
}

fn ask_by_hand(by_hand: &Baseline<u128>, questions: &[Question]) {
    for question in questions {
        assert_eq!(black_box(by_hand).check(&Asked::from(question)), question.allowed);
    }
}
