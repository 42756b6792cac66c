"""Signing session JWTs for a node: keys made when first needed, work done in threads."""

from __future__ import annotations

import asyncio
from datetime import datetime

from understudy.flows.open_session import OpenSession
from understudy.service.node import Node
from understudy.service.nonces import new_jwt_id
from understudy.wire.oauth import jwt, keys


async def ensure_key(node: Node, application_id: str) -> None:
    """Make the application's first key, unless it has one."""
    now = node.clock()
    if await node.read(lambda reader: keys.has_key(reader, application_id, now)):
        return
    pair = await asyncio.to_thread(keys.generate)
    await node.run(lambda unit: keys.add_first(unit, application_id, pair))


async def session_jwt(node: Node, opened: OpenSession, now: datetime) -> str:
    """The JWT of a live session, signed with its application's own key."""
    application_id = opened.application.id
    await ensure_key(node, application_id)
    signer = await node.read(
        lambda reader: node.session_keys.signer(reader, application_id, node.clock())
    )
    contents = jwt.claims(opened, issuer=node.settings.public_url, now=now, jwt_id=new_jwt_id())
    # Most of a millisecond of arithmetic; OpenSSL lets other threads run meanwhile.
    return await asyncio.to_thread(jwt.sign, contents, signer)
