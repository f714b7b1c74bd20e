//! Cells: what one person holds in one place, as the rules look at it, workspace rules aside.
//!
//! ```text
//! line 0          groups (low) · names · groups (high) · sight · what the roles could do anywhere (4 words)
//! line 1 + n      permissions 64 n to 64 n + 63, a bit each:
//!                 granted · removed · inherited · base · added · removed by the row · firm · organization
//! ```
//!
//! A check of one permission reads one line of one cell. Cells are interned: as many people as hold the same share one.

use core::sync::atomic::{AtomicU64, Ordering};
use std::vec::Vec;

use super::answer::Answer;
use super::extents::Extents;
use crate::access::{Every, Layers, Lens, at_organization, could_do, layers_without_rules};
use crate::catalog::{PermissionSet, RoleSet, Sight};
use crate::organization::{AccessRow, Person, Roles};

/// The word of the count.
pub(super) const COUNTED: usize = 1;

/// How many lines of permissions every cell of a catalog has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells {
    lines: u32,
}

impl Cells {
    pub(super) fn of(permissions: usize) -> Self {
        Self { lines: u32::try_from(permissions.div_ceil(64)).unwrap_or(u32::MAX).clamp(1, 4) }
    }

    /// Words in a cell.
    pub(super) const fn words(self) -> usize {
        (self.lines as usize).saturating_add(1).saturating_mul(8)
    }

    /// The content of the cell of a person, with a row or without.
    pub(super) fn content(self, all: Roles<'_>, person: &Person, row: Option<&AccessRow>) -> Vec<u64> {
        let layers = layers_without_rules(Every, all, person, row);
        let organization = at_organization(Every, all, person.roles());
        let (groups_low, groups_high) = all.defined(person.roles()).to_words();
        let mut content = Vec::with_capacity(self.words());
        content.extend([groups_low, 0, groups_high, sight_word(layers.sight)]);
        content.extend(could_do(Every, all, person.roles()).words());
        let sets = [
            layers.effective() | organization,
            layers.removed & (layers.base | layers.added),
            layers.inherited,
            layers.base,
            layers.added,
            layers.removed,
            layers.firm,
            organization,
        ];
        let sets = sets.map(PermissionSet::words);
        for line in 0..self.lines as usize {
            content.extend(sets.iter().map(|words| words.get(line).copied().unwrap_or(0)));
        }
        content
    }

    /// What a cell says of the permissions that are looked at, and what of them is held at organization level.
    #[inline]
    pub(super) fn held<L: Lens>(self, lens: L, extents: &Extents, cell: u32) -> (Layers<L::View>, L::View) {
        let line = |at: u32| {
            let words = extents.line(cell.wrapping_add(at).wrapping_add(1));
            words.map_or([0; 8], |words| words.each_ref().map(|word| word.load(Ordering::Relaxed)))
        };
        let [_, _, inherited, base, added, removed, firm, organization] = lens.gather(self.lines, line);
        (Layers::compiled(inherited, base, added, removed, firm), organization)
    }

    /// Whether a permission is granted where no rules are, and which layer took it where it is not.
    #[inline]
    pub(super) fn answer(extents: &Extents, cell: u32, permission: u8) -> Answer {
        let line = cell.wrapping_add(1).wrapping_add(u32::from(permission >> 6));
        let Some([granted, removed, inherited, ..]) = extents.line(line) else {
            return Answer::UNDECIDED;
        };
        let bit = |word: &AtomicU64| word.load(Ordering::Relaxed) >> (permission & 63);
        Answer::of_bits(bit(granted), bit(removed), bit(inherited))
    }

    pub(super) fn sight(extents: &Extents, cell: u32) -> Sight {
        if extents.word(cell, 3) == sight_word(Sight::All) { Sight::All } else { Sight::Shared }
    }

    pub(super) fn groups(extents: &Extents, cell: u32) -> RoleSet {
        RoleSet::from_words(extents.word(cell, 0), extents.word(cell, 2))
    }

    pub(super) fn could_do<L: Lens>(lens: L, extents: &Extents, cell: u32) -> L::View {
        let mut words = [0; 4];
        words.iter_mut().zip(4..).for_each(|(word, at)| *word = extents.word(cell, at));
        lens.look(&PermissionSet::from_words(words))
    }
}

const fn sight_word(sight: Sight) -> u64 {
    match sight {
        Sight::Shared => 0,
        Sight::All => 1,
    }
}
