// The example of the README.
#include <stdio.h>
#include "bailiwick.h"

int main(void) {
    bw_catalog catalog;
    bw_tenants tenants;
    bw_text why;
    uint16_t run;
    bw_id home = bw_id_of(1), workspace = bw_id_of(7);
    bw_actor ada = {BW_ACTOR_USER, bw_id_of(2), {{0}}}, bob = {BW_ACTOR_USER, bw_id_of(3), {{0}}};
    bw_context now = {ada, {.now = UINT64_C(1795000000000)}, {{0}}};
    bw_target there = {BW_TARGET_WORKSPACE, workspace, NULL};
    bw_str sign_up = BW_STR("{\"sign_up\":{\"name\":\"Ada\",\"workspace\":\"00000000-0000-0000-0000-000000000007\"}}");

    if (bw_catalog_preset(BW_STR("cloud"), &catalog) != BW_OK || bw_tenants_in_memory(catalog, NULL, &tenants) != BW_OK ||
        bw_permission_of(catalog, BW_STR("operation.run"), &run) != BW_OK ||
        bw_command(tenants, &home, &now, sign_up, NULL, NULL, NULL) != BW_OK)
        return fprintf(stderr, "%s\n", bw_message()), 1;

    printf("ada: %s\n", bw_code_name(bw_check(tenants, &home, &ada, run, &there, &now.facts)));
    printf("bob: %s\n", bw_code_name(bw_check(tenants, &home, &bob, run, &there, &now.facts)));
    if (bw_explain(tenants, &home, &ada, run, &there, &now.facts, BW_AS_TEXT, &why) != BW_OK) return 1;
    puts(bw_text_data(why));
    return bw_free(why) != BW_OK || bw_free(tenants) != BW_OK || bw_free(catalog) != BW_OK;
}
