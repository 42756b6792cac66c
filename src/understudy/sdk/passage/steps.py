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
LOAD_SECONDS = 5.0
"""How much longer the first of a process may, while what the service is asked with is loaded."""


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


class ReadBody(NamedTuple):
    """Send the first bytes of the request's body, ``most`` at most; none where it takes too long.

    The app is not called for this request, so that nobody else needs them.
    """

    most: int


class KeepBody(NamedTuple):
    """Send the whole of the request's body, and keep it for the app; None where it is longer than
    ``most``, or cannot be read.
    """

    most: int


class AskApp(NamedTuple):
    """Call ``function`` of the app's, and send what it gives, or the exception that it raises.

    Where the driver can wait beside its event loop, the function may be async.
    """

    function: Callable[..., object]
    arguments: tuple[object, ...]


class Lazily(NamedTuple):
    """Stands for a user whom the framework loads when somebody looks."""

    user: object


Step = Wait | LoadUser | ReadBody | KeepBody
Steps = Generator[Step, Any, T]
"""Those of a passage."""
VisitSteps = Generator[Step | AskApp, Any, T]
"""Those of a visit to the SDK's own addresses, and of a passage as well."""


def ask_seconds(runtime: Runtime) -> float:
    """How long to wait for what ``runtime.ask`` has just begun."""
    return ASK_SECONDS if runtime.is_loaded else ASK_SECONDS + LOAD_SECONDS


def asking(runtime: Runtime, token: Secret, key: bytes) -> Steps[Held | Ended]:
    """The session as the service sees it.

    :raises Unavailable: no answer in time.
    """
    future = runtime.ask(token, key)
    yield Wait(future, ask_seconds(runtime))
    if not future.done():
        raise Unavailable(internal="no answer in time")
    return future.result()
