from __future__ import annotations

from tests.unit.core.factories import application
from understudy.core.notices.events import Party, PartyKind


def test_an_application_is_a_party_of_its_own_kind() -> None:
    assert application().party == Party(kind=PartyKind.APPLICATION, ref="app_1", name="Invoices")
