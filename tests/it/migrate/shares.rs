//! Shares, which move beside the organization.

use bailiwick::sharing::{Extent, ShareEvent, ShareRecord, Sheet};

use super::*;

/// What was shared under the old keys is found, counts and is closed under the new ones.
#[test]
fn shares_are_read_and_found_under_the_newest_catalog() {
    let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION).unwrap());
    let text = bailiwick::presets::PRODUCTION.replace("\"all_talent\"", "\"everybody_on_stage\"");
    let new: Arc<Catalog> = Arc::new(toml::from_str(&text.replace("\"script.view\"", "\"script.read\"")).unwrap());
    let migration = Migration::builder()
        .groups([Move::rename("all_talent", "everybody_on_stage")])
        .permissions([Move::rename("script.view", "script.read")])
        .build(&old, &new)
        .unwrap();
    let (store, now) = (Arc::new(MemoryStore::new()), Facts::at(Timestamp::from_millis(1_795_000_000_000)));
    let (crew, thing) = (OrgId::from_u64(1).unwrap(), ResourceId::from_u64(1).unwrap());
    let on = Resource { id: thing, containers: &[], workspace: None, personal_owner: None, shares: &[] };
    let yesterday = Tenants::new(Arc::clone(&old), Arc::clone(&store));
    let (name, plan, workspace) = (Name::new("Crew").unwrap(), "studio".into(), WorkspaceId::from_u64(1).unwrap());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace };
    yesterday.create(crew, create, &now.by(Actor::User(UserId::from_u64(1).unwrap()))).unwrap();
    let tia = UserId::from_u64(4).unwrap();
    let joins = AddMember { user: tia, roles: vec!["talent".into()], access: Vec::new() };
    yesterday.handle(crew, joins, &now.by(Actor::System)).unwrap();
    let (share, level) = (ShareId::from_u64(1).unwrap(), vec!["script.view".into()]);
    let give = GiveShare { share, to: Recipient::Group("all_talent".into()), level, until: None };
    yesterday.share(crew, &on, give, &now.by(Actor::System)).unwrap();

    let today = Upcasting::new(Arc::clone(&store), Migrations::new([migration]).unwrap(), |_, _| 0);
    let today = Tenants::new(Arc::clone(&new), today);
    let read = new.permission("script.read").unwrap();
    assert!(today.access_to(crew, Actor::User(tia), &on, &now).unwrap().allows(read));
    assert_eq!(today.filter(crew, Actor::User(tia), read, &now).unwrap().shared(), [thing]);
    today.share(crew, &on, RevokeShare { share }, &now.by(Actor::System)).unwrap();
    assert!(!today.access_to(crew, Actor::User(tia), &on, &now).unwrap().allows(read));
    let found = store.find(&Key::Share(ShareKey::Group(crew, "all_talent".into())), None, None, 9).unwrap();
    assert!(found.is_empty(), "closed, and still found by the key of yesterday");
}

fn given(share: u64, to: Recipient, level: &[&str]) -> ShareRecord {
    let (share, level) = (ShareId::from_u64(share).unwrap(), level.iter().map(|key| (*key).into()).collect());
    let event = ShareEvent::Given { share, to, since: None, extent: Extent::default(), level, until: None };
    ShareRecord { version: Version::from_u64(1), at: NOW, by: Actor::System, command: None, event }
}

/// As it is kept by the caller, and as it is stored here.
#[test]
fn what_could_not_be_shared_before_is_not_shared_now() {
    let old =
        desk(&[("{ key = \"note.write\", scope = \"resource\" }", "{ key = \"note.write\", scope = \"workspace\" }")]);
    let migration = Migration::between(&old, &desk(&[])).unwrap();
    let (read, write) = (old.permission("note.read").unwrap(), old.permission("note.write").unwrap());
    let level: PermissionSet = [read, write].into_iter().collect();
    let share = Share { on: ResourceId::from_u64(7).unwrap(), to: ShareHolder::Members, level, until: None };
    let kept = migration.share(&share).unwrap().level;
    assert_eq!(kept, migration.new_catalog().permission("note.read").into_iter().collect());
    let stored = migration.upcast_share(given(1, Recipient::Members, &["note.read", "note.write"]));
    assert_eq!(stored, given(1, Recipient::Members, &["note.read"]));
}

/// Sheets are read without asking, so it is asked before. D-29.
#[test]
fn shares_that_would_be_for_nobody_or_for_nothing_stand_in_the_way() {
    let old = desk(&[]);
    let new = desk(&[
        ("roles = [\"intern\", \"editor\"]", "roles = [\"owner\"]"),
        ("  { key = \"note.manage\", scope = \"resource\" },\n", ""),
    ]);
    let migration = Migration::builder().permissions([Move::remove("note.manage")]).build(&old, &new).unwrap();
    let (organization, resource) = (Ids::OWN.organization(), ResourceId::from_u64(7).unwrap());
    let sheet = |record: &ShareRecord| Sheet::replay(organization, resource, [record]);
    let sheets = [
        sheet(&given(1, Recipient::Group("juniors".into()), &["note.read"])),
        sheet(&given(2, Recipient::Members, &["note.manage"])),
        sheet(&given(3, Recipient::Members, &["note.manage", "note.read"])),
    ];
    let share = |n| ShareId::from_u64(n).unwrap();
    let expected = [
        Stranded::Share { resource, share: Some(share(1)), group: "juniors".into() },
        Stranded::EmptyShare { resource, share: share(2) },
    ];
    assert_eq!(migration.objections_of(&sheets), expected.map(Objection::Strands));
}
