//! References: small numbers in the place of ids, so that a check crosses with numbers alone.

use std::collections::HashMap;
use std::num::NonZeroU128;

use bailiwick::{LinkId, OrgId, ServiceId, UserId, WorkspaceId};
use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::failure::Failure;

use crate::value::{Named, Part};

/// As many as there can be: some 600 MB of them.
const REFS_MAX: usize = 1 << 23;

/// What a number stands for: an id, and of the staff in whose place they act.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Meant {
    pub(crate) id: NonZeroU128,
    pub(crate) on_behalf_of: Option<NonZeroU128>,
}

/// Every number that was given out. They count from 1, and are never taken back.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    list: Vec<Meant>,
    known: HashMap<Meant, u32>,
}

impl Refs {
    /// The number of something, the same each time.
    pub(crate) fn of(&mut self, meant: Meant) -> Result<u32, Failure> {
        if let Some(known) = self.known.get(&meant) {
            return Ok(*known);
        }
        if self.list.len() >= REFS_MAX {
            return Err(Failure::plain(code::TOO_MANY_HANDLES));
        }
        self.list.push(meant);
        let made = u32::try_from(self.list.len()).map_err(|_| Failure::plain(code::TOO_MANY_HANDLES))?;
        self.known.insert(meant, made);
        Ok(made)
    }

    #[inline]
    fn at(&self, number: u32) -> Result<&Meant, Number> {
        let position = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        position.and_then(|at| self.list.get(at)).ok_or(code::NO_HANDLE)
    }

    #[inline]
    pub(crate) fn organization(&self, number: u32) -> Result<OrgId, Number> {
        Ok(OrgId::from_bits(self.at(number)?.id))
    }

    #[inline]
    pub(crate) fn workspace(&self, number: u32) -> Result<Option<WorkspaceId>, Number> {
        if number == 0 { Ok(None) } else { Ok(Some(WorkspaceId::from_bits(self.at(number)?.id))) }
    }

    #[inline]
    pub(crate) fn named(&self, part: Part, number: u32) -> Result<Named, Number> {
        let Meant { id, on_behalf_of } = *self.at(number)?;
        Ok(match part {
            Part::User => Named::User(UserId::from_bits(id)),
            Part::Service => Named::Service(ServiceId::from_bits(id)),
            Part::Link => Named::Link(LinkId::from_bits(id)),
            Part::Staff => {
                Named::Staff(UserId::from_bits(id), UserId::from_bits(on_behalf_of.ok_or(code::WRONG_KIND)?))
            }
        })
    }
}
