//! WHAT IS OPENED, AND TO WHOM? Shares and public links on the resources of an organization.
//!
//! A [`Sheet`] holds the shares on one resource or container. Sheets live in the store beside the organization, each with its
//! own version, so an organization with ten million shares loads as fast as one with ten. A sheet changes as an organization does:
//! [`handle_share`](crate::Organization::handle_share) judges, [`apply`](Sheet::apply) changes. In [`Tenants`](crate::Tenants) sharing takes
//! its turn with the other commands of the organization, so that nothing is shared by somebody whose role has just been taken; following a
//! link waits for nobody.
//!
//! Whoever shares holds what they give on that resource, for as long as they give it, and passes the guard for whom it is for: `share_internally`,
//! `share_by_address`, `share_externally`, `share_by_link`. Nobody shares with themselves. A container opens of its content what lies where it
//! does ([`Extent`]). What a share then means for a question is in
//! [`access`](crate::access): groups and teams are asked at that moment, members get no more than their roles could do.

mod command;
mod event;
mod index;
mod judge;
mod preview;
mod sheet;

pub use command::{
    ChangeShare, ClaimShare, ClearShares, FollowLink, GiveShare, HandOverShares, RevokeShare, ShareCommand,
};
pub use event::{Extent, Recipient, ShareEvent, ShareRecord};
pub use index::{ShareAt, ShareKey, ShareKeys};
pub use preview::{OutsideShare, SharePreview};
pub use sheet::{Given, Sheet, shares_on};
