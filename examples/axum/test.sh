#!/usr/bin/env bash
# Tries the program as its users have it: the real binary, driven over HTTP, over a file and over PostgreSQL where there is one. With
# CI=true PostgreSQL has to be there. What is given is handed on: `./test.sh idempotency`.
set -euo pipefail
cd "$(dirname "$0")"
cargo test --locked "$@"
