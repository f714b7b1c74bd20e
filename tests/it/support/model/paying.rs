//! Who pays for what somebody does.

use bailiwick::access::Facts;
use bailiwick::catalog::Action;
use bailiwick::catalog::policy::{CreditsOff, OverrideMode};
use bailiwick::ledger::{Pays, Scope, Spender};
use bailiwick::{Actor, UserId, Work, WorkspaceId};

use super::{Answer, Asked, Keys, Model, counts};

impl Model {
    pub(crate) fn spender(&self, actor: Actor, work: &Work, facts: &Facts<'_>) -> Answer<Spender> {
        let asked = &Asked { actor, facts: *facts };
        self.guarded(asked, Action::UseCredits, work.workspace)?;
        let mut scope =
            Scope { workspace: work.workspace, project: work.project, class: work.class, ..Scope::EVERYTHING };
        let mut on = true;
        match actor {
            Actor::User(user) | Actor::Staff { on_behalf_of: user, .. } => {
                scope.user = Some(user);
                on = self.people[&user].credits.unwrap_or_else(|| self.roles_use_credits(asked, user, work.workspace));
            }
            Actor::Service(service) => scope.service = Some(service),
            _ => {}
        }
        let has_key = work.class.is_some_and(|class| self.open().is_ok_and(|own| own.own_keys.contains(&class)));
        let pays = match (has_key, on, self.policy().credits_off) {
            (true, _, _) => Pays::OwnKey,
            (false, true, _) => Pays::Pool,
            (false, false, CreditsOff::Uncharged) => Pays::Nobody,
            (false, false, CreditsOff::Refuse) => return Err("credits_off"),
        };
        Ok(Spender { scope, pays })
    }

    /// Whether one of the roles does, that of a row among them; or there is none.
    fn roles_use_credits(&self, asked: &Asked<'_>, user: UserId, place: Option<WorkspaceId>) -> bool {
        let person = &self.people[&user];
        let mut roles: Keys = person.roles.clone().unwrap_or_default();
        let row = place.and_then(|id| person.rows.get(&id)).filter(|row| counts(row.until, asked.now()));
        let member_gets_nothing =
            person.is_member() && [OverrideMode::Off, OverrideMode::Reduce].contains(&self.policy().overrides);
        roles.extend(row.filter(|_| !member_gets_nothing).and_then(|row| row.role.clone()));
        roles.is_empty() || self.roles(&roles).iter().any(|role| role.uses_credits)
    }
}
