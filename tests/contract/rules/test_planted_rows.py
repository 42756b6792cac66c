"""DESIGN rule 16: who writes to the database without the installation's key plants nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.contract.rules.approving import Room
from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.integration.proof.place import Sql, connect
from understudy.core.impersonation.sessions import EndCause
from understudy.core.times import to_ms
from understudy.errors import NotSignedIn, TokenInvalid
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import Fallen, Over, refresh
from understudy.flows.people import set_up, team
from understudy.flows.people.sign_in import identify, signed_in
from understudy.http.authentication import ApplicationCredentials, authenticate_application

pytestmark = pytest.mark.usefixtures("forging")

CHOSEN = "of my own choice"
PLAIN = hashlib.sha256(CHOSEN.encode()).digest()
"""What a row held of its token before hashes were keyed, and what anybody can make."""


@pytest.fixture
def sql(installation: World, database_url: str) -> Iterator[Sql]:
    with closing(connect(database_url)) as raw:
        yield raw


def test_rule_16_a_planted_session_is_none(installation: World, sql: Sql) -> None:
    opened = installation.session()
    sql.change("UPDATE sessions SET token_mac = ?", PLAIN)
    with installation.engine.reading() as reader:
        for token in (CHOSEN, opened.session_token):
            found = refresh(
                reader,
                installation.engine.vault,
                token,
                application=installation.application,
                now=installation.clock(),
            )
            assert found == Over(cause=None)


def test_rule_16_a_planted_sign_in_is_none(installation: World, sql: Sql) -> None:
    begun = installation.run(lambda unit: signed_in(unit, installation.sam, origin=HERE))
    assert begun is not None
    sql.change("UPDATE operator_sessions SET token_mac = ?", PLAIN)
    with installation.engine.reading() as reader:
        assert identify(reader, CHOSEN, installation.clock()) is None
        assert identify(reader, begun.token, installation.clock()) is None


def test_rule_16_a_planted_invitation_is_none(installation: World, sql: Sql) -> None:
    now = to_ms(installation.clock())
    sql.change(
        "INSERT INTO invitations (token_mac, operator_id, created_at, expires_at)"
        " VALUES (?, ?, ?, ?)",
        PLAIN,
        installation.sam.id,
        now,
        now + 3_600_000,
    )
    with installation.engine.reading() as reader, refusal_of(TokenInvalid, "token_invalid"):
        team.invited(reader, CHOSEN, installation.clock())


def test_rule_16_a_planted_token_opens_nothing(installation: World, sql: Sql) -> None:
    installation.token(installation.granted())
    assert sql.change("UPDATE impersonation_tokens SET token_mac = ?", PLAIN) == 1
    assert isinstance(installation.exchange(CHOSEN), TokenRefused)


def test_rule_16_a_planted_secret_is_wrong(installation: World, sql: Sql) -> None:
    sql.change("UPDATE applications SET secret_mac = ?", PLAIN)
    given = ApplicationCredentials(application_id=installation.application.id, secret=CHOSEN)
    with installation.engine.reading() as reader:
        assert reader.applications.by_secret(CHOSEN) is None
        stored = reader.applications.get(installation.application.id)
    with refusal_of(NotSignedIn, "not_signed_in"):
        authenticate_application(installation.engine.vault, stored, given, installation.clock())


def test_rule_16_no_set_up_link_can_be_planted(installation: World, sql: Sql) -> None:
    until = (installation.clock() + timedelta(hours=1)).isoformat()
    invited = installation.run(
        lambda unit: team.invite(
            unit, email="x@support.example", name="X", roles=[], by=installation.sam.party,
            origin=HERE,
        )
    )  # fmt: skip
    ((held,),) = sql.rows("SELECT token_mac FROM invitations WHERE used_at IS NULL")
    for table in ("operator_sessions", "invitations", "operators"):
        sql.change(f"DELETE FROM {table}")
    sql.change("INSERT INTO meta VALUES ('set_up_token_expires_at', ?)", until)
    sql.change("INSERT INTO meta VALUES ('set_up_token_mac', '')")
    for mac, token in ((PLAIN, CHOSEN), (held, invited.token)):
        sql.change("UPDATE meta SET value = ? WHERE name = 'set_up_token_mac'", bytes(mac).hex())
        with installation.engine.reading() as reader, refusal_of(TokenInvalid, "token_invalid"):
            set_up.offered_until(reader, token, installation.clock())


def test_rule_16_a_planted_approval_counts_for_nobody(installation: World, sql: Sql) -> None:
    room = Room(installation)
    room.ask_for(quorum=2)
    ready = room.approved(installation.granted(), room.kit)
    now = to_ms(installation.clock())
    sql.change(
        "INSERT INTO approvals (id, application_id, grant_id, operator_id, agreed, decided_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        "apr_1",
        installation.application.id,
        ready.id,
        room.lou.id,
        1,
        now,
    )
    sql.change("UPDATE grants SET status = 'ready'")
    assert isinstance(installation.exchange(installation.token(ready)), TokenRefused)


def test_rule_16_an_approval_that_is_gone_carries_no_session(installation: World, sql: Sql) -> None:
    opened = Room(installation).session()
    sql.change("DELETE FROM approvals")
    assert installation.refresh(opened) == Fallen(
        session_id=opened.session.id, cause=EndCause.APPROVAL_WITHDRAWN
    )
