//! A story that is kept in a file, and found there again.

use std::path::PathBuf;
use std::sync::Arc;

use bailiwick::Tenants;
use bailiwick::catalog::Catalog;
use bailiwick::store::Store;
use bailiwick::store::sqlite::SqliteStore;

use crate::engine::Bailiwick;
use crate::runner::{Table, outcome};
use crate::{Begun, at, print};

/// Begins in a file. Where the story happened in an earlier run, what is asked is answered from there.
pub fn begin(out: &mut String, catalog: Catalog, table: &Table, file: Option<&str>) -> Result<Begun, String> {
    let name = format!("bailiwick-{}.db", catalog.name());
    let path = file.map_or_else(|| std::env::temp_dir().join(name), PathBuf::from);
    let trouble = |why: &dyn std::error::Error| format!("{}: {why}", path.display());
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).map_err(|why| trouble(&why))?);
    let organizations = store.organizations(None, usize::MAX).map_err(|why| trouble(&why))?;

    print::heading(out, &format!("Kept in {}", path.display()));
    if organizations.is_empty() {
        out.push_str("A new file: the story happens now. Run it again, and it goes on from there.\n");
        return Ok(Begun { engine: Bailiwick::over(catalog, store), is_told: false });
    }
    // Which name has which id, the story says: it is told once more, in memory, and then forgotten.
    let mut engine = Bailiwick::new(catalog);
    for line in &table.lines {
        outcome(line, &mut engine).map_err(|words| at(table, line, &words))?;
    }
    let kept = Tenants::new(Arc::clone(engine.tenants.catalog()), store);
    let memory = std::mem::replace(&mut engine.tenants, kept);
    if memory.store().organizations(None, usize::MAX).map_err(|why| trouble(&why))? != organizations {
        return Err(format!(
            "{}: the organizations of another story are in it; choose another `--file`",
            path.display()
        ));
    }
    out.push_str("It was there already, so the story is not told again: what follows is read from the file.\n\n");
    for organization in organizations {
        let read = |organization: &bailiwick::Organization| {
            let name = organization.profile().map_or_else(String::new, |profile| profile.name.to_string());
            format!("  {name}: {} people, {} changes\n", organization.people().count(), organization.version())
        };
        out.push_str(&engine.tenants.read(organization, read).map_err(|why| trouble(&why))?.unwrap_or_default());
    }
    Ok(Begun { engine, is_told: true })
}
