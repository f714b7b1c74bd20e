//! Offers: what somebody could do about somebody or something, for menus.

use alloc::vec::Vec;

use super::authority::behind;
use super::command::Content;
use super::{
    AcceptOwnership, ArchiveWorkspace, CancelTransfer, ChangeRoles, ChangeStatus, Command, Context, DeleteOrganization,
    DeleteWorkspace, Describe, DissolveTeam, EditInvitation, EndService, JoinTeam, Leave, LeaveTeam, MakeCollaborator,
    Reactivate, Refusal, Remove, Rename, RenameTeam, RenameWorkspace, ReopenWorkspace, Resend, RestoreOrganization,
    Revoke, Suspend, SwitchCredits, TakeAccess, TransferOwnership,
};
use crate::access::Requirement;
use crate::catalog::RoleKey;
use crate::catalog::policy::ContentOfRemoved;
use crate::id::{InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{Disposition, Invitation, Organization, SecretHash, Status};

/// What a menu is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum About {
    /// The organization.
    Organization,
    /// One of its people.
    Person(UserId),
    /// One of its workspaces.
    Workspace(WorkspaceId),
    /// One of its invitations.
    Invitation(InvitationId),
    /// One of its teams.
    Team(TeamId),
    /// One of its services.
    Service(ServiceId),
}

/// One thing that could be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer {
    /// The command. What only the user can say (a new name, a new secret) is filled in with what there is, or with
    /// zeros; roles are offered one by one.
    pub command: Command,
    /// What has to be shown first, if anything.
    pub step_up: Option<Requirement>,
}

impl Organization {
    /// What an actor could do about somebody or something that is there: each is a command that [`handle`](Self::handle)
    /// would accept now, or after a step up. For menus; the command itself is judged again. What begins with a form
    /// (inviting, adding, giving access, making things) is not among them.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{About, AddMember, Command, SignUp};
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
    /// let menu = organization.allowed_actions(&now.by(Actor::User(ada)), About::Person(bob));
    /// let names: Vec<&str> = menu.iter().map(|offer| offer.command.name()).collect();
    /// assert!(names.contains(&"Remove") && names.contains(&"ChangeRoles"));
    ///
    /// let of_a_viewer = organization.allowed_actions(&now.by(Actor::User(bob)), About::Person(ada));
    /// assert!(of_a_viewer.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn allowed_actions(&self, context: &Context<'_>, about: About) -> Vec<Offer> {
        let candidates = match about {
            About::Organization => self.about_organization(),
            // One's own access is not for oneself to change; leaving is about the organization.
            About::Person(user) if behind(self, context.actor) == Some(user) => Vec::new(),
            About::Person(user) => self.about_person(user),
            About::Workspace(workspace) => self.about_workspace(workspace),
            About::Invitation(id) => self.invitation(id).map(|found| about_invitation(id, found)).unwrap_or_default(),
            About::Team(team) => self.about_team(team),
            About::Service(service) => [EndService { service }.into()].into(),
        };
        let stepped_up = |requirement: &Requirement| {
            let mut facts = context.facts.authenticated(context.facts.now).with_second_factor();
            facts.provider = requirement.provider.or(facts.provider);
            Context { facts, ..*context }
        };
        let offered = candidates.into_iter().filter_map(|command| match self.handle(&command, context) {
            Ok(_) => Some(Offer { command, step_up: None }),
            Err(Refusal::StepUp { requirement }) => {
                self.handle(&command, &stepped_up(&requirement)).ok()?;
                Some(Offer { command, step_up: Some(requirement) })
            }
            Err(_) => None,
        });
        offered.collect()
    }

    fn about_organization(&self) -> Vec<Command> {
        let Some(profile) = self.profile() else { return Vec::new() };
        let status = match profile.status {
            Status::Archived => Status::Active,
            Status::Active | Status::PastDue | Status::Suspended => Status::Archived,
        };
        [
            Rename { name: profile.name.clone() }.into(),
            Describe { description: profile.description.clone() }.into(),
            ChangeStatus { status }.into(),
            DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false }.into(),
            RestoreOrganization {}.into(),
            Leave { content: Some(Content::Stays) }.into(),
            AcceptOwnership {}.into(),
            CancelTransfer {}.into(),
        ]
        .into()
    }

    fn about_person(&self, user: UserId) -> Vec<Command> {
        let Some(person) = self.person(user) else { return Vec::new() };
        let says = self.catalog().policy().content_of_removed == ContentOfRemoved::MustSay;
        let content = says.then_some(Content::Stays);
        let mut commands: Vec<Command> = [
            Suspend { user }.into(),
            Reactivate { user }.into(),
            Remove { user, content }.into(),
            MakeCollaborator { user }.into(),
            TransferOwnership { to: user, from: None }.into(),
        ]
        .into();
        let switches = [Some(true), Some(false), None].into_iter().filter(|on| *on != person.credits());
        commands.extend(switches.map(|on| Command::from(SwitchCredits { user, on })));
        let keys: Vec<RoleKey> = self.roles().all_keys().map(RoleKey::from).collect();
        let others = keys.into_iter().map(|key| [key]).filter(|keys| self.role_set(keys) != person.roles());
        commands.extend(others.map(|roles| Command::from(ChangeRoles { user, roles: roles.into() })));
        let rows = person.rows().iter().map(|row| TakeAccess { user, workspace: row.workspace }.into());
        commands.extend(rows);
        let teams = self.teams().map(|(team, _)| match person.is_in_team(team) {
            true => LeaveTeam { team, user }.into(),
            false => JoinTeam { team, user }.into(),
        });
        commands.extend(teams);
        commands
    }

    fn about_workspace(&self, workspace: WorkspaceId) -> Vec<Command> {
        let Some(place) = self.workspace(workspace) else { return Vec::new() };
        [
            RenameWorkspace { workspace, name: place.name().clone() }.into(),
            ArchiveWorkspace { workspace }.into(),
            ReopenWorkspace { workspace }.into(),
            DeleteWorkspace { workspace }.into(),
        ]
        .into()
    }

    fn about_team(&self, team: TeamId) -> Vec<Command> {
        let Some(found) = self.team(team) else { return Vec::new() };
        [RenameTeam { team, name: found.name().clone() }.into(), DissolveTeam { team }.into()].into()
    }
}

fn about_invitation(invitation: InvitationId, found: &Invitation) -> Vec<Command> {
    let (roles, access) = (found.roles().to_vec(), found.access().to_vec());
    [
        Resend { invitation, secret: Some(SecretHash::from_bytes([0; 32])) }.into(),
        EditInvitation { invitation, roles, access }.into(),
        Revoke { invitation }.into(),
    ]
    .into()
}
