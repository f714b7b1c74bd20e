// The world of one table: its names, its ids, what is known of the moment, and the library behind it.
#ifndef WORLD_H
#define WORLD_H

#include "bailiwick.h"
#include "room.h"

#define WORDS_MAX 64
#define NAMES_MAX 512

typedef enum kind { PERSON, ORGANIZATION, WORKSPACE, TEAM, SERVICE, RESOURCE, LINK, SHARE, HOLD } kind;

typedef struct name {
    kind of;
    const char *word;
} name;

typedef struct step {
    const char *who, *verb;
    const char *arguments[WORDS_MAX];
    int count;
    const char *given[WORDS_MAX];
    int given_count;
} step;

typedef struct sent {
    const char *who, *secret;
    uint64_t id;
    int times;
} sent;

typedef struct kept_resource {
    const char *word;
    bw_resource resource;
    bw_id containers[16];
} kept_resource;

typedef struct placed {
    const char *share, *on;
} placed;

typedef struct ordered {
    const char *key, *order;
} ordered;

typedef struct books {
    uint64_t organization;
    bw_ledger ledger;
} books;

// Which store the tables are run over.
typedef enum over { OVER_MEMORY, OVER_FILE, OVER_CALLBACKS } over;

typedef struct world {
    room in;
    over store;
    const char *path;  // of the file, if it is one
    bw_catalog catalog;
    bw_tenants tenants;
    json *form;  // the file form of the catalog
    uint64_t now;
    uint64_t organization;  // 0: none yet
    name names[NAMES_MAX];
    int name_count;
    sent invitations[64];
    int invitation_count, invited;
    kept_resource resources[64];
    int resource_count;
    bw_share shares[64];
    int share_count;
    placed opened[64];
    int opened_count;
    const char *batch[64];
    int batch_count;
    json *last;     // what came of the last command
    json *verdict;  // what came of the last order
    books ledgers[16];
    int ledger_count;
    ordered orders[128];
    int order_count;
    int keys;
    uint64_t as_of;
    const char *settings;
    const char *refusal;  // the words of the last one
} world;

// Nothing that a table can say comes out as this.
#define WRONG_TABLE 0xffffffffu

uint64_t number(world *w, kind of, const char *word);
const char *word_of(world *w, kind of, const char *id);  // of an id in text; "" for none
bw_id id_of(world *w, kind of, const char *word);
const char *uuid(world *w, uint64_t number);
const char *id_text(world *w, kind of, const char *word);
const char *workspace_text(world *w, const char *word);
bw_id workspace_id(world *w, const char *word);
bw_actor actor_of(world *w, const char *who);
bw_facts facts_of(world *w, const step *s, bw_id *others);
bw_str str(const char *text);
json *taken(world *w, bw_text text);  // reads it and gives it back

bool is(const char *one, const char *other);
bool begins(const char *word, const char *with);
const char *plain(const step *s, int at);
const char *option(const step *s, const char *key);  // NULL where there is none
bool flag(const step *s, const char *word);
bool span_of(const char *text, uint64_t *span);
bool day_of(const char *text, uint64_t *at);
const char *shown(world *w, uint64_t at);
const char *left(world *w, uint64_t at);
void list_of(words *to, const char *joined);  // ["a","b"] of a,b

bw_code act(world *w, const step *s);             // steps.c
bool is_order(const char *verb);                  // orders.c
bw_code order(world *w, const step *s);           // orders.c
bool scope_of(world *w, words *to, const char *text);  // orders.c
bool spot_of(world *w, words *to, const char *text);   // orders.c
bw_ledger ledger_of(world *w);                    // orders.c
const char *state(world *w, char **subject, int count);  // states.c; NULL for what is not asked here
const char *figure(world *w, char **subject, int count); // figures.c; NULL for what is none

#endif
