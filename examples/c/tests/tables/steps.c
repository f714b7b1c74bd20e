// Steps: each verb of a table as the command that it stands for.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static bw_code wrong(world *w, const char *words) {
    w->refusal = words;
    return WRONG_TABLE;
}

static bw_code answered(world *w, bw_code code) {
    if (code != BW_OK) w->refusal = copied(&w->in, bw_message(), strlen(bw_message()));
    return code;
}

static bw_context context_of(world *w, const step *s, bw_id *others) {
    return (bw_context){actor_of(w, s->who), facts_of(w, s, others), {{0}}};
}

static bw_code command_at(world *w, const step *s, uint64_t organization, const char *text) {
    bw_id others[16], id = bw_id_of(organization);
    bw_context context = context_of(w, s, others);
    bw_text outcome = 0;
    bw_code code = bw_command(w->tenants, &id, &context, str(text), NULL, NULL, &outcome);
    w->last = taken(w, outcome);
    return answered(w, code);
}

static bw_code command(world *w, const step *s, const char *text) {
    if (w->organization == 0) return wrong(w, "no organization yet");
    return command_at(w, s, w->organization, text);
}

// `"until":…,` of so long from now; nothing where nothing is said.
static bool say_end(world *w, words *to, const step *s, const char *key, const char *as) {
    uint64_t span;
    const char *after = option(s, key);
    if (after == NULL) return true;
    if (!span_of(after, &span)) return false;
    say(to, ",\"%s\":%llu", as, (unsigned long long)(w->now + span));
    return true;
}

// 32 bytes of sevens, or zeros, with a text before them: the hash of a secret that is named so.
static void secret_bytes(const char *of, unsigned char fill, unsigned char bytes[32]) {
    memset(bytes, fill, 32);
    for (int at = 0; at < 32 && of[at] != '\0'; at++) bytes[at] = (unsigned char)of[at];
}

static void say_secret(words *to, const char *of, unsigned char fill) {
    unsigned char bytes[32];
    secret_bytes(of, fill, bytes);
    for (int at = 0; at < 32; at++) say(to, "%s%u", at == 0 ? "[" : ",", bytes[at]);
    say(to, "]");
}

static bool is_place(const char *argument) {
    static const char *const others[] = {"role=", "until=", "as="};
    for (size_t at = 0; at < 3; at++)
        if (begins(argument, others[at])) return false;
    return strchr(argument, '=') != NULL;
}

// What is different in a workspace: `developer,+key,-key`, or `own`.
static bool say_changes(world *w, words *to, const step *s, const char *parts) {
    static const char *const names[] = {"added", "removed"};
    say(to, "{");
    const char *between = "";
    for (const char *at = parts; *at != '\0';) {
        size_t length = strcspn(at, ",");
        char *part = copied(&w->in, at, length);
        if (*part != '+' && *part != '-' && !is(part, "own")) say(to, "\"role\":"), say_quoted(to, part), between = ",";
        at += length + (at[length] == ',');
    }
    for (int sign = 0; sign < 2; sign++) {
        say(to, "%s\"%s\":[", between, names[sign]);
        between = "";
        for (const char *at = parts; *at != '\0';) {
            size_t length = strcspn(at, ",");
            if (*at == "+-"[sign]) say(to, "%s", between), say_quoted(to, copied(&w->in, at + 1, length - 1)), between = ",";
            at += length + (at[length] == ',');
        }
        say(to, "]");
        between = ",";
    }
    bool told = say_end(w, to, s, "until", "until");
    say(to, "}");
    return told;
}

static bool say_access(world *w, words *to, const step *s) {
    const char *between = "";
    say(to, "[");
    for (int at = 0; at < s->count; at++) {
        if (!is_place(s->arguments[at])) continue;
        const char *value = strchr(s->arguments[at], '=');
        const char *place = copied(&w->in, s->arguments[at], (size_t)(value - s->arguments[at]));
        say(to, "%s[\"%s\",", between, workspace_text(w, place));
        if (!say_changes(w, to, s, value + 1)) return false;
        say(to, "]");
        between = ",";
    }
    say(to, "]");
    return true;
}

static void say_proof(world *w, words *to, const step *s) {
    const char *address = option(s, "as");
    if (address == NULL) address = said(&w->in, "%s@example.com", s->who);
    say(to, "{\"%s\":", flag(s, "unverified") ? "claimed" : "verified");
    say_quoted(to, address);
    say(to, "}");
}

static sent *sent_to(world *w, const char *who) {
    for (int at = 0; at < w->invitation_count; at++)
        if (is(w->invitations[at].who, who)) return &w->invitations[at];
    return NULL;
}

static const char *invitation_text(world *w, const char *who) {
    sent *found = sent_to(w, who);
    return uuid(w, found == NULL ? 999999 : found->id);
}

static void note_sent(world *w, const char *who, uint64_t id) {
    sent *found = sent_to(w, who);
    if (found == NULL) found = &w->invitations[w->invitation_count++];
    *found = (sent){who, who, id, 1};
}

static bool say_invite(world *w, words *to, const step *s, const char *who, const char *roles) {
    const char *address = option(s, "as");
    say(to, "{\"invitation\":\"%s\",\"address\":", uuid(w, (uint64_t)++w->invited));
    say_quoted(to, address != NULL ? address : said(&w->in, "%s@example.com", who));
    say(to, ",\"roles\":");
    list_of(to, roles);
    say(to, ",\"access\":");
    bool told = say_access(w, to, s);
    say(to, ",\"secret\":");
    say_secret(to, who, 7);
    say(to, "}");
    return told;
}

static bw_code invite(world *w, const step *s) {
    words to = begin(&w->in);
    const char *who = plain(s, 0);
    say(&to, "{\"invite\":");
    if (!say_invite(w, &to, s, who, option(s, "role"))) return wrong(w, "until= a length of time");
    say(&to, "}");
    uint64_t id = (uint64_t)w->invited;
    bw_code code = command(w, s, to.text);
    if (code == BW_OK) note_sent(w, who, id);
    return code;
}

static bw_code invite_many(world *w, const step *s) {
    words to = begin(&w->in);
    uint64_t first = (uint64_t)w->invited + 1;
    w->batch_count = 0;
    say(&to, "{\"invite_many\":{\"invitations\":[");
    for (int at = 0; *plain(s, at) != '\0'; at++) {
        const char *item = plain(s, at), *role = strchr(item, ':');
        const char *who = role == NULL ? item : copied(&w->in, item, (size_t)(role - item));
        if (at > 0) say(&to, ",");
        if (!say_invite(w, &to, s, who, role == NULL ? option(s, "role") : role + 1)) return wrong(w, "until= a length of time");
        w->batch[w->batch_count++] = who;
    }
    say(&to, "]}}");
    bw_code code = command(w, s, to.text);
    if (code != BW_OK) return code;
    for (int at = 0; at < w->batch_count; at++) {
        bool is_out = false;
        for (json *out = json_of(w->last, "left_out")->first; out != NULL; out = out->next)
            is_out = is_out || json_number(json_of(out, "item")) == (uint64_t)at;
        if (!is_out) note_sent(w, w->batch[at], first + (uint64_t)at);
    }
    return code;
}

// Sends again, with a secret that is named after how often it was sent; it counts where the policy rotates.
static bw_code resend(world *w, const step *s) {
    const char *who = plain(s, 0), *offered = option(s, "secret");
    sent *known = sent_to(w, who);
    int times = (known == NULL ? 1 : known->times) + 1;
    const char *secret = said(&w->in, "%s.%d", who, times);
    words to = begin(&w->in);
    say(&to, "{\"resend\":{\"invitation\":\"%s\"", invitation_text(w, who));
    if (offered == NULL || !is(offered, "none")) say(&to, ",\"secret\":"), say_secret(&to, secret, 7);
    say(&to, "}}");
    bw_code code = command(w, s, to.text);
    if (code != BW_OK || known == NULL) return code;
    known->times = times;
    for (json *record = json_of(w->last, "records")->first; record != NULL; record = record->next) {
        json *resent = json_at(record, "event.invitation_resent");
        if (json_of(resent, "secret")->kind == JSON_LIST) known->secret = secret;
    }
    return code;
}

static bw_code answer(world *w, const step *s) {
    const char *invited = option(s, "for") != NULL ? option(s, "for") : s->who, *secret = option(s, "secret");
    sent *known = sent_to(w, invited);
    if (secret == NULL) secret = known == NULL ? invited : known->secret;
    words to = begin(&w->in);
    say(&to, "{\"%s\":{\"invitation\":\"%s\",\"secret\":", s->verb, invitation_text(w, invited));
    say_secret(&to, secret, 7);
    say(&to, ",\"address\":");
    say_proof(w, &to, s);
    say(&to, "}}");
    return command(w, s, to.text);
}

static bw_code start(world *w, const step *s) {
    uint64_t before = w->organization, id = number(w, ORGANIZATION, plain(s, 0));
    w->organization = id;
    words to = begin(&w->in);
    if (is(s->verb, "sign-up")) {
        say(&to, "{\"sign_up\":{\"name\":");
        say_quoted(&to, plain(s, 1));
    } else {
        const char *plan = option(s, "plan"), *seats = option(s, "seats");
        say(&to, "{\"create_organization\":{\"plan\":");
        say_quoted(&to, plan == NULL ? "" : plan);
        say(&to, ",\"seats\":%s,\"owned\":0,\"name\":", seats == NULL ? "0" : seats);
        say_quoted(&to, plain(s, 1));
    }
    say(&to, ",\"workspace\":\"%s\"}}", workspace_text(w, "default"));
    bw_code code = command_at(w, s, id, to.text);
    w->last = json_null();
    if (code != BW_OK) w->organization = before;
    return code;
}

static bw_code give_access(world *w, const step *s) {
    for (int at = 0; at < s->count; at++) {
        if (!is_place(s->arguments[at])) continue;
        const char *value = strchr(s->arguments[at], '=');
        words to = begin(&w->in);
        say(&to, "{\"give_access\":{\"user\":\"%s\",\"workspace\":\"%s\",\"changes\":", id_text(w, PERSON, plain(s, 0)),
            workspace_text(w, copied(&w->in, s->arguments[at], (size_t)(value - s->arguments[at]))));
        if (!say_changes(w, &to, s, value + 1)) return wrong(w, "until= a length of time");
        say(&to, "}}");
        bw_code code = command(w, s, to.text);
        if (code != BW_OK) return code;
    }
    return BW_OK;
}

static bw_code rule(world *w, const step *s) {
    const char *holder = plain(s, 1);
    words to = begin(&w->in);
    say(&to, "{\"set_rule\":{\"workspace\":\"%s\",\"holder\":", workspace_text(w, plain(s, 0)));
    if (begins(holder, "group:")) say(&to, "{\"group\":"), say_quoted(&to, holder + 6);
    else say(&to, "{\"team\":\"%s\"", id_text(w, TEAM, holder + 5));
    say(&to, "}");
    for (int sign = 0; sign < 2; sign++) {
        const char *between = "";
        say(&to, ",\"%s\":[", sign == 0 ? "given" : "taken");
        for (int at = 2; *plain(s, at) != '\0'; at++)
            if (*plain(s, at) == "+-"[sign]) say(&to, "%s", between), say_quoted(&to, plain(s, at) + 1), between = ",";
        say(&to, "]");
    }
    if (!say_end(w, &to, s, "until", "until")) return wrong(w, "until= a length of time");
    say(&to, "}}");
    return command(w, s, to.text);
}

static void say_content(world *w, words *to, const step *s) {
    const char *content = option(s, "content");
    if (content == NULL) say(to, "null");
    else if (is(content, "stays")) say(to, "\"stays\"");
    else say(to, "{\"transfer_to\":\"%s\"}", id_text(w, PERSON, content));
}

static bw_code service(world *w, const step *s) {
    words to = begin(&w->in);
    const char *verb = s->verb, *between = "";
    char *name_of = copied(&w->in, verb, strlen(verb));
    for (char *at = name_of; *at != '\0'; at++) *at = *at == '-' ? '_' : *at;
    say(&to, "{\"%s\":{\"service\":\"%s\"", name_of, id_text(w, SERVICE, plain(s, 0)));
    if (is(verb, "create-service") || is(verb, "change-service")) {
        say(&to, ",\"permissions\":");
        list_of(&to, option(s, "holds"));
        say(&to, ",\"workspaces\":[");
        for (const char *at = option(s, "in"); at != NULL && *at != '\0';) {
            size_t length = strcspn(at, ",");
            say(&to, "%s\"%s\"", between, workspace_text(w, copied(&w->in, at, length)));
            between = ",";
            at += length + (at[length] == ',');
        }
        say(&to, "]");
        if (!say_end(w, &to, s, "until", "until")) return wrong(w, "until= a length of time");
    }
    if (is(verb, "create-service")) say(&to, ",\"name\":"), say_quoted(&to, plain(s, 1));
    if (is(verb, "create-service") || is(verb, "rotate-secret") || is(verb, "adopt-service")) {
        say(&to, ",\"secret\":");
        say_secret(&to, said(&w->in, "%s %llu", plain(s, 0), (unsigned long long)w->now), 7);
    }
    say(&to, "}}");
    return command(w, s, to.text);
}

static bw_code custom_role(world *w, const step *s) {
    words to = begin(&w->in);
    if (is(s->verb, "delete-role")) {
        say(&to, "{\"delete_role\":{\"role\":");
        say_quoted(&to, plain(s, 0));
        if (option(s, "instead") != NULL) say(&to, ",\"instead\":"), say_quoted(&to, option(s, "instead"));
    } else {
        const char *reach = option(s, "reach"), *like = option(s, "like");
        say(&to, "{\"%s\":{\"role\":", is(s->verb, "create-role") ? "create_role" : "change_role");
        say_quoted(&to, plain(s, 0));
        say(&to, ",\"title\":");
        say_quoted(&to, plain(s, 1));
        say(&to, ",\"like\":");
        say_quoted(&to, like == NULL ? "" : like);
        say(&to, ",\"reach\":\"%s\",\"permissions\":", reach == NULL ? "assigned" : reach);
        list_of(&to, option(s, "holds"));
    }
    say(&to, "}}");
    return command(w, s, to.text);
}

static bw_code keep_resource(world *w, const step *s) {
    number(w, RESOURCE, plain(s, 0));
    kept_resource *kept = NULL;
    for (int at = 0; at < w->resource_count; at++)
        if (is(w->resources[at].word, plain(s, 0))) kept = &w->resources[at];
    if (kept == NULL) kept = &w->resources[w->resource_count++];
    *kept = (kept_resource){0};
    kept->word = plain(s, 0);
    for (const char *at = option(s, "inside"); at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        kept->containers[kept->resource.container_count++] = id_of(w, RESOURCE, copied(&w->in, at, length));
        at += length + (at[length] == ',');
    }
    if (option(s, "in") != NULL) kept->resource.workspace = workspace_id(w, option(s, "in"));
    if (option(s, "owner") != NULL) kept->resource.owner = id_of(w, PERSON, option(s, "owner"));
    kept->resource.id = id_of(w, RESOURCE, plain(s, 0));
    kept->resource.containers = kept->containers;
    return BW_OK;
}

// A share that the table hands in with each question.
static bw_code keep_share(world *w, const step *s) {
    bw_share *kept = &w->shares[w->share_count];
    const char *to = option(s, "to") == NULL ? "" : option(s, "to"), *until = option(s, "until");
    uint64_t span = 0;
    *kept = (bw_share){0};
    kept->on = id_of(w, RESOURCE, plain(s, 0));
    if (begins(to, "user:")) kept->kind = BW_SHARE_USER, kept->to = id_of(w, PERSON, to + 5);
    else if (begins(to, "team:")) kept->kind = BW_SHARE_TEAM, kept->to = id_of(w, TEAM, to + 5);
    else if (begins(to, "link:")) kept->kind = BW_SHARE_LINK, kept->to = id_of(w, LINK, to + 5);
    else if (begins(to, "organization:")) kept->kind = BW_SHARE_ORGANIZATION, kept->to = id_of(w, ORGANIZATION, to + 13);
    else if (is(to, "members")) kept->kind = BW_SHARE_MEMBERS;
    else if (begins(to, "group:") && bw_group_of(w->catalog, str(to + 6), &kept->group) == BW_OK) kept->kind = BW_SHARE_GROUP;
    else return wrong(w, "to=user:, team:, group:, link:, organization: or members");
    for (const char *at = option(s, "level"); at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        uint16_t permission;
        if (bw_permission_of(w->catalog, (bw_str){at, length}, &permission) != BW_OK) return answered(w, BW_ERROR_UNKNOWN_NAME);
        bw_set_add(&kept->level, permission);
        at += length + (at[length] == ',');
    }
    if (until != NULL && !span_of(until, &span)) return wrong(w, "until= a length of time");
    kept->until = until == NULL ? 0 : w->now + span;
    w->share_count++;
    return BW_OK;
}

static bw_code on_resource(world *w, const step *s, const char *place, const char *text) {
    bw_id others[16], organization = bw_id_of(w->organization);
    bw_context context = context_of(w, s, others);
    bw_resource on = {0};
    on.id = id_of(w, RESOURCE, place);
    for (int at = 0; at < w->resource_count; at++)
        if (is(w->resources[at].word, place)) on = w->resources[at].resource;
    if (w->organization == 0) return wrong(w, "no organization yet");
    return answered(w, bw_share_command(w->tenants, &organization, &on, &context, str(text), NULL));
}

static const char *place_of(world *w, const char *share) {
    for (int at = 0; at < w->opened_count; at++)
        if (is(w->opened[at].share, share)) return w->opened[at].on;
    return "nowhere";
}

static bw_code open_share(world *w, const step *s) {
    const char *share = plain(s, 0), *to = option(s, "to") == NULL ? "" : option(s, "to");
    if (is(place_of(w, share), "nowhere")) w->opened[w->opened_count++] = (placed){share, plain(s, 1)};
    words text = begin(&w->in);
    say(&text, "{\"give_share\":{\"share\":\"%s\",\"to\":", id_text(w, SHARE, share));
    if (begins(to, "user:")) say(&text, "{\"user\":\"%s\"}", id_text(w, PERSON, to + 5));
    else if (begins(to, "address:")) say(&text, "{\"address\":"), say_quoted(&text, to + 8), say(&text, "}");
    else if (begins(to, "group:")) say(&text, "{\"group\":"), say_quoted(&text, to + 6), say(&text, "}");
    else if (begins(to, "team:")) say(&text, "{\"team\":\"%s\"}", id_text(w, TEAM, to + 5));
    else if (begins(to, "organization:")) say(&text, "{\"organization\":\"%s\"}", id_text(w, ORGANIZATION, to + 13));
    else if (begins(to, "members")) say(&text, "\"members\"");
    else {
        say(&text, "{\"link\":{\"link\":\"%s\",\"secret\":", id_text(w, LINK, share));
        say_secret(&text, share, 0);
        if (option(s, "uses") != NULL) say(&text, ",\"uses\":%s", option(s, "uses"));
        say(&text, "}}");
    }
    say(&text, ",\"level\":");
    list_of(&text, option(s, "level"));
    if (!say_end(w, &text, s, "until", "until")) return wrong(w, "until= a length of time");
    say(&text, "}}");
    return on_resource(w, s, plain(s, 1), text.text);
}

static bw_code follow(world *w, const step *s) {
    bw_id others[16];
    bw_facts facts = facts_of(w, s, others);
    bw_secret secret;
    bw_followed followed;
    secret_bytes(option(s, "secret") != NULL ? option(s, "secret") : plain(s, 0), 0, secret.bytes);
    bw_code code = bw_follow_link(w->tenants, &secret, &facts, &followed);
    bw_id link = id_of(w, LINK, plain(s, 0));
    if (code == BW_OK && memcmp(&followed.link, &link, sizeof link) != 0) return wrong(w, "the link leads elsewhere");
    return answered(w, code);
}

static bw_code about_shares(world *w, const step *s) {
    words text = begin(&w->in);
    const char *verb = s->verb;
    if (is(verb, "open")) return open_share(w, s);
    if (is(verb, "follow")) return follow(w, s);
    if (is(verb, "claim")) {
        bw_id others[16];
        bw_context context = context_of(w, s, others);
        say_proof(w, &text, s);
        return answered(w, bw_claim_shares(w->tenants, str(text.text), &context, NULL));
    }
    if (is(verb, "close-all")) return on_resource(w, s, plain(s, 0), "{\"clear_shares\":{}}");
    if (is(verb, "hand-over")) {
        say(&text, "{\"hand_over_shares\":{\"from\":\"%s\",\"to\":\"%s\"}}", id_text(w, PERSON, plain(s, 1)), id_text(w, PERSON, plain(s, 2)));
        return on_resource(w, s, plain(s, 0), text.text);
    }
    say(&text, "{\"%s\":{\"share\":\"%s\"", is(verb, "close") ? "revoke_share" : "change_share", id_text(w, SHARE, plain(s, 0)));
    if (is(verb, "change-share")) {
        say(&text, ",\"level\":");
        list_of(&text, option(s, "level"));
        if (!say_end(w, &text, s, "until", "until")) return wrong(w, "until= a length of time");
    }
    say(&text, "}}");
    return on_resource(w, s, place_of(w, plain(s, 0)), text.text);
}

// Verbs that are a name and one or two fields: `w` workspace, `t` team, `p` person, `x` text, `i` invitation.
typedef struct simple {
    const char *verb, *command, *first, *second;
    char first_kind, second_kind;
} simple;

static const simple SIMPLE[] = {
    {"rename", "rename", "name", NULL, 'x', 0},
    {"describe", "describe", "description", NULL, 'x', 0},
    {"restore-organization", "restore_organization", NULL, NULL, 0, 0},
    {"confirm-domain", "confirm_domain", "domain", NULL, 'x', 0},
    {"drop-domain", "drop_domain", "domain", NULL, 'x', 0},
    {"create-workspace", "create_workspace", "workspace", "name", 'w', 'x'},
    {"rename-workspace", "rename_workspace", "workspace", "name", 'w', 'x'},
    {"archive-workspace", "archive_workspace", "workspace", NULL, 'w', 0},
    {"reopen-workspace", "reopen_workspace", "workspace", NULL, 'w', 0},
    {"delete-workspace", "delete_workspace", "workspace", NULL, 'w', 0},
    {"revoke", "revoke", "invitation", NULL, 'i', 0},
    {"make-collaborator", "make_collaborator", "user", NULL, 'p', 0},
    {"suspend", "suspend", "user", NULL, 'p', 0},
    {"reactivate", "reactivate", "user", NULL, 'p', 0},
    {"erase", "erase_user", "user", NULL, 'p', 0},
    {"take-access", "take_access", "user", "workspace", 'p', 'w'},
    {"accept-ownership", "accept_ownership", NULL, NULL, 0, 0},
    {"cancel-transfer", "cancel_transfer", NULL, NULL, 0, 0},
    {"create-team", "create_team", "team", "name", 't', 'x'},
    {"rename-team", "rename_team", "team", "name", 't', 'x'},
    {"dissolve-team", "dissolve_team", "team", NULL, 't', 0},
    {"join-team", "join_team", "team", "user", 't', 'p'},
    {"leave-team", "leave_team", "team", "user", 't', 'p'},
};

static void say_field(world *w, words *to, const char *key, char of, const char *value) {
    say(to, "\"%s\":", key);
    switch (of) {
        case 'w': say(to, "\"%s\"", workspace_text(w, value)); return;
        case 't': say(to, "\"%s\"", id_text(w, TEAM, value)); return;
        case 'p': say(to, "\"%s\"", id_text(w, PERSON, value)); return;
        case 'i': say(to, "\"%s\"", invitation_text(w, value)); return;
        default: say_quoted(to, value);
    }
}

static bool say_simple(world *w, words *to, const step *s) {
    for (size_t at = 0; at < sizeof SIMPLE / sizeof *SIMPLE; at++) {
        const simple *found = &SIMPLE[at];
        if (!is(found->verb, s->verb)) continue;
        say(to, "{\"%s\":{", found->command);
        if (found->first != NULL) say_field(w, to, found->first, found->first_kind, plain(s, 0));
        if (found->second != NULL) say(to, ","), say_field(w, to, found->second, found->second_kind, plain(s, 1));
        say(to, "}}");
        return true;
    }
    return false;
}

static bw_code status(world *w, const step *s) {
    const char *word = is(plain(s, 0), "past-due") ? "past_due" : plain(s, 0);
    return command(w, s, said(&w->in, "{\"change_status\":{\"status\":\"%s\"}}", word));
}

static bw_code dispose(world *w, const step *s) {
    const char *content = option(s, "content");
    if (content == NULL || is(content, "delete")) return command(w, s, "{\"delete_organization\":{\"disposition\":\"delete\"}}");
    if (is(content, "export")) return command(w, s, "{\"delete_organization\":{\"disposition\":\"export\"}}");
    return command(w, s, said(&w->in, "{\"delete_organization\":{\"disposition\":{\"transfer_to\":\"%s\"}}}", id_text(w, ORGANIZATION, content)));
}

static bw_code others(world *w, const step *s) {
    words to = begin(&w->in);
    const char *first = plain(s, 0), *second = plain(s, 1), *verb = s->verb, *user = NULL;
    if (say_simple(w, &to, s)) return command(w, s, to.text);
    if (is(verb, "set-preference")) {
        say(&to, "{\"set_preference\":{\"key\":");
        say_quoted(&to, first);
        if (*second != '\0') say(&to, ",\"value\":"), say_quoted(&to, second);
    } else if (is(verb, "own-key")) {
        say(&to, "{\"set_own_key\":{\"class\":\"%s\",\"on\":%s", first, is(second, "on") ? "true" : "false");
    } else if (is(verb, "require-provider")) {
        say(&to, "{\"require_provider\":{\"provider\":");
        if (*first == '\0') say(&to, "null"); else say_quoted(&to, first);
    } else if (is(verb, "set-domain")) {
        say(&to, "{\"set_domain\":{\"domain\":");
        say_quoted(&to, first);
        say(&to, ",\"roles\":");
        list_of(&to, option(s, "role"));
    } else if (is(verb, "join-by-domain")) {
        say(&to, "{\"join_by_domain\":{\"address\":");
        say_proof(w, &to, s);
    } else if (is(verb, "set-provisioning")) {
        say(&to, "{\"set_provisioning\":{\"roles\":");
        if (flag(s, "off")) say(&to, "null"); else list_of(&to, option(s, "role"));
    } else if (is(verb, "edit-invitation")) {
        say(&to, "{\"edit_invitation\":{\"invitation\":\"%s\",\"roles\":", invitation_text(w, first));
        list_of(&to, option(s, "role"));
        say(&to, ",\"access\":");
        if (!say_access(w, &to, s)) return wrong(w, "until= a length of time");
    } else if (is(verb, "transfer-ownership")) {
        say(&to, "{\"transfer_ownership\":{\"to\":\"%s\"", id_text(w, PERSON, first));
        if (option(s, "from") != NULL) say(&to, ",\"from\":\"%s\"", id_text(w, PERSON, option(s, "from")));
    } else if (is(verb, "change-plan")) {
        say(&to, "{\"change_plan\":{\"plan\":");
        say_quoted(&to, first);
        say(&to, ",\"seats\":%s", option(s, "seats") == NULL ? "0" : option(s, "seats"));
        if (!say_end(w, &to, s, "at", "at")) return wrong(w, "at= a length of time");
    } else if (is(verb, "change-seats")) {
        say(&to, "{\"change_seats\":{\"seats\":%s", first);
        if (option(s, "at") == NULL) say(&to, ",\"period_end\":%llu", (unsigned long long)w->now);
        else if (!say_end(w, &to, s, "at", "period_end")) return wrong(w, "at= a length of time");
    } else if (is(verb, "leave")) {
        say(&to, "{\"leave\":{\"content\":");
        say_content(w, &to, s);
    } else {
        user = id_text(w, PERSON, first);
        if (is(verb, "add-member") || is(verb, "add-collaborator")) {
            bool member = is(verb, "add-member");
            say(&to, "{\"%s\":{\"user\":\"%s\",\"access\":", member ? "add_member" : "add_collaborator", user);
            if (!say_access(w, &to, s)) return wrong(w, "until= a length of time");
            if (member) say(&to, ",\"roles\":"), list_of(&to, option(s, "role"));
        } else if (is(verb, "change-roles")) {
            say(&to, "{\"change_roles\":{\"user\":\"%s\",\"roles\":", user);
            list_of(&to, option(s, "role"));
        } else if (is(verb, "switch-credits")) {
            say(&to, "{\"switch_credits\":{\"user\":\"%s\"", user);
            if (!is(second, "role")) say(&to, ",\"on\":%s", is(second, "on") ? "true" : "false");
        } else if (is(verb, "remove")) {
            say(&to, "{\"remove\":{\"user\":\"%s\",\"content\":", user);
            say_content(w, &to, s);
        } else return wrong(w, said(&w->in, "nobody can `%s`", verb));
    }
    say(&to, "}}");
    return command(w, s, to.text);
}

static bw_code erase_everywhere(world *w, const step *s) {
    bw_id other[16], user = id_of(w, PERSON, plain(s, 0));
    bw_facts facts = facts_of(w, s, other);
    return answered(w, bw_erase_user(w->tenants, &user, &facts, NULL));
}

bw_code act(world *w, const step *s) {
    const char *verb = s->verb;
    static const char *const SHARES[] = {"open", "change-share", "close", "close-all", "follow", "claim", "hand-over"};
    w->last = json_null();
    for (size_t at = 0; at < sizeof SHARES / sizeof *SHARES; at++)
        if (is(verb, SHARES[at])) return about_shares(w, s);
    if (is(verb, "sign-up") || is(verb, "create-organization")) return start(w, s);
    if (is(verb, "use")) return w->organization = number(w, ORGANIZATION, plain(s, 0)), BW_OK;
    if (is(verb, "wait")) {
        uint64_t span;
        if (!span_of(plain(s, 0), &span)) return wrong(w, "wait a length of time");
        return w->now += span, BW_OK;
    }
    if (is(verb, "at")) return day_of(plain(s, 0), &w->now) ? BW_OK : wrong(w, "at a day");
    if (is_order(verb)) return order(w, s);
    if (is(verb, "resource")) return keep_resource(w, s);
    if (is(verb, "share")) return keep_share(w, s);
    if (is(verb, "invite")) return invite(w, s);
    if (is(verb, "invite-many")) return invite_many(w, s);
    if (is(verb, "resend")) return resend(w, s);
    if (is(verb, "accept") || is(verb, "decline")) return answer(w, s);
    if (is(verb, "give-access")) return give_access(w, s);
    if (is(verb, "set-rule")) return rule(w, s);
    if (is(verb, "status")) return status(w, s);
    if (is(verb, "delete-organization")) return dispose(w, s);
    if (is(verb, "erase-everywhere")) return erase_everywhere(w, s);
    if (strstr(verb, "-service") != NULL || is(verb, "rotate-secret")) return service(w, s);
    if (is(verb, "create-role") || is(verb, "change-role") || is(verb, "delete-role")) return custom_role(w, s);
    return others(w, s);
}
