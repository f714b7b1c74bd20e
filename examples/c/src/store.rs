//! A store of the caller's: a table of functions that the library calls.

use std::ffi::c_void;
use std::mem;
use std::num::NonZeroU128;
use std::sync::Arc;

use bailiwick::change::Record as OrganizationRecord;
use bailiwick::ledger::Entry;
use bailiwick::sharing::ShareRecord;
use bailiwick::store::json::{lines_of, text_of, Body, FORMAT};
use bailiwick::store::{
    Append as Appending, Appended, Changes, Cursor, Key, Keys, Place as Where, Replacement as Replacing, Store,
    StoreError, Stream as What, Written,
};
use bailiwick::{CommandId, LinkId, OrgId, ResourceId, Version};
use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;
use serde::de::DeserializeOwned;

use crate::code::{Code, BW_STORE_FATAL, BW_STORE_RETRY, BW_STORE_UNKNOWN};
use crate::door;
use crate::reply::{Items, Reply, ReplyHandle};
use crate::value::{Id, Str};

/// Of the organization itself.
pub const BW_STREAM_ORGANIZATION: u32 = 0;
/// Of its ledger.
pub const BW_STREAM_LEDGER: u32 = 1;
/// Of the shares on one of its resources.
pub const BW_STREAM_SHEET: u32 = 2;

/// One history of an organization, with versions of its own that begin at 1.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    /// Of which organization.
    pub organization: Id,
    /// One of `BW_STREAM_…`.
    pub kind: u32,
    /// Of a sheet: of which resource. Zeros otherwise.
    pub resource: Id,
}

/// One record to be kept.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The version that it makes.
    pub version: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    /// What: to be given back byte by byte. JSON, which a store may look into and need not.
    pub text: Str,
}

/// Where a key leads. Ordered by organization, resource and item, each as 16 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// In which organization.
    pub organization: Id,
    /// On which resource; zeros for none.
    pub resource: Id,
    /// Which invitation, service or share; zeros for the organization itself.
    pub item: Id,
}

/// One key that leads somewhere from now on, or does no longer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct KeyChange {
    /// The key: at most some 700 bytes, equal where keys are equal.
    pub key: Str,
    /// Where it leads.
    pub place: Place,
    /// 1 when it leads there from now on, 0 when it does no longer.
    pub added: u8,
    /// 1 when it may lead to one place at the most, in all organizations.
    pub unique: u8,
}

/// What is to be appended to one stream: all of it or nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Append {
    /// To which stream.
    pub stream: Stream,
    /// The version that the stream has to be at: that of its last record, 0 where there is none.
    pub expected: u64,
    /// The records, at least one, in order.
    pub(crate) records: *const Record,
    /// How many.
    pub record_count: usize,
    /// The operation that they carry out; zeros for none.
    pub operation: Id,
    /// What it changes in the keys, those that are removed first.
    pub(crate) keys: *const KeyChange,
    /// How many.
    pub key_count: usize,
}

/// What comes in the place of records that were never to be kept: all of it or nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Replacement {
    /// In which stream.
    pub stream: Stream,
    /// The records, each in the place of the one that has its version; a version that is not there stays away. There can be none.
    pub(crate) records: *const Record,
    /// How many.
    pub record_count: usize,
    /// 1 when keys change as well, and the stream has to be at `expected` for it.
    pub has_keys: u8,
    /// The version that the stream has to be at then.
    pub expected: u64,
    /// What changes in the keys, those that are removed first. A unique one that leads somewhere else is not taken from there.
    pub(crate) keys: *const KeyChange,
    /// How many.
    pub key_count: usize,
}

/// It is kept.
pub const BW_APPENDED: u32 = 0;
/// The operation was carried out before, as versions `from` to `to`; nothing was kept now.
pub const BW_APPEND_REPLAYED: u32 = 1;
/// The stream is at another version; nothing was kept.
pub const BW_APPEND_CONFLICT: u32 = 2;
/// A unique key leads somewhere else, into organization `by`; nothing was kept.
pub const BW_APPEND_CLAIMED: u32 = 3;

/// What became of an append.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct AppendAnswer {
    /// One of `BW_APPEND…`.
    pub what: u32,
    /// The first version of what was replayed.
    pub from: u64,
    /// The last.
    pub to: u64,
    /// Into which organization a unique key leads.
    pub by: Id,
}

/// A stream that has changed.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// Which.
    pub stream: Stream,
    /// The version that it has now, or a later one; 0 when the organization was erased, or something in it was replaced.
    pub version: u64,
}

/// A store of the caller's.
///
/// Every function is called by any thread, several at once, with `user` as its first argument. It answers with `BW_OK`,
/// or with what became of it: `BW_STORE_RETRY` (not done, may succeed if tried again), `BW_STORE_UNKNOWN` (only when it writes: done or not),
/// `BW_STORE_FATAL` (not done, and will not be); any other answer is taken for `BW_STORE_FATAL`. What it is handed lives until it returns. It must
/// not unwind or jump out, must not call the library but for `bw_reply_…`, and must not wait for a thread that gives a handle back.
/// Where a limit is given it replies with so many at most, and with fewer only where there are no more. What it replies is read before it is
/// believed: what does not follow from what is before it is `BW_STORE_FATAL`.
///
/// What all of it together has to keep: an append is there as a whole or not at all, and only at the version that it expects; it is read back, without
/// a gap and in order, by whoever asks after it was answered; a unique key leads to one place however many race for it; an operation is carried out once.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct StoreCalls {
    /// `sizeof(bw_store_calls)`.
    pub size: usize,
    /// Handed to every function.
    pub(crate) user: *mut c_void,
    /// Called once, when the last handle of the tenants and the last access were given back; no function is called after it. May be `NULL`.
    pub(crate) drop: Option<unsafe extern "C" fn(user: *mut c_void)>,
    /// Replies with the records of a stream after a version, in order: `bw_reply_record`. None of a stream that there is not.
    pub(crate) records: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            stream: *const Stream,
            after: u64,
            limit: usize,
            reply: ReplyHandle,
        ) -> Code,
    >,
    /// Appends, and says in `answer` what became of it. What holds first is the answer: the operation was carried out before in this
    /// organization, the stream is at another version, a unique key that is added leads somewhere else (and is not removed from there by the
    /// same append). Keys that are removed are removed first; one that leads somewhere else stays.
    pub(crate) append:
        Option<unsafe extern "C" fn(user: *mut c_void, append: *const Append, answer: *mut AppendAnswer) -> Code>,
    /// Says in `from` and `to` which versions an operation has made of an organization; leaves both 0 where there was none.
    pub(crate) operation: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            organization: *const Id,
            operation: *const Id,
            from: *mut u64,
            to: *mut u64,
        ) -> Code,
    >,
    /// Replies with where a key leads, in one organization or in all (`within` is `NULL`), in the order of places, beginning after one (or at
    /// the first, `after` is `NULL`): `bw_reply_place`.
    pub(crate) find: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            key: Str,
            within: *const Id,
            after: *const Place,
            limit: usize,
            reply: ReplyHandle,
        ) -> Code,
    >,
    /// Counts so many more uses of a link of an organization, unless there would be more than `at_most`, and says in `before` how many there were
    /// before. Of two that race for the last one, one counts.
    pub(crate) count_use: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            organization: *const Id,
            link: *const Id,
            uses: u32,
            at_most: u32,
            before: *mut u32,
        ) -> Code,
    >,
    /// Replies with what was appended to and erased since a cursor, and with the cursor to go on from: `bw_reply_change` and `bw_reply_cursor`.
    /// Where `after` is `NULL` only with where the store is now. What was acknowledged before is among it; a stream may be among it again.
    pub(crate) changes:
        Option<unsafe extern "C" fn(user: *mut c_void, after: *const u64, limit: usize, reply: ReplyHandle) -> Code>,
    /// Replies with every organization, in the order of ids, beginning after one (`NULL` from the first): `bw_reply_id`.
    pub(crate) organizations:
        Option<unsafe extern "C" fn(user: *mut c_void, after: *const Id, limit: usize, reply: ReplyHandle) -> Code>,
    /// Replies with the resources of an organization that have a sheet, in the same way.
    pub(crate) resources: Option<
        unsafe extern "C" fn(
            user: *mut c_void,
            organization: *const Id,
            after: *const Id,
            limit: usize,
            reply: ReplyHandle,
        ) -> Code,
    >,
    /// Puts records in the place of others, and says in `done` 1 when it did; 0 where the stream is at another version than the one that the
    /// keys are of, and nothing was done. Whoever follows hears of it as of an erasure, also where there are no records.
    pub(crate) replace:
        Option<unsafe extern "C" fn(user: *mut c_void, replacement: *const Replacement, done: *mut u8) -> Code>,
    /// Removes everything of an organization, its keys too, for ever. One that is not there is erased already.
    pub(crate) erase: Option<unsafe extern "C" fn(user: *mut c_void, organization: *const Id) -> Code>,
}

/// The functions, each of which is there.
#[derive(Clone, Copy)]
pub(crate) struct Checked {
    calls: StoreCalls,
}

/// A store that calls back.
pub(crate) struct CallbackStore {
    calls: StoreCalls,
}

// SAFETY: the library only hands `user` on; that its functions can be called by any thread, and several at once, is what the header asks of them.
unsafe impl Send for CallbackStore {}
// SAFETY: as above.
unsafe impl Sync for CallbackStore {}

impl StoreCalls {
    /// Whether it is of this header, and no function is missing.
    pub(crate) fn checked(&self) -> Result<Checked, Failure> {
        if self.size != mem::size_of::<Self>() {
            let wanted = mem::size_of::<Self>();
            return Err(Failure::of(
                code::BAD_LENGTH,
                format!("a table of {} bytes; those of this library have {wanted}", self.size),
            ));
        }
        let there = [
            self.records.is_some(),
            self.append.is_some(),
            self.operation.is_some(),
            self.find.is_some(),
            self.count_use.is_some(),
            self.changes.is_some(),
            self.organizations.is_some(),
            self.resources.is_some(),
            self.replace.is_some(),
            self.erase.is_some(),
        ];
        match there.into_iter().all(|there| there) {
            true => Ok(Checked { calls: *self }),
            false => Err(Failure::of(code::NULL, "a function of the store is missing")),
        }
    }
}

impl CallbackStore {
    pub(crate) fn over(checked: Checked) -> Self {
        Self { calls: checked.calls }
    }

    /// The records of a stream, as texts.
    fn texts(&self, stream: &Stream, after: Version, limit: usize) -> Result<Vec<(u64, String)>, StoreError> {
        let records = self.calls.records.ok_or_else(missing)?;
        let (code, items) = replied(Reply::of(Items::Records(Vec::new()), limit, |reply| {
            // SAFETY: the function and `user` are of one table, whose owner keeps them until `drop`; what is lent lives as long as the call.
            unsafe { records(self.calls.user, stream, after.as_u64(), limit, reply) }
        }))?;
        read(code)?;
        match items {
            Items::Records(records) => Ok(records),
            _ => Err(missing()),
        }
    }

    /// The records of a stream, read.
    fn decoded<T: DeserializeOwned>(
        &self,
        organization: OrgId,
        stream: What,
        after: Version,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let texts = self.texts(&Stream::of(organization, stream), after, limit)?;
        let decoded = texts.iter().map(|(version, text)| {
            let version = Version::from_u64(*version);
            Body { organization, stream, version, format: FORMAT, text }.decode::<T>()
        });
        Ok(decoded.collect::<Result<_, _>>()?)
    }

    /// The ids that a function replies with.
    fn ids(&self, limit: usize, call: impl FnOnce(ReplyHandle) -> Code) -> Result<Vec<NonZeroU128>, StoreError> {
        let (code, items) = replied(Reply::of(Items::Ids(Vec::new()), limit, call))?;
        read(code)?;
        let Items::Ids(ids) = items else { return Err(missing()) };
        ids.into_iter().map(|id| bits(id).ok_or_else(|| lied("it replied with an id of zeros"))).collect()
    }
}

impl Drop for CallbackStore {
    fn drop(&mut self) {
        if let Some(drop) = self.calls.drop {
            // SAFETY: as for every function; this is the last one.
            door::outside(|| unsafe { drop(self.calls.user) });
        }
    }
}

impl Store for CallbackStore {
    fn records(
        &self,
        organization: OrgId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<OrganizationRecord>, StoreError> {
        self.decoded(organization, What::Organization, after, limit)
    }

    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        let entries: Vec<Entry> = self.decoded(organization, What::Ledger, after, limit)?;
        Ok(entries.into_iter().map(Arc::new).collect())
    }

    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let mut sheets = Vec::new();
        for resource in resources {
            let records = self.decoded(organization, What::Sheet(*resource), Version::ZERO, usize::MAX)?;
            if !records.is_empty() {
                sheets.push((*resource, records));
            }
        }
        Ok(sheets)
    }

    fn append(&self, append: &Appending<'_>) -> Result<Appended, StoreError> {
        let call = self.calls.append.ok_or_else(missing)?;
        let lines = lines_of(&append.batch)?;
        let records: Vec<Record> = lines.iter().map(Record::of).collect();
        let named = named(append.keys);
        let keys: Vec<KeyChange> = named.iter().map(KeyChange::lent).collect();
        let asked = Append {
            stream: Stream::of(append.organization, append.batch.stream()),
            expected: append.expected.as_u64(),
            records: records.as_ptr(),
            record_count: records.len(),
            operation: append.batch.operation().map_or(Id::default(), |id| Id::of(id.to_uuid_bytes())),
            keys: keys.as_ptr(),
            key_count: keys.len(),
        };
        // What is left untouched means nothing.
        let mut answer = AppendAnswer { what: u32::MAX, from: 0, to: 0, by: Id::default() };
        let at: *mut AppendAnswer = &mut answer;
        // SAFETY: the function and `user` are of one table, whose owner keeps them until `drop`; what is lent lives as long as the call.
        let code = door::outside(|| unsafe { call(self.calls.user, &asked, at) });
        written(code)?;
        answer.appended()
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        let call = self.calls.operation.ok_or_else(missing)?;
        let (organization, operation) = (Id::of(organization.to_uuid_bytes()), Id::of(operation.to_uuid_bytes()));
        let (mut from, mut to) = (0, 0);
        let (from_at, to_at): (*mut u64, *mut u64) = (&mut from, &mut to);
        // SAFETY: as in `append`.
        let code = door::outside(|| unsafe { call(self.calls.user, &organization, &operation, from_at, to_at) });
        read(code)?;
        match (from, to) {
            (0, 0) => Ok(None),
            (from, to) if from == 0 || to < from => Err(lied("an operation that begins after its end")),
            (from, to) => Ok(Some(Written { from: Version::from_u64(from), to: Version::from_u64(to) })),
        }
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Where>,
        limit: usize,
    ) -> Result<Vec<Where>, StoreError> {
        let call = self.calls.find.ok_or_else(missing)?;
        let key = text_of(key);
        let within = within.map(|id| Id::of(id.to_uuid_bytes()));
        let after: Option<Place> = after.map(Place::from);
        let (code, items) = replied(Reply::of(Items::Places(Vec::new()), limit, |reply| {
            let (within, after) = (pointer(within.as_ref()), pointer(after.as_ref()));
            // SAFETY: as in `append`.
            unsafe { call(self.calls.user, Str::lent(&key), within, after, limit, reply) }
        }))?;
        read(code)?;
        let Items::Places(places) = items else { return Err(missing()) };
        places.into_iter().map(Place::to).collect()
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        let call = self.calls.count_use.ok_or_else(missing)?;
        let (organization, link) = (Id::of(organization.to_uuid_bytes()), Id::of(link.to_uuid_bytes()));
        let mut before = u32::MAX;
        let at: *mut u32 = &mut before;
        // SAFETY: as in `append`.
        let code = door::outside(|| unsafe { call(self.calls.user, &organization, &link, uses, at_most, at) });
        written(code)?;
        Ok(before)
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        let call = self.calls.changes.ok_or_else(missing)?;
        let after = after.map(Cursor::as_u64);
        let nothing = Items::Changes { changed: Vec::new(), cursor: None };
        // About so many, says the trait: an erasure may come with what was made anew.
        let (code, items) = replied(Reply::of(nothing, limit.saturating_mul(2), |reply| {
            // SAFETY: as in `append`.
            unsafe { call(self.calls.user, pointer(after.as_ref()), limit, reply) }
        }))?;
        read(code)?;
        let Items::Changes { changed, cursor } = items else { return Err(missing()) };
        let (cursor, is_all) = cursor.ok_or_else(|| lied("it replied without a cursor"))?;
        let changed = changed.into_iter().map(Change::to).collect::<Result<_, _>>()?;
        Ok(Changes { changed, cursor: Cursor::from_u64(cursor), is_all })
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let call = self.calls.organizations.ok_or_else(missing)?;
        let after = after.map(|id| Id::of(id.to_uuid_bytes()));
        let ids = self.ids(limit, |reply| {
            // SAFETY: as in `append`.
            unsafe { call(self.calls.user, pointer(after.as_ref()), limit, reply) }
        });
        Ok(ids?.into_iter().map(OrgId::from_bits).collect())
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        let call = self.calls.resources.ok_or_else(missing)?;
        let organization = Id::of(organization.to_uuid_bytes());
        let after = after.map(|id| Id::of(id.to_uuid_bytes()));
        let ids = self.ids(limit, |reply| {
            // SAFETY: as in `append`.
            unsafe { call(self.calls.user, &organization, pointer(after.as_ref()), limit, reply) }
        });
        Ok(ids?.into_iter().map(ResourceId::from_bits).collect())
    }

    fn replace(&self, replacement: &Replacing<'_>) -> Result<bool, StoreError> {
        let call = self.calls.replace.ok_or_else(missing)?;
        let lines = lines_of(&replacement.batch)?;
        let records: Vec<Record> = lines.iter().map(Record::of).collect();
        let named = replacement.beside.map(|beside| named(beside.keys)).unwrap_or_default();
        let keys: Vec<KeyChange> = named.iter().map(KeyChange::lent).collect();
        let asked = Replacement {
            stream: Stream::of(replacement.organization, replacement.batch.stream()),
            records: records.as_ptr(),
            record_count: records.len(),
            has_keys: u8::from(replacement.beside.is_some()),
            expected: replacement.beside.map_or(0, |beside| beside.version.as_u64()),
            keys: keys.as_ptr(),
            key_count: keys.len(),
        };
        let mut done = u8::MAX;
        let at: *mut u8 = &mut done;
        // SAFETY: as in `append`.
        written(door::outside(|| unsafe { call(self.calls.user, &asked, at) }))?;
        match done {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(unknown("it does not say whether it has replaced anything")),
        }
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        let call = self.calls.erase.ok_or_else(missing)?;
        let organization = Id::of(organization.to_uuid_bytes());
        // SAFETY: as in `append`.
        written(door::outside(|| unsafe { call(self.calls.user, &organization) }))
    }
}

/// A change of a key whose text is its own, to be lent.
type Named = (String, u8, u8, Place);

/// Those that are removed first.
fn named(keys: &Keys) -> Vec<Named> {
    let (removed, added) = (keys.removed.iter(), keys.added.iter());
    removed
        .map(|change| (change, 0))
        .chain(added.map(|change| (change, 1)))
        .map(|((key, place), added)| (text_of(key), added, u8::from(key.is_unique()), (*place).into()))
        .collect()
}

impl KeyChange {
    fn lent((key, added, unique, place): &Named) -> Self {
        Self { key: Str::lent(key), place: *place, added: *added, unique: *unique }
    }
}

impl Record {
    fn of(line: &bailiwick::store::json::Line) -> Self {
        Self { version: line.version.as_u64(), at: line.at.as_millis(), text: Str::lent(&line.text) }
    }
}

impl Stream {
    fn of(organization: OrgId, stream: What) -> Self {
        let (kind, resource) = match stream {
            What::Organization => (BW_STREAM_ORGANIZATION, Id::default()),
            What::Ledger => (BW_STREAM_LEDGER, Id::default()),
            What::Sheet(resource) => (BW_STREAM_SHEET, Id::of(resource.to_uuid_bytes())),
        };
        Self { organization: Id::of(organization.to_uuid_bytes()), kind, resource }
    }
}

impl From<Where> for Place {
    fn from(place: Where) -> Self {
        Self {
            organization: Id::of(place.organization.to_uuid_bytes()),
            resource: place.resource.map_or(Id::default(), |id| Id::of(id.to_uuid_bytes())),
            item: place.item.map_or(Id::default(), |bits| Id::of_bits(bits.get())),
        }
    }
}

impl Place {
    fn to(self) -> Result<Where, StoreError> {
        let organization = bits(self.organization).ok_or_else(|| lied("it replied with a place nowhere"))?;
        let resource = bits(self.resource).map(ResourceId::from_bits);
        Ok(Where { organization: OrgId::from_bits(organization), resource, item: bits(self.item) })
    }
}

impl Change {
    fn to(self) -> Result<bailiwick::store::Change, StoreError> {
        let organization = bits(self.stream.organization).ok_or_else(|| lied("it replied with a change of nothing"))?;
        let stream = match (self.stream.kind, bits(self.stream.resource)) {
            (BW_STREAM_ORGANIZATION, _) => What::Organization,
            (BW_STREAM_LEDGER, _) => What::Ledger,
            (BW_STREAM_SHEET, Some(resource)) => What::Sheet(ResourceId::from_bits(resource)),
            _ => return Err(lied("it replied with a change of no stream")),
        };
        let organization = OrgId::from_bits(organization);
        Ok(bailiwick::store::Change { organization, stream, version: Version::from_u64(self.version) })
    }
}

impl AppendAnswer {
    fn appended(&self) -> Result<Appended, StoreError> {
        match self.what {
            BW_APPENDED => Ok(Appended::Applied),
            BW_APPEND_REPLAYED if self.from > 0 && self.from <= self.to => {
                Ok(Appended::Replayed(Written { from: Version::from_u64(self.from), to: Version::from_u64(self.to) }))
            }
            BW_APPEND_CONFLICT => Ok(Appended::Conflict),
            BW_APPEND_CLAIMED => {
                let by = bits(self.by).ok_or_else(|| unknown("it was claimed by nobody"))?;
                Ok(Appended::Claimed { by: OrgId::from_bits(by) })
            }
            // Nobody knows what a store has done that says nothing of it.
            _ => Err(unknown("it was answered with nothing that can become of an append")),
        }
    }
}

fn bits(id: Id) -> Option<NonZeroU128> {
    NonZeroU128::new(u128::from_be_bytes(id.bytes))
}

fn pointer<T>(value: Option<&T>) -> *const T {
    value.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// What became of a function that reads: whatever it says of having written is a lie.
fn read(code: Code) -> Result<(), StoreError> {
    match code {
        0 => Ok(()),
        BW_STORE_RETRY => Err(StoreError::Retry(Box::from("the callback asks to try again"))),
        BW_STORE_FATAL => Err(StoreError::Fatal(Box::from("the callback failed"))),
        other => Err(lied(&format!("it answered with {other}"))),
    }
}

/// What became of a function that writes.
fn written(code: Code) -> Result<(), StoreError> {
    match code {
        BW_STORE_UNKNOWN => Err(unknown("it does not know whether it was done")),
        other => read(other),
    }
}

fn replied(reply: Result<(Code, Items), Failure>) -> Result<(Code, Items), StoreError> {
    reply.map_err(|failure| StoreError::Retry(Box::from(failure.text)))
}

fn lied(what: &str) -> StoreError {
    StoreError::Fatal(Box::from(format!("the callback cannot be believed: {what}")))
}

fn unknown(what: &str) -> StoreError {
    StoreError::Unknown(Box::from(format!("the callback cannot be believed: {what}")))
}

fn missing() -> StoreError {
    lied("it is missing")
}
