//! Whether the giver holds what somebody gains: where, and as long as they do.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::super::held::{Held, Place, held};
use super::{Giver, Who};
use crate::access::Target;
use crate::catalog::{Permission, PermissionSet, Sight};
use crate::change::Refusal;
use crate::id::WorkspaceId;
use crate::organization::{Person, Standing};
use crate::time::Timestamp;

impl Giver<'_> {
    /// Whether the giver holds all of a set in a workspace, now and then.
    pub(in crate::change) fn holds_in(
        &self,
        workspace: WorkspaceId,
        gained: PermissionSet,
        then: Timestamp,
    ) -> Result<(), Refusal> {
        self.holds_at(Place::Workspace(workspace), gained, then)
    }

    /// Whether the giver holds the guard of an action where it is asked for.
    pub(in crate::change) fn holds_guard(&self, target: Target<'_>, guard: Permission) -> Result<(), Refusal> {
        let guard = PermissionSet::from_iter([guard]);
        let everywhere = !(guard & self.catalog().organization_scope()).is_empty();
        match target {
            Target::Workspace(workspace) if !everywhere => self.holds_in(workspace, guard, self.now),
            _ => self.holds_at(Place::Organization, guard, self.now),
        }
    }

    /// Whether the giver holds all of a set in the whole organization, in every workspace, for as long as anything is known
    /// of, and sees there what a role sees that carries it.
    pub(in crate::change) fn holds_everywhere(&self, set: PermissionSet, sight: Sight) -> Result<(), Refusal> {
        let Who::Person { person, .. } = self.who else { return Ok(()) };
        let organization = set & self.catalog().organization_scope();
        self.holds_at(Place::Organization, organization, self.now)?;
        let below = Held { permissions: set - organization, sight: Some(sight) };
        let mut places = self.named_places(person);
        places.insert(Place::Elsewhere);
        places.into_iter().try_for_each(|place| {
            let mut instants = self.instants(place, [person]).into_iter();
            instants.try_for_each(|then| self.gains_within(Held::default(), below, self.own(place, then)))
        })
    }

    /// Whether the giver holds all of a set somewhere among these workspaces, or (without any) wherever they have something.
    pub(in crate::change) fn holds_for_service(
        &self,
        set: PermissionSet,
        workspaces: &[WorkspaceId],
    ) -> Result<(), Refusal> {
        let Who::Person { person, .. } = self.who else { return Ok(()) };
        if workspaces.is_empty() {
            let rows = person.rows().iter().map(|row| Place::Workspace(row.workspace));
            let places = rows.chain([Place::Organization, Place::Elsewhere]);
            let somewhere = places.fold(PermissionSet::EMPTY, |all, place| all | self.own(place, self.now).permissions);
            return self.lacks(set - somewhere);
        }
        workspaces.iter().try_for_each(|workspace| self.holds_in(*workspace, set, self.now))
    }

    fn holds_at(&self, place: Place, gained: PermissionSet, then: Timestamp) -> Result<(), Refusal> {
        match self.who {
            Who::Person { .. } => self.lacks(gained - self.own(place, then).permissions),
            Who::Platform | Who::Directory(_) => Ok(()),
        }
    }

    /// At every place and at every instant at which something is gained, the giver holds it now and then. Ends matter as much
    /// as beginnings: a removal that ends tomorrow gives tomorrow, and so does a row that ends later than before.
    pub(in crate::change) fn holds_what_is_gained(
        &self,
        before: Option<&Person>,
        after: &Person,
    ) -> Result<(), Refusal> {
        if self.door.is_open() {
            return Ok(());
        }
        let of = |roles, person: &Person, place, instant| held(self.organization, roles, person, place, instant);
        // Whoever set roles held all of them, and rules say the rest of what a newcomer gets.
        let plain = Person::new(Standing::Member(after.roles()), after.joined());
        let giver = match self.who {
            Who::Platform => return Ok(()),
            Who::Directory(_) => &plain,
            Who::Person { person, .. } => person,
        };
        for place in self.places(giver, before, after) {
            for instant in self.instants(place, before.into_iter().chain([after, giver])) {
                let had = before.map(|person| of(self.organization.roles(), person, place, instant));
                let (had, has) = (had.unwrap_or_default(), of(self.roles_after, after, place, instant));
                let own = match self.who {
                    Who::Directory(roles) => of(self.roles_after, &plain, place, instant).and(self.all_of(roles)),
                    Who::Platform | Who::Person { .. } => self.own(place, instant),
                };
                self.gains_within(had, has, own)?;
            }
        }
        Ok(())
    }

    /// What the giver can give at a place for an instant: what they hold now and will hold then. What one has for a while is
    /// given for that while.
    fn own(&self, place: Place, then: Timestamp) -> Held {
        let Who::Person { person, bounds, .. } = self.who else { return Held::default() };
        let at = |instant| held(self.organization, self.organization.roles(), person, place, instant);
        let now = at(self.now);
        let held = if then == self.now { now } else { now.as_far_as(at(then)) };
        Held { permissions: bounds.at(self.catalog(), place, held.permissions), ..held }
    }

    /// Whether what is gained is the giver's own: the permissions, and of those on resources all that the person sees.
    fn gains_within(&self, had: Held, has: Held, own: Held) -> Result<(), Refusal> {
        self.lacks(has.permissions - had.permissions - own.permissions)?;
        let on_all = |held: Held| match held.sight {
            Some(Sight::All) => held.permissions & self.catalog().resource_scope(),
            Some(Sight::Shared) | None => PermissionSet::EMPTY,
        };
        let opened = on_all(has) - on_all(had) - on_all(own);
        if opened.is_empty() || self.door.is_open() { Ok(()) } else { Err(Refusal::WiderSight) }
    }

    fn lacks(&self, missing: PermissionSet) -> Result<(), Refusal> {
        if self.door.is_open() {
            return Ok(());
        }
        missing.iter().next().map_or(Ok(()), |permission| {
            Err(Refusal::LacksPermission { key: self.catalog().permission_key(permission).to_string() })
        })
    }

    /// How much of a workspace any of these people sees at any time; nothing where the giver is bound by nothing.
    pub(in crate::change) fn widest_sight<'p>(
        &self,
        people: impl Iterator<Item = &'p Person>,
        workspace: WorkspaceId,
    ) -> Option<Sight> {
        let Who::Person { .. } = self.who else { return None };
        let (place, roles) = (Place::Workspace(workspace), self.organization.roles());
        let seen = |person, instant| held(self.organization, roles, person, place, instant).sight;
        people
            .filter_map(|person| self.instants(place, [person]).into_iter().filter_map(|at| seen(person, at)).max())
            .max()
    }

    /// Whether the giver sees as much of a workspace, now and then, as whoever gains something there by a rule.
    pub(in crate::change) fn sees_as_much(
        &self,
        sight: Option<Sight>,
        workspace: WorkspaceId,
        gained: PermissionSet,
        then: Timestamp,
    ) -> Result<(), Refusal> {
        let Who::Person { .. } = self.who else { return Ok(()) };
        let theirs = Held { permissions: gained, sight };
        self.gains_within(Held::default(), theirs, self.own(Place::Workspace(workspace), then))
    }

    /// Now, and every later instant at which something of the giver's ends in a workspace.
    pub(in crate::change) fn own_instants(&self, workspace: WorkspaceId) -> BTreeSet<Timestamp> {
        match self.who {
            Who::Person { person, .. } => self.instants(Place::Workspace(workspace), [person]),
            Who::Platform | Who::Directory(_) => BTreeSet::from([self.now]),
        }
    }

    /// Now, and every later instant at which something at a place ends for any of these people.
    fn instants<'p>(&self, place: Place, people: impl IntoIterator<Item = &'p Person>) -> BTreeSet<Timestamp> {
        let Place::Workspace(id) = place else { return BTreeSet::from([self.now]) };
        let rows = people.into_iter().filter_map(|person| person.row(id)?.until);
        let rules = self.organization.workspace(id).into_iter().flat_map(|w| w.rules()).filter_map(|rule| rule.until);
        rows.chain(rules).filter(|end| *end > self.now).chain([self.now]).collect()
    }

    /// Every place that can differ between before and after. Only where roles or teams change can that be more than the
    /// rows: then also the organization, every workspace with rules or with a row of the giver's, and all others as one.
    fn places(&self, giver: &Person, before: Option<&Person>, after: &Person) -> BTreeSet<Place> {
        let rows = before.into_iter().chain([after]).flat_map(Person::rows);
        let mut places: BTreeSet<Place> = rows.map(|row| Place::Workspace(row.workspace)).collect();
        let same =
            before.is_some_and(|before| before.standing() == after.standing() && before.teams() == after.teams());
        if !same || self.roles_change {
            places.extend(self.named_places(giver));
            places.extend([Place::Organization, Place::Elsewhere, Place::Own]);
        }
        places
    }

    /// Workspaces where something else can be held than elsewhere: those with rules, and those that the giver's rows name.
    /// The bounds of a service allow least where none of its workspaces is meant.
    fn named_places(&self, giver: &Person) -> BTreeSet<Place> {
        let ruled = self.organization.ruled_workspaces().map(|(id, _)| id);
        ruled.chain(giver.rows().iter().map(|row| row.workspace)).map(Place::Workspace).collect()
    }
}
