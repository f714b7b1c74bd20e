//! Orders: each verb of a ledger as the request that it stands for, under a key.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::catalog::{Enforcement, Midway, Per, Renewal, Rollover};
use bailiwick::ledger::{
    Above, Add, Allowance, BeginPeriod, BurnKey, BurnOrder, Capture, Charge, Class, Clear, Commit, Credits, DropLimit,
    Entry, Extend, Grant, Grow, Hold, Lease, Ledger, LotId, MeterRule, Order, Over, Pays, RaiseLimit, Refund, Refusal,
    Release, Remove, Report, Request, Reserve, Scope, SetAlerts, SetAllowance, SetLimit, SetPool, Settings, Settle,
    Spender, Spot, Tick, Timeout, Transfer, Units, Verdict, Void,
};
use bailiwick::{CommandId, HoldId, Label, OrgId, Timestamp};

use super::super::runner::{LEDGER_VERBS, Step};
use super::steps::{Refused, span, wrong};
use super::{Bailiwick, Kind};

/// The ledger of each organization, and what was ordered.
#[derive(Default)]
pub(super) struct Accounts {
    settings: Settings,
    ledgers: BTreeMap<OrgId, (Ledger, Vec<Arc<Entry>>)>,
    /// Orders by the names of their keys; the last one under no name.
    orders: BTreeMap<String, Order>,
    keys: u64,
    as_of: u64,
    pub(super) last: Option<Verdict>,
}

/// Whether a verb is an order to a ledger.
pub(super) fn is_order(verb: &str) -> bool {
    LEDGER_VERBS.iter().any(|(known, _)| *known == verb)
}

/// A day, with or without a time of day, in UTC.
pub(super) fn day(text: &str) -> Result<Timestamp, String> {
    let civil: jiff::civil::DateTime =
        text.parse().map_err(|_| format!("`{text}` should read like 2027-02-28T10:00"))?;
    let instant = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?.timestamp();
    u64::try_from(instant.as_millisecond()).map(Timestamp::from_millis).map_err(|_| format!("{text} is too early"))
}

impl Bailiwick {
    /// Begins with a ledger that no organization is behind.
    #[allow(dead_code, reason = "stories have none")]
    pub fn with_ledger(mut self, name: &str, decided: &[(String, String)]) -> Result<Self, String> {
        for (key, value) in decided {
            decide(&mut self.accounts.settings, key, value).map_err(|what| format!("{key}={value}: {what}"))?;
        }
        self.organization = Some(self.organization_named(name));
        Ok(self)
    }

    /// The ledger of the organization in use.
    pub(super) fn ledger(&self) -> Option<&Ledger> {
        self.accounts.ledgers.get(&self.organization?).map(|(ledger, _)| ledger)
    }

    /// Whatever should be true of every ledger: its books balance, and its entries give it again.
    pub(super) fn broken_ledger(&self) -> Option<String> {
        self.accounts.ledgers.values().find_map(|(ledger, entries)| {
            let wrong = ledger.audit();
            if !wrong.is_empty() {
                return Some(wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
            }
            let again = Ledger::replay(ledger.organization(), self.accounts.settings.clone(), entries);
            (again != *ledger).then(|| "replaying the entries gives another ledger".into())
        })
    }

    /// Gives an order to the ledger of the organization in use.
    pub(super) fn order(&mut self, step: &Step) -> Result<(), Refused> {
        let organization = self.organization.ok_or_else(|| wrong("no ledger yet"))?;
        let order = if step.verb == "again" { self.known_order(step.word(0))? } else { self.new_order(step)? };
        let (actor, now, accounts) = (self.actor(&step.who), self.now, &mut self.accounts);
        let settings = || accounts.settings.clone();
        let (ledger, entries) =
            accounts.ledgers.entry(organization).or_insert_with(|| (Ledger::new(organization, settings()), Vec::new()));
        let verdict = ledger.handle(&order, actor, now);
        if let Verdict::New(entry) = &verdict {
            ledger.apply(entry);
            entries.push(Arc::clone(entry));
        }
        accounts.orders.insert(String::new(), order);
        let answer =
            verdict.answer().map(|_| ()).map_err(|refusal: &Refusal| (refusal.code().into(), refusal.to_string()));
        accounts.last = Some(verdict);
        answer
    }

    fn known_order(&self, key: &str) -> Result<Order, Refused> {
        self.accounts.orders.get(key).cloned().ok_or_else(|| wrong(format!("nothing was ordered under `{key}`")))
    }

    /// A new order; under a key that was used, with the time at which that was made.
    fn new_order(&mut self, step: &Step) -> Result<Order, Refused> {
        let request = self.request(step)?;
        let named = step.option("key").unwrap_or_default();
        let known = self.accounts.orders.get(named).filter(|_| !named.is_empty());
        let (key, issued) = match known {
            Some(order) => (order.key, order.issued),
            None => {
                self.accounts.keys += 1;
                (CommandId::from_u64(self.accounts.keys).expect("counted from one"), self.now)
            }
        };
        let issued = step.option("issued").map_or(Ok(issued), |text| self.moment(text))?;
        let order = Order { key, issued, request };
        if !named.is_empty() && known.is_none() {
            self.accounts.orders.insert(named.into(), order.clone());
        }
        Ok(order)
    }

    pub(super) fn hold_id(&mut self, name: &str) -> HoldId {
        HoldId::from_u64(self.number(Kind::Hold, name)).expect("numbers begin at one")
    }

    fn request(&mut self, step: &Step) -> Result<Request, Refused> {
        let (first, second) = (step.word(0), step.word(1));
        Ok(match step.verb.as_str() {
            "allowance" => self.set_allowance(step)?.into(),
            "begin-period" => BeginPeriod { start: self.moment(first)?, end: self.moment(second)? }.into(),
            "tick" => Tick {}.into(),
            "set-pool" => {
                let pool = (!first.is_empty()).then(|| self.organization_named(first));
                SetPool { pool }.into()
            }
            "grant" => Grant {
                class: class(first)?,
                amount: credits(second)?,
                scope: self.scope(step.option("for").unwrap_or("everything"))?,
                priority: step.option("priority").map_or(Ok(0), number)?,
                effective: self.maybe(step, "from")?,
                expires: self.maybe(step, "until")?,
            }
            .into(),
            "void" => Void { lot: lot(first)?, amount: some_credits(second)? }.into(),
            "extend" => Extend { lot: lot(first)?, expires: self.maybe(step, "until")? }.into(),
            "transfer" => Transfer { to: self.organization_named(first), amount: credits(second)? }.into(),
            "set-limit" => SetLimit { scope: self.scope(first)?, over: over(step)?, max: credits(second)? }.into(),
            "raise-limit" => {
                let periods = step.option("periods").map_or(Ok(1), number)?;
                RaiseLimit { scope: self.scope(first)?, over: over(step)?, by: credits(second)?, periods }.into()
            }
            "drop-limit" => DropLimit { scope: self.scope(first)?, over: over(step)? }.into(),
            "set-alerts" => SetAlerts { credits_left: step.plain().map(credits).collect::<Result<_, _>>()? }.into(),
            "add" | "delete" | "clear" | "reserve" => self.metering(step)?,
            _ => self.spending(step)?,
        })
    }

    fn spending(&mut self, step: &Step) -> Result<Request, Refused> {
        let (hold, second) = (self.hold_id(step.word(0)), step.word(1));
        Ok(match step.verb.as_str() {
            "charge" => Charge { hold, spender: self.spender(step)?, amount: credits(second)? }.into(),
            "hold" => Hold {
                hold,
                spender: self.spender(step)?,
                amount: credits(second)?,
                until: self.until(step)?,
                above: above(step.option("above").unwrap_or("refuse"))?,
                timeout: timeout(step)?,
            }
            .into(),
            "grow" => Grow { hold, amount: credits(second)?, until: self.maybe(step, "until")? }.into(),
            "capture" => Capture { hold, amount: credits(second)? }.into(),
            "settle" => Settle { hold, amount: credits(second)? }.into(),
            "release" => Release { hold }.into(),
            "refund" => Refund { spend: hold, amount: some_credits(second)?, scope: None }.into(),
            "lease" => Lease {
                hold,
                scope: self.scope(step.option("for").unwrap_or("everything"))?,
                amount: credits(second)?,
                until: self.until(step)?,
                timeout: timeout(step)?,
            }
            .into(),
            "report" => Report { hold, spends: self.spends(step)? }.into(),
            "commit" => Commit { hold, amount: units(second)? }.into(),
            other => return Err(wrong(format!("no ledger can `{other}`"))),
        })
    }

    fn metering(&mut self, step: &Step) -> Result<Request, Refused> {
        let spot = self.spot_of(step)?;
        let (first, second) = (step.word(0), step.word(1));
        Ok(match step.verb.as_str() {
            "add" => Add { meter: label(first)?, spot, amount: units(second)? }.into(),
            "delete" => Remove { meter: label(first)?, spot, amount: units(second)? }.into(),
            "clear" => Clear { meter: label(first)?, spot }.into(),
            _ => {
                let (hold, until) = (self.hold_id(first), self.until(step)?);
                Reserve { hold, meter: label(second)?, spot, amount: units(step.word(2))?, until }.into()
            }
        })
    }

    /// Each allowance is of a later state of affairs than the one before, unless the line says otherwise.
    fn set_allowance(&mut self, step: &Step) -> Result<SetAllowance, Refused> {
        let as_of = step.option("as-of").map_or(Ok(self.accounts.as_of + 1), number)?;
        self.accounts.as_of = self.accounts.as_of.max(as_of);
        let anchor = step.option("from").map_or(Ok(self.now), |text| self.moment(text))?;
        let alerts: Result<Vec<u8>, Refused> = step.words_of("alerts").map(percent).collect();
        let allowance = Allowance {
            renewal: renewal(step.word(0))?,
            anchor,
            allocation: step.option("allocation").map_or(Ok(Credits::ZERO), credits)?,
            rollover: step.option("rollover").map_or(Ok(Rollover::None), word)?,
            rollover_periods: step.option("keep").map(number).transpose()?,
            midway: step.option("midway").map_or(Ok(Midway::Full), word)?,
            alerts_percent: alerts?,
            meters: meters(step, "meter")?,
        };
        let next = self.maybe(step, "next-at")?;
        let next = next.map(|from| Ok::<_, Refused>((next_allowance(step, &allowance)?, from))).transpose()?;
        Ok(SetAllowance { as_of, allowance, next })
    }

    /// Who spends, where, on what.
    fn spender(&mut self, step: &Step) -> Result<Spender, Refused> {
        let actor = self.actor(&step.who);
        let scope = Scope {
            organization: step.option("of").map(|name| self.organization_named(name)),
            workspace: step.option("in").map(|name| self.workspace(name)),
            project: step.option("project").map(|name| self.resource_id(name)),
            user: actor.user(),
            service: if let bailiwick::Actor::Service(service) = actor { Some(service) } else { None },
            class: step.option("class").map(label).transpose()?,
        };
        let pays = match step.option("pays") {
            None => Pays::Pool,
            Some("own-key") => Pays::OwnKey,
            Some("nobody") => Pays::Nobody,
            Some(_) => return Err(wrong("pays= own-key or nobody")),
        };
        Ok(Spender { scope, pays })
    }

    /// What `user:ada,class:llm` stands for.
    pub(super) fn scope(&mut self, text: &str) -> Result<Scope, Refused> {
        let mut scope = Scope::EVERYTHING;
        for part in text.split(',').filter(|part| *part != "everything") {
            match part.split_once(':').unwrap_or((part, "")) {
                ("user", name) => scope.user = Some(self.user(name)),
                ("workspace", name) => scope.workspace = Some(self.workspace(name)),
                ("project", name) => scope.project = Some(self.resource_id(name)),
                ("service", name) => scope.service = Some(self.service(name)),
                ("organization", name) => scope.organization = Some(self.organization_named(name)),
                ("class", name) => scope.class = Some(label(name)?),
                _ => return Err(wrong(format!("`{part}` is no part of a scope"))),
            }
        }
        Ok(scope)
    }

    /// What `workspace:design,kind:video` stands for.
    pub(super) fn spot(&mut self, text: &str) -> Result<Spot, Refused> {
        let mut spot = Spot::EVERYTHING;
        for part in text.split(',').filter(|part| *part != "everywhere") {
            match part.split_once(':').unwrap_or((part, "")) {
                ("workspace", name) => spot.workspace = Some(self.workspace(name)),
                ("project", name) => spot.project = Some(self.resource_id(name)),
                ("kind", name) => spot.kind = Some(label(name)?),
                _ => return Err(wrong(format!("`{part}` is no part of a place"))),
            }
        }
        Ok(spot)
    }

    fn spot_of(&mut self, step: &Step) -> Result<Spot, Refused> {
        Ok(Spot {
            workspace: step.option("in").map(|name| self.workspace(name)),
            project: step.option("project").map(|name| self.resource_id(name)),
            kind: step.option("kind").map(label).transpose()?,
        })
    }

    /// What a process has spent: `10@user:ada`.
    fn spends(&mut self, step: &Step) -> Result<Vec<(Scope, Credits)>, Refused> {
        let items: Vec<&str> = step.plain().skip(1).collect();
        let mut spends = Vec::new();
        for item in items {
            let (amount, scope) = item.split_once('@').ok_or_else(|| wrong("a spend reads `10@user:ada`"))?;
            spends.push((self.scope(scope)?, credits(amount)?));
        }
        Ok(spends)
    }

    /// A day, or so long from now.
    fn moment(&self, text: &str) -> Result<Timestamp, Refused> {
        match day(text) {
            Ok(at) => Ok(at),
            Err(words) if text.contains('-') => Err(wrong(words)),
            Err(_) => Ok(self.now.plus(span(text)?)),
        }
    }

    fn maybe(&self, step: &Step, key: &str) -> Result<Option<Timestamp>, Refused> {
        step.option(key).filter(|text| *text != "never").map(|text| self.moment(text)).transpose()
    }

    /// An end that has to be; an hour from now where nothing is said.
    fn until(&self, step: &Step) -> Result<Timestamp, Refused> {
        self.moment(step.option("until").unwrap_or("1h"))
    }
}

/// What the header decides; the error says how it should read.
#[allow(dead_code, reason = "stories have none")]
fn decide(settings: &mut Settings, key: &str, value: &str) -> Result<(), &'static str> {
    match key {
        "burn" => {
            let keys: Option<Vec<BurnKey>> = value.split(',').filter(|key| !key.is_empty()).map(burn_key).collect();
            settings.burn_order = BurnOrder::new(keys.ok_or("scope, priority, expiry, class, age")?);
        }
        "transfers" => settings.transfers = value == "on",
        "window" => settings.window = value.parse().map_err(|_| "a length of time")?,
        "keys" => settings.keys_max = value.parse().map_err(|_| "a number")?,
        _ => settings.refundable_max = value.parse().map_err(|_| "a number")?,
    }
    Ok(())
}

fn burn_key(word: &str) -> Option<BurnKey> {
    Some(match word {
        "scope" => BurnKey::Scope,
        "priority" => BurnKey::Priority,
        "expiry" => BurnKey::Expiry,
        "class" => BurnKey::Class,
        "age" => BurnKey::Age,
        _ => return None,
    })
}

/// The allowance that comes later: what is not said of it is as in the one before.
fn next_allowance(step: &Step, before: &Allowance) -> Result<Allowance, Refused> {
    let mut next = before.clone();
    if let Some(text) = step.option("next-renewal") {
        next.renewal = renewal(text)?;
    }
    if let Some(allocation) = step.option("next-allocation") {
        next.allocation = credits(allocation)?;
    }
    if step.option("next-meter").is_some() {
        next.meters = meters(step, "next-meter")?;
    }
    Ok(next)
}

fn meters(step: &Step, key: &str) -> Result<Vec<MeterRule>, Refused> {
    step.options().filter(|(known, _)| *known == key).map(|(_, text)| meter(text)).collect()
}

/// What `storage:100,grace:7d,80%` stands for; hard, and of the organization, where nothing else is said.
pub(super) fn meter(text: &str) -> Result<MeterRule, Refused> {
    let mut parts = text.split(',');
    let (name, max) = parts.next().and_then(|part| part.split_once(':')).ok_or_else(|| wrong("meter=NAME:MAX,…"))?;
    let mut rule = MeterRule {
        meter: label(name)?,
        per: Per::Organization,
        max: units(max)?,
        enforcement: Enforcement::Hard,
        alerts_percent: Vec::new(),
    };
    for part in parts {
        match part.strip_suffix('%') {
            Some(alert) => rule.alerts_percent.push(number(alert)?),
            None if part == "per-workspace" => rule.per = Per::Workspace,
            None => rule.enforcement = word(part)?,
        }
    }
    Ok(rule)
}

/// Monthly, yearly, days:30; as-given, for `given` begins something else in a table.
fn renewal(text: &str) -> Result<Renewal, Refused> {
    word(text.strip_prefix("as-").unwrap_or(text))
}

/// A word of the file form of a catalog.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refused> {
    serde_json::from_value(text.into()).map_err(|error| wrong(format!("{text}: {error}")))
}

fn class(text: &str) -> Result<Class, Refused> {
    word(text)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Refused> {
    text.parse().map_err(|_| wrong(format!("`{text}` should be a number")))
}

fn percent(text: &str) -> Result<u8, Refused> {
    number(text.trim_end_matches('%'))
}

/// How many; `most` is the greatest number there is.
fn amount(text: &str) -> Result<u64, Refused> {
    if text == "most" { Ok(u64::MAX) } else { number(text) }
}

fn credits(text: &str) -> Result<Credits, Refused> {
    amount(text).map(Credits::new)
}

fn units(text: &str) -> Result<Units, Refused> {
    amount(text).map(Units::new)
}

fn some_credits(text: &str) -> Result<Option<Credits>, Refused> {
    if text.is_empty() { Ok(None) } else { credits(text).map(Some) }
}

pub(super) fn lot(text: &str) -> Result<LotId, Refused> {
    number(text.trim_start_matches('#')).map(LotId::from_u64)
}

pub(super) fn label(text: &str) -> Result<Label, Refused> {
    text.parse().map_err(|error| wrong(format!("{text}: {error}")))
}

fn over(step: &Step) -> Result<Over, Refused> {
    Ok(match step.option("over") {
        None => Over::Period,
        Some("ever") => Over::Ever,
        Some("in-flight") => Over::InFlight,
        Some(_) => return Err(wrong("over=ever or over=in-flight")),
    })
}

fn above(text: &str) -> Result<Above, Refused> {
    Ok(match text.split_once(':') {
        None if text == "refuse" => Above::Refuse,
        None if text == "cap" => Above::Cap,
        None if text == "available" => Above::Available,
        Some(("overdraft", max)) => Above::Overdraft(credits(max)?),
        _ => return Err(wrong("above= refuse, cap, available or overdraft:N")),
    })
}

fn timeout(step: &Step) -> Result<Timeout, Refused> {
    match step.option("timeout") {
        None | Some("release") => Ok(Timeout::Release),
        Some("settle") => Ok(Timeout::Settle),
        Some(_) => Err(wrong("timeout=release or timeout=settle")),
    }
}
