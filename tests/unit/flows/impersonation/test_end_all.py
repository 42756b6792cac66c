from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.ids import ActorRef
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.flows.impersonation import end_all as end_all_module
from understudy.flows.impersonation.end_all import Whose, cancel_waiting, end_live
from understudy.flows.impersonation.exchange import TokenRefused


def _end(world: World, **whose: object) -> tuple[int, int]:
    """How many sessions were ended in a slice, and how many grants cancelled."""
    asked = Whose(**whose)  # type: ignore[arg-type]
    return (
        world.run(lambda unit: end_live(unit, asked, by=SYSTEM, origin=HERE)),
        world.run(lambda unit: cancel_waiting(unit, asked, by=SYSTEM, origin=HERE)),
    )


def test_what_runs_and_what_waits_of_an_operator_is_over_with_an_entry_each(
    installation: World,
) -> None:
    opened = installation.session("ada")
    token = installation.token(installation.granted("bob"))
    assert _end(installation, actor_ref=ActorRef("opr_nobody")) == (0, 0)
    ended = _end(installation, actor_ref=ActorRef(installation.sam.id))
    assert ended == (1, 1)
    assert installation.stored(opened).end_cause is EndCause.REVOKED
    assert installation.exchange(token) == TokenRefused(why=GRANT_CLOSED.code)
    for kind in (EventType.SESSION_REVOKED, EventType.GRANT_CANCELLED):
        assert len(installation.entries(kind)) == 1


def test_nothing_of_another_application_is_ended(installation: World) -> None:
    opened = installation.session("ada")
    other = installation.other_application.id
    assert _end(installation, application_id=other) == (0, 0)
    assert installation.stored(opened).end_cause is None


def test_much_is_ended_in_slices(installation: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(end_all_module, "BATCH", 1)
    opened = [installation.session(subject) for subject in ("ada", "bob")]
    tokens = [installation.token(installation.granted(subject)) for subject in ("ada", "bob")]
    # All begin in one instant, so that their random ids say which comes first: a grant whose
    # session runs still may be cancelled, session and all, before the session's own turn.
    slices = [_end(installation)]
    while slices[-1] != (0, 0):
        slices.append(_end(installation))
    assert slices[0] == (1, 1)
    assert all(ended <= 1 and cancelled <= 1 for ended, cancelled in slices)
    assert all(installation.stored(one).end_cause is not None for one in opened)
    assert [installation.exchange(token) for token in tokens] == [
        TokenRefused(why=GRANT_CLOSED.code)
    ] * 2
