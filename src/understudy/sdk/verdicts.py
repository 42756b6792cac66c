"""What becomes of an order that the service, or something before it, did not carry out.

By the code of the refusal and not by its status: only the service itself knows that a session is
over or was never there; everything else may be otherwise a moment later.
"""

from __future__ import annotations

from enum import Enum, auto
from http import HTTPStatus

from understudy.errors import (
    AlreadyExists,
    InvalidInput,
    NotFound,
    SessionOver,
    TokenInvalid,
    UnderstudyError,
)

PROXY_TRIES = 3
"""So often a proxy may refuse a batch before its size or its words are held to be the cause."""
_KEPT_STATUSES = frozenset({401, 404, 407, 408, 409, 425, 429})
_CLIENT_FAULTS = range(400, 500)


class Verdict(Enum):
    """What to do with an order."""

    FINISHED = auto()
    KEEP = auto()
    SPLIT = auto()


def verdict_on(error: UnderstudyError, *, tries: int) -> Verdict:
    """What ``error`` means for an order that was sent ``tries`` times."""
    if isinstance(error, SessionOver | TokenInvalid | NotFound):
        return Verdict.FINISHED
    if isinstance(error, InvalidInput) and not isinstance(error, AlreadyExists):
        return Verdict.SPLIT
    status = error.facts.get("status")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Verdict.SPLIT
    by_proxy = status in _CLIENT_FAULTS and status not in _KEPT_STATUSES
    return Verdict.SPLIT if by_proxy and tries >= PROXY_TRIES else Verdict.KEEP
