//! Printing for people: dates as dates, thousands apart, gigabytes as gigabytes. One text, put out at the end.

use std::fmt::{Display, Write as _};

use bailiwick::Timestamp;
use bailiwick::ledger::Units;
use jiff::civil::date;
use jiff::tz::TimeZone;

/// How wide a told line becomes.
const WIDTH: usize = 120;

/// Everything that is printed.
#[derive(Default)]
pub struct Page {
    out: String,
}

impl Page {
    pub fn text(&self) -> &str {
        &self.out
    }

    pub fn heading(&mut self, text: &str) {
        let between = if self.out.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.out, "{between}{text}\n{}", "=".repeat(text.chars().count()));
    }

    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}", text.trim_end());
    }

    /// What happened on a day. The date stands in front once.
    pub fn told(&mut self, at: Timestamp, text: &str) {
        self.wrapped(&format!("{:>6}  ", day(at)), text);
    }

    /// More of the same day.
    pub fn also(&mut self, text: &str) {
        self.wrapped("        ", text);
    }

    /// Somebody is to be told.
    pub fn bell(&mut self, at: Timestamp, text: &str) {
        self.wrapped(&format!("{:>6}  (!) ", day(at)), text);
    }

    fn wrapped(&mut self, front: &str, text: &str) {
        let indent = " ".repeat(front.len());
        let mut line = front.to_owned();
        let mut used = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if used > 0 && line.chars().count() + 1 + length > WIDTH {
                self.line(&line);
                line.clone_from(&indent);
                used = 0;
            }
            let between = if used > 0 { " " } else { "" };
            let _ = write!(line, "{between}{word}");
            used += 1;
        }
        self.line(&line);
    }
}

/// An instant of the year 2027, in UTC.
pub fn at(month: i8, day: i8, hour: i8, minute: i8) -> Timestamp {
    let instant = date(2027, month, day).at(hour, minute, 0, 0).to_zoned(TimeZone::UTC);
    let millis = instant.map(|instant| instant.timestamp().as_millisecond());
    Timestamp::from_millis(millis.ok().and_then(|millis| millis.try_into().ok()).expect("a day of 2027"))
}

/// `3 May`.
pub fn day(at: Timestamp) -> String {
    shown(at, "%-d %b")
}

/// `3 May 2027`.
pub fn full_day(at: Timestamp) -> String {
    shown(at, "%-d %B %Y")
}

/// `14:05`.
pub fn time(at: Timestamp) -> String {
    shown(at, "%H:%M")
}

/// Whether people are at work.
pub fn is_workday(at: Timestamp) -> bool {
    shown(at, "%u").parse().is_ok_and(|weekday: u8| weekday <= 5)
}

fn shown(at: Timestamp, format: &str) -> String {
    let instant = i64::try_from(at.as_millis()).ok().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
    instant.map(|instant| instant.strftime(format).to_string()).unwrap_or_default()
}

/// `25,000`; below zero with a sign.
pub fn number(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, digits) = text.split_at(usize::from(text.starts_with('-')));
    let mut apart = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// As a number, but a dash for nothing.
pub fn cell(amount: i128) -> String {
    if amount == 0 { "-".to_owned() } else { number(amount) }
}

/// `58.4 GB`, where 1 GB is 10⁹ bytes.
pub fn bytes(units: Units) -> String {
    let bytes = units.as_u64();
    let (unit, name) = if bytes < 1_000_000_000 { (1_000_000, "MB") } else { (1_000_000_000, "GB") };
    let tenths = (bytes * 10 + unit / 2) / unit;
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    }
}
