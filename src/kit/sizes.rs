//! Sizes: texts that hurt, instants that nobody meant, organizations of thousands.

use std::format;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system};
use super::{Broken, Fresh, holds};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{Describe, Event, Record, Rename};
use crate::limits::{DESCRIPTION_BYTES_MAX, NAME_BYTES_MAX};
use crate::rows::Table;
use crate::store::{Appended, AsyncStore, Key};
use crate::text::Name;
use crate::time::Timestamp;
use crate::version::Version;

/// Whatever a command accepts is kept to the last byte: quotes, control characters, other scripts, the longest texts, any instant.
///
/// # Errors
/// What is [broken](Broken).
pub async fn takes_whatever_can_be_written<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    let stem = format!("{}", world.org(0));
    let room = NAME_BYTES_MAX.saturating_sub(stem.len());
    for text in [
        "'; drop table record; --",
        "\"\\\"\\",
        "$1 %s ?1 :a {}",
        "مرحبا שלום",
        "🦀🦀",
        &"x".repeat(room),
        &"é".repeat(room / 2),
    ] {
        let Ok(name) = Name::new(&format!("{stem}{text}")) else { continue };
        match tenants.handle(here, Rename { name: name.clone() }, &system()).await {
            // Without the feature nobody can compare it.
            Err(why) if why.code() == Some("bad_name") => continue,
            answer => _ = answer?,
        }
        let kept = world.replayed(here).await?;
        holds!(kept.profile().is_some_and(|profile| profile.name == name), "the name {name:?} is not kept");
    }
    for description in ["\0", "a\r\n\tb\u{1b}", "\u{fffd}\u{200b}\u{10ffff}", &"y".repeat(DESCRIPTION_BYTES_MAX), ""] {
        tenants.handle(here, Describe { description: String::from(description) }, &system()).await?;
        let kept = world.replayed(here).await?;
        holds!(
            kept.profile().is_some_and(|p| p.description == description),
            "a description is not kept: {description:?}"
        );
    }
    let ages = [0, 1, i64::MAX.unsigned_abs(), u64::MAX];
    for at in ages.map(Timestamp::from_millis) {
        let context = Facts::at(at).by(Actor::System);
        let name = world.name(&format!("At {}", at.as_millis()))?;
        tenants.handle(here, Rename { name }, &context).await?;
        let last = world.records(here).await?.pop();
        holds!(last.is_some_and(|record| record.at == at), "the instant {at:?} is not kept");
    }
    Ok(())
}

/// An organization of thousands, written and read in bulk, is as good as a small one.
///
/// # Errors
/// What is [broken](Broken).
pub async fn takes_big_organizations<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    const PEOPLE: u64 = 3_000;
    const TOGETHER: u64 = 600;
    let world = World::new(store, fresh)?;
    let (mut organization, first) = world.made(1)?;
    let (before, here) = (organization.clone(), organization.id());
    holds!(
        world.append(&before, Version::ZERO, &first).await? == Appended::Applied,
        "the first append was not applied"
    );
    first.iter().for_each(|record| organization.apply(record));
    for begin in (0..PEOPLE).step_by(TOGETHER as usize) {
        let (before, mut records) = (organization.clone(), Vec::new());
        for n in begin..begin.saturating_add(TOGETHER) {
            records.extend(world.next(&mut organization, world.add(1_000 + n, "member"), &system())?);
        }
        let answer = world.append(&before, before.version(), &records).await?;
        holds!(answer == Appended::Applied, "an append of {} records was answered {answer:?}", records.len());
    }
    holds!(world.replayed(here).await? == organization, "an organization of {PEOPLE} is not read back as it was");
    let all = organization.version().as_u64() as usize;
    let (read, loaded) = (store.records(here, Version::ZERO, all + 1).await?, store.load(here, all + 1).await?);
    holds!(read.len() == all, "of {all} records {} come together, where all were asked for", read.len());
    holds!(
        loaded.records.len() == all,
        "of {all} records {} are loaded, where all were asked for",
        loaded.records.len()
    );
    let tenants = world.process();
    tenants.handle(here, Describe { description: "big".into() }, &system()).await?;
    let people = tenants.read(here, |organization| organization.people().count()).await?;
    holds!(people == Some(3_001), "{people:?} people where there are 3001");
    let found = store.find(&Key::Belongs(world.user(3_999)), None, None, 9).await?;
    holds!(found.len() == 1, "the last of {PEOPLE} is not found");
    if store.keeps_rows() {
        let rows = store.rows(here, Table::Person, None, 10_000).await?.len();
        holds!(rows == 3_001, "{rows} rows of people where there are 3001");
    }
    let is_described = |record: &Record| matches!(record.event, Event::Described { .. });
    let last = store.records(here, Version::from_u64(organization.version().as_u64()), 10).await?;
    holds!(last.len() == 1 && last.iter().all(is_described), "the last record of a long stream is not found");
    Ok(())
}
