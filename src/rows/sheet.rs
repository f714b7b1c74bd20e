//! The rows of the shares on one resource.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Row, Word};
use crate::id::ShareId;
use crate::sharing::{Given, Recipient, Sheet};

/// Every row in no order; of two states that are compared, only what is not the same in the `other`.
pub(super) fn rows(sheet: &Sheet, other: Option<&Sheet>) -> Vec<Row> {
    let shares = sheet.shares().filter(|(id, given)| other.and_then(|other| other.share(*id)) != Some(*given));
    shares.map(|(id, given)| share_row(sheet, id, given)).collect()
}

fn share_row(sheet: &Sheet, id: ShareId, given: &Given) -> Row {
    let (recipient_kind, recipient, uses_max) = recipient(&given.to);
    Row::Share {
        organization_id: sheet.organization(),
        resource_id: sheet.resource(),
        share_id: id,
        recipient_kind: Word::Borrowed(recipient_kind),
        recipient,
        since: given.since,
        level: given.level.clone(),
        uses_max: uses_max.map(u64::from),
        workspace_id: given.extent.workspace,
        owner_id: given.extent.owner,
        word_of_id: given.extent.word,
        until: given.until,
        given_at: given.origin.at,
        given_by_id: given.by.user(),
    }
}

/// To whom, and how often a link can be followed. The secret of a link stays where it is.
fn recipient(to: &Recipient) -> (&'static str, Option<String>, Option<u32>) {
    match to {
        Recipient::User(user) => ("user", Some(user.to_string()), None),
        Recipient::Address(address) => ("address", Some(address.key().to_string()), None),
        Recipient::Group(key) => ("group", Some(key.to_string()), None),
        Recipient::Team(team) => ("team", Some(team.to_string()), None),
        Recipient::Members => ("members", None, None),
        Recipient::Organization(organization) => ("organization", Some(organization.to_string()), None),
        Recipient::Link { link, uses, .. } => ("link", Some(link.to_string()), *uses),
    }
}
