#!/usr/bin/env bash
# Builds the package next door and puts it into pkg/, from where the page takes it.
set -euo pipefail
cd "$(dirname "$0")"
../wasm/build.sh
rm -rf pkg
cp -R ../wasm/dist pkg
