//! What somebody holds at a place. The answer is that of the rules in [`access`](crate::access); the sources are found
//! beside it, and the two are compared over generated worlds.

use alloc::vec::Vec;

use super::{Holding, Source, Through, target};
use crate::access::{Every, Facts, Who, at_organization, everywhere, layers_in};
use crate::actor::Actor;
use crate::catalog::policy::OverrideMode;
use crate::catalog::{PermissionSet, Reach, RoleSet};
use crate::change::Place;
use crate::id::WorkspaceId;
use crate::organization::{AccessRow, Organization, Person, Roles, Rule, RuleHolder, Workspace};
use crate::time::Timestamp;

impl Organization {
    /// What somebody holds at one place, and through what: every source, so that access by membership, by a row, or by
    /// both can be told apart.
    ///
    /// # Shape
    /// Staff and services hold what the user behind them does, as far as they are bounded. Strangers hold nothing, and
    /// nobody holds anything in a workspace or organization that is not there. Costs the roles of one person and the rules of one workspace.
    ///
    /// # Source
    /// S3-39.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::change::Place;
    /// use bailiwick::reach::Through;
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// # let workspace = WorkspaceId::from_u64(1).unwrap();
    /// # let mut organization = Organization::new(home, Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(ada))? { organization.apply(&record); }
    ///
    /// let holding = organization.holding(ada, Place::Workspace(workspace), &now);
    /// let run = catalog.permission("operation.run").unwrap();
    /// let source = holding.through(run).next().unwrap();
    /// assert_eq!(source.through, Through::Role(catalog.owner_role()));
    /// assert_eq!(source.origin.by, ada);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn holding(&self, actor: Actor, place: Place, facts: &Facts<'_>) -> Holding {
        self.found_holding(actor, place, facts).unwrap_or(Holding::NOTHING)
    }

    /// The same; `None` where there is nothing to hold.
    pub(super) fn found_holding(&self, actor: Actor, place: Place, facts: &Facts<'_>) -> Option<Holding> {
        if !self.is_open() {
            return None;
        }
        let workspace = match place {
            Place::Organization => None,
            Place::Workspace(id) => Some((id, self.workspace(id)?)),
        };
        let who = Who::behind(self, actor, workspace.map(|(id, _)| id), facts)?;
        let person = self.person(who.actor.user()?)?;
        let (layers, of_organization) = match workspace {
            None => {
                (everywhere(Every, self.roles(), person.roles()), at_organization(Every, self.roles(), person.roles()))
            }
            Some((id, workspace)) => {
                let layers = layers_in(Every, self.roles(), person, person.row(id), workspace, facts.now);
                (layers, PermissionSet::EMPTY)
            }
        };
        let granted = layers.effective() | of_organization;
        let usable = self.access(actor, target(place), &self.proven(facts)).allowed();
        let sources = match workspace {
            None => of_roles(self.roles(), person, None, true),
            Some((id, workspace)) => in_workspace(self.roles(), person, id, workspace, facts.now),
        };
        let elsewhere = match place {
            Place::Organization => PermissionSet::EMPTY,
            Place::Workspace(_) => self.catalog.organization_scope(),
        };
        let (granted, usable, sight) = (granted - elsewhere, usable - elsewhere, layers.sight);
        let mut holding = Holding { granted, usable, sight, sources };
        holding.lend(self, actor, &who);
        Some(holding)
    }
}

impl Holding {
    /// Narrows it to what a service or staff can do of it; a service can since it was given that, and until its end.
    pub(super) fn lend(&mut self, organization: &Organization, actor: Actor, who: &Who) {
        for to in [who.service, who.staff].into_iter().flatten() {
            (self.granted, self.usable) = (self.granted & to, self.usable & to);
            for source in &mut self.sources {
                (source.gives, source.takes) = (source.gives & to, source.takes & to);
            }
        }
        let Actor::Service(id) = actor else { return };
        let Some(service) = organization.service(id) else { return };
        for source in &mut self.sources {
            source.origin = source.origin.or_later(service.origin());
            source.until = source.until.into_iter().chain(service.until()).min();
        }
    }
}

/// Every source in a workspace, the farthest first.
pub(super) fn in_workspace(
    all: Roles<'_>,
    person: &Person,
    id: WorkspaceId,
    workspace: &Workspace,
    now: Timestamp,
) -> Vec<Source> {
    let row = person.row(id);
    let current = row.filter(|row| row.is_current(now));
    let mut sources = of_roles(all, person, current, false);
    let inherited = sources.iter().fold(PermissionSet::EMPTY, |inherited, source| inherited | source.gives);
    let mode = if person.is_member() { all.catalog.policy().overrides } else { OverrideMode::Replace };
    sources.extend(current.and_then(|row| of_row_role(all, row, mode, inherited)));
    let rules = workspace.rules.iter().filter(|rule| rule.is_current(now) && is_about(all, rule, person));
    sources.extend(rules.map(|rule| of_rule(all, person, rule)));
    match (row, current) {
        (Some(row), None) => sources.insert(0, of_ended(row)),
        (_, Some(row)) if row.role.is_none() || !(row.added | row.removed).is_empty() => {
            sources.push(of_row(row, mode))
        }
        _ => {}
    }
    sources
}

/// What each role of a member gives in a workspace, or in the organization and everywhere.
pub(super) fn of_roles(all: Roles<'_>, person: &Person, row: Option<&AccessRow>, organization: bool) -> Vec<Source> {
    let sources = person.roles().iter().filter_map(|role| {
        let table = all.table(role);
        let assigned = row.filter(|_| table.reach == Reach::Assigned);
        let carries = table.reach == Reach::All || assigned.is_some();
        let everywhere = if carries { table.workspace } else { PermissionSet::EMPTY };
        let gives = if organization { table.organization | everywhere } else { everywhere };
        let (through, is_firm) = (Through::Role(role), !table.reducible);
        let (origin, until) = (all.role_since(person, role, assigned), assigned.and_then(|row| row.until));
        let source = Source { through, gives, takes: PermissionSet::EMPTY, is_firm, origin, until };
        (!gives.is_empty()).then_some(source)
    });
    sources.collect()
}

/// What the role of a row gives instead of what is inherited, as the policy lets it.
fn of_row_role(all: Roles<'_>, row: &AccessRow, mode: OverrideMode, inherited: PermissionSet) -> Option<Source> {
    let role = row.role?;
    let own = all.table(role).workspace;
    let (gives, takes) = match mode {
        OverrideMode::Replace => (own, inherited - own),
        OverrideMode::Expand => (own, PermissionSet::EMPTY),
        OverrideMode::Reduce => (PermissionSet::EMPTY, inherited - own),
        OverrideMode::Off => (PermissionSet::EMPTY, PermissionSet::EMPTY),
    };
    Some(Source { through: Through::RowRole(role), gives, takes, origin: all.row_role_since(row), ..of_ended(row) })
}

/// What a row adds and removes by name, as the policy lets it.
const fn of_row(row: &AccessRow, mode: OverrideMode) -> Source {
    let adds = matches!(mode, OverrideMode::Replace | OverrideMode::Expand);
    let removes = matches!(mode, OverrideMode::Replace | OverrideMode::Reduce);
    // What is both added and removed is removed: at equal distance a denial wins.
    Source {
        through: Through::Row,
        gives: if adds { row.added } else { PermissionSet::EMPTY },
        takes: if removes { row.removed } else { PermissionSet::EMPTY },
        ..of_ended(row)
    }
}

const fn of_ended(row: &AccessRow) -> Source {
    Source {
        through: Through::EndedRow,
        gives: PermissionSet::EMPTY,
        takes: PermissionSet::EMPTY,
        is_firm: false,
        origin: row.origin,
        until: row.until,
    }
}

fn of_rule(all: Roles<'_>, person: &Person, rule: &Rule) -> Source {
    let through = match rule.holder {
        RuleHolder::Group(group) => Through::Group(group),
        RuleHolder::Team(team) => Through::Team(team),
    };
    let (gives, takes) = (rule.given, rule.taken);
    Source { through, gives, takes, is_firm: false, origin: all.rule_since(person, rule), until: rule.until }
}

/// Whether a rule is about somebody.
pub(super) fn is_about(all: Roles<'_>, rule: &Rule, person: &Person) -> bool {
    match rule.holder {
        RuleHolder::Group(group) => all.catalog.roles_of_group(group).meets(all.defined(person.roles())),
        RuleHolder::Team(team) => person.is_in_team(team),
    }
}

/// The roles whose holders are in a system group: those of the catalog, and the custom ones that are like them.
pub(super) fn roles_in_group(all: Roles<'_>, group: crate::catalog::Group) -> RoleSet {
    let inside = all.catalog.roles_of_group(group);
    let custom = all.customs().filter(|(_, custom)| inside.contains(custom.like())).map(|(role, _)| role);
    inside.iter().chain(custom).collect()
}
