//! WHY IS IT SO? Five pages, an evening at the most.

#[doc = include_str!("design.md")]
pub mod design {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[doc = include_str!("accounting.md")]
pub mod accounting {}

#[cfg(feature = "std")]
#[doc = include_str!("directory.md")]
pub mod directory {}

#[doc = include_str!("units.md")]
pub mod units {}
