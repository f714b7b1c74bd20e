//! What several modules share.

pub mod lives;
pub mod model;
pub mod naive;
pub mod samples;
pub mod worlds;
