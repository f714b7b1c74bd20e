//! A real organization read into the same form, and both as lines that can be compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick::catalog::{PermissionSet, RoleSet};
use bailiwick::{
    AccessRow, Actor, Organization, Override, PersonStatus, Rule as RealRule, RuleHolder, SecretHash,
    Terms as RealTerms, Timestamp,
};

use super::{
    Custom, DomainRule, Holder, Invitation, Keys, Model, Person, Profile, Row, Rule, Service, Terms, Workspace,
};

impl Model {
    /// What can be seen of a real organization. Secrets of invitations cannot, nor how often one can still be used.
    pub(crate) fn of(org: &Organization, now: Timestamp) -> Self {
        let mut seen = Self::new(org.id(), org.catalog().clone());
        let eyes = Eyes(org);
        seen.profile = org.profile().map(|profile| Profile {
            kind: profile.kind,
            name: profile.name.to_string(),
            description: profile.description.clone(),
            terms: eyes.terms(profile.terms),
            next: profile.next_terms.map(|(terms, from)| (eyes.terms(terms), from)),
            status: profile.status,
            creator: profile.creator,
            provider: profile.provider.map(|provider| org.catalog().provider_key(provider).to_owned()),
            directory: profile.provisioned_roles.map(|roles| eyes.roles(roles)),
            own_keys: profile.own_keys.clone(),
            preferences: profile.preferences.clone(),
            offer: profile.offer.map(|offer| (offer.from, offer.to, offer.origin.at)),
            deleted: profile.deletion.map(|deletion| (deletion.disposition, deletion.purge_at)),
            deleted_by_platform: profile.deletion.is_some_and(|deletion| deletion.origin.by == Actor::System),
            status_by_platform: profile.status_from.by == Actor::System,
        });
        seen.people = org
            .people()
            .map(|(user, person)| {
                let seen = Person {
                    roles: person.is_member().then(|| eyes.roles(person.roles())),
                    suspended: person.status() == PersonStatus::Suspended,
                    rows: person.rows().iter().map(|row| (row.workspace, eyes.row(row))).collect(),
                    teams: person.teams().iter().map(|joined| joined.team).collect(),
                    credits: person.credits(),
                };
                (user, seen)
            })
            .collect();
        seen.workspaces = org
            .workspaces()
            .map(|(id, workspace)| {
                let rules = workspace.rules().iter().map(|rule| eyes.rule(rule)).collect();
                let name = workspace.name().to_string();
                (id, Workspace { name, archived: workspace.archived().is_some(), rules })
            })
            .collect();
        seen.teams = org.teams().map(|(id, team)| (id, team.name().to_string())).collect();
        seen.invitations = org
            .invitations()
            .map(|(id, sent)| {
                let by = sent.issued().by;
                let row = |changes: &Override| Row { given_by: by, ..said(changes) };
                let seen = Invitation {
                    address: sent.address().map(|address| address.key().to_owned()),
                    roles: sent.roles().iter().map(ToString::to_string).collect(),
                    access: sent.access().iter().map(|(id, changes)| (*id, row(changes))).collect(),
                    secret: SecretHash::from_bytes([0; 32]),
                    until: sent.until(),
                    uses: 0,
                    state: sent.state(now),
                    by,
                    answered_by: sent.accepted_by().to_vec(),
                };
                (id, seen)
            })
            .collect();
        let custom = |role: &bailiwick::CustomRole| Custom {
            title: role.title().to_string(),
            like: org.role_key(role.like()).to_owned(),
            reach: role.reach(),
            permissions: eyes.keys(role.permissions()),
        };
        seen.custom = org.custom_roles().map(|(_, role)| (role.key().to_string(), custom(role))).collect();
        let service = |service: &bailiwick::Service| Service {
            name: service.name().to_string(),
            sponsor: service.sponsor(),
            permissions: eyes.keys(service.permissions()),
            workspaces: service.workspaces().iter().copied().collect(),
            until: service.until(),
            secret: *service.secret(),
        };
        seen.services = org.services().map(|(id, real)| (id, service(real))).collect();
        let rule = |real: &bailiwick::DomainRule| DomainRule {
            roles: eyes.roles(real.roles),
            set_by: real.origin.by,
            confirmed: real.confirmed,
        };
        seen.domains = org.domains().map(|(domain, real)| (domain.as_str().to_owned(), rule(real))).collect();
        seen
    }

    /// Everything that can be compared, a line for each thing.
    pub(crate) fn lines(&self, now: Timestamp) -> Vec<String> {
        let mut lines = Vec::new();
        let Some(profile) = &self.profile else { return lines };
        lines.push(format!("is {:?} `{}` `{}`, {:?}", profile.kind, profile.name, profile.description, profile.status));
        let present = self.terms_at(now);
        let to_come = self.terms_to_come(now).filter(|(terms, _)| *terms != present);
        lines.push(format!("has terms {present:?}, then {to_come:?}"));
        lines.push(format!("was made by {}, deleted {:?}", profile.creator, profile.deleted));
        lines.push(format!("requires {:?}, directory {:?}", profile.provider, profile.directory));
        lines.push(format!("keeps {:?} {:?}", profile.own_keys, profile.preferences));
        lines.push(format!("offers {:?}", profile.offer));
        lines.push(format!("counts {} seats of {:?}", self.seats_taken(), self.seats_limit(now)));
        for (user, person) in &self.people {
            let owner = if self.is_owner(*user) { " active owner" } else { "" };
            lines.push(format!("user {user}:{owner} {person:?}"));
        }
        lines.extend(self.workspaces.iter().map(|(id, workspace)| format!("workspace {id}: {workspace:?}")));
        lines.extend(self.teams.iter().map(|(id, name)| format!("team {id}: {name}")));
        for (id, sent) in &self.invitations {
            let mut line = format!("invitation {id}: {:?}, {:?}, by {:?}", sent.address, sent.state(now), sent.by);
            if sent.is_open(now) {
                let rows: BTreeMap<_, _> = sent.access.iter().map(|(id, row)| (id, row.said())).collect();
                let _ = write!(line, ", {:?} {rows:?} until {}", sent.roles, sent.until.as_millis());
            }
            lines.push(format!("{line}, answered by {:?}", sent.answered_by));
        }
        for (key, Custom { title, like, reach, permissions }) in &self.custom {
            lines.push(format!("role {key}: {title}, like {like}, reaches {reach:?}, {permissions:?}"));
        }
        for (id, service) in &self.services {
            let Service { name, sponsor, permissions, workspaces, until, secret } = service;
            let line =
                format!("service {id}: {name} of {sponsor:?}, {permissions:?} in {workspaces:?} until {until:?}");
            lines.push(format!("{line}, secret {:?}", byte_of(secret)));
        }
        lines.extend(self.domains.iter().map(|(domain, rule)| format!("domain {domain}: {rule:?}")));
        lines
    }
}

/// A secret shows nothing of itself; it is found among those that tests use.
fn byte_of(secret: &SecretHash) -> Option<u8> {
    (0..=u8::MAX).find(|byte| *secret == SecretHash::from_bytes([*byte; 32]))
}

impl Row {
    /// What it says, whoever gave it.
    pub(super) fn said(&self) -> String {
        format!("{:?} +{:?} -{:?} until {:?}", self.role, self.added, self.removed, self.until)
    }
}

fn said(changes: &Override) -> Row {
    Row {
        role: changes.role.as_ref().map(ToString::to_string),
        added: changes.added.iter().map(ToString::to_string).collect(),
        removed: changes.removed.iter().map(ToString::to_string).collect(),
        until: changes.until,
        given_by: bailiwick::Actor::System,
        first_end: None,
    }
}

/// Reads handles as keys.
struct Eyes<'o>(&'o Organization);

impl Eyes<'_> {
    fn roles(&self, roles: RoleSet) -> Keys {
        roles.iter().map(|role| self.0.role_key(role).to_owned()).collect()
    }

    fn keys(&self, set: PermissionSet) -> Keys {
        let all = self.0.catalog().permissions();
        all.filter(|(permission, _)| set.contains(*permission)).map(|(_, def)| def.key.clone()).collect()
    }

    fn terms(&self, terms: RealTerms) -> Terms {
        let plan = self.0.catalog().plan_def(terms.plan).map(|def| def.key.clone()).unwrap_or_default();
        Terms { plan, seats: terms.seats.as_u64() }
    }

    fn row(&self, row: &AccessRow) -> Row {
        Row {
            role: row.role.map(|role| self.0.role_key(role).to_owned()),
            added: self.keys(row.added),
            removed: self.keys(row.removed),
            until: row.until,
            given_by: row.origin.by,
            first_end: None,
        }
    }

    fn rule(&self, rule: &RealRule) -> (Holder, Rule) {
        let holder = match rule.holder {
            RuleHolder::Group(group) => {
                Holder::Group(self.0.catalog().group_def(group).map(|def| def.key.clone()).unwrap_or_default())
            }
            RuleHolder::Team(team) => Holder::Team(team),
        };
        (holder, Rule { given: self.keys(rule.given), taken: self.keys(rule.taken), until: rule.until })
    }
}
