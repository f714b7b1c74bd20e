//! Companies in any shape, as plain data: members with rows, teams, rules of workspaces, and who may do what by all of it.
//!
//! What may be done is worked out from the plain data alone, so that every answer of the crate can be compared with it.

use bailiwick::catalog::{Catalog, Permission, RoleKey};
use bailiwick::change::Event;
use bailiwick::{Actor, Kind, Name, OrgId, Override, RuleFor, Seats, TeamId, UserId, WorkspaceId};

use crate::ask::Question;
use crate::catalogs::{self, GROUPS, OWNER};
use crate::worlds::Dice;

/// Teams of one organization, where it has any.
const TEAMS: usize = 16;

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub organizations: usize,
    /// In each organization; so is the rest.
    pub members: usize,
    pub workspaces: usize,
    /// In the catalog.
    pub permissions: usize,
    /// In the catalog.
    pub roles: usize,
    /// Of each member.
    pub rows: usize,
    /// Of each member.
    pub teams: usize,
    /// On each workspace.
    pub rules: usize,
}

/// One organization.
#[derive(Debug)]
pub struct Company {
    pub id: OrgId,
    workspaces: Vec<WorkspaceId>,
    teams: Vec<TeamId>,
    members: Vec<Member>,
    /// Of each workspace.
    rules: Vec<Vec<Rule>>,
}

#[derive(Debug)]
struct Member {
    user: UserId,
    role: usize,
    teams: Vec<usize>,
    rows: Vec<Row>,
}

/// What is different for a member in a workspace.
#[derive(Clone, Copy, Debug)]
struct Row {
    place: usize,
    change: Change,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    Role(usize),
    Adds(usize),
    Removes(usize),
}

/// A rule gives one permission and takes another.
#[derive(Clone, Copy, Debug)]
struct Rule {
    holder: Holder,
    gives: usize,
    takes: usize,
}

#[derive(Clone, Copy, Debug)]
enum Holder {
    Group(usize),
    Team(usize),
}

impl Shape {
    /// Companies as the other panels have them: twenty members, five workspaces, two rows each.
    pub const USUAL: Self = Self {
        organizations: 1_000,
        members: 20,
        workspaces: 5,
        permissions: 32,
        roles: 4,
        rows: 2,
        teams: 0,
        rules: 0,
    };

    pub fn member_count(&self) -> usize {
        self.organizations * self.members
    }

    pub fn catalog(&self) -> Catalog {
        catalogs::catalog(self.permissions, self.roles)
    }

    pub fn companies(&self) -> Vec<Company> {
        (0..self.organizations).map(|at| self.draw(&mut Dice::of(1 + at as u64))).collect()
    }

    /// Of two questions one is about a place where the member has a row, if there is any.
    pub fn questions(&self, companies: &[Company], catalog: &Catalog, count: usize) -> Vec<Question> {
        let permissions: Vec<Permission> = catalog.permissions().map(|(permission, _)| permission).collect();
        let mut dice = Dice::of(0);
        (0..count)
            .map(|_| {
                let company = &companies[dice.roll(companies.len())];
                let member = &company.members[dice.roll(company.members.len())];
                let place = match dice.roll(2) {
                    0 if !member.rows.is_empty() => member.rows[dice.roll(member.rows.len())].place,
                    _ => dice.roll(self.workspaces),
                };
                let asked = dice.roll(self.permissions);
                Question {
                    org: company.id,
                    user: member.user,
                    workspace: company.workspaces[place],
                    permission: permissions[asked],
                    allowed: company.allows(member, place, asked),
                }
            })
            .collect()
    }

    fn draw(&self, dice: &mut Dice) -> Company {
        let teams = if self.teams == 0 { 0 } else { TEAMS };
        Company {
            id: OrgId::from_u128(dice.id()).unwrap(),
            workspaces: (0..self.workspaces).map(|_| WorkspaceId::from_u128(dice.id()).unwrap()).collect(),
            teams: (0..teams).map(|_| TeamId::from_u128(dice.id()).unwrap()).collect(),
            members: (0..self.members).map(|at| self.draw_member(at, dice)).collect(),
            rules: (0..self.workspaces).map(|_| self.draw_rules(dice)).collect(),
        }
    }

    fn draw_member(&self, at: usize, dice: &mut Dice) -> Member {
        let user = UserId::from_u128(dice.id()).unwrap();
        let role = if at == 0 { OWNER } else { 1 + (at - 1) % (self.roles - 1) };
        let rows = some_of(self.workspaces, self.rows, dice);
        let rows = rows.into_iter().map(|place| Row { place, change: self.draw_change(dice) }).collect();
        Member { user, role, teams: some_of(TEAMS, self.teams, dice), rows }
    }

    /// Half of the rows assign and nothing else.
    fn draw_change(&self, dice: &mut Dice) -> Change {
        match dice.roll(8) {
            0..4 => Change::Nothing,
            4 | 5 => Change::Role(1 + dice.roll(self.roles - 1)),
            6 => Change::Adds(dice.roll(self.permissions)),
            _ => Change::Removes(dice.roll(self.permissions)),
        }
    }

    /// As many rules of groups as of teams, no two of one holder.
    fn draw_rules(&self, dice: &mut Dice) -> Vec<Rule> {
        let (groups, teams) = (some_of(GROUPS, self.rules.div_ceil(2), dice), some_of(TEAMS, self.rules / 2, dice));
        let holders = groups.into_iter().map(Holder::Group).chain(teams.into_iter().map(Holder::Team));
        let mut rule = |holder| Rule { holder, gives: dice.roll(self.permissions), takes: dice.roll(self.permissions) };
        holders.map(&mut rule).collect()
    }
}

impl Company {
    /// What makes the organization.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let roles = |at: usize| -> Vec<RoleKey> { vec![catalogs::role(at).as_str().into()] };
        let seats = Seats::new(self.members.len() as u64);
        let created = Event::OrganizationCreated {
            kind: Kind::Team,
            name: name("Company"),
            plan: "plan".into(),
            seats,
            owner: self.members[0].user,
            roles: roles(OWNER),
        };
        let workspaces =
            self.workspaces.iter().map(|id| Event::WorkspaceCreated { workspace: *id, name: name("Workspace") });
        let teams = self.teams.iter().map(|id| Event::TeamCreated { team: *id, name: name("Team") });
        let joined = self.members[1..].iter().map(move |member| Event::MemberJoined {
            user: member.user,
            roles: roles(member.role),
            given_by: Actor::System,
        });
        let given = self.members.iter().flat_map(|member| {
            let rows = member.rows.iter().map(|row| Event::AccessGiven {
                user: member.user,
                workspace: self.workspaces[row.place],
                changes: row.change.to_override(),
                given_by: Actor::System,
            });
            let teams = member.teams.iter().map(|at| Event::TeamJoined { team: self.teams[*at], user: member.user });
            rows.chain(teams)
        });
        let ruled = self.workspaces.iter().zip(&self.rules).flat_map(|(workspace, rules)| {
            rules.iter().map(|rule| Event::RuleSet {
                workspace: *workspace,
                holder: match rule.holder {
                    Holder::Group(at) => RuleFor::Group(catalogs::group(at).as_str().into()),
                    Holder::Team(at) => RuleFor::Team(self.teams[at]),
                },
                given: vec![catalogs::permission(rule.gives).as_str().into()],
                taken: vec![catalogs::permission(rule.takes).as_str().into()],
                until: None,
            })
        });
        core::iter::once(created).chain(workspaces).chain(teams).chain(joined).chain(given).chain(ruled)
    }

    /// Nearest wins, and at equal distance whoever takes.
    fn allows(&self, member: &Member, place: usize, asked: usize) -> bool {
        let row = member.rows.iter().find(|row| row.place == place).map(|row| row.change);
        let by_role = match row {
            Some(Change::Role(instead)) => catalogs::holds(instead, asked),
            Some(_) => catalogs::holds(member.role, asked),
            None => catalogs::reaches_all(member.role) && catalogs::holds(member.role, asked),
        };
        let mine = || self.rules[place].iter().filter(|rule| rule.holder.has(member));
        let by_rules = (by_role || mine().any(|rule| rule.gives == asked)) && !mine().any(|rule| rule.takes == asked);
        let by_row = match row {
            Some(Change::Adds(added)) if added == asked => true,
            Some(Change::Removes(removed)) if removed == asked => false,
            _ => by_rules,
        };
        by_row || member.role == OWNER
    }
}

impl Change {
    fn to_override(self) -> Override {
        match self {
            Self::Nothing => Override::none(),
            Self::Role(at) => Override::role(catalogs::role(at).as_str()),
            Self::Adds(at) => Override::none().adding(catalogs::permission(at).as_str()),
            Self::Removes(at) => Override::none().removing(catalogs::permission(at).as_str()),
        }
    }
}

impl Holder {
    fn has(self, member: &Member) -> bool {
        match self {
            Self::Group(at) => catalogs::is_in_group(member.role, at),
            Self::Team(at) => member.teams.contains(&at),
        }
    }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// So many different ones of the numbers below `all`.
fn some_of(all: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..all).collect();
    for at in 0..count {
        numbers.swap(at, at + dice.roll(all - at));
    }
    numbers.truncate(count);
    numbers
}
