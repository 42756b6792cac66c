"""Huey: the attribution goes as a reserved argument, which the task itself never sees."""

from __future__ import annotations

from typing import Any

from huey.api import Huey, Task, chord, group

from understudy.sdk.attribution import KEY, Attribution, attributed_to
from understudy.sdk.enqueuing import attribution_of_job

_FUNCTION = "_understudy_function"
_LET_IN = "_understudy"
"""Under which name a task that runs keeps what it carried, for its retries."""


def carry_attribution(huey: Huey) -> None:
    """Let ``huey`` carry who caused its tasks: into retries, pipelines, chords and children.

    In immediate mode as well. What is forbidden while impersonating raises
    ``ForbiddenWhileImpersonating`` when it is queued, if the task was declared after this call.
    """
    huey.task_wrapper_class = _remembering(huey.task_wrapper_class)
    enqueue, add_schedule, execute = huey.enqueue, huey.add_schedule, huey.execute

    def filled_in(task: Any) -> Any:
        # The tasks of a group and of a chord come here by themselves.
        if not isinstance(task, (group, chord)):
            _fill_in(task)
        return enqueue(task)

    def put_off(task: Task) -> None:
        _fill_in(task)
        add_schedule(task)

    def attributed(task: Task, timestamp: Any = None) -> Any:
        carried = task.kwargs.pop(KEY, None)
        setattr(task, _LET_IN, carried)
        with attributed_to(Attribution.from_json(carried)):
            return execute(task, timestamp)

    huey.enqueue, huey.add_schedule, huey.execute = filled_in, put_off, attributed


def _fill_in(task: Task) -> None:
    # None is written down, too: the task was let in, and is not judged again by a worker.
    if KEY in task.kwargs:
        return
    if hasattr(task, _LET_IN):
        task.kwargs[KEY] = getattr(task, _LET_IN)
        return
    attribution = attribution_of_job(getattr(task, _FUNCTION, None))
    task.kwargs[KEY] = None if attribution is None else attribution.to_json()


def _remembering(wrapper: Any) -> Any:
    """``wrapper``, whose tasks know their function, as Huey keeps it in a closure alone."""

    class Remembering(wrapper):  # type: ignore[misc]  # whatever class this Huey wraps tasks in
        def create_task(self, func: Any, *args: Any, **settings: Any) -> Any:
            made = super().create_task(func, *args, **settings)
            setattr(made, _FUNCTION, staticmethod(func))
            return made

    return Remembering
