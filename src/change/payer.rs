//! Who pays: whose name a spend bears, and whether the pool pays for it.

use super::authority::guard;
use super::{Context, Refusal};
use crate::access::{Facts, Target};
use crate::actor::Actor;
use crate::catalog::Action;
use crate::catalog::policy::CreditsOff;
use crate::ledger::{Pays, Scope, Spender};
use crate::organization::{Organization, Work};

impl Organization {
    /// Says who spends when an actor works, and whether the pool pays: the organization's own key for that class of usage,
    /// else the pool, else nobody, where the actor's credits are switched off and the policy lets the work go on. Nobody
    /// names the organization that pays: it is this one, and the workspace must be its own.
    ///
    /// # Shape
    /// | actor | spends as | whose switch |
    /// | --- | --- | --- |
    /// | user | the user | [their own](Self::uses_credits) |
    /// | staff in a user's place | the user | the user's |
    /// | service | the service | none: its sponsor's rights bound it, its sponsor's switch does not |
    /// | the platform | nobody in particular | none |
    ///
    /// A key of the organization's own comes before the switch, for nothing of the pool is used. Changes nothing, costs a check.
    ///
    /// # Errors
    /// `not_found` (no such organization, or the actor has nothing to do with it), `unknown_workspace`, `denied` and
    /// `step_up` (the actor may not [`UseCredits`](Action::UseCredits) there), `credits_off`.
    ///
    /// # Source
    /// S0-31, S0-33, S0-36, S0-67; S1-20, S1-96, S1-99; C-20.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::change::{Command, SetOwnKey, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::Work;
    /// use bailiwick::access::Facts;
    /// use bailiwick::ledger::Pays;
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let ada = Actor::User(UserId::from_u64(1).unwrap());
    /// # let workspace = WorkspaceId::from_u64(1).unwrap();
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(ada))? { organization.apply(&record); }
    /// # let own_key = SetOwnKey { class: "llm".parse()?, on: true };
    /// # for record in organization.handle(&Command::from(own_key), &now.by(ada))? { organization.apply(&record); }
    /// // The organization has a key of its own for `llm`, and none for `video`.
    /// let work = |class: &str| Work { workspace: Some(workspace), project: None, class: class.parse().ok() };
    /// assert_eq!(organization.spender(ada, &work("llm"), &now)?.pays, Pays::OwnKey);
    /// assert_eq!(organization.spender(ada, &work("video"), &now)?.pays, Pays::Pool);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spender(&self, actor: Actor, work: &Work, facts: &Facts<'_>) -> Result<Spender, Refusal> {
        let profile = self.profile.as_ref().filter(|_| self.is_open()).ok_or(Refusal::NotFound)?;
        let target = work.workspace.map_or(Target::Organization, Target::Workspace);
        let context = Context { actor, facts: *facts, command: None };
        guard(self, &context, Action::UseCredits, target)?;
        let user = actor.user();
        let service = match actor {
            Actor::Service(service) => Some(service),
            _ => None,
        };
        let on = user.is_none_or(|user| self.uses_credits(user, work.workspace, facts.now));
        let pays = if work.class.is_some_and(|class| profile.own_keys.contains(&class)) {
            Pays::OwnKey
        } else if on {
            Pays::Pool
        } else {
            match self.catalog.policy().credits_off {
                CreditsOff::Refuse => return Err(Refusal::CreditsOff),
                CreditsOff::Uncharged => Pays::Nobody,
            }
        };
        let Work { workspace, project, class } = *work;
        Ok(Spender { scope: Scope { organization: None, workspace, project, user, service, class }, pays })
    }

    /// Whether an actor may set how many credits are spent by whom, and when somebody is told.
    ///
    /// # Errors
    /// `not_found`, `denied`, `step_up`, as [`SetLimits`](Action::SetLimits) is guarded.
    pub fn may_set_limits(&self, actor: Actor, facts: &Facts<'_>) -> Result<(), Refusal> {
        if !self.is_open() {
            return Err(Refusal::NotFound);
        }
        guard(self, &Context { actor, facts: *facts, command: None }, Action::SetLimits, Target::Organization)
            .map(|_| ())
    }
}
