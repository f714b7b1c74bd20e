//! Previews: what a command would do, by the same code on a copy.

use alloc::vec::Vec;

use super::difference::{AccessChange, differences};
use super::{Command, Context, Effect, Outcome, Refusal};
use crate::organization::{Organization, SeatCount};

/// What a command would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The records that it would make, and who would be left out of a batch.
    pub outcome: Outcome,
    /// What the caller would have to do: mails, sessions, content, subscription, dates.
    pub effects: Vec<Effect>,
    /// Who would gain and lose what, and where.
    pub access: Vec<AccessChange>,
    /// The seats before, where they are counted.
    pub seats_before: Option<SeatCount>,
    /// The seats after, where they are counted.
    pub seats_after: Option<SeatCount>,
    /// The organization as it would be.
    pub after: Organization,
}

impl Organization {
    /// Says what a command would do, and does nothing: judges it as [`handle`](Self::handle) does, applies it to a copy,
    /// compares.
    ///
    /// # Shape
    /// Costs a copy of the organization. What concerns everybody (a role, a rule, a workspace, the plan) is compared for
    /// everybody at every place. For screens and confirmations, not for requests by the second.
    ///
    /// # Errors
    /// The [`Refusal`] of the command.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{AddMember, Command, Remove, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::STUDIO)?);
    /// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # let through = now.through(catalog.provider("linkedin").unwrap());
    /// # for record in organization.handle(&Command::from(sign_up), &through.by(Actor::User(ada)))? { organization.apply(&record); }
    /// # let add = AddMember { user: bob, roles: vec!["viewer".into()], access: vec![] };
    /// # for record in organization.handle(&Command::from(add), &now.by(Actor::System))? { organization.apply(&record); }
    /// let remove = Command::from(Remove { user: bob, content: None });
    /// let preview = organization.preview(&remove, &through.by(Actor::User(ada)))?;
    ///
    /// let loss = &preview.access[0];
    /// assert_eq!(loss.who, Actor::User(bob));
    /// assert!(loss.lost.contains(catalog.permission("project.view").unwrap()));
    /// assert!(organization.person(bob).is_some()); // nothing has happened
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview(&self, command: &Command, context: &Context<'_>) -> Result<Preview, Refusal> {
        let outcome = self.handle(command, context)?;
        let mut after = self.clone();
        outcome.records.iter().for_each(|record| after.apply(record));
        let now = context.facts.now;
        Ok(Preview {
            effects: self.effects(&outcome.records),
            access: differences(self, &after, now),
            seats_before: self.seats(now),
            seats_after: after.seats(now),
            outcome,
            after,
        })
    }
}
