//! From events to an organization: what a process does with what it has stored.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::change::{Event, Record};
use bailiwick::{Actor, OrgId, Organization, Version};

use crate::worlds::NOW;

/// The events with their versions.
pub fn records(events: impl Iterator<Item = Event>) -> Vec<Record> {
    let mut version = Version::ZERO;
    events
        .map(|event| {
            version = version.next();
            Record { version, at: NOW, by: Actor::System, command: None, event }
        })
        .collect()
}

/// The organization to which all of it happened.
pub fn told(id: OrgId, catalog: &Arc<Catalog>, records: &[Record]) -> Organization {
    let mut organization = Organization::new(id, Arc::clone(catalog));
    records.iter().for_each(|record| organization.apply(record));
    organization
}
