"""Dramatiq: the attribution goes in a message's options, into retries, pipelines and callbacks."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any

import dramatiq
from dramatiq.errors import ActorNotFound
from dramatiq.middleware import Middleware, MiddlewareError

from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.attribution import KEY, Attribution, attributed_to
from understudy.sdk.enqueuing import attribution_of_job


class NotEnqueued(ForbiddenWhileImpersonating, MiddlewareError):
    """This cannot be done while impersonating. Only the user themself may."""

    # Dramatiq logs what its middleware raises and goes on, unless it is an error of this kind.


def carry_attribution(broker: dramatiq.Broker) -> None:
    """Let ``broker`` carry who caused its messages; to be called once its middleware is complete.

    What is forbidden while impersonating raises ``ForbiddenWhileImpersonating`` when it is sent.
    """
    # First of all, so that it is the last to leave: what the others send behind a message, as
    # pipelines, callbacks and groups do, is caused by whoever caused the message.
    first = type(broker.middleware[0]) if broker.middleware else None
    broker.add_middleware(AttributionMiddleware(), before=first)


class AttributionMiddleware(Middleware):
    """Fills the attribution in where a message is first sent, and restores it around the actor."""

    def __init__(self) -> None:
        self._here = threading.local()

    def before_enqueue(self, broker: dramatiq.Broker, message: Any, delay: int | None) -> None:
        """See ``dramatiq.Middleware``. Also called in a worker: for retries, and after a delay."""
        # Also None is written down: the message was let in, and is not judged by its worker again.
        if KEY not in message.options:
            attribution = _attribution_of(_function_of(broker, message))
            message.options[KEY] = None if attribution is None else attribution.to_json()

    def before_process_message(self, broker: dramatiq.Broker, message: Any) -> None:
        """See ``dramatiq.Middleware``."""
        block = attributed_to(Attribution.from_json(message.options.get(KEY)))
        block.__enter__()
        self._here.block = block

    def after_process_message(
        self, broker: dramatiq.Broker, message: Any, *, result: Any = None, exception: Any = None
    ) -> None:
        """See ``dramatiq.Middleware``; the same thread comes here, whatever happened."""
        self._leave()

    def after_skip_message(self, broker: dramatiq.Broker, message: Any) -> None:
        """See ``dramatiq.Middleware``."""
        self._leave()

    def _leave(self) -> None:
        block: AbstractContextManager[None] | None = self._here.__dict__.pop("block", None)
        if block is not None:
            block.__exit__(None, None, None)


def _attribution_of(function: object) -> Attribution | None:
    try:
        return attribution_of_job(function)
    except ForbiddenWhileImpersonating as refused:
        raise NotEnqueued(refused.detail) from refused


def _function_of(broker: dramatiq.Broker, message: Any) -> object:
    try:
        return broker.get_actor(message.actor_name).fn
    except ActorNotFound:
        return None
