"""Honey users: admins set them, and nobody else is shown who they are."""

from __future__ import annotations

from typing import Any

from understudy.core.ids import SubjectId
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Subject
from understudy.core.ports import Reader, Unit
from understudy.errors import NotFound
from understudy.flows.directory.honey import set_honey
from understudy.http.access import operator
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.insiders import HoneyUserAnswer, SetHoney
from understudy.wires.native.schemas.queries import InApplication

_TAG = "directory"
_WRITE = operator(Permission.HONEY_WRITE)
_ONE = f"{API}/honey-users/{{subject_id}}"


async def list_honey_users(call: Call[None, InApplication]) -> Listed[HoneyUserAnswer]:
    """The honey users of an application, who are few."""

    def look_up(reader: Reader) -> Listed[HoneyUserAnswer]:
        found = reader.subjects.honey(_application_id(call, reader))
        return Listed(items=[_answer(subject) for subject in found], next_cursor=None)

    return await call.read(look_up)


async def get_honey_user(call: Call[None, InApplication]) -> HoneyUserAnswer:
    """Whether a user is one."""

    def look_up(reader: Reader) -> HoneyUserAnswer:
        subject_id = SubjectId(call.path["subject_id"])
        subject = reader.subjects.get(_application_id(call, reader), subject_id)
        if subject is None:
            raise NotFound
        return _answer(subject)

    return await call.read(look_up)


async def set_honey_user(call: Call[SetHoney, InApplication]) -> HoneyUserAnswer:
    """Make a user one, or no longer one."""

    def flow(unit: Unit) -> HoneyUserAnswer:
        changed = set_honey(
            unit,
            _application_id(call, unit),
            SubjectId(call.path["subject_id"]),
            honey=call.body.honey,
            by=call.party,
            origin=call.origin,
        )
        return _answer(changed)

    return await call.run_ending(flow)


def _application_id(call: Call[Any, InApplication], reader: Reader) -> str:
    return required_application(call.principal, call.query.application_id, reader).id


def _answer(subject: Subject) -> HoneyUserAnswer:
    return HoneyUserAnswer(
        application_id=subject.application_id,
        id=subject.id,
        email=subject.email,
        name=subject.name,
        honey=subject.honey_since is not None,
        since=subject.honey_since,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/honey-users",
        operation="list_honey_users",
        summary="Users whom nobody has a reason to become",
        tag=_TAG,
        access=_WRITE,
        handler=list_honey_users,
        query=InApplication,
        answers=answers(Listed[HoneyUserAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_honey_user",
        summary="Whether a user is a honey user",
        tag=_TAG,
        access=_WRITE,
        handler=get_honey_user,
        query=InApplication,
        answers=answers(HoneyUserAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        operation="set_honey_user",
        ends=True,
        summary="Make a user a honey user, or no longer one",
        description=(
            "Whoever asks to work as a honey user is told that there is no such user, and that is "
            "an alarm. What was granted about them before is cancelled."
        ),
        tag=_TAG,
        access=_WRITE,
        handler=set_honey_user,
        query=InApplication,
        body=Body(type=SetHoney),
        answers=answers(HoneyUserAnswer),
        problems=(NotFound,),
        rate=RateClass.NONE,
    ),
)
