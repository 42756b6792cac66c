from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from understudy.flows.people import lock, sign_in
from understudy.flows.people.lock import FIRST_LOCK, FREE_FAILURES

SAM = "sam@support.example"


@pytest.fixture
def device(installation: World) -> str:
    return installation.run(lambda unit: lock.new_device(unit, SAM))


def _fail(world: World, device: str | None = None) -> None:
    for _ in range(FREE_FAILURES):
        world.run(lambda unit: sign_in.sign_in_failed(unit, SAM, origin=HERE, device=device))


def _locked_for(world: World, device: str | None = None) -> timedelta | None:
    with world.engine.reading() as reader:
        now = world.clock()
        attempt = sign_in.look_up(reader, world.engine.vault, SAM, now, device=device)
    return None if attempt.locked_until is None else attempt.locked_until - now


def test_strangers_lock_nobody_out_of_a_browser_that_is_known(
    installation: World, device: str
) -> None:
    _fail(installation)
    assert _locked_for(installation) == FIRST_LOCK
    assert _locked_for(installation, device) is None


def test_a_known_browser_has_a_lock_of_its_own(installation: World, device: str) -> None:
    _fail(installation, device)
    assert _locked_for(installation, device) == FIRST_LOCK
    assert _locked_for(installation) is None
    other = installation.run(lambda unit: lock.new_device(unit, SAM))
    assert _locked_for(installation, other) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda device: "",
        lambda device: ".",
        lambda device: device[:-1],
        lambda device: "A" + device[1:] if device[0] != "A" else "B" + device[1:],
        lambda device: device + "x",
    ],
)
def test_what_we_did_not_issue_is_no_known_browser(
    installation: World, device: str, change: object
) -> None:
    assert callable(change)
    forged = change(device)
    assert not lock.knows(installation.engine.vault, SAM, forged)
    _fail(installation)
    assert _locked_for(installation, forged) == FIRST_LOCK


def test_a_browser_is_known_for_one_address(installation: World, device: str) -> None:
    vault = installation.engine.vault
    assert lock.knows(vault, "SAM@support.example", device)
    assert not lock.knows(vault, "kim@support.example", device)


def test_a_lock_is_opened_by_hand(installation: World) -> None:
    _fail(installation)
    installation.run(lambda unit: lock.unlock(unit, SAM))
    assert _locked_for(installation) is None
