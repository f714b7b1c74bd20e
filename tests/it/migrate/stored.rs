//! What was stored is read as if it had been written under the new catalog.

use super::*;

#[test]
fn what_was_stored_loads_as_if_it_had_been_read_anew() {
    for_any_history(|told| {
        assert_eq!(replay(&told.org, &told.catalog, told.history.iter().cloned()), told.org);
        let moving = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed ^ 0x5eed);
        let migration = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let upcast = told.history.iter().map(|record| {
            let stored = serde_json::to_string(record).unwrap();
            migration.upcast(serde_json::from_str(&stored).unwrap())
        });
        assert_same(replay(&told.org, &moving.new, upcast), migration.reread(&told.org));
    });
}

#[test]
fn a_chain_loads_every_earlier_version_even_within_one_stream() {
    for_any_history(|told| {
        let first = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed);
        let second = a_version_later(&first.new, "v3", Moves::Everything, told.seed ^ 0xbeef);
        let steps = [first.migration().unwrap(), second.migration().unwrap()];
        let migrations = Migrations::new(steps.clone()).unwrap();
        assert_eq!(migrations.reread(&told.org).unwrap(), steps[1].reread(&steps[0].reread(&told.org)));
        let upcast = told.history.iter().cloned().map(|record| migrations.upcast(&told.catalog, record).unwrap());
        assert_same(replay(&told.org, &second.new, upcast), migrations.reread(&told.org).unwrap());

        // The first half was written under the first catalog, what happened later under the second one.
        let (early, late) = told.history.split_at(told.history.len() / 2);
        let late = late.iter().cloned().map(|record| steps[0].upcast(record));
        let early = early.iter().cloned().map(|record| migrations.upcast(&told.catalog, record).unwrap());
        let late = late.map(|record| migrations.upcast(&first.new, record).unwrap());
        assert_same(replay(&told.org, &second.new, early.chain(late)), migrations.reread(&told.org).unwrap());
        assert!(migrations.since(&second.new).is_some_and(<[Migration]>::is_empty));
        assert!(migrations.since(&samples::catalog()).is_none());
        let broken = Migrations::new([steps[1].clone(), steps[0].clone()]);
        assert!(broken.is_err() || told.catalog == second.new || second.new == first.old);
    });
}

/// Every permission, role and group of every preset with another key; the records of a life in it, as they are stored.
#[test]
fn records_of_the_presets_load_under_a_later_catalog() {
    for text in [presets::STUDIO, presets::CLOUD, presets::PRODUCTION, presets::AGENCY] {
        let old = preset(text);
        for seed in 0..8 {
            let moving = a_version_later(&old, "v2", if seed == 0 { Moves::Renames } else { Moves::Everything }, seed);
            let migration = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let (org, history) = a_company(&old);
            let stored: Vec<String> = history.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
            let loaded = stored.iter().map(|text| migration.upcast(serde_json::from_str(text).unwrap()));
            let loaded = replay(&org, &moving.new, loaded);
            assert_eq!(loaded, migration.reread(&org));
            let run = migration.dry_run([&org], &AT);
            let predicted = spread(&run.access, (&org, &loaded), &scopes(&moving), None);
            assert_eq!(predicted, followed(&moving, &org, &loaded, (NOW, FeatureSet::EMPTY)));
            if seed == 0 {
                assert!(run.access.is_empty() && run.objections.is_empty(), "{:?}", run.objections);
                assert_eq!(loaded.audit(NOW), []);
            }
        }
    }
}

/// What replaying gives must not hang on what a row came to give under another catalog, nor on how roles were merged.
#[test]
fn what_is_derived_on_the_way_is_the_same_under_both_catalogs() {
    let guest = |text: &str| {
        text.replace(
            "[[groups]]",
            "[[roles]]\n key = \"guest\"\n rank = 1\n permissions = [\"note.read\"]\n [[groups]]",
        )
    };
    let old = notes(guest);
    let new = notes(|text| {
        let text = guest(text).replace(r#"{ key = "note.write", scope = "resource" },"#, "");
        let text = text
            .replace(r#"["note.read", "note.write"]"#, r#"["note.read"]"#)
            .replace("roles = [\"intern\"]", "roles = [\"editor\"]");
        let (before, after) = text.split_once("[[roles]]\n        key = \"intern\"").unwrap();
        format!("{before}{}", &after[after.find("[[roles]]").unwrap()..])
    });
    let migration = Migration::builder()
        .permissions([Move::remove("note.write")])
        .roles([Move::merge(["editor", "intern"], "editor").widening()])
        .build(&old, &new)
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let (user, workspace, by) = (Ids::OWN.user(30), Ids::OWN.workspace(1), Actor::System);
    let custom = || bailiwick::catalog::RoleKey::from("custom.writer");
    let domain = bailiwick::Domain::new("acme.example").unwrap();
    let events = [
        Event::CustomRoleSet {
            role: custom(),
            title: samples::name("Writer"),
            like: "intern".into(),
            reach: bailiwick::catalog::Reach::All,
            permissions: vec!["note.read".into(), "note.write".into()],
        },
        Event::MemberJoined { user, roles: vec!["intern".into(), custom()], given_by: by },
        Event::AccessGiven { user, workspace, changes: bailiwick::Override::none().adding("note.write"), given_by: by },
        Event::MadeCollaborator { user, keeps: vec![workspace] },
        Event::DomainSet { domain: domain.clone(), roles: vec!["intern".into()] },
        Event::ProvisioningSet { roles: Some(vec!["guest".into(), "intern".into()]) },
        Event::Invited {
            invitation: Ids::OWN.invitation(1),
            address: samples::address("wim@acme.example"),
            roles: vec!["editor".into(), custom(), "guest".into()],
            access: vec![(workspace, bailiwick::Override::role("intern").adding("note.write"))],
            secret: samples::secret(1),
            until: NOW,
            uses: 1,
        },
        Event::CustomRoleDeleted { role: custom(), instead: Some("intern".into()) },
    ];
    let (org, history) = and_then(a_company(&old), events);
    let loaded = replay(&org, &new, history.into_iter().map(|record| migration.upcast(record)));
    assert_eq!(loaded, migration.reread(&org));
    assert_eq!(loaded.audit(NOW), []);
    assert_eq!(loaded.person(user).unwrap().rows().len(), 1, "the row stays, and with it the collaborator");
    let invitation = loaded.invitation(Ids::OWN.invitation(1)).unwrap();
    assert_eq!(invitation.roles(), ["editor".into(), "guest".into()]);
    assert_eq!(invitation.access()[0].1, bailiwick::Override::role("editor"));
    let editor = new.role("editor").unwrap();
    assert!(loaded.domains().all(|(named, rule)| *named == domain && rule.roles.contains(editor)));
    let provisioned = loaded.profile().unwrap().provisioned_roles.unwrap();
    assert!(provisioned.contains(editor) && provisioned.contains(new.role("guest").unwrap()) && provisioned.len() == 2);
}

/// Keys that the old catalog did not have gave nothing, and give nothing when the new one has them.
#[test]
fn unknown_keys_of_the_past_do_not_come_to_life() {
    let old = notes(str::to_owned);
    let new = notes(|text| {
        text.replace("note.write\", scope", "note.erase\", scope = \"resource\" }, { key = \"note.write\", scope")
    });
    let (org, _) = a_company(&old);
    let user = Ids::OWN.user(3);
    let changes = bailiwick::Override::none().adding("note.erase");
    let given = Event::AccessGiven { user, workspace: Ids::OWN.workspace(1), changes, given_by: Actor::System };
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: given };
    let mut before = org.clone();
    before.apply(&record);
    let migration = Migration::between(&old, &new).unwrap();
    let mut after = migration.reread(&org);
    after.apply(&migration.upcast(record));
    assert_eq!(after, migration.reread(&before));
    let owner_alone =
        migration.dry_run([&before], &AT).access.gains().all(|row| row.who == Actor::User(Ids::OWN.user(1)));
    assert!(owner_alone);
}

/// A store holds what was written under both catalogs; tenants of the new one read all of it, and go on.
#[test]
fn tenants_go_on_where_an_earlier_version_stopped() {
    let old = samples::catalog();
    let text = toml::to_string(&*old).unwrap();
    let new = preset(&text.replace("\"member\"", "\"colleague\"").replace("\"thing.read\"", "\"thing.see\""));
    let migration = Migration::builder()
        .roles([Move::rename("member", "colleague")])
        .permissions([Move::rename("thing.read", "thing.see")])
        .build(&old, &new)
        .unwrap();
    let store = MemoryStore::new();
    let organization = Ids::OWN.organization();
    let (_, records) = a_company(&old);
    let batch = Batch::Organization(&records);
    let (keys, rows) = (Keys::default(), RowChanges::default());
    let append = Append { organization, expected: Version::ZERO, batch, keys: &keys, rows: &rows };
    assert_eq!(store.append(&append).unwrap(), Appended::Applied);

    let moved_at = Version::from_u64(records.len() as u64);
    let migrations = Migrations::new([migration.clone()]).unwrap();
    let store = Upcasting::new(store, migrations, move |_, stored| {
        usize::from(matches!(stored, Stored::Organization(record) if record.version > moved_at))
    });
    let tenants = Tenants::new(Arc::clone(&new), store);
    let user = Ids::OWN.user(9);
    let add = AddMember { user, roles: vec!["colleague".into()], access: vec![] };
    let outcome = tenants.handle(organization, add, &samples::facts().by(Actor::System)).unwrap();

    let mut expected =
        migration.reread(&replay(&tenants.read(organization, Clone::clone).unwrap().unwrap(), &old, records));
    outcome.records.iter().for_each(|record| expected.apply(record));
    assert_eq!(tenants.read(organization, Clone::clone).unwrap().unwrap(), expected);
    // Another process reads both from the store.
    let stored = tenants.store().records(organization, Version::ZERO, 1_000).unwrap();
    assert_eq!(replay(&expected, &new, stored), expected);
    assert!(expected.roles_of(user).contains(new.role("colleague").unwrap()));
}

/// There, and back again because it was a mistake: today nobody has to go anywhere.
#[test]
fn a_catalog_that_came_back_is_the_newest_one() {
    let first = desk(&[]);
    let second = desk(&[
        ("key = \"intern\"", "key = \"trainee\""),
        ("roles = [\"intern\", \"editor\"]", "roles = [\"editor\"]"),
    ]);
    let there = Migration::builder().roles([Move::remove("intern").falling_back_to("trainee")]).build(&first, &second);
    let back = [Move::remove("trainee").falling_back_to("editor").widening()];
    let back = Migration::builder().roles(back).build(&second, &first);
    let chain = Migrations::new([there.unwrap(), back.unwrap()]).unwrap();
    let today = desk_of(&first, [joins(3, "intern")]);
    assert!(chain.since(&first).unwrap().is_empty());
    assert_eq!(chain.reread(&today).unwrap(), today);
    assert_eq!(chain.since(&second).unwrap().len(), 1);
    let third = desk(&[
        ("key = \"desk.use\"", "key = \"desk.sit\""),
        ("\"note.write\", \"desk.use\"", "\"note.write\", \"desk.sit\""),
        ("\"note.read\", \"desk.use\"", "\"note.read\", \"desk.sit\""),
    ]);
    let on = Migration::builder().permissions([Move::rename("desk.use", "desk.sit")]).build(&first, &third).unwrap();
    let longer = Migrations::new(chain.steps().iter().cloned().chain([on])).unwrap();
    assert_eq!(longer.since(&first).unwrap().len(), 1, "from where it stands last");
}
