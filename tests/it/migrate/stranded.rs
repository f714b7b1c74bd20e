//! Nothing is stranded: rules, roles and invariants that would be left without what they need.

use super::*;

/// A group that something is given or shared to cannot lose everybody who is in it. D-29.
#[test]
fn a_system_group_in_use_is_not_stranded() {
    let old = notes(str::to_owned);
    let (mut org, _) = a_company(&old);
    let gone = notes(|text| {
        text.replace("\"interns\"", "\"editors\"").replace("roles = [\"intern\"]", "roles = [\"editor\"]")
    });
    let moved = notes(|text| text.replace("roles = [\"intern\"]", "roles = [\"editor\"]"));
    let removed = Migration::builder().groups([Move::remove("interns")]).build(&old, &gone).unwrap();
    let others = Migration::builder().roles([Move::keep("editor").widening()]).build(&old, &moved).unwrap();
    let level: PermissionSet = old.permission("note.read").into_iter().collect();
    let to = ShareHolder::Group(old.group("interns").unwrap());
    let share = Share { on: ResourceId::from_u64(1).unwrap(), to, level, until: None };
    for migration in [&removed, &others] {
        // Nobody uses the group: it may go.
        assert!(migration.carry(&org, &AT).is_ok());
        let stranded = Stranded::Share { resource: share.on, share: None, group: "interns".into() };
        assert_eq!(migration.share(&share), Err(stranded));
        let to_members = Share { to: ShareHolder::Members, ..share };
        let carried = migration.share(&to_members).unwrap();
        assert_eq!(carried.level, migration.new_catalog().permission("note.read").into_iter().collect());
    }
    let workspace = Ids::OWN.workspace(1);
    let holder = RuleFor::Group("interns".into());
    let rule = Event::RuleSet { workspace, holder, given: vec!["note.write".into()], taken: vec![], until: None };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: rule });
    for migration in [&removed, &others] {
        let refused = migration.carry(&org, &AT).unwrap_err();
        let stranded = Stranded::Rule { organization: org.id(), workspace, group: "interns".into() };
        assert!(refused.objections().contains(&Objection::Strands(stranded)), "{refused}");
        assert!(refused.to_string().contains("has a rule for the group `interns`"), "{refused}");
    }
}

#[test]
fn a_custom_role_keeps_its_parts_and_is_not_emptied() {
    let old = notes(str::to_owned);
    let (mut org, _) = a_company(&old);
    let made = Event::CustomRoleSet {
        role: "custom.payer".into(),
        title: samples::name("Payer"),
        like: "intern".into(),
        reach: bailiwick::catalog::Reach::All,
        permissions: vec!["bill.pay".into()],
    };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: made });
    let split = notes(|text| {
        text.replace(
            r#"{ key = "bill.pay", scope = "organization" }"#,
            r#"{ key = "bill.view", scope = "organization" }, { key = "bill.settle", scope = "organization" }"#,
        )
    });
    let migration =
        Migration::builder().permissions([Move::split("bill.pay", ["bill.view", "bill.settle"])]).build(&old, &split);
    let carried = migration.unwrap().carry(&org, &AT).unwrap();
    let payer = carried.role("custom.payer").unwrap();
    let holds = ["bill.view", "bill.settle"].map(|key| split.permission(key).unwrap()).into_iter().collect();
    assert_eq!(carried.permissions_of(payer), holds);

    let without = notes(|text| text.replace(r#"{ key = "bill.pay", scope = "organization" },"#, ""));
    let migration = Migration::builder().permissions([Move::remove("bill.pay")]).build(&old, &without).unwrap();
    let refused = migration.carry(&org, &AT).unwrap_err();
    let emptied = Stranded::CustomRole { organization: org.id(), role: "custom.payer".into() };
    assert_eq!(refused.objections(), [Objection::Strands(emptied)]);
}

/// A role that takes a seat from now on would sell more seats than there are.
#[test]
fn an_invariant_that_holds_goes_on_holding() {
    let seats =
        |text: &str| text.replace("team_organizations = true", "team_organizations = true\n seats = \"per_seat:1\"");
    let old = notes(|text| seats(text).replace("sight = \"shared\"", "sight = \"shared\"\n billable = false"));
    let new = notes(seats);
    let (org, _) = and_then(a_company(&old), [Event::SeatsChanged { seats: bailiwick::Seats::new(2), at: None }]);
    assert_eq!(org.audit(NOW), []);
    let refused = Migration::between(&old, &new).unwrap().carry(&org, &AT).unwrap_err();
    let [Objection::Strands(Stranded::Invariant { organization, violation })] = refused.objections() else {
        panic!("{refused}");
    };
    assert_eq!((*organization, violation.to_string().as_str()), (org.id(), "3 seats are used and 2 are bought"));
}

#[test]
fn an_organization_of_another_catalog_is_not_tried_on() {
    let old = notes(str::to_owned);
    let migration = Migration::between(&old, &old).unwrap();
    let other = samples::organization(Ids::OWN);
    assert_eq!(migration.carry(&other, &AT).unwrap_err().objections(), [Objection::OtherCatalog(other.id())]);
}

/// A key with which nothing can be done, an invitation into nothing: both wait for somebody who then wonders.
#[test]
fn services_and_invitations_are_not_emptied() {
    let old = desk(&[]);
    let new = desk(&[("  { key = \"note.manage\", scope = \"resource\" },\n", "")]);
    let migration = Migration::builder().permissions([Move::remove("note.manage")]).build(&old, &new).unwrap();
    let (service, invitation) = (bailiwick::ServiceId::from_u64(1).unwrap(), Ids::OWN.invitation(1));
    let robot = |permissions: &[&str]| Event::ServiceCreated {
        service,
        name: samples::name("Robot"),
        sponsor: Ids::OWN.user(1),
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
        workspaces: Vec::new(),
        secret: samples::secret(1),
        until: None,
    };
    let invited = |changes: Override| Event::Invited {
        invitation,
        address: samples::address("wim@acme.example"),
        roles: Vec::new(),
        access: vec![(Ids::OWN.workspace(1), changes)],
        secret: samples::secret(1),
        until: Timestamp::from_millis(NOW.as_millis() + 1),
        uses: 1,
    };
    let org = desk_of(&old, [robot(&["note.manage"]), invited(Override::none().adding("note.manage"))]);
    let (organization, workspace) = (org.id(), Ids::OWN.workspace(1));
    let expected =
        [Stranded::Service { organization, service }, Stranded::Invitation { organization, invitation, workspace }];
    assert_eq!(migration.dry_run([&org], &AT).objections, expected.map(Objection::Strands));
    let fuller = [robot(&["note.manage", "note.read"]), invited(Override::role("intern").adding("note.manage"))];
    assert_eq!(migration.dry_run([&desk_of(&old, fuller)], &AT).objections, []);
}
