//! The move: one organization after the other, and nothing guessed.

use bailiwick::change::{AddMember, CreateOrganization};
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::{Actor, Name, OrgId, Seats, Tenants, TenantsError, UserId, WorkspaceId, access::Facts};

use crate::before::Membership;

/// Why a row or an organization stays behind until somebody has looked at it.
pub type LeftBehind = String;

/// Brings an organization over with everybody in it. What cannot be brought over is said, and moved with the next run.
pub fn organization(
    tenants: &Tenants<SqliteStore>,
    (id, name): (u64, &str),
    rows: &[Membership],
    now: &Facts<'_>,
) -> Result<Vec<LeftBehind>, Box<dyn std::error::Error>> {
    // Row numbers are ids; UUIDs would be, too.
    let organization = OrgId::from_u64(id).ok_or("an organization has the number 0")?;
    let Some(owner) = rows.iter().find(|row| row.role == "owner") else {
        return Ok(vec![format!("organization {id} ({name}): nobody is its owner; decide who is, and move it then")]);
    };

    // The first owner makes the organization; everybody else is added by the platform.
    let workspace = WorkspaceId::from_u64(id).ok_or("an organization has the number 0")?;
    let create = CreateOrganization {
        name: Name::new(name)?,
        plan: "standard".into(),
        seats: Seats::new(0),
        owned: 0,
        workspace,
    };
    done(tenants.create(organization, create, &now.by(Actor::User(user(owner)?))), "already_exists")?;

    let mut left_behind = Vec::new();
    for row in rows.iter().filter(|row| row.user != owner.user) {
        let add = AddMember { user: user(row)?, roles: vec![row.role.as_str().into()], access: Vec::new() };
        match done(tenants.handle(organization, add, &now.by(Actor::System)), "already_member") {
            Err(TenantsError::Refused(why)) => {
                left_behind.push(format!("organization {id} ({name}), {}: {why} ({})", row.email, why.code()));
            }
            done => done?,
        }
    }
    Ok(left_behind)
}

/// As good as done is what was done by a run before.
fn done<T>(result: Result<T, TenantsError>, before: &str) -> Result<(), TenantsError> {
    match result {
        Err(TenantsError::Refused(why)) if why.code() == before => Ok(()),
        result => result.map(drop),
    }
}

pub fn user(row: &Membership) -> Result<UserId, &'static str> {
    UserId::from_u64(row.user).ok_or("a user has the number 0")
}
