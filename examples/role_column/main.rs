//! From your user table to the first check: an application with a role column moves, and compares before it switches.
//!
//! ```text
//! cargo run --features sqlite --example role_column
//! ```
#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(unreachable_pub, missing_docs, reason = "nobody links an example")]

mod before;
mod moving;

use std::error::Error;
use std::sync::Arc;

use bailiwick::access::{Facts, Target};
use bailiwick::catalog::Catalog;
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::{Actor, OrgId, Tenants, Timestamp, UserId};

fn main() -> Result<(), Box<dyn Error>> {
    let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    let app = rusqlite::Connection::open_in_memory()?;
    before::fill(&app)?;

    println!("1. The catalog says what the column meant\n");
    let catalog: Catalog = toml::from_str(include_str!("catalog.toml"))?;
    println!("{}", catalog.matrix().to_markdown());

    println!("2. Everybody moves\n");
    let kept = std::env::temp_dir().join("bailiwick-role-column.db"); // run it again: nobody moves twice
    let tenants = Tenants::new(Arc::new(catalog), SqliteStore::open(&kept)?);
    let rows = before::memberships(&app)?;
    for (id, name) in before::organizations(&app)? {
        let own: Vec<_> = rows.iter().filter(|row| row.organization == id).cloned().collect();
        let left_behind = moving::organization(&tenants, (id, &name), &own, &now)?;
        println!("   {name}: {} of {} people moved", own.len().saturating_sub(left_behind.len()), own.len());
        left_behind.iter().for_each(|why| println!("      left behind: {why}"));
    }

    println!("\n3. Both are asked, and one is believed\n");
    let (mut same, mut other) = (0_u32, Vec::new());
    for row in &rows {
        let organization = OrgId::from_u64(row.organization).ok_or("an organization has the number 0")?;
        let access = tenants.access(organization, Actor::User(moving::user(row)?), Target::Organization, &now)?;
        for (action, key) in before::ACTIONS {
            let permission = tenants.catalog().permission(key).ok_or("the catalog has no such permission")?;
            let (by_hand, decision) = (before::may(&row.role, key), access.check(permission));
            if by_hand == decision.is_allow() {
                same = same.saturating_add(1);
            } else {
                other.push(format!(
                    "{} (`{}`), {action}: by hand {by_hand}, now {}",
                    row.email,
                    row.role,
                    decision.code()
                ));
            }
        }
    }
    println!("   {same} answers are the same, {} are not:", other.len());
    other.iter().for_each(|line| println!("      {line}"));

    println!("\n4. Every answer has a reason\n");
    let (acme, dee) = (OrgId::from_u64(1).ok_or("no id")?, UserId::from_u64(4).ok_or("no id")?);
    let edit = tenants.catalog().permission("project.edit").ok_or("the catalog has no such permission")?;
    println!("{}", tenants.explain(acme, Actor::User(dee), edit, Target::Organization, &now)?);
    Ok(())
}
