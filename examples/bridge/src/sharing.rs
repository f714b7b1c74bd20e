//! Shares: opened, followed, claimed.

use bailiwick::access::{Facts, Resource};
use bailiwick::change::{AddressProof, Context};
use bailiwick::sharing::{Given, ShareCommand};
use bailiwick::store::Store;
use bailiwick::{LinkId, Listed, OrgId, ResourceId, SecretHash, ShareId, Tenants};
use serde_json::{Value, json};

use crate::extent;
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

/// What a command about shares would do: `{"records":[…],"access":[…],"outside":[{"share":"…","was":null,"is":{…}}]}`.
///
/// # Errors
/// `bad_json`, the refusals of the command, trouble with the store.
pub fn preview<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    on: &Resource<'_>,
    text: &str,
    context: &Context<'_>,
) -> Result<String, Failure> {
    let command: ShareCommand = crate::read(text)?;
    let preview = tenants.preview_share(organization, on, command, context)?;
    let outside = preview.outside.iter().map(|share| {
        let told = |given: &Option<Given>| given.as_ref().map(|given| kept(on.id, share.share, given));
        json!({ "share": share.share, "was": told(&share.was), "is": told(&share.is) })
    });
    let access = preview.access.iter().map(|change| extent::change(tenants.catalog(), change));
    crate::write(&json!({
        "records": preview.records,
        "access": access.collect::<Vec<_>>(),
        "outside": outside.collect::<Vec<_>>(),
    }))
}

/// What is shared on a resource: `[{"resource":"…","share":"…","to":{"user":"…"},"level":["script.view"],"until":null,"by":…,"origin":{…}}]`.
///
/// # Errors
/// Trouble with the store.
pub fn on<S: Store>(tenants: &Tenants<S>, organization: OrgId, resource: ResourceId) -> Result<String, Failure> {
    let sheet = tenants.sheet(organization, resource)?;
    crate::write(&sheet.shares().map(|(share, given)| kept(resource, share, given)).collect::<Vec<_>>())
}

/// Everything that an organization has opened, in the same form.
///
/// # Errors
/// Trouble with the store.
pub fn of<S: Store>(tenants: &Tenants<S>, organization: OrgId) -> Result<String, Failure> {
    let found = tenants.shares_of(organization, Listed::All, None, usize::MAX)?;
    crate::write(&found.iter().map(|(at, given)| kept(at.resource, at.share, given)).collect::<Vec<_>>())
}

fn kept(resource: ResourceId, share: ShareId, given: &Given) -> Value {
    json!({ "resource": resource, "share": share, "to": given.to, "level": given.level, "until": given.until, "by": given.by,
        "origin": given.origin })
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
