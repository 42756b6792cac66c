"""Who is signed in to the app, read from its session without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from tests.fixtures.django_project import Browser, project
from understudy.contrib.django.staff import signed_in
from understudy.testing import FakeGateway

ENGINES = ("db", "cache", "cached_db", "signed_cookies")


@pytest.fixture(params=ENGINES)
def kim(request: pytest.FixtureRequest, tmp_path: Path, gateway: FakeGateway) -> Iterator[Any]:
    engine = f"django.contrib.sessions.backends.{request.param}"
    urls = "tests.integration.contrib.django.admin_urls"
    with project(tmp_path, urls=urls, gateway=gateway, SESSION_ENGINE=engine):
        from django.contrib.auth.models import User

        yield User.objects.create_user("kim", password="secret", is_staff=True)


def asked_by(browser: Browser) -> Any:
    request = RequestFactory().post("/_understudy/start")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return request


def rows() -> list[Any]:
    from django.contrib.sessions.models import Session

    return list(Session.objects.values_list("session_key", "session_data", "expire_date"))


def test_whoever_is_signed_in_is_found_and_nothing_is_written(kim: Any) -> None:
    request, before = asked_by(Browser(kim)), rows()
    assert signed_in(request) == kim
    assert rows() == before
    assert not hasattr(request, "session")


@pytest.mark.parametrize("cookie", [None, "", "x" * 32, "a:b:c"])
def test_without_a_session_of_the_apps_it_is_nobody(kim: Any, cookie: str | None) -> None:
    request = asked_by(Browser())
    if cookie is not None:
        request.COOKIES["sessionid"] = cookie
    assert signed_in(request) is None
    assert rows() == []


def test_a_disabled_user_is_nobody(kim: Any) -> None:
    request = asked_by(Browser(kim))
    kim.is_active = False
    kim.save()
    assert signed_in(request) is None


def test_a_deleted_user_is_nobody(kim: Any) -> None:
    request = asked_by(Browser(kim))
    kim.delete()
    assert signed_in(request) is None


def test_a_session_from_before_the_password_was_changed_is_nobodys_and_stays(kim: Any) -> None:
    request, before = asked_by(Browser(kim)), rows()
    kim.set_password("another")
    kim.save()
    assert signed_in(request) is None
    assert rows() == before


def test_a_session_under_the_key_of_before_is_read_and_not_renewed(kim: Any) -> None:
    request, before = asked_by(Browser(kim)), rows()
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert signed_in(request) == kim
    assert rows() == before
    with override_settings(SECRET_KEY="new"):
        assert signed_in(request) is None
    assert rows() == before


def test_a_backend_that_signs_nobody_in_any_more_vouches_for_nobody(kim: Any) -> None:
    request = asked_by(Browser(kim))
    with override_settings(AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.BaseBackend"]):
        assert signed_in(request) is None
