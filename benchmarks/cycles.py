"""Begin and end an impersonation over HTTP, durably: one worker, many callers at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from benchmarks.installation import REASON, installed
from benchmarks.load import Caller, Cycle, Served, request_bytes
from benchmarks.peers import better_auth, hijack
from benchmarks.rounds import Round, interleaved, medians
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("cycles", "cycles-one-caller")
CALLERS = 16
HIJACK_BAR = 10.0
BETTER_AUTH_BAR = 5.0
_BARS = {"hijack": HIJACK_BAR, "better-auth": BETTER_AUTH_BAR}
_TOLD = {
    "hijack": "django-hijack acquire + release",
    "hijack, tuned": "the same, one thread and one kept connection",
    "better-auth": "better-auth impersonate + stop",
    "better-auth, tuned": "the same, with SQLite's write-ahead log",
}
_API = "/api/v1"


def rows(scale: Scale) -> Iterator[Row]:
    """Start, exchange and end against acquire and release, and impersonate and stop."""
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(served(CALLERS))}
        if scale.peers:
            servers |= {name: stack.enter_context(peer) for name, peer in _peers()}
        yield _row("cycles", CALLERS, _measured(servers, CALLERS, scale), _BARS)
        yield _row("cycles-one-caller", 1, _measured(servers, 1, scale), {})


def _measured(servers: Mapping[str, Served], callers: int, scale: Scale) -> Mapping[str, float]:
    measures = {name: _round(server, callers, scale) for name, server in servers.items()}
    for measure in measures.values():
        measure()  # what starts cold gets warm before it counts
    return medians(interleaved(scale.rounds, measures))


def _peers() -> Iterator[tuple[str, AbstractContextManager[Served]]]:
    """Those that are installed: as their documentation sets them up, and as fast as they get."""
    if hijack.is_installed():
        yield "hijack", hijack.served(CALLERS)
        yield "hijack, tuned", hijack.served(CALLERS, tuned=True)
    if better_auth.is_installed():
        yield "better-auth", better_auth.served(CALLERS, "delete")
        yield "better-auth, tuned", better_auth.served(CALLERS, "wal")


@contextmanager
def served(callers: int) -> Iterator[Served]:
    """The service on SQLite, and what an app's backend asks of it."""
    with installed(users=callers) as installation, installation.service():
        port = installation.settings.port
        yield Served(port=port, cycle=cycle_of(installation.headers()))


def _round(server: Served, callers: int, scale: Scale) -> Round:
    return lambda: server.per_second(callers=callers, seconds=scale.seconds)


def _row(name: str, callers: int, found: Mapping[str, float], bars: Mapping[str, float]) -> Row:
    return Row(
        name=name,
        what=f"start + exchange + end over HTTP, durable, {callers} caller{'s' * (callers > 1)}",
        unit="cycles/s",
        value=found["ours"],
        more_is_better=True,
        peers=tuple(
            Peer(name=told, value=found.get(key), at_least=bars.get(key))
            for key, told in _TOLD.items()
        ),
    )


def cycle_of(headers: Mapping[str, str]) -> Cycle:
    """Start, exchange and end, as the backend that sends ``headers`` asks for them."""

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
