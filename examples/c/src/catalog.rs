//! Catalogs, and the numbers of what they name.

use std::mem::MaybeUninit;
use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick_bridge::catalog as bridge;
use bailiwick_bridge::failure::Failure;

use crate::code::Code;
use crate::door;
use crate::table::{self, Handle, Thing};
use crate::text::{self, TextHandle};
use crate::value::{place, Set, Str};

/// A catalog: what can be named. The caller gives it back with `bw_free`; whatever was opened with it goes on.
pub type CatalogHandle = Handle;

/// A ready catalog: `studio`, `cloud`, `production` or `agency`.
#[no_mangle]
pub extern "C" fn bw_catalog_preset(name: Str, catalog: Option<&mut MaybeUninit<CatalogHandle>>) -> Code {
    door::done(|| hand_out(catalog, bridge::preset(name.text()?)?))
}

/// A catalog from its file form in JSON. `BW_ERROR_BAD_CATALOG` when it has mistakes: `bw_message` has a line for each, `bw_failure` all of
/// them as data, each with its place, `{"path":"roles[2].extends","code":"unknown_name","text":"…"}`.
#[no_mangle]
pub extern "C" fn bw_catalog_from_json(json: Str, catalog: Option<&mut MaybeUninit<CatalogHandle>>) -> Code {
    door::done(|| hand_out(catalog, bridge::read(json.text()?)?))
}

/// The file form of a catalog. The text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_catalog_json(catalog: CatalogHandle, json: Option<&mut MaybeUninit<TextHandle>>) -> Code {
    door::done(|| {
        let json = place(json)?;
        let written = table::catalog(catalog, |catalog| bridge::write(catalog))??;
        text::hand_out(json, written)
    })
}

/// The position of a permission, looked up once at the door: from then on it is this number. The same in every handle of the same catalog.
#[no_mangle]
pub extern "C" fn bw_permission_of(
    catalog: CatalogHandle,
    key: Str,
    permission: Option<&mut MaybeUninit<u16>>,
) -> Code {
    door::done(|| {
        let (permission, key) = (place(permission)?, key.text()?);
        permission.write(table::catalog(catalog, |catalog| bridge::permission(catalog, key))??.into());
        Ok(())
    })
}

/// How many permissions there are; their positions begin at 0.
#[no_mangle]
pub extern "C" fn bw_permission_count(catalog: CatalogHandle, count: Option<&mut MaybeUninit<u16>>) -> Code {
    door::done(|| {
        let found = table::catalog(catalog, |catalog| catalog.permissions().count())?;
        place(count)?.write(u16::try_from(found).unwrap_or(u16::MAX));
        Ok(())
    })
}

/// The key of the permission at a position. The text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_permission_key(
    catalog: CatalogHandle,
    permission: u16,
    key: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let key = place(key)?;
        let found = table::catalog(catalog, |catalog| {
            let permission = crate::value::permission(catalog, permission)?;
            Ok::<_, Failure>(catalog.permission_def(permission).map(|def| def.key.clone()).unwrap_or_default())
        })??;
        text::hand_out(key, found)
    })
}

/// The permissions of a role of the catalog.
#[no_mangle]
pub extern "C" fn bw_role_permissions(
    catalog: CatalogHandle,
    role: Str,
    permissions: Option<&mut MaybeUninit<Set>>,
) -> Code {
    door::done(|| {
        let (permissions, role) = (place(permissions)?, role.text()?);
        let words = table::catalog(catalog, |catalog| bridge::role(catalog, role))??;
        permissions.write(Set { words });
        Ok(())
    })
}

/// The position of a feature, for `bw_facts.features`.
#[no_mangle]
pub extern "C" fn bw_feature_of(catalog: CatalogHandle, key: Str, feature: Option<&mut MaybeUninit<u16>>) -> Code {
    door::done(|| {
        let (feature, key) = (place(feature)?, key.text()?);
        feature.write(table::catalog(catalog, |catalog| bridge::feature(catalog, key))??.into());
        Ok(())
    })
}

/// The number of an identity provider, for `bw_facts.provider`; never 0.
#[no_mangle]
pub extern "C" fn bw_provider_of(catalog: CatalogHandle, key: Str, provider: Option<&mut MaybeUninit<u16>>) -> Code {
    door::done(|| {
        let (provider, key) = (place(provider)?, key.text()?);
        let at = table::catalog(catalog, |catalog| bridge::provider(catalog, key))??;
        provider.write(u16::from(at).saturating_add(1));
        Ok(())
    })
}

/// The number of a system group, for `bw_share.group`; never 0.
#[no_mangle]
pub extern "C" fn bw_group_of(catalog: CatalogHandle, key: Str, group: Option<&mut MaybeUninit<u16>>) -> Code {
    door::done(|| {
        let (group, key) = (place(group)?, key.text()?);
        let at = table::catalog(catalog, |catalog| bridge::group(catalog, key))??;
        group.write(u16::from(at).saturating_add(1));
        Ok(())
    })
}

fn hand_out(handle: Option<&mut MaybeUninit<CatalogHandle>>, catalog: Catalog) -> Result<(), Failure> {
    place(handle)?.write(table::put(Thing::Catalog(Arc::new(catalog)))?);
    Ok(())
}
