//! Commands, and how organizations stand.

use std::mem::MaybeUninit;

use bailiwick::reach::{Cursor, Paging};
use bailiwick::{Timestamp, UserId, Version};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::{code, command, view};

use crate::code::Code;
use crate::door;
use crate::open::TenantsHandle;
use crate::table;
use crate::text::{self, TextHandle};
use crate::value::{self, give, place, some, Context, Facts, Id, Str};

/// Carries out a command, written `{"create_workspace":{"workspace":"…","name":"Production"}}`: its name and its fields as the crate
/// documents them; ids are UUIDs in text, times milliseconds, secrets lists of the 32 bytes of their hash.
///
/// A refusal is its code, and `bw_failure` has its facts. Nothing has changed then, nor with any other code but `BW_STORE_UNKNOWN`: give the
/// command again, under the same `context.command`.
///
/// `made` (or `NULL`) gets the organization that it was about: of a sign-up the one that there was already, if there was one. `version` (or
/// `NULL`) gets the version that it has now. `outcome` (or `NULL`) gets `{"organization":…,"version":…,"records":[…],"effects":[…],
/// "left_out":[…]}`: what happened, what there is to do about it, and who was left out of a batch; the text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_command(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    context: Option<&Context>,
    json: Str,
    made: Option<&mut MaybeUninit<Id>>,
    version: Option<&mut MaybeUninit<u64>>,
    outcome: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (organization, context, json) = (value::organization(organization)?, some(context)?, json.text()?);
        let done = table::tenants(tenants, |tenants| {
            context.with(tenants.catalog(), |context| command::command(&**tenants, organization, json, context))
        })??;
        give(made, Id::of(done.organization.to_uuid_bytes()));
        give(version, done.version.as_u64());
        text::hand_out_if(outcome, done.text)
    })
}

/// Removes a user whose account is deleted from every organization, and deletes their personal one. `BW_REFUSED_LAST_OWNER` while a team
/// organization would be left without an owner; `bw_failure` names it. `organizations` (or `NULL`) gets the ids, as JSON.
#[no_mangle]
pub extern "C" fn bw_erase_user(
    tenants: TenantsHandle,
    user: Option<&Id>,
    facts: Option<&Facts>,
    organizations: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (user, facts) = (some(user)?.one(UserId::from_uuid_bytes)?, some(facts)?);
        let erased = table::tenants(tenants, |tenants| {
            command::erase(&**tenants, user, &facts.hold(tenants.catalog())?.facts())
        })??;
        text::hand_out_if(organizations, erased)
    })
}

/// How an organization stands at a time, as JSON: its snapshot, seats, counts, what its plan gives, and what is wrong with it (nothing).
/// `null` for one that there is not. The text is the caller's to give back.
#[no_mangle]
pub extern "C" fn bw_organization_json(
    tenants: TenantsHandle,
    organization: Option<&Id>,
    now: u64,
    json: Option<&mut MaybeUninit<TextHandle>>,
) -> Code {
    door::done(|| {
        let (json, organization) = (place(json)?, value::organization(organization)?);
        let now = Timestamp::from_millis(now);
        let told = table::tenants(tenants, |tenants| view::organization(&**tenants, organization, now))??;
        text::hand_out(json, told)
    })
}

/// The organizations of a user, in order of ids, beginning after one (`NULL` from the first): as many as there is room for, and there has to be
/// room for one. `count` gets how many there were; where that is `room`, ask again after the last.
#[no_mangle]
pub extern "C" fn bw_organizations_of(
    tenants: TenantsHandle,
    user: Option<&Id>,
    after: Option<&Id>,
    organizations: *mut Id,
    room: usize,
    count: Option<&mut MaybeUninit<usize>>,
) -> Code {
    door::done(|| {
        let user = some(user)?.one(UserId::from_uuid_bytes)?;
        let after = after.map(|after| value::organization(Some(after))).transpose()?;
        let count = place(count)?;
        if room == 0 {
            return Err(Failure::of(code::BAD_LENGTH, "there is room for no organization"));
        }
        // Organizations of a user have no version in common.
        let after = after.map(|last| Cursor { version: Version::ZERO, last });
        let first = Paging { after, limit: room };
        let page = table::tenants(tenants, |tenants| tenants.organizations_of(user, first))??;
        value::fill(organizations, room, page.items.iter().map(|id| Id::of(id.to_uuid_bytes())))?;
        count.write(page.items.len());
        Ok(())
    })
}
