"""Users for Clerk's SDKs: the application's own directory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from understudy.core.ids import SubjectId
from understudy.core.ports import Reader, Unit
from understudy.http.access import BEARER_APPLICATION
from understudy.http.app_users import require_kept_here
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import Body, RateClass
from understudy.http.query import NoQuery, parse
from understudy.wires.clerk import users
from understudy.wires.clerk.answers import API, answer, endpoint
from understudy.wires.clerk.user_changes import Directory

Json = dict[str, Any]


async def list_users(call: Call[None, NoQuery]) -> object:
    """A window of users."""
    query = users.read_query(parse(call.query_string), call.application.application)
    return await call.read_long(lambda reader: users.listed(reader, query))


async def count_users(call: Call[None, NoQuery]) -> object:
    """How many users match."""
    query = users.read_query(parse(call.query_string), call.application.application)
    return await call.read_long(lambda reader: users.count(reader, query))


async def get_user(call: Call[None, NoQuery]) -> object:
    """One user."""

    def look_up(reader: Reader) -> object:
        return users.get(
            reader, SubjectId(call.path["user_id"]), application=call.application.application
        )

    return answer(await call.read(look_up), call.incoming)


def changing(
    change: Callable[[Directory, Call[Json, NoQuery]], object],
) -> Callable[[Call[Json, NoQuery]], Awaitable[object]]:
    """A handler that changes the directory by ``change``, in one unit.

    It refuses where the users are those of an embedding app.
    """

    async def handler(call: Call[Json, NoQuery]) -> object:
        await require_kept_here(call, lambda _: call.application.application)

        def flow(unit: Unit) -> object:
            directory = Directory(
                unit=unit,
                application=as_of(unit, call.application.application),
                by=call.party,
                origin=call.origin,
            )
            return change(directory, call)

        return answer(await call.run_ending(flow), call.incoming)

    return handler


def _ban(directory: Directory, call: Call[Json, NoQuery]) -> object:
    return directory.ban(SubjectId(call.path["user_id"]), banned=True)


def _unban(directory: Directory, call: Call[Json, NoQuery]) -> object:
    return directory.ban(SubjectId(call.path["user_id"]), banned=False)


_JSON = Body(type=dict[str, Any])
_NOTHING = Body(type=dict[str, Any], required=False)
_ONE = f"{API}/users/{{user_id}}"

ENDPOINTS = (
    endpoint(
        method="GET",
        path=f"{API}/users",
        operation="clerk_list_users",
        summary="List users",
        access=BEARER_APPLICATION,
        handler=list_users,
        raw_query=True,
    ),
    endpoint(
        method="GET",
        path=f"{API}/users/count",
        operation="clerk_count_users",
        summary="Count users",
        access=BEARER_APPLICATION,
        handler=count_users,
        raw_query=True,
    ),
    endpoint(
        method="GET",
        path=_ONE,
        operation="clerk_get_user",
        summary="Get a user",
        access=BEARER_APPLICATION,
        handler=get_user,
        raw_query=True,
    ),
    endpoint(
        method="POST",
        path=f"{API}/users",
        operation="clerk_create_user",
        summary="Create a user",
        access=BEARER_APPLICATION,
        handler=changing(lambda directory, call: directory.create(call.body)),
        body=_JSON,
        rate=RateClass.WRITE,
    ),
    endpoint(
        method="PATCH",
        path=_ONE,
        operation="clerk_update_user",
        ends=True,
        summary="Change a user",
        access=BEARER_APPLICATION,
        handler=changing(
            lambda directory, call: directory.update(SubjectId(call.path["user_id"]), call.body)
        ),
        body=_JSON,
        rate=RateClass.WRITE,
    ),
    endpoint(
        method="PATCH",
        path=f"{_ONE}/metadata",
        operation="clerk_merge_user_metadata",
        ends=True,
        summary="Merge a user's metadata",
        access=BEARER_APPLICATION,
        handler=changing(
            lambda directory, call: directory.merge_metadata(
                SubjectId(call.path["user_id"]), call.body
            )
        ),
        body=_JSON,
        rate=RateClass.WRITE,
    ),
    endpoint(
        method="DELETE",
        path=_ONE,
        operation="clerk_delete_user",
        ends=True,
        summary="Delete a user",
        access=BEARER_APPLICATION,
        handler=changing(lambda directory, call: directory.delete(SubjectId(call.path["user_id"]))),
        body=_NOTHING,
        rate=RateClass.NONE,
    ),
    *(
        endpoint(
            method="POST",
            path=f"{_ONE}/{verb}",
            operation=f"clerk_{verb}_user",
            ends=True,
            summary=f"{verb.capitalize()} a user",
            access=BEARER_APPLICATION,
            handler=handler,
            body=_NOTHING,
            rate=rate,
        )
        for verb, handler, rate in (
            ("ban", changing(_ban), RateClass.NONE),
            ("unban", changing(_unban), RateClass.WRITE),
        )
    ),
)
