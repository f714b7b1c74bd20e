//! The theorem of authority, as an oracle beside a life: no accepted command gives anybody a permission that its giver
//! does not hold there.
//!
//! The oracle asks nothing but what any caller can ask: the state, and [`Organization::access`]. It knows nothing of how
//! authority is judged. After each accepted command it compares what everybody holds with what they held before: in the
//! organization, in every workspace, on resources that nobody shared, on what is their own; now, and at every later
//! instant at which something ends. Suspensions and deletions are looked through, so that their end gives nothing.
//!
//! | what happened | who must hold what is gained |
//! | --- | --- |
//! | an invitation is accepted | whoever sent or last edited it; at that time, where the policy lets invitations stand |
//! | ownership is accepted | the owner who offered it |
//! | somebody joins by a domain, or the directory gives something | whoever set the roles, at that time |
//! | the platform acts, or an organization is made | nobody |
//! | anything else | the actor |
//!
//! Where somebody held it at an earlier time, whoever has since changed a role that was promised, or a rule, is a giver too.

use std::collections::{BTreeMap, BTreeSet};
use std::prelude::v1::*; // the crate itself has none
use std::{fmt, format, vec};

use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::policy::{InviterGone, OverrideMode};
use bailiwick::catalog::{PermissionSet, Role, RoleKey, RoleSet, Scope, Sight};
use bailiwick::change::{AddressProof, Command, Event, Record};
use bailiwick::{
    Actor, Domain, InvitationId, Organization, Person, ResourceId, RuleFor, RuleHolder, Service, ServiceId, Timestamp,
    UserId, WorkspaceId,
};

use super::lives::{BIRTH, Life, Step, organizations};

/// What went wrong in a life, and at which step.
#[derive(Clone, Debug)]
pub(crate) struct Breach {
    /// Counted from zero.
    pub(crate) at: usize,
    pub(crate) what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at step {}: {}", self.at, self.what)
    }
}

/// Lives a life, and looks at every command that is accepted.
pub(crate) fn breach(life: &Life) -> Option<Breach> {
    let mut organizations = organizations(&life.catalog);
    let mut oracles = vec![Oracle::default(); organizations.len()];
    for (at, step) in life.steps.iter().enumerate() {
        let before = &organizations[step.organization];
        let Ok(outcome) = before.handle(&step.command, &step.context()) else { continue };
        let mut after = before.clone();
        outcome.records.iter().for_each(|record| after.apply(record));
        if let Err(what) = oracles[step.organization].watch(before, &after, step) {
            return Some(Breach { at, what });
        }
        organizations[step.organization] = after;
    }
    None
}

/// The same life without the steps that it takes no breach.
pub(crate) fn shortened(mut life: Life) -> Life {
    while let Some(breach) = breach(&life) {
        life.steps.truncate(breach.at + 1);
        let all = life.steps.len();
        for size in [16, 8, 4, 2, 1] {
            let mut from = 0;
            while from + size <= life.steps.len() {
                let mut shorter = life.clone();
                shorter.steps.drain(from..from + size);
                match self::breach(&shorter) {
                    Some(_) => life = shorter,
                    None => from += size,
                }
            }
        }
        if life.steps.len() == all {
            break;
        }
    }
    life
}

/// A life for people: the roles, the policy, one line for each step.
pub(crate) fn told(life: &Life) -> String {
    let catalog = &life.catalog;
    let mut told = String::new();
    for (role, def) in catalog.roles() {
        let holds = catalog.permissions_of(role).iter().filter_map(|permission| catalog.permission_def(permission));
        let holds: Vec<&str> = holds.map(|def| def.key.as_str()).collect();
        let traits = format!("rank {}, reach {:?}, sight {:?}", def.rank, def.reach, def.sight);
        let firm = if def.is_reducible() { "" } else { ", firm" };
        told += &format!("{}: {traits}{firm}, by {:?}: {}\n", def.key, def.assigned_by, holds.join(" "));
    }
    for (_, def) in catalog.groups() {
        told += &format!("{}: {}\n", def.key, def.roles.join(" "));
    }
    told += &format!("{:?}\n", catalog.policy());
    for (at, step) in life.steps.iter().enumerate() {
        let (after, actor, command) = (step.now.since(BIRTH).as_millis(), step.actor, &step.command);
        told += &format!("{at}. {} +{after} {actor:?}: {command:?}\n", step.organization);
    }
    told
}

/// Where something can be held.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Place {
    /// In the organization, and with it in every workspace that is not named.
    Organization,
    Workspace(WorkspaceId),
    /// On a resource of the workspace that nobody shared.
    Resource(WorkspaceId),
    /// On such a resource in no workspace.
    Unplaced,
    /// On one's own, in no workspace.
    Own,
}

impl Place {
    /// What speaks for a workspace that is not there.
    fn instead(self) -> Self {
        match self {
            Self::Workspace(_) => Self::Organization,
            Self::Resource(_) => Self::Unplaced,
            other => other,
        }
    }

    fn is_in(self, workspace: WorkspaceId) -> bool {
        self == Self::Workspace(workspace) || self == Self::Resource(workspace)
    }
}

fn places(org: &Organization) -> Vec<Place> {
    let inside = org.workspaces().flat_map(|(id, _)| [Place::Workspace(id), Place::Resource(id)]);
    [Place::Organization, Place::Unplaced, Place::Own].into_iter().chain(inside).collect()
}

/// What an actor holds at a place, as far as the place is about it.
fn held(org: &Organization, actor: Actor, place: Place, at: Timestamp) -> PermissionSet {
    let facts = Facts::at(at);
    let granted = |target: Target<'_>| org.access(actor, target, &facts).granted();
    let on = |workspace, personal_owner| {
        let id = ResourceId::from_u64(1).expect("not zero");
        granted(Target::Resource(&Resource { id, containers: &[], workspace, personal_owner, shares: &[] }))
    };
    let of = |scopes: &[Scope]| -> PermissionSet {
        let defs = org.catalog().permissions().filter(|(_, def)| scopes.contains(&def.scope));
        defs.map(|(permission, _)| permission).collect()
    };
    match place {
        Place::Organization => granted(Target::Organization),
        Place::Workspace(id) => granted(Target::Workspace(id)) & of(&[Scope::Workspace, Scope::Resource]),
        Place::Resource(id) => on(Some(id), None) & of(&[Scope::Resource]),
        Place::Unplaced => on(None, None) & of(&[Scope::Resource]),
        Place::Own => on(None, behind(org, actor)) & of(&[Scope::Resource]),
    }
}

/// The user whose rights an actor uses.
fn behind(org: &Organization, actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Service(id) => org.service(id).and_then(Service::sponsor),
        other => other.user(),
    }
}

/// What somebody could give at some time.
#[derive(Clone, Debug, Default)]
struct Warrant {
    /// The platform: everything.
    unbounded: bool,
    /// An active owner, in person.
    owner: bool,
    held: BTreeMap<Place, PermissionSet>,
}

impl Warrant {
    fn of(org: &Organization, actor: Actor, now: Timestamp) -> Self {
        let owner = matches!(actor, Actor::User(user) if org.is_active_owner(user));
        let held = places(org).into_iter().map(|place| (place, held(org, actor, place, now))).collect();
        Self { unbounded: actor == Actor::System, owner, held }
    }

    fn anything() -> Self {
        Self { unbounded: true, ..Self::default() }
    }

    fn covers(&self, place: Place, gained: PermissionSet) -> bool {
        self.unbounded || gained.is_subset(&self.at(place))
    }

    fn at(&self, place: Place) -> PermissionSet {
        let held = self.held.get(&place).or_else(|| self.held.get(&place.instead()));
        held.copied().unwrap_or_default()
    }

    /// Holds what either holds.
    fn join(&mut self, other: &Self) {
        let places: BTreeSet<Place> = self.held.keys().chain(other.held.keys()).copied().collect();
        self.held = places.into_iter().map(|place| (place, self.at(place) | other.at(place))).collect();
        self.unbounded |= other.unbounded;
    }
}

/// What the oracle remembers of one organization: who could give what when it was promised.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oracle {
    invitations: BTreeMap<InvitationId, Warrant>,
    domains: BTreeMap<Domain, Warrant>,
    directory: Warrant,
    /// What rules came to give, or no longer take, as far as whoever set them held it.
    rules: BTreeMap<Place, PermissionSet>,
}

impl Oracle {
    /// Looks at an accepted command. The answer is what was wrong with it.
    pub(crate) fn watch(&mut self, before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
        let differences = differences(before, after, step.now);
        self.nobody_gains_more(&differences, before, after, step)?;
        self.only_owners_make_owners(before, after, step)?;
        nobody_touches_upwards(&differences, before, after, step)?;
        services_stay_small(before, after, step)?;
        self.remember(before, after, step);
        self.nobody_promises_more(before, after, step)
    }

    /// The theorem.
    fn nobody_gains_more(
        &self,
        differences: &[Difference],
        before: &Organization,
        after: &Organization,
        step: &Step,
    ) -> Result<(), String> {
        let mut gains = differences.iter().filter(|difference| !difference.gained().is_empty()).peekable();
        if gains.peek().is_none() {
            return Ok(());
        }
        let warrant = self.warrant(before, step);
        let Some(gain) = gains.find(|gain| !warrant.covers(gain.place, gain.gained())) else { return Ok(()) };
        let Difference { user, place, instant, .. } = gain;
        let lacking = words(after, gain.gained() - warrant.at(*place));
        let gained = words(after, gain.gained());
        Err(format!("{user:?} gains {gained} at {place:?} at {instant:?}; the giver does not hold {lacking}"))
    }

    /// What the giver of a command can give.
    fn warrant(&self, before: &Organization, step: &Step) -> Warrant {
        match (&step.command, step.actor) {
            (_, Actor::System) => Warrant::anything(),
            (Command::CreateOrganization(_) | Command::SignUp(_), _) => Warrant::anything(),
            (Command::Accept(accept), _) => self.of_invitation(before, accept.invitation, step.now),
            (Command::JoinByDomain(join), _) => {
                let (AddressProof::Verified(address) | AddressProof::Claimed(address)) = &join.address;
                let domain = self.domains.iter().find(|(domain, _)| domain.is_of(address));
                domain.map(|(_, warrant)| self.with_rules(warrant)).unwrap_or_default()
            }
            (_, Actor::Provisioner) => self.with_rules(&self.directory),
            (Command::AcceptOwnership(_), _) => {
                let offer = before.profile().and_then(|profile| profile.offer);
                offer.map(|offer| Warrant::of(before, Actor::User(offer.from), step.now)).unwrap_or_default()
            }
            (_, actor) => Warrant::of(before, actor, step.now),
        }
    }

    /// Whoever sent an invitation gives what they hold now, and, where invitations stand, what they held then.
    fn of_invitation(&self, before: &Organization, id: InvitationId, now: Timestamp) -> Warrant {
        let stands = before.catalog().policy().invitations.inviter_gone == InviterGone::Keep;
        let inviter = before.invitation(id).map(|invitation| invitation.issued().by);
        let mut warrant = inviter.map(|inviter| Warrant::of(before, inviter, now)).unwrap_or_default();
        if let Some(then) = self.invitations.get(&id).filter(|_| stands) {
            warrant.join(&self.with_rules(then));
            warrant.owner |= then.owner;
        }
        warrant
    }

    fn with_rules(&self, warrant: &Warrant) -> Warrant {
        let mut with = warrant.clone();
        with.join(&Warrant { held: self.rules.clone(), ..Warrant::default() });
        with
    }

    fn only_owners_make_owners(&self, before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
        let owner = after.catalog().owner_role();
        let made = after.people().find(|(user, person)| {
            person.roles().contains(owner) && !before.person(*user).is_some_and(|was| was.roles().contains(owner))
        });
        match made {
            Some((user, _)) => {
                let warrant = self.warrant(before, step);
                let made_well = warrant.unbounded || warrant.owner;
                if made_well { Ok(()) } else { Err(format!("{user:?} becomes an owner, made by no owner")) }
            }
            None => Ok(()),
        }
    }

    /// Who promised what with this command, and who changed what is promised.
    fn remember(&mut self, before: &Organization, after: &Organization, step: &Step) {
        let is_new = |version| version > before.version();
        for (id, invitation) in after.invitations().filter(|(_, invitation)| is_new(invitation.issued().version)) {
            self.invitations.insert(id, Warrant::of(before, invitation.issued().by, step.now));
        }
        for (domain, rule) in after.domains().filter(|(_, rule)| is_new(rule.origin.version)) {
            self.domains.insert(domain.clone(), Warrant::of(before, rule.origin.by, step.now));
        }
        match &step.command {
            Command::SetProvisioning(_) => self.directory = Warrant::of(before, step.actor, step.now),
            Command::ChangeRole(change) => self.changes_role(before, &change.role, step),
            Command::DeleteRole(delete) => self.changes_role(before, &delete.role, step),
            Command::SetRule(rule) => self.changes_rule((before, after), (rule.workspace, &rule.holder), step),
            Command::DeleteWorkspace(delete) => {
                let promises = self.invitations.values_mut().chain(self.domains.values_mut());
                for warrant in promises.chain([&mut self.directory]) {
                    warrant.held.retain(|place, _| !place.is_in(delete.workspace));
                }
                self.rules.retain(|place, _| !place.is_in(delete.workspace));
            }
            _ => {}
        }
    }

    /// Whoever changes a role, or puts another in its place, gives what was promised with it.
    fn changes_role(&mut self, before: &Organization, key: &RoleKey, step: &Step) {
        let Some(role) = before.role(key.as_str()) else { return };
        let author = Warrant::of(before, step.actor, step.now);
        for (id, warrant) in &mut self.invitations {
            let promised = before.invitation(*id).is_some_and(|invitation| {
                let in_a_row = invitation.access().iter().any(|(_, changes)| changes.role.as_ref() == Some(key));
                invitation.roles().contains(key) || in_a_row
            });
            if promised {
                warrant.join(&author);
            }
        }
        for (domain, _) in before.domains().filter(|(_, rule)| rule.roles.contains(role)) {
            self.domains.entry(domain.clone()).or_default().join(&author);
        }
        let directory = before.profile().and_then(|profile| profile.provisioned_roles);
        if directory.is_some_and(|roles| roles.contains(role)) {
            self.directory.join(&author);
        }
    }

    fn changes_rule(
        &mut self,
        (before, after): (&Organization, &Organization),
        (workspace, holder): (WorkspaceId, &RuleFor),
        step: &Step,
    ) {
        let holder = match holder {
            RuleFor::Team(team) => Some(RuleHolder::Team(*team)),
            RuleFor::Group(key) => after.catalog().group(key.as_str()).map(RuleHolder::Group),
        };
        let said = |org: &Organization| {
            let rules = org.workspace(workspace).map(|workspace| workspace.rules()).unwrap_or_default();
            let rule = rules.iter().find(|rule| Some(rule.holder) == holder && rule.is_current(step.now));
            rule.map(|rule| (rule.given, rule.taken)).unwrap_or_default()
        };
        let ((gave, took), (gives, takes)) = (said(before), said(after));
        let grown = (gives - gave) | (took - takes);
        let there = Place::Workspace(workspace);
        let held = if step.actor == Actor::System { grown } else { held(before, step.actor, there, step.now) };
        // Whoever sets a rule cannot know how much those will see who come under it later.
        for place in [there, Place::Resource(workspace)] {
            *self.rules.entry(place).or_default() |= grown & held & scope_of(before, place);
        }
    }

    /// A newcomer to whom everything is given that was promised holds nothing that whoever promised it does not.
    fn nobody_promises_more(&self, before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
        if step.actor == Actor::System {
            return Ok(());
        }
        let is_new = |version| version > before.version();
        let promiser = Warrant::of(before, step.actor, step.now);
        let sent = after.invitations().filter(|(_, invitation)| is_new(invitation.issued().version));
        let mut promises: Vec<(String, Vec<Event>)> = sent
            .map(|(id, invitation)| {
                let (user, given_by) = (newcomer(), step.actor);
                let rows = invitation.access().iter().map(|(workspace, changes)| Event::AccessGiven {
                    user,
                    workspace: *workspace,
                    changes: changes.clone(),
                    given_by,
                });
                let joined = match invitation.roles() {
                    [] => Event::CollaboratorJoined { user, given_by },
                    roles => Event::MemberJoined { user, roles: roles.to_vec(), given_by },
                };
                (format!("{id:?}"), [joined].into_iter().chain(rows).collect())
            })
            .collect();
        for (domain, rule) in after.domains().filter(|(_, rule)| is_new(rule.origin.version)) {
            promises.push((format!("{domain:?}"), vec![member_with(after, rule.roles, step)]));
        }
        match &step.command {
            Command::SetProvisioning(_) => {
                let roles = after.profile().and_then(|profile| profile.provisioned_roles).unwrap_or_default();
                promises.push((String::from("the directory"), vec![member_with(after, roles, step)]));
            }
            Command::CreateRole(create) => promises.push(role_promise(after, &create.role, step)),
            Command::ChangeRole(change) => promises.push(role_promise(after, &change.role, step)),
            _ => {}
        }
        for (what, roles) in delegated(after, step) {
            for role in roles.iter() {
                let known = after.custom_role(role).map_or(role, |custom| custom.like());
                let def = after.catalog().role_def(known).expect("the role is there");
                if role == after.catalog().owner_role() {
                    return Err(format!("{what} makes owners"));
                }
                let holds = after.permissions_of(role);
                let seen = if def.sight == Sight::All { holds } else { PermissionSet::EMPTY };
                let places = places(before).into_iter().filter(|place| *place != Place::Own);
                for place in places {
                    let scope = scope_of(after, place);
                    let needed =
                        if matches!(place, Place::Resource(_) | Place::Unplaced) { seen } else { holds } & scope;
                    if !promiser.covers(place, needed) {
                        let lacking = words(after, needed - promiser.at(place));
                        return Err(format!("{what} hands on {lacking} at {place:?}, which who does it does not hold"));
                    }
                }
            }
        }
        promises.into_iter().try_for_each(|(what, events)| {
            let mut promised = awake(after);
            events.into_iter().for_each(|event| happen(&mut promised, event, step.now));
            let user = Actor::User(newcomer());
            let instants = instants(&[after, &promised], step.now);
            for place in places(after) {
                for instant in &instants {
                    let has = held(&promised, user, place, *instant);
                    if !promiser.covers(place, has) {
                        let lacking = words(after, has - promiser.at(place));
                        return Err(format!(
                            "{what} promises {lacking} at {place:?}, which who promises does not hold"
                        ));
                    }
                }
            }
            Ok(())
        })
    }
}

/// Roles that others will give, or have, without anybody being asked again.
fn delegated(after: &Organization, step: &Step) -> Vec<(String, RoleSet)> {
    let one = |key: &RoleKey| -> RoleSet { after.role(key.as_str()).into_iter().collect() };
    match &step.command {
        Command::CreateRole(command) => [(format!("{:?}", command.role), one(&command.role))].into(),
        Command::ChangeRole(command) => [(format!("{:?}", command.role), one(&command.role))].into(),
        Command::DeleteRole(command) => {
            command.instead.iter().map(|instead| (format!("{:?}", command.role), one(instead))).collect()
        }
        Command::SetDomain(command) => {
            let set = after.domains().filter(|(domain, _)| **domain == command.domain);
            set.map(|(domain, rule)| (format!("{domain:?}"), rule.roles)).collect()
        }
        Command::SetProvisioning(_) => {
            let roles = after.profile().and_then(|profile| profile.provisioned_roles);
            roles.map(|roles| (String::from("the directory"), roles)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn role_promise(after: &Organization, key: &RoleKey, step: &Step) -> (String, Vec<Event>) {
    let roles: RoleSet = after.role(key.as_str()).into_iter().collect();
    (format!("{key:?}"), vec![member_with(after, roles, step)])
}

fn member_with(org: &Organization, roles: RoleSet, step: &Step) -> Event {
    let roles = roles.iter().map(|role| RoleKey::from(org.role_key(role))).collect();
    Event::MemberJoined { user: newcomer(), roles, given_by: step.actor }
}

/// Somebody whom nobody knows.
fn newcomer() -> UserId {
    UserId::from_u64(1_000).expect("not zero")
}

fn happen(org: &mut Organization, event: Event, at: Timestamp) {
    let version = org.version().next();
    org.apply(&Record { version, at, by: Actor::System, command: None, event });
}

/// The organization with everybody awake in it.
fn awake(org: &Organization) -> Organization {
    let mut awake = org.clone();
    if awake.profile().is_some_and(|profile| profile.deletion.is_some()) {
        happen(&mut awake, Event::OrganizationRestored, Timestamp::from_millis(0));
    }
    let people: Vec<UserId> = awake.people().map(|(user, _)| user).collect();
    for user in people {
        happen(&mut awake, Event::PersonReactivated { user }, Timestamp::from_millis(0));
    }
    awake
}

/// Now, and every later instant at which something ends.
fn instants(orgs: &[&Organization], now: Timestamp) -> BTreeSet<Timestamp> {
    let mut ends: BTreeSet<Timestamp> = BTreeSet::from([now]);
    for org in orgs {
        ends.extend(org.people().flat_map(|(_, person)| person.rows()).filter_map(|row| row.until));
        ends.extend(org.workspaces().flat_map(|(_, workspace)| workspace.rules()).filter_map(|rule| rule.until));
    }
    ends.split_off(&now)
}

/// Who holds something else than before, where and when.
struct Difference {
    user: UserId,
    place: Place,
    instant: Timestamp,
    had: PermissionSet,
    has: PermissionSet,
}

impl Difference {
    fn gained(&self) -> PermissionSet {
        self.has - self.had
    }

    fn lost(&self) -> PermissionSet {
        self.had - self.has
    }
}

fn differences(before: &Organization, after: &Organization, now: Timestamp) -> Vec<Difference> {
    let same = before.people().eq(after.people())
        && before.workspaces().eq(after.workspaces())
        && before.custom_roles().eq(after.custom_roles());
    if same {
        return Vec::new();
    }
    let (was, is) = (awake(before), awake(after));
    let instants = instants(&[before, after], now);
    let users: BTreeSet<UserId> = was.people().chain(is.people()).map(|(user, _)| user).collect();
    let mut found = Vec::new();
    for user in users {
        for place in places(&is) {
            for instant in &instants {
                let in_time = |org: &Organization| {
                    let there = match place {
                        Place::Workspace(id) | Place::Resource(id) if org.workspace(id).is_none() => place.instead(),
                        place => place,
                    };
                    held(org, Actor::User(user), there, *instant) & scope_of(org, place)
                };
                let (had, has) = (in_time(&was), in_time(&is));
                if had != has {
                    found.push(Difference { user, place, instant: *instant, had, has });
                }
            }
        }
    }
    found
}

/// Everything that can be held at a place.
fn scope_of(org: &Organization, place: Place) -> PermissionSet {
    let fits = |scope: Scope| match place {
        Place::Organization => true,
        Place::Workspace(_) => scope != Scope::Organization,
        Place::Resource(_) | Place::Unplaced | Place::Own => scope == Scope::Resource,
    };
    org.catalog().permissions().filter(|(_, def)| fits(def.scope)).map(|(permission, _)| permission).collect()
}

/// Who loses something, or is suspended, reactivated or removed, does not outrank whoever does it.
fn nobody_touches_upwards(
    differences: &[Difference],
    before: &Organization,
    after: &Organization,
    step: &Step,
) -> Result<(), String> {
    let consented = matches!(
        step.command,
        Command::Accept(_) | Command::AcceptOwnership(_) | Command::JoinByDomain(_) | Command::TransferOwnership(_)
    );
    // Whoever may delete a workspace may delete it for everybody.
    let at_once = matches!(step.command, Command::DeleteWorkspace(_) | Command::DeleteOrganization(_));
    if step.actor == Actor::System || consented || at_once {
        return Ok(());
    }
    let by = behind(before, step.actor);
    let directory = before.profile().and_then(|profile| profile.provisioned_roles).unwrap_or_default();
    let may_touch = |user: UserId, place: Option<WorkspaceId>| match (step.actor, before.person(user)) {
        (_, None) => true,
        (Actor::Provisioner, Some(person)) => person.roles().iter().all(|role| directory.contains(role)),
        (_, Some(_)) if by == Some(user) => true,
        (_, Some(person)) => {
            let theirs = rank(before, person, None, step.now).max(rank(before, person, place, step.now));
            let own = by.and_then(|user| before.person(user)).map(|own| rank(before, own, place, step.now));
            own.is_some_and(|own| theirs <= own)
        }
    };
    for (user, person) in before.people() {
        let status = |person: &Person| (person.status(), person.is_member());
        let touched = after.person(user).map(status) != Some(status(person));
        // A collaborator has a rank only where there is a row.
        let mut rows = person.rows().iter().filter(|_| !person.is_member());
        let well = may_touch(user, None) && rows.all(|row| may_touch(user, Some(row.workspace)));
        if touched && !well {
            return Err(format!("{user:?} is touched by {:?}, whom they outrank", step.actor));
        }
    }
    let there = match &step.command {
        Command::GiveAccess(command) => Some(command.workspace),
        Command::TakeAccess(command) => Some(command.workspace),
        Command::SetRule(command) => Some(command.workspace),
        _ => None,
    };
    let mut losses = differences.iter().filter(|difference| !difference.lost().is_empty());
    if let Some(loss) = losses.find(|loss| !may_touch(loss.user, there)) {
        let (user, lost, place) = (loss.user, words(before, loss.lost()), loss.place);
        return Err(format!("{user:?} loses {lost} at {place:?} by {:?}, whom they outrank", step.actor));
    }
    if let Command::EndService(command) = &step.command {
        let sponsor = before.service(command.service).and_then(Service::sponsor);
        if sponsor.is_some_and(|user| !may_touch(user, None)) {
            return Err(format!("a service is ended by {:?}, whom its sponsor outranks", step.actor));
        }
    }
    Ok(())
}

/// The rank of a person in the organization, or in a workspace, where a row can raise or lower it.
fn rank(org: &Organization, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let def = |role: Role| {
        let known = org.custom_role(role).map_or(role, |custom| custom.like());
        org.catalog().role_def(known).expect("the role is there")
    };
    let highest = |roles: RoleSet| roles.iter().map(|role| def(role).rank).max().unwrap_or(0);
    let own = highest(person.roles());
    let firm = highest(person.roles().iter().filter(|role| !def(*role).is_reducible()).collect());
    let row = place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now));
    let Some(there) = row.and_then(|row| row.role).map(|role| def(role).rank) else { return own };
    match org.catalog().policy().overrides {
        _ if !person.is_member() => there,
        OverrideMode::Replace => there.max(firm),
        OverrideMode::Expand => there.max(own),
        OverrideMode::Reduce => there.min(own).max(firm),
        OverrideMode::Off => own,
    }
}

/// A service is widened by its sponsor alone, who holds what it may use; and it never holds more than its sponsor.
fn services_stay_small(before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
    for (id, service) in after.services() {
        let was = before.service(id).filter(|was| was.sponsor() == service.sponsor());
        let was = was.filter(|was| was.until().is_none_or(|end| service.until().is_some_and(|now| now <= end)));
        if was.is_some_and(|was| is_within(service, was)) {
            continue;
        }
        if service.sponsor().is_none() {
            continue; // it can do nothing
        }
        if service.sponsor().map(Actor::User) != Some(step.actor) {
            return Err(format!("{id:?} is widened by {:?}, who is not its sponsor", step.actor));
        }
        let full = |target: Target<'_>| before.access(step.actor, target, &Facts::at(step.now)).granted();
        let everywhere = before.workspaces().map(|(id, _)| full(Target::Workspace(id)));
        let somewhere = everywhere.fold(full(Target::Organization), |all, here| all | here);
        let lent = match service.workspaces() {
            [] => somewhere,
            some => some.iter().fold(somewhere, |all, id| all & full(Target::Workspace(*id))),
        };
        let lacking = service.permissions() - lent;
        if !lacking.is_empty() {
            return Err(format!("{id:?} is lent {}, which its sponsor does not hold", words(after, lacking)));
        }
    }
    let holds_more = |id: ServiceId, service: &Service| {
        let sponsor = service.sponsor().map(Actor::User);
        places(after).into_iter().find(|place| {
            let of_sponsor = sponsor.map(|user| held(after, user, *place, step.now)).unwrap_or_default();
            !held(after, Actor::Service(id), *place, step.now).is_subset(&of_sponsor)
        })
    };
    let more = after.services().find_map(|(id, service)| Some((id, holds_more(id, service)?)));
    more.map_or(Ok(()), |(id, place)| Err(format!("{id:?} holds more at {place:?} than its sponsor")))
}

/// Whether a service may use no more than another, anywhere.
fn is_within(service: &Service, other: &Service) -> bool {
    let fewer = service.permissions().is_subset(&other.permissions());
    let inside = match (service.workspaces(), other.workspaces()) {
        (_, []) => true,
        ([], _) => false,
        (some, others) => some.iter().all(|id| others.contains(id)),
    };
    fewer && inside
}

fn words(org: &Organization, set: PermissionSet) -> String {
    let key = |permission| org.catalog().permission_def(permission).map_or("?", |def| def.key.as_str());
    set.iter().map(key).collect::<Vec<_>>().join(", ")
}
