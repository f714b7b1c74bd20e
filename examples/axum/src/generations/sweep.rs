//! Sweeping: generations whose process has died.

use super::{end, table};
use crate::app::App;
use crate::http::Problem;

/// How many are ended together.
const TOGETHER: u64 = 100;

/// Ends what nobody will end any more; says how many.
pub(crate) async fn sweep(app: &App) -> Result<usize, Problem> {
    let orphaned = table::orphaned(&app.database, TOGETHER).await?;
    for generation in &orphaned {
        end::conclude(app, generation).await?;
    }
    Ok(orphaned.len())
}
