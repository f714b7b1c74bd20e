//! The directory answers as the organizations do that it was made from: whatever the question, after every change, from
//! whatever thread; and it allocates nothing, and forgets what it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use bailiwick::access::{Decision, DenyReason, Facts, Target};
use bailiwick::catalog::{Catalog, Permission};
use bailiwick::change::{Event, Record};
use bailiwick::directory::{Directory, Question, Room};
use bailiwick::{
    Actor, Kind, Name, OrgId, Organization, Override, RuleFor, Seats, TeamId, Timestamp, UserId, Version, WorkspaceId,
    presets,
};

use crate::cases::catalog;
use crate::support::worlds::{World, for_any_world};

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn place(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

/// Every question that can be asked of an organization in a world, asked of both, in every way.
fn agree(world: &World, directory: &Directory, organization: &Organization) -> u64 {
    let facts = world.facts();
    let found = directory.find(organization.id());
    let mut asked = 0;
    world.for_each_target(|target| {
        for actor in world.actors() {
            let resolved = directory.access(organization.id(), actor, target, &facts);
            let theirs = organization.access(actor, target, &facts);
            assert_eq!((resolved.granted(), resolved.allowed()), (theirs.granted(), theirs.allowed()));
            assert_eq!(resolved.version(), theirs.version());
            if let Some(found) = &found {
                let resolved = found.access(actor, target, &facts);
                assert_eq!((resolved.granted(), resolved.version()), (theirs.granted(), theirs.version()));
            }
            let (mut questions, mut expectations) = (Vec::new(), Vec::new());
            for (permission, key) in world.permissions() {
                let expected = organization.check(actor, permission, target, &facts);
                let answer = directory.check(organization.id(), actor, permission, target, &facts);
                assert_eq!(answer, expected, "{actor:?} asks for {key} at {target:?}");
                assert_eq!(resolved.check(permission), expected, "resolved: {actor:?}, {key} at {target:?}");
                if let Some(found) = &found {
                    assert_eq!(found.check(actor, permission, target, &facts), expected);
                }
                questions.push(Question { organization: organization.id(), actor, permission, target });
                expectations.push(expected);
                asked += 1;
            }
            let mut answers = vec![Decision::Allow; questions.len()];
            directory.check_each(&questions, &mut answers, &facts);
            assert_eq!(answers, expectations, "together: {actor:?} at {target:?}");
        }
    });
    asked
}

#[test]
fn a_directory_answers_as_the_organization_does() {
    let asked = AtomicU64::new(0);
    for_any_world(|world| {
        let directory = Directory::new(Arc::clone(&world.catalog));
        directory.put(&world.org);
        asked.fetch_add(agree(world, &directory, &world.org), Ordering::Relaxed);
    });
    println!("{} questions", asked.into_inner());
}

#[test]
fn a_directory_follows_every_change() {
    for_any_world(|world| {
        let directory = Directory::new(Arc::clone(&world.catalog));
        let mut organization = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        // One by one at first, then all at once.
        let (single, together) = world.history.split_at(world.history.len() * 3 / 4);
        for (at, record) in single.iter().enumerate() {
            directory.apply(&mut organization, std::slice::from_ref(record));
            assert_eq!(directory.version(organization.id()), Some(organization.version()));
            if at % 5 == 0 {
                agree(world, &directory, &organization);
            }
        }
        directory.apply(&mut organization, together);
        assert_eq!(organization, world.org);
        agree(world, &directory, &organization);
    });
}

#[test]
fn an_organization_that_is_put_again_replaces_the_old_one() {
    for_any_world(|world| {
        let directory = Directory::new(Arc::clone(&world.catalog));
        let mut half = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        world.history.iter().take(world.history.len() / 2).for_each(|record| half.apply(record));
        directory.put(&world.org);
        let held = directory.find(world.org.id()).unwrap();
        directory.put(&half);
        agree(world, &directory, &half);
        assert_eq!(held.version(), Some(half.version()));
        directory.forget(half.id());
        assert_eq!(directory.version(half.id()), None);
        assert_eq!(held.version(), None);
        let owner = Actor::User(user(1));
        let permission = world.permissions()[0].0;
        let answer = held.check(owner, permission, Target::Organization, &world.facts());
        assert_eq!(answer, Decision::Deny(DenyReason::NotFound));
    });
}

/// An organization of some members in a few workspaces, under the catalog of the agency.
struct Company {
    organization: Organization,
}

impl Company {
    fn new(catalog: &Arc<Catalog>, id: u64, members: u64, workspaces: u64) -> Self {
        let mut company = Self { organization: Organization::new(org(id), Arc::clone(catalog)) };
        let mut events = vec![Event::OrganizationCreated {
            kind: Kind::Team,
            name: Name::new("Acme").unwrap(),
            plan: catalog.plans().next().unwrap().1.key.as_str().into(),
            seats: Seats::new(9),
            owner: user(1),
            roles: vec!["owner".into(), "billing_manager".into()],
        }];
        events.extend(
            (1..=workspaces)
                .map(|n| Event::WorkspaceCreated { workspace: place(n), name: Name::new(&format!("W{n}")).unwrap() }),
        );
        events.extend((2..=members).map(|n| Event::MemberJoined {
            user: user(n),
            roles: vec![if n % 3 == 0 { "viewer" } else { "content_editor" }.into()],
            given_by: Actor::System,
        }));
        let records = company.records(events);
        records.iter().for_each(|record| company.organization.apply(record));
        company
    }

    fn records(&self, events: impl IntoIterator<Item = Event>) -> Vec<Record> {
        let mut version = self.organization.version();
        let record = |event| {
            version = version.next();
            Record { version, at: NOW, by: Actor::System, command: None, event }
        };
        events.into_iter().map(record).collect()
    }

    fn happens(&mut self, directory: &Directory, events: impl IntoIterator<Item = Event>) {
        let records = self.records(events);
        directory.apply(&mut self.organization, &records);
    }
}

fn roles(n: u64, role: &str) -> Event {
    Event::RolesChanged { user: user(n), roles: vec![role.into()] }
}

fn row(n: u64, workspace: u64, changes: Override) -> Event {
    Event::AccessGiven { user: user(n), workspace: place(workspace), changes, given_by: Actor::System }
}

/// The same people in many organizations, more than any table begins with.
fn three_hundred(catalog: &Arc<Catalog>) -> Vec<Company> {
    (1..=300).map(|id| Company::new(catalog, id, 2 + id % 40, 1 + id % 7)).collect()
}

/// Everybody is found in every one of them, and nobody else is.
fn everybody_is_found(directory: &Directory, companies: &[Company]) {
    let (view, facts) = (directory.catalog().permission("content.view").unwrap(), Facts::at(NOW));
    let mut questions = Vec::new();
    for company in companies {
        for n in 1..=45 {
            for workspace in 1..=8 {
                let (organization, actor) = (company.organization.id(), Actor::User(user(n)));
                let target = Target::Workspace(place(workspace));
                let expected = company.organization.check(actor, view, target, &facts);
                assert_eq!(directory.check(organization, actor, view, target, &facts), expected);
                questions.push((Question { organization, actor, permission: view, target }, expected));
            }
        }
    }
    let (questions, expected): (Vec<_>, Vec<_>) = questions.into_iter().unzip();
    let mut answers = vec![Decision::Allow; questions.len()];
    directory.check_each(&questions, &mut answers, &facts);
    assert_eq!(answers, expected);
    assert!(expected.contains(&Decision::Allow) && expected.contains(&Decision::Deny(DenyReason::NotFound)));
    assert!(expected.contains(&Decision::Deny(DenyReason::WorkspaceNotFound)));
}

#[test]
fn many_organizations_are_kept_apart() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let companies = three_hundred(&catalog);
    companies.iter().for_each(|company| directory.put(&company.organization));
    everybody_is_found(&directory, &companies);
    for company in companies.iter().step_by(2) {
        directory.forget(company.organization.id());
    }
    let (view, facts) = (catalog.permission("content.view").unwrap(), Facts::at(NOW));
    for (at, company) in companies.iter().enumerate() {
        let answer =
            directory.check(company.organization.id(), Actor::User(user(1)), view, Target::Workspace(place(1)), &facts);
        let expected = if at % 2 == 0 { Decision::Deny(DenyReason::NotFound) } else { Decision::Allow };
        assert_eq!(answer, expected, "{at}");
    }
}

/// Whoever is let go and loaded again, over and over, takes the same room; whoever stays is found as before.
#[test]
fn organizations_that_come_and_go_leave_nothing_behind() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let companies = three_hundred(&catalog);
    companies.iter().for_each(|company| directory.put(&company.organization));
    let (stay, go): (Vec<_>, Vec<_>) = companies.iter().enumerate().partition(|(at, _)| at % 3 == 0);
    let mut bytes = Vec::new();
    for _ in 0..6 {
        go.iter().for_each(|(_, company)| directory.take_out(&company.organization));
        for (_, company) in &go {
            assert_eq!(directory.version(company.organization.id()), None);
        }
        for (_, company) in &stay {
            assert_eq!(directory.version(company.organization.id()), Some(company.organization.version()));
        }
        go.iter().rev().for_each(|(_, company)| directory.put(&company.organization));
        everybody_is_found(&directory, &companies);
        bytes.push(directory.bytes());
    }
    assert_eq!(bytes[1], bytes[5], "{bytes:?}");

    // One of which another state is known than is there goes as a whole as well.
    let (_, company) = go[0];
    directory.take_out(&Organization::new(company.organization.id(), Arc::clone(&catalog)));
    assert_eq!(directory.version(company.organization.id()), None);
    directory.put(&company.organization);
    everybody_is_found(&directory, &companies);
    assert_eq!(bytes[5], directory.bytes());
}

/// Room that is enough, too little, or for far more: it makes no difference to any answer.
#[test]
fn a_directory_can_be_made_with_room() {
    let catalog = Arc::new(catalog("agency"));
    let companies = three_hundred(&catalog);
    let people = companies.iter().map(|company| company.organization.member_count()).sum::<u64>() as usize;
    let enough = Room { organizations: companies.len(), people, workspaces: 7 * companies.len() };
    let little = Room { organizations: 10, people: people / 3, workspaces: 1 };
    let much = Room { organizations: 5_000, people: 5_000_000, workspaces: 100_000 };
    for room in [enough, little, much, Room::default()] {
        let directory = Directory::with_room(Arc::clone(&catalog), room);
        companies.iter().for_each(|company| directory.put(&company.organization));
        everybody_is_found(&directory, &companies);
    }
}

/// Ids of teams that look like rows: the number of a workspace, a cell that is there, no end. They are teams all the same.
#[test]
fn the_id_of_a_team_is_no_row() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 60, 3);
    directory.put(&company.organization);
    let (edit, facts) = (catalog.permission("content.edit").unwrap(), Facts::at(NOW));
    for n in 2..=60 {
        let team =
            TeamId::from_u128(u128::from(u64::MAX) << 64 | u128::from(n % 3 + 1) << 32 | u128::from(n / 3)).unwrap();
        let name = Name::new(&format!("T{n}")).unwrap();
        company.happens(&directory, [Event::TeamCreated { team, name }, Event::TeamJoined { team, user: user(n) }]);
    }
    for (n, workspace) in (2..=60).flat_map(|n| (1..=3).map(move |workspace| (n, workspace))) {
        let (actor, target) = (Actor::User(user(n)), Target::Workspace(place(workspace)));
        let expected = company.organization.check(actor, edit, target, &facts);
        assert_eq!(directory.check(org(1), actor, edit, target, &facts), expected, "{n} in {workspace}");
    }
}

/// Many rows, in and out: each is found among the others.
#[test]
fn a_person_can_have_many_rows() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 5, 200);
    directory.put(&company.organization);
    let edit = catalog.permission("content.edit").unwrap();
    let facts = Facts::at(NOW);
    let check_all = |company: &Company| {
        for workspace in 1..=201 {
            let (actor, target) = (Actor::User(user(3)), Target::Workspace(place(workspace)));
            let expected = company.organization.check(actor, edit, target, &facts);
            assert_eq!(directory.check(org(1), actor, edit, target, &facts), expected, "{workspace}");
        }
    };
    for workspace in (1..=200).rev().step_by(3) {
        company.happens(&directory, [row(3, workspace, Override::none().adding("content.edit"))]);
        if workspace % 8 == 0 {
            check_all(&company);
        }
    }
    check_all(&company);
    for workspace in (1..=200).step_by(2) {
        company.happens(&directory, [Event::AccessTaken { user: user(3), workspace: place(workspace) }]);
    }
    check_all(&company);
    company.happens(&directory, (1..=50).map(|n| Event::WorkspaceDeleted { workspace: place(n) }));
    check_all(&company);
}

/// What is not needed any more is used again: a directory that changes for ever stays as large as it is.
#[test]
fn changes_take_no_memory_for_ever() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 50, 5);
    directory.put(&company.organization);
    let mut churn = |from: u64| {
        for n in from..from + 2_000 {
            let (member, workspace) = (2 + n % 40, 1 + n % 5);
            let until = Override::none().adding("content.edit").until(Timestamp::from_millis(n + 1));
            company
                .happens(&directory, [roles(member, ["viewer", "content_editor", "content_manager"][n as usize % 3])]);
            company.happens(&directory, [row(member, workspace, until)]);
            company.happens(
                &directory,
                [Event::MemberJoined { user: user(1_000 + n), roles: vec!["viewer".into()], given_by: Actor::System }],
            );
            company.happens(&directory, [Event::UserErased { user: user(1_000 + n) }]);
            let rule = Event::RuleSet {
                workspace: place(workspace),
                holder: RuleFor::Group("all_viewers".into()),
                given: if n % 2 == 0 { vec!["content.edit".into()] } else { vec![] },
                taken: vec![],
                until: None,
            };
            company.happens(&directory, [rule]);
        }
        directory.bytes()
    };
    let (first, later) = (churn(0), churn(2_000));
    assert!(later <= first + first / 50, "{first} bytes have become {later}");
}

/// Two members change places with a rule in one command: whoever looks sees both changes, or neither.
#[test]
fn readers_see_all_of_a_command_or_nothing() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 20, 3);
    let team = TeamId::from_u64(1).unwrap();
    directory.put(&company.organization);
    company.happens(
        &directory,
        [Event::TeamCreated { team, name: Name::new("T").unwrap() }, Event::TeamJoined { team, user: user(5) }],
    );
    let edit = catalog.permission("content.edit").unwrap();
    let rule = |given: &[&str]| Event::RuleSet {
        workspace: place(1),
        holder: RuleFor::Team(team),
        given: given.iter().map(|key| (*key).into()).collect(),
        taken: vec![],
        until: None,
    };
    company.happens(&directory, [roles(5, "content_editor")]);
    let (stop, looked) = (AtomicBool::new(false), AtomicU64::new(0));
    let facts = Facts::at(NOW);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let found = directory.find(org(1)).unwrap();
                let (actor, target) = (Actor::User(user(5)), Target::Workspace(place(1)));
                let mut last = Version::ZERO;
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(found.check(actor, edit, target, &facts), Decision::Allow);
                    let access = directory.access(org(1), actor, target, &facts);
                    assert!(access.allows(edit) && access.version() >= last);
                    last = access.version();
                    looked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..20_000 {
            company.happens(&directory, [roles(5, "viewer"), rule(&["content.edit"])]);
            company.happens(&directory, [rule(&[]), roles(5, "content_editor")]);
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("{} looks", looked.into_inner());
}

/// Somebody becomes an editor as the workspace is archived, and a viewer as it is opened again: nobody ever edits.
#[test]
fn nobody_sees_half_of_a_command() {
    let editing = r#"key = "content.edit", scope = "resource","#;
    let text = presets::AGENCY.replace(editing, &format!("{editing} active_only = true,"));
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(&text).unwrap());
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 20, 3);
    directory.put(&company.organization);
    let (edit, facts) = (catalog.permission("content.edit").unwrap(), Facts::at(NOW));
    let (actor, target) = (Actor::User(user(5)), Target::Workspace(place(1)));
    company.happens(&directory, [roles(5, "content_editor")]);
    assert_eq!(directory.check(org(1), actor, edit, target, &facts), Decision::Allow, "what is denied is a step away");
    company.happens(&directory, [Event::WorkspaceArchived { workspace: place(1) }]);
    assert_ne!(directory.check(org(1), actor, edit, target, &facts), Decision::Allow, "nobody edits an archive");
    let (stop, denied) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let found = directory.find(org(1)).unwrap();
                while !stop.load(Ordering::Relaxed) {
                    assert_ne!(directory.check(org(1), actor, edit, target, &facts), Decision::Allow);
                    assert_ne!(found.check(actor, edit, target, &facts), Decision::Allow);
                    assert!(!found.access(actor, target, &facts).allows(edit));
                    let mut answers = [Decision::Allow];
                    let question = Question { organization: org(1), actor, permission: edit, target };
                    directory.check_each(&[question], &mut answers, &facts);
                    assert_ne!(answers, [Decision::Allow]);
                    denied.fetch_add(4, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..10_000 {
            company.happens(&directory, [Event::WorkspaceReopened { workspace: place(1) }, roles(5, "viewer")]);
            company.happens(&directory, [Event::WorkspaceArchived { workspace: place(1) }, roles(5, "content_editor")]);
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("{} denials", denied.into_inner());
}

/// Others come and go, tables grow: nobody is lost on the way, not for an instant.
#[test]
fn nobody_is_lost_while_tables_grow_and_shrink() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let resident = Company::new(&catalog, 1, 20, 3);
    directory.put(&resident.organization);
    let view = catalog.permission("content.view").unwrap();
    let stop = AtomicBool::new(false);
    let facts = Facts::at(NOW);
    thread::scope(|scope| {
        scope.spawn(|| {
            let found = directory.find(org(1)).unwrap();
            while !stop.load(Ordering::Relaxed) {
                for n in 1..=20 {
                    let (actor, target) = (Actor::User(user(n)), Target::Workspace(place(1 + n % 3)));
                    assert_eq!(directory.check(org(1), actor, view, target, &facts), Decision::Allow, "{n}");
                }
                let (actor, target) = (Actor::User(user(7)), Target::Workspace(place(1)));
                assert_eq!(found.check(actor, view, target, &facts), Decision::Allow, "found before");
            }
        });
        for round in 0..3 {
            for id in 2..=200 {
                directory.put(&Company::new(&catalog, id, 20 + round * 10, 3).organization);
            }
            (2..=200).filter(|id| id % 3 != 0).for_each(|id| directory.forget(org(id)));
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn questions_allocate_nothing() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 20, 3);
    directory.put(&company.organization);
    company.happens(&directory, [row(4, 2, Override::none().removing("content.edit"))]);
    let permissions: Vec<Permission> = catalog.permissions().map(|(permission, _)| permission).collect();
    let facts = Facts::at(NOW);
    let found = directory.find(org(1)).unwrap();
    let questions: Vec<Question<'_>> = (1..=25)
        .flat_map(|n| permissions.iter().map(move |permission| (n, *permission)))
        .map(|(n, permission)| {
            let target = if n % 5 == 0 { Target::Organization } else { Target::Workspace(place(n % 5)) };
            Question { organization: org(1 + n % 2), actor: Actor::User(user(n)), permission, target }
        })
        .collect();
    let mut answers = vec![Decision::Allow; questions.len()];
    let counted = allocation_counter::measure(|| {
        directory.check_each(&questions, &mut answers, &facts);
        for question in &questions {
            let Question { organization, actor, permission, target } = *question;
            let _ = directory.check(organization, actor, permission, target, &facts).code();
            let _ = found.check(actor, permission, target, &facts).code();
            let _ = directory.access(organization, actor, target, &facts).check(permission);
        }
    });
    assert!(answers.contains(&Decision::Allow) && answers.iter().any(|answer| !answer.is_allow()));
    assert_eq!(counted.count_total, 0, "{counted:?}");
}

/// What a team was given ends with it, for everybody who was in it.
#[test]
fn a_dissolved_team_gives_nothing_any_more() {
    let catalog = Arc::new(catalog("agency"));
    let directory = Directory::new(Arc::clone(&catalog));
    let mut company = Company::new(&catalog, 1, 6, 2);
    directory.put(&company.organization);
    let team = TeamId::from_u64(1).unwrap();
    let rule = Event::RuleSet {
        workspace: place(1),
        holder: RuleFor::Team(team),
        given: vec!["content.edit".into()],
        taken: vec![],
        until: None,
    };
    let made = Event::TeamCreated { team, name: Name::new("T").unwrap() };
    company.happens(&directory, [made, Event::TeamJoined { team, user: user(3) }, rule]);
    let edit = catalog.permission("content.edit").unwrap();
    let answer = || directory.check(org(1), Actor::User(user(3)), edit, Target::Workspace(place(1)), &Facts::at(NOW));
    assert_eq!(answer(), Decision::Allow);
    company.happens(&directory, [Event::TeamDissolved { team }]);
    assert_eq!(answer(), Decision::Deny(DenyReason::NotGranted));
}
