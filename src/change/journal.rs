//! The journal: the records of an organization as its audit trail.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::difference::{AccessChange, differences_of};
use super::{Event, Record};
use crate::access::{Explanation, Facts};
use crate::actor::Actor;
use crate::catalog::Catalog;
use crate::id::{CommandId, OrgId, UserId};
use crate::organization::Organization;
use crate::time::Timestamp;
use crate::version::Version;

/// The records of one organization, asked as an audit trail.
///
/// # Shape
/// Borrows the records, in order of their versions; a question reads all of them once. The records are the whole truth:
/// replayed they make the organization.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{Command, SignUp, Rename};
/// use bailiwick::change::{Journal, Query};
/// # use bailiwick::{Actor, CommandId, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
/// # let mut organization = Organization::new(home, Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let mut records = Vec::new();
/// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); records.push(record); }
/// let id = CommandId::from_u64(7).unwrap();
/// let rename = Command::from(Rename { name: Name::new("Home")? });
/// for record in organization.handle(&rename, &now.by(Actor::User(ada)).as_command(id))? {
///     organization.apply(&record);
///     records.push(record);
/// }
///
/// let journal = Journal::of(&records);
/// let kinds: Vec<&str> = journal.find(Query::by(ada)).map(|record| record.event.kind()).collect();
/// assert_eq!(kinds, ["organization_created", "workspace_created", "renamed"]);
/// assert_eq!(journal.find(Query::of_command(id)).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Journal<'r> {
    records: &'r [Record],
}

/// What is looked for in a journal; everything that is said must hold.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Query {
    /// Records that name this user: what happened to them.
    pub about: Option<UserId>,
    /// Records of what this user did: in person, through staff in their place, or as staff in the place of others.
    pub by: Option<UserId>,
    /// Records of one command.
    pub command: Option<CommandId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

impl Query {
    /// What happened to a user.
    #[must_use]
    pub fn about(user: UserId) -> Self {
        Self { about: Some(user), ..Self::default() }
    }

    /// What a user did.
    #[must_use]
    pub fn by(user: UserId) -> Self {
        Self { by: Some(user), ..Self::default() }
    }

    /// What one command did.
    #[must_use]
    pub fn of_command(command: CommandId) -> Self {
        Self { command: Some(command), ..Self::default() }
    }

    /// Only from one time on, and before another.
    #[must_use]
    pub const fn between(mut self, from: Timestamp, to: Timestamp) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    fn fits(&self, record: &Record) -> bool {
        self.about.is_none_or(|user| record.event.names(user))
            && self.by.is_none_or(|user| is_by(record.by, user))
            && self.command.is_none_or(|command| record.command == Some(command))
            && self.from.is_none_or(|from| record.at >= from)
            && self.to.is_none_or(|to| record.at < to)
    }
}

/// One event that changed what somebody can do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessEvent<'r> {
    /// What happened, when, by whom.
    pub record: &'r Record,
    /// What it changed for them, place by place.
    pub changes: Vec<AccessChange>,
}

impl<'r> Journal<'r> {
    /// The journal that records are.
    #[must_use]
    pub const fn of(records: &'r [Record]) -> Self {
        Self { records }
    }

    /// The records that a query asks for, in order.
    pub fn find(self, query: Query) -> impl Iterator<Item = &'r Record> {
        self.records.iter().filter(move |record| query.fits(record))
    }

    /// The record that made a version; what an [`Origin`](crate::Origin) points at.
    #[must_use]
    pub fn record(self, version: Version) -> Option<&'r Record> {
        let at = self.records.binary_search_by_key(&version, |record| record.version).ok()?;
        self.records.get(at)
    }

    /// Names the event behind every layer of an explanation.
    pub fn name_events(self, explanation: &mut Explanation) {
        for layer in &mut explanation.layers {
            let record = layer.origin.and_then(|origin| self.record(origin.version));
            layer.event = record.map(|record| record.event.kind());
        }
    }

    /// Who gave and took what, when, of one user: every event that changed what they can do, with what it changed. Events
    /// that do not name them (a role, a rule, the plan, the status) are among them.
    ///
    /// # Shape
    /// Replays the history: costs its length times the number of workspaces. What ends by itself has no event, and its end
    /// stands at the event that gave it. Features that callers switch on, and shares, are in no history of an organization.
    #[must_use]
    pub fn access_of(self, user: UserId, id: OrgId, catalog: &Arc<Catalog>) -> Vec<AccessEvent<'r>> {
        let mut before = Organization::new(id, Arc::clone(catalog));
        let mut after = before.clone();
        let mut found = Vec::new();
        for record in self.records {
            after.apply(record);
            let changes = differences_of(Actor::User(user), &before, &after, &Facts::at(record.at));
            if !changes.is_empty() {
                found.push(AccessEvent { record, changes });
            }
            before.apply(record);
        }
        found
    }
}

/// Whether an actor is a user, in person or behind staff on either side.
fn is_by(actor: Actor, user: UserId) -> bool {
    match actor {
        Actor::User(by) => by == user,
        Actor::Staff { staff, on_behalf_of } => staff == user || on_behalf_of == user,
        Actor::Service(_) | Actor::Link(_) | Actor::Provisioner | Actor::System => false,
    }
}

impl Event {
    /// Whether it names a user: as the one that it is about, as receiver, as sponsor, as owner.
    #[must_use]
    pub fn names(&self, asked: UserId) -> bool {
        match self {
            Self::OrganizationCreated { owner: user, .. }
            | Self::InvitationAccepted { user, .. }
            | Self::InvitationDeclined { user, .. }
            | Self::MemberJoined { user, .. }
            | Self::CollaboratorJoined { user, .. }
            | Self::MadeCollaborator { user, .. }
            | Self::RolesChanged { user, .. }
            | Self::AccessGiven { user, .. }
            | Self::AccessTaken { user, .. }
            | Self::PersonSuspended { user }
            | Self::PersonReactivated { user }
            | Self::CreditsSwitched { user, .. }
            | Self::UserErased { user }
            | Self::TeamJoined { user, .. }
            | Self::TeamLeft { user, .. }
            | Self::ServiceCreated { sponsor: user, .. }
            | Self::ServiceAdopted { sponsor: user, .. } => *user == asked,
            Self::PersonRemoved { user, content } => {
                *user == asked || matches!(content, super::Content::TransferTo(to) if *to == asked)
            }
            Self::OwnershipOffered { from, to } | Self::OwnershipTransferred { from, to, .. } => {
                *from == asked || *to == asked
            }
            _ => false,
        }
    }
}
