//! What several modules share.

pub mod naive;
pub mod samples;
pub mod worlds;
