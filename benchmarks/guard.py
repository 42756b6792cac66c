"""What the guard costs each request of the app, in process (DESIGN section 8).

    python -m benchmarks.guard

Processor time, the best of several runs: it says where to look, not how fast your machine is.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.asgi.reading import read_asked
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.core.restrictions import BlockedAction
from understudy.sdk.guard import Serve
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.values import Phase, RecordedAction, Subject
from understudy.testing import FakeGateway

ROUNDS = 15
IMPORT_BAR = 100_000.0
IMPORT = "import understudy, understudy.contrib.asgi"
HEADERS = [
    (b"host", b"app.example.com"),
    (b"connection", b"keep-alive"),
    (b"cache-control", b"max-age=0"),
    (b"sec-ch-ua", b'"Chromium";v="156", "Not.A/Brand";v="24"'),
    (b"sec-ch-ua-mobile", b"?0"),
    (b"sec-ch-ua-platform", b'"Linux"'),
    (b"upgrade-insecure-requests", b"1"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0"),
    (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"sec-fetch-site", b"same-origin"),
    (b"sec-fetch-mode", b"navigate"),
    (b"sec-fetch-dest", b"document"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en-GB,en;q=0.9"),
]
AGENT_COOKIE = b"session=eyJhbGciOi.ZXlKaGJHY2lPaUpJVXpJMU5pSjk; theme=dark"
RULES = (
    BlockedAction(method="POST", pattern="/account/password", label="Change password"),
    BlockedAction(method="DELETE", pattern="/account", label="Delete account"),
    BlockedAction(method="POST", pattern="/api-keys/**", label="Create API keys"),
    BlockedAction(method="*", pattern="/billing/**", label="Billing"),
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One row of the table; ``bar`` in microseconds, None where the row only explains."""

    what: str
    microseconds: float
    bar: float | None

    @property
    def kept(self) -> bool:
        """True when the bar is kept."""
        return self.bar is None or self.microseconds <= self.bar


def main() -> int:
    """Print the table; 1 when a bar is broken."""
    rows = [*asyncio.run(_requests()), _import_time()]
    print(f"{'':<52}{'µs':>10}{'bar':>10}")
    for row in rows:
        bar = "" if row.bar is None else f"{row.bar:,.0f}"
        print(f"{row.what:<52}{row.microseconds:>10,.2f}{bar:>10}{'' if row.kept else '  broken'}")
    return 0 if all(row.kept for row in rows) else 1


async def _requests() -> list[Measured]:
    gateway = FakeGateway()
    understudy = gateway.understudy()
    session = gateway.open(blocked_actions=RULES)
    runtime = understudy.runtime()
    runtime.pulse.connected()
    runtime.pulse.beat(runtime.monotonic() + 3600)
    runtime.sessions.refresh(Secret(session.token))
    scope = _scope(AGENT_COOKIE + b"; " + session.headers["Cookie"].encode())
    verdict = runtime.guard.decide(read_asked(scope))
    assert isinstance(verdict, Serve)
    sink = _Sink()
    runtime.recorder._queue = sink  # type: ignore[assignment]  # counted, not sent

    def check() -> None:
        runtime.guard.decide(read_asked(scope))

    def check_and_record() -> None:
        runtime.guard.decide(read_asked(scope))
        runtime.recorder.add(session.id, _action(runtime))

    app = UnderstudyMiddleware(_app, understudy=understudy, load_user=_load_user)
    bare = await _per_call(_app, _scope(AGENT_COOKIE))
    passing = await _per_call(app, _scope(AGENT_COOKIE))
    whole = await _per_call(app, scope)
    rows = [
        Measured(
            what="no overlay cookie: added to the request", microseconds=passing - bare, bar=2
        ),
        Measured(what="session in cache: the check", microseconds=_time(check), bar=5),
        Measured(what="… with the action recorded", microseconds=_time(check_and_record), bar=20),
        Measured(what="… whole middleware, HTML page with banner", microseconds=whole, bar=None),
    ]
    understudy.close()
    return rows


class _Sink(list[Any]):
    """Takes actions and keeps none, so that only the recording itself is measured."""

    def append(self, order: object) -> None:
        del order

    def popleft(self) -> object:
        return self.pop()


def _action(runtime: Runtime) -> RecordedAction:
    return runtime.action(
        runtime.new_action_id(), Phase.COMPLETED, "GET", "/orders/42", "/orders/{id}", 200, 3
    )


async def _per_call(app: App, scope: dict[str, Any], number: int = 2000) -> float:
    async def calls() -> float:
        begin = time.thread_time()
        for _ in range(number):
            await app(scope, _receive, _send)
        return (time.thread_time() - begin) / number * 1e6

    return min([await calls() for _ in range(ROUNDS)])


def _time(work: Callable[[], None], number: int = 5000) -> float:
    runs = timeit.repeat(work, timer=time.thread_time, number=number, repeat=ROUNDS)
    return min(runs) / number * 1e6


def _import_time() -> Measured:
    code = f"import time; t = time.process_time(); {IMPORT}; print(time.process_time() - t)"
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    return Measured(what=IMPORT, microseconds=min(runs) * 1e6, bar=IMPORT_BAR)


async def _load_user(subject: Subject) -> Subject:
    return subject


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/html"), (b"content-length", b"27")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<html><body>hi</body></html>"})


async def _receive() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def _send(message: object) -> None:
    del message


def _scope(cookie: bytes) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/orders/42",
        "raw_path": b"/orders/42",
        "root_path": "",
        "query_string": b"",
        "client": ("192.0.2.7", 50000),
        "headers": [*HEADERS, (b"cookie", cookie)],
    }


if __name__ == "__main__":
    raise SystemExit(main())
