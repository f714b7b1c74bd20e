#!/usr/bin/env bash
# Prints what a request costs, and what part of it the question *may they?*, as a Markdown table. LOAD_CLIENTS, LOAD_SECONDS and DATABASE_URL decide otherwise.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --locked --release --features load --bins
exec "${CARGO_TARGET_DIR:-target}/release/load"
