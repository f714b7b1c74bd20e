//! What would turn an answer: what is named does turn it, whoever of those named carries it out, and less does not.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::Action;
use bailiwick::catalog::{Catalog, Permission, PermissionSet};
use bailiwick::change::{
    AddMember, ArchiveWorkspace, Change, ChangeStatus, Command, CreateOrganization, CreateWorkspace,
    DeleteOrganization, Event, GiveAccess, Nearest, Obstacle, Record, Remedy, SignUp, Step, Suspend,
};
use bailiwick::limits::NEAREST_PEOPLE_MAX;
use bailiwick::sharing::{Sheet, shares_on};
use bailiwick::{
    Actor, Disposition, LinkId, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, Status, TeamId,
    Timestamp, UserId, WorkspaceId,
};

use crate::cases;
use crate::support::worlds::{World, for_any_world};

mod brute;
mod people;
mod rules;
mod services;
mod shares;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

/// Somebody who is signed in as well as anybody asks.
fn signed_in<'f>(org: &Organization, facts: &Facts<'f>) -> Facts<'f> {
    let mut facts = facts.authenticated(facts.now).with_second_factor();
    facts.provider = org.required_provider(facts.now);
    facts
}

/// How things stand: the organization, and what is shared.
#[derive(Clone)]
struct Standing {
    org: Organization,
    shares: Vec<Share>,
}

impl Standing {
    /// After a change of somebody's, where it is accepted.
    fn after(&self, step: &Step, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Option<Self> {
        match &step.change {
            Change::Organization(command) => {
                Some(Self { org: done(&self.org, command, actor, facts)?, shares: self.shares.clone() })
            }
            Change::Share(on, command) => {
                let Target::Resource(resource) = target else { panic!("{command:?} for no resource") };
                let mut sheet = Sheet::new(self.org.id(), *on);
                let judged = Resource { id: *on, shares: &self.shares, ..*resource };
                let context = signed_in(&self.org, facts).by(actor);
                let records = self.org.handle_share(&sheet, &judged, command, &context).ok()?;
                records.iter().for_each(|record| sheet.apply(record));
                let more = shares_on(&self.org, resource, [&sheet]);
                Some(Self { org: self.org.clone(), shares: self.shares.iter().copied().chain(more).collect() })
            }
        }
    }

    fn ask(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        match target {
            Target::Resource(resource) => {
                let resource = Resource { shares: &self.shares, ..*resource };
                self.org.check(actor, permission, Target::Resource(&resource), facts)
            }
            other => self.org.check(actor, permission, other, facts),
        }
    }
}

/// The command of a step that is one of the organization's.
fn command(step: &Step) -> &Command {
    step.change.command().unwrap_or_else(|| panic!("{step:?}"))
}

/// The organization after a command of somebody's, where it is accepted.
fn done(org: &Organization, command: &Command, actor: Actor, facts: &Facts<'_>) -> Option<Organization> {
    let outcome = org.handle(command, &signed_in(org, facts).by(actor)).ok()?;
    let mut after = org.clone();
    outcome.records.iter().for_each(|record| after.apply(record));
    Some(after)
}

/// Everybody who is named beside a change; the platform where nobody is.
fn named(step: &Step) -> Vec<Actor> {
    match &step.by[..] {
        [] => vec![Actor::System],
        people => people.iter().map(|somebody| Actor::User(somebody.user)).collect(),
    }
}

/// The catalog of the worlds guards nothing, and personal organizations are for one; here somebody can do something.
fn guarded(world: &World) -> Organization {
    let mut catalog = serde_json::to_value(&*world.catalog).unwrap();
    for (at, actions) in [
        (
            0,
            "edit_organization change_plan archive_organization delete_organization manage_roles create_service manage_services",
        ),
        (1, "invite_member change_roles suspend_person remove_member manage_teams"),
        (2, "change_access manage_collaborators change_rules archive_workspace"),
    ] {
        catalog["permissions"][at]["guards"] = actions.split(' ').collect();
    }
    catalog["policy"]["personal"] = serde_json::json!({ "plan": "first", "name": "{user}", "invitable": true });
    let catalog: Catalog = serde_json::from_value(catalog).unwrap();
    let mut org = Organization::new(world.org.id(), Arc::new(catalog));
    world.history.iter().for_each(|record| org.apply(record));
    org
}

#[test]
fn what_is_named_turns_the_answer_and_less_does_not() {
    let counts: RefCell<BTreeMap<String, u64>> = RefCell::default();
    let note = |what: String| *counts.borrow_mut().entry(what).or_default() += 1;
    let every = std::env::var("BAILIWICK_EVERY").map_or(211, |text| text.parse().expect("a whole number"));
    for_any_world(|world| {
        let (org, facts, asked) = (guarded(world), world.facts(), Cell::new(world.history.len()));
        world.for_each_target(|target| {
            for actor in world.actors() {
                for (permission, key) in world.permissions() {
                    // Searching is slow: every so many questions, in every world others.
                    asked.set(asked.get() + 1);
                    if asked.get() % every != 0 {
                        continue;
                    }
                    let shares = match target {
                        Target::Resource(resource) => resource.shares.to_vec(),
                        Target::Organization | Target::Workspace(_) => Vec::new(),
                    };
                    let start = Standing { org: org.clone(), shares };
                    let ask = |standing: &Standing| standing.ask(actor, permission, target, &facts);
                    let question = || {
                        format!(
                            "{actor:?} asks for {key} at {target:?}\n{}",
                            org.explain(actor, permission, target, &facts)
                        )
                    };
                    let nearest = org.nearest(actor, permission, target, &facts);
                    let denied = matches!(ask(&start), Decision::Deny(_));
                    match &nearest {
                        Nearest::Gives(remedy) => {
                            assert!(denied, "{}", question());
                            note(format!("given by {}", remedy.steps.len()));
                            let shared = remedy.steps.iter().any(|step| step.change.command().is_none());
                            note(if shared { "given by a share" } else { "given otherwise" }.into());
                            gives(&start, remedy, target, &facts, &ask, &question);
                        }
                        Nearest::Takes(steps) => {
                            assert!(!denied, "{}", question());
                            note(format!("taken by one of {}", steps.len().min(3)));
                            for (step, by) in
                                steps.iter().flat_map(|step| named(step).into_iter().map(move |by| (step, by)))
                            {
                                let after = start.after(step, by, target, &facts);
                                let after = after.unwrap_or_else(|| panic!("{step:?} is refused\n{}", question()));
                                assert!(matches!(ask(&after), Decision::Deny(_)), "{step:?}\n{}", question());
                            }
                        }
                        Nearest::OutOfReach(obstacle) => {
                            assert!(denied, "{}", question());
                            note(format!("{obstacle:?}"));
                        }
                    }
                }
            }
        });
    });
    let counts = counts.into_inner();
    println!("{counts:#?}");
    if std::env::var("BAILIWICK_SEED").is_ok() || std::env::var("BAILIWICK_CASES").is_ok() {
        return; // a few worlds cannot have everything
    }
    for what in [
        "given by 1",
        "given by 2",
        "given by 3",
        "given by a share",
        "taken by one of 3",
        "Share",
        "Nobody",
        "NoWorkspace",
        "Staff",
        "NoPlan",
    ] {
        assert!(counts.contains_key(what), "never {what}: {counts:#?}");
    }
    let of = |family: &str| -> u64 { counts.iter().filter(|(what, _)| what.starts_with(family)).map(|(_, n)| n).sum() };
    assert!(of("given by") * 2 > of("NotFound"), "{counts:#?}");
}

/// Whoever of those named does each part, it is accepted and turns the answer; without any part it stays no.
fn gives(
    start: &Standing,
    remedy: &Remedy,
    target: Target<'_>,
    facts: &Facts<'_>,
    ask: &impl Fn(&Standing) -> Decision,
    question: &impl Fn() -> String,
) {
    let steps = &remedy.steps;
    // Each of those named in turn, while the first of those named do the rest.
    for (changed, step) in steps.iter().enumerate() {
        for by in named(step) {
            let mut after = start.clone();
            for (at, step) in steps.iter().enumerate() {
                let by = if at == changed { by } else { named(step)[0] };
                after = after
                    .after(step, by, target, facts)
                    .unwrap_or_else(|| panic!("{step:?} is refused to {by:?}\n{remedy:#?}\n{}", question()));
            }
            match ask(&after) {
                Decision::Allow => assert_eq!(remedy.step_up, None),
                Decision::StepUp(requirement) => assert_eq!(remedy.step_up, Some(requirement)),
                Decision::Deny(reason) => panic!("still no: {reason:?}\n{remedy:#?}\n{}", question()),
            }
        }
    }
    for part in 1..(1_u32 << steps.len()) - 1 {
        let chosen = steps.iter().enumerate().filter(|(at, _)| part >> at & 1 == 1).map(|(_, step)| step);
        let after = chosen.into_iter().try_fold(start.clone(), |before, step| {
            // What is shared is for people to share; the platform does the rest where nobody can.
            let platform = matches!(step.change, Change::Organization(_)).then_some(Actor::System);
            let mut anybody = named(step).into_iter().chain(platform);
            anybody.find_map(|by| before.after(step, by, target, facts))
        });
        if let Some(after) = after {
            assert!(
                matches!(ask(&after), Decision::Deny(_)),
                "a part of it is enough: {part:b}\n{remedy:#?}\n{}",
                question()
            );
        }
    }
}

/// An organization of a preset, with an owner, and people with a role each.
fn acme(preset: &str, plan: &str, people: &[(u64, &str)]) -> Organization {
    acme_in(cases::catalog(preset), plan, people)
}

fn acme_in(catalog: Catalog, plan: &str, people: &[(u64, &str)]) -> Organization {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog));
    let name = Name::new("Acme").unwrap();
    let create = CreateOrganization {
        name: name.clone(),
        plan: plan.into(),
        seats: Seats::new(100),
        owned: 0,
        workspace: workspace(1),
    };
    act(&mut org, 1, create);
    if org.workspace(workspace(1)).is_none() && org.catalog().guard_of(Action::CreateWorkspace).is_some() {
        act(&mut org, 1, CreateWorkspace { workspace: workspace(1), name });
    }
    for (n, role) in people {
        act_as(&mut org, Actor::System, AddMember { user: user(*n), roles: vec![(*role).into()], access: vec![] });
    }
    org
}

fn facts() -> Facts<'static> {
    Facts::at(NOW)
}

fn act(org: &mut Organization, by: u64, command: impl Into<Command>) {
    act_as(org, Actor::User(user(by)), command);
}

fn act_as(org: &mut Organization, by: Actor, command: impl Into<Command>) {
    let command = command.into();
    *org = done(org, &command, by, &facts()).unwrap_or_else(|| {
        panic!("{command:?}: {:?}", org.handle(&command, &signed_in(org, &facts()).by(by)).unwrap_err())
    });
}

fn apply(org: &mut Organization, event: Event) {
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
    org.apply(&record);
}

fn nearest(org: &Organization, who: u64, key: &str, target: Target<'_>) -> Nearest {
    org.nearest(Actor::User(user(who)), org.catalog().permission(key).unwrap(), target, &facts())
}

/// The last lines of the explanation, with short ids.
fn told(org: &Organization, who: u64, key: &str, target: Target<'_>) -> Vec<String> {
    let (actor, permission) = (Actor::User(user(who)), org.catalog().permission(key).unwrap());
    let mut why = org.explain(actor, permission, target, &facts());
    nearest(org, who, key, target).name_in(org, &mut why);
    let text = why.to_string().replace("00000000-0000-0000-0000-0000000000", "");
    let lines = text.lines().skip_while(|line| !line.contains("allow it") && !line.contains("take it away"));
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.starts_with("as of")).collect()
}

const PROD: fn() -> Target<'static> = || Target::Workspace(workspace(1));

#[test]
fn a_viewer_is_told_whom_to_ask() {
    let org = acme("cloud", "team", &[(2, "admin"), (3, "viewer")]);
    assert_eq!(
        told(&org, 3, "operation.run", PROD()),
        ["this would allow it:", "> give access to workspace `Default` adding `operation.run` (by user 01, user 02)"]
    );
    // Billing is the owners' alone: only an owner makes another one.
    assert_eq!(
        told(&org, 3, "subscription.change", Target::Organization),
        ["this would allow it:", "> change the roles to `owner` (by user 01)"]
    );
}

/// C-29: where people from outside can work, they are brought in; where not, they are invited to be members, and answer.
#[test]
fn a_stranger_is_brought_in_or_invited() {
    let org = acme("agency", "small", &[(2, "org_admin")]);
    assert_eq!(
        told(&org, 9, "content.view", PROD()),
        [
            "this would allow it:",
            "> add as a collaborator into workspace `Acme` adding `content.view` (by user 01, user 02)"
        ]
    );
    let org = acme("cloud", "team", &[(2, "admin")]);
    assert_eq!(
        told(&org, 9, "workspace.view", PROD()),
        [
            "these together would allow it:",
            "> invite as `viewer` into workspace `Default` (by user 01, user 02)",
            "> accept the invitation (by user 09)"
        ]
    );
}

/// S0-51: what is archived generates nothing. Each rule that stops needs a change of its own.
#[test]
fn each_rule_that_stops_needs_its_own_change() {
    let mut org = acme("studio", "creator", &[(2, "owner"), (3, "creator")]);
    act(&mut org, 1, ChangeStatus { status: Status::Archived });
    apply(&mut org, Event::PersonSuspended { user: user(3) });
    apply(&mut org, Event::WorkspaceArchived { workspace: workspace(1) });
    let Nearest::Gives(remedy) = nearest(&org, 3, "generation.run", PROD()) else { panic!("it can be turned") };
    let names: Vec<&str> = remedy.steps.iter().map(|step| command(step).name()).collect();
    assert_eq!(names, ["ChangeStatus", "Reactivate", "ReopenWorkspace"]);
    // Nothing guards suspending or workspaces in this catalog: that is the platform's alone.
    assert_eq!(remedy.steps.iter().map(|step| step.by.len()).collect::<Vec<_>>(), [2, 0, 0]);
    assert_eq!(remedy.step_up, None);
}

/// C-22: what payment stops, payment starts.
#[test]
fn what_the_platform_stopped_is_the_platforms_alone() {
    let mut org = acme("cloud", "team", &[(2, "admin")]);
    act_as(&mut org, Actor::System, ChangeStatus { status: Status::PastDue });
    assert_eq!(
        told(&org, 2, "workspace.create", Target::Organization),
        ["this would allow it:", "> reactivate the organization (by the platform alone)"]
    );
    assert_eq!(
        told(&org, 1, "workspace.create", Target::Organization),
        ["this would allow it:", "> reactivate the organization (by the platform alone)"]
    );
}

/// S3-58: another plan, by whoever may change it.
#[test]
fn a_feature_needs_a_plan_and_whoever_may_change_it() {
    let mut org = acme("agency", "small", &[(2, "billing_manager"), (3, "content_manager")]);
    assert_eq!(
        told(&org, 3, "workflow.advanced", PROD()),
        ["this would allow it:", "> move to plan `medium` (by user 01, user 02)"]
    );
    act(&mut org, 1, Suspend { user: user(3) });
    let Nearest::Gives(remedy) = nearest(&org, 3, "workflow.advanced", PROD()) else { panic!("it can be turned") };
    assert_eq!(remedy.steps.len(), 2);
}

/// A rule of a team that takes is changed, a row that removes is changed back: what takes is given up before more is given.
#[test]
fn what_takes_is_named() {
    let mut org = acme("agency", "small", &[(2, "org_admin"), (3, "content_editor")]);
    let team = TeamId::from_u64(1).unwrap();
    apply(&mut org, Event::TeamCreated { team, name: Name::new("Freelance").unwrap() });
    apply(&mut org, Event::TeamJoined { team, user: user(3) });
    let (holder, taken) = (RuleFor::Team(team), vec!["content.edit".into()]);
    apply(&mut org, Event::RuleSet { workspace: workspace(1), holder, given: vec![], taken, until: None });
    let Nearest::Gives(remedy) = nearest(&org, 3, "content.edit", PROD()) else { panic!("it can be turned") };
    assert_eq!(remedy.steps.len(), 1, "{remedy:?}");
    let back = acme("agency", "small", &[(2, "org_admin"), (3, "content_editor")]);
    let mut removed = back.clone();
    let changes = Override::none().removing("content.edit");
    act(&mut removed, 2, GiveAccess { user: user(3), workspace: workspace(1), changes });
    let Nearest::Gives(remedy) = nearest(&removed, 3, "content.edit", PROD()) else { panic!("it can be turned") };
    assert_eq!(remedy.steps.len(), 1);
    assert!(
        matches!(command(&remedy.steps[0]), Command::GiveAccess(give) if give.changes.removed.is_empty()),
        "{remedy:?}"
    );
}

/// S1-92, S1-87: where a seat or a place is missing, room is made first, by whoever buys.
#[test]
fn room_is_made_first() {
    let mut org = acme("cloud", "team", &[(2, "admin"), (3, "viewer")]);
    act(&mut org, 1, Suspend { user: user(3) });
    apply(&mut org, Event::SeatsChanged { seats: Seats::new(2), at: None });
    assert_eq!(
        told(&org, 3, "workspace.view", PROD()),
        [
            "these together would allow it:",
            "> have 3 seats (by user 01)",
            "> end the suspension (by user 01, user 02)",
            "> give plain access to workspace `Default` (by user 01, user 02)"
        ]
    );
    let alone = acme("cloud", "starter", &[]);
    assert_eq!(
        told(&alone, 9, "workspace.view", PROD()),
        [
            "these together would allow it:",
            "> invite as `viewer` into workspace `Default` (by user 01)",
            "> move to plan `pro` (by user 01)",
            "> accept the invitation (by user 09)"
        ]
    );
}

/// It is moved to the smallest plan that has room for one more.
#[test]
fn a_plan_with_room_is_the_next_larger_one() {
    let text = r#"
        name = "runs"
        permissions = [{ key = "org.run", scope = "organization", guards = ["add_member", "change_plan"] }, { key = "org.see", scope = "organization" }]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }, { key = "member", rank = 1, permissions = ["org.see"] }]
        plans = [
            { key = "huge", rank = 4, team_organizations = true },
            { key = "small", rank = 1, team_organizations = true, limits = [{ key = "members", max = 2 }] },
            { key = "other", rank = 2, team_organizations = true, limits = [{ key = "members", max = 2 }] },
            { key = "large", rank = 3, team_organizations = true, limits = [{ key = "members", max = 3 }] },
        ]
    "#;
    let org = acme_in(toml::from_str(text).unwrap(), "small", &[(2, "member")]);
    assert_eq!(
        told(&org, 9, "org.see", Target::Organization),
        ["these together would allow it:", "> move to plan `large` (by user 01)", "> add as `member` (by user 01)"]
    );
}

/// A role that sees what others show lets one do everywhere what one may do where one is shown it.
#[test]
fn a_role_that_sees_more_is_proposed_where_one_does_not_see() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["change_roles", "create_workspace"] }, { key = "note.write", scope = "resource" }]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "writer", rank = 2, permissions = ["note.write"], reach = "all", sight = "shared" },
            { key = "blind", rank = 1, reach = "all", sight = "shared" },
            { key = "watcher", rank = 1, reach = "all" },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let org = acme_in(toml::from_str(text).unwrap(), "team", &[(2, "writer")]);
    let resource = Resource {
        id: ResourceId::from_u64(1).unwrap(),
        containers: &[],
        workspace: Some(workspace(1)),
        personal_owner: None,
        shares: &[],
    };
    assert_eq!(
        told(&org, 2, "note.write", Target::Resource(&resource)),
        ["this would allow it:", "> change the roles to `writer`, `watcher` (by user 01)"]
    );
}

#[test]
fn as_many_are_named_as_fit_a_screen() {
    let admins: Vec<(u64, &str)> = (2..30).map(|n| (n, "admin")).chain([(40, "viewer")]).collect();
    let org = acme("cloud", "team", &admins);
    let Nearest::Gives(remedy) = nearest(&org, 40, "operation.run", PROD()) else { panic!("it can be turned") };
    assert_eq!((remedy.steps[0].by.len(), remedy.steps[0].more), (NEAREST_PEOPLE_MAX, true));
    assert_eq!(remedy.steps[0].by[0].to_string().split_once('(').unwrap().1, "`owner`)");
    let all: Vec<(u64, &str)> = admins[..NEAREST_PEOPLE_MAX - 1].iter().copied().chain([(40, "viewer")]).collect();
    let Nearest::Gives(remedy) = nearest(&acme("cloud", "team", &all), 40, "operation.run", PROD()) else {
        panic!("likewise")
    };
    assert_eq!((remedy.steps[0].by.len(), remedy.steps[0].more), (NEAREST_PEOPLE_MAX, false));
}

#[test]
fn what_no_command_turns_says_why() {
    let mut org = acme("agency", "small", &[(3, "viewer")]);
    let (permission, content) = (org.catalog().permission("content.view").unwrap(), "content.view");
    let of = |nearest: Nearest| match nearest {
        Nearest::OutOfReach(obstacle) => obstacle,
        other => panic!("{other:?}"),
    };
    let by = |org: &Organization, actor, target: Target<'_>| of(org.nearest(actor, permission, target, &facts()));
    let missing = Target::Workspace(workspace(7));
    assert_eq!(of(nearest(&org, 3, content, missing)), Obstacle::NoWorkspace);
    assert_eq!(by(&org, Actor::System, PROD()), Obstacle::Nobody);
    assert_eq!(by(&org, Actor::Provisioner, PROD()), Obstacle::Nobody);
    assert_eq!(by(&org, Actor::Link(LinkId::from_u64(1).unwrap()), PROD()), Obstacle::Share);
    // A link that opens something else on the resource.
    let view = org.catalog().permission("workspace.view").unwrap();
    let (on, link) = (ResourceId::from_u64(1).unwrap(), LinkId::from_u64(1).unwrap());
    let shares = [Share { on, to: ShareHolder::Link(link), level: [view].into_iter().collect(), until: None }];
    let opened =
        Resource { id: on, containers: &[], workspace: Some(workspace(1)), personal_owner: None, shares: &shares };
    assert_eq!(by(&org, Actor::Link(link), Target::Resource(&opened)), Obstacle::Share);
    let private = Resource {
        id: ResourceId::from_u64(1).unwrap(),
        containers: &[],
        workspace: Some(workspace(1)),
        personal_owner: Some(user(1)),
        shares: &[],
    };
    assert_eq!(of(nearest(&org, 3, content, Target::Resource(&private))), Obstacle::Private(user(1)));
    act(&mut org, 1, DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false });
    assert!(matches!(nearest(&org, 3, content, PROD()), Nearest::Gives(_)), "it can be restored for a while");
    let gone = Facts::at(Timestamp::from_millis(u64::MAX));
    assert_eq!(of(org.nearest(Actor::User(user(3)), permission, PROD(), &gone)), Obstacle::NoOrganization);
    let staff = Actor::Staff { staff: user(90), on_behalf_of: user(1) };
    let studio = acme("studio", "creator", &[]);
    let sensitive = studio.catalog().permission("subscription.change").unwrap();
    assert_eq!(of(studio.nearest(staff, sensitive, Target::Organization, &facts())), Obstacle::Staff);
    assert_eq!(Obstacle::Staff.to_string(), "the user has to do it in person");
    // Where one is alone by nature, a stranger is let in by nobody.
    let mut alone = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(cases::catalog("production")));
    act(&mut alone, 1, SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(1) });
    let view = alone.catalog().permission("script.view").unwrap();
    let stranger = Actor::User(user(9));
    assert_eq!(of(alone.nearest(stranger, view, Target::Organization, &facts())), Obstacle::NotFound);
}

/// Behind what can be got past: the suspension can be ended, and no plan has it then.
#[test]
fn what_is_told_is_the_last_that_stands_in_the_way() {
    let text = r#"
        name = "runs"
        features = ["print"]
        permissions = [
            { key = "org.run", scope = "organization", guards = ["suspend_person"] },
            { key = "org.print", scope = "organization", feature = "print" },
        ]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }, { key = "member", rank = 1, permissions = ["org.print"] }]
        plans = [{ key = "team", rank = 1, team_organizations = true }]
    "#;
    let mut org = acme_in(toml::from_str(text).unwrap(), "team", &[(2, "member")]);
    act(&mut org, 1, Suspend { user: user(2) });
    let told = nearest(&org, 2, "org.print", Target::Organization);
    assert_eq!(told, Nearest::OutOfReach(Obstacle::NoPlan));
}

#[test]
fn what_is_allowed_can_be_taken_and_the_least_comes_first() {
    let org = acme("agency", "small", &[(2, "org_admin"), (3, "content_editor")]);
    let Nearest::Takes(steps) = nearest(&org, 3, "content.edit", PROD()) else { panic!("it is allowed") };
    assert!(
        matches!(command(&steps[0]), Command::GiveAccess(give) if give.changes.removed == ["content.edit".into()]),
        "{steps:?}"
    );
    assert_eq!(told(&org, 3, "content.edit", PROD())[0], "each of these would take it away:");
    let names: Vec<&str> = steps.iter().map(|step| command(step).name()).collect();
    assert!(names.contains(&"Suspend") && names.contains(&"Remove") && names.contains(&"ChangeRoles"), "{names:?}");
    // What a share allows is not the organization's to take.
    let share = Share {
        on: ResourceId::from_u64(1).unwrap(),
        to: ShareHolder::User(user(9)),
        level: PermissionSet::from_iter([org.catalog().permission("content.view").unwrap()]),
        until: None,
    };
    let resource = Resource { id: share.on, containers: &[], workspace: None, personal_owner: None, shares: &[share] };
    let Nearest::Takes(steps) = nearest(&org, 9, "content.view", Target::Resource(&resource)) else { panic!("shared") };
    assert!(steps.iter().all(|step| step.by.is_empty()), "only by closing the organization: {steps:?}");
}

/// Shared with somebody from outside, by a sheet that is not known here, and open whatever becomes of the organization.
#[test]
fn where_nothing_takes_it_away_that_is_said() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization" }, { key = "note.read", scope = "resource", open_while_suspended = true }]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }]
        plans = [{ key = "team", rank = 1, team_organizations = true }]
    "#;
    let org = acme_in(toml::from_str(text).unwrap(), "team", &[]);
    let read = org.catalog().permission("note.read").unwrap();
    let on = ResourceId::from_u64(1).unwrap();
    let share = Share { on, to: ShareHolder::User(user(9)), level: PermissionSet::from_iter([read]), until: None };
    let resource = Resource { id: on, containers: &[], workspace: None, personal_owner: None, shares: &[share] };
    let target = Target::Resource(&resource);
    let mut why = org.explain(Actor::User(user(9)), read, target, &facts());
    let taken = org.nearest(Actor::User(user(9)), read, target, &facts());
    assert_eq!(taken, Nearest::Takes(vec![]));
    taken.name_in(&org, &mut why);
    assert!(why.to_string().contains("nothing that could be changed here takes it away"), "{why}");
}

#[test]
fn an_archived_workspace_is_reopened_by_whoever_asks_if_they_may() {
    let mut catalog = serde_json::to_value(cases::catalog("agency")).unwrap();
    let permissions = catalog["permissions"].as_array_mut().unwrap();
    let edit = permissions.iter_mut().find(|permission| permission["key"] == "content.edit").unwrap();
    edit["active_only"] = true.into();
    let mut org = acme_in(serde_json::from_value(catalog).unwrap(), "small", &[(2, "org_admin")]);
    act(&mut org, 2, ArchiveWorkspace { workspace: workspace(1) });
    assert_eq!(
        told(&org, 2, "content.edit", PROD()),
        ["this would allow it:", "> reopen workspace `Acme` (by user 01, user 02)"]
    );
}
