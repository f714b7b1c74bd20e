//! What counts as nothing: shares, rows and roles are judged by what the people concerned have by them, and not by themselves.

use bailiwick::access::{Resource, Share, ShareHolder, Target};
use bailiwick::catalog::PermissionSet;

use super::*;
use crate::support::desk::{DESK, desk, desk_of, joins, row_of};
use crate::support::samples::{Ids, NOW};

fn parsed(text: &str) -> Arc<Catalog> {
    Arc::new(toml::from_str(text).unwrap_or_else(|error| panic!("{error}")))
}

/// What is found of one share with what it is about, on a resource of which nothing else is known.
fn found(org: &Organization, to: Recipient, joined: Option<Version>, key: &str) -> Vec<Lint> {
    let (share, level) = (ShareId::from_u64(1).unwrap(), vec![key.into()]);
    let event = ShareEvent::Given { share, to, since: joined, extent: Extent::default(), level, until: None };
    let record = ShareRecord { version: Version::from_u64(1), at: NOW, by: Actor::System, command: None, event };
    let sheet = Sheet::replay(org.id(), ResourceId::from_u64(7).unwrap(), [&record]);
    org.lint_shares(&sheet, NOW).into_iter().map(|finding| finding.lint).collect()
}

/// Whether somebody reads a thing in the workspace that is shared with them.
fn reads_by_share(org: &Organization, n: u64) -> bool {
    let (user, on) = (Ids::OWN.user(n), ResourceId::from_u64(7).unwrap());
    let read = org.catalog().permission("note.read").unwrap();
    let to = ShareHolder::Person { user, joined: joined(org, n).unwrap() };
    let shares = [Share { on, to, level: PermissionSet::from_iter([read]), until: None }];
    let workspace = Some(Ids::OWN.workspace(1));
    let resource = Resource { id: on, containers: &[], workspace, personal_owner: None, shares: &shares };
    org.check(Actor::User(user), read, Target::Resource(&resource), &Facts::at(NOW)).is_allow()
}

fn joined(org: &Organization, n: u64) -> Option<Version> {
    Some(org.person(Ids::OWN.user(n)).unwrap().joined().version)
}

fn user_of(n: u64) -> Recipient {
    Recipient::User(Ids::OWN.user(n))
}

fn comes_to_work(n: u64) -> Event {
    Event::CollaboratorJoined { user: Ids::OWN.user(n), given_by: Actor::System }
}

#[test]
fn a_share_that_a_row_lets_count_is_not_idle() {
    let org = desk_of(&desk(&[]), [joins(3, "intern"), row_of(3, Override::none().adding("note.write"))]);
    assert_eq!(found(&org, user_of(3), joined(&org, 3), "note.write"), []);
    let without = desk_of(&desk(&[]), [joins(3, "intern")]);
    assert_eq!(found(&without, user_of(3), joined(&without, 3), "note.write"), [Lint::IdleShare]);
}

#[test]
fn a_share_is_idle_where_nobody_whom_it_is_for_has_anything_by_it() {
    let interns = desk(&[("roles = [\"intern\", \"editor\"]", "roles = [\"intern\"]")]);
    let team = TeamId::from_u64(1).unwrap();
    let made = Event::TeamCreated { team, name: Name::new("Team").unwrap() };
    let org = desk_of(&interns, [joins(3, "intern"), made]);
    let group = || Recipient::Group("juniors".into());
    assert_eq!(found(&org, group(), None, "note.write"), [Lint::IdleShare], "no intern could do it");
    assert_eq!(found(&org, group(), None, "note.read"), []);
    let made = org.team(team).map(|team| team.created().version);
    assert_eq!(found(&org, Recipient::Team(team), made, "note.read"), [Lint::IdleShare], "nobody is in the team");
    assert_eq!(found(&org, Recipient::Team(team), None, "note.read"), [Lint::LostShare], "it was to an earlier team");
    assert_eq!(found(&org, Recipient::Members, None, "note.write"), [], "the owner could");
    let ended = Override::role("intern").until(Timestamp::from_millis(NOW.as_millis() - 1));
    let org = desk_of(&interns, [comes_to_work(4), row_of(4, ended)]);
    assert_eq!(found(&org, user_of(4), joined(&org, 4), "note.read"), [Lint::IdleShare], "their access has ended");
}

/// With the last row everything ends that is shared with a collaborator.
#[test]
fn the_last_row_of_a_collaborator_is_not_idle() {
    let row = Override::role("intern").removing("note.read");
    let org = desk_of(&desk(&[]), [comes_to_work(4), row_of(4, row)]);
    let mut without = org.clone();
    let (user, workspace) = (Ids::OWN.user(4), Ids::OWN.workspace(1));
    apply(&mut without, Event::AccessTaken { user, workspace });
    assert_eq!((reads_by_share(&org, 4), reads_by_share(&without, 4)), (true, false));
    assert!(org.lint(NOW).iter().all(|finding| finding.lint != Lint::IdleRow), "{:?}", org.lint(NOW));
}

/// A role that gives nothing there can still be one that sees only what is shared.
#[test]
fn the_role_of_a_row_is_not_idle_where_shares_hang_on_it() {
    let guest =
        "[[roles]]\n key = \"guest\"\n rank = 1\n permissions = [\"desk.use\"]\n sight = \"shared\"\n [[groups]]";
    let catalog = parsed(&DESK.replace("[[groups]]", guest));
    let org = desk_of(&catalog, [comes_to_work(4), row_of(4, Override::role("guest"))]);
    let advised = desk_of(&catalog, [comes_to_work(4), row_of(4, Override::none())]);
    assert_eq!((reads_by_share(&org, 4), reads_by_share(&advised, 4)), (true, false));
    assert!(org.lint(NOW).iter().all(|finding| finding.lint != Lint::IdleRowRole), "{:?}", org.lint(NOW));
}

#[test]
fn whoever_can_only_suspend_takes_nothing_away() {
    let suspends = "guards = [\"suspend_person\", \"invite_member\"]";
    let catalog = desk(&[("guards = [\"remove_member\", \"change_roles\", \"invite_member\"]", suspends)]);
    assert!(catalog.lint().iter().any(|finding| finding.lint == Lint::IrrevocableRole));
}

/// The guard is there, and held by a role that nobody can come to have.
#[test]
fn an_action_is_idle_where_nobody_can_come_to_hold_its_guard() {
    let nobody = "[[roles]]\n key = \"ghost\"\n rank = 1\n assigned_by = [\"ghost\"]\n permissions = [\"place.open\"]\n reach = \"all\"\n [[groups]]";
    let all = "permissions = [\"*\"]";
    let declared = "permissions = [\"note.read\", \"note.write\", \"desk.use\", \"people.manage\", \"own.give\"]";
    let text = DESK.replace("[[groups]]", nobody).replace(all, declared);
    let catalog = parsed(&format!("{text}\n[policy]\nowner_holds = \"declared\""));
    let idle = catalog.lint().into_iter().filter(|finding| finding.lint == Lint::IdleAction);
    let places: Vec<String> = idle.map(|finding| finding.place.to_string()).collect();
    assert!(places.contains(&"action `change_access`".to_owned()), "{places:?}");
    assert!(!places.contains(&"action `change_roles`".to_owned()), "{places:?}");
}

/// One role brings the guard, the other what is given: together they give what neither gives alone.
#[test]
fn two_roles_of_one_person_give_together() {
    let two = "[[roles]]\n key = \"inviter\"\n rank = 6\n reach = \"all\"\n permissions = [\"people.manage\"]\n [[roles]]\n key = \"holder\"\n rank = 6\n reach = \"all\"\n permissions = [\"note.read\", \"note.write\", \"desk.use\"]\n [[groups]]";
    let text = DESK
        .replace("permissions = [\"*\"]", "permissions = [\"own.give\"]")
        .replace("falls_back_to = \"editor\"", "falls_back_to = \"holder\"")
        .replace("[[groups]]", two);
    let catalog = |max: u8| {
        let policy =
            format!("owner_holds = \"declared\"\nroles_per_member = {max}\ncreator_roles = [\"owner\", \"inviter\"]");
        parsed(&format!("{text}\n[policy]\n{policy}"))
    };
    let is_said = |catalog: &Catalog| {
        let editor = bailiwick::lint::Place::Role("editor".into());
        catalog.lint().iter().any(|finding| finding.lint == Lint::UnassignableRole && finding.place == editor)
    };
    assert!(!is_said(&catalog(2)));
}
