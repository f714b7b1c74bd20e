#!/usr/bin/env bash
# Prints what a check costs through C and in Rust, in one run.
set -euo pipefail
cd "$(dirname "$0")"
target="${CARGO_TARGET_DIR:-$PWD/target}"
cargo build --release --locked --features measure
program="$(mktemp)"
trap 'rm -f "$program"' EXIT
gcc -std=c11 -D_DEFAULT_SOURCE -DBW_MEASURE -Wall -Wextra -Werror -O2 -Iinclude tests/measure.c \
    -L"$target/release" -lbailiwick_c -Wl,-rpath,"$target/release" -o "$program"
"$program" "$@"
