// What a check through C costs, beside the same check without the boundary, in one run: `measure [ROUNDS]`. Needs the library built with the
// feature `measure`. Round after round both are asked in turn, and the median of each is told.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bailiwick.h"

#define ORGANIZATIONS 100
#define MEMBERS 20
#define QUESTIONS (ORGANIZATIONS * MEMBERS)
#define TURNS 31

static bw_question questions[QUESTIONS];
static bw_target targets[QUESTIONS];
static bw_code codes[QUESTIONS];

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void must(bw_code code) {
    if (code != BW_OK) fprintf(stderr, "%u %s\n", code, bw_message()), exit(1);
}

static void command(bw_tenants tenants, uint64_t organization, uint64_t who, const char *text) {
    bw_id id = bw_id_of(organization);
    bw_context context = {{who == 0 ? BW_ACTOR_SYSTEM : BW_ACTOR_USER, bw_id_of(who), {{0}}}, {.now = UINT64_C(1795000000000)}, {{0}}};
    must(bw_command(tenants, &id, &context, (bw_str){text, strlen(text)}, NULL, NULL, NULL));
}

// Organizations of 20 members with two workspaces each; developers have a row in the second one.
static void build(bw_tenants tenants, uint16_t permission) {
    char text[512];
    for (uint64_t of = 1; of <= ORGANIZATIONS; of++) {
        uint64_t first = of * 1000;
        snprintf(text, sizeof text, "{\"create_organization\":{\"name\":\"Acme %d\",\"plan\":\"team\",\"seats\":30,\"owned\":0,\"workspace\":\"00000000-0000-0000-0000-%012x\"}}", (int)of, (unsigned)first);
        command(tenants, of, first, text);
        snprintf(text, sizeof text, "{\"create_workspace\":{\"workspace\":\"00000000-0000-0000-0000-%012x\",\"name\":\"Production\"}}", (unsigned)first + 500);
        command(tenants, of, first, text);
        for (uint64_t member = 1; member < MEMBERS; member++) {
            const char *role = member % 4 == 0 ? "admin" : member % 4 == 1 ? "viewer" : "developer";
            snprintf(text, sizeof text, "{\"add_member\":{\"user\":\"00000000-0000-0000-0000-%012x\",\"roles\":[\"%s\"],\"access\":[[\"00000000-0000-0000-0000-%012x\",{}]]}}",
                     (unsigned)(first + member), role, (unsigned)first + 500);
            command(tenants, of, 0, text);
        }
        for (uint64_t member = 0; member < MEMBERS; member++) {
            size_t at = (size_t)((of - 1) * MEMBERS + member);
            bw_id workspace = bw_id_of(first + 500);
            questions[at] = (bw_question){bw_id_of(of), workspace, {BW_ACTOR_USER, bw_id_of(first + member), {{0}}}, permission};
            targets[at] = (bw_target){BW_TARGET_WORKSPACE, workspace, NULL};
        }
    }
}

static int by_size(const void *one, const void *other) {
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static double median(double *of) { return qsort(of, TURNS, sizeof *of, by_size), of[TURNS / 2]; }

int main(int count, char **arguments) {
    uint32_t rounds = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 20;
    bw_catalog catalog;
    bw_tenants tenants;
    uint16_t permission;
    must(bw_catalog_preset(BW_STR("cloud"), &catalog));
    must(bw_tenants_in_memory(catalog, NULL, &tenants));
    must(bw_permission_of(catalog, BW_STR("operation.run"), &permission));
    build(tenants, permission);
    bw_facts facts = {.now = UINT64_C(1795000000000)};
    double check[2][TURNS], each[2][TURNS], allows[2][TURNS], set[TURNS], per = (double)rounds * QUESTIONS;
    bw_access_handle access;
    must(bw_access(tenants, &questions[0].organization, &questions[0].actor, &targets[0], &facts, &access));
    for (int turn = 0; turn < TURNS; turn++) {
        bw_measured native;
        must(bw_measure(tenants, questions, QUESTIONS, rounds, &facts, &native));
        check[0][turn] = (double)native.check_ns / per;
        each[0][turn] = (double)native.check_each_ns / per;
        allows[0][turn] = (double)native.allows_ns / per;

        uint64_t yes = 0;
        double begin = now_ns();
        for (uint32_t round = 0; round < rounds; round++)
            for (size_t at = 0; at < QUESTIONS; at++) {
                const bw_question *asked = &questions[at];
                yes += bw_check(tenants, &asked->organization, &asked->actor, asked->permission, &targets[at], &facts) == BW_OK;
            }
        check[1][turn] = (now_ns() - begin) / per;
        // A fast wrong answer is not a result.
        if (yes != native.allowed || yes == 0 || yes == rounds * (uint64_t)QUESTIONS) return fprintf(stderr, "other answers\n"), 1;

        begin = now_ns();
        for (uint32_t round = 0; round < rounds; round++) must(bw_check_each(tenants, questions, QUESTIONS, &facts, codes));
        each[1][turn] = (now_ns() - begin) / per;
        begin = now_ns();
        for (uint32_t round = 0; round < rounds; round++)
            for (size_t at = 0; at < QUESTIONS; at++) yes += bw_allows(access, questions[at].permission);
        allows[1][turn] = (now_ns() - begin) / per;
        bw_set allowed;
        must(bw_access_allowed(access, &allowed));
        volatile uint64_t kept = 0;
        begin = now_ns();
        for (uint32_t round = 0; round < rounds; round++)
            for (size_t at = 0; at < QUESTIONS; at++) kept += bw_set_has(&allowed, questions[at].permission);
        set[turn] = (now_ns() - begin) / per;
    }
    double figures[7] = {median(check[0]), median(check[1]), median(each[0]), median(each[1]), median(allows[0]), median(allows[1]), median(set)};
    printf("%-44s %10s %10s %8s\n", "ns, median of 31 turns", "in Rust", "through C", "ratio");
    printf("%-44s %10.1f %10.1f %8.2f\n", "bw_check", figures[0], figures[1], figures[1] / figures[0]);
    printf("%-44s %10.1f %10.1f %8.2f\n", "bw_check_each, 2,000 in a list", figures[2], figures[3], figures[3] / figures[2]);
    printf("%-44s %10.1f %10.1f %8.2f\n", "bw_allows", figures[4], figures[5], figures[5] / figures[4]);
    printf("%-44s %10.1f %10.1f %8.2f\n", "bw_set_has, no call", figures[4], figures[6], figures[6] / figures[4]);
    must(bw_free(access));
    must(bw_free(tenants));
    must(bw_free(catalog));
    return 0;
}
