"""How an actor is shown what a rule hides: they say why, the log says so, and then they see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import unquote

from understudy.core.redaction.lifted import PATH_MAX_LENGTH, Lifted, Shown
from understudy.core.redaction.rules import RedactionRule
from understudy.errors import MalformedRequest, Unavailable, UnderstudyError
from understudy.sdk.addresses import Addresses
from understudy.sdk.cache import Held
from understudy.sdk.page_marks import marked
from understudy.sdk.passage.steps import ReadBody, VisitSteps, Wait
from understudy.sdk.return_path import safe_path
from understudy.sdk.reveal_page import Choices, named, not_revealed_page, reveal_page
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.sent_by_page import fields_of, session_of
from understudy.sdk.visit import Answer, Visit, json_answer, problem, see_other, wants_page

_SECONDS = 6.0
"""How long a person waits for the service."""
_MOST_BYTES = 16_384
_TEXTS = ("field", "path", "reason")


class Revealing:
    """Answers those who ask. Whoever asks holds the session, on a page of it."""

    def __init__(self, runtime: Callable[[], Runtime], addresses: Addresses, *, path: str) -> None:
        self._runtime = runtime
        self._addresses = addresses
        self._path = path

    def offer(self, visit: Visit) -> VisitSteps[Answer]:
        """The form, with what may be shown in this session."""
        back = self._addresses.page_left(visit)
        try:
            held = yield from session_of(self._runtime(), visit)
        except UnderstudyError as error:
            return _refused(visit, error, back)
        action = marked(visit.base + self._path, held.session.id)
        choices = self._choices(held, visit, back)
        return reveal_page(held.session, choices, action=action, back=back)

    def reveal(self, visit: Visit) -> VisitSteps[Answer]:
        """Show it, or say why that cannot be."""
        refusal = cross_site_refusal(visit)
        if refusal is not None:
            return refusal
        body: bytes = yield ReadBody(_MOST_BYTES + 1)
        back = visit.base + self._addresses.home
        try:
            runtime = self._runtime()
            held = yield from session_of(runtime, visit)
            fields = fields_of(visit, body, most=_MOST_BYTES)
            back = safe_path(str(fields.get("back", "")), back)
            shown = yield from _asked(runtime, held, fields)
            # What is known of sessions here is old by now; others hear of it by the news.
            runtime.pulse.mistrust()
        except UnderstudyError as error:
            return _refused(visit, error, back)
        if wants_page(dict(visit.headers)):
            return see_other(back)
        return json_answer({"revealed": True, "until": shown.until.isoformat()})

    def _choices(self, held: Held, visit: Visit, back: str) -> Choices:
        now = held.server_time(self._runtime().monotonic())
        restrictions = held.session.restrictions
        page = unquote(back.partition("?")[0])
        hidden = [
            one if one.startswith(visit.base) else visit.base + one
            for one in held.hidden_at.latest()
        ]
        # What was hidden on the page that they came from is what they want to see.
        first = [page] if page in hidden or not hidden else [hidden[0], page]
        return Choices(
            fields=revealable(held),
            addresses=list(dict.fromkeys([*first, *hidden])),
            shown=[one for one in restrictions.reveals if now < one.until],
        )


def revealable(held: Held) -> list[RedactionRule]:
    """What may be shown in a session, each once."""
    if not any(rule.revealable for rule in held.session.restrictions.redaction.rules):
        return []
    from understudy.core.redaction.reveals import may_be_lifted

    redaction = held.session.restrictions.redaction
    found = {
        named(rule): rule
        for rule in redaction.rules
        if may_be_lifted(redaction, Lifted(kind=rule.kind, match=rule.match, path="/"))
    }
    return list(found.values())


def _asked(runtime: Runtime, held: Held, fields: Mapping[str, object]) -> VisitSteps[Shown]:
    said = {name: fields.get(name, "") for name in _TEXTS}
    if not all(isinstance(text, str) for text in said.values()):
        raise MalformedRequest("It takes a field, a path and a reason.")
    kind, _, match = str(said["field"]).partition(" ")
    lifted = Lifted(kind=kind, match=match, path=_path(str(said["path"])))
    ask = partial(runtime.gateway.reveal, held.session.id, lifted, reason=str(said["reason"]))
    future = runtime.calls.submit(ask)
    yield Wait(future, _SECONDS)
    if not future.done():
        raise Unavailable(internal="no answer in time")
    shown: Shown = future.result()
    return shown


def _path(text: str) -> str:
    # As the app will see it: without a query, and decoded.
    path = unquote(text.strip().partition("?")[0].partition("#")[0])
    return path[: PATH_MAX_LENGTH + 1]


def _refused(visit: Visit, error: UnderstudyError, back: str) -> Answer:
    if not wants_page(dict(visit.headers)):
        return problem(error.status, str(error.facts.get("rule", error.code)), error.detail)
    return not_revealed_page(HTTPStatus(error.status), error.detail, back=back)
