//! Making, naming, archiving, deleting an organization.

use std::collections::BTreeSet;

use bailiwick::catalog::Action;
use bailiwick::catalog::policy::{Deletion, Levels, UniqueNames};
use bailiwick::change::{
    ChangeStatus, CreateOrganization, DeleteOrganization, Describe, Rename, SetPreference, SignUp,
};
use bailiwick::limits::{DESCRIPTION_BYTES_MAX, KEY_BYTES_MAX, PREFERENCE_BYTES_MAX, PREFERENCES_MAX};
use bailiwick::{Actor, Disposition, InvitationState, Kind, Name, Status, UserId, WorkspaceId};

use super::{Answer, Asked, Keys, Model, Person, Profile, Terms, Workspace};

impl Model {
    /// To strangers there is nothing, whatever is there.
    fn not_there_yet(&self, asked: &Asked<'_>) -> Answer {
        match self.profile {
            None => Ok(()),
            Some(_) if asked.is_platform() => Err("already_exists"),
            Some(_) => self.known(asked).and(Err("already_exists")),
        }
    }

    pub(super) fn sign_up(&mut self, asked: &Asked<'_>, c: &SignUp) -> Answer {
        self.not_there_yet(asked)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        let personal = self.policy().personal.clone().ok_or("no_personal_organizations")?;
        self.signed_in_for(asked, &personal.plan)?;
        let name = Name::new(&personal.name.replace("{user}", c.name.as_str())).map_err(|_| "bad_name")?;
        let seats = self.minimum(&personal.plan).map_or(0, |minimum| minimum.max(1));
        let owner = self.owner_key();
        self.begin(user, Kind::Personal, &name, Terms { plan: personal.plan, seats }, Keys::from([owner]), c.workspace);
        Ok(())
    }

    pub(super) fn create(&mut self, asked: &Asked<'_>, c: &CreateOrganization) -> Answer {
        self.not_there_yet(asked)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        let plan = self.plan(c.plan.as_str()).ok_or("unknown_plan")?;
        if !plan.team_organizations || !plan.new_organizations {
            return Err("plan_without_teams");
        }
        self.signed_in_for(asked, c.plan.as_str())?;
        if self.policy().organizations_per_user.is_some_and(|max| c.owned >= max) {
            return Err("too_many_organizations");
        }
        self.comparable(&c.name)?;
        let mut roles: Keys = self.policy().creator_roles.iter().cloned().collect();
        if roles.is_empty() {
            roles.insert(self.owner_key());
        }
        let seats = self.enough_seats(c.plan.as_str(), c.seats.as_u64())?;
        let billable = self.roles(&roles).iter().any(|role| role.billable);
        if self.minimum(c.plan.as_str()).is_some() && billable && seats == 0 {
            return Err("seat_limit");
        }
        self.begin(user, Kind::Team, &c.name, Terms { plan: c.plan.to_string(), seats }, roles, c.workspace);
        Ok(())
    }

    pub(super) fn signed_in_for(&self, asked: &Asked<'_>, plan: &str) -> Answer {
        let required = self.plan(plan).and_then(|plan| plan.identity_provider.as_deref());
        if self.signed_in_through(asked, required) { Ok(()) } else { Err("step_up") }
    }

    /// The seats that count under a plan.
    pub(super) fn enough_seats(&self, plan: &str, seats: u64) -> Answer<u64> {
        match self.minimum(plan) {
            None => Ok(0),
            Some(minimum) if seats < minimum => Err("seats_below_minimum"),
            Some(_) => Ok(seats),
        }
    }

    fn comparable(&self, name: &Name) -> Answer {
        let matters = self.policy().unique_names != UniqueNames::None;
        if matters && name.key().is_err() { Err("bad_name") } else { Ok(()) }
    }

    fn begin(&mut self, owner: UserId, kind: Kind, name: &Name, terms: Terms, roles: Keys, first: WorkspaceId) {
        self.profile = Some(Profile {
            kind,
            name: name.to_string(),
            description: String::new(),
            terms,
            next: None,
            status: Status::Active,
            creator: owner,
            provider: None,
            directory: None,
            own_keys: BTreeSet::new(),
            preferences: std::collections::BTreeMap::new(),
            offer: None,
            deleted: None,
            deleted_by_platform: false,
            status_by_platform: false,
        });
        self.people.insert(owner, Person { roles: Some(roles), ..Person::default() });
        let policy = self.policy();
        if let Some(name) = policy.default_workspace.clone().filter(|_| policy.levels == Levels::Workspaces) {
            self.workspaces.insert(first, Workspace::named(&name));
        }
    }

    pub(super) fn rename(&mut self, asked: &Asked<'_>, c: &Rename) -> Answer {
        self.guarded(asked, Action::EditOrganization, None)?;
        if self.open()?.kind == Kind::Team {
            self.comparable(&c.name)?;
        }
        self.profile_mut().name = c.name.to_string();
        Ok(())
    }

    pub(super) fn describe(&mut self, asked: &Asked<'_>, c: &Describe) -> Answer {
        self.guarded(asked, Action::EditOrganization, None)?;
        if c.description.len() > DESCRIPTION_BYTES_MAX {
            return Err("too_long");
        }
        self.profile_mut().description.clone_from(&c.description);
        Ok(())
    }

    pub(super) fn set_preference(&mut self, asked: &Asked<'_>, c: &SetPreference) -> Answer {
        self.guarded(asked, Action::EditOrganization, None)?;
        let long =
            c.key.len() > KEY_BYTES_MAX || c.value.as_ref().is_some_and(|value| value.len() > PREFERENCE_BYTES_MAX);
        if long {
            return Err("too_long");
        }
        let preferences = &mut self.profile_mut().preferences;
        match &c.value {
            Some(_) if !preferences.contains_key(&c.key) && preferences.len() >= PREFERENCES_MAX => {
                Err("too_many_items")
            }
            Some(value) => {
                preferences.insert(c.key.clone(), value.clone());
                Ok(())
            }
            None => preferences.remove(&c.key).map(|_| ()).ok_or("no_row"),
        }
    }

    pub(super) fn change_status(&mut self, asked: &Asked<'_>, c: &ChangeStatus) -> Answer {
        self.open()?;
        let ours = |status| matches!(status, Status::Active | Status::Archived);
        let (status, by_platform) = (self.open()?.status, self.open()?.status_by_platform);
        if ours(status) && ours(c.status) && !(status == Status::Archived && by_platform) {
            self.guarded(asked, Action::ArchiveOrganization, None)?;
        } else {
            self.platform_only(asked)?;
        }
        if status == c.status {
            return Err("no_change");
        }
        let profile = self.profile_mut();
        (profile.status, profile.status_by_platform) = (c.status, asked.is_platform());
        Ok(())
    }

    pub(super) fn delete(&mut self, asked: &Asked<'_>, c: &DeleteOrganization) -> Answer {
        self.guarded(asked, Action::DeleteOrganization, None)?;
        let deletable = self.policy().personal.as_ref().is_some_and(|personal| personal.deletable);
        if self.open()?.kind == Kind::Personal && !deletable && !asked.is_platform() {
            return Err("personal_organization");
        }
        if let Disposition::TransferTo(other) = c.disposition {
            if other == self.id || !c.owns_recipient {
                return Err("bad_recipient");
            }
        }
        let now = asked.now();
        let purge_at = match self.policy().deletion {
            Deletion::Immediate => now,
            Deletion::Grace(span) => now.plus(span),
        };
        let profile = self.profile_mut();
        (profile.deleted, profile.offer) = (Some((c.disposition, purge_at)), None);
        profile.deleted_by_platform = asked.is_platform();
        for sent in self.invitations.values_mut().filter(|sent| sent.state == InvitationState::Open) {
            sent.state = InvitationState::Revoked;
        }
        Ok(())
    }

    pub(super) fn restore(&mut self, asked: &Asked<'_>) -> Answer {
        let profile = self.profile.as_ref().ok_or("not_found")?;
        let may = match asked.actor {
            Actor::System => true,
            Actor::User(user) => self.is_owner(user) && !profile.deleted_by_platform,
            _ => false,
        };
        match profile.deleted {
            None => self.known(asked).and(Err("no_change")),
            Some(_) if !may => Err("not_found"),
            Some((_, purge_at)) if asked.now() >= purge_at => Err("not_found"),
            Some(_) if !self.people.keys().any(|user| self.is_owner(*user)) => Err("last_owner"),
            Some(_) => {
                self.profile_mut().deleted = None;
                Ok(())
            }
        }
    }
}
