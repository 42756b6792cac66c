"""Tasks of a Django site, which an ordinary worker takes from its database, or that run at once.

``python -m tests.integration.contrib.jobs.django_tasks_site`` prints what each has seen, by backend
and case.
"""

from __future__ import annotations

import asyncio
import json
import sys
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests.integration.contrib.jobs.seen import READING, SAM
from understudy import (
    allow_in_read_only,
    current_attribution,
    current_impersonation,
    forbid_while_impersonating,
)
from understudy.contrib.jobs.django_tasks import AttributedBackend
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, entered

FOLDER = TemporaryDirectory()
settings.configure(
    USE_TZ=True,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER.name}/site.db"}
    },
    INSTALLED_APPS=["django_tasks", "django_tasks_db"],
    TASKS={
        "default": {"BACKEND": f"{__name__}.Stored"},
        "at_once": {"BACKEND": f"{__name__}.AtOnce"},
    },
)
django.setup()

# They look into the settings.
from django_tasks import task  # noqa: E402
from django_tasks.backends.immediate import ImmediateBackend  # noqa: E402
from django_tasks_db import DatabaseBackend  # noqa: E402

seen: list[tuple[str, str | None]] = []


class Stored(AttributedBackend, DatabaseBackend):
    """A worker runs them."""


class AtOnce(AttributedBackend, ImmediateBackend):
    """They run in the request."""


def tell(job: str) -> None:
    """``job`` runs here and now; it is nobody's session."""
    assert current_impersonation() is None
    found = current_attribution()
    seen.append((job, found.actor_id if found else None))


@task()
def note(name: str) -> None:
    """Tell."""
    tell(name)


@task()
async def note_later(name: str) -> None:
    """Tell."""
    tell(name)


@task(takes_context=True)
def parent(context: Any) -> None:
    """Start a child."""
    tell("parent")
    note.using(backend=context.task_result.backend).enqueue("child")


@task()
@forbid_while_impersonating
def close_account() -> None:
    """Do what only the user may."""
    tell("closed")


@task()
@allow_in_read_only
def warm_cache() -> None:
    """Change nothing."""
    tell("warmed")


def attempt(one: Any, *args: str) -> None:
    """Enqueue it, from here and from a loop; tell that it is refused."""
    try:
        one.enqueue(*args)
    except ForbiddenWhileImpersonating as error:
        seen.append((error.code, None))
    try:
        asyncio.run(one.aenqueue(*args))
    except ForbiddenWhileImpersonating as error:
        seen.append((error.code, None))


def carried(backend: str) -> None:
    """Tasks of all kinds, and behind them those of nobody."""
    with entered(Present(SAM)):
        note.using(backend=backend).enqueue("sync")
        note_later.using(backend=backend).enqueue("async")
        asyncio.run(note.using(backend=backend).aenqueue("from a loop"))
        parent.using(backend=backend).enqueue()
    parent.using(backend=backend).enqueue()


def forbidden(backend: str) -> None:
    """What only the user may, by an actor and by the user."""
    with entered(Present(SAM)):
        attempt(close_account.using(backend=backend))
    close_account.using(backend=backend).enqueue()


def read_only(backend: str) -> None:
    """What a session that may only read enqueues."""
    with entered(Present(READING)):
        attempt(note.using(backend=backend), "written")
        warm_cache.using(backend=backend).enqueue()


def called(backend: str) -> None:
    """A task that is called as a function is a part of the request."""
    with entered(Present(SAM)):
        try:
            close_account.using(backend=backend).call()
        except ForbiddenWhileImpersonating as error:
            seen.append((error.code, None))


def told(case: Any, backend: str) -> list[Any]:
    """What is seen in ``case``, until nothing is left to do."""
    seen.clear()
    case(backend)
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    return seen[:]


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    cases = (carried, forbidden, read_only, called)
    found = {
        backend: {case.__name__: told(case, backend) for case in cases}
        for backend in ("default", "at_once")
    }
    sys.stdout.write(json.dumps(found))
    connections.close_all()
    FOLDER.cleanup()
