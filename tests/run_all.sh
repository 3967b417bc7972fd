#!/bin/sh
# `make test`: the suite, then the journeys in Chromium, on SQLite; the same on PostgreSQL where one answers.
# PLAINCHANT_TEST_POSTGRESQL names the PostgreSQL to use (a role that may create databases).
# The journeys have a pytest of their own: Playwright's event loop and Django's connections do not share a process well.
# xdist would begin with the files of many tests: the few long ones would be left for the end, one processor idle.
set -u
together="-n auto --dist loadfile --no-loadscope-reorder"
status=0
suite() { # what, then what pytest is to leave out
  printf '\n== %s\n' "$1"
  .venv/bin/python -m pytest -q $together --ignore=tests/journeys ${2:-} || status=1
  printf '\n== %s: journeys\n' "$1"
  .venv/bin/python -m pytest -q $together tests/journeys || status=1
}

suite SQLite

url=${PLAINCHANT_TEST_POSTGRESQL:-postgres://plainchant:plainchant@127.0.0.1:5432/postgres}
if .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
  export DATABASE_URL="$url"
  # The engine knows no database: once is enough.
  suite PostgreSQL --ignore=tests/einvoice
else
  printf '\n== PostgreSQL: SKIPPED, none answers (set PLAINCHANT_TEST_POSTGRESQL=postgres://… to use one)\n'
fi
exit $status
