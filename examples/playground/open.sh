#!/usr/bin/env bash
# Builds the package and serves the page on 127.0.0.1: ./open.sh [port]
set -euo pipefail
cd "$(dirname "$0")"
./build.sh
exec node serve.js "${1:-8080}"
