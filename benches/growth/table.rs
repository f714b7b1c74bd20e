//! The numbers as Markdown: a table for each thing that grows, a column for each line.

use std::fmt::Write as _;

use crate::panel::{Across, Line, Panel, Section, Unit};

pub fn markdown(sections: &[Section]) -> String {
    let panels = || sections.iter().flat_map(|section| &section.panels);
    let mut grown: Vec<Across> = Vec::new();
    for panel in panels() {
        if !grown.contains(&panel.across) {
            grown.push(panel.across);
        }
    }
    grown.into_iter().map(|across| table(across, panels().filter(|panel| panel.across == across))).collect()
}

fn table<'p>(across: Across, panels: impl Iterator<Item = &'p Panel>) -> String {
    let columns: Vec<(Unit, &Line)> =
        panels.flat_map(|panel| panel.lines.iter().map(|line| (panel.up.unit, line))).collect();
    let sizes = columns.iter().map(|(_, line)| line.points.iter().map(|point| point.size).collect::<Vec<_>>());
    let sizes = sizes.max_by_key(Vec::len).unwrap_or_default();
    let mut text = format!("| {} |", across.label);
    for (unit, line) in &columns {
        let in_words = match unit {
            Unit::Nanoseconds => "ns",
            Unit::Bytes => "bytes",
            Unit::MembersPerSecond => "members per second",
        };
        write!(text, " {} ({in_words}) |", line.name).unwrap();
    }
    writeln!(text, "\n|{}", " ---: |".repeat(columns.len() + 1)).unwrap();
    for size in sizes {
        write!(text, "| {} |", grouped(size)).unwrap();
        for (unit, line) in &columns {
            match line.points.iter().find(|point| point.size == size) {
                Some(point) => write!(text, " {} |", value(*unit, point.cost)).unwrap(),
                None => text.push_str(" |"),
            }
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

/// Three digits are more than a run is worth.
fn value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Nanoseconds if value < 100.0 => format!("{value:.1}"),
        Unit::Nanoseconds | Unit::Bytes => grouped_text(&format!("{value:.0}")),
        Unit::MembersPerSecond => grouped_text(&format!("{:.0}", (value / 1_000.0).round() * 1_000.0)),
    }
}

fn grouped(number: usize) -> String {
    grouped_text(&number.to_string())
}

/// Digits in threes: 1,000,000.
fn grouped_text(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
