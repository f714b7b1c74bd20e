//! Before: a role column, and who may do what in an `if` here and there.

use rusqlite::{Connection, Result, Row};

/// What used to be asked, and which permission it is now.
pub const ACTIONS: [(&str, &str); 5] = [
    ("view a project", "project.view"),
    ("change a project", "project.edit"),
    ("delete a project", "project.delete"),
    ("invite somebody", "member.manage"),
    ("change the plan", "billing.manage"),
];

/// A row of the table, as it is, with what else one has to know to talk about it.
#[derive(Clone, Debug)]
pub struct Membership {
    pub organization: u64,
    pub user: u64,
    pub email: String,
    pub role: String,
}

/// The tables of an application that has been running for some years.
pub fn fill(app: &Connection) -> Result<()> {
    app.execute_batch(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
         CREATE TABLE organizations (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE memberships (
             organization_id INTEGER NOT NULL, user_id INTEGER NOT NULL, role TEXT NOT NULL,
             PRIMARY KEY (organization_id, user_id)
         );
         INSERT INTO users VALUES (1, 'ada@acme.example'), (2, 'bob@acme.example'), (3, 'cy@acme.example'),
             (4, 'dee@acme.example'), (5, 'eve@globex.example'), (6, 'fay@globex.example'), (7, 'gus@initech.example');
         INSERT INTO organizations VALUES (1, 'Acme'), (2, 'Globex'), (3, 'Initech');
         INSERT INTO memberships VALUES (1, 1, 'owner'), (1, 2, 'admin'), (1, 3, 'member'), (1, 4, 'viewer'),
             (2, 5, 'owner'), (2, 6, 'Owner'), (2, 2, 'superuser'), (3, 7, 'admin');",
    )
}

/// Every membership, by organization.
pub fn memberships(app: &Connection) -> Result<Vec<Membership>> {
    let sql =
        "SELECT organization_id, user_id, email, role FROM memberships JOIN users ON users.id = user_id ORDER BY 1, 2";
    let mut query = app.prepare(sql)?;
    let rows = query.query_map([], |row| {
        Ok(Membership { organization: number(row, 0)?, user: number(row, 1)?, email: row.get(2)?, role: row.get(3)? })
    })?;
    rows.collect()
}

/// The organizations: id and name.
pub fn organizations(app: &Connection) -> Result<Vec<(u64, String)>> {
    app.prepare("SELECT id, name FROM organizations ORDER BY id")?
        .query_map([], |row| Ok((number(row, 0)?, row.get(1)?)))?
        .collect()
}

/// What stood in five places of the code.
pub fn may(role: &str, permission: &str) -> bool {
    match permission {
        "project.view" => true,
        "project.edit" => role != "viewer",
        "project.delete" | "member.manage" => role == "owner" || role == "admin",
        "billing.manage" => role == "owner",
        _ => false,
    }
}

/// Row numbers count from 1.
fn number(row: &Row<'_>, column: usize) -> Result<u64> {
    row.get::<_, u32>(column).map(u64::from)
}
