//! Tenants: every organization of a process, over a store.

use std::cell::RefCell;
use std::sync::Arc;

use bailiwick::store::{MemoryStore, Store};
use bailiwick::{Keeping, OrgId, Tenants, Version};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::question::Context;
use bailiwick_bridge::store::Outside;
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::catalog::RawCatalog;
use crate::refs::Refs;
use crate::store::{Caller, JsStore};
use crate::value::id;
use crate::{Answer, told};

/// What answers.
pub(crate) type Engine = Tenants<Arc<dyn Store>>;

/// Tenants, and the numbers that stand for their ids.
#[wasm_bindgen]
#[expect(missing_debug_implementations, reason = "JavaScript looks at it through its methods")]
pub struct RawTenants {
    pub(crate) engine: Arc<Engine>,
    pub(crate) refs: RefCell<Refs>,
}

/// How much is kept in memory. There is no clock here to tell how old an answer is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Kept {
    bytes_max: Option<usize>,
    replayed_max: Option<u64>,
}

#[wasm_bindgen]
impl RawTenants {
    /// Over a store in memory.
    pub fn in_memory(catalog: &RawCatalog, keeping: &str) -> Answer<Self> {
        told(Self::open(catalog, keeping, Arc::new(MemoryStore::new())))
    }

    /// Over a store in JavaScript.
    pub fn over(catalog: &RawCatalog, store: Caller, keeping: &str) -> Answer<Self> {
        told(Self::open(catalog, keeping, Arc::new(Outside::new(JsStore::keep(store)))))
    }

    /// Its catalog.
    pub fn catalog(&self) -> RawCatalog {
        RawCatalog::over(Arc::clone(self.engine.catalog()))
    }

    /// Takes in what others have appended.
    pub fn follow(&self) -> Answer<f64> {
        let news = told(self.engine.follow().map_err(Failure::from))?;
        Ok(f64::from(u32::try_from(news).unwrap_or(u32::MAX)))
    }

    /// Sees to it that an organization is known at a version or a later one; says which, as JSON.
    pub fn at_least(&self, organization: &str, version: u32) -> Answer<String> {
        told(self.version(organization, version))
    }
}

impl RawTenants {
    fn open(catalog: &RawCatalog, keeping: &str, store: Arc<dyn Store>) -> Result<Self, Failure> {
        let Kept { bytes_max, replayed_max } = bailiwick_bridge::read(keeping)?;
        let tenants = Tenants::new(Arc::clone(catalog.shared()), store);
        let engine = Arc::new(tenants.keeping(Keeping { bytes_max, age_max: None, replayed_max }));
        Ok(Self { engine, refs: RefCell::default() })
    }

    fn version(&self, organization: &str, version: u32) -> Result<String, Failure> {
        let organization: OrgId = id(organization)?;
        bailiwick_bridge::write(&self.engine.at_least(organization, Version::from_u64(version.into()))?)
    }

    /// Uses an organization and a context, whoever they are for.
    pub(crate) fn by<R>(
        &self,
        organization: &str,
        context: &str,
        using: impl FnOnce(&Engine, OrgId, &bailiwick::change::Context<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let organization: OrgId = id(organization)?;
        let context: Context = bailiwick_bridge::read(context)?;
        context.with(self.engine.catalog(), |context| using(&self.engine, organization, context))
    }
}
