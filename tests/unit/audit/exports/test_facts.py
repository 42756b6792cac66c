from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.audit.example_entries import ADA, AT_MS, SAM, SOURCE, STARTED, action, facts
from understudy.audit.exports.cef import cef_line
from understudy.audit.exports.ecs import ecs_event
from understudy.audit.exports.facts import Person, present
from understudy.audit.exports.ocsf import ocsf_event
from understudy.core.notices.events import SYSTEM, Event, EventType, Party, PartyKind


def test_both_halves_are_put_together_again() -> None:
    found = facts(STARTED)
    assert found.actor == Person(
        kind="operator", ref="opr_1", id="opr_1", email=SAM.email, name=SAM.name
    )
    assert found.subject == Person(
        kind="subject", ref="sub_1", id=ADA.id, email=ADA.email, name=ADA.name
    )
    assert found.organization is not None
    assert found.organization.name == "Acme"
    assert (found.reason, found.ticket, found.ip) == (STARTED.reason, "HELP-9", "203.0.113.7")
    assert (found.time_ms, found.details, found.erased) == (AT_MS, {"minutes": 30}, ())


def test_without_the_personal_half_only_references_are_left() -> None:
    found = facts(STARTED, without=("personal",))
    assert found.subject == Person(kind="subject", ref="sub_1", id=None, email=None, name=None)
    assert (found.subject.known_as, found.subject.called) == ("sub_1", "sub_1")
    assert (found.reason, found.address, found.erased) == (None, None, ("personal",))


def test_without_both_nothing_is_left_but_type_and_time() -> None:
    found = facts(STARTED, without=("core", "personal"))
    assert (found.actor, found.subject, found.organization) == (None, None, None)
    assert (found.type, found.time_ms, found.outcome) == (EventType.SESSION_STARTED, AT_MS, None)
    assert found.erased == ("core", "personal")


def test_an_entry_about_the_team_is_about_an_operator() -> None:
    found = facts(Event(type=EventType.OPERATOR_UPDATED, actor=SAM, subject=SAM))
    assert found.subject is not None
    assert found.subject.kind is PartyKind.OPERATOR


def test_the_service_itself_acts_without_a_name() -> None:
    found = facts(Event(type=EventType.SESSION_EXPIRED, actor=SYSTEM))
    assert found.actor is not None
    assert (found.actor.kind, found.actor.known_as, found.actor.called) == (
        "system",
        "system",
        "system",
    )


def test_somebody_nameless_is_still_called_something() -> None:
    nobody = Person(kind=None, ref=None, id=None, email=None, name=None)
    assert (nobody.known_as, nobody.called) == ("unknown", "unknown")
    assert replace(nobody, email="a@b.example").called == "a@b.example"
    assert replace(nobody, name="Command line").known_as == "Command line"
    unnamed = facts(Event(type=EventType.SESSION_ENDED, subject=Party(kind=PartyKind.SUBJECT)))
    assert unnamed.subject is None


@pytest.mark.parametrize(
    ("address", "ip"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", None),
        ("proxy.internal", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_is_an_address_counts_as_one(address: str | None, ip: str | None) -> None:
    assert facts(replace(STARTED, address=address)).ip == ip


def test_the_cause_is_the_rule_or_what_ended_the_session() -> None:
    ended = replace(STARTED, type=EventType.SESSION_EXPIRED, details={"cause": "idle"})
    assert facts(ended).cause == "idle"
    assert facts(replace(ended, rule="subject_protected")).cause == "subject_protected"
    assert facts(STARTED).cause is None


def test_only_alerts_are_alarming() -> None:
    assert facts(Event(type=EventType.TOKEN_REPLAYED)).alarming
    assert not facts(STARTED).alarming


def test_what_was_done_comes_with_its_request() -> None:
    found = facts(replace(STARTED, type=EventType.ACTION_COMPLETED, action=action("PUT")))
    assert (found.action_id, found.method, found.route, found.path) == (
        "a1b2c3d4",
        "PUT",
        "/notes/{id}",
        "/notes/7",
    )
    assert (found.status, found.duration_ms) == (201, 38)


def test_what_is_unknown_is_left_out_and_zero_is_not_unknown() -> None:
    assert present({"a": None, "b": {}, "c": [], "d": 0, "e": "", "f": False}) == {
        "d": 0,
        "e": "",
        "f": False,
    }


def test_an_account_in_other_hands_is_told_in_words() -> None:
    assert facts(STARTED).warning is None
    taken = replace(STARTED, actor=replace(SAM, taken_over=True))
    found = facts(taken, without=("personal",))
    assert found.actor is not None
    assert found.actor.taken_over
    words = "Taken over by a fresh link, and not confirmed by its owner: "
    assert found.warning == words + "the actor's account."
    both = facts(replace(taken, doer=replace(SAM, taken_over=True)))
    assert both.warning == words + "the actor's and the doer's account."
    doer = facts(replace(STARTED, doer=replace(SAM, taken_over=True)))
    assert doer.warning == words + "the doer's account."


def test_every_format_tells_of_it() -> None:
    taken = facts(replace(STARTED, actor=replace(SAM, taken_over=True)))
    assert taken.warning is not None
    assert ecs_event(taken, SOURCE)["message"] == taken.warning
    assert ecs_event(taken, SOURCE)["understudy"]["actor"]["taken_over"] is True
    assert ocsf_event(taken, SOURCE)["unmapped"]["understudy"]["warning"] == taken.warning
    assert f" msg={taken.warning} " in cef_line(taken, SOURCE).decode()
