"""The keys that verify session JWTs of this wire, one application's at a time."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from understudy.core.ports import Reader
from understudy.errors import NotFound
from understudy.http.access import BEARER_APPLICATION, PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import RateClass
from understudy.http.node import Node
from understudy.http.query import NoQuery
from understudy.http.session_jwts import ensure_key, signer
from understudy.wires.clerk.answers import API, endpoint
from understudy.wires.clerk.jwt import KEY_USE

_PUBLIC = "/clerk/apps/{application_id}"
_FIVE_MINUTES = {"cache-control": "public, max-age=300"}


async def get_keys(call: Call[None, NoQuery]) -> object:
    """The calling application's own keys."""
    return await _keys(call.node, call.application.id)


async def get_public_keys(call: Call[None, NoQuery]) -> object:
    """An application's keys, for whoever verifies its JWTs.

    :raises NotFound: no such application.
    """
    return await _keys(call.node, await _known(call))


async def get_pem(call: Call[None, NoQuery]) -> Response:
    """The key that signs at the moment, as the SDKs' ``jwt_key`` takes it.

    :raises NotFound: no such application.
    """
    found = await signer(call.node, await _known(call), use=KEY_USE)
    pem = found.key.as_pem(private=False)
    return Response(pem, media_type="application/x-pem-file", headers=_FIVE_MINUTES)


async def _known(call: Call[Any, NoQuery]) -> str:
    application = await call.node.application(call.path["application_id"])
    if application is None:
        raise NotFound
    return application.id


async def _keys(node: Node, application_id: str) -> dict[str, Any]:
    # Clients keep what they get for five minutes, nothing as well as something.
    await ensure_key(node, application_id, use=KEY_USE)

    def look_up(reader: Reader) -> dict[str, Any]:
        ids, now = [application_id], node.clock()
        return {"keys": node.session_keys.published(reader, ids, now, use=KEY_USE)}

    return await node.read(look_up)


ENDPOINTS = (
    endpoint(
        method="GET",
        path=f"{API}/jwks",
        operation="clerk_get_jwks",
        summary="The keys of the calling application",
        access=BEARER_APPLICATION,
        handler=get_keys,
        raw_query=True,
    ),
    endpoint(
        method="GET",
        path=f"{_PUBLIC}/.well-known/jwks.json",
        operation="clerk_get_public_jwks",
        summary="The keys of an application",
        access=PUBLIC,
        handler=get_public_keys,
        rate=RateClass.PUBLIC,
    ),
    endpoint(
        method="GET",
        path=f"{_PUBLIC}/jwt-key.pem",
        operation="clerk_get_pem",
        summary="The key that signs at the moment",
        access=PUBLIC,
        handler=get_pem,
        rate=RateClass.PUBLIC,
    ),
)
