"""Whatever ends a session, or may begin none any more, in one app and in two over one file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.fixtures.embedded import MOUNT, ORIGIN, Shop, Visitor, open_shop
from tests.integration.embedded.clock import Clock, given
from understudy import Understudy
from understudy.core.applications.application import ApplicationSettings
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import SessionFilter, Unit
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.errors import SessionOver
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.epoch import SHOWN
from understudy.sdk.secret import Secret
from understudy.service.table import WIRES

BOUND_SECONDS = 1.0
"""How late a page may still come of what somebody knows to be over; what it takes is printed."""
SWEPT_SECONDS = 2.0
"""Nobody knows of a time that is over before the sweep comes, which it does each second."""
PATIENCE_SECONDS = 10.0
AS_ADA = b'{"as":"ada"}'


@dataclass(kw_only=True)
class World:
    """A session in the browser of ``sam``, and all processes that serve it."""

    shop: Shop
    clock: Clock
    processes: Sequence[tuple[FastAPI, Understudy]]
    sam: Visitor
    """In the first process, with the session."""
    others: Sequence[Visitor]
    """The same browser in each of the others."""
    desk: Visitor
    """The same sign-in at the dashboard of the last process, without the session."""
    ann: Visitor
    """An admin at the dashboard of the last process."""

    @property
    def last(self) -> Understudy:
        """The handle of the last process."""
        return self.processes[-1][1]

    @property
    def everywhere(self) -> Sequence[Visitor]:
        """The browser with the session, at each process."""
        return [self.sam, *self.others]

    async def learnt(self) -> None:
        """The last process asks again, as each does at least every five minutes."""
        token = Secret(self.sam.cookies[OVERLAY])
        with pytest.raises(SessionOver):
            await asyncio.to_thread(installation_of(self.last).gateway().refresh, token)

    def set(self, change: Callable[[ApplicationSettings], ApplicationSettings]) -> None:
        """An admin decides otherwise about the application."""

        def flow(unit: Unit) -> None:
            known = unit.applications.get(APPLICATION_ID)
            assert known is not None
            changed = replace(known, settings=change(known.settings))
            administer.update(unit, changed, wires=WIRES.settings, by=SYSTEM, origin=Origin())

        installation_of(self.last).engine().run(flow)


@pytest.fixture(params=[1, 2], ids=["one", "two of one file"])
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """Each app has opened what a process of its own would; that real processes hear of each other
    is tested with the mounts.
    """
    clock, shop = given(monkeypatch), Shop()
    shop.staff["ann"] = replace(
        shop.staff["sam"], id="ann", email="ann@shop.example", name="Ann", roles=["admin"]
    )
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(open_shop(tmp_path / "data", shop))
            for _ in range(request.param)
        ]
        sam, *others = [await stack.enter_async_context(Visitor(app)) for app, _ in processes]
        desk = await stack.enter_async_context(Visitor(processes[-1][0]))
        ann = await stack.enter_async_context(Visitor(processes[-1][0], staff="ann"))
        for visitor in (sam, ann):
            await visitor.get(f"{MOUNT}/")
        desk.cookies.update(sam.cookies)
        await sam.become("ada")
        for other in others:
            other.cookies.update(sam.cookies)
        made = World(
            shop=shop,
            clock=clock,
            processes=processes,
            sam=sam,
            others=others,
            desk=desk,
            ann=ann,
        )
        for visitor in made.everywhere:
            assert (await visitor.get("/")).content == AS_ADA
        yield made


async def left(world: World) -> None:
    """A staff member has left, and the app says so."""
    del world.shop.staff["sam"]
    world.last.revoke_sessions_of("sam")


async def demoted(world: World) -> None:
    """The app knows of fewer roles, as the dashboard hears with the next call."""
    world.shop.staff["sam"] = replace(world.shop.staff["sam"], roles=["auditor"])
    assert (await world.desk.call("GET", "/me")).status_code == 401


async def disabled(world: World) -> None:
    """The app's own table says so."""
    world.shop.change("ada", disabled=True)
    await world.learnt()


async def protected(world: World) -> None:
    """The app's own table says so."""
    world.shop.change("ada", protected=True)
    await world.learnt()


async def removed(world: World) -> None:
    """The app's own table has her no more."""
    del world.shop.users["ada"]
    await world.learnt()


async def looked_up(world: World) -> None:
    """It is enough that anybody of the staff looks at her in the dashboard."""
    world.shop.change("ada", protected=True)
    await world.ann.call("GET", f"/subjects/ada?application_id={APPLICATION_ID}")


async def switched_off(world: World) -> None:
    """There is no impersonation in the application any more."""
    world.set(lambda settings: replace(settings, impersonation_allowed=False))


async def revoked(world: World) -> None:
    """An admin ends it from the dashboard."""
    live = (await world.ann.call("GET", "/sessions")).raise_for_status().json()["items"]
    (await world.ann.call("POST", f"/sessions/{live[0]['id']}/revoke", {})).raise_for_status()


async def ended(world: World) -> None:
    """Sam presses the button of the banner."""
    held = dict(world.sam.cookies)
    await world.sam.post("/_understudy/end", headers={"origin": ORIGIN})
    # A browser that gives back what it was told to forget.
    world.sam.cookies.update(held)


async def time_over(world: World) -> None:
    """Nobody does anything, and the hour has passed."""
    world.clock.ahead = timedelta(hours=2)


ENDINGS: Sequence[Callable[[World], Awaitable[None]]] = [
    left,
    demoted,
    disabled,
    protected,
    removed,
    looked_up,
    switched_off,
    revoked,
    ended,
    time_over,
]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
async def test_no_process_serves_a_session_that_is_over(
    world: World, ending: Callable[[World], Awaitable[None]], capsys: pytest.CaptureFixture[str]
) -> None:
    await ending(world)
    began = time.monotonic()
    late = max([await _last_page(visitor, began) for visitor in world.everywhere])
    with capsys.disabled():
        print(f"\n{ending.__name__}: last page {late * 1000:.0f} ms after it was known")
    assert late < (SWEPT_SECONDS if ending is time_over else BOUND_SECONDS)
    # The page may know of a time that is over before the sweep has written it.
    while _is_live(world):
        await world.everywhere[0].get("/")
        assert time.monotonic() - began < PATIENCE_SECONDS


def _is_live(world: World) -> bool:
    with installation_of(world.last).engine().reading() as reader:
        return bool(reader.sessions.live(SessionFilter()))


async def _last_page(visitor: Visitor, began: float) -> float:
    """When the last page came of the session, in seconds after ``began``."""
    last = began
    while (await visitor.get("/")).content == AS_ADA:
        last = time.monotonic()
        assert last - began < PATIENCE_SECONDS
    return last - began


async def test_whoever_has_left_the_apps_login_begins_nothing(world: World) -> None:
    del world.shop.staff["sam"]
    assert (await world.desk.start("bob")).status_code == 401
    world.shop.staff["sam"] = replace(world.shop.staff["ann"], id="sam", signed_in_at=_now())
    # The sign-in at the dashboard went with the app's; the next page makes a new one.
    assert (await world.desk.start("bob")).status_code == 401


async def test_settings_that_are_tightened_hold_for_the_sessions_that_run(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = world.sam.cookies[SHOWN]
    writes = {"origin": ORIGIN, SHOWN: shown}
    assert (await world.sam.post("/", headers=writes)).status_code == 405
    world.set(
        lambda settings: replace(
            settings, allowed_scopes=(Scope.READ_ONLY,), default_scope=Scope.READ_ONLY
        )
    )
    last = began = time.monotonic()
    for visitor in world.everywhere:
        while (await visitor.post("/", headers=writes)).status_code == 405:
            last = time.monotonic()
            assert last - began < PATIENCE_SECONDS
        assert (await visitor.get("/")).content == AS_ADA
    with capsys.disabled():
        print(f"\ntightened: last write {(last - began) * 1000:.0f} ms after it was known")
    assert last - began < BOUND_SECONDS


def _now() -> datetime:
    return datetime.now(UTC)
