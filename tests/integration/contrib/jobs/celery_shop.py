"""A Celery app whose worker runs its tasks in processes of their own, as most do.

``python -m tests.integration.contrib.jobs.celery_shop FOLDER`` is the worker.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from celery import Celery
from kombu.transport.sqlalchemy import Transport

from understudy import current_attribution, current_impersonation, forbid_while_impersonating
from understudy.contrib.jobs.celery import carry_attribution

TOLD = "told"
"""The pipe into which each task says its name, who has caused it, and in which process it runs."""
OPTIONS = "--pool prefork --concurrency 1 --without-gossip --without-mingle --without-heartbeat"


def shop(folder: Path) -> Celery:
    """The app over a broker in ``folder``, as web process and worker have it."""
    app = Celery("shop", broker=f"sqla+sqlite:///{folder}/broker.db", set_as_current=False)
    app.conf.update(broker_connection_retry_on_startup=True, task_ignore_result=True)
    carry_attribution(app)
    # Not for the other apps of the process as well.
    task = partial(app.task, shared=False)

    def tell(name: str) -> None:
        assert current_impersonation() is None
        found = current_attribution()
        told = [name, found.actor_id if found else None, os.getpid()]
        with (folder / TOLD).open("w") as pipe:
            pipe.write(json.dumps(told) + "\n")

    @task(name="shop.note")
    def note(name: str) -> None:
        tell(name)

    @task(name="shop.parent")
    def parent() -> None:
        tell("parent")
        note.delay("child")

    @task(name="shop.failing", bind=True, max_retries=1)
    def failing(self: Any) -> None:
        tell(f"try {self.request.retries}")
        if not self.request.retries:
            raise self.retry(countdown=0)

    @task(name="shop.close_account")
    @forbid_while_impersonating
    def close_account() -> None:
        tell("closed")

    return app


if __name__ == "__main__":
    Transport.polling_interval = 0.02  # seconds; this broker has no option for it
    shop(Path(sys.argv[1])).worker_main(["worker", *OPTIONS.split()])
