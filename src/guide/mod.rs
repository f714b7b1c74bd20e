//! WHY IS IT SO? Six pages, an evening at the most.

#[doc = include_str!("design.md")]
pub mod design {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[doc = include_str!("accounting.md")]
pub mod accounting {}

#[cfg(feature = "std")]
#[doc = include_str!("directory.md")]
pub mod directory {}

#[cfg(all(feature = "std", feature = "json", feature = "kit"))]
#[doc = include_str!("storing.md")]
pub mod storing {}

#[doc = include_str!("units.md")]
pub mod units {}
