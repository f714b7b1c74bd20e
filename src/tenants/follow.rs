//! Following: what other processes append, and how old an answer may be.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::vec::Vec;

use super::AsyncTenants;
use super::told::told;
use super::turn::Turns;
use crate::id::OrgId;
use crate::limits::FOLLOWED_TOGETHER_MAX;
use crate::store::{AsyncStore, Behind, Change, Cursor, StoreError, Stream};
use crate::version::Version;

/// How far the store was followed, and when.
#[derive(Debug)]
pub(super) struct Followed {
    turns: Arc<Turns>,
    cursor: Mutex<Option<Cursor>>,
    /// Only where answers may not be older than so much: whoever has no such bound needs no clock, and some platforms have none.
    age: Option<Age>,
}

/// How old an answer may be, and how old it would be.
#[derive(Debug)]
struct Age {
    max: Duration,
    begun: Instant,
    /// How long after the begin everything was known that was acknowledged by then.
    fresh: AtomicU64,
}

impl Age {
    fn at_most(max: Duration) -> Self {
        Self { max, begun: Instant::now(), fresh: AtomicU64::new(0) }
    }
}

impl Followed {
    pub(super) fn new(age_max: Option<Duration>) -> Self {
        Self { turns: Arc::default(), cursor: Mutex::new(None), age: age_max.map(Age::at_most) }
    }

    /// Whether an answer would not be older than it may be.
    #[inline]
    pub(super) fn is_fresh(&self) -> Result<(), StoreError> {
        let Some(Age { max, begun, fresh }) = &self.age else { return Ok(()) };
        let age = begun.elapsed().saturating_sub(Duration::from_nanos(fresh.load(Ordering::Acquire)));
        if age <= *max { Ok(()) } else { Err(StoreError::Stale(age)) }
    }

    /// How long after the begin it is, where that counts.
    fn elapsed(&self) -> Option<Duration> {
        self.age.as_ref().map(|age| age.begun.elapsed())
    }

    fn cursor(&self) -> Option<Cursor> {
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self, cursor: Cursor) {
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = Some(cursor);
    }

    fn fresh_since(&self, then: Option<Duration>) {
        if let (Some(age), Some(then)) = (&self.age, then) {
            age.fresh.fetch_max(u64::try_from(then.as_nanos()).unwrap_or(u64::MAX), Ordering::AcqRel);
        }
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::follow`](super::Tenants::follow).
    pub async fn follow(&self) -> Result<usize, StoreError> {
        told!("follow" {}, self.follow_on())
    }

    async fn follow_on(&self) -> Result<usize, StoreError> {
        let _turn = self.followed.turns.take().await;
        let then = self.followed.elapsed();
        let mut news = 0_usize;
        let mut cursor = match self.followed.cursor() {
            Some(cursor) => cursor,
            None => {
                let here = self.store.changes(None, 0).await?.cursor;
                news = news.saturating_add(self.catch_up_with_all().await?);
                self.followed.advance(here);
                here
            }
        };
        loop {
            let changes = self.store.changes(Some(cursor), FOLLOWED_TOGETHER_MAX).await?;
            for change in changes.changed {
                news = news.saturating_add(usize::from(self.take_in(change).await?));
            }
            cursor = changes.cursor;
            self.followed.advance(cursor);
            if changes.is_all {
                self.followed.fresh_since(then);
                return Ok(news);
            }
        }
    }

    /// As [`Tenants::at_least`](super::Tenants::at_least).
    pub async fn at_least(&self, organization: OrgId, wanted: Version) -> Result<Version, StoreError> {
        if let Some(known) = self.directory.version(organization).filter(|known| *known >= wanted) {
            return Ok(known);
        }
        let has = self.refresh(organization).await?.unwrap_or_default();
        if has >= wanted { Ok(has) } else { Err(Behind { organization, has, wanted }.into()) }
    }

    /// As [`Tenants::refresh`](super::Tenants::refresh).
    pub async fn refresh(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        let Some(turn) = self.cell_in_turn(organization).await? else { return Ok(None) };
        if self.catch_up(organization, &turn).await?.is_none() && self.is_erased(organization).await? {
            self.let_go(organization, &turn);
            return Ok(None);
        }
        self.refresh_ledger(organization).await?;
        let version = turn.kept.read().version();
        Ok(Some(version))
    }

    /// Takes a change in, if it is news about something that is loaded.
    async fn take_in(&self, change: Change) -> Result<bool, StoreError> {
        let Change { organization, stream, version } = change;
        match stream {
            Stream::Organization => {
                let Some(cell) = self.loaded(organization) else { return Ok(false) };
                if version > Version::ZERO && cell.read().version() >= version {
                    return Ok(false);
                }
                if version == Version::ZERO {
                    // Erased, and whatever is there by now under its id is another one; or something in it was replaced.
                    self.let_all_go(organization).await;
                    return Ok(true);
                }
                let Some(turn) = cell.turn().await else { return Ok(false) };
                let is_news = !self.catch_up(organization, &turn).await?.is_none();
                if !is_news && self.is_erased(organization).await? {
                    self.let_go(organization, &turn);
                }
                Ok(is_news)
            }
            Stream::Ledger => {
                let Some(cell) = self.loaded_ledger(organization) else { return Ok(false) };
                if cell.kept.read().version() >= version {
                    return Ok(false);
                }
                self.look_again(organization, &cell).await
            }
            Stream::Sheet(_) => Ok(false), // never kept
        }
    }

    /// Lets an organization and its ledger go, so that both are loaded anew.
    pub(super) async fn let_all_go(&self, organization: OrgId) {
        if let Some(cell) = self.loaded(organization) {
            if let Some(turn) = cell.turn().await {
                self.let_go(organization, &turn);
            }
        }
        if let Some(cell) = self.loaded_ledger(organization) {
            if let Some(turn) = cell.kept.turn().await {
                self.let_ledger_go(organization, &turn);
            }
        }
    }

    /// What was loaded before anybody followed may have changed since.
    async fn catch_up_with_all(&self) -> Result<usize, StoreError> {
        let loaded: Vec<OrgId> = self.cells.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        let mut news = 0_usize;
        for organization in loaded {
            let Some(cell) = self.loaded(organization) else { continue };
            let before = cell.read().version();
            let after = self.refresh(organization).await?;
            news = news.saturating_add(usize::from(after != Some(before)));
        }
        Ok(news)
    }
}
