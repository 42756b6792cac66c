"""How an actor asks that one blocked change be allowed: from the page that refused it, or by a
script.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import (
    MalformedRequest,
    Refused,
    SessionOver,
    Unavailable,
    UnderstudyError,
    UnsupportedMediaType,
)
from understudy.sdk import pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.browser_sessions import token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.page_judge import OF_ANOTHER
from understudy.sdk.page_marks import HEADER, one_of, split_query
from understudy.sdk.passage.steps import ReadBody, VisitSteps, Wait, asking
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.unlock.values import Asked
from understudy.sdk.unlock.wire import MOST_TEXT, unpacked
from understudy.sdk.visit import Answer, Visit, json_answer, problem, wants_page
from understudy.sdk.wording import cause_text, refusal_text

_SECONDS = 6.0
"""How long a person waits for the service."""
_ALLOWED = "allowed"
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


class Asking:
    """Answers those who ask. Whoever asks holds the session, on a page of it."""

    def __init__(self, runtime: Callable[[], Runtime], addresses: Addresses) -> None:
        self._runtime = runtime
        self._addresses = addresses

    def ask(self, visit: Visit) -> VisitSteps[Answer]:
        """Ask for a change, or say why that cannot be."""
        refusal = cross_site_refusal(visit)
        if refusal is not None:
            return refusal
        body: bytes = yield ReadBody(MOST_TEXT + 1)
        try:
            asked = yield from self._ask(visit, body)
        except UnderstudyError as error:
            return self._refused(visit, error)
        if not wants_page(dict(visit.headers)):
            return json_answer({"asked": True, "id": asked.id, "status": asked.status})
        back, is_allowed = self._addresses.page_left(visit), asked.status == _ALLOWED
        return pages.asked_page(back=back, is_allowed=is_allowed)

    def _ask(self, visit: Visit, body: bytes) -> VisitSteps[Asked]:
        held = yield from self._session(visit)
        fields = _read(visit, body)
        write, reason = _write(fields), str(fields.get("reason", ""))
        runtime = self._runtime()
        ask = partial(runtime.gateway.ask_unlock, held.session.id, write, reason=reason)
        future = runtime.calls.submit(ask)
        yield Wait(future, _SECONDS)
        if not future.done():
            raise Unavailable(internal="no answer in time")
        return future.result()

    def _session(self, visit: Visit) -> VisitSteps[Held]:
        token = token_of(visit)
        if token is None:
            raise SessionOver(cause_text(None))
        runtime, key = self._runtime(), token_hash(token.reveal())
        found = runtime.cache.find(key) or (yield from asking(runtime, token, key))
        if isinstance(found, Ended):
            raise SessionOver(cause_text(found.cause))
        mark = _mark_of(visit)
        if mark is not None and mark != found.session.id:
            raise Refused(refusal_text(OF_ANOTHER), rule=OF_ANOTHER)
        return found

    def _refused(self, visit: Visit, error: UnderstudyError) -> Answer:
        code = str(error.facts.get("rule", error.code))
        if not wants_page(dict(visit.headers)):
            return problem(error.status, code, error.detail)
        return pages.not_asked_page(
            error.status, error.detail, back=self._addresses.page_left(visit)
        )


def _read(visit: Visit, body: bytes) -> Mapping[str, object]:
    """What was sent, as members.

    :raises UnsupportedMediaType: neither JSON nor a form, which another site can send unasked.
    :raises MalformedRequest: it cannot be read.
    """
    kind = (visit.header("content-type") or "").partition(";")[0].strip().lower()
    if kind not in (_JSON, _FORM):
        raise UnsupportedMediaType
    try:
        if len(body) > MOST_TEXT:
            raise ValueError
        fields = json.loads(body) if kind == _JSON else dict(parse_qsl(body.decode("ascii")))
    except (ValueError, RecursionError):
        raise MalformedRequest("What was sent cannot be read.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("This is no JSON object.")
    return fields


def _write(fields: Mapping[str, object]) -> Write:
    packed = fields.get("write")
    if not isinstance(packed, str) or not isinstance(fields.get("reason", ""), str):
        raise MalformedRequest("It takes a write and a reason.")
    return unpacked(packed)


def _mark_of(visit: Visit) -> str | None:
    told = (split_query(visit.query.encode("latin-1"))[1], visit.header(HEADER.decode()))
    return one_of(mark.encode("latin-1") for mark in told if mark is not None)
