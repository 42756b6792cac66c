"""What a page of a session sends to an address of the SDK's own: whose page it is, what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from understudy.core.impersonation.tokens import token_hash
from understudy.errors import MalformedRequest, Refused, SessionOver, UnsupportedMediaType
from understudy.sdk.browser_sessions import token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.page_judge import OF_ANOTHER
from understudy.sdk.page_marks import HEADER, one_of, split_query
from understudy.sdk.passage.steps import VisitSteps, asking
from understudy.sdk.runtime import Runtime
from understudy.sdk.visit import Visit
from understudy.sdk.wording import cause_text, refusal_text

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def session_of(runtime: Runtime, visit: Visit) -> VisitSteps[Held]:
    """The session in which the browser works, which must be that of the page.

    :raises SessionOver: there is none.
    :raises Refused: the page belongs to another one.
    """
    token = token_of(visit)
    if token is None:
        raise SessionOver(cause_text(None))
    key = token_hash(token.reveal())
    found = runtime.cache.find(key) or (yield from asking(runtime, token, key))
    if isinstance(found, Ended):
        raise SessionOver(cause_text(found.cause))
    mark = _mark_of(visit)
    if mark is not None and mark != found.session.id:
        raise Refused(refusal_text(OF_ANOTHER), rule=OF_ANOTHER)
    return found


def fields_of(visit: Visit, body: bytes, *, most: int) -> Mapping[str, object]:
    """What was sent, as members.

    :raises UnsupportedMediaType: neither JSON nor a form, which another site can send unasked.
    :raises MalformedRequest: it cannot be read.
    """
    kind = (visit.header("content-type") or "").partition(";")[0].strip().lower()
    if kind not in (_JSON, _FORM):
        raise UnsupportedMediaType
    try:
        if len(body) > most:
            raise ValueError
        fields = json.loads(body) if kind == _JSON else dict(parse_qsl(body.decode("ascii")))
    except (ValueError, RecursionError):
        raise MalformedRequest("What was sent cannot be read.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("This is no JSON object.")
    return fields


def _mark_of(visit: Visit) -> str | None:
    told = (split_query(visit.query.encode("latin-1"))[1], visit.header(HEADER.decode()))
    return one_of(mark.encode("latin-1") for mark in told if mark is not None)
