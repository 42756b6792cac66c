"""The session that the browser of a visit holds: found, asked for, ended."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus

from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import MalformedRequest, Unavailable, UnderstudyError
from understudy.sdk.cache import Ended, Held
from understudy.sdk.cookies import OVERLAY, DuplicateCookie, is_token, read_cookie
from understudy.sdk.later import Later
from understudy.sdk.passage.steps import ask_seconds
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer, Visit, problem
from understudy.sdk.wording import refusal_text


def unavailable() -> Answer:
    """Nobody can tell whether the session goes on."""
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", refusal_text("unavailable"))


class BrowserSessions:
    """What the SDK's own pages know of sessions, each by the token of its overlay.

    ``runtime`` gives that of the process which asks.
    """

    def __init__(self, runtime: Callable[[], Runtime]) -> None:
        self._runtime = runtime

    def known(self, token: Secret) -> Held | Ended | None:
        """What this process knows of the session, however old; asks nobody."""
        return self._runtime().cache.peek(_key(token))

    def session(self, token: Secret) -> ActiveSession | None:
        """The session itself, live or over, where this process has seen it."""
        known = self.known(token)
        return known.session if known is not None else None

    def look(
        self,
        token: Secret,
        then: Callable[[Held | Ended], Answer],
        *,
        unknown: Callable[[], Answer] = unavailable,
    ) -> Answer | Later:
        """``then`` of the session, at once or by the service's word; ``unknown`` without one."""
        runtime, key = self._runtime(), _key(token)
        found = runtime.cache.find(key)
        if found is not None:
            return then(found)

        def failed(_: UnderstudyError) -> Answer:
            return unknown()

        try:
            future = runtime.ask(token, key)
        except Unavailable:  # too many wait for the service's word already
            return unknown()
        seconds = ask_seconds(runtime)
        return Later(future=future, seconds=seconds, then=then, failed=failed, otherwise=unknown)

    def end(self, token: Secret, cause: EndCause = EndCause.ENDED_BY_ACTOR) -> Future[None]:
        """End the session here at once, and at the service as soon as it hears."""
        runtime, known = self._runtime(), self.known(token)
        runtime.follow()
        if isinstance(known, Held):
            return runtime.end(known, cause)
        runtime.cache.refuse(_key(token), cause, known=False)
        return runtime.recorder.end(None, token, cause)


def token_of(visit: Visit) -> Secret | None:
    """The overlay's token.

    :raises MalformedRequest: there are two.
    """
    try:
        return _token_in(visit.cookie)
    except DuplicateCookie:
        raise MalformedRequest(refusal_text("duplicate_cookie")) from None


def overlay_in(cookie: bytes) -> Secret | None:
    """The overlay's token in a whole Cookie header; None where there are two."""
    try:
        return _token_in(cookie)
    except DuplicateCookie:
        return None


def _token_in(cookie: bytes) -> Secret | None:
    value = read_cookie(cookie, OVERLAY)
    return Secret(value) if value is not None and is_token(value) else None


def holds_overlay(visit: Visit) -> bool:
    """Whether the browser has any overlay at all, be it of a session that is over, or two."""
    try:
        return read_cookie(visit.cookie, OVERLAY) is not None
    except DuplicateCookie:
        return True


def _key(token: Secret) -> bytes:
    return token_hash(token.reveal())
