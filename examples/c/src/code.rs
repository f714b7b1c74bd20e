//! Codes: what every function answers with, by name.
//!
//! One number space for everything: 0 is yes, or done. What is not 0 is a no, whatever it is about, so that `if (bw_check(…) == BW_OK)`
//! lets nobody in by mistake.

use std::ffi::{c_char, CStr, CString};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

use bailiwick_bridge::code::{self, Number};

use crate::door;
use crate::table;
use crate::text::{self, TextHandle};

/// The answer of a function. Numbers never change; they are only added.
pub type Code = u32;

/// Allowed, or done.
pub const BW_OK: Code = 0;

// Why a check is denied.
/// `not_found`
pub const BW_DENY_NOT_FOUND: Code = 1;
/// `organization_past_due`
pub const BW_DENY_ORGANIZATION_PAST_DUE: Code = 2;
/// `organization_suspended`
pub const BW_DENY_ORGANIZATION_SUSPENDED: Code = 3;
/// `organization_archived`
pub const BW_DENY_ORGANIZATION_ARCHIVED: Code = 4;
/// `person_suspended`
pub const BW_DENY_PERSON_SUSPENDED: Code = 5;
/// `access_ended`
pub const BW_DENY_ACCESS_ENDED: Code = 6;
/// `workspace_not_found`
pub const BW_DENY_WORKSPACE_NOT_FOUND: Code = 7;
/// `not_granted`
pub const BW_DENY_NOT_GRANTED: Code = 8;
/// `replaced_by_override`
pub const BW_DENY_REPLACED_BY_OVERRIDE: Code = 9;
/// `taken_by_rule`
pub const BW_DENY_TAKEN_BY_RULE: Code = 10;
/// `removed_by_override`
pub const BW_DENY_REMOVED_BY_OVERRIDE: Code = 11;
/// `not_shared`
pub const BW_DENY_NOT_SHARED: Code = 12;
/// `private`
pub const BW_DENY_PRIVATE: Code = 13;
/// `share_beyond_role`
pub const BW_DENY_SHARE_BEYOND_ROLE: Code = 14;
/// `restricted`
pub const BW_DENY_RESTRICTED: Code = 15;
/// `needs_feature`
pub const BW_DENY_NEEDS_FEATURE: Code = 16;
/// `not_for_staff`
pub const BW_DENY_NOT_FOR_STAFF: Code = 17;
/// `workspace_archived`
pub const BW_DENY_WORKSPACE_ARCHIVED: Code = 18;

// Why a command is refused.
/// `not_found`
pub const BW_REFUSED_NOT_FOUND: Code = 100;
/// `denied`
pub const BW_REFUSED_DENIED: Code = 101;
/// `step_up`
pub const BW_REFUSED_STEP_UP: Code = 102;
/// `platform_only`
pub const BW_REFUSED_PLATFORM_ONLY: Code = 103;
/// `user_only`
pub const BW_REFUSED_USER_ONLY: Code = 104;
/// `unknown_person`
pub const BW_REFUSED_UNKNOWN_PERSON: Code = 110;
/// `unknown_workspace`
pub const BW_REFUSED_UNKNOWN_WORKSPACE: Code = 111;
/// `unknown_invitation`
pub const BW_REFUSED_UNKNOWN_INVITATION: Code = 112;
/// `unknown_team`
pub const BW_REFUSED_UNKNOWN_TEAM: Code = 113;
/// `unknown_role`
pub const BW_REFUSED_UNKNOWN_ROLE: Code = 114;
/// `unknown_permission`
pub const BW_REFUSED_UNKNOWN_PERMISSION: Code = 115;
/// `unknown_group`
pub const BW_REFUSED_UNKNOWN_GROUP: Code = 116;
/// `unknown_plan`
pub const BW_REFUSED_UNKNOWN_PLAN: Code = 117;
/// `unknown_provider`
pub const BW_REFUSED_UNKNOWN_PROVIDER: Code = 118;
/// `unknown_domain`
pub const BW_REFUSED_UNKNOWN_DOMAIN: Code = 119;
/// `already_exists`
pub const BW_REFUSED_ALREADY_EXISTS: Code = 120;
/// `already_member`
pub const BW_REFUSED_ALREADY_MEMBER: Code = 121;
/// `already_invited`
pub const BW_REFUSED_ALREADY_INVITED: Code = 122;
/// `invitation_closed`
pub const BW_REFUSED_INVITATION_CLOSED: Code = 123;
/// `address_mismatch`
pub const BW_REFUSED_ADDRESS_MISMATCH: Code = 124;
/// `address_unverified`
pub const BW_REFUSED_ADDRESS_UNVERIFIED: Code = 125;
/// `inviter_lacks_authority`
pub const BW_REFUSED_INVITER_LACKS_AUTHORITY: Code = 126;
/// `already_suspended`
pub const BW_REFUSED_ALREADY_SUSPENDED: Code = 127;
/// `not_suspended`
pub const BW_REFUSED_NOT_SUSPENDED: Code = 128;
/// `not_a_member`
pub const BW_REFUSED_NOT_A_MEMBER: Code = 129;
/// `no_row`
pub const BW_REFUSED_NO_ROW: Code = 130;
/// `no_change`
pub const BW_REFUSED_NO_CHANGE: Code = 131;
/// `person_suspended`
pub const BW_REFUSED_PERSON_SUSPENDED: Code = 132;
/// `no_offer`
pub const BW_REFUSED_NO_OFFER: Code = 133;
/// `no_roles`
pub const BW_REFUSED_NO_ROLES: Code = 140;
/// `too_many_roles`
pub const BW_REFUSED_TOO_MANY_ROLES: Code = 141;
/// `too_many_items`
pub const BW_REFUSED_TOO_MANY_ITEMS: Code = 142;
/// `wrong_scope`
pub const BW_REFUSED_WRONG_SCOPE: Code = 143;
/// `override_not_allowed`
pub const BW_REFUSED_OVERRIDE_NOT_ALLOWED: Code = 144;
/// `ended`
pub const BW_REFUSED_ENDED: Code = 145;
/// `bad_name`
pub const BW_REFUSED_BAD_NAME: Code = 146;
/// `name_taken`
pub const BW_REFUSED_NAME_TAKEN: Code = 147;
/// `too_long`
pub const BW_REFUSED_TOO_LONG: Code = 148;
/// `bad_key`
pub const BW_REFUSED_BAD_KEY: Code = 149;
/// `own_access`
pub const BW_REFUSED_OWN_ACCESS: Code = 150;
/// `outranked`
pub const BW_REFUSED_OUTRANKED: Code = 151;
/// `not_assignable`
pub const BW_REFUSED_NOT_ASSIGNABLE: Code = 152;
/// `owners_only`
pub const BW_REFUSED_OWNERS_ONLY: Code = 153;
/// `lacks_permission`
pub const BW_REFUSED_LACKS_PERMISSION: Code = 154;
/// `last_owner`
pub const BW_REFUSED_LAST_OWNER: Code = 155;
/// `wider_sight`
pub const BW_REFUSED_WIDER_SIGHT: Code = 156;
/// `not_sponsor`
pub const BW_REFUSED_NOT_SPONSOR: Code = 157;
/// `has_sponsor`
pub const BW_REFUSED_HAS_SPONSOR: Code = 158;
/// `role_in_use`
pub const BW_REFUSED_ROLE_IN_USE: Code = 159;
/// `seat_limit`
pub const BW_REFUSED_SEAT_LIMIT: Code = 160;
/// `seats_below_minimum`
pub const BW_REFUSED_SEATS_BELOW_MINIMUM: Code = 161;
/// `limit_reached`
pub const BW_REFUSED_LIMIT_REACHED: Code = 162;
/// `plan_without_teams`
pub const BW_REFUSED_PLAN_WITHOUT_TEAMS: Code = 163;
/// `too_many_organizations`
pub const BW_REFUSED_TOO_MANY_ORGANIZATIONS: Code = 164;
/// `seats_not_counted`
pub const BW_REFUSED_SEATS_NOT_COUNTED: Code = 165;
/// `plan_change_scheduled`
pub const BW_REFUSED_PLAN_CHANGE_SCHEDULED: Code = 166;
/// `seats_in_use`
pub const BW_REFUSED_SEATS_IN_USE: Code = 167;
/// `plan_does_not_fit`
pub const BW_REFUSED_PLAN_DOES_NOT_FIT: Code = 168;
/// `personal_organization`
pub const BW_REFUSED_PERSONAL_ORGANIZATION: Code = 170;
/// `no_personal_organizations`
pub const BW_REFUSED_NO_PERSONAL_ORGANIZATIONS: Code = 171;
/// `no_workspaces`
pub const BW_REFUSED_NO_WORKSPACES: Code = 172;
/// `collaborators_off`
pub const BW_REFUSED_COLLABORATORS_OFF: Code = 173;
/// `content_unsaid`
pub const BW_REFUSED_CONTENT_UNSAID: Code = 174;
/// `bad_recipient`
pub const BW_REFUSED_BAD_RECIPIENT: Code = 175;
/// `organization_closed`
pub const BW_REFUSED_ORGANIZATION_CLOSED: Code = 176;
/// `batch_refused`
pub const BW_REFUSED_BATCH_REFUSED: Code = 177;
/// `secret_missing`
pub const BW_REFUSED_SECRET_MISSING: Code = 178;
/// `credits_off`
pub const BW_REFUSED_CREDITS_OFF: Code = 179;
/// `unknown_service`
pub const BW_REFUSED_UNKNOWN_SERVICE: Code = 180;
/// `unknown_share`
pub const BW_REFUSED_UNKNOWN_SHARE: Code = 181;
/// `empty_level`
pub const BW_REFUSED_EMPTY_LEVEL: Code = 182;
/// `not_shareable`
pub const BW_REFUSED_NOT_SHAREABLE: Code = 183;
/// `link_used_up`
pub const BW_REFUSED_LINK_USED_UP: Code = 184;
/// `command_reused`
pub const BW_REFUSED_COMMAND_REUSED: Code = 185;

// Why an order to a ledger is refused.
/// `key_reused`
pub const BW_LEDGER_KEY_REUSED: Code = 300;
/// `too_old`
pub const BW_LEDGER_TOO_OLD: Code = 301;
/// `issued_later`
pub const BW_LEDGER_ISSUED_LATER: Code = 302;
/// `clock_jump`
pub const BW_LEDGER_CLOCK_JUMP: Code = 303;
/// `unbalanced`
pub const BW_LEDGER_UNBALANCED: Code = 304;
/// `zero_amount`
pub const BW_LEDGER_ZERO_AMOUNT: Code = 305;
/// `ended`
pub const BW_LEDGER_ENDED: Code = 306;
/// `overflow`
pub const BW_LEDGER_OVERFLOW: Code = 307;
/// `bad_allowance`
pub const BW_LEDGER_BAD_ALLOWANCE: Code = 308;
/// `no_calendar`
pub const BW_LEDGER_NO_CALENDAR: Code = 309;
/// `bad_period`
pub const BW_LEDGER_BAD_PERIOD: Code = 310;
/// `bad_class`
pub const BW_LEDGER_BAD_CLASS: Code = 311;
/// `too_many_items`
pub const BW_LEDGER_TOO_MANY_ITEMS: Code = 312;
/// `itself`
pub const BW_LEDGER_ITSELF: Code = 313;
/// `drawn_elsewhere`
pub const BW_LEDGER_DRAWN_ELSEWHERE: Code = 314;
/// `stale_allowance`
pub const BW_LEDGER_STALE_ALLOWANCE: Code = 320;
/// `stale_period`
pub const BW_LEDGER_STALE_PERIOD: Code = 321;
/// `unknown_lot`
pub const BW_LEDGER_UNKNOWN_LOT: Code = 322;
/// `lot_short`
pub const BW_LEDGER_LOT_SHORT: Code = 323;
/// `transfers_off`
pub const BW_LEDGER_TRANSFERS_OFF: Code = 324;
/// `not_enough`
pub const BW_LEDGER_NOT_ENOUGH: Code = 325;
/// `limit`
pub const BW_LEDGER_LIMIT: Code = 326;
/// `narrower_limit`
pub const BW_LEDGER_NARROWER_LIMIT: Code = 327;
/// `hold_taken`
pub const BW_LEDGER_HOLD_TAKEN: Code = 328;
/// `unknown_hold`
pub const BW_LEDGER_UNKNOWN_HOLD: Code = 329;
/// `hold_over`
pub const BW_LEDGER_HOLD_OVER: Code = 330;
/// `above_hold`
pub const BW_LEDGER_ABOVE_HOLD: Code = 331;
/// `overdraft`
pub const BW_LEDGER_OVERDRAFT: Code = 332;
/// `outside_lease`
pub const BW_LEDGER_OUTSIDE_LEASE: Code = 333;
/// `unknown_spend`
pub const BW_LEDGER_UNKNOWN_SPEND: Code = 334;
/// `refund_above`
pub const BW_LEDGER_REFUND_ABOVE: Code = 335;
/// `unknown_limit`
pub const BW_LEDGER_UNKNOWN_LIMIT: Code = 336;
/// `too_many_lots`
pub const BW_LEDGER_TOO_MANY_LOTS: Code = 337;
/// `too_many_holds`
pub const BW_LEDGER_TOO_MANY_HOLDS: Code = 338;
/// `too_many_limits`
pub const BW_LEDGER_TOO_MANY_LIMITS: Code = 339;
/// `too_many_cells`
pub const BW_LEDGER_TOO_MANY_CELLS: Code = 340;
/// `meter_full`
pub const BW_LEDGER_METER_FULL: Code = 341;
/// `grace_over`
pub const BW_LEDGER_GRACE_OVER: Code = 342;
/// `meter_short`
pub const BW_LEDGER_METER_SHORT: Code = 343;

// Trouble with the store.
/// `store_retry`
pub const BW_STORE_RETRY: Code = 400;
/// `store_unknown`
pub const BW_STORE_UNKNOWN: Code = 401;
/// `store_fatal`
pub const BW_STORE_FATAL: Code = 402;
/// `store_stale`
pub const BW_STORE_STALE: Code = 403;
/// `contended`
pub const BW_STORE_CONTENDED: Code = 404;

// What is wrong with a call.
/// Something that has to be there is not.
pub const BW_ERROR_NULL: Code = 900;
/// A length that cannot be.
pub const BW_ERROR_BAD_LENGTH: Code = 901;
/// A text that is none.
pub const BW_ERROR_BAD_UTF8: Code = 902;
/// A handle that was given back, or was never given out.
pub const BW_ERROR_NO_HANDLE: Code = 903;
/// A handle of something else.
pub const BW_ERROR_WRONG_KIND: Code = 904;
/// An id of nothing.
pub const BW_ERROR_BAD_ID: Code = 905;
/// A number that means nothing.
pub const BW_ERROR_BAD_VALUE: Code = 906;
/// A text that cannot be read.
pub const BW_ERROR_BAD_JSON: Code = 907;
/// A catalog with mistakes.
pub const BW_ERROR_BAD_CATALOG: Code = 908;
/// A name that nothing has.
pub const BW_ERROR_UNKNOWN_NAME: Code = 909;
/// As many handles as there can be.
pub const BW_ERROR_TOO_MANY_HANDLES: Code = 910;
/// A callback calls back.
pub const BW_ERROR_REENTERED: Code = 911;
/// A reply on another thread than its callback.
pub const BW_ERROR_WRONG_THREAD: Code = 912;
/// A panic, which is a bug of this library.
pub const BW_ERROR_PANICKED: Code = 913;
/// A store that was not built in.
pub const BW_ERROR_NOT_BUILT_IN: Code = 914;

/// The name of a code, such as `not_granted`; `NULL` for a number that is none. It lives as long as the library and is nobody's to free.
#[no_mangle]
pub extern "C" fn bw_code_name(code: Code) -> *const c_char {
    static NAMES: OnceLock<Vec<(Code, CString)>> = OnceLock::new();
    named(&NAMES, code, code::name_of)
}

/// What a code says, for people; what only a single answer knows stands in braces. It lives as long as the library.
#[no_mangle]
pub extern "C" fn bw_code_text(code: Code) -> *const c_char {
    static TEXTS: OnceLock<Vec<(Code, CString)>> = OnceLock::new();
    named(&TEXTS, code, code::text_of)
}

/// What failed last on this thread, in words with the facts in them; `NULL` where nothing has. Denials of checks are no failures: `bw_explain`
/// has words for them. It lives until the next call on this thread that fails, and is nobody's to free.
#[no_mangle]
pub extern "C" fn bw_message() -> *const c_char {
    door::message()
}

/// The same as data: `{"number":162,"code":"limit_reached","text":"…","facts":{"limit":"members","max":5,"used":5}}`. The text is the
/// caller's to give back with `bw_free`.
#[no_mangle]
pub extern "C" fn bw_failure(failure: Option<&mut MaybeUninit<TextHandle>>) -> Code {
    door::done(|| {
        let told = door::last().map(|last| last.to_value()).unwrap_or_default();
        text::hand_out(crate::value::place(failure)?, told.to_string())
    })
}

/// Gives back a handle of any kind. Waits until no other thread uses it. What was read out of it, such as the bytes of a text, is gone.
#[no_mangle]
pub extern "C" fn bw_free(handle: table::Handle) -> Code {
    door::done(|| {
        // Dropped here, outside of every lock: a store of callbacks ends with its last handle.
        table::take(handle).map(drop)
    })
}

fn named(
    names: &'static OnceLock<Vec<(Code, CString)>>,
    code: Code,
    of: fn(Number) -> Option<&'static str>,
) -> *const c_char {
    let all = || code::all().filter_map(|(number, _)| Some((number.into(), CString::new(of(number)?).ok()?)));
    let names = names.get_or_init(|| all().collect());
    let found = names.iter().find(|(known, _)| *known == code).map(|(_, name)| CStr::as_ptr(name));
    found.unwrap_or(ptr::null())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each constant of the header has the number of the code whose name it bears, and none is missing.
    #[test]
    fn the_constants_are_the_codes() {
        let constants = include_str!("code.rs").lines().filter_map(|line| line.strip_prefix("pub const BW_"));
        let constants = constants.filter_map(|line| line.strip_suffix(';')?.split_once(": Code = "));
        let constants: Vec<(Number, String)> =
            constants.map(|(name, number)| (number.parse().unwrap(), name.to_lowercase())).collect();
        let known: Vec<Number> = code::all().map(|(number, _)| number).collect();
        assert_eq!(constants.iter().map(|(number, _)| *number).collect::<Vec<_>>(), known);
        for (number, constant) in constants {
            let name = code::name_of(number).unwrap();
            assert!(constant.ends_with(name), "{constant} is the number of {name}");
        }
    }
}
