from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from tests.unit.wires.oauth.own_jwt import ISSUER, session_jwt
from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.keys.session_keys import SessionKeys
from understudy.wires.oauth.revoke import revoke


def end(world: World, token: str, by: Application | None = None) -> None:
    keys = SessionKeys(world.engine.vault)
    application = by or world.application
    world.run(
        lambda unit: revoke(
            unit, token, application=application, issuer=ISSUER, keys=keys, origin=HERE
        )
    )


@pytest.mark.parametrize("half", ["jwt", "session token"])
def test_either_half_ends_the_session_once(installation: World, half: str) -> None:
    opened = installation.session()
    token = session_jwt(installation, opened) if half == "jwt" else opened.session_token
    for _ in range(2):
        end(installation, token)
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    (entry,) = installation.entries(EventType.SESSION_REVOKED)
    assert entry.core is not None
    assert entry.core["details"] == {
        "cause": "revoked",
        "by_kind": "application",
        "by_ref": installation.application.id,
    }


def test_a_jwt_that_has_expired_still_names_its_session(installation: World) -> None:
    opened = installation.session()
    token = session_jwt(installation, opened)
    installation.clock.now += timedelta(minutes=6)
    end(installation, token)
    assert installation.stored(opened).end_cause is EndCause.REVOKED


def test_another_application_ends_nothing(installation: World) -> None:
    opened = installation.session()
    for token in (session_jwt(installation, opened), opened.session_token):
        end(installation, token, by=installation.other_application)
    assert installation.stored(opened).end_cause is None


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "uss_unknown", "usi_unknown"])
def test_what_is_no_token_ends_nothing(installation: World, token: str) -> None:
    opened = installation.session()
    end(installation, token)
    assert installation.stored(opened).end_cause is None
