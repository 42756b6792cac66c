"""better-auth on Node: an admin impersonates a user, and stops."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from benchmarks.load import Caller, Cycle, Served, request_bytes
from benchmarks.servers import HOST, free_port, running

Journal = Literal["delete", "wal"]
_FOLDER = Path(__file__).with_name("better_auth_server")


def is_installed() -> bool:
    """Whether there is a Node with SQLite in it, and ``npm ci`` was run in the server's folder."""
    node = _node()
    if node is None or not (_FOLDER / "node_modules" / "better-auth").is_dir():
        return False
    has_sqlite = [node, "--input-type=module", "--eval", "import 'node:sqlite'"]
    return subprocess.run(has_sqlite, capture_output=True, check=False).returncode == 0


@contextmanager
def served(callers: int, journal: Journal) -> Iterator[Served]:
    """The server, which is one process with one thread, with ``callers`` signed in."""
    with tempfile.TemporaryDirectory(prefix="better-auth-benchmark-") as folder:
        port = free_port()
        people = Path(folder) / "people.json"
        database = Path(folder) / "auth.sqlite3"
        command = [
            _program(_node() or "node"),
            str(_FOLDER / "server.mjs"),
            str(database),
            str(port),
            str(callers),
        ]
        with running([*command, str(people), journal], port=port):
            yield Served(port=port, cycle=_cycle(port, json.loads(people.read_text())))


def _node() -> str | None:
    """The environment's own Node before any other: Debian's knows no SQLite."""
    own = str(Path(sys.executable).parent)
    return shutil.which("node", path=os.pathsep.join([own, os.environ.get("PATH", "")]))


def _program(node: str) -> str:
    """Node itself: that of an environment is a script in Python, which leaves it behind."""
    asked = [node, "--print", "process.execPath"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def _cycle(port: int, people: list[dict[str, Any]]) -> Cycle:
    host = f"{HOST}:{port}"

    async def post(caller: Caller, me: dict[str, Any], verb: str, body: object) -> None:
        cookies = me["cookies"]
        headers = {
            "Host": host,
            "Origin": f"http://{host}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/json",
        }
        path = f"/api/auth/admin/{verb}"
        content = json.dumps(body).encode()
        answer = await caller.ask(request_bytes("POST", path, headers, content))
        for name, value in answer.expect(200).cookies.items():
            cookies[name] = value
            if not value:
                del cookies[name]

    async def cycle(caller: Caller, number: int) -> None:
        me = people[number]
        await post(caller, me, "impersonate-user", {"userId": me["user_id"]})
        await post(caller, me, "stop-impersonating", {})

    return cycle
