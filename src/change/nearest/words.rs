//! How the nearest change reads: for logs, and below an explanation.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Change, Nearest, Obstacle, Somebody, Step};
use crate::access::{Explanation, Turn, TurnStep};
use crate::change::Command;
use crate::id::WorkspaceId;
use crate::organization::{Organization, Override, RuleFor, Status};
use crate::sharing::ShareCommand;

impl Nearest {
    /// Writes it below an explanation, which then shows it in its text.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::{Facts, Target};
    /// # use bailiwick::change::{AddMember, Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::STUDIO)?);
    /// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # let now = now.through(catalog.provider("linkedin").unwrap());
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// # let add = AddMember { user: bob, roles: vec!["viewer".into()], access: vec![] };
    /// # for record in organization.handle(&Command::from(add), &now.by(Actor::System))? { organization.apply(&record); }
    /// # let create = catalog.permission("project.create").unwrap();
    /// let (bob, target) = (Actor::User(bob), Target::Organization);
    /// let mut why = organization.explain(bob, create, target, &now);
    /// organization.nearest(bob, create, target, &now).name_in(&organization, &mut why);
    /// assert!(why.to_string().contains("change the roles to `viewer`, `creator`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn name_in(&self, organization: &Organization, explanation: &mut Explanation) {
        let line = |step: &Step| TurnStep {
            what: words(organization, &step.change),
            by: step.by.iter().map(|somebody| somebody.user).collect(),
            more: step.more,
        };
        let (says, steps, then) = match self {
            Self::Gives(remedy) => {
                let then = remedy.step_up.map(|requirement| requirement.to_string());
                let says =
                    if remedy.steps.len() == 1 { "this would allow it" } else { "these together would allow it" };
                (says, &remedy.steps[..], then)
            }
            Self::Takes(steps) if steps.is_empty() => {
                ("nothing that could be changed here takes it away", &[][..], None)
            }
            Self::Takes(steps) => ("each of these would take it away", &steps[..], None),
            Self::OutOfReach(obstacle) => (obstacle.words(), &[][..], None),
        };
        explanation.turn = Some(Turn { says, steps: steps.iter().map(line).collect(), then });
    }
}

impl Obstacle {
    const fn words(self) -> &'static str {
        match self {
            Self::NoOrganization => "no command makes it there",
            Self::NoWorkspace => "no command makes this workspace there",
            Self::Nobody => "no command is about whoever asks",
            Self::Staff => "the user has to do it in person",
            Self::NoPlan => "no plan has the feature; the application switches it on",
            Self::Share => "only a share opens it",
            Self::Private(_) => "only whoever it belongs to opens it, by a share",
            Self::NotFound => "no change was found that would allow it and is accepted from anybody",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl fmt::Display for Somebody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {}", self.user)?;
        if self.roles.is_empty() { Ok(()) } else { write!(f, " ({})", listed(&self.roles, "")) }
    }
}

/// A change that is proposed, in words; whom it is about is whoever asks.
fn words(organization: &Organization, change: &Change) -> String {
    match change {
        Change::Organization(command) => command_words(organization, command),
        Change::Share(_, ShareCommand::GiveShare(give)) => {
            alloc::format!("share it, giving {}", listed(&give.level, "nothing"))
        }
        Change::Share(_, ShareCommand::ChangeShare(change)) => {
            alloc::format!("have share {} give {}", change.share, listed(&change.level, "nothing"))
        }
        Change::Share(_, ShareCommand::RevokeShare(revoke)) => alloc::format!("close share {}", revoke.share),
        Change::Share(..) => "change who it is shared with".into(),
    }
}

fn command_words(organization: &Organization, command: &Command) -> String {
    let place = |id: &WorkspaceId| {
        let found = organization.workspace(*id);
        found.map_or_else(|| "a workspace".into(), |found| alloc::format!("workspace `{}`", found.name()))
    };
    let access = |access: &[(WorkspaceId, Override)]| {
        let places = access.iter().map(|(id, changes)| alloc::format!(" into {}{}", place(id), row_words(changes)));
        places.collect::<String>()
    };
    let team = |id| organization.team(id).map_or_else(String::new, |team| alloc::format!("`{}`", team.name()));
    match command {
        Command::ChangeRoles(change) => alloc::format!("change the roles to {}", listed(&change.roles, "none")),
        Command::GiveAccess(give) => {
            let plain = if give.changes.is_plain() { "plain " } else { "" };
            alloc::format!("give {plain}access to {}{}", place(&give.workspace), row_words(&give.changes))
        }
        Command::TakeAccess(take) => alloc::format!("take the access row in {}", place(&take.workspace)),
        Command::SetRule(rule) => {
            let holder = match &rule.holder {
                RuleFor::Group(key) => alloc::format!("group `{key}`"),
                RuleFor::Team(id) => alloc::format!("team {}", team(*id)),
            };
            let (given, taken) = (listed(&rule.given, "nothing"), listed(&rule.taken, "nothing"));
            alloc::format!("have the rule of {holder} in {} give {given} and take {taken}", place(&rule.workspace))
        }
        Command::JoinTeam(join) => alloc::format!("put into team {}", team(join.team)),
        Command::LeaveTeam(leave) => alloc::format!("take out of team {}", team(leave.team)),
        Command::ChangeRole(change) => {
            alloc::format!("have the custom role `{}` hold {}", change.role, listed(&change.permissions, "nothing"))
        }
        Command::ChangeStatus(change) => match change.status {
            Status::Active => "reactivate the organization".into(),
            status => alloc::format!("make the organization {status}"),
        },
        Command::ChangeSeats(change) => alloc::format!("have {} seats", change.seats),
        Command::ChangePlan(change) => alloc::format!("move to plan `{}`", change.plan),
        Command::Reactivate(_) => "end the suspension".into(),
        Command::Suspend(_) => "suspend".into(),
        Command::MakeCollaborator(_) => "make a collaborator".into(),
        Command::TransferOwnership(transfer) => {
            let owner = transfer.from.map_or_else(String::new, |from| alloc::format!(" of user {from}"));
            alloc::format!("hand the ownership{owner} over to user {}", transfer.to)
        }
        Command::AcceptOwnership(_) => "accept the ownership".into(),
        Command::DeleteOrganization(_) => "delete the organization".into(),
        Command::Remove(_) => "remove from the organization".into(),
        Command::ReopenWorkspace(reopen) => alloc::format!("reopen {}", place(&reopen.workspace)),
        Command::ArchiveWorkspace(archive) => alloc::format!("archive {}", place(&archive.workspace)),
        Command::RestoreOrganization(_) => "take the deletion back".into(),
        Command::AddMember(add) => {
            alloc::format!("add as {}{}", listed(&add.roles, "member"), access(&add.access))
        }
        Command::AddCollaborator(add) => alloc::format!("add as a collaborator{}", access(&add.access)),
        Command::Invite(invite) => {
            alloc::format!("invite as {}{}", listed(&invite.roles, "a collaborator"), access(&invite.access))
        }
        Command::Accept(_) => "accept the invitation".into(),
        Command::ChangeService(change) => {
            alloc::format!("have the service use {}", listed(&change.permissions, "nothing"))
        }
        Command::EndService(_) => "end the service".into(),
        Command::AdoptService(_) => "adopt the service".into(),
        other => other.name().to_string(),
    }
}

/// What is different in a row.
fn row_words(changes: &Override) -> String {
    let role = changes.role.as_ref().map(|role| alloc::format!(" as `{role}`"));
    let list = |word: &str, keys: &[crate::catalog::PermissionKey]| {
        (!keys.is_empty()).then(|| alloc::format!(" {word} {}", listed(keys, "")))
    };
    let parts = [role, list("adding", &changes.added), list("removing", &changes.removed)];
    parts.into_iter().flatten().collect()
}

fn listed<T: fmt::Display>(items: &[T], none: &str) -> String {
    if items.is_empty() {
        return none.into();
    }
    let items: Vec<String> = items.iter().map(|item| alloc::format!("`{item}`")).collect();
    items.join(", ")
}
