//! One company in two shapes: as the crate keeps it, and as a backend developer would by hand.

use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::{Catalog, Permission, PermissionSet, RoleKey};
use bailiwick::change::{Event, Record};
use bailiwick::{
    Actor, Kind, Name, OrgId, Organization, Override, Seats, Timestamp, UserId, Version, WorkspaceId, presets,
};
use hashbrown::HashMap;

pub const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const ROLES: [&str; 4] = ["owner", "admin", "developer", "viewer"];

/// Two maps, as one writes them by hand: who has which role, and who has which role instead in a workspace.
/// The ids are those of the crate, and so is the hash.
pub struct ByHand {
    members: HashMap<(OrgId, UserId), u8>,
    overrides: HashMap<(WorkspaceId, UserId), u8>,
    /// Permissions of each role, everywhere and where assigned.
    roles: [(PermissionSet, bool); 4],
}

impl ByHand {
    pub fn check(&self, org: OrgId, user: UserId, workspace: WorkspaceId, permission: Permission) -> bool {
        let Some(role) = self.members.get(&(org, user)) else { return false };
        let (permissions, everywhere) = &self.roles[usize::from(*role)];
        match self.overrides.get(&(workspace, user)) {
            Some(instead) => self.roles[usize::from(*instead)].0.contains(permission),
            None => *everywhere && permissions.contains(permission),
        }
    }
}

pub struct World {
    pub org: Organization,
    pub by_hand: ByHand,
    /// Questions that both answer alike: user, workspace, permission, and the answer.
    pub questions: Vec<(UserId, WorkspaceId, Permission, bool)>,
}

/// A small deterministic generator: the same world every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn id(&mut self) -> u128 {
        (u128::from(self.roll(u64::MAX)) << 64) | u128::from(self.roll(u64::MAX)) | 1
    }
}

/// An organization of so many members and workspaces; a third of the members have a row in each of two workspaces.
pub fn world(members: usize, workspaces: usize) -> World {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let mut dice = Dice(42);
    let id = OrgId::from_u128(dice.id()).unwrap();
    let users: Vec<UserId> = (0..members).filter_map(|_| UserId::from_u128(dice.id())).collect();
    let places: Vec<WorkspaceId> = (0..workspaces).filter_map(|_| WorkspaceId::from_u128(dice.id())).collect();

    let mut org = Organization::new(id, Arc::clone(&catalog));
    let mut apply = |event: Event| {
        let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
        org.apply(&record);
    };
    let (name, plan, seats) = (Name::new("World").unwrap(), "enterprise".into(), Seats::new(members as u64));
    let roles: Vec<RoleKey> = vec!["owner".into()];
    apply(Event::OrganizationCreated { kind: Kind::Team, name, plan, seats, owner: users[0], roles });
    for (at, workspace) in places.iter().enumerate() {
        apply(Event::WorkspaceCreated { workspace: *workspace, name: Name::new(&format!("W{at}")).unwrap() });
    }
    let (mut by_member, mut overrides) = (HashMap::new(), HashMap::new());
    by_member.insert((id, users[0]), 0);
    for user in &users[1..] {
        let role = [1, 2, 2, 2, 2, 2, 3, 3, 3, 3][dice.roll(10) as usize];
        by_member.insert((id, *user), role as u8);
        apply(Event::MemberJoined { user: *user, roles: vec![ROLES[role].into()], given_by: Actor::System });
        for _ in 0..2 {
            if role == 1 || dice.roll(3) == 0 {
                continue;
            }
            let workspace = places[dice.roll(workspaces as u64) as usize];
            overrides.insert((workspace, *user), 2_u8);
            apply(Event::AccessGiven {
                user: *user,
                workspace,
                changes: Override::role("developer"),
                given_by: Actor::System,
            });
        }
    }
    assert_eq!(org.version(), Version::from_u64(org.version().as_u64()));

    let table = |key: &str| {
        let role = catalog.role(key).unwrap();
        (catalog.permissions_of(role), matches!(key, "owner" | "admin"))
    };
    let by_hand = ByHand { members: by_member, overrides, roles: ROLES.map(table) };
    let asked = ["operation.run", "resource.view", "resource.edit"].map(|key| catalog.permission(key).unwrap());
    let rows: Vec<(WorkspaceId, UserId)> = by_hand.overrides.keys().copied().collect();
    let mut questions: Vec<_> = (0..4_096)
        .map(|at| {
            let (workspace, user) = match at % 10 {
                0..6 if !rows.is_empty() => rows[dice.roll(rows.len() as u64) as usize],
                _ => (places[dice.roll(workspaces as u64) as usize], users[dice.roll(members as u64) as usize]),
            };
            let permission = asked[dice.roll(3) as usize];
            (user, workspace, permission, by_hand.check(id, user, workspace, permission))
        })
        .collect();
    questions.sort_by_key(|(user, ..)| user.as_u128().rotate_left(17)); // the order of nothing
    let world = World { org, by_hand, questions };
    world.agree();
    world
}

impl World {
    /// A fast wrong answer is not a result.
    fn agree(&self) {
        for (user, workspace, permission, allowed) in &self.questions {
            let facts = Facts::at(NOW);
            let found = self.org.check(Actor::User(*user), *permission, Target::Workspace(*workspace), &facts);
            assert_eq!(found == Decision::Allow, *allowed, "the two shapes disagree");
        }
        let allowed = self.questions.iter().filter(|(.., allowed)| *allowed).count();
        assert!(allowed * 10 > self.questions.len() && allowed * 10 < self.questions.len() * 9, "a trivial world");
    }

    /// Only the questions with one answer.
    pub fn only(&self, allowed: bool) -> Vec<(UserId, WorkspaceId, Permission, bool)> {
        self.questions.iter().filter(|question| question.3 == allowed).copied().collect()
    }
}
