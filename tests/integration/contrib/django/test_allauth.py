"""allauth in a session, with its pages and its API: whose account it shows, and whose it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.django_project import Browser, project
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.testing import FakeGateway, FakeSession

PAGE = {"HTTP_ACCEPT": "text/html", "HTTP_SEC_FETCH_DEST": "document"}
SENSITIVE = ("/accounts/password/**", "/accounts/email/**", "/accounts/logout/**")


class Shop:
    """Ada, who buys, and Kim, who is signed in and works as Ada."""

    def __init__(self, gateway: FakeGateway) -> None:
        from allauth.account.models import EmailAddress
        from django.contrib.auth.models import User

        self.gateway = gateway
        self.ada = User.objects.create_user("ada", "ada@customer.test", "secret of ada")
        self.kim = User.objects.create_user("kim", "kim@app.test", "secret of kim")
        for user in (self.ada, self.kim):
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        self.session = self.open()

    def open(self, **restrictions: Any) -> FakeSession:
        return self.gateway.open(subject_id=str(self.ada.pk), **restrictions)


@pytest.fixture
def shop(tmp_path: Path, gateway: FakeGateway) -> Iterator[Shop]:
    with project(
        tmp_path,
        urls="tests.integration.contrib.django.accounts_urls",
        gateway=gateway,
        ACCOUNT_RATE_LIMITS=False,
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    ):
        yield Shop(gateway)


def rows() -> list[Any]:
    from django.contrib.sessions.models import Session

    return list(Session.objects.values_list("session_key", "session_data", "expire_date"))


def test_pages_show_the_subjects_account(shop: Shop) -> None:
    assert "kim@app.test" in Browser(shop.kim).get("/accounts/email/").content.decode()
    page = Browser(shop.kim, shop.session).get("/accounts/email/", **PAGE).content.decode()
    assert "ada@customer.test" in page
    assert "kim@app.test" not in page
    assert "<understudy-banner" in page


def test_the_api_of_browsers_answers_the_subject(shop: Shop) -> None:
    path = "/_allauth/browser/v1/auth/session"
    own = json.loads(Browser(shop.kim).get(path).content)
    assert own["data"]["user"]["email"] == "kim@app.test"
    in_session = json.loads(Browser(shop.kim, shop.session).get(path).content)
    assert in_session["data"]["user"]["email"] == "ada@customer.test"


def test_a_session_token_beside_a_session_is_refused_before_anybody_guesses(shop: Shop) -> None:
    path = "/_allauth/app/v1/auth/session"
    login = json.loads(
        Browser()
        .post(
            "/_allauth/app/v1/auth/login",
            json.dumps({"username": "kim", "password": "secret of kim"}),
            content_type="application/json",
        )
        .content
    )
    token = login["meta"]["session_token"]
    own = json.loads(Browser().get(path, HTTP_X_SESSION_TOKEN=token).content)
    assert own["data"]["user"]["email"] == "kim@app.test"
    answer = Browser(shop.kim, shop.session).get(path, HTTP_X_SESSION_TOKEN=token)
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (400, "ambiguous_credentials")


def test_the_api_of_apps_serves_nobody_where_no_token_comes(shop: Shop) -> None:
    answer = Browser(shop.kim, shop.session).get("/_allauth/app/v1/auth/session")
    assert answer.status_code == 401
    assert b"ada@" not in answer.content
    assert b"kim@" not in answer.content
    assert shop.gateway.ended(shop.session.id) is None


def test_signing_out_in_a_session_leaves_the_agents_sign_in_alone(shop: Shop) -> None:
    browser, before = Browser(shop.kim, shop.session), rows()
    browser.submit("/accounts/logout/", {})
    assert rows() == before


CHANGED = {
    "oldpassword": "secret of ada",
    "password1": "a new one 1",
    "password2": "a new one 1",
    "csrfmiddlewaretoken": "a" * 32,
}


def change_password(shop: Shop, session: FakeSession) -> Any:
    browser = Browser(shop.kim, session)
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post("/accounts/password/change/", CHANGED)
    shop.ada.refresh_from_db()
    return answer


def test_what_only_the_user_may_do_is_blocked_by_its_address(shop: Shop) -> None:
    blocked = [BlockedAction(method="*", pattern=path, label="Account") for path in SENSITIVE]
    session = shop.open(blocked_actions=blocked)
    for path in ("/accounts/password/change/", "/accounts/email/", "/accounts/logout/"):
        answer = Browser(shop.kim, session).get(path)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "action_blocked")
    assert change_password(shop, session).status_code == 403
    assert shop.ada.check_password("secret of ada")


def test_a_password_that_is_changed_in_a_session_does_not_touch_the_agents(shop: Shop) -> None:
    own = Browser(shop.kim)
    before = set(rows())
    assert change_password(shop, shop.session).status_code == 302
    assert shop.ada.check_password("a new one 1")
    assert before < set(rows())
    assert "kim@app.test" in own.get("/accounts/email/").content.decode()
