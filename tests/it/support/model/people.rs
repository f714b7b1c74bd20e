//! People: bringing them in, their roles, suspension, removal.

use std::collections::BTreeMap;

use bailiwick::catalog::policy::{
    Collaborators, ContentOfRemoved, InviterGone, OnMemberRemoved, OverrideMode, OwnRole, ServicesOfRemoved,
};
use bailiwick::catalog::{Action, RoleKey};
use bailiwick::change::{
    AddCollaborator, AddMember, ChangeRoles, Content, EraseUser, Leave, MakeCollaborator, Reactivate, Remove, Suspend,
    SwitchCredits,
};
use bailiwick::limits::COMMAND_ITEMS_MAX;
use bailiwick::{Actor, InvitationId, InvitationState, Kind, Override, UserId, WorkspaceId};

use super::giving::Giver;
use super::{Answer, Asked, Invitation, Keys, Model, Person, Row, counts};

/// What a command promises.
pub(super) type Access = BTreeMap<WorkspaceId, Row>;

impl Model {
    /// A user whom nobody has ever seen.
    pub(super) fn nobody(&self) -> UserId {
        UserId::from_u128(u128::MAX).expect("it is not zero")
    }

    /// A personal organization is for one person, unless the policy lets others in.
    pub(super) fn for_several(&self) -> Answer {
        let invitable = self.policy().personal.as_ref().is_some_and(|personal| personal.invitable);
        if self.open()?.kind == Kind::Personal && !invitable { Err("personal_organization") } else { Ok(()) }
    }

    pub(super) fn not_too_many(&self, roles: &[RoleKey]) -> Answer {
        if roles.len() > usize::from(self.policy().roles_per_member) { Err("too_many_roles") } else { Ok(()) }
    }

    pub(super) fn collaborators_on(&self) -> Answer {
        if self.policy().collaborators == Collaborators::On { Ok(()) } else { Err("collaborators_off") }
    }

    /// What overrides say, if it makes sense. `member` has the roles of whom it is for, if that is a member.
    pub(super) fn overrides(
        &self,
        access: &[(WorkspaceId, Override)],
        member: Option<&Keys>,
        asked: &Asked<'_>,
    ) -> Answer<Access> {
        let mut rows = Access::new();
        for (workspace, changes) in access {
            self.workspaces.get(workspace).ok_or("unknown_workspace")?;
            let mut row = self.override_of(changes, member, asked)?;
            let ends = [row.until, rows.get(workspace).and_then(|earlier: &Row| earlier.first_end)];
            row.first_end = ends.into_iter().flatten().min();
            rows.insert(*workspace, row);
        }
        Ok(rows)
    }

    pub(super) fn override_of(&self, changes: &Override, member: Option<&Keys>, asked: &Asked<'_>) -> Answer<Row> {
        let role = changes.role.as_ref().map(|key| self.role(key.as_str())).transpose()?;
        if role.as_ref().is_some_and(|role| role.owner) {
            return Err("not_assignable");
        }
        let added = self.permissions(&changes.added)?;
        let removed = self.permissions(&changes.removed)?;
        if added.iter().chain(&removed).any(|key| self.is_organizational(key)) {
            return Err("wrong_scope");
        }
        if let Some(roles) = member {
            let mode = self.policy().overrides;
            let firm = self.roles(roles).iter().any(|role| !role.reducible);
            let reduces = !removed.is_empty() || role.is_some();
            let allowed = match mode {
                OverrideMode::Replace => true,
                OverrideMode::Expand => removed.is_empty(),
                OverrideMode::Reduce => added.is_empty(),
                OverrideMode::Off => changes.is_plain(),
            };
            if !allowed || (firm && reduces) {
                return Err("override_not_allowed");
            }
        }
        if changes.until.is_some_and(|end| end <= asked.now()) {
            return Err("ended");
        }
        let role = role.map(|role| role.key);
        Ok(Row { role, added, removed, until: changes.until, given_by: asked.actor, first_end: None })
    }

    /// Authority for what an invitation or an addition gives to somebody.
    pub(super) fn may_bring(&self, giver: &Giver, user: UserId, roles: &Keys, access: &Access) -> Answer {
        self.may_be_given(roles)?;
        if giver.actor == Actor::Provisioner && !access.is_empty() {
            return Err("override_not_allowed");
        }
        let mut after = self.clone();
        after.bring(user, roles, access);
        self.may_make(&after, giver, user, None)
    }

    pub(super) fn bring(&mut self, user: UserId, roles: &Keys, access: &Access) {
        let person = self.people.entry(user).or_default();
        if !roles.is_empty() {
            person.roles = Some(roles.clone());
        }
        person.rows.extend(access.iter().map(|(place, row)| (*place, Row { first_end: None, ..row.clone() })));
    }

    pub(super) fn add_member(&mut self, asked: &Asked<'_>, c: &AddMember) -> Answer {
        self.guarded(asked, Action::AddMember, None)?;
        self.for_several()?;
        if asked.actor == Actor::Provisioner {
            self.in_good_standing()?;
        }
        if self.people.get(&c.user).is_some_and(Person::is_member) {
            return Err("already_member");
        }
        if c.roles.is_empty() {
            return Err("no_roles");
        }
        if c.access.len() > COMMAND_ITEMS_MAX {
            return Err("too_many_items");
        }
        self.not_too_many(&c.roles)?;
        let roles = self.role_keys(&c.roles)?;
        let access = self.overrides(&c.access, Some(&roles), asked)?;
        self.not_oneself(asked, c.user)?;
        self.may_bring(&Giver::of(asked), c.user, &roles, &access)?;
        let before = self.clone();
        self.bring(c.user, &roles, &access);
        self.gate(&before, asked.now(), None)
    }

    pub(super) fn add_collaborator(&mut self, asked: &Asked<'_>, c: &AddCollaborator) -> Answer {
        if c.access.is_empty() {
            self.guarded(asked, Action::InviteMember, None)?;
        }
        self.guarded_at(asked, Action::ManageCollaborators, c.access.iter().map(|(workspace, _)| *workspace))?;
        self.for_several()?;
        if self.people.contains_key(&c.user) {
            return Err("already_member");
        }
        if c.access.is_empty() {
            return Err("no_roles");
        }
        self.collaborators_on()?;
        if c.access.len() > COMMAND_ITEMS_MAX {
            return Err("too_many_items");
        }
        let access = self.overrides(&c.access, None, asked)?;
        self.not_oneself(asked, c.user)?;
        self.may_bring(&Giver::of(asked), c.user, &Keys::new(), &access)?;
        let before = self.clone();
        self.bring(c.user, &Keys::new(), &access);
        self.gate(&before, asked.now(), None)
    }

    pub(super) fn not_oneself(&self, asked: &Asked<'_>, user: UserId) -> Answer {
        let own = self.user_behind(asked.actor) == Some(user) || asked.is_staff_of_themselves(user);
        if own { Err("own_access") } else { Ok(()) }
    }

    pub(super) fn make_collaborator(&mut self, asked: &Asked<'_>, c: &MakeCollaborator) -> Answer {
        self.guarded(asked, Action::RemoveMember, None)?;
        let person = self.person(c.user)?.clone();
        self.not_oneself(asked, c.user)?;
        let giver = Giver::of(asked);
        self.may_touch(&giver, c.user, None)?;
        if !person.is_member() {
            return Err("not_a_member");
        }
        self.collaborators_on()?;
        self.not_the_last_owner(c.user)?;
        if !person.rows.values().any(|row| row.gives() && counts(row.until, asked.now())) {
            return Err("no_row");
        }
        let before = self.clone();
        self.keep_as_collaborator(c.user);
        before.may_make(self, &giver, c.user, None)?;
        self.gate(&before, asked.now(), None)?;
        self.inviter_demoted(&before, asked, c.user);
        Ok(())
    }

    fn keep_as_collaborator(&mut self, user: UserId) {
        let person = self.person_mut(user);
        person.roles = None;
        person.teams.clear();
        person.rows.retain(|_, row| row.gives());
        self.end_offer_of(user);
    }

    pub(super) fn end_offer_of(&mut self, user: UserId) {
        let profile = self.profile_mut();
        profile.offer = profile.offer.filter(|(from, to, _)| *from != user && *to != user);
    }

    pub(super) fn not_the_last_owner(&self, user: UserId) -> Answer {
        let others = self.people.keys().any(|other| *other != user && self.is_owner(*other));
        if self.is_owner(user) && !others {
            return Err("last_owner");
        }
        // A personal organization is its creator's, whoever else owns it with them.
        let profile = self.profile.as_ref().expect("who asks was let in");
        let theirs = profile.kind == Kind::Personal && profile.creator == user;
        if theirs { Err("personal_organization") } else { Ok(()) }
    }

    pub(super) fn change_roles(&mut self, asked: &Asked<'_>, c: &ChangeRoles) -> Answer {
        self.guarded(asked, Action::ChangeRoles, None)?;
        let person = self.person(c.user)?;
        let old = person.roles.clone().ok_or("not_a_member")?;
        if c.roles.is_empty() {
            return Err("no_roles");
        }
        self.not_too_many(&c.roles)?;
        let roles = self.role_keys(&c.roles)?;
        self.own_role(asked, c.user, &old, &roles)?;
        let before = self.clone();
        self.person_mut(c.user).roles = Some(roles.clone());
        before.may_make(self, &Giver::of(asked), c.user, None)?;
        if !roles.contains(&self.owner_key()) {
            before.not_the_last_owner(c.user)?;
        }
        self.seat_gate(&before, asked.now(), None)?;
        self.end_offer_of(c.user);
        self.inviter_demoted(&before, asked, c.user);
        Ok(())
    }

    fn own_role(&self, asked: &Asked<'_>, user: UserId, old: &Keys, new: &Keys) -> Answer {
        if asked.is_staff_of_themselves(user) {
            return Err("own_access");
        }
        if self.user_behind(asked.actor) != Some(user) {
            return Ok(());
        }
        let rank = |roles: &Keys| self.roles(roles).iter().map(|role| role.rank).max().unwrap_or(0);
        let in_person = asked.actor == Actor::User(user);
        let allowed = match self.policy().own_role {
            _ if !in_person => false,
            OwnRole::Forbidden => false,
            OwnRole::DemoteOnly => rank(new) < rank(old),
            OwnRole::Allowed => rank(new) <= rank(old),
        };
        if allowed { Ok(()) } else { Err("own_access") }
    }

    pub(super) fn suspend(&mut self, asked: &Asked<'_>, c: &Suspend) -> Answer {
        self.guarded(asked, Action::SuspendPerson, None)?;
        self.person(c.user)?;
        self.not_oneself(asked, c.user)?;
        self.may_touch(&Giver::of(asked), c.user, None)?;
        self.may_touch_rows(&Giver::of(asked), c.user)?;
        if self.person(c.user)?.suspended {
            return Err("already_suspended");
        }
        self.not_the_last_owner(c.user)?;
        let before = self.clone();
        self.person_mut(c.user).suspended = true;
        self.end_offer_of(c.user);
        self.inviter_demoted(&before, asked, c.user);
        Ok(())
    }

    pub(super) fn reactivate(&mut self, asked: &Asked<'_>, c: &Reactivate) -> Answer {
        self.guarded(asked, Action::SuspendPerson, None)?;
        self.person(c.user)?;
        self.not_oneself(asked, c.user)?;
        self.may_touch(&Giver::of(asked), c.user, None)?;
        self.may_touch_rows(&Giver::of(asked), c.user)?;
        if !self.person(c.user)?.suspended {
            return Err("not_suspended");
        }
        if asked.actor == Actor::Provisioner {
            self.in_good_standing()?;
        }
        let before = self.clone();
        self.person_mut(c.user).suspended = false;
        self.gate(&before, asked.now(), None)
    }

    pub(super) fn switch_credits(&mut self, asked: &Asked<'_>, c: &SwitchCredits) -> Answer {
        self.guarded(asked, Action::SwitchCredits, None)?;
        self.person(c.user)?;
        self.not_oneself(asked, c.user)?;
        self.may_touch(&Giver::of(asked), c.user, None)?;
        let person = self.person_mut(c.user);
        if person.credits == c.on {
            return Err("no_change");
        }
        person.credits = c.on;
        Ok(())
    }

    pub(super) fn remove(&mut self, asked: &Asked<'_>, c: &Remove) -> Answer {
        let giver = Giver::of(asked);
        match self.people.get(&c.user) {
            Some(person) if !person.is_member() => {
                for place in person.rows.keys() {
                    let usual = (Action::RemoveMember, None);
                    self.guarded_as(asked, (Action::ManageCollaborators, Some(*place)), usual)?;
                }
                self.not_oneself(asked, c.user)?;
                person.rows.keys().try_for_each(|place| self.may_touch(&giver, c.user, Some(*place)))?;
            }
            _ => {
                self.guarded(asked, Action::RemoveMember, None)?;
                self.person(c.user)?;
                self.not_oneself(asked, c.user)?;
                self.may_touch(&giver, c.user, None)?;
                self.may_touch_rows(&giver, c.user)?;
            }
        }
        self.not_the_last_owner(c.user)?;
        self.content(c.user, c.content)?;
        let (before, kept) = (self.clone(), self.kept(asked, c.user));
        self.drop_person(c.user);
        if let Some(person) = kept {
            self.people.insert(c.user, person);
        }
        self.take_back_all_of(&before, asked, c.user);
        Ok(())
    }

    /// The collaborator that a removed member stays, if the policy, the actor and the plan let that be.
    fn kept(&self, asked: &Asked<'_>, user: UserId) -> Option<Person> {
        self.people.get(&user).filter(|person| person.is_member() && !person.suspended)?;
        if self.policy().on_member_removed == OnMemberRemoved::CascadeAll || self.collaborators_on().is_err() {
            return None;
        }
        let mut after = self.clone();
        after.keep_as_collaborator(user);
        after.person_mut(user).credits = None; // whoever is removed begins anew
        after.person_mut(user).rows.retain(|_, row| counts(row.until, asked.now()));
        let kept = after.people.get(&user).filter(|person| !person.rows.is_empty())?.clone();
        let may = self.may_make(&after, &Giver::of(asked), user, None).is_ok();
        let room = after.gate(self, asked.now(), None).is_ok();
        (may && room).then_some(kept)
    }

    fn content(&self, user: UserId, content: Option<Content>) -> Answer {
        match content {
            None if self.policy().content_of_removed == ContentOfRemoved::MustSay && self.people[&user].is_member() => {
                Err("content_unsaid")
            }
            Some(Content::TransferTo(other)) => {
                let fits = self.people.get(&other).is_some_and(|person| person.is_member() && !person.suspended);
                if fits && other != user { Ok(()) } else { Err("bad_recipient") }
            }
            _ => Ok(()),
        }
    }

    /// Somebody is gone, with every row and team; services go or stay by policy.
    pub(super) fn drop_person(&mut self, user: UserId) {
        self.people.remove(&user);
        self.end_offer_of(user);
        let keeps = self.policy().services_of_removed == ServicesOfRemoved::Keep;
        self.services.retain(|_, service| service.sponsor != Some(user) || keeps);
        for service in self.services.values_mut().filter(|service| service.sponsor == Some(user)) {
            service.sponsor = None;
        }
    }

    pub(super) fn leave(&mut self, asked: &Asked<'_>, c: &Leave) -> Answer {
        self.known(asked)?;
        let user = match asked.actor {
            Actor::User(user) => user,
            Actor::Staff { .. } => return Err("user_only"),
            _ => return Err("not_found"),
        };
        if self.person(user)?.suspended {
            return Err("person_suspended");
        }
        self.not_the_last_owner(user)?;
        self.content(user, c.content)?;
        let before = self.clone();
        self.drop_person(user);
        self.inviter_demoted(&before, asked, user);
        Ok(())
    }

    pub(super) fn erase(&mut self, asked: &Asked<'_>, c: &EraseUser) -> Answer {
        if !asked.is_platform() {
            return self.platform_only(asked);
        }
        let left_traces = self.invitations.values().any(|sent| sent.answered_by.contains(&c.user));
        if !self.people.contains_key(&c.user) && !left_traces {
            return Err("unknown_person");
        }
        if self.open().is_ok() {
            self.not_the_last_owner(c.user)?;
        }
        let before = self.clone();
        self.drop_person(c.user);
        self.inviter_demoted(&before, asked, c.user);
        // A link for several that is still open keeps the address that it was sent to.
        let theirs = |sent: &&mut Invitation| sent.answered_by.contains(&c.user);
        for sent in self.invitations.values_mut().filter(theirs) {
            sent.address = sent.address.take().filter(|_| sent.state == InvitationState::Open);
            sent.answered_by.retain(|user| *user != c.user);
        }
        Ok(())
    }

    /// Where the policy says so, open invitations are taken back that whoever sent them could not send any more.
    pub(super) fn inviter_demoted(&mut self, before: &Self, asked: &Asked<'_>, user: UserId) {
        let now = asked.now();
        let all = self.sent_by(before, asked, user).into_iter().filter_map(|id| Some((id, self.invitations.get(&id)?)));
        let astray =
            all.filter(|(_, sent)| !self.could_still_give(sent.by, self.nobody(), &sent.roles, &sent.access, now));
        let gone: Vec<_> = astray.map(|(id, _)| id).collect();
        self.take_back(gone);
    }

    /// Likewise all that somebody has sent who goes, even if they stay as a collaborator.
    fn take_back_all_of(&mut self, before: &Self, asked: &Asked<'_>, user: UserId) {
        let all = self.sent_by(before, asked, user);
        self.take_back(all);
    }

    /// Open invitations that somebody sent, in person or through others, where they depend on who did.
    fn sent_by(&self, before: &Self, asked: &Asked<'_>, user: UserId) -> Vec<InvitationId> {
        let depends = self.policy().invitations.inviter_gone == InviterGone::Revoke;
        let open = self.invitations.iter().filter(|(_, sent)| depends && sent.is_open(asked.now()));
        open.filter(|(_, sent)| before.user_behind(sent.by) == Some(user)).map(|(id, _)| *id).collect()
    }

    fn take_back(&mut self, gone: Vec<InvitationId>) {
        for id in gone {
            self.invitations.get_mut(&id).expect("it was found").state = InvitationState::Revoked;
        }
    }

    /// Whether whoever sent an invitation could give what it promises as things stand now.
    pub(super) fn could_still_give(
        &self,
        by: Actor,
        to: UserId,
        roles: &Keys,
        access: &Access,
        now: bailiwick::Timestamp,
    ) -> bool {
        let active = match by {
            Actor::System => true,
            Actor::Provisioner => self.profile.as_ref().is_some_and(|profile| profile.directory.is_some()),
            other => {
                let service = self.service_behind(other).is_none_or(|service| counts(service.until, now));
                let person = self.user_behind(other).and_then(|user| self.people.get(&user));
                service && person.is_some_and(|person| !person.suspended && person.is_current(now))
            }
        };
        let guarded = if matches!(by, Actor::System) {
            true
        } else if roles.is_empty() {
            access.keys().all(|place| self.holds_guard(by, Action::ManageCollaborators, Some(*place), now))
        } else {
            self.holds_guard(by, Action::InviteMember, None, now)
        };
        active && guarded && self.may_bring(&Giver::agreed(by, now), to, roles, access).is_ok()
    }
}
