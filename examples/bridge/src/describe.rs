//! Descriptions: everything that a catalog names, for pages that draw menus and matrices.

use bailiwick::catalog::{Action, Catalog, Cell, Feature, Matrix, PermissionDef, PlanDef, RoleDef};
use serde_json::{Value, json};

use crate::extent::keys;
use crate::failure::Failure;

/// A catalog as it is looked at: permissions by position, roles with all that they hold, plans, features with who needs them, what guards which
/// action, the policy as in the file form, and the matrix.
///
/// # Errors
/// None that a catalog has.
pub fn catalog(catalog: &Catalog) -> Result<String, Failure> {
    let form = serde_json::to_value(catalog).unwrap_or_default();
    let groups =
        catalog.groups().map(|(_, def)| json!({ "key": def.key, "title": def.display_title(), "roles": def.roles }));
    crate::write(&json!({
        "name": catalog.name(),
        "permissions": catalog.permissions().map(|(at, def)| permission(at.index(), def)).collect::<Vec<_>>(),
        "roles": catalog.roles().map(|(at, def)| role(def, keys(catalog, catalog.permissions_of(at)))).collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "plans": catalog.plans().map(|(_, def)| plan(def)).collect::<Vec<_>>(),
        "features": (0..=u8::MAX).map_while(|at| catalog.feature_at(at)).map(|it| feature(catalog, it)).collect::<Vec<_>>(),
        "providers": (0..=u8::MAX).map_while(|at| catalog.provider_at(at)).map(|it| catalog.provider_key(it)).collect::<Vec<_>>(),
        "meters": form.get("meters").cloned().unwrap_or_else(|| json!([])),
        "actions": actions(catalog),
        "policy": form.get("policy").cloned().unwrap_or_else(|| json!({})),
        "matrix": matrix(catalog, &catalog.matrix()),
    }))
}

fn permission(position: u8, def: &PermissionDef) -> Value {
    json!({
        "position": position, "key": def.key, "title": def.display_title(), "scope": def.scope,
        "recent_authentication": def.recent_authentication, "second_factor": def.second_factor, "active_only": def.active_only,
        "open_while_suspended": def.open_while_suspended, "feature": def.feature, "guards": def.guards,
    })
}

fn role(def: &RoleDef, all: Vec<&str>) -> Value {
    json!({
        "key": def.key, "title": def.display_title(), "rank": def.rank, "owner": def.owner, "holders": def.holders, "extends": def.extends,
        "declared": def.permissions, "permissions": all, "reach": def.reach, "sight": def.sight, "reducible": def.is_reducible(),
        "billable": def.billable, "uses_credits": def.uses_credits, "assigned_by": def.assigned_by, "falls_back_to": def.falls_back_to,
    })
}

fn plan(def: &PlanDef) -> Value {
    json!({
        "key": def.key, "title": def.display_title(), "rank": def.rank, "team_organizations": def.team_organizations,
        "new_organizations": def.new_organizations, "identity_provider": def.identity_provider, "features": def.features, "seats": def.seats,
        "limits": def.limits, "credits": def.credits, "storage": def.storage, "retention": def.retention,
    })
}

/// A feature with the plans that have it and the permissions that need it.
fn feature(catalog: &Catalog, feature: Feature) -> Value {
    let key = catalog.feature_key(feature);
    let has = |def: &&PlanDef| def.features.iter().any(|feature| feature == key);
    let plans: Vec<&str> = catalog.plans().map(|(_, def)| def).filter(has).map(|def| def.key.as_str()).collect();
    let needs = catalog.permissions().filter(|(_, def)| def.feature.as_deref() == Some(key));
    json!({ "key": key, "plans": plans, "permissions": needs.map(|(_, def)| def.key.as_str()).collect::<Vec<_>>() })
}

fn actions(catalog: &Catalog) -> Vec<Value> {
    let guard = |action: Action| {
        catalog.guard_of(action).and_then(|guard| catalog.permission_def(guard)).map(|def| def.key.as_str())
    };
    Action::ALL.iter().map(|action| json!({ "action": action.as_str(), "permission": guard(*action) })).collect()
}

fn matrix(catalog: &Catalog, matrix: &Matrix) -> Value {
    let mut by_rank: Vec<&RoleDef> = catalog.roles().map(|(_, def)| def).collect();
    by_rank.sort_by_key(|def| std::cmp::Reverse(def.rank));
    let sections = matrix.sections.iter().map(|section| {
        let rows = section.rows.iter().map(|row| {
            let cells: Vec<&str> = row.cells.iter().copied().map(cell).collect();
            json!({ "title": row.title, "keys": row.keys, "cells": cells })
        });
        json!({ "scope": section.scope, "title": section.title(), "rows": rows.collect::<Vec<_>>() })
    });
    json!({
        "name": matrix.name,
        "roles": matrix.roles,
        "role_keys": by_rank.iter().map(|def| def.key.as_str()).collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
    })
}

const fn cell(cell: Cell) -> &'static str {
    match cell {
        Cell::Yes => "yes",
        Cell::No => "no",
        Cell::Partly => "partly",
    }
}
