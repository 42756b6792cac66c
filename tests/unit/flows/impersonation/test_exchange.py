from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from tests.unit.flows.at_browser import CALLBACK, VERIFIER, code_for
from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import GRANT_LIFE, GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.notices.events import EventType
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.core.rules.subject import SUBJECT_OUTRANKS
from understudy.flows.impersonation.exchange import (
    Presented,
    Refusal,
    TokenRefused,
    code_challenge,
    exchange,
)
from understudy.flows.impersonation.mint import mint
from understudy.flows.impersonation.open_session import OpenSession
from understudy.service.table import WIRES


def _present(
    world: World,
    token: str,
    *,
    verifier: str | None = VERIFIER,
    redirect_uri: str | None = CALLBACK,
    by: Application | None = None,
) -> OpenSession | TokenRefused:
    presented = Presented(
        token=token,
        application=by or world.application,
        code_verifier=verifier,
        redirect_uri=redirect_uri,
    )
    return world.run(lambda unit: exchange(unit, presented, kinds=WIRES.token_kinds, origin=HERE))


def _rules(world: World) -> list[object]:
    entries = world.entries(EventType.TOKEN_REFUSED, EventType.TOKEN_REPLAYED)
    return [entry.core["rule"] for entry in reversed(entries) if entry.core is not None]


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    assert code_challenge(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_code_opens_a_session_for_who_holds_its_verifier(installation: World) -> None:
    opened = _present(installation, code_for(installation, installation.granted()))
    assert isinstance(opened, OpenSession)
    assert opened.grant.status is GrantStatus.ACTIVE
    assert opened.subject.id == "ada"
    assert opened.organization is not None
    assert opened.organization.id == "acme"
    for secret in (opened.session_token, VERIFIER):
        assert secret not in repr(opened)


@pytest.mark.parametrize(
    ("verifier", "redirect_uri"),
    [
        (VERIFIER[:-1] + "l", CALLBACK),
        ("", CALLBACK),
        (VERIFIER, CALLBACK + "/"),
        (VERIFIER, CALLBACK + ".evil"),
        (VERIFIER, CALLBACK + "/../x"),
        (VERIFIER, CALLBACK[:-1]),
        (VERIFIER, "https://evil.example/"),
        (VERIFIER, ""),
    ],
)
def test_a_wrong_binding_burns_the_code(
    installation: World, verifier: str, redirect_uri: str
) -> None:
    code = code_for(installation, installation.granted())
    wrong = _present(installation, code, verifier=verifier, redirect_uri=redirect_uri)
    assert wrong == TokenRefused(why=Refusal.NOT_BOUND)
    assert not wrong
    assert _present(installation, code) == TokenRefused(why=Refusal.REPLAYED)
    assert _rules(installation) == ["token_binding_mismatch", "token_replayed"]
    assert not installation.entries(EventType.SESSION_STARTED)


@pytest.mark.parametrize(
    ("verifier", "redirect_uri"), [(None, CALLBACK), (VERIFIER, None), (None, None)]
)
def test_a_code_without_its_binding_is_refused_and_stays_for_its_owner(
    installation: World, verifier: str | None, redirect_uri: str | None
) -> None:
    code = code_for(installation, installation.granted())
    bare = _present(installation, code, verifier=verifier, redirect_uri=redirect_uri)
    assert bare == TokenRefused(why=Refusal.WRONG_WIRE)
    assert isinstance(_present(installation, code), OpenSession)


@pytest.mark.parametrize(
    ("verifier", "redirect_uri"), [(VERIFIER, CALLBACK), (VERIFIER, None), (None, CALLBACK)]
)
def test_a_verifier_for_a_token_without_challenge_is_a_downgrade(
    installation: World, verifier: str | None, redirect_uri: str | None
) -> None:
    """RFC 9700, section 4.8.2."""
    token = installation.token(installation.granted())
    downgraded = _present(installation, token, verifier=verifier, redirect_uri=redirect_uri)
    assert downgraded == TokenRefused(why=Refusal.WRONG_WIRE)
    assert isinstance(installation.exchange(token), OpenSession)


def test_a_second_use_of_a_code_revokes_what_the_first_made(installation: World) -> None:
    code = code_for(installation, installation.granted())
    opened = _present(installation, code)
    assert isinstance(opened, OpenSession)
    assert _present(installation, code, verifier="wrong") == TokenRefused(why=Refusal.REPLAYED)
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED


def test_a_replay_after_the_end_changes_nothing_but_is_an_entry(installation: World) -> None:
    token = installation.token(installation.granted())
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    over = installation.end(opened)
    assert installation.exchange(token) == TokenRefused(why=Refusal.REPLAYED)
    assert installation.stored(opened) == over
    assert len(installation.entries(EventType.TOKEN_REPLAYED)) == 1


def test_a_replay_of_a_session_that_ran_out_is_told_as_its_expiry(installation: World) -> None:
    token = installation.token(installation.granted())
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    installation.clock.forward(minutes=10)
    installation.exchange(token)
    assert installation.stored(opened).end_cause is EndCause.IDLE


def test_a_stranger_learns_and_the_log_tells_nothing_of_whose_token_it_was(
    installation: World,
) -> None:
    token = installation.token(installation.granted())
    foreign = installation.exchange(token, by=installation.other_application)
    unknown = installation.exchange("usi_unknown", by=installation.other_application)
    assert (foreign, unknown) == (
        TokenRefused(why=Refusal.FOREIGN),
        TokenRefused(why=Refusal.UNKNOWN),
    )
    for entry in installation.entries(EventType.TOKEN_REFUSED):
        assert entry.core is not None
        assert entry.core["application_id"] == installation.other_application.id
        assert "grant_id" not in entry.core
        assert "subject_ref" not in entry.core


def test_a_token_of_another_kind_is_unknown(installation: World) -> None:
    opened = installation.session()
    for token in (opened.session_token, opened.session.id, installation.secret, ""):
        assert installation.exchange(token) == TokenRefused(why=Refusal.UNKNOWN)
    assert installation.stored(opened).end_cause is None


def test_an_expired_token_is_refused_as_expired(installation: World) -> None:
    token = installation.token(installation.granted())
    installation.clock.forward(seconds=60)
    assert installation.exchange(token) == TokenRefused(why=Refusal.EXPIRED)
    assert _rules(installation) == ["token_expired"]


def test_a_grant_past_its_life_starts_nothing_with_a_token_that_is_still_good(
    installation: World,
) -> None:
    grant = installation.granted()
    installation.clock.forward(seconds=GRANT_LIFE.total_seconds(), milliseconds=-1)
    token = installation.token(grant)
    installation.clock.forward(milliseconds=1)
    assert installation.exchange(token) == TokenRefused(why=GRANT_CLOSED.code)


def test_a_relaunch_replaces_the_running_session_and_keeps_its_end(installation: World) -> None:
    grant = installation.granted()
    first = installation.exchange(installation.token(grant))
    assert isinstance(first, OpenSession)
    installation.clock.forward(minutes=9)
    second = _present(installation, code_for(installation, grant))
    assert isinstance(second, OpenSession)
    assert second.session.ends_at == first.session.ends_at
    assert installation.stored(first).end_cause is EndCause.RELAUNCHED
    ended = installation.entries(EventType.SESSION_ENDED)[0]
    assert ended.core is not None
    assert ended.core["session_id"] == first.session.id


@pytest.mark.parametrize(("minutes", "cause"), [(10, EndCause.IDLE), (30, EndCause.TIME_LIMIT)])
def test_a_relaunch_cannot_revive_a_session_that_ran_out_unnoticed(
    installation: World, minutes: int, cause: EndCause
) -> None:
    grant = installation.granted(minutes=30)
    opened = installation.exchange(installation.token(grant))
    assert isinstance(opened, OpenSession)
    installation.clock.forward(minutes=9)
    if cause is EndCause.TIME_LIMIT:
        installation.run(
            lambda unit: unit.sessions.touch(opened.session.id, opened.session.ends_at)
        )
    installation.clock.forward(minutes=minutes - 9)
    late = installation.exchange(installation.token(grant))
    assert late == TokenRefused(why=GRANT_CLOSED.code)
    assert not installation.entries(EventType.SESSION_ENDED)


def test_a_fallen_premise_is_named_in_the_log(installation: World) -> None:
    code = code_for(installation, installation.granted())
    installation.save_subject(id="ada", organization_id="acme", roles=("owner",))
    assert _present(installation, code) == TokenRefused(why=SUBJECT_OUTRANKS.code)
    assert _rules(installation) == ["subject_outranks"]


def test_what_a_session_starts_with_is_written_down(installation: World) -> None:
    opened = installation.session(minutes=5)
    entry = installation.entries(EventType.SESSION_STARTED)[0]
    assert entry.core is not None
    assert entry.core["session_id"] == opened.session.id
    assert entry.core["details"] == {"scope": "full", "minutes": 5, "idle_minutes": 10}
    assert opened.log_size <= entry.index  # so that nothing newer is taken for older


def test_tokens_do_not_repeat(installation: World) -> None:
    grant = installation.granted()
    tokens = {installation.run(lambda unit: mint(unit, grant)).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(token.startswith("usi_") for token in tokens)


def test_a_token_of_a_kind_that_nobody_here_knows_is_refused_and_stays(
    installation: World,
) -> None:
    fifth = TokenKind(name="fifth", replay_revokes=False)
    grant = installation.granted()
    token = installation.run(lambda unit: mint(unit, grant, kind=fifth)).token
    refused = installation.exchange(token, "fifth")
    assert refused == TokenRefused(why=Refusal.WRONG_WIRE)
    kinds = {**WIRES.token_kinds, "fifth": fifth}
    presented = Presented(token=token, application=installation.application, wire="fifth")
    opened = installation.run(lambda unit: exchange(unit, presented, kinds=kinds, origin=HERE))
    assert isinstance(opened, OpenSession)
    installation.run(lambda unit: exchange(unit, presented, kinds=kinds, origin=HERE))
    assert installation.stored(opened).end_cause is None
    # Whether its clients bear it is not known here: the stricter holds.
    installation.exchange(token, "fifth")
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED
