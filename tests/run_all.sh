#!/bin/sh
# `make test`: the suite, then the journeys in Chromium, on SQLite; and on PostgreSQL, where one answers, the tests
# that may answer otherwise there: tests/conftest.py leaves out the others.
# PLAINCHANT_TEST_POSTGRESQL names the PostgreSQL to use (a role that may create databases).
# The journeys have a pytest of their own: Playwright's event loop and Django's connections do not share a process well.
# xdist would begin with the files of many tests: the few long ones would be left for the end, one processor idle.
# A browser waits more than it computes: one process tries PostgreSQL beside the journeys, and is printed after them.
set -u
options="--dist loadfile --no-loadscope-reorder --durations=10"
status=0
suite() { .venv/bin/python -m pytest -q -n "$1" $options --ignore=tests/journeys; }
journeys() { .venv/bin/python -m pytest -q -n auto $options tests/journeys; }

printf '\n== SQLite\n'
suite auto || status=1

url=${PLAINCHANT_TEST_POSTGRESQL:-postgres://plainchant:plainchant@127.0.0.1:5432/postgres}
printed=.venv/postgresql.txt
beside=
if .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
  DATABASE_URL="$url" suite 1 >"$printed" 2>&1 &
  beside=$!
  trap 'kill $beside 2>/dev/null' INT TERM
fi

printf '\n== SQLite: journeys\n'
journeys || status=1

if [ -n "$beside" ]; then
  printf '\n== PostgreSQL\n'
  wait $beside || status=1
  cat "$printed"
  printf '\n== PostgreSQL: journeys\n'
  DATABASE_URL="$url" journeys || status=1
else
  printf '\n== PostgreSQL: SKIPPED, none answers (set PLAINCHANT_TEST_POSTGRESQL=postgres://… to use one)\n'
fi
exit $status
