//! Stores that are written in another language: what they are asked, as data, and what they say, looked at before it is believed.

use std::num::NonZeroU128;
use std::sync::Arc;

use bailiwick::change::Record as OrganizationRecord;
use bailiwick::ledger::Entry;
use bailiwick::sharing::ShareRecord;
use bailiwick::store::json::{Body, FORMAT, Line, lines_of, text_of};
use bailiwick::store::{
    Append as Appending, Appended, Batch, Change as Changed, Changes, Cursor, Key, Keys, Place as Where, Replacement,
    Store, StoreError, Stream as What, Written,
};
use bailiwick::{CommandId, LinkId, OrgId, ResourceId, Timestamp, Version};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A store that has only to answer. [`Outside`] makes a [`Store`] of it.
///
/// What each method is asked for is what the method of [`Store`] of the same name is asked for. Items beyond a limit, versions that do not follow,
/// places that are none: all of that may be answered, and is found.
pub trait Calls: Send + Sync {
    /// The records of a stream after a version, in order.
    ///
    /// # Errors
    /// Any; those of [`Trouble`] for all methods.
    fn records(&self, stream: &Stream, after: Version, limit: usize) -> Result<Vec<Kept>, Trouble>;

    /// Appends, and says what became of it.
    ///
    /// # Errors
    /// Any.
    fn append(&self, append: &Append) -> Result<Answer, Trouble>;

    /// Which versions an operation has made.
    ///
    /// # Errors
    /// Any but [`Trouble::Unknown`], for this and whatever else reads.
    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Versions>, Trouble>;

    /// Where a key leads.
    ///
    /// # Errors
    /// As above.
    fn find(&self, key: &str, within: Option<OrgId>, after: Option<Place>, limit: usize)
    -> Result<Vec<Place>, Trouble>;

    /// Counts uses of a link.
    ///
    /// # Errors
    /// Any.
    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, Trouble>;

    /// What was appended and erased.
    ///
    /// # Errors
    /// As above.
    fn changes(&self, after: Option<u64>, limit: usize) -> Result<News, Trouble>;

    /// Every organization.
    ///
    /// # Errors
    /// As above.
    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, Trouble>;

    /// The resources of an organization that have a sheet.
    ///
    /// # Errors
    /// As above.
    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, Trouble>;

    /// Puts records in the place of others.
    ///
    /// # Errors
    /// Any.
    fn replace(&self, stream: &Stream, records: &[Kept], beside: Option<&Beside>) -> Result<bool, Trouble>;

    /// Removes everything of an organization.
    ///
    /// # Errors
    /// Any.
    fn erase(&self, organization: OrgId) -> Result<(), Trouble>;
}

/// What kept a store from doing what it was asked.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Not done, may succeed if tried again.
    Retry(String),
    /// Done or not; of whatever writes.
    Unknown(String),
    /// Not done, and will not be.
    Fatal(String),
    /// It was answered with something that cannot be read.
    Unreadable(String),
}

/// One history of an organization.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Of which organization.
    pub organization: OrgId,
    /// Of what.
    pub kind: Kind,
    /// Of a sheet: of which resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
}

/// What a stream is of.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The organization itself.
    Organization,
    /// Its ledger.
    Ledger,
    /// The shares on one of its resources.
    Sheet,
}

/// A record as it is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Kept {
    /// The version that it makes.
    pub version: Version,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// What: to be given back byte by byte.
    pub text: String,
}

/// Where a key leads. Ordered by organization, resource and item.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// In which organization.
    pub organization: OrgId,
    /// On which resource.
    #[serde(default)]
    pub resource: Option<ResourceId>,
    /// Which invitation, service or share: an id of any of these.
    #[serde(default)]
    pub item: Option<ResourceId>,
}

/// One key that leads somewhere from now on, or does no longer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeyChange {
    /// The key: equal where keys are equal.
    pub key: String,
    /// Where it leads.
    pub place: Place,
    /// Whether it leads there from now on.
    pub added: bool,
    /// Whether it may lead to one place at the most.
    pub unique: bool,
}

/// What is to be appended to one stream.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Append {
    /// To which.
    pub stream: Stream,
    /// The version that it has to be at.
    pub expected: Version,
    /// The records in order.
    pub records: Vec<Kept>,
    /// The operation that they carry out.
    pub operation: Option<CommandId>,
    /// What it changes in the keys, those that are removed first.
    pub keys: Vec<KeyChange>,
}

/// What goes with a replacement.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Beside {
    /// The version that the stream has to be at.
    pub version: Version,
    /// What it changes in the keys.
    pub keys: Vec<KeyChange>,
}

/// Versions from one to another, both included.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// The first.
    pub from: Version,
    /// The last.
    pub to: Version,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is kept.
    Applied,
    /// The operation was carried out before.
    Replayed(Versions),
    /// The stream is at another version.
    Conflict,
    /// A unique key leads into another organization.
    Claimed(OrgId),
}

/// What has changed since somebody looked last.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// The streams.
    pub changed: Vec<Change>,
    /// Where to go on.
    pub cursor: u64,
    /// Whether that was all there was.
    pub is_all: bool,
}

/// A stream that has changed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which.
    pub stream: Stream,
    /// The version that it has now, or a later one; 0 when the organization was erased.
    pub version: Version,
}

/// A store outside, whose word is looked at.
#[derive(Debug)]
pub struct Outside<C>(C);

impl<C: Calls> Outside<C> {
    /// A store of it.
    #[must_use]
    pub const fn new(calls: C) -> Self {
        Self(calls)
    }

    /// The records of a stream, read. Whether one follows from another is for whoever replays them to see.
    fn decoded<T: DeserializeOwned + Versioned>(
        &self,
        organization: OrgId,
        stream: What,
        after: Version,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let kept = read(self.0.records(&Stream::of(organization, stream), after, limit))?;
        bounded(&kept, limit)?;
        let decoded = kept.iter().map(|Kept { version, text, .. }| {
            let record: T = Body { organization, stream, version: *version, format: FORMAT, text }.decode()?;
            if record.version() == *version { Ok(record) } else { Err(lied("a record is kept under another version")) }
        });
        decoded.collect()
    }
}

impl<C: Calls> Store for Outside<C> {
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
            let records = self.decoded(organization, What::Sheet(*resource), Version::ZERO, RECORDS_MAX)?;
            if !records.is_empty() {
                sheets.push((*resource, records));
            }
        }
        Ok(sheets)
    }

    fn append(&self, append: &Appending<'_>) -> Result<Appended, StoreError> {
        let asked = Append {
            stream: Stream::of(append.organization, append.batch.stream()),
            expected: append.expected,
            records: kept(&append.batch)?,
            operation: append.batch.operation(),
            keys: changes_of(append.keys),
        };
        match written(self.0.append(&asked))? {
            Answer::Applied => Ok(Appended::Applied),
            Answer::Conflict => Ok(Appended::Conflict),
            Answer::Claimed(by) => Ok(Appended::Claimed { by }),
            Answer::Replayed(versions) => versions.follow().map(Appended::Replayed).ok_or_else(|| unknown(BACKWARDS)),
        }
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        let Some(versions) = read(self.0.operation(organization, operation))? else { return Ok(None) };
        versions.follow().map(Some).ok_or_else(|| lied(BACKWARDS))
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Where>,
        limit: usize,
    ) -> Result<Vec<Where>, StoreError> {
        let places = read(self.0.find(&text_of(key), within, after.map(Place::from), limit))?;
        bounded(&places, limit)?;
        Ok(places.into_iter().map(Where::from).collect())
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        written(self.0.count_use(organization, link, uses, at_most))
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        let news = read(self.0.changes(after.map(Cursor::as_u64), limit))?;
        // About so many, says the trait: an erasure may come with what was made anew.
        bounded(&news.changed, limit.saturating_mul(2))?;
        let changed = news.changed.into_iter().map(Change::to).collect::<Result<_, _>>()?;
        Ok(Changes { changed, cursor: Cursor::from_u64(news.cursor), is_all: news.is_all })
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let ids = read(self.0.organizations(after, limit))?;
        bounded(&ids, limit)?;
        Ok(ids)
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        let ids = read(self.0.resources(organization, after, limit))?;
        bounded(&ids, limit)?;
        Ok(ids)
    }

    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let stream = Stream::of(replacement.organization, replacement.batch.stream());
        let records = kept(&replacement.batch)?;
        let beside = replacement.beside.map(|it| Beside { version: it.version, keys: changes_of(it.keys) });
        written(self.0.replace(&stream, &records, beside.as_ref()))
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        written(self.0.erase(organization))
    }
}

/// What makes a version.
trait Versioned {
    fn version(&self) -> Version;
}

impl Versioned for OrganizationRecord {
    fn version(&self) -> Version {
        self.version
    }
}

impl Versioned for Entry {
    fn version(&self) -> Version {
        self.version
    }
}

impl Versioned for ShareRecord {
    fn version(&self) -> Version {
        self.version
    }
}

/// Sheets are read as a whole; this is no bound but a number that every language has.
const RECORDS_MAX: usize = u32::MAX as usize;
const BACKWARDS: &str = "an operation that begins after its end";

impl Versions {
    /// Whether they are versions that something can have made.
    fn follow(self) -> Option<Written> {
        (Version::ZERO < self.from && self.from <= self.to).then_some(Written { from: self.from, to: self.to })
    }
}

impl Stream {
    const fn of(organization: OrgId, stream: What) -> Self {
        match stream {
            What::Organization => Self { organization, kind: Kind::Organization, resource: None },
            What::Ledger => Self { organization, kind: Kind::Ledger, resource: None },
            What::Sheet(resource) => Self { organization, kind: Kind::Sheet, resource: Some(resource) },
        }
    }
}

impl From<Line> for Kept {
    fn from(line: Line) -> Self {
        Self { version: line.version, at: Some(line.at), text: line.text }
    }
}

impl From<Where> for Place {
    fn from(place: Where) -> Self {
        let Where { organization, resource, item } = place;
        Self { organization, resource, item: item.map(ResourceId::from_bits) }
    }
}

impl From<Place> for Where {
    fn from(place: Place) -> Self {
        let Place { organization, resource, item } = place;
        Self { organization, resource, item: item.and_then(|id| NonZeroU128::new(id.as_u128())) }
    }
}

impl Change {
    fn to(self) -> Result<Changed, StoreError> {
        let stream = match (self.stream.kind, self.stream.resource) {
            (Kind::Organization, _) => What::Organization,
            (Kind::Ledger, _) => What::Ledger,
            (Kind::Sheet, Some(resource)) => What::Sheet(resource),
            (Kind::Sheet, None) => return Err(lied("a change of a sheet of nothing")),
        };
        Ok(Changed { organization: self.stream.organization, stream, version: self.version })
    }
}

fn kept(batch: &Batch<'_>) -> Result<Vec<Kept>, StoreError> {
    Ok(lines_of(batch)?.into_iter().map(Kept::from).collect())
}

fn changes_of(keys: &Keys) -> Vec<KeyChange> {
    let change = |(key, place): &(Key, Where), added| KeyChange {
        key: text_of(key),
        place: (*place).into(),
        added,
        unique: key.is_unique(),
    };
    let removed = keys.removed.iter().map(|it| change(it, false));
    removed.chain(keys.added.iter().map(|it| change(it, true))).collect()
}

fn bounded<T>(items: &[T], limit: usize) -> Result<(), StoreError> {
    if items.len() <= limit { Ok(()) } else { Err(lied("it answered with more than it was asked for")) }
}

/// What came of something that reads: whatever it says of having written is a lie.
fn read<T>(answer: Result<T, Trouble>) -> Result<T, StoreError> {
    answer.map_err(|trouble| match trouble {
        Trouble::Retry(text) => StoreError::Retry(Box::from(text)),
        Trouble::Fatal(text) => StoreError::Fatal(Box::from(text)),
        Trouble::Unknown(text) | Trouble::Unreadable(text) => lied(&text),
    })
}

/// What came of something that writes. Nobody knows what a store has done that says nothing of it that can be read.
fn written<T>(answer: Result<T, Trouble>) -> Result<T, StoreError> {
    match answer {
        Err(Trouble::Unknown(text)) => Err(StoreError::Unknown(Box::from(text))),
        Err(Trouble::Unreadable(text)) => Err(unknown(&text)),
        other => read(other),
    }
}

fn lied(what: &str) -> StoreError {
    StoreError::Fatal(Box::from(format!("the store cannot be believed: {what}")))
}

fn unknown(what: &str) -> StoreError {
    StoreError::Unknown(Box::from(format!("the store cannot be believed: {what}")))
}
