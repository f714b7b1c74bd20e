// bailiwick: who may do what, where, and on whose account.
//
// Made by cbindgen of the files in src/: change those, and make it anew.
//
// ANSWERS. A function answers with a number, 0 (BW_OK) for yes or done. Whatever is not 0 is a no: BW_DENY_… of a check, BW_REFUSED_… of a command,
// BW_LEDGER_… of an order, BW_STORE_… for trouble with the store, BW_ERROR_… for a call that cannot be. Numbers never change. bw_message has
// the words of what failed last on a thread. What a function would have handed out is left as it was when it answers with anything but BW_OK.
//
// HANDLES are numbers, and 0 stands for nothing. They are looked up on every call: one that was given back, is of another kind or was made up is
// answered with BW_ERROR_NO_HANDLE or BW_ERROR_WRONG_KIND. Every handle is given back with bw_free, once, in any order: what one is made of goes
// on as long as something needs it.
//
// THREADS. Every function may be called by any thread, with any handle, at any time; there is no thread that has to begin or to end. bw_free waits
// until no other thread uses the handle. Commands to one organization wait for each other, and so do orders to one ledger; checks wait for nobody.
// bw_message and bw_failure are of their thread. Functions that the library calls back (bw_store_calls) call nothing of it but bw_reply_…, on the
// thread that they run on: BW_ERROR_REENTERED, BW_ERROR_WRONG_THREAD. After fork() only the process that opened tenants uses them.
//
// MEMORY. Who calls keeps what a pointer points to until the call returns, and no longer; it is not kept, nor freed. A pointer that is not NULL points to
// something of its type, and an array has as many as its count says: this alone cannot be checked. Out parameters may be NULL where their function
// says so. Texts that are handed out are handles: bw_text_data points into them until they are given back. What bw_code_name and bw_code_text
// point to lives for ever, bw_message until the next failure on the thread.
//
// NUMBERS. Times are milliseconds since 1970-01-01T00:00:00Z and always handed in: the library has no clock. Amounts are whole credits. An id is 16
// bytes, all zeros for none. Texts are UTF-8 with a length. JSON is that of the library's documentation; at most 4 MiB of it are read.


#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BW_STR(literal) bw_str{(literal), sizeof(literal) - 1}
#else
// The text of a literal.
#define BW_STR(literal) ((bw_str){(literal), sizeof(literal) - 1})
#endif


// As text, for people.
#define BW_AS_TEXT 0

// As data, for programs.
#define BW_AS_JSON 1

// Refuse to settle more than was held.
#define BW_ABOVE_REFUSE 0

// Settle what was held.
#define BW_ABOVE_CAP 1

// Take the rest where there is enough, else settle what there is.
#define BW_ABOVE_AVAILABLE 2

// Take the rest, as debt where there is not enough.
#define BW_ABOVE_OVERDRAFT 3

// Give back what is left when the time is over.
#define BW_TIMEOUT_RELEASE 0

// Spend what is left when the time is over.
#define BW_TIMEOUT_SETTLE 1

// Of the organization itself.
#define BW_STREAM_ORGANIZATION 0

// Of its ledger.
#define BW_STREAM_LEDGER 1

// Of the shares on one of its resources.
#define BW_STREAM_SHEET 2

// It is kept.
#define BW_APPENDED 0

// The operation was carried out before, as versions `from` to `to`; nothing was kept now.
#define BW_APPEND_REPLAYED 1

// The stream is at another version; nothing was kept.
#define BW_APPEND_CONFLICT 2

// A unique key leads somewhere else, into organization `by`; nothing was kept.
#define BW_APPEND_CLAIMED 3

// A person who is signed in.
#define BW_ACTOR_USER 1

// Somebody of the platform's staff in the place of a user.
#define BW_ACTOR_STAFF 2

// A key or robot of an organization.
#define BW_ACTOR_SERVICE 3

// Whoever presents a public link.
#define BW_ACTOR_LINK 4

// The directory of the customer.
#define BW_ACTOR_PROVISIONER 5

// The platform itself.
#define BW_ACTOR_SYSTEM 6

// The organization.
#define BW_TARGET_ORGANIZATION 0

// One of its workspaces.
#define BW_TARGET_WORKSPACE 1

// One thing of the caller's.
#define BW_TARGET_RESOURCE 2

// One thing of the caller's, with the shares that the store keeps besides those that are given. Asks the store.
#define BW_TARGET_KEPT_RESOURCE 3

// One user.
#define BW_SHARE_USER 1

// Everybody in a system group.
#define BW_SHARE_GROUP 2

// Everybody in a team.
#define BW_SHARE_TEAM 3

// Every member of the organization.
#define BW_SHARE_MEMBERS 4

// Every member of another organization.
#define BW_SHARE_ORGANIZATION 5

// Whoever presents a link.
#define BW_SHARE_LINK 6

// The answer of a function. Numbers never change; they are only added.
typedef uint32_t bw_code;

// A number that stands for something of the library's. 0 stands for nothing.
typedef uint64_t bw_handle;

// Every organization of a process, over a store. The caller gives it back with `bw_free`.
typedef bw_handle bw_tenants;

// An id: the 16 bytes of a UUID in their order, or a number in big-endian. All zeros mean that there is none.
typedef struct bw_id {
  // The bytes.
  uint8_t bytes[16];
} bw_id;

// Who asks.
typedef struct bw_actor {
  // One of `BW_ACTOR_…`.
  uint32_t kind;
  // Which user, service or link; of the staff who it is. Zeros for the directory and the platform.
  struct bw_id id;
  // Of the staff: in whose place. Zeros for everybody else.
  struct bw_id on_behalf_of;
} bw_actor;

// A set of permissions or features: the one at position n is bit n % 64 of word n / 64.
typedef struct bw_set {
  // The bits.
  uint64_t words[4];
} bw_set;

// One resource or container opened to somebody.
typedef struct bw_share {
  // What is opened.
  struct bw_id on;
  // One of `BW_SHARE_…`.
  uint32_t kind;
  // To which user, team, organization or link; zeros for groups and members.
  struct bw_id to;
  // To which group, from `bw_group_of`; 0 for none.
  uint16_t group;
  // What it gives.
  struct bw_set level;
  // When it ends, in milliseconds since the Unix epoch; 0 for never.
  uint64_t until;
  // Of a user: the version at which they came to belong to the organization, where the share ends when they go; 0 for whoever they are.
  uint64_t joined;
} bw_share;

// One thing of the caller's, with what the caller knows of it.
typedef struct bw_resource {
  // Which.
  struct bw_id id;
  // The containers that it lies in, innermost first.
  const struct bw_id *containers;
  // How many.
  size_t container_count;
  // The workspace that it belongs to; zeros for none.
  struct bw_id workspace;
  // Whose personal resource it is; zeros for nobody's.
  struct bw_id owner;
  // The shares on it and on its containers, where the caller keeps them.
  const struct bw_share *shares;
  // How many.
  size_t share_count;
} bw_resource;

// What a question is about. All zeros are the organization.
typedef struct bw_target {
  // One of `BW_TARGET_…`.
  uint32_t kind;
  // Which workspace, where it is one.
  struct bw_id workspace;
  // Which resource, where it is one. Then a call allocates.
  const struct bw_resource *resource;
} bw_target;

// What is known of the moment. All zeros but for `now` say that nothing else is known, and count against the actor.
typedef struct bw_facts {
  // Now, in milliseconds since the Unix epoch.
  uint64_t now;
  // When the actor last proved who they are; 0 for never.
  uint64_t authenticated_at;
  // Whether a second factor was shown; 0 for no.
  uint8_t second_factor;
  // Through which identity provider the actor is signed in, from `bw_provider_of`; 0 for none.
  uint16_t provider;
  // Features that are switched on besides those of the plan, from `bw_feature_of`.
  struct bw_set features;
  // Other organizations that the actor is a member of. Given, a call allocates.
  const struct bw_id *organizations;
  // How many.
  size_t organization_count;
} bw_facts;

// One question of many, about an organization or one of its workspaces.
typedef struct bw_question {
  // In which organization.
  struct bw_id organization;
  // In which workspace; zeros for the organization itself.
  struct bw_id workspace;
  // Who asks.
  struct bw_actor actor;
  // For what, by position.
  uint16_t permission;
} bw_question;

// What one actor may do at one target, resolved. It speaks of the instant and the version that it was made at: take one for each request,
// and give it back with `bw_free`.
typedef bw_handle bw_access_handle;

// A text of the library's. The caller gives it back with `bw_free`.
typedef bw_handle bw_text;

// A text that the caller keeps: UTF-8, not ended by a zero. `{NULL, 0}` is the empty one. Read during the call and not kept.
typedef struct bw_str {
  // Its first byte.
  const char *data;
  // How many bytes it has.
  size_t length;
} bw_str;

// A catalog: what can be named. The caller gives it back with `bw_free`; whatever was opened with it goes on.
typedef bw_handle bw_catalog;

// The key of an order, and when it was made: keep both, and repeat an order with both as they were. It is carried out once.
typedef struct bw_issue {
  // The key.
  struct bw_id key;
  // When it was made, in milliseconds since the Unix epoch.
  uint64_t at;
} bw_issue;

// Work that costs something.
typedef struct bw_work {
  // In which workspace; zeros for the organization itself.
  struct bw_id workspace;
  // For which project; zeros for none.
  struct bw_id project;
  // Of which class of usage, such as `llm`; empty for none.
  struct bw_str class_;
} bw_work;

// What came of an order, in sums of credits.
typedef struct bw_receipt {
  // Taken from lots.
  uint64_t drawn;
  // Given back to lots.
  uint64_t returned;
  // Given back to lots that cannot be used any more.
  uint64_t lost;
  // Taken beyond what was held.
  uint64_t beyond;
  // What became debt, or lowers it.
  uint64_t owed;
} bw_receipt;

// What is promised to work whose cost is known afterwards.
typedef struct bw_promise {
  // How many credits.
  uint64_t amount;
  // From when on it is over, in milliseconds since the Unix epoch.
  uint64_t until;
  // When it costs more: one of `BW_ABOVE_…`.
  uint32_t above;
  // When its time is over: one of `BW_TIMEOUT_…`.
  uint32_t timeout;
  // How much debt there may be, for `BW_ABOVE_OVERDRAFT`.
  uint64_t overdraft;
} bw_promise;

// How the credits of an organization stand.
typedef struct bw_balance_sheet {
  // What can be taken.
  uint64_t spendable;
  // Granted, and not effective yet.
  uint64_t pending;
  // Ever granted; the sum of the five below.
  uint64_t granted;
  // Neither held nor gone.
  uint64_t available;
  // Promised.
  uint64_t held;
  // Spent.
  uint64_t spent;
  // Expired.
  uint64_t expired;
  // Taken back.
  uint64_t voided;
  // Debt.
  uint64_t owed;
} bw_balance_sheet;

// A ledger by itself, for whoever keeps its entries. The caller gives it back with `bw_free`.
typedef bw_handle bw_ledger;

#if defined(BW_MEASURE)
// Nanoseconds that all rounds took, and how many answers were yes.
typedef struct bw_measured {
  // Of single checks.
  uint64_t check_ns;
  // Of checks in one list.
  uint64_t check_each_ns;
  // Of tests on one resolved access.
  uint64_t allows_ns;
  // How many of the single checks said yes.
  uint64_t allowed;
} bw_measured;
#endif

// How much is kept in memory and how long it is answered from. `NULL` in its place, or all zeros, keeps everything.
typedef struct bw_keeping {
  // Bytes that are kept, about; 0 for no bound.
  uint64_t bytes_max;
  // How long ago `bw_follow` may have been called last, in milliseconds; later, questions are answered with `BW_STORE_STALE`. 0 for no bound.
  uint64_t age_max_ms;
  // Records that a load may replay before the store is given a snapshot; 0 for no bound.
  uint64_t replayed_max;
} bw_keeping;

// One history of an organization, with versions of its own that begin at 1.
typedef struct bw_stream {
  // Of which organization.
  struct bw_id organization;
  // One of `BW_STREAM_…`.
  uint32_t kind;
  // Of a sheet: of which resource. Zeros otherwise.
  struct bw_id resource;
} bw_stream;

// What a callback answers into. It is good for that one call and on its thread, and is not given back.
typedef bw_handle bw_reply;

// One record to be kept.
typedef struct bw_record {
  // The version that it makes.
  uint64_t version;
  // When, in milliseconds since the Unix epoch.
  uint64_t at;
  // What: to be given back byte by byte. JSON, which a store may look into and need not.
  struct bw_str text;
} bw_record;

// Where a key leads. Ordered by organization, resource and item, each as 16 bytes.
typedef struct bw_place {
  // In which organization.
  struct bw_id organization;
  // On which resource; zeros for none.
  struct bw_id resource;
  // Which invitation, service or share; zeros for the organization itself.
  struct bw_id item;
} bw_place;

// One key that leads somewhere from now on, or does no longer.
typedef struct bw_key_change {
  // The key: at most some 700 bytes, equal where keys are equal.
  struct bw_str key;
  // Where it leads.
  struct bw_place place;
  // 1 when it leads there from now on, 0 when it does no longer.
  uint8_t added;
  // 1 when it may lead to one place at the most, in all organizations.
  uint8_t unique;
} bw_key_change;

// What is to be appended to one stream: all of it or nothing.
typedef struct bw_append {
  // To which stream.
  struct bw_stream stream;
  // The version that the stream has to be at: that of its last record, 0 where there is none.
  uint64_t expected;
  // The records, at least one, in order.
  const struct bw_record *records;
  // How many.
  size_t record_count;
  // The operation that they carry out; zeros for none.
  struct bw_id operation;
  // What it changes in the keys, those that are removed first.
  const struct bw_key_change *keys;
  // How many.
  size_t key_count;
} bw_append;

// What became of an append.
typedef struct bw_append_answer {
  // One of `BW_APPEND…`.
  uint32_t what;
  // The first version of what was replayed.
  uint64_t from;
  // The last.
  uint64_t to;
  // Into which organization a unique key leads.
  struct bw_id by;
} bw_append_answer;

// What comes in the place of records that were never to be kept: all of it or nothing.
typedef struct bw_replacement {
  // In which stream.
  struct bw_stream stream;
  // The records, each in the place of the one that has its version; a version that is not there stays away. There can be none.
  const struct bw_record *records;
  // How many.
  size_t record_count;
  // 1 when keys change as well, and the stream has to be at `expected` for it.
  uint8_t has_keys;
  // The version that the stream has to be at then.
  uint64_t expected;
  // What changes in the keys, those that are removed first. A unique one that leads somewhere else is not taken from there.
  const struct bw_key_change *keys;
  // How many.
  size_t key_count;
} bw_replacement;

// A store of the caller's.
//
// Every function is called by any thread, several at once, with `user` as its first argument. It answers with `BW_OK`,
// or with what became of it: `BW_STORE_RETRY` (not done, may succeed if tried again), `BW_STORE_UNKNOWN` (only when it writes: done or not),
// `BW_STORE_FATAL` (not done, and will not be); any other answer is taken for `BW_STORE_FATAL`. What it is handed lives until it returns. It must
// not unwind or jump out, must not call the library but for `bw_reply_…`, and must not wait for a thread that gives a handle back.
// Where a limit is given it replies with so many at most, and with fewer only where there are no more. What it replies is read before it is
// believed: what does not follow from what is before it is `BW_STORE_FATAL`.
//
// What all of it together has to keep: an append is there as a whole or not at all, and only at the version that it expects; it is read back, without
// a gap and in order, by whoever asks after it was answered; a unique key leads to one place however many race for it; an operation is carried out once.
typedef struct bw_store_calls {
  // `sizeof(bw_store_calls)`.
  size_t size;
  // Handed to every function.
  void *user;
  // Called once, when the last handle of the tenants and the last access were given back; no function is called after it. May be `NULL`.
  void (*drop)(void *user);
  // Replies with the records of a stream after a version, in order: `bw_reply_record`. None of a stream that there is not.
  bw_code (*records)(void *user, const struct bw_stream *stream, uint64_t after, size_t limit, bw_reply reply);
  // Appends, and says in `answer` what became of it. What holds first is the answer: the operation was carried out before in this
  // organization, the stream is at another version, a unique key that is added leads somewhere else (and is not removed from there by the
  // same append). Keys that are removed are removed first; one that leads somewhere else stays.
  bw_code (*append)(void *user, const struct bw_append *append, struct bw_append_answer *answer);
  // Says in `from` and `to` which versions an operation has made of an organization; leaves both 0 where there was none.
  bw_code (*operation)(void *user, const struct bw_id *organization, const struct bw_id *operation, uint64_t *from, uint64_t *to);
  // Replies with where a key leads, in one organization or in all (`within` is `NULL`), in the order of places, beginning after one (or at
  // the first, `after` is `NULL`): `bw_reply_place`.
  bw_code (*find)(void *user, struct bw_str key, const struct bw_id *within, const struct bw_place *after, size_t limit, bw_reply reply);
  // Counts so many more uses of a link of an organization, unless there would be more than `at_most`, and says in `before` how many there were
  // before. Of two that race for the last one, one counts.
  bw_code (*count_use)(void *user,
                       const struct bw_id *organization,
                       const struct bw_id *link,
                       uint32_t uses,
                       uint32_t at_most,
                       uint32_t *before);
  // Replies with what was appended to and erased since a cursor, and with the cursor to go on from: `bw_reply_change` and `bw_reply_cursor`.
  // Where `after` is `NULL` only with where the store is now. What was acknowledged before is among it; a stream may be among it again.
  bw_code (*changes)(void *user, const uint64_t *after, size_t limit, bw_reply reply);
  // Replies with every organization, in the order of ids, beginning after one (`NULL` from the first): `bw_reply_id`.
  bw_code (*organizations)(void *user, const struct bw_id *after, size_t limit, bw_reply reply);
  // Replies with the resources of an organization that have a sheet, in the same way.
  bw_code (*resources)(void *user, const struct bw_id *organization, const struct bw_id *after, size_t limit, bw_reply reply);
  // Puts records in the place of others, and says in `done` 1 when it did; 0 where the stream is at another version than the one that the
  // keys are of, and nothing was done. Whoever follows hears of it as of an erasure, also where there are no records.
  bw_code (*replace)(void *user, const struct bw_replacement *replacement, uint8_t *done);
  // Removes everything of an organization, its keys too, for ever. One that is not there is erased already.
  bw_code (*erase)(void *user, const struct bw_id *organization);
} bw_store_calls;

// Who gives a command, and what is known of the moment.
typedef struct bw_context {
  // Who.
  struct bw_actor actor;
  // The moment.
  struct bw_facts facts;
  // The id that the command is kept and recognized under, so that a repetition is answered as before; zeros for none.
  struct bw_id command;
} bw_context;

// A stream that has changed.
typedef struct bw_change {
  // Which.
  struct bw_stream stream;
  // The version that it has now, or a later one; 0 when the organization was erased, or something in it was replaced.
  uint64_t version;
} bw_change;

// The SHA-256 of a secret: an invitation's, a service's, a link's.
typedef struct bw_secret {
  // Its bytes.
  uint8_t bytes[32];
} bw_secret;

// Where a public link leads.
typedef struct bw_followed {
  // In which organization.
  struct bw_id organization;
  // To which resource.
  struct bw_id resource;
  // As which link whoever followed it asks from now on: `BW_ACTOR_LINK`.
  struct bw_id link;
} bw_followed;

// Allowed, or done.
#define BW_OK 0

// `not_found`
#define BW_DENY_NOT_FOUND 1

// `organization_past_due`
#define BW_DENY_ORGANIZATION_PAST_DUE 2

// `organization_suspended`
#define BW_DENY_ORGANIZATION_SUSPENDED 3

// `organization_archived`
#define BW_DENY_ORGANIZATION_ARCHIVED 4

// `person_suspended`
#define BW_DENY_PERSON_SUSPENDED 5

// `access_ended`
#define BW_DENY_ACCESS_ENDED 6

// `workspace_not_found`
#define BW_DENY_WORKSPACE_NOT_FOUND 7

// `not_granted`
#define BW_DENY_NOT_GRANTED 8

// `replaced_by_override`
#define BW_DENY_REPLACED_BY_OVERRIDE 9

// `taken_by_rule`
#define BW_DENY_TAKEN_BY_RULE 10

// `removed_by_override`
#define BW_DENY_REMOVED_BY_OVERRIDE 11

// `not_shared`
#define BW_DENY_NOT_SHARED 12

// `private`
#define BW_DENY_PRIVATE 13

// `share_beyond_role`
#define BW_DENY_SHARE_BEYOND_ROLE 14

// `restricted`
#define BW_DENY_RESTRICTED 15

// `needs_feature`
#define BW_DENY_NEEDS_FEATURE 16

// `not_for_staff`
#define BW_DENY_NOT_FOR_STAFF 17

// `workspace_archived`
#define BW_DENY_WORKSPACE_ARCHIVED 18

// `not_found`
#define BW_REFUSED_NOT_FOUND 100

// `denied`
#define BW_REFUSED_DENIED 101

// `step_up`
#define BW_REFUSED_STEP_UP 102

// `platform_only`
#define BW_REFUSED_PLATFORM_ONLY 103

// `user_only`
#define BW_REFUSED_USER_ONLY 104

// `unknown_person`
#define BW_REFUSED_UNKNOWN_PERSON 110

// `unknown_workspace`
#define BW_REFUSED_UNKNOWN_WORKSPACE 111

// `unknown_invitation`
#define BW_REFUSED_UNKNOWN_INVITATION 112

// `unknown_team`
#define BW_REFUSED_UNKNOWN_TEAM 113

// `unknown_role`
#define BW_REFUSED_UNKNOWN_ROLE 114

// `unknown_permission`
#define BW_REFUSED_UNKNOWN_PERMISSION 115

// `unknown_group`
#define BW_REFUSED_UNKNOWN_GROUP 116

// `unknown_plan`
#define BW_REFUSED_UNKNOWN_PLAN 117

// `unknown_provider`
#define BW_REFUSED_UNKNOWN_PROVIDER 118

// `unknown_domain`
#define BW_REFUSED_UNKNOWN_DOMAIN 119

// `already_exists`
#define BW_REFUSED_ALREADY_EXISTS 120

// `already_member`
#define BW_REFUSED_ALREADY_MEMBER 121

// `already_invited`
#define BW_REFUSED_ALREADY_INVITED 122

// `invitation_closed`
#define BW_REFUSED_INVITATION_CLOSED 123

// `address_mismatch`
#define BW_REFUSED_ADDRESS_MISMATCH 124

// `address_unverified`
#define BW_REFUSED_ADDRESS_UNVERIFIED 125

// `inviter_lacks_authority`
#define BW_REFUSED_INVITER_LACKS_AUTHORITY 126

// `already_suspended`
#define BW_REFUSED_ALREADY_SUSPENDED 127

// `not_suspended`
#define BW_REFUSED_NOT_SUSPENDED 128

// `not_a_member`
#define BW_REFUSED_NOT_A_MEMBER 129

// `no_row`
#define BW_REFUSED_NO_ROW 130

// `no_change`
#define BW_REFUSED_NO_CHANGE 131

// `person_suspended`
#define BW_REFUSED_PERSON_SUSPENDED 132

// `no_offer`
#define BW_REFUSED_NO_OFFER 133

// `no_roles`
#define BW_REFUSED_NO_ROLES 140

// `too_many_roles`
#define BW_REFUSED_TOO_MANY_ROLES 141

// `too_many_items`
#define BW_REFUSED_TOO_MANY_ITEMS 142

// `wrong_scope`
#define BW_REFUSED_WRONG_SCOPE 143

// `override_not_allowed`
#define BW_REFUSED_OVERRIDE_NOT_ALLOWED 144

// `ended`
#define BW_REFUSED_ENDED 145

// `bad_name`
#define BW_REFUSED_BAD_NAME 146

// `name_taken`
#define BW_REFUSED_NAME_TAKEN 147

// `too_long`
#define BW_REFUSED_TOO_LONG 148

// `bad_key`
#define BW_REFUSED_BAD_KEY 149

// `own_access`
#define BW_REFUSED_OWN_ACCESS 150

// `outranked`
#define BW_REFUSED_OUTRANKED 151

// `not_assignable`
#define BW_REFUSED_NOT_ASSIGNABLE 152

// `owners_only`
#define BW_REFUSED_OWNERS_ONLY 153

// `lacks_permission`
#define BW_REFUSED_LACKS_PERMISSION 154

// `last_owner`
#define BW_REFUSED_LAST_OWNER 155

// `wider_sight`
#define BW_REFUSED_WIDER_SIGHT 156

// `not_sponsor`
#define BW_REFUSED_NOT_SPONSOR 157

// `has_sponsor`
#define BW_REFUSED_HAS_SPONSOR 158

// `role_in_use`
#define BW_REFUSED_ROLE_IN_USE 159

// `seat_limit`
#define BW_REFUSED_SEAT_LIMIT 160

// `seats_below_minimum`
#define BW_REFUSED_SEATS_BELOW_MINIMUM 161

// `limit_reached`
#define BW_REFUSED_LIMIT_REACHED 162

// `plan_without_teams`
#define BW_REFUSED_PLAN_WITHOUT_TEAMS 163

// `too_many_organizations`
#define BW_REFUSED_TOO_MANY_ORGANIZATIONS 164

// `seats_not_counted`
#define BW_REFUSED_SEATS_NOT_COUNTED 165

// `plan_change_scheduled`
#define BW_REFUSED_PLAN_CHANGE_SCHEDULED 166

// `seats_in_use`
#define BW_REFUSED_SEATS_IN_USE 167

// `plan_does_not_fit`
#define BW_REFUSED_PLAN_DOES_NOT_FIT 168

// `personal_organization`
#define BW_REFUSED_PERSONAL_ORGANIZATION 170

// `no_personal_organizations`
#define BW_REFUSED_NO_PERSONAL_ORGANIZATIONS 171

// `no_workspaces`
#define BW_REFUSED_NO_WORKSPACES 172

// `collaborators_off`
#define BW_REFUSED_COLLABORATORS_OFF 173

// `content_unsaid`
#define BW_REFUSED_CONTENT_UNSAID 174

// `bad_recipient`
#define BW_REFUSED_BAD_RECIPIENT 175

// `organization_closed`
#define BW_REFUSED_ORGANIZATION_CLOSED 176

// `batch_refused`
#define BW_REFUSED_BATCH_REFUSED 177

// `secret_missing`
#define BW_REFUSED_SECRET_MISSING 178

// `credits_off`
#define BW_REFUSED_CREDITS_OFF 179

// `unknown_service`
#define BW_REFUSED_UNKNOWN_SERVICE 180

// `unknown_share`
#define BW_REFUSED_UNKNOWN_SHARE 181

// `empty_level`
#define BW_REFUSED_EMPTY_LEVEL 182

// `not_shareable`
#define BW_REFUSED_NOT_SHAREABLE 183

// `link_used_up`
#define BW_REFUSED_LINK_USED_UP 184

// `command_reused`
#define BW_REFUSED_COMMAND_REUSED 185

// `key_reused`
#define BW_LEDGER_KEY_REUSED 300

// `too_old`
#define BW_LEDGER_TOO_OLD 301

// `issued_later`
#define BW_LEDGER_ISSUED_LATER 302

// `clock_jump`
#define BW_LEDGER_CLOCK_JUMP 303

// `unbalanced`
#define BW_LEDGER_UNBALANCED 304

// `zero_amount`
#define BW_LEDGER_ZERO_AMOUNT 305

// `ended`
#define BW_LEDGER_ENDED 306

// `overflow`
#define BW_LEDGER_OVERFLOW 307

// `bad_allowance`
#define BW_LEDGER_BAD_ALLOWANCE 308

// `no_calendar`
#define BW_LEDGER_NO_CALENDAR 309

// `bad_period`
#define BW_LEDGER_BAD_PERIOD 310

// `bad_class`
#define BW_LEDGER_BAD_CLASS 311

// `too_many_items`
#define BW_LEDGER_TOO_MANY_ITEMS 312

// `itself`
#define BW_LEDGER_ITSELF 313

// `drawn_elsewhere`
#define BW_LEDGER_DRAWN_ELSEWHERE 314

// `stale_allowance`
#define BW_LEDGER_STALE_ALLOWANCE 320

// `stale_period`
#define BW_LEDGER_STALE_PERIOD 321

// `unknown_lot`
#define BW_LEDGER_UNKNOWN_LOT 322

// `lot_short`
#define BW_LEDGER_LOT_SHORT 323

// `transfers_off`
#define BW_LEDGER_TRANSFERS_OFF 324

// `not_enough`
#define BW_LEDGER_NOT_ENOUGH 325

// `limit`
#define BW_LEDGER_LIMIT 326

// `narrower_limit`
#define BW_LEDGER_NARROWER_LIMIT 327

// `hold_taken`
#define BW_LEDGER_HOLD_TAKEN 328

// `unknown_hold`
#define BW_LEDGER_UNKNOWN_HOLD 329

// `hold_over`
#define BW_LEDGER_HOLD_OVER 330

// `above_hold`
#define BW_LEDGER_ABOVE_HOLD 331

// `overdraft`
#define BW_LEDGER_OVERDRAFT 332

// `outside_lease`
#define BW_LEDGER_OUTSIDE_LEASE 333

// `unknown_spend`
#define BW_LEDGER_UNKNOWN_SPEND 334

// `refund_above`
#define BW_LEDGER_REFUND_ABOVE 335

// `unknown_limit`
#define BW_LEDGER_UNKNOWN_LIMIT 336

// `too_many_lots`
#define BW_LEDGER_TOO_MANY_LOTS 337

// `too_many_holds`
#define BW_LEDGER_TOO_MANY_HOLDS 338

// `too_many_limits`
#define BW_LEDGER_TOO_MANY_LIMITS 339

// `too_many_cells`
#define BW_LEDGER_TOO_MANY_CELLS 340

// `meter_full`
#define BW_LEDGER_METER_FULL 341

// `grace_over`
#define BW_LEDGER_GRACE_OVER 342

// `meter_short`
#define BW_LEDGER_METER_SHORT 343

// `store_retry`
#define BW_STORE_RETRY 400

// `store_unknown`
#define BW_STORE_UNKNOWN 401

// `store_fatal`
#define BW_STORE_FATAL 402

// `store_stale`
#define BW_STORE_STALE 403

// `contended`
#define BW_STORE_CONTENDED 404

// Something that has to be there is not.
#define BW_ERROR_NULL 900

// A length that cannot be.
#define BW_ERROR_BAD_LENGTH 901

// A text that is none.
#define BW_ERROR_BAD_UTF8 902

// A handle that was given back, or was never given out.
#define BW_ERROR_NO_HANDLE 903

// A handle of something else.
#define BW_ERROR_WRONG_KIND 904

// An id of nothing.
#define BW_ERROR_BAD_ID 905

// A number that means nothing.
#define BW_ERROR_BAD_VALUE 906

// A text that cannot be read.
#define BW_ERROR_BAD_JSON 907

// A catalog with mistakes.
#define BW_ERROR_BAD_CATALOG 908

// A name that nothing has.
#define BW_ERROR_UNKNOWN_NAME 909

// As many handles as there can be.
#define BW_ERROR_TOO_MANY_HANDLES 910

// A callback calls back.
#define BW_ERROR_REENTERED 911

// A reply on another thread than its callback.
#define BW_ERROR_WRONG_THREAD 912

// A panic, which is a bug of this library.
#define BW_ERROR_PANICKED 913

// A store that was not built in.
#define BW_ERROR_NOT_BUILT_IN 914

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Answers one question: `BW_OK` for yes, `BW_REFUSED_STEP_UP` when something has to be shown first, `BW_DENY_…` for no; any other code
// says that nothing was asked, and is no yes either. Allocates nothing where the target is an organization or a workspace, the organization is
// loaded, and no other organizations are given.
bw_code bw_check(bw_tenants tenants,
                 const struct bw_id *organization,
                 const struct bw_actor *actor,
                 uint16_t permission,
                 const struct bw_target *target,
                 const struct bw_facts *facts);

// Answers many questions in their order, each as `bw_check` does, without allocating or reading anything but the arrays. What they need is
// fetched together. `codes` has room for `count`; a question that cannot be asked gets the code of what is wrong with it, and the others are
// asked all the same. When the answer of the function is not `BW_OK`, that code stands in all of `codes`.
bw_code bw_check_each(bw_tenants tenants,
                      const struct bw_question *questions,
                      size_t count,
                      const struct bw_facts *facts,
                      bw_code *codes);

// Resolves what an actor may do at a target. `access` is the caller's to give back.
bw_code bw_access(bw_tenants tenants,
                  const struct bw_id *organization,
                  const struct bw_actor *actor,
                  const struct bw_target *target,
                  const struct bw_facts *facts,
                  bw_access_handle *access);

// The same, narrowed to a set of permissions: for tokens and delegated keys. An intersection, never a gain.
bw_code bw_access_restrict(bw_access_handle access, const struct bw_set *to, bw_access_handle *narrowed);

// Whether a permission is allowed: one bit test. No for whatever is no access.
bool bw_allows(bw_access_handle access, uint16_t permission);

// The answer with its reason, as `bw_check` gives it.
bw_code bw_access_check(bw_access_handle access, uint16_t permission);

// Everything that is allowed, to be tested without a call: see `bw_set_has`.
bw_code bw_access_allowed(bw_access_handle access, struct bw_set *allowed);

// The version of the organization that an access speaks of; 0 to strangers.
bw_code bw_access_version(bw_access_handle access, uint64_t *version);

// Why a question is answered as it is, `BW_AS_TEXT` or `BW_AS_JSON`: every rule that was asked, every layer that gave or took, and what would
// turn the answer. Slow, for support screens. The text is the caller's to give back.
bw_code bw_explain(bw_tenants tenants,
                   const struct bw_id *organization,
                   const struct bw_actor *actor,
                   uint16_t permission,
                   const struct bw_target *target,
                   const struct bw_facts *facts,
                   uint32_t form,
                   bw_text *why);

// A ready catalog: `studio`, `cloud`, `production` or `agency`.
bw_code bw_catalog_preset(struct bw_str name, bw_catalog *catalog);

// A catalog from its file form in JSON. `BW_ERROR_BAD_CATALOG` when it has mistakes: `bw_message` has a line for each, `bw_failure` all of
// them as data, each with its place, `{"path":"roles[2].extends","code":"unknown_name","text":"…"}`.
bw_code bw_catalog_from_json(struct bw_str json, bw_catalog *catalog);

// The file form of a catalog. The text is the caller's to give back.
bw_code bw_catalog_json(bw_catalog catalog, bw_text *json);

// The position of a permission, looked up once at the door: from then on it is this number. The same in every handle of the same catalog.
bw_code bw_permission_of(bw_catalog catalog, struct bw_str key, uint16_t *permission);

// How many permissions there are; their positions begin at 0.
bw_code bw_permission_count(bw_catalog catalog, uint16_t *count);

// The key of the permission at a position. The text is the caller's to give back.
bw_code bw_permission_key(bw_catalog catalog, uint16_t permission, bw_text *key);

// The permissions of a role of the catalog.
bw_code bw_role_permissions(bw_catalog catalog, struct bw_str role, struct bw_set *permissions);

// The position of a feature, for `bw_facts.features`.
bw_code bw_feature_of(bw_catalog catalog, struct bw_str key, uint16_t *feature);

// The number of an identity provider, for `bw_facts.provider`; never 0.
bw_code bw_provider_of(bw_catalog catalog, struct bw_str key, uint16_t *provider);

// The number of a system group, for `bw_share.group`; never 0.
bw_code bw_group_of(bw_catalog catalog, struct bw_str key, uint16_t *group);

// The name of a code, such as `not_granted`; `NULL` for a number that is none. It lives as long as the library and is nobody's to free.
const char *bw_code_name(bw_code code);

// What a code says, for people; what only a single answer knows stands in braces. It lives as long as the library.
const char *bw_code_text(bw_code code);

// What failed last on this thread, in words with the facts in them; `NULL` where nothing has. Denials of checks are no failures: `bw_explain`
// has words for them. It lives until the next call on this thread that fails, and is nobody's to free.
const char *bw_message(void);

// The same as data: `{"number":162,"code":"limit_reached","text":"…","facts":{"limit":"members","max":5,"used":5}}`. The text is the
// caller's to give back with `bw_free`.
bw_code bw_failure(bw_text *failure);

// Gives back a handle of any kind. Waits until no other thread uses it. What was read out of it, such as the bytes of a text, is gone.
bw_code bw_free(bw_handle handle);

// Spends at once, in the place of an actor: who pays follows from the organization. `hold` names the spend, for a refund. `receipt` may be
// `NULL`.
bw_code bw_charge(bw_tenants tenants,
                  const struct bw_id *organization,
                  const struct bw_issue *issue,
                  const struct bw_work *work,
                  const struct bw_actor *actor,
                  const struct bw_facts *facts,
                  const struct bw_id *hold,
                  uint64_t amount,
                  struct bw_receipt *receipt);

// Promises credits to work whose cost is known afterwards: all of it, or nothing.
bw_code bw_hold(bw_tenants tenants,
                const struct bw_id *organization,
                const struct bw_issue *issue,
                const struct bw_work *work,
                const struct bw_actor *actor,
                const struct bw_facts *facts,
                const struct bw_id *hold,
                const struct bw_promise *promise,
                struct bw_receipt *receipt);

// Spends what the work cost, and gives back the rest of its hold.
bw_code bw_settle(bw_tenants tenants,
                  const struct bw_id *organization,
                  const struct bw_issue *issue,
                  const struct bw_actor *actor,
                  uint64_t now,
                  const struct bw_id *hold,
                  uint64_t amount,
                  struct bw_receipt *receipt);

// Gives back what is left of a hold.
bw_code bw_release(bw_tenants tenants,
                   const struct bw_id *organization,
                   const struct bw_issue *issue,
                   const struct bw_actor *actor,
                   uint64_t now,
                   const struct bw_id *hold,
                   struct bw_receipt *receipt);

// Any other order, written `{"grant":{"class":"purchased","amount":100,…}}`. Nobody is asked whether the actor may: this is the platform's
// door. `receipt` (or `NULL`) gets the receipt with its lots as JSON; the text is the caller's to give back.
bw_code bw_order(bw_tenants tenants,
                 const struct bw_id *organization,
                 const struct bw_issue *issue,
                 const struct bw_actor *actor,
                 uint64_t now,
                 struct bw_str request,
                 bw_text *receipt);

// How the credits of an organization stand at a time.
bw_code bw_balance(bw_tenants tenants, const struct bw_id *organization, uint64_t now, struct bw_balance_sheet *balance);

// Asks a ledger of an organization something, written `"lots"` or `{"spendable":{"user":"…"}}`; the README lists the questions. The text is
// the caller's to give back.
bw_code bw_ask_ledger(bw_tenants tenants,
                      const struct bw_id *organization,
                      uint64_t now,
                      struct bw_str question,
                      bw_text *answer);

// An empty ledger by itself. `settings` is JSON, `{}` for the usual ones.
bw_code bw_ledger_new(const struct bw_id *organization, struct bw_str settings, bw_ledger *ledger);

// Judges an order, written `{"key":"…","issued":…,"request":{"charge":{…}}}`, and carries it out; the code is that of its answer. `verdict`
// (or `NULL`) gets the receipt or the refusal, and under `entry` what is to be kept, if anything; the text is the caller's to give back, also
// when the code is a refusal (300 to 399).
bw_code bw_ledger_order(bw_ledger ledger,
                        const struct bw_actor *actor,
                        uint64_t now,
                        struct bw_str order,
                        bw_text *verdict);

// Takes in an entry that was kept, the next one after those that were taken in.
bw_code bw_ledger_replay(bw_ledger ledger, struct bw_str entry);

// Asks a ledger by itself something, as `bw_ask_ledger` does.
bw_code bw_ledger_ask(bw_ledger ledger, uint64_t now, struct bw_str question, bw_text *answer);

#if defined(BW_MEASURE)
// Asks the crate itself, as often.
bw_code bw_measure(bw_tenants tenants,
                   const struct bw_question *questions,
                   size_t count,
                   uint32_t rounds,
                   const struct bw_facts *facts,
                   struct bw_measured *measured);
#endif

// Tenants in memory: for tests, for tools.
bw_code bw_tenants_in_memory(bw_catalog catalog, const struct bw_keeping *keeping, bw_tenants *tenants);

// Tenants in a file, which is made where there is none. `BW_ERROR_NOT_BUILT_IN` where the library was built without.
bw_code bw_tenants_in_file(bw_catalog catalog, struct bw_str path, const struct bw_keeping *keeping, bw_tenants *tenants);

// Tenants over a store of the caller's. The table is copied; see `bw_store_calls` for what each of its functions promises.
bw_code bw_tenants_over(bw_catalog catalog, const struct bw_store_calls *calls, const struct bw_keeping *keeping, bw_tenants *tenants);

// Another handle for the same tenants. Handles are cheap to use, and cheapest where each thread has its own.
bw_code bw_tenants_share(bw_tenants tenants, bw_tenants *another);

// Takes in what other processes have appended until now, and says how many changes were news. Call it again and again.
bw_code bw_follow(bw_tenants tenants, size_t *news);

// Sees to it that what is known of an organization is at least of a version, and says of which it is: where that was handed on by another
// process, nothing older is answered from now on. `BW_STORE_RETRY` where the store has less.
bw_code bw_at_least(bw_tenants tenants, const struct bw_id *organization, uint64_t version, uint64_t *known);

// Carries out a command, written `{"create_workspace":{"workspace":"…","name":"Production"}}`: its name and its fields as the crate
// documents them; ids are UUIDs in text, times milliseconds, secrets lists of the 32 bytes of their hash.
//
// A refusal is its code, and `bw_failure` has its facts. Nothing has changed then, nor with any other code but `BW_STORE_UNKNOWN`: give the
// command again, under the same `context.command`.
//
// `made` (or `NULL`) gets the organization that it was about: of a sign-up the one that there was already, if there was one. `version` (or
// `NULL`) gets the version that it has now. `outcome` (or `NULL`) gets `{"organization":…,"version":…,"records":[…],"effects":[…],
// "left_out":[…]}`: what happened, what there is to do about it, and who was left out of a batch; the text is the caller's to give back.
bw_code bw_command(bw_tenants tenants,
                   const struct bw_id *organization,
                   const struct bw_context *context,
                   struct bw_str json,
                   struct bw_id *made,
                   uint64_t *version,
                   bw_text *outcome);

// Removes a user whose account is deleted from every organization, and deletes their personal one. `BW_REFUSED_LAST_OWNER` while a team
// organization would be left without an owner; `bw_failure` names it. `organizations` (or `NULL`) gets the ids, as JSON.
bw_code bw_erase_user(bw_tenants tenants, const struct bw_id *user, const struct bw_facts *facts, bw_text *organizations);

// How an organization stands at a time, as JSON: its snapshot, seats, counts, what its plan gives, and what is wrong with it (nothing).
// `null` for one that there is not. The text is the caller's to give back.
bw_code bw_organization_json(bw_tenants tenants, const struct bw_id *organization, uint64_t now, bw_text *json);

// The organizations of a user, in order of ids, beginning after one (`NULL` from the first): as many as there is room for, and there has to be
// room for one. `count` gets how many there were; where that is `room`, ask again after the last.
bw_code bw_organizations_of(bw_tenants tenants,
                            const struct bw_id *user,
                            const struct bw_id *after,
                            struct bw_id *organizations,
                            size_t room,
                            size_t *count);

// A record, in answer to `records`: its version and its text as it was appended.
bw_code bw_reply_record(bw_reply reply, uint64_t version, const char *text, size_t length);

// A place, in answer to `find`.
bw_code bw_reply_place(bw_reply reply, const struct bw_place *place);

// An id, in answer to `organizations` and `resources`.
bw_code bw_reply_id(bw_reply reply, const struct bw_id *id);

// A stream that has changed, in answer to `changes`.
bw_code bw_reply_change(bw_reply reply, const struct bw_change *change);

// Where to go on, in answer to `changes`, and whether that was all there was (0 for no). Has to be said once.
bw_code bw_reply_cursor(bw_reply reply, uint64_t cursor, uint8_t is_all);

// Carries out a command about the shares on a resource, written `{"give_share":{"share":"…","to":{"user":"…"},"level":["script.view"]}}`.
// The shares in `on` are not asked; those of the store are. `records` (or `NULL`) gets what happened, as JSON.
bw_code bw_share_command(bw_tenants tenants,
                         const struct bw_id *organization,
                         const struct bw_resource *on,
                         const struct bw_context *context,
                         struct bw_str json,
                         bw_text *records);

// Follows a public link by the hash of its secret, and counts that where its uses are counted.
bw_code bw_follow_link(bw_tenants tenants, const struct bw_secret *secret, const struct bw_facts *facts, struct bw_followed *followed);

// Claims what waits for an address, written `{"verified":"ada@example.com"}`, for the user who acts. `shares` (or `NULL`) gets what was claimed,
// as JSON.
bw_code bw_claim_shares(bw_tenants tenants,
                        struct bw_str address,
                        const struct bw_context *context,
                        bw_text *shares);

// The bytes of a text: UTF-8, ended by a zero; `NULL` for what is no text. They live until the text is given back.
const char *bw_text_data(bw_text text);

// How many bytes a text has, the zero at its end not counted; 0 for what is no text.
size_t bw_text_length(bw_text text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#ifdef __cplusplus
extern "C" {
#endif

// The id of a number of the caller's own, such as a row's; 0 is no id.
static inline bw_id bw_id_of(uint64_t number) {
    bw_id id = {{0}};
    for (int at = 15; number != 0; at--, number >>= 8) id.bytes[at] = (uint8_t)number;
    return id;
}

// Whether a permission is in a set: what bw_allows does, without a call.
static inline bool bw_set_has(const bw_set *set, uint16_t permission) {
    return permission < 256 && ((set->words[permission >> 6] >> (permission & 63)) & 1) != 0;
}

// Puts a permission or feature into a set.
static inline void bw_set_add(bw_set *set, uint16_t position) {
    if (position < 256) set->words[position >> 6] |= (uint64_t)1 << (position & 63);
}

#ifdef __cplusplus
}
#endif
