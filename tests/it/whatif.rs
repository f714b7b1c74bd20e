//! What if: the difference between two states is what checks say before and after, for everybody, everywhere, now and later.

use std::cell::Cell;
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::{Catalog, Permission, Sight};
use bailiwick::change::{
    AddMember, ArchiveWorkspace, ChangePlan, ChangeRole, ChangeRoles, Command, CreateOrganization, CreateService,
    CreateWorkspace, Event, GiveAccess, On, Place, Preview, Record,
};
use bailiwick::migrate::{Migration, Objection};
use bailiwick::reach::review::Wording;
use bailiwick::whatif::{AccessDiff, NotTheSame};
use bailiwick::{
    Actor, Name, OrgId, Organization, Override, ResourceId, Seats, SecretHash, ServiceId, Span, Timestamp, UserId,
    WorkspaceId,
};

use crate::cases::catalog;
use crate::support::differences::{Scopes, checked_facets, features, instants, previewed, spread};
use crate::support::lives::{self, Life};
use crate::support::samples::{self, Ids};
use crate::support::worlds::for_any_world;

#[test]
fn a_difference_is_what_checks_say_whatever_happened() {
    let (gained, lost, later) = (Cell::new(0), Cell::new(0), Cell::new(0));
    for_any_world(|world| {
        let mut before = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        let mut after = before.clone();
        let scopes = Scopes::by_key(&world.catalog, &world.catalog);
        for record in &world.history {
            after.apply(record);
            if record.version.as_u64() % 3 != 0 {
                continue; // three events together are compared as one
            }
            let on = features(&world.catalog, record.version.as_u64() % 2 == 0);
            let diff = AccessDiff::between(&before, &after, &Facts::at(record.at).with_features(on)).unwrap();
            let predicted = spread(&diff, (&before, &after), &scopes, None);
            assert_eq!(predicted, checked_facets(&before, &after, &scopes, (record.at, on)), "{:?}", record.event);
            for at in instants(&before, &after, record.at) {
                let predicted = spread(&diff, (&before, &after), &scopes, Some(at));
                let checked = checked_facets(&before, &after, &scopes, (at, on));
                assert_eq!(predicted, checked, "{:?}, at {at:?}", record.event);
                later.set(later.get() + predicted.gained.len());
            }
            gained.set(gained.get() + predicted.gained.len());
            lost.set(lost.get() + predicted.lost.len());
            before = after.clone();
        }
    });
    println!("{} gains, {} losses, {} gains at instants to come", gained.get(), lost.get(), later.get());
    assert!(gained.get() > 0 && lost.get() > 0 && later.get() > 0);
}

/// A preview, spread out over places and instants, is what checks say.
fn tells_what_checks_say(org: &Organization, preview: &Preview, now: Timestamp, on: bool) -> bool {
    let scopes = Scopes::by_key(org.catalog(), org.catalog());
    let (states, on) = ((org, &preview.after), features(org.catalog(), on));
    let checked = checked_facets(org, &preview.after, &scopes, (now, on));
    assert_eq!(previewed(&preview.access, states, &scopes, None), checked, "{:?}", preview.outcome);
    for at in instants(org, &preview.after, now) {
        let checked = checked_facets(org, &preview.after, &scopes, (at, on));
        assert_eq!(previewed(&preview.access, states, &scopes, Some(at)), checked, "{:?} at {at:?}", preview.outcome);
    }
    !preview.access.is_empty()
}

#[test]
fn a_preview_is_what_checks_say() {
    let org = samples::organization(Ids::OWN);
    for (position, (actor, command)) in samples::samples(Ids::OWN).into_iter().enumerate() {
        let on = position % 2 == 0;
        let facts = samples::facts().with_features(features(org.catalog(), on));
        let preview = org.preview(&command, &facts.by(actor)).unwrap();
        tells_what_checks_say(&org, &preview, samples::NOW, on);
    }
    let mut changed = 0;
    for seed in 0..24 {
        let life = Life::of_seed(seed, 120);
        let mut organizations = lives::organizations(&life.catalog);
        for (position, step) in life.steps.iter().enumerate() {
            let before = &mut organizations[step.organization];
            let on = position % 2 == 0;
            let facts = step.facts().with_features(features(before.catalog(), on));
            let Ok(preview) = before.preview(&step.command, &facts.by(step.actor)) else { continue };
            changed += usize::from(tells_what_checks_say(before, &preview, step.now, on));
            *before = preview.after;
        }
    }
    println!("{changed} commands change what somebody can do");
    assert!(changed > 100);
}

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn day(n: u64) -> Timestamp {
    NOW.plus(Span::days(n))
}

/// A company that user 1 has made, with one workspace, the ninth.
struct Company {
    org: Organization,
}

impl Company {
    fn of(catalog: &Arc<Catalog>, plan: &str, name: &str, id: u64) -> Self {
        let mut company = Self { org: Organization::new(OrgId::from_u64(id).unwrap(), Arc::clone(catalog)) };
        let (name, plan) = (Name::new(name).unwrap(), plan.into());
        company
            .does(by(1), CreateOrganization { name, plan, seats: Seats::new(50), owned: 0, workspace: workspace(9) });
        company
    }

    fn agency(plan: &str) -> Self {
        Self::of(&Arc::new(catalog("agency")), plan, "Juniper", 1)
    }

    fn production() -> Self {
        Self::of(&Arc::new(catalog("production")), "studio", "Acme", 1)
    }

    fn facts() -> Facts<'static> {
        Facts::at(NOW).authenticated(NOW).with_second_factor()
    }

    fn does(&mut self, actor: Actor, command: impl Into<Command>) {
        let command = command.into();
        let outcome = self.org.handle(&command, &Self::facts().by(actor));
        outcome
            .unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
            .records
            .iter()
            .for_each(|r| self.org.apply(r));
    }

    fn member(&mut self, n: u64, role: &str) {
        self.does(Actor::System, AddMember { user: user(n), roles: vec![role.into()], access: vec![] });
    }

    fn workspace(&mut self, n: u64, name: &str) {
        self.does(by(1), CreateWorkspace { workspace: workspace(n), name: Name::new(name).unwrap() });
    }

    fn preview(&self, command: impl Into<Command>) -> Preview {
        self.org.preview(&command.into(), &Self::facts().by(by(1))).unwrap()
    }

    fn permission(&self, key: &str) -> Permission {
        self.org.catalog().permission(key).unwrap()
    }

    fn text(&self, preview: &Preview) -> String {
        let diff = AccessDiff::between(&self.org, &preview.after, &Self::facts()).unwrap();
        let text = diff.to_markdown(&Wording::plain().names(&|user| (user.as_u128() == 2).then(|| "Bob".into())));
        println!("{text}");
        text
    }
}

fn becomes(role: &str) -> ChangeRoles {
    ChangeRoles { user: user(2), roles: vec![role.into()] }
}

#[test]
fn everywhere_is_not_said_of_where_a_row_keeps_it() {
    let mut company = Company::agency("medium");
    company.workspace(1, "Solaris");
    company.member(2, "content_editor");
    let changes = Override::none().adding("content.edit");
    company.does(by(1), GiveAccess { user: user(2), workspace: workspace(1), changes });
    let preview = company.preview(becomes("viewer"));
    let edit = company.permission("content.edit");
    let keeps = preview.after.check(by(2), edit, Target::Workspace(workspace(1)), &Company::facts());
    assert!(keeps.is_allow());
    let mut losses = preview.access.iter().filter(|change| change.lost.contains(edit) && change.extent.on != On::Own);
    let loss = losses.next().unwrap();
    assert_eq!((loss.extent.place, loss.extent.on), (Place::Organization, On::Everything));
    assert_eq!(loss.extent.except, [workspace(1)]);
    assert!(losses.next().is_none());
    let text = company.text(&preview);
    let said = text.lines().filter(|line| line.contains("can no longer") && line.contains("Edit content"));
    assert!(
        said.clone().count() == 1 && said.clone().all(|line| line.contains("everywhere except in Solaris:")),
        "{text}"
    );
}

#[test]
fn everywhere_is_not_said_of_where_a_row_takes_it() {
    let mut company = Company::agency("medium");
    company.workspace(1, "Solaris");
    company.workspace(2, "Lab");
    company.member(2, "viewer");
    let changes = Override::none().removing("content.edit");
    company.does(by(1), GiveAccess { user: user(2), workspace: workspace(1), changes });
    let preview = company.preview(becomes("content_editor"));
    let edit = company.permission("content.edit");
    let mut gains = preview.access.iter().filter(|change| change.extent.on == On::Everything);
    let gain = gains.find(|change| change.gained.contains(edit)).unwrap();
    assert_eq!(gain.extent.except, [workspace(1)]);
    assert!(gain.extent.covers(workspace(2)) && !gain.extent.covers(workspace(1)));
    assert!(company.text(&preview).contains("can from now on, everywhere except in Solaris: "));
}

#[test]
fn a_new_workspace_gives_nothing_that_is_held_in_the_organization() {
    let company = Company::agency("medium");
    let preview = company.preview(CreateWorkspace { workspace: workspace(1), name: Name::new("Lab").unwrap() });
    let billing = company.permission("billing.view");
    assert!(!preview.access.is_empty());
    assert!(preview.access.iter().all(|change| !change.gained.contains(billing)), "{:?}", preview.access);
    let text = company.text(&preview);
    assert!(text.contains("in Lab: ") && !text.to_lowercase().contains("billing"), "{text}");
}

#[test]
fn features_that_the_caller_switches_on_count() {
    let mut company = Company::agency("small");
    company.workspace(1, "Lab");
    company.member(2, "viewer");
    let feature = company.org.catalog().feature("advanced_workflows").unwrap();
    let facts = Company::facts().with_features([feature].into_iter().collect());
    let preview = company.org.preview(&becomes("content_manager").into(), &facts.by(by(1))).unwrap();
    let advanced = company.permission("workflow.advanced");
    assert!(preview.access.iter().any(|change| change.gained.contains(advanced)));
    let without = company.preview(becomes("content_manager"));
    assert!(without.access.iter().all(|change| !change.gained.contains(advanced)));
    let diff = AccessDiff::between(&company.org, &preview.after, &facts).unwrap();
    assert!(diff.gains().any(|row| row.gained.contains(&"workflow.advanced".into())));
}

fn script(n: u64) -> Resource<'static> {
    let id = ResourceId::from_u64(n).unwrap();
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

#[test]
fn who_does_not_see_what_is_not_shared_any_more_has_lost_it() {
    let mut company = Company::production();
    company.member(2, "producer");
    let preview = company.preview(becomes("editor"));
    let (view, script) = (company.permission("script.view"), script(1));
    let sees = |org: &Organization| org.check(by(2), view, Target::Resource(&script), &Company::facts()).is_allow();
    assert!(sees(&company.org) && !sees(&preview.after));
    let loss = preview.access.iter().find(|change| change.lost.contains(view)).unwrap();
    assert_eq!((loss.extent.place, loss.extent.on), (Place::Organization, On::Unshared));
    assert!(company.text(&preview).contains("can no longer, on what is not shared with them, everywhere: "));
}

/// A catalog in which producers see only what is shared with them, or everybody sees everything.
fn with_sight(old: &Arc<Catalog>, role: &str, sight: Sight) -> Arc<Catalog> {
    Arc::new(old.to_builder().change_role(role, |role| role.sight(sight)).build().unwrap())
}

#[test]
fn another_sight_in_the_catalog_takes_and_gives() {
    let mut company = Company::production();
    company.member(2, "producer");
    company.member(3, "editor");
    let old = Arc::clone(company.org.catalog());
    let narrower = Migration::between(&old, &with_sight(&old, "producer", Sight::Shared)).unwrap();
    let run = narrower.dry_run([&company.org], &Company::facts());
    assert!(run.widenings.is_empty() && run.objections.is_empty(), "{:?}", run.objections);
    let [row] = run.access.rows() else { panic!("{}", run.access) };
    assert_eq!((row.who, row.extent.on), (by(2), On::Unshared));
    assert!(row.lost.contains(&"script.view".into()) && row.gained.is_empty());

    let wider = Migration::between(&old, &with_sight(&old, "editor", Sight::All)).unwrap();
    let run = wider.dry_run([&company.org], &Company::facts());
    let gains = |objection: &&Objection| matches!(objection, Objection::Gains(row) if row.who == by(3));
    assert_eq!(run.objections.iter().filter(gains).count(), 1, "{:?}", run.objections);
}

#[test]
fn what_is_scheduled_stands_with_its_instant() {
    let mut company = Company::agency("medium");
    company.workspace(1, "Lab");
    company.member(2, "content_manager");
    let preview = company.preview(ChangePlan { plan: "small".into(), seats: Seats::new(0), at: Some(day(10)) });
    let advanced = company.permission("workflow.advanced");
    let late = Facts::at(day(10)).authenticated(day(10));
    let place = Target::Workspace(workspace(1));
    assert!(company.org.check(by(2), advanced, place, &late).is_allow());
    assert!(!preview.after.check(by(2), advanced, place, &late).is_allow());
    let loss = preview.access.iter().find(|change| change.who == by(2) && change.lost.contains(advanced)).unwrap();
    assert_eq!((loss.extent.from, loss.extent.until), (Some(day(10)), None));
    assert!(!loss.extent.holds(None) && !loss.extent.holds(Some(day(9))) && loss.extent.holds(Some(day(10))));
    let text = company.text(&preview);
    assert!(text.contains(&format!("can no longer from {} on, everywhere: ", day(10).as_millis())), "{text}");
}

#[test]
fn what_is_given_for_a_while_stands_with_its_end() {
    let mut company = Company::agency("medium");
    company.workspace(1, "Lab");
    company.member(2, "viewer");
    let changes = Override::none().adding("content.edit").until(day(5));
    let preview = company.preview(GiveAccess { user: user(2), workspace: workspace(1), changes });
    let [gain] = preview.access.as_slice() else { panic!("{:?}", preview.access) };
    assert_eq!(
        (gain.extent.place, gain.extent.from, gain.extent.until),
        (Place::Workspace(workspace(1)), None, Some(day(5)))
    );
    assert!(company.text(&preview).contains(&format!("can until {}, in Lab: Edit content", day(5).as_millis())));
    // Longer than before is a gain from the end that it had.
    company.does(
        by(1),
        GiveAccess {
            user: user(2),
            workspace: workspace(1),
            changes: Override::none().adding("content.edit").until(day(5)),
        },
    );
    let changes = Override::none().adding("content.edit").until(day(9));
    let preview = company.preview(GiveAccess { user: user(2), workspace: workspace(1), changes });
    let [gain] = preview.access.as_slice() else { panic!("{:?}", preview.access) };
    assert_eq!((gain.extent.from, gain.extent.until), (Some(day(5)), Some(day(9))));
}

#[test]
fn a_report_says_everywhere_once_and_puts_people_together() {
    let org = samples::organization(Ids::OWN);
    let command = samples::samples(Ids::OWN).into_iter().find(|(_, command)| command.name() == "DeleteOrganization");
    let (actor, command) = command.unwrap();
    let preview = org.preview(&command, &samples::facts().by(actor)).unwrap();
    let diff = AccessDiff::between(&org, &preview.after, &samples::facts()).unwrap();
    let text = diff.to_string();
    println!("{text}");
    assert!(text.contains("Who can do more: nobody."), "{text}");
    assert!(text.contains("can no longer, everywhere"), "{text}");
    let nothing = AccessDiff::between(&org, &org, &samples::facts()).unwrap();
    assert!(nothing.is_empty());
    assert_eq!(nothing.to_string(), "Nobody gains or loses anything.\n");
}

#[test]
fn a_report_keeps_what_people_typed_as_text() {
    let mut company = Company::of(&Arc::new(catalog("agency")), "medium", "<img src=x onerror=alert(1)>", 1);
    company.workspace(1, "**x** [y](javascript:z)");
    company.member(2, "viewer");
    let changes = Override::none().adding("content.edit");
    let preview = company.preview(GiveAccess { user: user(2), workspace: workspace(1), changes });
    let diff = AccessDiff::between(&company.org, &preview.after, &Company::facts()).unwrap();
    let text = diff.to_markdown(&Wording::plain().names(&|_| Some("<script>".into())));
    assert!(!text.contains("<img") && !text.contains("<script") && !text.contains("[y]("), "{text}");
    assert!(text.contains("**&lt;script&gt;**") && text.contains("\\*\\*x\\*\\*"), "{text}");
}

/// A small catalog with keys for machines.
const MACHINES: &str = r#"
name = "machines"
features = ["f"]
permissions = [
  { key = "a.do", scope = "workspace", title = "Work" },
  { key = "b.do", scope = "workspace", title = "Work" },
  { key = "c.do", scope = "workspace", title = "Play" },
  { key = "org.change", scope = "organization", guards = ["create_service", "manage_services", "create_workspace", "change_roles"] },
]
[[roles]]
key = "owner"
rank = 9
owner = true
permissions = ["*"]
reach = "all"
[[roles]]
key = "admin"
rank = 5
permissions = ["a.do", "b.do", "c.do", "org.change"]
reach = "all"
[[plans]]
key = "p"
rank = 0
team_organizations = true
[policy]
creator_roles = ["owner"]
"#;

/// From it to one in which a permission needs a feature that no plan has.
fn locks(key: &str) -> Migration {
    let old: Arc<Catalog> = Arc::new(toml::from_str(MACHINES).unwrap());
    let written = format!("{{ key = \"{key}\", ");
    let new: Catalog = toml::from_str(&MACHINES.replace(&written, &format!("{written}feature = \"f\", "))).unwrap();
    Migration::between(&old, &Arc::new(new)).unwrap()
}

#[test]
fn a_key_is_called_as_its_own_organization_calls_it() {
    let migration = locks("a.do");
    let companies = [("Acme", "Acme deploy"), ("Rival", "Rival secret project")].map(|(name, service)| {
        let id = if name == "Acme" { 1 } else { 2 };
        let mut company = Company::of(migration.old_catalog(), "p", name, id);
        let service = CreateService {
            service: ServiceId::from_u64(1).unwrap(),
            name: Name::new(service).unwrap(),
            permissions: vec!["a.do".into()],
            workspaces: vec![],
            until: None,
            secret: SecretHash::from_bytes([1; 32]),
        };
        company.does(by(1), service);
        company.org
    });
    let text = migration.dry_run(&companies, &Company::facts()).access.to_string();
    println!("{text}");
    let (acme, rival) = text.split_once("### Rival").unwrap();
    assert!(acme.contains("Acme deploy") && !acme.contains("Rival secret"), "{text}");
    assert!(rival.contains("Rival secret project") && !rival.contains("Acme deploy"), "{text}");
    // One user of both, and two keys.
    assert!(text.starts_with("Who can do more: nobody. Who can do less: 3."), "{text}");
}

#[test]
fn permissions_of_one_title_are_told_apart() {
    for (key, said) in [("a.do", ": Work (a.do)\n"), ("c.do", ": Play\n")] {
        let migration = locks(key);
        let company = Company::of(migration.old_catalog(), "p", "Acme", 1);
        let text = migration.dry_run([&company.org], &Company::facts()).access.to_string();
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_report_of_thousands_costs_its_length() {
    let migration = locks("a.do");
    let mut company = Company::of(migration.old_catalog(), "p", "Acme", 1);
    for n in 2..3_000 {
        let event = Event::MemberJoined { user: user(n), roles: vec!["admin".into()], given_by: Actor::System };
        let version = company.org.version().next();
        company.org.apply(&Record { version, at: NOW, by: by(1), command: None, event });
    }
    let run = migration.dry_run([&company.org], &Company::facts());
    assert_eq!(run.access.rows().len(), 2_999, "one row each");
    let began = std::time::Instant::now();
    let text = run.access.to_string();
    println!("{} bytes in {:?}", text.len(), began.elapsed());
    assert_eq!(text.matches("\n- ").count(), 1, "all of them in one entry");
}

#[test]
fn states_of_two_organizations_are_not_compared() {
    let catalog = Arc::new(catalog("agency"));
    let [one, other] = [1, 2].map(|id| Company::of(&catalog, "medium", "Acme", id).org);
    let refused = AccessDiff::between(&one, &other, &Company::facts()).unwrap_err();
    assert_eq!(refused, NotTheSame { before: one.id(), after: other.id() });
}

/// A role of the customer's changes, and nothing else does: whoever has it in a row is named.
#[test]
fn a_custom_role_that_changes_is_about_whoever_has_it() {
    use crate::support::samples::{ADMIN, MEMBER, name};
    let org = samples::organization(Ids::OWN);
    let change = ChangeRole {
        role: "custom.helper".into(),
        title: name("Helper"),
        like: "guest".into(),
        reach: bailiwick::catalog::Reach::Assigned,
        permissions: vec![],
    };
    let preview = org.preview(&change.into(), &samples::facts().by(Actor::User(Ids::OWN.user(ADMIN)))).unwrap();
    let who: Vec<Actor> = preview.access.iter().map(|change| change.who).collect();
    assert!(who.contains(&Actor::User(Ids::OWN.user(MEMBER))), "{:?}", preview.access);
    assert!(tells_what_checks_say(&org, &preview, samples::NOW, false));
}

/// A feature that the caller has switched on is the same one under another catalog, wherever it stands there.
#[test]
fn features_that_are_switched_on_are_known_by_their_keys() {
    let of = |features: &str| {
        let text = format!(
            r#"
            name = "notes"
            features = [{features}]
            permissions = [{{ key = "org.export", scope = "organization", feature = "beta" }}]
            roles = [{{ key = "owner", rank = 9, owner = true, permissions = ["*"] }}]
            plans = [{{ key = "only", rank = 0, team_organizations = true }}]
            "#
        );
        Company::of(&Arc::new(toml::from_str(&text).unwrap()), "only", "Acme", 1).org
    };
    let (before, after) = (of(r#""beta""#), of(r#""alpha", "beta""#));
    let beta = |org: &Organization| org.catalog().feature("beta").unwrap();
    assert_ne!(beta(&before).index(), beta(&after).index());
    let facts = Company::facts();
    let diff = |on| AccessDiff::between(&before, &after, &facts.with_features(features(before.catalog(), on))).unwrap();
    assert!(diff(true).is_empty(), "{:?}", diff(true));
    assert!(diff(false).is_empty());
}

/// A workspace alone can be about everybody: in an archived one nobody does what needs an active one.
#[test]
fn a_workspace_that_is_archived_is_about_everybody_there() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "run.start", scope = "workspace", active_only = true },
            { key = "place.close", scope = "workspace", guards = ["archive_workspace"] },
            { key = "place.open", scope = "organization", guards = ["create_workspace"] },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "runner", rank = 1, permissions = ["run.start"], reach = "all" },
        ]
        plans = [{ key = "only", rank = 0, team_organizations = true }]
    "#;
    let mut company = Company::of(&Arc::new(toml::from_str(text).unwrap()), "only", "Acme", 1);
    company.does(Actor::System, AddMember { user: user(2), roles: vec!["runner".into()], access: vec![] });
    company.does(by(1), CreateWorkspace { workspace: workspace(1), name: samples::name("Lab") });
    let archive = Command::from(ArchiveWorkspace { workspace: workspace(1) });
    let preview = company.org.preview(&archive, &Company::facts().by(by(1))).unwrap();
    let who: Vec<Actor> = preview.access.iter().map(|change| change.who).collect();
    assert_eq!(who, [by(1), by(2)], "{:?}", preview.access);
}
