#include "store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct record {
    bw_stream stream;
    uint64_t version;
    char *text;
    size_t length;
} record;

typedef struct key {
    char *text;
    size_t length;
    bw_place place;
} key;

typedef struct operation {
    bw_id organization, id;
    uint64_t from, to;
} operation;

typedef struct used {
    bw_id organization, link;
    uint32_t count;
} used;

// When each stream was appended to last; of an erasure `erased`.
typedef struct moment {
    bw_stream stream;
    bool erased;
    uint64_t at;
} moment;

#define LIST(type) struct { type *items; size_t count, room; }

typedef struct store {
    pthread_mutex_t lock;
    LIST(record) records;
    LIST(key) keys;
    LIST(operation) operations;
    LIST(used) uses;
    LIST(moment) moments;
    uint64_t now;
} store;

#define PUSH(list, ...)                                                              \
    do {                                                                             \
        if ((list).count == (list).room) {                                           \
            (list).room = (list).room * 2 + 16;                                      \
            (list).items = realloc((list).items, (list).room * sizeof *(list).items); \
            if ((list).items == NULL) abort();                                       \
        }                                                                            \
        (list).items[(list).count++] = __VA_ARGS__;                                  \
    } while (0)

static bool same_id(const bw_id *one, const bw_id *other) { return memcmp(one, other, sizeof *one) == 0; }

static bool same_stream(const bw_stream *one, const bw_stream *other) {
    return one->kind == other->kind && same_id(&one->organization, &other->organization) && same_id(&one->resource, &other->resource);
}

static int compare_places(const bw_place *one, const bw_place *other) { return memcmp(one, other, sizeof *one); }

static char *copy_of(bw_str text) {
    char *copy = malloc(text.length + 1);
    if (copy == NULL) abort();
    memcpy(copy, text.data, text.length);
    return copy;
}

static uint64_t version_of(const store *s, const bw_stream *stream) {
    uint64_t version = 0;
    for (size_t at = 0; at < s->records.count; at++)
        if (same_stream(&s->records.items[at].stream, stream)) version = s->records.items[at].version;
    return version;
}

static bool is_key(const key *kept, bw_str text) { return kept->length == text.length && memcmp(kept->text, text.data, text.length) == 0; }

static void touch(store *s, const bw_stream *stream, bool erased) {
    for (size_t at = 0; at < s->moments.count; at++)
        if (s->moments.items[at].erased == erased && same_stream(&s->moments.items[at].stream, stream))
            s->moments.items[at--] = s->moments.items[--s->moments.count];
    PUSH(s->moments, (moment){*stream, erased, ++s->now});
}

static bw_code records(void *user, const bw_stream *stream, uint64_t after, size_t limit, bw_reply reply) {
    store *s = user;
    bw_code code = BW_OK;
    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; at < s->records.count && limit > 0 && code == BW_OK; at++) {
        record *kept = &s->records.items[at];
        if (!same_stream(&kept->stream, stream) || kept->version <= after) continue;
        code = bw_reply_record(reply, kept->version, kept->text, kept->length);
        limit--;
    }
    pthread_mutex_unlock(&s->lock);
    return code;
}

// What would become of an append; changes nothing.
static bw_append_answer judged(const store *s, const bw_append *append) {
    bw_append_answer answer = {BW_APPENDED, 0, 0, {{0}}};
    static const bw_id none = {{0}};
    if (!same_id(&append->operation, &none))
        for (size_t at = 0; at < s->operations.count; at++) {
            operation *known = &s->operations.items[at];
            if (same_id(&known->organization, &append->stream.organization) && same_id(&known->id, &append->operation))
                return (bw_append_answer){BW_APPEND_REPLAYED, known->from, known->to, {{0}}};
        }
    if (version_of(s, &append->stream) != append->expected) return answer.what = BW_APPEND_CONFLICT, answer;
    for (size_t at = 0; at < append->key_count; at++) {
        const bw_key_change *added = &append->keys[at];
        if (!added->added || !added->unique) continue;
        for (size_t i = 0; i < s->keys.count; i++) {
            const key *there = &s->keys.items[i];
            if (!is_key(there, added->key) || compare_places(&there->place, &added->place) == 0) continue;
            bool is_freed = false;
            for (size_t j = 0; j < append->key_count; j++) {
                const bw_key_change *freed = &append->keys[j];
                is_freed = is_freed || (!freed->added && is_key(there, freed->key) && compare_places(&there->place, &freed->place) == 0);
            }
            if (!is_freed) return (bw_append_answer){BW_APPEND_CLAIMED, 0, 0, there->place.organization};
        }
    }
    return answer;
}

static void keep_key(store *s, const bw_key_change *change) {
    for (size_t at = 0; at < s->keys.count; at++)
        if (is_key(&s->keys.items[at], change->key) && compare_places(&s->keys.items[at].place, &change->place) == 0) {
            if (change->added) return;
            free(s->keys.items[at].text);
            s->keys.items[at] = s->keys.items[--s->keys.count];
            return;
        }
    if (change->added) PUSH(s->keys, (key){copy_of(change->key), change->key.length, change->place});
}

static bw_code append(void *user, const bw_append *asked, bw_append_answer *answer) {
    static const bw_id none = {{0}};
    store *s = user;
    pthread_mutex_lock(&s->lock);
    *answer = judged(s, asked);
    if (answer->what == BW_APPENDED) {
        for (size_t at = 0; at < asked->key_count; at++) keep_key(s, &asked->keys[at]);
        for (size_t at = 0; at < asked->record_count; at++) {
            const bw_record *made = &asked->records[at];
            PUSH(s->records, (record){asked->stream, made->version, copy_of(made->text), made->text.length});
        }
        if (!same_id(&asked->operation, &none))
            PUSH(s->operations, (operation){asked->stream.organization, asked->operation, asked->expected + 1, asked->expected + asked->record_count});
        touch(s, &asked->stream, false);
    }
    pthread_mutex_unlock(&s->lock);
    return BW_OK;
}

static bw_code find_operation(void *user, const bw_id *organization, const bw_id *id, uint64_t *from, uint64_t *to) {
    store *s = user;
    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; at < s->operations.count; at++) {
        operation *known = &s->operations.items[at];
        if (same_id(&known->organization, organization) && same_id(&known->id, id)) *from = known->from, *to = known->to;
    }
    pthread_mutex_unlock(&s->lock);
    return BW_OK;
}

static bw_code find(void *user, bw_str text, const bw_id *within, const bw_place *after, size_t limit, bw_reply reply) {
    store *s = user;
    bw_code code = BW_OK;
    bw_place last;
    pthread_mutex_lock(&s->lock);
    for (; limit > 0 && code == BW_OK; limit--) {
        const bw_place *next = NULL;
        for (size_t at = 0; at < s->keys.count; at++) {
            const bw_place *place = &s->keys.items[at].place;
            if (!is_key(&s->keys.items[at], text) || (within != NULL && !same_id(&place->organization, within))) continue;
            if (after != NULL && compare_places(place, after) <= 0) continue;
            if (next == NULL || compare_places(place, next) < 0) next = place;
        }
        if (next == NULL) break;
        code = bw_reply_place(reply, next);
        last = *next;
        after = &last;
    }
    pthread_mutex_unlock(&s->lock);
    return code;
}

static bw_code count_use(void *user, const bw_id *organization, const bw_id *link, uint32_t uses, uint32_t at_most, uint32_t *before) {
    store *s = user;
    used *found = NULL;
    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; at < s->uses.count; at++)
        if (same_id(&s->uses.items[at].organization, organization) && same_id(&s->uses.items[at].link, link)) found = &s->uses.items[at];
    *before = found == NULL ? 0 : found->count;
    if ((uint64_t)*before + uses <= at_most) {
        if (found != NULL) found->count += uses;
        else PUSH(s->uses, (used){*organization, *link, uses});
    }
    pthread_mutex_unlock(&s->lock);
    return BW_OK;
}

static bw_code changes(void *user, const uint64_t *after, size_t limit, bw_reply reply) {
    store *s = user;
    pthread_mutex_lock(&s->lock);
    uint64_t cursor = after == NULL ? s->now : *after;
    bw_code code = BW_OK;
    size_t given = 0;
    while (after != NULL && given < limit && code == BW_OK) {
        moment *next = NULL;
        for (size_t at = 0; at < s->moments.count; at++) {
            moment *found = &s->moments.items[at];
            if (found->at > cursor && (next == NULL || found->at < next->at)) next = found;
        }
        if (next == NULL) break;
        bw_change change = {next->stream, next->erased ? 0 : version_of(s, &next->stream)};
        code = bw_reply_change(reply, &change);
        cursor = next->at;
        given++;
    }
    bool is_all = given < limit;
    if (code == BW_OK) code = bw_reply_cursor(reply, is_all ? s->now : cursor, is_all);
    pthread_mutex_unlock(&s->lock);
    return code;
}

// Replies with ids in their order: of organizations, or of the resources of one that have a sheet.
static bw_code ids(store *s, const bw_id *within, const bw_id *after, size_t limit, bw_reply reply) {
    bw_code code = BW_OK;
    bw_id last;
    pthread_mutex_lock(&s->lock);
    for (; limit > 0 && code == BW_OK; limit--) {
        const bw_id *next = NULL;
        for (size_t at = 0; at < s->records.count; at++) {
            const bw_stream *stream = &s->records.items[at].stream;
            const bw_id *id = within == NULL ? &stream->organization : &stream->resource;
            if (within != NULL && (stream->kind != BW_STREAM_SHEET || !same_id(&stream->organization, within))) continue;
            if (after != NULL && memcmp(id, after, sizeof *id) <= 0) continue;
            if (next == NULL || memcmp(id, next, sizeof *id) < 0) next = id;
        }
        if (next == NULL) break;
        code = bw_reply_id(reply, next);
        last = *next;
        after = &last;
    }
    pthread_mutex_unlock(&s->lock);
    return code;
}

static bw_code organizations(void *user, const bw_id *after, size_t limit, bw_reply reply) { return ids(user, NULL, after, limit, reply); }

static bw_code resources(void *user, const bw_id *organization, const bw_id *after, size_t limit, bw_reply reply) {
    return ids(user, organization, after, limit, reply);
}

static void rewrite(store *s, const bw_stream *stream, const bw_record *made) {
    for (size_t at = 0; at < s->records.count; at++) {
        record *kept = &s->records.items[at];
        if (!same_stream(&kept->stream, stream) || kept->version != made->version) continue;
        free(kept->text);
        kept->text = copy_of(made->text);
        kept->length = made->text.length;
    }
}

static bw_code replace(void *user, const bw_replacement *asked, uint8_t *done) {
    store *s = user;
    pthread_mutex_lock(&s->lock);
    *done = !asked->has_keys || version_of(s, &asked->stream) == asked->expected;
    if (*done) {
        for (size_t i = 0; i < asked->record_count; i++) rewrite(s, &asked->stream, &asked->records[i]);
        for (size_t i = 0; i < asked->key_count; i++) keep_key(s, &asked->keys[i]);
        touch(s, &asked->stream, true);
    }
    pthread_mutex_unlock(&s->lock);
    return BW_OK;
}

static bw_code erase(void *user, const bw_id *organization) {
    store *s = user;
    bool was_there = false;
    pthread_mutex_lock(&s->lock);
    size_t kept = 0;
    for (size_t at = 0; at < s->records.count; at++) {
        if (!same_id(&s->records.items[at].stream.organization, organization)) s->records.items[kept++] = s->records.items[at];
        else free(s->records.items[at].text), was_there = true;
    }
    s->records.count = kept;
    for (size_t at = 0; at < s->keys.count;) {
        if (!same_id(&s->keys.items[at].place.organization, organization)) at++;
        else free(s->keys.items[at].text), s->keys.items[at] = s->keys.items[--s->keys.count];
    }
    for (size_t at = 0; at < s->operations.count;)
        if (!same_id(&s->operations.items[at].organization, organization)) at++;
        else s->operations.items[at] = s->operations.items[--s->operations.count];
    for (size_t at = 0; at < s->uses.count;)
        if (!same_id(&s->uses.items[at].organization, organization)) at++;
        else s->uses.items[at] = s->uses.items[--s->uses.count];
    if (was_there) touch(s, &(bw_stream){*organization, BW_STREAM_ORGANIZATION, {{0}}}, true);
    pthread_mutex_unlock(&s->lock);
    return BW_OK;
}

static void drop(void *user) {
    store *s = user;
    for (size_t at = 0; at < s->records.count; at++) free(s->records.items[at].text);
    for (size_t at = 0; at < s->keys.count; at++) free(s->keys.items[at].text);
    free(s->records.items);
    free(s->keys.items);
    free(s->operations.items);
    free(s->uses.items);
    free(s->moments.items);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

bw_store_calls store_new(void) {
    store *s = calloc(1, sizeof *s);
    if (s == NULL) abort();
    pthread_mutex_init(&s->lock, NULL);
    return (bw_store_calls){
        .size = sizeof(bw_store_calls),
        .user = s,
        .drop = drop,
        .records = records,
        .append = append,
        .operation = find_operation,
        .find = find,
        .count_use = count_use,
        .changes = changes,
        .organizations = organizations,
        .resources = resources,
        .replace = replace,
        .erase = erase,
    };
}
