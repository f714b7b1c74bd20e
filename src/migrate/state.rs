//! An organization in memory, read anew under the new catalog.

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use super::Migration;
use super::keys::Use;
use crate::catalog::PermissionSet;
use crate::organization::{
    AccessRow, CustomRole, DomainRule, HeldRole, Index, Invitation, Organization, Person, Profile, Rule, RuleHolder,
    Service, Standing, Terms, Workspace,
};

impl Migration {
    /// The organization under the new catalog: what replaying its [rewritten records](Self::upcast) gives. Asks nobody
    /// whether somebody gains by it; [`carry`](Self::carry) does. Of several roles that become one, it knows which are held now: since
    /// when their one is held, the records may know of an earlier one.
    ///
    /// # Shape
    /// Costs the organization. One that is not under the old catalog is not read right: handles would be mistaken.
    #[must_use]
    pub fn reread(&self, organization: &Organization) -> Organization {
        let mut anew = Organization::new(organization.id, Arc::clone(&self.new));
        anew.version = organization.version;
        anew.profile = organization.profile.as_ref().and_then(|profile| self.profile(profile));
        anew.custom_roles =
            organization.custom_roles.iter().map(|slot| slot.as_ref().map(|role| self.custom_role(role))).collect();
        anew.people = organization.people.iter().map(|(user, person)| (*user, self.person(person))).collect();
        anew.workspaces = organization.workspaces.iter().map(|(id, place)| (*id, self.workspace(place))).collect();
        anew.teams = organization.teams.clone();
        let invitations = organization.invitations.iter();
        anew.invitations = invitations.map(|(id, invitation)| (*id, self.invitation(invitation))).collect();
        anew.open_by_address = organization.open_by_address.clone();
        anew.services = organization.services.iter().map(|(id, service)| (*id, self.service(service))).collect();
        let domains = organization.domains.iter();
        anew.domains = domains.map(|(domain, rule)| (domain.clone(), self.domain(rule))).collect();
        let ruled = anew.workspaces.iter().filter(|(_, place)| !place.rules.is_empty());
        anew.ruled = ruled.map(|(id, _)| *id).collect();
        anew.recount();
        anew.index = Index::of(&anew);
        anew
    }

    fn profile(&self, profile: &Profile) -> Option<Profile> {
        let plan = |old: crate::catalog::Plan| self.tables.plans.get(usize::from(old.index())).copied();
        let terms = |terms: Terms| Some(Terms { plan: plan(terms.plan)?, ..terms });
        let provider = profile.provider.and_then(|old| self.tables.providers.get(usize::from(old.index())));
        Some(Profile {
            terms: terms(profile.terms)?,
            next_terms: profile.next_terms.and_then(|(next, at)| Some((terms(next)?, at))),
            archived_on: profile.archived_on.and_then(plan),
            provider: provider.copied(),
            provisioned_roles: profile.provisioned_roles.map(|roles| self.role_set(roles)),
            ..profile.clone()
        })
    }

    fn custom_role(&self, role: &CustomRole) -> CustomRole {
        let permissions = self.permission_set(role.permissions(), Use::Giving);
        let names = (role.key.clone(), role.title.clone());
        CustomRole::new(&self.new, names, self.role(role.like), permissions, role.reach(), role.origin)
    }

    fn person(&self, person: &Person) -> Person {
        Person {
            standing: match person.standing {
                Standing::Member(roles) => Standing::Member(self.role_set(roles)),
                Standing::Collaborator => Standing::Collaborator,
            },
            held: self.held(&person.held),
            rows: person.rows.iter().map(|row| self.row(row)).collect(),
            ..person.clone()
        }
    }

    /// The roles under their new handles; of several that have become one, the one that was given first.
    fn held(&self, held: &[HeldRole]) -> SmallVec<[HeldRole; 1]> {
        let mut anew: SmallVec<[HeldRole; 1]> = SmallVec::new();
        let mut by_age: Vec<HeldRole> = held.to_vec();
        by_age.sort_by_key(|held| held.origin.version);
        for HeldRole { role, origin } in by_age {
            let role = self.role(role);
            if let Err(at) = anew.binary_search_by_key(&role, |held| held.role) {
                anew.insert(at, HeldRole { role, origin });
            }
        }
        anew
    }

    fn row(&self, row: &AccessRow) -> AccessRow {
        AccessRow {
            role: row.role.map(|role| self.role(role)),
            added: self.below(row.added, Use::Giving),
            removed: self.below(row.removed, Use::Taking),
            ..*row
        }
    }

    /// What of a set counts in a workspace.
    fn below(&self, set: PermissionSet, used: Use) -> PermissionSet {
        self.permission_set(set, used) - self.new.organization_scope()
    }

    fn workspace(&self, place: &Workspace) -> Workspace {
        Workspace { rules: place.rules.iter().filter_map(|rule| self.rule_of(rule)).collect(), ..place.clone() }
    }

    /// A rule; one of a group that is gone, or that says nothing any more, is gone.
    fn rule_of(&self, rule: &Rule) -> Option<Rule> {
        let holder = match rule.holder {
            RuleHolder::Group(group) => RuleHolder::Group(self.group(group)?),
            RuleHolder::Team(team) => RuleHolder::Team(team),
        };
        let (given, taken) = (self.below(rule.given, Use::Giving), self.below(rule.taken, Use::Taking));
        let says_something = !given.is_empty() || !taken.is_empty();
        says_something.then_some(Rule { holder, given, taken, ..*rule })
    }

    fn invitation(&self, invitation: &Invitation) -> Invitation {
        let access = invitation.access.iter().map(|(workspace, changes)| (*workspace, self.changes(changes)));
        Invitation {
            roles: self.role_keys(&invitation.roles),
            access: access.collect::<Vec<_>>(),
            ..invitation.clone()
        }
    }

    fn service(&self, service: &Service) -> Service {
        Service { permissions: self.permission_set(service.permissions, Use::Giving), ..service.clone() }
    }

    fn domain(&self, rule: &DomainRule) -> DomainRule {
        DomainRule { roles: self.role_set(rule.roles), ..rule.clone() }
    }
}
