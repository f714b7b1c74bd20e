#!/usr/bin/env bash
# Builds the package into dist/: the module, the JavaScript around it, the types. Needs Rust (by rustup), Node 20 and npm; fetches what the lock
# files name, and what was fetched before is not fetched again.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
for pair in cargo:rustup node:nodejs npm:npm; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${#missing[@]}" -gt 0 ]; then
    echo "missing, by the names of their Debian packages: ${missing[*]}" >&2
    exit 1
fi

target="${CARGO_TARGET_DIR:-$PWD/target}"
triple=wasm32-unknown-unknown
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$triple" ]; then
    rustup target add "$triple" || { echo "the standard library for $triple is missing, and rustup cannot fetch it" >&2; exit 1; }
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --prefer-offline --ignore-scripts --no-audit --no-fund || { echo "what package-lock.json names cannot be fetched, and npm has not kept it" >&2; exit 1; }
fi

made="$(mktemp -d)"
trap 'rm -rf "$made"' EXIT
cargo build --profile small --locked --target "$triple"
cargo run --quiet --locked --package pack -- "$target/$triple/small/bailiwick_wasm.wasm" "$made"
# What Rust 1.95 makes; nothing that a browser of the last years does not have.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext
    --enable-multivalue --enable-reference-types --enable-call-indirect-overlong)
node_modules/.bin/wasm-opt -Oz "${features[@]}" "$made/raw_bg.wasm" -o "$made/bailiwick.wasm"

rm -rf dist
mkdir dist
cp js/*.js "$made/raw.js" "$made/bailiwick.wasm" core.d.ts dist/
cp types.d.ts dist/index.d.ts
./size.sh
