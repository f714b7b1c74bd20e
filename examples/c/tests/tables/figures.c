// How a ledger stands: what a `state` line asks of it, answered in its words.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static json *asked(world *w, const char *question) {
    bw_text answer = 0;
    if (bw_ledger_ask(ledger_of(w), w->now, str(question), &answer) != BW_OK) fprintf(stderr, "%s: %s\n", question, bw_message());
    return taken(w, answer);
}

static const char *or_none(words *to) { return to->length == 0 ? "none" : to->text; }

static const char *draws(world *w, const json *list) {
    words to = begin(&w->in);
    for (json *draw = list->first; draw != NULL; draw = draw->next)
        say(&to, "%s#%s %s", to.length > 0 ? ", " : "", json_word(json_of(draw, "lot")), json_word(json_of(draw, "amount")));
    return or_none(&to);
}

static const char *or_zero(const json *value) { return *json_word(value) == '\0' ? "0" : json_word(value); }

static const char *metered(world *w, const json *about) {
    const char *place = json_word(json_of(about, "workspace")), *meter = json_word(json_of(about, "meter"));
    return *place == '\0' ? meter : said(&w->in, "%s in %s", meter, word_of(w, WORKSPACE, place));
}

static const char *over_word(const json *over) {
    return is(json_word(over), "ever") ? " ever" : is(json_word(over), "in_flight") ? " in-flight" : "";
}

// A scope as a table writes it.
static const char *scope_named(world *w, const json *scope) {
    static const struct { const char *key; kind of; } PARTS[] = {
        {"organization", ORGANIZATION}, {"workspace", WORKSPACE}, {"project", RESOURCE}, {"user", PERSON}, {"service", SERVICE},
    };
    words to = begin(&w->in);
    for (size_t at = 0; at < sizeof PARTS / sizeof *PARTS; at++) {
        const char *id = json_word(json_of(scope, PARTS[at].key));
        if (*id != '\0') say(&to, "%s%s:%s", to.length > 0 ? "," : "", PARTS[at].key, word_of(w, PARTS[at].of, id));
    }
    const char *class = json_word(json_of(scope, "class"));
    if (*class != '\0') say(&to, "%sclass:%s", to.length > 0 ? "," : "", class);
    return to.length == 0 ? "everything" : to.text;
}

static const char *day(world *w, const json *at) { return shown(w, json_number(at)); }

// The numbers of a refusal, so that somebody can be told.
static const char *numbers(world *w) {
    json *why = json_of(w->verdict, "why"), *facts = json_of(why, "facts");
    const char *code = json_word(json_of(why, "code"));
    const char *needed = json_word(json_of(facts, "needed")), *used = json_word(json_of(facts, "used")), *max = json_word(json_of(facts, "max"));
    if (why->kind == JSON_NULL) return "none";
    if (is(code, "not_enough")) return said(&w->in, "%s needed, %s left", needed, json_word(json_of(facts, "left")));
    if (is(code, "limit"))
        return said(&w->in, "%s%s: %s needed, %s of %s used", scope_named(w, json_of(facts, "scope")), over_word(json_of(facts, "over")), needed, used, max);
    if (is(code, "narrower_limit")) return scope_named(w, json_of(facts, "scope"));
    if (is(code, "above_hold")) return said(&w->in, "%s needed, %s held", needed, json_word(json_of(facts, "held")));
    if (is(code, "overdraft")) return said(&w->in, "%s owed of %s", json_word(json_of(facts, "owed")), max);
    if (is(code, "refund_above")) return said(&w->in, "%s left", json_word(json_of(facts, "left")));
    if (is(code, "lot_short")) return said(&w->in, "%s available", json_word(json_of(facts, "available")));
    if (is(code, "meter_full")) return said(&w->in, "%s: %s needed, %s of %s used", metered(w, facts), needed, used, max);
    if (is(code, "grace_over")) return said(&w->in, "%s: %s of %s used, since %s", metered(w, facts), used, max, day(w, json_of(facts, "since")));
    if (is(code, "meter_short")) return said(&w->in, "%s used", used);
    if (is(code, "too_old")) return said(&w->in, "since %s", day(w, json_of(facts, "since")));
    if (is(code, "issued_later")) return said(&w->in, "now %s", day(w, json_of(facts, "now")));
    if (is(code, "clock_jump")) return said(&w->in, "clock %s", day(w, json_of(facts, "clock")));
    if (is(code, "stale_allowance")) return said(&w->in, "have %s", json_word(json_of(facts, "have")));
    if (is(code, "stale_period")) return said(&w->in, "start %s", day(w, json_of(facts, "start")));
    return code;
}

static void say_alerts(world *w, words *to, const json *alerts) {
    for (json *alert = alerts->first; alert != NULL; alert = alert->next) {
        json *watched = json_of(alert, "watched"), *limit = json_of(watched, "limit"), *meter = json_of(watched, "meter");
        json *percent = json_at(alert, "threshold.percent");
        say(to, "%s", to->length > 0 ? ", " : "");
        if (limit->kind == JSON_TABLE) say(to, "%s%s", scope_named(w, json_of(limit, "scope")), over_word(json_of(limit, "over")));
        else if (meter->kind == JSON_TABLE) say(to, "%s", metered(w, meter));
        else say(to, "credits");
        if (percent->kind == JSON_NUMBER) say(to, " %s%%", json_word(percent));
        else say(to, " %s-left", json_word(json_at(alert, "threshold.left")));
    }
}

// The alerts of the last order, those of the time before it first.
static const char *alerts(world *w) {
    words to = begin(&w->in);
    if (is(json_word(json_of(w->verdict, "verdict")), "new"))
        for (json *elapsed = json_at(w->verdict, "entry.elapsed")->first; elapsed != NULL; elapsed = elapsed->next)
            say_alerts(w, &to, json_at(elapsed, "what.alerted.alerts"));
    say_alerts(w, &to, json_at(w->verdict, "receipt.alerts"));
    return or_none(&to);
}

static const char *over_limits(world *w) {
    words to = begin(&w->in);
    for (json *over = json_at(w->verdict, "receipt.over")->first; over != NULL; over = over->next) {
        json *until = json_of(over, "until");
        say(&to, "%s%s %s of %s", to.length > 0 ? ", " : "", metered(w, over), json_word(json_of(over, "used")), json_word(json_of(over, "max")));
        if (until->kind == JSON_NUMBER) say(&to, " until %s", day(w, until));
    }
    return or_none(&to);
}

// What the answer to the last order says.
static const char *of_the_last(world *w, const char *subject) {
    static const struct { const char *subject, *field; } LISTS[] = {
        {"paid by", "draws"}, {"returned to", "returned"}, {"lost from", "lost"}, {"paid beyond", "beyond"}, {"repaid by", "repaid"},
    };
    json *receipt = json_of(w->verdict, "receipt");
    for (size_t at = 0; at < sizeof LISTS / sizeof *LISTS; at++)
        if (is(subject, LISTS[at].subject)) return draws(w, json_of(receipt, LISTS[at].field));
    if (is(subject, "verdict")) {
        const char *word = json_word(json_of(w->verdict, "verdict"));
        return is(word, "refused") ? "not kept" : word;
    }
    if (is(subject, "refusal")) return numbers(w);
    if (is(subject, "alerts")) return alerts(w);
    if (is(subject, "over")) return over_limits(w);
    if (is(subject, "owes")) return or_zero(json_of(receipt, "owed"));
    if (is(subject, "forgone")) return or_zero(json_of(receipt, "forgone"));
    if (is(subject, "counted")) return or_zero(json_of(receipt, "units"));
    if (is(subject, "allocated")) {
        json *given = json_of(receipt, "allocated");
        if (json_number(json_of(given, "amount")) == 0) return "none";
        return said(&w->in, "#%s %s", json_word(json_of(given, "lot")), json_word(json_of(given, "amount")));
    }
    if (is(subject, "adjusted")) {
        json *given = json_of(receipt, "adjusted");
        if (given->kind != JSON_TABLE) return "none";
        return said(&w->in, "#%s %s", json_word(json_of(given, "lot")), json_word(json_of(given, "amount")));
    }
    return NULL;
}

static const char *lots(world *w) {
    words to = begin(&w->in);
    for (json *lot = asked(w, "\"lots\"")->first; lot != NULL; lot = lot->next) {
        const char *left = json_word(json_at(lot, "columns.available"));
        if (!is(left, "0") && json_number(json_of(lot, "effective")) <= w->now)
            say(&to, "%s#%s %s %s", to.length > 0 ? ", " : "", json_word(json_of(lot, "lot")), json_word(json_of(lot, "class")), left);
    }
    return or_none(&to);
}

static const char *one_lot(world *w, const char *number) {
    static const char *const PLACES[] = {"available", "held", "spent", "expired", "voided"};
    words to = begin(&w->in);
    for (json *lot = asked(w, "\"lots\"")->first; lot != NULL; lot = lot->next) {
        if (!is(json_word(json_of(lot, "lot")), *number == '#' ? number + 1 : number)) continue;
        for (size_t at = 0; at < 5; at++) {
            const char *count = json_word(json_of(json_of(lot, "columns"), PLACES[at]));
            if (!is(count, "0")) say(&to, "%s%s %s", to.length > 0 ? ", " : "", count, PLACES[at]);
        }
        return or_none(&to);
    }
    return "gone";
}

static const char *expiries(world *w) {
    words to = begin(&w->in);
    for (json *end = asked(w, "\"expiries\"")->first; end != NULL; end = end->next)
        say(&to, "%s%s at %s", to.length > 0 ? ", " : "", json_word(json_of(end, "amount")), day(w, json_of(end, "at")));
    return or_none(&to);
}

// The pool as a whole.
static const char *of_credits(world *w, const char *subject) {
    static const struct { const char *subject, *field; } SUMS[] = {
        {"balance", "spendable"}, {"granted", "granted"}, {"held", "held"}, {"spent", "spent"}, {"expired", "expired"}, {"voided", "voided"},
        {"pending", "pending"}, {"bank", "bank"}, {"allocation left", "allocation"}, {"entitled", "entitled"}, {"owed", "owed"},
    };
    for (size_t at = 0; at < sizeof SUMS / sizeof *SUMS; at++)
        if (is(subject, SUMS[at].subject)) return json_word(json_of(asked(w, "\"balance\""), SUMS[at].field));
    if (is(subject, "lots")) return lots(w);
    if (is(subject, "expiries")) return expiries(w);
    if (is(subject, "open holds")) return json_word(asked(w, "\"open_holds\""));
    if (is(subject, "entries")) return json_word(json_of(asked(w, "\"state\""), "version"));
    if (is(subject, "pool")) {
        const char *pool = json_word(json_of(asked(w, "\"state\""), "pool"));
        return *pool == '\0' ? "none" : word_of(w, ORGANIZATION, pool);
    }
    if (is(subject, "period")) {
        json *period = json_of(asked(w, "\"balance\""), "period"), *end = json_of(period, "end");
        if (period->kind != JSON_TABLE) return "none";
        return said(&w->in, "%s to %s", day(w, json_of(period, "start")), end->kind == JSON_NUMBER ? day(w, end) : "open");
    }
    return NULL;
}

static const char *of_scope(world *w, char **subject, int count) {
    words to = begin(&w->in), scope = begin(&w->in);
    if (!scope_of(w, &scope, subject[2])) return NULL;
    if (is(subject[0], "spendable")) {
        say(&to, "{\"spendable\":%s}", scope.text);
        json *found = asked(w, to.text);
        return said(&w->in, "%s %s", json_word(json_of(found, "amount")), json_word(json_at(found, "because.code")));
    }
    if (is(subject[0], "limit")) {
        const char *over = count < 4 ? "period" : is(subject[3], "ever") ? "ever" : "in_flight";
        say(&to, "{\"limit\":{\"scope\":%s,\"over\":\"%s\"}}", scope.text, over);
        json *found = asked(w, to.text);
        if (found->kind != JSON_TABLE) return "none";
        uint64_t used = json_number(json_of(found, "spent")) + json_number(json_of(found, "held"));
        return said(&w->in, "%llu of %s", (unsigned long long)used, json_word(json_of(found, "max")));
    }
    say(&to, "{\"used\":%s}", scope.text);
    return json_word(json_of(asked(w, to.text), is(subject[0], "used") ? "charged" : "uncharged"));
}

static const char *of_meter(world *w, char **subject, int count) {
    words to = begin(&w->in);
    say(&to, "{\"meter\":{\"meter\":\"%s\"", subject[2]);
    if (count > 4) say(&to, ",\"workspace\":\"%s\"", workspace_text(w, subject[4]));
    say(&to, "}}");
    json *found = asked(w, to.text), *max = json_of(found, "max"), *grace = json_of(found, "grace_ends");
    if (is(subject[0], "reserved")) return json_word(json_of(found, "reserved"));
    if (is(subject[0], "grace")) return grace->kind == JSON_NUMBER ? day(w, grace) : "none";
    if (max->kind != JSON_NUMBER) return json_word(json_of(found, "used"));
    return said(&w->in, "%s of %s", json_word(json_of(found, "used")), json_word(max));
}

const char *figure(world *w, char **subject, int count) {
    words to = begin(&w->in), all = begin(&w->in);
    const char *first = subject[0], *found;
    for (int at = 0; at < count; at++) say(&all, "%s%s", at > 0 ? " " : "", subject[at]);
    if (count == 3 && (is(first, "spendable") || is(first, "used") || is(first, "uncharged"))) return of_scope(w, subject, count);
    if (count >= 3 && is(first, "limit") && is(subject[1], "of")) return of_scope(w, subject, count);
    if (count == 2 && is(first, "hold")) {
        say(&to, "{\"hold\":\"%s\"}", id_text(w, HOLD, subject[1]));
        json *hold = asked(w, to.text);
        if (hold->kind != JSON_TABLE) return "over";
        return said(&w->in, "%s until %s", json_word(json_of(hold, "left")), day(w, json_of(hold, "until")));
    }
    if (count == 3 && is(first, "refundable")) {
        say(&to, "{\"refundable\":\"%s\"}", id_text(w, HOLD, subject[2]));
        json *left = asked(w, to.text);
        return left->kind == JSON_NUMBER ? json_word(left) : "unknown";
    }
    if (count >= 3 && is(subject[1], "of") && (is(first, "use") || is(first, "reserved") || is(first, "grace"))) return of_meter(w, subject, count);
    if (count == 3 && is(first, "stored")) {
        say(&to, "{\"stored\":{\"meter\":\"%s\",\"spot\":", subject[1]);
        if (!spot_of(w, &to, subject[2])) return NULL;
        say(&to, "}}");
        return json_word(asked(w, to.text));
    }
    if (count == 2 && is(first, "lot")) return one_lot(w, subject[1]);
    found = of_credits(w, all.text);
    return found != NULL || w->verdict == NULL ? found : of_the_last(w, all.text);
}
