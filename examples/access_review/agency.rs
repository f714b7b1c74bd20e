//! The agency as a backend sees it: its tenants, its clock, and its own table of users.

use std::collections::BTreeMap;

use bailiwick::access::{Facts, Resource};
use bailiwick::catalog::Catalog;
use bailiwick::change::{Accept, AddressProof, Command, CreateOrganization, Invite};
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::{
    Actor, Address, InvitationId, Name, OrgId, Override, ResourceId, Seats, SecretHash, ShareId, Span, Tenants,
    Timestamp, UserId, WorkspaceId,
};

use crate::Told;

pub const ACME: OrgId = match OrgId::from_u64(1) {
    Some(id) => id,
    None => panic!("ids count from one"),
};

pub struct Agency {
    pub tenants: Tenants,
    now: Timestamp,
    users: BTreeMap<UserId, &'static str>,
    invited: u64,
}

pub const fn user(n: u64) -> UserId {
    match UserId::from_u64(n) {
        Some(id) => id,
        None => panic!("ids count from one"),
    }
}

pub const fn workspace(n: u64) -> WorkspaceId {
    match WorkspaceId::from_u64(n) {
        Some(id) => id,
        None => panic!("ids count from one"),
    }
}

impl Agency {
    /// The agency on its first day, with its owner and the workspace of its first client.
    pub fn open() -> Told<Self> {
        let tenants = Tenants::in_memory(catalog()?);
        let now = Timestamp::from_millis(1_767_600_000_000); // 2026-01-05, eight in the morning
        let mut agency = Self { tenants, now, users: BTreeMap::new(), invited: 0 };
        agency.users.insert(user(1), "Ada Okafor");
        let name = Name::new("Juniper & Co")?;
        let create =
            CreateOrganization { name, plan: "medium".into(), seats: Seats::new(0), owned: 0, workspace: workspace(1) };
        agency.tenants.create(ACME, create, &agency.now().by(Actor::User(user(1))))?;
        Ok(agency)
    }

    pub fn now(&self) -> Facts<'static> {
        Facts::at(self.now).authenticated(self.now)
    }

    /// So many days later.
    pub fn later(&mut self, days: u64) {
        self.now = self.now.plus(Span::days(days)).plus(Span::minutes(37));
    }

    pub fn name(&self, user: UserId) -> Option<String> {
        self.users.get(&user).map(|name| (*name).to_owned())
    }

    pub fn called(&self, user: UserId) -> String {
        self.name(user).unwrap_or_else(|| user.to_string())
    }

    /// Somebody who does not belong to the agency, and whose name it knows.
    pub fn meets(&mut self, user: UserId, name: &'static str) {
        self.users.insert(user, name);
    }

    /// Somebody gives a command.
    pub fn does(&self, by: UserId, command: impl Into<Command>) -> Told {
        self.tenants.handle(ACME, command, &self.now().by(Actor::User(by)))?;
        Ok(())
    }

    /// Somebody opens one piece of content to others.
    pub fn shares(&self, by: UserId, on: u64, to: Recipient, until: Option<Timestamp>) -> Told {
        let id = ResourceId::from_u64(on).ok_or("ids count from one")?;
        let on = Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] };
        let share = ShareId::from_u64(1).ok_or("it is not zero")?;
        let give = GiveShare { share, to, level: vec!["content.view".into()], until };
        self.tenants.share(ACME, &on, give, &self.now().by(Actor::User(by)))?;
        Ok(())
    }

    /// Somebody is invited; the invitation is open until it is answered.
    pub fn invites(&mut self, by: UserId, address: &str, roles: &[&str], access: &[(u64, Override)]) -> Told<Accept> {
        self.invited += 1;
        let (invitation, secret) = (InvitationId::from_u64(self.invited), SecretHash::from_bytes([7; 32]));
        let (invitation, address) = (invitation.ok_or("it counts from one")?, Address::new(address)?);
        let mut invite = Invite::to(invitation, address.clone(), secret);
        for role in roles {
            invite = invite.role(*role);
        }
        for (place, changes) in access {
            invite = invite.workspace(workspace(*place), changes.clone());
        }
        self.does(by, invite)?;
        Ok(Accept { invitation, secret, address: AddressProof::Verified(address) })
    }

    /// Somebody is invited and comes.
    pub fn welcomes(
        &mut self,
        by: UserId,
        (new, name): (UserId, &'static str),
        roles: &[&str],
        access: &[(u64, Override)],
    ) -> Told {
        let address = format!("user{}@people.example", new.as_u128());
        let accept = self.invites(by, &address, roles, access)?;
        self.users.insert(new, name);
        self.does(new, accept)
    }
}

/// The preset, and whoever edits the settings of the organization may also make keys, whoever approves content shares it: presets
/// are a beginning.
fn catalog() -> Told<Catalog> {
    let mut document: toml::Table = toml::from_str(bailiwick::presets::AGENCY)?;
    let guards = document["permissions"][0]["guards"].as_array_mut().ok_or("the preset has guards")?;
    guards.push("create_service".into());
    let permissions = document["permissions"].as_array_mut().ok_or("the preset has permissions")?;
    let approve = permissions.iter_mut().filter_map(toml::Value::as_table_mut);
    for permission in approve.filter(|permission| permission["key"].as_str() == Some("content.approve")) {
        let doors = ["share_internally", "share_by_address", "share_by_link", "share_externally"];
        permission.insert("guards".into(), doors.map(toml::Value::from).to_vec().into());
    }
    Ok(document.try_into()?)
}
