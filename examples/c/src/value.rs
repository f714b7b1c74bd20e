//! Values: what crosses as it is. Every bit pattern of one is a value, so nothing that C hands over can be wrong before it is looked at.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::slice;

use bailiwick::access::{self, ShareHolder};
use bailiwick::catalog::{Catalog, FeatureSet, Permission, PermissionSet};
use bailiwick::change;
use bailiwick::{Actor as Who, CommandId, OrgId, ResourceId, Timestamp, UserId, Version, WorkspaceId};
use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;

use crate::table::Engine;

/// No list is longer.
const COUNT_MAX: usize = 1 << 24;
/// No text is longer.
const LENGTH_MAX: usize = 1 << 30;

/// An id: the 16 bytes of a UUID in their order, or a number in big-endian. All zeros mean that there is none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Id {
    /// The bytes.
    pub bytes: [u8; 16],
}

/// A text that the caller keeps: UTF-8, not ended by a zero. `{NULL, 0}` is the empty one. Read during the call and not kept.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Str {
    /// Its first byte.
    pub(crate) data: *const c_char,
    /// How many bytes it has.
    pub(crate) length: usize,
}

/// A set of permissions or features: the one at position n is bit n % 64 of word n / 64.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Set {
    /// The bits.
    pub words: [u64; 4],
}

/// Who asks.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Actor {
    /// One of `BW_ACTOR_…`.
    pub kind: u32,
    /// Which user, service or link; of the staff who it is. Zeros for the directory and the platform.
    pub id: Id,
    /// Of the staff: in whose place. Zeros for everybody else.
    pub on_behalf_of: Id,
}

/// A person who is signed in.
pub const BW_ACTOR_USER: u32 = 1;
/// Somebody of the platform's staff in the place of a user.
pub const BW_ACTOR_STAFF: u32 = 2;
/// A key or robot of an organization.
pub const BW_ACTOR_SERVICE: u32 = 3;
/// Whoever presents a public link.
pub const BW_ACTOR_LINK: u32 = 4;
/// The directory of the customer.
pub const BW_ACTOR_PROVISIONER: u32 = 5;
/// The platform itself.
pub const BW_ACTOR_SYSTEM: u32 = 6;

/// What is known of the moment. All zeros but for `now` say that nothing else is known, and count against the actor.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Now, in milliseconds since the Unix epoch.
    pub now: u64,
    /// When the actor last proved who they are; 0 for never.
    pub authenticated_at: u64,
    /// Whether a second factor was shown; 0 for no.
    pub second_factor: u8,
    /// Through which identity provider the actor is signed in, from `bw_provider_of`; 0 for none.
    pub provider: u16,
    /// Features that are switched on besides those of the plan, from `bw_feature_of`.
    pub features: Set,
    /// Other organizations that the actor is a member of. Given, a call allocates.
    pub(crate) organizations: *const Id,
    /// How many.
    pub organization_count: usize,
}

/// Who gives a command, and what is known of the moment.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Who.
    pub actor: Actor,
    /// The moment.
    pub facts: Facts,
    /// The id that the command is kept and recognized under, so that a repetition is answered as before; zeros for none.
    pub command: Id,
}

/// The organization.
pub const BW_TARGET_ORGANIZATION: u32 = 0;
/// One of its workspaces.
pub const BW_TARGET_WORKSPACE: u32 = 1;
/// One thing of the caller's.
pub const BW_TARGET_RESOURCE: u32 = 2;

/// One thing of the caller's, with the shares that the store keeps besides those that are given. Asks the store.
pub const BW_TARGET_KEPT_RESOURCE: u32 = 3;

/// What a question is about. All zeros are the organization.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// One of `BW_TARGET_…`.
    pub kind: u32,
    /// Which workspace, where it is one.
    pub workspace: Id,
    /// Which resource, where it is one. Then a call allocates.
    pub(crate) resource: *const Resource,
}

/// One thing of the caller's, with what the caller knows of it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// Which.
    pub id: Id,
    /// The containers that it lies in, innermost first.
    pub(crate) containers: *const Id,
    /// How many.
    pub container_count: usize,
    /// The workspace that it belongs to; zeros for none.
    pub workspace: Id,
    /// Whose personal resource it is; zeros for nobody's.
    pub owner: Id,
    /// The shares on it and on its containers, where the caller keeps them.
    pub(crate) shares: *const Share,
    /// How many.
    pub share_count: usize,
}

/// One user.
pub const BW_SHARE_USER: u32 = 1;
/// Everybody in a system group.
pub const BW_SHARE_GROUP: u32 = 2;
/// Everybody in a team.
pub const BW_SHARE_TEAM: u32 = 3;
/// Every member of the organization.
pub const BW_SHARE_MEMBERS: u32 = 4;
/// Every member of another organization.
pub const BW_SHARE_ORGANIZATION: u32 = 5;
/// Whoever presents a link.
pub const BW_SHARE_LINK: u32 = 6;

/// One resource or container opened to somebody.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// What is opened.
    pub on: Id,
    /// One of `BW_SHARE_…`.
    pub kind: u32,
    /// To which user, team, organization or link; zeros for groups and members.
    pub to: Id,
    /// To which group, from `bw_group_of`; 0 for none.
    pub group: u16,
    /// What it gives.
    pub level: Set,
    /// When it ends, in milliseconds since the Unix epoch; 0 for never.
    pub until: u64,
    /// Of a user: the version at which they came to belong to the organization, where the share ends when they go; 0 for whoever they are.
    pub joined: u64,
}

/// Whether a pointer of C is there.
#[inline(always)]
pub(crate) fn some<T>(value: Option<&T>) -> Result<&T, Failure> {
    value.ok_or_else(|| Failure::plain(code::NULL))
}

/// Gives something back through a pointer of C.
pub(crate) fn give<T>(place: Option<&mut MaybeUninit<T>>, value: T) {
    if let Some(place) = place {
        place.write(value);
    }
}

/// Whether a place that has to be there is.
pub(crate) fn place<T>(place: Option<&mut MaybeUninit<T>>) -> Result<&mut MaybeUninit<T>, Failure> {
    place.ok_or_else(|| Failure::plain(code::NULL))
}

/// A list of C, as long as the call.
pub(crate) fn list<'a, T>(first: *const T, count: usize) -> Result<&'a [T], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    if first.is_null() {
        return Err(Failure::plain(code::NULL));
    }
    if count > COUNT_MAX || !first.is_aligned() {
        return Err(Failure::of(code::BAD_LENGTH, format!("a list has at most {COUNT_MAX} items, each in its place")));
    }
    // SAFETY: not null, aligned, of a size below `isize::MAX`; that so many values lie there for the time of the call, and that nobody
    // changes them meanwhile, is what the header asks of its callers. Every bit pattern of `T` is a value.
    Ok(unsafe { slice::from_raw_parts(first, count) })
}

/// Fills a list of C that has so much room.
pub(crate) fn fill<T>(first: *mut T, room: usize, values: impl ExactSizeIterator<Item = T>) -> Result<(), Failure> {
    let places = places(first, room)?;
    if values.len() > places.len() {
        return Err(Failure::plain(code::BAD_LENGTH));
    }
    places.iter_mut().zip(values).for_each(|(place, value)| {
        place.write(value);
    });
    Ok(())
}

/// A list of C to be written to, as long as the call.
pub(crate) fn places<'a, T>(first: *mut T, count: usize) -> Result<&'a mut [MaybeUninit<T>], Failure> {
    if count == 0 {
        return Ok(&mut []);
    }
    if first.is_null() {
        return Err(Failure::plain(code::NULL));
    }
    if count > COUNT_MAX || !first.is_aligned() {
        return Err(Failure::of(code::BAD_LENGTH, format!("a list has at most {COUNT_MAX} items, each in its place")));
    }
    // SAFETY: not null, aligned, of a size below `isize::MAX`; that there is so much room for the time of the call, which nobody else uses
    // meanwhile, is what the header asks of its callers. Nothing is read before it is written.
    Ok(unsafe { slice::from_raw_parts_mut(first.cast::<MaybeUninit<T>>(), count) })
}

impl Str {
    /// The text, as long as the call.
    pub(crate) fn text<'a>(self) -> Result<&'a str, Failure> {
        if self.length > LENGTH_MAX {
            return Err(Failure::of(code::BAD_LENGTH, format!("a text has at most {LENGTH_MAX} bytes")));
        }
        if self.length == 0 {
            return Ok("");
        }
        if self.data.is_null() {
            return Err(Failure::plain(code::NULL));
        }
        // SAFETY: not null, and bytes are always in their place; that so many lie there for the time of the call, and that nobody changes
        // them meanwhile, is what the header asks of its callers.
        let bytes = unsafe { slice::from_raw_parts(self.data.cast::<u8>(), self.length) };
        std::str::from_utf8(bytes).map_err(|why| Failure::of(code::BAD_UTF8, why.to_string()))
    }

    /// A text of ours, lent to a callback.
    pub(crate) const fn lent(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }
}

impl Id {
    /// The id, or nothing for zeros.
    pub(crate) fn maybe<T>(self, make: fn([u8; 16]) -> Option<T>) -> Option<T> {
        make(self.bytes)
    }

    /// The id, which has to be one.
    #[inline(always)]
    pub(crate) fn one<T>(self, make: impl Fn([u8; 16]) -> Option<T>) -> Result<T, Failure> {
        match make(self.bytes) {
            Some(id) => Ok(id),
            None => Err(Failure::plain(code::BAD_ID)),
        }
    }

    pub(crate) const fn of(bytes: [u8; 16]) -> Self {
        Self { bytes }
    }

    pub(crate) const fn of_bits(bits: u128) -> Self {
        Self { bytes: bits.to_be_bytes() }
    }
}

/// The organization of a pointer.
#[inline(always)]
pub(crate) fn organization(id: Option<&Id>) -> Result<OrgId, Failure> {
    some(id)?.one(OrgId::from_uuid_bytes)
}

impl Actor {
    #[inline(always)]
    pub(crate) fn who(&self) -> Result<Who, Failure> {
        match UserId::from_uuid_bytes(self.id.bytes) {
            Some(user) if self.kind == BW_ACTOR_USER => Ok(Who::User(user)),
            _ => self.who_else(),
        }
    }

    #[inline(never)]
    fn who_else(&self) -> Result<Who, Failure> {
        Ok(match self.kind {
            BW_ACTOR_USER => return Err(Failure::plain(code::BAD_ID)),
            BW_ACTOR_STAFF => Who::Staff {
                staff: self.id.one(UserId::from_uuid_bytes)?,
                on_behalf_of: self.on_behalf_of.one(UserId::from_uuid_bytes)?,
            },
            BW_ACTOR_SERVICE => Who::Service(self.id.one(bailiwick::ServiceId::from_uuid_bytes)?),
            BW_ACTOR_LINK => Who::Link(self.id.one(bailiwick::LinkId::from_uuid_bytes)?),
            BW_ACTOR_PROVISIONER => Who::Provisioner,
            BW_ACTOR_SYSTEM => Who::System,
            other => return Err(Failure::of(code::BAD_VALUE, format!("there is no kind {other} of actor"))),
        })
    }
}

/// A permission of a catalog by its position.
#[inline(always)]
pub(crate) fn permission(catalog: &Catalog, position: u16) -> Result<Permission, Failure> {
    let found = u8::try_from(position).ok().and_then(|position| catalog.permission_at(position));
    match found {
        Some(permission) => Ok(permission),
        None => Err(no_permission(position)),
    }
}

#[cold]
fn no_permission(position: u16) -> Failure {
    Failure::of(code::UNKNOWN_NAME, format!("the catalog has no permission {position}"))
}

impl Set {
    fn positions(&self) -> impl Iterator<Item = u8> {
        let words = self.words;
        (0..=u8::MAX).filter(move |at| words.get(usize::from(at >> 6)).is_some_and(|word| word >> (at & 63) & 1 == 1))
    }

    /// The permissions of a catalog; one that it does not have is a mistake.
    pub(crate) fn permissions(&self, catalog: &Catalog) -> Result<PermissionSet, Failure> {
        self.positions().map(|at| permission(catalog, at.into())).collect()
    }

    fn features(&self, catalog: &Catalog) -> Result<FeatureSet, Failure> {
        let unknown = |at| Failure::of(code::UNKNOWN_NAME, format!("the catalog has no feature {at}"));
        self.positions().map(|at| catalog.feature_at(at).ok_or_else(|| unknown(at))).collect()
    }
}

/// Facts with the list that they refer to.
pub(crate) struct HeldFacts {
    facts: access::Facts<'static>,
    organizations: Vec<OrgId>,
}

impl HeldFacts {
    #[inline]
    pub(crate) fn facts(&self) -> access::Facts<'_> {
        access::Facts { organizations: &self.organizations, ..self.facts }
    }
}

impl Facts {
    /// Uses facts of the crate's. Where nothing but numbers is known, nothing is allocated.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        catalog: &Catalog,
        using: impl FnOnce(&access::Facts<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        if self.organization_count == 0 && self.provider == 0 && self.features.words == [0; 4] {
            return using(&self.plain());
        }
        using(&self.hold(catalog)?.facts())
    }

    #[inline]
    fn plain(&self) -> access::Facts<'static> {
        let mut facts = access::Facts::at(Timestamp::from_millis(self.now));
        facts.authenticated_at = (self.authenticated_at != 0).then_some(Timestamp::from_millis(self.authenticated_at));
        facts.second_factor = self.second_factor != 0;
        facts
    }

    /// The same, with the list that they refer to.
    pub(crate) fn hold(&self, catalog: &Catalog) -> Result<HeldFacts, Failure> {
        let mut facts = self.plain();
        if self.provider != 0 {
            let at = self.provider.checked_sub(1).and_then(|at| u8::try_from(at).ok());
            let provider = at.and_then(|at| catalog.provider_at(at));
            facts.provider = Some(provider.ok_or_else(|| {
                Failure::of(code::UNKNOWN_NAME, format!("the catalog has no identity provider {}", self.provider))
            })?);
        }
        if self.features.words != [0; 4] {
            facts.features = self.features.features(catalog)?;
        }
        let others = list(self.organizations, self.organization_count)?;
        let organizations: Result<Vec<OrgId>, Failure> =
            others.iter().map(|id| id.one(OrgId::from_uuid_bytes)).collect();
        Ok(HeldFacts { facts, organizations: organizations? })
    }
}

impl Context {
    /// Uses a context of the crate's.
    pub(crate) fn with<R>(
        &self,
        catalog: &Catalog,
        using: impl FnOnce(&change::Context<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let (actor, held) = (self.actor.who()?, self.facts.hold(catalog)?);
        let context = held.facts().by(actor);
        match self.command.maybe(CommandId::from_uuid_bytes) {
            Some(command) => using(&context.as_command(command)),
            None => using(&context),
        }
    }
}

impl Target {
    /// Uses a target of the crate's, about an organization of these tenants.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        tenants: &Engine,
        organization: OrgId,
        using: impl FnOnce(access::Target<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        match self.kind {
            BW_TARGET_ORGANIZATION => using(access::Target::Organization),
            BW_TARGET_WORKSPACE => using(access::Target::Workspace(self.workspace.one(WorkspaceId::from_uuid_bytes)?)),
            BW_TARGET_RESOURCE => {
                self.resource()?.with(tenants.catalog(), |resource| using(access::Target::Resource(resource)))
            }
            BW_TARGET_KEPT_RESOURCE => self.resource()?.with(tenants.catalog(), |resource| {
                let mut shares = tenants.shares_on(organization, resource)?;
                shares.extend_from_slice(resource.shares);
                using(access::Target::Resource(&access::Resource { shares: &shares, ..*resource }))
            }),
            other => Err(Failure::of(code::BAD_VALUE, format!("there is no kind {other} of target"))),
        }
    }

    fn resource(&self) -> Result<&Resource, Failure> {
        list(self.resource, 1)?.first().ok_or_else(|| Failure::plain(code::NULL))
    }
}

impl Resource {
    /// Uses a resource of the crate's.
    pub(crate) fn with<R>(
        &self,
        catalog: &Catalog,
        using: impl FnOnce(&access::Resource<'_>) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let containers = list(self.containers, self.container_count)?;
        let containers: Result<Vec<ResourceId>, Failure> =
            containers.iter().map(|id| id.one(ResourceId::from_uuid_bytes)).collect();
        let shares = list(self.shares, self.share_count)?;
        let shares: Result<Vec<access::Share>, Failure> = shares.iter().map(|share| share.share(catalog)).collect();
        let (containers, shares) = (containers?, shares?);
        using(&access::Resource {
            id: self.id.one(ResourceId::from_uuid_bytes)?,
            containers: &containers,
            workspace: self.workspace.maybe(WorkspaceId::from_uuid_bytes),
            personal_owner: self.owner.maybe(UserId::from_uuid_bytes),
            shares: &shares,
        })
    }
}

impl Share {
    fn share(&self, catalog: &Catalog) -> Result<access::Share, Failure> {
        Ok(access::Share {
            on: self.on.one(ResourceId::from_uuid_bytes)?,
            to: self.holder(catalog)?,
            level: self.level.permissions(catalog)?,
            until: (self.until != 0).then_some(Timestamp::from_millis(self.until)),
        })
    }

    fn holder(&self, catalog: &Catalog) -> Result<ShareHolder, Failure> {
        Ok(match self.kind {
            BW_SHARE_USER if self.joined == 0 => ShareHolder::User(self.to.one(UserId::from_uuid_bytes)?),
            BW_SHARE_USER => ShareHolder::Person {
                user: self.to.one(UserId::from_uuid_bytes)?,
                joined: Version::from_u64(self.joined),
            },
            BW_SHARE_GROUP => {
                let at = self.group.checked_sub(1).and_then(|at| u8::try_from(at).ok());
                let group = at.and_then(|at| catalog.group_at(at));
                ShareHolder::Group(group.ok_or_else(|| {
                    Failure::of(code::UNKNOWN_NAME, format!("the catalog has no group {}", self.group))
                })?)
            }
            BW_SHARE_TEAM => ShareHolder::Team(self.to.one(bailiwick::TeamId::from_uuid_bytes)?),
            BW_SHARE_MEMBERS => ShareHolder::Members,
            BW_SHARE_ORGANIZATION => ShareHolder::Organization(self.to.one(OrgId::from_uuid_bytes)?),
            BW_SHARE_LINK => ShareHolder::Link(self.to.one(bailiwick::LinkId::from_uuid_bytes)?),
            other => return Err(Failure::of(code::BAD_VALUE, format!("there is no kind {other} of share"))),
        })
    }
}
