"""The middleware: lets everything pass that carries no overlay, and guards the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from understudy.contrib.django.conf import Setup, setup
from understudy.contrib.django.impersonated import aserve, serve
from understudy.contrib.django.opened import Opened, abody, akept_body, body, kept_body
from understudy.contrib.django.order import require_safe_order
from understudy.contrib.django.overlay import lay_over
from understudy.contrib.django.own import OwnBody
from understudy.contrib.django.read_only.connections import hold_databases, is_refusal
from understudy.contrib.django.reading_views import is_other_view
from understudy.contrib.django.responses import response_of
from understudy.contrib.django.sign_in_moment import note_sign_ins
from understudy.contrib.django.signing_in import guard_sign_ins
from understudy.contrib.django.words import forget_query, read_scope
from understudy.errors import ForbiddenWhileImpersonating, WriteBlocked
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.context import Impersonation, OwnRequest, as_nobody, begun, left_by_others
from understudy.sdk.cookies import OVERLAY_MARK
from understudy.sdk.embedding import is_plainly_below
from understudy.sdk.environ import may_be_ours, pinned_to
from understudy.sdk.guard import Pass
from understudy.sdk.held_reads import reading_only, refuse_write
from understudy.sdk.passage import blocking, waiting
from understudy.sdk.passage.steps import VisitSteps
from understudy.sdk.reading import read_visit, route_path
from understudy.sdk.visit import Answer

GetResponse = Callable[[HttpRequest], Any]


class UnderstudyMiddleware:
    """Serves requests that carry an impersonation session as the session's subject.

    First in ``MIDDLEWARE``, and set by ``settings.UNDERSTUDY``. The app's own sign-in stays as it
    is: ``request.user`` and ``request.auser()`` give the subject, ``request.session`` is one of the
    session's own, and ``request.impersonation`` and ``request.actor`` say who really asks; both are
    None in a user's own request. Serves sync stacks and async ones, each without a change of
    thread.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        require_safe_order()
        found = setup()
        guard_sign_ins()
        hold_databases(found.read_only_databases)
        if found.installed.understudy.embedding is not None:
            note_sign_ins()
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        # A plain one would cost an async site a change of thread for each request.
        self.process_view = self._view_async if self._is_async else self._view

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer one request, as nobody but whom it names itself."""
        return self._answer_async(request) if self._is_async else self._answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view that only users themselves may use is no fault of the app's, of which it mails."""
        present = reading_only()
        if present is not None and is_refusal(exception):
            # By a way that no cursor of Django's sees, as when the driver copies.
            exception = refuse_write(present, None)
        if not isinstance(exception, ForbiddenWhileImpersonating | WriteBlocked):
            return None
        return HttpResponse(exception.detail, status=exception.status, content_type="text/plain")

    def _view(self, request: HttpRequest, view: object, *_: object) -> HttpResponse | None:
        # Where a view's own word has let a change in, it must be that view: addresses can move.
        if is_other_view(request, view):
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        return None

    async def _view_async(
        self, request: HttpRequest, view: object, *_: object
    ) -> HttpResponse | None:
        return self._view(request, view)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        pinned = _pinned(request)
        if left_by_others(pinned):
            with as_nobody():
                return self._answer(request)
        found = setup()
        path = _own_path(request, found)
        if path is not None:
            steps = _visited(request, found, path)
            return response_of(
                blocking.carried_out(steps, read_body=partial(body, request)), request
            )
        # What every request of the app pays for: one look for our name where it could be ours.
        if not may_be_ours(request.META, found.below) or _is_dashboard(request, found):
            return self._serve_own(request, pinned)
        return self._guarded(Opened(request, found), pinned)

    def _guarded(self, opened: Opened, pinned: Impersonation | None) -> HttpResponseBase:
        request = opened.request
        with opened.as_nobody_if_it_fails():
            outcome = blocking.carried_out(
                opened.opening, opened.user, partial(body, request), partial(kept_body, request)
            )
        if isinstance(outcome, Answer):
            return response_of(outcome, request)
        if not isinstance(outcome, Pass):
            lay_over(request, opened.scope, outcome, opened.late)
            return serve(request, outcome, self.get_response)
        visit = opened.passed()
        if visit is None or pinned is not None:
            return self._serve_own(request, pinned)
        own = _nobody_else(request, pinned)
        with begun(own):
            response = self.get_response(request)
        answer = OwnBody.of(response, own, opened.own_pages, visit)
        answer.hold_back()
        return answer.put_into(response, is_async=False)

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        pinned = _pinned(request)
        if left_by_others(pinned):
            with as_nobody():
                return await self._answer_async(request)
        found = setup()
        path = _own_path(request, found)
        if path is not None:
            steps = _visited(request, found, path)
            answer = await waiting.carried_out(steps, read_body=partial(abody, request))
            return response_of(answer, request)
        if not may_be_ours(request.META, found.below) or _is_dashboard(request, found):
            return await self._serve_own_async(request, pinned)
        return await self._guarded_async(Opened(request, found), pinned)

    async def _guarded_async(
        self, opened: Opened, pinned: Impersonation | None
    ) -> HttpResponseBase:
        request = opened.request
        with opened.as_nobody_if_it_fails():
            steps = opened.opening
            outcome = await waiting.carried_out(
                steps, opened.auser, partial(abody, request), partial(akept_body, request)
            )
        if isinstance(outcome, Answer):
            return response_of(outcome, request)
        if not isinstance(outcome, Pass):
            lay_over(request, opened.scope, outcome, opened.late)
            return await aserve(request, outcome, self.get_response)
        visit = opened.passed()
        if visit is None or pinned is not None:
            return await self._serve_own_async(request, pinned)
        own = _nobody_else(request, pinned)
        with begun(own):
            response = await self.get_response(request)
        answer = OwnBody.of(response, own, opened.own_pages, visit)
        await answer.ahold_back()
        return answer.put_into(response, is_async=True)

    def _serve_own(self, request: HttpRequest, pinned: Impersonation | None) -> HttpResponseBase:
        # Marked as a user's own, but not while no session was ever served in this process; and not
        # within a session that an adapter around us has laid over.
        own = _nobody_else(request, pinned)
        if pinned is not None or not AT_WORK.ever:
            found: HttpResponseBase = self.get_response(request)
            return found
        with begun(own):
            response = self.get_response(request)
        return _until_its_end(response, own, is_async=False)

    async def _serve_own_async(
        self, request: HttpRequest, pinned: Impersonation | None
    ) -> HttpResponseBase:
        own = _nobody_else(request, pinned)
        if pinned is not None or not AT_WORK.ever:
            found: HttpResponseBase = await self.get_response(request)
            return found
        with begun(own):
            response = await self.get_response(request)
        return _until_its_end(response, own, is_async=True)


def _pinned(request: HttpRequest) -> Impersonation | None:
    """The session that an adapter around the whole site has laid over the request."""
    return pinned_to(getattr(request, "scope", None) or request.META)


def _own_path(request: HttpRequest, found: Setup) -> str | None:
    """Our own address that is asked for, below the mount point, if it is one."""
    # Before the overlay is looked at: ending a session must work also when the session does not.
    if found.installed.routes.prefix not in request.path:
        return None
    path = route_path(read_scope(request))
    return path if found.installed.routes.owns(path) else None


def _is_dashboard(request: HttpRequest, found: Setup) -> bool:
    """Whether the agent asks for the embedded dashboard, whose pages are not marked as the app's.

    Not by a path that somebody might read as another one, nor where a session is laid over the
    browser: that the guard refuses.
    """
    own = found.dashboard
    if own == "" or not is_plainly_below(request.path, own):
        return False
    return OVERLAY_MARK.decode() not in request.META.get("HTTP_COOKIE", "")


def _visited(request: HttpRequest, found: Setup, path: str) -> VisitSteps[Answer]:
    visit = replace(read_visit(read_scope(request)), request=request)
    # What was in the address is for us alone, and servers write their access logs by this.
    forget_query(request)
    return found.installed.routes.serving(visit, path)


def _nobody_else(request: HttpRequest, pinned: Impersonation | None) -> OwnRequest:
    """A request that we lay nothing over: a user's own, or that of an adapter around us."""
    request.impersonation = pinned
    request.actor = pinned.actor if pinned is not None else None
    return OwnRequest()


def _until_its_end(
    response: HttpResponseBase, own: OwnRequest, *, is_async: bool
) -> HttpResponseBase:
    """``response`` as a user's own to the last of its parts; most have none that is still made."""
    if response.streaming:
        return OwnBody.of(response, own).put_into(response, is_async=is_async)
    own.over = True
    return response
