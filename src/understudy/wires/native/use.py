"""How much an operator makes of what they may do, for those who watch."""

from __future__ import annotations

from datetime import timedelta

from understudy.core.governance.use import DayOfUse, days_of_use
from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import NotFound
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, Endpoint, answers
from understudy.wires.native.operators import operator_answer
from understudy.wires.native.schemas.use import DayOfUseAnswer, UseAnswer, UseQuery


async def get_operator_use(call: Call[None, UseQuery]) -> UseAnswer:
    """Day by day, from today on backwards."""
    today = call.node.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=call.query.days - 1)

    def look_up(reader: Reader) -> UseAnswer:
        found = reader.operators.get(OperatorId(call.path["operator_id"]))
        if found is None:
            raise NotFound
        days = days_of_use(
            reader.grants.granted_by_day(found.actor_ref, since),
            reader.entries.refused_by_day(found.actor_ref, since),
        )
        return UseAnswer(
            operator=operator_answer(found),
            users=reader.grants.subjects_of_actor(found.actor_ref, since),
            days=[_answer(day) for day in days],
        )

    return await call.read_long(look_up)


def _answer(day: DayOfUse) -> DayOfUseAnswer:
    return DayOfUseAnswer(
        day=day.day,
        grants=day.grants,
        unapproved=day.unapproved,
        users=day.subjects,
        off_hours=day.off_hours,
        ticketless=day.ticketless,
        refused=day.refused,
        alarms=day.alarms,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/operators/{{operator_id}}/use",
        operation="get_operator_use",
        summary="What an operator was granted and refused, day by day",
        tag="operators",
        access=operator(Permission.OPERATORS_READ),
        handler=get_operator_use,
        query=UseQuery,
        answers=answers(UseAnswer),
        problems=(NotFound,),
    ),
)
