"""The middleware: lets everything pass that carries no overlay, and guards the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Unpack

from understudy.contrib.wsgi.answering import send_answer
from understudy.contrib.wsgi.files import WRAPPER, FileParts, RememberedWrapper
from understudy.contrib.wsgi.impersonated import ImpersonatedAnswer
from understudy.contrib.wsgi.overlaid import body_of, kept_body, overlaid
from understudy.contrib.wsgi.own_answer import OwnAnswer
from understudy.contrib.wsgi.own_page import OwnPageAnswer
from understudy.contrib.wsgi.types import App, Environ, StartResponse
from understudy.contrib.wsgi.visits import Visits
from understudy.core.impersonation.restrictions import Methods
from understudy.errors import SetupError
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.closing import close_at_sigterm
from understudy.sdk.context import OwnRequest, as_nobody, begun, left_by_others
from understudy.sdk.environ import (
    may_be_ours,
    pinned_to,
    scope_of,
    take_over,
    with_own_headers,
)
from understudy.sdk.epoch import is_known
from understudy.sdk.guard import Asked, Pass
from understudy.sdk.headers import without_spoofed
from understudy.sdk.installed import Installed, Options
from understudy.sdk.own_page import OwnVisit, for_the_app
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.identity import Identity, UserId
from understudy.sdk.passage.steps import Lazily, LoadUser
from understudy.sdk.reading import header_texts, read_request, route_path
from understudy.sdk.scope import Scope
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject
from understudy.sdk.visit import Answer

ReadsByView = Callable[[Environ, Methods], bool]


class UnderstudyMiddleware:
    """Serves requests that carry an impersonation session as the session's subject.

    The app's own sign-in stays as it is. What is laid over it: ``load_user(subject)`` gives the
    app's user for the subject, who is found in ``current_impersonation().user``. Their id, by
    ``user_id(user)`` or else its ``id``, must be the subject's, or the session ends. Without
    ``load_user`` the app itself must ask ``current_impersonation()`` whom to serve. A framework's
    extension may give ``loading`` in its place, which answers the passage's own step, and so may
    load late, and ``reads_by_view``, which knows views that are declared to change nothing.

    ``options`` are those of ``understudy.sdk.installed.Options``, all of them by name.

    :raises SetupError: an option is unknown or malformed, or both ways to load are given.
    """

    def __init__(
        self,
        app: App,
        *,
        understudy: Understudy,
        load_user: Callable[[Subject], object] | None = None,
        user_id: UserId | None = None,
        loading: Callable[[LoadUser], object | Lazily] | None = None,
        reads_by_view: ReadsByView | None = None,
        **options: Unpack[Options],
    ) -> None:
        if load_user is not None:
            if loading is not None:
                raise SetupError("Give load_user or loading, and not both.")
            loading = _at_once(load_user)
        identity = Identity(user_id, loads=loading is not None)
        self.app = app
        self._loading = loading or _nobody
        self._reads_by_view = reads_by_view
        self._installed = Installed(understudy, identity, options)
        self._prefix = self._installed.routes.prefix
        self._below = self._installed.below.decode() if self._installed.below else None
        self._visits = Visits(self._installed.routes, body_of)
        close_at_sigterm()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as nobody but whom it names itself."""
        pinned = pinned_to(environ)
        if left_by_others(pinned):
            with as_nobody():
                return self(environ, start_response)
        # Before the overlay is looked at: ending a session must work also when the session does
        # not.
        if self._prefix in environ.get("PATH_INFO", ""):
            scope = scope_of(environ)
            if self._installed.routes.owns(route_path(scope)):
                return self._visits.serve(scope, environ, start_response)
        # What every request of the app pays for: one look for our name where it could be ours.
        if not may_be_ours(environ, self._below):
            return self._serve_own(environ, start_response, is_nested=pinned is not None)
        return self._guarded(environ, start_response)

    def _guarded(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # Our name stands in some header, but perhaps no session is asked for: somebody may only be
        # pretending.
        scope = scope_of(environ)
        asked = self._installed.reader.asked(scope)
        take_over(environ, scope)
        if self._reads_by_view is not None:
            asked.by_view = partial(self._reads_by_view, environ, asked.methods)
        opening = self._installed.passages.opening(read_request(scope, asked))
        outcome = carried_out(
            opening,
            self._loading,
            lambda most: body_of(environ, most),
            lambda most: kept_body(environ, most),
        )
        if isinstance(outcome, Pass):
            return self._pass(scope, asked, environ, start_response)
        if isinstance(outcome, Answer):
            return send_answer(outcome, environ, start_response)
        inner = overlaid(environ, scope, outcome)
        return ImpersonatedAnswer(outcome, inner, start_response).called(self.app)

    def _pass(
        self, scope: Scope, asked: Asked, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Nothing of ours, except that it may pretend to be; and pages while the epoch lasts."""
        headers = without_spoofed(scope["headers"])
        pages, is_nested = self._installed.own_pages, pinned_to(environ) is not None
        is_page = is_known(asked.cookie) and pages.expected(scope["method"], header_texts(scope))
        # What a session shows, laid over by an adapter around us, is no page of the agent's own.
        if is_nested or not is_page:
            inner = with_own_headers(environ, headers)
            return self._serve_own(inner, start_response, is_nested=is_nested)
        inner = with_own_headers(environ, for_the_app(headers))
        inner[WRAPPER] = FileParts
        visit = OwnVisit(scope["method"], scope["root_path"], asked.cookie)
        answer = OwnPageAnswer(pages, visit, OwnRequest(), start_response)
        return answer.called(self.app, inner)

    def _serve_own(
        self, environ: Environ, start_response: StartResponse, *, is_nested: bool
    ) -> Iterable[bytes]:
        # Marked as a user's own, but not while no session was ever served in this process; and not
        # within a session that an adapter around us has laid over.
        if is_nested or not AT_WORK.ever:
            return self.app(environ, start_response)
        own, wrapper = OwnRequest(), RememberedWrapper.of(environ)
        with begun(own):
            parts = self.app(environ, start_response)
        # Neither a file that the server sends by itself nor what is made already runs code of the
        # app's; and from these servers know how long the answer is.
        if type(parts) in (list, tuple) or wrapper.has_made(parts):
            own.over = True
            return parts
        return OwnAnswer(parts, own)


def _at_once(load_user: Callable[[Subject], object]) -> Callable[[LoadUser], object]:
    return lambda step: load_user(step.subject)


def _nobody(_: LoadUser) -> object:
    return None
