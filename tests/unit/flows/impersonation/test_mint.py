from __future__ import annotations

from datetime import timedelta
from functools import partial

from tests.contract.rules.world import World
from tests.unit.flows.at_browser import BINDING
from understudy.core.impersonation.grants import ImpersonationToken
from understudy.core.impersonation.token_kinds import TOKEN_LIFE
from understudy.flows.impersonation.mint import CodeBinding, Minted, mint
from understudy.service.table import WIRES


def _mint(world: World, binding: CodeBinding | None) -> tuple[Minted, ImpersonationToken]:
    grant = world.granted()
    minted = world.run(lambda unit: mint(unit, grant, binding=binding))
    with world.engine.reading() as reader:
        stored = reader.impersonation_tokens.by_token(minted.token)
    assert stored is not None
    assert stored.grant_id == grant.id
    assert stored.application_id == grant.application_id
    assert stored.expires_at == minted.expires_at == world.clock.now + TOKEN_LIFE
    assert minted.token not in repr(minted) + repr(stored)
    return minted, stored


def test_a_token_without_binding_is_for_the_backend(installation: World) -> None:
    _, stored = _mint(installation, None)
    assert stored.wire == "native"
    assert (stored.redirect_uri, stored.code_challenge) == (None, None)


def test_a_token_with_binding_is_a_code(installation: World) -> None:
    _, stored = _mint(installation, BINDING)
    assert stored.wire == "code"
    assert stored.redirect_uri == BINDING.redirect_uri
    assert stored.code_challenge == BINDING.code_challenge


def test_a_token_lives_as_long_as_its_wire_expects_or_its_caller_says(installation: World) -> None:
    grant = installation.granted()
    lives = [
        installation.run(
            partial(mint, grant=grant, kind=WIRES.token_kinds[wire], life=life)
        ).expires_at
        - installation.clock.now
        for wire, life in (
            ("native", None),
            ("stytch", None),
            ("clerk", timedelta(minutes=7)),
        )
    ]
    assert lives == [timedelta(seconds=60), timedelta(seconds=300), timedelta(minutes=7)]


def test_nobody_gets_a_token_for_longer_than_its_kind_allows(installation: World) -> None:
    grant, day = installation.granted(), timedelta(days=1)
    lives = {
        name: installation.run(partial(mint, grant=grant, kind=kind, life=day)).expires_at
        - installation.clock.now
        for name, kind in WIRES.token_kinds.items()
    }
    minute = timedelta(minutes=1)
    assert lives == {
        "native": minute,
        "code": minute,
        "delegated": minute,
        "stytch": 5 * minute,
        "clerk": 60 * minute,
    }
