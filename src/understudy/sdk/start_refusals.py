"""What staff are told when nothing was started.

Whatever is wrong with what they typed is told, as are rules about themselves. Of a subject nothing
is: unknown, protected and forbidden ones look the same (DESIGN rule 9). Rules that a newer service
may have are taken for such.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from understudy.errors import (
    InvalidInput,
    MalformedRequest,
    NotFound,
    OutcomeUnknown,
    Refused,
    TokenInvalid,
    Unavailable,
    UnderstudyError,
)
from understudy.sdk.staff import SignInRequired
from understudy.sdk.wording import refusal_text

_LOG = logging.getLogger("understudy")
UNAVAILABLE_SUBJECT = "subject_unavailable"
UNDER_WAY = "start_under_way"
_FIELDS: Mapping[str, str] = {
    "reason_missing": "reason",
    "reason_not_text": "reason",
    "reason_too_long": "reason",
    "reason_too_short": "reason",
    "ticket_missing": "ticket",
    "ticket_not_text": "ticket",
    "ticket_too_long": "ticket",
    "minutes_out_of_range": "minutes",
    "scope_not_allowed": "scope",
}
_OF_THE_ASKER = frozenset(
    {
        "application_inactive",
        "impersonation_off",
        "actor_inactive",
        "actor_not_allowed",
        "actor_email_is_operators",
        "nested",
        "another_origin",
    }
)
_WORDED = frozenset({NotFound.code, OutcomeUnknown.code})
_OF_THE_MOMENT = frozenset({"page_of_another_session", "page_unmarked", UNDER_WAY})


class NotStarted(NamedTuple):
    """Why not. ``field`` is what to mend, ``sign_in`` where to sign in first."""

    status: int
    code: str
    detail: str
    field: str | None = None
    sign_in: str | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether a session may have begun all the same."""
        return self.code == OutcomeUnknown.code


def not_started(error: UnderstudyError) -> NotStarted:
    """What is told of ``error``."""
    if isinstance(error, Refused | TokenInvalid):
        # A token that is taken no more: a rule says no since it was made.
        return _by_rule(error.rule if isinstance(error, Refused) else "", error.detail)
    if isinstance(error, SignInRequired):
        return NotStarted(error.status, error.code, error.detail, sign_in=error.at)
    if type(error) is InvalidInput:
        # What we let pass the service did not: nobody who typed it can know more.
        _LOG.warning("A start was not valid: %s", error.detail, extra={"action": "refuse_start"})
        return NotStarted(MalformedRequest.status, MalformedRequest.code, "This cannot be read.")
    if isinstance(error, Unavailable | NotFound):
        # A service says in more ways than these that it cannot be asked.
        code = error.code if error.code in _WORDED else Unavailable.code
        return NotStarted(error.status, code, refusal_text(code))
    field = error.facts.get("field")
    return NotStarted(
        error.status, error.code, error.detail, field if isinstance(field, str) else None
    )


def _by_rule(rule: str, detail: str) -> NotStarted:
    if rule in _FIELDS:
        return NotStarted(HTTPStatus.UNPROCESSABLE_ENTITY, rule, detail, _FIELDS[rule])
    if rule in _OF_THE_ASKER:
        return NotStarted(HTTPStatus.FORBIDDEN, rule, detail)
    if rule in _OF_THE_MOMENT:
        return NotStarted(HTTPStatus.CONFLICT, rule, detail)
    code = UNAVAILABLE_SUBJECT
    return NotStarted(HTTPStatus.FORBIDDEN, code, refusal_text(code))
