#!/bin/bash
# Makes the data folder at the first start, as the official image does, then becomes the server.
set -eu
if [ "${1:-postgres}" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$(dirname "$PGDATA")"
  # Made beside and renamed: a first start that was cut off leaves no half cluster behind.
  rm -rf "$PGDATA.new"
  # shellcheck disable=SC2086 # several arguments by design
  initdb --pgdata="$PGDATA.new" --username="${POSTGRES_USER:-postgres}" --pwfile="${POSTGRES_PASSWORD_FILE:?names the file with the password of the superuser}" \
    ${POSTGRES_INITDB_ARGS:-}
  mv "$PGDATA.new" "$PGDATA"
fi
exec "$@"
