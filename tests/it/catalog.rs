//! What can be named: reading, mistakes, binding, matrices.

use bailiwick::Span;
use bailiwick::catalog::policy::{
    Batch, Binding, CreditTransfers, CreditsOff, Deletion, OverrideMode, OwnRole, UniqueNames,
};
use bailiwick::catalog::{
    Catalog, CreditRule, Enforcement, Midway, PlanDef, Policy, Reach, Renewal, RetentionRule, RoleDef, Rollover,
    SeatRule, organization, workspace,
};
use bailiwick::document::Document;
use bailiwick::ledger::{BurnKey, BurnOrder};

use crate::cases::{catalog, preset};

const PRESETS: [&str; 4] = ["studio", "cloud", "production", "agency"];

/// The mistakes in a catalog, one line each.
fn mistakes(text: &str) -> Vec<String> {
    let document: Document = toml::from_str(text).expect("readable as TOML");
    let found = Catalog::from_document(&document).expect_err("a catalog with mistakes");
    found.iter().map(|mistake| format!("{} {mistake}", mistake.code.as_str())).collect()
}

/// A catalog without mistakes, to plant one in.
const SOUND: &str = r#"
name = "notes"
providers = ["sso"]
meters = ["channels"]
permissions = [
    { key = "note.read", scope = "resource" },
    { key = "note.write", scope = "resource", feature = "writing" },
    { key = "billing.manage", scope = "organization" },
]
[[roles]]
key = "owner"
rank = 3
owner = true
reach = "all"
[[roles]]
key = "editor"
rank = 2
extends = "reader"
permissions = ["note.write"]
[[roles]]
key = "reader"
rank = 1
permissions = ["note.read"]
[[plans]]
key = "free"
rank = 0
[[plans]]
key = "paid"
rank = 1
features = ["writing"]
"#;

/// The end of the bigger plan's line.
const PAID: &str = "rank = 1\nfeatures = [\"writing\"]";

#[test]
fn a_sound_catalog_is_read() {
    let catalog: Catalog = toml::from_str(SOUND).unwrap();
    let editor = catalog.permissions_of(catalog.role("editor").unwrap());
    assert!(editor.contains(catalog.permission("note.read").unwrap()), "inherited from the reader");
    assert_eq!(editor.len(), 2);
    assert_eq!(catalog.permissions_of(catalog.owner_role()).len(), 3, "owning implies all, C-02");
}

#[test]
fn each_mistake_says_where_and_what_was_probably_meant() {
    let planted: &[(&str, &str, &str)] = &[
        ("rank = 2\n", "rank = 2\ncolor = 7\n", "unknown_key roles[1].color: unknown key `color`"),
        (
            "rank = 2\n",
            "rank = 2\nreech = \"all\"\n",
            "unknown_key roles[1].reech: unknown key `reech`; did you mean `reach`?",
        ),
        (
            "scope = \"organization\"",
            "scope = \"organisation\"",
            "bad_value permissions[2].scope: `organisation` is no choice here; did you mean `organization`?",
        ),
        (
            "extends = \"reader\"",
            "extends = \"raeder\"",
            "unknown_name roles[1].extends: unknown role `raeder`; did you mean `reader`?",
        ),
        (
            "permissions = [\"note.write\"]",
            "permissions = [\"note.wirte\"]",
            "unknown_name roles[1].permissions[0]: unknown permission `note.wirte`; did you mean `note.write`?",
        ),
        (
            "permissions = [\"note.read\"]",
            "permissions = \"note.read\"",
            "wrong_type roles[2].permissions: expected a list, found a text",
        ),
        (
            "rank = 1\npermissions",
            "rank = 1\nextends = \"editor\"\npermissions",
            "cycle roles[1].extends: `editor` extends itself, through `editor`",
        ),
        ("key = \"free\"\nrank = 0", "key = \"free\"", "missing plans[0]: `rank` is missing"),
        ("rank = 3", "rank = -3", "bad_value roles[0].rank: -3 is out of range"),
        ("rank = 3", "rank = 0", "contradiction roles[1].rank: `editor` outranks the owner"),
        ("owner = true", "owner = false", "contradiction roles: a catalog has exactly one owner role, this one has 0"),
        (
            "feature = \"writing\"",
            "feature = \"wrting\"",
            "unknown_name permissions[1].feature: unknown feature `wrting`; did you mean `writing`?",
        ),
        (
            "key = \"note.read\"",
            "key = \"Note.read\"",
            "bad_value permissions[0].key: `Note.read`: a key is lower-case words joined by dots, such as `billing.view`",
        ),
        ("key = \"note.read\"", "key = \"note.write\"", "duplicate permissions[1].key: `note.write` is defined twice"),
        (
            "key = \"paid\"\nrank = 1",
            "key = \"paid\"\nrank = 1\nseats = \"per_seat:many\"",
            "bad_value plans[1].seats: `per_seat:many`: invalid digit found in string",
        ),
        (
            "key = \"paid\"\nrank = 1",
            "key = \"paid\"\nrank = 1\nlimits = [{ key = \"memebers\", max = 1 }]",
            "unknown_name plans[1].limits[0].key: unknown limit `memebers`; did you mean `members`?",
        ),
        (
            "key = \"paid\"\nrank = 1",
            "key = \"paid\"\nrank = 1\nidentity_provider = \"sos\"",
            "unknown_name plans[1].identity_provider: unknown provider `sos`; did you mean `sso`?",
        ),
        (
            "key = \"paid\"\nrank = 1",
            "key = \"paid\"\nrank = 1\nlimits = [{ key = \"members\", max = 1, enforcement = \"grace:7d\" }]",
            "contradiction plans[1].limits[0].key: `members` is `hard` or `soft`: heads have no grace",
        ),
        (
            "key = \"reader\"\nrank = 1",
            "key = \"reader\"\nholders = \"exactly_one\"\nrank = 1",
            "contradiction roles[2].holders: only the owner role says how many hold it",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { alerts_percent = [101] }",
            "bad_value plans[1].credits: `alerts_percent` takes 1 to 100",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { alerts_percent = [0] }",
            "bad_value plans[1].credits: `alerts_percent` takes 1 to 100",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { renewal = \"days:0\" }",
            "bad_value plans[1].credits.renewal: a period has at least one day",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { renewal = \"weekly\" }",
            "bad_value plans[1].credits.renewal: `weekly`: is no choice here; there are `monthly`, `yearly`, `given`, `days:…`",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { midway = \"half\" }",
            "bad_value plans[1].credits.midway: `half`: is no choice here; there are `full`, `prorated`, `next`",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { rollover_periods = 0 }",
            "bad_value plans[1].credits.rollover_periods: what stays, stays for one period at least; leave it out for ever",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { allocation = 1_000_000_000_000_001 }",
            "bad_value plans[1].credits.allocation: at most 1000000000000000 credits each period",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { allocation_per_seat = 1_000_000_000_000_001 }",
            "bad_value plans[1].credits.allocation_per_seat: at most 1000000000000000 credits each period",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\nretention = [{ kind = \"Video\" }]",
            "bad_value plans[1].retention[0].kind: `Video`: a label has 1 to 16 bytes of a-z, 0-9, `_`, `-`, `.`, and begins with a letter",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\ncredits = { alerts_percent = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] }",
            "too_many plans[1].credits: `alerts_percent` takes at most 16",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\nstorage = { alerts_percent = [101] }",
            "bad_value plans[1].storage: `alerts_percent` takes 1 to 100",
        ),
        (
            PAID,
            "rank = 1\nfeatures = [\"writing\"]\nlimits = [{ key = \"channels\", max = 1, alerts_percent = [0] }]",
            "bad_value plans[1].limits[0]: `alerts_percent` takes 1 to 100",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"channels\", \"channels-of-people\"]",
            "bad_value meters[1]: `channels-of-people`: a label has 1 to 16 bytes of a-z, 0-9, `_`, `-`, `.`, and begins with a letter",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"channels\", \"storage\"]",
            "contradiction meters[1]: `storage` is counted without being named here",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"members\", \"channels\"]",
            "contradiction meters[0]: `members` is counted without being named here",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"channels\", \"channels\"]",
            "duplicate meters[1]: `channels` is defined twice",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"channels\"]\npolicy = { burn_order = [\"expiry\", \"age\", \"expiry\"] }",
            "duplicate policy.burn_order[2]: this word stands there already",
        ),
        (
            "meters = [\"channels\"]",
            "meters = [\"channels\"]\npolicy = { burn_order = [\"expires\"] }",
            "bad_value policy.burn_order[0]: `expires` is no choice here; did you mean `expiry`?",
        ),
        ("name = \"notes\"", "", "missing `name` is missing"),
    ];
    for (sound, wrong, expected) in planted {
        assert!(SOUND.contains(sound), "nowhere to plant: {sound}");
        let found = mistakes(&SOUND.replacen(sound, wrong, 1));
        assert!(
            found.iter().any(|message| message == expected),
            "expected\n  {expected}\nfound\n  {}",
            found.join("\n  ")
        );
    }
}

#[test]
fn all_mistakes_of_a_file_are_listed_together() {
    let found = mistakes(
        "name = 'x'\nnmae = 'x'\npermissions = [{ key = 'a', scope = 'organization', guards = ['invite_member'] }, \
         { key = 'b', scope = 'workspace', guards = ['invite_member', 'fly'] }]\n\
         [[roles]]\nkey = 'owner'\nrank = 1\nowner = true\npermissions = ['c']\n[[plans]]\nkey = 'free'\n\
         [policy]\noverides = 'replace'\npersonal = { plan = 'fre', name = 'home' }\nroles_per_member = 0\n",
    );
    let expected = [
        "bad_value permissions[1].guards[1]: `fly` is no choice here",
        "missing plans[0]: `rank` is missing",
        "unknown_key policy.overides: unknown key `overides`; did you mean `overrides`?",
        "unknown_key nmae: unknown key `nmae`; did you mean `name`?",
        "duplicate permissions[1].guards[0]: `invite_member` has a guard already",
        "wrong_scope permissions[1].guards[0]: `invite_member` cannot be guarded below the Organization level",
        "unknown_name roles[0].permissions[0]: unknown permission `c`",
        "unknown_name policy.personal.plan: unknown plan `fre`; did you mean `free`?",
        "bad_value policy.personal.name: the name must contain `{user}`, which stands for the user's name",
        "bad_value policy.roles_per_member: a member has at least one role",
    ];
    for message in expected {
        assert!(
            found.iter().any(|found| found.starts_with(message)),
            "missing\n  {message}\nin\n  {}",
            found.join("\n  ")
        );
    }
}

#[test]
fn keys_written_twice_are_named_in_every_format() {
    let json = r#"{ "name": "x", "name": "y", "permissions": [], "roles": [{ "key": "owner", "key": "o", "rank": 1, "owner": true }] }"#;
    let document: Document = serde_json::from_str(json).unwrap();
    let found = Catalog::from_document(&document).unwrap_err().to_string();
    assert!(found.contains("name: this key is written twice"), "{found}");
    assert!(found.contains("roles[0].key: this key is written twice"), "{found}");
    let toml = toml::from_str::<Document>("name = 'x'\nname = 'y'").unwrap_err().to_string();
    assert!(toml.contains("duplicate key"), "{toml}");
}

#[test]
fn a_catalog_is_bounded() {
    let many = |n: usize| (0..n).map(|at| workspace(&format!("p{at}.x"))).collect::<Vec<_>>();
    let owner = || RoleDef::new("owner", 1).owner();
    assert!(Catalog::builder("x").permissions(many(256)).role(owner()).build().is_ok());
    let found = Catalog::builder("x").permissions(many(257)).role(owner()).build().unwrap_err().to_string();
    assert_eq!(found, "permissions: more than 256 permissions");
    let roles = |n: u32| {
        (1..n).fold(Catalog::builder("x").role(RoleDef::new("r0", 99).owner()), |b, at| {
            b.role(RoleDef::new(&format!("r{at}"), 1))
        })
    };
    assert!(roles(64).build().is_ok());
    assert_eq!(roles(65).build().unwrap_err().to_string(), "roles: more than 64 roles");
    let chain = |n: u32| {
        (1..n)
            .fold(Catalog::builder("x").role(owner()), |b, at| {
                b.role(RoleDef::new(&format!("r{at}"), 1).extends(&format!("r{}", at + 1)))
            })
            .role(RoleDef::new(&format!("r{n}"), 1))
    };
    assert!(chain(17).build().is_ok());
    assert!(chain(18).build().unwrap_err().to_string().contains("more than 16 deep"));
}

#[test]
fn a_long_list_of_mistakes_is_cut_and_says_so() {
    let roles = (0..60)
        .map(|at| format!("[[roles]]\nkey = \"r{at}\"\nrank = 1\nextends = \"no\"\npermissions = [\"a\", \"b\"]\n"));
    let text = format!("name = \"x\"\n{}", roles.collect::<String>());
    let found = mistakes(&text);
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "more and 81 more mistakes");
}

#[test]
fn presets_are_sound_and_read_back_as_they_were_written() {
    for name in PRESETS {
        let first = catalog(name);
        assert_eq!(first.name(), name);
        let as_toml: Catalog = toml::from_str(&toml::to_string(&first).unwrap()).unwrap();
        let as_json: Catalog = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
        assert_eq!(first, as_toml);
        assert_eq!(first, as_json);
        assert_eq!(first.to_builder().build().unwrap(), first);
    }
}

#[test]
fn a_typing_error_in_a_preset_is_one_clear_message() {
    let broken = preset("cloud").replace("reach = \"assigned\"", "reach = \"asigned\"");
    for message in mistakes(&broken) {
        assert!(message.ends_with("`asigned` is no choice here; did you mean `assigned`?"), "{message}");
    }
}

/// The matrices in the documentation are those of the presets. `BAILIWICK_BLESS=1` writes them.
#[test]
fn the_matrices_in_the_documentation_are_those_of_the_presets() {
    for name in PRESETS {
        let matrix = catalog(name).matrix();
        for (ending, text) in [("md", matrix.to_markdown()), ("svg", matrix.to_svg())] {
            let path = format!("{}/src/catalog/presets/{name}.{ending}", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("BAILIWICK_BLESS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(kept, text, "{path} is out of date: run the test with BAILIWICK_BLESS=1");
        }
    }
}

/// S1-60 … S1-68: the matrix prints the rows of the reference product, in its order and words.
#[test]
fn the_cloud_matrix_has_the_rows_of_its_model() {
    let text = catalog("cloud").matrix().to_markdown();
    let rows = [
        ("Edit organization settings", "✓ ✓ - -"),
        ("Manage billing/subscription", "✓ - - -"),
        ("Configure BYOK", "✓ - - -"),
        ("Invite/remove members", "✓ ✓ - -"),
        ("Change member roles", "✓ ✓ - -"),
        ("Create workspaces", "✓ ✓ - -"),
        ("Access all workspaces", "✓ ✓ - -"),
        ("Access assigned workspaces", "✓ ✓ ✓ ✓"),
        ("Run operations", "✓ ✓ ✓ -"),
    ];
    let mut at = 0;
    for (title, signs) in rows {
        let begin = at
            + text[at..].find(&format!("| {title} ")).unwrap_or_else(|| panic!("{title} is missing or out of order"));
        let line = text[begin..].lines().next().unwrap();
        let found: Vec<&str> = line.split('|').skip(2).map(str::trim).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(found.join(" "), signs, "{title}");
        at = begin;
    }
}

/// Options that no table covers have a type, a default, and a word in files all the same.
#[test]
fn policies_are_typed_and_defaulted() {
    let usual = toml::from_str::<Catalog>(SOUND).unwrap().policy().clone();
    assert_eq!(usual.overrides, OverrideMode::Replace); // C-09
    assert_eq!(usual.own_role, OwnRole::Forbidden); // C-10
    assert_eq!(usual.unique_names, UniqueNames::None); // C-05
    assert_eq!(usual.deletion, Deletion::Grace(Span::days(30))); // C-16
    assert_eq!(usual.invitations.lifetime, Span::days(7)); // C-17
    assert_eq!(usual.invitations.binding, Binding::VerifiedAddress); // C-18
    assert_eq!((usual.invitations.batch, usual.invitations.batch_max), (Batch::PerItem, 10)); // C-19
    assert_eq!(usual.credits_off, CreditsOff::Refuse); // C-20
    assert_eq!(usual.burn_order, BurnOrder::default()); // C-20
    assert_eq!(usual.credit_transfers, CreditTransfers::Off); // C-20
    let other = format!(
        "{SOUND}\n[policy]\ndeletion = 'immediate'\ncredits_off = 'uncharged'\n[policy.invitations]\nbinding = 'bearer:5'\nbatch = 'atomic'\n"
    );
    let policy = toml::from_str::<Catalog>(&other).unwrap().policy().clone();
    assert_eq!((policy.deletion, policy.invitations.binding), (Deletion::Immediate, Binding::Bearer(5)));
}

/// C-20: which lot goes first is a list of words; an empty one says something else than none.
#[test]
fn what_is_said_of_credits_reads_back() {
    let with = |more: &str| toml::from_str::<Catalog>(&format!("{SOUND}credits = {more}")).unwrap();
    let rule = |catalog: &Catalog| catalog.plan_def(catalog.plan("paid").unwrap()).unwrap().credits.clone();
    assert_eq!(rule(&with("{ allocation = 5 }")), CreditRule { allocation: 5, ..CreditRule::default() });
    let all = "{ allocation = 1, allocation_per_seat = 2, rollover = 'percent:50', rollover_periods = 3, \
               renewal = 'days:30', midway = 'next', alerts_percent = [1, 100] }";
    let expected = CreditRule {
        allocation: 1,
        allocation_per_seat: 2,
        rollover: Rollover::Percent(50),
        rollover_periods: Some(3),
        renewal: Renewal::Days(30),
        midway: Midway::Next,
        alerts_percent: vec![1, 100],
    };
    let read = with(all);
    assert_eq!(rule(&read), expected);
    assert_eq!(toml::from_str::<Catalog>(&toml::to_string(&read).unwrap()).unwrap(), read);

    let policy = |order: &str| {
        let text = format!("{SOUND}[policy]\nburn_order = {order}\ncredit_transfers = 'same_owner'\n");
        let read: Catalog = toml::from_str(&text).unwrap();
        assert_eq!(serde_json::from_str::<Catalog>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        read.policy().clone()
    };
    assert_eq!(policy("[]").burn_order, BurnOrder::new([]));
    let soonest = policy("['expiry', 'class', 'age', 'priority', 'scope']");
    let keys = [BurnKey::Expiry, BurnKey::Class, BurnKey::Age, BurnKey::Priority, BurnKey::Scope];
    assert_eq!(soonest.burn_order, BurnOrder::new(keys));
    assert_eq!(soonest.credit_transfers, CreditTransfers::SameOwner);
}

/// What a builder says is checked as what a file says.
#[test]
fn what_a_builder_says_of_credits_is_checked() {
    let rule = CreditRule { renewal: Renewal::Days(0), rollover_periods: Some(0), ..CreditRule::default() };
    let video = RetentionRule { kind: "a kind".into(), keep: None };
    let twice = Policy { burn_order: BurnOrder::new([BurnKey::Age, BurnKey::Age]), ..Policy::default() };
    let built = Catalog::builder("x")
        .role(RoleDef::new("owner", 1).owner())
        .meters(["storage"])
        .plan(PlanDef::new("p", 0).credits(rule).retention(video))
        .policy(twice);
    let found = built.build().unwrap_err();
    let places: Vec<String> = found.iter().map(|mistake| mistake.to_string()).collect();
    let expected = [
        "plans[0].credits.rollover_periods",
        "plans[0].credits.renewal",
        "plans[0].retention[0].kind",
        "meters[0]",
        "policy.burn_order[1]",
    ];
    assert_eq!(places.len(), expected.len(), "{places:?}");
    for (found, place) in places.iter().zip(expected) {
        assert!(found.starts_with(&format!("{place}: ")), "{found} is not at {place}");
    }
}

/// The file form in the documentation of the catalog is one.
#[test]
fn the_file_form_in_the_documentation_is_read() {
    let page = include_str!("../../src/catalog/mod.rs");
    let (_, sample) = page.split_once("//! ```toml\n").unwrap();
    let (sample, _) = sample.split_once("//! ```\n").unwrap();
    let text: String = sample.lines().map(|line| line.trim_start_matches("//!").to_owned() + "\n").collect();
    let catalog: Catalog = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    let yearly = catalog.plan_def(catalog.plan("yearly").unwrap()).unwrap();
    assert_eq!((yearly.credits.renewal, yearly.credits.midway), (Renewal::Yearly, Midway::Prorated));
}

#[test]
fn words_with_numbers_read_back() {
    for (text, value) in [("none", SeatRule::None), ("per_seat:25", SeatRule::PerSeat(25))] {
        assert_eq!((text.parse(), value.to_string()), (Ok(value), text.to_owned()));
    }
    for (text, value) in [("none", Rollover::None), ("cap:9", Rollover::Cap(9)), ("percent:50", Rollover::Percent(50))]
    {
        assert_eq!((text.parse(), value.to_string()), (Ok(value), text.to_owned()));
    }
    for (text, value) in [
        ("monthly", Renewal::Monthly),
        ("yearly", Renewal::Yearly),
        ("given", Renewal::Given),
        ("days:30", Renewal::Days(30)),
    ] {
        assert_eq!((text.parse(), value.to_string()), (Ok(value), text.to_owned()));
    }
    for (text, value) in [("full", Midway::Full), ("prorated", Midway::Prorated), ("next", Midway::Next)] {
        assert_eq!((text.parse(), value.to_string()), (Ok(value), text.to_owned()));
    }
    for (text, value) in [("hard", Enforcement::Hard), ("grace:7d", Enforcement::Grace(Span::days(7)))] {
        assert_eq!((text.parse(), value.to_string()), (Ok(value), text.to_owned()));
    }
    assert!("per_seats:3".parse::<SeatRule>().unwrap_err().contains("`per_seat:…`"));
}

#[test]
fn the_builder_says_the_same_as_the_file() {
    let built = Catalog::builder("notes")
        .permissions([
            workspace("note.read").title("Read"),
            organization("billing.manage").sensitive(Span::minutes(15)),
        ])
        .role(RoleDef::new("owner", 2).owner().reach(Reach::All))
        .role(RoleDef::new("reader", 1).allows(["note.read"]).free())
        .plan(PlanDef::new("free", 0).seats(SeatRule::PerSeat(2)))
        .build()
        .unwrap();
    let read: Catalog = toml::from_str(
        "name = 'notes'\npermissions = [{ key = 'note.read', scope = 'workspace', title = 'Read' },\n\
         { key = 'billing.manage', scope = 'organization', recent_authentication = '15m' }]\n\
         roles = [{ key = 'owner', rank = 2, owner = true, reach = 'all' }, { key = 'reader', rank = 1, permissions = ['note.read'], billable = false }]\n\
         plans = [{ key = 'free', rank = 0, seats = 'per_seat:2' }]\n",
    )
    .unwrap();
    assert_eq!(built, read);
}
