"""The application that a caller names, or a clear no."""

from __future__ import annotations

from tests.contract.rules.world import World
from tests.fixtures.refusals import refusal_of
from understudy.errors import NotFound
from understudy.flows.known_application import known_application


def test_it_is_found_by_its_id_and_no_other(installation: World) -> None:
    with installation.engine.reading() as reader:
        assert known_application(reader, installation.application.id) == installation.application
        with refusal_of(NotFound, "not_found"):
            known_application(reader, "app_of_nobody")
