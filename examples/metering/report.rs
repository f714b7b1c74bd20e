//! What came of it: the credits day by day, the statement, who used what, and where every credit is.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::ledger::{Class, Columns, Entry, Ledger, Line, Lot, LotId, Request, Scope, Statement, Sums};
use bailiwick::{Span, Timestamp};

use crate::Told;
use crate::page::{Page, cell, day, full_day, number};
use crate::studio::{Person, Project, Studio, label, of};

/// The month that is reported: the history up to its end, and nothing after.
struct Month<'a> {
    studio: &'a Studio,
    entries: Vec<Arc<Entry>>,
    statement: Statement,
}

/// What happened in a week, of one sort.
struct Row {
    title: &'static str,
    times: usize,
    sums: Sums,
}

pub fn print(studio: &Studio, page: &mut Page) -> Told {
    let entries = studio.tenants.entries(studio.nebula, bailiwick::Version::ZERO)?;
    let last = entries.last().ok_or("something has happened")?.at;
    let period = studio.tenants.read_ledger(studio.nebula, last, |ledger| ledger.balance(last).period)?;
    let (from, until) = period.and_then(|(from, until)| Some((from, until?))).ok_or("a month has an end")?;
    let new = Ledger::new(studio.nebula, studio.tenants.settings());
    let statement = Statement::of(new, &entries, from, until);
    let month = Month { studio, entries, statement };
    month.chart(page);
    month.usage(page)?;
    month.lots(page);
    month.statement(page)
}

impl Month<'_> {
    /// The ledger as it was.
    fn as_of(&self, at: Timestamp) -> Ledger {
        let before = self.entries.iter().take_while(|entry| entry.at <= at);
        Ledger::replay(self.studio.nebula, self.studio.tenants.settings(), before)
    }

    /// The last instant of each day of the month.
    fn days(&self) -> impl Iterator<Item = Timestamp> {
        let (from, until) = (self.statement.from, self.statement.until);
        let days = until.since(from).as_millis() / Span::days(1).as_millis();
        (1..=days).map(move |days| just_before(from.plus(Span::days(days))))
    }

    fn chart(&self, page: &mut Page) {
        page.heading("Credits left at the end of each day, used up from the right");
        let letters = LAYERS.map(|(letter, class)| format!("{letter} {}", name_of(class).to_lowercase())).join("   ");
        page.line(&format!("{letters}   h held; each letter is {EACH}"));
        for end in self.days() {
            let ledger = self.as_of(end);
            let (lots, balance) = (ledger.lots(end), ledger.balance(end));
            let left = |class| lots.iter().filter(|lot| lot.class == class).map(|lot| lot.columns.available).sum();
            let layers = LAYERS.map(|(letter, class)| (letter, left(class)));
            let held = u64::try_from(balance.columns.held).unwrap_or(u64::MAX);
            let bar = bar(layers.into_iter().chain([('h', held)]));
            page.line(&format!("{:>6} {:>7}  {bar}", day(end), number(balance.spendable)));
        }
    }

    fn usage(&self, page: &mut Page) -> Told {
        page.heading("Who used what, where, on what");
        page.line(&format!("{:24}{:>10}{:>7}{:>22}", "", "charged", "", "metered, not charged"));
        let end = just_before(self.statement.until);
        let ledger = self.as_of(end);
        let all = self.statement.sums();
        let people = Person::ALL.map(|person| (format!("{person:?}"), of(person)));
        let projects = Project::ALL
            .map(|project| (format!("{project:?}"), Scope { workspace: Some(project.id()), ..Scope::EVERYTHING }));
        let classes = ["video", "image", "llm"]
            .map(|class| (class.to_owned(), Scope { class: Some(label(class)), ..Scope::EVERYTHING }));
        for (title, rows) in [("by member", &people[..]), ("by project", &projects), ("by class", &classes)] {
            page.line(title);
            let mut sum = (0, 0);
            for (name, within) in rows {
                // The meter of the period and the statement are counted apart, and must agree.
                let (used, line) = (ledger.used(within, end), self.sums_within(within));
                let (charged, uncharged) = (i128::try_from(used.charged)?, i128::try_from(used.uncharged)?);
                if (charged, uncharged) != (line.charged(), line.uncharged) {
                    return Err(format!("usage and statement disagree about {name}").into());
                }
                let share = (charged * 200 / all.charged().max(1) + 1) / 2;
                page.line(&format!("  {name:22}{:>10}{share:>5} %{:>22}", cell(charged), cell(uncharged)));
                sum = (sum.0 + charged, sum.1 + uncharged);
            }
            if sum != (all.charged(), all.uncharged) {
                return Err(format!("what was used {title} is not what was used in all").into());
            }
        }
        page.line(&format!("{:24}{:>10}{:>7}{:>22}", "each way in all", cell(all.charged()), "", cell(all.uncharged)));
        Ok(())
    }

    fn sums_within(&self, within: &Scope) -> Sums {
        let lines = self.statement.lines.iter().filter(|line| within.covers(&line.scope));
        lines.fold(Sums::default(), |sum, line| both(sum, line.sums))
    }

    fn lots(&self, page: &mut Page) {
        let end = just_before(self.statement.until);
        let ledger = self.as_of(end);
        page.heading(&format!("Where every credit is that was ever granted, {}", full_day(end)));
        page.line(&format!("{:52}{}", "", columns(["granted", "available", "held", "spent", "expired"])));
        // A ledger forgets a lot that is over and keeps its sums: what there was is in the days before.
        let mut over: BTreeMap<LotId, Class> = BTreeMap::new();
        for lot in self.days().flat_map(|day| self.as_of(day).lots(day)) {
            over.insert(lot.id, lot.class);
        }
        let all = ledger.balance(end).columns;
        let mut rest = all;
        for lot in ledger.lots(end) {
            page.line(&format!("{:52}{}", title_of(&lot), columns(places(&wide(&lot.columns)))));
            rest = without(&rest, &wide(&lot.columns));
            over.remove(&lot.id);
        }
        let over: Vec<String> = over.iter().map(|(id, class)| format!("{id} {}", name_of(*class))).collect();
        page.line(&format!("{:52}{}", format!(" {}, over", over.join(", ")), columns(places(&rest))));
        page.line(&format!("{:52}{}", " all lots", columns(places(&all))));
        let words = if all.is_balanced() { "granted = available + held + spent + expired" } else { "DOES NOT BALANCE" };
        page.line(&format!(" {words}"));
    }

    fn statement(&self, page: &mut Page) -> Told {
        let Statement { from, until, opening, closing, .. } = &self.statement;
        page.heading(&format!("Statement of Nebula Film, {} to {}", full_day(*from), full_day(just_before(*until))));
        page.line(&format!("{:46}{}", "", columns(["in", "used", "expired", "in hand"])));
        let mut in_hand = signed(opening.available) + signed(opening.held);
        page.line(&format!("{:46}{}", "opening: brought forward from April", columns(["", "", "", &number(in_hand)])));
        for (begin, rows) in self.by_week() {
            page.line(&format!("{} to {}", day(begin), day(just_before(begin.plus(Span::days(7)).min(*until)))));
            for (nth, row) in rows.iter().enumerate() {
                in_hand += row.sums.change();
                // Within a week the rows are sorted by what happened, so that only its end has a sum.
                let sum = if nth + 1 == rows.len() { number(in_hand) } else { String::new() };
                let times = if row.times > 1 { format!(", {} times", row.times) } else { String::new() };
                let cells = [cell(row.sums.granted), cell(row.sums.spent), cell(row.sums.expired), sum];
                page.line(&format!("  {:44}{}", format!("{}{times}", row.title), columns(cells)));
            }
        }
        let sums = self.statement.sums();
        let cells = [cell(sums.granted), cell(sums.spent), cell(sums.expired), String::new()];
        page.line(&format!("{:46}{}", "all of May", columns(cells)));
        let (available, held) = (signed(closing.available), signed(closing.held));
        let cells = [String::new(), String::new(), String::new(), number(available + held)];
        page.line(&format!("{:46}{}", "closing: carried forward to June", columns(cells)));
        page.line(&format!("  of which {} are held for work under way", number(held)));
        let sum = signed(opening.available) + signed(opening.held) + sums.change();
        if !self.statement.is_balanced() || in_hand != available + held || sum != available + held {
            return Err(format!("the statement does not balance: {in_hand} is not {}", available + held).into());
        }
        let [opened, granted, spent, expired, closed] =
            [sum - sums.change(), sums.granted, sums.spent, sums.expired, available + held].map(number);
        page.line(&format!("It balances: {opened} + {granted} in - {spent} used - {expired} expired = {closed}."));
        Ok(())
    }

    /// Week by week what changed the credits in hand; what was only held or let go is in no row.
    fn by_week(&self) -> BTreeMap<Timestamp, Vec<Row>> {
        let mut weeks: BTreeMap<_, Vec<Row>> = BTreeMap::new();
        let week = Span::days(7).as_millis();
        for line in self.statement.lines.iter().filter(|line| line.sums.change() != 0) {
            let nth = line.at.since(self.statement.from).as_millis() / week;
            let rows = weeks.entry(self.statement.from.plus(Span::millis(nth * week))).or_default();
            let (title, sums) = (self.title_of(line), line.sums);
            match rows.iter_mut().find(|row| row.title == title) {
                Some(row) => *row = Row { title, times: row.times + 1, sums: both(row.sums, sums) },
                None => rows.push(Row { title, times: 1, sums }),
            }
        }
        weeks
    }

    fn title_of(&self, line: &Line) -> &'static str {
        let entry = self.entries.iter().find(|entry| entry.version == line.version);
        match (line.what, entry.map(|entry| &entry.order.request)) {
            ("grant", Some(Request::Grant(grant))) => name_of(grant.class),
            ("allocated", _) => name_of(Class::Allocation),
            ("charge" | "settle" | "capture", _) => "Work",
            ("refund", _) => "Refund",
            ("lot_expired", _) => "Not used in time",
            ("period_began", _) => "More than the bank holds",
            (other, _) => other,
        }
    }
}

/// How many credits a letter of the chart stands for.
const EACH: u64 = 500;

/// From the left: what is used up last stands at the wall.
const LAYERS: [(char, Class); 4] =
    [('T', Class::Purchased), ('B', Class::Rollover), ('A', Class::Allocation), ('P', Class::Promotional)];

/// A bar of layers. Rounded where layers meet, so that the whole is never off by more than half a letter.
fn bar(layers: impl Iterator<Item = (char, u64)>) -> String {
    let (mut bar, mut sum, mut drawn) = (String::new(), 0, 0);
    for (letter, credits) in layers {
        sum += credits;
        let end = (sum + EACH / 2) / EACH;
        (drawn..end).for_each(|_| bar.push(letter));
        drawn = end;
    }
    bar
}

fn name_of(class: Class) -> &'static str {
    match class {
        Class::Promotional => "Promotion",
        Class::Allocation => "Allocation of the plan",
        Class::Rollover => "Bank",
        Class::Purchased => "Top-up",
        Class::Adjustment => "Adjustment",
    }
}

fn title_of(lot: &Lot) -> String {
    let end = lot.expires.map_or_else(|| "no end".to_owned(), |end| format!("until {}", day(end)));
    format!(" {} {}, from {}, {end}", lot.id, name_of(lot.class), day(lot.effective))
}

fn columns<const N: usize>(cells: [impl AsRef<str>; N]) -> String {
    cells.map(|cell| format!("{:>9}", cell.as_ref())).join("  ")
}

fn places(all: &Columns<u128>) -> [String; 5] {
    [all.granted, all.available, all.held, all.spent, all.expired].map(|amount| cell(signed(amount)))
}

fn wide(columns: &Columns) -> Columns<u128> {
    Columns {
        granted: columns.granted.into(),
        available: columns.available.into(),
        held: columns.held.into(),
        spent: columns.spent.into(),
        expired: columns.expired.into(),
        voided: columns.voided.into(),
    }
}

fn without(all: &Columns<u128>, part: &Columns<u128>) -> Columns<u128> {
    Columns {
        granted: all.granted - part.granted,
        available: all.available - part.available,
        held: all.held - part.held,
        spent: all.spent - part.spent,
        expired: all.expired - part.expired,
        voided: all.voided - part.voided,
    }
}

fn both(sums: Sums, more: Sums) -> Sums {
    Sums {
        granted: sums.granted + more.granted,
        spent: sums.spent + more.spent,
        expired: sums.expired + more.expired,
        voided: sums.voided + more.voided,
        held: sums.held + more.held,
        owed: sums.owed + more.owed,
        uncharged: sums.uncharged + more.uncharged,
    }
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}

/// The last instant before one.
fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis() - 1)
}
