//! Plans, seats, keys of one's own.

use bailiwick::Kind;
use bailiwick::catalog::Action;
use bailiwick::change::{ChangePlan, ChangeSeats, SetOwnKey};
use bailiwick::limits::FEATURES_MAX;

use super::{Answer, Asked, Model, Terms};

impl Model {
    pub(super) fn change_plan(&mut self, asked: &Asked<'_>, c: &ChangePlan) -> Answer {
        self.guarded(asked, Action::ChangePlan, None)?;
        let now = asked.now();
        let plan = self.plan(c.plan.as_str()).ok_or("unknown_plan")?.clone();
        if c.at.is_some_and(|at| at <= now) {
            return Err("ended");
        }
        let seats = if self.minimum(&plan.key).is_some() { c.seats.as_u64() } else { 0 };
        let terms = Terms { plan: plan.key.clone(), seats };
        let (present, to_come) = (self.terms_at(now), self.terms_to_come(now));
        let takes_back = terms == present && c.at.is_none() && to_come.is_some();
        if plan.key == present.plan && !takes_back {
            return Err("no_change");
        }
        let kind = self.open()?.kind;
        let upgradable = self.policy().personal.as_ref().is_some_and(|personal| personal.upgradable);
        let bigger = self.plan(&present.plan).is_some_and(|old| plan.rank > old.rank);
        if kind == Kind::Personal && bigger && !upgradable && !asked.is_platform() {
            return Err("personal_organization");
        }
        if kind == Kind::Team && !plan.team_organizations {
            return Err("plan_without_teams");
        }
        self.enough_seats(&plan.key, seats)?;
        if !asked.is_platform() {
            self.signed_in_for(asked, &plan.key)?;
        }
        self.fits(&terms, now)?;
        let profile = self.profile_mut();
        match c.at {
            None => (profile.terms, profile.next) = (terms, None),
            Some(at) => (profile.terms, profile.next) = (present, Some((terms, at))),
        }
        Ok(())
    }

    pub(super) fn change_seats(&mut self, asked: &Asked<'_>, c: &ChangeSeats) -> Answer {
        self.guarded(asked, Action::ChangeSeats, None)?;
        let now = asked.now();
        let (present, to_come) = (self.terms_at(now), self.terms_to_come(now));
        let minimum = self.minimum(&present.plan).ok_or("seats_not_counted")?;
        let seats = c.seats.as_u64();
        let reduction = to_come.clone().filter(|(next, _)| next.plan == present.plan);
        if seats == present.seats && reduction.is_none() {
            return Err("no_change");
        }
        if seats < minimum {
            return Err("seats_below_minimum");
        }
        let profile = self.profile_mut();
        if seats >= present.seats {
            profile.terms = Terms { seats, ..present };
            profile.next = to_come.filter(|(next, _)| next.plan != profile.terms.plan);
            return Ok(());
        }
        if to_come.is_some_and(|(next, _)| next.plan != present.plan) {
            return Err("plan_change_scheduled");
        }
        if self.seats_taken() + self.seats_reserved(now, None) > seats {
            return Err("seats_in_use");
        }
        if c.period_end <= now {
            return Err("ended");
        }
        let profile = self.profile_mut();
        profile.next = Some((Terms { plan: present.plan.clone(), seats }, c.period_end));
        profile.terms = present;
        Ok(())
    }

    pub(super) fn set_own_key(&mut self, asked: &Asked<'_>, c: &SetOwnKey) -> Answer {
        self.guarded(asked, Action::ManageOwnKeys, None)?;
        let keys = &mut self.profile_mut().own_keys;
        let changed = if c.on { keys.insert(c.class) } else { keys.remove(&c.class) };
        match changed {
            false => Err("no_change"),
            true if keys.len() > FEATURES_MAX => Err("too_many_items"),
            true => Ok(()),
        }
    }
}
