//! Shares: opened, followed, claimed.

use bailiwick::access::{Facts, Resource};
use bailiwick::change::{AddressProof, Context};
use bailiwick::sharing::ShareCommand;
use bailiwick::store::Store;
use bailiwick::{LinkId, OrgId, ResourceId, SecretHash, Tenants};

use crate::failure::Failure;

/// Carries out a command about the shares on a resource, written `{"give_share":{…}}`; answers with its records.
///
/// # Errors
/// `bad_json`, the refusals of the command, trouble with the store.
pub fn command<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    on: &Resource<'_>,
    text: &str,
    context: &Context<'_>,
) -> Result<String, Failure> {
    let command: ShareCommand = crate::read(text)?;
    crate::write(&tenants.share(organization, on, command, context)?)
}

/// Where a public link leads.
#[derive(Clone, Copy, Debug)]
pub struct Followed {
    /// In which organization.
    pub organization: OrgId,
    /// To which resource.
    pub resource: ResourceId,
    /// As which link whoever followed it asks from now on.
    pub link: LinkId,
}

/// Follows a link by the hash of its secret.
///
/// # Errors
/// The refusals of the link, trouble with the store.
pub fn follow<S: Store>(tenants: &Tenants<S>, secret: SecretHash, facts: &Facts<'_>) -> Result<Followed, Failure> {
    let followed = tenants.follow_link(secret, facts)?;
    match followed.actor {
        bailiwick::Actor::Link(link) => {
            Ok(Followed { organization: followed.at.organization, resource: followed.at.resource, link })
        }
        _ => Err(bailiwick::change::Refusal::UnknownShare.into()),
    }
}

/// Claims what waits for an address, written `{"verified":"ada@example.com"}`: `[{"organization":…,"resource":…,"share":…}]`.
///
/// # Errors
/// `bad_json`, `address_unverified`, `user_only`, trouble with the store.
pub fn claim<S: Store>(tenants: &Tenants<S>, address: &str, context: &Context<'_>) -> Result<String, Failure> {
    let address: AddressProof = crate::read(address)?;
    let claimed = tenants.claim_shares(&address, context)?;
    let each = claimed
        .iter()
        .map(|at| serde_json::json!({ "organization": at.organization, "resource": at.resource, "share": at.share }));
    crate::write(&each.collect::<Vec<_>>())
}
