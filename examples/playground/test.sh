#!/usr/bin/env bash
# Checks the types and tries the page in a headless browser, on the package as it was built last. REBUILD=1 ./test.sh builds it anew.
set -euo pipefail
cd "$(dirname "$0")"

browser="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}"
missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
[ -n "$browser" ] || missing+=(chromium)
if [ "${#missing[@]}" -gt 0 ]; then
    echo "missing, by the names of their Debian packages: ${missing[*]}" >&2
    exit 1
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --prefer-offline --ignore-scripts --no-audit --no-fund
fi
if [ ! -e pkg/bailiwick.wasm ] || [ -n "${REBUILD:-}" ]; then
    ./build.sh
fi
node_modules/.bin/tsc
CHROMIUM="$browser" node --test-reporter=spec tests/all.js
