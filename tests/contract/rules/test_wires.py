"""Rules 3, 5, 6 and 8 for tokens of every wire, on both databases.

A wire is the protocol that a token was made for: our own, OAuth's two, Stytch's, Clerk's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.contract.rules.world import World
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType, Outcome
from understudy.core.rules.application import IMPERSONATION_OFF
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_INACTIVE, SUBJECT_PROTECTED
from understudy.flows.impersonation.exchange import Refusal, TokenRefused
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import OpenSession, Over
from understudy.service.table import WIRES

KINDS = WIRES.token_kinds
NAMES = tuple(KINDS)
LIVES = {
    "native": 60,
    "code": 60,
    "delegated": 60,
    "stytch": 300,
    "clerk": 60,
}
"""Seconds that a token lives of which nobody says how long it shall."""


def minted(made: World, grant: Grant, wire: str) -> str:
    return made.code(grant) if wire == "code" else made.token(grant, wire)


def presented(made: World, token: str, wire: str) -> OpenSession | TokenRefused:
    return made.redeem(token) if wire == "code" else made.exchange(token, wire)


def opened_by(made: World, wire: str) -> tuple[str, OpenSession]:
    token = minted(made, made.granted(), wire)
    opened = presented(made, token, wire)
    assert isinstance(opened, OpenSession), opened
    return token, opened


def fact(made: World, kind: EventType, name: str) -> object:
    """A fact of the newest entry of a kind."""
    core = made.entries(kind)[0].core
    assert core is not None
    return core[name]


def test_rule_06_the_wires_on_which_a_replay_revokes_are_ours_and_oauths() -> None:
    revokes = {name for name, kind in KINDS.items() if kind.replay_revokes}
    assert revokes == {"native", "code", "delegated"}


@pytest.mark.parametrize("wire", NAMES)
def test_rule_06_a_second_use_is_refused_and_raises_an_alert(
    installation: World, wire: str
) -> None:
    token, opened = opened_by(installation, wire)
    refused = presented(installation, token, wire)
    assert refused == TokenRefused(why=Refusal.REPLAYED)
    assert len(installation.entries(EventType.SESSION_STARTED)) == 1
    assert len(installation.entries(EventType.TOKEN_REPLAYED)) == 1
    assert fact(installation, EventType.TOKEN_REPLAYED, "session_id") == opened.session.id
    assert fact(installation, EventType.TOKEN_REPLAYED, "outcome") == Outcome.DENIED


@pytest.mark.parametrize("wire", ["native", "code", "delegated"])
def test_rule_06_natively_and_by_oauth_a_second_use_revokes(installation: World, wire: str) -> None:
    token, opened = opened_by(installation, wire)
    presented(installation, token, wire)
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED
    assert installation.refresh(opened) == Over(cause=EndCause.TOKEN_REPLAYED)


@pytest.mark.parametrize("wire", ["stytch", "clerk"])
def test_rule_06_on_the_other_wires_the_session_goes_on(installation: World, wire: str) -> None:
    token, opened = opened_by(installation, wire)
    for _ in range(3):
        presented(installation, token, wire)
    assert installation.stored(opened) == opened.session
    again = installation.refresh(opened)
    assert isinstance(again, OpenSession)
    assert again.session_token == opened.session_token
    assert len(installation.entries(EventType.TOKEN_REPLAYED)) == 3


@pytest.mark.parametrize("other", NAMES)
@pytest.mark.parametrize("wire", ["stytch", "clerk"])
def test_rule_06_a_used_token_on_another_wire_revokes_no_more_than_on_its_own(
    installation: World, wire: str, other: str
) -> None:
    token, opened = opened_by(installation, wire)
    assert presented(installation, token, other) == TokenRefused(why=Refusal.REPLAYED)
    assert installation.stored(opened).end_cause is None


@pytest.mark.parametrize("wire", NAMES)
def test_rule_06_each_wire_takes_only_its_own_and_uses_up_no_other(
    installation: World, wire: str
) -> None:
    token = minted(installation, installation.granted(), wire)
    for other in NAMES:
        if other is not wire:
            refused = presented(installation, token, other)
            assert refused == TokenRefused(why=Refusal.WRONG_WIRE)
            assert fact(installation, EventType.TOKEN_REFUSED, "rule") == Refusal.WRONG_WIRE
    assert not installation.entries(EventType.SESSION_STARTED)
    assert isinstance(presented(installation, token, wire), OpenSession)


@pytest.mark.parametrize("wire", NAMES)
def test_rule_06_another_application_uses_nothing_up_and_revokes_nothing(
    installation: World, wire: str
) -> None:
    token = minted(installation, installation.granted(), wire)
    foreign = installation.other_application
    assert installation.exchange(token, wire, by=foreign) == TokenRefused(why=Refusal.FOREIGN)
    opened = presented(installation, token, wire)
    assert isinstance(opened, OpenSession)
    assert installation.exchange(token, wire, by=foreign) == TokenRefused(why=Refusal.FOREIGN)
    assert installation.stored(opened).end_cause is None


@pytest.mark.parametrize("wire", NAMES)
def test_rule_06_a_token_is_dead_at_its_last_second(installation: World, wire: str) -> None:
    early, late = (minted(installation, installation.granted(), wire) for _ in range(2))
    installation.clock.forward(seconds=LIVES[wire], milliseconds=-1)
    assert isinstance(presented(installation, early, wire), OpenSession)
    installation.clock.forward(milliseconds=1)
    assert presented(installation, late, wire) == TokenRefused(why=Refusal.EXPIRED)


def test_rule_06_on_clerks_wire_the_caller_says_how_long_a_token_lives(
    installation: World,
) -> None:
    hour = timedelta(hours=1)
    grants = [installation.granted(wire="clerk", life=hour) for _ in range(2)]
    early, late = (installation.token(grant, "clerk", life=hour) for grant in grants)
    installation.clock.forward(hours=1, milliseconds=-1)
    assert isinstance(installation.exchange(early, "clerk"), OpenSession)
    installation.clock.forward(milliseconds=1)
    assert isinstance(installation.exchange(late, "clerk"), TokenRefused)


def test_rule_03_a_reason_that_a_wire_has_no_place_for_is_marked_as_not_given(
    installation: World,
) -> None:
    installation.granted(wire="clerk", reason="not given (Clerk API)", reason_given=False)
    entry = installation.entries(EventType.GRANT_CREATED)[0]
    assert entry.core is not None
    assert entry.personal is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details["reason_given"] is False
    assert entry.personal["reason"] == "not given (Clerk API)"


@pytest.mark.parametrize("wire", NAMES)
def test_rule_05_no_wire_prolongs(installation: World, wire: str) -> None:
    grant = installation.granted(minutes=20)
    first = presented(installation, minted(installation, grant, wire), wire)
    assert isinstance(first, OpenSession)
    installation.clock.forward(minutes=5)
    second = presented(installation, minted(installation, grant, wire), wire)
    assert isinstance(second, OpenSession)
    assert second.session.ends_at == first.session.ends_at
    assert installation.stored(first).end_cause is EndCause.RELAUNCHED
    installation.clock.forward(minutes=15)
    installation.run(expire)
    assert installation.stored(second).end_cause is EndCause.TIME_LIMIT


Change = Callable[[World], object]


@pytest.mark.parametrize("wire", NAMES)
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (
            lambda made: made.save_subject(id="ada", organization_id="acme", protected=True),
            SUBJECT_PROTECTED,
        ),
        (lambda made: made.save_subject(id="ada", disabled=True), SUBJECT_INACTIVE),
        (
            lambda made: made.set_up_application(impersonation_allowed=False),
            IMPERSONATION_OFF,
        ),
    ],
)
def test_rule_08_every_wire_looks_again_at_the_exchange(
    installation: World, wire: str, change: Change, rule: Rule
) -> None:
    token = minted(installation, installation.granted(), wire)
    change(installation)
    assert isinstance(presented(installation, token, wire), TokenRefused)
    assert not installation.entries(EventType.SESSION_STARTED)
    assert fact(installation, EventType.TOKEN_REFUSED, "rule") == rule.code
