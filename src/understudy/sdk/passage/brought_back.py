"""A change that would store a mask, or what its sender was not shown, is not begun."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.redaction.rulings import Rulings, rulings
from understudy.sdk.guard import Refuse
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.steps import KeepBody, Steps
from understudy.sdk.redaction.brought_back import CODE, brings_back
from understudy.sdk.redaction.graphql import other_names
from understudy.sdk.redaction.revealing import address_of, lifted_for, page_of
from understudy.sdk.redaction.unreadable import CODE as UNREADABLE
from understudy.sdk.redaction.unreadable import Unreadable

MOST_BYTES = 16 * 1024 * 1024
"""So long a request may be that is looked through."""


def brought_back(passage: Passage) -> Steps[Refuse | None]:
    """Why the request goes no further, if it brings back what was hidden.

    Of a query the passage learns by which other names fields come.
    """
    request, held_to = passage.request, passage.rulings
    if held_to is None or request.asked.socket:
        return None
    kind = request.headers.get("content-type", "")
    body = b""
    if request.asked.changes:
        kept: bytes | None = yield KeepBody(MOST_BYTES)
        if kept is None:
            return Refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long_to_look_through")
        body = kept
        puts = "PUT" in request.asked.methods and passage.held.hidden_at.covers(request.path)
        if puts or brings_back(_for_a_change(passage, held_to), kind, request.query, body):
            return Refuse(HTTPStatus.CONFLICT, CODE)
    if not (request.query or body):
        return None
    try:
        passage.rulings = held_to.also(other_names(held_to, kind, request.query, body))
    except Unreadable:
        return Refuse(HTTPStatus.FORBIDDEN, UNREADABLE)
    return None


def _for_a_change(passage: Passage, held_to: Rulings) -> Rulings:
    """What a change is held to: what was revealed on the page that it comes from, its sender has
    seen as well.
    """
    request, held = passage.request, passage.held
    if not held.revealed:
        return held_to
    came_from = (address_of(request), page_of(request))
    lifted = lifted_for(held, *came_from, now=passage.runtime.monotonic())
    return rulings(held.session.restrictions.redaction, lifted) or held_to
