"""An application asks about itself, and ends one of its sessions, at a service over HTTP."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.contract.rules.world import REASON, World
from tests.fixtures.refusals import refusal_of
from tests.integration.sdk.remote_gateways import remote_gateway
from understudy import Understudy
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.errors import NotFound, NotSignedIn, OutcomeUnknown, Unavailable
from understudy.sdk.asks import Ask
from understudy.sdk.office import Office
from understudy.sdk.remote import RemoteGateway
from understudy.sdk.secret import Secret
from understudy.sdk.values import Actor, Presented


class LosesAnswers(httpx.HTTPTransport):
    """Carries every call, and no answer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        super().handle_request(request).read()
        raise httpx.ReadTimeout("the answer is gone")


def test_an_application_sees_its_sessions_and_revokes_one(
    installation: World, tmp_path: Path
) -> None:
    first, second = installation.session().session.id, installation.session("bob").session.id
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as link:
        office = Office(link)
        assert office.application().id == installation.application.id
        assert {found.id for found in office.sessions()} == {first, second}
        revoked = office.revoke(first)
        assert (revoked.id, revoked.cause, revoked.logged) == (first, "revoked", True)
        assert [found.id for found in office.sessions()] == [second]
        assert office.revoke(first) == revoked
        with refusal_of(NotFound, "not_found"):
            office.revoke("ses_unknown")


def test_all_sessions_of_one_actor_are_ended_and_nobody_elses(
    installation: World, tmp_path: Path
) -> None:
    sams = installation.session().session.id
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as link:
        kim = Actor(id="staff-7", email=None, name="Kim")
        asked = link.request(Ask(actor=kim, subject_id="bob", reason=REASON))
        kims = link.exchange(Presented(token=asked.token)).session.id
        office = Office(link)
        assert office.revoke_of("staff-8") == []
        assert [found.id for found in office.revoke_of("staff-7")] == [kims]
        assert [found.id for found in office.sessions()] == [sams]


def test_a_gateway_revokes_what_an_actor_has(installation: World, tmp_path: Path) -> None:
    opened = installation.session(actor=installation.vouched_for("staff-7"))
    kims = opened.session.id
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as link:
        assert link.sessions_of({"staff-7", "staff-8"}) == [kims]
        assert link.sessions_of({f"staff-{number}" for number in range(9)}) == [kims]
        assert link.end(kims, EndCause.REVOKED)
        assert link.end("ses_unknown", EndCause.REVOKED)
        assert link.sessions_of({"staff-7"}) == []
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    assert len(installation.entries(EventType.SESSION_REVOKED)) == 1


def test_a_process_that_ends_behind_its_one_line_has_told_the_service(
    installation: World, tmp_path: Path
) -> None:
    opened = installation.session(actor=installation.vouched_for("staff-7"))
    program = (
        "import sys; from understudy import Understudy;"
        "Understudy.remote(*sys.argv[1:]).revoke_sessions_of('staff-7')"
    )
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as link:
        given = (link._url, installation.application.id, installation.secret)
        subprocess.run([sys.executable, "-c", program, *given], check=True, timeout=60)
    assert installation.stored(opened).end_cause is EndCause.REVOKED


def test_a_wrong_secret_is_told_as_such(installation: World, tmp_path: Path) -> None:
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as link:
        stranger = RemoteGateway(link._url, installation.application.id, Secret("usk_wrong"))
        with refusal_of(NotSignedIn, "not_signed_in"):
            Office(stranger).application()
        stranger.close()


def test_a_revocation_whose_answer_is_lost_is_not_said_to_be_undone(
    installation: World, tmp_path: Path
) -> None:
    session = installation.session()
    with (
        remote_gateway(installation, tmp_path, LosesAnswers) as link,
        refusal_of(OutcomeUnknown, "outcome_unknown"),
    ):
        Office(link).revoke(session.session.id)
    assert installation.stored(session).ended_at is not None


def test_a_service_that_is_away_is_told_as_such() -> None:
    understudy = Understudy.remote("http://127.0.0.1:9", "app_1", "usk_1")
    with understudy.office() as office, pytest.raises(Unavailable) as refused:
        office.application()
    assert refused.value.code == "unavailable"
