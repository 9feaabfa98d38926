#!/bin/sh
# Called by the gateway's Maven build: `build` makes dist/ when a source is newer than it, `test` checks types and runs tests.
set -eu
cd "$(dirname "$0")"
command -v npm >/dev/null 2>&1 || { echo "The dashboard needs Node.js 20 or newer with npm on the PATH." >&2; exit 1; }
if [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.installed
fi
export PACT_DO_NOT_TRACK=true # its library would tell its makers of each run
case ${1:-build} in
  build)
    if [ ! -e dist/index.html ] || [ -n "$(find src public index.html package.json vite.config.ts tsconfig.json -newer dist/index.html -print -quit)" ]; then
      npm run --silent build
    fi
    ;;
  test)
    generate/run.sh node_modules/.schema.ts
    cmp -s node_modules/.schema.ts src/api/schema.ts || {
      echo "src/api/schema.ts is not what the OpenAPI document says: npm run generate" >&2
      exit 1
    }
    npm run --silent check
    npm run --silent test
    ;;
  *) echo "usage: build.sh build|test" >&2; exit 2 ;;
esac
