#!/bin/sh
# `make test`: the suite on SQLite, and beside it the journeys in Chromium, and on PostgreSQL, where one answers, the
# tests that may answer otherwise there: tests/conftest.py leaves out the others. What ran beside is printed after it.
# PLAINCHANT_TEST_POSTGRESQL names the PostgreSQL to use (a role that may create databases).
# The journeys have a pytest of their own: Playwright's event loop and Django's connections do not share a process well.
# A browser waits more than it computes, and so do tests that start processes on PostgreSQL: side by side, they leave no
# processor idle.
# xdist would begin with the files of many tests: the few long ones would be left for the end, one processor idle.
set -u
status=0
url=${PLAINCHANT_TEST_POSTGRESQL:-postgres://plainchant:plainchant@127.0.0.1:5432/postgres}
pytest=".venv/bin/python -m pytest -q --durations=10"

$pytest -n 0 -p no:cacheprovider journeys >.venv/journeys.txt 2>&1 &
journeys=$!
postgresql=
if .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
  # Half of all tests, which the floors keep from any database, are not even looked at again. Of the journeys, the one
  # that starts and stops runs here too.
  DATABASE_URL="$url" $pytest -n 0 -p no:cacheprovider -p no:playwright tests journeys \
    --ignore=tests/einvoice --ignore=tests/capture >.venv/postgresql.txt 2>&1 &
  postgresql=$!
fi
trap 'kill $journeys $postgresql 2>/dev/null' INT TERM

printf '\n== SQLite\n'
$pytest -n auto -p no:playwright --dist loadfile --no-loadscope-reorder || status=1

printf '\n== Journeys\n'
wait $journeys || status=1
cat .venv/journeys.txt

if [ -n "$postgresql" ]; then
  printf '\n== PostgreSQL\n'
  wait $postgresql || status=1
  cat .venv/postgresql.txt
else
  printf '\n== PostgreSQL: SKIPPED, none answers (set PLAINCHANT_TEST_POSTGRESQL=postgres://… to use one)\n'
fi
exit $status
