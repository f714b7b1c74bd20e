//! Steps: each verb of a table as the command that it stands for.

use bailiwick::access::{Share, ShareHolder};
use bailiwick::catalog::{PermissionKey, PermissionSet, Reach, RoleKey};
use bailiwick::change::{
    Accept, AcceptOwnership, AddCollaborator, AddMember, AddressProof, AdoptService, ArchiveWorkspace, CancelTransfer,
    ChangePlan, ChangeRole, ChangeRoles, ChangeSeats, ChangeService, ChangeStatus, Command, ConfirmDomain, Content,
    CreateOrganization, CreateRole, CreateService, CreateTeam, CreateWorkspace, Decline, DeleteRole, DeleteWorkspace,
    Describe, DissolveTeam, DropDomain, EditInvitation, EndService, EraseUser, Event, GiveAccess, Invite, InviteMany,
    JoinByDomain, JoinTeam, Leave, LeaveTeam, MakeCollaborator, Reactivate, Remove, Rename, RenameTeam,
    RenameWorkspace, ReopenWorkspace, RequireProvider, Resend, RestoreOrganization, Revoke, RotateSecret, SetDomain,
    SetOwnKey, SetPreference, SetProvisioning, SetRule, SignUp, Suspend, SwitchCredits, TakeAccess, TransferOwnership,
};
use bailiwick::{
    Address, Disposition, Domain, InvitationId, Name, Override, RuleFor, Seats, SecretHash, Span, Status, TenantsError,
    Timestamp, UserId, WorkspaceId,
};

use super::super::runner::Step;
use super::accounts::label;
use super::{Bailiwick, KeptResource, Sent};

pub(super) type Refused = (String, String);

/// A table that says what cannot be meant; no code has this name.
pub(super) fn wrong(words: impl Into<String>) -> Refused {
    ("wrong_table".into(), words.into())
}

impl Bailiwick {
    /// Carries out what a verb stands for.
    pub(super) fn carry_out(&mut self, step: &Step) -> Result<(), Refused> {
        self.last = Default::default();
        let (first, second) = (step.word(0), step.word(1));
        match step.verb.as_str() {
            "sign-up" | "create-organization" => return self.begin(step),
            "use" => self.organization = Some(self.organization_named(first)),
            "wait" => self.now = self.now.plus(span(first)?),
            "at" => self.now = super::accounts::day(first).map_err(wrong)?,
            verb if super::accounts::is_order(verb) => return self.order(step),
            verb if super::shares::is_about_shares(verb) => return self.about_shares(step),
            "resource" => self.keep_resource(step),
            "share" => self.keep_share(step)?,
            "invite" => return self.invite(step),
            "invite-many" => return self.invite_many(step),
            "resend" => return self.resend(step),
            "give-access" => {
                let user = self.user(first);
                for (workspace, changes) in self.overrides(step)? {
                    self.handle(step, GiveAccess { user, workspace, changes })?;
                }
            }
            "delete-organization" => return self.delete(step),
            "erase-everywhere" => {
                let (user, facts) = (self.user(first), self.facts(&step.given, &[]));
                self.tenants.erase(user, &facts).map_err(refused)?;
            }
            _ => {
                let command = self.command(step, first, second)?;
                return self.handle(step, command);
            }
        }
        Ok(())
    }

    /// The command of a verb that stands for one.
    fn command(&mut self, step: &Step, first: &str, second: &str) -> Result<Command, Refused> {
        Ok(match step.verb.as_str() {
            "rename" => Rename { name: name(first)? }.into(),
            "describe" => Describe { description: first.into() }.into(),
            "set-preference" => SetPreference { key: first.into(), value: some(second).map(Into::into) }.into(),
            "status" => ChangeStatus { status: status(first)? }.into(),
            "restore-organization" => RestoreOrganization {}.into(),
            "own-key" => SetOwnKey { class: label(first)?, on: second == "on" }.into(),
            "require-provider" => RequireProvider { provider: some(first).map(Into::into) }.into(),
            "set-domain" => SetDomain { domain: domain(first)?, roles: step.list("role") }.into(),
            "confirm-domain" => ConfirmDomain { domain: domain(first)? }.into(),
            "drop-domain" => DropDomain { domain: domain(first)? }.into(),
            "join-by-domain" => JoinByDomain { address: self.proof(step)? }.into(),
            "set-provisioning" => SetProvisioning { roles: (!step.has_flag("off")).then(|| step.list("role")) }.into(),
            "accept" | "decline" => self.answer(step)?,
            "revoke" => Revoke { invitation: self.invitation(first) }.into(),
            "edit-invitation" => {
                let (invitation, access) = (self.invitation(first), self.overrides(step)?);
                EditInvitation { invitation, roles: step.list("role"), access }.into()
            }
            "transfer-ownership" => {
                let from = step.option("from").map(|from| self.user(from));
                TransferOwnership { to: self.user(first), from }.into()
            }
            "accept-ownership" => AcceptOwnership {}.into(),
            "cancel-transfer" => CancelTransfer {}.into(),
            "change-plan" | "change-seats" => self.terms(step, first)?,
            "create-role" | "change-role" | "delete-role" => role(step, first, second)?,
            verb if verb.ends_with("-workspace") => self.workspace_command(verb, first, second)?,
            verb if verb.ends_with("-team") => self.team_command(verb, first, second)?,
            verb if verb.ends_with("-service") || verb == "rotate-secret" => self.service_command(step)?,
            _ => self.people_command(step)?,
        })
    }

    fn people_command(&mut self, step: &Step) -> Result<Command, Refused> {
        let user = self.user(step.word(0));
        Ok(match step.verb.as_str() {
            "add-member" => AddMember { user, roles: step.list("role"), access: self.overrides(step)? }.into(),
            "add-collaborator" => AddCollaborator { user, access: self.overrides(step)? }.into(),
            "make-collaborator" => MakeCollaborator { user }.into(),
            "change-roles" => ChangeRoles { user, roles: step.list("role") }.into(),
            "take-access" => TakeAccess { user, workspace: self.workspace(step.word(1)) }.into(),
            "suspend" => Suspend { user }.into(),
            "reactivate" => Reactivate { user }.into(),
            "switch-credits" => SwitchCredits { user, on: switch(step.word(1))? }.into(),
            "remove" => Remove { user, content: self.content(step) }.into(),
            "leave" => Leave { content: self.content(step) }.into(),
            "erase" => EraseUser { user }.into(),
            "set-rule" => self.rule(step)?.into(),
            other => return Err(wrong(format!("nobody can `{other}`"))),
        })
    }

    fn workspace_command(&mut self, verb: &str, first: &str, second: &str) -> Result<Command, Refused> {
        let workspace = self.workspace(first);
        Ok(match verb {
            "create-workspace" => CreateWorkspace { workspace, name: name(second)? }.into(),
            "rename-workspace" => RenameWorkspace { workspace, name: name(second)? }.into(),
            "archive-workspace" => ArchiveWorkspace { workspace }.into(),
            "reopen-workspace" => ReopenWorkspace { workspace }.into(),
            _ => DeleteWorkspace { workspace }.into(),
        })
    }

    fn team_command(&mut self, verb: &str, first: &str, second: &str) -> Result<Command, Refused> {
        let team = self.team(first);
        Ok(match verb {
            "create-team" => CreateTeam { team, name: name(second)? }.into(),
            "rename-team" => RenameTeam { team, name: name(second)? }.into(),
            "dissolve-team" => DissolveTeam { team }.into(),
            "join-team" => JoinTeam { team, user: self.user(second) }.into(),
            _ => LeaveTeam { team, user: self.user(second) }.into(),
        })
    }

    fn service_command(&mut self, step: &Step) -> Result<Command, Refused> {
        let service = self.service(step.word(0));
        let permissions: Vec<PermissionKey> = step.list("holds");
        let workspaces = step.words_of("in").map(|place| self.workspace(place)).collect();
        let until = self.end(step.option("until"))?;
        let secret = Self::secret(&format!("{} {}", step.word(0), self.now.as_millis()));
        Ok(match step.verb.as_str() {
            "create-service" => {
                CreateService { service, name: name(step.word(1))?, permissions, workspaces, until, secret }.into()
            }
            "change-service" => ChangeService { service, permissions, workspaces, until }.into(),
            "rotate-secret" => RotateSecret { service, secret }.into(),
            "end-service" => EndService { service }.into(),
            _ => AdoptService { service, secret }.into(),
        })
    }

    /// A plan, or seats; what is bought later is bought at the end of the paid period.
    fn terms(&mut self, step: &Step, first: &str) -> Result<Command, Refused> {
        let at = self.end(step.option("at"))?;
        if step.verb == "change-plan" {
            let seats = step.option("seats").map_or(Ok(Seats::default()), seats)?;
            return Ok(ChangePlan { plan: first.into(), seats, at }.into());
        }
        Ok(ChangeSeats { seats: seats(first)?, period_end: at.unwrap_or(self.now) }.into())
    }

    /// What becomes of somebody's content: it stays, or goes to somebody else.
    fn content(&mut self, step: &Step) -> Option<Content> {
        match step.option("content")? {
            "stays" => Some(Content::Stays),
            to => Some(Content::TransferTo(self.user(to))),
        }
    }

    fn delete(&mut self, step: &Step) -> Result<(), Refused> {
        let disposition = match step.option("content") {
            None | Some("delete") => Disposition::Delete,
            Some("export") => Disposition::Export,
            Some(other) => Disposition::TransferTo(self.organization_named(other)),
        };
        let (actor, facts) = (self.actor(&step.who), self.facts(&step.given, &[]));
        let organization = self.organization.ok_or_else(|| wrong("no organization yet"))?;
        self.last = self.tenants.delete(organization, disposition, &facts.by(actor)).map_err(refused)?;
        Ok(())
    }

    fn handle(&mut self, step: &Step, command: impl Into<Command>) -> Result<(), Refused> {
        let actor = self.actor(&step.who);
        let others = self.others(&step.given);
        let facts = self.facts(&step.given, &others);
        let organization = self.organization.ok_or_else(|| wrong("no organization yet"))?;
        self.last = self.tenants.handle(organization, command, &facts.by(actor)).map_err(refused)?;
        Ok(())
    }

    fn begin(&mut self, step: &Step) -> Result<(), Refused> {
        let (actor, facts) = (self.actor(&step.who), self.facts(&step.given, &[]));
        let id = self.organization_named(step.word(0));
        let before = self.organization.replace(id);
        let (name, workspace) = (name(step.word(1))?, self.workspace("default"));
        let made = if step.verb == "sign-up" {
            self.tenants.sign_up(id, SignUp { name, workspace }, &facts.by(actor)).map(|_| ())
        } else {
            let plan = step.option("plan").unwrap_or_default().into();
            let seats = step.option("seats").map_or(Ok(Seats::default()), seats)?;
            let create = CreateOrganization { name, plan, seats, owned: 0, workspace };
            self.tenants.create(id, create, &facts.by(actor)).map(|_| ())
        };
        if made.is_err() {
            self.organization = before;
        }
        made.map_err(refused)
    }

    /// A new invitation, its secret named after it.
    fn made(&mut self, who: &str, roles: Vec<RoleKey>, step: &Step) -> Result<Invite, Refused> {
        self.invited += 1;
        let invitation = InvitationId::from_u64(self.invited).expect("numbers begin at one");
        let address = match step.option("as") {
            Some(address) => Address::new(address).map_err(|error| wrong(error.to_string()))?,
            None => Self::address(who),
        };
        let access = self.overrides(step)?;
        Ok(Invite { invitation, address, roles, access, secret: Self::secret(who) })
    }

    fn sent(&mut self, who: &str, id: InvitationId) {
        self.invitations.insert(who.into(), Sent { id, secret: who.into(), times: 1 });
    }

    fn invite(&mut self, step: &Step) -> Result<(), Refused> {
        let who = step.word(0).to_owned();
        let invite = self.made(&who, step.list("role"), step)?;
        let id = invite.invitation;
        self.handle(step, invite)?;
        self.sent(&who, id);
        Ok(())
    }

    /// Several invitations; `eve:admin` is one with a role of its own.
    fn invite_many(&mut self, step: &Step) -> Result<(), Refused> {
        self.batch.clear();
        let mut invitations = Vec::new();
        for item in step.plain() {
            let (who, roles) = match item.split_once(':') {
                Some((who, role)) => (who, vec![role.into()]),
                None => (item, step.list("role")),
            };
            invitations.push(self.made(who, roles, step)?);
            self.batch.push(who.into());
        }
        let ids: Vec<InvitationId> = invitations.iter().map(|invite| invite.invitation).collect();
        self.handle(step, InviteMany { invitations })?;
        let left_out: Vec<usize> = self.last.left_out.iter().map(|left| left.item).collect();
        let batch = self.batch.clone();
        for (at, (who, id)) in batch.iter().zip(ids).enumerate() {
            if !left_out.contains(&at) {
                self.sent(who, id);
            }
        }
        Ok(())
    }

    /// Sends again, with a secret that is named after how often it was sent; it counts where the policy rotates.
    fn resend(&mut self, step: &Step) -> Result<(), Refused> {
        let who = step.word(0).to_owned();
        let times = self.invitations.get(&who).map_or(1, |sent| sent.times) + 1;
        let secret = format!("{who}.{times}");
        let offered = (step.option("secret") != Some("none")).then(|| Self::secret(&secret));
        let invitation = self.invitation(&who);
        self.handle(step, Resend { invitation, secret: offered })?;
        let rotated = |event: &Event| matches!(event, Event::InvitationResent { secret: Some(_), .. });
        let rotated = self.last.records.iter().any(|record| rotated(&record.event));
        if let Some(sent) = self.invitations.get_mut(&who) {
            sent.times = times;
            sent.secret = if rotated { secret } else { sent.secret.clone() };
        }
        Ok(())
    }

    fn answer(&mut self, step: &Step) -> Result<Command, Refused> {
        let invited = step.option("for").unwrap_or(&step.who);
        let current = self.invitations.get(invited).map_or(invited, |sent| sent.secret.as_str());
        let secret = Self::secret(step.option("secret").unwrap_or(current));
        let (invitation, address) = (self.invitation(invited), self.proof(step)?);
        Ok(match step.verb.as_str() {
            "accept" => Accept { invitation, secret, address }.into(),
            _ => Decline { invitation, secret, address }.into(),
        })
    }

    /// The address of the actor: verified, unless the line says otherwise.
    pub(super) fn proof(&self, step: &Step) -> Result<AddressProof, Refused> {
        let address = match step.option("as") {
            Some(address) => Address::new(address).map_err(|error| wrong(error.to_string()))?,
            None => Self::address(&step.who),
        };
        let claimed = step.has_flag("unverified");
        Ok(if claimed { AddressProof::Claimed(address) } else { AddressProof::Verified(address) })
    }

    /// The invitation of a name; one that was never sent otherwise.
    pub(super) fn invitation(&self, name: &str) -> InvitationId {
        let unknown = InvitationId::from_u64(999_999).expect("not zero");
        self.invitations.get(name).map_or(unknown, |sent| sent.id)
    }

    fn address(name: &str) -> Address {
        Address::new(&format!("{name}@example.com")).expect("names in tables are plain")
    }

    /// The secret of a name; a real one is random.
    fn secret(name: &str) -> SecretHash {
        let mut hash = [7; 32];
        hash.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte);
        SecretHash::from_bytes(hash)
    }

    /// Every `workspace=…` among the arguments.
    fn overrides(&mut self, step: &Step) -> Result<Vec<(WorkspaceId, Override)>, Refused> {
        let until = self.end(step.option("until"))?;
        let mut overrides = Vec::new();
        for (key, value) in step.options().filter(|(key, _)| !matches!(*key, "role" | "until" | "as")) {
            let mut changes = Override { until, ..Override::none() };
            for part in value.split(',').filter(|part| *part != "own") {
                changes = match (part.strip_prefix('+'), part.strip_prefix('-')) {
                    (Some(key), _) => changes.adding(key),
                    (_, Some(key)) => changes.removing(key),
                    _ => Override { role: Some(part.into()), ..changes },
                };
            }
            overrides.push((self.workspace(key), changes));
        }
        Ok(overrides)
    }

    /// So long from now.
    pub(super) fn end(&self, after: Option<&str>) -> Result<Option<Timestamp>, Refused> {
        after.map(|text| Ok(self.now.plus(span(text)?))).transpose()
    }

    fn rule(&mut self, step: &Step) -> Result<SetRule, Refused> {
        let workspace = self.workspace(step.word(0));
        let holder = match step.word(1).split_once(':') {
            Some(("group", key)) => RuleFor::Group(key.into()),
            Some(("team", name)) => RuleFor::Team(self.team(name)),
            _ => return Err(wrong("a rule is for group:KEY or team:NAME")),
        };
        let keys = |sign: char| -> Vec<PermissionKey> {
            step.plain().filter_map(|part| part.strip_prefix(sign)).map(PermissionKey::from).collect()
        };
        let until = self.end(step.option("until"))?;
        Ok(SetRule { workspace, holder, given: keys('+'), taken: keys('-'), until })
    }

    fn keep_resource(&mut self, step: &Step) {
        let containers = step.words_of("inside").map(|name| self.resource_id(name)).collect();
        let workspace = step.option("in").map(|name| self.workspace(name));
        let owner: Option<UserId> = step.option("owner").map(|name| self.user(name));
        self.resource_id(step.word(0));
        self.resources.insert(step.word(0).into(), KeptResource { containers, workspace, owner });
    }

    fn keep_share(&mut self, step: &Step) -> Result<(), Refused> {
        let on = self.resource_id(step.word(0));
        let to = match step.option("to").map(|to| to.split_once(':').unwrap_or((to, ""))) {
            Some(("user", name)) => ShareHolder::User(self.user(name)),
            Some(("team", name)) => ShareHolder::Team(self.team(name)),
            Some(("link", name)) => ShareHolder::Link(self.link(name)),
            Some(("organization", name)) => ShareHolder::Organization(self.organization_named(name)),
            Some(("group", key)) => {
                let group = self.tenants.catalog().group(key);
                ShareHolder::Group(group.ok_or_else(|| wrong(format!("unknown group `{key}`")))?)
            }
            Some(("members", _)) => ShareHolder::Members,
            _ => return Err(wrong("to=user:, team:, group:, link:, organization: or members")),
        };
        let level: Result<PermissionSet, String> = step.words_of("level").map(|key| self.permission(key)).collect();
        let until = self.end(step.option("until"))?;
        self.shares.push(Share { on, to, level: level.map_err(wrong)?, until });
        Ok(())
    }
}

/// A role of the organization's own.
fn role(step: &Step, key: &str, title: &str) -> Result<Command, Refused> {
    let role = RoleKey::from(key);
    if step.verb == "delete-role" {
        return Ok(DeleteRole { role, instead: step.option("instead").map(Into::into) }.into());
    }
    let reach = match step.option("reach") {
        Some("all") => Reach::All,
        None | Some("assigned") => Reach::Assigned,
        Some("none") => Reach::None,
        Some(other) => return Err(wrong(format!("reach={other}: all, assigned or none"))),
    };
    let (title, like) = (name(title)?, RoleKey::from(step.option("like").unwrap_or_default()));
    let permissions = step.list("holds");
    Ok(match step.verb.as_str() {
        "create-role" => CreateRole { role, title, like, reach, permissions }.into(),
        _ => ChangeRole { role, title, like, reach, permissions }.into(),
    })
}

fn name(text: &str) -> Result<Name, Refused> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}

fn domain(text: &str) -> Result<Domain, Refused> {
    Domain::new(text).map_err(|error| wrong(error.to_string()))
}

/// On, off, or what the roles say.
fn switch(word: &str) -> Result<Option<bool>, Refused> {
    match word {
        "on" => Ok(Some(true)),
        "off" => Ok(Some(false)),
        "role" => Ok(None),
        _ => Err(wrong("on, off or role")),
    }
}

pub(super) fn span(text: &str) -> Result<Span, Refused> {
    text.parse().map_err(|error| wrong(format!("{text}: {error}")))
}

fn seats(text: &str) -> Result<Seats, Refused> {
    text.parse().map(Seats::new).map_err(|_| wrong(format!("{text}: a number of seats")))
}

fn status(word: &str) -> Result<Status, Refused> {
    Ok(match word {
        "active" => Status::Active,
        "past_due" | "past-due" => Status::PastDue,
        "suspended" => Status::Suspended,
        "archived" => Status::Archived,
        _ => return Err(wrong("active, past-due, suspended or archived")),
    })
}

fn some(word: &str) -> Option<&str> {
    (!word.is_empty()).then_some(word)
}

pub(super) fn refused(error: TenantsError) -> Refused {
    match error {
        TenantsError::Refused(refusal) => (refusal.code().into(), refusal.to_string()),
        still @ TenantsError::StillOwner { .. } => ("last_owner".into(), still.to_string()),
        other => ("trouble".into(), other.to_string()),
    }
}
