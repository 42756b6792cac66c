"""``manage.py understudy`` against a service: what it says, and what it ends."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.contract.rules.world import World
from understudy.contrib.django.management.commands.understudy import Command

NOWHERE = {"URL": "http://127.0.0.1:9", "APPLICATION_ID": "app_1", "SECRET": "usk_1"}


def said(*words: str) -> str:
    out = StringIO()
    call_command("understudy", *words, stdout=out, no_color=True)
    return out.getvalue()


def test_the_check_says_that_the_service_knows_the_app(installation: World) -> None:
    assert installation.application.name in said("check")


def test_status_says_how_many_sessions_are_live(installation: World) -> None:
    assert "Live sessions: 0" in said("status")
    installation.session()
    facts = json.loads(said("status", "--json"))
    assert (facts["id"], facts["live_sessions"]) == (installation.application.id, 1)


def test_sessions_name_both_people_and_the_reason(installation: World) -> None:
    assert said("sessions") == "Nobody works as anybody right now.\n"
    session = installation.session().session
    grant = installation.granted()
    line = said("sessions")
    assert line.startswith(session.id)
    assert grant.reason in line
    [row] = json.loads(said("sessions", "--json"))
    assert row["id"] == session.id


def test_a_session_is_revoked_by_its_id(installation: World) -> None:
    opened = installation.session()
    assert said("revoke", opened.session.id) == f"{opened.session.id} is over: revoked.\n"
    assert installation.stored(opened).ended_at is not None
    assert said("sessions") == "Nobody works as anybody right now.\n"


def test_all_sessions_of_one_actor_are_revoked_and_nobody_elses(installation: World) -> None:
    kims, lees = (
        installation.session(actor=installation.vouched_for(name)) for name in ("kim", "lee")
    )
    assert said("revoke", "--of", "kim") == f"{kims.session.id} is over: revoked.\n"
    assert said("sessions").startswith(lees.session.id)
    assert said("revoke", "--of", "kim") == "kim works as nobody right now.\n"
    with pytest.raises(CommandError, match="not allowed with"):
        said("revoke", lees.session.id, "--of", "lee")
    with pytest.raises(CommandError, match="is required"):
        said("revoke")


def test_a_session_that_is_not_there_is_told_with_what_helps(installation: World) -> None:
    with pytest.raises(CommandError, match=r"See: manage\.py understudy sessions"):
        said("revoke", "ses_unknown")


def test_a_wrong_secret_and_a_service_that_is_away_are_told_with_their_codes(
    installation: World,
) -> None:
    from django.conf import settings

    with (
        override_settings(UNDERSTUDY={**settings.UNDERSTUDY, "SECRET": "usk_wrong"}),
        pytest.raises(CommandError, match=r"\(not_signed_in\)"),
    ):
        said("status")
    with override_settings(UNDERSTUDY=NOWHERE), pytest.raises(CommandError, match="unavailable"):
        said("check")
    with override_settings(UNDERSTUDY={}), pytest.raises(CommandError, match="setup_error"):
        said("sessions")


def test_a_session_is_revoked_whatever_else_is_wrong_with_the_project(
    installation: World,
) -> None:
    opened = installation.session()

    def broken(**_: object) -> list[checks.CheckMessage]:
        return [checks.Error("This project is broken.", id="shop.E001")]

    checks.register(broken)
    try:
        out = StringIO()
        # As from a terminal, where Django looks at the whole project before most commands.
        Command(stdout=out).run_from_argv(["manage.py", "understudy", "revoke", opened.session.id])
        assert "is over: revoked." in out.getvalue()
        assert "knows this app" in said("check")
    finally:
        checks.registry.registry.registered_checks.remove(broken)


def test_the_check_fails_by_what_our_own_checks_find(installation: World) -> None:
    def ours(**_: object) -> list[checks.CheckMessage]:
        return [checks.Error("The order is wrong.", id="understudy.E999")]

    checks.register(ours)
    try:
        with pytest.raises(CommandError, match="not safe"):
            said("check")
    finally:
        checks.registry.registry.registered_checks.remove(ours)
