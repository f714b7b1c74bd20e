//! Every fixed bound of the crate, each with the reason for its value.
//!
//! A bound that comes from a plan (members, workspaces, seats) is data and lives in the catalog; the ones here
//! protect the process from hostile or broken input and keep the fixed-width sets fixed.

use crate::time::Span;

/// Permissions in one catalog. A set of permissions is four machine words: two sets meet in a handful of
/// instructions and never allocate. Products with more than 256 are naming resources, not permissions.
pub const PERMISSIONS_MAX: usize = 256;

/// Roles in one catalog. A member's roles are a set of fixed width, so a member costs the same with one role or ten.
pub const ROLES_MAX: usize = 64;

/// Custom roles of one organization: the other half of that set. Beyond it nobody knows what a role is for.
pub const CUSTOM_ROLES_MAX: usize = 64;

/// System groups in one catalog; one word, as for roles.
pub const GROUPS_MAX: usize = 64;

/// Plan features in one catalog; one word, as for roles.
pub const FEATURES_MAX: usize = 64;

/// Plans in one catalog. Price lists have a dozen; retired plans stay for old customers.
pub const PLANS_MAX: usize = 200;

/// Identity providers in one catalog.
pub const PROVIDERS_MAX: usize = 64;

/// Roles that may extend one another in a row. Deeper than this nobody can say what a role holds.
pub const ROLE_DEPTH_MAX: usize = 16;

/// Bytes in a key such as `operation.run`. It is an identifier, and appears in logs and URLs.
pub const KEY_BYTES_MAX: usize = 64;

/// Bytes in a name or title as people type it. Longest legal company names stay below it.
pub const NAME_BYTES_MAX: usize = 256;

/// Bytes in an e-mail address: the limit of a forward path in the mail standard (RFC 5321, 4.5.3.1.3).
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Levels of nesting in a document (a catalog file): five are used, the rest is for comments of the future.
pub const DOCUMENT_DEPTH_MAX: usize = 16;

/// Values in a document. The largest legal catalog (256 permissions, 64 roles holding all of them) has 20,000.
pub const DOCUMENT_VALUES_MAX: usize = 65_536;

/// Bytes in one text of a document; above it is not a title or a key, and copying it would be the attack.
pub const DOCUMENT_TEXT_BYTES_MAX: usize = 4_096;

/// Mistakes listed for one file. Whoever has more has the wrong file.
pub const MISTAKES_MAX: usize = 100;

/// Workspaces, permissions or people named in one command. Keeps one event small enough for any store.
pub const COMMAND_ITEMS_MAX: usize = 1_000;

/// Items on one page of a list. A page is held in memory and sent; whoever wants more asks again.
pub const PAGE_ITEMS_MAX: usize = 1_000;

/// Access rows of one person. A person's rows are searched by halving, so ten steps find any of them.
pub const ROWS_PER_PERSON_MAX: usize = 1_024;

/// Rules of groups and teams on one workspace. Each check in the workspace reads them all.
pub const RULES_PER_WORKSPACE_MAX: usize = 32;

/// Teams of one person. Each check in a workspace with team rules looks them up.
pub const TEAMS_PER_PERSON_MAX: usize = 64;

/// Open invitations of one organization: more than any mailing to one's own people.
pub const OPEN_INVITATIONS_MAX: usize = 10_000;

/// Teams of one organization. Dissolving one looks through everybody.
pub const TEAMS_MAX: usize = 1_024;

/// Services of one organization. Removing a person looks through all of them.
pub const SERVICES_MAX: usize = 1_024;

/// Domains of one organization. Large companies have dozens.
pub const DOMAINS_MAX: usize = 256;

/// Bytes in a description: a page of text, not a document.
pub const DESCRIPTION_BYTES_MAX: usize = 4_096;

/// Preferences of one organization, opaque to the crate.
pub const PREFERENCES_MAX: usize = 64;

/// Bytes in one preference: a choice or a small JSON text, not a document.
pub const PREFERENCE_BYTES_MAX: usize = 1_024;

/// Shares on one resource. Each check on it reads them all; whoever shares with more people shares with a team.
pub const SHARES_PER_RESOURCE_MAX: usize = 1_024;

/// Containers around one resource (folder in folder …), innermost first.
pub const CONTAINERS_MAX: usize = 32;

/// Values that a condition for SQLite lists one by one; more are one array. The planner sees how many values there are of a list, and so
/// which index is worth it; of an array it guesses 25.
pub const SHORT_LIST_MAX: usize = 16;

/// Attempts of one command against a store on which others write the same organization; then the caller is told.
pub const APPEND_ATTEMPTS_MAX: usize = 16;

/// Attempts of one command against a store that does not answer, or not for certain, one right after the other; then the caller is told, who
/// knows how long to wait.
pub const STORE_ATTEMPTS_MAX: usize = 3;

/// Attempts of one statement that a database has rolled back because of others, one right after the other; then it is trouble. The second one
/// finds what the others have done, so that more are for crowds.
pub const COLLISIONS_MAX: usize = 16;

/// Statements for appends that a store in a database keeps the text of: more shapes than appends of one program have.
pub const STATEMENTS_MAX: usize = 1_024;

/// Changes of other processes that are asked for together.
pub const FOLLOWED_TOGETHER_MAX: usize = 1_000;

/// Orders on one ledger that are appended together: what waits meanwhile, and no more than one round trip should carry.
pub const ORDERS_TOGETHER_MAX: usize = 128;

/// Appends that a store writes together: what waits for one disk meanwhile, and no more than whoever comes first shall wait for.
pub const APPENDS_TOGETHER_MAX: usize = 64;

/// Places of shares, invitations and sheets that are looked at together: a page of what somebody scrolls through, and more.
pub const PLACES_TOGETHER_MAX: usize = 256;

/// Records that are loaded together: enough for almost every organization at once, and a few megabytes.
pub const LOADED_TOGETHER_MAX: usize = 10_000;

/// Bytes in a label (a class of usage, a meter, a kind of content): one machine number, so that it travels by copy.
pub const LABEL_BYTES_MAX: usize = 16;

/// Lots of one ledger that still matter. Each spend looks through the lots that are left, in burn order.
pub const LOTS_MAX: usize = 1_024;

/// Holds and uploads of one ledger that are open at once: what a large fleet of workers has in flight.
pub const OPEN_HOLDS_MAX: usize = 65_536;

/// Limits of one ledger: one for each member of a large organization, and then some.
pub const SPEND_LIMITS_MAX: usize = 65_536;

/// Places and kinds of content that one ledger's meters tell apart.
pub const METER_CELLS_MAX: usize = 1_000_000;

/// Answers that one ledger remembers for repeated keys; what was issued before the oldest is refused as too old.
pub const KEYS_MAX: usize = 16_384;

/// Spends of one ledger that can still be refunded.
pub const REFUNDABLE_MAX: usize = 16_384;

/// Spends in one report on a lease. Keeps one entry small enough for any store.
pub const REPORT_ITEMS_MAX: usize = 1_000;

/// Thresholds of one meter, or of the credits.
pub const ALERTS_MAX: usize = 16;

/// How far ahead of the ledger's clock an operation may have been issued: clocks of servers differ by seconds, not more.
pub const ISSUED_AHEAD_MAX: Span = Span::minutes(5);

/// How far the ledger's clock moves at once. A clock that jumps further is broken, and what expires by it does not return.
pub const CLOCK_JUMP_MAX: Span = Span::days(3_660);

/// Periods that a billing provider may give ahead.
pub const GIVEN_PERIODS_MAX: usize = 24;

/// Periods for which what was left of an allocation may be kept; beyond it is for ever.
pub const KEPT_PERIODS_MAX: u32 = 1_200;

/// Credits that a plan allocates each period, all seats together: a thousand periods of it are still far from the greatest
/// number, so that no ledger ever stops at a sum.
pub const ALLOCATION_MAX: u64 = 1_000_000_000_000_000;

/// Scopes in which one ledger tells usage apart within a period; beyond it projects are counted together.
pub const USAGE_CELLS_MAX: usize = 65_536;

/// Organizations on whose pools one organization has drawn.
pub const POOLS_MAX: usize = 16;

/// How long an invitation is usually open at the most. A link in a mail of last quarter is a key under the mat.
pub const INVITATION_LIFETIME_USUAL: Span = Span::days(30);

/// For how long an open invitation is worth waiting for; whoever has not come in a month has been forgotten.
pub const INVITATION_WAITS: Span = Span::days(30);

/// For how long a suspension is one: after a quarter it is a removal that nobody has made.
pub const SUSPENSION_LASTS: Span = Span::days(90);

/// Changes in one remedy: every rule of a check that stops needs one, an invitation two.
pub const NEAREST_STEPS_MAX: usize = 8;

/// States that a search for the nearest change goes on from, after as many changes. Rules other than the seventh leave
/// hardly a choice.
pub const NEAREST_STATES_MAX: usize = 8;

/// Changes in a row by which a search for the nearest change gets past no rule, and goes on: an invitation that is not
/// answered yet, one of two rules that take the same.
pub const NEAREST_STALLED_MAX: usize = 1;

/// Roles that a search for the nearest change tries, the least first.
pub const NEAREST_ROLES_MAX: usize = 12;

/// People named beside one change. A screen that says whom to ask shows a few.
pub const NEAREST_PEOPLE_MAX: usize = 8;

/// Changes named that would take away what somebody may do.
pub const NEAREST_TAKES_MAX: usize = 16;

/// Shares that a preview compares, and people whom it looks up by name for them: a screen that asks before a click shows
/// hundreds of lines at the most, and says that there are more.
pub const SHARES_PREVIEWED_MAX: usize = 1_000;

/// Workspaces named in a sentence as exceptions; a reader loses count before.
pub const EXCEPTIONS_NAMED_MAX: usize = 8;
