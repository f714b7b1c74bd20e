//! Doubt: while nobody knows what became of an append, nothing older than it may be served afterwards.

use super::TenantsError;
use crate::store::StoreError;

/// Lets go of what may be out of date, unless it becomes known that it is not: also when whoever waited stops waiting.
pub(super) struct Doubt<F: FnMut()> {
    let_go: Option<F>,
}

impl<F: FnMut()> Doubt<F> {
    pub(super) const fn about(let_go: F) -> Self {
        Self { let_go: Some(let_go) }
    }

    /// Dispels the doubt, where an answer does.
    pub(super) fn unless_known<T>(mut self, answer: Result<T, TenantsError>) -> Result<T, TenantsError> {
        if !matches!(answer, Err(TenantsError::Store(StoreError::Unknown(_)))) {
            self.let_go = None;
        }
        answer
    }
}

impl<F: FnMut()> Drop for Doubt<F> {
    fn drop(&mut self) {
        if let Some(let_go) = &mut self.let_go {
            let_go();
        }
    }
}
