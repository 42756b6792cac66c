from __future__ import annotations

import pytest

from tests.unit.core import factories
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.errors import Conflict
from understudy.service.table import TABLE, WIRES


def test_a_hand_off_that_no_wire_here_knows_leads_nowhere() -> None:
    application = factories.application(settings=factories.settings(hand_off="fifth"))
    for ask in (WIRES.hand_off_of, WIRES.kind_taken_by):
        with pytest.raises(Conflict) as refused:
            ask(application)
        assert refused.value.code == "conflict"


def test_the_kind_of_a_token_goes_by_the_applications_hand_off() -> None:
    assert WIRES.kind_taken_by(None) is NATIVE
    assert WIRES.kind_taken_by(factories.application()) is NATIVE
    stytch = factories.application(settings=factories.settings(hand_off="stytch"))
    assert WIRES.kind_taken_by(stytch).name == "stytch"


def test_stored_names_stay_what_they_were() -> None:
    """NOTE: frozen. Rows of every release before hold these words."""
    assert set(WIRES.token_kinds) == {"native", "code", "delegated", "stytch", "clerk"}
    assert set(WIRES.key_uses) == {"session_jwt", "stytch_jwt", "clerk_jwt", "logout"}
    assert set(WIRES.hand_offs) == {"code", "stytch"}
    assert set(WIRES.formats) == {"native", "cloudevents", "email", "slack", "stytch"}
    assert set(WIRES.settings) == {"stytch", "clerk"}
    assert [wire.name for wire in TABLE] == ["native", "stytch", "clerk", "oauth", "authzen"]


def test_what_names_an_application_in_pages_comes_from_the_wires() -> None:
    assert WIRES.public(factories.application()) == {"public_token": "public-token-app_1"}
