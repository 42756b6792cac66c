"""Whoever guesses at passwords locks nobody else out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fixtures import service
from tests.fixtures.service import OWN_SITE, World, client
from understudy.core.people.permissions import Role
from understudy.flows.people.lock import FREE_FAILURES
from understudy.http.cookies import DEVICE_COOKIE
from understudy.http.rate_limits import PER_MINUTE, RateClass
from understudy.wires.native.passwords import hash_password

PASSWORD = "correct horse battery staple"
WRONG = "incorrect horse battery staple"
EMAIL = "kim@support.example"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with service.world(tmp_path, rate_multiplier=1.0) as world:
        yield world


async def sign_in(browser: httpx.AsyncClient, password: str, email: str = EMAIL) -> httpx.Response:
    body = {"email": email, "password": password}
    return await browser.post("/api/v1/sign-in", json=body, headers=OWN_SITE)


@pytest.fixture
async def known(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the only admin has signed in."""
    monkeypatch.setattr(service, "_NO_PASSWORD", hash_password(PASSWORD))
    await world.operator(Role.ADMIN, email=EMAIL)
    async with client(world.app) as browser:
        answer = await sign_in(browser, PASSWORD)
        assert answer.status_code == 200
        device = next(
            cookie.partition(";")[0]
            for cookie in answer.headers.get_list("set-cookie")
            if cookie.startswith(DEVICE_COOKIE)
        )
        browser.cookies.clear()
        browser.headers["cookie"] = device
        yield browser


async def test_strangers_lock_nobody_out_of_the_browser_they_work_in(
    world: World, known: httpx.AsyncClient
) -> None:
    async with client(world.app) as stranger:
        # Beyond the lock of the account, and beyond what an address may try.
        for _ in range(PER_MINUTE[RateClass.SIGN_IN]):
            await sign_in(stranger, WRONG)
        assert (await sign_in(stranger, PASSWORD)).status_code == 429
    assert (await sign_in(known, PASSWORD)).status_code == 200


async def test_a_known_browser_may_guess_no_more_than_others(known: httpx.AsyncClient) -> None:
    for _ in range(FREE_FAILURES):
        assert (await sign_in(known, WRONG)).status_code == 401
    assert (await sign_in(known, PASSWORD)).status_code == 429


async def test_a_known_browser_is_known_for_its_own_account(known: httpx.AsyncClient) -> None:
    for _ in range(FREE_FAILURES):
        await sign_in(known, WRONG, "nobody@support.example")
    assert (await sign_in(known, PASSWORD, "nobody@support.example")).status_code == 429
    assert (await sign_in(known, PASSWORD)).status_code == 200


async def test_guessing_at_the_present_password_stops_and_locks_nobody_out(
    world: World, known: httpx.AsyncClient
) -> None:
    signed_in = await sign_in(known, PASSWORD)
    cookie = signed_in.headers.get_list("set-cookie")[0].partition(";")[0]
    async with client(world.app, headers={"cookie": cookie, **OWN_SITE}) as browser:
        for status in [422] * FREE_FAILURES + [429]:
            body = {"current_password": WRONG, "new_password": "another horse battery staple"}
            answer = await browser.post("/api/v1/me/password", json=body)
            assert answer.status_code == status, answer.text
    async with client(world.app) as elsewhere:
        assert (await sign_in(elsewhere, PASSWORD)).status_code == 200
