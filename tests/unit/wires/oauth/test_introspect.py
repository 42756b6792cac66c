from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import World
from tests.unit.wires.oauth.own_jwt import ISSUER, session_jwt
from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import EndCause
from understudy.flows.impersonation.open_session import Fallen, Over
from understudy.keys.session_keys import SessionKeys
from understudy.wires.oauth.introspect import Active, introspect

UNKNOWN = Over(cause=None)


def look(world: World, token: str, by: Application | None = None) -> Active | Over | Fallen:
    with world.engine.reading() as reader:
        return introspect(
            reader,
            token,
            application=by or world.application,
            issuer=ISSUER,
            keys=SessionKeys(world.engine.vault),
            vault=world.engine.vault,
            now=world.clock(),
        )


def test_only_the_jwt_is_for_resources(installation: World) -> None:
    opened = installation.session()
    access = look(installation, session_jwt(installation, opened))
    session = look(installation, opened.session_token)
    assert isinstance(access, Active)
    assert isinstance(session, Active)
    assert (access.bearer, session.bearer) == (True, False)
    assert access.claims["sid"] == session.claims["sid"] == opened.session.id
    assert access.claims["act"] == session.claims["act"]
    assert access.claims["exp"] < session.claims["exp"] == opened.session.ends_at.timestamp()


def test_a_jwt_is_over_before_its_session(installation: World) -> None:
    opened = installation.session()
    token = session_jwt(installation, opened)
    installation.clock.now += timedelta(minutes=5)
    assert look(installation, token) == UNKNOWN
    assert isinstance(look(installation, opened.session_token), Active)


@pytest.mark.parametrize("half", ["jwt", "session token"])
def test_either_half_tells_of_a_session_that_is_to_end(installation: World, half: str) -> None:
    opened = installation.session()
    token = session_jwt(installation, opened) if half == "jwt" else opened.session_token
    installation.clock.now = opened.session.ends_at - timedelta(seconds=1)
    idle = Fallen(session_id=opened.session.id, cause=EndCause.IDLE)
    assert look(installation, token) == (UNKNOWN if half == "jwt" else idle)
    installation.end(opened, EndCause.REVOKED)
    assert look(installation, token) == (UNKNOWN if half == "jwt" else Over(cause=EndCause.IDLE))


def test_a_fresh_jwt_of_a_session_that_is_over_says_why(installation: World) -> None:
    opened = installation.session()
    token = session_jwt(installation, opened)
    assert isinstance(look(installation, token), Active)
    installation.end(opened, EndCause.REVOKED)
    assert look(installation, token) == Over(cause=EndCause.REVOKED)


def test_another_application_sees_nothing(installation: World) -> None:
    opened = installation.session()
    for token in (session_jwt(installation, opened), opened.session_token):
        assert look(installation, token, by=installation.other_application) == UNKNOWN


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "uss_unknown", "x" * 20_000])
def test_what_is_no_token_is_unknown(installation: World, token: str) -> None:
    assert look(installation, token) == UNKNOWN
