"""Begin and end an impersonation over HTTP, durably: one worker, many callers at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from benchmarks.installation import REASON, Installation, installed
from benchmarks.load import Caller, Cycle, cycles_per_second, request_bytes
from benchmarks.rounds import Round, interleaved, medians
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

CALLERS = 16
HIJACK_BAR = 8.0
BETTER_AUTH_BAR = 5.0


def rows(scale: Scale) -> Iterator[Row]:
    """Start, exchange and end against acquire and release, and impersonate and stop."""
    with ExitStack() as servers:
        measures: dict[str, Round] = {"ours": servers.enter_context(_ours(scale))}
        yield medians(interleaved(scale.rounds, measures))


def our_cycle(installation: Installation) -> Cycle:
    """Start, exchange and end, as an app's backend does them."""
    head = {
        "Host": f"localhost:{installation.settings.port}",
        "Authorization": installation.authorization,
        "Content-Type": "application/json",
    }
    ask = {"reason": REASON, "ticket": "T-4711"}

    async def cycle(caller: Caller, number: int) -> None:
        who = {"subject_id": f"user-{number}", "actor": {"id": f"agent-{number}"}}
        post = partial(_post, caller, head)
        started = await post("/api/v1/impersonations", {**ask, **who}, 201)
        token = {"impersonation_token": started["impersonation_token"]}
        opened = await post("/api/v1/impersonations/exchange", token, 200)
        await post(f"/api/v1/sessions/{opened['session']['id']}/end", {}, 200)

    return cycle
