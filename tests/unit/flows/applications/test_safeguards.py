from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.decision_point import LOOPBACK
from understudy.core.applications.application import Application
from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.governance.policy_terms import Confirmation, PolicyTerms
from understudy.core.governance.safeguards import Loosening
from understudy.core.notices.events import EventType, Party, PartyKind
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.applications import administer
from understudy.flows.applications.decision_point import require_point, sealed
from understudy.flows.applications.safeguards import (
    change_point,
    confirm_loosening,
    withdraw_loosening,
)

MIA = Party(kind=PartyKind.OPERATOR, ref="opr_mia", name="Mia")
NOOR = Party(kind=PartyKind.OPERATOR, ref="opr_noor", name="Noor")
NONE = PolicyTerms()
TWO = PolicyTerms(confirmation=Confirmation.SECOND_ADMIN)
DAY = PolicyTerms(confirmation=Confirmation.DELAY, delay_hours=24)
HOUR = replace(DAY, delay_hours=1)
POINT = DecisionPoint(url="https://pdp.example/access/v1/evaluation?key=1", credential="c2VjcmV0")
MINE = DecisionPoint(url="https://mine.example/")


def stored(world: World) -> Application:
    with world.engine.reading() as reader:
        found = reader.applications.get(world.application.id)
    assert found is not None
    return found


def set_terms(world: World, terms: PolicyTerms, *, by: Party = MIA) -> Application:
    now = stored(world)
    wanted = replace(now, settings=replace(now.settings, policy_changes=terms))
    return world.run(lambda unit: administer.update(unit, wanted, by=by, origin=HERE))


def set_point(world: World, point: DecisionPoint | None, *, by: Party = MIA) -> Application:
    return world.run(lambda unit: change_point(unit, stored(world), point, by=by, origin=HERE))


def waiting(world: World) -> Loosening:
    found = stored(world).settings.loosening
    assert found is not None
    return found


def confirm(world: World, *, by: Party = NOOR) -> Application:
    app, change = world.application.id, waiting(world).id
    return world.run(lambda unit: confirm_loosening(unit, app, change, by=by, origin=HERE))


def withdraw(world: World, *, by: Party = NOOR) -> Application:
    app, change = world.application.id, waiting(world).id
    return world.run(lambda unit: withdraw_loosening(unit, app, change, by=by, origin=HERE))


def told(world: World, kind: EventType) -> dict[str, object]:
    entry = world.entries(kind)[0]
    assert entry.core is not None
    return dict(entry.core["details"])  # type: ignore[arg-type]


def test_nobody_alone_switches_the_second_admin_off(installation: World) -> None:
    set_terms(installation, TWO)
    asked = set_terms(installation, NONE)
    assert asked.settings.policy_changes == TWO
    assert stored(installation).settings.policy_changes == TWO
    assert told(installation, EventType.SAFEGUARD_PROPOSED)["policy_changes"] == "none"
    # The entry of the settings says what holds.
    assert told(installation, EventType.APPLICATION_UPDATED)["policy_changes"] == "second_admin"
    with pytest.raises(Conflict, match="Ask another admin") as refused:
        confirm(installation, by=MIA)
    assert refused.value.facts == {"rule": "safeguard_own_change"}
    assert confirm(installation, by=NOOR).settings.policy_changes == NONE
    assert told(installation, EventType.SAFEGUARD_CHANGED)["policy_changes"] == "none"
    assert stored(installation).settings.loosening is None


@pytest.mark.parametrize("wanted", [NONE, HOUR, TWO])
def test_a_delay_is_shortened_or_left_once_it_has_passed(
    installation: World, wanted: PolicyTerms
) -> None:
    set_terms(installation, DAY)
    set_terms(installation, wanted)
    with pytest.raises(Conflict, match="2026-01-06 09:00 UTC") as refused:
        confirm(installation, by=NOOR)
    assert refused.value.facts == {"rule": "safeguard_too_early"}
    installation.clock.forward(hours=24, seconds=-1)
    with pytest.raises(Conflict):
        confirm(installation, by=NOOR)
    installation.clock.forward(seconds=1)
    assert confirm(installation, by=MIA).settings.policy_changes == wanted


def test_what_is_stricter_holds_at_once(installation: World) -> None:
    assert set_terms(installation, HOUR).settings.policy_changes == HOUR
    assert set_terms(installation, DAY).settings.policy_changes == DAY
    assert not installation.entries(EventType.SAFEGUARD_PROPOSED)


def test_other_settings_change_while_something_waits(installation: World) -> None:
    set_terms(installation, TWO)
    set_terms(installation, NONE)
    changed = installation.set_up_application(max_minutes=40)
    assert changed.settings.max_minutes == 40
    assert changed.settings.loosening == waiting(installation)
    assert changed.settings.policy_changes == TWO


def test_nobody_slips_a_confirmed_change_in_with_the_settings(installation: World) -> None:
    set_terms(installation, TWO)
    set_terms(installation, NONE)
    forged = replace(waiting(installation), set_by="opr_noor")
    now = stored(installation)
    sneaked = replace(now, settings=replace(now.settings, loosening=forged))
    installation.run(lambda unit: administer.update(unit, sneaked, by=MIA, origin=HERE))
    assert waiting(installation).set_by == "opr_mia"


def test_only_one_change_waits_and_it_can_be_withdrawn(installation: World) -> None:
    set_terms(installation, TWO)
    set_terms(installation, NONE)
    with pytest.raises(Conflict, match="withdraw it first"):
        set_terms(installation, DAY)
    withdrawn = waiting(installation).id
    assert withdraw(installation).settings.policy_changes == TWO
    assert told(installation, EventType.SAFEGUARD_WITHDRAWN)["policy_changes"] == "none"
    set_terms(installation, DAY)
    app = installation.application.id
    # Whoever has looked at the one before confirms no other.
    with pytest.raises(NotFound):
        installation.run(lambda unit: confirm_loosening(unit, app, withdrawn, by=NOOR, origin=HERE))


def test_a_decision_point_is_set_at_once_and_moved_as_policies_are(installation: World) -> None:
    set_terms(installation, TWO)
    assert set_point(installation, POINT).settings.decision_point == POINT
    assert told(installation, EventType.SAFEGUARD_CHANGED) == {
        "name": installation.application.name,
        "decision_point": "https://pdp.example",
        "timeout_ms": 1_000,
        "has_credential": True,
    }
    for wanted in (MINE, None):
        assert set_point(installation, wanted).settings.decision_point == POINT
        with pytest.raises(Conflict, match="Ask another admin"):
            confirm(installation, by=MIA)
        withdraw(installation)
    set_point(installation, None)
    assert confirm(installation, by=NOOR).settings.decision_point is None
    assert told(installation, EventType.SAFEGUARD_CHANGED)["decision_point"] is None


def test_a_new_credential_for_the_same_place_holds_at_once(installation: World) -> None:
    set_terms(installation, TWO)
    set_point(installation, POINT)
    renewed = replace(POINT, credential="bmV3", timeout_ms=200)
    assert set_point(installation, renewed).settings.decision_point == renewed


def test_where_policies_change_at_once_so_does_the_decision_point(installation: World) -> None:
    set_point(installation, POINT)
    before = len(installation.entries(EventType.SAFEGUARD_CHANGED))
    set_point(installation, POINT)
    assert len(installation.entries(EventType.SAFEGUARD_CHANGED)) == before
    assert set_point(installation, MINE).settings.decision_point == MINE
    assert set_point(installation, None).settings.decision_point is None


def test_a_credential_opens_for_its_own_application_alone(installation: World) -> None:
    vault = installation.engine.vault
    kept = sealed(vault, "app_1", "secret token")
    assert "secret" not in kept
    assert kept != sealed(vault, "app_1", "secret token")


def test_a_decision_point_is_where_webhooks_may_go() -> None:
    inside = DecisionPoint(url="http://127.0.0.1:9/access/v1/evaluation")
    assert require_point(inside, LOOPBACK) is inside
    with pytest.raises(InvalidInput, match="https"):
        require_point(DecisionPoint(url="http://10.0.0.1/"), LOOPBACK)
