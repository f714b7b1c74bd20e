//! What several modules share.

pub mod agree;
pub mod auditor;
pub mod counting;
pub mod desk;
pub mod differences;
pub mod faulty;
pub mod hostile;
pub mod ledger;
pub mod lives;
pub mod model;
pub mod moving;
pub mod naive;
pub mod pages;
pub mod samples;
pub mod shaken;
pub mod shop;
pub mod simulator;
#[cfg(feature = "json")]
pub mod stumbling;
pub mod worlds;
