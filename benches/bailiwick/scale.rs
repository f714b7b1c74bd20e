//! What does a check cost, as there are more organizations, beside the maps written by hand?
//!
//! Hot is about 16 organizations, cold about any of them. The peers are asked the same questions in `examples/peers`.

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::access::Decision;
use bailiwick::{OrgId, Organization, presets};
use criterion::{BenchmarkId, Criterion, Throughput};
use hashbrown::HashMap;

use crate::baseline::{Asked, Baseline};
use crate::worlds::{Question, Worlds};

const QUESTIONS: usize = 65_536;

pub fn scale(c: &mut Criterion) {
    let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut group = c.benchmark_group("scale");
    group.sample_size(10).throughput(Throughput::Elements(QUESTIONS as u64));
    for organizations in [100, 10_000] {
        let world = Worlds::many(organizations, &catalog);
        let mut by_hand = Baseline::<u128>::new();
        world.plain().for_each(|org| by_hand.insert(&org));
        let kept: HashMap<OrgId, Organization> =
            world.plain().map(|org| (org.id, org.organization(&catalog))).collect();
        for (name, questions) in [("hot", world.hot(QUESTIONS)), ("cold", world.cold(QUESTIONS))] {
            let id = |engine: &str| BenchmarkId::new(format!("{engine}/{name}"), organizations);
            group.bench_function(id("organizations"), |b| b.iter(|| ask(&kept, &questions)));
            group.bench_function(id("by_hand"), |b| b.iter(|| ask_by_hand(&by_hand, &questions)));
        }
    }
    group.finish();
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
