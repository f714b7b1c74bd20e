//! Records that are nobody's but one workspace's or one service's: rules, and what a service may do where.

use std::vec::Vec;

use super::extents::Extents;
use super::halves;
use crate::access::Lens;
use crate::catalog::{Catalog, PermissionSet, RoleSet};
use crate::id::{TeamId, UserId};
use crate::organization::{Organization, Rule, RuleHolder, Service};
use crate::time::Timestamp;

/// In what a workspace's id stands for, beside its number: something is special about it.
const SPECIAL: u32 = 1 << 30;

/// A workspace is archived; in the word that says what is special about it.
pub(super) const ARCHIVED: u64 = 1 << 32;
/// It has rules, in the record that the lower half names.
pub(super) const RULED: u64 = 1 << 33;

/// The end of what has none.
const NEVER: u64 = u64::MAX;
/// Rules of a workspace and workspaces of a service that are looked at. Neither has as many; what is read at the wrong moment may seem
/// to, and is thrown away.
const LISTED_MAX: usize = 1 << 16;
const GROUP: u64 = 1;
const TEAM: u64 = 2;
/// Words in a rule: whom it is about (3), its end, given (4), taken (4).
const RULE_WORDS: usize = 12;
/// Words of a service before the workspaces: sponsor (2), end, how many workspaces, permissions (4).
const SERVICE_WORDS: usize = 8;

/// What a workspace's id stands for: its number, larger than any other where something is special about it.
pub(super) const fn value_of(number: u32, detail: u64) -> u32 {
    if detail == 0 { number } else { number | SPECIAL }
}

#[inline]
pub(super) const fn is_special(value: u32) -> bool {
    value & SPECIAL != 0
}

pub(super) const fn number_of(value: u32) -> u32 {
    value & !SPECIAL
}

/// The record of the rules of a workspace.
pub(super) fn rules(organization: &Organization, rules: &[Rule]) -> Vec<u64> {
    let mut content = Vec::with_capacity(1);
    content.push(rules.len() as u64);
    for rule in rules {
        let (kind, (low, high)) = match rule.holder {
            RuleHolder::Group(group) => (GROUP, organization.catalog().roles_of_group(group).to_words()),
            RuleHolder::Team(team) => (TEAM, halves::of_id(team.as_u128())),
        };
        content.extend([kind, low, high, rule.until.map_or(NEVER, Timestamp::as_millis)]);
        content.extend(rule.given.words());
        content.extend(rule.taken.words());
    }
    content
}

/// What the rules of a workspace give and take.
pub(super) fn given_and_taken<L: Lens>(
    lens: L,
    records: &Extents,
    record: u32,
    now: Timestamp,
    (groups, is_in_team): (RoleSet, impl Fn(TeamId) -> bool),
) -> (L::View, L::View) {
    let nothing = || lens.look(&PermissionSet::EMPTY);
    let (mut given, mut taken) = (nothing(), nothing());
    let count = usize::try_from(records.word(record, 0)).unwrap_or(0).min(LISTED_MAX);
    for rule in 0..count {
        let first = rule.wrapping_mul(RULE_WORDS).wrapping_add(1);
        let word = |at: usize| records.word(record, first.wrapping_add(at));
        let until = word(3);
        if until != NEVER && now.as_millis() >= until {
            continue;
        }
        let id = halves::id_of(word(1), word(2));
        let concerns = match word(0) {
            GROUP => RoleSet::from_words(word(1), word(2)).meets(groups),
            _ => TeamId::from_u128(id).is_some_and(&is_in_team),
        };
        if concerns {
            let set = |at: usize| PermissionSet::from_words([0, 1, 2, 3].map(|n: usize| word(at.wrapping_add(n))));
            given = given | lens.look(&set(4));
            taken = taken | lens.look(&set(8));
        }
    }
    (given, taken)
}

/// Where the rules are that a workspace's word names, and how wide.
pub(super) fn rules_at(records: &Extents, detail: u64) -> Option<(u32, usize)> {
    let record = (detail & RULED != 0).then_some(halves::low(detail))?;
    let count = usize::try_from(records.word(record, 0)).unwrap_or(0);
    Some((record, count.saturating_mul(RULE_WORDS).saturating_add(1)))
}

/// The record of a service.
pub(super) fn service(service: &Service, catalog: &Catalog, workspaces: impl Iterator<Item = u32>) -> Vec<u64> {
    let (low, high) = service.sponsor().map_or((0, 0), |user| halves::of_id(user.as_u128()));
    let mut content = Vec::with_capacity(SERVICE_WORDS);
    let everywhere = service.workspaces().is_empty();
    content.extend([low, high, service.until().map_or(NEVER, Timestamp::as_millis), u64::from(!everywhere)]);
    let beyond = if everywhere { PermissionSet::EMPTY } else { catalog.organization_scope() };
    content.extend((service.permissions() - beyond).words());
    let mut numbers: Vec<u64> = workspaces.map(u64::from).collect();
    let count = (numbers.len() as u64) << 1;
    numbers.sort_unstable();
    if let Some(counted) = content.get_mut(3) {
        *counted |= count;
    }
    content.extend(numbers);
    content
}

/// A service, as a check looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceRecord<'e> {
    records: &'e Extents,
    record: u32,
}

impl<'e> ServiceRecord<'e> {
    pub(super) const fn at(records: &'e Extents, record: u32) -> Self {
        Self { records, record }
    }

    pub(super) fn sponsor(self) -> Option<UserId> {
        let (low, high) = (self.records.word(self.record, 0), self.records.word(self.record, 1));
        UserId::from_u128(halves::id_of(low, high))
    }

    pub(super) fn is_current(self, now: Timestamp) -> bool {
        let until = self.records.word(self.record, 2);
        until == NEVER || now.as_millis() < until
    }

    /// What of its permissions counts in a workspace, by its number; `None` is the organization.
    pub(super) fn bound_at(self, workspace: Option<u32>) -> PermissionSet {
        let word = self.records.word(self.record, 3);
        let is_bound = word & 1 == 1;
        let count = usize::try_from(word >> 1).unwrap_or(0).min(LISTED_MAX);
        let is_here = |number: u32| {
            let mut places = (0..count).map(|at| self.records.word(self.record, SERVICE_WORDS.wrapping_add(at)));
            places.any(|place| place == u64::from(number))
        };
        if is_bound && !workspace.is_some_and(is_here) {
            return PermissionSet::EMPTY;
        }
        PermissionSet::from_words([4, 5, 6, 7].map(|at| self.records.word(self.record, at)))
    }
}

/// Words in the record of a service.
pub(super) fn service_words(records: &Extents, record: u32) -> usize {
    let count = usize::try_from(records.word(record, 3) >> 1).unwrap_or(0);
    count.saturating_add(SERVICE_WORDS)
}
