"""Stytch's users, over the directory of an application that knows no organizations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.applications.application import Vertical
from understudy.core.people.principals import Subject
from understudy.core.ports import Reader
from understudy.http.call import Call
from understudy.http.endpoint import MAX_BATCH_BYTES, RateClass
from understudy.wires.stytch import objects, search, users
from understudy.wires.stytch.answers import AnyQuery, answered, caller, endpoint, kept_here, own
from understudy.wires.stytch.requests import Anything, ChangeUser, CreateUser, Search
from understudy.wires.stytch.search_pages import metadata, window

_USERS = "/v1/users"
_ONE = f"{_USERS}/{{user_id}}"

Answer = Mapping[str, Any]


@kept_here
async def create_user(call: Call[CreateUser, AnyQuery]) -> Answer:
    """A new user."""
    made = await call.run_ending(
        lambda unit: users.create(unit, call.body, caller(call, unit, Vertical.CONSUMER))
    )
    user = objects.user(made)
    return answered(
        call,
        {
            "user_id": made.id,
            "email_id": objects.email_id(made),
            "phone_id": objects.phone_id(made),
            "status": user["status"],
            "user": user,
        },
    )


async def get_user(call: Call[None, AnyQuery]) -> Answer:
    """One user; the fields stand at the top of the answer."""

    def look_up(reader: Reader) -> Subject:
        application = own(call, reader, Vertical.CONSUMER)
        return users.find(reader, application.id, call.path["user_id"])

    return answered(call, objects.user(await call.read(look_up)))


@kept_here
async def update_user(call: Call[ChangeUser, AnyQuery]) -> Answer:
    """Change a user."""
    name = call.path["user_id"]
    changed = await call.run_ending(
        lambda unit: users.update(unit, name, call.body, caller(call, unit, Vertical.CONSUMER))
    )
    user = objects.user(changed)
    parts = {name: user[name] for name in ("emails", "phone_numbers", "crypto_wallets")}
    return answered(call, {"user_id": changed.id, **parts, "user": user})


@kept_here
async def delete_user(call: Call[Anything, AnyQuery]) -> Answer:
    """Delete a user."""
    name = call.path["user_id"]
    deleted = await call.run_ending(
        lambda unit: users.delete(unit, name, caller(call, unit, Vertical.CONSUMER))
    )
    return answered(call, {"user_id": deleted})


@kept_here
async def delete_user_external_id(call: Call[Anything, AnyQuery]) -> Answer:
    """Take a user's external id away."""
    name = call.path["user_id"]
    changed = await call.run_ending(
        lambda unit: users.delete_external_id(unit, name, caller(call, unit, Vertical.CONSUMER))
    )
    return answered(call, {"user_id": changed.id, "user": objects.user(changed)})


async def search_users(call: Call[Search, AnyQuery]) -> Answer:
    """Users that fit."""

    def look_up(reader: Reader) -> search.Found[Subject]:
        application = own(call, reader, Vertical.CONSUMER)
        return search.users(reader, application.id, call.body.query, window(call.body))

    found = await call.read_long(look_up)
    shown = [objects.user(row) for row in found.rows]
    return answered(call, {"results": shown, "results_metadata": metadata(found)})


ENDPOINTS = (
    endpoint("POST", _USERS, create_user, body=CreateUser, rate=RateClass.WRITE),
    endpoint("GET", _ONE, get_user),
    endpoint("PUT", _ONE, update_user, body=ChangeUser, ends=True, rate=RateClass.WRITE),
    endpoint(
        "DELETE",
        _ONE,
        delete_user,
        body=Anything,
        body_required=False,
        ends=True,
        rate=RateClass.NONE,
    ),
    endpoint(
        "DELETE",
        f"{_ONE}/external_id",
        delete_user_external_id,
        body=Anything,
        body_required=False,
        rate=RateClass.WRITE,
    ),
    endpoint("POST", f"{_USERS}/search", search_users, body=Search, max_bytes=MAX_BATCH_BYTES),
)
