#!/bin/sh
# The migrations, run on a fresh database, make exactly the tables that the records describe.
set -eu

DATA_DIR=$(mktemp -d)
trap 'rm -rf "$DATA_DIR"' EXIT
export DATA_DIR MODE=test
unset DATABASE_URL
.venv/bin/knelpunt migrate
.venv/bin/alembic -c setup.cfg check
