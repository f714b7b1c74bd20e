//! Policy: where products differ and no answer is wrong, one typed option each.
//!
//! | row | question | where it is answered |
//! | --- | --- | --- |
//! | C-01 | how many owners | [`Holders`](super::Holders) of the owner role |
//! | C-02 | who holds billing | role data; [`Policy::owner_holds`] decides whether owning implies all |
//! | C-03 | what a personal organization may become | [`PersonalPolicy`] |
//! | C-04 | its name | [`PersonalPolicy::name`] |
//! | C-05 | are names unique | [`Policy::unique_names`] |
//! | C-06 | who may create organizations | [`PlanDef::team_organizations`](super::PlanDef::team_organizations), [`Policy::organizations_per_user`] |
//! | C-07 | is there a first workspace | [`Policy::default_workspace`] |
//! | C-08 | how far a role reaches | [`Reach`](super::Reach) of the role |
//! | C-09 | what an override may do | [`Policy::overrides`], [`RoleDef::reducible`](super::RoleDef::reducible) |
//! | C-10 | changing one's own role | [`Policy::own_role`] |
//! | C-11 | who manages whom | [`Policy::assignable`], [`RoleDef::assigned_by`](super::RoleDef::assigned_by) |
//! | C-12 | do open invitations hold seats | [`Policy::open_invitations`] |
//! | C-13 | who is billable | [`RoleDef::free`](super::RoleDef::free), [`Policy::collaborator_seats`] |
//! | C-14 | whom the member limit counts | [`Policy::member_limit`] |
//! | C-15 | content of a removed member | [`Policy::content_of_removed`] |
//! | C-16 | deleting an organization | [`Policy::deletion`] |
//! | C-17 | how long an invitation is open | [`InvitationPolicy::lifetime`], [`InvitationPolicy::on_resend`] |
//! | C-18 | who may accept one | [`InvitationPolicy::binding`] |
//! | C-19 | several at once | [`InvitationPolicy::batch`], [`InvitationPolicy::batch_max`] |
//! | C-20 | where credits come from and who uses them | [`CreditRule`](super::CreditRule), [`Policy::burn_order`], [`Policy::credit_transfers`]; switched off: [`Policy::credits_off`], [`RoleDef::without_credits`](super::RoleDef::without_credits); keys of one's own: [`SetOwnKey`](crate::change::SetOwnKey) |
//! | C-21 | at a limit | [`Enforcement`](super::Enforcement) of each limit and of the [storage](super::StorageRule), `alerts_percent` |
//! | C-22 | while payment fails | [`PermissionDef::open_while_suspended`](super::PermissionDef::open_while_suspended) of each permission |
//! | C-23 | levels | [`Policy::levels`] |
//! | C-24 | the former owner | [`RoleDef::falls_back_to`](super::RoleDef::falls_back_to) |
//! | C-25 | names of roles and plans | data |
//! | C-26 | several roles | [`Policy::roles_per_member`] |
//! | C-27 | the last owner leaves | always refused; an option would be a way round the invariant |
//! | C-28 | who sees usage | a permission; role data |
//! | C-29 | people from outside | [`Policy::collaborators`], [`Policy::on_member_removed`] |
//! | C-30 | plans | data |
//! | C-31 | authenticating again | [`PermissionDef::sensitive`](super::PermissionDef::sensitive) of each permission |
//! | C-32 | which organization is meant | always an argument; the crate keeps no current one |

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::word::words;
use crate::ledger::{BurnKey, BurnOrder};
use crate::time::Span;

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ } default $default:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }

        words!($name { $($variant = $word),+ });

        impl $name {
            pub(super) const CHOICES: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];
        }
    )+};
}

options! {
    /// Whether owning implies every permission (C-02).
    OwnerHolds {
        /// The owner role holds every permission of the catalog.
        All = "all",
        /// The owner role holds what it declares; billing, say, can be somebody else's.
        Declared = "declared",
    } default All;

    /// Whether organization names are unique (C-05). Personal organizations are exempt: two Johns may sign up.
    UniqueNames {
        /// They are not.
        None = "none",
        /// No user owns two team organizations of one name.
        PerOwner = "per_owner",
        /// No two team organizations have one name.
        Global = "global",
    } default None;

    /// What an access row may change for a member (C-09). A collaborator has only the row, so it is not limited.
    OverrideMode {
        /// Another role instead, permissions added, permissions removed.
        Replace = "replace",
        /// Only more than inherited.
        Expand = "expand",
        /// Only less than inherited.
        Reduce = "reduce",
        /// Nothing: a row only assigns the workspace.
        Off = "off",
    } default Replace;

    /// Changing one's own roles (C-10).
    OwnRole {
        /// Refused.
        Forbidden = "forbidden",
        /// Only to roles of lower rank.
        DemoteOnly = "demote_only",
        /// As anybody else's, but never to a higher rank.
        Allowed = "allowed",
    } default Forbidden;

    /// Which roles one may give, besides holding all that they hold (C-11).
    Assignable {
        /// Those that do not outrank one's own.
        UpToOwnRank = "up_to_own_rank",
        /// Those ranked below one's own; owners are exempt, or nobody could make a second one.
        BelowOwnRank = "below_own_rank",
        /// Any whose permissions one holds.
        WhatOneHolds = "what_one_holds",
    } default UpToOwnRank;

    /// Whether open invitations hold seats (C-12). Accepting checks either way.
    OpenInvitations {
        /// They do not.
        Free = "free",
        /// They do: inviting is refused when seats, members and open invitations would exceed what was bought.
        ReserveSeats = "reserve_seats",
    } default Free;

    /// Whether collaborators take seats (C-13).
    CollaboratorSeats {
        /// They do not.
        Free = "free",
        /// An active collaborator takes one, in however many workspaces.
        Billable = "billable",
    } default Free;

    /// Whom the member limit counts (C-14); seats are counted separately.
    MemberLimit {
        /// Every member, suspended ones included.
        Everyone = "everyone",
        /// Active members.
        Active = "active",
    } default Everyone;

    /// What happens to the content of a removed member (C-15).
    ContentOfRemoved {
        /// It stays with the organization unless the command says otherwise.
        Stays = "stays",
        /// The command must say.
        MustSay = "must_say",
    } default Stays;

    /// What resending an invitation does (C-17).
    OnResend {
        /// A new end and a new secret; the old link is dead.
        RenewAndRotate = "renew_and_rotate",
        /// A new end, the same secret.
        Renew = "renew",
        /// The mail goes out again, nothing changes.
        Nothing = "nothing",
    } default RenewAndRotate;

    /// Several invitations in one command (C-19).
    Batch {
        /// Each by itself: the good ones go out.
        PerItem = "per_item",
        /// All or none.
        Atomic = "atomic",
    } default PerItem;

    /// Inviting an address that has an open invitation.
    OnReinvite {
        /// Refused: resend or edit the open one.
        Refuse = "refuse",
        /// The new one takes the place of the open one.
        Supersede = "supersede",
    } default Refuse;

    /// What becomes of open invitations when whoever sent them is removed, suspended or demoted.
    InviterGone {
        /// They stay open, and acceptance asks whether the inviter could still give that.
        Recheck = "recheck",
        /// Those that the inviter could not send any more are taken back at once.
        Revoke = "revoke",
        /// They stand as they were sent.
        Keep = "keep",
    } default Recheck;

    /// How ownership changes hands.
    OwnershipTransfer {
        /// At once.
        AtOnce = "at_once",
        /// When the receiver agrees.
        WithConsent = "with_consent",
    } default AtOnce;

    /// What becomes of the services of a removed member.
    ServicesOfRemoved {
        /// They end.
        End = "end",
        /// They stay, can do nothing, and wait for somebody to adopt them.
        Keep = "keep",
    } default End;

    /// Moving to a plan that is too small for what there is. Seats are never oversold either way.
    TooBigForPlan {
        /// Refused, with every limit that is exceeded.
        Refuse = "refuse",
        /// Allowed: what is there stays, and nothing is added until it fits.
        Freeze = "freeze",
    } default Refuse;

    /// A member whose credits are switched off (C-20).
    CreditsOff {
        /// Is refused what costs credits.
        Refuse = "refuse",
        /// Goes on, and the pool is not charged.
        Uncharged = "uncharged",
    } default Refuse;

    /// Sending credits to another organization (C-20).
    CreditTransfers {
        /// They stay where they are.
        Off = "off",
        /// They go to organizations of the same owner.
        SameOwner = "same_owner",
    } default Off;

    /// The levels below an organization (C-23).
    Levels {
        /// Organizations have workspaces.
        Workspaces = "workspaces",
        /// The organization is the only level; workspaces are refused.
        OrganizationOnly = "organization_only",
    } default Workspaces;

    /// Whether people from outside may work in a workspace without being members (C-29).
    Collaborators {
        /// They may.
        On = "on",
        /// They may not.
        Off = "off",
    } default On;

    /// What becomes of the access rows of a removed member (C-29).
    OnMemberRemoved {
        /// They go with the membership.
        CascadeAll = "cascade_all",
        /// Rows that give something by themselves stay, and the person becomes a collaborator.
        KeepAsCollaborator = "keep_as_collaborator",
    } default CascadeAll;
}

/// The words for what decides which lot is used up first.
pub(super) const BURN_KEYS: &[(&str, BurnKey)] = &[
    ("scope", BurnKey::Scope),
    ("priority", BurnKey::Priority),
    ("expiry", BurnKey::Expiry),
    ("class", BurnKey::Class),
    ("age", BurnKey::Age),
];

/// Deleting an organization (C-16); access ends at once either way. As text: `immediate`, `grace:30d`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Deletion {
    /// It is gone.
    Immediate,
    /// It can be restored for so long.
    Grace(Span),
}

words!(Deletion { Immediate = "immediate"; Grace(Span) = "grace" });

impl Default for Deletion {
    fn default() -> Self {
        Self::Grace(Span::days(30))
    }
}

/// Who may accept an invitation (C-18). As text: `verified_address`, `matching_address`, `bearer:1`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Binding {
    /// Whoever has verified the invited address.
    #[default]
    VerifiedAddress,
    /// Whoever gives the invited address.
    MatchingAddress,
    /// Whoever has the link, so many times.
    Bearer(u32),
}

words!(Binding { VerifiedAddress = "verified_address", MatchingAddress = "matching_address"; Bearer(u32) = "bearer" });

/// What a personal organization may become (C-03, C-04).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PersonalPolicy {
    /// The plan that it begins on.
    pub plan: String,
    /// Its name; `{user}` stands for the user's name.
    pub name: String,
    /// Whether others may be invited.
    pub invitable: bool,
    /// Whether it can become a team organization.
    pub convertible: bool,
    /// Whether it can be deleted.
    pub deletable: bool,
    /// Whether it can move to a bigger plan.
    pub upgradable: bool,
}

/// Invitations (C-17 to C-19).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct InvitationPolicy {
    /// How long one is open. At the very instant of its end it is closed.
    pub lifetime: Span,
    /// What resending does.
    pub on_resend: OnResend,
    /// Who may accept.
    pub binding: Binding,
    /// Several in one command.
    pub batch: Batch,
    /// How many in one command.
    pub batch_max: u32,
    /// Inviting an address that has an open invitation.
    pub on_reinvite: OnReinvite,
    /// What becomes of the open ones when whoever sent them is removed, suspended or demoted.
    pub inviter_gone: InviterGone,
}

impl Default for InvitationPolicy {
    fn default() -> Self {
        Self {
            lifetime: Span::days(7),
            on_resend: OnResend::default(),
            binding: Binding::default(),
            batch: Batch::default(),
            batch_max: 10,
            on_reinvite: OnReinvite::default(),
            inviter_gone: InviterGone::default(),
        }
    }
}

/// The options of a catalog, one for each way in which products differ.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Policy {
    /// Roles that the creator of a team organization gets (besides owning it: the owner role must be among them).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub creator_roles: Vec<String>,
    /// Whether owning implies every permission (C-02).
    pub owner_holds: OwnerHolds,
    /// Personal organizations (C-03, C-04); none where sign-up creates none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal: Option<PersonalPolicy>,
    /// Whether organization names are unique (C-05).
    pub unique_names: UniqueNames,
    /// How many team organizations one user may own (C-06); none for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizations_per_user: Option<u32>,
    /// The name of the workspace that a new organization begins with (C-07), if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_workspace: Option<String>,
    /// What an override may do (C-09).
    pub overrides: OverrideMode,
    /// Changing one's own roles (C-10).
    pub own_role: OwnRole,
    /// Which roles one may give (C-11).
    pub assignable: Assignable,
    /// Whether open invitations hold seats (C-12).
    pub open_invitations: OpenInvitations,
    /// Whether collaborators take seats (C-13).
    pub collaborator_seats: CollaboratorSeats,
    /// Whom the member limit counts (C-14).
    pub member_limit: MemberLimit,
    /// The content of a removed member (C-15).
    pub content_of_removed: ContentOfRemoved,
    /// Deleting an organization (C-16).
    pub deletion: Deletion,
    /// Invitations (C-17 to C-19).
    pub invitations: InvitationPolicy,
    /// A member whose credits are switched off (C-20).
    pub credits_off: CreditsOff,
    /// Which lot of credits is used up first (C-20).
    pub burn_order: BurnOrder,
    /// Sending credits to another organization (C-20).
    pub credit_transfers: CreditTransfers,
    /// The levels below an organization (C-23).
    pub levels: Levels,
    /// How many roles a member may have (C-26).
    pub roles_per_member: u8,
    /// People from outside (C-29).
    pub collaborators: Collaborators,
    /// The access rows of a removed member (C-29).
    pub on_member_removed: OnMemberRemoved,
    /// How ownership changes hands.
    pub ownership_transfer: OwnershipTransfer,
    /// The services of a removed member.
    pub services_of_removed: ServicesOfRemoved,
    /// Moving to a plan that is too small.
    pub too_big_for_plan: TooBigForPlan,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            creator_roles: Vec::new(),
            owner_holds: OwnerHolds::default(),
            personal: None,
            unique_names: UniqueNames::default(),
            organizations_per_user: None,
            default_workspace: None,
            overrides: OverrideMode::default(),
            own_role: OwnRole::default(),
            assignable: Assignable::default(),
            open_invitations: OpenInvitations::default(),
            collaborator_seats: CollaboratorSeats::default(),
            member_limit: MemberLimit::default(),
            content_of_removed: ContentOfRemoved::default(),
            deletion: Deletion::default(),
            invitations: InvitationPolicy::default(),
            credits_off: CreditsOff::default(),
            burn_order: BurnOrder::default(),
            credit_transfers: CreditTransfers::default(),
            levels: Levels::default(),
            roles_per_member: 8,
            collaborators: Collaborators::default(),
            on_member_removed: OnMemberRemoved::default(),
            ownership_transfer: OwnershipTransfer::default(),
            services_of_removed: ServicesOfRemoved::default(),
            too_big_for_plan: TooBigForPlan::default(),
        }
    }
}
