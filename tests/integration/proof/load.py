"""Calls of an application's backend from several threads, and what was answered."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.integration.proof.process import SECONDS, Service

THREADS = 6
START = {"reason": "Cannot find the reports tab", "actor": {"id": "kim"}}


@dataclass(kw_only=True)
class Told:
    """Every promise that a 2xx made: ids, and for actions where in the log they are."""

    grants: set[str] = field(default_factory=set)
    sessions: dict[str, str] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many calls were answered 2xx."""
        return len(self.grants) + len(self.sessions) + len(self.actions) + len(self.ended)


class Load:
    """Threads that start, exchange, act and end, until the service is gone or they are stopped."""

    def __init__(self, service: Service, told: Told, chance: random.Random) -> None:
        self._service = service
        self.told = told
        self._answered = threading.Condition()
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, args=(random.Random(chance.random()),))
            for _ in range(THREADS)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Return once so many calls more were answered."""
        with self._answered:
            wanted = self.told.count + count
            reached = self._answered.wait_for(
                lambda: self.told.count >= wanted or not self._at_work(), SECONDS
            )
        assert reached
        assert self._at_work(), "the service is gone although nobody killed it"

    def stop(self) -> None:
        """Let each thread finish the call that it is at."""
        self._stopping = True
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()

    def _at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _work(self, chance: random.Random) -> None:
        try:
            with self._service.backend() as backend:
                while not self._stopping:
                    self._live_through_one(backend, chance)
        except httpx.TransportError:
            return
        finally:
            with self._answered:
                self._answered.notify_all()

    def _live_through_one(self, backend: httpx.Client, chance: random.Random) -> None:
        """One impersonation, from its start to one of its ends or to none."""
        told = self.told
        body = START | {"subject_id": chance.choice(("ada", "bob"))}
        started = self._call(backend, "/impersonations", body)
        self._note(told.grants.add, started["grant"]["id"])
        if chance.random() < 0.1:
            return
        token = {"impersonation_token": started["impersonation_token"]}
        opened = self._call(backend, "/impersonations/exchange", token)
        session_id = opened["session"]["id"]
        self._note(told.sessions.__setitem__, session_id, started["grant"]["id"])
        for _ in range(chance.randrange(3)):
            batch = [_action(chance) for _ in range(chance.randrange(1, 6))]
            acted = self._call(backend, f"/sessions/{session_id}/actions", {"actions": batch})
            self._note(told.actions.__setitem__, batch[-1]["id"], acted["last_index"])
        if chance.random() < 0.8:
            way = chance.choice(("end", "revoke"))
            self._call(backend, f"/sessions/{session_id}/{way}", {} if way == "end" else None)
            self._note(told.ended.add, session_id)

    def _call(
        self, backend: httpx.Client, path: str, body: dict[str, Any] | None
    ) -> dict[str, Any]:
        answer = backend.post(path, json=body)
        if not answer.is_success:
            self.told.refused.append(f"{path}: {answer.text}")
            raise httpx.RemoteProtocolError("refused")
        found: dict[str, Any] = answer.json()
        return found

    def _note(self, keep: Callable[..., object], *facts: object) -> None:
        with self._answered:
            keep(*facts)
            self._answered.notify_all()


def _action(chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"action-{chance.getrandbits(128):032x}",
        "phase": chance.choice(("intended", "completed", "blocked")),
        "at": datetime.now(UTC).isoformat(),
        "method": "GET",
        "path": "/reports",
    }
