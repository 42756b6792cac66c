"""The app's answer in a session on its way to the server, by way of the passage's reply."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from understudy.contrib.wsgi.answering import send_answer
from understudy.contrib.wsgi.pulling import Pulled
from understudy.contrib.wsgi.said import Said
from understudy.contrib.wsgi.types import App, Environ, StartResponse, Write
from understudy.sdk.context import entered, within
from understudy.sdk.environ import ROUTE, SEEN, text_headers
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.raised import Raised
from understudy.sdk.visit import Answer


class ImpersonatedAnswer:
    """What the server iterates over and closes. ``environ`` is the app's own."""

    def __init__(self, passage: Passage, environ: Environ, start_response: StartResponse) -> None:
        self._passage = passage
        self._environ = environ
        self._start_response = start_response
        self._reply = Reply(passage)
        self._said = Said(self._write)
        self._pulled: Pulled | None = None
        self._ready: deque[bytes] = deque()
        self._send: Write | None = None
        self._fault: Exception | None = None
        self._has_begun = False
        self._is_done = False
        self._is_closed = False

    def called(self, app: App) -> ImpersonatedAnswer:
        """Call the app; whatever it raises comes out as the server asks for the first part."""
        present, raised = self._passage.present, Raised()
        try:
            with raised, within(present):
                self._pulled = Pulled(app(self._environ, self._said), present)
        finally:
            if raised.error is not None:
                self._fail(raised.error)
            elif self._pulled is None:
                # A worker that is told to stop never sees this answer, and so cannot close it.
                self.close()
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._ready:
            if self._fault is not None:
                fault, self._fault = self._fault, None
                raise fault
            if self._is_done:
                raise StopIteration
            self._pull()
        return self._ready.popleft()

    def close(self) -> None:
        """The server is done; also when the browser has gone in mid-body."""
        if self._is_closed:
            return
        self._is_done = self._is_closed = True
        try:
            with entered(self._passage.present):
                if self._pulled is not None:
                    self._pulled.close()
        finally:
            # In any case: a browser that goes takes nothing back that was done for it.
            self._reply.close(route=self._route)

    @property
    def _route(self) -> str | None:
        route = self._environ.get(ROUTE)
        return route if isinstance(route, str) else None

    def _pull(self) -> None:
        with Raised() as raised:
            part = self._pulled.next() if self._pulled is not None else None
            if part == b"" and self._reply.status is None:
                return  # before its first part an app need not have begun
            sent = self._passed(part or b"", more=part is not None)
        if raised.error is not None:
            self._fail(raised.error)
        elif self._reply.refusal is not None:
            self._give(self._reply.refusal)
        elif sent or (self._has_begun and not self._is_done):
            # Also an empty part: one for one, so that the server has its turn (PEP 3333).
            self._ready.append(sent)

    def _passed(self, part: bytes, *, more: bool) -> bytes:
        """What goes out now, of ``part`` and of those that were held back; nothing if refused."""
        reply = self._reply
        if self._said.line is None:
            raise AssertionError("The app has not called start_response.")
        if reply.status is None:
            self._said.is_final = True
            reply.start(self._said.status, self._said.headers, seen=self._environ.get(SEEN))
        elif not self._may_go_on(part, more=more) and reply.refusal is None:
            # No end of the body, but of the connection: nobody takes this for the whole.
            reply.cut()
            raise ConnectionAbortedError("The session is over.")
        if reply.refusal is not None:
            return b""
        # Known to be the whole, it goes out in one piece.
        more = more and not (self._pulled is not None and self._pulled.is_one)
        sent = reply.part(part, more=more)
        if not reply.waits:
            self._begin(self._said.line)
        if not more:
            self._is_done = True
            # Told when the answer is complete, whenever the server closes it.
            reply.close(route=self._route)
        return sent

    def _may_go_on(self, part: bytes, *, more: bool) -> bool:
        # One that was cut stays so, whatever the app makes of the error.
        if self._reply.cut_by is not None:
            return False
        return carried_out(self._passage.looking()) or self._reply.outlives(part, more=more)

    def _begin(self, line: str) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._send = self._start_response(line, text_headers(self._reply.headers))

    def _write(self, part: bytes) -> None:
        """A part that the app pushes out from inside of its call (PEP 3333, ``write``)."""
        # The refusal waits until the app is done, which is not left in the middle of its call.
        sent = self._passed(part, more=True) if part and self._reply.refusal is None else b""
        if sent and self._send is not None:
            self._send(sent)

    def _give(self, answer: Answer) -> None:
        """Give ``answer`` out in place of the app's, of which nothing has gone out."""
        self._is_done = True
        self._ready.extend(send_answer(answer, self._environ, self._start_response))

    def _fail(self, error: Exception) -> None:
        failed = self._reply.cut_by is None
        refusal = self._reply.close(route=self._route, failed=failed)
        if refusal is not None and failed:
            self._give(refusal)
            return
        # Whatever stands around us would answer as if it were the agent, for any cache to keep.
        if not self._has_begun:
            self._give(self._passage.failed())
        self._fault, self._is_done = error, True
