"""Signing session JWTs for a node: keys made when first needed, work done in threads."""

from __future__ import annotations

import asyncio
from datetime import datetime

from understudy.core.ports import KeyUse
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.node import Node
from understudy.http.nonces import new_jwt_id
from understudy.keys import jwt, session_keys


async def ensure_key(node: Node, application_id: str, *, use: str = KeyUse.SESSION_JWT) -> None:
    """Make the application's first key for ``use``, unless it has one."""
    now = node.clock()
    if await node.read(lambda reader: session_keys.has_key(reader, application_id, now, use=use)):
        return
    pair = await asyncio.to_thread(session_keys.generate)
    await node.run(lambda unit: session_keys.add_first(unit, application_id, pair, use=use))


async def signer(node: Node, application_id: str, *, use: str) -> session_keys.JwtSigner:
    """The key that signs for the application now; made, if it is the first time."""
    await ensure_key(node, application_id, use=use)
    return await node.read(
        lambda reader: node.session_keys.signer(reader, application_id, node.clock(), use=use)
    )


async def session_jwt(node: Node, opened: OpenSession, now: datetime) -> str:
    """The JWT of a live session, signed with its application's own key."""
    found = await signer(node, opened.application.id, use=KeyUse.SESSION_JWT)
    contents = jwt.claims(opened, issuer=node.settings.public_url, now=now, jwt_id=new_jwt_id())
    # Most of a millisecond of arithmetic; OpenSSL lets other threads run meanwhile.
    return await asyncio.to_thread(jwt.sign, contents, found)
