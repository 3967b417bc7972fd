#!/bin/sh
# `make test`: the suite on SQLite; the same on PostgreSQL where one answers; the journeys where Chromium is there.
# PLAINCHANT_TEST_POSTGRESQL names the PostgreSQL to use (a role that may create databases).
set -u
python=.venv/bin/python
status=0
say() { printf '\n== %s\n' "$1"; }

say "SQLite"
$python -m pytest -q -n auto --dist loadfile "$@" || status=1

url=${PLAINCHANT_TEST_POSTGRESQL:-postgres://plainchant:plainchant@127.0.0.1:5432/postgres}
if $python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
  say "PostgreSQL"
  DATABASE_URL=$url PLAINCHANT_TEST_POSTGRESQL=$url $python -m pytest -q -n auto --dist loadfile "$@" || status=1
else
  say "PostgreSQL: SKIPPED, none answers (set PLAINCHANT_TEST_POSTGRESQL=postgres://… to use one)"
fi
exit $status
