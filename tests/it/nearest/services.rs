//! What a service lacks: what its sponsor holds and it was not given, where it does not act, an end, a sponsor.

use bailiwick::change::{ChangeService, CreateService};
use bailiwick::{SecretHash, ServiceId};

use super::*;

const ROBOT: u64 = 7;

fn robot() -> ServiceId {
    ServiceId::from_u64(ROBOT).unwrap()
}

const TEXT: &str = r#"
    name = "runs"
    permissions = [
        { key = "org.run", scope = "organization", guards = ["create_workspace", "create_service", "manage_services"] },
        { key = "access.change", scope = "workspace", guards = ["change_access"] },
        { key = "workspace.view", scope = "workspace" },
        { key = "operation.run", scope = "workspace" },
    ]
    roles = [
        { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
        { key = "admin", rank = 5, permissions = ["*"], reach = "all" },
        { key = "viewer", rank = 1, permissions = ["workspace.view"], reach = "all" },
    ]
    plans = [{ key = "team", rank = 0, team_organizations = true }]
"#;

/// A company with two workspaces, whose admin (2) has a service that may use these permissions in these places.
fn with_robot(permissions: &[&str], workspaces: &[u64]) -> Organization {
    let mut org = acme_in(toml::from_str(TEXT).unwrap(), "team", &[(2, "admin")]);
    act(&mut org, 1, CreateWorkspace { workspace: workspace(2), name: Name::new("Second").unwrap() });
    let create = CreateService {
        service: robot(),
        name: Name::new("Robot").unwrap(),
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
        workspaces: workspaces.iter().map(|n| workspace(*n)).collect(),
        until: None,
        secret: SecretHash::from_bytes([1; 32]),
    };
    let context = signed_in(&org, &facts()).by(Actor::User(user(2)));
    for record in org.handle(&create.into(), &context).unwrap() {
        org.apply(&record);
    }
    org
}

fn steps(org: &Organization, key: &str, target: Target<'_>, facts: &Facts<'_>) -> Vec<Command> {
    let permission = org.catalog().permission(key).unwrap();
    match org.nearest(Actor::Service(robot()), permission, target, facts) {
        Nearest::Gives(remedy) => remedy.steps.iter().map(|step| command(step).clone()).collect(),
        other => panic!("{other:?}"),
    }
}

fn lent(permissions: &[&str], workspaces: &[u64], until: Option<Timestamp>) -> Command {
    let permissions = permissions.iter().map(|key| (*key).into()).collect();
    let workspaces = workspaces.iter().map(|n| workspace(*n)).collect();
    ChangeService { service: robot(), permissions, workspaces, until }.into()
}

#[test]
fn a_service_is_lent_what_it_was_not_given() {
    let (view, run) = ("workspace.view", "operation.run");
    for places in [&[][..], &[1]] {
        let org = with_robot(&[view], places);
        assert_eq!(steps(&org, run, PROD(), &facts()), [lent(&[view, run], places, None)]);
    }
}

#[test]
fn a_service_is_let_in_where_it_does_not_act() {
    let org = with_robot(&["workspace.view", "operation.run"], &[1]);
    let there = Target::Workspace(workspace(2));
    assert_eq!(
        steps(&org, "workspace.view", there, &facts()),
        [lent(&["operation.run", "workspace.view"], &[1, 2], None)]
    );
}

#[test]
fn a_service_that_is_over_goes_on_without_an_end() {
    let mut org = with_robot(&["workspace.view"], &[1]);
    let end = NOW.plus(bailiwick::Span::hours(1));
    let until = Some(end);
    let context = signed_in(&org, &facts()).by(Actor::User(user(2)));
    for record in org.handle(&lent(&["workspace.view"], &[1], until), &context).unwrap() {
        org.apply(&record);
    }
    // What is lent more keeps the end.
    assert_eq!(
        steps(&org, "operation.run", PROD(), &facts()),
        [lent(&["workspace.view", "operation.run"], &[1], until)]
    );
    let later = Facts::at(end);
    assert_eq!(steps(&org, "workspace.view", PROD(), &later), [lent(&["workspace.view"], &[1], None)]);
}

#[test]
fn a_service_whose_sponsor_went_is_adopted() {
    let mut org = with_robot(&["workspace.view"], &[1]);
    apply(&mut org, Event::ServiceOrphaned { service: robot() });
    let told = steps(&org, "workspace.view", PROD(), &facts());
    assert_eq!(told.iter().map(Command::name).collect::<Vec<_>>(), ["AdoptService"]);
}

/// What its sponsor does not hold is given to the sponsor.
#[test]
fn a_service_whose_sponsor_lacks_it_waits_for_the_sponsor() {
    let mut org = with_robot(&["workspace.view"], &[1]);
    let view = org.catalog().permission("workspace.view").unwrap();
    let changes = Override::none().removing("workspace.view");
    apply(&mut org, Event::RolesChanged { user: user(2), roles: vec!["viewer".into()] });
    apply(&mut org, Event::AccessGiven { user: user(2), workspace: workspace(1), changes, given_by: Actor::System });
    assert!(!org.check(Actor::User(user(2)), view, PROD(), &facts()).is_allow());
    let told = steps(&org, "workspace.view", PROD(), &facts());
    let [Command::GiveAccess(give)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((give.user, &give.changes), (user(2), &Override::none()));
}
