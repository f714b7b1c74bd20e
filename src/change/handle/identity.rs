//! Identity providers, domains, directories.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard, is_staff_themselves};
use super::super::command::{
    AddressProof, ConfirmDomain, DropDomain, JoinByDomain, RequireProvider, SetDomain, SetProvisioning,
};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::known::{bounded_items, near, shown};
use super::{acting_user, changes, platform_only};
use crate::access::{Requirement, Target};
use crate::actor::Actor;
use crate::catalog::{Action, Provider, RoleKey, RoleSet};
use crate::limits::DOMAINS_MAX;
use crate::organization::{DomainRule, Organization, Person, Standing};

pub(super) fn require_provider(
    org: &Organization,
    command: &RequireProvider,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageIdentity, Target::Organization)?;
    let provider = command.provider.as_deref().map(|key| known_provider(org, key)).transpose()?;
    changes(org.profile.as_ref().is_none_or(|profile| profile.provider != provider))?;
    let through = provider.is_none() || context.facts.provider == provider;
    if !through && context.actor != Actor::System {
        return Err(Refusal::StepUp { requirement: Requirement { provider, ..Requirement::default() } });
    }
    Ok([Event::ProviderRequired { provider: command.provider.clone() }].into())
}

fn known_provider(org: &Organization, key: &str) -> Result<Provider, Refusal> {
    org.catalog
        .provider(key)
        .ok_or_else(|| Refusal::UnknownProvider { key: shown(key), meant: near(key, org.catalog.provider_keys()) })
}

pub(super) fn set_domain(
    org: &Organization,
    command: &SetDomain,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageIdentity, Target::Organization)?;
    if org.is_for_one() {
        return Err(Refusal::PersonalOrganization);
    }
    if !org.domains.contains_key(&command.domain) && org.domains.len() >= DOMAINS_MAX {
        return Err(Refusal::TooManyItems { max: DOMAINS_MAX });
    }
    let roles = org.known_roles(&command.roles)?;
    may_delegate(org, roles, Door::Domain, context)?;
    Ok([Event::DomainSet { domain: command.domain.clone(), roles: command.roles.clone() }].into())
}

/// Whether the actor may let these roles be given without being asked again, together and each alone.
fn may_delegate(org: &Organization, roles: RoleSet, door: Door, context: &Context<'_>) -> Result<(), Refusal> {
    let giver = Giver::of(org, context.actor, context.facts.now, door)?;
    giver.may_delegate(roles)?;
    let newcomer = Person::new(Standing::Member(roles), org.next_origin(context));
    if roles.is_empty() { Ok(()) } else { giver.may_make(None, &newcomer) }
}

pub(super) fn confirm_domain(
    org: &Organization,
    command: &ConfirmDomain,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    platform_only(org, context)?;
    let rule = org.domains.get(&command.domain).ok_or(Refusal::UnknownDomain)?;
    changes(!rule.confirmed)?;
    Ok([Event::DomainConfirmed { domain: command.domain.clone() }].into())
}

pub(super) fn drop_domain(
    org: &Organization,
    command: &DropDomain,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageIdentity, Target::Organization)?;
    org.domains.get(&command.domain).ok_or(Refusal::UnknownDomain)?;
    Ok([Event::DomainDropped { domain: command.domain.clone() }].into())
}

pub(super) fn join(org: &Organization, command: &JoinByDomain, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let (address, verified) = match &command.address {
        AddressProof::Verified(address) => (address, true),
        AddressProof::Claimed(address) => (address, false),
    };
    let opens = |rule: &DomainRule| rule.confirmed && !rule.roles.is_empty();
    let mut domains = org.domains.iter();
    let found = domains.find(|(domain, rule)| domain.is_of(address) && opens(rule));
    // A stranger learns of a domain only by an address in it.
    let known = org.knows(context.actor);
    let Some((_, rule)) = found.filter(|_| known || verified) else {
        return Err(if known { Refusal::UnknownDomain } else { Refusal::NotFound });
    };
    let user = acting_user(context).map_err(|refusal| if known { refusal } else { Refusal::NotFound })?;
    if !verified {
        return Err(Refusal::AddressUnverified);
    }
    org.open_for_joining()?;
    org.signed_in(context)?;
    let before = org.person(user);
    if before.is_some_and(Person::is_member) {
        return Err(Refusal::AlreadyMember);
    }
    if is_staff_themselves(rule.origin.by, user) {
        return Err(Refusal::OwnAccess);
    }
    let mut after = before.cloned().unwrap_or_else(|| Person::new(Standing::Collaborator, org.next_origin(context)));
    after.standing = Standing::Member(rule.roles);
    // Rows of a collaborator can come to mean more than whoever set the roles has given.
    Giver::by_roles(org, rule.roles, context.facts.now, Door::Domain).holds_what_is_gained(before, &after)?;
    org.admits(before, &after, context.facts.now, None)?;
    Ok([Event::MemberJoined { user, roles: org.roles().keys(rule.roles), given_by: rule.origin.by }].into())
}

pub(super) fn set_provisioning(
    org: &Organization,
    command: &SetProvisioning,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageIdentity, Target::Organization)?;
    if org.is_for_one() {
        return Err(Refusal::PersonalOrganization);
    }
    bounded_items(command.roles.as_ref().map_or(0, Vec::<RoleKey>::len))?;
    let connected = org.profile.as_ref().is_some_and(|profile| profile.provisioned_roles.is_some());
    changes(connected || command.roles.is_some())?;
    let mut roles = RoleSet::default();
    for key in command.roles.iter().flatten() {
        let role = org.known_role(key)?;
        may_delegate(org, RoleSet::from_iter([role]), Door::Directory, context)?;
        roles.insert(role);
    }
    may_delegate(org, roles, Door::Directory, context)?;
    Ok([Event::ProvisioningSet { roles: command.roles.clone() }].into())
}
