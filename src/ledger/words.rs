//! The words of a scope: which it names, and whether two scopes name the same.

use super::Scope;
use crate::id::{OrgId, ResourceId, ServiceId, UserId, WorkspaceId};
use crate::label::Label;

impl Scope {
    /// The word at a place, as a number; 0, which no id is, where nothing is named.
    fn word(&self, at: u32) -> u128 {
        match at {
            0 => self.organization.map_or(0, OrgId::as_u128),
            1 => self.workspace.map_or(0, WorkspaceId::as_u128),
            2 => self.project.map_or(0, ResourceId::as_u128),
            3 => self.user.map_or(0, UserId::as_u128),
            4 => self.service.map_or(0, ServiceId::as_u128),
            _ => self.class.map_or(0, Label::as_u128),
        }
    }

    /// Which words it names.
    pub(super) fn shape(&self) -> Shape {
        let bit = |at| u8::from(self.word(at) != 0) << at;
        Shape(bit(0) | bit(1) | bit(2) | bit(3) | bit(4) | bit(5))
    }

    /// The words of a shape in one number.
    pub(super) fn mixed(&self, shape: Shape) -> u128 {
        shape.places().fold(0, |mixed, at| mixed.rotate_left(23) ^ self.word(at))
    }

    /// Whether another scope says the same in the words of a shape.
    pub(super) fn agrees(&self, other: &Self, shape: Shape) -> bool {
        shape.places().all(|at| self.word(at) == other.word(at))
    }
}

/// Which words a scope names, as bits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shape(u8);

impl Shape {
    /// Whether everything that this shape names is named by the other, too. What is said of nobody else is said of the
    /// organization whose ledger it is: workspaces of guests are not its own.
    pub(super) const fn within(self, other: Self) -> bool {
        let of_guest = other.0 & 1 != 0 && self.0 & 1 == 0;
        self.0 & !other.0 == 0 && (!of_guest || self.0 == 0)
    }

    /// What both name.
    pub(super) const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The places of the words that it names.
    fn places(self) -> impl Iterator<Item = u32> {
        let next = |bits: &u8| Some(bits & bits.wrapping_sub(1)).filter(|rest| *rest != 0);
        core::iter::successors(Some(self.0).filter(|bits| *bits != 0), next).map(u8::trailing_zeros)
    }

    /// How many words it names.
    pub(super) const fn words(self) -> u32 {
        self.0.count_ones()
    }

    /// Orders shapes as scopes of these shapes are ordered: what is not named comes first.
    pub(super) const fn order(self) -> u8 {
        self.0.reverse_bits()
    }
}
