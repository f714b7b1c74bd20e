//! Worlds of many organizations in neutral form: plain members and rows, and questions with the answer expected.
//!
//! Shared with the package in `examples/peers`, so it needs nothing but this crate. A world is a seed: each organization
//! is drawn from it when somebody asks, and two million members lie in memory only where an engine has put them.
//!
//! The rules are those of the `cloud` preset. Owners and admins reach every workspace. Developers and viewers have
//! something only where a row of theirs assigns the workspace; a row may name another role, which widens what they have.
#![allow(dead_code, reason = "two packages share this file, and each uses its part of it")]

use std::sync::Arc;

use bailiwick::access::{Facts, Target};
use bailiwick::catalog::{Catalog, Permission, RoleKey};
use bailiwick::change::{Event, Record};
use bailiwick::{Actor, Kind, Name, OrgId, Organization, Override, Seats, Timestamp, UserId, WorkspaceId};

pub const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
/// How many organizations a hot array is about.
pub const HOT: usize = 16;
const MEMBERS: usize = 20;
const WORKSPACES: usize = 5;

/// The four roles of the preset, each with less than the one before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    Owner,
    Admin,
    Developer,
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Developer, Self::Viewer];

    pub fn key(self) -> &'static str {
        ["owner", "admin", "developer", "viewer"][self as usize]
    }

    /// Whether the role needs no row to have something in a workspace.
    pub fn reaches_all(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    pub fn holds(self, ask: Ask) -> bool {
        match ask {
            Ask::View => true,
            Ask::Run => self != Self::Viewer,
            Ask::Edit => self.reaches_all(),
        }
    }
}

/// The three permissions that are asked about: everybody's, developers', admins'.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    View,
    Run,
    Edit,
}

impl Ask {
    pub const ALL: [Self; 3] = [Self::View, Self::Run, Self::Edit];

    pub fn key(self) -> &'static str {
        ["resource.view", "operation.run", "resource.edit"][self as usize]
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub user: UserId,
    pub role: Role,
}

/// A workspace assigned to a member, perhaps with another role there. Both are positions in [`Plain`].
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub member: usize,
    pub workspace: usize,
    pub role: Option<Role>,
}

/// One organization as plain data.
#[derive(Debug)]
pub struct Plain {
    pub id: OrgId,
    pub workspaces: Vec<WorkspaceId>,
    pub members: Vec<Member>,
    /// In the order of the members.
    pub rows: Vec<Row>,
}

/// What decides a question about somebody who belongs here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Case {
    /// The role reaches every workspace.
    Everywhere,
    /// A row assigns the workspace, and the permission is held there.
    RowAllows,
    /// A row assigns the workspace, and the permission is still missing.
    RowDenies,
    /// No row assigns the workspace.
    NoRow,
}

/// May this user do this in this workspace of this organization?
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub org: OrgId,
    pub user: UserId,
    pub workspace: WorkspaceId,
    pub ask: Ask,
    /// The same permission as a handle of the catalog.
    pub permission: Permission,
    /// The answer expected.
    pub allowed: bool,
}

/// A world: a seed and its sizes.
#[derive(Clone, Copy, Debug)]
pub struct Worlds {
    pub organizations: usize,
    /// In each organization.
    pub members: usize,
    /// In each organization.
    pub workspaces: usize,
    permissions: [Permission; 3],
}

impl Worlds {
    /// So many organizations of 20 members and 5 workspaces.
    pub fn many(organizations: usize, catalog: &Catalog) -> Self {
        let permissions = Ask::ALL.map(|ask| catalog.permission(ask.key()).unwrap());
        Self { organizations, members: MEMBERS, workspaces: WORKSPACES, permissions }
    }

    /// One organization of so many members, with a workspace for each hundred of them.
    pub fn one(members: usize, catalog: &Catalog) -> Self {
        Self { members, workspaces: WORKSPACES.max(members / 100), ..Self::many(1, catalog) }
    }

    /// One organization of 100,000 members and 1,000 workspaces.
    pub fn one_big(catalog: &Catalog) -> Self {
        Self::one(100_000, catalog)
    }

    pub fn member_count(&self) -> usize {
        self.organizations * self.members
    }

    /// Every organization, drawn one by one.
    pub fn plain(&self) -> impl Iterator<Item = Plain> + use<> {
        let world = *self;
        (0..world.organizations).map(move |at| world.draw(at))
    }

    /// Every question that can be asked of the people and places of this world.
    pub fn every_question(&self) -> impl Iterator<Item = Question> + use<> {
        let world = *self;
        world.plain().flat_map(move |org| {
            let pairs =
                (0..org.members.len()).flat_map(|member| (0..world.workspaces).map(move |place| (member, place)));
            let triples = pairs.flat_map(|(member, place)| Ask::ALL.map(|ask| (member, place, ask)));
            triples.map(|(member, place, ask)| world.question(&org, member, place, ask)).collect::<Vec<_>>()
        })
    }

    /// The usual mix over the whole world.
    pub fn cold(&self, count: usize) -> Vec<Question> {
        let (mut dice, mut pick) = (Dice::of(1), Pick::of(self));
        (0..count)
            .map(|_| {
                let case = Case::usual(&mut dice);
                self.draw_question(pick.one(&mut dice), case, &mut dice)
            })
            .collect()
    }

    /// The usual mix over 16 organizations, or over as many members of the one that there is.
    pub fn hot(&self, count: usize) -> Vec<Question> {
        let mut dice = Dice::of(2);
        let few: Vec<Plain> = match self.organizations {
            1 => vec![self.draw(0).only(HOT * MEMBERS)],
            all => (0..HOT).map(|_| self.draw(dice.roll(all))).collect(),
        };
        (0..count)
            .map(|_| {
                let case = Case::usual(&mut dice);
                self.draw_question(&few[dice.roll(few.len())], case, &mut dice)
            })
            .collect()
    }

    /// Only what is allowed: three by role to two by row, over the whole world.
    pub fn allowed(&self, count: usize) -> Vec<Question> {
        self.of_cases(count, &[Case::Everywhere, Case::Everywhere, Case::Everywhere, Case::RowAllows, Case::RowAllows])
    }

    /// What a role allows everywhere.
    pub fn by_role(&self, count: usize) -> Vec<Question> {
        self.of_cases(count, &[Case::Everywhere])
    }

    /// What is allowed where a row assigns the workspace.
    pub fn by_row(&self, count: usize) -> Vec<Question> {
        self.of_cases(count, &[Case::RowAllows])
    }

    /// Members who do not hold what is asked, most of them for want of a row.
    pub fn not_granted(&self, count: usize) -> Vec<Question> {
        self.of_cases(count, &[Case::NoRow, Case::NoRow, Case::NoRow, Case::NoRow, Case::NoRow, Case::RowDenies])
    }

    /// Users of whom nobody has heard, in workspaces that are there.
    pub fn unknown_user(&self, count: usize) -> Vec<Question> {
        let mut dice = Dice::of(3);
        let mut questions = self.allowed(count);
        for question in &mut questions {
            (question.user, question.allowed) = (UserId::from_u128(dice.id()).unwrap(), false);
        }
        questions
    }

    /// Members with every right at home, who name a workspace of another organization.
    pub fn foreign_workspace(&self, count: usize) -> Vec<Question> {
        let (mut dice, mut pick) = (Dice::of(4), Pick::of(self));
        let mut questions = self.by_role(count);
        for question in &mut questions {
            let mut other = pick.one(&mut dice);
            while other.id == question.org && self.organizations > 1 {
                other = pick.one(&mut dice);
            }
            // Where there is no other organization, the workspace is of one that is not in this world.
            question.workspace = match self.organizations {
                1 => WorkspaceId::from_u128(dice.id()).unwrap(),
                _ => other.workspaces[dice.roll(other.workspaces.len())],
            };
            question.allowed = false;
        }
        questions
    }

    fn of_cases(&self, count: usize, cases: &[Case]) -> Vec<Question> {
        let (mut dice, mut pick) = (Dice::of(5), Pick::of(self));
        (0..count)
            .map(|_| {
                let case = cases[dice.roll(cases.len())];
                self.draw_question(pick.one(&mut dice), case, &mut dice)
            })
            .collect()
    }

    /// Draws until the case fits; each of them is common in every organization.
    fn draw_question(&self, org: &Plain, case: Case, dice: &mut Dice) -> Question {
        loop {
            let (member, place) = match case {
                Case::Everywhere | Case::NoRow => (dice.roll(org.members.len()), dice.roll(org.workspaces.len())),
                Case::RowAllows | Case::RowDenies => {
                    let row = org.rows[dice.roll(org.rows.len())];
                    (row.member, row.workspace)
                }
            };
            let ask = Ask::ALL[dice.roll(3)];
            if org.case(member, place, ask) == case {
                return self.question(org, member, place, ask);
            }
        }
    }

    fn question(&self, org: &Plain, member: usize, place: usize, ask: Ask) -> Question {
        Question {
            org: org.id,
            user: org.members[member].user,
            workspace: org.workspaces[place],
            ask,
            permission: self.permissions[ask as usize],
            allowed: matches!(org.case(member, place, ask), Case::Everywhere | Case::RowAllows),
        }
    }

    /// One owner; of twenty members three more reach everything, and of the others each has rows in two workspaces.
    fn draw(&self, at: usize) -> Plain {
        let mut dice = Dice::of(1_000 + at as u64);
        let id = OrgId::from_u128(dice.id()).unwrap();
        let workspaces = (0..self.workspaces).map(|_| WorkspaceId::from_u128(dice.id()).unwrap()).collect();
        let (mut members, mut rows) = (Vec::with_capacity(self.members), Vec::with_capacity(2 * self.members));
        for member in 0..self.members {
            let role = match member % MEMBERS {
                0 if member == 0 => Role::Owner,
                0..4 => Role::Admin,
                4..12 => Role::Developer,
                _ => Role::Viewer,
            };
            members.push(Member { user: UserId::from_u128(dice.id()).unwrap(), role });
            if !role.reaches_all() {
                let first = dice.roll(self.workspaces);
                let second = (first + 1 + dice.roll(self.workspaces - 1)) % self.workspaces;
                rows.extend([first, second].map(|workspace| Row { member, workspace, role: dice.override_role() }));
            }
        }
        Plain { id, workspaces, members, rows }
    }
}

impl Plain {
    /// The rows with the ids in them: who, where, and which role there.
    pub fn rows_by_id(&self) -> impl Iterator<Item = (Member, WorkspaceId, Option<Role>)> {
        self.rows.iter().map(|row| (self.members[row.member], self.workspaces[row.workspace], row.role))
    }

    /// What makes the organization.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let (name, seats) = (Name::new("World").unwrap(), Seats::new(self.members.len() as u64));
        let (owner, roles): (UserId, Vec<RoleKey>) = (self.members[0].user, vec![Role::Owner.key().into()]);
        let created =
            Event::OrganizationCreated { kind: Kind::Team, name, plan: "enterprise".into(), seats, owner, roles };
        let workspaces = self.workspaces.iter().enumerate().map(|(at, workspace)| {
            let name = Name::new(&format!("W{at}")).unwrap();
            Event::WorkspaceCreated { workspace: *workspace, name }
        });
        let joined = self.members[1..].iter().map(|member| {
            let roles = vec![member.role.key().into()];
            Event::MemberJoined { user: member.user, roles, given_by: Actor::System }
        });
        let given = self.rows_by_id().map(|(member, workspace, role)| {
            let changes = role.map_or_else(Override::none, |role| Override::role(role.key()));
            Event::AccessGiven { user: member.user, workspace, changes, given_by: Actor::System }
        });
        core::iter::once(created).chain(workspaces).chain(joined).chain(given)
    }

    /// The organization as the crate keeps it.
    pub fn organization(&self, catalog: &Arc<Catalog>) -> Organization {
        let mut org = Organization::new(self.id, Arc::clone(catalog));
        for event in self.events() {
            let version = org.version().next();
            org.apply(&Record { version, at: NOW, by: Actor::System, command: None, event });
        }
        org
    }

    fn case(&self, member: usize, workspace: usize, ask: Ask) -> Case {
        let role = self.members[member].role;
        if role.reaches_all() {
            return Case::Everywhere;
        }
        let first = self.rows.partition_point(|row| row.member < member);
        let mut own = self.rows[first..].iter().take_while(|row| row.member == member);
        match own.find(|row| row.workspace == workspace) {
            None => Case::NoRow,
            Some(row) if role.holds(ask) || row.role.is_some_and(|role| role.holds(ask)) => Case::RowAllows,
            Some(_) => Case::RowDenies,
        }
    }

    /// The first so many members of it.
    fn only(mut self, members: usize) -> Self {
        self.members.truncate(members);
        self.rows.retain(|row| row.member < members);
        self
    }
}

impl Case {
    /// Of a hundred questions 60 are allowed, and 30 meet a row.
    fn usual(dice: &mut Dice) -> Self {
        match dice.roll(100) {
            0..36 => Self::Everywhere,
            36..60 => Self::RowAllows,
            60..66 => Self::RowDenies,
            _ => Self::NoRow,
        }
    }
}

impl Question {
    pub fn actor(&self) -> Actor {
        Actor::User(self.user)
    }

    pub fn target(&self) -> Target<'static> {
        Target::Workspace(self.workspace)
    }

    /// The moment at which everything is asked.
    pub fn facts() -> Facts<'static> {
        Facts::at(NOW)
    }
}

/// Organizations at random; the last one is kept, because the big one is not drawn twice.
struct Pick {
    world: Worlds,
    at: usize,
    org: Plain,
}

impl Pick {
    fn of(world: &Worlds) -> Self {
        Self { world: *world, at: 0, org: world.draw(0) }
    }

    fn one(&mut self, dice: &mut Dice) -> &Plain {
        let at = dice.roll(self.world.organizations);
        if at != self.at {
            (self.at, self.org) = (at, self.world.draw(at));
        }
        &self.org
    }
}

/// A small deterministic generator (a Weyl sequence through a mixer): the same world every time.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        (self.bits() >> 32) as usize % sides
    }

    pub fn id(&mut self) -> u128 {
        (u128::from(self.bits()) << 64) | u128::from(self.bits()) | 1
    }

    /// Half of the rows assign and nothing else.
    fn override_role(&mut self) -> Option<Role> {
        match self.roll(10) {
            0..5 => None,
            5..8 => Some(Role::Developer),
            8 => Some(Role::Viewer),
            _ => Some(Role::Admin),
        }
    }
}
