//! The table of handles: what was given out, found by number.
//!
//! A handle is a position, a generation and a kind in 64 bits. Each position has a lock of its own: whoever uses what is there holds it for
//! reading, so that giving it back waits until nobody does. A generation is never used twice, and a position whose generations are used up
//! is not used again. What an access allows lies beside the lock and is read without it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use bailiwick::catalog::Catalog;
use bailiwick::store::Store;
use bailiwick::Tenants;
use bailiwick_bridge::books::Books;
use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;

use crate::access::Resolved;
use crate::reply::Reply;

/// A number that stands for something of the library's. 0 stands for nothing.
pub type Handle = u64;

/// Every organization, over whichever store.
pub(crate) type Engine = Tenants<Arc<dyn Store>>;

/// What a handle stands for.
pub(crate) enum Thing {
    Catalog(Arc<Catalog>),
    Tenants(Arc<Engine>),
    Access(Box<Resolved>),
    Books(Box<Mutex<Books>>),
    Text(Box<[u8]>),
    Reply(Reply),
}

/// Which kind of thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Kind {
    Catalog = 1,
    Tenants = 2,
    Access = 3,
    Books = 4,
    Text = 5,
    Reply = 6,
}

impl Thing {
    const fn kind(&self) -> Kind {
        match self {
            Self::Catalog(_) => Kind::Catalog,
            Self::Tenants(_) => Kind::Tenants,
            Self::Access(_) => Kind::Access,
            Self::Books(_) => Kind::Books,
            Self::Text(_) => Kind::Text,
            Self::Reply(_) => Kind::Reply,
        }
    }
}

const CHUNKS: usize = 4_096;
const SLOTS: usize = 1_024;
const INDEX_BITS: u32 = 24;
const KIND_SHIFT: u32 = 56;
const INDEX_MASK: u64 = (1 << INDEX_BITS) - 1;

/// One position. On lines of its own, so that what one thread does with its handles is nothing to the others.
#[repr(align(128))]
struct Slot {
    /// The handle that is out, or 0.
    handle: AtomicU64,
    /// What an access allows.
    allowed: [AtomicU64; 4],
    thing: RwLock<Option<Thing>>,
}

#[derive(Default)]
struct Free {
    /// Positions that were given back, with the generation that comes next.
    positions: Vec<(u64, u32)>,
    used: u64,
}

static TABLE: [OnceLock<Box<[Slot]>>; CHUNKS] = [const { OnceLock::new() }; CHUNKS];
static FREE: Mutex<Free> = Mutex::new(Free { positions: Vec::new(), used: 0 });

/// Gives out a handle.
pub(crate) fn put(thing: Thing) -> Result<Handle, Failure> {
    put_with(thing, [0; 4])
}

/// Gives out the handle of an access that allows so much.
pub(crate) fn put_with(thing: Thing, allowed: [u64; 4]) -> Result<Handle, Failure> {
    let (position, generation) = vacant().ok_or_else(|| Failure::plain(code::TOO_MANY_HANDLES))?;
    let chunk = TABLE.get(chunk_of(position)).ok_or_else(|| Failure::plain(code::TOO_MANY_HANDLES))?;
    let slots = chunk.get_or_init(|| (0..SLOTS).map(|_| Slot::vacant()).collect());
    let slot = slots.get(slot_of(position)).ok_or_else(|| Failure::plain(code::TOO_MANY_HANDLES))?;
    let handle = (u64::from(thing.kind() as u8) << KIND_SHIFT) | (u64::from(generation) << INDEX_BITS) | position;
    let mut place = slot.thing.write().unwrap_or_else(PoisonError::into_inner);
    // Whoever reads a bit of these reads after it that the handle before is no longer out.
    slot.allowed.iter().zip(allowed).for_each(|(word, bits)| word.store(bits, Ordering::Release));
    *place = Some(thing);
    slot.handle.store(handle, Ordering::Release);
    Ok(handle)
}

/// Uses what a handle stands for; it stays there as long.
#[inline]
pub(crate) fn with<R>(handle: Handle, kind: Kind, using: impl FnOnce(&Thing) -> Option<R>) -> Result<R, Failure> {
    let Some(slot) = found(handle) else { return Err(missing(handle)) };
    let place = slot.thing.read().unwrap_or_else(PoisonError::into_inner);
    let thing = place.as_ref().filter(|_| slot.handle.load(Ordering::Acquire) == handle);
    let Some(thing) = thing else { return Err(missing(handle)) };
    if thing.kind() != kind {
        return Err(wrong_kind(thing.kind(), kind));
    }
    using(thing).ok_or_else(|| wrong_kind(thing.kind(), kind))
}

/// Uses a catalog.
pub(crate) fn catalog<R>(handle: Handle, using: impl FnOnce(&Arc<Catalog>) -> R) -> Result<R, Failure> {
    with(handle, Kind::Catalog, |thing| match thing {
        Thing::Catalog(catalog) => Some(using(catalog)),
        _ => None,
    })
}

/// Uses tenants.
#[inline]
pub(crate) fn tenants<R>(handle: Handle, using: impl FnOnce(&Arc<Engine>) -> R) -> Result<R, Failure> {
    with(handle, Kind::Tenants, |thing| match thing {
        Thing::Tenants(tenants) => Some(using(tenants)),
        _ => None,
    })
}

/// Takes back a handle, and what it stood for; waits until nobody uses that.
pub(crate) fn take(handle: Handle) -> Result<Thing, Failure> {
    let slot = found(handle).ok_or_else(|| missing(handle))?;
    let mut place = slot.thing.write().unwrap_or_else(PoisonError::into_inner);
    if slot.handle.load(Ordering::Acquire) != handle {
        return Err(Failure::plain(code::NO_HANDLE));
    }
    slot.handle.store(0, Ordering::Release);
    let thing = place.take();
    drop(place);
    let generation = u32::try_from((handle >> INDEX_BITS) & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    if let Some(next) = generation.checked_add(1) {
        free().positions.push((handle & INDEX_MASK, next));
    }
    thing.ok_or_else(|| Failure::plain(code::NO_HANDLE))
}

/// Whether an access allows something: without a lock, and no for whatever is no access.
#[inline]
pub(crate) fn allows(handle: Handle, permission: u16) -> bool {
    let Some(slot) = found(handle) else { return false };
    if handle >> KIND_SHIFT != u64::from(Kind::Access as u8) || slot.handle.load(Ordering::Acquire) != handle {
        return false;
    }
    let Some(word) = slot.allowed.get(usize::from(permission >> 6)) else { return false };
    let bits = word.load(Ordering::Acquire);
    // Still out, so the bits were its own.
    slot.handle.load(Ordering::Relaxed) == handle && bits >> (permission & 63) & 1 == 1
}

impl Slot {
    fn vacant() -> Self {
        Self { handle: AtomicU64::new(0), allowed: [const { AtomicU64::new(0) }; 4], thing: RwLock::new(None) }
    }
}

/// The position of a handle; none for 0 and for what was never given out. Whether the handle is out still has to be asked.
#[inline]
fn found(handle: Handle) -> Option<&'static Slot> {
    let position = handle & INDEX_MASK;
    TABLE.get(chunk_of(position)).and_then(OnceLock::get)?.get(slot_of(position)).filter(|_| handle != 0)
}

#[cold]
fn missing(handle: Handle) -> Failure {
    Failure::plain(if handle == 0 { code::NULL } else { code::NO_HANDLE })
}

fn vacant() -> Option<(u64, u32)> {
    let mut free = free();
    if let Some(position) = free.positions.pop() {
        return Some(position);
    }
    let position = free.used;
    free.used = position.checked_add(1).filter(|_| chunk_of(position) < CHUNKS)?;
    Some((position, 1))
}

fn free() -> std::sync::MutexGuard<'static, Free> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn chunk_of(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX) / SLOTS
}

fn slot_of(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX) % SLOTS
}

#[cold]
fn wrong_kind(is: Kind, wanted: Kind) -> Failure {
    Failure::of(code::WRONG_KIND, format!("the handle is of kind {is:?}, and {wanted:?} is wanted").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Handle {
        put(Thing::Text(Box::from(&b"a\0"[..]))).unwrap()
    }

    #[test]
    fn what_was_given_back_is_never_found_again() {
        let first = text();
        assert!(take(first).is_ok());
        assert_eq!(take(first).err().unwrap().number, code::NO_HANDLE);
        let others: Vec<Handle> = (0..3_000).map(|_| text()).collect();
        assert!(!others.contains(&first));
        assert_eq!(with(first, Kind::Text, |_| Some(())).unwrap_err().number, code::NO_HANDLE);
        others.into_iter().for_each(|handle| assert!(take(handle).is_ok()));
    }

    #[test]
    fn what_was_never_given_out_is_not_found() {
        let real = text();
        // A neighbour may have been given out to somebody else.
        for made_up in [1, u64::MAX, real ^ (1 << 30), real ^ (7 << KIND_SHIFT), INDEX_MASK] {
            assert_eq!(with(made_up, Kind::Text, |_| Some(())).unwrap_err().number, code::NO_HANDLE, "{made_up:x}");
            assert!(take(made_up).is_err());
        }
        assert_eq!(with(0, Kind::Text, |_| Some(())).unwrap_err().number, code::NULL);
        assert_eq!(with(real, Kind::Books, |_| Some(())).unwrap_err().number, code::WRONG_KIND);
        assert!(!allows(real, 0));
        assert!(take(real).is_ok());
    }

    /// Threads use and give back the same handles: each is given back once, and used by nobody afterwards.
    #[test]
    fn giving_back_waits_for_those_who_use_it() {
        for _ in 0..200 {
            let handle = text();
            let taken: usize = std::thread::scope(|scope| {
                let work = || {
                    let seen = with(handle, Kind::Text, |thing| match thing {
                        Thing::Text(bytes) => Some(bytes[0]),
                        _ => None,
                    });
                    assert!(seen.is_err() || seen == Ok(b'a'));
                    usize::from(take(handle).is_ok())
                };
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(taken, 1);
        }
    }
}
