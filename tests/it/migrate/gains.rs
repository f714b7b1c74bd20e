//! Gains that nobody sees today: of people, services and organizations that something stops for a while.

use bailiwick::change::Place;
use bailiwick::migrate::Gain;
use bailiwick::{PersonStatus, SecretHash, ServiceId, Status};

use super::*;

/// Editors are juniors no more, and what was taken from juniors comes back to them.
fn editors_leave_the_juniors() -> (Arc<Catalog>, Migration) {
    let (old, new) = (desk(&[]), desk(&[("roles = [\"intern\", \"editor\"]", "roles = [\"intern\"]")]));
    // It is said of editors that they leave; what they gain by it is asked of every one of them.
    let migration = Migration::between(&old, &new).unwrap();
    (old, migration)
}

fn gains_of(migration: &Migration, org: &Organization) -> Vec<Gain> {
    let objections = migration.dry_run([org], &AT).objections.into_iter();
    let gains = objections.filter_map(|objection| match objection {
        Objection::Gains(gain) => Some(gain),
        _ => None,
    });
    gains.collect()
}

fn writes(n: u64, from: Timestamp) -> Gain {
    Gain {
        organization: Ids::OWN.organization(),
        who: Actor::User(Ids::OWN.user(n)),
        place: Place::Workspace(Ids::OWN.workspace(1)),
        from,
        permissions: vec!["note.write".into()],
        actions: Vec::new(),
        sees_more: false,
    }
}

#[test]
fn whoever_is_suspended_gains_as_anybody() {
    let (old, migration) = editors_leave_the_juniors();
    let suspended = Event::PersonSuspended { user: Ids::OWN.user(2) };
    let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(None), suspended]);
    assert_eq!(gains_of(&migration, &org), [writes(2, NOW)]);
    let person = migration.reread(&org);
    assert_eq!(person.person(Ids::OWN.user(2)).unwrap().status(), PersonStatus::Suspended);
}

#[test]
fn an_organization_that_is_past_due_suspended_archived_or_deleted_gains_as_any() {
    let (old, migration) = editors_leave_the_juniors();
    let stopped = [Status::PastDue, Status::Suspended, Status::Archived].map(|status| Event::StatusChanged { status });
    let deleted = Event::OrganizationDeleted {
        disposition: bailiwick::Disposition::Delete,
        purge_at: Timestamp::from_millis(NOW.as_millis() + 9),
    };
    for stop in stopped.into_iter().chain([deleted]) {
        let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(None), stop]);
        assert_eq!(gains_of(&migration, &org), [writes(2, NOW)]);
    }
}

#[test]
fn what_a_row_hides_for_a_while_is_gained_when_it_ends() {
    let (old, migration) = editors_leave_the_juniors();
    let end = Timestamp::from_millis(NOW.as_millis() + 1);
    let row = row_of(2, Override::none().removing("note.write").until(end));
    let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(None), row]);
    assert_eq!(gains_of(&migration, &org), [writes(2, end)]);
    // A rule that ends before gives it back under both catalogs.
    let row = row_of(2, Override::none().removing("note.write").until(end));
    let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(Some(end)), row]);
    assert_eq!(gains_of(&migration, &org), []);
}

#[test]
fn what_the_plan_keeps_locked_is_gained_all_the_same() {
    let locked = (
        "{ key = \"note.write\", scope = \"resource\" }",
        "{ key = \"note.write\", scope = \"resource\", feature = \"x\" }",
    );
    let beta = (
        "name = \"desk\"",
        "name = \"desk\"
 features = [\"x\"]",
    );
    let old = desk(&[beta, locked]);
    let new = desk(&[beta, locked, ("roles = [\"intern\", \"editor\"]", "roles = [\"intern\"]")]);
    let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(None)]);
    let migration = Migration::between(&old, &new).unwrap();
    assert!(migration.dry_run([&org], &AT).access.is_empty(), "as things stand it is locked");
    assert_eq!(gains_of(&migration, &org), [writes(2, NOW)]);
}

/// Nobody has the role yet; whoever joins tomorrow is stopped by the rule today.
#[test]
fn a_role_that_leaves_a_group_is_told_where_something_is_taken_from_it() {
    let (old, migration) = editors_leave_the_juniors();
    let leaves = Widening {
        of: Of::Role { was: "editor".into(), is: "editor".into() },
        more: More::LeavesGroup("juniors".into()),
        declared: false,
    };
    assert_eq!(leaves.to_string(), "whoever was `editor` leaves the group `juniors`, from which something is taken");
    assert_eq!(undeclared(&migration, &[&desk_of(&old, [juniors_do_not_write(None)])]), [leaves]);
    assert_eq!(undeclared(&migration, &[&desk_of(&old, [])]), [], "nothing is taken from it");
    let meant = Migration::builder().roles([Move::keep("editor").widening()]);
    let meant = meant.build(&old, migration.new_catalog()).unwrap();
    let org = desk_of(&old, [joins(2, "editor"), juniors_do_not_write(None)]);
    assert!(meant.carry(&org, &AT).is_ok());
}

#[test]
fn what_one_role_is_meant_to_do_is_meant_of_nobody_else() {
    let old = desk(&[]);
    let new = desk(&[
        (
            "permissions = [\"note.read\", \"desk.use\"]",
            "permissions = [\"note.read\", \"note.write\", \"people.manage\", \"desk.use\"]",
        ),
        ("{ key = \"desk.use\"", "{ key = \"new.one\", scope = \"organization\" }, { key = \"desk.use\""),
    ]);
    let org = desk_of(&old, [joins(3, "intern")]);
    let widened = |role: &str| {
        let moves = Migration::builder().roles([Move::keep("owner").widening(), Move::keep(role).widening()]);
        moves.build(&old, &new).unwrap()
    };
    let for_owners = Migration::builder().roles([Move::keep("owner").widening()]).build(&old, &new).unwrap();
    let gains = gains_of(&for_owners, &org);
    assert_eq!(gains.len(), 1, "everywhere, said once: {gains:?}");
    assert_eq!((gains[0].who, gains[0].place), (Actor::User(Ids::OWN.user(3)), Place::Organization));
    assert!(widened("intern").carry(&org, &AT).is_ok());
    assert!(widened("editor").carry(&org, &AT).is_err());
}

/// A service holds what guards an action now, and not what guarded it: its sponsor holds both.
#[test]
fn a_service_does_not_come_to_do_what_its_sponsor_could() {
    let old = desk(&[]);
    let new = desk(&[
        (
            "{ key = \"desk.use\", scope = \"organization\" }",
            "{ key = \"desk.use\", scope = \"organization\", guards = [\"remove_member\"] }",
        ),
        ("guards = [\"remove_member\", \"change_roles\"", "guards = [\"change_roles\""),
        ("[\"note.read\", \"note.write\", \"desk.use\"]", "[\"note.read\", \"note.write\"]"),
        ("[\"note.read\", \"desk.use\"]", "[\"note.read\"]"),
    ]);
    let service = ServiceId::from_u64(1).unwrap();
    let created = Event::ServiceCreated {
        service,
        name: samples::name("Robot"),
        sponsor: Ids::OWN.user(1),
        permissions: vec!["desk.use".into()],
        workspaces: Vec::new(),
        secret: SecretHash::from_bytes([0; 32]),
        until: None,
    };
    let org = desk_of(&old, [created]);
    let migration = Migration::between(&old, &new).unwrap();
    let gains = gains_of(&migration, &org);
    assert_eq!(gains.len(), 1, "{gains:?}");
    assert_eq!((gains[0].who, &gains[0].actions[..]), (Actor::Service(service), &[Action::RemoveMember][..]));
    // Without its sponsor it waits, and whoever adopts it would have it.
    let mut orphaned = org;
    let event = Event::ServiceOrphaned { service };
    let record = Record { version: orphaned.version().next(), at: NOW, by: Actor::System, command: None, event };
    orphaned.apply(&record);
    assert_eq!(gains_of(&migration, &orphaned).len(), 1);
}
