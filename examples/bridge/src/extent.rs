//! Where and when something holds, and sets of permissions by their keys.

use bailiwick::catalog::{Catalog, PermissionSet};
use bailiwick::change::{AccessChange, Extent, On, Place};
use serde_json::{Value, json};

/// The keys of a set, by position.
pub(crate) fn keys(catalog: &Catalog, set: PermissionSet) -> Vec<&str> {
    set.iter().filter_map(|permission| catalog.permission_def(permission)).map(|def| def.key.as_str()).collect()
}

/// `"organization"` or `{"workspace":"…"}`.
pub(crate) fn place(place: Place) -> Value {
    match place {
        Place::Organization => json!("organization"),
        Place::Workspace(workspace) => json!({ "workspace": workspace }),
    }
}

pub(crate) fn extent(extent: &Extent) -> Value {
    let on = match extent.on {
        On::Everything => json!("everything"),
        On::Seen => json!("seen"),
        On::Unshared => json!("unshared"),
        On::Own => json!("own"),
        On::Resource(resource) => json!({ "resource": resource }),
    };
    json!({ "place": place(extent.place), "on": on, "except": extent.except, "from": extent.from, "until": extent.until })
}

pub(crate) fn change(catalog: &Catalog, change: &AccessChange) -> Value {
    json!({ "who": change.who, "extent": extent(&change.extent), "gained": keys(catalog, change.gained), "lost": keys(catalog, change.lost) })
}
