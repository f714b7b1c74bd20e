#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool is(const char *one, const char *other) { return strcmp(one, other) == 0; }
bool begins(const char *word, const char *with) { return strncmp(word, with, strlen(with)) == 0; }
bw_str str(const char *text) { return (bw_str){text, strlen(text)}; }

uint64_t number(world *w, kind of, const char *word) {
    for (int at = 0; at < w->name_count; at++)
        if (w->names[at].of == of && is(w->names[at].word, word)) return (uint64_t)at + 1;
    if (w->name_count == NAMES_MAX) abort();
    w->names[w->name_count++] = (name){of, copied(&w->in, word, strlen(word))};
    return (uint64_t)w->name_count;
}

const char *uuid(world *w, uint64_t number) {
    return said(&w->in, "00000000-0000-0000-%04x-%012llx", (unsigned)(number >> 48), (unsigned long long)(number & 0xffffffffffff));
}

const char *word_of(world *w, kind of, const char *id) {
    for (int at = 0; at < w->name_count; at++)
        if (w->names[at].of == of && is(uuid(w, (uint64_t)at + 1), id)) return w->names[at].word;
    return "";
}

bw_id id_of(world *w, kind of, const char *word) { return bw_id_of(number(w, of, word)); }
const char *id_text(world *w, kind of, const char *word) { return uuid(w, number(w, of, word)); }

// The first workspace of every organization is called the same: which one is meant, the organization in use says.
static const char *scoped(world *w, const char *word) {
    return is(word, "default") ? said(&w->in, "default of %llu", (unsigned long long)w->organization) : word;
}

const char *workspace_text(world *w, const char *word) { return id_text(w, WORKSPACE, scoped(w, word)); }
bw_id workspace_id(world *w, const char *word) { return id_of(w, WORKSPACE, scoped(w, word)); }

bw_actor actor_of(world *w, const char *who) {
    bw_actor actor = {BW_ACTOR_USER, {{0}}, {{0}}};
    if (is(who, "platform")) actor.kind = BW_ACTOR_SYSTEM;
    else if (is(who, "directory")) actor.kind = BW_ACTOR_PROVISIONER;
    else if (begins(who, "link:")) actor.kind = BW_ACTOR_LINK, actor.id = id_of(w, LINK, who + 5);
    else if (begins(who, "service:")) actor.kind = BW_ACTOR_SERVICE, actor.id = id_of(w, SERVICE, who + 8);
    else if (begins(who, "staff:")) {
        const char *at = strchr(who, '@');
        actor.kind = BW_ACTOR_STAFF;
        actor.id = id_of(w, PERSON, copied(&w->in, who + 6, (size_t)(at - who - 6)));
        actor.on_behalf_of = id_of(w, PERSON, at + 1);
    } else actor.id = id_of(w, PERSON, who);
    return actor;
}

bw_facts facts_of(world *w, const step *s, bw_id *others) {
    bw_facts facts = {w->now, 0, 0, 0, {{0}}, others, 0};
    for (int at = 0; at < s->given_count; at++) {
        const char *word = s->given[at];
        uint16_t position = 0;
        if (is(word, "fresh")) facts.authenticated_at = w->now;
        else if (is(word, "factor")) facts.second_factor = 1;
        else if (begins(word, "via=")) bw_provider_of(w->catalog, str(word + 4), &facts.provider);
        else if (begins(word, "feature=") && bw_feature_of(w->catalog, str(word + 8), &position) == BW_OK) bw_set_add(&facts.features, position);
        else if (begins(word, "member=")) others[facts.organization_count++] = id_of(w, ORGANIZATION, word + 7);
    }
    return facts;
}

json *taken(world *w, bw_text text) {
    if (text == 0) return json_null();
    json *value = json_read(&w->in, bw_text_data(text));
    bw_free(text);
    if (value == NULL) abort();
    return value;
}

static const char *value_of(const char *argument) { return strchr(argument, '='); }

const char *plain(const step *s, int at) {
    for (int i = 0; i < s->count; i++)
        if (value_of(s->arguments[i]) == NULL && at-- == 0) return s->arguments[i];
    return "";
}

const char *option(const step *s, const char *key) {
    for (int i = 0; i < s->count; i++)
        if (begins(s->arguments[i], key) && s->arguments[i][strlen(key)] == '=') return s->arguments[i] + strlen(key) + 1;
    return NULL;
}

bool flag(const step *s, const char *word) {
    for (int i = 0; i < s->count; i++)
        if (is(s->arguments[i], word)) return true;
    return false;
}

static const struct { const char *word; uint64_t ms; } UNITS[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

bool span_of(const char *text, uint64_t *span) {
    char *unit;
    uint64_t count = strtoull(text, &unit, 10);
    if (unit == text) return false;
    for (size_t at = 0; at < sizeof UNITS / sizeof *UNITS; at++)
        if (is(unit, UNITS[at].word)) return *span = count * UNITS[at].ms, true;
    return false;
}

// Days since 1970-01-01 of a day of the Gregorian calendar.
static int64_t days(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = year / 400;
    unsigned of_era = (unsigned)(year - era * 400);
    unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

bool day_of(const char *text, uint64_t *at) {
    int year, month, day, hour = 0, minute = 0, second = 0;
    int found = sscanf(text, "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
    if (found < 3 || strchr(text, '-') == NULL) return false;
    const char *fraction = strchr(text, '.');
    uint64_t milliseconds = fraction == NULL ? 0 : (uint64_t)(strtod(fraction, NULL) * 1000 + 0.5);
    *at = (uint64_t)((days(year, (unsigned)month, (unsigned)day) * 24 + hour) * 60 + minute) * 60000 + (uint64_t)second * 1000 + milliseconds;
    return true;
}

const char *shown(world *w, uint64_t at) {
    if (at > 253402207200999) return "the end of time";
    uint64_t day = at / 86400000, rest = at % 86400000;
    int64_t year = 1970;
    while ((uint64_t)days(year + 1, 1, 1) <= day) year++;
    unsigned month = 1;
    while (month < 12 && (uint64_t)days(year, month + 1, 1) <= day) month++;
    words to = begin(&w->in);
    say(&to, "%04d-%02u-%02u", (int)year, month, (unsigned)(day - (uint64_t)days(year, month, 1)) + 1);
    unsigned minutes = (unsigned)(rest / 60000), milliseconds = (unsigned)(rest % 60000);
    if (rest != 0) say(&to, "T%02u:%02u", minutes / 60, minutes % 60);
    if (milliseconds != 0) say(&to, ":%02u", milliseconds / 1000);
    if (milliseconds % 1000 != 0) {
        char digits[8];
        int length = snprintf(digits, sizeof digits, "%03u", milliseconds % 1000);
        while (digits[length - 1] == '0') digits[--length] = '\0';
        say(&to, ".%s", digits);
    }
    return to.text;
}

const char *left(world *w, uint64_t at) {
    uint64_t span = at > w->now ? at - w->now : 0;
    if (span == 0) return "now";
    for (size_t unit = 0; unit < sizeof UNITS / sizeof *UNITS; unit++)
        if (span % UNITS[unit].ms == 0) return said(&w->in, "%llu%s", (unsigned long long)(span / UNITS[unit].ms), UNITS[unit].word);
    return "";
}

void list_of(words *to, const char *joined) {
    say(to, "[");
    while (joined != NULL && *joined != '\0') {
        size_t length = strcspn(joined, ",");
        say_quoted(to, copied(to->in, joined, length));
        joined += length + (joined[length] == ',');
        if (*joined != '\0') say(to, ",");
    }
    say(to, "]");
}
