//! What a catalog says, and what the organization has added to it, looked up by key.

use std::collections::BTreeSet;

use bailiwick::catalog::policy::OwnerHolds;
use bailiwick::catalog::{
    Action, Enforcement, Holders, PermissionDef, PermissionKey, PlanDef, Policy, Reach, RoleKey, Scope, SeatRule, Sight,
};

use super::{Answer, Keys, Model};

/// Everything that matters of a role, of the catalog or custom.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) key: String,
    /// The role of the catalog that it is, or is like.
    pub(super) like: String,
    pub(super) keys: Keys,
    pub(super) reach: Reach,
    pub(super) sight: Sight,
    pub(super) rank: u32,
    pub(super) owner: bool,
    pub(super) reducible: bool,
    pub(super) billable: bool,
    pub(super) uses_credits: bool,
    pub(super) assigned_by: Keys,
}

impl Model {
    pub(super) fn policy(&self) -> &Policy {
        self.catalog.policy()
    }

    pub(super) fn permission(&self, key: &str) -> Answer<&PermissionDef> {
        self.catalog.permissions().map(|(_, def)| def).find(|def| def.key == key).ok_or("unknown_permission")
    }

    pub(super) fn permissions(&self, keys: &[PermissionKey]) -> Answer<Keys> {
        keys.iter().map(|key| self.permission(key.as_str()).map(|def| def.key.clone())).collect()
    }

    pub(super) fn is_organizational(&self, key: &str) -> bool {
        self.permission(key).is_ok_and(|def| def.scope == Scope::Organization)
    }

    pub(super) fn is_sensitive(&self, key: &str) -> bool {
        self.permission(key).is_ok_and(|def| def.second_factor || def.recent_authentication.is_some())
    }

    pub(super) fn guard(&self, action: Action) -> Option<&PermissionDef> {
        self.catalog.permissions().map(|(_, def)| def).find(|def| def.guards.contains(&action))
    }

    pub(super) fn plan(&self, key: &str) -> Option<&PlanDef> {
        self.catalog.plans().map(|(_, def)| def).find(|def| def.key == key)
    }

    /// The least number of seats of a plan that counts them.
    pub(super) fn minimum(&self, plan: &str) -> Option<u64> {
        match self.plan(plan)?.seats {
            SeatRule::PerSeat(minimum) => Some(minimum),
            SeatRule::None => None,
        }
    }

    /// How many of something a plan allows, where it refuses more.
    pub(super) fn limit(&self, plan: &str, key: &str) -> Option<u64> {
        let limits = &self.plan(plan)?.limits;
        limits.iter().find(|limit| limit.key == key && limit.enforcement == Enforcement::Hard).map(|limit| limit.max)
    }

    pub(super) fn owner_key(&self) -> String {
        self.catalog.roles().find(|(_, def)| def.owner).map(|(_, def)| def.key.clone()).expect("every catalog has one")
    }

    pub(super) fn exactly_one_owner(&self) -> bool {
        self.catalog.roles().any(|(_, def)| def.owner && def.holders == Some(Holders::ExactlyOne))
    }

    /// The role of a former owner: as declared, or the highest below.
    pub(super) fn falls_back_to(&self) -> Option<String> {
        let declared = self.catalog.roles().find(|(_, def)| def.owner).and_then(|(_, def)| def.falls_back_to.clone());
        let others = || self.catalog.roles().map(|(_, def)| def).filter(|def| !def.owner);
        let highest = others().map(|def| def.rank).max();
        declared.or_else(|| others().find(|def| Some(def.rank) == highest).map(|def| def.key.clone()))
    }

    /// A role of the catalog.
    pub(super) fn catalog_role(&self, key: &str) -> Option<Role> {
        let (_, def) = self.catalog.roles().find(|(_, def)| def.key == key)?;
        Some(Role {
            key: def.key.clone(),
            like: def.key.clone(),
            keys: self.holds(key),
            reach: def.reach,
            sight: def.sight,
            rank: def.rank,
            owner: def.owner,
            reducible: def.is_reducible(),
            billable: def.billable,
            uses_credits: def.uses_credits,
            assigned_by: def.assigned_by.iter().cloned().collect(),
        })
    }

    /// A role of the catalog or one of the organization's own.
    pub(super) fn role(&self, key: &str) -> Answer<Role> {
        if let Some(role) = self.catalog_role(key) {
            return Ok(role);
        }
        let custom = self.custom.get(key).ok_or("unknown_role")?;
        let like = self.catalog_role(&custom.like).ok_or("unknown_role")?;
        let beyond = custom.permissions.difference(&like.keys).next().is_some();
        Ok(Role {
            key: key.to_owned(),
            keys: custom.permissions.clone(),
            reach: custom.reach,
            owner: false,
            billable: like.billable || beyond,
            ..like
        })
    }

    /// The keys of roles that there are.
    pub(super) fn role_keys(&self, keys: &[RoleKey]) -> Answer<Keys> {
        keys.iter().map(|key| self.role(key.as_str()).map(|role| role.key)).collect()
    }

    /// Roles that there are, those of the catalog first and in its order.
    pub(super) fn roles<'k>(&self, keys: impl IntoIterator<Item = &'k String>) -> Vec<Role> {
        let known = |key: &String| self.role(key).expect("only roles that there are are given");
        let mut roles: Vec<Role> = keys.into_iter().map(known).collect();
        let place = |role: &Role| self.catalog.roles().position(|(_, def)| def.key == role.key).unwrap_or(usize::MAX);
        roles.sort_by_key(place);
        roles
    }

    /// Everything that a role of the catalog holds, with what it extends.
    fn holds(&self, key: &str) -> Keys {
        let Some((_, def)) = self.catalog.roles().find(|(_, def)| def.key == key) else { return Keys::new() };
        let owns_all = def.owner && self.policy().owner_holds == OwnerHolds::All;
        if owns_all || def.permissions.iter().any(|key| key == "*") {
            return self.catalog.permissions().map(|(_, def)| def.key.clone()).collect();
        }
        let more = def.extends.as_ref().map(|extended| self.holds(extended)).unwrap_or_default();
        def.permissions.iter().cloned().chain(more).collect()
    }

    /// The system groups of somebody with these roles.
    pub(super) fn groups(&self, roles: &Keys) -> BTreeSet<String> {
        let likes: Keys = self.roles(roles).into_iter().map(|role| role.like).collect();
        let inside = self.catalog.groups().filter(|(_, def)| def.roles.iter().any(|role| likes.contains(role)));
        inside.map(|(_, def)| def.key.clone()).collect()
    }
}
