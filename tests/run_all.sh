#!/bin/sh
# `make test`: the suite and the journeys in Chromium, on SQLite; then on PostgreSQL, where one answers, the tests that
# may answer otherwise there: tests/conftest.py leaves out the others.
# PLAINCHANT_TEST_POSTGRESQL names the PostgreSQL to use (a role that may create databases).
# The journeys have a pytest of their own: Playwright's event loop and Django's connections do not share a process well.
# A browser waits more than it computes: the journeys run beside the suite, in one process, and are printed after it.
# xdist would begin with the files of many tests: the few long ones would be left for the end, one processor idle.
set -u
options="--dist loadfile --no-loadscope-reorder --durations=10"
status=0

# suite_and_journeys NAME [what the suite leaves out]…
suite_and_journeys() {
  name=$1
  shift
  printf '\n== %s\n' "$name"
  .venv/bin/python -m pytest -q -n 0 $options tests/journeys >.venv/journeys.txt 2>&1 &
  beside=$!
  trap 'kill $beside 2>/dev/null' INT TERM
  .venv/bin/python -m pytest -q -n auto -p no:playwright $options --ignore=tests/journeys "$@" || status=1
  printf '\n== %s: journeys\n' "$name"
  wait $beside || status=1
  cat .venv/journeys.txt
}

suite_and_journeys SQLite

url=${PLAINCHANT_TEST_POSTGRESQL:-postgres://plainchant:plainchant@127.0.0.1:5432/postgres}
if .venv/bin/python -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
  export DATABASE_URL="$url"
  # Half of all tests, which the floors keep from any database: not even looked at again.
  suite_and_journeys PostgreSQL --ignore=tests/einvoice --ignore=tests/capture
else
  printf '\n== PostgreSQL: SKIPPED, none answers (set PLAINCHANT_TEST_POSTGRESQL=postgres://… to use one)\n'
fi
exit $status
