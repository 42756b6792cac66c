"""A page without overlay cookie over HTTP: the app behind the guard against the app as it is.

What difference is noise is measured too: a second copy of the bare app runs beside the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.app import AGENT_COOKIE, HEADERS
from benchmarks.load import Caller, Cycle, Served, request_bytes
from benchmarks.rounds import Round, interleaved, quantile
from benchmarks.row import Row
from benchmarks.scale import Scale
from benchmarks.servers import HOST, free_port, python, running

NAMES = ("guard-end-to-end",)
CALLERS = 8
NOISE_SHARE = 0.95
"""Of the rounds in which two copies of the same app are compared."""


def rows(scale: Scale) -> Iterator[Row]:
    """How much longer a request takes, against how much longer it takes by chance."""
    apps = {"bare": "page_app", "twin": "page_app", "guarded": "guarded_page_app"}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(_served(app)) for name, app in apps.items()}
        measures = {name: _round(server, scale) for name, server in servers.items()}
        for measure in measures.values():
            measure()
        found = interleaved(scale.pairs, measures)
    yield Row(
        name="guard-end-to-end",
        what="a request without overlay cookie over HTTP; bar: a second bare app",
        unit="of the bare app's time",
        value=median(_ratios(found["bare"], found["guarded"])),
        at_most=quantile(_ratios(found["bare"], found["twin"]), NOISE_SHARE),
    )


def _ratios(bare: Sequence[float], other: Sequence[float]) -> list[float]:
    return [mine / theirs for mine, theirs in zip(bare, other, strict=True)]


def _round(server: Served, scale: Scale) -> Round:
    return lambda: server.per_second(callers=CALLERS, seconds=scale.pair_seconds)


@contextmanager
def _served(app: str) -> Iterator[Served]:
    port = free_port()
    command = python("uvicorn", f"benchmarks.app:{app}", "--factory", "--port", str(port))
    with running([*command, "--host", HOST, "--log-level", "warning"], port=port):
        yield Served(port=port, cycle=_cycle())


def _cycle() -> Cycle:
    headers = {name.decode(): value.decode() for name, value in HEADERS}
    request = request_bytes("GET", "/orders/42", {**headers, "cookie": AGENT_COOKIE.decode()})

    async def cycle(caller: Caller, number: int) -> None:
        del number
        (await caller.ask(request)).expect(200)

    return cycle
