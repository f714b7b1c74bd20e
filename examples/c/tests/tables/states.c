// How things stand: what a `state` line asks for, answered in its words.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static json *view_at(world *w, uint64_t now) {
    bw_id organization = bw_id_of(w->organization);
    bw_text text = 0;
    if (w->organization == 0 || bw_organization_json(w->tenants, &organization, now, &text) != BW_OK) return json_null();
    return taken(w, text);
}

static json *view(world *w) { return view_at(w, w->now); }
static json *profile(world *w) { return json_at(view(w), "snapshot.profile"); }

// The item of a list whose field says so.
static json *item_of(const json *list, const char *field, const char *value) {
    for (json *item = list->first; item != NULL; item = item->next)
        if (is(json_word(json_of(item, field)), value)) return item;
    return json_null();
}

static const char *or_unset(const char *word) { return *word == '\0' ? "-" : word; }

static const char *listed(world *w, const json *list) {
    words to = begin(&w->in);
    for (json *item = list->first; item != NULL; item = item->next) say(&to, "%s%s", to.length > 0 ? " " : "", json_word(item));
    return to.length == 0 ? "none" : to.text;
}

static json *person(world *w, const char *who) { return item_of(json_at(view(w), "snapshot.people"), "user", id_text(w, PERSON, who)); }

static const char *standing(world *w, const char *who) {
    json *found = person(w, who);
    if (view(w)->kind == JSON_NULL) return "gone";
    if (found->kind == JSON_NULL) return "stranger";
    if (is(json_word(json_of(found, "status")), "suspended")) return "suspended";
    return json_of(found, "roles")->kind == JSON_LIST ? "member" : "collaborator";
}

static const char *held_by(world *w, const char *what, const char *who) {
    words to = begin(&w->in);
    json *list = json_of(person(w, who), what);
    for (json *item = list->first; item != NULL; item = item->next) {
        const char *word = is(what, "roles") ? json_word(json_of(item, "role")) : word_of(w, TEAM, json_word(json_of(item, "team")));
        say(&to, "%s%s", to.length > 0 ? " " : "", word);
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *organizations_of(world *w, const char *who) {
    bw_id user = id_of(w, PERSON, who), found[8], *after = NULL, last;
    size_t count = 8;
    words to = begin(&w->in);
    while (count == 8) {
        if (bw_organizations_of(w->tenants, &user, after, found, 8, &count) != BW_OK) return bw_message();
        for (size_t at = 0; at < count; at++) {
            uint64_t id = 0;
            for (int byte = 8; byte < 16; byte++) id = id << 8 | found[at].bytes[byte];
            say(&to, "%s%s", to.length > 0 ? " " : "", word_of(w, ORGANIZATION, uuid(w, id)));
            last = found[at];
            after = &last;
        }
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *actor_name(world *w, const json *by) {
    json *staff = json_of(by, "staff");
    if (is(json_word(by), "system")) return "platform";
    if (is(json_word(by), "provisioner")) return "directory";
    if (staff->kind == JSON_TABLE)
        return said(&w->in, "staff:%s@%s", word_of(w, PERSON, json_word(json_of(staff, "staff"))),
                    word_of(w, PERSON, json_word(json_of(staff, "on_behalf_of"))));
    if (*json_word(json_of(by, "service")) != '\0') return said(&w->in, "service:%s", word_of(w, SERVICE, json_word(json_of(by, "service"))));
    return word_of(w, PERSON, json_word(json_of(by, "user")));
}

static void say_parts(words *to, const json *list, const char *sign, bool *any) {
    for (json *part = list->first; part != NULL; part = part->next) say(to, "%s%s%s", *any ? "," : "", sign, json_word(part)), *any = true;
}

// Roles, then workspaces with what is different there.
static const char *promise(world *w, const json *invitation) {
    words to = begin(&w->in);
    for (json *role = json_of(invitation, "roles")->first; role != NULL; role = role->next) say(&to, "%s%s", to.length > 0 ? " " : "", json_word(role));
    for (json *row = json_of(invitation, "access")->first; row != NULL; row = row->next) {
        json *changes = row->first->next;
        bool any = *json_word(json_of(changes, "role")) != '\0';
        say(&to, "%s%s=%s", to.length > 0 ? " " : "", word_of(w, WORKSPACE, json_word(row->first)), json_word(json_of(changes, "role")));
        say_parts(&to, json_of(changes, "added"), "+", &any);
        say_parts(&to, json_of(changes, "removed"), "-", &any);
        if (!any) say(&to, "own");
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *of_invitation(world *w, const char *what, const char *who) {
    uint64_t id = 999999;
    for (int at = 0; at < w->invitation_count; at++)
        if (is(w->invitations[at].who, who)) id = w->invitations[at].id;
    json *found = item_of(json_at(view(w), "snapshot.invitations"), "invitation", uuid(w, id));
    if (found->kind == JSON_NULL) return "unknown";
    if (is(what, "promise")) return promise(w, found);
    if (is(what, "inviter")) return actor_name(w, json_at(found, "issued.by"));
    if (is(what, "end")) return left(w, json_number(json_of(found, "until")));
    bool is_over = json_number(json_of(found, "until")) <= w->now;
    const char *state = json_word(json_of(found, "state"));
    return is(state, "open") && is_over ? "expired" : state;
}

static const char *events(world *w) {
    words to = begin(&w->in);
    for (json *record = json_of(w->last, "records")->first; record != NULL; record = record->next) {
        json *event = json_of(record, "event");
        const char *kind = event->kind == JSON_TABLE ? event->first->key : json_word(event);
        say(&to, "%s", to.length > 0 ? " " : "");
        for (; *kind != '\0'; kind++) say(&to, "%c", *kind == '_' ? '-' : *kind);
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *someone(world *w, const json *facts, const char *key) { return word_of(w, PERSON, json_word(json_of(facts, key))); }

static void say_effect(world *w, words *to, const char *kind, const json *facts) {
    for (const char *at = kind; *at != '\0'; at++)
        if (!is(kind, "dispose_of_organization")) say(to, "%c", *at == '_' ? '-' : *at);
    if (is(kind, "send_invitation")) say(to, " %s %s", json_word(json_of(facts, "address")), left(w, json_number(json_of(facts, "until"))));
    else if (is(kind, "end_sessions") || is(kind, "drop_shares")) say(to, " %s", someone(w, facts, "user"));
    else if (is(kind, "drop_team_shares")) say(to, " %s", json_word(json_of(facts, "team")));
    else if (is(kind, "hand_over_content") || is(kind, "offer_ownership")) say(to, " %s %s", someone(w, facts, "from"), someone(w, facts, "to"));
    else if (is(kind, "end_service")) say(to, " %s", word_of(w, SERVICE, json_word(json_of(facts, "service"))));
    else if (is(kind, "verify_domain")) say(to, " %s", json_word(json_of(facts, "domain")));
    else if (is(kind, "delete_workspace_content")) say(to, " %s", word_of(w, WORKSPACE, json_word(json_of(facts, "workspace"))));
    else if (is(kind, "purge_content")) say(to, " %s %s", json_word(json_of(facts, "kind")), left(w, json_number(json_of(facts, "due"))));
    else if (is(kind, "change_subscription")) {
        json *at = json_of(facts, "at");
        say(to, " %s %s %s", json_word(json_of(facts, "plan")), json_word(json_of(facts, "seats")), at->kind == JSON_NUMBER ? left(w, json_number(at)) : "now");
    } else if (is(kind, "dispose_of_organization")) {
        json *what = json_of(facts, "disposition");
        const char *when = left(w, json_number(json_of(facts, "purge_at")));
        if (what->kind == JSON_TEXT) say(to, "%s-everything %s", json_word(what), when);
        else say(to, "transfer-everything %s %s", word_of(w, ORGANIZATION, json_word(json_of(what, "transfer_to"))), when);
    }
}

static const char *effects(world *w) {
    words to = begin(&w->in);
    for (json *effect = json_of(w->last, "effects")->first; effect != NULL; effect = effect->next) {
        say(&to, "%s", to.length > 0 ? " " : "");
        if (effect->kind == JSON_TABLE) say_effect(w, &to, effect->first->key, effect->first);
        else say_effect(w, &to, json_word(effect), json_null());
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *left_out(world *w) {
    words to = begin(&w->in);
    for (json *out = json_of(w->last, "left_out")->first; out != NULL; out = out->next) {
        uint64_t item = json_number(json_of(out, "item"));
        const char *who = item < (uint64_t)w->batch_count ? w->batch[item] : "";
        say(&to, "%s%s %s", to.length > 0 ? " " : "", who, json_word(json_at(out, "why.code")));
    }
    return to.length == 0 ? "none" : to.text;
}

static const char *domain(world *w, const char *name) {
    for (json *item = json_at(view(w), "snapshot.domains")->first; item != NULL; item = item->next) {
        if (!is(json_word(item->first), name)) continue;
        json *rule = item->first->next;
        words to = begin(&w->in);
        say(&to, "%s", json_of(rule, "confirmed")->flag ? "confirmed" : "unconfirmed");
        for (json *role = json_of(rule, "roles")->first; role != NULL; role = role->next) say(&to, " %s", json_word(role));
        return to.text;
    }
    return "-";
}

static const char *custom_role(world *w, const char *key) {
    json *found = item_of(json_at(view(w), "snapshot.custom_roles"), "key", key);
    if (found->kind != JSON_TABLE) return "gone";
    words to = begin(&w->in);
    say(&to, "%s", json_word(json_of(found, "like")));
    for (json *held = json_of(found, "permissions")->first; held != NULL; held = held->next) say(&to, " %s", json_word(held));
    return to.text;
}

static const char *meter(world *w, const char *name) {
    words to = begin(&w->in);
    for (json *rule = json_at(view(w), "allowance.meters")->first; rule != NULL; rule = rule->next)
        if (is(json_word(json_of(rule, "meter")), name))
            say(&to, "%s%s per-%s %s", to.length > 0 ? " " : "", json_word(json_of(rule, "max")), json_word(json_of(rule, "per")),
                json_word(json_of(rule, "enforcement")));
    return to.length == 0 ? "none" : to.text;
}

static const char *service(world *w, const char *name) {
    json *found = item_of(json_at(view(w), "snapshot.services"), "service", id_text(w, SERVICE, name));
    if (found->kind == JSON_NULL) return "gone";
    const char *sponsor = json_word(json_of(found, "sponsor"));
    return *sponsor == '\0' ? "nobody" : word_of(w, PERSON, sponsor);
}

static const char *seats(world *w) {
    json *found = json_of(view(w), "seats");
    return found->kind != JSON_TABLE ? "-" : said(&w->in, "%s of %s", json_word(json_of(found, "used")), json_word(json_of(found, "limit")));
}

static const char *status(world *w) {
    if (json_of(profile(w), "deletion")->kind == JSON_TABLE) return "deleted";
    const char *word = json_word(json_of(profile(w), "status"));
    return is(word, "past_due") ? "past-due" : word;
}

// What is asked of the organization as a whole.
static const char *of_organization(world *w, const char *subject) {
    static const struct { const char *subject, *path; } COUNTS[] = {
        {"members", "members"}, {"active members", "active_members"}, {"collaborators", "collaborators"}, {"owners", "owners"},
        {"open invitations", "open_invitations"},
    };
    static const char *const LISTS[] = {"workspaces", "teams", "services"};
    json *seen = view(w), *told = json_at(seen, "snapshot.profile");
    if (seen->kind == JSON_NULL) return "gone";
    for (size_t at = 0; at < 5; at++)
        if (is(subject, COUNTS[at].subject)) return json_word(json_of(seen, COUNTS[at].path));
    for (size_t at = 0; at < 3; at++)
        if (is(subject, LISTS[at])) return said(&w->in, "%zu", json_count(json_of(json_of(seen, "snapshot"), LISTS[at])));
    if (is(subject, "name")) return json_word(json_of(told, "name"));
    if (is(subject, "description")) return or_unset(json_word(json_of(told, "description")));
    if (is(subject, "kind")) return json_word(json_of(told, "kind"));
    if (is(subject, "status")) return status(w);
    if (is(subject, "plan")) return or_unset(json_word(json_of(seen, "plan")));
    if (is(subject, "seats")) return seats(w);
    if (is(subject, "charged seats")) return or_unset(json_word(json_at(seen, "seats.charged")));
    if (is(subject, "own keys")) return listed(w, json_of(told, "own_keys"));
    if (is(subject, "provider")) return or_unset(json_word(json_of(told, "provider")));
    if (is(subject, "directory")) {
        json *roles = json_of(told, "provisioned_roles");
        return roles->kind == JSON_LIST ? listed(w, roles) : "-";
    }
    if (is(subject, "offer")) {
        const char *to = json_word(json_at(told, "offer.to"));
        return *to == '\0' ? "none" : word_of(w, PERSON, to);
    }
    if (is(subject, "purge")) {
        json *at = json_at(told, "deletion.purge_at");
        return at->kind == JSON_NUMBER ? left(w, json_number(at)) : "never";
    }
    if (is(subject, "allocation")) {
        json *amount = json_at(seen, "allowance.allocation");
        return amount->kind == JSON_NUMBER ? json_word(amount) : "gone";
    }
    return NULL;
}

static const char *later(world *w, const char *what, const char *after) {
    uint64_t span;
    if (!span_of(after, &span)) return NULL;
    json *seen = view_at(w, w->now + span);
    if (is(what, "plan")) return or_unset(json_word(json_of(seen, "plan")));
    if (is(what, "seats")) return or_unset(json_word(json_of(seen, "bought")));
    return json_word(json_at(seen, "allowance.allocation"));
}

static const char *of_two(world *w, const char *first, const char *second) {
    json *seen = json_of(view(w), "snapshot");
    if (is(first, "preference")) return or_unset(json_word(json_of(json_at(seen, "profile.preferences"), second)));
    if (is(first, "domain")) return domain(w, second);
    if (is(first, "meter")) return meter(w, second);
    if (is(first, "role")) return custom_role(w, second);
    if (is(first, "service")) return service(w, second);
    if (is(first, "workspace")) {
        json *found = item_of(json_of(seen, "workspaces"), "workspace", workspace_text(w, second));
        return found->kind == JSON_NULL ? "gone" : json_of(found, "archived")->kind == JSON_TABLE ? "archived" : "open";
    }
    if (is(first, "team")) {
        json *found = item_of(json_of(seen, "teams"), "team", id_text(w, TEAM, second));
        return found->kind == JSON_NULL ? "gone" : json_word(json_of(found, "name"));
    }
    return NULL;
}

static const char *of_three(world *w, const char *first, const char *third) {
    if (is(first, "roles") || is(first, "teams")) return held_by(w, first, third);
    if (is(first, "organizations")) return organizations_of(w, third);
    if (is(first, "invitation") || is(first, "promise") || is(first, "inviter") || is(first, "end")) return of_invitation(w, first, third);
    if (is(first, "name")) {
        json *found = item_of(json_at(view(w), "snapshot.workspaces"), "workspace", workspace_text(w, third));
        return found->kind == JSON_NULL ? "gone" : json_word(json_of(found, "name"));
    }
    if (is(first, "credits")) {
        json *found = person(w, third), *on = json_of(found, "credits");
        return found->kind == JSON_NULL ? "gone" : on->kind != JSON_FLAG ? "role" : on->flag ? "on" : "off";
    }
    if (is(first, "retention")) {
        json *found = item_of(json_of(view(w), "retention"), "kind", third);
        return found->kind == JSON_NULL ? "never" : left(w, json_number(json_of(found, "due")));
    }
    return NULL;
}

const char *state(world *w, char **subject, int count) {
    words all = begin(&w->in);
    for (int at = 0; at < count; at++) say(&all, "%s%s", at > 0 ? " " : "", subject[at]);
    // What the interface is not asked: who would pay, what would be too much, what is due by kind.
    if (is(subject[0], "payer") || is(subject[0], "excess") || is(subject[0], "due")) return NULL;
    const char *found = figure(w, subject, count);
    if (found != NULL) return found;
    if (is(all.text, "events")) return events(w);
    if (is(all.text, "effects")) return effects(w);
    if (is(all.text, "left out")) return left_out(w);
    if (count == 3 && is(subject[1], "in")) return later(w, subject[0], subject[2]);
    if (count == 3 && is(subject[1], "of")) return of_three(w, subject[0], subject[2]);
    if (count == 2 && (found = of_two(w, subject[0], subject[1])) != NULL) return found;
    if (count == 1)
        for (int at = 0; at < w->name_count; at++)
            if (w->names[at].of == PERSON && is(w->names[at].word, subject[0])) return standing(w, subject[0]);
    return of_organization(w, all.text);
}
