//! Commands: what can be asked for. Data, one file for each family; each is judged in its family's file next door.

mod access;
mod identity;
mod invitation;
mod member;
mod organization;
mod ownership;
mod role;
mod service;
mod team;
mod terms;
mod workspace;

pub use access::{GiveAccess, SetRule, TakeAccess};
pub use identity::{ConfirmDomain, DropDomain, JoinByDomain, RequireProvider, SetDomain, SetProvisioning};
pub use invitation::{Accept, AddressProof, Decline, EditInvitation, Invite, InviteMany, Resend, Revoke};
pub use member::{
    AddCollaborator, AddMember, ChangeRoles, Content, EraseUser, Leave, MakeCollaborator, Reactivate, Remove, Suspend,
    SwitchCredits,
};
pub use organization::{
    ChangeStatus, CreateOrganization, DeleteOrganization, Describe, Rename, RestoreOrganization, SetPreference, SignUp,
};
pub use ownership::{AcceptOwnership, CancelTransfer, TransferOwnership};
pub use role::{ChangeRole, CreateRole, DeleteRole};
pub use service::{AdoptService, ChangeService, CreateService, EndService, RotateSecret};
pub use team::{CreateTeam, DissolveTeam, JoinTeam, LeaveTeam, RenameTeam};
pub use terms::{ChangePlan, ChangeSeats, SetOwnKey};
pub use workspace::{ArchiveWorkspace, CreateWorkspace, DeleteWorkspace, RenameWorkspace, ReopenWorkspace};

use serde::{Deserialize, Serialize};

macro_rules! commands {
    ($($name:ident,)+) => {
        /// Something asked of an organization.
        #[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Command {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )+
        }

        impl Command {
            /// Every command by name.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// The name of the command.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }
        }

        $(
            impl From<$name> for Command {
                fn from(command: $name) -> Self {
                    Self::$name(command)
                }
            }
        )+
    };
}

commands! {
    ChangeStatus, CreateOrganization, DeleteOrganization, Describe, Rename, RestoreOrganization, SetPreference, SignUp,
    ChangePlan, ChangeSeats, SetOwnKey,
    ConfirmDomain, DropDomain, JoinByDomain, RequireProvider, SetDomain, SetProvisioning,
    ArchiveWorkspace, CreateWorkspace, DeleteWorkspace, RenameWorkspace, ReopenWorkspace,
    Accept, Decline, EditInvitation, Invite, InviteMany, Resend, Revoke,
    AddCollaborator, AddMember, ChangeRoles, EraseUser, Leave, MakeCollaborator, Reactivate, Remove, Suspend,
    SwitchCredits,
    AcceptOwnership, CancelTransfer, TransferOwnership,
    ChangeRole, CreateRole, DeleteRole,
    GiveAccess, SetRule, TakeAccess,
    CreateTeam, DissolveTeam, JoinTeam, LeaveTeam, RenameTeam,
    AdoptService, ChangeService, CreateService, EndService, RotateSecret,
}
