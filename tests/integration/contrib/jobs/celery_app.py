"""A Celery app whose broker is memory, with tasks that tell who caused them."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import setup_logging

from tests.integration.contrib.jobs.seen import SEEN
from understudy import allow_in_read_only, forbid_while_impersonating
from understudy.contrib.jobs.celery import carry_attribution

app = Celery("shop", broker="memory://", backend="cache+memory://", set_as_current=False)
app.conf.update(
    broker_connection_retry_on_startup=True,
    result_chord_retry_interval=0.05,
    task_default_queue="understudy-tests",
)
carry_attribution(app)


@setup_logging.connect
def leave_logging(**_: object) -> None:
    """A worker sets the level of the process it starts in, here that of all tests behind it."""


@app.task(name="note")
def note(name: str) -> str:
    """Tell."""
    SEEN.note(name)
    return name


@app.task(name="after")
def after(result: object, name: str) -> str:
    """Tell, behind another task."""
    SEEN.note(name)
    return name


@app.task(name="parent")
def parent() -> None:
    """Start a child."""
    SEEN.note("parent")
    note.delay("child")


@app.task(name="failing", bind=True, max_retries=1)
def failing(self: Any) -> None:
    """Be tried twice."""
    SEEN.note(f"try {self.request.retries}")
    if not self.request.retries:
        raise self.retry(countdown=0)


@app.task(name="close_account", shared=False)
@forbid_while_impersonating
def close_account() -> None:
    """Do what only the user may."""
    SEEN.note("closed")


@app.task(name="warm_cache")
@allow_in_read_only
def warm_cache() -> None:
    """Change nothing."""
    SEEN.note("warmed")
