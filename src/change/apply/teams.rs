//! Teams.

use super::super::Event;
use crate::organization::{Organization, Origin, RuleHolder, Team};

impl Organization {
    pub(super) fn apply_to_teams(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::TeamCreated { team, name } => {
                self.teams.insert(*team, Team { name: name.clone(), created: origin });
            }
            Event::TeamRenamed { team, name } => {
                if let Some(renamed) = self.teams.get_mut(team) {
                    renamed.name = name.clone();
                }
            }
            Event::TeamDissolved { team } => {
                self.teams.shift_remove(team);
                for user in self.index.people_by_team.remove(team).into_iter().flatten() {
                    if let Some(person) = self.people.get_mut(&user) {
                        person.leave_team(*team); // teams change no count
                        person.changed = origin;
                    }
                }
                let holder = RuleHolder::Team(*team);
                for workspace in self.ruled.clone() {
                    self.in_workspace(workspace, |place| place.rules.retain(|rule| rule.holder != holder));
                }
            }
            Event::TeamJoined { team, user } => {
                self.change(*user, origin, |person| person.join_team(*team, origin));
            }
            Event::TeamLeft { team, user } => self.change(*user, origin, |person| person.leave_team(*team)),
            _ => {}
        }
    }
}
