from __future__ import annotations

from datetime import timedelta

from tests.fixtures.event_stream import listening
from tests.fixtures.service import World
from understudy.core.events import EventType
from understudy.core.ports import Unit
from understudy.core.tokens import token_hash
from understudy.service.background import TOKENS_KEPT, purge


async def test_what_runs_out_of_time_ends_by_itself(world: World) -> None:
    opened = await world.open_session()
    unused = await world.start()
    auth, last = (world.application.id, world.secret), len(world.logged()) - 1
    async with listening(world.app, auth=auth, last_event_id=last) as stream:
        world.installation.clock.forward(minutes=10)
        idle = await stream.next("session")
        assert idle.data == {
            "session_id": opened["session"]["id"],
            "type": "session.expired",
            "cause": "idle",
        }
        world.installation.clock.forward(minutes=5)
        grant = f"/api/v1/grants/{unused['grant']['id']}"
        while (await world.backend.get(grant)).json()["status"] != "expired":
            await stream.next("heartbeat")
    assert world.logged()[-1] is EventType.GRANT_EXPIRED


async def test_tidying_up_leaves_what_is_still_of_use(world: World) -> None:
    engine, clock = world.installation.engine, world.installation.clock
    token = (await world.start())["impersonation_token"]

    def known(unit: Unit) -> bool:
        return unit.impersonation_tokens.by_hash(token_hash(token)) is not None

    clock.forward(seconds=60)
    clock.now += TOKENS_KEPT - timedelta(seconds=1)
    engine.run(purge)
    assert engine.run(known)
    clock.forward(seconds=2)
    engine.run(purge)
    assert not engine.run(known)
