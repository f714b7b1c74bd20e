//! Commands: read, carried out by whichever door they go through, told.

use bailiwick::access::Facts;
use bailiwick::change::{Command, Context, LeftOut, Outcome};
use bailiwick::store::Store;
use bailiwick::{OrgId, Tenants, UserId, Version};
use serde_json::{Value, json};

use crate::failure::Failure;

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Done {
    /// Of which organization: of a sign-up the one that there is already, if there is one.
    pub organization: OrgId,
    /// The version that it has now, or a later one.
    pub version: Version,
    /// `{"organization":"…","version":3,"records":[…],"effects":[…],"left_out":[{"item":0,"number":…}]}`.
    pub text: String,
}

/// Carries out a command, written `{"invite":{…}}`: the name in `snake_case`, and its fields as the crate documents them.
///
/// # Errors
/// `bad_json`, the refusals of the command, trouble with the store.
pub fn command<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    text: &str,
    context: &Context<'_>,
) -> Result<Done, Failure> {
    match crate::read::<Command>(text)? {
        Command::SignUp(command) => begun(tenants, tenants.sign_up(organization, command, context)?),
        Command::CreateOrganization(command) => {
            tenants.create(organization, command, context)?;
            begun(tenants, organization)
        }
        Command::DeleteOrganization(command) => {
            told(tenants, organization, &tenants.delete(organization, command.disposition, context)?)
        }
        command => told(tenants, organization, &tenants.handle(organization, command, context)?),
    }
}

/// Removes a user whose account is deleted from everywhere: `["…"]`, the organizations.
///
/// # Errors
/// `last_owner`, whose facts name the organizations that need another owner first; trouble with the store.
pub fn erase<S: Store>(tenants: &Tenants<S>, user: UserId, facts: &Facts<'_>) -> Result<String, Failure> {
    crate::write(&tenants.erase(user, facts)?)
}

fn begun<S: Store>(tenants: &Tenants<S>, organization: OrgId) -> Result<Done, Failure> {
    told(tenants, organization, &Outcome::default())
}

fn told<S: Store>(tenants: &Tenants<S>, organization: OrgId, outcome: &Outcome) -> Result<Done, Failure> {
    let last = outcome.records.last().map(|record| record.version);
    let read = tenants.read(organization, |now| (now.version(), now.effects(&outcome.records)))?;
    let (version, effects) = read.unwrap_or_default();
    let version = last.unwrap_or(version);
    let left_out: Vec<Value> = outcome.left_out.iter().map(left_out).collect();
    let text = crate::write(&json!({
        "organization": organization,
        "version": version,
        "records": outcome.records,
        "effects": effects,
        "left_out": left_out,
    }))?;
    Ok(Done { organization, version, text })
}

pub(crate) fn left_out(left: &LeftOut) -> Value {
    json!({ "item": left.item, "why": Failure::from(&left.refusal).to_value() })
}
