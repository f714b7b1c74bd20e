//! Heads, seats and limits: counted again each time.

use bailiwick::catalog::limit;
use bailiwick::catalog::policy::{CollaboratorSeats, MemberLimit, OpenInvitations, TooBigForPlan};
use bailiwick::{InvitationId, Timestamp};

use super::{Answer, Model, Person, Terms};

impl Model {
    pub(super) fn terms_at(&self, now: Timestamp) -> Terms {
        let profile = self.profile.as_ref().expect("who asks was let in");
        match &profile.next {
            Some((next, from)) if now >= *from => next.clone(),
            _ => profile.terms.clone(),
        }
    }

    /// What is still to come.
    pub(super) fn terms_to_come(&self, now: Timestamp) -> Option<(Terms, Timestamp)> {
        self.profile.as_ref()?.next.clone().filter(|(_, from)| now < *from)
    }

    fn is_billable(&self, person: &Person) -> bool {
        match &person.roles {
            Some(roles) => self.roles(roles).iter().any(|role| role.billable),
            None => self.policy().collaborator_seats == CollaboratorSeats::Billable,
        }
    }

    pub(super) fn seats_taken(&self) -> u64 {
        self.people.values().filter(|person| !person.suspended && self.is_billable(person)).count() as u64
    }

    /// Seats that open invitations hold, but for one of them.
    pub(super) fn seats_reserved(&self, now: Timestamp, but: Option<InvitationId>) -> u64 {
        if self.policy().open_invitations == OpenInvitations::Free {
            return 0;
        }
        let open = self.invitations.iter().filter(|(id, sent)| Some(**id) != but && sent.is_open(now));
        open.filter(|(_, sent)| {
            let roles = Some(sent.roles.clone()).filter(|roles| !roles.is_empty());
            self.is_billable(&Person { roles, ..Person::default() })
        })
        .count() as u64
    }

    /// How many seats can be taken: those bought, or fewer where some are given back later; `None` where none are counted.
    pub(super) fn seats_limit(&self, now: Timestamp) -> Option<u64> {
        let terms = [Some(self.terms_at(now)), self.terms_to_come(now).map(|(terms, _)| terms)];
        let counted = terms.into_iter().flatten().filter(|terms| self.minimum(&terms.plan).is_some());
        counted.map(|terms| terms.seats).min()
    }

    pub(super) fn counted(&self, key: &str) -> u64 {
        let people = |counts: &dyn Fn(&Person) -> bool| self.people.values().filter(|person| counts(person)).count();
        let count = match key {
            limit::MEMBERS => match self.policy().member_limit {
                MemberLimit::Everyone => people(&|person| person.is_member()),
                MemberLimit::Active => people(&|person| person.is_member() && !person.suspended),
            },
            limit::COLLABORATORS => people(&|person| !person.is_member()),
            limit::WORKSPACES => self.workspaces.len(),
            limit::TEAMS => self.teams.len(),
            limit::CUSTOM_ROLES => self.custom.len(),
            limit::SERVICES => self.services.len(),
            _ => 0,
        };
        count as u64
    }

    /// The limit on something, now or to come.
    fn limit_now(&self, key: &str, now: Timestamp) -> Option<u64> {
        let terms = [Some(self.terms_at(now)), self.terms_to_come(now).map(|(terms, _)| terms)];
        terms.into_iter().flatten().filter_map(|terms| self.limit(&terms.plan, key)).min()
    }

    /// Whether there is room for what there is now more of than before.
    pub(super) fn room_for(&self, before: &Self, key: &str, now: Timestamp) -> Answer {
        let (was, is) = (before.counted(key), self.counted(key));
        let full = is > was && self.limit_now(key, now).is_some_and(|max| is > max);
        if full { Err("limit_reached") } else { Ok(()) }
    }

    /// The gate that everybody passes who becomes a member, collaborator or billable.
    pub(super) fn gate(&self, before: &Self, now: Timestamp, accepting: Option<InvitationId>) -> Answer {
        let owners = |model: &Self| model.people.keys().filter(|user| model.is_owner(**user)).count();
        if self.exactly_one_owner() && owners(self) > owners(before) && owners(self) > 1 {
            return Err("not_assignable");
        }
        self.room_for(before, limit::MEMBERS, now)?;
        self.room_for(before, limit::COLLABORATORS, now)?;
        self.seat_gate(before, now, accepting)
    }

    pub(super) fn seat_gate(&self, before: &Self, now: Timestamp, accepting: Option<InvitationId>) -> Answer {
        let taken = self.seats_taken();
        let needed = taken + self.seats_reserved(now, accepting);
        let full = taken > before.seats_taken() && self.seats_limit(now).is_some_and(|limit| needed > limit);
        if full { Err("seat_limit") } else { Ok(()) }
    }

    /// Whether what there is fits other terms.
    pub(super) fn fits(&self, terms: &Terms, now: Timestamp) -> Answer {
        let seats = self
            .minimum(&terms.plan)
            .is_none_or(|_| self.seats_taken() + self.seats_reserved(now, None) <= terms.seats);
        let keys = [
            limit::MEMBERS,
            limit::COLLABORATORS,
            limit::WORKSPACES,
            limit::TEAMS,
            limit::CUSTOM_ROLES,
            limit::SERVICES,
        ];
        let heads = keys.into_iter().all(|key| self.limit(&terms.plan, key).is_none_or(|max| self.counted(key) <= max));
        let freezes = self.policy().too_big_for_plan == TooBigForPlan::Freeze;
        if seats && (heads || freezes) { Ok(()) } else { Err("plan_does_not_fit") }
    }
}
