"""The key sets of the Stytch wire, one for each application; anybody may read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.applications.application import Vertical
from understudy.core.people.principals import Status
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import RateClass
from understudy.http.session_jwts import ensure_key
from understudy.wires.stytch.answers import AnyQuery, answered, endpoint
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.jwt import KEY_USE
from understudy.wires.stytch.session_objects import require_vertical

Answer = Mapping[str, Any]


async def get_member_keys(call: Call[None, AnyQuery]) -> Answer:
    """The keys that verify the session JWTs of a project with organizations."""
    return await _keys(call, Vertical.B2B)


async def get_user_keys(call: Call[None, AnyQuery]) -> Answer:
    """The keys that verify the session JWTs of a project without organizations."""
    return await _keys(call, Vertical.CONSUMER)


async def _keys(call: Call[None, AnyQuery], vertical: Vertical) -> Answer:
    node = call.node
    application = await node.application(call.path["project_id"])
    if application is None or application.status is not Status.ACTIVE:
        raise refused(ErrorType.PROJECT_NOT_FOUND, "There is no such project.")
    require_vertical(application, vertical)
    # An SDK that found nothing would not look again for half a minute.
    await ensure_key(node, application.id, use=KEY_USE)
    published = await node.read(
        lambda reader: node.session_keys.published(
            reader, [application.id], node.clock(), use=KEY_USE
        )
    )
    return answered(
        call,
        {"keys": [{**key, "key_ops": ["verify"], "x5c": [], "x5tS256": ""} for key in published]},
    )


ENDPOINTS = (
    endpoint(
        "GET",
        "/v1/b2b/sessions/jwks/{project_id}",
        get_member_keys,
        access=PUBLIC,
        rate=RateClass.PUBLIC,
    ),
    endpoint(
        "GET",
        "/v1/sessions/jwks/{project_id}",
        get_user_keys,
        access=PUBLIC,
        rate=RateClass.PUBLIC,
    ),
)
