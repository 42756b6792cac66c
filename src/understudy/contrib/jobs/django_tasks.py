"""Django's tasks: the attribution goes as a reserved argument, which the function never sees.

::

    class Backend(AttributedBackend, DatabaseBackend):
        "Named in ``settings.TASKS`` in place of ``DatabaseBackend``."

Backends keep the arguments of each task and show them, so that ids alone go along.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from understudy.sdk.attribution import KEY, Attribution, attributed_to
from understudy.sdk.enqueuing import attribution_of_job


class AttributedBackend:
    """What is put before any backend, of ``django.tasks`` or of ``django_tasks``.

    Its tasks know who caused them, and so do the tasks that they enqueue. A worker has the same
    settings: another one hands the argument on to the function.
    """

    task_class: Any

    def __init_subclass__(cls, **more: Any) -> None:
        """Have tasks of the backend's own class take off what they carry."""
        super().__init_subclass__(**more)
        cls.task_class = type("Task", (_AttributedTask, cls.task_class), {"__slots__": ()})

    def enqueue(self, task: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """See ``BaseTaskBackend``.

        :raises ForbiddenWhileImpersonating: the task may not be enqueued in this session.
        """
        return super().enqueue(task, args, _filled_in(task, kwargs))  # type: ignore[misc]

    async def aenqueue(self, task: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """See ``BaseTaskBackend``; some do not go by ``enqueue``."""
        return await super().aenqueue(task, args, _filled_in(task, kwargs))  # type: ignore[misc]


class _AttributedTask:
    __slots__ = ()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        with _caused_by(kwargs):
            return super().call(*args, **kwargs)  # type: ignore[misc]

    async def acall(self, *args: Any, **kwargs: Any) -> Any:
        with _caused_by(kwargs):
            return await super().acall(*args, **kwargs)  # type: ignore[misc]


def _filled_in(task: Any, kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
    if KEY in kwargs:
        return kwargs
    attribution = attribution_of_job(task.func)
    return kwargs if attribution is None else {**kwargs, KEY: attribution.ids()}


def _caused_by(kwargs: dict[str, Any]) -> AbstractContextManager[None]:
    # Without it a task was enqueued by nobody that is known, or is called as a part of a request.
    if KEY not in kwargs:
        return nullcontext()
    return attributed_to(Attribution.from_json(kwargs.pop(KEY)))
