//! The access review as it is read: who is in it, what it says, and that nobody's name breaks it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{Catalog, Sight};
use bailiwick::change::{
    Accept, AddMember, AddressProof, ArchiveWorkspace, ChangeRoles, Command, CreateOrganization, CreateWorkspace,
    Event, GiveAccess, Invite, Place, Record, Suspend,
};
use bailiwick::reach::review::{Breadth, Review, Wording};
use bailiwick::reach::{Paging, Relation, Through};
use bailiwick::{
    Actor, Address, InvitationId, Name, OrgId, Organization, Override, PersonStatus, Seats, SecretHash, ServiceId,
    Span, Status, Tenants, Timestamp, UserId, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

/// An agency of an owner (1), an admin (2), an editor (3) who is a manager in one workspace, somebody suspended (4), and
/// people from outside: a reviewer (5), and somebody whose access has ended (6). An invitation is open.
struct Agency {
    org: Organization,
    now: Timestamp,
}

impl Agency {
    fn new(name: &str) -> Self {
        Self::of(catalog("agency"), name)
    }

    fn of(catalog: Catalog, name: &str) -> Self {
        let mut agency = Self { org: Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog)), now: NOW };
        let (name, plan) = (Name::new(name).unwrap(), "medium".into());
        agency.does(1, CreateOrganization { name, plan, seats: Seats::new(0), owned: 0, workspace: workspace(9) });
        for (n, name) in [(1, "Solaris"), (2, "a,b \"c\" | <i>")] {
            agency.does(1, CreateWorkspace { workspace: workspace(n), name: Name::new(name).unwrap() });
        }
        agency.welcomes(2, Some("org_admin"), None);
        agency.welcomes(3, Some("content_editor"), None);
        agency.welcomes(4, Some("content_editor"), None);
        agency.welcomes(5, None, Some((1, Override::role("external_reviewer"))));
        let soon = agency.now.plus(Span::days(2));
        agency.welcomes(6, None, Some((2, Override::role("content_editor").until(soon))));
        agency.now = agency.now.plus(Span::days(1));
        let changes = Override::role("content_manager").removing("content.edit");
        agency.does(2, GiveAccess { user: user(3), workspace: workspace(1), changes });
        agency.does(2, Suspend { user: user(4) });
        agency.now = agency.now.plus(Span::days(1));
        let (invitation, secret) = (InvitationId::from_u64(7).unwrap(), SecretHash::from_bytes([7; 32]));
        let invite = Invite::to(invitation, Address::new("lena@example.com").unwrap(), secret).role("viewer");
        agency.does(2, invite);
        agency
    }

    fn facts(&self) -> Facts<'static> {
        Facts::at(self.now).authenticated(self.now)
    }

    fn does(&mut self, n: u64, command: impl Into<Command>) {
        let outcome = self.org.handle(&command.into(), &self.facts().by(by(n))).unwrap();
        outcome.records.iter().for_each(|record| self.org.apply(record));
    }

    fn welcomes(&mut self, n: u64, role: Option<&str>, row: Option<(u64, Override)>) {
        let (invitation, secret) = (InvitationId::from_u64(n).unwrap(), SecretHash::from_bytes([1; 32]));
        let address = Address::new(&format!("user{n}@example.com")).unwrap();
        let mut invite = Invite::to(invitation, address.clone(), secret);
        if let Some(role) = role {
            invite = invite.role(role);
        }
        if let Some((place, changes)) = row {
            invite = invite.workspace(workspace(place), changes);
        }
        self.does(if n == 2 { 1 } else { 2 }, invite);
        self.does(n, Accept { invitation, secret, address: AddressProof::Verified(address) });
    }

    /// A service in the name of the admin.
    fn makes_a_robot(&mut self, workspaces: Vec<WorkspaceId>, until: Option<Timestamp>) {
        let (service, secret) = (ServiceId::from_u64(1).unwrap(), SecretHash::from_bytes([1; 32]));
        let (name, permissions) = (Name::new("Robot").unwrap(), vec!["content.view".into()]);
        self.happens(Event::ServiceCreated { service, name, sponsor: user(2), permissions, workspaces, until, secret });
    }

    fn happens(&mut self, event: Event) {
        let (version, at) = (self.org.version().next(), self.now);
        self.org.apply(&Record { version, at, by: by(2), command: None, event });
    }

    fn review(&self) -> Review {
        self.org.review(&self.facts(), Breadth::Everybody).unwrap()
    }
}

/// S0-60, S1-107, S3-38, S3-40, S3-42: whoever reviews sees members and the collaborators of every workspace, with role,
/// source, giver and last change.
#[test]
fn a_review_has_everybody_with_source_giver_and_last_change() {
    let agency = Agency::new("Juniper");
    let review = agency.review();
    let relations: Vec<Relation> = review.people.iter().map(|person| person.relation).collect();
    use Relation::{Collaborator, Member};
    assert_eq!(relations, [Member, Member, Member, Member, Collaborator, Collaborator]);
    assert_eq!(review.people[3].status, PersonStatus::Suspended);
    assert!(review.people[5].is_ended && !review.people[4].is_ended);
    assert_eq!(review.people[2].last_change.at, NOW.plus(Span::days(1)));
    assert_eq!(review.sole_owner(), Some(user(1)));
    assert_eq!(review.invitations.len(), 1);

    let approve = review.permissions.iter().find(|p| p.key == "content.approve").unwrap().permission;
    let solaris = review.place(Place::Workspace(workspace(1))).unwrap();
    let source = *solaris.row(by(5)).unwrap().holding.through(approve).next().unwrap();
    assert!(matches!(source.through, Through::RowRole(_)));
    assert_eq!((source.origin.by, source.origin.at), (by(2), NOW)); // by whoever invited, when it was accepted
    assert!(review.can(by(3), approve, Place::Workspace(workspace(1))));
    assert!(!review.can(by(3), approve, Place::Workspace(workspace(2))));
}

/// S3-39: by membership, by a row, or by both: each is told.
#[test]
fn membership_and_rows_are_both_named() {
    let agency = Agency::new("Juniper");
    let view = agency.org.catalog().permission("content.view").unwrap();
    let through = |n| -> Vec<bool> {
        let holding = agency.org.holding(by(n), Place::Workspace(workspace(1)), &agency.facts());
        holding.through(view).map(|source| source.through.is_membership()).collect()
    };
    assert_eq!(through(2), [true]);
    assert_eq!(through(3), [true, false]);
    assert_eq!(through(5), [false]);
    assert_eq!(through(6), [false; 0]);
    let withheld = agency.org.holding(by(3), Place::Workspace(workspace(1)), &agency.facts()).withheld();
    assert_eq!(withheld.iter().collect::<Vec<_>>(), [agency.org.catalog().permission("content.edit").unwrap()]);
}

/// The exceptions alone say the same in fewer rows.
#[test]
fn exceptions_are_fewer_rows_and_the_same_answers() {
    let agency = Agency::new("Juniper");
    let (all, few) = (agency.review(), agency.org.review(&agency.facts(), Breadth::Exceptions).unwrap());
    let rows = |review: &Review| review.places.iter().map(|place| place.rows.len()).collect::<Vec<_>>();
    assert_eq!(rows(&all), [4, 5, 5]);
    assert_eq!(rows(&few), [4, 2, 1]);
    assert_eq!(few.places.iter().map(|place| place.as_everywhere).collect::<Vec<_>>(), [0, 3, 4]);
    assert!(few.to_markdown(&Wording::plain()).contains("And 4 people just as everywhere"));
}

/// Hostile names: they are shown, and are neither markup nor formulas.
#[test]
fn what_people_are_called_is_shown_and_nothing_else() {
    let hostile = "=1+1</td><script>alert(\"'&\")</script>|`\n[x](y)";
    let agency = Agency::new("<b>Acme</b> & Sons");
    let review = agency.review();
    let name = |_| Some(hostile.to_owned());
    let wording = Wording::plain().names(&name);

    let page = review.to_html(&wording);
    assert!(!page.contains("<script") && !page.contains("<b>Acme") && !page.contains("<i>"), "{page}");
    assert!(page.contains("=1+1&lt;/td&gt;&lt;script&gt;alert(&quot;&#39;&amp;&quot;)&lt;/script&gt;|` [x](y)"));
    assert!(page.contains("&lt;b&gt;Acme&lt;/b&gt; &amp; Sons"));
    for outside in ["http:", "https:", "src=", "@import", "url(", "href="] {
        assert!(!page.contains(outside), "the page reaches for {outside}");
    }
    well_formed(&page);

    let text = review.to_markdown(&wording);
    assert!(text.contains("&lt;script&gt;") && !text.contains("<script"));
    assert!(text.contains("\\|\\` \\[x\\](y)"), "{text}");
    // Within a table each line has as many cells as its head: no name has torn one.
    let tables = text.split("\n\n").filter(|part| part.starts_with('|'));
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut told = 0;
    for table in tables {
        let head = cells(table.lines().next().unwrap());
        for line in table.lines() {
            assert_eq!(cells(line), head, "{line}");
            told += 1;
        }
    }
    assert!(told > 20, "{told} lines in tables");

    let table = parse(&review.to_csv(&wording));
    assert!(table.iter().all(|line| line.len() == table[0].len()), "a line is torn");
    let column = |key: &str| table[0].iter().position(|name| name == key).unwrap();
    assert!(table[1..].iter().all(|line| line[column("name")] == format!("'{hostile}")));
    assert!(table[1..].iter().any(|line| line[column("place name")] == "a,b \"c\" | <i>"));
    assert!(table.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])));
}

/// The lines of the CSV are the answers of the check.
#[test]
fn the_csv_lists_what_can_be_done_and_what_cannot_now() {
    let agency = Agency::new("Juniper");
    let review = agency.review();
    let table = parse(&review.to_csv(&Wording::plain()));
    let column = |key: &str| table[0].iter().position(|name| name == key).unwrap();
    let (who, place, key, usable) = (column("who"), column("place"), column("permission"), column("usable"));
    let through = column("through");
    let mut usables = 0;
    for place_there in &review.places {
        for row in &place_there.rows {
            for permission in &review.permissions {
                let place_text = match place_there.place {
                    Place::Organization => "organization".to_owned(),
                    Place::Workspace(id) => id.to_string(),
                };
                let is_it = |line: &&Vec<String>| {
                    line[who] == row.who.user().unwrap().to_string()
                        && line[place] == place_text
                        && line[key] == permission.key
                        && !["taken", "archived"].contains(&line[through].as_str())
                };
                let lines: Vec<_> = table.iter().filter(is_it).collect();
                assert_eq!(lines.len(), row.holding.through(permission.permission).count());
                let can = row.holding.usable.contains(permission.permission);
                assert!(lines.iter().all(|line| (line[usable] == "yes") == can), "{lines:?}");
                usables += usize::from(can);
            }
        }
    }
    assert!(usables > 50);
    assert!(table.iter().any(|line| line[column("state")] == "suspended" && line[usable] == "no"));
    assert!(table.iter().any(|line| line[through] == "ended" && line[key].is_empty()));
}

/// S0-18, S2-100, S3-10: the organizations of a user are listed with their standing, and their workspaces with them.
#[test]
fn a_user_sees_their_organizations_and_workspaces() {
    use bailiwick::change::{ChangeStatus, SignUp};
    let tenants = Tenants::in_memory(catalog("cloud"));
    let now = Facts::at(NOW);
    let org = |n| OrgId::from_u64(n).unwrap();
    let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(1) };
    tenants.sign_up(org(2), sign_up, &now.by(by(1))).unwrap();
    for (n, name) in [(1, "Acme"), (3, "Gone"), (4, "Late")] {
        let (name, seats) = (Name::new(name).unwrap(), Seats::new(5));
        let create = CreateOrganization { name, plan: "team".into(), seats, owned: 0, workspace: workspace(1) };
        tenants.create(org(n), create, &now.by(by(1))).unwrap();
    }
    tenants
        .handle(org(1), CreateWorkspace { workspace: workspace(2), name: Name::new("Lab").unwrap() }, &now.by(by(1)))
        .unwrap();
    tenants.handle(org(1), ArchiveWorkspace { workspace: workspace(2) }, &now.by(Actor::System)).unwrap();
    tenants
        .delete(org(3), bailiwick::Disposition::Delete, &now.authenticated(NOW).with_second_factor().by(Actor::System))
        .unwrap();
    tenants.handle(org(4), ChangeStatus { status: Status::PastDue }, &now.by(Actor::System)).unwrap();

    let listed = tenants.belongings(user(1), &now, Paging::first(9)).unwrap().items;
    let seen: Vec<_> = listed.iter().map(|b| (b.organization, b.name.as_str(), b.status, b.stopped)).collect();
    let expected = [
        (org(1), "Acme", Status::Active, None),
        (org(2), "Ada's Organization", Status::Active, None),
        (org(4), "Late", Status::PastDue, None),
    ];
    assert_eq!(seen, expected);
    assert!(listed.iter().all(|b| b.relation == Relation::Member && b.roles == ["owner".into()]));

    let switcher = tenants.switcher(user(1), &now, Paging::first(9), 50).unwrap().items;
    let names = |at: usize| switcher[at].1.items.iter().map(|w| (w.name.as_str(), w.is_archived)).collect::<Vec<_>>();
    assert_eq!(switcher.iter().map(|(belonging, _)| belonging.clone()).collect::<Vec<_>>(), listed);
    assert_eq!(names(0)[1], ("Lab", true));
    assert_eq!(names(2).len(), 1); // past due: listed, and nothing that does not stay open can be used
    let first = tenants.switcher(user(1), &now, Paging::first(9), 1).unwrap().items;
    let next = Paging::first(1).next(first[0].1.next).unwrap();
    assert_eq!(tenants.workspaces_of(org(1), by(1), &now, next).unwrap().items[0].name.as_str(), "Lab");
    assert!(tenants.belongings(user(2), &now, Paging::first(9)).unwrap().items.is_empty());
    assert!(tenants.workspaces_of(org(1), by(2), &now, Paging::first(9)).unwrap().items.is_empty());
}

/// At another version a listing goes on behind the last id, and the page says the version.
#[test]
fn a_listing_goes_on_after_a_change_and_says_so() {
    let mut agency = Agency::new("Juniper");
    let view = agency.org.catalog().permission("content.view").unwrap();
    let list =
        |agency: &Agency, paging| agency.org.people_with(view, Place::Workspace(workspace(1)), &agency.facts(), paging);
    let first = list(&agency, Paging::first(2));
    assert_eq!(first.items.iter().map(|who| who.id).collect::<Vec<_>>(), [user(1), user(2)]);
    let begun = agency.org.version();
    agency.does(2, Suspend { user: user(3) });
    let second = list(&agency, Paging::after(first.next.unwrap(), 2));
    assert_eq!(second.items.iter().map(|who| who.id).collect::<Vec<_>>(), [user(5)]);
    assert_eq!((first.next.unwrap().version, second.version), (begun, begun.next()));
}

/// A line of the CSV by the name of its columns.
fn lines_of(review: &Review, wording: &Wording<'_>) -> Vec<BTreeMap<String, String>> {
    let table = parse(&review.to_csv(wording));
    let named = |line: &Vec<String>| table[0].iter().cloned().zip(line.iter().cloned()).collect();
    table[1..].iter().map(named).collect()
}

/// A name cannot end its cell, whatever a spreadsheet separates by.
#[test]
fn no_name_becomes_a_formula_in_a_spreadsheet() {
    let agency = Agency::new("Juniper");
    let name = |_| Some("Bob;=HYPERLINK(1)\t@SUM(A1)".to_owned());
    let csv = agency.review().to_csv(&Wording::plain().names(&name));
    assert!(csv.contains("Bob;'=HYPERLINK(1)\t'@SUM(A1)"));
    for line in csv.split("\r\n").filter(|line| !line.is_empty()) {
        assert!(line.starts_with('"') && line.ends_with('"') && line.matches('"').count() % 2 == 0, "{line}");
        for cell in line.split([';', '\t']).map(|cell| cell.trim_start_matches('"')) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{line}");
        }
    }
}

/// An end of a service is in every rendering; and a service whose sponsor is suspended does nothing.
#[test]
fn a_service_ends_and_is_suspended_with_its_sponsor() {
    let mut agency = Agency::new("Juniper");
    let end = agency.now.plus(Span::days(30));
    agency.makes_a_robot(vec![workspace(1)], Some(end));
    let lines = |agency: &Agency| {
        let lines = lines_of(&agency.review(), &Wording::plain()).into_iter();
        lines.filter(|line| line["name"] == "Robot").collect::<Vec<_>>()
    };
    assert!(!lines(&agency).is_empty());
    assert!(
        lines(&agency).iter().all(|line| line["until"] == end.as_millis().to_string() && line["state"] == "active")
    );
    for text in [agency.review().to_markdown(&Wording::plain()), agency.review().to_html(&Wording::plain())] {
        let is_it = |line: &&str| line.contains("| Robot |") || line.contains(">Robot<");
        let row = text.lines().find(is_it).unwrap();
        for cell in ["content.view", "Solaris", &end.as_millis().to_string()] {
            assert!(row.contains(cell), "{cell} is not in {row}");
        }
    }
    agency.does(1, Suspend { user: user(2) });
    assert!(lines(&agency).iter().all(|line| line["state"] == "suspended" && line["usable"] == "no"));
    assert!(agency.review().to_markdown(&Wording::plain()).contains("1 service is doing nothing"));
}

/// A key that nobody answers for is in the review, with what it was given and what happened to it.
#[test]
fn an_orphaned_service_is_listed_and_can_nothing() {
    let mut agency = Agency::new("Juniper");
    agency.makes_a_robot(vec![], None);
    agency.happens(Event::ServiceOrphaned { service: ServiceId::from_u64(1).unwrap() });
    let line = lines_of(&agency.review(), &Wording::plain()).into_iter().find(|line| line["name"] == "Robot").unwrap();
    assert_eq!((line["state"].as_str(), line["usable"].as_str(), line["through"].as_str()), ("orphaned", "no", "none"));
    let text = agency.review().to_markdown(&Wording::plain());
    assert!(
        text.lines().any(|line| line.contains("Robot") && line.contains("nobody") && line.contains("content.view"))
    );
}

/// S3-42: nobody is missing. Whoever holds nothing has a line, and so has what would be held and is taken.
#[test]
fn the_csv_has_everybody_and_what_is_taken_from_them() {
    let mut agency = Agency::new("Juniper");
    agency.welcomes(8, Some("external_reviewer"), None);
    let review = agency.review();
    let lines = lines_of(&review, &Wording::plain());
    let people: BTreeSet<String> = lines.iter().map(|line| line["who"].clone()).filter(|who| !who.is_empty()).collect();
    assert_eq!(people, review.people.iter().map(|person| person.user.to_string()).collect());
    let taken: Vec<_> = lines.iter().filter(|line| line["through"] == "taken").collect();
    assert!(taken.iter().any(|line| {
        line["who"] == user(3).to_string() && line["permission"] == "content.edit" && line["usable"] == "no"
    }));
    assert!(taken.iter().all(|line| line["who"] == user(3).to_string()));
}

/// What nobody can in an archived workspace is said there, whoever is spelled out.
#[test]
fn what_an_archive_closes_is_said_in_every_rendering() {
    let edit = "key = \"content.edit\", scope = \"resource\"";
    let text = bailiwick::presets::AGENCY.replace(edit, &format!("{edit}, active_only = true"));
    let mut agency = Agency::of(toml::from_str(&text).unwrap(), "Juniper");
    agency.does(1, ArchiveWorkspace { workspace: workspace(1) });
    let edit = agency.org.catalog().permission("content.edit").unwrap();
    let place = Place::Workspace(workspace(1));
    for breadth in [Breadth::Everybody, Breadth::Exceptions] {
        let review = agency.org.review(&agency.facts(), breadth).unwrap();
        assert!(!review.can(by(2), edit, place) && review.place(place).unwrap().closed.contains(edit));
        let markdown = review.to_markdown(&Wording::plain());
        let section = markdown.split("## Workspace Solaris").nth(1).unwrap().split("\n## ").next().unwrap();
        let html = review.to_html(&Wording::plain());
        let page = html.split("<h2>Workspace Solaris").nth(1).unwrap().split("</section>").next().unwrap();
        for text in [section, page] {
            let closed = text.lines().find(|line| line.contains("nobody can here")).unwrap();
            assert!(closed.contains("Archived") && closed.contains("content.edit"), "{closed}");
            assert!(breadth == Breadth::Everybody || text.contains("but for what nobody can while it is archived"));
        }
        let lines = lines_of(&review, &Wording::plain());
        let here = |line: &&BTreeMap<String, String>| line["place"] == workspace(1).to_string();
        assert!(lines.iter().filter(here).all(|line| line["place state"] == "archived"));
        let closed =
            |line: &BTreeMap<String, String>| line["through"] == "archived" && line["permission"] == "content.edit";
        assert!(lines.iter().filter(here).any(closed));
    }
}

#[test]
fn one_person_is_not_people() {
    let mut agency = Agency::new("Juniper");
    for n in [2, 4] {
        agency.does(1, bailiwick::change::Remove { user: user(n), content: None });
    }
    let few = agency.org.review(&agency.facts(), Breadth::Exceptions).unwrap();
    let text = few.to_markdown(&Wording::plain());
    assert!(text.contains("And 1 person just as everywhere: see the organization."), "{text}");
}

/// Sight: who sees only what is shared stands as able to view, and the review says that it is so on shared resources alone.
#[test]
fn whoever_sees_only_what_is_shared_is_marked() {
    let catalog = Arc::new(catalog("production"));
    let mut crew = Agency { org: Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog)), now: NOW };
    let (name, plan) = (Name::new("Crew").unwrap(), "studio".into());
    crew.does(1, CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace: workspace(9) });
    for (n, role) in [(2, "producer"), (3, "editor")] {
        let add = AddMember { user: user(n), roles: vec![role.into()], access: vec![] };
        let outcome = crew.org.handle(&add.into(), &crew.facts().by(Actor::System)).unwrap();
        outcome.records.iter().for_each(|record| crew.org.apply(record));
    }
    let view = catalog.permission("script.view").unwrap();
    let listed = crew.org.people_with(view, Place::Organization, &crew.facts(), Paging::first(9)).items;
    let sight = |n| listed.iter().find(|who| who.id == user(n)).unwrap().sight;
    assert_eq!((sight(2), sight(3)), (Sight::All, Sight::Shared));
    let review = crew.review();
    let lines = lines_of(&review, &Wording::plain());
    let resources = |n| {
        let is_it = |line: &&BTreeMap<String, String>| {
            line["who"] == user(n).to_string() && line["permission"] == "script.view" && line["through"] == "role"
        };
        lines.iter().filter(is_it).map(|line| line["resources"].clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(resources(2), BTreeSet::from(["all".to_owned()]));
    assert_eq!(resources(3), BTreeSet::from(["shared".to_owned()]));
    let markdown = review.to_markdown(&Wording::plain());
    let row = |n: u64| {
        let of = user(n).to_string();
        markdown.lines().filter(|line| line.contains(&of) && line.contains("script.view")).collect::<Vec<_>>()
    };
    assert!(row(3).iter().all(|line| line.contains("script.view (if shared)")) && !row(3).is_empty());
    assert!(row(2).iter().all(|line| !line.contains("(if shared)")) && !row(2).is_empty());
    let html = review.to_html(&Wording::plain());
    let cells = |n: u64| {
        let start = format!("<th scope=\"row\">user {}", user(n));
        html.lines()
            .filter(|line| line.contains(&start))
            .map(|line| line.matches("class=\"shared\"").count())
            .sum::<usize>()
    };
    assert!(cells(3) > 0 && cells(2) == 0);
}

/// The notes count who can, not who could once.
#[test]
fn people_from_outside_are_counted_while_they_can_work() {
    let mut agency = Agency::new("Juniper");
    let said = |agency: &Agency| agency.review().to_markdown(&Wording::plain());
    assert!(said(&agency).contains("1 person from outside"), "the other one's access has ended");
    agency.does(2, Suspend { user: user(5) });
    assert!(!said(&agency).contains("from outside the organization can work"));
}

/// On paper there are no tooltips: with several roles, a table says which of them gives what, since when.
#[test]
fn the_printed_page_says_through_which_of_several_roles() {
    let mut agency = Agency::new("Juniper");
    agency.now = agency.now.plus(Span::days(1));
    let roles = vec!["content_editor".into(), "billing_manager".into()];
    agency.does(1, ChangeRoles { user: user(3), roles });
    let review = agency.review();
    let html = review.to_html(&Wording::plain());
    let organization = html.split("<h2>Organization</h2>").nth(1).unwrap().split("</section>").next().unwrap();
    let table = organization.split("<h3>Through which role</h3>").nth(1).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.contains("<th scope=\"row\">")).collect();
    // Whoever has one role is told of by the matrix; the owner pays as well.
    let of = |n: u64| rows.iter().filter(|row| row.contains(&format!("<th scope=\"row\">user {}", user(n)))).count();
    assert_eq!((of(1), of(2), of(3)), (2, 0, 2));
    let start = format!("<th scope=\"row\">user {}", user(3));
    let rows: Vec<&str> = rows.into_iter().filter(|row| row.contains(&start)).collect();
    let billing = rows.iter().find(|row| row.contains("Billing")).unwrap();
    assert!(billing.contains(&agency.now.as_millis().to_string()), "{billing}");
    assert!(rows.iter().any(|row| !row.contains(&agency.now.as_millis().to_string())), "{rows:#?}");
}

/// S3-42: whoever holds nothing but shares is in the review too, and what is open to everybody who has a link.
#[test]
fn a_review_lists_public_links_and_people_who_hold_only_shares() {
    use bailiwick::access::Resource;
    use bailiwick::sharing::{GiveShare, Recipient};
    let tenants = Tenants::in_memory(catalog("production"));
    let now = Facts::at(NOW).authenticated(NOW).with_second_factor();
    let (crew, olga) = (OrgId::from_u64(1).unwrap(), now.by(by(1)));
    let (name, plan) = (Name::new("Crew").unwrap(), "studio".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace: workspace(9) };
    tenants.create(crew, create, &olga).unwrap();
    let add = AddMember { user: user(2), roles: vec!["editor".into()], access: vec![] };
    tenants.handle(crew, add, &now.by(Actor::System)).unwrap();
    let link = bailiwick::LinkId::from_u64(1).unwrap();
    let to = [
        Recipient::User(user(2)),
        Recipient::User(user(8)),
        Recipient::Link { link, secret: SecretHash::from_bytes([3; 32]), uses: Some(5) },
        Recipient::Address(Address::new("carl@example.com").unwrap()),
        Recipient::Group("all_talent".into()),
    ];
    for (n, to) in (1..).zip(to) {
        let id = bailiwick::ResourceId::from_u64(n).unwrap();
        let on = Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] };
        let share = bailiwick::ShareId::from_u64(n).unwrap();
        let give = GiveShare {
            share,
            to,
            level: vec!["script.view".into()],
            until: (n == 2).then(|| NOW.plus(Span::days(3))),
        };
        tenants.share(crew, &on, give, &olga).unwrap();
    }
    let review = tenants.review(crew, &now, Breadth::Exceptions).unwrap().unwrap();
    let outward: Vec<bool> = review.shares.iter().flatten().map(|share| share.is_outward).collect();
    assert_eq!(outward, [false, true, true, true, false]);
    let (markdown, html) = (review.to_markdown(&Wording::plain()), review.to_html(&Wording::plain()));
    for text in [&markdown, &html] {
        for note in ["1 public link is open", "1 person has access by shares alone", "1 share waits for an address"] {
            assert!(text.contains(note), "{note}\n{text}");
        }
        assert!(text.contains("public link") && text.contains("carl@example.com"));
    }
    assert!(!markdown.contains("people of the organization"), "among exceptions, what goes beyond");
    let all = tenants.review(crew, &now, Breadth::Everybody).unwrap().unwrap();
    assert!(all.to_markdown(&Wording::plain()).contains("people of the organization"));
    let lines = lines_of(&all, &Wording::plain());
    let shares: Vec<_> = lines.iter().filter(|line| line["through"] == "share").collect();
    assert_eq!(shares.len(), 5);
    let outsider = shares.iter().find(|line| line["who"] == user(8).to_string()).unwrap();
    assert_eq!(outsider["until"], NOW.plus(Span::days(3)).as_millis().to_string());
    assert_eq!((outsider["permission"].as_str(), outsider["usable"].as_str()), ("script.view", "yes"));
    well_formed(&html);
    let later = Facts::at(NOW.plus(Span::days(4)));
    let later = tenants.review(crew, &later, Breadth::Exceptions).unwrap().unwrap();
    assert!(!later.to_markdown(&Wording::plain()).contains("by shares alone."), "the share has ended");
}

/// Every element that is opened is closed, in order.
fn well_formed(page: &str) {
    const VOID: [&str; 3] = ["meta", "!doctype", "br"];
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split_whitespace().next().unwrap_or("");
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "</{closed}>"),
            None if VOID.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// A plain reader of RFC 4180.
fn parse(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            ('"', _) => quoted = !quoted,
            (',', false) => line.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'), "a bare carriage return");
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            ('\n', false) => panic!("a bare line feed"),
            (c, _) => cell.push(c),
        }
    }
    assert!(cell.is_empty() && line.is_empty(), "the last line has no end");
    lines
}
