//! Inviting, changing what is promised, answering.

use bailiwick::catalog::limit;
use bailiwick::catalog::policy::{Batch, Binding, InviterGone, OnReinvite, OnResend, OpenInvitations};
use bailiwick::catalog::{Action, RoleKey};
use bailiwick::change::{Accept, AddressProof, Decline, EditInvitation, Invite, InviteMany, Resend, Revoke};
use bailiwick::limits::{COMMAND_ITEMS_MAX, OPEN_INVITATIONS_MAX};
use bailiwick::{Actor, Address, InvitationId, InvitationState, Override, SecretHash, UserId, WorkspaceId};

use super::giving::Giver;
use super::people::Access;
use super::{Answer, Asked, Invitation, Keys, LeftOut, Model, Person, counts};

impl Model {
    /// Inviting members and inviting collaborators have guards of their own.
    fn guard_invitation(&self, asked: &Asked<'_>, member: bool, places: Vec<WorkspaceId>) -> Answer {
        if member || places.is_empty() {
            self.guarded(asked, Action::InviteMember, None)
        } else {
            self.guarded_at(asked, Action::ManageCollaborators, places)
        }
    }

    fn guard_promise(&self, asked: &Asked<'_>, roles: &[RoleKey], access: &[(WorkspaceId, Override)]) -> Answer {
        let places = access.iter().map(|(workspace, _)| *workspace).collect();
        self.guard_invitation(asked, !roles.is_empty(), places)
    }

    pub(super) fn invite(&mut self, asked: &Asked<'_>, c: &Invite) -> Answer {
        self.guard_promise(asked, &c.roles, &c.access)?;
        self.for_several()?;
        if self.invitations.contains_key(&c.invitation) {
            return Err("already_exists");
        }
        let now = asked.now();
        let same = |sent: &Invitation| sent.address.as_deref() == Some(c.address.key());
        if let Some(open) = self.invitations.values().find(|sent| same(sent) && sent.is_open(now)) {
            if self.policy().invitations.on_reinvite == OnReinvite::Refuse {
                return Err("already_invited");
            }
            self.may_take_back(asked, open)?;
        }
        let open = self.invitations.values().filter(|sent| sent.is_open(now));
        if open.count() >= OPEN_INVITATIONS_MAX {
            return Err("too_many_items");
        }
        let (roles, access) = self.promise(asked, &c.roles, &c.access)?;
        let policy = self.policy().invitations.clone();
        for sent in self.invitations.values_mut().filter(|sent| same(sent) && sent.state == InvitationState::Open) {
            sent.state = InvitationState::Superseded;
        }
        let uses = if let Binding::Bearer(uses) = policy.binding { uses } else { 1 };
        let sent = Invitation {
            address: Some(c.address.key().to_owned()),
            roles,
            access,
            secret: c.secret,
            until: now.plus(policy.lifetime),
            uses,
            state: InvitationState::Open,
            by: asked.actor,
            answered_by: Vec::new(),
        };
        self.invitations.insert(c.invitation, sent);
        self.room_for_promise(asked, c.invitation)
    }

    /// What is promised, if it makes sense and the actor may give it.
    fn promise(
        &self,
        asked: &Asked<'_>,
        roles: &[RoleKey],
        access: &[(WorkspaceId, Override)],
    ) -> Answer<(Keys, Access)> {
        if roles.is_empty() && access.is_empty() {
            return Err("no_roles");
        }
        if roles.is_empty() {
            self.collaborators_on()?;
        }
        if access.len() > COMMAND_ITEMS_MAX {
            return Err("too_many_items");
        }
        self.not_too_many(roles)?;
        let roles = self.role_keys(roles)?;
        let access = self.overrides(access, Some(&roles).filter(|roles| !roles.is_empty()), asked)?;
        self.may_bring(&Giver::of(asked), self.nobody(), &roles, &access)?;
        Ok((roles, access))
    }

    /// Where open invitations reserve seats, there is room for one more.
    fn room_for_promise(&self, asked: &Asked<'_>, id: InvitationId) -> Answer {
        if self.policy().open_invitations == OpenInvitations::Free {
            return Ok(());
        }
        let now = asked.now();
        let sent = &self.invitations[&id];
        let mut after = self.clone();
        after.bring(self.nobody(), &sent.roles, &sent.access);
        after.room_for(self, limit::MEMBERS, now)?;
        after.room_for(self, limit::COLLABORATORS, now)?;
        after.seat_gate(self, now, Some(id))
    }

    pub(super) fn invite_many(&mut self, asked: &Asked<'_>, c: &InviteMany, left_out: &mut LeftOut) -> Answer {
        let Some(first) = c.invitations.first() else {
            return self.guarded(asked, Action::InviteMember, None).and(Err("no_change"));
        };
        let policy = self.policy().invitations.clone();
        if c.invitations.len() > policy.batch_max as usize {
            self.guard_promise(asked, &first.roles, &first.access)?;
            return Err("too_many_items");
        }
        let mut sent: Vec<&Address> = Vec::new();
        for (item, invite) in c.invitations.iter().enumerate() {
            let mut after = self.clone();
            let twice = sent.contains(&&invite.address) && !self.invitations.contains_key(&invite.invitation);
            let answer = if twice {
                self.guard_promise(asked, &invite.roles, &invite.access).and(Err("already_invited"))
            } else {
                after.invite(asked, invite)
            };
            match answer {
                Ok(()) => {
                    *self = after;
                    sent.push(&invite.address);
                }
                Err("not_found") => return Err("not_found"),
                Err(code) if policy.batch == Batch::Atomic => return Err(of_batch(code)),
                Err(code) => left_out.push((item, code)),
            }
        }
        left_out.first().filter(|_| sent.is_empty()).map_or(Ok(()), |(_, code)| Err(of_batch(code)))
    }

    /// An open invitation that somebody who may invite changes.
    fn guard_sent(&self, asked: &Asked<'_>, id: InvitationId) -> Answer {
        let usual = (Action::InviteMember, None);
        match self.invitations.get(&id) {
            Some(sent) if sent.roles.is_empty() && !sent.access.is_empty() => {
                for place in sent.access.keys() {
                    self.guarded_as(asked, (Action::ManageCollaborators, Some(*place)), usual)?;
                }
            }
            _ => self.guarded(asked, usual.0, usual.1)?,
        }
        let sent = self.invitations.get(&id).ok_or("unknown_invitation")?;
        if sent.is_open(asked.now()) { self.may_take_back(asked, sent) } else { Err("invitation_closed") }
    }

    /// Whether whom an invitation is for would not outrank the actor, anywhere.
    fn may_take_back(&self, asked: &Asked<'_>, sent: &Invitation) -> Answer {
        let roles = Some(sent.roles.clone()).filter(|roles| !roles.is_empty());
        let promised = Person { roles, rows: sent.access.clone(), ..Person::default() };
        let places = [None].into_iter().chain(sent.access.keys().copied().map(Some));
        let giver = Giver::of(asked);
        places.into_iter().try_for_each(|place| self.may_touch_person(&giver, &promised, place))
    }

    pub(super) fn edit_invitation(&mut self, asked: &Asked<'_>, c: &EditInvitation) -> Answer {
        self.guard_sent(asked, c.invitation)?;
        self.guard_promise(asked, &c.roles, &c.access)?;
        let (roles, access) = self.promise(asked, &c.roles, &c.access)?;
        let sent = self.invitations.get_mut(&c.invitation).expect("it was looked up");
        (sent.roles, sent.access, sent.by) = (roles, access, asked.actor);
        self.room_for_promise(asked, c.invitation)
    }

    pub(super) fn resend(&mut self, asked: &Asked<'_>, c: &Resend) -> Answer {
        self.guard_sent(asked, c.invitation)?;
        let sent = &self.invitations[&c.invitation];
        self.may_bring(&Giver::of(asked), self.nobody(), &sent.roles, &sent.access)?;
        let policy = self.policy().invitations.clone();
        let sent = self.invitations.get_mut(&c.invitation).expect("it was looked up");
        if policy.on_resend != OnResend::Nothing {
            sent.until = asked.now().plus(policy.lifetime);
        }
        if policy.on_resend == OnResend::RenewAndRotate {
            sent.secret = c.secret.ok_or("secret_missing")?;
            sent.by = asked.actor;
        }
        Ok(())
    }

    pub(super) fn revoke(&mut self, asked: &Asked<'_>, c: &Revoke) -> Answer {
        self.guard_sent(asked, c.invitation)?;
        self.invitations.get_mut(&c.invitation).expect("it was looked up").state = InvitationState::Revoked;
        Ok(())
    }

    /// The invitation that somebody answers who knows its secret and whose address it is.
    fn answered(
        &self,
        asked: &Asked<'_>,
        id: InvitationId,
        secret: SecretHash,
        proof: &AddressProof,
    ) -> Answer<Invitation> {
        self.open()?;
        let Some(sent) = self.invitations.get(&id).filter(|sent| sent.secret == secret) else {
            return self.known(asked).and(Err("unknown_invitation"));
        };
        if !sent.is_open(asked.now()) {
            return Err("invitation_closed");
        }
        let (address, verified) = match proof {
            AddressProof::Verified(address) => (address, true),
            AddressProof::Claimed(address) => (address, false),
        };
        let binding = self.policy().invitations.binding;
        let bearer = matches!(binding, Binding::Bearer(_));
        if !bearer && sent.address.as_deref() != Some(address.key()) {
            return Err("address_mismatch");
        }
        if binding == Binding::VerifiedAddress && !verified {
            return Err("address_unverified");
        }
        Ok(sent.clone())
    }

    pub(super) fn accept(&mut self, asked: &Asked<'_>, c: &Accept) -> Answer {
        let sent = self.answered(asked, c.invitation, c.secret, &c.address)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        if sent.answered_by.contains(&user) {
            return Err("invitation_closed");
        }
        self.joinable(asked)?;
        let now = asked.now();
        let has_all = |person: &Person| {
            let has = |place| person.rows.get(place).is_some_and(|row| counts(row.until, now));
            sent.roles.is_empty() && sent.access.keys().all(has)
        };
        if self.people.get(&user).is_some_and(|person| person.is_member() || has_all(person)) {
            return Err("already_member");
        }
        if sent.access.values().any(|row| row.first_end.is_some_and(|end| end <= now)) {
            return Err("ended");
        }
        if matches!(sent.by, Actor::Staff { staff, .. } if staff == user) {
            return Err("own_access");
        }
        // It was sent to a newcomer; to somebody who is here already it can come to mean more.
        let newcomer = !self.people.contains_key(&user);
        let keeps = newcomer && self.policy().invitations.inviter_gone == InviterGone::Keep;
        if !keeps && !self.could_still_give(sent.by, user, &sent.roles, &sent.access, now) {
            return Err("inviter_lacks_authority");
        }
        let before = self.clone();
        self.bring_invited(user, c.invitation, &sent);
        self.gate(&before, now, Some(c.invitation))
    }

    fn bring_invited(&mut self, user: UserId, id: InvitationId, sent: &Invitation) {
        let mut access = sent.access.clone();
        access.values_mut().for_each(|row| row.given_by = sent.by);
        self.bring(user, &sent.roles, &access);
        let sent = self.invitations.get_mut(&id).expect("it was looked up");
        sent.answered_by.push(user);
        sent.uses -= 1;
        if sent.uses == 0 {
            sent.state = InvitationState::Accepted;
        }
    }

    pub(super) fn decline(&mut self, asked: &Asked<'_>, c: &Decline) -> Answer {
        self.answered(asked, c.invitation, c.secret, &c.address)?;
        let Actor::User(user) = asked.actor else { return Err("user_only") };
        if matches!(self.policy().invitations.binding, Binding::Bearer(uses) if uses > 1) {
            return Err("no_change");
        }
        let sent = self.invitations.get_mut(&c.invitation).expect("it was looked up");
        sent.state = InvitationState::Declined;
        sent.answered_by.push(user);
        Ok(())
    }
}

/// Whoever may not invite at all is told so, and not which item it was about.
fn of_batch(code: &'static str) -> &'static str {
    if ["denied", "step_up"].contains(&code) { code } else { "batch_refused" }
}
