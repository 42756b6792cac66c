"""From the button in the app to a session and back, with the agent's own session untouched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.fixtures.django_project import Browser, project
from understudy.testing import FakeGateway

OWN_PAGE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://app.localhost"}
PERSON = {**OWN_PAGE, "HTTP_SEC_FETCH_DEST": "document", "HTTP_ACCEPT": "text/html"}
REASON = "Cannot see the invoice"
FORM = "application/x-www-form-urlencoded"


class Shop:
    """Ada, who buys; Kim, who may help; and Lee, who may not."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Permission, User

        self.ada = User.objects.create_user("ada")
        self.kim = User.objects.create_user("kim", "kim@app.test", first_name="Kim", is_staff=True)
        self.lee = User.objects.create_user("lee", is_staff=True)
        self.root = User.objects.create_superuser("root")
        self.kim.user_permissions.add(Permission.objects.get(codename="impersonate_user"))


@pytest.fixture(params=["db", "signed_cookies"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, gateway: FakeGateway) -> Iterator[Shop]:
    with project(
        tmp_path,
        urls="tests.integration.contrib.django.pages_urls",
        gateway=gateway,
        SESSION_ENGINE=f"django.contrib.sessions.backends.{request.param}",
        SESSION_SAVE_EVERY_REQUEST=True,
    ):
        yield Shop()


def rows() -> list[Any]:
    from django.contrib.sessions.models import Session

    return list(Session.objects.values_list("session_key", "session_data", "expire_date"))


def start(browser: Browser, subject: Any, **changes: Any) -> Any:
    wanted = {"subject_id": str(subject.pk), "reason": REASON, "minutes": "15", **changes}
    body = "&".join(f"{name}={value}".replace(" ", "+") for name, value in wanted.items())
    return browser.post("/_understudy/start", body, content_type=FORM, **PERSON)


def people(browser: Browser) -> str:
    return str(browser.get("/people", **PERSON).content.decode())


def test_the_button_leads_into_a_session_and_the_end_back_out(
    shop: Shop, gateway: FakeGateway
) -> None:
    browser = Browser(shop.kim)
    agent, before = browser.cookies["sessionid"].value, rows()
    answer = start(browser, shop.ada)
    assert (answer.status_code, answer["location"]) == (303, "/")
    page = people(browser)
    assert f"Kim as ada: {REASON}" in page
    assert "<understudy-banner" in page
    ended = browser.post("/_understudy/end", **PERSON)
    assert ended.status_code in (200, 303)
    assert browser.cookies["sessionid"].value == agent
    assert rows() == before
    assert "Impersonate ada" in people(browser)


@pytest.mark.parametrize(
    ("actor", "subject"),
    [("kim", "root"), ("kim", "lee"), ("kim", "kim"), ("root", "root")],
)
def test_nobody_becomes_somebody_by_asking_behind_the_page(
    shop: Shop, gateway: FakeGateway, actor: str, subject: str
) -> None:
    answer = start(Browser(getattr(shop, actor)), getattr(shop, subject))
    assert answer.status_code == 403
    assert "__Host-understudy" not in answer.cookies
    assert "request" not in gateway.calls


@pytest.mark.parametrize("actor", ["lee", "ada", None])
def test_whoever_may_start_nothing_finds_nothing(
    shop: Shop, gateway: FakeGateway, actor: str | None
) -> None:
    answer = start(Browser(getattr(shop, actor) if actor else None), shop.ada)
    assert answer.status_code == 404
    assert "request" not in gateway.calls


def test_an_unknown_user_looks_like_one_who_may_not_be_become(shop: Shop) -> None:
    class Nobody:
        pk = 999

    answers = [start(Browser(shop.kim), subject) for subject in (Nobody, shop.root)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_a_page_of_another_site_starts_nothing(shop: Shop, gateway: FakeGateway) -> None:
    browser = Browser(shop.kim)
    answer = browser.post(
        "/_understudy/start",
        f"subject_id={shop.ada.pk}&reason=Cannot+see+the+invoice",
        content_type=FORM,
        HTTP_ORIGIN="https://evil.test",
        HTTP_SEC_FETCH_SITE="cross-site",
    )
    assert answer.status_code == 403
    assert "request" not in gateway.calls


def test_a_script_gets_the_field_that_is_wrong(shop: Shop) -> None:
    answer = Browser(shop.kim).post(
        "/_understudy/start",
        json.dumps({"subject_id": shop.ada.pk, "reason": "why"}),
        content_type="application/json",
        **OWN_PAGE,
    )
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"], told["field"]) == (422, "reason_too_short", "reason")


def test_the_apps_own_word_decides_who_may_become_whom(shop: Shop) -> None:
    from django.conf import settings

    def only_ada(_actor: Any, subject: Any) -> bool:
        return bool(subject.username == "ada")

    with override_settings(UNDERSTUDY={**settings.UNDERSTUDY, "MAY_IMPERSONATE": only_ada}):
        assert start(Browser(shop.lee), shop.ada).status_code == 303
        assert start(Browser(shop.lee), shop.kim).status_code == 403


def test_a_site_may_let_nobody_start_from_within(shop: Shop) -> None:
    from django.conf import settings

    with override_settings(UNDERSTUDY={**settings.UNDERSTUDY, "STAFF": None}):
        assert start(Browser(shop.kim), shop.ada).status_code == 404
