"""Session JWTs of a small installation, signed with its application's own key."""

from __future__ import annotations

from tests.contract.rules.world import World
from understudy.flows.impersonation.open_session import OpenSession
from understudy.keys import jwt, session_keys
from understudy.keys.session_keys import SessionKeys

ISSUER = "https://understudy.example"


def session_jwt(world: World, opened: OpenSession) -> str:
    """What the token endpoint would answer now."""
    id_, pair = world.application.id, session_keys.generate()
    world.run(lambda unit: session_keys.add_first(unit, id_, pair))
    with world.engine.reading() as reader:
        signer = SessionKeys(world.engine.vault).signer(reader, id_, world.clock())
    said = jwt.claims(opened, issuer=ISSUER, now=world.clock(), jwt_id="jti-1")
    return jwt.sign(said, signer)
