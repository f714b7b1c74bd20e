//! The figures as text: a line for each cell as it is measured, or tables in Markdown at the end.

use std::fmt::Write as _;

use crate::cell::Cell;
use crate::revoke::Seen;

pub fn heading() -> String {
    let [store, what, clients, organizations] = ["store", "what", "clients", "organizations"];
    let [ours, second, floor, ratio] = ["ours, µs", "per second", "floor, µs", "ratio"];
    format!("{store:<11}{what:<38}{clients:>8}{organizations:>15}{ours:>13}{second:>12}{floor:>13}{ratio:>7}")
}

pub fn line(cell: &Cell) -> String {
    let Cell { what, store, clients, organizations, .. } = cell;
    let [ours, floor] = [Some(cell.ours), cell.floor].map(|took| took.map_or("–".into(), micros));
    let (second, ratio) = (rounded(cell.per_second), cell.ratio.map_or("–".into(), |ratio| format!("{ratio:.2}")));
    format!("{store:<11}{what:<38}{clients:>8}{organizations:>15}{ours:>13}{second:>12}{floor:>13}{ratio:>7}")
}

pub fn line_of_seen(seen: &Seen) -> String {
    let Seen { how, store, times, .. } = seen;
    let [median, worst] = [seen.median(), seen.worst()].map(millis);
    format!(
        "{store:<11}revocation seen by another process, {how}: median {median} ms, worst {worst} ms of {}",
        times.len()
    )
}

/// As the README has it: one table for what is timed per operation, one for what is waited for.
pub fn markdown(cells: &[Cell], seen: &[Seen]) -> String {
    let mut text = String::from(
        "| | clients | organizations | SQLite, µs | per second | × floor | PostgreSQL, µs | per second | × floor |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut rows: Vec<(&str, u64, u64)> = Vec::new();
    for cell in cells {
        let row = (cell.what.as_str(), cell.clients, cell.organizations);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    for (what, clients, organizations) in rows {
        let (clients_text, organizations_text) = (grouped(clients), grouped(organizations));
        write!(text, "| {what} | {clients_text} | {organizations_text} |").unwrap();
        for store in ["SQLite", "PostgreSQL"] {
            let is_it = |cell: &&Cell| {
                (cell.what.as_str(), cell.clients, cell.organizations, cell.store)
                    == (what, clients, organizations, store)
            };
            match cells.iter().find(is_it) {
                Some(cell) => {
                    let ratio = cell.ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
                    write!(text, " {} | {} | {ratio} |", micros(cell.ours), rounded(cell.per_second)).unwrap();
                }
                None => text.push_str(" | | |"),
            }
        }
        text.push('\n');
    }
    if !seen.is_empty() {
        text.push_str(
            "\n| a revocation is seen by another process | median, ms | worst, ms |\n| --- | ---: | ---: |\n",
        );
    }
    for seen in seen {
        let [median, worst] = [seen.median(), seen.worst()].map(millis);
        writeln!(text, "| {}, {} | {median} | {worst} |", seen.store, seen.how).unwrap();
    }
    text
}

/// Three digits are more than a run is worth.
fn micros(took: std::time::Duration) -> String {
    let micros = took.as_secs_f64() * 1e6;
    if micros < 100.0 { format!("{micros:.1}") } else { rounded(micros) }
}

fn millis(took: std::time::Duration) -> String {
    format!("{:.0}", took.as_secs_f64() * 1e3)
}

fn rounded(number: f64) -> String {
    let digits = (number.max(1.0).log10().floor() - 2.0).max(0.0) as i32;
    let unit = 10_f64.powi(digits);
    grouped(((number / unit).round() * unit) as u64)
}

/// Digits in threes: 1,000,000.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
