"""How an actor asks that one blocked change be allowed: from the page that refused it, or by a
script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from understudy.core.governance.unlocks import Write
from understudy.errors import MalformedRequest, Unavailable, UnderstudyError
from understudy.sdk import pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.passage.steps import ReadBody, VisitSteps, Wait
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.sent_by_page import fields_of, session_of
from understudy.sdk.unlock.values import Asked
from understudy.sdk.unlock.wire import MOST_TEXT, unpacked
from understudy.sdk.visit import Answer, Visit, json_answer, problem, wants_page

_SECONDS = 6.0
"""How long a person waits for the service."""
_ALLOWED = "allowed"


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
        runtime = self._runtime()
        held = yield from session_of(runtime, visit)
        fields = fields_of(visit, body, most=MOST_TEXT)
        write, reason = _write(fields), str(fields.get("reason", ""))
        ask = partial(runtime.gateway.ask_unlock, held.session.id, write, reason=reason)
        future = runtime.calls.submit(ask)
        yield Wait(future, _SECONDS)
        if not future.done():
            raise Unavailable(internal="no answer in time")
        return future.result()

    def _refused(self, visit: Visit, error: UnderstudyError) -> Answer:
        code = str(error.facts.get("rule", error.code))
        if not wants_page(dict(visit.headers)):
            return problem(error.status, code, error.detail)
        return pages.not_asked_page(
            error.status, error.detail, back=self._addresses.page_left(visit)
        )


def _write(fields: Mapping[str, object]) -> Write:
    packed = fields.get("write")
    if not isinstance(packed, str) or not isinstance(fields.get("reason", ""), str):
        raise MalformedRequest("It takes a write and a reason.")
    return unpacked(packed)
