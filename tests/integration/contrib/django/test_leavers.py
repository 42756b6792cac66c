"""Staff whom a site disables or deletes, beside a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connections, transaction
from django.test import override_settings

from tests.contract.rules.world import World
from tests.fixtures.ports import free_port
from tests.integration.abuse.servers import eventually
from tests.integration.sdk.remote_gateways import remote_gateway
from understudy.contrib.django.conf import installed
from understudy.contrib.django.leavers import watch_leavers
from understudy.core.notices.events import EventType
from understudy.flows.impersonation.open_session import OpenSession
from understudy.sdk import calls

NOWHERE = {"URL": "http://127.0.0.1:9", "APPLICATION_ID": "app_1", "SECRET": "usk_1"}


def working(installation: World, name: str = "kim") -> tuple[User, OpenSession]:
    """One of the site's staff, and the session in which they work."""
    user = User.objects.create_user(name, is_staff=True)
    return user, installation.session(actor=installation.vouched_for(str(user.pk)))


def has_ended(installation: World, opened: OpenSession) -> bool:
    return installation.stored(opened).ended_at is not None


def test_who_is_disabled_works_no_more(installation: World) -> None:
    user, opened = working(installation)
    _, of_another = working(installation, "lee")
    user.is_active = False
    user.save()
    eventually(lambda: has_ended(installation, opened))
    assert not has_ended(installation, of_another)


def test_who_is_deleted_works_no_more(installation: World) -> None:
    user, opened = working(installation)
    user.delete()
    eventually(lambda: has_ended(installation, opened))


def test_who_is_only_saved_works_on_and_so_does_whom_a_transaction_spares(
    installation: World,
) -> None:
    user, opened = working(installation)
    leaver, over = working(installation, "lee")
    user.save()
    with suppress(LookupError), transaction.atomic():
        user.is_active = False
        user.save()
        raise LookupError
    leaver.delete()
    # Which tells all that waits.
    installed().understudy.close()
    assert has_ended(installation, over)
    assert not has_ended(installation, opened)


def test_who_is_disabled_by_a_fixture_works_no_more(installation: World) -> None:
    user, opened = working(installation)
    user.is_active = False
    for loaded in serializers.deserialize("json", serializers.serialize("json", [user])):
        loaded.save()
    eventually(lambda: has_ended(installation, opened))


@contextmanager
def proxy() -> Iterator[Any]:
    """A model by which a site's admin lists its staff."""

    class Helper(User):  # type: ignore[misc]
        """Somebody of support."""

        class Meta:
            """Not a table of its own."""

            proxy = True
            app_label = "auth"

    # As at the start of a site.
    watch_leavers()
    try:
        yield Helper
    finally:
        del apps.all_models["auth"]["helper"]
        apps.clear_cache()


def test_who_is_disabled_or_deleted_as_a_proxy_works_no_more(installation: World) -> None:
    user, opened = working(installation)
    leaver, over = working(installation, "lee")
    with proxy() as helpers:
        helpers.objects.get(pk=leaver.pk).delete()
        helper = helpers.objects.get(pk=user.pk)
        helper.is_active = False
        helper.save()
        eventually(lambda: has_ended(installation, opened) and has_ended(installation, over))


def test_who_is_disabled_where_commits_are_made_by_hand_works_no_more(
    installation: World,
) -> None:
    user, opened = working(installation)
    leaver, over = working(installation, "lee")
    transaction.set_autocommit(False)
    try:
        user.is_active = False
        user.save()
        leaver.delete()
        transaction.commit()
        eventually(lambda: has_ended(installation, opened) and has_ended(installation, over))
    finally:
        transaction.set_autocommit(True)


def test_it_is_the_transaction_of_the_users_own_database_that_counts(
    installation: World,
) -> None:
    user, opened = working(installation)
    connections.settings["people"] = connections.settings["default"]
    try:
        with suppress(LookupError), transaction.atomic():
            user.delete(using="people")
            raise LookupError
        eventually(lambda: has_ended(installation, opened))
    finally:
        connections["people"].close()
        del connections["people"], connections.settings["people"]


def test_thousands_who_leave_at_once_hold_up_no_request(
    installation: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    monkeypatch.setattr(calls, "MAX_WAITING", 0)
    User.objects.bulk_create(User(username=f"visitor{number}") for number in range(2_000))
    _, opened = working(installation)
    User.objects.all().delete()
    eventually(lambda: has_ended(installation, opened))
    assert caplog.text == ""


@pytest.fixture
def away(installation: World) -> Iterator[int]:
    """The port on which the site looks for its service, where nobody listens yet."""
    port = free_port()
    link = {**settings.UNDERSTUDY, "URL": f"http://127.0.0.1:{port}"}
    with override_settings(UNDERSTUDY=link):
        yield port
        installed().understudy.close()


def test_who_leaves_while_the_service_is_away_works_no_more_once_it_is_back(
    installation: World, away: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    user, opened = working(installation)
    leaver, over = working(installation, "lee")
    user.is_active = False
    user.save()
    leaver.delete()
    eventually(lambda: "not known to Understudy yet: unavailable" in caplog.text)
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport, port=away):
        eventually(
            lambda: has_ended(installation, opened) and has_ended(installation, over), seconds=10
        )
    assert installation.entries(EventType.SESSION_REVOKED)


def test_who_left_before_a_restart_works_no_more_after_it(
    installation: World, away: int, tmp_path: Path
) -> None:
    user, opened = working(installation)
    kept = {**settings.UNDERSTUDY, "STATE_DIR": tmp_path / "state"}
    with override_settings(UNDERSTUDY=kept):
        user.delete()
        installed().understudy.close()
    with (
        remote_gateway(installation, tmp_path, httpx.HTTPTransport, port=away),
        override_settings(UNDERSTUDY=kept),
    ):
        installed().understudy.resume()
        eventually(lambda: has_ended(installation, opened))
        installed().understudy.close()
    assert list((tmp_path / "state").iterdir()) == []


def test_a_process_that_lacks_its_settings_disables_people_and_says_what_goes_on(
    installation: World, caplog: pytest.LogCaptureFixture
) -> None:
    user, _ = working(installation)
    with override_settings(UNDERSTUDY={**NOWHERE, "SECRET": ""}):
        user.delete()
    assert "go on until they end: setup_error" in caplog.text


def test_whatever_goes_wrong_a_user_is_disabled_and_what_else_was_to_be_done_is(
    installation: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise LookupError("no such link")

    user, done = working(installation)[0], []
    with override_settings(UNDERSTUDY={"UNDERSTUDY": broken}), transaction.atomic():
        user.delete()
        transaction.on_commit(lambda: done.append("mailed"))
    assert done == ["mailed"]
    assert "no such link" in caplog.text


def test_a_site_without_understudy_says_nothing(
    installation: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    user, _ = working(installation)
    with override_settings(UNDERSTUDY=None):
        user.delete()
    assert caplog.text == ""
