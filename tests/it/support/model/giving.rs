//! Authority: who may give what, and whom one may touch.

use std::collections::BTreeSet;

use bailiwick::catalog::policy::{Assignable, OverrideMode};
use bailiwick::catalog::{Reach, Scope, Sight};
use bailiwick::{Actor, Timestamp, UserId, WorkspaceId};

use super::rights::{Held, Place};
use super::words::Role;
use super::{Answer, Asked, Keys, Model, Person, Row, counts};

/// Whose power it is: whoever asks, or whoever invited.
#[derive(Clone, Debug)]
pub(super) struct Giver {
    pub(super) actor: Actor,
    pub(super) now: Timestamp,
    /// Whether whoever is changed has agreed to it.
    pub(super) agreed: bool,
    /// The roles of a domain, where those stand in for the directory's.
    within: Option<Keys>,
}

/// Where something can be held: in the organization itself, in a place, on what is one's own and in no workspace.
#[derive(Clone, Copy, Debug)]
enum Spot {
    Organization,
    At(Place),
    Own,
}

impl Giver {
    pub(super) fn of(asked: &Asked<'_>) -> Self {
        Self::in_person(asked.actor, asked.now())
    }

    pub(super) const fn in_person(actor: Actor, now: Timestamp) -> Self {
        Self { actor, now, agreed: false, within: None }
    }

    /// Whoever invited, when somebody accepts.
    pub(super) const fn agreed(actor: Actor, now: Timestamp) -> Self {
        Self { actor, now, agreed: true, within: None }
    }

    /// Whoever set the roles with which people come in by themselves: it gives what a directory with these roles would.
    pub(super) const fn by_roles(roles: Keys, now: Timestamp) -> Self {
        Self { actor: Actor::Provisioner, now, agreed: true, within: Some(roles) }
    }
}

/// Where ranks are compared.
impl Model {
    /// The rank of a person as such.
    fn own_rank(&self, person: &Person) -> u32 {
        self.roles(person.roles.iter().flatten()).iter().map(|role| role.rank).max().unwrap_or(0)
    }

    /// The rank of a person at a place: a row raises or lowers it there, as the policy has overrides do.
    fn rank_at(&self, person: &Person, place: Place, now: Timestamp) -> u32 {
        let own = self.own_rank(person);
        let row = place.and_then(|id| person.rows.get(&id)).filter(|row| counts(row.until, now));
        let Some(role) = row.and_then(|row| row.role.as_ref()).and_then(|key| self.role(key).ok()) else { return own };
        let roles = self.roles(person.roles.iter().flatten());
        let firm = roles.iter().filter(|role| !role.reducible).map(|role| role.rank).max().unwrap_or(0);
        match self.policy().overrides {
            _ if !person.is_member() => role.rank,
            OverrideMode::Replace => role.rank.max(firm),
            OverrideMode::Expand => own.max(role.rank),
            OverrideMode::Reduce => own.min(role.rank).max(firm),
            OverrideMode::Off => own,
        }
    }

    /// The rank that whoever is touched has at a place: the higher of both.
    fn touched_rank(&self, person: &Person, place: Place, now: Timestamp) -> u32 {
        self.own_rank(person).max(self.rank_at(person, place, now))
    }

    /// The rank with which whoever acts does so at a place.
    fn acting_rank(&self, giver: &Giver, place: Place) -> u32 {
        let person = self.user_behind(giver.actor).and_then(|user| self.people.get(&user));
        person.map_or(0, |person| self.rank_at(person, place, giver.now))
    }

    /// Whether the giver may touch somebody at a place at all. A collaborator has a rank only where there is a row.
    pub(super) fn may_touch(&self, giver: &Giver, user: UserId, place: Place) -> Answer {
        self.people.get(&user).map_or(Ok(()), |person| self.may_touch_person(giver, person, place))
    }

    pub(super) fn may_touch_person(&self, giver: &Giver, person: &Person, place: Place) -> Answer {
        if place.is_none() && !person.is_member() {
            return person.rows.keys().try_for_each(|place| self.may_touch_person(giver, person, Some(*place)));
        }
        let allowed = match giver.actor {
            Actor::System => true,
            Actor::Provisioner => self.is_business_of_directory(giver, person),
            _ => self.touched_rank(person, place, giver.now) <= self.acting_rank(giver, place),
        };
        if allowed { Ok(()) } else { Err("outranked") }
    }

    /// Whether the giver may take or give back, with somebody, all that they are by rows: ranks of roles that count now are no
    /// higher than the giver's, there or in the organization.
    pub(super) fn may_touch_rows(&self, giver: &Giver, user: UserId) -> Answer {
        if matches!(giver.actor, Actor::System | Actor::Provisioner) {
            return Ok(());
        }
        let Some(person) = self.people.get(&user).filter(|person| person.is_member()) else { return Ok(()) };
        let fits = |place: &WorkspaceId| {
            let own = self.acting_rank(giver, None).max(self.acting_rank(giver, Some(*place)));
            self.rank_at(person, Some(*place), giver.now) <= own
        };
        if person.rows.keys().all(fits) { Ok(()) } else { Err("outranked") }
    }

    /// People with other roles than the directory may give, in the organization or in a row, are not its business, nor are
    /// collaborators.
    fn is_business_of_directory(&self, giver: &Giver, person: &Person) -> bool {
        let directory = self.directory_of(giver);
        let in_rows = person.rows.values().filter_map(|row| row.role.as_ref());
        person.is_member() && person.roles.iter().flatten().chain(in_rows).all(|role| directory.contains(role))
    }

    fn directory_of(&self, giver: &Giver) -> Keys {
        let directory = || self.profile.as_ref().and_then(|profile| profile.directory.clone());
        giver.within.clone().or_else(directory).unwrap_or_default()
    }
}

/// What may be given.
impl Model {
    /// Where there is exactly one owner, nobody is made one but by a transfer.
    pub(super) fn may_be_given(&self, roles: &Keys) -> Answer {
        let second_owner = self.exactly_one_owner() && roles.contains(&self.owner_key());
        if second_owner { Err("not_assignable") } else { Ok(()) }
    }

    /// Whether the giver may make of somebody what they are afterwards, acting at a place.
    pub(super) fn may_make(&self, after: &Self, giver: &Giver, user: UserId, place: Place) -> Answer {
        let (nobody, gone) = (Keys::new(), Person::default());
        let (was, is) = (self.people.get(&user), after.people.get(&user).unwrap_or(&gone));
        let had = was.and_then(|was| was.roles.as_ref()).unwrap_or(&nobody);
        let given = is.roles.as_ref().unwrap_or(&nobody) - had;
        self.may_be_given(&given)?;
        if giver.actor == Actor::System {
            return Ok(());
        }
        let changed =
            |(place, row): (&WorkspaceId, &Row)| is.rows.get(place).is_none_or(|now| now.said() != row.said());
        let touched = was.iter().flat_map(|was| &was.rows).filter(|(place, row)| changed((place, row)));
        let touched: Vec<Place> = touched.map(|(place, _)| Some(*place)).collect();
        if giver.actor == Actor::Provisioner {
            let directory = self.directory_of(giver);
            if was.is_some_and(Person::is_member) {
                self.may_touch(giver, user, None)?;
            }
            if !touched.is_empty() || is.rows.len() > was.map_or(0, |was| was.rows.len()) {
                return Err("override_not_allowed");
            }
            if !is.roles.iter().flatten().all(|role| directory.contains(role)) {
                return Err("not_assignable");
            }
            return self.may_gain(after, giver, user);
        }
        if !giver.agreed {
            self.may_touch(giver, user, place)?;
        }
        after.roles(&given).iter().try_for_each(|role| self.may_give_role(giver, role, place))?;
        if !giver.agreed {
            touched.into_iter().try_for_each(|place| self.may_touch(giver, user, place))?;
        }
        for (place, row) in &is.rows {
            let old = was.and_then(|was| was.rows.get(place));
            if let (Some(role), false) = (&row.role, old.is_some_and(|old| row.is_no_more_than(old, giver.now))) {
                let ends = self.ends_of_giver(giver, Some(*place)).into_iter();
                for now in ends.filter(|instant| counts(row.until, *instant)) {
                    self.may_give_role(&Giver { now, ..giver.clone() }, &after.role(role)?, Some(*place))?;
                }
            }
        }
        self.may_gain(after, giver, user)
    }

    /// A role, in the organization or in the row of a workspace. In a row nobody is an owner.
    pub(super) fn may_give_role(&self, giver: &Giver, role: &Role, place: Place) -> Answer {
        let user = match giver.actor {
            Actor::System => return Ok(()),
            other => self.user_behind(other),
        };
        let is_owner = user.is_some_and(|user| self.is_owner(user));
        let in_person = matches!(giver.actor, Actor::User(_));
        if role.owner && place.is_none() && !(is_owner && in_person) {
            return Err("owners_only");
        }
        if !role.assigned_by.is_empty() {
            let person = user.and_then(|user| self.people.get(&user));
            let holds = person.is_some_and(|person| role.assigned_by.iter().any(|key| person.has_role(key)));
            return if holds { Ok(()) } else { Err("not_assignable") };
        }
        let rank = self.acting_rank(giver, place);
        let fits = match self.policy().assignable {
            Assignable::UpToOwnRank => role.rank <= rank,
            Assignable::BelowOwnRank => role.rank < rank || is_owner,
            Assignable::WhatOneHolds => true,
        };
        if fits { Ok(()) } else { Err("not_assignable") }
    }

    /// Whether whatever somebody gains, at any place and at any instant, is the giver's own now and then: the permissions, and
    /// those on every resource there is.
    pub(super) fn may_gain(&self, after: &Self, giver: &Giver, user: UserId) -> Answer {
        let Some(is) = after.people.get(&user).filter(|_| giver.actor != Actor::System) else { return Ok(()) };
        let was = self.people.get(&user);
        let places = [None].into_iter().chain(self.workspaces.keys().copied().map(Some)).map(Spot::At);
        let mut wider = false;
        for spot in places.chain([Spot::Organization, Spot::Own]) {
            let place = if let Spot::At(place) = spot { place } else { None };
            let mut instants = self.instants(after, user, place, giver.now);
            instants.extend(self.ends_of_giver(giver, place));
            for instant in instants {
                let before = was.map_or_else(Held::nothing, |person| self.held_on(person, spot, instant));
                let later = after.held_on(is, spot, instant);
                let own = match giver.actor {
                    Actor::Provisioner => after.plain(is, spot, instant).and(after.all_of(&self.directory_of(giver))),
                    _ => self.gives_on(giver, spot, instant),
                };
                if !(&later.keys - &before.keys).is_subset(&own.keys) {
                    return Err("lacks_permission");
                }
                wider |= self.opens_more(&later, &before, &own);
            }
        }
        if wider { Err("wider_sight") } else { Ok(()) }
    }

    /// Whether something can be done to every resource that could not be before, and not by the giver.
    fn opens_more(&self, later: &Held, before: &Held, own: &Held) -> bool {
        let [later, before, own] = [later, before, own].map(|held| self.on_every_resource(held));
        !(&later - &before).is_subset(&own)
    }

    fn on_every_resource(&self, held: &Held) -> Keys {
        let all = held.keys.iter().filter(|_| held.sight == Sight::All);
        all.filter(|key| self.permission(key).is_ok_and(|def| def.scope == Scope::Resource)).cloned().collect()
    }

    fn held_on(&self, person: &Person, spot: Spot, now: Timestamp) -> Held {
        match spot {
            Spot::At(place) => self.held(person, place, now),
            Spot::Organization => Held { keys: self.organization_part(person), sight: Sight::Shared },
            Spot::Own => {
                let roles = self.roles(person.roles.iter().flatten()).into_iter();
                let could = roles.filter(|role| role.reach != Reach::None).flat_map(|role| role.keys).collect();
                Held { keys: self.on_every_resource(&Held { keys: could, sight: Sight::All }), sight: Sight::Shared }
            }
        }
    }

    /// What a newcomer with the roles of a person would hold.
    fn plain(&self, person: &Person, spot: Spot, now: Timestamp) -> Held {
        let roles = Some(person.roles.clone().unwrap_or_default());
        self.held_on(&Person { roles, ..Person::default() }, spot, now)
    }

    /// Everything that roles hold, as far as any of them sees.
    fn all_of(&self, roles: &Keys) -> Held {
        let roles = self.roles(roles);
        let sight = roles.iter().map(|role| role.sight).max().unwrap_or(Sight::Shared);
        Held { keys: roles.into_iter().flat_map(|role| role.keys).collect(), sight }
    }

    fn gives_on(&self, giver: &Giver, spot: Spot, then: Timestamp) -> Held {
        match spot {
            Spot::At(place) => self.gives_at(giver, place, then),
            Spot::Organization => Held { keys: self.gives_at_organization(giver), sight: Sight::Shared },
            Spot::Own => {
                let person = self.user_behind(giver.actor).and_then(|user| self.people.get(&user));
                let held = person.map_or_else(Held::nothing, |person| self.held_on(person, spot, giver.now));
                Held { keys: self.narrowed(giver.actor, None, held.keys), ..held }
            }
        }
    }

    /// Whether the giver may have roles given without being asked again, in any combination: none is an owner's or of a
    /// higher rank than the giver's, and all of it is held in the whole organization and in every workspace.
    pub(super) fn may_delegate(&self, giver: &Giver, roles: &[Role]) -> Answer {
        if roles.iter().any(|role| role.owner) {
            return Err("not_assignable");
        }
        if giver.actor == Actor::System {
            return Ok(());
        }
        roles.iter().try_for_each(|role| self.may_give_role(giver, role, None))?;
        if roles.iter().any(|role| role.rank > self.acting_rank(giver, None)) {
            return Err("not_assignable");
        }
        let keys: Keys = roles.iter().flat_map(|role| role.keys.clone()).collect();
        let (above, below): (Keys, Keys) = keys.into_iter().partition(|key| self.is_organizational(key));
        if !above.is_subset(&self.gives_at_organization(giver)) {
            return Err("lacks_permission");
        }
        let sight = roles.iter().map(|role| role.sight).max().unwrap_or(Sight::Shared);
        let all = Held { keys: below, sight };
        let places = [None].into_iter().chain(self.workspaces.keys().copied().map(Some));
        let spots =
            places.flat_map(|place| self.ends_of_giver(giver, place).into_iter().map(move |then| (place, then)));
        let own: Vec<Held> = spots.map(|(place, then)| self.gives_at(giver, place, then)).collect();
        if own.iter().any(|own| !all.keys.is_subset(&own.keys)) {
            return Err("lacks_permission");
        }
        let wider = own.iter().any(|own| self.opens_more(&all, &Held::nothing(), own));
        if wider { Err("wider_sight") } else { Ok(()) }
    }

    /// Whether somebody who gains something at a place by a rule sees no more there, at any time, than the giver does.
    pub(super) fn may_show(&self, giver: &Giver, user: UserId, place: Place, gained: &Keys, then: Timestamp) -> Answer {
        if giver.actor == Actor::System {
            return Ok(());
        }
        let instants = self.instants(self, user, place, giver.now).into_iter();
        let sight = instants.map(|instant| self.held(&self.people[&user], place, instant).sight).max();
        let theirs = Held { keys: gained.clone(), sight: sight.unwrap_or(Sight::Shared) };
        let wider = self.opens_more(&theirs, &Held::nothing(), &self.gives_at(giver, place, then));
        if wider { Err("wider_sight") } else { Ok(()) }
    }

    /// Now, and every instant to come at which something ends for a person at a place.
    fn instants(&self, after: &Self, user: UserId, place: Place, now: Timestamp) -> BTreeSet<Timestamp> {
        let mut found = BTreeSet::from([now]);
        for model in [self, after] {
            let Some(id) = place else { continue };
            let row = model.people.get(&user).and_then(|person| person.rows.get(&id));
            let rules = model.workspaces.get(&id).into_iter().flat_map(|workspace| workspace.rules.values());
            let ends = row.and_then(|row| row.until).into_iter().chain(rules.filter_map(|rule| rule.until));
            found.extend(ends.filter(|end| *end > now));
        }
        found
    }

    pub(super) fn gives_at_organization(&self, giver: &Giver) -> Keys {
        self.has_at_organization(giver.actor, None)
    }

    /// What the giver has at a place now and will have then.
    pub(super) fn gives_at(&self, giver: &Giver, place: Place, then: Timestamp) -> Held {
        let [now, then] = [giver.now, then].map(|instant| self.has_at(giver.actor, place, instant));
        Held { keys: &now.keys & &then.keys, sight: now.sight.min(then.sight) }
    }

    /// Now, and every instant to come at which something ends for the giver at a place.
    pub(super) fn ends_of_giver(&self, giver: &Giver, place: Place) -> BTreeSet<Timestamp> {
        let user = self.user_behind(giver.actor);
        user.map_or_else(|| BTreeSet::from([giver.now]), |user| self.instants(self, user, place, giver.now))
    }
}

impl Row {
    /// Whether it is the earlier row, or names the role that is there, and for no longer.
    fn is_no_more_than(&self, old: &Self, now: Timestamp) -> bool {
        let as_long = old.until.is_none_or(|end| self.until.is_some_and(|new| new <= end));
        self.said() == old.said() || (counts(old.until, now) && old.role == self.role && as_long)
    }
}
