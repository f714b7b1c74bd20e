//! WHY IS IT SO? Ten pages, an evening at the most; and HOW IS IT DONE? A cookbook of ten products.
//!
//! In this order: `faq`, `design`, `semantics`, `policies`, `accounting`, `storing`, `upgrading`; then `directory`, `units` and `evidence`, when
//! you ask yourself how that is done and whether it is true. (Some speak of what a feature adds, and are here with that feature.)

pub mod cookbook;

#[doc = include_str!("design.md")]
pub mod design {}

#[doc = include_str!("semantics.md")]
pub mod semantics {}

#[cfg(feature = "std")]
#[doc = include_str!("policies.md")]
pub mod policies {}

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

#[cfg(all(feature = "std", feature = "json"))]
#[doc = include_str!("upgrading.md")]
pub mod upgrading {}

#[cfg(all(feature = "std", feature = "json", feature = "kit"))]
#[doc = include_str!("faq.md")]
pub mod faq {}

#[cfg(all(feature = "std", feature = "json", feature = "kit"))]
#[doc = include_str!("evidence.md")]
pub mod evidence {}
