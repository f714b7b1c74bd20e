// Calls that cannot be, stores that fail and lie, threads in each other's way: each gets a code, and nothing falls over.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bailiwick.h"
#include "tables/store.h"

static int expected_ones, wrong_ones;

#define EXPECT(wanted, call) expect(wanted, call, #call, __LINE__)
#define HOLDS(condition) expect(1, (condition) ? 1 : 0, #condition, __LINE__)

static void expect(bw_code wanted, bw_code found, const char *call, int line) {
    expected_ones++;
    if (wanted == found) return;
    wrong_ones++;
    printf("hostile.c:%d: expected %u, found %u (%s)\n    %s\n", line, wanted, found, bw_message() == NULL ? "" : bw_message(), call);
}

static const uint64_t NOW = UINT64_C(1795000000000);
static const bw_target ORGANIZATION = {BW_TARGET_ORGANIZATION, {{0}}, NULL};

static bw_actor user(uint64_t number) { return (bw_actor){BW_ACTOR_USER, bw_id_of(number), {{0}}}; }
static bw_facts at(uint64_t now) { return (bw_facts){.now = now}; }
static bw_context by(uint64_t number) { return (bw_context){user(number), at(NOW), {{0}}}; }

static bw_catalog cloud(void) {
    bw_catalog catalog = 0;
    EXPECT(BW_OK, bw_catalog_preset(BW_STR("cloud"), &catalog));
    return catalog;
}

#define CREATE "{\"create_organization\":{\"name\":\"Acme\",\"plan\":\"team\",\"seats\":5,\"owned\":0,\"workspace\":\"00000000-0000-0000-0000-000000000001\"}}"
#define RENAME "{\"rename\":{\"name\":\"Other\"}}"

static bw_code create(bw_tenants tenants, uint64_t organization) {
    bw_id id = bw_id_of(organization);
    bw_context context = by(1);
    return bw_command(tenants, &id, &context, BW_STR(CREATE), NULL, NULL, NULL);
}

static bw_code rename_it(bw_tenants tenants, uint64_t organization) {
    bw_id id = bw_id_of(organization);
    bw_context context = by(1);
    return bw_command(tenants, &id, &context, BW_STR(RENAME), NULL, NULL, NULL);
}

static bw_code check(bw_tenants tenants, uint64_t organization, uint64_t who, uint16_t permission) {
    bw_id id = bw_id_of(organization);
    bw_actor actor = user(who);
    bw_facts facts = at(NOW);
    return bw_check(tenants, &id, &actor, permission, &ORGANIZATION, &facts);
}

static void handles(void) {
    bw_catalog catalog = cloud();
    bw_tenants tenants, shared;
    bw_text text;
    uint16_t permission;
    EXPECT(BW_OK, bw_tenants_in_memory(catalog, NULL, &tenants));
    EXPECT(BW_OK, create(tenants, 1));
    EXPECT(BW_ERROR_NULL, bw_permission_of(0, BW_STR("operation.run"), &permission));
    EXPECT(BW_ERROR_WRONG_KIND, bw_permission_of(tenants, BW_STR("operation.run"), &permission));
    EXPECT(BW_ERROR_WRONG_KIND, check(catalog, 1, 1, 0));
    EXPECT(BW_ERROR_NO_HANDLE, check(tenants + 1, 1, 1, 0));
    EXPECT(BW_ERROR_NO_HANDLE, check(tenants ^ (UINT64_C(1) << 40), 1, 1, 0));
    EXPECT(BW_ERROR_NO_HANDLE, check(UINT64_MAX, 1, 1, 0));
    EXPECT(BW_ERROR_NO_HANDLE, check(12345, 1, 1, 0));
    EXPECT(BW_ERROR_NULL, bw_free(0));
    EXPECT(BW_ERROR_NO_HANDLE, bw_free(77));
    HOLDS(bw_text_data(tenants) == NULL && bw_text_length(tenants) == 0 && bw_text_data(0) == NULL);
    HOLDS(!bw_allows(tenants, 0) && !bw_allows(0, 0) && !bw_allows(UINT64_MAX, 65535));

    // What is given back in any order goes on as long as something needs it.
    bw_access_handle access;
    bw_id organization = bw_id_of(1);
    bw_actor ada = user(1);
    bw_facts facts = at(NOW);
    EXPECT(BW_OK, bw_permission_of(catalog, BW_STR("organization.settings.edit"), &permission));
    EXPECT(BW_OK, bw_access(tenants, &organization, &ada, &ORGANIZATION, &facts, &access));
    EXPECT(BW_OK, bw_tenants_share(tenants, &shared));
    EXPECT(BW_OK, bw_free(catalog));
    EXPECT(BW_OK, bw_free(tenants));
    EXPECT(BW_ERROR_NO_HANDLE, bw_free(tenants));
    EXPECT(BW_ERROR_NO_HANDLE, check(tenants, 1, 1, permission));
    EXPECT(BW_OK, check(shared, 1, 1, permission));
    EXPECT(BW_OK, bw_free(shared));
    HOLDS(bw_allows(access, permission));
    EXPECT(BW_OK, bw_access_check(access, permission));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_access_check(access, 255));
    HOLDS(!bw_allows(access, 255) && !bw_allows(access, 256) && !bw_allows(access, 65535));
    bw_set none = {{0}}, strange = {{0, 0, 0, UINT64_C(1) << 63}};
    bw_access_handle narrowed;
    EXPECT(BW_OK, bw_access_restrict(access, &none, &narrowed));
    EXPECT(BW_DENY_RESTRICTED, bw_access_check(narrowed, permission));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_access_restrict(access, &strange, &narrowed));
    EXPECT(BW_OK, bw_free(narrowed));
    EXPECT(BW_OK, bw_free(access));
    HOLDS(!bw_allows(access, permission));
    EXPECT(BW_ERROR_NO_HANDLE, bw_access_check(access, permission));
    EXPECT(BW_OK, bw_failure(&text));
    HOLDS(strstr(bw_text_data(text), "\"code\":\"no_handle\"") != NULL && bw_text_length(text) == strlen(bw_text_data(text)));
    EXPECT(BW_OK, bw_free(text));
    EXPECT(BW_ERROR_NO_HANDLE, bw_free(text));
}

static void values(void) {
    bw_catalog catalog = cloud(), other = 0;
    bw_tenants tenants;
    uint16_t permission = 0;
    bw_text text;
    EXPECT(BW_OK, bw_tenants_in_memory(catalog, NULL, &tenants));
    EXPECT(BW_OK, create(tenants, 1));
    EXPECT(BW_OK, bw_permission_of(catalog, BW_STR("organization.settings.edit"), &permission));
    bw_id acme = bw_id_of(1), zero = {{0}};
    bw_actor ada = user(1), nobody = {99, bw_id_of(1), {{0}}}, absent = user(0), staff = {BW_ACTOR_STAFF, bw_id_of(1), {{0}}};
    bw_facts facts = at(NOW), listed = {.now = NOW, .organization_count = 3}, provided = {.now = NOW, .provider = 900};
    bw_facts featured = {.now = NOW, .features = {{0, 0, 0, 1}}};
    bw_target strange = {42, {{0}}, NULL}, nowhere = {BW_TARGET_WORKSPACE, {{0}}, NULL}, nothing = {BW_TARGET_RESOURCE, {{0}}, NULL};
    bw_context context = by(1), platform = {{BW_ACTOR_SYSTEM, {{0}}, {{0}}}, at(NOW), {{0}}};

    EXPECT(BW_ERROR_NULL, bw_catalog_preset(BW_STR("cloud"), NULL));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_catalog_preset(BW_STR("clod"), &other));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_catalog_preset((bw_str){NULL, 0}, &other));
    EXPECT(BW_ERROR_NULL, bw_catalog_preset((bw_str){NULL, 5}, &other));
    EXPECT(BW_ERROR_BAD_LENGTH, bw_catalog_preset((bw_str){"cloud", SIZE_MAX}, &other));
    EXPECT(BW_ERROR_BAD_UTF8, bw_catalog_preset(BW_STR("clo\xff\x64"), &other));
    HOLDS(other == 0);

    EXPECT(BW_ERROR_NULL, bw_check(tenants, NULL, &ada, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_NULL, bw_check(tenants, &acme, NULL, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_NULL, bw_check(tenants, &acme, &ada, permission, NULL, &facts));
    EXPECT(BW_ERROR_NULL, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, NULL));
    EXPECT(BW_ERROR_BAD_ID, bw_check(tenants, &zero, &ada, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_BAD_ID, bw_check(tenants, &acme, &absent, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_BAD_ID, bw_check(tenants, &acme, &staff, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_BAD_VALUE, bw_check(tenants, &acme, &nobody, permission, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_BAD_VALUE, bw_check(tenants, &acme, &ada, permission, &strange, &facts));
    EXPECT(BW_ERROR_BAD_ID, bw_check(tenants, &acme, &ada, permission, &nowhere, &facts));
    EXPECT(BW_ERROR_NULL, bw_check(tenants, &acme, &ada, permission, &nothing, &facts));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_check(tenants, &acme, &ada, 255, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_check(tenants, &acme, &ada, 65535, &ORGANIZATION, &facts));
    EXPECT(BW_ERROR_NULL, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, &listed));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, &provided));
    EXPECT(BW_ERROR_UNKNOWN_NAME, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, &featured));
    listed.organizations = &zero, listed.organization_count = 1;
    EXPECT(BW_ERROR_BAD_ID, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, &listed));
    listed.organization_count = SIZE_MAX;
    EXPECT(BW_ERROR_BAD_LENGTH, bw_check(tenants, &acme, &ada, permission, &ORGANIZATION, &listed));
    EXPECT(BW_ERROR_BAD_VALUE, bw_explain(tenants, &acme, &ada, permission, &ORGANIZATION, &facts, 9, &text));
    EXPECT(BW_ERROR_NULL, bw_explain(tenants, &acme, &ada, permission, &ORGANIZATION, &facts, BW_AS_TEXT, NULL));
    EXPECT(BW_DENY_NOT_FOUND, check(tenants, 7, 1, permission));
    EXPECT(BW_DENY_NOT_FOUND, check(tenants, 1, 7, permission));

    // A list is asked as far as it can be, and all of it gets the code when it cannot be asked at all.
    bw_question questions[70];
    bw_code codes[70];
    for (int i = 0; i < 70; i++) questions[i] = (bw_question){acme, zero, ada, permission}, codes[i] = 0;
    questions[1].organization = zero;
    questions[2].permission = 255;
    questions[69].actor = user(7);
    EXPECT(BW_OK, bw_check_each(tenants, questions, 70, &facts, codes));
    HOLDS(codes[0] == BW_OK && codes[1] == BW_ERROR_BAD_ID && codes[2] == BW_ERROR_UNKNOWN_NAME && codes[68] == BW_OK && codes[69] == BW_DENY_NOT_FOUND);
    EXPECT(BW_ERROR_NULL, bw_check_each(tenants, questions, 70, NULL, codes));
    HOLDS(codes[0] == BW_ERROR_NULL && codes[69] == BW_ERROR_NULL);
    EXPECT(BW_ERROR_NO_HANDLE, bw_check_each(tenants + 1, questions, 70, &facts, codes));
    HOLDS(codes[0] == BW_ERROR_NO_HANDLE && codes[69] == BW_ERROR_NO_HANDLE);
    EXPECT(BW_ERROR_NULL, bw_check_each(tenants, NULL, 70, &facts, codes));
    EXPECT(BW_ERROR_NULL, bw_check_each(tenants, questions, 70, &facts, NULL));
    EXPECT(BW_ERROR_BAD_LENGTH, bw_check_each(tenants, questions, SIZE_MAX / 2, &facts, codes));
    EXPECT(BW_OK, bw_check_each(tenants, NULL, 0, &facts, NULL));

    // Texts.
    static const char *const bad[] = {"", "{", "[]", "{\"invent\":{}}", "{\"rename\":{}}", "{\"rename\":{\"name\":7}}",
                                      "{\"rename\":{\"name\":\"x\",\"colour\":1}}", "{\"rename\":{\"name\":\"\"}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        EXPECT(BW_ERROR_BAD_JSON, bw_command(tenants, &acme, &context, (bw_str){bad[i], strlen(bad[i])}, NULL, NULL, NULL));
    size_t length = 5 << 20;
    char *deep = malloc(length);
    memset(deep, '[', length);
    EXPECT(BW_ERROR_BAD_LENGTH, bw_command(tenants, &acme, &context, (bw_str){deep, length}, NULL, NULL, NULL));
    EXPECT(BW_ERROR_BAD_JSON, bw_command(tenants, &acme, &context, (bw_str){deep, 1 << 20}, NULL, NULL, NULL));
    EXPECT(BW_ERROR_BAD_JSON, bw_catalog_from_json((bw_str){deep, 1 << 20}, &other));
    free(deep);
    EXPECT(BW_ERROR_BAD_UTF8, bw_command(tenants, &acme, &context, BW_STR("{\"rename\":{\"name\":\"\xc3\x28\"}}"), NULL, NULL, NULL));

    const char *mistaken = "{\"name\":\"x\",\"permissions\":[{\"key\":\"note.read\",\"scope\":\"workspace\",\"colour\":1}],\"roles\":[{\"key\":\"owner\",\"permissions\":[\"note.raed\"]}]}";
    EXPECT(BW_ERROR_BAD_CATALOG, bw_catalog_from_json((bw_str){mistaken, strlen(mistaken)}, &other));
    EXPECT(BW_OK, bw_failure(&text));
    HOLDS(strstr(bw_text_data(text), "\"path\":\"permissions[0].colour\"") != NULL && strstr(bw_text_data(text), "did you mean `note.read`") != NULL);
    EXPECT(BW_OK, bw_free(text));

    // A refusal has its facts, and what is handed out is left alone.
    bw_text untouched = 12;
    EXPECT(BW_REFUSED_UNKNOWN_PERSON, bw_command(tenants, &acme, &context, BW_STR("{\"suspend\":{\"user\":\"00000000-0000-0000-0000-000000000009\"}}"), NULL, NULL, &untouched));
    HOLDS(untouched == 12 && strcmp(bw_message(), "there is no such person in this organization") == 0);
    EXPECT(BW_REFUSED_UNKNOWN_ROLE, bw_command(tenants, &acme, &platform, BW_STR("{\"add_member\":{\"user\":\"00000000-0000-0000-0000-000000000009\",\"roles\":[\"amdin\"]}}"), NULL, NULL, NULL));
    EXPECT(BW_OK, bw_failure(&text));
    HOLDS(strstr(bw_text_data(text), "\"facts\":{\"key\":\"amdin\",\"meant\":\"admin\"}") != NULL);
    EXPECT(BW_OK, bw_free(text));

    // Accounts.
    bw_issue issue = {bw_id_of(1), NOW}, unkeyed = {{{0}}, NOW};
    bw_work work = {{{0}}, {{0}}, BW_STR("llm")}, bad_work = {{{0}}, {{0}}, BW_STR("LLM!")};
    bw_id hold = bw_id_of(1);
    bw_promise promise = {10, NOW + 60000, 9, 0, 0};
    EXPECT(BW_ERROR_BAD_ID, bw_charge(tenants, &acme, &unkeyed, &work, &ada, &facts, &hold, 1, NULL));
    EXPECT(BW_ERROR_BAD_VALUE, bw_charge(tenants, &acme, &issue, &bad_work, &ada, &facts, &hold, 1, NULL));
    EXPECT(BW_ERROR_NULL, bw_charge(tenants, &acme, NULL, &work, &ada, &facts, &hold, 1, NULL));
    EXPECT(BW_ERROR_BAD_VALUE, bw_hold(tenants, &acme, &issue, &work, &ada, &facts, &hold, &promise, NULL));
    EXPECT(BW_LEDGER_ZERO_AMOUNT, bw_charge(tenants, &acme, &issue, &work, &ada, &facts, &hold, 0, NULL));
    EXPECT(BW_LEDGER_NOT_ENOUGH, bw_charge(tenants, &acme, &issue, &work, &ada, &facts, &hold, UINT64_MAX, NULL));
    EXPECT(BW_REFUSED_PLATFORM_ONLY, bw_order(tenants, &acme, &issue, &ada, NOW, BW_STR("{\"set_allowance\":{\"as_of\":1,\"allowance\":{\"renewal\":\"given\",\"anchor\":0,\"allocation\":1,\"rollover\":\"none\",\"rollover_periods\":null,\"midway\":\"full\",\"alerts_percent\":[],\"meters\":[]}}}"), NULL));
    EXPECT(BW_ERROR_BAD_JSON, bw_ask_ledger(tenants, &acme, NOW, BW_STR("\"everything\""), &text));
    bw_ledger ledger;
    EXPECT(BW_ERROR_BAD_JSON, bw_ledger_new(&acme, BW_STR("{\"burn\":[\"luck\"]}"), &ledger));
    EXPECT(BW_OK, bw_ledger_new(&acme, BW_STR("{}"), &ledger));
    EXPECT(BW_ERROR_BAD_JSON, bw_ledger_order(ledger, &ada, NOW, BW_STR("{}"), NULL));
    EXPECT(BW_ERROR_BAD_JSON, bw_ledger_replay(ledger, BW_STR("{}")));
    EXPECT(BW_ERROR_WRONG_KIND, bw_ledger_ask(tenants, NOW, BW_STR("\"lots\""), &text));
    EXPECT(BW_OK, bw_free(ledger));

    HOLDS(bw_code_name(899) == NULL && bw_code_text(UINT32_MAX) == NULL && strcmp(bw_code_name(BW_DENY_NOT_GRANTED), "not_granted") == 0);
    EXPECT(BW_OK, bw_free(tenants));
    EXPECT(BW_OK, bw_free(catalog));
}

// ---- Stores that fail and lie ----

typedef enum lie {
    NONE, FAILS, RETRIES, DOUBTS, ODD_CODE, ODD_ANSWER, SAYS_NOTHING, CLAIMED_BY_NOBODY, REPLAYED_BACKWARDS, NO_JSON, GAP, TOO_MANY, OTHER_KIND,
    CALLS_BACK, KEEPS_REPLY, OTHER_THREAD, NO_CURSOR, ZERO_PLACE
} lie;

typedef struct liar {
    bw_store_calls honest;
    lie tells;
    bw_tenants tenants;
    bw_code inner;
    bw_reply reply;
} liar;

static liar IT;

static void *reply_elsewhere(void *unused) {
    (void)unused;
    IT.inner = bw_reply_record(IT.reply, 1, "{}", 2);
    return NULL;
}

static bw_code lying_records(void *user, const bw_stream *stream, uint64_t after, size_t limit, bw_reply reply) {
    pthread_t thread;
    bw_id id = bw_id_of(1);
    const char *record = "{\"version\":7,\"at\":0,\"by\":\"system\",\"event\":\"organization_restored\"}";
    switch (IT.tells) {
        case FAILS: return BW_STORE_FATAL;
        case RETRIES: return BW_STORE_RETRY;
        case DOUBTS: return BW_STORE_UNKNOWN;
        case ODD_CODE: return 4711;
        case NO_JSON: return bw_reply_record(reply, 1, "what?", 5);
        case GAP: return bw_reply_record(reply, 7, record, strlen(record));
        case TOO_MANY:
            for (size_t i = 0; i <= limit; i++) IT.inner = bw_reply_record(reply, i + 1, record, strlen(record));
            return BW_OK;
        case OTHER_KIND: IT.inner = bw_reply_id(reply, &id); return BW_OK;
        case CALLS_BACK:
            IT.inner = check(IT.tenants, 1, 1, 0);
            if (bw_free(IT.tenants) != BW_ERROR_REENTERED || bw_text_data(IT.tenants) != NULL) abort();
            return BW_OK;
        case KEEPS_REPLY: IT.reply = reply; return BW_OK;
        case OTHER_THREAD:
            IT.reply = reply;
            if (pthread_create(&thread, NULL, reply_elsewhere, NULL) != 0) abort();
            pthread_join(thread, NULL);
            return BW_OK;
        default: return IT.honest.records(user, stream, after, limit, reply);
    }
}

static bw_code lying_append(void *user, const bw_append *append, bw_append_answer *answer) {
    switch (IT.tells) {
        case FAILS: return BW_STORE_FATAL;
        case RETRIES: return BW_STORE_RETRY;
        case DOUBTS: return BW_STORE_UNKNOWN;
        case ODD_CODE: return 4711;
        case SAYS_NOTHING: return BW_OK;
        case ODD_ANSWER: answer->what = 42; return BW_OK;
        case CLAIMED_BY_NOBODY: answer->what = BW_APPEND_CLAIMED; return BW_OK;
        case REPLAYED_BACKWARDS: *answer = (bw_append_answer){BW_APPEND_REPLAYED, 5, 2, {{0}}}; return BW_OK;
        default: return IT.honest.append(user, append, answer);
    }
}

static bw_code lying_find(void *user, bw_str key, const bw_id *within, const bw_place *after, size_t limit, bw_reply reply) {
    bw_place nowhere = {{{0}}, {{0}}, {{0}}};
    if (IT.tells == ZERO_PLACE) return bw_reply_place(reply, &nowhere);
    return IT.honest.find(user, key, within, after, limit, reply);
}

static bw_code lying_changes(void *user, const uint64_t *after, size_t limit, bw_reply reply) {
    return IT.tells == NO_CURSOR ? BW_OK : IT.honest.changes(user, after, limit, reply);
}

// Tenants over a store that lies, with organization 1 made while it was honest, and none of it loaded.
static void begin_lies(bw_catalog catalog) {
    bw_store_calls calls = store_new(), first;
    IT = (liar){.honest = calls};
    calls.records = lying_records, calls.append = lying_append, calls.find = lying_find, calls.changes = lying_changes;
    first = calls;
    first.drop = NULL;
    bw_tenants before;
    EXPECT(BW_OK, bw_tenants_over(catalog, &first, NULL, &before));
    EXPECT(BW_OK, create(before, 1));
    EXPECT(BW_OK, bw_free(before));
    EXPECT(BW_OK, bw_tenants_over(catalog, &calls, NULL, &IT.tenants));
}

static void lies(void) {
    static const struct { lie tells; bw_code reading, writing; } TOLD[] = {
        {FAILS, BW_STORE_FATAL, BW_STORE_FATAL},
        {RETRIES, BW_STORE_RETRY, BW_STORE_RETRY},
        {DOUBTS, BW_STORE_FATAL, BW_STORE_UNKNOWN},
        {ODD_CODE, BW_STORE_FATAL, BW_STORE_FATAL},
        {NO_JSON, BW_STORE_FATAL, 0},
        {GAP, BW_STORE_FATAL, 0},
        {SAYS_NOTHING, 0, BW_STORE_UNKNOWN},
        {ODD_ANSWER, 0, BW_STORE_UNKNOWN},
        {CLAIMED_BY_NOBODY, 0, BW_STORE_UNKNOWN},
        {REPLAYED_BACKWARDS, 0, BW_STORE_UNKNOWN},
    };
    bw_catalog catalog = cloud();
    for (size_t i = 0; i < sizeof TOLD / sizeof *TOLD; i++) {
        begin_lies(catalog);
        IT.tells = TOLD[i].tells;
        if (TOLD[i].reading != 0) EXPECT(TOLD[i].reading, check(IT.tenants, 1, 1, 0));
        IT.tells = NONE;
        HOLDS(check(IT.tenants, 1, 1, 0) < 100);
        IT.tells = TOLD[i].tells;
        // What somebody has in doubt is asked again and again, and in the end said.
        if (TOLD[i].writing != 0) EXPECT(TOLD[i].writing, rename_it(IT.tenants, 1));
        IT.tells = NONE;
        EXPECT(BW_OK, rename_it(IT.tenants, 1));
        EXPECT(BW_OK, bw_free(IT.tenants));
    }

    static const struct { lie tells; bw_code inner; } INNER[] = {
        {TOO_MANY, BW_ERROR_BAD_LENGTH}, {OTHER_KIND, BW_ERROR_BAD_VALUE}, {CALLS_BACK, BW_ERROR_REENTERED}, {OTHER_THREAD, BW_ERROR_WRONG_THREAD},
    };
    for (size_t i = 0; i < sizeof INNER / sizeof *INNER; i++) {
        begin_lies(catalog);
        IT.tells = INNER[i].tells;
        (void)check(IT.tenants, 1, 1, 0);
        EXPECT(INNER[i].inner, IT.inner);
        IT.tells = NONE;
        EXPECT(BW_OK, bw_free(IT.tenants));
    }
    begin_lies(catalog);
    IT.tells = KEEPS_REPLY;
    EXPECT(BW_DENY_NOT_FOUND, check(IT.tenants, 1, 1, 0));
    EXPECT(BW_ERROR_NO_HANDLE, bw_reply_record(IT.reply, 1, "{}", 2));
    EXPECT(BW_ERROR_WRONG_KIND, bw_reply_record(IT.tenants, 1, "{}", 2));
    bw_id ada = bw_id_of(1), found[4];
    size_t count = 0;
    IT.tells = ZERO_PLACE;
    EXPECT(BW_STORE_FATAL, bw_organizations_of(IT.tenants, &ada, NULL, found, 4, &count));
    IT.tells = NONE;
    EXPECT(BW_OK, bw_organizations_of(IT.tenants, &ada, NULL, found, 4, &count));
    HOLDS(count == 1);
    EXPECT(BW_ERROR_NULL, bw_organizations_of(IT.tenants, &ada, NULL, NULL, 4, &count));
    count = 7;
    EXPECT(BW_ERROR_BAD_LENGTH, bw_organizations_of(IT.tenants, &ada, NULL, found, 0, &count));
    EXPECT(BW_ERROR_BAD_LENGTH, bw_organizations_of(IT.tenants, &ada, NULL, NULL, 0, &count));
    HOLDS(count == 7);
    IT.tells = NO_CURSOR;
    EXPECT(BW_STORE_FATAL, bw_follow(IT.tenants, NULL));
    IT.tells = NONE;
    EXPECT(BW_OK, bw_follow(IT.tenants, NULL));
    EXPECT(BW_OK, bw_free(IT.tenants));

    bw_store_calls calls = store_new(), wrong_size = calls, incomplete = calls;
    bw_tenants tenants;
    wrong_size.size--;
    incomplete.erase = NULL;
    EXPECT(BW_ERROR_BAD_LENGTH, bw_tenants_over(catalog, &wrong_size, NULL, &tenants));
    EXPECT(BW_ERROR_NULL, bw_tenants_over(catalog, &incomplete, NULL, &tenants));
    EXPECT(BW_ERROR_NULL, bw_tenants_over(catalog, NULL, NULL, &tenants));
    calls.drop(calls.user);
    EXPECT(BW_OK, bw_free(catalog));
}

// ---- Two processes, by their stores ----

static void followers(const char *scratch) {
    char path[4096];
    bw_catalog catalog = cloud();
    bw_tenants here, there;
    bw_keeping strict = {0, 1, 0};
    size_t news = 0;
    uint64_t version = 0;
    bw_id acme = bw_id_of(1);
    snprintf(path, sizeof path, "%s/followed.db", scratch);
    bw_str file = {path, strlen(path)};
    EXPECT(BW_OK, bw_tenants_in_file(catalog, file, NULL, &here));
    EXPECT(BW_OK, bw_tenants_in_file(catalog, file, NULL, &there));
    EXPECT(BW_OK, bw_follow(there, NULL));
    EXPECT(BW_OK, create(here, 1));
    EXPECT(BW_OK, check(there, 1, 1, 0) < 100 ? BW_OK : 1);
    EXPECT(BW_OK, rename_it(here, 1));
    EXPECT(BW_OK, bw_follow(there, &news));
    HOLDS(news >= 1);
    EXPECT(BW_OK, bw_at_least(there, &acme, 2, &version));
    HOLDS(version >= 2);
    EXPECT(BW_STORE_RETRY, bw_at_least(there, &acme, 1000, &version));
    EXPECT(BW_OK, bw_free(there));
    EXPECT(BW_OK, bw_tenants_in_file(catalog, file, &strict, &there));
    usleep(20000);
    EXPECT(BW_STORE_STALE, check(there, 1, 1, 0));
    EXPECT(BW_OK, bw_free(there));
    EXPECT(BW_OK, bw_free(here));
    EXPECT(BW_STORE_FATAL, bw_tenants_in_file(catalog, BW_STR("/nowhere/at/all.db"), NULL, &here));
    EXPECT(BW_STORE_FATAL, bw_tenants_in_file(catalog, BW_STR("a\0b"), NULL, &here));
    EXPECT(BW_OK, bw_free(catalog));
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char name[4128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        remove(name);
    }
}

// ---- Threads ----

static bw_tenants COMMON;
static bw_access_handle RESOLVED;

static void *asking(void *yes) {
    uint64_t seen = 0;
    for (;;) {
        bw_code code = check(COMMON, 1, 1, 0);
        (void)bw_allows(RESOLVED, 0);
        if (code == BW_ERROR_NO_HANDLE) break;
        seen++;
    }
    *(uint64_t *)yes = seen;
    return NULL;
}

// Some ask for as long as there is something to ask; it is given back under them.
static void threads(void) {
    bw_catalog catalog = cloud();
    bw_id acme = bw_id_of(1);
    bw_actor ada = user(1);
    bw_facts facts = at(NOW);
    for (int round = 0; round < 20; round++) {
        pthread_t running[3];
        uint64_t seen[3];
        EXPECT(BW_OK, bw_tenants_in_memory(catalog, NULL, &COMMON));
        EXPECT(BW_OK, create(COMMON, 1));
        EXPECT(BW_OK, bw_access(COMMON, &acme, &ada, &ORGANIZATION, &facts, &RESOLVED));
        for (int i = 0; i < 3; i++)
            if (pthread_create(&running[i], NULL, asking, &seen[i]) != 0) abort();
        usleep(2000);
        EXPECT(BW_OK, bw_free(RESOLVED));
        EXPECT(BW_OK, bw_free(COMMON));
        for (int i = 0; i < 3; i++) pthread_join(running[i], NULL);
    }
    EXPECT(BW_OK, bw_free(catalog));
}

int main(int count, char **arguments) {
    if (count > 2 && strcmp(arguments[2], "leak") == 0) return (int)(cloud() == 0 || malloc(100) == NULL);
    handles();
    values();
    lies();
    followers(count > 1 ? arguments[1] : "/tmp");
    threads();
    printf("%d hostile calls, %d answered otherwise\n", expected_ones, wrong_ones);
    return wrong_ones > 0;
}
