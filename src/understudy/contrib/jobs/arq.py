"""arq: the attribution goes as a reserved argument, which the function itself never sees.

arq prints the arguments of each job in its log, so that ids alone go along.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar, cast

from arq.connections import ArqRedis
from arq.jobs import Job

from understudy.sdk.attribution import KEY, Attribution, attributed_to
from understudy.sdk.enqueuing import attribution_of_job

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, object]])
_FUNCTIONS: dict[str, Callable[..., object]] = {}


class AttributedRedis(ArqRedis):
    """Queues jobs with who caused them; every function has to be ``attributed``.

    In a worker ``ctx["redis"]`` queues the children. Make it one of these in ``on_startup``.
    """

    @classmethod
    def of(cls, redis: ArqRedis) -> Self:
        """The same queue over the same connections."""
        return cls(
            redis.connection_pool,
            job_serializer=redis.job_serializer,
            job_deserializer=redis.job_deserializer,
            default_queue_name=redis.default_queue_name,
            expires_extra_ms=redis.expires_extra_ms,
        )

    async def enqueue_job(self, function: str, *args: Any, **kwargs: Any) -> Job | None:
        """See ``arq.connections.ArqRedis.enqueue_job``.

        :raises ForbiddenWhileImpersonating: the job may not be queued in this session.
        """
        attribution = attribution_of_job(_FUNCTIONS.get(function))
        if attribution is not None:
            kwargs.setdefault(KEY, attribution.ids())
        return await super().enqueue_job(function, *args, **kwargs)


def attributed(function: F) -> F:
    """A worker's ``function``, run as caused by whoever has queued it; also when it is retried."""

    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> object:
        carried = kwargs.pop(KEY, None)
        with attributed_to(Attribution.from_json(carried)):
            return await function(*args, **kwargs)

    _FUNCTIONS[function.__qualname__] = function
    return cast("F", run)
