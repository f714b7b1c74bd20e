#!/usr/bin/env bash
# Prints what a check costs through WebAssembly and in Rust, in one run, as a table.
set -euo pipefail
cd "$(dirname "$0")"
[ -e dist/bailiwick.wasm ] || ./build.sh
cargo build --quiet --locked --profile native --package native
node tests/measure.js "${CARGO_TARGET_DIR:-$PWD/target}/native/native" "$@"
