//! What was measured, before anybody draws it: lines in panels in sections.

/// Panels about one kind of cost.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    pub note: &'static str,
    pub panels: Vec<Panel>,
}

/// One question, answered by one or more lines.
#[derive(Debug)]
pub struct Panel {
    pub question: &'static str,
    /// What grows.
    pub across: Across,
    /// What it costs.
    pub up: Up,
    pub lines: Vec<Line>,
}

/// The axis of what grows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Across {
    pub label: &'static str,
    /// The sizes that are written at the axis.
    pub ticks: &'static [usize],
}

/// The axis of what it costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Up {
    pub label: &'static str,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unit {
    Nanoseconds,
    Bytes,
    MembersPerSecond,
}

#[derive(Debug)]
pub struct Line {
    pub kept: Kept,
    /// What it says in a table.
    pub name: &'static str,
    pub points: Vec<Point>,
}

/// A size and its cost.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub size: usize,
    pub cost: f64,
}

/// Where the answers come from; each has its colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    Directory,
    Organizations,
    ByHand,
}

impl Section {
    pub const fn new(title: &'static str, note: &'static str) -> Self {
        Self { title, note, panels: Vec::new() }
    }

    pub fn with(mut self, panels: impl IntoIterator<Item = Panel>) -> Self {
        self.panels.extend(panels);
        self
    }
}

impl Up {
    pub const CHECK: Self = Self { label: "time per check", unit: Unit::Nanoseconds };
    pub const MEMORY: Self = Self { label: "bytes per member", unit: Unit::Bytes };
    pub const CHANGE: Self = Self { label: "time per change", unit: Unit::Nanoseconds };
    pub const LOAD: Self = Self { label: "members per second", unit: Unit::MembersPerSecond };
}

impl Unit {
    /// A measurement as people say it, with three digits at the most where it is long.
    pub fn say(self, value: f64) -> String {
        let (steps, suffixes): (f64, [&str; 4]) = match self {
            Self::Nanoseconds => (1_000.0, [" ns", " µs", " ms", " s"]),
            Self::Bytes => (1_000.0, [" B", " kB", " MB", " GB"]),
            Self::MembersPerSecond => (1_000.0, ["/s", " k/s", " M/s", " G/s"]),
        };
        let (mut value, mut at) = (value, 0);
        while value >= 999.5 && at < 3 {
            (value, at) = (value / steps, at + 1);
        }
        let whole = at == 0 || value >= 99.5 || (value - value.round()).abs() < 0.05;
        format!("{value:.*}{}", usize::from(!whole), suffixes[at])
    }
}

impl Kept {
    pub const ALL: [Self; 3] = [Self::Directory, Self::Organizations, Self::ByHand];

    pub fn name(self) -> &'static str {
        ["Directory", "Organization", "hash maps by hand"][self as usize]
    }

    /// The class of its lines in the picture.
    pub fn class(self) -> &'static str {
        ["directory", "organization", "hand"][self as usize]
    }
}

impl Line {
    pub const fn new(kept: Kept, name: &'static str) -> Self {
        Self { kept, name, points: Vec::new() }
    }

    pub fn push(&mut self, size: usize, cost: f64) {
        self.points.push(Point { size, cost });
    }
}

/// A size as an axis has room for it: 100k, 1M.
pub fn short(size: f64) -> String {
    match size {
        1_000_000.0.. => format!("{}M", size / 1_000_000.0),
        1_000.0.. => format!("{}k", size / 1_000.0),
        _ => size.to_string(),
    }
}

impl Panel {
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.lines.iter().flat_map(|line| &line.points)
    }
}
