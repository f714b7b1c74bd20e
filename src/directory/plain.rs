//! Plain permissions: those that ask for nothing but that they are held, for each status and plan.

use std::vec::Vec;

use super::slot::status_byte;
use crate::catalog::{Catalog, Permission, PermissionSet, Plan};
use crate::organization::Status;

/// The sets: nothing, then plan by plan and status by status.
#[derive(Debug)]
pub(super) struct Plain {
    sets: Vec<PermissionSet>,
}

/// Which of the sets: eleven bits, for 256 plans and four statuses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Index(pub(super) u16);

impl Index {
    /// No permission is plain.
    pub(super) const NOTHING: Self = Self(0);
}

/// The set of a status and a plan, where the organization requires no provider.
pub(super) fn index(status: Status, plan: Plan) -> Index {
    let at = u16::from(plan.index()) << 2 | u16::from(status_byte(status));
    Index(at.saturating_add(1))
}

impl Plain {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let gates = &catalog.gates;
        let everything: PermissionSet = catalog.permissions().map(|(permission, _)| permission).collect();
        let asking = gates.recent.iter().fold(gates.second_factor, |asking, (_, set)| asking | *set);
        let plans: Vec<_> = catalog.plans().map(|(plan, _)| plan).collect();
        let closed = |status| match status {
            Status::Active => PermissionSet::EMPTY,
            Status::PastDue | Status::Suspended => gates.closed_while_suspended,
            Status::Archived => gates.active_only,
        };
        let statuses = [Status::Active, Status::PastDue, Status::Suspended, Status::Archived];
        let set = |status, plan| match catalog.plan_table(plan) {
            Some(table) if table.provider.is_none() => everything - asking - closed(status) - table.locked,
            _ => PermissionSet::EMPTY, // a provider is asked for, whatever the permission
        };
        let mut sets = Vec::with_capacity(1);
        sets.push(PermissionSet::EMPTY);
        sets.extend(plans.iter().flat_map(|plan| statuses.map(|status| set(status, *plan))));
        Self { sets }
    }

    /// Whether a permission asks for nothing but that it is held.
    #[inline]
    pub(super) fn has(&self, index: Index, permission: Permission) -> bool {
        self.sets.get(usize::from(index.0)).is_some_and(|set| set.contains(permission))
    }
}
