from __future__ import annotations

from tests.fixtures.engine import START
from understudy.core.ids import SessionId
from understudy.core.notices.events import Action, Event, EventType, Outcome, Party, PartyKind
from understudy.core.ports import Entry
from understudy.wires.native.entries import entry_answer
from understudy.wires.native.schemas.audit import ActionAnswer, PartyAnswer

EVENT = Event(
    type=EventType.ACTION_COMPLETED,
    application_id="app_1",
    actor=Party(kind=PartyKind.OPERATOR, ref="opr_1", id="opr_1", email="s@x.example", name="Sam"),
    subject=Party(kind=PartyKind.SUBJECT, ref="sub_1", id="ada", name="Ada"),
    session_id=SessionId("ses_1"),
    outcome=Outcome.FAILED,
    ticket="T-1",
    address="192.0.2.1",
    action=Action(id="a-1", method="GET", route="/x/{id}", path="/x/7", status=500, duration_ms=3),
    details={"late": True},
)


def stored(event: Event, *, core: bool = True, personal: bool = True) -> Entry:
    return Entry(
        index=7,
        time=START,
        type=event.type,
        leaf=b"",
        core=event.core_payload() if core else None,
        personal=event.personal_payload() if personal else None,  # type: ignore[arg-type]
    )


def test_an_entry_says_what_the_event_said() -> None:
    answer = entry_answer(stored(EVENT))
    assert answer.actor == PartyAnswer(
        kind="operator",
        ref="opr_1",
        id="opr_1",
        email="s@x.example",
        name="Sam",
        taken_over=False,
    )
    assert answer.subject == PartyAnswer(
        kind="subject",
        ref="sub_1",
        id="ada",
        email=None,
        name="Ada",
        taken_over=False,
    )
    assert answer.organization is None
    assert answer.action == ActionAnswer(
        id="a-1", method="GET", route="/x/{id}", path="/x/7", status=500, duration_ms=3
    )
    assert (answer.outcome, answer.ticket, answer.details) == (
        Outcome.FAILED,
        "T-1",
        {"late": True},
    )


def test_what_was_erased_is_named_and_missing() -> None:
    nameless = entry_answer(stored(EVENT, personal=False))
    assert nameless.erased == ["personal"]
    assert nameless.subject == PartyAnswer(
        kind="subject",
        ref="sub_1",
        id=None,
        email=None,
        name=None,
        taken_over=False,
    )
    assert nameless.action is not None
    assert nameless.action.path is None
    bare = entry_answer(stored(EVENT, core=False, personal=False))
    assert bare.erased == ["core", "personal"]
    assert (bare.actor, bare.subject, bare.action, bare.outcome) == (None, None, None, None)


def test_the_service_itself_is_an_actor_without_a_name() -> None:
    event = Event(type=EventType.GRANT_EXPIRED, actor=Party(kind=PartyKind.SYSTEM))
    actor = entry_answer(stored(event)).actor
    assert actor == PartyAnswer(
        kind="system", ref=None, id=None, email=None, name=None, taken_over=False
    )


def test_an_entry_about_the_team_is_about_an_operator() -> None:
    about = Party(kind=PartyKind.OPERATOR, ref="opr_2", id="opr_2")
    answer = entry_answer(stored(Event(type=EventType.OPERATOR_UPDATED, subject=about)))
    assert answer.subject is not None
    assert answer.subject.kind == "operator"


def test_an_unknown_subject_keeps_the_id_that_was_asked_for() -> None:
    about = Party(kind=PartyKind.SUBJECT, id="nobody")
    answer = entry_answer(stored(Event(type=EventType.GRANT_DENIED, subject=about)))
    assert answer.subject == PartyAnswer(
        kind="subject",
        ref=None,
        id="nobody",
        email=None,
        name=None,
        taken_over=False,
    )
