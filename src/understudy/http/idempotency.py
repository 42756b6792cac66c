"""Idempotency-Key: a creating call that is repeated gets its first answer, not a second effect.

The answer is kept in the unit that made the change, so that there is never one without the other.
It is encrypted, for it may hold a token.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

import msgspec

from understudy.core.ports import Flow, StoredAnswer, Unit
from understudy.errors import IdempotencyConflict, MalformedRequest

T = TypeVar("T")

KEPT = timedelta(hours=24)
"""How long an answer is given again."""
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_PURPOSE = "stored answer"
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Once:
    """Who asks (``scope``), under which key, and a hash of what exactly."""

    scope: str
    key: str
    request_hash: bytes
    status: int


@dataclass(frozen=True, kw_only=True)
class Replay:
    """An answer that was given before, as it was sent."""

    status: int
    body: bytes = field(repr=False)


def checked_key(key: str) -> str:
    """``key`` if it may be one.

    :raises MalformedRequest: unless it is printable ASCII without spaces, 128 characters at most.
    """
    if _KEY.fullmatch(key) is None:
        raise MalformedRequest(
            "An Idempotency-Key is 1 to 128 printable ASCII characters without spaces."
        )
    return key


def request_hash(method: str, target: bytes, body: bytes) -> bytes:
    """What tells two requests apart: method, path with query, and body, byte by byte."""
    return sha256(b"\x00".join((method.encode(), target, body))).digest()


def run_once(once: Once, flow: Flow[T]) -> Flow[T | Replay]:
    """``flow``, unless its answer is known already.

    A `msgspec.Struct` is an answer and is kept; anything else is a refusal and is not.

    :raises IdempotencyConflict: (the flow) when the key was used for another request.
    """

    def run(unit: Unit) -> T | Replay:
        stored = unit.stored_answers.get(once.scope, once.key)
        if stored is not None and stored.created_at > unit.now - KEPT:
            return _replay(unit, once, stored)
        if stored is not None:
            unit.stored_answers.remove_before(unit.now - KEPT + _INSTANT)
        answer = flow(unit)
        # A refusal is asked anew: what was in its way may be gone by the next try.
        if isinstance(answer, msgspec.Struct):
            unit.stored_answers.add(_kept(unit, once, msgspec.json.encode(answer)))
        return answer

    return run


def _replay(unit: Unit, once: Once, stored: StoredAnswer) -> Replay:
    # Otherwise a key that is used by mistake would hide that the second request did nothing.
    if not hmac.compare_digest(stored.request_hash, once.request_hash):
        raise IdempotencyConflict
    return Replay(status=stored.status, body=unit.vault.decrypt(_PURPOSE, stored.body))


def _kept(unit: Unit, once: Once, body: bytes) -> StoredAnswer:
    return StoredAnswer(
        scope=once.scope,
        key=once.key,
        request_hash=once.request_hash,
        status=once.status,
        body=unit.vault.encrypt(_PURPOSE, body),
        created_at=unit.now,
    )
