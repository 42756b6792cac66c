from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import Application
from understudy.core.governance.policies import PolicySet
from understudy.core.governance.policy_terms import Confirmation, PolicyTerms
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Event, EventType, Party, PartyKind
from understudy.core.ports import NoJudge, Unit
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.governance import policies
from understudy.flows.governance.difference import MOST_LETTERS, difference

ALL = '@id("everybody") permit (principal, action, resource);\n'
NOT_ADA = ALL + '@id("not-ada") forbid (principal, action, resource == Subject::"ada");\n'
MIA = Party(kind=PartyKind.OPERATOR, ref="opr_mia", name="Mia")
NOOR = Party(kind=PartyKind.OPERATOR, ref="opr_noor", name="Noor")
TWO = PolicyTerms(confirmation=Confirmation.SECOND_ADMIN)
LATER = PolicyTerms(confirmation=Confirmation.DELAY, delay_hours=2)


def _change(world: World, text: str, *, by: Party = MIA) -> PolicySet:
    found = policies.require_sound(world.engine.judge, text)
    return world.run(
        lambda unit: policies.change(unit, world.application.id, found, by=by, origin=HERE)
    )


def _confirm(world: World, version: int, *, by: Party = NOOR) -> PolicySet:
    with world.engine.reading() as reader:
        waits = policies.proposed(reader, world.application.id, version)
    found = policies.require_sound(world.engine.judge, waits.text)
    app = world.application.id
    return world.run(lambda unit: policies.confirm(unit, app, version, found, by=by, origin=HERE))


def _withdraw(world: World, version: int) -> PolicySet:
    return world.run(
        lambda unit: policies.withdraw(unit, world.application.id, version, by=NOOR, origin=HERE)
    )


def _stored(world: World) -> Application:
    with world.engine.reading() as reader:
        found = reader.applications.get(world.application.id)
    assert found is not None
    return found


def _in_force(world: World) -> str | None:
    with world.engine.reading() as reader:
        found = policies.in_force(reader, _stored(world))
    return found.text if found else None


def _details(world: World, kind: EventType) -> object:
    entry = world.entries(kind)[0]
    assert entry.core is not None
    return entry.core["details"]


def test_a_change_holds_at_once_and_the_entry_has_its_difference(installation: World) -> None:
    _change(installation, ALL)
    made = _change(installation, NOT_ADA)
    assert (made.version, made.set_by, made.confirmed_by) == (2, "opr_mia", "opr_mia")
    assert _in_force(installation) == NOT_ADA
    assert _details(installation, EventType.POLICIES_CHANGED) == {
        "name": installation.application.name,
        "version": 2,
        "version_before": 1,
        "digest": sha256(NOT_ADA.encode()).hexdigest(),
        "difference": "@@ -1,0 +2 @@\n+" + NOT_ADA.splitlines()[1],
    }


def test_nobody_overwrites_what_they_have_not_seen(installation: World) -> None:
    def replace_(version: int | None, text: str) -> PolicySet:
        found = policies.require_sound(installation.engine.judge, text)
        return installation.run(
            lambda unit: policies.change(
                unit,
                installation.application.id,
                found,
                replacing=policies.Replacing(version=version),
                by=MIA,
                origin=HERE,
            )
        )

    assert replace_(None, NOT_ADA).version == 1
    for looked_at in (None, 2):
        with pytest.raises(Conflict, match="decide anew") as refused:
            replace_(looked_at, ALL)
        assert refused.value.facts == {"rule": "policies_replaced"}
    assert _in_force(installation) == NOT_ADA
    assert replace_(1, ALL).version == 2


def test_nothing_changes_when_the_entry_cannot_be_written(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = installation.session()

    def flow(unit: Unit) -> None:
        def record(event: Event) -> int:
            raise RuntimeError(event.type)

        monkeypatch.setattr(unit, "record", record)
        found = policies.require_sound(unit.judge, NOT_ADA)
        policies.change(unit, installation.application.id, found, by=MIA, origin=HERE)

    with pytest.raises(RuntimeError, match=EventType.POLICIES_CHANGED):
        installation.run(flow)
    assert _stored(installation).policy_version is None
    assert installation.stored(opened).end_cause is None


def test_a_text_with_a_fault_changes_nothing(installation: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        _change(installation, '@minutes("0") @scope("all") permit (principal, action, resource);')
    assert refused.value.detail == "policy0: @minutes is a number from 1 to 60. (and 1 more)"
    assert refused.value.facts == {"field": "text"}
    with pytest.raises(InvalidInput, match="unexpected end of input"):
        _change(installation, "permit (")
    assert _stored(installation).policy_version is None


def test_where_nobody_reads_policies_none_is_set(installation: World) -> None:
    with pytest.raises(InvalidInput, match="Nobody can read policies here"):
        policies.require_sound(NoJudge(), ALL)


def test_a_second_admin_confirms_what_another_proposed(installation: World) -> None:
    installation.set_up_application(policy_changes=TWO)
    opened = installation.session()
    proposed = _change(installation, NOT_ADA)
    assert proposed.is_open
    assert _in_force(installation) is None
    assert installation.stored(opened).end_cause is None
    with pytest.raises(Conflict) as refused:
        _confirm(installation, 1, by=MIA)
    assert refused.value.facts == {"rule": "policies_own_change"}
    confirmed = _confirm(installation, 1)
    assert (confirmed.set_by, confirmed.confirmed_by) == ("opr_mia", "opr_noor")
    assert _in_force(installation) == NOT_ADA
    assert installation.stored(opened).end_cause is EndCause.POLICY_FORBIDS
    assert installation.entries(EventType.POLICIES_PROPOSED, EventType.POLICIES_CHANGED)


def test_a_delay_has_to_pass_and_then_the_same_admin_may_confirm(installation: World) -> None:
    installation.set_up_application(policy_changes=LATER)
    _change(installation, NOT_ADA)
    installation.clock.forward(minutes=119)
    with pytest.raises(Conflict, match="It waits until 2026-01-05 11:00 UTC") as refused:
        _confirm(installation, 1, by=MIA)
    assert refused.value.facts == {"rule": "policies_too_early"}
    installation.clock.forward(minutes=1)
    _confirm(installation, 1, by=MIA)
    assert _in_force(installation) == NOT_ADA


def test_one_proposal_waits_at_a_time_and_can_be_withdrawn(installation: World) -> None:
    installation.set_up_application(policy_changes=TWO)
    _change(installation, NOT_ADA)
    with refusal_of(Conflict, "conflict"):
        _change(installation, ALL)
    _withdraw(installation, 1)
    assert _details(installation, EventType.POLICIES_WITHDRAWN) == {
        "name": installation.application.name,
        "version": 1,
    }
    for again in (_withdraw, _confirm):
        with refusal_of(Conflict, "conflict"):
            again(installation, 1)
    assert _change(installation, ALL).version == 2
    assert _in_force(installation) is None


def test_what_is_not_there_cannot_be_changed(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        _confirm(installation, 9)
    installation.application = replace(installation.application, id="app_nobody")
    with refusal_of(NotFound, "not_found"):
        _change(installation, ALL, by=SYSTEM)


def test_a_difference_is_short_enough_for_an_entry() -> None:
    assert difference("a\nb", "a\nc") == "@@ -2 +2 @@\n-b\n+c"
    assert difference("a", "a") == ""
    long = difference("", "x" * 2 * MOST_LETTERS)
    assert len(long) < MOST_LETTERS + 100
    assert long.endswith("the digest is of the whole text.")
    lines = [f"// {number}" for number in range(9_000)]
    turned = difference("a\n" + "\n".join(lines), "a\n" + "\n".join(reversed(lines)))
    assert turned.startswith("-// 0\n-// 1\n")


def test_lines_that_only_look_like_two_are_a_difference() -> None:
    before, after = "// all\nforbid", "// all\u2028forbid"
    assert difference(before, after) == "@@ -1,2 +1 @@\n-// all\n-forbid\n+// all\u2028forbid"


def test_only_what_was_looked_at_is_confirmed(installation: World) -> None:
    installation.set_up_application(policy_changes=TWO)
    _change(installation, NOT_ADA)
    other = policies.Sound(text=ALL)
    with refusal_of(Conflict, "conflict"):
        installation.run(
            lambda unit: policies.confirm(
                unit, installation.application.id, 1, other, by=NOOR, origin=HERE
            )
        )
