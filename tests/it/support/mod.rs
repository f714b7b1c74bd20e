//! What several modules share.

pub mod naive;
pub mod worlds;
