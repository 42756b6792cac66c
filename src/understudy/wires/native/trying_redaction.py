"""Try rules of redaction out on a sample. Nothing of it is stored or logged."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

from msgspec import UNSET

from understudy.core.people.permissions import Permission
from understudy.core.redaction.checking import check_redaction
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction
from understudy.errors import InvalidInput, NotFound
from understudy.flows.known_application import known_application
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, MAX_TEXT_BYTES, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.native.schemas.redaction_trials import (
    HiddenByRule,
    RedactionTried,
    TryRedaction,
)
from understudy.wires.native.settings_parts import redaction_of

if TYPE_CHECKING:
    from understudy.sdk.redaction.trial import HiddenBy, Trial


async def try_redaction(call: Call[TryRedaction, NoQuery]) -> RedactionTried:
    """What would be seen of a sample, and which rule hides what.

    :raises NotFound: no such application.
    :raises InvalidInput: a rule that cannot be kept.
    """
    body, application_id = call.body, call.path["application_id"]
    application = await call.read(lambda reader: known_application(reader, application_id))
    redaction = application.settings.redaction
    if body.redaction is not UNSET:
        redaction = redaction_of(NOTHING_HIDDEN, body.redaction)
        check_redaction(redaction)
    return _answer(await to_thread(_tried, redaction, body.kind, body.sample))


def _tried(redaction: Redaction, kind: str, sample: str) -> Trial:
    # With the first sample: a service hides nothing itself.
    from understudy.sdk.redaction.trial import tried

    return tried(redaction, kind, sample)


def _answer(trial: Trial) -> RedactionTried:
    return RedactionTried(shown=trial.shown, by=[_by(one) for one in trial.by])


def _by(hidden: HiddenBy) -> HiddenByRule:
    rule = hidden.rule
    return HiddenByRule(
        kind=rule.kind if rule else None,
        match=rule.match if rule else None,
        hid=list(hidden.hid),
        can_be_tried=hidden.can_be_tried,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/applications/{{application_id}}/redaction/try",
        operation="try_redaction",
        summary="What would be seen of a sample of the app's answers",
        description="Nothing is stored or logged of it.",
        tag="applications",
        # Of whoever may change the rules: whom they bind shall not search for what gets past them.
        access=operator(Permission.APPLICATIONS_WRITE),
        handler=try_redaction,
        body=Body(type=TryRedaction, max_bytes=MAX_TEXT_BYTES),
        answers=answers(RedactionTried),
        problems=(NotFound, InvalidInput),
        rate=RateClass.WRITE,
    ),
)
