//! Shares.

use bailiwick::SecretHash;
use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::question::{Context, Facts, Resource};
use bailiwick_bridge::sharing as bridge;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::tenants::RawTenants;
use crate::value::id;
use crate::{Answer, told};

#[wasm_bindgen]
impl RawTenants {
    /// Carries out a command about shares.
    pub fn share(&self, organization: &str, on: &str, text: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            let on: Resource = bailiwick_bridge::read(on)?;
            on.with(engine.catalog(), |on| bridge::command(engine, organization, on, text, context))
        }))
    }

    /// What such a command would do.
    pub fn preview_share(&self, organization: &str, on: &str, text: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            let on: Resource = bailiwick_bridge::read(on)?;
            on.with(engine.catalog(), |on| bridge::preview(engine, organization, on, text, context))
        }))
    }

    /// What is shared on a resource.
    pub fn shares_on(&self, organization: &str, resource: &str) -> Answer<String> {
        told(id(organization).and_then(|organization| bridge::on(&self.engine, organization, id(resource)?)))
    }

    /// Everything that an organization has opened.
    pub fn shares_of(&self, organization: &str) -> Answer<String> {
        told(id(organization).and_then(|organization| bridge::of(&self.engine, organization)))
    }

    /// Follows a public link.
    pub fn follow_link(&self, secret: &[u8], facts: &str) -> Answer<String> {
        let follow = || {
            let secret = <[u8; 32]>::try_from(secret);
            let secret = secret.map_err(|_| Failure::of(code::BAD_LENGTH, "the hash of a secret has 32 bytes"))?;
            let facts: Facts = bailiwick_bridge::read(facts)?;
            let found = facts.with(self.engine.catalog(), |facts| {
                bridge::follow(&self.engine, SecretHash::from_bytes(secret), facts)
            })?;
            bailiwick_bridge::write(&serde_json::json!({
                "organization": found.organization, "resource": found.resource, "link": found.link,
            }))
        };
        told(follow())
    }

    /// Claims what waits for an address.
    pub fn claim_shares(&self, address: &str, context: &str) -> Answer<String> {
        let claim = || {
            let context: Context = bailiwick_bridge::read(context)?;
            context.with(self.engine.catalog(), |context| bridge::claim(&self.engine, address, context))
        };
        told(claim())
    }
}
