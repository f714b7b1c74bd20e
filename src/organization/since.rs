//! Since when somebody has something as it is: from the later of being given it and of what it says having been written.

use super::{AccessRow, Origin, Person, Roles, Rule, RuleHolder};
use crate::catalog::{Reach, Role};

impl Roles<'_> {
    /// Since when a role of a member gives what it does; where it has to be assigned, by a row that counts.
    pub(crate) fn role_since(self, person: &Person, role: Role, row: Option<&AccessRow>) -> Origin {
        let given = self.defined_since(role, person.role_from(role).unwrap_or(person.changed()));
        let assigned = row.filter(|_| self.table(role).reach == Reach::Assigned);
        assigned.map_or(given, |row| given.or_later(row.origin))
    }

    /// Since when the role of a row gives what it does.
    pub(crate) fn row_role_since(self, row: &AccessRow) -> Origin {
        row.role.map_or(row.origin, |role| self.defined_since(role, row.origin))
    }

    /// Since when a rule gives and takes what it does from somebody whom it is about.
    pub(crate) fn rule_since(self, person: &Person, rule: &Rule) -> Origin {
        let inside = match rule.holder {
            RuleHolder::Team(team) => person.team_from(team),
            RuleHolder::Group(group) => {
                let roles = self.catalog.roles_of_group(group);
                let inside =
                    person.roles().iter().filter(|role| roles.meets(self.defined([*role].into_iter().collect())));
                inside.map(|role| self.role_since(person, role, None)).min_by_key(|origin| origin.version)
            }
        };
        inside.map_or(rule.origin, |inside| rule.origin.or_later(inside))
    }

    /// A role of the catalog is what it always was; a custom one is what it was last made.
    fn defined_since(self, role: Role, given: Origin) -> Origin {
        self.custom(role).map_or(given, |custom| given.or_later(custom.origin))
    }
}
