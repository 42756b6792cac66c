"""A change that would store a mask, or what its sender was not shown, is not begun."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.guard import Refuse
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import KeepBody, Steps
from understudy.sdk.redaction.brought_back import CODE, brings_back

MOST_BYTES = 16 * 1024 * 1024
"""So long a request may be that is looked through."""


def brought_back(request: Request, rulings: Rulings) -> Steps[Refuse | None]:
    """Why ``request`` goes no further, if it brings back what was hidden."""
    body: bytes | None = yield KeepBody(MOST_BYTES)
    if body is None:
        return Refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long_to_look_through")
    kind = request.headers.get("content-type", "")
    if brings_back(rulings, kind, request.query, body):
        return Refuse(HTTPStatus.CONFLICT, CODE)
    return None
