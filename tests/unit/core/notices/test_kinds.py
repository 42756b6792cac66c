from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scripts import reference, wording
from understudy.audit.exports.cef import cef_line
from understudy.audit.exports.ecs import ecs_event
from understudy.audit.exports.facts import Facts, Source
from understudy.audit.exports.ocsf import BASE_EVENT, ENTITY_MANAGEMENT, ocsf_event
from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.events import EventType
from understudy.core.notices.kinds import Deed, EventKind, Kinds, Tone, Topic
from understudy.core.ports import Entry

POLICY_CHANGED = EventKind(
    type="policy.changed",
    when="A policy was saved.",
    topic=Topic.APPLICATIONS,
    deed=Deed.CHANGED,
    title="Policy changed",
    alert=True,
    usual=True,
)
MORE = Kinds((*KINDS.all, POLICY_CHANGED))
SOURCE = Source(origin="understudy.example/log", version="1.0")
ENTRY = Entry(
    index=7,
    time=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    type="policy.changed",
    leaf=b"",
    core={"outcome": "ok", "actor_kind": "operator", "actor_ref": "opr_1"},
    personal={},
)


def test_a_kind_that_is_added_is_exported_without_anything_else() -> None:
    facts = Facts.of(ENTRY, MORE)
    ocsf = ocsf_event(facts, SOURCE)
    assert (ocsf["class_uid"], ocsf["activity_id"]) == (ENTITY_MANAGEMENT, 3)
    assert (ocsf["message"], ocsf["severity_id"]) == ("Policy changed", 4)
    event = ecs_event(facts, SOURCE)["event"]
    assert (event["kind"], event["category"], event["type"]) == (
        "alert",
        ["configuration"],
        ["change"],
    )
    assert b"|policy.changed|Policy changed|9|" in cef_line(facts, SOURCE)


def test_a_type_that_nobody_knows_claims_nothing_in_exports() -> None:
    facts = Facts.of(ENTRY)
    ocsf = ocsf_event(facts, SOURCE)
    assert (ocsf["class_uid"], ocsf["type_uid"], ocsf["message"]) == (
        BASE_EVENT,
        99,
        "Policy changed",
    )
    event = ecs_event(facts, SOURCE)["event"]
    assert (event["kind"], event["type"], event["action"]) == ("event", ["info"], "policy-changed")
    assert "category" not in event
    assert b"|policy.changed|Policy changed|3|" in cef_line(facts, SOURCE)


def test_a_kind_that_is_added_is_worded_without_anything_else() -> None:
    row = "| `policy.changed` ⚠ | Policy changed | A policy was saved. | usual |"
    assert row in reference.event_kinds(MORE)
    line = next(line for line in wording.events(MORE).splitlines() if "policy.changed" in line)
    assert json.loads(line.strip().removeprefix('"policy.changed": ').removesuffix(",")) == {
        "group": "Applications",
        "label": "Policy changed",
        "tone": "quiet",
        "hook": "usual",
    }


def test_a_kind_that_a_newer_version_wrote_says_what_it_is_called() -> None:
    unknown = KINDS.of("policy.changed_back")
    assert (unknown.title, unknown.label) == ("Policy changed back", "Policy changed back")
    assert (unknown.topic, unknown.deed, unknown.tone) == (Topic.UNKNOWN, Deed.OTHER, Tone.QUIET)
    flags = (unknown.alert, unknown.ends_session, unknown.subscribable, unknown.usual)
    assert flags == (False, False, False, False)


def test_two_kinds_never_share_a_type() -> None:
    with pytest.raises(ValueError, match="one type"):
        Kinds((*MORE.all, POLICY_CHANGED))


def test_a_member_is_its_type_and_knows_its_kind() -> None:
    started = EventType.SESSION_STARTED
    assert (started, started.value) == ("session.started", "session.started")
    assert started.kind is KINDS.of("session.started")
    assert "session.started" in frozenset({started})


@pytest.mark.parametrize(
    ("event_type", "title"),
    [
        (EventType.SESSION_STARTED, "Impersonation started"),
        (EventType.OPERATOR_SIGNED_IN, "Operator signed in"),
        (EventType.KEYS_ROTATED, "Keys rotated"),
    ],
)
def test_the_title_is_what_people_call_it(event_type: EventType, title: str) -> None:
    assert event_type.kind.title == title


def test_every_kind_is_called_something_of_its_own_in_one_plain_line() -> None:
    for names in ([kind.title for kind in KINDS.all], [kind.label for kind in KINDS.all]):
        assert len(set(names)) == len(KINDS.all)
        for name in names:
            assert name[0].isupper()
            assert name.replace(" ", "").replace("-", "").isalpha()


def test_every_kind_says_when_and_is_known_by_topic() -> None:
    for kind in KINDS.all:
        assert kind.when.endswith(".")
        assert kind.topic is not Topic.UNKNOWN


def test_types_are_frozen() -> None:
    assert sorted(EventType) == sorted(FROZEN.split())


FROZEN = """
action.blocked action.completed action.intended
approval.given approval.refused approval.withdrawn
application.created application.disabled application.secret_rotated application.updated
audit.erased audit.exported
case.closed case.opened
clock.adopted clock.confirmed clock.leapt clock.returned
consent.asked consent.code_made consent.declined consent.given consent.refused consent.withdrawn
credential.minted credential.revoked
effect.handled
ending.late ending.orphaned
glass.broken
grant.cancelled grant.created grant.denied grant.expired grant.launched grant.requested
hold.placed hold.released
honey.lifted honey.set honey.touched
installation.created keys.rotated
mail_server.removed mail_server.set
operator.confirmed operator.disabled operator.disowned operator.enabled operator.invited
operator.joined operator.owner_confirmed operator.password_changed
operator.sign_in_failed operator.signed_in operator.signed_out operator.taken_over operator.updated
policies.changed policies.proposed policies.withdrawn
organization.deleted organization.saved
redaction.revealed
review.closed
row.forged
safeguard.changed safeguard.proposed safeguard.withdrawn
session.ended session.expired session.narrowed session.revoked session.started
subject.deleted subject.saved subject.told subject.unprotected subjects.imported subjects.opened
subjects.read
ticket.closed ticket_hook.removed ticket_hook.set
token.refused token.replayed
webhook.created webhook.deleted webhook.disabled webhook.replayed webhook.secret_rotated
webhook.updated
unlock.allowed unlock.asked unlock.refused unlock.spent
"""
