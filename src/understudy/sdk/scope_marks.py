"""A page's mark in a request's scope, taken out before anybody else reads it."""

from __future__ import annotations

from understudy.sdk.page_marks import HEADER, one_of, split_address, split_query
from understudy.sdk.same_site import is_own_host
from understudy.sdk.scope import Scope

TAKEN = "understudy.page_mark"
"""Where an adapter around this one leaves a mark that it has taken out and found right."""


def take_mark(scope: Scope, origin: str) -> str | None:
    """The mark of the page from which a request of ``origin`` comes.

    ``scope`` itself is changed: servers, and middleware around us, write their logs by it.
    """
    marks, by_referer, destination = _take_from_address(scope), None, b""
    headers = []
    for name, value in scope["headers"]:
        kept = value
        if name == HEADER:
            marks.append(value)
            continue
        if name == b"referer":
            kept, found = split_address(value)
            by_referer = found if is_own_host(value.decode("latin-1"), origin) else by_referer
        elif name == b"sec-fetch-dest":
            destination = value
        headers.append((name, kept))
    scope["headers"] = headers
    mark = one_of(marks)
    # A worker adds nothing to what it asks for; its own address, which has the mark, comes along.
    if mark is None and destination == b"empty":
        mark = by_referer
    scope[TAKEN] = mark
    return mark


def _take_from_address(scope: Scope) -> list[bytes]:
    query, mark = split_query(scope.get("query_string") or b"")
    raw = scope.get("raw_path")
    if raw:
        # Some servers leave the query in it.
        raw, in_path = split_address(raw)
        scope["raw_path"] = raw
        mark = mark if mark is not None else in_path
    scope["query_string"] = query
    return [] if mark is None else [mark.encode("latin-1")]
