"""Celery: the attribution goes in a header, from ``apply_async`` into the worker.

Celery's signals swallow what a receiver raises, so that refusing is done around the calls
themselves. They still fill the header in, as they see every message: links of a chain and the body
of a chord, which a worker publishes, and what is sent by name.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, task_postrun, task_prerun

from understudy.sdk.attribution import KEY, Attribution, attributed_to, current_attribution
from understudy.sdk.enqueuing import attribution_of_job

_BLOCK = "_understudy_block"
"""Under which name a running task's request keeps the block it runs in."""


def carry_attribution(app: Celery) -> None:
    """Let ``app`` carry who caused its tasks; to be called where the app is made, once.

    It goes along into retries, links, chains, groups, chords and children, and in eager mode too.
    What is forbidden while impersonating raises ``ForbiddenWhileImpersonating`` when it is sent.

    A task with a ``base`` of its own is refused in eager mode when that derives from ``app.Task``.
    """
    before_task_publish.connect(_fill_in, dispatch_uid="understudy", weak=False)
    task_prerun.connect(_begin, dispatch_uid="understudy", weak=False)
    task_postrun.connect(_end, dispatch_uid="understudy", weak=False)
    _refuse_when_sent(app)
    _refuse_when_eager(app)


def _refuse_when_sent(app: Celery) -> None:
    send = app.send_task

    def send_task(name: str, *args: Any, **options: Any) -> Any:
        attribution_of_job(_function_of(app.tasks.get(name)))
        return send(name, *args, **options)

    app.send_task = send_task


def _refuse_when_eager(app: Celery) -> None:
    # The class is this app's own; Celery makes it for each app.
    apply = app.Task.apply

    def checked(task: Any, *args: Any, **options: Any) -> Any:
        attribution_of_job(_function_of(task))
        return apply(task, *args, **options)

    app.Task.apply = checked


def _function_of(task: Any) -> object:
    return None if task is None else task.run


def _fill_in(headers: dict[str, Any] | None = None, **_: object) -> None:
    attribution = current_attribution()
    if attribution is not None and headers is not None:
        headers.setdefault(KEY, attribution.to_json())


def _begin(task: Any, **_: object) -> None:
    carried = (task.request.headers or {}).get(KEY)
    attribution = Attribution.from_json(carried)
    if attribution is None and task.request.is_eager:
        # Nothing was published: whoever runs it has caused it.
        attribution = current_attribution()
    block = attributed_to(attribution)
    block.__enter__()
    setattr(task.request, _BLOCK, block)


def _end(task: Any, **_: object) -> None:
    block: AbstractContextManager[None] | None = task.request.__dict__.pop(_BLOCK, None)
    if block is not None:
        block.__exit__(None, None, None)
