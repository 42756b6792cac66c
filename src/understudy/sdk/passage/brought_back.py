"""A change that would store a mask, or what its sender was not shown, is not begun."""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.guard import Refuse
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.steps import KeepBody, Steps
from understudy.sdk.redaction.brought_back import CODE, brings_back
from understudy.sdk.redaction.graphql import other_names
from understudy.sdk.redaction.unreadable import CODE as UNREADABLE
from understudy.sdk.redaction.unreadable import Unreadable

MOST_BYTES = 16 * 1024 * 1024
"""So long a request may be that is looked through."""


def brought_back(passage: Passage) -> Steps[Refuse | None]:
    """Why the request goes no further, if it brings back what was hidden.

    Of a query the passage learns by which other names fields come.
    """
    request, rulings = passage.request, passage.rulings
    if rulings is None or request.asked.socket:
        return None
    kind = request.headers.get("content-type", "")
    body = b""
    if request.asked.changes:
        kept: bytes | None = yield KeepBody(MOST_BYTES)
        if kept is None:
            return Refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long_to_look_through")
        body = kept
        puts = "PUT" in request.asked.methods and passage.held.hidden_at.covers(request.path)
        if puts or brings_back(rulings, kind, request.query, body):
            return Refuse(HTTPStatus.CONFLICT, CODE)
    try:
        passage.rulings = rulings.also(other_names(rulings, kind, request.query, body))
    except Unreadable:
        return Refuse(HTTPStatus.FORBIDDEN, UNREADABLE)
    return None
