//! Four ready catalogs, as data: each is what one kind of product needs, by configuration alone.
//!
//! They are texts in the [file form](crate::catalog#the-file-form), to be parsed with any TOML library, and to be copied
//! and changed.

/// Organizations own projects, and everybody works from one pool of credits: owners, a billing role, creators, viewers;
/// storage quotas; an archive plan.
///
#[doc = include_str!("studio.md")]
pub const STUDIO: &str = include_str!("studio.toml");

/// Organizations of workspaces with per-seat plans: owners and admins everywhere, developers and viewers where they are
/// assigned, and can be more in single workspaces.
///
#[doc = include_str!("cloud.md")]
pub const CLOUD: &str = include_str!("cloud.toml");

/// One level, one owner, progressive trust: what people see depends on their role and on what is shared with them or
/// with their system group; a free role takes no seat.
///
#[doc = include_str!("production.md")]
pub const PRODUCTION: &str = include_str!("production.toml");

/// Companies with many brand workspaces, a billing manager apart from the owner, and people from outside who work in
/// single workspaces.
///
#[doc = include_str!("agency.md")]
pub const AGENCY: &str = include_str!("agency.toml");
