//! What several modules share.

pub mod auditor;
pub mod desk;
pub mod hostile;
pub mod ledger;
pub mod lives;
pub mod model;
pub mod moving;
pub mod naive;
pub mod samples;
pub mod simulator;
pub mod worlds;
