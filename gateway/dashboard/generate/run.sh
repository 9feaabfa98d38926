#!/bin/sh
# Writes the types of the platform's API, as its committed OpenAPI document has them, to the file named.
set -eu
target=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"
if [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.installed
fi
NO_COLOR=1 node_modules/.bin/openapi-typescript \
  ../../../foundation/contracts/src/main/resources/dk/elleve/contracts/openapi.json --output "$target" >/dev/null
