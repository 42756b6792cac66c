"""django-hijack behind gunicorn: an agent acquires a user's account, and releases it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.load import Caller, Cycle, Served, request_bytes
from benchmarks.peers import DATABASE, KEEP
from benchmarks.servers import HOST, ROOT, free_port, python, running

_SITE = "benchmarks.peers.hijack_site"


def is_installed() -> bool:
    """Whether django-hijack and gunicorn are there."""
    return find_spec("hijack") is not None and find_spec("gunicorn") is not None


@contextmanager
def served(callers: int, *, tuned: bool = False) -> Iterator[Served]:
    """The site with one worker, and ``callers`` who are signed in.

    It has a thread for each of them. ``tuned`` is what turned out to be faster: a single thread,
    which nobody makes wait for a lock, and a connection to the database that is kept.
    """
    with tempfile.TemporaryDirectory(prefix="hijack-benchmark-") as folder:
        environment = {DATABASE: str(Path(folder) / "site.sqlite3")}
        if tuned:
            environment[KEEP] = "yes"
        made = subprocess.run(
            python(_SITE, str(callers)),
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            check=True,
        )
        port = free_port()
        threads = "1" if tuned else str(callers)
        options = f"--workers 1 --worker-class gthread --threads {threads} --keep-alive 75"
        command = python("gunicorn", "--bind", f"{HOST}:{port}", *options.split())
        command += ["--no-control-socket", f"{_SITE}:application"]
        with running(command, port=port, environment=environment):
            yield Served(port=port, cycle=_cycle(json.loads(made.stdout)))


def _cycle(people: list[dict[str, Any]]) -> Cycle:
    async def post(caller: Caller, me: dict[str, Any], path: str, body: str) -> None:
        headers = {
            "Host": HOST,
            "Cookie": f"sessionid={me['sessionid']}; csrftoken={me['csrftoken']}",
            "X-CSRFToken": me["csrftoken"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = await caller.ask(request_bytes("POST", path, headers, body.encode()))
        me.update(answer.expect(302).cookies)

    async def cycle(caller: Caller, number: int) -> None:
        me = people[number]
        await post(caller, me, "/hijack/acquire/", f"user_pk={me['user_pk']}")
        await post(caller, me, "/hijack/release/", "")

    return cycle
