from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from tests.fixtures.engine import TestClock, installation
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import EntryFilter, KeyUse, SigningKey
from understudy.errors import KeyMismatch, Unavailable
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.keys import session_keys
from understudy.keys.session_keys import (
    BITS,
    PUBLISHED_FIRST,
    VERIFIES_LONGER,
    KeyPair,
    SessionKeys,
)
from understudy.storage.engine.engine import StoreEngine

USES = ("session_jwt", "stytch_jwt", "clerk_jwt", "logout")
FIRST, SECOND = session_keys.generate(), session_keys.generate()


@dataclass(frozen=True, kw_only=True)
class World:
    """An installation with two applications."""

    engine: StoreEngine
    clock: TestClock
    mine: str
    other: str

    def add(self, pair: KeyPair, application_id: str = "") -> None:
        """Give an application, by default mine, its first key; a moment later than the last."""
        self.clock.forward(seconds=1)
        self.engine.run(
            lambda unit: session_keys.add_first(unit, application_id or self.mine, pair)
        )

    def rotate(self, pair: KeyPair, overlap: timedelta) -> str:
        """Announce a new key of mine, a moment later than the last."""
        self.clock.forward(seconds=1)
        return self.engine.run(
            lambda unit: session_keys.rotate(unit, self.mine, pair, overlap=overlap, by=SYSTEM)
        )

    def stored(self, application_id: str) -> SigningKey:
        """The only key of an application."""
        with self.engine.reading() as reader:
            (found,) = reader.signing_keys.of(KeyUse.SESSION_JWT, application_id)
        return found

    def kids(self) -> list[str]:
        """What is published for mine, oldest first."""
        with self.engine.reading() as reader:
            found = SessionKeys(self.engine.vault).published(reader, [self.mine], self.clock())
        return [key["kid"] for key in found]

    def signing(self) -> str:
        """The key that signs for mine now."""
        with self.engine.reading() as reader:
            return SessionKeys(self.engine.vault).signer(reader, self.mine, self.clock()).kid


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with installation(tmp_path) as found:
        mine, other = (_application(found.engine, name) for name in ("Mine", "Other"))
        yield World(engine=found.engine, clock=found.clock, mine=mine, other=other)


def _application(engine: StoreEngine, name: str) -> str:
    made = engine.run(
        lambda unit: administer.create(
            unit,
            name=name,
            vertical=Vertical.B2B,
            settings=ApplicationSettings(),
            by=SYSTEM,
            origin=Origin(),
        )
    )
    return made.application.id


def test_a_pair_is_rsa_2048_and_kept_under_the_installation_key(world: World) -> None:
    world.add(FIRST)
    stored = world.stored(world.mine)
    with world.engine.reading() as reader:
        (jwk,) = SessionKeys(world.engine.vault).published(reader, [world.mine], world.clock())
    assert FIRST.private not in stored.private_encrypted
    assert "private" not in repr(stored)
    public = RSAKey.import_key(dict(jwk))
    assert public.raw_value.key_size == BITS
    assert not public.is_private
    assert jwk["kid"] == public.thumbprint()


def test_a_first_key_is_made_once(world: World) -> None:
    world.add(FIRST)
    world.add(SECOND)
    assert len(world.kids()) == 1


def test_without_a_key_nothing_is_signed(world: World) -> None:
    with refusal_of(Unavailable, "unavailable"):
        world.signing()


def test_a_new_key_is_published_first_signs_later_and_the_old_one_stays_a_while(
    world: World,
) -> None:
    world.add(FIRST)
    (old,) = world.kids()
    new = world.rotate(SECOND, timedelta(hours=1))
    assert world.kids() == [old, new]
    world.clock.forward(minutes=59, seconds=59)
    assert world.signing() == old
    world.clock.forward(seconds=1)
    assert world.signing() == new
    assert world.kids() == [old, new]
    world.clock.forward(seconds=VERIFIES_LONGER.total_seconds() - 1)
    assert world.kids() == [old, new]
    world.clock.forward(seconds=1)
    assert world.kids() == [new]
    where = EntryFilter(types=frozenset({EventType.KEYS_ROTATED}))
    assert len(list(world.engine.stream_entries(where))) == 1


def test_an_overlap_is_never_shorter_than_caches_live(world: World) -> None:
    world.add(FIRST)
    (old,) = world.kids()
    world.rotate(SECOND, timedelta(0))
    world.clock.forward(seconds=PUBLISHED_FIRST.total_seconds() - 1)
    assert world.signing() == old


def test_two_rotations_in_a_row_leave_one_key_to_sign(world: World) -> None:
    world.add(FIRST)
    for pair in (SECOND, session_keys.generate()):
        world.rotate(pair, timedelta(minutes=10))
        world.clock.forward(minutes=5)
    world.clock.forward(minutes=60)
    assert world.kids() == [world.signing()]


def test_every_application_gets_a_new_key(world: World) -> None:
    rotated = session_keys.rotate_jwt_keys(
        world.engine, uses=USES, overlap=timedelta(hours=1), by=SYSTEM
    )
    assert rotated.pop(KeyUse.SESSION_JWT).keys() == {world.mine, world.other}
    assert not any(rotated.values())


def test_a_use_that_was_used_before_gets_a_new_key_of_its_own(world: World) -> None:
    world.engine.run(lambda unit: session_keys.add_first(unit, world.mine, FIRST, use="clerk_jwt"))
    assert world.kids() == []
    world.clock.forward(seconds=1)
    rotated = session_keys.rotate_jwt_keys(
        world.engine, uses=USES, overlap=timedelta(hours=1), by=SYSTEM
    )
    assert rotated["clerk_jwt"].keys() == {world.mine}
    with world.engine.reading() as reader:
        published = SessionKeys(world.engine.vault).published(
            reader, [world.mine], world.clock(), use="clerk_jwt"
        )
    assert [key["kid"] for key in published][1:] == [rotated["clerk_jwt"][world.mine]]


def test_a_key_that_somebody_moved_to_another_application_does_not_open(world: World) -> None:
    world.add(FIRST)
    world.add(SECOND, world.other)
    mine, other = world.stored(world.mine), world.stored(world.other)
    swapped = replace(mine, private_encrypted=other.private_encrypted)
    world.engine.run(lambda unit: unit.signing_keys.save(swapped))
    with refusal_of(KeyMismatch, "key_mismatch"):
        world.signing()


def test_what_a_kid_names_is_found_as_long_as_it_verifies(world: World) -> None:
    world.add(FIRST)
    world.add(SECOND, world.other)
    kid = world.signing()

    def found(application_id: str, kid: str, use: str = KeyUse.SESSION_JWT) -> RSAKey | None:
        keys_ = SessionKeys(world.engine.vault)
        with world.engine.reading() as reader:
            return keys_.verifying(reader, application_id, kid, world.clock(), use=use)

    key = found(world.mine, kid)
    assert key is not None
    assert key.thumbprint() == kid
    assert found(world.mine, kid + "x") is None
    assert found(world.other, kid) is None
    assert found(world.mine, kid, KeyUse.LOGOUT) is None
    world.rotate(SECOND, timedelta())
    world.clock.forward(seconds=(PUBLISHED_FIRST + VERIFIES_LONGER).total_seconds() - 1)
    assert found(world.mine, kid) is not None
    world.clock.forward(seconds=1)
    assert found(world.mine, kid) is None
