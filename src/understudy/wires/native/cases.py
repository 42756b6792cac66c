"""Cases: seeing and closing them."""

from __future__ import annotations

from understudy.core.governance.cases import Case
from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import Conflict, NotFound
from understudy.flows.governance.close_case import close_case as close
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.presenting import actor_answer
from understudy.wires.native.schemas.cases import CaseAnswer, CasesQuery, CloseCase

_TAG = "consents"


async def list_cases(call: Call[None, CasesQuery]) -> Listed[CaseAnswer]:
    """Cases, newest first."""
    query = call.query
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[CaseAnswer]:
        rows = reader.cases.search(
            only_open=not (query.all or query.frozen), only_frozen=query.frozen, page=page
        )
        shown, cursor = cut(rows, query.limit, lambda case: time_key(case.opened_at, case.id))
        return Listed(items=[_answer(reader, case) for case in shown], next_cursor=cursor)

    return await call.read(look_up)


async def close_case(call: Call[CloseCase, NoQuery]) -> CaseAnswer:
    """Close a case, and let its actor work again, or not.

    :raises NotFound: no such case.
    """
    case_id, body, by = call.path["case_id"], call.body, call.operator.operator
    return await call.run(
        lambda unit: _answer(
            unit,
            close(unit, case_id, note=body.note, lift=body.lift, by=by, origin=call.origin),
        )
    )


def _answer(reader: Reader, case: Case) -> CaseAnswer:
    closer = None if case.closed_by is None else reader.operators.get(OperatorId(case.closed_by))
    return CaseAnswer(
        id=case.id,
        application_id=case.application_id,
        subject_id=case.subject_id,
        subject_name=_subject_name(reader, case),
        actor=actor_answer(case.actor),
        session_id=case.session_id,
        kind=case.kind,
        note=case.note,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        closed_by=closer.name if closer else case.closed_by,
        closing_note=case.closing_note,
        frozen=case.lifted_at is None,
    )


def _subject_name(reader: Reader, case: Case) -> str | None:
    subject = reader.subjects.get(case.application_id, case.subject_id)
    # Whoever has the id by now may be somebody else.
    return subject.name if subject is not None and subject.ref == case.subject_ref else None


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/cases",
        operation="list_cases",
        summary="What users did not agree to, newest first",
        tag=_TAG,
        access=operator(Permission.CASES_READ),
        handler=list_cases,
        query=CasesQuery,
        answers=answers(Listed[CaseAnswer]),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/cases/{{case_id}}/close",
        operation="close_case",
        summary="Close a case, and let its actor work again, or not",
        description="Nobody closes a case about themselves. What was closed can be lifted later.",
        tag=_TAG,
        access=operator(Permission.CASES_WRITE),
        handler=close_case,
        body=Body(type=CloseCase),
        answers=answers(CaseAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
)
