"""Idempotency-Key: a creating call that is repeated gets its first answer, not a second effect.

The answer is kept in the unit that made the change, so that there is never one without the other.
It is encrypted, for it may hold a token.

A request that had to be split, as something before us refuses its size, is sent in parts under keys
made of its own (`sdk.part_keys`). Whoever splits may not know whether the whole arrived after all:
then its parts are done already, and get its answer. Once a part is done, the whole is done no more.
A part cannot be held against the whole. So that no request gets the answer of quite another one,
only what may come in parts is looked at like that.
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
from understudy.sdk.part_keys import wholes_of

T = TypeVar("T")

KEPT = timedelta(hours=24)
"""How long an answer is given again."""
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_PURPOSE = "stored answer"
_INSTANT = timedelta(milliseconds=1)
_IN_PARTS = b"done in parts"
"""In place of a request's hash, which has another length: it never compares equal to one."""


@dataclass(frozen=True, kw_only=True)
class Once:
    """Who asks (``scope``), under which key, and a hash of what exactly.

    ``in_parts`` says whether it may be a part of what was asked before.
    """

    scope: str
    key: str
    request_hash: bytes
    status: int
    in_parts: bool = False

    @property
    def wholes(self) -> tuple[str, ...]:
        """The keys of what this may be a part of."""
        return tuple(wholes_of(self.key)) if self.in_parts else ()


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
        stored = _stored(unit, once, once.key)
        if stored is not None:
            return _replay(unit, once, stored)
        wholes = {key: _stored(unit, once, key) for key in once.wholes}
        for whole in wholes.values():
            if whole is not None and whole.request_hash != _IN_PARTS:
                return _answer(unit, whole)
        answer = flow(unit)
        # A refusal is asked anew: what was in its way may be gone by the next try.
        if isinstance(answer, msgspec.Struct):
            body = unit.vault.encrypt(_PURPOSE, msgspec.json.encode(answer))
            unit.stored_answers.add(_kept(unit, once, once.key, once.request_hash, body))
            for key in (key for key, whole in wholes.items() if whole is None):
                unit.stored_answers.add(_kept(unit, once, key, _IN_PARTS, b""))
        return answer

    return run


def _stored(unit: Unit, once: Once, key: str) -> StoredAnswer | None:
    stored = unit.stored_answers.get(once.scope, key)
    if stored is not None and stored.created_at <= unit.now - KEPT:
        unit.stored_answers.remove_before(unit.now - KEPT + _INSTANT)
        return None
    return stored


def _replay(unit: Unit, once: Once, stored: StoredAnswer) -> Replay:
    # Otherwise a key that is used by mistake would hide that the second request did nothing.
    if not hmac.compare_digest(stored.request_hash, once.request_hash):
        raise IdempotencyConflict
    return _answer(unit, stored)


def _answer(unit: Unit, stored: StoredAnswer) -> Replay:
    return Replay(status=stored.status, body=unit.vault.decrypt(_PURPOSE, stored.body))


def _kept(unit: Unit, once: Once, key: str, asked: bytes, body: bytes) -> StoredAnswer:
    return StoredAnswer(
        scope=once.scope,
        key=key,
        request_hash=asked,
        status=once.status,
        body=body,
        created_at=unit.now,
    )
