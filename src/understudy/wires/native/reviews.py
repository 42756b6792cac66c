"""Reviews of what was done without the approval that was wanted."""

from __future__ import annotations

from understudy.core.governance.reviews import Review
from understudy.core.impersonation.grants import Grant
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator
from understudy.core.ports import Reader, Unit
from understudy.core.rules.approval import why_not_reviewer
from understudy.errors import NotFound, Refused
from understudy.flows.governance.close_review import close_review
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.known_as import judged, operator_known_as
from understudy.http.access import operator
from understudy.http.bounds import optional_application
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.http.shapes import Listed
from understudy.wires.native.approvals import application_name, operator_name
from understudy.wires.native.presenting import grant_answer
from understudy.wires.native.schemas.approvals import CloseReview, ReviewAnswer
from understudy.wires.native.schemas.queries import ReviewsQuery

_TAG = "approvals"


async def list_reviews(call: Call[None, ReviewsQuery]) -> Listed[ReviewAnswer]:
    """Reviews, newest first."""
    query, who = call.query, call.operator.operator
    application_id = optional_application(call.principal, query.application_id)
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[ReviewAnswer]:
        rows = reader.reviews.list(
            only_open=query.state == "open", application_id=application_id, page=page
        )
        shown, cursor = cut(rows, query.limit, lambda one: time_key(one.opened_at, one.id))
        found = [(one, reader.grants.get(one.grant_id)) for one in shown]
        items = [_review(reader, one, grant, who) for one, grant in found if grant is not None]
        return Listed(items=items, next_cursor=cursor)

    return await call.read_long(look_up)


async def close(call: Call[CloseReview, NoQuery]) -> ReviewAnswer:
    """Write down what was found.

    :raises Refused: it is about what the caller did, or about them.
    """
    review_id, who = call.path["review_id"], call.operator.operator

    def flow(unit: Unit) -> ReviewAnswer | Denied:
        closed = close_review(unit, review_id, call.body.note, who=who, origin=call.origin)
        if isinstance(closed, Denied):
            return closed
        grant = unit.grants.get(closed.grant_id)
        if grant is None:
            raise NotFound
        return _review(unit, closed, grant, who)

    answer = await call.run(flow)
    if isinstance(answer, Denied):
        raise refusal(answer.rule, call.principal)
    return answer


def _review(reader: Reader, review: Review, grant: Grant, who: Operator) -> ReviewAnswer:
    known_as = operator_known_as(reader, who, grant.application_id)
    may = who.may(Permission.REVIEWS_CLOSE)
    may = may and why_not_reviewer(known_as, judged(reader, grant)) is None
    return ReviewAnswer(
        id=review.id,
        grant=grant_answer(reader, grant),
        application=application_name(reader, review.application_id),
        opened_at=review.opened_at,
        closed_at=review.closed_at,
        closed_by=operator_name(reader, review.closed_by) if review.closed_by else None,
        note=review.note,
        closable=may and review.closed_at is None,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/reviews",
        operation="list_reviews",
        summary="Reviews of what was done without approval, newest first",
        tag=_TAG,
        access=operator(Permission.GRANTS_READ),
        handler=list_reviews,
        query=ReviewsQuery,
        answers=answers(Listed[ReviewAnswer]),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/reviews/{{review_id}}/close",
        operation="close_review",
        summary="Close a review",
        description="By somebody else than its actor. One that is closed is answered as it is.",
        tag=_TAG,
        access=operator(Permission.REVIEWS_CLOSE),
        handler=close,
        body=Body(type=CloseReview),
        answers=answers(ReviewAnswer),
        problems=(NotFound, Refused),
        rate=RateClass.WRITE,
    ),
)
