//! Moves: what can be said of a key, what must be said, and what is made of it.

use super::*;

#[test]
fn a_migration_written_to_a_file_is_read_as_the_same() {
    for_any_history(|told| {
        let moving = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed);
        let migration = moving.migration().unwrap();
        let text = toml::to_string(&migration).unwrap();
        let read = Migration::from_document(&toml::from_str(&text).unwrap(), &moving.old, &moving.new).unwrap();
        assert_eq!(toml::to_string(&read).unwrap(), text);
        assert_eq!(read.reread(&told.org), migration.reread(&told.org));
    });
}

#[test]
fn whatever_vanishes_must_be_mapped() {
    let old = notes(str::to_owned);
    let new = notes(|text| {
        text.replace("note.write", "note.edit").replace("intern", "guest").replace("\"team\"", "\"crew\"")
    });
    let mistakes = Migration::between(&old, &new).unwrap_err();
    let texts: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "permissions: permission `note.write` of the old catalog is not in the new one: rename, split, merge, remove it",
            "roles: role `intern` of the old catalog is not in the new one: rename, merge, remove it",
            "groups: group `interns` of the old catalog is not in the new one: rename, remove it",
            "plans: plan `team` of the old catalog is not in the new one: rename it",
        ]
    );
    assert!(mistakes.iter().all(|mistake| mistake.code == MistakeCode::Missing));

    let text = r#"
        gains = ["note.edti"]
        permissions = [
            { rename = "note.write", to = "note.edit" },
            { rename = "note.write", to = "note.read" },
            { merge = ["bill.pay"], to = "bill.pay" },
            { split = "bill.payy", to = ["bill.pay", "bill.pay"], widen = true },
            { remove = "x", rename = "y" },
        ]
        roles = [{ remove = "intern" }, { rename = "editor", to = "owner" }, { split = "owner", to = ["a", "b"] }]
        groups = [{ rename = "interns", to = "guests" }]
        plans = [{ remove = "team" }]
        colour = "red"
    "#;
    let document: Document = toml::from_str(text).unwrap();
    let mistakes = Migration::from_document(&document, &old, &new).unwrap_err();
    println!("{mistakes}");
    let places: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    for place in [
        "colour",
        "gains[0]",
        "permissions[1].rename",
        "permissions[2]",
        "permissions[3].split",
        "permissions[3].to",
        "permissions[3].widen",
        "permissions[4]",
        "roles[0]",
        "roles[1]",
        "roles[2]",
        "plans[0]",
    ] {
        assert!(places.contains(place), "no mistake at {place}");
    }
}

#[test]
fn the_owner_role_stays_the_owner_role() {
    let old = notes(str::to_owned);
    let swapped = notes(|text| {
        text.replace("\"owner\"", "\"editor_\"").replace("\"editor\"", "\"owner\"").replace("\"editor_\"", "\"boss\"")
    });
    let new = |moves: &[Move]| Migration::builder().roles(moves.iter().cloned()).build(&old, &swapped);
    let mistakes = new(&[Move::rename("editor", "boss")]).unwrap_err().to_string();
    assert!(mistakes.contains("nobody becomes an owner by having been `editor`"), "{mistakes}");
    assert!(mistakes.contains("`owner` is the owner role, and what it becomes is not"), "{mistakes}");
    assert!(new(&[Move::rename("owner", "boss"), Move::rename("editor", "owner")]).is_ok());

    // Nor does anybody become one by a role that is merged or removed, whatever is declared.
    let fewer = notes(|text| {
        let text = text.replace("roles = [\"intern\"]", "roles = [\"editor\"]");
        let (before, after) = text.split_once("[[roles]]\n        key = \"intern\"").unwrap();
        format!("{before}{}", &after[after.find("[[groups]]").unwrap()..])
    });
    let onto = [
        Move::merge(["intern", "owner"], "owner").widening(),
        Move::remove("intern").falling_back_to("owner").widening(),
    ];
    for onto in onto {
        let mistakes = Migration::builder().roles([onto]).build(&old, &fewer).unwrap_err().to_string();
        assert_eq!(mistakes, "roles[0]: nobody becomes an owner by having been `intern`");
    }
}

#[test]
fn merging_gives_to_whoever_held_all_and_takes_from_whoever_lacked_any() {
    let old = notes(str::to_owned);
    let merged = |widen: bool| {
        let new = notes(|text| {
            let text = text.replace(r#"{ key = "note.read", scope = "resource" },"#, "");
            let text =
                text.replace(r#"["note.read", "note.write"]"#, r#"["note.use"]"#).replace(r#"["note.read"]"#, "[]");
            text.replace("note.write", "note.use")
        });
        let merge = Move::merge(["note.read", "note.write"], "note.use");
        let merge = if widen { merge.widening() } else { merge };
        Migration::builder().permissions([merge]).build(&old, &new).unwrap()
    };
    let (workspace, by) = (Ids::OWN.workspace(1), Actor::System);
    let joined = |n: u64, changes: bailiwick::Override| {
        let user = Ids::OWN.user(n);
        let joined = Event::CollaboratorJoined { user, given_by: by };
        [joined, Event::AccessGiven { user, workspace, changes, given_by: by }]
    };
    let row = bailiwick::Override::none;
    let (mut org, _) = a_company(&old);
    for event in [
        joined(20, row().adding("note.read").adding("note.write")),
        joined(21, row().adding("note.read")),
        joined(22, bailiwick::Override::role("editor").removing("note.read")),
    ]
    .into_iter()
    .flatten()
    {
        org.apply(&Record { version: org.version().next(), at: NOW, by, command: None, event });
    }
    let uses = |org: &Organization, n: u64| {
        let spot = Spot::At(bailiwick::change::Place::Workspace(workspace));
        !checked(org, Actor::User(Ids::OWN.user(n)), spot, (NOW, FeatureSet::EMPTY)).is_empty()
    };
    let narrow = merged(false).reread(&org);
    assert_eq!([20, 21, 22].map(|n| uses(&narrow, n)), [true, false, false]);
    let wide = merged(true).reread(&org);
    assert_eq!([20, 21, 22].map(|n| uses(&wide, n)), [true, true, false]);
    assert!(merged(false).dry_run([&org], &AT).access.gains().next().is_none());
    let gains = merged(true).dry_run([&org], &AT);
    assert_eq!(gains.access.gains().map(|row| row.who).collect::<Vec<_>>(), [Actor::User(Ids::OWN.user(21))]);
    assert!(gains.objections.is_empty(), "it is declared");
}

/// What is held in the organization alone goes there, whatever stands in the way in a workspace.
#[test]
fn a_permission_of_the_organization_goes_once() {
    let old = notes(str::to_owned);
    let new = notes(|text| text.replace(r#"{ key = "bill.pay", scope = "organization" },"#, ""));
    let migration = Migration::builder().permissions([Move::remove("bill.pay")]).build(&old, &new).unwrap();
    let (org, _) = and_then(a_company(&old), [Event::WorkspaceArchived { workspace: Ids::OWN.workspace(1) }]);
    let told = migration.dry_run([&org], &AT).access;
    let [row] = told.rows() else { panic!("{:?}", told.rows()) };
    assert_eq!((row.who, &row.lost[..]), (Actor::User(Ids::OWN.user(1)), &["bill.pay".into()][..]));
    assert_eq!((row.extent.place, &row.extent.except[..]), (bailiwick::change::Place::Organization, &[][..]));
}

/// Keys can change places: what counts is what they were.
#[test]
fn keys_that_change_places_change_nothing() {
    let old = notes(str::to_owned);
    let swap = |text: &str, a: &str, b: &str| {
        let (a, b) = (format!("\"{a}\""), format!("\"{b}\""));
        text.replace(&a, "\"?\"").replace(&b, &a).replace("\"?\"", &b)
    };
    let new = notes(|text| swap(&swap(text, "editor", "intern"), "note.read", "note.write"));
    let migration = Migration::builder()
        .roles([Move::rename("editor", "intern"), Move::rename("intern", "editor")])
        .permissions([Move::rename("note.read", "note.write"), Move::rename("note.write", "note.read")])
        .build(&old, &new)
        .unwrap();
    let (org, history) = a_company(&old);
    let run = migration.dry_run([&org], &AT);
    assert!(run.access.is_empty() && run.objections.is_empty(), "{}\n{:?}", run.access, run.objections);
    let loaded = replay(&org, &new, history.into_iter().map(|record| migration.upcast(record)));
    assert_eq!(loaded, migration.reread(&org));
    // Without a word they are other roles, and other permissions.
    assert!(!Migration::between(&old, &new).unwrap().dry_run([&org], &AT).access.is_empty());
}

/// What a policy would change is a changed catalog, for one organization or many.
#[test]
fn a_policy_is_tried_out_on_many_organizations() {
    let old = notes(str::to_owned);
    let new = notes(|text| format!("{text}\n[policy]\noverrides = \"off\""));
    assert_ne!(old, new);
    let organizations = [Ids::OWN, Ids::FOREIGN].map(|ids| company_of(ids, &old).0);
    let migration = Migration::between(&old, &new).unwrap();
    let run = migration.dry_run(&organizations, &AT);
    let mut expected = Vec::new();
    for organization in &organizations {
        let after = migration.reread(organization);
        let one = AccessDiff::between(organization, &after, &AT).unwrap();
        assert!(one.losses().next().is_some(), "an intern was raised in a workspace");
        expected.extend(one.rows().to_vec());
    }
    assert_eq!(run.access.rows(), expected);
    let text = run.access.to_string();
    assert_eq!(text.matches("\n### ").count(), 2, "{text}");
}

/// A part of what was split was there already: whoever had the whole has it, and whoever had the part keeps it.
#[test]
fn a_permission_is_split_onto_one_that_goes_on() {
    let old = desk(&[("[\"note.read\", \"desk.use\"]", "[\"note.read\", \"note.manage\", \"desk.use\"]")]);
    let new = desk(&[
        ("{ key = \"note.manage\", scope = \"resource\" }", "{ key = \"note.erase\", scope = \"resource\" }"),
        ("[\"note.read\", \"desk.use\"]", "[\"note.read\", \"note.write\", \"note.erase\", \"desk.use\"]"),
    ]);
    let split = Move::split("note.manage", ["note.write", "note.erase"]);
    let migration = Migration::builder().permissions([split.clone()]).build(&old, &new).unwrap();
    let events = [
        joins(2, "editor"),
        joins(3, "intern"),
        row_of(2, Override::none().adding("note.manage")),
        row_of(3, Override::none().removing("note.manage")),
    ];
    let (org, history) = and_then((desk_of(&old, events), Vec::new()), []);
    assert_eq!(history.len(), 0);
    let run = migration.dry_run([&org], &AT);
    assert_eq!(run.objections, []);
    let carried = migration.reread(&org);
    let can = |n, key: &str| {
        let place = bailiwick::change::Place::Workspace(Ids::OWN.workspace(1));
        checked(&carried, Actor::User(Ids::OWN.user(n)), Spot::At(place), (NOW, FeatureSet::EMPTY))
            .contains(&key.into())
    };
    assert_eq!([can(2, "note.write"), can(2, "note.erase")], [true, true], "by the role, and by the row");
    assert_eq!([can(3, "note.write"), can(3, "note.erase")], [false, false], "all parts of what was taken");
    assert!(run.access.losses().next().is_none());
    // What is moved itself is no part of anything.
    let moved = [split, Move::merge(["note.read", "note.write"], "note.write")];
    let mistakes = Migration::builder().permissions(moved).build(&old, &new).unwrap_err().to_string();
    assert!(mistakes.contains("`note.write` comes from elsewhere already: merge what becomes of it"), "{mistakes}");
}
