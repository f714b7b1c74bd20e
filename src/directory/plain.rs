//! Plain permissions: those that ask for nothing but that they are held, for each status and plan.

use std::vec::Vec;

use super::slot::status_byte;
use crate::access::Standing;
use crate::catalog::{Catalog, PermissionSet};
use crate::organization::Status;

/// The sets, status by status and plan by plan.
#[derive(Debug)]
pub(super) struct Plain {
    sets: Vec<PermissionSet>,
    plans: usize,
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
        let set = |status, plan: &_| match catalog.plan_table(*plan) {
            Some(table) if table.provider.is_none() => everything - asking - closed(status) - table.locked,
            _ => PermissionSet::EMPTY, // a provider is asked for, whatever the permission
        };
        let sets = statuses.iter().flat_map(|status| plans.iter().map(move |plan| set(*status, plan))).collect();
        Self { sets, plans: plans.len() }
    }

    #[inline]
    pub(super) fn of_standing(&self, standing: Standing) -> Option<&PermissionSet> {
        let status = usize::from(status_byte(standing.status)).wrapping_mul(self.plans);
        self.sets.get(status.wrapping_add(usize::from(standing.plan.index())))
    }
}
