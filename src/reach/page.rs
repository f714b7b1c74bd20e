//! Pages: a list in pieces, and where to go on.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::limits::PAGE_ITEMS_MAX;
use crate::version::Version;

/// Where a listing goes on: after which id, and at which version it began.
///
/// It opens nothing: every page is asked for anew, with whatever the actor may see then. Handed to another list it is no more
/// than an id to go on behind.
///
/// # Shape
/// `I` is the id that the list is ordered by. In serde `{"version": 7, "last": "0190f3c1-…"}`; hand it to clients as it is
/// or wrapped, it says nothing that the page did not.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor<I> {
    /// The version of the organization at the first page.
    pub version: Version,
    /// The last id that was listed.
    pub last: I,
}

/// Which page.
///
/// # Examples
/// ```
/// use bailiwick::UserId;
/// use bailiwick::reach::Paging;
///
/// let first: Paging<UserId> = Paging::first(50);
/// assert_eq!(first.next(None), None); // there is no other
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Paging<I> {
    /// Where the listing goes on; `None` for its beginning.
    pub after: Option<Cursor<I>>,
    /// How many at the most: 1 to [`PAGE_ITEMS_MAX`]; what is outside counts as the nearer of the two.
    pub limit: usize,
}

impl<I: Copy> Paging<I> {
    /// The first page of so many.
    #[must_use]
    pub const fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }

    /// The page after a cursor.
    #[must_use]
    pub const fn after(cursor: Cursor<I>, limit: usize) -> Self {
        Self { after: Some(cursor), limit }
    }

    /// The page after this one, of as many, if the page said that there is one.
    #[must_use]
    pub fn next(&self, cursor: Option<Cursor<I>>) -> Option<Self> {
        cursor.map(|cursor| Self::after(cursor, self.limit))
    }

    pub(crate) fn last(&self) -> Option<I> {
        self.after.map(|cursor| cursor.last)
    }

    pub(crate) fn room(&self) -> usize {
        self.limit.clamp(1, PAGE_ITEMS_MAX)
    }
}

/// One page of a list.
///
/// # Shape
/// Items are in order of their ids, each at most once over all pages. While the [version](Self::version) is that of the
/// cursor, and the facts are the same, pages neither repeat nor lose anybody. Once it is another, the list goes on behind
/// the last id as things are now: nobody is repeated, and whoever came to be before that id is not seen. Whoever needs one
/// whole picture begins again when the version has changed. A version below that of the cursor was read where the news
/// has not arrived yet: [refresh](crate::Tenants::refresh), and ask again. A list over several organizations has no version: it
/// says zero.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::change::{Command, CreateWorkspace, SignUp};
/// # use bailiwick::{Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
/// use bailiwick::Actor;
/// use bailiwick::access::Facts;
/// use bailiwick::reach::Paging;
///
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// # let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
/// # let mut organization = Organization::new(home, Arc::clone(&catalog));
/// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// # let create = CreateWorkspace { workspace: WorkspaceId::from_u64(2).unwrap(), name: Name::new("Lab")? };
/// # for command in [Command::from(sign_up), create.into()] {
/// #     for record in organization.handle(&command, &now.by(ada))? { organization.apply(&record); }
/// # }
/// let first = organization.workspaces_of(ada, &now, Paging::first(1));
/// let second = organization.workspaces_of(ada, &now, Paging::after(first.next.unwrap(), 1));
/// assert_eq!(second.items[0].name.as_str(), "Lab");
/// assert_eq!((second.next, second.version), (None, first.version));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T, I> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` when there is nothing more.
    pub next: Option<Cursor<I>>,
    /// The version that this page was read at; zero to strangers.
    pub version: Version,
}

impl<T, I: Copy> Page<T, I> {
    pub(crate) const fn empty(version: Version) -> Self {
        Self { items: Vec::new(), next: None, version }
    }

    /// The page that answers make; one more than it has room for is looked at, to know whether there is another page.
    pub(crate) fn of(version: Version, paging: &Paging<I>, answers: impl Iterator<Item = (I, T)>) -> Self {
        let mut page = Self::empty(version);
        let mut last = None;
        for (id, item) in answers {
            if page.items.len() >= paging.room() {
                let begun = paging.after.map_or(version, |cursor| cursor.version);
                page.next = last.map(|last| Cursor { version: begun, last });
                break;
            }
            page.items.push(item);
            last = Some(id);
        }
        page
    }
}
