//! By brute force: no single plain command that somebody could give does as well at less cost than what is named.

use bailiwick::catalog::{PermissionKey, PlanKey, RoleKey, Scope};
use bailiwick::change::{AccessChange, ChangePlan, ChangeRoles, SetRule, TakeAccess, TransferOwnership};
use bailiwick::presets;

use super::*;

/// What is left of an organization after a command of somebody's, and what people lose and gain by it.
fn tried(org: &Organization, command: &Command, by: Actor) -> Option<(Organization, (usize, usize))> {
    let preview = org.preview(command, &signed_in(org, &facts()).by(by)).ok()?;
    let sum = |of: fn(&AccessChange) -> usize| preview.access.iter().map(of).sum();
    Some((preview.after.clone(), (sum(|change| change.lost.len()), sum(|change| change.gained.len()))))
}

/// One organization of a preset with somebody in each role, as something else takes or hides what roles give.
fn company(catalog: &Arc<Catalog>, variant: u64) -> (Organization, u64) {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(catalog));
    let plan: PlanKey = catalog.plans().find(|(_, def)| def.team_organizations).unwrap().1.key.as_str().into();
    let owner = catalog.role_def(catalog.owner_role()).unwrap().key.clone();
    let (kind, name, roles) = (bailiwick::Kind::Team, Name::new("Acme").unwrap(), vec![owner.as_str().into()]);
    apply(
        &mut org,
        Event::OrganizationCreated { kind, name: name.clone(), plan, seats: Seats::new(50), owner: user(1), roles },
    );
    apply(&mut org, Event::WorkspaceCreated { workspace: workspace(1), name });
    let others: Vec<String> = catalog.roles().map(|(_, def)| def.key.clone()).filter(|key| *key != owner).collect();
    let below = || catalog.permissions().filter(|(_, def)| def.scope != Scope::Organization);
    for (n, role) in (2..).zip(&others) {
        apply(
            &mut org,
            Event::MemberJoined { user: user(n), roles: vec![role.as_str().into()], given_by: Actor::System },
        );
        let changes = match variant {
            2 => Override::role(others.last().unwrap().as_str()),
            3 => below().fold(Override::none(), |row, (_, def)| row.removing(def.key.as_str())),
            _ => continue,
        };
        apply(
            &mut org,
            Event::AccessGiven { user: user(n), workspace: workspace(1), changes, given_by: Actor::System },
        );
    }
    for (_, def) in catalog.groups().filter(|_| variant == 1) {
        let taken = below().map(|(_, def)| def.key.as_str().into()).collect();
        let holder = RuleFor::Group(def.key.as_str().into());
        apply(&mut org, Event::RuleSet { workspace: workspace(1), holder, given: vec![], taken, until: None });
    }
    (org, 1 + others.len() as u64)
}

/// Every plain command about somebody that could do something about a denial.
fn plain_commands(org: &Organization, n: u64, key: &str) -> Vec<Command> {
    let (catalog, user, workspace) = (org.catalog(), user(n), workspace(1));
    let held: Vec<RoleKey> = org.roles_of(user).iter().map(|role| org.role_key(role).into()).collect();
    let mut commands: Vec<Command> = vec![
        GiveAccess { user, workspace, changes: Override::none() }.into(),
        GiveAccess { user, workspace, changes: Override::none().adding(key) }.into(),
        TakeAccess { user, workspace }.into(),
    ];
    for (_, def) in catalog.roles().filter(|(role, _)| *role != catalog.owner_role()) {
        let role = || RoleKey::from(def.key.as_str());
        commands.push(ChangeRoles { user, roles: vec![role()] }.into());
        commands.push(ChangeRoles { user, roles: held.iter().cloned().chain([role()]).collect() }.into());
        commands.push(GiveAccess { user, workspace, changes: Override::role(role()) }.into());
    }
    for (_, def) in catalog.groups() {
        for given in [vec![], vec![PermissionKey::from(key)]] {
            let holder = RuleFor::Group(def.key.as_str().into());
            commands.push(SetRule { workspace, holder, given, taken: vec![], until: None }.into());
        }
    }
    for (_, def) in catalog.plans() {
        commands.push(ChangePlan { plan: def.key.as_str().into(), seats: Seats::new(50), at: None }.into());
    }
    commands.push(TransferOwnership { to: user, from: None }.into());
    commands
}

#[test]
fn nothing_plainer_does_as_well_at_less_cost() {
    let (mut asked, mut compared) = (0_u64, 0_u64);
    let every = std::env::var("BAILIWICK_EVERY").map_or(23, |text| text.parse().expect("a whole number"));
    for text in [presets::STUDIO, presets::CLOUD, presets::PRODUCTION, presets::AGENCY] {
        let catalog: Arc<Catalog> = Arc::new(toml::from_str(text).unwrap());
        for variant in 0..4 {
            let (org, people) = company(&catalog, variant);
            for n in 1..=people {
                for (permission, def) in catalog.permissions() {
                    asked += 1;
                    if asked % every != 0 {
                        continue;
                    }
                    let below = def.scope != Scope::Organization;
                    let target = if below { PROD() } else { Target::Organization };
                    let near = org.nearest(Actor::User(user(n)), permission, target, &facts());
                    let named = match &near {
                        Nearest::Takes(steps) => {
                            assert!(!steps.is_empty(), "nothing takes {} from {n}", def.key);
                            continue;
                        }
                        Nearest::Gives(remedy) => Some(made(&org, remedy)),
                        Nearest::OutOfReach(_) => None,
                    };
                    for command in plain_commands(&org, n, &def.key) {
                        let mut people = (1..=people).filter_map(|by| tried(&org, &command, Actor::User(user(by))));
                        let Some((after, cost)) = people.next() else { continue };
                        let answer = after.check(Actor::User(user(n)), permission, target, &facts());
                        if matches!(answer, Decision::Deny(_)) {
                            continue;
                        }
                        compared += 1;
                        let told = || format!("{command:?} gives {} to {n} at {cost:?}: {near:?}", def.key);
                        let (steps, of_named) = named.unwrap_or_else(|| panic!("{}", told()));
                        let is_transfer = matches!(command, Command::TransferOwnership(_));
                        assert!(is_transfer || (steps == 1 && of_named <= cost), "{of_named:?}, and {}", told());
                    }
                }
            }
        }
    }
    println!("{compared} commands compared with what is named");
    assert!(compared > 20);
}

/// How many steps, and what people lose and gain by the first.
fn made(org: &Organization, remedy: &Remedy) -> (usize, (usize, usize)) {
    let step = &remedy.steps[0];
    let (_, cost) = tried(org, command(step), named(step)[0]).unwrap_or_else(|| panic!("{step:?} is refused"));
    (remedy.steps.len(), cost)
}
