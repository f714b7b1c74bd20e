//! *Who may do what, where, and on whose account.*
//!
//! Organizations, workspaces, members, roles and permissions for backends that serve many tenants: a resolver that
//! answers in nanoseconds and always with a reason; commands that cannot leave a tenant without an owner, sell a seat
//! twice or let an admin make an owner; credits and storage counted to the unit; storage left to the caller.
//!
//! # A tour
//! ```
//! use bailiwick::access::{Decision, Facts, Target};
//! use bailiwick::change::{Accept, AddressProof, CreateOrganization, CreateWorkspace, Invite};
//! use bailiwick::{Actor, Address, InvitationId, Name, OrgId, Override, SecretHash, Seats, Tenants, Timestamp, UserId, WorkspaceId};
//!
//! // The catalog: what can be named. Here a ready one; yours is a file or a builder.
//! let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
//!
//! bailiwick::permissions! {
//!     pub enum Perm {
//!         /// Change the plan, the card, the invoices.
//!         ChangePlan = "subscription.change" in Organization;
//!         /// Run an operation with an agent.
//!         RunOperations = "operation.run" in Workspace;
//!     }
//! }
//! let perm = tenants.catalog().bind::<Perm>().expect("the enum and the catalog agree");
//!
//! // Ids and time are yours, and always handed in.
//! let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
//! let (ada, bob) = (Actor::User(UserId::from_u64(1).unwrap()), Actor::User(UserId::from_u64(2).unwrap()));
//! let acme = OrgId::from_u64(1).unwrap();
//! let (first, prod) = (WorkspaceId::from_u64(1).unwrap(), WorkspaceId::from_u64(2).unwrap());
//!
//! // Commands: judged, then applied.
//! let create = CreateOrganization { name: Name::new("Acme")?, plan: "team".into(), seats: Seats::new(3), owned: 0, workspace: first };
//! tenants.create(acme, create, &now.by(ada))?;
//! tenants.handle(acme, CreateWorkspace { workspace: prod, name: Name::new("Production")? }, &now.by(ada))?;
//!
//! let (invitation, hash) = (InvitationId::from_u64(1).unwrap(), SecretHash::from_bytes([7; 32]));
//! let address = Address::new("bob@acme.example")?;
//! let invite = Invite::to(invitation, address.clone(), hash).role("viewer").workspace(prod, Override::role("developer"));
//! tenants.handle(acme, invite, &now.by(ada))?;
//! let accept = Accept { invitation, secret: hash, address: AddressProof::Verified(address) };
//! tenants.handle(acme, accept, &now.by(bob))?;
//!
//! // Questions: resolve once per request, then test bits.
//! let access = tenants.access(acme, bob, Target::Workspace(prod), &now)?;
//! assert!(access.allows(perm[Perm::RunOperations]));
//!
//! match tenants.check(acme, bob, perm[Perm::ChangePlan], Target::Organization, &now)? {
//!     Decision::Allow => unreachable!("a viewer"),
//!     Decision::StepUp(need) => println!("first {need}"),
//!     Decision::Deny(reason) => assert_eq!(reason.code(), "not_granted"),
//! }
//! println!("{}", tenants.explain(acme, bob, perm[Perm::RunOperations], Target::Workspace(prod), &now)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rooms
//! | room | question | |
//! | --- | --- | --- |
//! | [`catalog`] | what can be named? | permissions, roles, groups, plans, policy; [`presets`] |
//! | [`Organization`] | who exists? | the state of one tenant, its invariants checkable by [`audit`](Organization::audit); kept as one value by [`snapshot`](Organization::snapshot) |
//! | [`ledger`] | what is used up? | credits in lots, holds, limits, periods, storage and other meters, alerts, statements |
//! | [`access`] | may they? | questions, rules, decisions, explanations |
//! | [`directory`] | where is everybody, at once? | every organization of a process, compiled to be asked from many threads |
//! | [`sharing`] | what is opened, and to whom? | shares and public links on resources, kept beside the organization |
//! | [`filter`] | which rows? | what somebody may do with the resources in a table, as a condition in SQL |
//! | [`change`] | how does it move? | commands, refusals, authority, events, effects, previews, the journal, the nearest change |
//! | [`reach`] | who can reach what? | lists in pages, what is held through what, the access review |
//! | [`whatif`] | what if? | who would gain and lose what, between any two states, as data and for people |
//! | [`migrate`] | how does it move to another catalog? | keys renamed, split, merged, removed; records rewritten as they are loaded |
//! | [`lint`] | what is legal and likely wrong? | findings about a catalog or an organization, each with what to do |
//! | [`store`] | where is it kept? | the trait, for those that block and those that wait; stores in memory, in one file, in PostgreSQL |
//! | [`rows`] | what can people query? | tables that follow every record: what to put, what to delete, with their columns and keys |
//! | [`Tenants`] | all of it | every organization of a process, and its ledger; [`AsyncTenants`] is the same, to be awaited |
//! | `archive` (feature `json`) | how does it move house? | tenants exported and imported, as lines of text |
//! | `redaction` (feature `json`) | who is forgotten? | users whose names are taken out of everything that is kept, and the proof |
//! | `kit` (feature `kit`) | does a store keep its word? | every promise of a store as a test |
//! | [`document`] | what was written? | files, and everything that is wrong with them |
//! | [`limits`] | how much? | every fixed bound with its reason |
//! | [`guide`] | why is it so? | questions, design, semantics, policies, accounting, storing, upgrading, the directory, units, evidence; a [cookbook](guide::cookbook) of ten products |
//!
//! # Features
//! - `std` (default): threads and locks: [`Tenants`] and the [store in memory](store::MemoryStore). Without it the crate
//!   is `no_std` with `alloc`.
//! - `calendar`: periods that renew monthly and yearly; without it a ledger takes days, or periods as they are given.
//! - `json`: records as text with a hash chain, for stores that write them down.
//! - `kit`: every promise of a store as a test, for a store of your own.
//! - `sqlite`: [the store in one file](store), durable on one machine; brings its own SQLite, so it needs a C compiler.
//! - `unicode`: names and addresses outside ASCII can be compared (NFKC); without it whoever must compare one is told so.
//! - `postgres`: a store in PostgreSQL, for backends that run on tokio.
//! - `uuid`: every id from and to `uuid::Uuid`. `jiff`: [`Timestamp`] and [`Span`] from and to `jiff`'s. `schemars`: JSON schemas of the ids,
//!   names, amounts and times that stand in requests and answers. `tracing`: [spans and events](Tenants#what-is-told-to-tracing) of what is done.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate self as bailiwick;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod access;
mod actor;
#[cfg(feature = "json")]
pub mod archive;
pub mod catalog;
pub mod change;
mod codes;
#[cfg(feature = "std")]
pub mod directory;
pub mod document;
pub mod filter;
pub mod guide;
mod id;
mod interop;
#[cfg(feature = "kit")]
pub mod kit;
mod label;
pub mod ledger;
pub mod limits;
pub mod lint;
mod markdown;
pub mod migrate;
mod organization;
pub mod reach;
#[cfg(feature = "json")]
pub mod redaction;
pub mod rows;
pub mod sharing;
pub mod store;
#[cfg(feature = "std")]
mod tenants;
mod text;
mod time;
mod version;
pub mod whatif;

pub use actor::Actor;
pub use catalog::presets;
pub use id::{
    CommandId, HoldId, IdError, InvitationId, LinkId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId,
    WorkspaceId,
};
pub use label::{Label, LabelError};
pub use organization::{
    AccessRow, CustomRole, DeletionNotice, Disposition, Domain, DomainError, DomainRule, Excess, HeldRole, Invitation,
    InvitationState, JoinedTeam, Kind, LookupHash, Organization, Origin, Override, OwnershipOffer,
    Part as SnapshotPart, Person, PersonStatus, Profile, RetentionDate, Rule, RuleFor, RuleHolder, SeatCount, Seats,
    SecretHash, Service, Snapshot as OrganizationSnapshot, SnapshotError, Standing, Status, Team, Terms, Violation,
    Work, Workspace,
};
#[cfg(feature = "std")]
pub use tenants::{
    AccountPreview, AsyncTenants, Belonging, FollowedLink, FoundShare, Issue, Keeping, Listed, Prepared, SharePage,
    SharedWith, Tenants, TenantsError,
};
pub use text::{Address, Name, TextError};
pub use time::{Span, SpanError, Timestamp};
pub use version::Version;

/// The README, whose example runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
