//! Previews of shares: who would gain and lose what on the resource.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Given, Recipient, ShareCommand, ShareRecord, Sheet, shares_on};
use crate::access::{Resource, Share};
use crate::change::{AccessChange, Comparison, Context, Measure, Opened, Refusal};
use crate::id::ShareId;
use crate::organization::Organization;

/// What a command about shares would do.
#[derive(Clone, Debug, PartialEq)]
pub struct SharePreview {
    /// The records that it would make.
    pub records: Vec<ShareRecord>,
    /// Who would gain and lose what on the resource: people and services of the organization, users from outside who are
    /// named, whoever presents a link.
    pub access: Vec<AccessChange>,
    /// Shares with recipients whom nobody here can list.
    pub outside: Vec<OutsideShare>,
}

/// A share to an address or to another organization that is opened, changed or closed: what it gives there, and to how many, is
/// known when somebody asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutsideShare {
    /// Which.
    pub share: ShareId,
    /// What it was; `None` for one that is new.
    pub was: Option<Given>,
    /// What it would be; `None` for one that is closed.
    pub is: Option<Given>,
}

impl Organization {
    /// Says what a command about the shares on a resource would do, and does nothing: judges it as
    /// [`handle_share`](Self::handle_share) does, applies it to a copy, compares. `on` is the resource as a question has it,
    /// with all shares that count for it.
    ///
    /// # Shape
    /// Compared is what checks say on the resource, as in [`preview`](Self::preview). On what lies in it, where it is a
    /// container, the same differs, but for what is open there anyhow. Costs all people and services.
    ///
    /// # Errors
    /// The [`Refusal`] of the command.
    ///
    /// # Examples
    /// See [`Tenants::preview_share`](crate::Tenants::preview_share).
    pub fn preview_share(
        &self,
        sheet: &Sheet,
        on: &Resource<'_>,
        command: &ShareCommand,
        context: &Context<'_>,
    ) -> Result<SharePreview, Refusal> {
        let records = self.handle_share(sheet, on, command, context)?;
        let mut after = sheet.clone();
        records.iter().for_each(|record| after.apply(record));
        let around = on.shares.iter().filter(|share| share.on != on.id).copied();
        let shares: Vec<Share> = around.chain(shares_on(self, on, [&after])).collect();
        let opened = [Opened { on: *on, before: on.shares.to_vec(), after: shares }];
        let comparison = Comparison::new(self, self, &context.facts, Measure::within(self.catalog()));
        let access = comparison.shared(&comparison.whoever_is_meant(&opened), &opened);
        Ok(SharePreview { records, access, outside: outside(sheet, &after) })
    }
}

/// What differs of shares with recipients whom nobody here can list.
fn outside(before: &Sheet, after: &Sheet) -> Vec<OutsideShare> {
    let ids: BTreeSet<ShareId> = before.shares().chain(after.shares()).map(|(id, _)| id).collect();
    let beyond = |given: &Given| matches!(given.to, Recipient::Address(_) | Recipient::Organization(_));
    let differs = |share| {
        let (was, is) = (before.share(share), after.share(share));
        let told = was != is && was.into_iter().chain(is).any(beyond);
        told.then(|| OutsideShare { share, was: was.cloned(), is: is.cloned() })
    };
    ids.into_iter().filter_map(differs).collect()
}
