//! Teams.

use std::collections::BTreeSet;

use bailiwick::catalog::{Action, limit};
use bailiwick::change::{CreateTeam, DissolveTeam, JoinTeam, LeaveTeam, RenameTeam};
use bailiwick::limits::{TEAMS_MAX, TEAMS_PER_PERSON_MAX};
use bailiwick::{TeamId, UserId};

use super::giving::Giver;
use super::{Answer, Asked, Holder, Model};

impl Model {
    fn team(&mut self, id: TeamId) -> Answer<&mut String> {
        self.teams.get_mut(&id).ok_or("unknown_team")
    }

    pub(super) fn create_team(&mut self, asked: &Asked<'_>, c: &CreateTeam) -> Answer {
        self.guarded(asked, Action::ManageTeams, None)?;
        if self.teams.contains_key(&c.team) {
            return Err("already_exists");
        }
        let before = self.clone();
        self.teams.insert(c.team, c.name.to_string());
        self.room_for(&before, limit::TEAMS, asked.now())?;
        if self.teams.len() > TEAMS_MAX { Err("too_many_items") } else { Ok(()) }
    }

    pub(super) fn rename_team(&mut self, asked: &Asked<'_>, c: &RenameTeam) -> Answer {
        self.guarded(asked, Action::ManageTeams, None)?;
        *self.team(c.team)? = c.name.to_string();
        Ok(())
    }

    pub(super) fn dissolve_team(&mut self, asked: &Asked<'_>, c: &DissolveTeam) -> Answer {
        self.guarded(asked, Action::ManageTeams, None)?;
        self.team(c.team)?;
        let before = self.clone();
        self.teams.remove(&c.team);
        self.people.values_mut().for_each(|person| {
            person.teams.remove(&c.team);
        });
        for workspace in self.workspaces.values_mut() {
            workspace.rules.remove(&Holder::Team(c.team));
        }
        let inside = before.people.iter().filter(|(_, person)| person.teams.contains(&c.team));
        let inside: BTreeSet<UserId> = inside.map(|(user, _)| *user).collect();
        if inside.iter().any(|user| asked.is_staff_of_themselves(*user)) {
            return Err("own_access");
        }
        before.may_move(self, asked, c.team, &inside)
    }

    pub(super) fn join_team(&mut self, asked: &Asked<'_>, c: &JoinTeam) -> Answer {
        self.guarded(asked, Action::ManageTeams, None)?;
        self.team(c.team)?;
        if asked.is_staff_of_themselves(c.user) {
            return Err("own_access");
        }
        let person = self.person(c.user)?;
        if !person.is_member() {
            return Err("not_a_member");
        }
        if person.teams.contains(&c.team) {
            return Err("already_exists");
        }
        if person.teams.len() >= TEAMS_PER_PERSON_MAX {
            return Err("too_many_items");
        }
        let before = self.clone();
        self.person_mut(c.user).teams.insert(c.team);
        before.may_move(self, asked, c.team, &BTreeSet::from([c.user]))
    }

    pub(super) fn leave_team(&mut self, asked: &Asked<'_>, c: &LeaveTeam) -> Answer {
        self.guarded(asked, Action::ManageTeams, None)?;
        self.team(c.team)?;
        if asked.is_staff_of_themselves(c.user) {
            return Err("own_access");
        }
        let person = self.person(c.user)?;
        if !person.is_member() {
            return Err("not_a_member");
        }
        if !person.teams.contains(&c.team) {
            return Err("no_row");
        }
        let before = self.clone();
        self.person_mut(c.user).teams.remove(&c.team);
        before.may_move(self, asked, c.team, &BTreeSet::from([c.user]))
    }

    /// Authority for people who come into a team or out of it.
    fn may_move(&self, after: &Self, asked: &Asked<'_>, team: TeamId, users: &BTreeSet<UserId>) -> Answer {
        let giver = Giver::of(asked);
        let holder = Holder::Team(team);
        let ruled = self.workspaces.iter().filter(|(_, workspace)| workspace.rules.contains_key(&holder));
        let places: Vec<_> = ruled.map(|(id, _)| Some(*id)).chain([None]).collect();
        for user in users {
            places.iter().try_for_each(|place| self.may_touch(&giver, *user, *place))?;
            self.may_make(after, &giver, *user, None)?;
        }
        Ok(())
    }
}
