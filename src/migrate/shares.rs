//! Shares, which are kept beside the organization: what becomes of them, and what stands in the way.

use alloc::vec::Vec;

use super::{Migration, Objection, Stranded};
use crate::access::{Share, ShareHolder};
use crate::id::{ResourceId, ShareId};
use crate::sharing::{Given, Recipient, Sheet};

impl Migration {
    /// What a share of the caller's is under the new catalog. What it gave is given as lists give: what could not be shared before is not
    /// shared now.
    ///
    /// # Errors
    /// [`Stranded::Share`]: it is to a system group that is gone, or whose roles have all gone elsewhere.
    ///
    /// # Source
    /// D-29.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::ResourceId;
    /// # use bailiwick::catalog::{Catalog, GroupDef, PermissionSet, RoleDef, resource};
    /// use bailiwick::access::{Share, ShareHolder};
    /// use bailiwick::migrate::{Migration, Move};
    /// # let catalog = |groups: &[&str]| {
    /// #     let builder = Catalog::builder("notes").permission(resource("note.read")).role(RoleDef::new("owner", 1).owner());
    /// #     groups.iter().fold(builder, |builder, group| builder.group(GroupDef::new(group, ["owner"]))).build().map(Arc::new)
    /// # };
    /// # let (old, new) = (catalog(&["owners"])?, catalog(&[])?);
    /// # let level = old.permission("note.read").into_iter().collect::<PermissionSet>();
    /// let migration = Migration::builder().groups([Move::remove("owners")]).build(&old, &new)?;
    /// let to = ShareHolder::Group(old.group("owners").unwrap());
    /// let share = Share { on: ResourceId::from_u64(1).unwrap(), to, level, until: None };
    /// let stranded = migration.share(&share).unwrap_err();
    /// assert!(stranded.to_string().contains("is shared to the group `owners`"));
    /// # Ok::<(), bailiwick::document::Mistakes>(())
    /// ```
    pub fn share(&self, share: &Share) -> Result<Share, Stranded> {
        let stranded = |group| Stranded::Share { resource: share.on, share: None, group: self.called(group) };
        let to = match share.to {
            ShareHolder::Group(group) => {
                let kept = self.group(group).filter(|_| !self.strands(group));
                ShareHolder::Group(kept.ok_or_else(|| stranded(group))?)
            }
            other => other,
        };
        Ok(Share { to, level: self.tables.lineage.given(share.level & self.old.resource_scope()), ..*share })
    }

    /// What of the shares on these resources stands in the way: those to a system group that is gone, or whose roles have all gone
    /// elsewhere, and those of whose permissions nothing would be left. Ask before sheets are read through
    /// [`upcast_share`](Self::upcast_share), which cannot refuse.
    ///
    /// # Source
    /// D-29.
    pub fn objections_of<'s>(&self, sheets: impl IntoIterator<Item = &'s Sheet>) -> Vec<Objection> {
        let of_sheet = |sheet: &'s Sheet| {
            let resource = sheet.resource();
            sheet.shares().filter_map(move |(share, given)| self.stranded_share(resource, share, given))
        };
        sheets.into_iter().flat_map(of_sheet).map(Objection::Strands).collect()
    }

    fn stranded_share(&self, resource: ResourceId, share: ShareId, given: &Given) -> Option<Stranded> {
        if let Recipient::Group(key) = &given.to {
            let group = self.old.group(key.as_str()).filter(|group| self.strands(*group));
            if let Some(group) = group {
                return Some(Stranded::Share { resource, share: Some(share), group: self.called(group) });
            }
        }
        let gave = given.level.iter().filter_map(|key| self.old.permission(key.as_str()));
        let gave_something = gave.into_iter().any(|permission| self.old.resource_scope().contains(permission));
        let is_emptied = gave_something && self.shared_keys(&given.level).is_empty();
        is_emptied.then_some(Stranded::EmptyShare { resource, share })
    }
}
