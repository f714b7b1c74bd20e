//! Access to workspaces: the rows of people, the rules of groups and teams.

use bailiwick::catalog::Action;
use bailiwick::change::{GiveAccess, SetRule, TakeAccess};
use bailiwick::limits::{ROWS_PER_PERSON_MAX, RULES_PER_WORKSPACE_MAX};
use bailiwick::{RuleFor, UserId, WorkspaceId};

use super::giving::Giver;
use super::{Answer, Asked, Holder, Model, Rule, counts};

impl Model {
    /// Members, collaborators and nobody have guards of their own; whoever passes none of them learns nothing.
    fn guard_access(&self, asked: &Asked<'_>, user: UserId, workspace: WorkspaceId) -> Answer {
        let usual = (Action::ChangeAccess, Some(workspace));
        let action = match self.people.get(&user) {
            Some(person) if !person.is_member() => Action::ManageCollaborators,
            _ => Action::ChangeAccess,
        };
        self.guarded_as(asked, (action, Some(workspace)), usual)
    }

    pub(super) fn give_access(&mut self, asked: &Asked<'_>, c: &GiveAccess) -> Answer {
        self.guard_access(asked, c.user, c.workspace)?;
        self.workspace(c.workspace)?;
        self.not_oneself(asked, c.user)?;
        let person = self.person(c.user)?.clone();
        let row = self.override_of(&c.changes, person.roles.as_ref(), asked)?;
        if !person.rows.contains_key(&c.workspace) && person.rows.len() >= ROWS_PER_PERSON_MAX {
            return Err("too_many_items");
        }
        let before = self.clone();
        self.person_mut(c.user).rows.insert(c.workspace, row);
        before.may_make(self, &Giver::of(asked), c.user, Some(c.workspace))
    }

    pub(super) fn take_access(&mut self, asked: &Asked<'_>, c: &TakeAccess) -> Answer {
        self.guard_access(asked, c.user, c.workspace)?;
        self.not_oneself(asked, c.user)?;
        if !self.person(c.user)?.rows.contains_key(&c.workspace) {
            return Err("no_row");
        }
        let before = self.clone();
        let person = self.person_mut(c.user);
        person.rows.remove(&c.workspace);
        let gone = !person.is_member() && person.rows.is_empty();
        if gone && person.suspended {
            return Err("person_suspended");
        }
        before.may_make(self, &Giver::of(asked), c.user, Some(c.workspace))?;
        if gone {
            self.drop_person(c.user);
            self.inviter_demoted(&before, asked, c.user);
        }
        Ok(())
    }

    pub(super) fn set_rule(&mut self, asked: &Asked<'_>, c: &SetRule) -> Answer {
        self.guarded(asked, Action::ChangeRules, Some(c.workspace))?;
        self.workspace(c.workspace)?;
        let holder = match &c.holder {
            RuleFor::Group(key) if self.catalog.group(key.as_str()).is_none() => return Err("unknown_group"),
            RuleFor::Group(key) => Holder::Group(key.to_string()),
            RuleFor::Team(team) if !self.teams.contains_key(team) => return Err("unknown_team"),
            RuleFor::Team(team) => Holder::Team(*team),
        };
        let (given, taken) = (self.permissions(&c.given)?, self.permissions(&c.taken)?);
        if given.iter().chain(&taken).any(|key| self.is_organizational(key)) {
            return Err("wrong_scope");
        }
        if c.until.is_some_and(|end| end <= asked.now()) {
            return Err("ended");
        }
        let before = self.clone();
        let rules = &mut self.workspace(c.workspace)?.rules;
        let says_nothing = given.is_empty() && taken.is_empty();
        if says_nothing {
            rules.remove(&holder);
        } else {
            rules.insert(holder.clone(), Rule { given: given.clone(), taken, until: c.until });
        }
        if rules.len() > RULES_PER_WORKSPACE_MAX {
            return Err("too_many_items");
        }
        let mut about = before.people.iter().filter(|(_, person)| before.is_held_by(person, &holder));
        if about.any(|(user, _)| asked.is_staff_of_themselves(*user)) {
            return Err("own_access");
        }
        before.may_rule(self, asked, c.workspace, &holder)
    }

    /// Authority for a rule: whoever loses something by it, now or when a rule ends, is not above the actor; what it gives,
    /// and takes no more, the actor holds, whether or not there is anybody whom it is about, and sees as much.
    fn may_rule(&self, after: &Self, asked: &Asked<'_>, workspace: WorkspaceId, holder: &Holder) -> Answer {
        let (giver, place) = (Giver::of(asked), Some(workspace));
        let (old, new) = [self, after].map(|model| model.workspaces[&workspace].rules.get(holder)).into();
        let ends = [new, old].into_iter().flatten().filter_map(|rule| rule.until);
        let mut instants = self.ends_of_giver(&giver, place);
        instants.extend(ends.filter(|end| *end > asked.now()));
        for instant in instants {
            let at = |rule: Option<&Rule>| {
                let counting = rule.filter(|rule| counts(rule.until, instant));
                counting.map(|rule| (rule.given.clone(), rule.taken.clone())).unwrap_or_default()
            };
            let ((gave, took), (given, taken)) = (at(old), at(new));
            if !taken.is_subset(&took) || !gave.is_subset(&given) {
                let mut about = self.people.iter().filter(|(_, person)| self.is_held_by(person, holder));
                about.try_for_each(|(user, _)| self.may_touch(&giver, *user, place))?;
            }
            let gained = &(&given - &gave) | &(&took - &taken);
            if !asked.is_platform() && !gained.is_subset(&self.gives_at(&giver, place, instant).keys) {
                return Err("lacks_permission");
            }
            let mut about = self.people.iter().filter(|(_, person)| self.is_held_by(person, holder));
            about.try_for_each(|(user, _)| self.may_show(&giver, *user, place, &gained, instant))?;
        }
        Ok(())
    }
}
