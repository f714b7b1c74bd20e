//! Sweeping: generations whose hold is over, and which nobody has ended: their process has died, or could not reach the store.

use super::{end, table};
use crate::app::App;
use crate::database::DatabaseError;

/// How many are ended together.
const TOGETHER: u64 = 100;

/// Ends what nobody will end any more; says how many.
pub(crate) async fn sweep(app: &App) -> Result<usize, DatabaseError> {
    let orphaned = table::orphaned(&app.database, TOGETHER).await?;
    for generation in &orphaned {
        end::complete(app, generation).await;
    }
    Ok(orphaned.len())
}
