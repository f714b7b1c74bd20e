// Room: memory that is given back all at once, texts that grow in it, and JSON read into it.
#ifndef ROOM_H
#define ROOM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct block block;
typedef struct room {
    block *last;
} room;

void *take(room *in, size_t bytes);
void give_all_back(room *in);
char *copied(room *in, const char *text, size_t length);
char *said(room *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A text that grows.
typedef struct words {
    room *in;
    char *text;
    size_t length, room;
} words;

words begin(room *in);
void say(words *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_quoted(words *to, const char *text);

// A value of JSON. Numbers keep their digits.
typedef enum json_kind { JSON_NULL, JSON_FLAG, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_TABLE } json_kind;
typedef struct json json;
struct json {
    json_kind kind;
    bool flag;
    const char *text;  // of a text; of a number its digits
    const char *key;   // inside a table
    json *first, *next;
};

json *json_read(room *in, const char *text);
json *json_null(void);
json *json_text(room *in, const char *text);
void json_write(words *to, const json *value);  // fields of nothing are left out
json *json_of(const json *table, const char *key);
json *json_at(const json *value, const char *path);  // keys joined by dots
size_t json_count(const json *list);
const char *json_word(const json *value);  // a text or a number's digits; "" for anything else
uint64_t json_number(const json *value);
void json_set(room *in, json *table, const char *key, json *value);

#endif
