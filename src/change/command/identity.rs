//! Who comes in through an identity provider, a domain, a directory.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::AddressProof;
use crate::catalog::RoleKey;
use crate::organization::Domain;

/// Requires that people sign in through one identity provider; a plan that requires one goes before. Whoever requires it is
/// signed in through it, so nobody locks everybody out.
///
/// # Errors
/// `unknown_provider`, `no_change`, `step_up`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequireProvider {
    /// The key of the provider; none to take the requirement back.
    #[serde(default)]
    pub provider: Option<alloc::string::String>,
}

/// Says with which roles people with a verified address of a domain come in by themselves. It opens nothing before the
/// platform has confirmed the domain.
///
/// # Errors
/// `personal_organization`, `too_many_items`, `too_many_roles`, `unknown_role`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetDomain {
    /// Which.
    pub domain: Domain,
    /// The roles; none to keep the domain, and let in only who is invited.
    #[serde(default)]
    pub roles: Vec<RoleKey>,
}

/// Confirms that a domain is the organization's, after a look at its DNS. No two organizations have one domain.
///
/// # Errors
/// `platform_only` (`not_found` for strangers), `unknown_domain`, `no_change`; `name_taken` from the store, when
/// another organization has it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDomain {
    /// Which.
    pub domain: Domain,
}

/// Gives a domain up. Who came in through it stays.
///
/// # Errors
/// `unknown_domain`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropDomain {
    /// Which.
    pub domain: Domain,
}

/// Comes in through a confirmed domain. The acting user joins.
///
/// # Errors
/// `not_found` (`unknown_domain` to people of the organization), `user_only`, `address_unverified`,
/// `organization_closed`, `step_up` (an identity provider is required), `already_member`, `own_access` (staff, by a
/// domain that they set in somebody's place), authority (of the roles over the rows of a collaborator), `limit_reached`,
/// `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinByDomain {
    /// The user's address.
    pub address: AddressProof,
}

/// Connects the directory of the customer, and says which roles it may give; people with other roles are not its business.
/// It then acts as [`Actor::Provisioner`](crate::Actor::Provisioner), by the same commands as everybody.
///
/// # Errors
/// `personal_organization`, `too_many_items`, `no_change`, `unknown_role`, authority for each role.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetProvisioning {
    /// The roles; left out, the directory is disconnected.
    #[serde(default)]
    pub roles: Option<Vec<RoleKey>>,
}
