"""What a user does about those who work in their account, answered alike to every caller who may
speak for them: their application's backend, and the guard in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from understudy.core.ids import SessionId, SubjectId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.ports import Reader, Unit
from understudy.errors import InvalidInput
from understudy.flows.governance import account
from understudy.flows.governance.agree import agree, withdraw
from understudy.flows.governance.ask import allow, decline
from understudy.flows.governance.support_code import make_code
from understudy.flows.governance.whom import asked_of, the_user
from understudy.flows.impersonation.consented import consents_of
from understudy.flows.origin import Origin
from understudy.http.shapes import Answer
from understudy.sdk.user_says import Deed, UserSays
from understudy.wires.native.presenting import consent_answer, consent_request_answer
from understudy.wires.native.schemas.consents import (
    AccessEnded,
    CodeAnswer,
    ConsentStateAnswer,
    ConsentsWithdrawn,
    NotAgreedAnswer,
    RequestAnswered,
)

Done = Callable[[Unit, str, UserSays, Origin], Answer]


def consent_state(
    reader: Reader, application_id: str, subject_id: SubjectId, now: datetime
) -> ConsentStateAnswer:
    """What the user is asked for, and what they agreed to.

    :raises NotFound: no such user.
    """
    subject = the_user(reader, application_id, subject_id)
    application, mode = asked_of(reader, subject)
    found = consents_of(reader, application, subject.ref, now)
    pending = reader.consent_requests.pending(subject.ref, now)
    terms = application.settings.consent
    return ConsentStateAnswer(
        mode=mode,
        standing_days=terms.standing_days,
        consents=[consent_answer(one) for one in found if one.in_force(now)],
        requests=[
            consent_request_answer(reader.vault, one, shown_as=terms.shown_as) for one in pending
        ],
    )


def done(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    """Do what the user says, who is known to be the user.

    :raises UnderstudyError: see the flows.
    """
    return _DONE[said.deed](unit, application_id, said, origin)


def _agreed(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    days, scope = said.facts.get("days"), said.facts.get("scope")
    if days is not None and type(days) is not int:
        raise InvalidInput("days is a whole number.", facts={"field": "days"})
    return consent_answer(
        agree(
            unit,
            application_id,
            SubjectId(said.subject_id),
            days=days,
            scope=Scope.FULL if scope is None else _scope(scope),
            origin=origin,
        )
    )


def _scope(given: object) -> Scope:
    if given in tuple(Scope):
        return Scope(str(given))
    raise InvalidInput("scope is full or read_only.", facts={"field": "scope"})


def _withdrawn(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    taken = withdraw(unit, application_id, SubjectId(said.subject_id), origin=origin)
    return ConsentsWithdrawn(consents=taken.consents, ended_sessions=len(taken.ended))


def _allowed(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    user = SubjectId(said.subject_id)
    return consent_answer(allow(unit, application_id, user, said.target, origin=origin))


def _declined(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    user = SubjectId(said.subject_id)
    request = decline(unit, application_id, user, said.target, origin=origin)
    return RequestAnswered(id=request.id, state=request.state)


def _code(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    user = SubjectId(said.subject_id)
    made = make_code(unit, application_id, user, said.target, origin=origin)
    return CodeAnswer(code=made.text, expires_at=made.expires_at)


def _ended(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    user, session_id = SubjectId(said.subject_id), SessionId(said.target)
    session = account.end_by_user(unit, application_id, user, session_id, origin=origin)
    return AccessEnded(session_id=session.id, ended_at=session.ended_at)


def _not_agreed(unit: Unit, application_id: str, said: UserSays, origin: Origin) -> Answer:
    user, session_id = SubjectId(said.subject_id), SessionId(said.target)
    note = str(said.facts.get("note") or "")
    case = account.not_agreed(unit, application_id, user, session_id, note=note, origin=origin)
    return NotAgreedAnswer(case_id=case.id, opened_at=case.opened_at)


_DONE: Mapping[Deed, Done] = {
    Deed.AGREE: _agreed,
    Deed.WITHDRAW: _withdrawn,
    Deed.ALLOW: _allowed,
    Deed.DECLINE: _declined,
    Deed.CODE: _code,
    Deed.END: _ended,
    Deed.NOT_AGREED: _not_agreed,
}
