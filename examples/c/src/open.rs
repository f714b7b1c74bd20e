//! Tenants: every organization of a process, over a store.

use std::mem::MaybeUninit;
use std::sync::Arc;
use std::time::Duration;

use bailiwick::store::{MemoryStore, Store};
use bailiwick::{Keeping as Kept, OrgId, Tenants, Version};
use bailiwick_bridge::failure::Failure;

use crate::catalog::CatalogHandle;
use crate::code::Code;
use crate::door;
use crate::store::{CallbackStore, StoreCalls};
use crate::table::{self, Handle, Thing};
use crate::value::{self, give, place, some, Id, Str};

/// Every organization of a process, over a store. The caller gives it back with `bw_free`.
pub type TenantsHandle = Handle;

/// How much is kept in memory and how long it is answered from. `NULL` in its place, or all zeros, keeps everything.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Keeping {
    /// Bytes that are kept, about; 0 for no bound.
    pub bytes_max: u64,
    /// How long ago `bw_follow` may have been called last, in milliseconds; later, questions are answered with `BW_STORE_STALE`. 0 for no bound.
    pub age_max_ms: u64,
    /// Records that a load may replay before the store is given a snapshot; 0 for no bound.
    pub replayed_max: u64,
}

/// Tenants in memory: for tests, for tools.
#[no_mangle]
pub extern "C" fn bw_tenants_in_memory(
    catalog: CatalogHandle,
    keeping: Option<&Keeping>,
    tenants: Option<&mut MaybeUninit<TenantsHandle>>,
) -> Code {
    door::done(|| open(catalog, keeping, tenants, || Ok(Arc::new(MemoryStore::new()))))
}

/// Tenants in a file, which is made where there is none. `BW_ERROR_NOT_BUILT_IN` where the library was built without.
#[no_mangle]
pub extern "C" fn bw_tenants_in_file(
    catalog: CatalogHandle,
    path: Str,
    keeping: Option<&Keeping>,
    tenants: Option<&mut MaybeUninit<TenantsHandle>>,
) -> Code {
    door::done(|| {
        let path = path.text()?;
        open(catalog, keeping, tenants, || in_file(path))
    })
}

/// Tenants over a store of the caller's. The table is copied; see `bw_store_calls` for what each of its functions promises.
#[no_mangle]
pub extern "C" fn bw_tenants_over(
    catalog: CatalogHandle,
    calls: Option<&StoreCalls>,
    keeping: Option<&Keeping>,
    tenants: Option<&mut MaybeUninit<TenantsHandle>>,
) -> Code {
    door::done(|| {
        let calls = some(calls)?.checked()?;
        open(catalog, keeping, tenants, || Ok(Arc::new(CallbackStore::over(calls))))
    })
}

/// Another handle for the same tenants. Handles are cheap to use, and cheapest where each thread has its own.
#[no_mangle]
pub extern "C" fn bw_tenants_share(tenants: TenantsHandle, another: Option<&mut MaybeUninit<TenantsHandle>>) -> Code {
    door::done(|| {
        let another = place(another)?;
        another.write(table::put(Thing::Tenants(table::tenants(tenants, Arc::clone)?))?);
        Ok(())
    })
}

/// Takes in what other processes have appended until now, and says how many changes were news. Call it again and again.
#[no_mangle]
pub extern "C" fn bw_follow(tenants: TenantsHandle, news: Option<&mut MaybeUninit<usize>>) -> Code {
    door::done(|| {
        let found = table::tenants(tenants, |tenants| tenants.follow())??;
        give(news, found);
        Ok(())
    })
}

/// Sees to it that what is known of an organization is at least of a version, and says of which it is: where that was handed on by another
/// process, nothing older is answered from now on. `BW_STORE_RETRY` where the store has less.
#[no_mangle]
pub extern "C" fn bw_at_least(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    version: u64,
    known: Option<&mut MaybeUninit<u64>>,
) -> Code {
    door::done(|| {
        let organization: OrgId = value::organization(organization)?;
        let wanted = Version::from_u64(version);
        let found = table::tenants(tenants, |tenants| tenants.at_least(organization, wanted))??;
        give(known, found.as_u64());
        Ok(())
    })
}

fn open(
    catalog: CatalogHandle,
    keeping: Option<&Keeping>,
    tenants: Option<&mut MaybeUninit<TenantsHandle>>,
    store: impl FnOnce() -> Result<Arc<dyn Store>, Failure>,
) -> Result<(), Failure> {
    let place = place(tenants)?;
    let catalog = table::catalog(catalog, Arc::clone)?;
    let keeping = keeping.copied().unwrap_or_default();
    let bytes_max = (keeping.bytes_max != 0).then(|| usize::try_from(keeping.bytes_max).unwrap_or(usize::MAX));
    let age_max = (keeping.age_max_ms != 0).then(|| Duration::from_millis(keeping.age_max_ms));
    let replayed_max = (keeping.replayed_max != 0).then_some(keeping.replayed_max);
    let made = Tenants::new(catalog, store()?).keeping(Kept { bytes_max, age_max, replayed_max });
    place.write(table::put(Thing::Tenants(Arc::new(made)))?);
    Ok(())
}

#[cfg(feature = "sqlite")]
fn in_file(path: &str) -> Result<Arc<dyn Store>, Failure> {
    use bailiwick::store::sqlite::SqliteStore;
    use bailiwick::store::StoreError;

    let store = SqliteStore::open(path).map_err(|why| StoreError::Fatal(Box::new(why)))?;
    Ok(Arc::new(store))
}

#[cfg(not(feature = "sqlite"))]
fn in_file(_path: &str) -> Result<Arc<dyn Store>, Failure> {
    Err(Failure::plain(bailiwick_bridge::code::NOT_BUILT_IN))
}
