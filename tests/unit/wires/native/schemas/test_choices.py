from __future__ import annotations

from understudy.core.applications.application import ApplicationSettings
from understudy.wires.native.schemas.choices import HandOff, MessageFormat


def test_a_token_in_the_query_is_never_the_default() -> None:
    assert ApplicationSettings().hand_off == HandOff.CODE


def test_choices_are_those_that_clients_were_generated_with() -> None:
    assert [*HandOff] == ["code", "stytch"]
    assert [*MessageFormat] == ["native", "cloudevents", "stytch", "slack", "email"]
