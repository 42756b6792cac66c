"""System checks of a Django site."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from tests.fixtures.django_site import site
from understudy.testing import FakeGateway

pytestmark = pytest.mark.usefixtures("installed_site")
CACHES = (
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
)
SECURITY = "django.middleware.security.SecurityMiddleware"
LOCALE = "django.middleware.locale.LocaleMiddleware"
REMOTE_USER = "django.contrib.auth.middleware.RemoteUserMiddleware"
SESSIONS, *OTHERS = site.MIDDLEWARE


def found(**changed: Any) -> list[str]:
    """The ids of our checks, where ``changed`` is set."""
    with override_settings(**changed):
        ids = [str(message.id) for message in run_checks()]
    return [one.removeprefix("understudy.") for one in ids if one.startswith("understudy.")]


def test_a_site_by_the_book_has_nothing_to_say_against() -> None:
    assert found() == []
    assert found(MIDDLEWARE=[SECURITY, site.GUARD, *site.MIDDLEWARE]) == []


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        (site.MIDDLEWARE, ["E001"]),
        ([*site.MIDDLEWARE, site.GUARD], ["E002", "E002", "E002", "W001", "W001"]),
        ([SESSIONS, site.GUARD, *OTHERS], ["E002"]),
        ([*CACHES, site.GUARD, *site.MIDDLEWARE], ["E003", "E003"]),
        ([site.GUARD, *site.MIDDLEWARE, REMOTE_USER], ["E004"]),
        ([site.GUARD, *site.MIDDLEWARE, site.GUARD], ["E006"]),
        ([LOCALE, site.GUARD, *site.MIDDLEWARE], ["W001"]),
    ],
)
def test_an_order_that_is_not_safe_is_told_by_its_id(middleware: list[str], ids: list[str]) -> None:
    assert sorted(found(MIDDLEWARE=middleware)) == ids


@pytest.mark.parametrize("given", [None, {}, {"URL": "https://understudy.example"}, {"url": "x"}])
def test_settings_that_make_no_installation_are_told(given: object) -> None:
    assert found(UNDERSTUDY=given) == ["E005"]


def test_a_session_cookie_by_our_name_is_told() -> None:
    assert found(SESSION_COOKIE_NAME="__Host-understudy.mine") == ["E007"]


def test_a_session_cookie_that_scripts_can_read_is_told() -> None:
    assert found(SESSION_COOKIE_HTTPONLY=False) == ["W002"]


def test_a_session_cookie_of_the_whole_domain_is_told_where_sessions_have_origins() -> None:
    given = {
        "URL": "https://understudy.example",
        "APPLICATION_ID": "app_1",
        "SECRET": "secret",
        "SESSION_ORIGINS": "https://*.view.app.example",
    }
    assert found(SESSION_COOKIE_DOMAIN=".app.example", UNDERSTUDY=given) == ["W003"]
    assert found(SESSION_COOKIE_DOMAIN=".app.example") == []


class Sessions:
    """Sends Django's sessions to an alias of their own."""

    def db_for_write(self, model: Any, **_: object) -> str | None:
        """The alias for what is written."""
        return "sessions" if model._meta.app_label == "sessions" else None


def test_sessions_in_a_database_that_is_held_to_reading_are_told(gateway: FakeGateway) -> None:
    options = {"UNDERSTUDY": gateway.understudy(), "READ_ONLY_DATABASES": True}
    files = "django.contrib.sessions.backends.signed_cookies"
    assert found(UNDERSTUDY=options) == ["W005"]
    assert found(UNDERSTUDY=options, SESSION_ENGINE=files) == []
    assert found(UNDERSTUDY=options, DATABASE_ROUTERS=[Sessions()]) == []
