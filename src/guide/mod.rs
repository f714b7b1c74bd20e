//! WHY IS IT SO? Four pages, an evening at the most.

#[doc = include_str!("design.md")]
pub mod design {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[doc = include_str!("accounting.md")]
pub mod accounting {}

#[doc = include_str!("units.md")]
pub mod units {}
