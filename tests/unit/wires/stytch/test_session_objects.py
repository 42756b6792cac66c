from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import Vertical
from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import SessionFilter
from understudy.errors import InvalidInput, NotFound, PermissionMissing
from understudy.flows.impersonation.open_session import OpenSession
from understudy.service.table import WIRES
from understudy.wires.stytch import session_objects
from understudy.wires.stytch.requests import AuthorizationCheck
from understudy.wires.stytch.session_objects import Pointed


def _begin(world: World, token: str | None = None) -> OpenSession | None:
    text = token or world.token(world.granted(), "stytch")
    return world.run(
        lambda unit: session_objects.begin(
            unit, text, application=world.application, kinds=WIRES.token_kinds, origin=HERE
        )
    )


def _begun(world: World) -> OpenSession:
    opened = _begin(world)
    assert opened is not None
    return opened


def _carry_on(
    world: World, pointed: Pointed, check: AuthorizationCheck | None = None
) -> OpenSession | None:
    found = world.run(
        lambda unit: session_objects.carry_on(
            unit, pointed, application=world.application, check=check, origin=HERE
        )
    )
    return found[0] if found else None


def test_a_token_begins_one_session(installation: World) -> None:
    token = installation.token(installation.granted(), "stytch")
    opened = _begin(installation, token)
    assert opened is not None
    assert opened.subject.id == "ada"
    assert _begin(installation, token) is None
    assert installation.stored(opened).end_cause is None


@pytest.mark.parametrize("wire", sorted(WIRES.token_kinds.keys() - {"stytch"}))
def test_no_other_wires_token_begins_one(installation: World, wire: str) -> None:
    assert _begin(installation, installation.token(installation.granted(), wire)) is None


def test_carrying_on_is_activity_and_moves_no_end(installation: World) -> None:
    opened = _begun(installation)
    installation.clock.forward(minutes=9)
    for pointed in (
        Pointed(token=opened.session_token),
        Pointed(session_id=opened.session.id),
    ):
        again = _carry_on(installation, pointed)
        assert again is not None
        assert again.session_token == opened.session_token
        assert again.session.last_active_at == installation.clock.now
        assert again.session.ends_at == opened.session.ends_at
    stored = installation.stored(opened)
    assert stored.last_active_at == installation.clock.now
    assert stored.ends_at == opened.session.ends_at


def test_a_session_that_has_run_out_ends_on_the_way(installation: World) -> None:
    opened = _begun(installation)
    installation.clock.forward(minutes=10)
    assert _carry_on(installation, Pointed(token=opened.session_token)) is None
    assert installation.stored(opened).end_cause is EndCause.IDLE


def test_a_refused_check_is_no_activity(installation: World) -> None:
    opened = _begun(installation)
    installation.clock.forward(minutes=1)
    check = AuthorizationCheck(resource_id="x", action="y", organization_id="acme")
    with refusal_of(
        PermissionMissing, "permission_missing", error_type="session_authorization_error"
    ):
        _carry_on(installation, Pointed(token=opened.session_token), check)
    assert installation.stored(opened).last_active_at == opened.session.last_active_at


def test_nobody_carries_on_the_session_of_another_application(installation: World) -> None:
    opened = _begun(installation)
    theirs = replace(installation, application=installation.other_application)
    theirs.other_application = installation.application
    assert _carry_on(theirs, Pointed(token=opened.session_token)) is None
    assert _carry_on(theirs, Pointed(session_id=opened.session.id)) is None
    with refusal_of(NotFound, "not_found", error_type="session_not_found"):
        theirs.run(
            lambda unit: session_objects.revoke(
                unit,
                Pointed(session_id=opened.session.id),
                application=theirs.application,
                by=SYSTEM,
                origin=HERE,
            )
        )
    assert installation.stored(opened).end_cause is None


def test_nothing_stands_for_no_session(installation: World) -> None:
    for pointed in (Pointed(), Pointed(token=""), Pointed(session_id=SessionId("ses_unknown"))):
        assert _carry_on(installation, pointed) is None


def test_a_session_is_revoked_once(installation: World) -> None:
    opened = _begun(installation)

    def revoke() -> None:
        installation.run(
            lambda unit: session_objects.revoke(
                unit,
                Pointed(token=opened.session_token),
                application=installation.application,
                by=SYSTEM,
                origin=HERE,
            )
        )

    revoke()
    with refusal_of(NotFound, "not_found", error_type="session_not_found"):
        revoke()
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    assert len(installation.entries(EventType.SESSION_REVOKED)) == 1


def test_a_session_at_its_end_is_not_revoked_any_more(installation: World) -> None:
    opened = _begun(installation)
    installation.clock.forward(minutes=30)
    assert opened.session.ends_at == installation.clock.now
    with refusal_of(NotFound, "not_found", error_type="session_not_found"):
        installation.run(
            lambda unit: session_objects.revoke(
                unit,
                Pointed(token=opened.session_token),
                application=installation.application,
                by=SYSTEM,
                origin=HERE,
            )
        )


def test_a_user_without_an_organization_leaves_the_token_good(installation: World) -> None:
    installation.save_subject(id="solo", email="solo@x.example")
    token = installation.token(installation.granted("solo"), "stytch")
    with pytest.raises(NotFound) as refused:
        _begin(installation, token)
    assert refused.value.facts["error_type"] == "organization_not_found"
    with installation.engine.reading() as reader:
        assert not reader.sessions.live(SessionFilter())
    assert not installation.entries(EventType.SESSION_STARTED, EventType.TOKEN_REFUSED)


def test_every_endpoint_is_for_one_vertical(installation: World) -> None:
    session_objects.require_vertical(installation.application, Vertical.B2B)
    with pytest.raises(InvalidInput) as refused:
        session_objects.require_vertical(installation.application, Vertical.CONSUMER)
    assert refused.value.facts["error_type"] == "invalid_consumer_endpoint"


def test_only_that_impersonation_is_off_is_told(installation: World) -> None:
    assert session_objects.not_begun(installation.application).facts["error_type"] == (
        "unable_to_auth_impersonation_token"
    )
    off = installation.set_up_application(impersonation_allowed=False)
    assert session_objects.not_begun(off).facts["error_type"] == "member_impersonation_not_allowed"
