//! The access review as it is read: who is in it, what it says, and that nobody's name breaks it.

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::change::{Accept, AddressProof, Command, CreateWorkspace, GiveAccess, Invite, Suspend};
use bailiwick::change::{CreateOrganization, Place};
use bailiwick::reach::review::{Breadth, Review, Wording};
use bailiwick::reach::{Paging, Relation, Through};
use bailiwick::{
    Actor, Address, InvitationId, Name, OrgId, Organization, Override, PersonStatus, Seats, SecretHash, Span, Status,
    Tenants, Timestamp, UserId, WorkspaceId,
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
        let mut agency =
            Self { org: Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog("agency"))), now: NOW };
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
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(tables.windows(2).all(|pair| bars(pair[0]) == bars(pair[1]) || pair[1].starts_with("| ")), "{text}");

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
    assert!(table.iter().any(|line| line[column("through")] == "ended" && line[key].is_empty()));
}

/// S0-18, S2-100, S3-10: the organizations of a user are listed with their standing, and their workspaces with them.
#[test]
fn a_user_sees_their_organizations_and_workspaces() {
    use bailiwick::change::{ArchiveWorkspace, ChangeStatus, SignUp};
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

    let listed = tenants.belongings(user(1), &now).unwrap();
    let seen: Vec<_> = listed.iter().map(|b| (b.organization, b.name.as_str(), b.status, b.stopped)).collect();
    let expected = [
        (org(1), "Acme", Status::Active, None),
        (org(2), "Ada's Organization", Status::Active, None),
        (org(4), "Late", Status::PastDue, None),
    ];
    assert_eq!(seen, expected);
    assert!(listed.iter().all(|b| b.relation == Relation::Member && b.roles == ["owner".into()]));

    let switcher = tenants.switcher(user(1), &now, 50).unwrap();
    let names = |at: usize| switcher[at].1.items.iter().map(|w| (w.name.as_str(), w.is_archived)).collect::<Vec<_>>();
    assert_eq!(switcher.iter().map(|(belonging, _)| belonging.clone()).collect::<Vec<_>>(), listed);
    assert_eq!(names(0)[1], ("Lab", true));
    assert_eq!(names(2).len(), 1); // past due: listed, and nothing that does not stay open can be used
    let first = tenants.switcher(user(1), &now, 1).unwrap();
    let next = Paging::first(1).next(first[0].1.next).unwrap();
    assert_eq!(tenants.workspaces_of(org(1), by(1), &now, next).unwrap().items[0].name.as_str(), "Lab");
    assert!(tenants.belongings(user(2), &now).unwrap().is_empty());
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
