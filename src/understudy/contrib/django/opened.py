"""A request of Django's that may be in a session, while it is found out what it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from understudy.contrib.django.conf import Setup
from understudy.contrib.django.overlay import LateUser
from understudy.contrib.django.reading_views import ask_views
from understudy.contrib.django.words import (
    put_headers,
    put_own_headers,
    read_scope,
    take_mark_over,
)
from understudy.sdk.epoch import is_known
from understudy.sdk.guard import Asked
from understudy.sdk.headers import without_spoofed
from understudy.sdk.own_page import OwnVisit, for_the_app
from understudy.sdk.passage.steps import LoadUser
from understudy.sdk.reading import header_texts, read_request
from understudy.sdk.scope import Scope


class Opened:
    """One request with our name in it, while it is found out what it is."""

    def __init__(self, request: HttpRequest, found: Setup) -> None:
        self.request = request
        self.own_pages = found.installed.own_pages
        self.scope: Scope = read_scope(request)
        self.asked: Asked = found.installed.reader.asked(self.scope)
        ask_views(request, self.asked)
        take_mark_over(request, self.scope)
        self.opening = found.installed.passages.opening(read_request(self.scope, self.asked))
        self.late = LateUser(request, found.load_user)

    def user(self, step: LoadUser) -> object:
        """The subject: at once where something changes, as nothing is begun for nobody."""
        return self.late.answer(step, now=self.asked.changes)

    async def auser(self, step: LoadUser) -> object:
        """The same beside an event loop."""
        if not self.asked.changes:
            return self.user(step)
        return await sync_to_async(self.user)(step)

    @contextmanager
    def as_nobody_if_it_fails(self) -> Iterator[None]:
        """Django makes a page of whatever the site's loader raises: it must not be the agent's."""
        with ExitStack() as failed:
            failed.callback(self._be_nobody)
            yield
            failed.pop_all()

    def _be_nobody(self) -> None:
        host = [header for header in self.scope["headers"] if header[0] == b"host"]
        put_headers(self.request, host)

    def passed(self) -> OwnVisit | None:
        """Nothing of ours, except that it may pretend to be; its page, where one may be marked."""
        scope, cookie = self.scope, self.asked.cookie
        headers = without_spoofed(scope["headers"])
        expected = self.own_pages.expected(scope["method"], header_texts(scope))
        is_marked = is_known(cookie) and expected
        put_own_headers(self.request, for_the_app(headers) if is_marked else headers)
        return OwnVisit(scope["method"], scope["root_path"], cookie) if is_marked else None


def body(request: HttpRequest, most: int) -> bytes:
    """The beginning of a body that the app will not read."""
    try:
        found: bytes = request.read(most)
    except UnreadablePostError:
        return b""
    return found


async def abody(request: HttpRequest, most: int) -> bytes:
    """The same; Django has received the whole of it before."""
    return body(request, most)


def kept_body(request: HttpRequest, most: int) -> bytes | None:
    """The whole body, which the app can read again; None where it is too long."""
    found = body(request, most + 1)
    if len(found) > most:
        return None
    # As if nobody had read: Django takes a stream once, and forms and files from it later.
    request._stream = io.BytesIO(found)
    request._read_started = False
    return found


async def akept_body(request: HttpRequest, most: int) -> bytes | None:
    """The same; Django has received the whole of it before."""
    return kept_body(request, most)
