//! Pages: a list in pieces, each with the cursor of the next one.

use std::fmt::Display;
use std::str::FromStr;

use bailiwick::Version;
use bailiwick::reach::{Cursor, Page as Listed, Paging};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Own, Problem};

/// Items on a page, where nobody says how many.
const USUAL: usize = 50;

/// Items on a page at the most.
const ITEMS_MAX: usize = 200;

/// Which page is asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// How many items at the most: 1 to 200, 50 where it is not said.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The cursor of the next page; none where there is nothing more.
    pub(crate) next: Option<String>,
}

impl Asked {
    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, ITEMS_MAX)
    }

    /// Where a list of the application's own goes on: behind an id, in the order of their texts. Before all of them at first.
    pub(crate) fn behind<I: FromStr + Display>(&self) -> Result<String, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(String::new()) };
        cursor.parse::<I>().map(|id| id.to_string()).map_err(|_| bad_cursor())
    }

    /// Where a list of the crate goes on.
    pub(crate) fn paging<I: Copy + FromStr>(&self) -> Result<Paging<I>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(Paging::first(self.limit())) };
        let read = || {
            let (version, last) = cursor.split_once('.')?;
            Some(Cursor { version: Version::from_u64(version.parse().ok()?), last: last.parse().ok()? })
        };
        Ok(Paging::after(read().ok_or_else(bad_cursor)?, self.limit()))
    }
}

impl<T> Page<T> {
    /// A page of the crate's, each item said in the application's words.
    pub(crate) fn of<U, I: Copy + Display>(listed: Listed<U, I>, say: impl FnMut(U) -> T) -> Self {
        let next = listed.next.map(|Cursor { version, last }| format!("{version}.{last}"));
        Self { items: listed.items.into_iter().map(say).collect(), next }
    }
}

/// A page of what a statement has found, which was asked for one more than the page has room for.
pub(crate) fn list_after<T>(mut found: Vec<T>, asked: &Asked, id: impl Fn(&T) -> String) -> Page<T> {
    let more = found.len() > asked.limit();
    found.truncate(asked.limit());
    let next = found.last().filter(|_| more).map(id);
    Page { items: found, next }
}

fn bad_cursor() -> Problem {
    Problem::saying(Own::BAD_REQUEST, "the cursor is not one that was given out here")
}

#[cfg(test)]
mod tests {
    use bailiwick::UserId;

    use super::*;

    fn asked(limit: usize, cursor: Option<&str>) -> Asked {
        Asked { limit: Some(limit), cursor: cursor.map(str::to_owned) }
    }

    #[test]
    fn a_page_says_where_the_next_one_begins_and_the_last_one_does_not() {
        let name = |item: &u8| item.to_string();
        assert_eq!(list_after(vec![1_u8, 2, 3], &asked(2, None), name).next.as_deref(), Some("2"));
        assert_eq!(list_after(vec![1_u8, 2], &asked(2, None), name).next, None);
    }

    #[test]
    fn a_cursor_that_was_made_up_is_refused() {
        for cursor in ["", "7", "7.", "x.0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f", "' or 1=1"] {
            assert!(asked(2, Some(cursor)).paging::<UserId>().is_err(), "{cursor}");
            assert!(asked(2, Some(cursor)).behind::<UserId>().is_err(), "{cursor}");
        }
        assert!(asked(2, Some("7.0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f")).paging::<UserId>().is_ok());
    }
}
