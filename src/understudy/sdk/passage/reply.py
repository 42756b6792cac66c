"""The answer of the app on its way to the browser, part by part."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from understudy.errors import SessionOver, Unavailable
from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.headers import RawHeaders, resized, takes_banner, unpacked, without_length
from understudy.sdk.passage.passage import Passage
from understudy.sdk.redaction.unreadable import CODE, Unreadable
from understudy.sdk.visit import Answer, wants_page

if TYPE_CHECKING:
    from understudy.sdk.redaction.passing import Part


class Reply:
    """An object and no generator: whoever stops asking for parts must still be able to close it.

    A driver calls ``start`` when the app has decided on status and headers, ``part`` for each part
    of the body, and ``close`` in any case: also when the browser has gone, and when the app failed.
    ``headers``, and what ``part`` gives, go out once ``waits`` is False; until then a page is held
    back, since its banner makes it longer. ``refusal`` is what goes out in place of the answer.
    A driver that ends the answer before its end calls ``cut``, or says why in ``cut_by``, before it
    closes.
    """

    __slots__ = (
        "_has_told",
        "_page",
        "_passage",
        "_redacting",
        "cut_by",
        "headers",
        "refusal",
        "status",
        "waits",
    )

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._page: GrowingPage | None = None
        self._redacting: Part | None = None
        self._has_told = False
        self.headers: RawHeaders = []
        self.refusal: Answer | None = None
        self.status: int | None = None
        self.cut_by: str | None = None
        self.waits = False

    @property
    def looks_through(self) -> bool:
        """Whether what goes out is looked through, which takes its time."""
        return self._redacting is not None

    def start(self, status: int, headers: RawHeaders, *, seen: object = None) -> Answer | None:
        """Begin, or say what goes out instead. ``seen`` is the user whom the app has settled on."""
        # Here and not before: only now the app has shown who it took the browser for.
        self.refusal = self._passage.late_refusal(seen)
        if self.refusal is not None:
            return self.refusal
        self.status = status
        passage = self._passage
        self.headers = passage.crossing.to_browser(headers, passage.runtime.monotonic())
        if passage.held.rulings is not None:
            self._begin_redacting(status)
        if wants_page(passage.request.headers) and takes_banner(status, self.headers):
            is_head = passage.request.method == "HEAD"
            headers = [*self.headers, *passage.corrected()]
            self._page = GrowingPage(headers, passage.insertion(self.headers), is_head=is_head)
            self.headers, self.waits = self._page.headers, True
        return None

    def _begin_redacting(self, status: int) -> None:
        """Look the body through from here on, where something in it may be hidden."""
        passage = self._passage
        self._redacting = passage.redacting(status, self.headers)
        self.headers = passage.hidden_in_headers(self.headers)
        if self._redacting is not None:
            self.headers, self.waits = unpacked(without_length(self.headers)), True
        elif passage.request.method == "HEAD":
            # How long the body would be only the body could tell (RFC 9110, section 8.6).
            self.headers = without_length(self.headers)

    def outlives(self, body: bytes, *, more: bool) -> bool:
        """Whether a part may go out although the session is over.

        If not, ``refusal`` goes out in its place, or the answer is cut off where it stands.
        """
        if self.waits:
            self.refusal = self.refusal or self._passage.late_refusal(None)
            if self.refusal is not None:
                return False
        # That an answer is complete tells nothing but that.
        elif not body and not more:
            return True
        # What was changed is changed, and whoever sent it shall hear how that went: once.
        return not self._has_told and not self._passage.request.asked.only_reads

    def cut(self) -> None:
        """Nothing more goes out: the session is over, or nobody can tell any more."""
        self.cut_by = SessionOver.code if self._passage.is_over() else Unavailable.code

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now, of this part and of those that were held back."""
        if self.cut_by is not None:
            raise ConnectionAbortedError("The answer was cut.")
        if self._redacting is not None:
            shown = self._looked_through(self._redacting, body, more)
            if shown is None:
                return b""
            body = shown
        sent = body if self._page is None else self._grown(self._page, body, more)
        self._has_told = self._has_told or bool(sent)
        return sent

    def _looked_through(self, redacting: Part, body: bytes, more: bool) -> bytes | None:
        """What of a part may be seen; None where the whole is refused instead."""
        try:
            shown = redacting.part(body, more=more)
        except Unreadable:
            if not self.waits:
                # No end of the body, but of the connection: nobody takes this for the whole.
                self.cut_by = CODE
                raise ConnectionAbortedError("What follows cannot be looked through.") from None
            self.refusal = self._passage.unreadable()
            return None
        if redacting.has_hidden:
            self._passage.held.hidden_at.add(self._passage.request.path)
        elif self._passage.lifted and not more:
            self._passage.held.hidden_at.forget(self._passage.request.path)
        if self._page is None and (shown or not more):
            if self.waits and redacting.is_whole:
                self.headers = resized(self.headers, len(shown))
            self.waits = False
        return shown

    def _grown(self, page: GrowingPage, body: bytes, more: bool) -> bytes:
        sent = page.part(body, more=more)
        self.headers, self.waits = page.headers, page.waits
        return sent

    def close(self, *, route: str | None = None, failed: bool = False) -> Answer | None:
        """Tell the log how it went, once; what goes out in place of the app's answer, if anything.

        ``route`` is the pattern by which the framework found the view, ``failed`` says that the
        app's call has raised.
        """
        status = self.status
        # A page that was still held back has not reached anybody.
        if self.refusal is None and (status is None or (failed and self.waits)):
            # Frameworks turn errors that they do not know into others: whatever came of it counts.
            if self._passage.present.forbidden:
                self.refusal = self._passage.forbidden()
            elif self._passage.present.write is not None:
                self.refusal = self._passage.write_refused(self._passage.present.write)
            elif self._passage.missing:
                self.refusal = self._passage.refuse(self._passage.not_applied())
            elif failed:
                status = HTTPStatus.INTERNAL_SERVER_ERROR
        # The log takes the first word alone, so that a driver may call this as often as it likes.
        rule = self.cut_by or self._passage.unasked(status, route)
        self._passage.log.completed(status, route, rule)
        return self.refusal
