"""The agent's own pages, while the browser is known to have had a session.

Nothing is laid over them and nothing is recorded. They are only marked as the browser's own, so
that they act for nobody else once a session begins; and no cache keeps one without its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from understudy.sdk.epoch import Epoch
from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.headers import RawHeaders, as_own_page, policies_in, takes_banner
from understudy.sdk.insertion import Insertion
from understudy.sdk.page_marks import OWN
from understudy.sdk.page_policy import nonce_in
from understudy.sdk.page_script import page_script
from understudy.sdk.visit import wants_page

_IGNORED = frozenset({b"if-none-match", b"if-modified-since", b"accept-encoding"})


class OwnPages(NamedTuple):
    """How one app's own pages are marked; ``script`` gives the script's address by the mount."""

    script: Callable[[str], str]
    epoch: Epoch

    def expected(self, method: str, headers: Mapping[str, str]) -> bool:
        """Whether the answer may be a page; ``headers`` are in lower case."""
        return method != "WEBSOCKET" and wants_page(headers)

    def page(self, status: int, headers: RawHeaders, asked: OwnVisit) -> GrowingPage | None:
        """The page that ``headers`` begin; None for what goes out as it is."""
        if not takes_banner(status, headers):
            return None
        script = page_script(self.script(asked.base), OWN, nonce_in(policies_in(headers)))
        kept = [*as_own_page(headers), *self.epoch.corrected(asked.cookie, OWN)]
        insertion = Insertion(b"", head=script)
        return GrowingPage(kept, insertion, is_head=asked.method == "HEAD")


class OwnVisit(NamedTuple):
    """What of a request counts for its page. ``cookie`` is the whole Cookie header."""

    method: str
    base: str
    cookie: bytes


def for_the_app(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers of a request for a page that shall be marked: whole, and not compressed.

    A range keeps its condition, so that a download goes on where it stopped.
    """
    return [header for header in headers if header[0].lower() not in _IGNORED]
