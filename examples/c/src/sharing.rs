//! Shares: resources opened to somebody, kept in the store.

use std::mem::MaybeUninit;

use bailiwick::SecretHash;
use bailiwick_bridge::sharing as bridge;

use crate::code::Code;
use crate::door;
use crate::open::TenantsHandle;
use crate::table;
use crate::text::{self, TextHandle};
use crate::value::{self, place, some, Context, Facts, Id, Resource, Str};

/// The SHA-256 of a secret: an invitation's, a service's, a link's.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Secret {
    /// Its bytes.
    pub bytes: [u8; 32],
}

/// Where a public link leads.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Followed {
    /// In which organization.
    pub organization: Id,
    /// To which resource.
    pub resource: Id,
    /// As which link whoever followed it asks from now on: `BW_ACTOR_LINK`.
    pub link: Id,
}

/// Carries out a command about the shares on a resource, written `{"give_share":{"share":"…","to":{"user":"…"},"level":["script.view"]}}`.
/// The shares in `on` are not asked; those of the store are. `records` (or `NULL`) gets what happened, as JSON.
#[no_mangle]
pub extern "C" fn bw_share_command(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    on: Option<&Resource>,
    context: Option<&Context>,
    json: Str,
    records: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let organization = value::organization(organization)?;
        let (on, context, json) = (some(on)?, some(context)?, json.text()?);
        let told = table::tenants(tenants, |tenants| {
            on.with(tenants.catalog(), |on| {
                context.with(tenants.catalog(), |context| bridge::command(&**tenants, organization, on, json, context))
            })
        })??;
        text::hand_out_if(records, told)
    })
}

/// Follows a public link by the hash of its secret, and counts that where its uses are counted.
#[no_mangle]
pub extern "C" fn bw_follow_link(
    tenants: TenantsHandle,
    secret: Option<&Secret>,
    facts: Option<&Facts>,
    followed: Option<&mut MaybeUninit<Followed>>,
) -> Code {
    door::done(|| {
        let (place, secret, facts) = (place(followed)?, some(secret)?, some(facts)?);
        let secret = SecretHash::from_bytes(secret.bytes);
        let found = table::tenants(tenants, |tenants| {
            bridge::follow(&**tenants, secret, &facts.hold(tenants.catalog())?.facts())
        })??;
        place.write(Followed {
            organization: Id::of(found.organization.to_uuid_bytes()),
            resource: Id::of(found.resource.to_uuid_bytes()),
            link: Id::of(found.link.to_uuid_bytes()),
        });
        Ok(())
    })
}

/// Claims what waits for an address, written `{"verified":"ada@example.com"}`, for the user who acts. `shares` (or `NULL`) gets what was claimed,
/// as JSON.
#[no_mangle]
pub extern "C" fn bw_claim_shares(
    tenants: TenantsHandle,
    address: Str,
    context: Option<&Context>,
    shares: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (address, context) = (address.text()?, some(context)?);
        let told = table::tenants(tenants, |tenants| {
            context.with(tenants.catalog(), |context| bridge::claim(&**tenants, address, context))
        })??;
        text::hand_out_if(shares, told)
    })
}
