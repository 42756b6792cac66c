"""What may be put into a queue in a session, and who is said to have caused it; for adapters."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.attribution import Attribution, current_attribution
from understudy.sdk.context import present_request
from understudy.sdk.forbidding import FORBIDDEN_MARK, refuse_while_impersonating

J = TypeVar("J", bound=Callable[..., object])
ALLOWED_MARK = "understudy_allowed_read_only"


def allow_in_read_only(job: J) -> J:
    """Let sessions that may only read queue this job, which is known to change nothing of a user's.

    A decorator for the function itself, below the queue's own::

        @app.task
        @allow_in_read_only
        def warm_cache(page): ...
    """
    setattr(job, ALLOWED_MARK, True)
    return job


def attribution_of_job(job: object) -> Attribution | None:
    """Who causes ``job`` by queueing it here and now; None where users act for themselves.

    ``job`` is its function, or None where only its name is known: then only a worker, which has
    the function, refuses what is forbidden.

    :raises ForbiddenWhileImpersonating: it is forbidden while impersonating, or the session may
        only read: a worker writes. The guard answers 403 and records it as blocked.
    """
    if getattr(job, FORBIDDEN_MARK, False):
        refuse_while_impersonating()
    if not getattr(job, ALLOWED_MARK, False):
        _refuse_where_only_reading()
    return current_attribution()


def loaded(job: object) -> object:
    """``job``, or what a dotted name stands for in this process; None where it is not loaded.

    Nothing is imported for it: what a web process has not loaded the worker will look at.
    """
    if not isinstance(job, str):
        return job
    module, _, name = job.rpartition(".")
    return getattr(sys.modules.get(module), name, None)


def _refuse_where_only_reading() -> None:
    present = present_request()
    if present is None or present.impersonation is None:
        return
    if present.impersonation.scope is Scope.READ_ONLY:
        present.forbidden = present.forbidden or not present.over
        raise ForbiddenWhileImpersonating(
            "In a session that may only read nothing is put into a queue, as a worker writes."
        )
