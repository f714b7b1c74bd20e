//! Redaction: whoever is forgotten is named nowhere any more, and everything else is as it was.

mod interrupted;
mod law;
pub(crate) mod story;
