//! The rows of a ledger: how it stands, and its lots.

use alloc::vec::Vec;

use super::{Row, words};
use crate::id::OrgId;
use crate::ledger::{Figures, Ledger, Lot};
use crate::version::Version;

/// Every row in no order.
pub(super) fn rows(ledger: &Ledger) -> Vec<Row> {
    let lots = ledger.kept_lots().map(|lot| lot_row(ledger.organization(), lot));
    balance_row(ledger.organization(), &ledger.figures()).into_iter().chain(lots).collect()
}

/// How a ledger stands; `None` before its first entry.
pub(super) fn balance_row(organization: OrgId, figures: &Figures) -> Option<Row> {
    let (balance, columns) = (&figures.balance, &figures.balance.columns);
    (figures.version > Version::ZERO).then(|| Row::Balance {
        organization_id: organization,
        as_of: figures.as_of,
        due_at: figures.due_at,
        spendable: short(balance.spendable),
        pending: short(balance.pending),
        allocation: short(balance.allocation),
        bank: short(balance.bank),
        owed: balance.owed.as_u64(),
        entitled: balance.entitled.as_u64(),
        granted: short(columns.granted),
        available: short(columns.available),
        held: short(columns.held),
        spent: short(columns.spent),
        expired: short(columns.expired),
        voided: short(columns.voided),
        period_start: balance.period.map(|(start, _)| start),
        period_end: balance.period.and_then(|(_, end)| end),
        pool_id: figures.pool,
        version: figures.version,
    })
}

pub(super) fn lot_row(organization: OrgId, lot: &Lot) -> Row {
    let columns = &lot.columns;
    Row::Lot {
        organization_id: organization,
        lot: lot.id,
        class: words::class(lot.class),
        priority: lot.priority.into(),
        effective_at: lot.effective,
        expires_at: lot.expires,
        granted: columns.granted,
        available: columns.available,
        held: columns.held,
        spent: columns.spent,
        expired: columns.expired,
        voided: columns.voided,
        only_organization_id: lot.scope.organization,
        only_workspace_id: lot.scope.workspace,
        only_project_id: lot.scope.project,
        only_user_id: lot.scope.user,
        only_service_id: lot.scope.service,
        only_class: lot.scope.class,
    }
}

fn short(sum: u128) -> u64 {
    u64::try_from(sum).unwrap_or(u64::MAX)
}
