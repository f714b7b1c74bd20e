//! Whether it would be noticed: the rules are broken one at a time, in every place, and asked again.

use std::time::Instant;

use crate::compare::{Disagreement, compare};
use crate::rules::{RULES, Rules, statements};
use crate::worlds::{World, noise};

/// What is written instead of what, one place at a time.
const INSTEAD: [(&str, &str); 8] = [
    ("&&", "||"),
    ("||", "&&"),
    ("!$", "$"),
    ("!(", "("),
    ("!context", "context"),
    (" < ", " <= "),
    (" <= ", " < "),
    (" >= ", " > "),
];

/// Breaks the rules in every place, and asks each about so many worlds, or until a difference is found.
pub fn break_everything(worlds: u64) {
    let begun = Instant::now();
    let (mut otherwise, mut unanswered, mut unread, mut missed) = (0_u64, 0_u64, 0_u64, Vec::new());
    for (what, text) in every_break() {
        let Ok(rules) = Rules::from_text(&text) else {
            unread += 1;
            continue;
        };
        let compared = |seed| compare(&World::from_bytes(&noise(seed)), &rules, |_| ()).err();
        match (0..worlds).find_map(compared) {
            Some(Disagreement::Otherwise(_)) => otherwise += 1,
            Some(Disagreement::Unanswered(_)) => unanswered += 1,
            None => missed.push(what),
        }
    }
    println!("{otherwise} ways to break the rules give another answer within {worlds} worlds");
    println!("{unanswered} cannot be evaluated, {unread} cannot be read");
    println!("{} not noticed", missed.len());
    missed.iter().for_each(|what| println!("not noticed: {what}"));
    println!("{:.0} s", begun.elapsed().as_secs_f64());
}

/// Each with a word about what it is.
fn every_break() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut from = 0;
    for statement in statements(RULES) {
        let at = from + RULES[from..].find(statement).expect("statements come from the text, in order");
        from = at + statement.len();
        let broken =
            |place: usize, length: usize, by: &str| [&RULES[..at + place], by, &RULES[at + place + length..]].concat();
        let name = statement.split(['=', '\n']).next().unwrap_or_default().trim();
        if !statement.starts_with("let ") {
            all.push((format!("{name} is left out"), broken(0, statement.len() + ";\n".len(), "")));
        }
        for (what, by) in INSTEAD {
            for (place, _) in statement.match_indices(what) {
                let line = statement[..place].lines().count();
                let column = statement[..place].lines().last().map_or(0, str::len) + 1;
                let place_of = format!("line {} of it, column {column}", line.max(1));
                all.push((format!("{name}: `{by}` for `{what}`, {place_of}"), broken(place, what.len(), by)));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_left_out_once_and_every_place_is_broken() {
        let all = every_break();
        let rules = RULES.lines().filter(|line| line.starts_with('@')).count();
        assert_eq!(all.iter().filter(|(what, _)| what.ends_with("is left out")).count(), rules);
        assert!(all.iter().all(|(_, text)| text != RULES));
        let texts: std::collections::BTreeSet<&String> = all.iter().map(|(_, text)| text).collect();
        assert_eq!(texts.len(), all.len());
    }
}
