"""What a passage asks of its driver, instead of doing it.

A passage begins as a generator. It yields steps and is sent what came of each, so that one order of
things serves event loops and threads alike (as an ``auth_flow`` of httpx does).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from understudy.errors import Unavailable
from understudy.sdk.cache import Ended, Held
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.values import Subject

T = TypeVar("T")
ASK_SECONDS = 1.0
"""How long a request may wait for the service's word on its session."""


class Wait(NamedTuple):
    """Wait until ``future`` is done, for ``seconds`` at most; the passage looks at it itself.

    The future goes on whatever becomes of this request: others may wait for it too.
    """

    future: Future[Any]
    seconds: float


class LoadUser(NamedTuple):
    """Send the app's user for ``subject``, None when there is none, or one ``Lazily`` found.

    What is loaded lazily is shown to ``found`` before the app gets it; what ``found`` does not
    take, the app must not get.
    """

    subject: Subject
    found: Callable[[object], bool]


class Lazily(NamedTuple):
    """Stands for a user whom the framework loads when somebody looks."""

    user: object


Step = Wait | LoadUser
Steps = Generator[Step, Any, T]


def asking(runtime: Runtime, token: Secret, key: bytes) -> Steps[Held | Ended]:
    """The session as the service sees it.

    :raises Unavailable: no answer in time.
    """
    # The stream first: an ending between the answer and the first news would be missed.
    runtime.follow()
    future = runtime.calls.share(key, lambda: runtime.sessions.refresh(token))
    yield Wait(future, ASK_SECONDS)
    if not future.done():
        raise Unavailable(internal="no answer in time")
    return future.result()
