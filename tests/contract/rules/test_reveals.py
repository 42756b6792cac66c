"""What a rule hides, shown for a while to an actor who says why; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from tests.integration.proof.place import connect
from understudy.core.notices.events import EventType
from understudy.core.redaction.lifted import MOST_REVEALS, Lifted, Reveal, Shown
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.core.rules.reveal import REVEAL_NOT_ALLOWED, TOO_MANY_REVEALS
from understudy.core.rules.rule import Rule
from understudy.errors import InvalidInput, NotFound, SessionOver
from understudy.flows.governance.reveal import reveal
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession, refresh

IBAN = RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True)
PHONE = RedactionRule(kind=RuleKind.DETECTOR, match="phone")
RULES = Redaction(rules=(IBAN, PHONE))
WANTED = Lifted(kind="field", match="iban", path="/customers/7")
REASON = "The customer reads the account out and wants it checked"


class Desk:
    """A session of an app that hides something, part of which may be shown."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.set_up_application(idle_minutes=60)
        self.session = world.session(minutes=30)
        self.set(RULES)

    def set(self, redaction: Redaction) -> None:
        self.world.set_up_application(redaction=redaction, idle_minutes=60)

    def ask(
        self,
        lifted: Lifted = WANTED,
        *,
        reason: str = REASON,
        session: OpenSession | None = None,
    ) -> Reveal | Denied:
        of = (session or self.session).session.id
        return self.world.run(
            lambda unit: reveal(
                unit, self.world.application, of, lifted, reason=reason, origin=HERE
            )
        )

    def shown(self, session: OpenSession | None = None) -> Sequence[Shown]:
        """What a guard is told that it may show."""
        with self.world.engine.reading() as reader:
            opened = refresh(
                reader,
                self.world.engine.vault,
                (session or self.session).session_token,
                application=self.world.application,
                now=self.world.engine.clock.latest(),
                hides=True,
            )
        assert isinstance(opened, OpenSession), opened
        return opened.restrictions.reveals


@pytest.fixture
def desk(installation: World) -> Desk:
    return Desk(installation)


def refused_by(answer: object) -> Rule:
    assert isinstance(answer, Denied), answer
    return answer.rule


def test_it_is_shown_for_ten_minutes_and_told_first(desk: Desk) -> None:
    found = desk.ask()
    assert isinstance(found, Reveal)
    until = desk.world.clock() + timedelta(minutes=10)
    assert desk.shown() == (Shown(lifted=WANTED, until=until),)
    (entry,) = desk.world.entries(EventType.REDACTION_REVEALED)
    core, personal = entry.core or {}, entry.personal or {}
    assert core["session_id"] == desk.session.session.id
    assert core["details"] == {"reveals": "field iban", "minutes": 10}
    assert personal["reason"] == REASON
    assert personal["path"] == "/customers/7"


def test_no_longer_than_the_session_lasts(desk: Desk) -> None:
    desk.world.clock.forward(minutes=25)
    found = desk.ask()
    assert isinstance(found, Reveal)
    assert found.expires_at == desk.session.session.ends_at
    (entry,) = desk.world.entries(EventType.REDACTION_REVEALED)
    assert (entry.core or {})["details"] == {"reveals": "field iban", "minutes": 5}


def test_the_entry_and_the_sight_are_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr("understudy.flows.governance.reveal._entry", failing)
    with pytest.raises(RuntimeError):
        desk.ask()
    assert desk.shown() == ()


@pytest.mark.parametrize(
    "wanted",
    [
        Lifted(kind="detector", match="phone", path="/customers/7"),
        Lifted(kind="field", match="salary", path="/customers/7"),
        Lifted(kind="path", match="iban", path="/customers/7"),
    ],
)
def test_only_by_a_rule_that_may_be_revealed(desk: Desk, wanted: Lifted) -> None:
    assert refused_by(desk.ask(wanted)) is REVEAL_NOT_ALLOWED
    assert desk.shown() == ()
    assert not desk.world.entries(EventType.REDACTION_REVEALED)


def test_by_default_nothing_is(desk: Desk) -> None:
    desk.set(Redaction(secrets=True, rules=(replace(IBAN, revealable=False),)))
    assert refused_by(desk.ask()) is REVEAL_NOT_ALLOWED


@pytest.mark.parametrize(
    "rule",
    [
        RedactionRule(kind=RuleKind.DETECTOR, match="token", revealable=True),
        RedactionRule(kind=RuleKind.FIELD, match="API-Key", revealable=True),
        RedactionRule(kind=RuleKind.PATH, match="user.password", revealable=True),
    ],
)
def test_secrets_never_are(desk: Desk, rule: RedactionRule) -> None:
    with pytest.raises(InvalidInput, match="never revealed"):
        desk.set(Redaction(rules=(rule,)))


def test_so_many_in_one_session_and_no_more(desk: Desk) -> None:
    for number in range(MOST_REVEALS):
        assert desk.ask(replace(WANTED, path=f"/customers/{number}"))
    desk.world.clock.forward(minutes=15)
    assert refused_by(desk.ask()) is TOO_MANY_REVEALS
    assert len(desk.world.entries(EventType.REDACTION_REVEALED)) == MOST_REVEALS


def test_another_session_is_shown_nothing(desk: Desk) -> None:
    assert desk.ask()
    desk.set(Redaction())
    other = desk.world.session("bob")
    desk.set(RULES)
    assert desk.shown(other) == ()
    assert len(desk.shown()) == 1


def test_settings_that_were_tightened_take_it_back(desk: Desk) -> None:
    assert desk.ask()
    desk.set(Redaction(rules=(replace(IBAN, revealable=False), PHONE)))
    assert desk.shown() == ()
    desk.set(RULES)
    assert len(desk.shown()) == 1
    desk.set(Redaction(rules=(IBAN, replace(IBAN, match="I_Ban", revealable=False))))
    assert desk.shown() == ()


def test_a_session_that_is_over_is_shown_nothing_more(desk: Desk) -> None:
    assert desk.ask()
    desk.world.end(desk.session)
    with pytest.raises(SessionOver):
        desk.ask()


def test_another_application_asks_for_nothing(desk: Desk) -> None:
    desk.world.application = desk.world.other_application
    with pytest.raises(NotFound):
        desk.ask()


@pytest.mark.parametrize("reason", ["", " too short ", "x" * 1_001, "a reason\x1b[31m in red"])
def test_a_reason_is_a_reason(desk: Desk, reason: str) -> None:
    with pytest.raises(InvalidInput):
        desk.ask(reason=reason)
    assert desk.shown() == ()


@pytest.mark.parametrize("path", ["customers/7", "", "/" + "x" * 2_000, "/a\x1b[31m"])
def test_an_address_is_an_address(desk: Desk, path: str) -> None:
    with pytest.raises(InvalidInput):
        desk.ask(replace(WANTED, path=path))


def test_it_counts_until_its_session_is_over_in_any_case(desk: Desk) -> None:
    assert desk.ask()
    world = desk.world
    before = timedelta(milliseconds=1)
    assert world.run(lambda unit: unit.reveals.forget(unit.now - before)) == 0
    assert world.run(lambda unit: unit.reveals.forget(unit.now)) == 1
    assert desk.shown() == ()


@pytest.mark.usefixtures("forging")
def test_whoever_writes_the_database_shows_nothing(desk: Desk, database_url: str) -> None:
    assert desk.ask()
    with closing(connect(database_url)) as sql:
        assert sql.change("UPDATE reveals SET path = '/customers/8'")
    assert desk.shown() == ()
