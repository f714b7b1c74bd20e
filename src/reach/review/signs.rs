//! Signs: how a matrix shows through what something is held, told apart by shape as well as by color.

use super::{ReviewedPermission, ReviewedRow};
use crate::reach::Through;

/// What one cell of a matrix says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Cell {
    pub(super) by_role: bool,
    pub(super) by_row: bool,
    pub(super) by_rule: bool,
    /// Something gives it, and something nearer takes it.
    pub(super) is_withheld: bool,
    /// Held, and something else is in the way.
    pub(super) is_stopped: bool,
    /// Held on shared resources alone.
    pub(super) is_on_shared: bool,
}

impl Cell {
    pub(super) fn of(row: &ReviewedRow, column: &ReviewedPermission) -> Self {
        let (holding, permission) = (&row.holding, column.permission);
        let mut cell = Self { is_on_shared: row.is_on_shared_alone(column), ..Self::default() };
        if !holding.granted.contains(permission) {
            cell.is_withheld = holding.withheld().contains(permission);
            return cell;
        }
        for source in holding.through(permission) {
            match source.through {
                Through::Role(_) => cell.by_role = true,
                Through::RowRole(_) | Through::Row | Through::EndedRow => cell.by_row = true,
                Through::Group(_) | Through::Team(_) => cell.by_rule = true,
            }
        }
        cell.is_stopped = !holding.usable.contains(permission);
        cell
    }

    /// One sign for each kind of source.
    pub(super) fn signs(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let pick = |full, hollow| if self.is_stopped { hollow } else { full };
        let signs = [
            (self.by_role, pick(("role", "●"), ("role", "○"))),
            (self.by_row, pick(("row", "◆"), ("row", "◇"))),
            (self.by_rule, pick(("rule", "▲"), ("rule", "△"))),
            (self.is_withheld, ("not", "✕")),
            (self.is_on_shared, ("shared", "s")),
        ];
        signs.into_iter().filter(|(shown, _)| *shown).map(|(_, sign)| sign)
    }
}

/// What the signs mean.
pub(super) const LEGEND: [(&str, &str, &str); 6] = [
    ("role", "●", "by a role as a member"),
    ("row", "◆", "by the person's own row in the workspace"),
    ("rule", "▲", "by a rule about a group or team"),
    ("not", "✕", "given, and taken here by something nearer"),
    ("role", "○ ◇ △", "held, but not usable now (suspended, archived, plan, ended)"),
    ("shared", "s", "only on resources that are shared with them, and on their own"),
];
