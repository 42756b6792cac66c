"""Which roles of an application's users have no rank."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import NotFound
from understudy.flows.directory.unranked import unranked_roles
from understudy.http.access import operator
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.endpoint import API, Endpoint, answers
from understudy.http.query import NoQuery
from understudy.wires.native.schemas.directory import RolesWithoutRank, RoleWithoutRank

_SHOWN_ROLES = 200


async def list_unranked_roles(call: Call[None, NoQuery]) -> RolesWithoutRank:
    """The roles without a rank."""
    application_id = call.path["application_id"]
    return await call.read_long(
        lambda reader: unranked_answer(
            reader, required_application(call.principal, application_id, reader)
        )
    )


def unranked_answer(reader: Reader, application: Application) -> RolesWithoutRank:
    """The roles without a rank, as they go out."""
    found = unranked_roles(reader, application)
    return RolesWithoutRank(
        users=found.users,
        roles=[
            RoleWithoutRank(role=one.role, users=one.users) for one in found.roles[:_SHOWN_ROLES]
        ],
        role_count=len(found.roles),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/applications/{{application_id}}/unranked-roles",
        operation="list_unranked_roles",
        summary="Roles that users hold and that have no rank",
        description=(
            "Those of the most users first, at most 200. Whether such users can be impersonated is "
            "the application's setting `unranked_roles`."
        ),
        tag="applications",
        access=operator(Permission.APPLICATIONS_READ),
        handler=list_unranked_roles,
        answers=answers(RolesWithoutRank),
        problems=(NotFound,),
    ),
)
