//! How a ledger stands: what a `state` line asks of it, answered in its words.

use std::fmt::Display;

use bailiwick::ledger::{
    Alert, Allowance, Columns, Draw, Due, Ledger, Lot, Over, OverLimit, Receipt, Refusal, Scope, Spender, Threshold,
    Verdict, Watched,
};
use bailiwick::{Label, OrgId, Timestamp, WorkspaceId};

use super::accounts::{label, lot, meter};
use super::{Bailiwick, Kind};

type Words = Result<Option<Vec<String>>, String>;

impl Bailiwick {
    /// The words about a subject, if it is one of a ledger.
    pub(super) fn figure(&mut self, subject: &[&str]) -> Words {
        let told = |(_, words): (String, String)| words;
        let phrases = match subject {
            ["spendable", "of", scope] => {
                let spender = Spender::new(self.scope(scope).map_err(told)?);
                let spendable = self.books()?.spendable(&spender, self.now);
                vec![format!("{} {}", spendable.amount, spendable.because.code())]
            }
            ["used" | "uncharged", "by", scope] => {
                let within = self.scope(scope).map_err(told)?;
                let used = self.books()?.used(&within, self.now);
                one(if subject[0] == "used" { used.charged } else { used.uncharged })
            }
            ["limit", "of", scope, over @ ..] => {
                let (scope, over) = (self.scope(scope).map_err(told)?, over_named(over)?);
                let found = self.books()?.limit(&scope, over, self.now);
                found.map(|limit| format!("{} of {}", limit.spent + limit.held, limit.max)).into_iter().collect()
            }
            ["hold" | "refundable", .., name] => self.of_hold(subject[0], name)?,
            ["use" | "reserved" | "grace", "of", name, place @ ..] => {
                let place = place.get(1).map(|place| self.workspace(place));
                self.of_meter(subject[0], label(name).map_err(told)?, place)?
            }
            ["stored", name, spot] => {
                let (meter, spot) = (label(name).map_err(told)?, self.spot(spot).map_err(told)?);
                one(self.books()?.stored(meter, &spot))
            }
            ["excess", "under", text] => {
                let allowance = Allowance { meters: vec![meter(text).map_err(told)?], ..Allowance::none(self.now) };
                let over = self.books()?.exceeds(&allowance, self.now);
                over.iter().map(|over| self.too_much(over)).collect()
            }
            ["due", "of", name] => {
                let dates = self.read(bailiwick::Organization::retention).unwrap_or_default();
                let due = self.books()?.due(label(name).map_err(told)?, &dates, self.now);
                due.iter()
                    .map(|due| format!("{} {}", due.units, due.spot.kind.map_or("-".into(), Label::to_text)))
                    .collect()
            }
            ["lot", number] => {
                let id = lot(number).map_err(told)?;
                let found = self.books()?.lots(self.now).into_iter().find(|lot| lot.id == id);
                found.map_or_else(|| one("gone"), |lot| columns(&lot.columns))
            }
            _ => match self.of_credits(subject).or_else(|| self.of_the_last(subject)) {
                None => return Ok(None),
                Some(found) => found?,
            },
        };
        let phrases = if phrases.is_empty() { one("none") } else { phrases };
        Ok(Some(phrases.join(", ").split(' ').map(str::to_owned).collect()))
    }

    /// The ledger; before its first order it is empty.
    fn books(&self) -> Result<Ledger, String> {
        let nobody = || OrgId::from_u64(u64::MAX).expect("not zero");
        Ok(self
            .ledger()
            .cloned()
            .unwrap_or_else(|| Ledger::new(self.organization.unwrap_or_else(nobody), Default::default())))
    }

    /// The pool as a whole.
    fn of_credits(&self, subject: &[&str]) -> Option<Result<Vec<String>, String>> {
        let books = self.books().ok()?;
        let balance = books.balance(self.now);
        let all = balance.columns;
        Some(Ok(match subject {
            ["balance"] => one(balance.spendable),
            ["granted"] => one(all.granted),
            ["held"] => one(all.held),
            ["spent"] => one(all.spent),
            ["expired"] => one(all.expired),
            ["voided"] => one(all.voided),
            ["pending"] => one(balance.pending),
            ["bank"] => one(balance.bank),
            ["allocation", "left"] => one(balance.allocation),
            ["entitled"] => one(balance.entitled),
            ["owed"] => one(balance.owed),
            ["pool"] => {
                let name = |id: OrgId| self.named(Kind::Organization, id.as_u128());
                books.pool().and_then(name).into_iter().collect()
            }
            ["lots"] => {
                let lots = books.lots(self.now);
                let usable = |lot: &&Lot| lot.columns.available > 0 && lot.effective <= self.now;
                lots.iter()
                    .filter(usable)
                    .map(|lot| format!("{} {} {}", lot.id, class(lot), lot.columns.available))
                    .collect()
            }
            ["expiries"] => {
                books.expiries(self.now).iter().map(|(at, credits)| format!("{credits} at {}", shown(*at))).collect()
            }
            ["period"] => balance.period.map_or_else(
                || one("none"),
                |(start, end)| vec![format!("{} to {}", shown(start), end.map_or("open".into(), shown))],
            ),
            ["open", "holds"] => one(books.open_holds(self.now)),
            ["entries"] => one(books.version().as_u64()),
            _ => return None,
        }))
    }

    fn of_hold(&mut self, what: &str, name: &str) -> Result<Vec<String>, String> {
        let id = self.hold_id(name);
        let books = self.books()?;
        Ok(if what == "refundable" {
            books.refundable(id, self.now).map_or_else(|| one("unknown"), one)
        } else {
            let left = books.hold(id, self.now);
            left.map_or_else(|| one("over"), |(left, until)| vec![format!("{left} until {}", shown(until))])
        })
    }

    fn of_meter(&self, what: &str, meter: Label, place: Option<WorkspaceId>) -> Result<Vec<String>, String> {
        let state = self.books()?.meter(meter, place, self.now);
        Ok(match what {
            "use" => vec![state.max.map_or(state.used.to_string(), |max| format!("{} of {max}", state.used))],
            "reserved" => one(state.reserved),
            _ => state.grace_ends.map(shown).into_iter().collect(),
        })
    }

    /// What the answer to the last order says.
    fn of_the_last(&self, subject: &[&str]) -> Option<Result<Vec<String>, String>> {
        let Some(verdict) = &self.accounts.last else { return None };
        let receipt = || verdict.answer().map_err(|refusal| format!("it was refused with {}", refusal.code()));
        let draws =
            |of: fn(&Receipt) -> &[Draw]| Some(receipt().map(|receipt| of(receipt).iter().map(drawn).collect()));
        match subject {
            ["verdict"] => Some(Ok(one(match verdict {
                Verdict::New(_) => "new",
                Verdict::Known(_) => "known",
                Verdict::Refused(_) => "not kept",
            }))),
            ["refusal"] => Some(Ok(verdict.answer().err().map(|refusal| self.numbers(refusal)).unwrap_or_default())),
            ["alerts"] => Some(Ok(alerts_of(verdict).map(|alert| self.alert(alert)).collect())),
            ["paid", "by"] => draws(|receipt| &receipt.draws),
            ["returned", "to"] => draws(|receipt| &receipt.returned),
            ["lost", "from"] => draws(|receipt| &receipt.lost),
            ["paid", "beyond"] => draws(|receipt| &receipt.beyond),
            ["repaid", "by"] => draws(|receipt| &receipt.repaid),
            ["owes"] => Some(receipt().map(|receipt| one(receipt.owed))),
            ["forgone"] => Some(receipt().map(|receipt| one(receipt.forgone))),
            ["counted"] => Some(receipt().map(|receipt| one(receipt.units))),
            ["allocated"] => Some(receipt().map(|receipt| {
                let given = receipt.allocated.iter().filter(|given| !given.amount.is_zero());
                given.map(|given| format!("{} {}", given.lot, given.amount)).collect()
            })),
            ["adjusted"] => Some(receipt().map(|receipt| receipt.adjusted.iter().map(drawn).collect())),
            ["over"] => Some(receipt().map(|receipt| receipt.over.iter().map(|over| self.too_much(over)).collect())),
            _ => None,
        }
    }

    fn too_much(&self, over: &OverLimit) -> String {
        let until = over.until.map(|until| format!(" until {}", shown(until))).unwrap_or_default();
        format!("{} {} of {}{until}", self.metered(over.meter, over.workspace), over.used, over.max)
    }

    fn metered(&self, meter: Label, place: Option<WorkspaceId>) -> String {
        let place = place.and_then(|id| self.named(Kind::Workspace, id.as_u128()));
        place.map_or(meter.to_text(), |place| format!("{meter} in {place}"))
    }

    fn alert(&self, alert: &Alert) -> String {
        let threshold = match alert.threshold {
            Threshold::Percent(percent) => format!("{percent}%"),
            Threshold::Left(credits) => format!("{credits}-left"),
        };
        let watched = match alert.watched {
            Watched::Credits => "credits".into(),
            Watched::Limit { scope, over } => format!("{}{}", self.scope_named(&scope), over_word(over)),
            Watched::Meter { meter, workspace } => self.metered(meter, workspace),
        };
        format!("{watched} {threshold}")
    }

    /// The numbers of a refusal, so that somebody can be told.
    fn numbers(&self, refusal: &Refusal) -> Vec<String> {
        let text = match refusal {
            Refusal::NotEnough { needed, left } => format!("{needed} needed, {left} left"),
            Refusal::Limit { scope, over, max, used, needed } => {
                format!("{}{}: {needed} needed, {used} of {max} used", self.scope_named(scope), over_word(*over))
            }
            Refusal::NarrowerLimit { scope } => self.scope_named(scope),
            Refusal::AboveHold { held, needed } => format!("{needed} needed, {held} held"),
            Refusal::Overdraft { max, owed } => format!("{owed} owed of {max}"),
            Refusal::RefundAbove { left } => format!("{left} left"),
            Refusal::LotShort { available } => format!("{available} available"),
            Refusal::MeterFull { meter, workspace, max, used, needed } => {
                format!("{}: {needed} needed, {used} of {max} used", self.metered(*meter, *workspace))
            }
            Refusal::GraceOver { meter, workspace, max, used, since } => {
                format!("{}: {used} of {max} used, since {}", self.metered(*meter, *workspace), shown(*since))
            }
            Refusal::MeterShort { used } => format!("{used} used"),
            Refusal::TooOld { since } => format!("since {}", shown(*since)),
            Refusal::IssuedLater { now } => format!("now {}", shown(*now)),
            Refusal::ClockJump { clock } => format!("clock {}", shown(*clock)),
            Refusal::StaleAllowance { have } => format!("have {have}"),
            Refusal::StalePeriod { start } => format!("start {}", shown(*start)),
            other => other.code().to_owned(),
        };
        vec![text]
    }

    /// A scope as a table writes it.
    fn scope_named(&self, scope: &Scope) -> String {
        let name = |kind, bits| self.named(kind, bits).unwrap_or_default();
        let parts = [
            scope.organization.map(|id| format!("organization:{}", name(Kind::Organization, id.as_u128()))),
            scope.workspace.map(|id| format!("workspace:{}", name(Kind::Workspace, id.as_u128()))),
            scope.project.map(|id| format!("project:{}", name(Kind::Resource, id.as_u128()))),
            scope.user.map(|id| format!("user:{}", name(Kind::Person, id.as_u128()))),
            scope.service.map(|id| format!("service:{}", name(Kind::Service, id.as_u128()))),
            scope.class.map(|class| format!("class:{class}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "everything".into() } else { parts.join(",") }
    }
}

/// The alerts of the last order, those of the time before it first.
fn alerts_of(verdict: &Verdict) -> impl Iterator<Item = &Alert> {
    let elapsed = if let Verdict::New(entry) = verdict { entry.elapsed.as_slice() } else { &[] };
    let before = elapsed.iter().flat_map(|elapsed| match &elapsed.what {
        Due::Alerted { alerts } => alerts.as_slice(),
        _ => &[],
    });
    before.chain(verdict.answer().map(|receipt| receipt.alerts.as_slice()).unwrap_or_default())
}

fn over_named(words: &[&str]) -> Result<Over, String> {
    match words {
        [] => Ok(Over::Period),
        ["ever"] => Ok(Over::Ever),
        ["in-flight"] => Ok(Over::InFlight),
        other => Err(format!("nothing is counted `{}`", other.join(" "))),
    }
}

fn over_word(over: Over) -> &'static str {
    match over {
        Over::Period => "",
        Over::Ever => " ever",
        Over::InFlight => " in-flight",
    }
}

fn drawn(draw: &Draw) -> String {
    format!("{} {}", draw.lot, draw.amount)
}

fn class(lot: &Lot) -> String {
    serde_json::to_value(lot.class).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Where the credits of a lot are.
fn columns(lot: &Columns) -> Vec<String> {
    let all = [
        (lot.available, "available"),
        (lot.held, "held"),
        (lot.spent, "spent"),
        (lot.expired, "expired"),
        (lot.voided, "voided"),
    ];
    all.iter().filter(|(credits, _)| *credits > 0).map(|(credits, place)| format!("{credits} {place}")).collect()
}

/// A day, with its time where it is not midnight.
fn shown(at: Timestamp) -> String {
    let instant = i64::try_from(at.as_millis()).ok().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
    let Some(civil) = instant.map(|instant| instant.to_zoned(jiff::tz::TimeZone::UTC).datetime()) else {
        return "the end of time".into();
    };
    let text = civil.to_string();
    let text = text.strip_suffix(":00").unwrap_or(&text);
    text.strip_suffix("T00:00").unwrap_or(text).to_owned()
}

fn one(word: impl Display) -> Vec<String> {
    vec![word.to_string()]
}
