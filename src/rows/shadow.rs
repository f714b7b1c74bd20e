//! The shadow of an organization: what of it some records can change, so that they can be applied without a copy of the whole.

use alloc::sync::Arc;

use crate::change::{Record, Touched};
use crate::organization::{Index, Organization};

/// What records can change of an organization, as it was before them and as it is after them. Both count the heads of the whole.
pub(super) fn before_and_after(whole: &Organization, records: &[Record]) -> (Organization, Organization) {
    let mut touched = Touched::default();
    records.iter().for_each(|record| touched.note(whole, &record.event));
    let mut before = shadow(whole, &touched);
    let mut after = before.clone();
    after.index = Index::of(&after); // by which it is found who goes with a team or a workspace
    records.iter().for_each(|record| after.apply(record));
    // Nobody else is counted otherwise than before.
    let mut tally = whole.tally;
    tally.subtract(before.tally);
    tally.add(after.tally);
    (before.tally, after.tally) = (whole.tally, tally);
    (before, after)
}

/// An organization in which there is only what was touched. Roles are small, and everything is read by them, so all of them are there.
fn shadow(whole: &Organization, touched: &Touched) -> Organization {
    let mut shadow = Organization::new(whole.id, Arc::clone(&whole.catalog));
    shadow.version = whole.version;
    shadow.profile.clone_from(&whole.profile);
    shadow.custom_roles.clone_from(&whole.custom_roles);
    shadow.people.extend(touched.people.iter().filter_map(|id| Some((*id, whole.people.get(id)?.clone()))));
    shadow.workspaces.extend(touched.workspaces.iter().filter_map(|id| Some((*id, whole.workspaces.get(id)?.clone()))));
    shadow.teams.extend(touched.teams.iter().filter_map(|id| Some((*id, whole.teams.get(id)?.clone()))));
    shadow.services.extend(touched.services.iter().filter_map(|id| Some((*id, whole.services.get(id)?.clone()))));
    shadow.domains.extend(touched.domains.iter().filter_map(|id| Some((id.clone(), whole.domains.get(id)?.clone()))));
    for id in &touched.invitations {
        let Some(invitation) = whole.invitations.get(id) else { continue };
        shadow.invitations.insert(*id, invitation.clone());
        // Whoever is invited anew takes the place of the one that is open at the address.
        let address = invitation.address.as_ref();
        if let Some((key, open)) = address.and_then(|address| whole.open_by_address.get_key_value(address.key())) {
            shadow.open_by_address.insert(key.clone(), *open);
            shadow.invitations.extend(whole.invitations.get(open).map(|invitation| (*open, invitation.clone())));
        }
    }
    let ruled = shadow.workspaces.iter().filter(|(_, workspace)| !workspace.rules.is_empty());
    shadow.ruled = ruled.map(|(id, _)| *id).collect();
    shadow.recount();
    shadow
}
