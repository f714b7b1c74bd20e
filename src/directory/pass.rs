//! Passes: everything that one person was given in one organization, by the numbers of cells and workspaces.
//!
//! ```text
//! cell · quick 0 to 12 · counts and flags · names       the first line of a quick pass: numbers of 32 bits
//! cell · quick 0 · three rows · counts and flags · names  the first line of a listed one
//! further rows, of two words each: workspace and cell, end; then teams: their ids
//! ```
//!
//! A *quick* number is the cell that counts, now and whenever, in the workspace of that number (they count from one) or, at zero, where
//! no row does. It is zero where anything else has to be looked at: who is suspended, whose access may have ended, a row that ends.
//! So most questions about most people are answered by one number of one line. What is not quick is a row, in the order of the
//! numbers that workspaces have here; where there is nothing else, rows begin in the first line, and the pass's name says so.
//! Passes are interned, as cells are: everybody with the same roles and no row has the same one.

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

/// Words in the first line.
const FIRST: usize = 8;
/// Rows that fit into the first line of a listed pass, behind the first word.
const IN_FIRST: usize = 3;
/// The word with the head; how many name the pass is in its upper half.
pub(super) const COUNTED: usize = 7;

const ROWS_BITS: u32 = 19;
const ROWS_MASK: u32 = (1 << ROWS_BITS) - 1;
const TEAMS_BITS: u32 = 10;
/// Rows begin in the first line; there are no quick numbers but the one at zero. In the head, and in the name.
const LISTED: u32 = 1 << 29;
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
pub(super) fn quick_cell(records: &Extents, name: u32, workspace: u32, now: Timestamp) -> u32 {
    let quick = match records.line(name & !LISTED) {
        Some(line) if name & LISTED != 0 => first_cell(line, workspace, now),
        Some(line) if workspace < QUICK => quick_of(line, workspace),
        _ => 0,
    };
    match quick {
        0 => Pass::named(records, name).listed_cell(workspace, now),
        cell => cell,
    }
}

/// The same, of a listed pass that is all in its first line. Every row is looked at, whichever it is: cheaper than to guess.
#[inline]
fn first_cell(line: &[AtomicU64; FIRST], workspace: u32, now: Timestamp) -> u32 {
    let [_, rows @ .., head] = line;
    let head = halves::low(head.load(Ordering::Relaxed));
    let count = (head & ROWS_MASK) as usize;
    let (mut is_there, mut cell) = (false, 0);
    for (at, row) in rows.chunks_exact(2).enumerate() {
        let [place, until] = row else { continue };
        let (place, until) = (place.load(Ordering::Relaxed), until.load(Ordering::Relaxed));
        let is_current = (until == NEVER) | (now.as_millis() < until);
        let is_it = (at < count) & (halves::high(place) == workspace) & is_current;
        is_there |= is_it;
        cell |= if is_it { halves::low(place) } else { 0 };
    }
    let cell = if is_there { cell } else { quick_of(line, 0) };
    if (count > IN_FIRST) | (head & SUSPENDED != 0) { 0 } else { cell }
}

#[inline]
fn quick_of(line: &[AtomicU64; FIRST], number: u32) -> u32 {
    half_of(line, number.wrapping_add(1))
}

#[inline]
fn half_of(line: &[AtomicU64; FIRST], half: u32) -> u32 {
    let word = line.get((half >> 1) as usize).map_or(0, |word| word.load(Ordering::Relaxed));
    halves::low(word >> ((half & 1) << 5))
}

impl<'e> Pass<'e> {
    pub(super) fn named(records: &'e Extents, name: u32) -> Self {
        let at = name & !LISTED;
        Self { records, at, head: halves::low(records.word(at, COUNTED)) }
    }

    /// What it is called: where it lies, and how it is read.
    pub(super) const fn name(self) -> u32 {
        self.at | self.head & LISTED
    }

    /// Where it lies.
    pub(super) const fn record(self) -> u32 {
        self.at
    }

    /// The cell that counts where no row does.
    pub(super) fn cell(self) -> u32 {
        self.records.line(self.at).map_or(0, |line| half_of(line, 0))
    }

    const fn is_listed(self) -> bool {
        self.head & LISTED != 0
    }

    pub(super) const fn is_member(self) -> bool {
        self.head & MEMBER != 0
    }

    pub(super) const fn is_suspended(self) -> bool {
        self.head & SUSPENDED != 0
    }

    /// Words in the pass.
    pub(super) fn words(self) -> usize {
        let behind = if self.is_listed() { IN_FIRST } else { 0 };
        let items = self.listed().saturating_add(self.teams()).saturating_sub(behind);
        items.saturating_mul(2).saturating_add(FIRST)
    }

    /// Every cell that the pass names, the general one first.
    pub(super) fn cells(self) -> impl Iterator<Item = u32> + use<'e> {
        let has_row = move |quick: &u32| *quick != 0 && *quick != self.quick(0);
        let quick = self.numbers().map(move |number| self.quick(number)).filter(has_row);
        let listed = (0..self.listed()).map(move |at| self.row(at).cell);
        core::iter::once(self.cell()).chain(quick).chain(listed)
    }

    /// The row in a workspace; where there is none, perhaps one that says what counts without.
    pub(super) fn row_in(self, workspace: u32) -> Option<Row> {
        let quick = if self.numbers().contains(&workspace) { self.quick(workspace) } else { 0 };
        if quick != 0 {
            return Some(Row { workspace, cell: quick, until: None });
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
        let quick = !self.is_member() && self.numbers().any(|number| self.quick(number) != 0);
        quick || (0..self.listed()).any(|at| self.row(at).is_current(now))
    }

    pub(super) fn is_in_team(self, team: TeamId) -> bool {
        let mut teams = (0..self.teams()).map(|at| self.item(self.listed().wrapping_add(at)));
        teams.any(|(low, high)| halves::id_of(low, high) == team.as_u128())
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

    /// The workspaces that have a quick number.
    const fn numbers(self) -> core::ops::Range<u32> {
        if self.is_listed() { 0..0 } else { 1..QUICK }
    }

    fn quick(self, number: u32) -> u32 {
        self.records.line(self.at).map_or(0, |line| quick_of(line, number))
    }

    /// Rows that are not among the quick ones.
    const fn listed(self) -> usize {
        (self.head & ROWS_MASK) as usize
    }

    const fn teams(self) -> usize {
        (self.head >> ROWS_BITS & ((1 << TEAMS_BITS) - 1)) as usize
    }

    /// A listed row by its position.
    fn row(self, at: usize) -> Row {
        let (place, until) = self.item(at);
        let until = (until != NEVER).then_some(Timestamp::from_millis(until));
        Row { workspace: halves::high(place), cell: halves::low(place), until }
    }

    /// Two words by their position: of rows first, then of teams.
    fn item(self, at: usize) -> (u64, u64) {
        let word = match (self.is_listed(), at.checked_sub(IN_FIRST)) {
            (true, None) => at.wrapping_mul(2).wrapping_add(1),
            (true, Some(behind)) => behind.wrapping_mul(2).wrapping_add(FIRST),
            (false, _) => at.wrapping_mul(2).wrapping_add(FIRST),
        };
        (self.records.word(self.at, word), self.records.word(self.at, word.wrapping_add(1)))
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
        let listed = || self.rows.iter().filter(|row| !self.is_quick(row));
        let (rows, teams) = (listed().count().min((1 << ROWS_BITS) - 1), self.teams.len().min((1 << TEAMS_BITS) - 1));
        let is_listed = rows == self.rows.len() && rows.saturating_add(teams) > 0;
        let rows_words = listed()
            .take(rows)
            .flat_map(|row| [halves::word_of(row.cell, row.workspace), row.until.map_or(NEVER, Timestamp::as_millis)]);
        let team_words = self.teams.iter().take(teams).flat_map(|team| <[u64; 2]>::from(halves::of_id(team.as_u128())));
        let mut items = rows_words.chain(team_words);
        let flags = [(self.is_member, MEMBER), (self.is_suspended, SUSPENDED), (is_listed, LISTED)];
        let flags = flags.iter().fold(0, |flags, (is_so, flag)| if *is_so { flags | flag } else { flags });
        let general = if self.is_member && !self.is_suspended { self.cell } else { 0 };
        let mut words = SmallVec::new();
        words.push(halves::word_of(self.cell, general));
        if is_listed {
            words.extend(items.by_ref().chain(core::iter::repeat(0)).take(2 * IN_FIRST));
        } else {
            words.extend(self.quick_words(general));
        }
        words.push(rows as u64 | (teams as u64) << ROWS_BITS | u64::from(flags));
        words.extend(items);
        words
    }

    /// The quick numbers of workspaces, two to a word.
    fn quick_words(&self, general: u32) -> [u64; FIRST - 2] {
        let mut words = [halves::word_of(general, general); FIRST - 2];
        for row in self.rows.iter().filter(|row| row.workspace < QUICK) {
            let half = row.workspace.saturating_sub(1);
            let cell = if self.is_quick(row) { row.cell } else { 0 };
            if let Some(word) = words.get_mut((half >> 1) as usize) {
                let (low, high) = (halves::low(*word), halves::high(*word));
                *word = if half & 1 == 0 { halves::word_of(cell, high) } else { halves::word_of(low, cell) };
            }
        }
        words
    }
}
