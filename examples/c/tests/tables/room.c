#include "room.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    block *before;
    size_t used, size;
    char *bytes;
};

void *take(room *in, size_t bytes) {
    bytes = (bytes + 15) & ~(size_t)15;
    if (in->last == NULL || in->last->size - in->last->used < bytes) {
        size_t size = bytes > 65536 ? bytes : 65536;
        block *made = malloc(sizeof *made);
        char *room_of = calloc(1, size);
        if (made == NULL || room_of == NULL) abort();
        *made = (block){in->last, 0, size, room_of};
        in->last = made;
    }
    void *place = in->last->bytes + in->last->used;
    in->last->used += bytes;
    return place;
}

void give_all_back(room *in) {
    while (in->last != NULL) {
        block *before = in->last->before;
        free(in->last->bytes);
        free(in->last);
        in->last = before;
    }
}

char *copied(room *in, const char *text, size_t length) {
    char *copy = take(in, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static void say_all(words *to, const char *format, va_list values) {
    va_list again;
    va_copy(again, values);
    int needed = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (needed < 0) abort();
    if (to->room - to->length <= (size_t)needed) {
        size_t room_of = (to->length + (size_t)needed + 1) * 2;
        char *longer = take(to->in, room_of);
        memcpy(longer, to->text, to->length);
        to->text = longer;
        to->room = room_of;
    }
    vsnprintf(to->text + to->length, to->room - to->length, format, values);
    to->length += (size_t)needed;
}

words begin(room *in) {
    words empty = {in, take(in, 256), 0, 256};
    empty.text[0] = '\0';
    return empty;
}

void say(words *to, const char *format, ...) {
    va_list values;
    va_start(values, format);
    say_all(to, format, values);
    va_end(values);
}

char *said(room *in, const char *format, ...) {
    words to = begin(in);
    va_list values;
    va_start(values, format);
    say_all(&to, format, values);
    va_end(values);
    return to.text;
}

void say_quoted(words *to, const char *text) {
    say(to, "\"");
    for (; *text != '\0'; text++) {
        unsigned char letter = (unsigned char)*text;
        if (letter == '"' || letter == '\\') say(to, "\\%c", letter);
        else if (letter < 32) say(to, "\\u%04x", letter);
        else say(to, "%c", letter);
    }
    say(to, "\"");
}

// ---- JSON ----

static json nothing = {JSON_NULL, false, "", NULL, NULL, NULL};

json *json_null(void) { return &nothing; }

static json *made(room *in, json_kind kind) {
    json *value = take(in, sizeof *value);
    value->kind = kind;
    value->text = "";
    return value;
}

json *json_text(room *in, const char *text) {
    json *value = made(in, JSON_TEXT);
    value->text = text;
    return value;
}

static const char *past_spaces(const char *at) {
    while (isspace((unsigned char)*at)) at++;
    return at;
}

static void put_letter(words *to, unsigned letter) {
    if (letter < 0x80) say(to, "%c", (int)letter);
    else if (letter < 0x800) say(to, "%c%c", (int)(0xc0 | letter >> 6), (int)(0x80 | (letter & 0x3f)));
    else say(to, "%c%c%c", (int)(0xe0 | letter >> 12), (int)(0x80 | (letter >> 6 & 0x3f)), (int)(0x80 | (letter & 0x3f)));
}

static const char *read_text(room *in, const char *at, const char **text) {
    words to = begin(in);
    for (at++; *at != '"'; at++) {
        if (*at == '\0') return NULL;
        if (*at != '\\') {
            say(&to, "%c", *at);
            continue;
        }
        at++;
        unsigned letter = 0;
        switch (*at) {
            case 'n': say(&to, "\n"); break;
            case 't': say(&to, "\t"); break;
            case 'r': say(&to, "\r"); break;
            case 'b': say(&to, "\b"); break;
            case 'f': say(&to, "\f"); break;
            case 'u':
                if (sscanf(at + 1, "%4x", &letter) != 1) return NULL;
                put_letter(&to, letter);
                at += 4;
                break;
            default: say(&to, "%c", *at);
        }
    }
    *text = to.text;
    return at + 1;
}

static const char *read_value(room *in, const char *at, json **into);

static const char *read_items(room *in, const char *at, json *all) {
    char end = all->kind == JSON_TABLE ? '}' : ']';
    json **place = &all->first;
    at = past_spaces(at + 1);
    while (*at != end) {
        const char *key = NULL;
        if (all->kind == JSON_TABLE) {
            if (*at != '"' || (at = read_text(in, at, &key)) == NULL) return NULL;
            at = past_spaces(at);
            if (*at++ != ':') return NULL;
        }
        if ((at = read_value(in, at, place)) == NULL) return NULL;
        (*place)->key = key;
        place = &(*place)->next;
        at = past_spaces(at);
        if (*at == ',') at = past_spaces(at + 1);
        else if (*at != end) return NULL;
    }
    return at + 1;
}

static const char *read_value(room *in, const char *at, json **into) {
    at = past_spaces(at);
    if (*at == '{' || *at == '[') {
        *into = made(in, *at == '{' ? JSON_TABLE : JSON_LIST);
        return read_items(in, at, *into);
    }
    if (*at == '"') {
        *into = made(in, JSON_TEXT);
        return read_text(in, at, &(*into)->text);
    }
    if (strncmp(at, "null", 4) == 0) return *into = made(in, JSON_NULL), at + 4;
    if (strncmp(at, "true", 4) == 0) return *into = made(in, JSON_FLAG), (*into)->flag = true, at + 4;
    if (strncmp(at, "false", 5) == 0) return *into = made(in, JSON_FLAG), at + 5;
    size_t digits = strspn(at, "+-.0123456789eE");
    if (digits == 0) return NULL;
    *into = made(in, JSON_NUMBER);
    (*into)->text = copied(in, at, digits);
    return at + digits;
}

json *json_read(room *in, const char *text) {
    json *value = NULL;
    const char *rest = read_value(in, text, &value);
    return rest != NULL && *past_spaces(rest) == '\0' ? value : NULL;
}

void json_write(words *to, const json *value) {
    const json *item;
    switch (value->kind) {
        case JSON_NULL: say(to, "null"); return;
        case JSON_FLAG: say(to, value->flag ? "true" : "false"); return;
        case JSON_NUMBER: say(to, "%s", value->text); return;
        case JSON_TEXT: say_quoted(to, value->text); return;
        case JSON_LIST:
        case JSON_TABLE: break;
    }
    say(to, value->kind == JSON_LIST ? "[" : "{");
    const char *between = "";
    for (item = value->first; item != NULL; item = item->next) {
        if (value->kind == JSON_TABLE && item->kind == JSON_NULL) continue;
        say(to, "%s", between);
        between = ",";
        if (value->kind == JSON_TABLE) say_quoted(to, item->key), say(to, ":");
        json_write(to, item);
    }
    say(to, value->kind == JSON_LIST ? "]" : "}");
}

json *json_of(const json *table, const char *key) {
    if (table != NULL && table->kind == JSON_TABLE)
        for (json *item = table->first; item != NULL; item = item->next)
            if (strcmp(item->key, key) == 0) return item;
    return &nothing;
}

json *json_at(const json *value, const char *path) {
    char key[64];
    const json *at = value;
    while (*path != '\0') {
        size_t length = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, path);
        at = json_of(at, key);
        path += length + (path[length] == '.');
    }
    return (json *)at;
}

size_t json_count(const json *list) {
    size_t count = 0;
    for (const json *item = list->first; item != NULL; item = item->next) count++;
    return count;
}

const char *json_word(const json *value) {
    return value->kind == JSON_TEXT || value->kind == JSON_NUMBER ? value->text : "";
}

uint64_t json_number(const json *value) { return strtoull(json_word(value), NULL, 10); }

void json_set(room *in, json *table, const char *key, json *value) {
    json **place = &table->first;
    json *placed = take(in, sizeof *placed);
    *placed = *value;
    placed->key = key;
    placed->next = NULL;
    for (; *place != NULL; place = &(*place)->next)
        if (strcmp((*place)->key, key) == 0) {
            placed->next = (*place)->next;
            break;
        }
    *place = placed;
}
