#!/usr/bin/env bash
# How large the module is as it is sent, and whether that is within the budget.
set -euo pipefail
cd "$(dirname "$0")"
plain=$(stat -c %s dist/bailiwick.wasm)
sent=$(gzip -9 -c dist/bailiwick.wasm | wc -c)
budget=$(cat size-budget.txt)
echo "bailiwick.wasm: $plain bytes, $sent after gzip -9; the budget is $budget"
[ "$sent" -le "$budget" ] || { echo "the module is larger than its budget" >&2; exit 1; }
