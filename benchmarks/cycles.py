"""Begin and end an impersonation over HTTP, durably: one worker, many callers at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks.installation import REASON, Installation, installed
from benchmarks.load import Caller, Cycle, Served, request_bytes
from benchmarks.peers import better_auth, hijack
from benchmarks.rounds import Round, interleaved, medians
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("cycles",)
CALLERS = 16
HIJACK_BAR = 8.0
BETTER_AUTH_BAR = 5.0
JOURNALS: tuple[better_auth.Journal, ...] = ("delete", "wal")
"""SQLite's own choice, which the bar is about, and the faster one."""
_API = "/api/v1"


def rows(scale: Scale) -> Iterator[Row]:
    """Start, exchange and end against acquire and release, and impersonate and stop."""
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(served(CALLERS))}
        if scale.peers and hijack.is_installed():
            servers["hijack"] = stack.enter_context(hijack.served(CALLERS))
        if scale.peers and better_auth.is_installed():
            for journal in JOURNALS:
                servers[journal] = stack.enter_context(better_auth.served(CALLERS, journal))
        measures = {name: _round(server, scale) for name, server in servers.items()}
        for measure in measures.values():
            measure()  # what starts cold gets warm before it counts
        found = medians(interleaved(scale.rounds, measures))
    yield _row(found)


@contextmanager
def served(callers: int) -> Iterator[Served]:
    """The service on SQLite, and what an app's backend asks of it."""
    with installed(users=callers) as installation, installation.service():
        yield Served(port=installation.settings.port, cycle=_cycle(installation))


def _round(server: Served, scale: Scale) -> Round:
    return lambda: server.per_second(callers=CALLERS, seconds=scale.seconds)


def _row(found: Mapping[str, float]) -> Row:
    hijacked, better, fast = map(found.get, ("hijack", *JOURNALS))
    return Row(
        name="cycles",
        what=f"start + exchange + end over HTTP, durable, {CALLERS} callers",
        unit="cycles/s",
        value=found["ours"],
        more_is_better=True,
        peers=(
            Peer(name="django-hijack acquire + release", value=hijacked, at_least=HIJACK_BAR),
            Peer(name="better-auth impersonate + stop", value=better, at_least=BETTER_AUTH_BAR),
            Peer(name="the same with SQLite's write-ahead log", value=fast),
        ),
    )


def _cycle(installation: Installation) -> Cycle:
    headers = installation.headers()

    async def ask(caller: Caller, path: str, body: Mapping[str, object], status: int) -> Any:  # noqa: ANN401
        content = json.dumps(body).encode()
        answer = await caller.ask(request_bytes("POST", _API + path, headers, content))
        return json.loads(answer.expect(status).body)

    async def cycle(caller: Caller, number: int) -> None:
        who = {"subject_id": f"user-{number}", "actor": {"id": f"agent-{number}"}}
        why = {"reason": REASON, "ticket": "T-4711"}
        started = await ask(caller, "/impersonations", {**who, **why}, 201)
        token = {"impersonation_token": started["impersonation_token"]}
        opened = await ask(caller, "/impersonations/exchange", token, 200)
        await ask(caller, f"/sessions/{opened['session']['id']}/end", {}, 200)

    return cycle
