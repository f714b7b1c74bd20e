//! Does it matter to readers that somebody writes? Two readers alone, and beside a writer who makes 1,000 changes a second.
//!
//! The writer changes members of the very organizations that are asked about, each change seen by every reader at once.

use std::hint::black_box;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{ChangeRoles, Command, Record};
use bailiwick::directory::Directory;
use bailiwick::{Actor, Organization, presets};
use criterion::{Criterion, Throughput};

use crate::worlds::{HOT, NOW, Plain, Question, Role, Worlds};

const READERS: u64 = 2;
const QUESTIONS: usize = 16_384;
const ORGANIZATIONS: usize = 1_000;
const PAUSE: Duration = Duration::from_millis(1);

pub fn beside(c: &mut Criterion) {
    let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let world = Worlds::many(ORGANIZATIONS, &catalog);
    let directory = Directory::new(Arc::clone(&catalog));
    world.plain().for_each(|org| directory.put(&org.organization(&catalog)));
    let few: Vec<Plain> = world.plain().take(HOT).collect();
    let questions: Vec<Question> = world.every_question().take(QUESTIONS.min(few.len() * 300)).collect();
    let mut group = c.benchmark_group("beside");
    group.sample_size(20).throughput(Throughput::Elements(READERS * questions.len() as u64));
    group.bench_function("nobody", |b| b.iter_custom(|rounds| read(&directory, &questions, rounds)));
    let (changes, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| write(&directory, &few, &catalog, &changes, &is_over));
        while changes.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        group.bench_function("a_writer", |b| b.iter_custom(|rounds| read(&directory, &questions, rounds)));
        is_over.store(true, Ordering::Relaxed);
    });
    group.finish();
}

/// How long the readers take for so many rounds, all of them at once.
fn read(directory: &Directory, questions: &[Question], rounds: u64) -> Duration {
    let facts = Question::facts();
    let round = || {
        for asked in questions {
            let _ = black_box(directory.check(asked.org, asked.actor(), asked.permission, asked.target(), &facts));
        }
    };
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| (0..rounds).for_each(|_| round()));
        }
    });
    started.elapsed()
}

/// Makes members viewers and developers by turns, one change each millisecond.
fn write(directory: &Directory, few: &[Plain], catalog: &Arc<Catalog>, changes: &AtomicU64, is_over: &AtomicBool) {
    let mut organizations: Vec<Organization> = few.iter().map(|org| org.organization(catalog)).collect();
    let mut next = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        let made = usize::try_from(changes.fetch_add(1, Ordering::Relaxed)).unwrap();
        let at = made % organizations.len();
        let record = change(&organizations[at], &few[at], made);
        directory.apply(&mut organizations[at], slice::from_ref(&record));
        next += PAUSE;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

/// Another role for a member who has none of the great ones.
fn change(organization: &Organization, plain: &Plain, made: usize) -> Record {
    let owner = Actor::User(plain.members[0].user);
    let small: Vec<_> = plain.members.iter().filter(|member| !member.role.reaches_all()).collect();
    let user = small[made / HOT % small.len()].user;
    let developer = organization.catalog().role(Role::Developer.key()).unwrap();
    let is_developer = organization.person(user).unwrap().roles().contains(developer);
    let role = if is_developer { Role::Viewer } else { Role::Developer };
    let command = Command::from(ChangeRoles { user, roles: vec![role.key().into()] });
    let outcome = organization.handle(&command, &Facts::at(NOW).by(owner)).unwrap();
    outcome.records.into_iter().next().unwrap()
}
