//! Services and keys.

use std::collections::BTreeSet;

use bailiwick::catalog::{Action, PermissionKey, limit};
use bailiwick::change::{AdoptService, ChangeService, CreateService, EndService, RotateSecret};
use bailiwick::limits::{COMMAND_ITEMS_MAX, SERVICES_MAX};
use bailiwick::{Actor, ServiceId, Timestamp, WorkspaceId};

use super::giving::Giver;
use super::rights::Place;
use super::{Answer, Asked, Keys, Model, Service};

impl Model {
    pub(super) fn create_service(&mut self, asked: &Asked<'_>, c: &CreateService) -> Answer {
        self.guarded(asked, Action::CreateService, None)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        if self.services.contains_key(&c.service) {
            return Err("already_exists");
        }
        let before = self.clone();
        let service = Service {
            name: c.name.to_string(),
            sponsor: Some(user),
            permissions: Keys::new(),
            workspaces: BTreeSet::new(),
            until: c.until,
            secret: c.secret,
        };
        self.services.insert(c.service, service);
        self.room_for(&before, limit::SERVICES, asked.now())?;
        if self.services.len() > SERVICES_MAX {
            return Err("too_many_items");
        }
        let (permissions, workspaces) = before.bounds(asked, &c.permissions, &c.workspaces, c.until)?;
        let service = self.services.get_mut(&c.service).expect("it was made");
        (service.permissions, service.workspaces) = (permissions, workspaces);
        Ok(())
    }

    /// What a service may use and where, if it makes sense and the actor holds it there.
    fn bounds(
        &self,
        asked: &Asked<'_>,
        permissions: &[PermissionKey],
        workspaces: &[WorkspaceId],
        until: Option<Timestamp>,
    ) -> Answer<(Keys, BTreeSet<WorkspaceId>)> {
        if permissions.len() > COMMAND_ITEMS_MAX || workspaces.len() > COMMAND_ITEMS_MAX {
            return Err("too_many_items");
        }
        let permissions = self.permissions(permissions)?;
        if workspaces.iter().any(|workspace| !self.workspaces.contains_key(workspace)) {
            return Err("unknown_workspace");
        }
        if !workspaces.is_empty() && permissions.iter().any(|key| self.is_organizational(key)) {
            return Err("wrong_scope");
        }
        if until.is_some_and(|end| end <= asked.now()) {
            return Err("ended");
        }
        let workspaces: BTreeSet<WorkspaceId> = workspaces.iter().copied().collect();
        self.holds_all(asked, &permissions, &workspaces)?;
        Ok((permissions, workspaces))
    }

    fn holds_all(&self, asked: &Asked<'_>, permissions: &Keys, workspaces: &BTreeSet<WorkspaceId>) -> Answer {
        let giver = Giver::of(asked);
        if asked.is_platform() {
            return Ok(());
        }
        let person = self.user_behind(asked.actor).and_then(|user| self.people.get(&user));
        let rows = person.into_iter().flat_map(|person| person.rows.keys());
        let everywhere: Vec<Place> = rows.map(|place| Some(*place)).chain([None]).collect();
        let held = |place: &Place| self.gives_at(&giver, *place, giver.now).keys;
        let fits = if workspaces.is_empty() {
            let somewhere: Keys = everywhere.iter().flat_map(held).collect();
            permissions.is_subset(&(&somewhere | &self.gives_at_organization(&giver)))
        } else {
            workspaces.iter().all(|place| permissions.is_subset(&held(&Some(*place))))
        };
        if fits { Ok(()) } else { Err("lacks_permission") }
    }

    pub(super) fn change_service(&mut self, asked: &Asked<'_>, c: &ChangeService) -> Answer {
        self.ones_own(asked, c.service)?;
        let (permissions, workspaces) = self.bounds(asked, &c.permissions, &c.workspaces, c.until)?;
        let service = self.services.get_mut(&c.service).expect("it was looked up");
        (service.permissions, service.workspaces, service.until) = (permissions, workspaces, c.until);
        Ok(())
    }

    /// Whoever asks about what is not their own manages services, and hears whether it is there.
    fn ones_own(&self, asked: &Asked<'_>, id: ServiceId) -> Answer {
        if self.is_ones_own(asked, id) {
            return self.guarded(asked, Action::CreateService, None);
        }
        self.guarded(asked, Action::ManageServices, None)?;
        if self.services.contains_key(&id) { Err("not_sponsor") } else { Err("unknown_service") }
    }

    fn is_ones_own(&self, asked: &Asked<'_>, id: ServiceId) -> bool {
        let sponsor = self.services.get(&id).and_then(|service| service.sponsor);
        sponsor.is_some_and(|sponsor| asked.actor == Actor::User(sponsor))
    }

    pub(super) fn rotate_secret(&mut self, asked: &Asked<'_>, c: &RotateSecret) -> Answer {
        self.ones_own(asked, c.service)?;
        self.services.get_mut(&c.service).expect("it was looked up").secret = c.secret;
        Ok(())
    }

    pub(super) fn end_service(&mut self, asked: &Asked<'_>, c: &EndService) -> Answer {
        self.open()?;
        if !self.is_ones_own(asked, c.service) {
            self.guarded(asked, Action::ManageServices, None)?;
            let sponsor = self.services.get(&c.service).ok_or("unknown_service")?.sponsor;
            let giver = Giver::of(asked);
            sponsor.map_or(Ok(()), |sponsor| self.may_touch(&giver, sponsor, None))?;
        }
        self.services.remove(&c.service);
        Ok(())
    }

    pub(super) fn adopt_service(&mut self, asked: &Asked<'_>, c: &AdoptService) -> Answer {
        self.guarded(asked, Action::ManageServices, None)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        let service = self.services.get(&c.service).ok_or("unknown_service")?.clone();
        if service.sponsor.is_some() {
            return Err("has_sponsor");
        }
        self.holds_all(asked, &service.permissions, &service.workspaces)?;
        let service = self.services.get_mut(&c.service).expect("it was looked up");
        (service.sponsor, service.secret) = (Some(user), c.secret);
        Ok(())
    }
}
