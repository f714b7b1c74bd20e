//! Previews: what a command would do, by the same code on a copy.

use alloc::vec::Vec;

use super::difference::{AccessChange, Comparison, Measure, Opened, differences};
use super::{Command, Context, Effect, Outcome, Refusal};
use crate::access::{Facts, Share, ShareHolder};
#[cfg(feature = "std")]
use crate::actor::Actor;
use crate::id::UserId;
use crate::organization::{Organization, SeatCount};

/// What a command would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The records that it would make, and who would be left out of a batch.
    pub outcome: Outcome,
    /// What the caller would have to do: mails, sessions, content, subscription, dates.
    pub effects: Vec<Effect>,
    /// Who would gain and lose what, where and when: users, then services, each in order of their ids; at the places
    /// first, then on what is shared.
    pub access: Vec<AccessChange>,
    /// How much of what is shared was compared.
    pub shares: SharesCompared,
    /// The seats before, where they are counted.
    pub seats_before: Option<SeatCount>,
    /// The seats after, where they are counted.
    pub seats_after: Option<SeatCount>,
    /// The organization as it would be.
    pub after: Organization,
}

/// How much of what is shared with those who change was compared.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SharesCompared {
    /// Nothing: an organization knows no shares. What would be the most that shares give still stands under
    /// [`On::Own`](super::On::Own).
    Nothing,
    /// The first [`SHARES_PREVIEWED_MAX`](crate::limits::SHARES_PREVIEWED_MAX); there are more.
    Part,
    /// All that was handed in, or that the store has.
    All,
}

impl Organization {
    /// Says what a command would do, and does nothing: judges it as [`handle`](Self::handle) does, applies it to a copy,
    /// compares. The shares on single resources are not compared; [`preview_with_shares`](Self::preview_with_shares) and
    /// [`Tenants::preview`](crate::Tenants::preview) do.
    ///
    /// # Shape
    /// Access is that of somebody who is signed in as well as anybody asks, with the features that the facts switch on; now,
    /// and from each instant on at which something begins or ends by itself. Costs a copy of the organization. What concerns
    /// everybody (a role, a rule, a workspace, the plan) is compared for everybody at every place. For screens and
    /// confirmations, not for requests by the second.
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
            access: differences(self, &after, &context.facts),
            shares: SharesCompared::Nothing,
            seats_before: self.seats(now),
            seats_after: after.seats(now),
            outcome,
            after,
        })
    }
    /// The same, with who gains and loses what by shares that the caller keeps: of what is shared with whoever changes,
    /// each resource and each container in a row. Of a resource nothing else is known, so it is compared as one that lies in no
    /// workspace and is nobody's own.
    ///
    /// # Errors
    /// The [`Refusal`] of the command.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::change::{AddMember, ChangeRoles, Command, CreateOrganization};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, ResourceId, Seats, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::access::{Facts, Share, ShareHolder};
    /// use bailiwick::change::On;
    /// # let catalog = Arc::new(toml::from_str::<bailiwick::catalog::Catalog>(bailiwick::presets::PRODUCTION)?);
    /// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let create = CreateOrganization { name: Name::new("Acme")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(create), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// # let add = AddMember { user: bob, roles: vec!["editor".into()], access: vec![] };
    /// # for record in organization.handle(&Command::from(add), &now.by(Actor::System))? { organization.apply(&record); }
    /// let view = catalog.permission("script.view").unwrap();
    /// let (pilot, editors) = (ResourceId::from_u64(1).unwrap(), catalog.group("all_editors").unwrap());
    /// let share = Share { on: pilot, to: ShareHolder::Group(editors), level: [view].into_iter().collect(), until: None };
    ///
    /// let demote = Command::from(ChangeRoles { user: bob, roles: vec!["talent".into()] });
    /// let preview = organization.preview_with_shares(&demote, &now.by(Actor::User(ada)), &[share])?;
    /// let on_pilot = preview.access.iter().find(|change| change.extent.on == On::Resource(pilot)).unwrap();
    /// assert!(on_pilot.lost.contains(view)); // it goes with the group
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview_with_shares(
        &self,
        command: &Command,
        context: &Context<'_>,
        shares: &[Share],
    ) -> Result<Preview, Refusal> {
        let mut preview = self.preview(command, context)?;
        preview.compare_shares(self, shares, &context.facts);
        Ok(preview)
    }
}

impl Preview {
    /// Those for whom something can differ, of a preview of a state.
    #[cfg(feature = "std")]
    pub(crate) fn whoever_differs(&self, before: &Organization, facts: &Facts<'_>) -> Vec<Actor> {
        Comparison::new(before, &self.after, facts, Measure::within(self.after.catalog())).whoever_differs()
    }

    /// Adds what differs by shares, of a preview of a state.
    pub(crate) fn compare_shares(&mut self, before: &Organization, shares: &[Share], facts: &Facts<'_>) {
        let comparison = Comparison::new(before, &self.after, facts, Measure::within(self.after.catalog()));
        let opened = Opened::each(shares, |share| (!self.drops(share)).then_some(*share));
        let who = comparison.whoever_is_meant_differently(&opened);
        let found = comparison.shared(&who, &opened);
        self.access.extend(found);
        self.access.sort_by_key(|change| change.who); // stable: places first
        self.shares = SharesCompared::All;
    }

    /// Whether a share goes with whoever it names.
    fn drops(&self, share: &Share) -> bool {
        let named = match share.to {
            ShareHolder::User(user) | ShareHolder::Person { user, .. } => Some(user),
            _ => None,
        };
        let drops = |user: UserId| self.effects.contains(&Effect::DropShares { user });
        named.is_some_and(drops)
    }
}
