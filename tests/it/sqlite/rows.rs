//! Rows in the file: what the records make, in order, page by page.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::rows::{Row, Table, rows_of, rows_of_ledger, rows_of_sheet};
use bailiwick::store::Store;
use bailiwick::{OrgId, Tenants};

use super::{Folder, add, buy, charge, org, system, team};

/// The rows of an organization, two at a time.
fn kept(store: &impl Store, organization: OrgId, tables: &[Table]) -> Vec<Row> {
    let mut rows = Vec::new();
    for table in tables {
        let mut after = None;
        loop {
            let page = store.rows(organization, *table, after.as_ref(), 2).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key());
            rows.extend(page);
        }
    }
    rows
}

/// What another process makes of the records is what stands in the tables.
pub(super) fn assert_rows_are_those_of_the_records(store: &impl Store, catalog: &Arc<Catalog>) {
    let tenants = Tenants::new(Arc::clone(catalog), Borrowed(store));
    for organization in store.organizations(None, usize::MAX).unwrap() {
        let mut rows = tenants.read(organization, rows_of).unwrap().unwrap_or_default();
        for resource in store.resources(organization, None, usize::MAX).unwrap() {
            rows.extend(rows_of_sheet(&tenants.sheet(organization, resource).unwrap()));
        }
        let ledger = store.load_ledger(organization, usize::MAX).unwrap();
        if ledger.snapshot.is_some() || !ledger.records.is_empty() {
            rows.extend(tenants.read_ledger_as_it_is(organization));
        }
        rows.sort_by_cached_key(Row::key);
        assert_eq!(kept(store, organization, Table::ALL), rows);
    }
}

trait AsItIs {
    fn read_ledger_as_it_is(&self, organization: OrgId) -> Vec<Row>;
}

impl<S: Store> AsItIs for Tenants<S> {
    /// Of its entries alone, without what time has brought since.
    fn read_ledger_as_it_is(&self, organization: OrgId) -> Vec<Row> {
        let mut ledger = bailiwick::ledger::Ledger::new(organization, self.settings());
        for entry in self.store().entries(organization, bailiwick::Version::ZERO, usize::MAX).unwrap() {
            ledger.apply(&entry);
        }
        rows_of_ledger(&ledger)
    }
}

/// A store that somebody else owns.
struct Borrowed<'a, S>(&'a S);

impl<S: Store> bailiwick::store::Front for Borrowed<'_, S> {
    type Behind = S;

    fn behind(&self) -> &S {
        self.0
    }
}

#[test]
fn rows_are_what_a_replay_makes_and_can_be_joined() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    for n in 1..=3 {
        team(&tenants, n, 5);
        buy(&tenants, n, 1_000 + n, 500);
        charge(&tenants, n, 2_000 + n, 20 * n).unwrap();
    }
    tenants.handle(org(2), bailiwick::change::Remove { user: super::user(3), content: None }, &system()).unwrap();
    tenants.handle(org(2), add(9), &system()).unwrap();
    assert_rows_are_those_of_the_records(&**tenants.store(), tenants.catalog());

    // With the tool of your choice, while the store is at work.
    let report = folder.stranger();
    let sql = "SELECT o.name, count(*), b.spent FROM organization o JOIN person p USING (organization_id)
               JOIN balance b USING (organization_id), json_each(p.roles) role
               WHERE role.value = 'admin' GROUP BY o.name, b.spent ORDER BY o.name";
    let mut report = report.prepare(sql).unwrap();
    let lines = report.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let lines: Vec<(String, i64, i64)> = lines.map(Result::unwrap).collect();
    assert_eq!(lines, [("Acme 1".into(), 5, 20), ("Acme 2".into(), 5, 40), ("Acme 3".into(), 5, 60)]);
}
