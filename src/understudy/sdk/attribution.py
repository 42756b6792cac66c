"""Who caused what runs later, elsewhere or below the app's own code: jobs, log records, rows.

An attribution says who worked as whom, and gives nobody any power: nothing asks it for permission,
and where one stands, what is forbidden while impersonating is refused. So it is not signed. Whoever
can write into a queue can have any job run anyway; a forged attribution only takes away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Self

from understudy.sdk.context import Impersonation, OwnRequest, as_nobody, present_request

_LOG = logging.getLogger("understudy")
KEY = "understudy"
"""Under which name queues carry it."""
UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who worked as whom, and in which session; neither a token nor anything that leads to one.

    Ids are the service's own for session and actor, the application's for the subject. The actor's
    address and name are None where they are unknown, or are not to travel.
    """

    session_id: str
    actor_id: str
    subject_id: str
    actor_email: str | None = None
    actor_name: str | None = None

    @classmethod
    def of(cls, impersonation: Impersonation) -> Self:
        """What is told of ``impersonation``."""
        return cls(
            session_id=impersonation.session_id,
            actor_id=impersonation.actor.id,
            subject_id=impersonation.subject.id,
            actor_email=impersonation.actor.email,
            actor_name=impersonation.actor.name,
        )

    def ids(self) -> dict[str, str]:
        """Its ids alone, for JSON: where what is carried is also printed."""
        return {
            "session_id": self.session_id,
            "actor_id": self.actor_id,
            "subject_id": self.subject_id,
        }

    def to_json(self) -> dict[str, str]:
        """It as JSON, without what is None or empty."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, carried: object) -> Self | None:
        """What ``to_json`` or ``ids`` made; None for None. Members of later releases are ignored.

        Anything else is still an attribution, to ``unreadable``: what was caused by an actor must
        not turn into what nobody caused, as more is allowed then.
        """
        if carried is None:
            return None
        try:
            return cls(**_members(carried, [one.name for one in fields(cls)]))
        except TypeError:
            _LOG.warning(
                "A job carries an attribution that cannot be read",
                extra={"action": "read_attribution"},
            )
            return cls(session_id=UNREADABLE, actor_id=UNREADABLE, subject_id=UNREADABLE)


def _members(carried: object, names: list[str]) -> dict[str, str]:
    if not isinstance(carried, Mapping):
        raise TypeError
    found = {name: carried[name] for name in names if name in carried}
    if not all(isinstance(value, str) and value for value in found.values()):
        raise TypeError
    return found


_CARRIED: ContextVar[Attribution | None] = ContextVar("understudy_attribution", default=None)


def current_attribution() -> Attribution | None:
    """Who caused what runs here: the present session's actor, or whoever a job was started by.

    None where users act for themselves, and where nobody is known. Unlike
    ``current_impersonation`` this does not count as asking whom the app serves: it is for records.
    """
    present = present_request()
    if present is None or present.over:
        return _CARRIED.get()
    return None if present.impersonation is None else Attribution.of(present.impersonation)


@contextmanager
def attributed_to(attribution: Attribution | None) -> Iterator[None]:
    """Run a job that ``attribution`` says who caused; for what takes work out of queues.

    Within the block nobody works as anybody: ``current_impersonation()`` is None, whatever request
    the queue's worker has got its context from. Only a user's own request, which runs a job at
    once instead of queueing it, stays what it is where ``attribution`` is None.
    """
    stays = attribution is None and isinstance(present_request(), OwnRequest)
    token = _CARRIED.set(attribution)
    try:
        with nullcontext() if stays else as_nobody():
            yield
    finally:
        _CARRIED.reset(token)
