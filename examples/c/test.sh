#!/usr/bin/env bash
# Builds the library and tries it from C, C++ and Python, shared and static, and under valgrind. Installs nothing: what is missing is named.
# The header is compared with what cbindgen makes of the sources. PROFILE=dev tries what is quicker to build.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
for pair in cargo:rustup gcc:gcc g++:g++ valgrind:valgrind python3:python3 cbindgen:cbindgen-web; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${#missing[@]}" -gt 0 ]; then
    echo "missing, by the names of their Debian packages: ${missing[*]}" >&2
    exit 1
fi

step() { printf '\n-- %s (%ss)\n' "$*" "$SECONDS"; }
profile="${PROFILE:-release}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
built="$target/$profile"
if [ "$profile" = dev ]; then built="$target/debug"; fi
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

step "library"
cargo build --profile "$profile" --locked
cargo test --locked --quiet
cargo test --locked --quiet --package bailiwick-bridge
SECONDS=0

step "the header is up to date, and good for C and C++"
cbindgen --quiet --config cbindgen.toml --output "$scratch/bailiwick.h" .
diff "$scratch/bailiwick.h" include/bailiwick.h || { echo "make it anew: cbindgen --config cbindgen.toml --output include/bailiwick.h ." >&2; exit 1; }
printf '#include "bailiwick.h"\n#include "bailiwick.h"\nint main(void) { return bw_id_of(0).bytes[0]; }\n' > "$scratch/only.c"
cp "$scratch/only.c" "$scratch/only.cc"
gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude -c "$scratch/only.c" -o "$scratch/only.o"
g++ -std=c++11 -Wall -Wextra -Werror -Iinclude -c "$scratch/only.cc" -o "$scratch/only.o"

step "the programs, shared and static"
# Warnings are errors, in the example of the README, too.
build() { gcc -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Werror -O1 -g -Iinclude -Itests "$@"; }
shared=(-L"$built" -lbailiwick_c -Wl,-rpath,"$built" -lpthread)
static=("$built/libbailiwick_c.a" -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc)
for form in shared static; do
    declare -n libraries="$form"
    build tests/tables/{main,world,steps,orders,figures,states,form,room,store}.c "${libraries[@]}" -o "$scratch/tables-$form"
    build tests/hostile.c tests/tables/store.c "${libraries[@]}" -o "$scratch/hostile-$form"
    build tests/example.c "${libraries[@]}" -o "$scratch/example-$form"
done

step "the example of the README"
sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d' | diff - <(tail -n +2 tests/example.c) || { echo "the README shows another example" >&2; exit 1; }
for form in shared static; do "$scratch/example-$form" > "$scratch/example"; done
grep -q '^ada: ok$' "$scratch/example"
grep -q '^bob: not_found$' "$scratch/example"

step "the tables, over every store"
for store in memory file callbacks; do "$scratch/tables-shared" "$store" ../../tests/cases "$scratch"; done
"$scratch/tables-static" memory ../../tests/cases "$scratch" | tail -n 1

step "hostile calls"
"$scratch/hostile-shared" "$scratch"
"$scratch/hostile-static" "$scratch"

step "Python"
python3 tests/script.py "$built/libbailiwick_c.so"

step "no error and no leak"
checked() { RUST_BACKTRACE=0 valgrind -q --suppressions=tests/valgrind.supp --leak-check=full --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 "$@"; }
some=(cloud credits-holds invitations shares)
all_of() {
    checked "$scratch/example-$1" > /dev/null
    checked "$scratch/hostile-$1" "$2"
    for table in "${some[@]}"; do
        checked "$scratch/tables-$1" callbacks ../../tests/cases "$2" "$table.txt" | tail -n 1
    done
}
# Both at once, each in a folder of its own.
running=()
for form in shared static; do
    mkdir "$scratch/$form"
    (set -e; all_of "$form" "$scratch/$form") > "$scratch/said-$form" 2>&1 &
    running+=("$!")
done
failed=0
for one in "${running[@]}"; do wait "$one" || failed=1; done
cat "$scratch"/said-*
[ "$failed" -eq 0 ] || exit 1
# A leak that is there is found.
if checked "$scratch/hostile-shared" "$scratch" leak 2> "$scratch/leaks"; then
    echo "a leak was not found" >&2
    exit 1
fi
grep -q 'definitely lost' "$scratch/leaks"

step "done"
