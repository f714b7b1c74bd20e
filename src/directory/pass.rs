//! Passes: everything that one person was given in one organization, by the numbers of cells and workspaces.
//!
//! ```text
//! head · count · for each row: workspace and cell, end · for each team: its id
//! ```
//!
//! Rows are in the order of the numbers that their workspaces have here. A pass fills a line at least, so that up to three rows are
//! read with the head. Passes are interned, as cells are: everybody with the same roles and no row has the same one.

use core::sync::atomic::Ordering;
use std::vec::Vec;

use super::extents::Extents;
use super::halves;
use crate::id::TeamId;
use crate::time::Timestamp;

/// Rows up to which looking at each is quicker than halving.
const FEW: usize = 8;

/// Words in the least pass, a line.
const WORDS_MIN: usize = 8;

const ROWS_BITS: u32 = 20;
const TEAMS_BITS: u32 = 10;
const MEMBER: u64 = 1 << 62;
const SUSPENDED: u64 = 1 << 63;
/// The end of what has none.
const NEVER: u64 = u64::MAX;

/// The first word of a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head(u64);

/// A row: which cell counts in a workspace, until when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) workspace: u32,
    pub(super) cell: u32,
    pub(super) until: Option<Timestamp>,
}

/// What a pass is made of.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) cell: u32,
    pub(super) is_member: bool,
    pub(super) is_suspended: bool,
    pub(super) rows: Vec<Row>,
    pub(super) teams: Vec<TeamId>,
}

impl Head {
    #[inline]
    pub(super) fn of(extents: &Extents, pass: u32) -> Self {
        Self(extents.word(pass, 0))
    }

    /// The cell that counts where no row does.
    #[inline]
    pub(super) const fn cell(self) -> u32 {
        halves::low(self.0)
    }

    #[inline]
    pub(super) const fn rows(self) -> usize {
        (self.0 >> 32 & ((1 << ROWS_BITS) - 1)) as usize
    }

    pub(super) const fn teams(self) -> usize {
        (self.0 >> (32 + ROWS_BITS) & ((1 << TEAMS_BITS) - 1)) as usize
    }

    #[inline]
    pub(super) const fn is_member(self) -> bool {
        self.0 & MEMBER != 0
    }

    #[inline]
    pub(super) const fn is_suspended(self) -> bool {
        self.0 & SUSPENDED != 0
    }

    /// Words in the pass.
    pub(super) fn words(self) -> usize {
        self.rows().saturating_add(self.teams()).saturating_mul(2).saturating_add(2).max(WORDS_MIN)
    }

    /// A row by its position.
    #[inline]
    pub(super) fn row(extents: &Extents, pass: u32, at: usize) -> Row {
        let word = at.wrapping_mul(2).wrapping_add(2);
        Row::of(extents.word(pass, word), extents.word(pass, word.wrapping_add(1)))
    }

    /// The head of a pass and the cell of the row that counts in a workspace now, if one does.
    #[inline]
    pub(super) fn with_cell_in(extents: &Extents, pass: u32, workspace: u32, now: Timestamp) -> (Self, Option<u32>) {
        let Some(words) = extents.line(pass) else { return (Self(0), None) };
        let [head, _, rows @ ..] = words;
        let head = Self(head.load(Ordering::Relaxed));
        if head.rows() > rows.len() >> 1 {
            let row = head.row_in(extents, pass, workspace).filter(|row| row.is_current(now));
            return (head, row.map(|row| row.cell));
        }
        // Every row is looked at, whichever it is: cheaper than to guess.
        let (mut is_there, mut cell) = (false, 0);
        for (at, row) in rows.chunks_exact(2).enumerate() {
            let [place, until] = row else { continue };
            let (place, until) = (place.load(Ordering::Relaxed), until.load(Ordering::Relaxed));
            let is_current = (until == NEVER) | (now.as_millis() < until);
            let is_it = (at < head.rows()) & (halves::high(place) == workspace) & is_current;
            is_there |= is_it;
            cell |= if is_it { halves::low(place) } else { 0 };
        }
        (head, is_there.then_some(cell))
    }

    /// The row in a workspace.
    pub(super) fn row_in(self, extents: &Extents, pass: u32, workspace: u32) -> Option<Row> {
        let rows = self.rows();
        let number = |at: usize| halves::high(extents.word(pass, at.wrapping_mul(2).wrapping_add(2)));
        let mut from = 0_usize;
        let mut count = rows;
        while count > FEW {
            let half = count >> 1;
            let middle = from.wrapping_add(half);
            if number(middle) <= workspace {
                from = middle;
                count = count.wrapping_sub(half);
            } else {
                count = half;
            }
        }
        let found = (from..from.wrapping_add(count)).find(|at| number(*at) == workspace)?;
        Some(Self::row(extents, pass, found))
    }

    /// Whether any row still counts.
    pub(super) fn has_current_row(self, extents: &Extents, pass: u32, now: Timestamp) -> bool {
        (0..self.rows()).any(|at| Self::row(extents, pass, at).is_current(now))
    }

    pub(super) fn is_in_team(self, extents: &Extents, pass: u32, team: TeamId) -> bool {
        let first = self.rows().wrapping_mul(2).wrapping_add(2);
        let id = |at: usize| {
            let word = first.wrapping_add(at.wrapping_mul(2));
            halves::id_of(extents.word(pass, word), extents.word(pass, word.wrapping_add(1)))
        };
        (0..self.teams()).any(|at| id(at) == team.as_u128())
    }
}

impl Row {
    #[inline]
    fn of(place: u64, until: u64) -> Self {
        let until = (until != NEVER).then_some(Timestamp::from_millis(until));
        Self { workspace: halves::high(place), cell: halves::low(place), until }
    }

    #[inline]
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }
}

impl Pass {
    pub(super) fn content(&self) -> Vec<u64> {
        let rows = (self.rows.len() as u64).min((1 << ROWS_BITS) - 1);
        let teams = (self.teams.len() as u64).min((1 << TEAMS_BITS) - 1);
        let flags = if self.is_member { MEMBER } else { 0 } | if self.is_suspended { SUSPENDED } else { 0 };
        let listed = self.rows.len().saturating_add(self.teams.len());
        let mut content = Vec::with_capacity(listed.saturating_mul(2).saturating_add(2).max(WORDS_MIN));
        content.extend([u64::from(self.cell) | rows << 32 | teams << (32 + ROWS_BITS) | flags, 0]);
        for row in self.rows.iter().take(rows as usize) {
            content.push(halves::word_of(row.cell, row.workspace));
            content.push(row.until.map_or(NEVER, Timestamp::as_millis));
        }
        for team in self.teams.iter().take(teams as usize) {
            content.extend(<[u64; 2]>::from(halves::of_id(team.as_u128())));
        }
        content.resize(content.len().max(WORDS_MIN), 0);
        content
    }
}
