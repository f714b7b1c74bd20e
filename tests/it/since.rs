//! Since when somebody has something, by whom, and what last changed: the later of being given it and of its being written.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{Catalog, GroupDef, Permission, Reach};
use bailiwick::change::{
    AddCollaborator, AddMember, ChangeRoles, Command, CreateOrganization, CreateTeam, CreateWorkspace, DissolveTeam,
    Event, GiveAccess, JoinTeam, LeaveTeam, Place, Record, SetRule, Suspend, TakeAccess,
};
use bailiwick::reach::review::Breadth;
use bailiwick::reach::{Source, Through};
use bailiwick::{
    Actor, Name, OrgId, Organization, Origin, Override, RuleFor, Seats, SecretHash, ServiceId, Span, TeamId, Timestamp,
    UserId, WorkspaceId,
};

use crate::cases::catalog;

const BEGUN: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

fn day(n: u64) -> Timestamp {
    BEGUN.plus(Span::days(n))
}

const fn lab() -> WorkspaceId {
    WorkspaceId::from_u64(1).unwrap()
}

fn robot() -> ServiceId {
    ServiceId::from_u64(1).unwrap()
}

/// An agency whose owner is Ada (1), with Bob (2), a viewer, and Carl (3), an admin; and a workspace. All of it on day 0.
struct Agency {
    org: Organization,
    now: Timestamp,
}

impl Agency {
    fn new() -> Self {
        let editors = GroupDef::new("editors", ["content_editor"]);
        let catalog = catalog("agency").to_builder().group(editors).build().unwrap();
        Self::of(catalog, "large", ["viewer", "org_admin"])
    }

    fn of(catalog: Catalog, plan: &str, roles: [&str; 2]) -> Self {
        let mut agency = Self { org: Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog)), now: BEGUN };
        let (name, plan, workspace) = (name("Agency"), plan.into(), WorkspaceId::from_u64(9).unwrap());
        agency.does(by(1), CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace });
        agency.does(by(1), CreateWorkspace { workspace: lab(), name: self::name("Lab") });
        agency.joins(2, &roles[..1]);
        agency.joins(3, &roles[1..]);
        agency
    }

    fn joins(&mut self, n: u64, roles: &[&str]) {
        let roles = roles.iter().map(|role| (*role).into()).collect();
        self.does(Actor::System, AddMember { user: user(n), roles, access: vec![] });
    }

    fn facts(&self) -> Facts<'static> {
        Facts::at(self.now).authenticated(self.now).with_second_factor()
    }

    fn does(&mut self, actor: Actor, command: impl Into<Command>) {
        let command = command.into();
        let outcome =
            self.org.handle(&command, &self.facts().by(actor)).unwrap_or_else(|no| panic!("{command:?}: {no}"));
        outcome.records.iter().for_each(|record| self.org.apply(record));
    }

    fn happens(&mut self, actor: Actor, event: Event) {
        let (version, at) = (self.org.version().next(), self.now);
        self.org.apply(&Record { version, at, by: actor, command: None, event });
    }

    fn permission(&self, key: &str) -> Permission {
        self.org.catalog().permission(key).unwrap()
    }

    /// Through what, at a place; the explanation names the same event.
    fn through(&self, actor: Actor, key: &str, place: Place) -> Vec<Source> {
        let permission = self.permission(key);
        let sources: Vec<Source> = self.org.holding(actor, place, &self.facts()).through(permission).copied().collect();
        if let (Actor::User(_), Place::Workspace(workspace)) = (actor, place) {
            let target = bailiwick::access::Target::Workspace(workspace);
            let why = self.org.explain(actor, permission, target, &self.facts());
            for source in &sources {
                assert!(why.layers.iter().any(|layer| layer.origin == Some(source.origin)), "{why}");
            }
        }
        sources
    }

    fn last_change(&self, n: u64) -> Origin {
        let review = self.org.review(&self.facts(), Breadth::Everybody).unwrap();
        review.people.iter().find(|person| person.user == user(n)).unwrap().last_change
    }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn said(source: &Source) -> (Timestamp, Actor) {
    (source.origin.at, source.origin.by)
}

#[test]
fn a_role_given_later_does_not_redate_the_others() {
    let mut agency = Agency::new();
    agency.now = day(5);
    let roles = vec!["viewer".into(), "content_editor".into()];
    agency.does(by(3), ChangeRoles { user: user(2), roles });
    let sources = agency.through(by(2), "content.view", Place::Workspace(lab()));
    let role = |key| agency.org.catalog().role(key).unwrap();
    let of = |key| sources.iter().find(|source| source.through == Through::Role(role(key))).map(said);
    assert_eq!(of("viewer"), Some((day(0), Actor::System)));
    assert_eq!(of("content_editor"), Some((day(5), by(3))));
    let held = agency.org.person(user(2)).unwrap().held_roles();
    assert_eq!(held.iter().map(|held| held.origin.at).collect::<BTreeSet<_>>(), [day(0), day(5)].into());
    assert_eq!(agency.last_change(2).at, day(5));
}

#[test]
fn a_role_that_comes_back_is_held_since_then() {
    let mut agency = Agency::new();
    for (n, role) in [(3, "content_editor"), (6, "viewer")] {
        agency.now = day(n);
        agency.does(by(3), ChangeRoles { user: user(2), roles: vec![role.into()] });
    }
    let sources = agency.through(by(2), "content.view", Place::Organization);
    assert_eq!(sources.iter().map(said).collect::<Vec<_>>(), [(day(6), by(3))]);
}

#[test]
fn whoever_joins_a_team_holds_what_its_rules_give_since_then() {
    let mut agency = Agency::new();
    let team = TeamId::from_u64(1).unwrap();
    agency.does(by(1), CreateTeam { team, name: name("Team") });
    let rule = |given: &str| SetRule {
        workspace: lab(),
        holder: RuleFor::Team(team),
        given: vec![given.into()],
        taken: vec![],
        until: None,
    };
    agency.does(by(1), rule("content.edit"));
    agency.now = day(5);
    agency.does(by(3), JoinTeam { team, user: user(2) });
    let edit = agency.through(by(2), "content.edit", Place::Workspace(lab()));
    assert_eq!(edit.iter().map(said).collect::<Vec<_>>(), [(day(5), by(3))]);
    assert_eq!((agency.last_change(2).at, agency.last_change(2).by), (day(5), by(3)));

    agency.now = day(7);
    agency.does(by(1), rule("content.approve"));
    let approve = agency.through(by(2), "content.approve", Place::Workspace(lab()));
    assert_eq!(approve.iter().map(said).collect::<Vec<_>>(), [(day(7), by(1))]);
    assert_eq!(agency.last_change(2).at, day(5), "a rule is not the person's own");
}

#[test]
fn whoever_comes_into_a_group_holds_what_its_rules_give_since_then() {
    let mut agency = Agency::new();
    let (holder, given) = (RuleFor::Group("editors".into()), vec!["content.approve".into()]);
    agency.does(by(1), SetRule { workspace: lab(), holder, given, taken: vec![], until: None });
    agency.now = day(4);
    agency.does(by(3), ChangeRoles { user: user(2), roles: vec!["content_editor".into()] });
    let sources = agency.through(by(2), "content.approve", Place::Workspace(lab()));
    let group = sources.iter().find(|source| matches!(source.through, Through::Group(_))).map(said);
    assert_eq!(group, Some((day(4), by(3))), "{sources:?}");
}

#[test]
fn a_custom_role_gives_what_it_does_since_it_was_last_changed() {
    let mut agency = Agency::new();
    let set = |agency: &mut Agency, keys: &[&str]| {
        let permissions = keys.iter().map(|key| (*key).into()).collect();
        let (role, title) = ("custom.x".into(), name("X"));
        let event = Event::CustomRoleSet { role, title, like: "viewer".into(), reach: Reach::All, permissions };
        agency.happens(by(1), event);
    };
    set(&mut agency, &[]);
    agency.joins(4, &["custom.x"]);
    agency.now = day(9);
    set(&mut agency, &["content.edit"]);
    let sources = agency.through(by(4), "content.edit", Place::Organization);
    assert_eq!(sources.iter().map(said).collect::<Vec<_>>(), [(day(9), by(1))]);
    assert_eq!(agency.last_change(4).at, day(0), "the role is not the person's own");
}

/// A role that has to be assigned gives nothing before the row, and nothing after it.
#[test]
fn an_assigned_role_is_held_from_the_row_to_its_end() {
    let mut cloud = Agency::of(catalog("cloud"), "team", ["viewer", "admin"]);
    cloud.joins(4, &["developer"]);
    cloud.now = day(3);
    let changes = Override::none().until(day(8));
    cloud.does(by(1), GiveAccess { user: user(4), workspace: lab(), changes });
    let holding = cloud.org.holding(by(4), Place::Workspace(lab()), &cloud.facts());
    let role = holding.sources.iter().find(|source| matches!(source.through, Through::Role(_))).unwrap();
    assert_eq!((said(role), role.until), ((day(3), by(1)), Some(day(8))));
}

/// What a service can, it can since it was given that, and its sponsor as well; and until its own end.
#[test]
fn a_service_can_since_it_was_made_and_until_its_end() {
    let mut agency = Agency::new();
    agency.now = day(5);
    let made = |permissions: &[&str], until| {
        let (name, secret) = (name("Robot"), SecretHash::from_bytes([1; 32]));
        let permissions = permissions.iter().map(|key| (*key).into()).collect();
        let (service, sponsor, workspaces) = (robot(), user(3), vec![]);
        Event::ServiceCreated { service, name, sponsor, permissions, workspaces, until, secret }
    };
    agency.happens(by(3), made(&["content.view", "content.edit"], Some(day(30))));
    let of_robot = |agency: &Agency| agency.through(Actor::Service(robot()), "content.view", Place::Workspace(lab()));
    let sources = of_robot(&agency);
    assert!(sources.iter().all(|source| (said(source), source.until) == ((day(5), by(3)), Some(day(30)))));
    agency.now = day(6);
    let (user, workspace, given_by) = (user(3), lab(), by(1));
    let changes = Override::role("content_editor").until(day(20));
    agency.happens(by(1), Event::AccessGiven { user, workspace, changes, given_by });
    let rows: Vec<_> = of_robot(&agency).into_iter().filter(|source| !source.through.is_membership()).collect();
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|source| (said(source), source.until) == ((day(6), by(1)), Some(day(20)))));
    agency.now = day(7);
    agency.happens(by(3), made(&["content.view"], None));
    assert!(of_robot(&agency).iter().all(|source| said(source) == (day(7), by(3))));
}

/// Everything that is the person's own is a change: what is taken as well as what is given.
#[test]
fn the_last_change_of_a_person_is_also_what_was_taken() {
    let mut agency = Agency::new();
    let team = TeamId::from_u64(1).unwrap();
    agency.does(by(1), CreateTeam { team, name: name("Team") });
    let (other, row) = (WorkspaceId::from_u64(2).unwrap(), Override::role("viewer"));
    agency.does(by(1), CreateWorkspace { workspace: other, name: name("Other") });
    agency.does(Actor::System, AddCollaborator { user: user(5), access: vec![(lab(), row.clone()), (other, row)] });
    let (user, workspace) = (user(2), lab());
    let steps: Vec<Command> = vec![
        GiveAccess { user, workspace, changes: Override::none().adding("content.edit") }.into(),
        TakeAccess { user, workspace }.into(),
        JoinTeam { team, user }.into(),
        LeaveTeam { team, user }.into(),
        JoinTeam { team, user }.into(),
        DissolveTeam { team }.into(),
        GiveAccess { user, workspace, changes: Override::none().adding("content.edit") }.into(),
        bailiwick::change::DeleteWorkspace { workspace }.into(),
        Suspend { user }.into(),
    ];
    for (n, step) in (1..).zip(steps) {
        agency.now = day(n);
        let about = format!("{step:?}");
        agency.does(by(1), step);
        assert_eq!((agency.last_change(2).at, agency.last_change(2).by), (day(n), by(1)), "{about}");
        assert_eq!(agency.last_change(3).at, day(0), "{about}");
    }
    assert_eq!(agency.last_change(5).at, day(8), "with the workspace went the row of the collaborator");
}
