"""From the return of a revocation to the first request that another process refuses."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx

from benchmarks.installation import REASON, Installation, installed
from benchmarks.rounds import quantile
from benchmarks.row import Row
from benchmarks.scale import Scale
from benchmarks.servers import ROOT, python, stop
from benchmarks.watcher import SECRET
from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin
from understudy.storage.engine.engine import StoreEngine

NAMES = ("revocation", "revocation-cut")
BAR_MILLISECONDS = 50.0
CUT_BAR_SECONDS = 6.0
_SPREAD_SECONDS = 0.05
"""Revocations come at any moment between two looks at the log."""


def rows(scale: Scale) -> Iterator[Row]:
    """Over the service, and past a service that no longer answers."""
    with ExitStack() as stack:
        installation = stack.enter_context(installed(users=1))
        service = stack.enter_context(installation.service())
        engine = stack.enter_context(installation.engine())
        backend = stack.enter_context(_backend(installation))
        app = stack.enter_context(_watching(installation))
        heard = [_heard(backend, app) for _ in range(scale.revocations)]
        cut = [_cut(backend, app, service, engine, scale) for _ in range(scale.cuts)]
    yield Row(
        name="revocation",
        what=f"revoked to first refusal, another process, p99 of {len(heard)}",
        unit="ms",
        value=quantile(heard, 0.99) * 1000,
        at_most=BAR_MILLISECONDS,
    )
    yield Row(
        name="revocation-cut",
        what=f"the same with the network cut, longest of {len(cut)}",
        unit="s",
        value=max(cut),
        at_most=CUT_BAR_SECONDS,
    )


def _heard(backend: httpx.Client, app: subprocess.Popen[str]) -> float:
    """Seconds for one session that is revoked over the API."""
    session_id = _watched(backend, app)
    time.sleep(random.uniform(0, _SPREAD_SECONDS))
    backend.post(f"/sessions/{session_id}/revoke", json={}).raise_for_status()
    return _seconds_to_refusal(app)


def _cut(
    backend: httpx.Client,
    app: subprocess.Popen[str],
    service: subprocess.Popen[bytes],
    engine: StoreEngine,
    scale: Scale,
) -> float:
    """Seconds for one that is revoked by another node while the service is silent."""
    session_id = _watched(backend, app)
    # The stream stands again after the last cut, and beats at any moment of its second.
    time.sleep(scale.settle_seconds + random.uniform(0, 1))
    with _heard_again(service, after=scale.cut_seconds):
        engine.run(partial(_revoke_unheard, session_id=session_id, service=service))
        return _seconds_to_refusal(app)


def _revoke(unit: Unit, *, session_id: str) -> None:
    end(unit, SessionId(session_id), cause=EndCause.REVOKED, by=SYSTEM, origin=Origin())


def _revoke_unheard(unit: Unit, *, session_id: str, service: subprocess.Popen[bytes]) -> None:
    # In the very transaction: a service that is stopped while it writes would keep us out.
    service.send_signal(signal.SIGSTOP)
    _revoke(unit, session_id=session_id)


@contextmanager
def _backend(installation: Installation) -> Iterator[httpx.Client]:
    """The application's own backend, on a connection that is kept."""
    url = f"{installation.url}/api/v1"
    with httpx.Client(base_url=url, headers=installation.headers(), trust_env=False) as client:
        yield client


@contextmanager
def _watching(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    """The app whose refusals count."""
    process = subprocess.Popen(
        python("benchmarks.watcher", installation.url, installation.application.id),
        cwd=ROOT,
        env={**os.environ, SECRET: installation.secret},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        stop(process)


@contextmanager
def _heard_again(service: subprocess.Popen[bytes], *, after: float) -> Iterator[None]:
    """A service that is stopped within the block goes on ``after`` seconds, or at its end."""
    heard_again = threading.Timer(after, lambda: service.send_signal(signal.SIGCONT))
    heard_again.start()
    try:
        yield
    finally:
        heard_again.cancel()
        service.send_signal(signal.SIGCONT)


def _watched(backend: httpx.Client, app: subprocess.Popen[str]) -> str:
    """The id of a new session that the app serves from its cache."""
    ask = {"subject_id": "user-0", "actor": {"id": "agent-0"}, "reason": REASON}
    started = backend.post("/impersonations", json=ask).raise_for_status().json()
    token = {"impersonation_token": started["impersonation_token"]}
    opened = backend.post("/impersonations/exchange", json=token).raise_for_status().json()
    assert app.stdin is not None
    app.stdin.write(opened["session_token"] + "\n")
    app.stdin.flush()
    if _said(app) != "serving":
        raise AssertionError("the session is not served")
    session_id: str = opened["session"]["id"]
    return session_id


def _seconds_to_refusal(app: subprocess.Popen[str]) -> float:
    """From now on; nothing when the app was faster than the answer to the revocation."""
    revoked_at = time.monotonic()
    return max(0.0, float(_said(app)) - revoked_at)


def _said(app: subprocess.Popen[str]) -> str:
    assert app.stdout is not None
    return app.stdout.readline().strip()
