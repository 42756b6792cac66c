"""A code that a user reads out to whoever asked them, and that is good for that question alone.

It is made only once they have seen who asks, for what and for how long, and is never looked up by
itself. That it is right says what they allow, and nothing of who they are.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime

from understudy.core.governance.cases import CaseKind
from understudy.core.governance.consent_requests import (
    CODE_DIGITS,
    CODE_LIFE,
    MOST_TRIES,
    CodeTries,
    ConsentRequest,
)
from understudy.core.governance.consents import Consent
from understudy.core.ids import ActorRef, SubjectId
from understudy.core.notices.events import EventType, Outcome
from understudy.core.people.principals import Subject
from understudy.core.ports import Unit, Vault
from understudy.errors import NotFound
from understudy.flows.governance.ask import agreed_to, the_question
from understudy.flows.governance.open_case import open_case
from understudy.flows.governance.whom import the_user, told
from understudy.flows.origin import Origin

_PURPOSE = "support code"
_DIGITS = "digits of a consent request"
_BYTES = 16
CODE_REFUSED = "code_refused"
"""The rule of every code that is not taken: which of the reasons it was, only the log tells."""


@dataclass(frozen=True, kw_only=True)
class MadeCode:
    """What the user reads out, shown this once."""

    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class CodeRefused:
    """The code was not taken; the entry about it is part of the unit."""

    def __bool__(self) -> bool:
        return False


def make_code(
    unit: Unit, application_id: str, subject_id: SubjectId, request_id: str, *, origin: Origin
) -> MadeCode:
    """A code for the question, in place of one that was made for it before.

    :raises NotFound: nobody asks them that.
    :raises Conflict: it was answered, or is too long ago.
    """
    subject, request = the_question(unit, application_id, subject_id, request_id)
    number = int.from_bytes(unit.random(_BYTES), "big") % 10**CODE_DIGITS
    digits = f"{number:0{CODE_DIGITS}}"
    expires_at = min(unit.now + CODE_LIFE, request.expires_at)
    made = replace(
        request, code_hash=_hash(unit.vault, request, digits), code_expires_at=expires_at
    )
    unit.consent_requests.save(made)
    details = {"request_id": request.id}
    event = EventType.CODE_MADE
    unit.record(told(event, subject, by=subject.party, origin=origin, details=details))
    return MadeCode(text=f"HELP {digits[:4]} {digits[4:]}", expires_at=expires_at)


def digits_of(vault: Vault, request: ConsentRequest) -> str:
    """Two digits that whoever asked reads out, and that the user sees beside *Allow*."""
    return f"{int.from_bytes(vault.keyed_hash(_DIGITS, request.id)[:4], 'big') % 100:02}"


def redeem(
    unit: Unit, request_id: str, code: str, *, actor_ref: ActorRef, origin: Origin
) -> Consent | CodeRefused:
    """What the user agreed to by reading out ``code`` to the very actor who asked.

    :raises NotFound: this actor asked no such thing.
    """
    request = unit.consent_requests.get(request_id)
    if request is None or request.actor.ref != actor_ref:
        raise NotFound("You did not ask this.")
    subject = the_user(unit, request.application_id, request.subject_id)
    if subject.ref != request.subject_ref:
        # Somebody else goes by their id by now, who was asked nothing.
        raise NotFound("There is no such user.")
    tries = (unit.consent_requests.tries_of(actor_ref) or _none(unit, actor_ref)).at(unit.now)
    counted = replace(request, tries=request.tries + 1)
    # Counted before it is compared, so that no number of callers at once gets a try more.
    unit.consent_requests.save(counted)
    open_to_codes = request.takes_codes(unit.latest) and counted.tries <= MOST_TRIES
    if open_to_codes and not tries.spent and not tries.suspicious and _fits(unit, request, code):
        return agreed_to(unit, subject, counted, origin=origin)
    return _refuse(unit, subject, counted, tries, origin)


def _refuse(
    unit: Unit, subject: Subject, request: ConsentRequest, tries: CodeTries, origin: Origin
) -> CodeRefused:
    # To what was answered meanwhile, or is too long ago, no code is right: that is no guess.
    guessed = int(request.is_pending(unit.latest))
    wrong = replace(tries, wrong_today=tries.wrong_today + guessed, wrong=tries.wrong + guessed)
    unit.consent_requests.save_tries(wrong)
    refused = told(
        EventType.CONSENT_REFUSED,
        subject,
        by=request.actor.party,
        origin=origin,
        outcome=Outcome.DENIED,
        rule=CODE_REFUSED,
        details={"request_id": request.id, "tries": request.tries},
    )
    unit.record(refused)
    if wrong.suspicious and not tries.suspicious:
        note = "So many codes were wrong that they were guessed."
        open_case(unit, subject, request.actor, CaseKind.CODES_GUESSED, note=note, origin=origin)
    return CodeRefused()


def _fits(unit: Unit, request: ConsentRequest, code: str) -> bool:
    digits = "".join(char for char in code if char.isdigit())
    return hmac.compare_digest(_hash(unit.vault, request, digits), request.code_hash or b"")


def _hash(vault: Vault, request: ConsentRequest, digits: str) -> bytes:
    return vault.keyed_hash(_PURPOSE, f"{request.id}:{digits}")


def _none(unit: Unit, actor_ref: ActorRef) -> CodeTries:
    return CodeTries(actor_ref=actor_ref, since=unit.now)
