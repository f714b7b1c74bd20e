//! The words of tables about a ledger: what it can be asked to do, and how it stands. Shapes are those of `words.rs`.
//!
//! Moments are written as days with or without a time of day (`2027-02-28`, `2027-02-28T10:00`, UTC), those that lie ahead
//! also as lengths of time from now (`10m`). Whoever charges or holds is the spender, in the workspace after `in=`, on the
//! `project=` and `class=`. Amounts of lots read `#1 20, #2 10`.

/// What can be decided for a ledger in its header: the keys of its burn order, whether credits are sent on, for how long and how
/// many answers are remembered, how many spends can be refunded.
pub const LEDGER_KEYS: &[&str] = &["burn", "transfers", "window", "keys", "refundable"];

/// What a ledger can be asked to do. Each takes `key=` and `issued=` besides: without, each order has a key of its own, and is
/// issued when it is given.
pub const LEDGER_VERBS: &[(&str, &str)] = &[
    // The plan and its periods: `meter=storage:100,grace:7d,80%`, `meter=channels:5,per-workspace`.
    (
        "allowance",
        "TEXT from= allocation= rollover= keep= midway= alerts= meter= as-of= next-at= next-renewal= next-allocation= next-meter=",
    ),
    ("begin-period", "TEXT TEXT"),
    ("tick", ""),
    ("set-pool", "ORGANIZATION?"),
    // Credits in and out: the class, the amount.
    ("grant", "TEXT TEXT for=SCOPE priority= from= until="),
    ("void", "TEXT TEXT?"),
    ("extend", "TEXT until="),
    ("transfer", "ORGANIZATION TEXT"),
    // Spending.
    ("charge", "+HOLD TEXT in=WORKSPACE project=RESOURCE class= of=ORGANIZATION pays="),
    ("hold", "+HOLD TEXT in=WORKSPACE project=RESOURCE class= of=ORGANIZATION pays= until= above= timeout="),
    ("grow", "HOLD TEXT until="),
    ("capture", "HOLD TEXT"),
    ("settle", "HOLD TEXT"),
    ("release", "HOLD"),
    ("refund", "HOLD TEXT?"),
    ("lease", "+HOLD TEXT for=SCOPE until= timeout="),
    ("report", "HOLD TEXT*"), // 10@user:ada
    // Limits: `over=ever`, `over=in-flight`; without, the present period.
    ("set-limit", "SCOPE TEXT over="),
    ("raise-limit", "SCOPE TEXT over= periods="),
    ("drop-limit", "SCOPE over="),
    ("set-alerts", "TEXT*"),
    // Meters: which one, how much. What was added is deleted; `remove` is about people.
    ("add", "TEXT TEXT in=WORKSPACE project=RESOURCE kind="),
    ("delete", "TEXT TEXT in=WORKSPACE project=RESOURCE kind="),
    ("clear", "TEXT in=WORKSPACE project=RESOURCE kind="),
    ("reserve", "+HOLD TEXT TEXT in=WORKSPACE project=RESOURCE kind= until="),
    ("commit", "HOLD TEXT"),
    // An order once more, exactly as it was: the last one, or that of a key.
    ("again", "TEXT?"),
];

/// What can be asked of a ledger. Of the last order: what its receipt or its refusal says.
pub const LEDGER_SUBJECTS: &[&str] = &[
    // Credits.
    "balance", // what can be taken
    "granted", // ever
    "held",
    "spent",
    "expired",
    "voided",
    "pending", // granted, and not effective yet
    "bank",
    "allocation left",
    "entitled", // what the present period was allocated in whole periods
    "owed",
    "pool",               // whose pays, where it is not its own
    "lots",               // that can be taken from, in burn order
    "lot TEXT",           // where its credits are; gone
    "expiries",           // when how many expire if nobody spends them
    "period",             // 2027-02-28 to 2027-03-31
    "spendable of SCOPE", // and which refusal stands behind it
    "used by SCOPE",      // in the present period
    "uncharged by SCOPE",
    // Holds.
    "hold HOLD", // what is left of it, and until when; over
    "open holds",
    "refundable of HOLD",
    // Limits: used of allowed; none.
    "limit of SCOPE",
    "limit of SCOPE ever",
    "limit of SCOPE in-flight",
    // Meters.
    "use of TEXT", // 80 of 100
    "use of TEXT in WORKSPACE",
    "reserved of TEXT",
    "grace of TEXT", // until when; none
    "stored TEXT SPOT",
    "excess under TEXT", // what would be too much under such a `meter=`
    "due of TEXT",       // content that is due to be deleted, by kind
    // The last order.
    "paid by", // the lots that it took from, or gives back to
    "returned to",
    "lost from",
    "paid beyond", // by settling more than was held
    "owes",        // what became debt, or lowers it
    "repaid by",   // debts that were paid with it
    "forgone",
    "allocated",
    "adjusted",
    "counted", // on a meter, or cleared from it
    "over",    // soft limits that are exceeded
    "alerts",  // with it, and since the order before it
    "refusal", // its numbers
    "verdict", // new, known, or not kept
    "entries", // how many there are
];
