//! What a rule of a team or group takes, gives, or could give, where no row may.

use bailiwick::change::{CreateTeam, JoinTeam, LeaveTeam, SetRule};

use super::*;

/// Runs in a workspace: members hold nothing there by themselves, runners do; rows assign people and change nothing.
fn runs() -> Organization {
    let text = r#"
        name = "runs"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace", "manage_teams"] },
            { key = "rules.change", scope = "workspace", guards = ["change_rules"] },
            { key = "operation.run", scope = "workspace" },
            { key = "operation.see", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "runner", rank = 3, permissions = ["operation.run", "operation.see"], reach = "all", reducible = true },
            { key = "member", rank = 1, permissions = ["operation.see"], reach = "all" },
        ]
        groups = [{ key = "runners", roles = ["runner"] }, { key = "members", roles = ["member"] }]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        overrides = "off"
        roles_per_member = 1
        own_role = "forbidden"
    "#;
    let mut org =
        acme_in(toml::from_str(text).unwrap(), "team", &[(2, "member"), (3, "member"), (4, "runner"), (5, "runner")]);
    act(&mut org, 1, CreateTeam { team: team(), name: Name::new("Team").unwrap() });
    org
}

fn team() -> TeamId {
    TeamId::from_u64(1).unwrap()
}

fn rule(holder: RuleFor, given: &[&str], taken: &[&str]) -> SetRule {
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).into()).collect();
    SetRule { workspace: workspace(1), holder, given: keys(given), taken: keys(taken), until: None }
}

fn to_run(org: &Organization, who: u64) -> Vec<Command> {
    match nearest(org, who, "operation.run", PROD()) {
        Nearest::Gives(remedy) => remedy.steps.iter().map(|step| command(step).clone()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_group_loses_is_not_taken_any_more() {
    let mut org = runs();
    let runners = || RuleFor::Group("runners".into());
    act(&mut org, 1, rule(runners(), &[], &["operation.run", "operation.see"]));
    assert_eq!(to_run(&org, 4), [rule(runners(), &[], &["operation.see"]).into()]);
}

/// Out of a team goes one, by a rule all would.
#[test]
fn who_loses_it_by_a_team_leaves_the_team() {
    let mut org = runs();
    for user in [user(4), user(5)] {
        act(&mut org, 1, JoinTeam { team: team(), user });
    }
    act(&mut org, 1, rule(RuleFor::Team(team()), &[], &["operation.run"]));
    assert_eq!(to_run(&org, 4), [LeaveTeam { team: team(), user: user(4) }.into()]);
}

/// A search goes on once from a change by which nothing is got past: with a third rule another way is shorter.
#[test]
fn of_rules_that_take_the_same_two_are_got_past() {
    let mut org = runs();
    let leaves = |n| Command::from(LeaveTeam { team: TeamId::from_u64(n).unwrap(), user: user(4) });
    for n in 1..=3 {
        let team = TeamId::from_u64(n).unwrap();
        if n > 1 {
            act(&mut org, 1, CreateTeam { team, name: Name::new("Team").unwrap() });
        }
        for user in [user(4), user(5)] {
            act(&mut org, 1, JoinTeam { team, user });
        }
        act(&mut org, 1, rule(RuleFor::Team(team), &[], &["operation.run"]));
        let told = to_run(&org, 4);
        match n {
            1 => assert_eq!(told, [leaves(1)]),
            2 => assert!(told.len() == 2 && told[1] == leaves(2), "{told:?}"),
            _ => assert!(matches!(&told[..], [Command::ChangeRoles(_)]), "{told:?}"),
        }
    }
}

/// Where people can do something that is no help, the platform is asked all the same.
#[test]
fn what_only_the_platform_can_give_is_given_by_the_platform() {
    let text = r#"
        name = "runs"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "place.pay", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["org.run", "access.change"], reach = "all" },
            { key = "payer", rank = 3, permissions = ["place.pay"], reach = "all" },
            { key = "member", rank = 1, reach = "all" },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        owner_holds = "declared"
    "#;
    let org = acme_in(toml::from_str(text).unwrap(), "team", &[(2, "member")]);
    assert_eq!(
        told(&org, 2, "place.pay", PROD()),
        ["this would allow it:", "> give access to workspace `Acme` adding `place.pay` (by the platform alone)"]
    );
}

/// Of two ways as long, one that needs the platform once goes before one that needs it twice.
#[test]
fn what_somebody_here_can_do_is_done_by_them() {
    let text = r#"
        name = "runs"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace", "manage_teams"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "operation.run", scope = "workspace" },
            { key = "place.pay", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["org.run", "access.change", "operation.run"], reach = "all" },
            { key = "runner", rank = 3, permissions = ["operation.run", "place.pay"], reach = "all", reducible = true },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        owner_holds = "declared"
        overrides = "reduce"
    "#;
    let mut org = acme_in(toml::from_str(text).unwrap(), "team", &[(2, "runner")]);
    for (n, taken) in [(1, vec!["operation.run"]), (2, vec!["operation.run", "place.pay"])] {
        let team = TeamId::from_u64(n).unwrap();
        act(&mut org, 1, CreateTeam { team, name: Name::new("Team").unwrap() });
        apply(&mut org, Event::TeamJoined { team, user: user(2) });
        let SetRule { workspace, holder, given, taken, until } = rule(RuleFor::Team(team), &[], &taken);
        apply(&mut org, Event::RuleSet { workspace, holder, given, taken, until });
    }
    assert_eq!(
        told(&org, 2, "operation.run", PROD()),
        [
            "these together would allow it:",
            "> take out of team `Team` (by user 01)",
            "> have the rule of team `Team` in workspace `Acme` give nothing and take `place.pay` (by the platform alone)"
        ]
    );
}

#[test]
fn who_would_have_it_in_a_team_joins_it() {
    let mut org = runs();
    act(&mut org, 1, rule(RuleFor::Team(team()), &["operation.run"], &[]));
    assert_eq!(to_run(&org, 2), [JoinTeam { team: team(), user: user(2) }.into()]);
}

/// Of two who could be given it by a rule, fewer are given it by that of the team.
#[test]
fn a_rule_that_is_there_gives_more() {
    let mut org = runs();
    act(&mut org, 1, JoinTeam { team: team(), user: user(2) });
    act(&mut org, 1, rule(RuleFor::Team(team()), &["operation.see"], &[]));
    let told = to_run(&org, 2);
    assert_eq!(told, [rule(RuleFor::Team(team()), &["operation.see", "operation.run"], &[]).into()]);
}

#[test]
fn a_rule_that_is_not_there_is_made() {
    let mut org = runs();
    act(&mut org, 1, JoinTeam { team: team(), user: user(2) });
    assert_eq!(to_run(&org, 2), [rule(RuleFor::Team(team()), &["operation.run"], &[]).into()]);
}

/// A row keeps what it says besides.
#[test]
fn a_row_is_changed_by_as_little_as_does() {
    let text = r#"
        name = "runs"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "operation.run", scope = "workspace" },
            { key = "operation.see", scope = "workspace" },
            { key = "operation.stop", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "runner", rank = 3, permissions = ["operation.run", "operation.see"], reach = "all" },
            { key = "member", rank = 1, reach = "all" },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let mut org = acme_in(toml::from_str(text).unwrap(), "team", &[(2, "runner"), (3, "member"), (4, "member")]);
    let until = Some(NOW.plus(bailiwick::Span::hours(1)));
    let give = |n, changes: Override| {
        let changes = Override { until, ..changes };
        GiveAccess { user: user(n), workspace: workspace(1), changes }
    };
    act(&mut org, 1, give(2, Override::none().removing("operation.run").removing("operation.see")));
    assert_eq!(to_run(&org, 2), [give(2, Override::none().removing("operation.see")).into()]);
    act(&mut org, 1, give(3, Override::none().adding("operation.stop")));
    assert_eq!(to_run(&org, 3), [give(3, Override::none().adding("operation.stop").adding("operation.run")).into()]);
    // Of two rows that give as much the plainer one: what is removed here is not held.
    act(&mut org, 1, give(4, Override::none().removing("operation.see")));
    assert_eq!(to_run(&org, 4), [give(4, Override::none().adding("operation.run")).into()]);
}
