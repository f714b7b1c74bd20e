//! Who comes in through an identity provider, a domain, a directory.

use bailiwick::catalog::Action;
use bailiwick::change::{
    AddressProof, ConfirmDomain, DropDomain, JoinByDomain, RequireProvider, SetDomain, SetProvisioning,
};
use bailiwick::limits::{COMMAND_ITEMS_MAX, DOMAINS_MAX};
use bailiwick::{Actor, Domain, Status};

use super::giving::Giver;
use super::{Answer, Asked, DomainRule, Keys, Model, Person};

impl Model {
    pub(super) fn require_provider(&mut self, asked: &Asked<'_>, c: &RequireProvider) -> Answer {
        self.guarded(asked, Action::ManageIdentity, None)?;
        if c.provider.as_ref().is_some_and(|key| self.catalog.provider(key).is_none()) {
            return Err("unknown_provider");
        }
        if self.open()?.provider == c.provider {
            return Err("no_change");
        }
        if !asked.is_platform() && !self.signed_in_through(asked, c.provider.as_deref()) {
            return Err("step_up");
        }
        self.profile_mut().provider.clone_from(&c.provider);
        Ok(())
    }

    pub(super) fn set_domain(&mut self, asked: &Asked<'_>, c: &SetDomain) -> Answer {
        self.guarded(asked, Action::ManageIdentity, None)?;
        self.for_several()?;
        let key = c.domain.as_str();
        if !self.domains.contains_key(key) && self.domains.len() >= DOMAINS_MAX {
            return Err("too_many_items");
        }
        self.not_too_many(&c.roles)?;
        let roles = self.role_keys(&c.roles)?;
        self.may_let_in_with(asked, &roles)?;
        let confirmed = self.domains.get(key).is_some_and(|rule| rule.confirmed);
        self.domains.insert(key.to_owned(), DomainRule { roles, set_by: asked.actor, confirmed });
        Ok(())
    }

    /// Whether people may come in with these roles without anybody being asked again.
    fn may_let_in_with(&self, asked: &Asked<'_>, roles: &Keys) -> Answer {
        let giver = Giver::of(asked);
        self.may_delegate(&giver, &self.roles(roles))?;
        if roles.is_empty() {
            return Ok(());
        }
        let (newcomer, person) = (self.nobody(), Person { roles: Some(roles.clone()), ..Person::default() });
        let mut after = self.clone();
        after.people.insert(newcomer, person);
        self.may_make(&after, &giver, newcomer, None)
    }

    pub(super) fn confirm_domain(&mut self, asked: &Asked<'_>, c: &ConfirmDomain) -> Answer {
        self.platform_only(asked)?;
        let rule = self.domains.get_mut(c.domain.as_str()).ok_or("unknown_domain")?;
        if rule.confirmed {
            return Err("no_change");
        }
        rule.confirmed = true;
        Ok(())
    }

    pub(super) fn drop_domain(&mut self, asked: &Asked<'_>, c: &DropDomain) -> Answer {
        self.guarded(asked, Action::ManageIdentity, None)?;
        self.domains.remove(c.domain.as_str()).map(|_| ()).ok_or("unknown_domain")
    }

    pub(super) fn join_by_domain(&mut self, asked: &Asked<'_>, c: &JoinByDomain) -> Answer {
        self.open()?;
        let (address, verified) = match &c.address {
            AddressProof::Verified(address) => (address, true),
            AddressProof::Claimed(address) => (address, false),
        };
        let is_of = |domain: &str| Domain::new(domain).is_ok_and(|domain| domain.is_of(address));
        let rule = self.domains.iter().find(|(domain, _)| is_of(domain)).map(|(_, rule)| rule.clone());
        let stranger = self.known(asked).is_err();
        let rule = rule.filter(|rule| rule.confirmed && !rule.roles.is_empty() && (verified || !stranger));
        let rule = rule.ok_or(if stranger { "not_found" } else { "unknown_domain" })?;
        let Actor::User(user) = asked.actor else {
            return Err(if stranger { "not_found" } else { "user_only" });
        };
        if !verified {
            return Err("address_unverified");
        }
        self.joinable(asked)?;
        if self.people.get(&user).is_some_and(Person::is_member) {
            return Err("already_member");
        }
        if matches!(rule.set_by, Actor::Staff { staff, .. } if staff == user) {
            return Err("own_access");
        }
        let before = self.clone();
        self.people.entry(user).or_default().roles = Some(rule.roles.clone());
        before.may_gain(self, &Giver::by_roles(rule.roles, asked.now()), user)?;
        self.gate(&before, asked.now(), None)
    }

    /// Neither past due nor suspended.
    pub(super) fn in_good_standing(&self) -> Answer {
        let closed = matches!(self.open()?.status, Status::PastDue | Status::Suspended);
        if closed { Err("organization_closed") } else { Ok(()) }
    }

    /// In good standing, and the newcomer signed in as the organization requires.
    pub(super) fn joinable(&self, asked: &Asked<'_>) -> Answer {
        self.in_good_standing()?;
        let required = self.required_provider(asked.now());
        if self.signed_in_through(asked, required.as_deref()) { Ok(()) } else { Err("step_up") }
    }

    pub(super) fn set_provisioning(&mut self, asked: &Asked<'_>, c: &SetProvisioning) -> Answer {
        self.guarded(asked, Action::ManageIdentity, None)?;
        self.for_several()?;
        if c.roles.as_ref().is_some_and(|roles| roles.len() > COMMAND_ITEMS_MAX) {
            return Err("too_many_items");
        }
        if self.open()?.directory.is_none() && c.roles.is_none() {
            return Err("no_change");
        }
        let mut named = Keys::new();
        for key in c.roles.iter().flatten() {
            let role = self.role(key.as_str())?.key;
            self.may_let_in_with(asked, &Keys::from([role.clone()]))?;
            named.insert(role);
        }
        self.may_let_in_with(asked, &named)?;
        self.profile_mut().directory = c.roles.as_ref().map(|_| named);
        Ok(())
    }
}
