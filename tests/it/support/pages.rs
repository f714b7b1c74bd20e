//! Pages, read one after the other.

use std::fmt::Debug;

use bailiwick::reach::{Page, Paging};

/// Every page of a list, read with so small a page that there are several; and the law of pages on the way.
pub(crate) fn whole<T, I: Copy + Debug + Ord>(limit: usize, mut list: impl FnMut(Paging<I>) -> Page<T, I>) -> Vec<T> {
    let (mut all, mut paging) = (Vec::new(), Some(Paging::first(limit)));
    while let Some(asked) = paging {
        let page = list(asked);
        assert!(page.items.len() <= limit, "a page has no more than was asked for");
        assert!(page.next.is_none() || page.items.len() == limit, "only the last page may be short");
        assert!(
            page.next.is_none_or(|next| next.version == page.version && Some(next) > asked.after),
            "no way forward"
        );
        all.extend(page.items);
        paging = asked.next(page.next);
    }
    all
}
