"""Somebody who has signed in opens the users page of a built dashboard, again and again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.installation import Installation, installed
from benchmarks.servers import ROOT, python, running, stop
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports import Unit
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.flows.people.sign_in import begin

USERS = 50
_NO_PASSWORD = "nobody types one"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """``paint`` is the milliseconds to the first text or picture; the rest until it rests."""

    paint: float
    requests: int
    kilobytes: float


@contextmanager
def arrivals(folder: Path) -> Iterator[Callable[[], Arrival]]:
    """What opens the page of the build in ``folder``, in a browser that has seen nothing yet."""
    with installed(users=USERS) as installation:
        token = _signed_in(installation)
        with _service(installation, folder), _phone(installation, token) as phone:
            yield lambda: _arrive(phone)


def _signed_in(installation: Installation) -> str:
    """The cookie of somebody who works as users."""

    def join(unit: Unit) -> str:
        invited = team.invite(
            unit,
            email="sam@support.example",
            name="Sam",
            roles=(Role.SUPPORT_MANAGER,),
            by=SYSTEM,
            origin=Origin(),
        )
        joined = team.join(
            unit, invited.token, name="Sam", password_hash=_NO_PASSWORD, origin=Origin()
        )
        return begin(unit, joined, origin=Origin()).token

    with installation.engine() as engine:
        return engine.run(join)


@contextmanager
def _service(installation: Installation, folder: Path) -> Iterator[None]:
    settings = installation.settings
    command = python("benchmarks.dashboard_service", str(settings.port))
    with running([*command, str(settings.data_dir), str(folder)], port=settings.port):
        yield


@contextmanager
def _phone(installation: Installation, token: str) -> Iterator[subprocess.Popen[str]]:
    # Of pages, the public host is the only one; cookies know no ports.
    url = f"http://localhost:{installation.settings.port}/users"
    process = subprocess.Popen(
        python("benchmarks.phone", url),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _pipe(process.stdin).write(token + "\n")
        yield process
    finally:
        stop(process)


def _arrive(phone: subprocess.Popen[str]) -> Arrival:
    asking = _pipe(phone.stdin)
    asking.write("again\n")
    asking.flush()
    return Arrival(**json.loads(_pipe(phone.stdout).readline()))


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
