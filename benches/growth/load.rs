//! Loading: everybody of a world from their events, and into a directory.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::catalog::Catalog;
use bailiwick::directory::{Directory, Room};

use crate::ask::Organizations;
use crate::effort::{Effort, median, timed};
use crate::story::{records, told};
use crate::worlds::Worlds;

/// From here on, organizations that are made to be changed would not fit beside the rest on a small machine.
const KEPT_MAX: usize = 300_000;

pub struct Loaded {
    pub directory: Directory,
    /// The organizations themselves, where they are not too many.
    pub kept: Option<Organizations>,
    pub told_per_second: f64,
    pub put_per_second: f64,
}

/// Loads a world, several times where it is small; everything is kept of the last time.
pub fn load(effort: Effort, catalog: &Arc<Catalog>, world: &Worlds) -> Loaded {
    let members = world.member_count();
    let mut made = load_once(catalog, world);
    let (mut telling, mut putting) = (vec![made.telling], vec![made.putting]);
    for _ in 1..effort.passes_of(members) {
        made = load_once(catalog, world);
        telling.push(made.telling);
        putting.push(made.putting);
    }
    let per_second = |all: Vec<Duration>| members as f64 / median(all).as_secs_f64();
    Loaded {
        directory: made.directory,
        kept: made.kept,
        told_per_second: per_second(telling),
        put_per_second: per_second(putting),
    }
}

fn room(world: &Worlds) -> Room {
    Room {
        organizations: world.organizations,
        people: world.member_count(),
        workspaces: world.organizations * world.workspaces,
    }
}

struct Once {
    directory: Directory,
    kept: Option<Organizations>,
    telling: Duration,
    putting: Duration,
}

fn load_once(catalog: &Arc<Catalog>, world: &Worlds) -> Once {
    let directory = Directory::with_room(Arc::clone(catalog), room(world));
    let mut kept = (world.member_count() <= KEPT_MAX).then(Organizations::new);
    let (mut telling, mut putting) = (Duration::ZERO, Duration::ZERO);
    for plain in world.plain() {
        let records = records(plain.events());
        let (took, organization) = timed(|| told(plain.id, catalog, &records));
        telling += took;
        putting += timed(|| directory.put(&organization)).0;
        assert_eq!(organization.member_count(), plain.members.len() as u64);
        assert_eq!(directory.version(plain.id), Some(organization.version()));
        if let Some(kept) = &mut kept {
            kept.insert(plain.id, organization);
        }
    }
    Once { directory, kept, telling, putting }
}
