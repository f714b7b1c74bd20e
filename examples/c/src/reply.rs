//! Replies: what a callback has to say, pushed item by item, and copied.

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;

use crate::code::Code;
use crate::door;
use crate::store::{Change, Place};
use crate::table::{self, Handle, Kind, Thing};
use crate::value::{some, Id, Str};

/// What a callback answers into. It is good for that one call and on its thread, and is not given back.
pub type ReplyHandle = Handle;

/// What a reply is made of.
#[derive(Debug)]
pub(crate) enum Items {
    Records(Vec<(u64, String)>),
    Places(Vec<Place>),
    Ids(Vec<Id>),
    Changes { changed: Vec<Change>, cursor: Option<(u64, bool)> },
}

/// A reply that is being made.
#[derive(Debug)]
pub(crate) struct Reply {
    thread: u64,
    /// How many items there may be.
    limit: usize,
    items: Mutex<Items>,
}

impl Reply {
    /// Calls a callback with a reply, and takes what it has said.
    pub(crate) fn of(
        items: Items,
        limit: usize,
        callback: impl FnOnce(ReplyHandle) -> Code,
    ) -> Result<(Code, Items), Failure> {
        let reply = Self { thread: door::this_thread(), limit, items: Mutex::new(items) };
        let handle = table::put(Thing::Reply(reply))?;
        let answer = door::outside(|| callback(handle));
        match table::take(handle)? {
            Thing::Reply(reply) => Ok((answer, reply.items.into_inner().unwrap_or_else(PoisonError::into_inner))),
            _ => Err(Failure::plain(code::WRONG_KIND)),
        }
    }
}

impl Items {
    fn count(&self) -> usize {
        match self {
            Self::Records(records) => records.len(),
            Self::Places(places) => places.len(),
            Self::Ids(ids) => ids.len(),
            Self::Changes { changed, .. } => changed.len(),
        }
    }
}

/// A record, in answer to `records`: its version and its text as it was appended.
#[no_mangle]
pub extern "C" fn bw_reply_record(reply: ReplyHandle, version: u64, text: *const c_char, length: usize) -> Code {
    door::replied(|| {
        let text = Str { data: text, length }.text()?;
        push(reply, |items| match items {
            Items::Records(records) => {
                records.push((version, text.to_owned()));
                true
            }
            _ => false,
        })
    })
}

/// A place, in answer to `find`.
#[no_mangle]
pub extern "C" fn bw_reply_place(reply: ReplyHandle, place: Option<&Place>) -> Code {
    door::replied(|| {
        let place = *some(place)?;
        push(reply, |items| match items {
            Items::Places(places) => {
                places.push(place);
                true
            }
            _ => false,
        })
    })
}

/// An id, in answer to `organizations` and `resources`.
#[no_mangle]
pub extern "C" fn bw_reply_id(reply: ReplyHandle, id: Option<&Id>) -> Code {
    door::replied(|| {
        let id = *some(id)?;
        push(reply, |items| match items {
            Items::Ids(ids) => {
                ids.push(id);
                true
            }
            _ => false,
        })
    })
}

/// A stream that has changed, in answer to `changes`.
#[no_mangle]
pub extern "C" fn bw_reply_change(reply: ReplyHandle, change: Option<&Change>) -> Code {
    door::replied(|| {
        let change = *some(change)?;
        push(reply, |items| match items {
            Items::Changes { changed, .. } => {
                changed.push(change);
                true
            }
            _ => false,
        })
    })
}

/// Where to go on, in answer to `changes`, and whether that was all there was (0 for no). Has to be said once.
#[no_mangle]
pub extern "C" fn bw_reply_cursor(reply: ReplyHandle, cursor: u64, is_all: u8) -> Code {
    door::replied(|| {
        with(reply, |_, items| match items {
            Items::Changes { cursor: place, .. } => {
                *place = Some((cursor, is_all != 0));
                Ok(())
            }
            _ => Err(Failure::of(code::BAD_VALUE, "this callback is not asked for that")),
        })
    })
}

fn push(reply: ReplyHandle, pushed: impl FnOnce(&mut Items) -> bool) -> Result<(), Failure> {
    with(reply, |limit, items| {
        if items.count() >= limit {
            return Err(Failure::of(code::BAD_LENGTH, format!("the callback was asked for {limit} at most")));
        }
        match pushed(items) {
            true => Ok(()),
            false => Err(Failure::of(code::BAD_VALUE, "this callback is not asked for that")),
        }
    })
}

fn with(reply: ReplyHandle, using: impl FnOnce(usize, &mut Items) -> Result<(), Failure>) -> Result<(), Failure> {
    table::with(reply, Kind::Reply, |thing| match thing {
        Thing::Reply(reply) if reply.thread != door::this_thread() => Some(Err(Failure::plain(code::WRONG_THREAD))),
        Thing::Reply(reply) => {
            Some(using(reply.limit, &mut reply.items.lock().unwrap_or_else(PoisonError::into_inner)))
        }
        _ => None,
    })?
}
