// Orders: each verb of a ledger as the request that it stands for, under a key.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static const char *const VERBS[] = {
    "allowance", "begin-period", "tick", "set-pool", "grant", "void", "extend", "transfer", "charge", "hold", "grow", "capture", "settle",
    "release", "refund", "lease", "report", "set-limit", "raise-limit", "drop-limit", "set-alerts", "add", "delete", "clear", "reserve",
    "commit", "again",
};

bool is_order(const char *verb) {
    for (size_t at = 0; at < sizeof VERBS / sizeof *VERBS; at++)
        if (is(verb, VERBS[at])) return true;
    return false;
}

bw_ledger ledger_of(world *w) {
    for (int at = 0; at < w->ledger_count; at++)
        if (w->ledgers[at].organization == w->organization) return w->ledgers[at].ledger;
    bw_id organization = bw_id_of(w->organization == 0 ? UINT64_MAX : w->organization);
    books *made = &w->ledgers[w->ledger_count++];
    made->organization = w->organization;
    if (bw_ledger_new(&organization, str(w->settings), &made->ledger) != BW_OK) abort();
    return made->ledger;
}

// What `user:ada,class:llm` stands for: the fields of a table, without its braces. `organization:` is left out of spots.
static bool parts_of(world *w, words *to, const char *text) {
    static const struct { const char *word; kind of; } IDS[] = {
        {"user:", PERSON}, {"project:", RESOURCE}, {"service:", SERVICE}, {"organization:", ORGANIZATION},
    };
    const char *between = "";
    say(to, "{");
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        const char *part = copied(&w->in, text, length), *name = strchr(part, ':');
        text += length + (text[length] == ',');
        if (is(part, "everything") || is(part, "everywhere")) continue;
        if (name == NULL) return false;
        say(to, "%s\"%.*s\":", between, (int)(name - part), part);
        between = ",";
        size_t at = 0;
        while (at < sizeof IDS / sizeof *IDS && !begins(part, IDS[at].word)) at++;
        if (at < sizeof IDS / sizeof *IDS) say(to, "\"%s\"", id_text(w, IDS[at].of, name + 1));
        else if (begins(part, "workspace:")) say(to, "\"%s\"", workspace_text(w, name + 1));
        else say_quoted(to, name + 1);
    }
    say(to, "}");
    return true;
}

bool scope_of(world *w, words *to, const char *text) { return parts_of(w, to, text); }
bool spot_of(world *w, words *to, const char *text) { return parts_of(w, to, text); }

static const char *amount(const char *text) { return is(text, "most") ? "18446744073709551615" : text; }

// A day, or so long from now.
static bool moment(world *w, const char *text, uint64_t *at) {
    uint64_t span;
    if (day_of(text, at)) return true;
    if (!span_of(text, &span)) return false;
    *at = w->now + span;
    return true;
}

// `,"key":…`: a moment, or null where nothing is said or `never` is.
static bool say_moment(world *w, words *to, const char *key, const char *text) {
    uint64_t at;
    if (text == NULL || is(text, "never")) return say(to, ",\"%s\":null", key), true;
    if (!moment(w, text, &at)) return false;
    say(to, ",\"%s\":%llu", key, (unsigned long long)at);
    return true;
}

static bool say_until(world *w, words *to, const step *s) {
    return say_moment(w, to, "until", option(s, "until") == NULL ? "1h" : option(s, "until"));
}

static void say_spot(world *w, words *to, const step *s) {
    const char *between = "";
    say(to, "{");
    if (option(s, "in") != NULL) say(to, "\"workspace\":\"%s\"", workspace_text(w, option(s, "in"))), between = ",";
    if (option(s, "project") != NULL) say(to, "%s\"project\":\"%s\"", between, id_text(w, RESOURCE, option(s, "project"))), between = ",";
    if (option(s, "kind") != NULL) say(to, "%s\"kind\":\"%s\"", between, option(s, "kind"));
    say(to, "}");
}

static void say_spender(world *w, words *to, const step *s) {
    const char *between = "", *pays = option(s, "pays"), *at = strchr(s->who, '@');
    say(to, "{\"scope\":{");
    if (option(s, "of") != NULL) say(to, "\"organization\":\"%s\"", id_text(w, ORGANIZATION, option(s, "of"))), between = ",";
    if (option(s, "in") != NULL) say(to, "%s\"workspace\":\"%s\"", between, workspace_text(w, option(s, "in"))), between = ",";
    if (option(s, "project") != NULL) say(to, "%s\"project\":\"%s\"", between, id_text(w, RESOURCE, option(s, "project"))), between = ",";
    if (begins(s->who, "service:")) say(to, "%s\"service\":\"%s\"", between, id_text(w, SERVICE, s->who + 8)), between = ",";
    else if (begins(s->who, "staff:")) say(to, "%s\"user\":\"%s\"", between, id_text(w, PERSON, at + 1)), between = ",";
    else if (!is(s->who, "platform") && !is(s->who, "directory") && !begins(s->who, "link:"))
        say(to, "%s\"user\":\"%s\"", between, id_text(w, PERSON, s->who)), between = ",";
    if (option(s, "class") != NULL) say(to, "%s\"class\":\"%s\"", between, option(s, "class"));
    say(to, "},\"pays\":\"%s\"}", pays == NULL ? "pool" : is(pays, "own-key") ? "own_key" : "nobody");
}

static void say_over(words *to, const step *s) {
    const char *over = option(s, "over");
    say(to, ",\"over\":\"%s\"", over == NULL ? "period" : is(over, "ever") ? "ever" : "in_flight");
}

static void say_timeout(words *to, const step *s) {
    say(to, ",\"timeout\":\"%s\"", option(s, "timeout") == NULL ? "release" : option(s, "timeout"));
}

static void say_above(words *to, const step *s) {
    const char *above = option(s, "above");
    if (above != NULL && begins(above, "overdraft:")) say(to, ",\"above\":{\"overdraft\":%s}", amount(above + 10));
    else say(to, ",\"above\":\"%s\"", above == NULL ? "refuse" : above);
}

// What `storage:100,grace:7d,80%` stands for.
static void say_meter(words *to, const char *text) {
    size_t length = strcspn(text, ",");
    const char *max = strchr(text, ':') + 1;
    say(to, "{\"meter\":\"%.*s\",\"max\":%s", (int)(max - 1 - text), text, amount(copied(to->in, max, (size_t)(text + length - max))));
    const char *per = "organization", *enforcement = "hard", *between = "";
    words alerts = begin(to->in);
    for (const char *at = text + length; *at == ',';) {
        size_t size = strcspn(++at, ",");
        const char *part = copied(to->in, at, size);
        if (part[size - 1] == '%') say(&alerts, "%s%.*s", between, (int)size - 1, part), between = ",";
        else if (is(part, "per-workspace")) per = "workspace";
        else enforcement = part;
        at += size;
    }
    say(to, ",\"per\":\"%s\",\"enforcement\":\"%s\",\"alerts_percent\":[%s]}", per, enforcement, alerts.text);
}

static void say_meters(words *to, const step *s, const char *key) {
    const char *between = "";
    say(to, ",\"meters\":[");
    for (int at = 0; at < s->count; at++)
        if (begins(s->arguments[at], key) && s->arguments[at][strlen(key)] == '=') {
            say(to, "%s", between);
            say_meter(to, s->arguments[at] + strlen(key) + 1);
            between = ",";
        }
    say(to, "]");
}

static const char *renewal(const char *text) { return begins(text, "as-") ? text + 3 : text; }

static bool say_allowance_of(world *w, words *to, const step *s, bool is_next) {
    uint64_t anchor = w->now;
    const char *allocation = option(s, "allocation"), *word = plain(s, 0);
    if (option(s, "from") != NULL && !moment(w, option(s, "from"), &anchor)) return false;
    if (is_next && option(s, "next-renewal") != NULL) word = option(s, "next-renewal");
    if (is_next && option(s, "next-allocation") != NULL) allocation = option(s, "next-allocation");
    say(to, "{\"renewal\":\"%s\",\"anchor\":%llu,\"allocation\":%s", renewal(word), (unsigned long long)anchor, allocation == NULL ? "0" : amount(allocation));
    say(to, ",\"rollover\":\"%s\",\"rollover_periods\":%s", option(s, "rollover") == NULL ? "none" : option(s, "rollover"),
        option(s, "keep") == NULL ? "null" : option(s, "keep"));
    say(to, ",\"midway\":\"%s\",\"alerts_percent\":[", option(s, "midway") == NULL ? "full" : option(s, "midway"));
    for (const char *at = option(s, "alerts"); at != NULL && *at != '\0'; at++) {
        if (*at != '%') say(to, "%c", *at);
    }
    say(to, "]");
    say_meters(to, s, is_next && option(s, "next-meter") != NULL ? "next-meter" : "meter");
    say(to, "}");
    return true;
}

static bool say_allowance(world *w, words *to, const step *s) {
    uint64_t as_of = option(s, "as-of") == NULL ? w->as_of + 1 : strtoull(option(s, "as-of"), NULL, 10), from;
    if (as_of > w->as_of) w->as_of = as_of;
    say(to, "{\"set_allowance\":{\"as_of\":%llu,\"allowance\":", (unsigned long long)as_of);
    if (!say_allowance_of(w, to, s, false)) return false;
    const char *next = option(s, "next-at");
    if (next != NULL && !is(next, "never")) {
        if (!moment(w, next, &from)) return false;
        say(to, ",\"next\":[");
        if (!say_allowance_of(w, to, s, true)) return false;
        say(to, ",%llu]", (unsigned long long)from);
    }
    say(to, "}}");
    return true;
}

static bool say_spends(world *w, words *to, const step *s) {
    say(to, ",\"spends\":[");
    for (int at = 1; *plain(s, at) != '\0'; at++) {
        const char *scope = strchr(plain(s, at), '@');
        if (scope == NULL) return false;
        say(to, "%s[", at > 1 ? "," : "");
        if (!parts_of(w, to, scope + 1)) return false;
        say(to, ",%.*s]", (int)(scope - plain(s, at)), plain(s, at));
    }
    say(to, "]");
    return true;
}

// The rest of a request about a hold that there is: its name, and an amount where it has one.
static void say_about(world *w, words *to, const step *s, const char *request, const char *key) {
    say(to, "{\"%s\":{\"%s\":\"%s\"", request, key, id_text(w, HOLD, plain(s, 0)));
}

static const char *lot(const char *text) { return *text == '#' ? text + 1 : text; }

static bool say_request(world *w, words *to, const step *s) {
    const char *verb = s->verb, *first = plain(s, 0), *second = plain(s, 1);
    uint64_t start, end;
    if (is(verb, "allowance")) return say_allowance(w, to, s);
    if (is(verb, "tick")) return say(to, "{\"tick\":{}}"), true;
    if (is(verb, "begin-period")) {
        if (!moment(w, first, &start) || !moment(w, second, &end)) return false;
        return say(to, "{\"begin_period\":{\"start\":%llu,\"end\":%llu}}", (unsigned long long)start, (unsigned long long)end), true;
    }
    if (is(verb, "set-pool")) {
        say(to, "{\"set_pool\":{\"pool\":");
        if (*first == '\0') say(to, "null"); else say(to, "\"%s\"", id_text(w, ORGANIZATION, first));
    } else if (is(verb, "grant")) {
        say(to, "{\"grant\":{\"class\":\"%s\",\"amount\":%s,\"scope\":", first, amount(second));
        if (!parts_of(w, to, option(s, "for") == NULL ? "everything" : option(s, "for"))) return false;
        say(to, ",\"priority\":%s", option(s, "priority") == NULL ? "0" : option(s, "priority"));
        if (!say_moment(w, to, "effective", option(s, "from")) || !say_moment(w, to, "expires", option(s, "until"))) return false;
    } else if (is(verb, "void")) {
        say(to, "{\"void\":{\"lot\":%s", lot(first));
        if (*second != '\0') say(to, ",\"amount\":%s", amount(second));
    } else if (is(verb, "extend")) {
        say(to, "{\"extend\":{\"lot\":%s", lot(first));
        if (!say_moment(w, to, "expires", option(s, "until"))) return false;
    } else if (is(verb, "transfer")) {
        say(to, "{\"transfer\":{\"to\":\"%s\",\"amount\":%s", id_text(w, ORGANIZATION, first), amount(second));
    } else if (is(verb, "set-limit") || is(verb, "raise-limit") || is(verb, "drop-limit")) {
        say(to, "{\"%s_limit\":{\"scope\":", is(verb, "set-limit") ? "set" : is(verb, "raise-limit") ? "raise" : "drop");
        if (!parts_of(w, to, first)) return false;
        say_over(to, s);
        if (is(verb, "set-limit")) say(to, ",\"max\":%s", amount(second));
        if (is(verb, "raise-limit")) say(to, ",\"by\":%s,\"periods\":%s", amount(second), option(s, "periods") == NULL ? "1" : option(s, "periods"));
    } else if (is(verb, "set-alerts")) {
        say(to, "{\"set_alerts\":{\"credits_left\":[");
        for (int at = 0; *plain(s, at) != '\0'; at++) say(to, "%s%s", at > 0 ? "," : "", amount(plain(s, at)));
        say(to, "]");
    } else if (is(verb, "add") || is(verb, "delete") || is(verb, "clear")) {
        say(to, "{\"%s\":{\"meter\":\"%s\",\"spot\":", is(verb, "delete") ? "remove" : verb, first);
        say_spot(w, to, s);
        if (!is(verb, "clear")) say(to, ",\"amount\":%s", amount(second));
    } else if (is(verb, "reserve")) {
        say_about(w, to, s, "reserve", "hold");
        say(to, ",\"meter\":\"%s\",\"spot\":", second);
        say_spot(w, to, s);
        say(to, ",\"amount\":%s", amount(plain(s, 2)));
        if (!say_until(w, to, s)) return false;
    } else if (is(verb, "charge") || is(verb, "hold")) {
        say_about(w, to, s, verb, "hold");
        say(to, ",\"spender\":");
        say_spender(w, to, s);
        say(to, ",\"amount\":%s", amount(second));
        if (is(verb, "hold")) {
            if (!say_until(w, to, s)) return false;
            say_above(to, s);
            say_timeout(to, s);
        }
    } else if (is(verb, "lease")) {
        say_about(w, to, s, "lease", "hold");
        say(to, ",\"scope\":");
        if (!parts_of(w, to, option(s, "for") == NULL ? "everything" : option(s, "for"))) return false;
        say(to, ",\"amount\":%s", amount(second));
        if (!say_until(w, to, s)) return false;
        say_timeout(to, s);
    } else if (is(verb, "report")) {
        say_about(w, to, s, "report", "hold");
        if (!say_spends(w, to, s)) return false;
    } else if (is(verb, "refund")) {
        say_about(w, to, s, "refund", "spend");
        if (*second != '\0') say(to, ",\"amount\":%s", amount(second));
    } else if (is(verb, "release")) {
        say_about(w, to, s, "release", "hold");
    } else {
        say_about(w, to, s, verb, "hold");
        say(to, ",\"amount\":%s", amount(second));
        if (is(verb, "grow") && !say_moment(w, to, "until", option(s, "until"))) return false;
    }
    say(to, "}}");
    return true;
}

static ordered *known(world *w, const char *key) {
    for (int at = 0; at < w->order_count; at++)
        if (is(w->orders[at].key, key)) return &w->orders[at];
    return NULL;
}

static void remember(world *w, const char *key, const char *text) {
    ordered *found = known(w, key);
    if (found == NULL) found = &w->orders[w->order_count++];
    *found = (ordered){key, text};
}

// A new order; under a key that was used, with the time at which that was made.
static const char *new_order(world *w, const step *s) {
    const char *key = option(s, "key");
    words request = begin(&w->in), to = begin(&w->in);
    if (!say_request(w, &request, s)) return NULL;
    ordered *before = key == NULL ? NULL : known(w, key);
    const char *key_text;
    uint64_t issued = w->now;
    if (before != NULL) {
        json *earlier = json_read(&w->in, before->order);
        key_text = json_word(json_of(earlier, "key"));
        issued = json_number(json_of(earlier, "issued"));
    } else key_text = uuid(w, (uint64_t)++w->keys);
    if (option(s, "issued") != NULL && !moment(w, option(s, "issued"), &issued)) return NULL;
    say(&to, "{\"key\":\"%s\",\"issued\":%llu,\"request\":%s}", key_text, (unsigned long long)issued, request.text);
    if (key != NULL && before == NULL) remember(w, key, to.text);
    return to.text;
}

bw_code order(world *w, const step *s) {
    const char *text = NULL;
    if (w->organization == 0) return w->refusal = "no ledger yet", WRONG_TABLE;
    if (is(s->verb, "again")) {
        ordered *before = known(w, plain(s, 0));
        text = before == NULL ? NULL : before->order;
    } else text = new_order(w, s);
    if (text == NULL) return w->refusal = "an order that cannot be read", WRONG_TABLE;
    bw_actor actor = actor_of(w, s->who);
    bw_text verdict = 0;
    bw_code code = bw_ledger_order(ledger_of(w), &actor, w->now, str(text), &verdict);
    if (verdict != 0) w->verdict = taken(w, verdict);
    remember(w, "", text);
    if (code != BW_OK) w->refusal = copied(&w->in, bw_message(), strlen(bw_message()));
    return code;
}
