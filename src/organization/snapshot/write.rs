//! Writing: an organization as a snapshot. Handles become keys; what follows from the rest is left out.

use alloc::vec::Vec;

use super::super::{AccessRow, Organization, Origin, Override, Standing, Terms};
use super::{FORMAT, Snapshot, form};
use crate::catalog::{PermissionKey, PermissionSet, Plan, PlanKey};
use crate::id::UserId;

impl Organization {
    /// Everything that its records have made of it, as one value; see [`Snapshot`](crate::OrganizationSnapshot).
    ///
    /// # Shape
    /// Costs the organization: its people, places, and every invitation that there ever was. Equal organizations that list alike
    /// give equal snapshots.
    ///
    /// # Examples
    /// See [`OrganizationSnapshot`](crate::OrganizationSnapshot).
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            format: FORMAT,
            organization: self.id,
            catalog: self.catalog.fingerprint(),
            version: self.version,
            profile: self.profile_form(),
            custom_roles: self.custom_role_forms(),
            people: self.people.keys().filter_map(|user| self.person_form(*user)).collect(),
            workspaces: self.workspace_forms(),
            teams: self.team_forms(),
            invitations: self.invitation_forms(),
            open: self.open_by_address.values().copied().collect(),
            services: self.service_forms(),
            domains: self.domain_forms(),
        }
    }

    fn profile_form(&self) -> Option<form::Profile> {
        let profile = self.profile.as_ref()?;
        let terms = |terms: Terms| form::Terms { plan: self.plan_key(terms.plan), seats: terms.seats };
        Some(form::Profile {
            kind: profile.kind,
            name: profile.name.clone(),
            description: profile.description.clone(),
            terms: terms(profile.terms),
            next_terms: profile.next_terms.map(|(next, from)| (terms(next), from)),
            terms_from: profile.terms_from,
            status: profile.status,
            status_from: profile.status_from,
            archived_on: profile.archived_on.map(|plan| self.plan_key(plan)),
            created: profile.created,
            creator: profile.creator,
            provider: profile.provider.map(|provider| self.catalog.provider_key(provider).into()),
            provisioned_roles: profile.provisioned_roles.map(|roles| self.roles().keys(roles)),
            own_keys: profile.own_keys.clone(),
            preferences: profile.preferences.clone(),
            offer: profile.offer,
            deletion: profile.deletion,
        })
    }

    fn custom_role_forms(&self) -> Vec<Option<form::CustomRole>> {
        let form = |role: &super::super::CustomRole| form::CustomRole {
            key: role.key.clone(),
            title: role.title.clone(),
            like: self.role_key(role.like).into(),
            reach: role.reach(),
            permissions: self.permission_keys(role.permissions()),
            origin: role.origin,
        };
        self.custom_roles.iter().map(|slot| slot.as_ref().map(form)).collect()
    }

    fn person_form(&self, user: UserId) -> Option<form::Person> {
        let person = self.people.get(&user)?;
        let joined = person.joined;
        let other = |origin: Origin| Some(origin).filter(|origin| *origin != joined);
        let held = person
            .held
            .iter()
            .map(|held| form::HeldRole { role: self.role_key(held.role).into(), origin: other(held.origin) });
        let teams = person.teams.iter().map(|joined| form::JoinedTeam { team: joined.team, origin: joined.origin });
        Some(form::Person {
            user,
            joined,
            roles: match person.standing {
                Standing::Member(_) => Some(held.collect()),
                Standing::Collaborator => None,
            },
            status: person.status,
            status_from: other(person.status_from),
            changed: other(person.changed),
            credits: person.credits,
            rows: person.rows.iter().map(|row| self.row_form(row)).collect(),
            teams: teams.collect(),
        })
    }

    fn row_form(&self, row: &AccessRow) -> form::Row {
        let changes = Override {
            role: row.role.map(|role| self.role_key(role).into()),
            added: self.permission_keys(row.added),
            removed: self.permission_keys(row.removed),
            until: row.until,
        };
        form::Row { workspace: row.workspace, changes, origin: row.origin }
    }

    fn workspace_forms(&self) -> Vec<form::Workspace> {
        let rule = |rule: &super::super::Rule| form::Rule {
            holder: self.named_holder(rule.holder),
            given: self.permission_keys(rule.given),
            taken: self.permission_keys(rule.taken),
            until: rule.until,
            origin: rule.origin,
        };
        let all = self.workspaces.iter().map(|(id, place)| form::Workspace {
            workspace: *id,
            name: place.name.clone(),
            created: place.created,
            archived: place.archived,
            rules: place.rules.iter().map(rule).collect(),
        });
        all.collect()
    }

    fn team_forms(&self) -> Vec<form::Team> {
        let all = self.teams.iter();
        all.map(|(id, team)| form::Team { team: *id, name: team.name.clone(), created: team.created }).collect()
    }

    fn invitation_forms(&self) -> Vec<form::Invitation> {
        let all = self.invitations.iter().map(|(id, sent)| form::Invitation {
            invitation: *id,
            address: sent.address.clone(),
            roles: sent.roles.clone(),
            access: sent.access.clone(),
            secret: sent.secret,
            until: sent.until,
            uses_left: sent.uses_left,
            state: sent.state,
            accepted_by: sent.accepted_by.clone(),
            issued: sent.issued,
        });
        all.collect()
    }

    fn service_forms(&self) -> Vec<form::Service> {
        let all = self.services.iter().map(|(id, service)| form::Service {
            service: *id,
            name: service.name.clone(),
            sponsor: service.sponsor,
            permissions: self.permission_keys(service.permissions),
            workspaces: service.workspaces.clone(),
            secret: service.secret,
            until: service.until,
            adopted_at: service.adopted_at,
            origin: service.origin,
        });
        all.collect()
    }

    fn domain_forms(&self) -> Vec<(super::super::Domain, form::DomainRule)> {
        let all = self.domains.iter().map(|(domain, rule)| {
            let roles = self.roles().keys(rule.roles);
            (domain.clone(), form::DomainRule { roles, confirmed: rule.confirmed, origin: rule.origin })
        });
        all.collect()
    }

    fn plan_key(&self, plan: Plan) -> PlanKey {
        self.catalog.plan_def(plan).map_or("", |def| def.key.as_str()).into()
    }

    fn permission_keys(&self, set: PermissionSet) -> Vec<PermissionKey> {
        set.iter().map(|permission| self.catalog.permission_key(permission).into()).collect()
    }
}
