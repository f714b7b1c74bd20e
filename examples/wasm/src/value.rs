//! Values: ids, actors, moments, as JavaScript hands them over.

use std::str::FromStr;

use bailiwick::{Actor, LinkId, ServiceId, Timestamp, UserId};
use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::failure::Failure;

/// The greatest whole number that JavaScript has exactly.
const SAFE_MAX: f64 = 9_007_199_254_740_991.0;

/// An id, which is a UUID or its 32 digits.
pub(crate) fn id<T: FromStr<Err = bailiwick::IdError>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|why: bailiwick::IdError| Failure::of(code::BAD_ID, why.to_string()))
}

/// The same, or nothing for an empty text.
pub(crate) fn maybe<T: FromStr<Err = bailiwick::IdError>>(text: &str) -> Result<Option<T>, Failure> {
    if text.is_empty() { Ok(None) } else { id(text).map(Some) }
}

/// Who asks, by kind and ids; `other` is in whose place somebody of the staff acts.
pub(crate) fn actor(kind: u32, id: &str, other: &str) -> Result<Actor, Failure> {
    actor_of(kind, |kind| match kind {
        Part::User => self::id(id).map(Named::User),
        Part::Service => self::id(id).map(Named::Service),
        Part::Link => self::id(id).map(Named::Link),
        Part::Staff => Ok(Named::Staff(self::id(id)?, self::id(other)?)),
    })
}

/// What is to be named of an actor.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    User,
    Staff,
    Service,
    Link,
}

/// Who an actor is.
pub(crate) enum Named {
    User(UserId),
    Staff(UserId, UserId),
    Service(ServiceId),
    Link(LinkId),
}

/// An actor by the number of its kind.
#[inline]
pub(crate) fn actor_of<E: From<BadKind>>(kind: u32, named: impl FnOnce(Part) -> Result<Named, E>) -> Result<Actor, E> {
    let part = match kind {
        1 => Part::User,
        2 => Part::Staff,
        3 => Part::Service,
        4 => Part::Link,
        5 => return Ok(Actor::Provisioner),
        6 => return Ok(Actor::System),
        other => return Err(BadKind(other).into()),
    };
    Ok(match named(part)? {
        Named::User(user) => Actor::User(user),
        Named::Staff(staff, on_behalf_of) => Actor::Staff { staff, on_behalf_of },
        Named::Service(service) => Actor::Service(service),
        Named::Link(link) => Actor::Link(link),
    })
}

/// There is no such kind of actor.
pub(crate) struct BadKind(u32);

impl From<BadKind> for Failure {
    fn from(BadKind(kind): BadKind) -> Self {
        Self::of(code::BAD_VALUE, format!("there is no kind {kind} of actor"))
    }
}

impl From<BadKind> for Number {
    fn from(_: BadKind) -> Self {
        code::BAD_VALUE
    }
}

/// A moment: whole milliseconds since the Unix epoch. Whatever is none would be the beginning of time, when nothing has ended yet.
#[inline]
pub(crate) fn moment(now: f64) -> Option<Timestamp> {
    if !(0.0..=SAFE_MAX).contains(&now) || now.trunc() != now {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole, and between zero and 2^53"
    )]
    let millis = now as u64;
    Some(Timestamp::from_millis(millis))
}

/// The same, where a failure can be told.
pub(crate) fn time(now: f64) -> Result<Timestamp, Failure> {
    moment(now).ok_or_else(|| Failure::of(code::BAD_VALUE, "a time is whole milliseconds since 1970"))
}
