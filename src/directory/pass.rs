//! Passes: everything that one person was given in one organization, by the numbers of cells and workspaces.
//!
//! ```text
//! quick 0 to 12 · cell · counts and flags · names        the first line: numbers of 32 bits
//! for each row that is not among the quick ones: workspace and cell, end
//! for each team: its id
//! ```
//!
//! A *quick* number is the cell that counts, now and whenever, in the workspace of that number (they count from one) or, at zero, where
//! no row does. It is zero where anything else has to be looked at: who is suspended, whose access may have ended, a row that ends.
//! So most questions about most people are answered by one number of one line. What is not quick is a row, in the order of the
//! numbers that workspaces have here. Passes are interned, as cells are: everybody with the same roles and no row has the same one.

use core::sync::atomic::{AtomicU64, Ordering};

use smallvec::SmallVec;

use super::extents::Extents;
use super::halves;
use crate::id::TeamId;
use crate::time::Timestamp;

/// Rows up to which looking at each is quicker than halving.
const FEW: usize = 8;

/// Numbers of workspaces, and zero, that have a quick cell.
const QUICK: u32 = 13;

/// Words before the rows: a line.
const FIRST: usize = 8;
/// The word with the last quick number and the cell that counts where no row does.
const GENERAL: usize = 6;
/// The word with the head; how many name the pass is in its upper half.
pub(super) const COUNTED: usize = 7;

const ROWS_BITS: u32 = 20;
const TEAMS_BITS: u32 = 10;
const MEMBER: u32 = 1 << 30;
const SUSPENDED: u32 = 1 << 31;
/// The end of what has none.
const NEVER: u64 = u64::MAX;

/// A pass, where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass<'e> {
    records: &'e Extents,
    at: u32,
    head: u32,
}

/// A row: which cell counts in a workspace, until when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) workspace: u32,
    pub(super) cell: u32,
    pub(super) until: Option<Timestamp>,
}

/// What a pass is made of.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) cell: u32,
    pub(super) is_member: bool,
    pub(super) is_suspended: bool,
    /// In the order of the numbers of their workspaces.
    pub(super) rows: SmallVec<[Row; 4]>,
    pub(super) teams: SmallVec<[TeamId; 2]>,
}

/// The cell that counts in a workspace now, or for zero where no row does; zero where more has to be looked at.
#[inline]
pub(super) fn quick_cell(records: &Extents, pass: u32, workspace: u32, now: Timestamp) -> u32 {
    let line = records.line(pass).filter(|_| workspace < QUICK);
    match line.map_or(0, |line| half_of(line, workspace)) {
        0 => Pass::at(records, pass).listed_cell(workspace, now),
        cell => cell,
    }
}

#[inline]
fn half_of(line: &[AtomicU64; FIRST], number: u32) -> u32 {
    let word = line.get((number >> 1) as usize).map_or(0, |word| word.load(Ordering::Relaxed));
    halves::low(word >> ((number & 1) << 5))
}

impl<'e> Pass<'e> {
    pub(super) fn at(records: &'e Extents, at: u32) -> Self {
        Self { records, at, head: halves::low(records.word(at, COUNTED)) }
    }

    /// The cell that counts where no row does.
    pub(super) fn cell(self) -> u32 {
        halves::high(self.records.word(self.at, GENERAL))
    }

    pub(super) const fn is_member(self) -> bool {
        self.head & MEMBER != 0
    }

    pub(super) const fn is_suspended(self) -> bool {
        self.head & SUSPENDED != 0
    }

    /// Words in the pass.
    pub(super) fn words(self) -> usize {
        self.listed().saturating_add(self.teams()).saturating_mul(2).saturating_add(FIRST)
    }

    /// Every cell that the pass names, the general one first.
    pub(super) fn cells(self) -> impl Iterator<Item = u32> + use<'e> {
        let quick = (1..QUICK).map(move |number| self.quick(number)).filter(move |cell| self.is_of_row(*cell));
        let listed = (0..self.listed()).map(move |at| self.row(at).cell);
        core::iter::once(self.cell()).chain(quick).chain(listed)
    }

    /// The row in a workspace.
    pub(super) fn row_in(self, workspace: u32) -> Option<Row> {
        let quick = if workspace < QUICK { self.quick(workspace) } else { 0 };
        if quick != 0 {
            return self.is_of_row(quick).then_some(Row { workspace, cell: quick, until: None });
        }
        let (mut from, mut count) = (0_usize, self.listed());
        while count > FEW {
            let half = count >> 1;
            let middle = from.wrapping_add(half);
            if self.row(middle).workspace <= workspace {
                from = middle;
                count = count.wrapping_sub(half);
            } else {
                count = half;
            }
        }
        (from..from.wrapping_add(count)).map(|at| self.row(at)).find(|row| row.workspace == workspace)
    }

    /// Whether any row of a collaborator still counts.
    pub(super) fn has_current_row(self, now: Timestamp) -> bool {
        let quick = !self.is_member() && (1..QUICK).any(|number| self.quick(number) != 0);
        quick || (0..self.listed()).any(|at| self.row(at).is_current(now))
    }

    pub(super) fn is_in_team(self, team: TeamId) -> bool {
        let first = self.listed().wrapping_mul(2).wrapping_add(FIRST);
        let id = |at: usize| {
            let word = first.wrapping_add(at.wrapping_mul(2));
            halves::id_of(self.records.word(self.at, word), self.records.word(self.at, word.wrapping_add(1)))
        };
        (0..self.teams()).any(|at| id(at) == team.as_u128())
    }

    /// The cell that counts in a workspace without a quick one; zero where more has to be looked at.
    #[inline(never)]
    fn listed_cell(self, workspace: u32, now: Timestamp) -> u32 {
        match self.row_in(workspace).filter(|row| row.is_current(now)) {
            Some(row) if !self.is_suspended() => row.cell,
            Some(_) => 0,
            None => self.quick(0),
        }
    }

    fn quick(self, number: u32) -> u32 {
        self.records.line(self.at).map_or(0, |line| half_of(line, number))
    }

    /// Whether a quick cell is there for a row: whoever has no row has the general one everywhere.
    fn is_of_row(self, quick: u32) -> bool {
        quick != 0 && quick != self.quick(0)
    }

    /// Rows that are not among the quick ones.
    const fn listed(self) -> usize {
        (self.head & ((1 << ROWS_BITS) - 1)) as usize
    }

    const fn teams(self) -> usize {
        (self.head >> ROWS_BITS & ((1 << TEAMS_BITS) - 1)) as usize
    }

    /// A listed row by its position.
    fn row(self, at: usize) -> Row {
        let word = at.wrapping_mul(2).wrapping_add(FIRST);
        let (place, until) = (self.records.word(self.at, word), self.records.word(self.at, word.wrapping_add(1)));
        let until = (until != NEVER).then_some(Timestamp::from_millis(until));
        Row { workspace: halves::high(place), cell: halves::low(place), until }
    }
}

impl Row {
    #[inline]
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }
}

impl Content {
    /// Whether a row's cell is found by its number alone. A row that says what the roles say anyway is as good as none.
    fn is_quick(&self, row: &Row) -> bool {
        row.workspace < QUICK && row.until.is_none() && !self.is_suspended
    }

    pub(super) fn words(&self) -> SmallVec<[u64; 16]> {
        let general = if self.is_member && !self.is_suspended { self.cell } else { 0 };
        let mut quick = [general; QUICK as usize];
        for row in &self.rows {
            if let Some(place) = quick.get_mut(row.workspace as usize) {
                *place = if self.is_quick(row) { row.cell } else { 0 };
            }
        }
        let listed = || self.rows.iter().filter(|row| !self.is_quick(row));
        let (rows, teams) = (listed().count().min((1 << ROWS_BITS) - 1), self.teams.len().min((1 << TEAMS_BITS) - 1));
        let flags = if self.is_member { MEMBER } else { 0 } | if self.is_suspended { SUSPENDED } else { 0 };
        let mut words = SmallVec::new();
        words.extend(quick.chunks(2).map(|pair| match *pair {
            [low, high] => halves::word_of(low, high),
            [low] => halves::word_of(low, self.cell),
            _ => 0,
        }));
        words.push(rows as u64 | (teams as u64) << ROWS_BITS | u64::from(flags));
        for row in listed().take(rows) {
            words.push(halves::word_of(row.cell, row.workspace));
            words.push(row.until.map_or(NEVER, Timestamp::as_millis));
        }
        for team in self.teams.iter().take(teams) {
            words.extend(<[u64; 2]>::from(halves::of_id(team.as_u128())));
        }
        words
    }
}
