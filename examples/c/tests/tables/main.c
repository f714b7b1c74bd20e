// Runs the tables of tests/cases through the C interface, and counts per file: `tables memory|file|callbacks FOLDER SCRATCH`.
//
// A table is read here, word by word, and every step, question and figure in it goes through a function of the header. Each question is asked
// in every way that there is: alone, in a list, of an access, as a set, and explained.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "store.h"
#include "world.h"

typedef struct counts {
    int steps, refusals, questions, states, others, left_out, wrong;
} counts;

typedef struct line {
    char *words[WORDS_MAX];
    int count;
} line;

// Splits at spaces; `"…"` is kept together, everything after `#` is dropped; `#1` is the number of a lot.
static line split(room *in, const char *text) {
    line found = {{0}, 0};
    words word = begin(in);
    bool quoted = false, begun = false;
    for (;; text++) {
        bool is_number = text[0] != '\0' && text[1] >= '0' && text[1] <= '9';
        if (*text == '"') quoted = !quoted, begun = true;
        else if (*text == '\0' || *text == '\n' || (*text == '#' && !quoted && !begun && !is_number)) break;
        else if ((*text == ' ' || *text == '\t' || *text == '\r') && !quoted) {
            if (begun) found.words[found.count++] = word.text, word = begin(in);
            begun = false;
        } else say(&word, "%c", *text), begun = true;
    }
    if (begun) found.words[found.count++] = word.text;
    return found;
}

// Whether a word names requirement rows: `S1-75`, `C-09`, or several joined by commas.
static bool is_row(const char *word) {
    while (*word != '\0') {
        size_t length = strcspn(word, ","), digits;
        const char *dash = memchr(word, '-', length);
        if (dash == NULL || !((dash - word == 1 && strchr("CD", *word)) || (dash - word == 2 && *word == 'S' && strchr("0123", word[1])))) return false;
        digits = strspn(dash + 1, "0123456789");
        if (digits < 2 || dash + 1 + digits != word + length) return false;
        word += length + (word[length] == ',');
    }
    return true;
}

static void open_catalog(world *w) {
    words to = begin(&w->in);
    bw_catalog tuned = 0;
    json_write(&to, w->form);
    if (bw_catalog_from_json(str(to.text), &tuned) != BW_OK) fprintf(stderr, "%s\n", bw_message()), exit(2);
    bw_free(w->catalog);
    w->catalog = tuned;
}

static void open_tenants(world *w) {
    bw_code code = BW_OK;
    if (w->tenants != 0) return;
    open_catalog(w);
    if (w->store == OVER_MEMORY) code = bw_tenants_in_memory(w->catalog, NULL, &w->tenants);
    if (w->store == OVER_FILE) code = bw_tenants_in_file(w->catalog, str(w->path), NULL, &w->tenants);
    if (w->store == OVER_CALLBACKS) {
        bw_store_calls calls = store_new();
        code = bw_tenants_over(w->catalog, &calls, NULL, &w->tenants);
    }
    if (code != BW_OK) fprintf(stderr, "%s\n", bw_message()), exit(2);
}

static void end_table(world *w) {
    for (int at = 0; at < w->ledger_count; at++) bw_free(w->ledgers[at].ledger);
    if (w->tenants != 0) bw_free(w->tenants);
    if (w->catalog != 0) bw_free(w->catalog);
    if (w->store == OVER_FILE) {
        static const char *const ENDS[] = {"", "-wal", "-shm"};
        for (int at = 0; at < 3; at++) remove(said(&w->in, "%s%s", w->path, ENDS[at]));
    }
    give_all_back(&w->in);
}

static void begin_table(world *w, over store, const char *scratch, const char *preset) {
    *w = (world){0};
    w->store = store;
    w->path = said(&w->in, "%s/tables.db", scratch);
    w->now = UINT64_C(1795000000000) - UINT64_C(16000000000);
    w->settings = "{}";
    w->last = json_null();
    bw_text form = 0;
    if (bw_catalog_preset(str(preset), &w->catalog) != BW_OK || bw_catalog_json(w->catalog, &form) != BW_OK)
        fprintf(stderr, "%s\n", bw_message()), exit(2);
    w->form = taken(w, form);
}

static void begin_ledger(world *w, const line *l) {
    words to = begin(&w->in);
    w->organization = number(w, ORGANIZATION, l->words[1]);
    say(&to, "{");
    for (int at = 2; at < l->count; at++) {
        const char *value = strchr(l->words[at], '=') + 1;
        if (at > 2) say(&to, ",");
        if (begins(l->words[at], "burn=")) say(&to, "\"burn\":"), list_of(&to, value);
        else if (begins(l->words[at], "transfers=")) say(&to, "\"transfers\":%s", is(value, "on") ? "true" : "false");
        else if (begins(l->words[at], "window=")) say(&to, "\"window\":\"%s\"", value);
        else say(&to, "\"%s\":%s", begins(l->words[at], "keys=") ? "keys_max" : "refundable_max", value);
    }
    say(&to, "}");
    w->settings = to.text;
}

static step step_of(char **words_of, int count) {
    step s = {0};
    s.who = words_of[0];
    s.verb = count > 1 ? words_of[1] : "";
    for (int at = 2; at < count; at++) {
        if (is(words_of[at], "given")) {
            while (++at < count) s.given[s.given_count++] = words_of[at];
            break;
        }
        s.arguments[s.count++] = words_of[at];
    }
    return s;
}

// What is wrong with the organization and the ledger in use, which is nothing.
static const char *broken(world *w) {
    bw_id organization = bw_id_of(w->organization);
    bw_text text = 0;
    if (w->organization == 0) return NULL;
    if (bw_organization_json(w->tenants, &organization, w->now, &text) != BW_OK) return bw_message();
    json *list = json_of(taken(w, text), "broken");
    if (list->first != NULL) return json_word(list->first);
    for (int at = 0; at < w->ledger_count; at++) {
        if (bw_ledger_ask(w->ledgers[at].ledger, w->now, BW_STR("\"audit\""), &text) != BW_OK) return bw_message();
        list = taken(w, text);
        if (list->first != NULL) return json_word(list->first);
    }
    return NULL;
}

static bw_target target_of(world *w, const char *place, bw_resource *resource) {
    bw_target target = {BW_TARGET_ORGANIZATION, {{0}}, NULL};
    if (is(place, "org")) return target;
    for (int at = 0; at < w->resource_count; at++)
        if (is(w->resources[at].word, place)) {
            *resource = w->resources[at].resource;
            resource->containers = w->resources[at].containers;
            resource->shares = w->shares;
            resource->share_count = (size_t)w->share_count;
            target.kind = BW_TARGET_KEPT_RESOURCE;
            target.resource = resource;
            return target;
        }
    target.kind = BW_TARGET_WORKSPACE;
    target.workspace = workspace_id(w, place);
    return target;
}

// Asks in every way; says what is wrong with the answer, or nothing.
static const char *ask(world *w, char **words_of, int count) {
    int end = 0;
    bw_id others[16], organization = bw_id_of(w->organization);
    while (end < count && !is(words_of[end], "given")) end++;
    step s = {0};
    for (int at = end + 1; at < count; at++) s.given[s.given_count++] = words_of[at];
    if (end < 4) return "the line should read ROW WHO WHERE PERMISSION ANSWER";
    uint16_t permission;
    if (bw_permission_of(w->catalog, str(words_of[2]), &permission) != BW_OK) return bw_message();
    bw_actor actor = actor_of(w, words_of[0]);
    bw_facts facts = facts_of(w, &s, others);
    bw_resource resource;
    bw_target target = target_of(w, words_of[1], &resource);
    bw_code code = bw_check(w->tenants, &organization, &actor, permission, &target, &facts);
    const char *answer = code == BW_OK ? "allow" : code == BW_REFUSED_STEP_UP ? "step_up" : code < 100 ? bw_code_name(code) : "trouble";
    const char *expected = is(words_of[3], "deny") && end > 4 ? words_of[4] : words_of[3];
    if (!is(answer, expected)) return said(&w->in, "expected %s, found %s (%s)", expected, answer, bw_code_name(code));

    bw_access_handle access = 0;
    bw_set allowed;
    if (bw_access(w->tenants, &organization, &actor, &target, &facts, &access) != BW_OK) return bw_message();
    bw_code resolved = bw_access_check(access, permission);
    bool is_bit = bw_allows(access, permission);
    bw_access_allowed(access, &allowed);
    bw_free(access);
    if (resolved != code || is_bit != (code == BW_OK) || bw_set_has(&allowed, permission) != is_bit) return "an access says otherwise";
    bw_text why = 0;
    if (bw_explain(w->tenants, &organization, &actor, permission, &target, &facts, BW_AS_JSON, &why) != BW_OK) return bw_message();
    if (json_number(json_at(taken(w, why), "decision.number")) != code) return "the explanation says otherwise";
    if (target.kind != BW_TARGET_KEPT_RESOURCE) {
        bw_question question = {organization, target.workspace, actor, permission};
        bw_code one = 0;
        if (bw_check_each(w->tenants, &question, 1, &facts, &one) != BW_OK || one != code) return "a list of questions says otherwise";
    }
    return NULL;
}

static const char *holds(world *w, char **words_of, int count) {
    uint16_t permission;
    if (bw_permission_of(w->catalog, str(words_of[0]), &permission) != BW_OK) return bw_message();
    int held = 0;
    for (json *role = json_of(w->form, "roles")->first; role != NULL; role = role->next) {
        const char *key = json_word(json_of(role, "key"));
        bw_set set;
        bool named = false;
        for (int at = 1; at < count; at++) named = named || is(words_of[at], key);
        if (bw_role_permissions(w->catalog, str(key), &set) != BW_OK) return bw_message();
        if (bw_set_has(&set, permission) != named) return said(&w->in, "role %s", key);
        held += named;
    }
    return held == count - 1 ? NULL : "a role that there is not";
}

static const char *state_line(world *w, char **words_of, int count, counts *c) {
    int link = 0;
    while (link < count && !is(words_of[link], "is") && !is(words_of[link], "are") && !is(words_of[link], "has") && !is(words_of[link], "have")) link++;
    if (link + 1 >= count) return "the line should read `state SUBJECT is WORDS`";
    words expected = begin(&w->in);
    for (int at = link + 1; at < count; at++) say(&expected, "%s%s", at > link + 1 ? " " : "", words_of[at]);
    const char *found = state(w, words_of, link);
    if (found == NULL) return c->left_out++, NULL;
    c->states++;
    bool among = *words_of[link] == 'h';
    if (among && strstr(said(&w->in, " %s ", found), said(&w->in, " %s ", expected.text)) != NULL) return NULL;
    return is(found, expected.text) ? NULL : said(&w->in, "expected %s, found %s", expected.text, found);
}

static const char *carry_out(world *w, const step *s, const char *refusal, counts *c) {
    bw_code code = act(w, s);
    const char *name = code == WRONG_TABLE ? "wrong_table" : bw_code_name(code);
    if (refusal == NULL) {
        c->steps++;
        if (code != BW_OK) return said(&w->in, "refused with %s: %s", name, w->refusal);
        return broken(w);
    }
    c->refusals++;
    if (code == BW_OK) return said(&w->in, "expected %s, and it was done", refusal);
    return is(name, refusal) ? NULL : said(&w->in, "expected %s, found %s: %s", refusal, name, w->refusal);
}

static const char *run(world *w, line *l, counts *c) {
    char **rest = l->words + 1;
    int count = l->count - 1;
    const char *first = l->words[0];
    if (is(first, "people") || is(first, "names") || is(first, "needs")) return NULL;
    if (is(first, "set")) return form_set(&w->in, w->form, rest[0], rest[1]) ? NULL : "there is no such place";
    open_tenants(w);
    if (is_row(first)) return c->questions++, ask(w, rest, count);
    if (count > 0 && is_row(rest[0])) rest++, count--;
    if (is(first, "state")) return state_line(w, rest, count, c);
    if (is(first, "holds")) return c->others++, holds(w, rest, count);
    if (is(first, "value")) {
        const char *found = form_value(&w->in, w->form, rest[0]);
        c->others++;
        return is(found, rest[1]) ? NULL : said(&w->in, "expected %s, found %s", rest[1], found);
    }
    if (is(first, "do") || is(first, "refuse")) {
        const char *refusal = is(first, "refuse") ? rest[0] : NULL;
        step s = step_of(rest + (refusal != NULL), count - (refusal != NULL));
        return carry_out(w, &s, refusal, c);
    }
    step s = step_of(l->words, l->count);
    s = (step){.who = "platform", .verb = first};
    for (int at = 0; at < count; at++) s.arguments[s.count++] = rest[at];
    return carry_out(w, &s, NULL, c);
}

static counts run_file(const char *folder, const char *file, over store, const char *scratch) {
    counts c = {0};
    world w = {0};
    char path[4096], text[4096];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *lines = fopen(path, "r");
    if (lines == NULL) perror(path), exit(2);
    for (int at = 1; fgets(text, sizeof text, lines) != NULL; at++) {
        line l = split(&w.in, text);
        if (l.count == 0) continue;
        if (is(l.words[0], "catalog") || is(l.words[0], "ledger")) {
            bool is_ledger = is(l.words[0], "ledger");
            char preset[64];
            snprintf(preset, sizeof preset, "%s", is_ledger ? "cloud" : l.words[1]);
            end_table(&w);
            begin_table(&w, store, scratch, preset);
            l = split(&w.in, text);
            if (is_ledger) begin_ledger(&w, &l);
            continue;
        }
        const char *wrong = run(&w, &l, &c);
        if (wrong != NULL) c.wrong++, printf("%s:%d: %s\n    %s", file, at, wrong, text);
    }
    end_table(&w);
    fclose(lines);
    return c;
}

static int is_table(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && is(entry->d_name + length - 4, ".txt") && !is(entry->d_name, "rows.txt") && !is(entry->d_name, "codes.txt");
}

int main(int count, char **arguments) {
    static const char *const STORES[] = {"memory", "file", "callbacks"};
    if (count < 4) return fprintf(stderr, "tables memory|file|callbacks FOLDER SCRATCH [FILE]\n"), 2;
    over store = OVER_MEMORY;
    for (int at = 0; at < 3; at++)
        if (is(arguments[1], STORES[at])) store = (over)at;
    struct dirent **files;
    int found = scandir(arguments[2], &files, is_table, alphasort);
    counts all = {0};
    printf("%-26s %6s %8s %9s %6s %6s %9s\n", "file", "steps", "refusals", "questions", "states", "others", "not asked");
    for (int at = 0; at < found; at++) {
        if (count < 5 || is(arguments[4], files[at]->d_name)) {
            counts c = run_file(arguments[2], files[at]->d_name, store, arguments[3]);
            printf("%-26s %6d %8d %9d %6d %6d %9d\n", files[at]->d_name, c.steps, c.refusals, c.questions, c.states, c.others, c.left_out);
            all.steps += c.steps, all.refusals += c.refusals, all.questions += c.questions, all.states += c.states;
            all.others += c.others, all.left_out += c.left_out, all.wrong += c.wrong;
        }
        free(files[at]);
    }
    if (found > 0) free(files);
    printf("%-26s %6d %8d %9d %6d %6d %9d\n", "all, over the store in", all.steps, all.refusals, all.questions, all.states, all.others, all.left_out);
    printf("%s: %d lines, %d came out otherwise\n", arguments[1], all.steps + all.refusals + all.questions + all.states + all.others, all.wrong);
    return all.wrong > 0 || all.steps == 0;
}
