//! MAY THEY? Who asks, about which place, and what the crate answers: as extractors, so that the signature of a handler says what it needs.

mod authorized;
mod documented;
mod filtered;
mod permissions;
mod place;
mod session;

pub(crate) use authorized::Authorized;
pub(crate) use documented::SCHEME;
pub(crate) use filtered::Filtered;
pub(crate) use permissions::{
    ChangeAccess, ChangeRoles, CreateProjects, CreateWorkspaces, DeleteGenerations, DeleteProjects, InviteMembers,
    Needs, Perm, RemoveMembers, RunGenerations, TransferOwnership, ViewCredits, ViewMembers, ViewOrganization,
    ViewProjects,
};
pub(crate) use place::{InOrganization, InWorkspace, Place};
pub(crate) use session::{Session, hash_of, signed_in};
