"""Django REST framework in a session: whom it serves by which sign-in, and whose calls count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.django_project import Browser, project
from understudy.testing import FakeGateway, FakeSession


class Shop:
    """Ada, who buys, and Kim, who is signed in to the app and works as Ada."""

    def __init__(self, gateway: FakeGateway) -> None:
        from django.contrib.auth.models import User
        from rest_framework.authtoken.models import Token
        from rest_framework_simplejwt.tokens import AccessToken

        self.gateway = gateway
        self.ada = User.objects.create_user("ada")
        self.kim = User.objects.create_user("kim", is_staff=True)
        self.token = f"Token {Token.objects.create(user=self.kim)}"
        self.jwt = str(AccessToken.for_user(self.kim))
        self.session = self.open()

    def open(self, actor: str = "opr_sam", subject: Any = None) -> FakeSession:
        subject_id = str((subject or self.ada).pk)
        return self.gateway.open(subject_id=subject_id, actor_id=actor)

    def browser(self, session: FakeSession | None = None) -> Browser:
        return Browser(self.kim, session or self.session)


@pytest.fixture
def shop(tmp_path: Path, gateway: FakeGateway) -> Iterator[Shop]:
    with project(
        tmp_path,
        urls="tests.integration.contrib.django.api_urls",
        gateway=gateway,
        UNDERSTUDY={"BEARER_PATHS": ("/api/",)},
        SIMPLE_JWT={"SIGNING_KEY": "a key for tests, of 32 bytes at least"},
    ):
        yield Shop(gateway)


def served(answer: Any) -> tuple[str, str | None]:
    assert answer.status_code == 200, answer.content
    body = json.loads(answer.content)
    return body["user"], body["by"]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content)["code"]


def credentials(shop: Shop) -> list[str]:
    return [shop.token, f"Bearer {shop.jwt}"]


def test_the_session_serves_the_subject_where_django_says_who_is_signed_in(shop: Shop) -> None:
    assert served(Browser(shop.kim).get("/session")) == ("kim", None)
    assert served(shop.browser().get("/session")) == ("ada", "opr_sam")


def test_csrf_is_asked_of_an_actor_as_of_everybody(shop: Shop) -> None:
    assert shop.browser().post("/session").status_code == 403


def test_tokens_serve_their_owner_where_there_is_no_session(shop: Shop) -> None:
    for given in credentials(shop):
        for path in ("/token", "/api/any", "/api/token"):
            assert served(Browser().get(path, HTTP_AUTHORIZATION=given)) == ("kim", None)


def test_a_token_beside_a_session_is_refused_before_anybody_guesses(shop: Shop) -> None:
    for given in credentials(shop):
        for path in ("/token", "/session"):
            answer = shop.browser().get(path, HTTP_AUTHORIZATION=given)
            assert code(answer) == (400, "ambiguous_credentials")


def test_where_pages_send_a_token_of_their_own_the_subject_is_served_in_its_place(
    shop: Shop,
) -> None:
    for given in credentials(shop):
        answer = shop.browser().get("/api/any", HTTP_AUTHORIZATION=given)
        assert served(answer) == ("ada", "opr_sam")
        assert json.loads(answer.content)["auth"] == "NoneType"
        posted = shop.browser().post("/api/any", HTTP_AUTHORIZATION=given)
        assert served(posted) == ("ada", "opr_sam")


def test_an_api_that_knows_only_tokens_serves_nobody_in_a_session(shop: Shop) -> None:
    for given in credentials(shop):
        answer = shop.browser().get("/api/token", HTTP_AUTHORIZATION=given)
        assert answer.status_code == 401
    assert shop.gateway.ended(shop.session.id) is None


def test_a_stranger_is_challenged_as_without_ours(shop: Shop) -> None:
    answer = Browser().get("/api/any")
    assert (answer.status_code, answer["www-authenticate"]) == (401, "Token")


def test_a_token_that_nobody_knows_for_one_ends_the_session_when_it_wins(shop: Shop) -> None:
    assert served(Browser().get("/odd", HTTP_X_SHOP_TOKEN=shop.jwt)) == ("kim", None)
    answer = shop.browser().get("/odd", HTTP_X_SHOP_TOKEN=shop.jwt)
    assert code(answer) == (401, "identity_not_applied")
    assert shop.gateway.wait_until_ended(shop.session.id) == "identity_not_applied"


def test_what_is_forbidden_is_refused_with_our_code_and_recorded(shop: Shop) -> None:
    assert served(Browser(shop.kim).get("/forbidden")) == ("kim", None)
    answer = shop.browser().get("/forbidden")
    assert code(answer) == (403, "forbidden_while_impersonating")
    [action] = shop.gateway.actions(shop.session.id)
    assert (action.phase, action.rule) == ("blocked", "forbidden_while_impersonating")


def test_what_may_be_looked_at_refuses_changes_alone(shop: Shop) -> None:
    assert served(shop.browser().get("/looked-at")) == ("ada", "opr_sam")
    answer = shop.browser().post("/looked-at")
    assert code(answer) == (403, "forbidden_while_impersonating")
    assert served(Browser().post("/looked-at", HTTP_AUTHORIZATION=shop.token)) == ("kim", None)


def statuses(browser: Browser, times: int) -> list[int]:
    return [browser.get("/counted").status_code for _ in range(times)]


def test_an_actors_calls_count_as_the_actors(shop: Shop) -> None:
    from django.core.cache import cache

    cache.clear()
    assert statuses(shop.browser(), 3) == [200, 200, 429]
    # Neither has the user less by that, nor the actor more by another session.
    assert statuses(Browser(shop.ada), 3) == [200, 200, 429]
    another = shop.open(subject=shop.kim)
    assert statuses(shop.browser(another), 1) == [429]
    somebody_else = shop.open(actor="opr lee\n")
    assert statuses(shop.browser(somebody_else), 3) == [200, 200, 429]
