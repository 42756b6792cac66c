"""The app's response in a session on its way to the browser, by way of the passage's reply."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponseBase

from understudy.contrib.django.overlay import looked_at
from understudy.contrib.django.pulling import Pulled
from understudy.contrib.django.read_only.connections import let_go
from understudy.contrib.django.responses import (
    failure_of,
    put_headers,
    raw_headers,
    response_of,
)
from understudy.contrib.django.words import route_of
from understudy.sdk.context import within
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.passage.waiting import carried_out as awaited
from understudy.sdk.raised import Raised

GetResponse = Callable[[HttpRequest], HttpResponseBase]
AsyncGetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def serve(request: HttpRequest, passage: Passage, get_response: GetResponse) -> HttpResponseBase:
    """Call the app under ``passage``; what goes out."""
    answer = ImpersonatedResponse(request, passage, is_async=False)
    with answer.going_out_whatever_fails():
        with within(passage.present):
            response = get_response(request)
        answer.begin(response)
        answer.hold_back()
        answer.put_into(response)
    return _letting_go(answer.sent)


async def aserve(
    request: HttpRequest, passage: Passage, get_response: AsyncGetResponse
) -> HttpResponseBase:
    """The same beside an event loop."""
    answer = ImpersonatedResponse(request, passage, is_async=True)
    with answer.going_out_whatever_fails():
        with within(passage.present):
            response = await get_response(request)
        answer.begin(response)
        await answer.ahold_back()
        answer.put_into(response)
    return _letting_go(answer.sent)


def _letting_go(response: HttpResponseBase) -> HttpResponseBase:
    """``response``, at whose end its databases are the next one's, in the thread that had them."""
    response._resource_closers.append(let_go)
    return response


class ImpersonatedResponse:
    """What becomes of one response; ``sent`` is what goes out, once that is known."""

    sent: HttpResponseBase

    def __init__(self, request: HttpRequest, passage: Passage, *, is_async: bool) -> None:
        self._request = request
        self._passage = passage
        self._is_async = is_async
        self._reply = Reply(passage)
        self._ready: deque[bytes] = deque()
        self._is_done = False
        self._goes_on = False
        self._response: HttpResponseBase | None = None
        self._pulled: Pulled | None = None

    @contextmanager
    def going_out_whatever_fails(self) -> Iterator[None]:
        """Put around all until something is ``sent``: what is not streamed is over by then.

        Also when the browser has gone, and Django has cancelled us.
        """
        try:
            with Raised() as raised:
                yield
            if raised.error is not None:
                self.sent = self._failed(raised.error)
        finally:
            if not self._goes_on:
                self._close()

    def begin(self, response: HttpResponseBase) -> None:
        """Take status and headers."""
        self._response = response
        seen = looked_at(self._request)
        self._reply.start(response.status_code, raw_headers(response), seen=seen)
        if response.streaming:
            self._pulled = Pulled(response, self._passage.present)

    def hold_back(self) -> None:
        """Pull parts until the headers are settled: a banner makes a page longer."""
        while self._pulled is not None and self._waits():
            part = self._pulled.next()
            self._take(part, goes_on=carried_out(self._passage.looking()))

    async def ahold_back(self) -> None:
        """The same beside an event loop."""
        while self._pulled is not None and self._waits():
            part = await self._pulled.anext()
            self._take(part, goes_on=await awaited(self._passage.looking()))

    def put_into(self, response: HttpResponseBase) -> None:
        """Let ``response`` go out with this for its body, unless a refusal does."""
        pulled = self._pulled
        if self._reply.refusal is not None:
            self.sent = self._refusal()
            return
        if pulled is None:
            response.content = self._reply.part(response.content, more=False)
            if self._reply.refusal is not None:
                self.sent = self._refusal()
                return
        else:
            # With a file of its own the server would send past whoever looks on; this lets it go.
            parts = self._aparts(pulled) if self._is_async else self._parts(pulled)
            response.streaming_content = parts
        put_headers(response, self._reply.headers)
        if pulled is not None:
            self._goes_on = True
            # Also when the browser has gone in mid-body.
            response._resource_closers.append(self._close)
        self.sent = response

    def _waits(self) -> bool:
        return self._reply.waits and not self._is_done and self._reply.refusal is None

    def _parts(self, pulled: Pulled) -> Iterator[bytes]:
        try:
            yield from self._given()
            while not self._is_done:
                part = pulled.next()
                self._take(part, goes_on=carried_out(self._passage.looking()))
                yield from self._given()
        finally:
            self._let_go()

    async def _aparts(self, pulled: Pulled) -> AsyncIterator[bytes]:
        try:
            for sent in self._given():
                yield sent
            while not self._is_done:
                part = await pulled.anext()
                self._take(part, goes_on=await awaited(self._passage.looking()))
                for sent in self._given():
                    yield sent
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._close()
        # Under ASGI Django leaves what the browser has sent open behind an error.
        self._request.close()

    def _refusal(self) -> HttpResponseBase:
        """What goes out in place of the app's response, and tidies up behind it."""
        answer = self._reply.refusal
        if answer is None:
            raise AssertionError("Nothing was refused.")
        refused = response_of(answer, self._request)
        if self._response is not None:
            refused._resource_closers.extend(self._response._resource_closers)
        return refused

    def _failed(self, error: Exception) -> HttpResponseBase:
        """What goes out when the app has failed, before any of its answer has."""
        failed = self._reply.cut_by is None
        if self._reply.close(route=route_of(self._request), failed=failed) is not None:
            return self._refusal()
        # Whatever stands around us would answer as if it were the agent, for any cache to keep.
        return failure_of(self._passage.failed(), error, self._request, is_async=self._is_async)

    def _close(self) -> None:
        """Tell the log how it went, in any case; what comes later is nobody's."""
        if self._pulled is not None:
            self._pulled.close()
        self._reply.close(route=route_of(self._request))
        self._passage.present.over = True

    def _take(self, part: bytes | None, *, goes_on: bool) -> None:
        more = part is not None
        if not goes_on and not self._reply.outlives(part or b"", more=more):
            if self._reply.refusal is not None:
                return
            # No end of the body, but of the connection: nobody takes this for the whole.
            self._reply.cut()
            raise ConnectionAbortedError("The session is over.")
        sent = self._reply.part(part or b"", more=more)
        if sent:
            self._ready.append(sent)
        if not more:
            self._is_done = True
            # Told when the answer is complete, whenever the server closes it.
            self._reply.close(route=route_of(self._request))

    def _given(self) -> Iterator[bytes]:
        while self._ready:
            yield self._ready.popleft()
