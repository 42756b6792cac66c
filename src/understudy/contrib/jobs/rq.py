"""RQ: the attribution goes in a job's ``meta``, which RQ copies to nobody: children are filled in.

::

    queue = Queue(connection=redis, job_class=AttributedJob)
    Worker([queue], connection=redis, job_class=AttributedJob)

or ``rq worker --job-class understudy.contrib.jobs.rq.AttributedJob``. A worker without the class
runs such jobs too, as nobody's.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any, Self, cast

from rq.job import Job

from understudy.sdk.attribution import KEY, Attribution, attributed_to
from understudy.sdk.enqueuing import attribution_of_job, loaded


class AttributedJob(Job):
    """A job that knows who caused it: also when it is retried, repeated, or waits for another."""

    @classmethod
    def create(cls, func: Any, *args: Any, **kwargs: Any) -> Self:
        """See ``rq.job.Job.create``.

        :raises ForbiddenWhileImpersonating: the job may not be queued in this session.
        """
        attribution = attribution_of_job(loaded(func))
        # Declared as a `Job`, made of `cls`.
        job = cast("Self", super().create(func, *args, **kwargs))
        if attribution is not None:
            # A copy, as the caller may hand the same `meta` to many.
            job.meta = {KEY: attribution.to_json(), **job.meta}
        return job

    @property
    def attribution(self) -> Attribution | None:
        """Who caused it, or None."""
        return Attribution.from_json(self.meta.get(KEY))

    def perform(self) -> Any:
        """See ``rq.job.Job.perform``."""
        with attributed_to(self.attribution):
            return super().perform()

    @property
    def success_callback(self) -> Any:
        """See ``rq.job.Job``; RQ calls it behind ``perform``."""
        return self._attributed(super().success_callback)

    @property
    def failure_callback(self) -> Any:
        """See ``rq.job.Job``; RQ calls it behind ``perform``."""
        return self._attributed(super().failure_callback)

    @property
    def stopped_callback(self) -> Any:
        """See ``rq.job.Job``; RQ calls it in the worker's main process."""
        return self._attributed(super().stopped_callback)

    def _attributed(self, callback: Any) -> Any:
        # RQ refuses callbacks that are coroutines, and has to see that they are.
        if callback is None or inspect.iscoroutinefunction(callback):
            return callback

        @functools.wraps(callback)
        def call(*args: Any, **kwargs: Any) -> Any:
            with attributed_to(self.attribution):
                return callback(*args, **kwargs)

        return call
