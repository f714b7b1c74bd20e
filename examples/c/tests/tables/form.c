#include "form.h"

#include <string.h>

// The entry of a list whose key begins the path, and what is left of the path behind it. Keys may contain dots.
static json *entry_of(json *list, const char *path, const char **left, bool by_kind) {
    for (json *entry = list->first; entry != NULL; entry = entry->next) {
        const char *key = json_word(json_of(entry, "key"));
        if (*key == '\0' && by_kind) key = json_word(json_of(entry, "kind"));
        size_t length = strlen(key);
        if (length == 0 || strncmp(path, key, length) != 0 || (path[length] != '\0' && path[length] != '.')) continue;
        *left = path + length + (path[length] == '.');
        return entry;
    }
    return NULL;
}

const char *form_value(room *in, json *form, const char *path) {
    json *value = form;
    while (*path != '\0') {
        if (value->kind == JSON_LIST) {
            value = entry_of(value, path, &path, true);
            if (value == NULL) return "-";
            continue;
        }
        size_t length = strcspn(path, ".");
        value = json_of(value, copied(in, path, length));
        path += length + (path[length] == '.');
    }
    if (value->kind == JSON_NULL) return "-";
    if (value->kind == JSON_TEXT) return value->text;
    words to = begin(in);
    bool texts = value->kind == JSON_LIST;
    for (json *item = value->first; item != NULL; item = item->next) texts = texts && item->kind == JSON_TEXT;
    if (!texts) return json_write(&to, value), to.text;
    for (json *item = value->first; item != NULL; item = item->next) say(&to, "%s%s", item == value->first ? "" : ",", item->text);
    return to.text;
}

static json *list_of_texts(room *in, const char *joined) {
    json *list = json_read(in, "[]"), **place = &list->first;
    while (*joined != '\0') {
        size_t length = strcspn(joined, ",");
        if (length > 0) *place = json_text(in, copied(in, joined, length)), place = &(*place)->next;
        joined += length + (joined[length] == ',');
    }
    return list;
}

static void add_limit(room *in, json *plan, const char *path) {
    json *limits = json_of(plan, "limits");
    const char *key = copied(in, path, strcspn(path, ".")), *left;
    if (limits->kind != JSON_LIST) json_set(in, plan, "limits", json_read(in, "[]")), limits = json_of(plan, "limits");
    if (entry_of(limits, key, &left, false) != NULL) return;
    json **place = &limits->first;
    while (*place != NULL) place = &(*place)->next;
    *place = json_read(in, "{}");
    json_set(in, *place, "key", json_text(in, key));
}

bool form_set(room *in, json *form, const char *path, const char *value) {
    static const char *const LISTS[] = {"guards", "permissions", "creator_roles", "assigned_by", "features", "providers"};
    json *at = form, *before = NULL;
    const char *key = "", *last = strrchr(path, '.') == NULL ? path : strrchr(path, '.') + 1;
    while (*path != '\0') {
        if (at->kind == JSON_LIST) {
            at = entry_of(at, path, &path, false);
            if (at == NULL) return false;
            continue;
        }
        size_t length = strcspn(path, ".");
        key = copied(in, path, length);
        path += length + (path[length] == '.');
        if (strcmp(key, "limits") == 0 && strchr(path, '.') != NULL) add_limit(in, at, path);
        if (at->kind == JSON_NULL) at->kind = JSON_TABLE;
        if (at->kind != JSON_TABLE) return false;
        if (json_of(at, key) == json_null()) json_set(in, at, key, json_read(in, "null"));
        before = at;
        at = json_of(at, key);
    }
    bool is_list = at->kind == JSON_LIST;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) is_list = is_list || strcmp(LISTS[i], last) == 0;
    json *set = is_list ? list_of_texts(in, value) : json_read(in, value);
    if (strcmp(value, "-") == 0) set = json_read(in, "null");
    if (set == NULL) set = json_text(in, value);
    json_set(in, before, key, set);
    return true;
}
