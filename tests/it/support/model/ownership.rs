//! Ownership changes hands.

use bailiwick::catalog::Action;
use bailiwick::catalog::policy::OwnershipTransfer;
use bailiwick::change::TransferOwnership;
use bailiwick::{Actor, Kind, UserId};

use super::giving::Giver;
use super::{Answer, Asked, Keys, Model};

impl Model {
    pub(super) fn transfer(&mut self, asked: &Asked<'_>, c: &TransferOwnership) -> Answer {
        self.guarded(asked, Action::TransferOwnership, None)?;
        let own = self.user_behind(asked.actor);
        let from = match asked.actor {
            Actor::System => c.from,
            Actor::User(_) => own.filter(|own| c.from.is_none_or(|from| from == *own)),
            _ => None,
        };
        let consent = self.policy().ownership_transfer == OwnershipTransfer::WithConsent && !asked.is_platform();
        let (before, giver) = (self.clone(), Giver::of(asked));
        let from = self.hand_over(asked, &giver, from, c.to)?;
        if consent {
            *self = before;
            self.profile_mut().offer = Some((from, c.to, asked.now()));
        } else {
            self.inviter_demoted(&before, asked, from);
        }
        Ok(())
    }

    /// Everything that is judged of a transfer, and the transfer.
    fn hand_over(&mut self, asked: &Asked<'_>, giver: &Giver, from: Option<UserId>, to: UserId) -> Answer<UserId> {
        if self.open()?.kind == Kind::Personal {
            return Err("personal_organization");
        }
        let from = from.filter(|from| self.is_owner(*from)).ok_or("owners_only")?;
        if from == to {
            return Err("own_access");
        }
        let receiver = self.person(to)?.clone();
        let owner = self.owner_key();
        let mut to_roles = receiver.roles.clone().ok_or("not_a_member")?;
        if receiver.suspended {
            return Err("person_suspended");
        }
        if !to_roles.insert(owner.clone()) {
            return Err("no_change");
        }
        if to_roles.len() > usize::from(self.policy().roles_per_member) {
            to_roles = Keys::from([owner.clone()]);
        }
        let mut from_roles: Keys = self.people[&from].roles.clone().unwrap_or_default();
        from_roles.remove(&owner);
        from_roles.extend(self.falls_back_to());
        if from_roles.is_empty() {
            return Err("no_roles");
        }
        let before = self.clone();
        self.person_mut(to).roles = Some(to_roles);
        self.person_mut(from).roles = Some(from_roles);
        [to, from].into_iter().try_for_each(|user| before.may_gain(self, giver, user))?;
        self.seat_gate(&before, asked.now(), None)?;
        self.profile_mut().offer = None;
        Ok(from)
    }

    pub(super) fn accept_ownership(&mut self, asked: &Asked<'_>) -> Answer {
        self.known(asked)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        let (now, lifetime) = (asked.now(), self.policy().invitations.lifetime);
        let offer = self.open()?.offer.filter(|(_, to, at)| *to == user && now < at.plus(lifetime));
        let could =
            |from| self.is_owner(from) && self.holds_guard(Actor::User(from), Action::TransferOwnership, None, now);
        let (from, to, _) = offer.filter(|(from, ..)| could(*from)).ok_or("no_offer")?;
        self.joinable(asked)?;
        let before = self.clone();
        self.hand_over(asked, &Giver::in_person(Actor::User(from), now), Some(from), to)?;
        self.inviter_demoted(&before, asked, from);
        Ok(())
    }

    pub(super) fn cancel_transfer(&mut self, asked: &Asked<'_>) -> Answer {
        self.known(asked)?;
        let (from, to, _) = self.open()?.offer.ok_or("no_offer")?;
        let owner = matches!(asked.actor, Actor::User(user) if self.is_owner(user));
        let concerned = owner || [Actor::System, Actor::User(from), Actor::User(to)].contains(&asked.actor);
        if !concerned {
            return Err("no_offer");
        }
        self.profile_mut().offer = None;
        Ok(())
    }
}
