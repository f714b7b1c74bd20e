//! Whom it costs what: what people lose counts before what they gain, and nobody is made an owner without need.

use bailiwick::catalog::PlanKey;
use bailiwick::change::Content;
use bailiwick::presets;

use super::*;
use crate::support::desk::{DESK, desk, desk_of, happens, joins, row_of};
use crate::support::samples::Ids;

fn parsed(text: &str) -> Arc<Catalog> {
    Arc::new(toml::from_str(text).unwrap_or_else(|error| panic!("{error}")))
}

fn asks(org: &Organization, n: u64, key: &str, target: Target<'_>) -> Nearest {
    let permission = org.catalog().permission(key).unwrap();
    org.nearest(Actor::User(Ids::OWN.user(n)), permission, target, &facts())
}

fn steps_of(nearest: Nearest) -> Vec<Step> {
    match nearest {
        Nearest::Gives(remedy) => remedy.steps,
        Nearest::Takes(steps) => steps,
        Nearest::OutOfReach(obstacle) => panic!("{obstacle}"),
    }
}

fn names(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.change.command().map_or("a share", Command::name)).collect()
}

/// There is exactly one admin, who alone sees the bills.
#[test]
fn ownership_changes_hands_where_only_the_owner_could_do_it() {
    let org = acme("production", "studio", &[(2, "producer")]);
    let Nearest::Gives(remedy) = nearest(&org, 2, "billing.view", Target::Organization) else {
        panic!("one hands over")
    };
    assert_eq!(names(&remedy.steps)[0], "TransferOwnership");
    assert_eq!(remedy.steps[0].by[0].user, user(1));
    let mut after = org.clone();
    for step in &remedy.steps {
        act(&mut after, if command(step).name() == "TransferOwnership" { 1 } else { 2 }, command(step).clone());
    }
    assert!(!matches!(
        after.check(
            Actor::User(user(2)),
            org.catalog().permission("billing.view").unwrap(),
            Target::Organization,
            &facts()
        ),
        Decision::Deny(_)
    ));
    let steps = steps_of(nearest(&org, 1, "billing.view", Target::Organization));
    assert!(names(&steps).contains(&"TransferOwnership"), "{steps:?}");
}

#[test]
fn ownership_that_needs_consent_is_accepted_by_whom_it_is_offered() {
    let catalog = parsed(&format!(
        "{}\n[policy]\nownership_transfer = \"with_consent\"",
        DESK.replace("owner = true", "owner = true\n holders = \"exactly_one\"")
    ));
    let org = desk_of(&catalog, [joins(2, "editor")]);
    let steps = steps_of(asks(&org, 2, "own.give", Target::Organization));
    assert_eq!(names(&steps), ["TransferOwnership", "AcceptOwnership"]);
    let by: Vec<UserId> = steps.iter().map(|step| step.by[0].user).collect();
    assert_eq!(by, [Ids::OWN.user(1), Ids::OWN.user(2)]);
}

#[test]
fn an_owner_hands_over_or_ends_it_all() {
    let org = desk_of(
        &desk(&[("guards = [\"transfer_ownership\"]", "guards = [\"transfer_ownership\", \"delete_organization\"]")]),
        [joins(2, "editor")],
    );
    let steps = steps_of(asks(&org, 1, "own.give", Target::Organization));
    assert_eq!(names(&steps), ["TransferOwnership", "DeleteOrganization", "ChangeStatus"]); // the last one is the platform's
    assert!(matches!(command(&steps[0]), Command::TransferOwnership(transfer) if transfer.to == Ids::OWN.user(2)));
}

/// One role each: another one instead takes what the first one gave.
#[test]
fn a_role_instead_is_one_by_which_least_is_lost() {
    let lead = "[[roles]]\n key = \"lead\"\n rank = 5\n permissions = [\"note.read\", \"note.write\", \"note.manage\", \"desk.use\"]\n reach = \"all\"\n [[groups]]";
    let text = DESK.replace("\"note.write\", \"desk.use\"]", "\"note.write\"]").replace("[[groups]]", lead);
    let org = desk_of(&parsed(&format!("{text}\n[policy]\nroles_per_member = 1")), [joins(2, "editor")]);
    let steps = steps_of(asks(&org, 2, "desk.use", Target::Organization));
    let Command::ChangeRoles(change) = command(&steps[0]) else { panic!("{steps:?}") };
    assert_eq!(change.roles, ["lead".into()], "an intern would lose writing");
}

#[test]
fn a_plan_by_which_nothing_is_lost_goes_before_a_smaller_one() {
    let text = DESK
        .replace("{ key = \"note.manage\", scope = \"resource\" }", "{ key = \"note.manage\", scope = \"resource\", feature = \"x\" }")
        .replace("{ key = \"note.write\", scope = \"resource\" }", "{ key = \"note.write\", scope = \"resource\", feature = \"y\" }")
        .replace("guards = [\"transfer_ownership\"]", "guards = [\"transfer_ownership\", \"change_plan\"]")
        .replace("rank = 1\n    team_organizations = true", "rank = 5\n team_organizations = true\n features = [\"y\"]\n [[plans]]\n key = \"mini\"\n rank = 0\n team_organizations = true\n features = [\"x\"]\n [[plans]]\n key = \"max\"\n rank = 9\n team_organizations = true\n features = [\"x\", \"y\"]");
    let org = desk_of(&parsed(&text), [joins(2, "editor")]);
    let steps = steps_of(asks(&org, 1, "note.manage", Target::Workspace(Ids::OWN.workspace(1))));
    let Command::ChangePlan(change) = command(&steps[0]) else { panic!("{steps:?}") };
    assert_eq!(change.plan, PlanKey::from("max"));
}

/// Whoever is removed leaves a gap that the last one fills: the order of a list is not that of joining.
#[test]
fn people_are_named_in_the_order_in_which_they_joined() {
    let mut org = desk_of(&desk(&[]), [joins(2, "intern"), joins(3, "owner"), joins(6, "intern"), joins(4, "owner")]);
    happens(&mut org, Event::PersonRemoved { user: Ids::OWN.user(2), content: Content::Stays });
    let steps = steps_of(asks(&org, 6, "people.manage", Target::Organization));
    let by: Vec<UserId> = steps[0].by.iter().map(|somebody| somebody.user).collect();
    assert_eq!(by, [1, 3, 4].map(|n| Ids::OWN.user(n)));
}

/// Where overrides only add, what a row removes is passed over, and to write it again is no help.
#[test]
fn rows_are_proposed_alone_where_a_policy_passes_over_the_rest() {
    for mode in ["replace", "expand", "reduce"] {
        let catalog = parsed(&format!("{DESK}\n[policy]\noverrides = \"{mode}\""));
        let changes = Override::role("intern").removing("note.write");
        let org = desk_of(&catalog, [joins(2, "editor"), row_of(2, changes)]);
        let asked = asks(&org, 2, "note.write", Target::Workspace(Ids::OWN.workspace(1)));
        let Nearest::Gives(remedy) = asked else { continue };
        assert_eq!(remedy.steps.len(), 1, "{mode}: {remedy:?}");
    }
}

/// An explanation is for whoever runs the organization; whom a stranger could ask is nobody's to be told.
#[test]
fn strangers_are_not_told_whom_they_could_ask() {
    let catalog: Catalog = toml::from_str(presets::CLOUD).unwrap();
    let tenants = bailiwick::Tenants::in_memory(catalog);
    let (org, other) = (OrgId::from_u64(1).unwrap(), OrgId::from_u64(2).unwrap());
    let signed_in = facts().authenticated(NOW).with_second_factor();
    let name = Name::new("Acme").unwrap();
    let create =
        CreateOrganization { name, plan: "team".into(), seats: Seats::new(9), owned: 0, workspace: workspace(1) };
    tenants.create(org, create, &signed_in.by(Actor::User(user(77)))).unwrap();
    let view = tenants.catalog().permission("workspace.view").unwrap();
    let told = |org, n| tenants.explain(org, Actor::User(user(n)), view, PROD(), &signed_in).unwrap();
    assert_eq!(told(org, 9).decision, told(other, 9).decision);
    assert_eq!((told(org, 9).turn, told(other, 9).turn), (None, None));
    assert!(told(org, 77).turn.is_some());
}
