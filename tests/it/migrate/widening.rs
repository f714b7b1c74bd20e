//! Widening: what the new catalog gives beyond what there was is told beforehand, and refused unless it is declared.

use super::*;

/// Interns are no more; they fall back to editors, who can do more.
#[test]
fn a_removed_role_falls_back_to_no_more_than_it_was() {
    let old = notes(str::to_owned);
    let new = preset(
        &toml::to_string(&*old)
            .unwrap()
            .replace("key = \"intern\"", "key = \"visitor\"")
            .replace("\"intern\"", "\"visitor\""),
    );
    let onto = |role: &str| {
        let moves = [Move::remove("intern").falling_back_to(role)];
        Migration::builder().roles(moves).build(&old, &new).unwrap()
    };
    assert!(onto("visitor").dry_run([], &AT).accepted().is_ok());
    let refused = onto("editor").dry_run([], &AT).accepted().unwrap_err();
    let more: Vec<&More> = refused
        .objections()
        .iter()
        .map(|objection| match objection {
            Objection::Widens(widening) => &widening.more,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(more, [&More::Permissions(vec!["note.write".into()]), &More::Sight, &More::Rank("editor".into())]);
    let meant = [Move::remove("intern").falling_back_to("editor").widening()];
    let meant = Migration::builder().roles(meant).build(&old, &new).unwrap();
    assert!(meant.dry_run([], &AT).objections.is_empty());
    assert_eq!(meant.widenings().len(), 3);
}

/// A permission that asks for less is told, and refused unless it is declared.
#[test]
fn a_permission_does_not_come_to_ask_for_less() {
    let strict = |text: &str| {
        text.replace(
            r#"{ key = "bill.pay", scope = "organization" }"#,
            r#"{ key = "bill.pay", scope = "organization", second_factor = true, recent_authentication = "15m", active_only = true }"#,
        )
    };
    let old = notes(strict);
    for (from, to, more) in [
        ("second_factor = true", "second_factor = false", More::AsksLess),
        ("\"15m\"", "\"16m\"", More::AsksLess),
        ("recent_authentication = \"15m\", ", "", More::AsksLess),
        ("active_only = true", "active_only = false", More::OpenLonger),
        ("active_only = true", "active_only = true, open_while_suspended = true", More::OpenLonger),
    ] {
        let new = notes(|text| strict(text).replace(from, to));
        assert_ne!(old, new);
        let key = || "bill.pay".into();
        let of = Of::Permission { was: key(), is: key() };
        let widening = Widening { of, more, declared: false };
        let refused = Migration::between(&old, &new).unwrap().dry_run([], &AT).accepted().unwrap_err();
        assert_eq!(refused.objections(), [Objection::Widens(widening)]);
        let meant = Migration::builder().gains(["bill.pay"]).build(&old, &new).unwrap();
        assert!(meant.dry_run([], &AT).accepted().is_ok());
        // The other way round, more is asked for.
        assert!(Migration::between(&new, &old).unwrap().dry_run([], &AT).accepted().is_ok());
    }
}

fn of_permission(was: &str, is: &str) -> Of {
    Of::Permission { was: was.into(), is: is.into() }
}

/// An action needs another permission now, which many hold.
#[test]
fn a_guard_does_not_move_to_what_many_hold() {
    let old = desk(&[]);
    let moved = |key: &str| {
        let def = format!("{{ key = \"{key}\", scope = \"organization\"");
        let guarding = format!("{def}, guards = [\"remove_member\"]");
        desk(&[(&def, &guarding), ("guards = [\"remove_member\", \"change_roles\"", "guards = [\"change_roles\"")])
    };
    let onto = moved("desk.use");
    let widening = Widening {
        of: of_permission("desk.use", "desk.use"),
        more: More::Guards(Action::RemoveMember),
        declared: false,
    };
    assert_eq!(widening.to_string(), "whoever held `desk.use` also comes to do what it guards: `remove_member`");
    assert_eq!(undeclared(&Migration::between(&old, &onto).unwrap(), &[]), [widening]);
    let meant = Migration::builder().gains(["desk.use"]).build(&old, &onto).unwrap();
    assert!(meant.dry_run([&desk_of(&old, [joins(2, "editor")])], &AT).accepted().is_ok());
    // What whoever holds the new one could do already, and what follows its guard, is not more.
    assert_eq!(undeclared(&Migration::between(&onto, &old).unwrap(), &[]), []);
    let renamed = preset(&toml::to_string(&*old).unwrap().replace("people.manage", "people.lead"));
    let renamed =
        Migration::builder().permissions([Move::rename("people.manage", "people.lead")]).build(&old, &renamed);
    assert_eq!(undeclared(&renamed.unwrap(), &[]), []);
    // What only the platform did is opened to whoever holds the guard.
    let closed = desk(&[("guards = [\"remove_member\", \"change_roles\"", "guards = [\"change_roles\"")]);
    assert_eq!(undeclared(&Migration::between(&closed, &old).unwrap(), &[]).len(), 1);
}

/// A custom role that holds the new guard and not the old one, whether or not anybody has it.
#[test]
fn a_guard_does_not_move_to_what_a_custom_role_holds() {
    let with_keys = ("{ key = \"desk.use\"", "{ key = \"keys.keep\", scope = \"organization\" }, { key = \"desk.use\"");
    let old = desk(&[with_keys]);
    let new = desk(&[
        (
            "{ key = \"desk.use\"",
            "{ key = \"keys.keep\", scope = \"organization\", guards = [\"remove_member\"] }, { key = \"desk.use\"",
        ),
        ("guards = [\"remove_member\", \"change_roles\"", "guards = [\"change_roles\""),
    ]);
    let migration = Migration::between(&old, &new).unwrap();
    assert_eq!(undeclared(&migration, &[&desk_of(&old, [])]), [], "owners alone hold it, and held the other");
    let custom = Event::CustomRoleSet {
        role: "custom.keeper".into(),
        title: samples::name("Keeper"),
        like: "intern".into(),
        reach: bailiwick::catalog::Reach::All,
        permissions: vec!["keys.keep".into()],
    };
    let found = undeclared(&migration, &[&desk_of(&old, [custom])]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].more, More::Guards(Action::RemoveMember));
}

/// Who may open places in some workspaces would open them everywhere.
#[test]
fn a_permission_does_not_rise_to_the_organization_untold() {
    let old = desk(&[]);
    let new =
        desk(&[("key = \"place.open\", scope = \"workspace\"", "key = \"place.open\", scope = \"organization\"")]);
    let of = of_permission("place.open", "place.open");
    let widening = Widening { of, more: More::Scope, declared: false };
    assert_eq!(undeclared(&Migration::between(&old, &new).unwrap(), &[]), [widening]);
    let meant = Migration::builder().gains(["place.open"]).build(&old, &new).unwrap();
    assert_eq!(undeclared(&meant, &[]), []);
    assert_eq!(undeclared(&Migration::between(&new, &old).unwrap(), &[]), [], "the other way round it is less");
}

/// Single sign-on is asked for by the plan, until somebody forgets it.
#[test]
fn a_plan_does_not_come_to_ask_for_less() {
    let providers = ("name = \"desk\"", "name = \"desk\"\n providers = [\"okta\", \"social\"]");
    let plan = |requires: &str| {
        desk(&[providers, ("team_organizations = true", &format!("team_organizations = true\n {requires}"))])
    };
    let (free, okta, social) = (plan(""), plan("identity_provider = \"okta\""), plan("identity_provider = \"social\""));
    let of = || Of::Plan { was: "team".into(), is: "team".into() };
    for (old, new, more) in [
        (&okta, &free, More::AsksLess),
        (&okta, &social, More::OtherProvider),
        (&free, &okta, More::OtherProvider), // organizations may have required the other one
    ] {
        let widening = Widening { of: of(), more, declared: false };
        assert_eq!(undeclared(&Migration::between(old, new).unwrap(), &[]), [widening]);
        let meant = Migration::builder().plans([Move::keep("team").widening()]).build(old, new).unwrap();
        assert_eq!(undeclared(&meant, &[]), []);
    }
}

#[test]
fn a_plan_does_not_open_what_it_kept_closed() {
    let needs = (
        "{ key = \"note.manage\", scope = \"resource\" }",
        "{ key = \"note.manage\", scope = \"resource\", feature = \"x\" }",
    );
    let beta = ("name = \"desk\"", "name = \"desk\"\n features = [\"x\"]");
    let old = desk(&[beta, needs]);
    let sold = desk(&[beta, needs, ("team_organizations = true", "team_organizations = true\n features = [\"x\"]")]);
    let of = || Of::Plan { was: "team".into(), is: "team".into() };
    for new in [sold, desk(&[beta])] {
        let widening = Widening { of: of(), more: More::Unlocks(vec!["note.manage".into()]), declared: false };
        assert_eq!(undeclared(&Migration::between(&old, &new).unwrap(), &[]), [widening]);
        let meant = Migration::builder().gains(["note.manage"]).build(&old, &new).unwrap();
        assert_eq!(undeclared(&meant, &[]), []);
    }
}

/// Only owners made editors; then ranks alone decide, and editors make editors.
#[test]
fn who_may_assign_a_role_is_not_forgotten() {
    let old =
        desk(&[("key = \"editor\"\n    rank = 5", "key = \"editor\"\n    rank = 5\n    assigned_by = [\"owner\"]")]);
    let new = desk(&[]);
    let of = Of::Role { was: "editor".into(), is: "editor".into() };
    let widening = Widening { of, more: More::Gives("editor".into()), declared: false };
    assert_eq!(widening.to_string(), "whoever was `editor` can also give `editor`");
    assert_eq!(undeclared(&Migration::between(&old, &new).unwrap(), &[]), [widening]);
    let meant = Migration::builder().roles([Move::keep("editor").widening()]).build(&old, &new).unwrap();
    assert_eq!(undeclared(&meant, &[]), []);
    assert_eq!(undeclared(&Migration::between(&new, &old).unwrap(), &[]), []);
}

/// Each step that an option takes away from the usual bounds is said by name; none of the steps back.
#[test]
fn options_that_bound_authority_are_weakened_by_name_alone() {
    let with = |policy: &str| preset(&format!("{DESK}\n{policy}"));
    let steps: [(&str, &[&str]); 6] = [
        (
            "policy.own_role",
            &[
                "[policy]\nown_role = \"forbidden\"",
                "[policy]\nown_role = \"demote_only\"",
                "[policy]\nown_role = \"allowed\"",
            ],
        ),
        (
            "policy.assignable",
            &[
                "[policy]\nassignable = \"below_own_rank\"",
                "[policy]\nassignable = \"up_to_own_rank\"",
                "[policy]\nassignable = \"what_one_holds\"",
            ],
        ),
        ("policy.on_member_removed", &["", "[policy]\non_member_removed = \"keep_as_collaborator\""]),
        (
            "policy.invitations.inviter_gone",
            &["[policy.invitations]\ninviter_gone = \"revoke\"", "[policy.invitations]\ninviter_gone = \"keep\""],
        ),
        (
            "policy.invitations.binding",
            &[
                "",
                "[policy.invitations]\nbinding = \"matching_address\"",
                "[policy.invitations]\nbinding = \"bearer:1\"",
                "[policy.invitations]\nbinding = \"bearer:5\"",
            ],
        ),
        (
            "policy.invitations.on_resend",
            &["", "[policy.invitations]\non_resend = \"nothing\"", "[policy.invitations]\non_resend = \"renew\""],
        ),
    ];
    for (path, choices) in steps {
        for pair in choices.windows(2) {
            let (old, new) = (with(pair[0]), with(pair[1]));
            let widening = Widening { of: Of::Policy(path), more: More::BoundsLess, declared: false };
            assert_eq!(undeclared(&Migration::between(&old, &new).unwrap(), &[]), [widening]);
            let meant = Migration::builder().options([path]).build(&old, &new).unwrap();
            assert_eq!(undeclared(&meant, &[]), []);
            assert_eq!(undeclared(&Migration::between(&new, &old).unwrap(), &[]), []);
        }
    }
    let mistakes = Migration::builder().options(["policy.own_rule"]).build(&desk(&[]), &desk(&[])).unwrap_err();
    let text = "options[0]: unknown option of authority `policy.own_rule`; did you mean `policy.own_role`?";
    assert_eq!(mistakes.to_string(), text);
}
