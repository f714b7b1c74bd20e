//! What if, on what is shared: resource by resource, for whoever it concerns, before it happens.

use std::cell::Cell;
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::{Catalog, Permission, Sight};
use bailiwick::change::{
    AccessChange, AddMember, ChangeRoles, Command, Content, CreateOrganization, CreateTeam, DissolveTeam, JoinTeam,
    LeaveTeam, On, Remove, SharesCompared,
};
use bailiwick::migrate::{Migration, Objection, Stranded};
use bailiwick::sharing::{ChangeShare, GiveShare, Recipient, RevokeShare};
use bailiwick::{
    Actor, Address, LinkId, Name, OrgId, Organization, ResourceId, Seats, SecretHash, ShareId, Span, TeamId, Tenants,
    Timestamp, UserId, WorkspaceId,
};

use crate::cases::catalog;
use crate::support::worlds::{World, for_any_world};

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const AT: Facts<'static> = Facts::at(NOW);

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn share(n: u64) -> ShareId {
    ShareId::from_u64(n).unwrap()
}

fn pilot() -> Resource<'static> {
    let id = ResourceId::from_u64(1).unwrap();
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

/// A crew of an admin (1) and an editor (2), as a backend has it.
struct Crew {
    tenants: Tenants,
    id: OrgId,
}

impl Crew {
    fn new() -> Self {
        let crew = Self { tenants: Tenants::in_memory(catalog("production")), id: OrgId::from_u64(1).unwrap() };
        let (name, workspace) = (Name::new("Crew").unwrap(), WorkspaceId::from_u64(9).unwrap());
        let create = CreateOrganization { name, plan: "studio".into(), seats: Seats::new(9), owned: 0, workspace };
        crew.tenants.create(crew.id, create, &AT.by(by(1))).unwrap();
        crew.does(AddMember { user: user(2), roles: vec!["editor".into()], access: vec![] });
        crew
    }

    fn does(&self, command: impl Into<Command>) {
        self.tenants.handle(self.id, command, &AT.by(Actor::System)).unwrap();
    }

    fn shares(&self, n: u64, to: Recipient) {
        self.shares_until(n, to, None);
    }

    fn shares_until(&self, n: u64, to: Recipient, until: Option<Timestamp>) {
        let gift = GiveShare { until, ..self.gift(n, to) };
        self.tenants.share(self.id, &pilot(), gift, &AT.by(by(1))).unwrap();
    }

    fn gift(&self, n: u64, to: Recipient) -> GiveShare {
        GiveShare { share: share(n), to, level: vec!["script.view".into()], until: None }
    }

    fn view(&self) -> Permission {
        self.tenants.catalog().permission("script.view").unwrap()
    }

    fn sees(&self, who: Actor) -> bool {
        self.tenants.access_to(self.id, who, &pilot(), &AT).unwrap().allows(self.view())
    }

    /// A command takes the pilot from the editor; its preview says so beforehand.
    fn loses_by(&self, command: impl Into<Command>) {
        let command = command.into();
        assert!(self.sees(by(2)));
        let preview = self.tenants.preview(self.id, command.clone(), &AT.by(Actor::System)).unwrap();
        assert_eq!(preview.shares, SharesCompared::All);
        let told = on_pilot(&preview.access);
        let [loss] = told.as_slice() else { panic!("{command:?}: {:?}", preview.access) };
        assert_eq!(loss.who, by(2));
        assert!(loss.lost.contains(self.view()) && loss.gained.is_empty());
        self.does(command);
        assert!(!self.sees(by(2)));
    }
}

fn on_pilot(access: &[AccessChange]) -> Vec<&AccessChange> {
    access.iter().filter(|change| change.extent.on == On::Resource(pilot().id)).collect()
}

#[test]
fn who_leaves_a_group_loses_what_is_shared_to_it() {
    let crew = Crew::new();
    crew.shares(1, Recipient::Group("all_editors".into()));
    crew.loses_by(ChangeRoles { user: user(2), roles: vec!["talent".into()] });
}

#[test]
fn who_leaves_a_team_loses_what_is_shared_to_it() {
    for dissolve in [true, false] {
        let crew = Crew::new();
        let team = TeamId::from_u64(1).unwrap();
        crew.does(CreateTeam { team, name: Name::new("Writers").unwrap() });
        crew.does(JoinTeam { team, user: user(2) });
        crew.shares(1, Recipient::Team(team));
        if dissolve { crew.loses_by(DissolveTeam { team }) } else { crew.loses_by(LeaveTeam { team, user: user(2) }) }
    }
}

#[test]
fn who_is_removed_loses_what_was_shared_by_name() {
    let crew = Crew::new();
    crew.shares(1, Recipient::User(user(2)));
    crew.loses_by(Remove { user: user(2), content: Some(Content::TransferTo(user(1))) });
}

#[test]
fn who_joins_a_team_gains_what_is_shared_to_it() {
    let crew = Crew::new();
    let team = TeamId::from_u64(1).unwrap();
    crew.does(CreateTeam { team, name: Name::new("Writers").unwrap() });
    crew.shares(1, Recipient::Team(team));
    let join = JoinTeam { team, user: user(2) };
    let preview = crew.tenants.preview(crew.id, join, &AT.by(Actor::System)).unwrap();
    let told = on_pilot(&preview.access);
    assert!(told.len() == 1 && told[0].who == by(2) && told[0].gained.contains(crew.view()), "{:?}", preview.access);
}

/// Neither is lost nor gained what the share would not give any more.
#[test]
fn what_a_share_gives_for_a_while_differs_for_that_while() {
    let crew = Crew::new();
    let team = TeamId::from_u64(1).unwrap();
    crew.does(CreateTeam { team, name: Name::new("Writers").unwrap() });
    let (early, late) = (NOW.plus(Span::hours(1)), NOW.plus(Span::hours(2)));
    crew.shares_until(1, Recipient::Team(team), Some(early));
    let told = |command: Command| {
        let preview = crew.tenants.preview(crew.id, command, &AT.by(Actor::System)).unwrap();
        let extents = on_pilot(&preview.access).into_iter().map(|change| (change.extent.from, change.extent.until));
        extents.collect::<Vec<_>>()
    };
    assert_eq!(told(JoinTeam { team, user: user(2) }.into()), [(None, Some(early))]);
    crew.does(JoinTeam { team, user: user(2) });
    assert_eq!(told(LeaveTeam { team, user: user(2) }.into()), [(None, Some(early))]);
    // A longer one that stays.
    crew.shares_until(2, Recipient::User(user(2)), Some(late));
    assert_eq!(told(LeaveTeam { team, user: user(2) }.into()), []);
    assert_eq!(
        told(Remove { user: user(2), content: Some(Content::TransferTo(user(1))) }.into()),
        [(None, Some(late))]
    );
}

#[test]
fn what_sight_gives_anyhow_is_not_told_of_a_share() {
    let crew = Crew::new();
    crew.shares(1, Recipient::Members);
    let promote = ChangeRoles { user: user(2), roles: vec!["producer".into()] };
    let preview = crew.tenants.preview(crew.id, promote, &AT.by(Actor::System)).unwrap();
    assert!(on_pilot(&preview.access).is_empty(), "{:?}", preview.access);
    assert!(
        preview.access.iter().any(|change| change.extent.on == On::Unshared && change.gained.contains(crew.view()))
    );
}

/// Resources with shares as generated worlds have them; what checks on each say before and after is what is told, as far
/// as a share gives it.
#[test]
fn a_preview_with_shares_is_what_checks_on_each_resource_say() {
    let (told, resources) = (Cell::new(0), Cell::new(0));
    for_any_world(|world| {
        let mut before = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        for record in &world.history {
            before.apply(record);
        }
        let facts = Facts { now: world.facts().now, features: world.facts().features, ..AT };
        let shares: Vec<Share> = world.resources.iter().flat_map(|owned| owned.shares.iter().copied()).collect();
        for (user, roles) in before.people().map(|(user, person)| (user, person.roles())).collect::<Vec<_>>() {
            for (role, def) in world.catalog.roles().filter(|(role, _)| !roles.contains(*role)) {
                let command = Command::from(ChangeRoles { user, roles: vec![def.key.clone().into()] });
                let Ok(preview) = before.preview_with_shares(&command, &facts.by(Actor::System), &shares) else {
                    continue;
                };
                assert!(preview.after.roles_of(user).contains(role));
                resources.set(resources.get() + 1);
                told.set(
                    told.get() + tells_of_each(world, (&before, &preview.after), &preview.access, (&shares, &facts)),
                );
            }
        }
    });
    println!("{} rows on resources, {} commands", told.get(), resources.get());
    assert!(told.get() > 100);
}

fn tells_of_each(
    world: &World,
    (before, after): (&Organization, &Organization),
    access: &[AccessChange],
    (shares, facts): (&[Share], &Facts<'_>),
) -> usize {
    let mut told = 0;
    for id in shares.iter().map(|share| share.on) {
        let there: Vec<Share> = shares.iter().filter(|share| share.on == id).copied().collect();
        let on = Resource { id, shares: &there, ..pilot() };
        for (user, _) in before.people() {
            let who = Actor::User(user);
            let rows: Vec<&AccessChange> = access
                .iter()
                .filter(|change| change.who == who && change.extent.on == On::Resource(id) && change.extent.holds(None))
                .collect();
            for (permission, _) in world.catalog.permissions() {
                let can = |org: &Organization| {
                    let mut facts = facts.authenticated(facts.now).with_second_factor();
                    facts.provider = org.required_provider(facts.now);
                    org.check(who, permission, Target::Resource(&on), &facts).is_allow()
                };
                let by_sight = |org: &Organization| {
                    let mut facts = facts.authenticated(facts.now).with_second_factor();
                    facts.provider = org.required_provider(facts.now);
                    let bare = Resource { shares: &[], ..on };
                    org.check(who, permission, Target::Resource(&bare), &facts).is_allow()
                };
                let lost = rows.iter().any(|row| row.lost.contains(permission));
                let gained = rows.iter().any(|row| row.gained.contains(permission));
                assert!(!lost || (can(before) && !can(after)), "{who:?} {permission:?} on {id}");
                assert!(!gained || (!can(before) && can(after)), "{who:?} {permission:?} on {id}");
                // What only shares gave must be told.
                assert!(lost || !(can(before) && !by_sight(before) && !can(after)), "{who:?} {permission:?} on {id}");
                assert!(gained || !(can(after) && !by_sight(after) && !can(before)), "{who:?} {permission:?} on {id}");
                told += usize::from(lost || gained);
            }
        }
    }
    told
}

#[test]
fn a_share_is_previewed_for_everybody_whom_it_opens_something_to() {
    let crew = Crew::new();
    let preview =
        |to: Recipient| crew.tenants.preview_share(crew.id, &pilot(), crew.gift(1, to), &AT.by(by(1))).unwrap();
    for to in [Recipient::Members, Recipient::Group("all_editors".into()), Recipient::User(user(2))] {
        let preview = preview(to);
        let [gain] = preview.access.as_slice() else { panic!("{preview:?}") };
        assert!(gain.who == by(2) && gain.gained.contains(crew.view()) && preview.outside.is_empty());
    }
    let outsider = preview(Recipient::User(user(77)));
    assert_eq!(outsider.access.iter().map(|change| change.who).collect::<Vec<_>>(), [by(77)]);
    let link = LinkId::from_u64(5).unwrap();
    let linked = preview(Recipient::Link { link, secret: SecretHash::from_bytes([7; 32]), uses: None });
    assert_eq!(linked.access.iter().map(|change| change.who).collect::<Vec<_>>(), [Actor::Link(link)]);
    for to in [
        Recipient::Address(Address::new("guest@example.com").unwrap()),
        Recipient::Organization(OrgId::from_u64(2).unwrap()),
    ] {
        let preview = preview(to.clone());
        assert!(preview.access.is_empty());
        let [outside] = preview.outside.as_slice() else { panic!("{preview:?}") };
        assert_eq!((outside.share, &outside.was, &outside.is.as_ref().unwrap().to), (share(1), &None, &to));
    }
    assert!(!crew.sees(by(2)), "nothing has happened");
}

#[test]
fn closing_and_shortening_a_share_is_previewed_with_its_instant() {
    let crew = Crew::new();
    crew.shares(1, Recipient::Members);
    let revoked =
        crew.tenants.preview_share(crew.id, &pilot(), RevokeShare { share: share(1) }, &AT.by(by(1))).unwrap();
    assert!(revoked.access.len() == 1 && revoked.access[0].lost.contains(crew.view()));
    let until = Some(NOW.plus(Span::days(3)));
    let change = ChangeShare { share: share(1), level: vec!["script.view".into()], until };
    let changed = crew.tenants.preview_share(crew.id, &pilot(), change, &AT.by(by(1))).unwrap();
    let [loss] = changed.access.as_slice() else { panic!("{changed:?}") };
    assert_eq!((loss.who, loss.extent.from, loss.extent.until), (by(2), until, None));
    // Whoever may not share is told what anybody is told.
    let stranger = crew.tenants.preview_share(crew.id, &pilot(), RevokeShare { share: share(1) }, &AT.by(by(5)));
    assert_eq!(stranger.unwrap_err().code(), Some("not_found"));
}

#[test]
fn a_changed_catalog_is_tried_out_on_what_is_shared() {
    let old: Arc<Catalog> = Arc::new(catalog("production"));
    let crew = Crew::new();
    let org = crew.tenants.read(crew.id, Clone::clone).unwrap().unwrap();
    let view = old.permission("script.view").unwrap();
    let to = ShareHolder::Group(old.group("all_editors").unwrap());
    let shared = [Share { on: pilot().id, to, level: [view].into_iter().collect(), until: None }];

    let without = |permission: &'static str| {
        let changed = old.to_builder().change_role("talent", |mut role| {
            role.permissions.retain(|held| held != permission);
            role
        });
        let changed = changed.build().unwrap();
        Migration::between(&old, &Arc::new(changed)).unwrap()
    };
    let run = without("script.view").dry_run_shares(&org, &shared, &AT);
    let [row] = run.access.rows() else { panic!("{}", run.access) };
    assert_eq!((row.who, row.extent.on), (by(2), On::Resource(pilot().id)));
    assert!(row.lost.contains(&"script.view".into()) && run.objections.is_empty());

    // Who sees everything anyhow has nothing of the share any more, and has lost nothing.
    let seeing = old.to_builder().change_role("editor", |role| role.sight(Sight::All)).build().unwrap();
    let run = Migration::between(&old, &Arc::new(seeing)).unwrap().dry_run_shares(&org, &shared, &AT);
    assert!(run.access.is_empty(), "{}", run.access);

    let text = toml::to_string(&*old).unwrap().replace("roles = [\"editor\"]", "roles = [\"talent\"]");
    let moved: Arc<Catalog> = Arc::new(toml::from_str(&text).unwrap());
    assert_ne!(old, moved);
    let run = Migration::between(&old, &moved).unwrap().dry_run_shares(&org, &shared, &AT);
    let [Objection::Strands(Stranded::Share { group, .. })] = run.objections.as_slice() else {
        panic!("{:?}", run.objections)
    };
    assert_eq!(group.as_str(), "all_editors");
    assert!(run.access.losses().any(|row| row.who == by(2)), "{}", run.access);
}

/// Whoever is removed loses what was shared with them by name, too: those shares are to be dropped, and are not counted on.
#[test]
fn whoever_is_removed_loses_what_was_shared_with_them() {
    let crew = Crew::new();
    let org = crew.tenants.read(crew.id, Clone::clone).unwrap().unwrap();
    let (on, level) = (pilot().id, [crew.view()].into_iter().collect());
    let joined = org.person(user(2)).unwrap().joined().version;
    for to in [ShareHolder::User(user(2)), ShareHolder::Person { user: user(2), joined }] {
        let shares = [Share { on, to, level, until: None }];
        let remove = Command::from(Remove { user: user(2), content: Some(Content::Stays) });
        let preview = org.preview_with_shares(&remove, &AT.by(Actor::System), &shares).unwrap();
        let on_pilot = preview.access.iter().find(|change| change.extent.on == On::Resource(on));
        assert!(on_pilot.is_some_and(|change| change.lost.contains(crew.view())), "{:?}", preview.access);
    }
}
