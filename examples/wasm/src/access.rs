//! Accesses: what one actor may do at one target, resolved.

use std::sync::Arc;

use bailiwick::access::Access;
use bailiwick::catalog::PermissionSet;
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::{explain, question};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::catalog::halves;
use crate::tenants::Engine;
use crate::{Answer, told};

self_cell::self_cell! {
    /// An access, with the tenants whose catalog it borrows.
    struct Held {
        owner: Arc<Engine>,
        #[covariant]
        dependent: Access,
    }
}

/// An access, narrowed or not.
#[wasm_bindgen]
#[expect(missing_debug_implementations, reason = "JavaScript looks at it through its methods")]
pub struct RawAccess {
    held: Arc<Held>,
    to: Option<PermissionSet>,
}

impl RawAccess {
    pub(crate) fn of(
        engine: &Arc<Engine>,
        resolve: impl for<'t> FnOnce(&'t Arc<Engine>) -> Result<Access<'t>, Failure>,
    ) -> Result<Self, Failure> {
        Ok(Self { held: Arc::new(Held::try_new(Arc::clone(engine), resolve)?), to: None })
    }

    fn with<R>(&self, using: impl FnOnce(&Access<'_>) -> R) -> R {
        let access = self.held.borrow_dependent();
        match self.to {
            None => using(access),
            Some(to) => using(&access.clone().restrict(to)),
        }
    }

    fn decision(&self, permission: u32) -> Result<String, Failure> {
        let catalog = self.held.borrow_owner().catalog();
        let permission = question::permission(catalog, u16::try_from(permission).unwrap_or(u16::MAX))?;
        explain::decision(self.with(|access| access.check(permission)), catalog)
    }
}

#[wasm_bindgen]
impl RawAccess {
    /// The answer with its reason, as JSON.
    pub fn check(&self, permission: u32) -> Answer<String> {
        told(self.decision(permission))
    }

    /// Everything that is allowed, as bits.
    pub fn allowed(&self) -> Vec<u32> {
        halves(self.with(|access| access.allowed()).words())
    }

    /// The same narrowed to a list of permissions, as JSON.
    pub fn restrict(&self, to: &str) -> Answer<Self> {
        let to = told(question::permissions(self.held.borrow_owner().catalog(), to))?;
        let to = self.to.map_or(to, |before| before & to);
        Ok(Self { held: Arc::clone(&self.held), to: Some(to) })
    }

    /// The version of the organization that it speaks of, as JSON.
    pub fn version(&self) -> Answer<String> {
        told(bailiwick_bridge::write(&self.with(|access| access.version())))
    }
}
