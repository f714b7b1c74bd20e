//! Tables: which there are, and what each of their rows says. The columns of a table are the fields of its rows, in their order.

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::column::Field;
use super::{Column, Value, Word};
use crate::catalog::{PermissionKey, PlanKey, RoleKey};
use crate::id::{InvitationId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId, WorkspaceId};
use crate::label::Label;
use crate::ledger::LotId;
use crate::organization::Domain;
use crate::text::Name;
use crate::time::Timestamp;
use crate::version::Version;

/// Makes of each table a row, a key and the columns. The key begins with the organization; what comes first in the braces is the rest of it.
macro_rules! tables {
    ($(
        $(#[$doc:meta])*
        $table:ident $name:literal {
            key { $( $(#[$key_doc:meta])* $key:ident: $key_type:ty, )* }
            $( $(#[$field_doc:meta])* $field:ident: $type:ty, )*
        }
    )+) => {
        /// A table.
        ///
        /// # Shape
        /// Its [`columns`](Self::columns) begin with those of its [`key`](Self::key), and those with `organization_id`.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Table {
            $( $(#[$doc])* $table, )+
        }

        impl Table {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$table),+];

            /// Its name, as in serde. A store may put something before it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$table => $name,)+
                }
            }

            /// Its columns, in the order of [`Row::values`].
            #[must_use]
            pub const fn columns(self) -> &'static [Column] {
                match self {
                    $(Self::$table => const { &[
                        column::<OrgId>("organization_id"),
                        $(column::<$key_type>(stringify!($key)),)*
                        $(column::<$type>(stringify!($field)),)*
                    ] },)+
                }
            }

            /// The columns of its primary key, in the order of [`RowKey::values`].
            #[must_use]
            pub const fn key(self) -> &'static [Column] {
                match self {
                    $(Self::$table => const { &[
                        column::<OrgId>("organization_id"),
                        $(column::<$key_type>(stringify!($key)),)*
                    ] },)+
                }
            }
        }

        /// One row: what a table says of one thing.
        ///
        /// # Shape
        /// In serde a map from the name of the table to the columns, each of them named.
        ///
        /// # Units
        /// Instants in milliseconds since the Unix epoch; credits and seats as everywhere.
        #[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Row {
            $(
                $(#[$doc])*
                $table {
                    /// Of which organization.
                    organization_id: OrgId,
                    $( $(#[$key_doc])* $key: $key_type, )*
                    $( $(#[$field_doc])* $field: $type, )*
                },
            )+
        }

        /// What a row is found by: its table and its primary key.
        ///
        /// # Shape
        /// Ordered by table, then by key.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum RowKey {
            $(
                $(#[$doc])*
                $table {
                    /// Of which organization.
                    organization_id: OrgId,
                    $( $(#[$key_doc])* $key: $key_type, )*
                },
            )+
        }

        impl Row {
            /// Of which table.
            #[must_use]
            pub const fn table(&self) -> Table {
                match self {
                    $(Self::$table { .. } => Table::$table,)+
                }
            }

            /// What it is found by.
            #[must_use]
            pub fn key(&self) -> RowKey {
                match self {
                    $(Self::$table { organization_id, $($key,)* .. } => RowKey::$table {
                        organization_id: *organization_id,
                        $($key: $key.clone(),)*
                    },)+
                }
            }

            /// What stands in each of the [columns](Table::columns).
            #[must_use]
            pub fn values(&self) -> Vec<Value> {
                match self {
                    $(Self::$table { organization_id, $($key,)* $($field,)* } => [
                        organization_id.value(),
                        $($key.value(),)*
                        $($field.value(),)*
                    ].into(),)+
                }
            }
        }

        impl RowKey {
            /// Of which table.
            #[must_use]
            pub const fn table(&self) -> Table {
                match self {
                    $(Self::$table { .. } => Table::$table,)+
                }
            }

            /// Of which organization.
            #[must_use]
            pub const fn organization(&self) -> OrgId {
                match self {
                    $(Self::$table { organization_id, .. } => *organization_id,)+
                }
            }

            /// What stands in each of the columns of the [key](Table::key).
            #[must_use]
            pub fn values(&self) -> Vec<Value> {
                match self {
                    $(Self::$table { organization_id, $($key,)* } => [
                        organization_id.value(),
                        $($key.value(),)*
                    ].into(),)+
                }
            }
        }
    };
}

tables! {
    /// What an organization is.
    Organization "organization" {
        key {}
        /// `personal` or `team`.
        kind: Word,
        /// Its name, as typed.
        name: Name,
        /// What it says of itself.
        description: String,
        /// Its plan, until `next_from`.
        plan: PlanKey,
        /// Seats bought, until `next_from`.
        seats: u64,
        /// Its plan from `next_from` on.
        next_plan: Option<PlanKey>,
        /// Seats bought from `next_from` on.
        next_seats: Option<u64>,
        /// When what is scheduled counts, or has come to count.
        next_from: Option<Timestamp>,
        /// Seats taken by active billable people.
        seats_used: u64,
        /// Members, suspended ones included.
        members: u64,
        /// Collaborators.
        collaborators: u64,
        /// `active`, `past_due`, `suspended` or `archived`.
        status: Word,
        /// Since when.
        status_at: Timestamp,
        /// The identity provider that it has set.
        provider: Option<String>,
        /// The roles that the customer's directory may give; none while it is not connected.
        provisioned_roles: Option<Vec<RoleKey>>,
        /// Classes of usage for which it has a key of its own.
        own_keys: Vec<Label>,
        /// The owner who offers ownership.
        offer_from_id: Option<UserId>,
        /// To whom ownership is offered.
        offer_to_id: Option<UserId>,
        /// Who made it.
        creator_id: UserId,
        /// When it was made.
        created_at: Timestamp,
        /// When it was deleted, if it was.
        deleted_at: Option<Timestamp>,
        /// What becomes of everything in it: `delete`, `transfer_to` or `export`.
        disposition: Option<Word>,
        /// The organization to which everything goes.
        successor_id: Option<OrgId>,
        /// From when on it is gone for good.
        purge_at: Option<Timestamp>,
        /// How many events it has seen.
        version: Version,
    }

    /// A member or collaborator.
    Person "person" {
        key {
            /// Who.
            user_id: UserId,
        }
        /// `member` or `collaborator`.
        standing: Word,
        /// `active` or `suspended`.
        status: Word,
        /// The roles of a member.
        roles: Vec<RoleKey>,
        /// Whether what they do uses credits of the pool, where somebody has said so.
        uses_credits: Option<bool>,
        /// Since when they are what they are.
        joined_at: Timestamp,
        /// The version of the organization that made them so; what a share's `since` is compared with.
        joined_version: Version,
        /// Since when the status is what it is.
        status_at: Timestamp,
        /// When anything that is their own last changed.
        changed_at: Timestamp,
    }

    /// What one person was given in one workspace, ended or not.
    Access "access" {
        key {
            /// Who.
            user_id: UserId,
            /// Where.
            workspace_id: WorkspaceId,
        }
        /// Another role instead of the inherited ones.
        role: Option<RoleKey>,
        /// Permissions added.
        added: Vec<PermissionKey>,
        /// Permissions removed.
        removed: Vec<PermissionKey>,
        /// When it ends.
        until: Option<Timestamp>,
        /// When it was given.
        given_at: Timestamp,
        /// The user who gave it, in person or through staff.
        given_by_id: Option<UserId>,
    }

    /// A workspace.
    Workspace "workspace" {
        key {
            /// Which.
            workspace_id: WorkspaceId,
        }
        /// Its name, as typed.
        name: Name,
        /// When it was made.
        created_at: Timestamp,
        /// Since when it is archived.
        archived_at: Option<Timestamp>,
    }

    /// What everybody in a group or team gets and loses in one workspace, ended or not.
    Rule "rule" {
        key {
            /// Where.
            workspace_id: WorkspaceId,
            /// `group` or `team`.
            holder_kind: Word,
            /// The key of the group, or the id of the team.
            holder: String,
        }
        /// Permissions given.
        given: Vec<PermissionKey>,
        /// Permissions taken.
        taken: Vec<PermissionKey>,
        /// When it ends.
        until: Option<Timestamp>,
        /// When it was set.
        set_at: Timestamp,
    }

    /// A team.
    Team "team" {
        key {
            /// Which.
            team_id: TeamId,
        }
        /// Its name, as typed.
        name: Name,
        /// When it was made.
        created_at: Timestamp,
        /// The version of the organization that made it; what a share's `since` is compared with.
        created_version: Version,
    }

    /// A person in a team.
    TeamMember "team_member" {
        key {
            /// Which team.
            team_id: TeamId,
            /// Who.
            user_id: UserId,
        }
        /// Since when.
        joined_at: Timestamp,
    }

    /// A role of the organization's own.
    CustomRole "custom_role" {
        key {
            /// Its key.
            role: RoleKey,
        }
        /// What people call it.
        title: Name,
        /// The role of the catalog that it is like.
        like_role: RoleKey,
        /// Into which workspaces it carries: `all`, `assigned` or `none`.
        reach: Word,
        /// Everything that it holds.
        permissions: Vec<PermissionKey>,
        /// When it was last set.
        set_at: Timestamp,
    }

    /// An invitation, whatever became of it.
    Invitation "invitation" {
        key {
            /// Which.
            invitation_id: InvitationId,
        }
        /// Who is invited, as typed; none once that user is erased.
        address: Option<String>,
        /// The address as it is compared.
        address_key: Option<String>,
        /// The roles promised; none for a collaborator.
        roles: Vec<RoleKey>,
        /// The workspaces promised.
        workspaces: Vec<WorkspaceId>,
        /// `open`, `accepted`, `declined`, `revoked` or `superseded`; an open one is expired from `until` on.
        state: Word,
        /// When it ends.
        until: Timestamp,
        /// How often it can still be accepted.
        uses_left: u64,
        /// When it was sent, or what it promises last changed.
        invited_at: Timestamp,
        /// The user who did that, in person or through staff.
        invited_by_id: Option<UserId>,
        /// Who accepted or declined it.
        answered_by: Vec<UserId>,
    }

    /// A key or robot.
    Service "service" {
        key {
            /// Which.
            service_id: ServiceId,
        }
        /// What people call it.
        name: Name,
        /// In whose name it acts; none while it waits to be adopted.
        sponsor_id: Option<UserId>,
        /// What it was given.
        permissions: Vec<PermissionKey>,
        /// Where it acts; none for everywhere.
        workspaces: Vec<WorkspaceId>,
        /// When it ends.
        until: Option<Timestamp>,
        /// When what it may do, or in whose name, last changed.
        changed_at: Timestamp,
    }

    /// What a domain of addresses means to the organization.
    Domain "domain" {
        key {
            /// Which.
            domain: Domain,
        }
        /// The roles with which its people come in.
        roles: Vec<RoleKey>,
        /// Whether the platform has seen that it is the organization's.
        confirmed: bool,
        /// When the roles were set.
        set_at: Timestamp,
    }

    /// Something opened to somebody, ended or not.
    Share "share" {
        key {
            /// The resource or container.
            resource_id: ResourceId,
            /// Which share on it.
            share_id: ShareId,
        }
        /// `user`, `address`, `group`, `team`, `members`, `organization` or `link`.
        recipient_kind: Word,
        /// The id, the key of the group, or the address as it is compared; none for `members`.
        recipient: Option<String>,
        /// The version at which the user joined, or the team was made: with that membership, or that team, the share ends.
        since: Option<Version>,
        /// What it gives.
        level: Vec<PermissionKey>,
        /// How often a link can be followed, where that is limited.
        uses_max: Option<u64>,
        /// The workspace in which the resource lay.
        workspace_id: Option<WorkspaceId>,
        /// Whose personal resource it was.
        owner_id: Option<UserId>,
        /// Who has given it in person, as what is personal is opened.
        word_of_id: Option<UserId>,
        /// When it ends.
        until: Option<Timestamp>,
        /// When it was given, or last changed.
        given_at: Timestamp,
        /// The user who answers for it, in person or through staff.
        given_by_id: Option<UserId>,
    }

    /// How a ledger stands with its credits, as its last entry left it. Sums that are greater than 2⁶⁴ − 1 are that.
    Balance "balance" {
        key {}
        /// When the last entry was.
        as_of: Timestamp,
        /// From when on time alone makes other figures of it, and the ledger wants a tick.
        due_at: Option<Timestamp>,
        /// What can be taken from lots, whatever limits say.
        spendable: u64,
        /// What is granted and not effective yet.
        pending: u64,
        /// What is left of this period's allocation.
        allocation: u64,
        /// What is left of earlier ones.
        bank: u64,
        /// Debts.
        owed: u64,
        /// What the present period was allocated, counted in whole periods.
        entitled: u64,
        /// All credits that were ever granted.
        granted: u64,
        /// Of these: to be taken, now or once their lot is effective.
        available: u64,
        /// Of these: promised to work that is under way.
        held: u64,
        /// Of these: used up.
        spent: u64,
        /// Of these: too late.
        expired: u64,
        /// Of these: taken back, or handed on.
        voided: u64,
        /// The present period's first instant.
        period_start: Option<Timestamp>,
        /// The first instant after it, if that is known.
        period_end: Option<Timestamp>,
        /// The organization whose pool is drawn on instead.
        pool_id: Option<OrgId>,
        /// How many entries it has seen.
        version: Version,
    }

    /// Credits that were granted together, as long as something can come of them.
    Lot "lot" {
        key {
            /// Its number in the ledger.
            lot: LotId,
        }
        /// `promotional`, `allocation`, `rollover`, `purchased` or `adjustment`.
        class: Word,
        /// The lower is used up earlier.
        priority: u64,
        /// From when on it can be taken.
        effective_at: Timestamp,
        /// From when on it cannot.
        expires_at: Option<Timestamp>,
        /// All of its credits.
        granted: u64,
        /// Of these: to be taken.
        available: u64,
        /// Of these: promised to work that is under way.
        held: u64,
        /// Of these: used up.
        spent: u64,
        /// Of these: too late.
        expired: u64,
        /// Of these: taken back, or handed on.
        voided: u64,
        /// What it may be spent on: by which organization that draws on the pool.
        only_organization_id: Option<OrgId>,
        /// In which workspace.
        only_workspace_id: Option<WorkspaceId>,
        /// For which project.
        only_project_id: Option<ResourceId>,
        /// By whom.
        only_user_id: Option<UserId>,
        /// By which service.
        only_service_id: Option<ServiceId>,
        /// On which class of usage.
        only_class: Option<Label>,
    }
}

const fn column<F: Field>(name: &'static str) -> Column {
    Column { name, holds: F::HOLDS, nullable: F::NULLABLE }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
