"""A session that has an origin of its own keeps it, whatever becomes of the setting."""

from __future__ import annotations

import pytest

from tests.contract.rules.world import World
from understudy.core.impersonation.grants import Grant
from understudy.flows.impersonation.open_session import OpenSession

PATTERN = "https://*.view.app.example"


def _of(installation: World, grant: Grant) -> str | None:
    with installation.engine.reading() as reader:
        found = reader.grants.get(grant.id)
    assert found is not None
    return found.origin


@pytest.mark.parametrize("later", [None, "https://*.elsewhere.example"])
def test_an_origin_stays_through_exchange_refresh_and_relaunch(
    installation: World, later: str | None
) -> None:
    installation.set_up_application(session_origins=PATTERN)
    grant = installation.granted()
    assert grant.origin is not None
    installation.set_up_application(session_origins=later)
    for _ in range(2):
        opened = installation.exchange(installation.token(grant))
        assert isinstance(opened, OpenSession)
        looked = installation.refresh(opened)
        assert isinstance(looked, OpenSession)
        assert {opened.grant.origin, looked.grant.origin, _of(installation, grant)} == {
            grant.origin
        }
    assert (installation.granted("bob").origin is None) == (later is None)


def test_a_grant_of_before_gets_none_by_a_setting(installation: World) -> None:
    grant = installation.granted()
    installation.set_up_application(session_origins=PATTERN)
    opened = installation.exchange(installation.token(grant))
    assert isinstance(opened, OpenSession)
    assert opened.grant.origin is None
    assert _of(installation, grant) is None


def test_as_many_grants_as_many_origins(installation: World) -> None:
    installation.set_up_application(session_origins=PATTERN)
    drawn = {installation.granted().origin for _ in range(20)}
    assert len(drawn) == 20
