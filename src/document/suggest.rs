//! Near misses: which of the known names was probably meant.

use alloc::vec::Vec;

/// The known name nearest to what was written, if it is near enough to be meant.
///
/// # Shape
/// At most a third of the longer name's letters may differ (a swap of neighbours counts once); ties go to the first.
///
/// # Examples
/// ```
/// use bailiwick::document::nearest;
///
/// assert_eq!(nearest("devloper", ["owner", "developer"]), Some("developer"));
/// assert_eq!(nearest("gardener", ["owner", "developer"]), None);
/// ```
pub fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    known
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(distance, name)| {
            let longest = name.chars().count().max(written.chars().count());
            distance.saturating_mul(3) <= longest
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters must be inserted, dropped, changed or swapped with their neighbour to turn one into the other.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let cell = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i.saturating_add(1));
        for (j, to) in b.iter().enumerate() {
            let changed = cell(&row, j).saturating_add(usize::from(from != to));
            let dropped = cell(&row, j.saturating_add(1)).saturating_add(1);
            let inserted = cell(&next, j).saturating_add(1);
            let mut best = changed.min(dropped).min(inserted);
            let swapped = i.checked_sub(1).and_then(|h| a.get(h)) == Some(to)
                && j.checked_sub(1).and_then(|h| b.get(h)) == Some(from);
            if let (true, Some(column)) = (swapped, j.checked_sub(1)) {
                best = best.min(cell(&before, column).saturating_add(1));
            }
            next.push(best);
        }
        before = core::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("abc", "abd", 1),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
