//! Reading: a snapshot as an organization. Nothing of it is believed before it is looked up, counted and compared with the rest.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::{
    AccessRow, CustomRole, CustomRoles, DomainRule, HeldRole, Index, Invitation, InvitationState, JoinedTeam, Map,
    Organization, Origin, Person, Profile, Roles, Rule, RuleFor, RuleHolder, Service, Standing, Team, Terms, Workspace,
};
use super::{FORMAT, Part, Snapshot, SnapshotError, form};
use crate::catalog::{CUSTOM_ROLE, Catalog, PermissionKey, PermissionSet, Plan, PlanKey, Role, RoleKey, RoleSet, flaw};
use crate::id::OrgId;
use crate::limits::{
    COMMAND_ITEMS_MAX, CUSTOM_ROLES_MAX, DESCRIPTION_BYTES_MAX, DOMAINS_MAX, FEATURES_MAX, KEY_BYTES_MAX,
    PREFERENCE_BYTES_MAX, PREFERENCES_MAX, ROWS_PER_PERSON_MAX, RULES_PER_WORKSPACE_MAX, SERVICES_MAX, TEAMS_MAX,
    TEAMS_PER_PERSON_MAX,
};
use crate::version::Version;

impl Organization {
    /// The organization that a snapshot was made of. The records after its [version](Snapshot::version) are still to be
    /// applied.
    ///
    /// # Shape
    /// Costs the organization, not its history. Lists go on in the order that they had. What is kept for reading (counts,
    /// indexes) is made anew, and every invariant that holds after each single record is looked at; those that a command
    /// restores only with its last record (that there is an owner, say) are left to [`audit`](Self::audit).
    ///
    /// # Errors
    /// [`SnapshotError`], with the place: of another format, organization or catalog; or it says what cannot be.
    ///
    /// # Examples
    /// See [`OrganizationSnapshot`](crate::OrganizationSnapshot).
    pub fn restore(id: OrgId, catalog: Arc<Catalog>, snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        if snapshot.format != FORMAT {
            return Err(SnapshotError::Format { found: snapshot.format });
        }
        if snapshot.organization != id {
            return Err(SnapshotError::AnotherOrganization { of: snapshot.organization });
        }
        if snapshot.catalog != catalog.fingerprint() {
            return Err(SnapshotError::AnotherCatalog { made_under: snapshot.catalog });
        }
        let mut restored = Self::new(id, Arc::clone(&catalog));
        restored.version = snapshot.version;
        restored.custom_roles = custom_roles(&catalog, snapshot)?;
        let read = Read { roles: Roles::new(&catalog, &restored.custom_roles), version: snapshot.version };
        restored.profile = snapshot.profile.as_ref().map(|profile| read.profile(profile)).transpose()?;
        for form in &snapshot.people {
            add(&mut restored.people, form.user, read.person(form)?, Part::Person)?;
        }
        for form in &snapshot.workspaces {
            add(&mut restored.workspaces, form.workspace, read.workspace(form)?, Part::Workspace)?;
        }
        at_most(snapshot.teams.len(), TEAMS_MAX, "teams", || Part::Organization)?;
        for form in &snapshot.teams {
            add(&mut restored.teams, form.team, read.team(form)?, Part::Team)?;
        }
        for form in &snapshot.invitations {
            add(&mut restored.invitations, form.invitation, read.invitation(form)?, Part::Invitation)?;
        }
        at_most(snapshot.services.len(), SERVICES_MAX, "services", || Part::Organization)?;
        for form in &snapshot.services {
            add(&mut restored.services, form.service, read.service(form)?, Part::Service)?;
        }
        at_most(snapshot.domains.len(), DOMAINS_MAX, "domains", || Part::Organization)?;
        for (domain, form) in &snapshot.domains {
            let part = || Part::Domain(domain.clone());
            if restored.domains.insert(domain.clone(), read.domain(form, part)?).is_some() {
                return Err(SnapshotError::Twice(part()));
            }
        }
        restored.open_again(snapshot)?;
        let ruled = restored.workspaces.iter().filter(|(_, place)| !place.rules.is_empty());
        restored.ruled = ruled.map(|(id, _)| *id).collect();
        restored.recount();
        match restored.contradiction() {
            Some(violation) => return Err(SnapshotError::Unsound(violation)),
            None => restored.index = Index::of(&restored),
        }
        Ok(restored)
    }

    /// Lists the open invitations by their addresses, in their order; those that have run out are among them.
    fn open_again(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        for id in &snapshot.open {
            let open = self.invitations.get(id).filter(|sent| sent.state == InvitationState::Open);
            let Some(address) = open.and_then(|sent| sent.address.as_ref()) else {
                return Err(SnapshotError::Unsound(super::super::Violation::InvitationAstray(*id)));
            };
            if self.open_by_address.insert(address.key().into(), *id).is_some() {
                return Err(SnapshotError::Twice(Part::Invitation(*id)));
            }
        }
        Ok(())
    }
}

/// Adds a thing under its id, which must be new.
fn add<K: Copy + Eq + core::hash::Hash, V>(
    map: &mut Map<K, V>,
    id: K,
    value: V,
    part: impl FnOnce(K) -> Part,
) -> Result<(), SnapshotError> {
    match map.insert(id, value) {
        None => Ok(()),
        Some(_) => Err(SnapshotError::Twice(part(id))),
    }
}

fn at_most(count: usize, max: usize, what: &'static str, part: impl FnOnce() -> Part) -> Result<(), SnapshotError> {
    if count <= max { Ok(()) } else { Err(SnapshotError::TooMany { part: part(), what, max }) }
}

fn unknown(part: Part, what: &'static str, key: &str) -> SnapshotError {
    SnapshotError::Unknown { part, what, key: key.chars().take(KEY_BYTES_MAX).collect() }
}

/// The custom roles, made of those of the catalog that they are like: before everything else, which may name them.
fn custom_roles(catalog: &Catalog, snapshot: &Snapshot) -> Result<CustomRoles, SnapshotError> {
    at_most(snapshot.custom_roles.len(), CUSTOM_ROLES_MAX, "custom roles", || Part::Organization)?;
    let read = Read { roles: Roles::new(catalog, &[]), version: snapshot.version };
    let mut all = CustomRoles::new();
    for form in &snapshot.custom_roles {
        let made = form.as_ref().map(|form| read.custom_role(catalog, form)).transpose()?;
        let key = made.as_ref().map(|role| &role.key);
        if key.is_some_and(|key| all.iter().flatten().any(|other: &CustomRole| other.key == *key)) {
            return Err(SnapshotError::Twice(key.map_or(Part::Organization, |key| Part::Role(key.clone()))));
        }
        all.push(made);
    }
    Ok(all)
}

/// What keys are looked up in, and the version that nothing can come after.
#[derive(Clone, Copy)]
struct Read<'r> {
    roles: Roles<'r>,
    version: Version,
}

impl Read<'_> {
    fn profile(self, form: &form::Profile) -> Result<Profile, SnapshotError> {
        let part = || Part::Profile;
        at_most(form.description.len(), DESCRIPTION_BYTES_MAX, "bytes of description", part)?;
        at_most(form.own_keys.len(), FEATURES_MAX, "keys of its own", part)?;
        at_most(form.preferences.len(), PREFERENCES_MAX, "preferences", part)?;
        for (key, value) in &form.preferences {
            at_most(key.len(), KEY_BYTES_MAX, "bytes in the key of a preference", part)?;
            at_most(value.len(), PREFERENCE_BYTES_MAX, "bytes in a preference", part)?;
        }
        let provider = form.provider.as_ref().map(|key| {
            self.roles.catalog.provider(key).ok_or_else(|| unknown(Part::Profile, "identity provider", key))
        });
        let next_terms = form.next_terms.as_ref().map(|(next, from)| Ok((self.terms(next)?, *from)));
        Ok(Profile {
            kind: form.kind,
            name: form.name.clone(),
            description: form.description.clone(),
            terms: self.terms(&form.terms)?,
            next_terms: next_terms.transpose()?,
            terms_from: self.origin(form.terms_from, part)?,
            status: form.status,
            status_from: self.origin(form.status_from, part)?,
            archived_on: form.archived_on.as_ref().map(|plan| self.plan(plan)).transpose()?,
            created: self.origin(form.created, part)?,
            creator: form.creator,
            provider: provider.transpose()?,
            provisioned_roles: form.provisioned_roles.as_ref().map(|roles| self.role_set(roles, part)).transpose()?,
            own_keys: form.own_keys.clone(),
            preferences: form.preferences.clone(),
            offer: self.known(form.offer, |offer| offer.origin, part)?,
            deletion: self.known(form.deletion, |deletion| deletion.origin, part)?,
        })
    }

    fn terms(self, form: &form::Terms) -> Result<Terms, SnapshotError> {
        Ok(Terms { plan: self.plan(&form.plan)?, seats: form.seats })
    }

    fn plan(self, key: &PlanKey) -> Result<Plan, SnapshotError> {
        self.roles.catalog.plan(key.as_str()).ok_or_else(|| unknown(Part::Profile, "plan", key.as_str()))
    }

    fn custom_role(self, catalog: &Catalog, form: &form::CustomRole) -> Result<CustomRole, SnapshotError> {
        let key = form.key.as_str();
        if flaw(key).is_some() || !key.starts_with(CUSTOM_ROLE) {
            return Err(unknown(Part::Organization, "custom role", key));
        }
        let part = || Part::Role(form.key.clone());
        let (like, permissions) = (self.role(&form.like, part)?, self.permission_set(&form.permissions, part)?);
        let origin = self.origin(form.origin, part)?;
        let names = (form.key.clone(), form.title.clone());
        Ok(CustomRole::new(catalog, names, like, permissions, form.reach, origin))
    }

    fn person(self, form: &form::Person) -> Result<Person, SnapshotError> {
        let part = || Part::Person(form.user);
        at_most(form.rows.len(), ROWS_PER_PERSON_MAX, "rows", part)?;
        at_most(form.teams.len(), TEAMS_PER_PERSON_MAX, "teams", part)?;
        let joined = self.origin(form.joined, part)?;
        let or_joined = |origin: Option<Origin>| self.origin(origin.unwrap_or(joined), part);
        let held = form
            .roles
            .iter()
            .flatten()
            .map(|held| Ok(HeldRole { role: self.role(&held.role, part)?, origin: or_joined(held.origin)? }));
        let held = held.collect::<Result<smallvec::SmallVec<[HeldRole; 1]>, SnapshotError>>()?;
        let roles = held.iter().map(|held| held.role).collect();
        let teams = form
            .teams
            .iter()
            .map(|joined| Ok(JoinedTeam { team: joined.team, origin: self.origin(joined.origin, part)? }));
        Ok(Person {
            standing: if form.roles.is_some() { Standing::Member(roles) } else { Standing::Collaborator },
            held,
            status: form.status,
            rows: form.rows.iter().map(|row| self.row(row, part)).collect::<Result<_, _>>()?,
            teams: teams.collect::<Result<_, SnapshotError>>()?,
            credits: form.credits,
            joined,
            status_from: or_joined(form.status_from)?,
            changed: or_joined(form.changed)?,
        })
    }

    fn row(self, form: &form::Row, part: impl Fn() -> Part + Copy) -> Result<AccessRow, SnapshotError> {
        Ok(AccessRow {
            workspace: form.workspace,
            role: form.changes.role.as_ref().map(|role| self.role(role, part)).transpose()?,
            added: self.permission_set(&form.changes.added, part)?,
            removed: self.permission_set(&form.changes.removed, part)?,
            until: form.changes.until,
            origin: self.origin(form.origin, part)?,
        })
    }

    fn workspace(self, form: &form::Workspace) -> Result<Workspace, SnapshotError> {
        let part = || Part::Workspace(form.workspace);
        at_most(form.rules.len(), RULES_PER_WORKSPACE_MAX, "rules", part)?;
        let mut rules: Vec<Rule> = Vec::with_capacity(form.rules.len());
        for rule in &form.rules {
            let rule = self.rule(rule, part)?;
            let about_them = rules.iter().filter(|other| other.holder == rule.holder).count();
            at_most(about_them.saturating_add(1), 1, "rule about the same people", part)?;
            rules.push(rule);
        }
        Ok(Workspace {
            name: form.name.clone(),
            rules,
            created: self.origin(form.created, part)?,
            archived: self.known(form.archived, |archived| archived, part)?,
        })
    }

    fn rule(self, form: &form::Rule, part: impl Fn() -> Part + Copy) -> Result<Rule, SnapshotError> {
        let holder = match &form.holder {
            RuleFor::Team(team) => RuleHolder::Team(*team),
            RuleFor::Group(key) => {
                let group = self.roles.catalog.group(key.as_str());
                RuleHolder::Group(group.ok_or_else(|| unknown(part(), "group", key.as_str()))?)
            }
        };
        Ok(Rule {
            holder,
            given: self.permission_set(&form.given, part)?,
            taken: self.permission_set(&form.taken, part)?,
            until: form.until,
            origin: self.origin(form.origin, part)?,
        })
    }

    fn team(self, form: &form::Team) -> Result<Team, SnapshotError> {
        Ok(Team { name: form.name.clone(), created: self.origin(form.created, || Part::Team(form.team))? })
    }

    /// What is promised stays keys, which may be gone by the time that it is asked for.
    fn invitation(self, form: &form::Invitation) -> Result<Invitation, SnapshotError> {
        let part = || Part::Invitation(form.invitation);
        at_most(form.access.len(), COMMAND_ITEMS_MAX, "workspaces", part)?;
        Ok(Invitation {
            address: form.address.clone(),
            roles: form.roles.clone(),
            access: form.access.clone(),
            secret: form.secret,
            until: form.until,
            uses_left: form.uses_left,
            state: form.state,
            accepted_by: form.accepted_by.clone(),
            issued: self.origin(form.issued, part)?,
        })
    }

    fn service(self, form: &form::Service) -> Result<Service, SnapshotError> {
        let part = || Part::Service(form.service);
        at_most(form.workspaces.len(), COMMAND_ITEMS_MAX, "workspaces", part)?;
        Ok(Service {
            name: form.name.clone(),
            sponsor: form.sponsor,
            permissions: self.permission_set(&form.permissions, part)?,
            workspaces: form.workspaces.clone(),
            secret: form.secret,
            until: form.until,
            adopted_at: form.adopted_at,
            origin: self.origin(form.origin, part)?,
        })
    }

    fn domain(self, form: &form::DomainRule, part: impl Fn() -> Part + Copy) -> Result<DomainRule, SnapshotError> {
        let (roles, origin) = (self.role_set(&form.roles, part)?, self.origin(form.origin, part)?);
        Ok(DomainRule { roles, confirmed: form.confirmed, origin })
    }

    fn origin(self, origin: Origin, part: impl Fn() -> Part) -> Result<Origin, SnapshotError> {
        if origin.version <= self.version { Ok(origin) } else { Err(SnapshotError::Ahead(part())) }
    }

    /// Something that may be there, with where it comes from.
    fn known<T: Copy>(
        self,
        what: Option<T>,
        from: impl Fn(T) -> Origin,
        part: impl Fn() -> Part,
    ) -> Result<Option<T>, SnapshotError> {
        what.map_or(Ok(()), |what| self.origin(from(what), part).map(drop))?;
        Ok(what)
    }

    fn role(self, key: &RoleKey, part: impl Fn() -> Part) -> Result<Role, SnapshotError> {
        self.roles.find(key.as_str()).ok_or_else(|| unknown(part(), "role", key.as_str()))
    }

    fn role_set(self, keys: &[RoleKey], part: impl Fn() -> Part + Copy) -> Result<RoleSet, SnapshotError> {
        keys.iter().map(|key| self.role(key, part)).collect()
    }

    fn permission_set(
        self,
        keys: &[PermissionKey],
        part: impl Fn() -> Part + Copy,
    ) -> Result<PermissionSet, SnapshotError> {
        let one = |key: &PermissionKey| self.roles.catalog.permission(key.as_str());
        keys.iter().map(|key| one(key).ok_or_else(|| unknown(part(), "permission", key.as_str()))).collect()
    }
}
