"""What the guard costs each request of the app, in process.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

from benchmarks.app import AGENT_COOKIE, GuardedApp, bare_app, long_page, receive, scope, send
from benchmarks.peers import process
from benchmarks.rounds import Round, best, interleaved, microseconds
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("guard-no-cookie", "guard-check", "guard-recorded", "guard-page")
NO_COOKIE_BAR = 2.0
CHECK_BAR = 3.0
RECORDED_BAR = 12.0
PAGE_BAR = 60.0
_PEERS = (
    ("clerk_backend_api", "benchmarks.peers.clerk", ("call",)),
    ("stytch", "benchmarks.peers.stytch", ("call",)),
    ("impersonate", "benchmarks.peers.impersonate_site", ("call", "bare")),
)


def rows(scale: Scale) -> Iterator[Row]:
    """No overlay cookie; a session in the cache; with the action recorded; a whole page."""
    with ExitStack() as stack:
        guarded = stack.enter_context(GuardedApp.opened())
        measures = _ours(guarded, scale.calls)
        if scale.peers:
            measures |= stack.enter_context(_peers(scale.peer_calls))
        found = best(interleaved(scale.short_rounds, measures))
    yield from _rows(found)


@contextmanager
def _peers(calls: int) -> Iterator[dict[str, Round]]:
    """Those that are installed."""
    with ExitStack() as stack:
        found: dict[str, Round] = {}
        for name, program, verbs in _PEERS:
            if find_spec(name) is not None:
                rounds = stack.enter_context(process.measured(program, *verbs, calls=calls))
                found |= {f"{name} {verb}": measure for verb, measure in rounds.items()}
        yield found


def _ours(guarded: GuardedApp, calls: int) -> dict[str, Round]:
    passing = scope(AGENT_COOKIE)
    return {
        "bare": lambda: asyncio.run(_per_request(lambda: bare_app(passing, receive, send), calls)),
        "passing": lambda: asyncio.run(
            _per_request(lambda: guarded.middleware(passing, receive, send), calls)
        ),
        "check": lambda: microseconds(guarded.check, calls),
        "recorded": lambda: microseconds(guarded.check_and_record, calls),
        "bare page": lambda: asyncio.run(
            _per_request(lambda: long_page(guarded.asked, receive, send), calls)
        ),
        "page": lambda: asyncio.run(
            _per_request(lambda: guarded.page(guarded.asked, receive, send), calls)
        ),
    }


def _rows(found: Mapping[str, float]) -> Iterator[Row]:
    yield Row(
        name="guard-no-cookie",
        what="added to a request without overlay cookie",
        unit="µs",
        value=found["passing"] - found["bare"],
        at_most=NO_COOKIE_BAR,
    )
    yield Row(
        name="guard-check",
        what="check of a request, session in cache",
        unit="µs",
        value=found["check"],
        at_most=CHECK_BAR,
        peers=(
            Peer(
                name="clerk-backend-api, authenticate_request",
                value=found.get("clerk_backend_api call"),
            ),
            Peer(name="stytch, authenticate_jwt_local", value=found.get("stytch call")),
        ),
    )
    impersonate = found.get("impersonate call")
    if impersonate is not None:
        impersonate -= found["impersonate bare"]
    yield Row(
        name="guard-recorded",
        what="the same, with the action recorded",
        unit="µs",
        value=found["recorded"],
        at_most=RECORDED_BAR,
        peers=(Peer(name="django-impersonate, its middleware", value=impersonate),),
    )
    yield Row(
        name="guard-page",
        what="added to a page of 100 KB in a session",
        unit="µs",
        value=found["page"] - found["bare page"],
        at_most=PAGE_BAR,
    )


async def _per_request(request: Callable[[], Coroutine[Any, Any, None]], number: int) -> float:
    begin = time.thread_time()
    for _ in range(number):
        await request()
    return (time.thread_time() - begin) / number * 1e6
