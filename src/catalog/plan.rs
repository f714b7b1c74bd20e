//! Plans: what an organization has bought. Features, limits, and the rules for seats, credits, storage and retention.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::word::words;
use crate::time::Span;

/// What happens at a limit (C-21). As text: `hard`, `soft`, `grace:7d`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Enforcement {
    /// Refused.
    #[default]
    Hard,
    /// Allowed, and the answer says that it is over.
    Soft,
    /// Allowed for so long after the limit was first crossed, then refused.
    Grace(Span),
}

words!(Enforcement { Hard = "hard", Soft = "soft"; Grace(Span) = "grace" });

/// What a limit is counted over.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// The whole organization.
    #[default]
    Organization,
    /// Each workspace by itself.
    Workspace,
}

impl Per {
    pub(super) const CHOICES: [(&'static str, Self); 2] =
        [("organization", Self::Organization), ("workspace", Self::Workspace)];
}

/// The limits that the crate itself counts. Others are named by the application.
pub mod limit {
    /// People who are members, suspended ones included or not by policy.
    pub const MEMBERS: &str = "members";
    /// People with access to workspaces who are not members; one person counts once.
    pub const COLLABORATORS: &str = "collaborators";
    /// Workspaces.
    pub const WORKSPACES: &str = "workspaces";
    /// Teams.
    pub const TEAMS: &str = "teams";
    /// Custom roles.
    pub const CUSTOM_ROLES: &str = "custom_roles";
    /// Services and keys.
    pub const SERVICES: &str = "services";

    pub(crate) const ALL: [&str; 6] = [MEMBERS, COLLABORATORS, WORKSPACES, TEAMS, CUSTOM_ROLES, SERVICES];
}

/// One limit of a plan. A limit that a plan does not name does not exist in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LimitDef {
    /// The key.
    pub key: String,
    /// How many.
    pub max: u64,
    /// What it is counted over.
    pub per: Per,
    /// What happens at it.
    pub enforcement: Enforcement,
    /// At which percentages of it somebody is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts_percent: Vec<u8>,
}

impl LimitDef {
    /// At most `max` of them in the organization, refused beyond.
    #[must_use]
    pub fn new(key: &str, max: u64) -> Self {
        let (per, enforcement) = (Per::default(), Enforcement::default());
        Self { key: key.into(), max, per, enforcement, alerts_percent: Vec::new() }
    }

    /// What it is counted over.
    #[must_use]
    pub const fn per(mut self, per: Per) -> Self {
        self.per = per;
        self
    }

    /// What happens at it.
    #[must_use]
    pub const fn enforcement(mut self, enforcement: Enforcement) -> Self {
        self.enforcement = enforcement;
        self
    }
}

/// How seats are sold. As text: `none`, `per_seat:5` (five at least).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum SeatRule {
    /// Seats are not counted.
    #[default]
    None,
    /// Each active billable member takes a purchased seat; at least so many are charged.
    PerSeat(u64),
}

words!(SeatRule { None = "none"; PerSeat(u64) = "per_seat" });

/// How much of an unused allocation stays. As text: `none`, `cap:1000`, `percent:50`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Rollover {
    /// Nothing.
    #[default]
    None,
    /// Up to so many credits in the bank.
    Cap(u64),
    /// Up to so many percent of the allocation in the bank.
    Percent(u8),
}

words!(Rollover { None = "none"; Cap(u64) = "cap", Percent(u8) = "percent" });

/// When a new period begins. As text: `monthly`, `yearly`, `days:30`, `given`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Renewal {
    /// Every month, on the day of the first one; where a month is too short, on its last day.
    #[default]
    Monthly,
    /// Every year, on the day of the first one; after a 29 February, in other years, on the 28th.
    Yearly,
    /// When the billing provider says so.
    Given,
    /// Every so many days of 24 hours.
    Days(u32),
}

words!(Renewal { Monthly = "monthly", Yearly = "yearly", Given = "given"; Days(u32) = "days" });

/// What more seats, or a bigger plan, allocate at once in the middle of a period. As text: `full`, `prorated`, `next`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Midway {
    /// All that they would have allocated at its begin.
    #[default]
    Full,
    /// The part for the rest of the period; what is less than one credit is carried to the next time in the same period.
    Prorated,
    /// Nothing before the next period.
    Next,
}

words!(Midway { Full = "full", Prorated = "prorated", Next = "next" });

/// What a plan allocates each period.
///
/// # Shape
/// By default nothing, each month. An allocation is at most [`ALLOCATION_MAX`](crate::limits::ALLOCATION_MAX), also that
/// of all seats together.
///
/// # Units
/// The smallest credit that the application counts.
///
/// # Examples
/// ```
/// use bailiwick::catalog::{CreditRule, Midway, PlanDef, Renewal, Rollover, SeatRule};
///
/// let rule = CreditRule {
///     allocation_per_seat: 2_000,
///     rollover: Rollover::Percent(50),
///     rollover_periods: Some(2),
///     renewal: Renewal::Yearly,
///     midway: Midway::Prorated,
///     alerts_percent: vec![80, 100],
///     ..CreditRule::default()
/// };
/// let _ = PlanDef::new("team", 2).seats(SeatRule::PerSeat(1)).credits(rule);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CreditRule {
    /// To the organization, however many seats it has.
    pub allocation: u64,
    /// For each purchased seat.
    pub allocation_per_seat: u64,
    /// What stays of what was not used.
    pub rollover: Rollover,
    /// For how many periods it stays, one at least; none for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollover_periods: Option<u32>,
    /// When a new period begins.
    pub renewal: Renewal,
    /// What more seats, or a bigger plan, allocate in the middle of a period.
    pub midway: Midway,
    /// At which percentages used up, 1 to 100, somebody is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts_percent: Vec<u8>,
}

/// What a plan stores.
///
/// # Units
/// Bytes; 1 GB is 10⁹ bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct StorageRule {
    /// How many bytes; none for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota_bytes: Option<u64>,
    /// What happens at the quota.
    pub enforcement: Enforcement,
    /// At which percentages of the quota somebody is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts_percent: Vec<u8>,
}

/// What happens to one kind of content once the organization is archived.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RetentionRule {
    /// The kind of content, as the application names it: a [`Label`](crate::Label), as ledgers keep it.
    pub kind: String,
    /// How long it stays after archiving; none for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Span>,
}

/// A plan as defined.
///
/// # Examples
/// ```
/// use bailiwick::catalog::{LimitDef, PlanDef, SeatRule, limit};
///
/// let _ = PlanDef::new("business", 3).title("Business").features(["sso"]).seats(SeatRule::PerSeat(5)).team_organizations();
/// let _ = PlanDef::new("starter", 0).limit(LimitDef::new(limit::MEMBERS, 1));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanDef {
    /// The key.
    pub key: String,
    /// What people call it; empty when nobody gave it a title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The higher number is the bigger plan.
    pub rank: u32,
    /// Whether team organizations can be created on it.
    pub team_organizations: bool,
    /// Whether organizations can begin on it; one that cannot is for those that move there, such as to rest.
    pub new_organizations: bool,
    /// The identity provider that its people sign in through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_provider: Option<String>,
    /// The features it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// How its seats are sold.
    pub seats: SeatRule,
    /// Its limits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitDef>,
    /// What it allocates each period.
    pub credits: CreditRule,
    /// What it stores.
    pub storage: StorageRule,
    /// What happens to content once the organization is archived.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<RetentionRule>,
}

impl PlanDef {
    /// Defines a plan without features or limits. `rank` orders plans: the higher number is the bigger plan.
    #[must_use]
    pub fn new(key: &str, rank: u32) -> Self {
        Self {
            key: key.into(),
            title: String::new(),
            rank,
            team_organizations: false,
            new_organizations: true,
            identity_provider: None,
            features: Vec::new(),
            seats: SeatRule::None,
            limits: Vec::new(),
            credits: CreditRule::default(),
            storage: StorageRule::default(),
            retention: Vec::new(),
        }
    }

    /// What people call it.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// Team organizations can be created on it.
    #[must_use]
    pub const fn team_organizations(mut self) -> Self {
        self.team_organizations = true;
        self
    }

    /// Organizations move to it, and none begins on it.
    #[must_use]
    pub const fn not_for_new_organizations(mut self) -> Self {
        self.new_organizations = false;
        self
    }

    /// Its people sign in through this identity provider.
    #[must_use]
    pub fn identity_provider(mut self, provider: &str) -> Self {
        self.identity_provider = Some(provider.into());
        self
    }

    /// It has these features.
    #[must_use]
    pub fn features<'k>(mut self, features: impl IntoIterator<Item = &'k str>) -> Self {
        self.features.extend(features.into_iter().map(ToOwned::to_owned));
        self
    }

    /// It has this limit.
    #[must_use]
    pub fn limit(mut self, limit: LimitDef) -> Self {
        self.limits.push(limit);
        self
    }

    /// How its seats are sold.
    #[must_use]
    pub const fn seats(mut self, rule: SeatRule) -> Self {
        self.seats = rule;
        self
    }

    /// What it allocates each period.
    #[must_use]
    pub fn credits(mut self, rule: CreditRule) -> Self {
        self.credits = rule;
        self
    }

    /// What it stores.
    #[must_use]
    pub fn storage(mut self, rule: StorageRule) -> Self {
        self.storage = rule;
        self
    }

    /// What happens to one kind of content once the organization is archived.
    #[must_use]
    pub fn retention(mut self, rule: RetentionRule) -> Self {
        self.retention.push(rule);
        self
    }

    /// What people call it; the key when nobody gave it a title.
    #[must_use]
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.key } else { &self.title }
    }

    /// The limit of that name, or `None` where there is none.
    #[must_use]
    pub fn limit_of(&self, key: &str) -> Option<&LimitDef> {
        self.limits.iter().find(|limit| limit.key == key)
    }
}
