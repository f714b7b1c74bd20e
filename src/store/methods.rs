//! The methods of a store, as a list: whatever stands in front of a store passes all of them on.

/// Hands the signatures of every method to another macro.
macro_rules! each_method {
    ($make:ident) => {
        $make! {
            load(organization: OrgId, limit: usize) -> Loaded<OrganizationSnapshot, Record>;
            load_ledger(organization: OrgId, limit: usize) -> Loaded<LedgerSnapshot, Arc<Entry>>;
            load_sheets(organization: OrgId, resources: &[ResourceId]) -> Vec<(ResourceId, Vec<ShareRecord>)>;
            records(organization: OrgId, after: Version, limit: usize) -> Vec<Record>;
            entries(organization: OrgId, after: Version, limit: usize) -> Vec<Arc<Entry>>;
            append(append: &Append<'_>) -> Appended;
            operation(organization: OrgId, operation: CommandId) -> Option<Written>;
            find(key: &Key, within: Option<OrgId>, after: Option<Place>, limit: usize) -> Vec<Place>;
            keys(organization: OrgId, after: Option<&(Key, Place)>, limit: usize) -> Vec<(Key, Place)>;
            count_use(organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> u32;
            changes(after: Option<Cursor>, limit: usize) -> Changes;
            organizations(after: Option<OrgId>, limit: usize) -> Vec<OrgId>;
            resources(organization: OrgId, after: Option<ResourceId>, limit: usize) -> Vec<ResourceId>;
            rows(organization: OrgId, table: Table, after: Option<&RowKey>, limit: usize) -> Vec<Row>;
            keep(snapshot: Snapshot<'_>) -> ();
            compact(organization: OrgId, stream: Stream, up_to: Version) -> ();
            replace(replacement: &Replacement<'_>) -> bool;
            erase(organization: OrgId) -> ();
        }
    };
}

pub(crate) use each_method;
