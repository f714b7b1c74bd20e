//! Catalogs in any size: so many permissions, so many roles that hold half of them each, and the system groups.

use bailiwick::catalog::{Catalog, GroupDef, PlanDef, Reach, RoleDef, workspace};

use crate::worlds::Dice;

/// The role of whoever owns the organization; it holds everything, everywhere.
pub const OWNER: usize = 0;
/// Enough that, with as many teams, a workspace can have as many rules as there may be.
pub const GROUPS: usize = 16;

pub fn catalog(permissions: usize, roles: usize) -> Catalog {
    let mut builder = Catalog::builder("sizes").plan(PlanDef::new("plan", 1).team_organizations());
    builder = builder.permissions((0..permissions).map(|at| workspace(&permission(at))));
    for at in 0..roles {
        let held: Vec<String> = (0..permissions).filter(|asked| holds(at, *asked)).map(permission).collect();
        let reach = if reaches_all(at) { Reach::All } else { Reach::Assigned };
        let def = RoleDef::new(&role(at), if at == OWNER { 2 } else { 1 }).reach(reach);
        builder = builder.role(match at {
            OWNER => def.owner().allows_all(),
            _ => def.allows(held.iter().map(String::as_str)),
        });
    }
    for at in 0..GROUPS {
        let inside: Vec<String> = (0..roles).filter(|of| is_in_group(*of, at)).map(role).collect();
        builder = builder.group(GroupDef::new(&group(at), inside.iter().map(String::as_str)));
    }
    builder.build().unwrap()
}

pub fn permission(at: usize) -> String {
    format!("thing{at}.use")
}

pub fn role(at: usize) -> String {
    format!("role{at}")
}

pub fn group(at: usize) -> String {
    format!("group{at}")
}

/// Whether a role holds a permission: half of them, at random, and the owner's all.
pub fn holds(role: usize, permission: usize) -> bool {
    role == OWNER || Dice::of((role * 1_000 + permission) as u64).roll(2) == 0
}

/// Whether a role needs no row to have something in a workspace: the owner's, and every other one.
pub fn reaches_all(role: usize) -> bool {
    role % 2 == 0
}

/// Whether whoever has a role is in a group: half of them, and no group is empty.
pub fn is_in_group(role: usize, group: usize) -> bool {
    role == OWNER || Dice::of((1_000_000 + role * 1_000 + group) as u64).roll(2) == 0
}
