#!/usr/bin/env bash
# Tries the package in Node and in a browser: `test.sh [--node] [--browser]`, both without. Builds it where it was not built from what is here.
set -euo pipefail
cd "$(dirname "$0")"

node=0 browser=0
for argument in "$@"; do
    case "$argument" in
        --node) node=1 ;;
        --browser) browser=1 ;;
        *) echo "test.sh [--node] [--browser]" >&2; exit 2 ;;
    esac
done
[ "$((node + browser))" -gt 0 ] || { node=1; browser=1; }

pairs=(cargo:rustup node:nodejs npm:npm)
[ "$browser" -eq 0 ] || pairs+=(chromium:chromium)
missing=()
for pair in "${pairs[@]}"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${#missing[@]}" -gt 0 ]; then
    echo "missing, by the names of their Debian packages: ${missing[*]}" >&2
    exit 1
fi

step() { printf '\n-- %s (%ss)\n' "$*" "$SECONDS"; }
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

step "the package"
changed="$(find Cargo.lock Cargo.toml package-lock.json build.sh core.d.ts types.d.ts js src pack ../bridge/src ../../src ../../Cargo.toml -newer dist/bailiwick.wasm -type f 2>&1 | head -n 1 || true)"
[ -z "$changed" ] || ./build.sh
./size.sh

if [ "$node" -eq 1 ]; then
    step "the types, and what is written by them"
    node_modules/.bin/tsc --project tests --noEmit
    node_modules/.bin/tsc --project tests --outDir "$scratch"
    # It looks for the package from where it lies.
    cp "$scratch/tests/sample.js" dist/.sample.js
    node dist/.sample.js
    rm dist/.sample.js

    step "the tour of the README"
    sed -n '/^```js$/,/^```$/p' README.md | sed '1d;$d' | diff - tests/tour.js || { echo "the README shows another tour" >&2; exit 1; }
    node tests/tour.js > "$scratch/tour"
    grep -qx 'bob@acme.example' "$scratch/tour"
    grep -qx 'true' "$scratch/tour"
    grep -q '^not_granted - ' "$scratch/tour"
    grep -q '^Bob: `subscription.change`' "$scratch/tour"

    step "the tables, in Node"
    node tests/tables/node.js | tee "$scratch/node"

    step "hostile calls"
    node tests/hostile.js | tee -a "$scratch/node"
    node tests/broken.js
fi

if [ "$browser" -eq 1 ]; then
    step "the tables and the hostile calls, in a browser"
    node tests/browser.js "$(command -v chromium)" | tee "$scratch/browser"
    [ "$node" -eq 0 ] || diff "$scratch/node" "$scratch/browser" || { echo "Node and the browser say different things" >&2; exit 1; }
fi

step "done"
