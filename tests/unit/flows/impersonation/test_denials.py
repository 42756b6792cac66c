from __future__ import annotations

from collections.abc import Sequence

from tests.contract.rules.world import HERE, World
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Actor
from understudy.core.ports import Entry
from understudy.flows.impersonation import denials
from understudy.flows.impersonation.denials import settle_denials
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.request import request


def ask(world: World, subject_id: str = "nobody", times: int = 1) -> None:
    """Ask for somebody whom there is not, and be refused."""
    wanted = ImpersonationRequest(
        application_id=world.application.id,
        actor=Actor.from_operator(world.sam),
        subject_id=SubjectId(subject_id),
        reason="Looking at the missing invoice",
    )
    for _ in range(times):
        assert isinstance(world.run(lambda unit: request(unit, wanted, origin=HERE)), Denied)


def denied(world: World) -> Sequence[Entry]:
    """The entries about refusals, oldest first."""
    return world.entries(EventType.GRANT_DENIED)[::-1]


def repeats(entry: Entry) -> object:
    """How many others an entry stands for."""
    details = (entry.core or {}).get("details")
    return details.get("repeats") if isinstance(details, dict) else None


def test_flooding_the_log_with_refusals_makes_two_entries_and_a_count(installation: World) -> None:
    ask(installation, times=1_500)
    assert len(denied(installation)) == 1
    installation.clock.forward(minutes=1)
    assert not installation.run(settle_denials)
    first, others = denied(installation)
    assert (repeats(first), repeats(others)) == (None, 1_499)
    for name in ("actor_ref", "actor_kind", "rule", "outcome", "application_id"):
        assert (first.core or {})[name] == (others.core or {})[name]
    assert installation.engine.verify().ok


def test_who_was_asked_for_is_told_of_each(installation: World) -> None:
    for subject_id in ("nobody", "no-one", "nobody"):
        ask(installation, subject_id)
    named = [(entry.personal or {})["subject_id"] for entry in denied(installation)]
    assert named == ["nobody", "no-one"]


def test_the_first_after_its_minute_is_an_entry_again_behind_those_before(
    installation: World,
) -> None:
    ask(installation, times=3)
    installation.clock.forward(minutes=1)
    ask(installation, times=2)
    assert [repeats(entry) for entry in denied(installation)] == [None, 2, None]
    installation.clock.forward(minutes=1)
    installation.run(settle_denials)
    assert [repeats(entry) for entry in denied(installation)] == [None, 2, None, 1]


def test_a_single_refusal_leaves_nothing_behind(installation: World) -> None:
    ask(installation)
    installation.clock.forward(minutes=1)
    installation.run(settle_denials)
    assert [repeats(entry) for entry in denied(installation)] == [None]
    with installation.engine.reading() as reader:
        assert not reader.folded_denials.due(installation.clock(), 10)


def test_many_kinds_are_settled_batch_by_batch(installation: World) -> None:
    for number in range(denials.BATCH + 1):
        ask(installation, f"nobody-{number}", times=2)
    installation.clock.forward(minutes=1)
    assert installation.run(settle_denials)
    assert not installation.run(settle_denials)
    assert [repeats(entry) for entry in denied(installation)].count(1) == denials.BATCH + 1
