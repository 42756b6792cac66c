"""A site's users agree on Django's own sign-in, which is only read; its staff do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.django_project import Browser, project
from tests.integration.contrib.django.test_starting import PERSON, Shop, rows
from understudy.sdk.user_says import Deed
from understudy.testing import FakeGateway

CONSENT = "/_understudy/consent"


@pytest.fixture
def shop(tmp_path: Path, gateway: FakeGateway) -> Iterator[Shop]:
    gateway.users.mode = "standing"
    with project(
        tmp_path,
        urls="tests.integration.contrib.django.pages_urls",
        gateway=gateway,
        UNDERSTUDY={"CONSENT_OF": "understudy.contrib.django.consent.user_of"},
    ):
        yield Shop()


def agree(browser: Browser) -> Any:
    kind = "application/x-www-form-urlencoded"
    return browser.post(CONSENT, "do=agree", content_type=kind, **PERSON)


def test_a_user_agrees_and_their_sign_in_stays_as_it_was(shop: Shop, gateway: FakeGateway) -> None:
    browser = Browser(shop.ada)
    before = rows()
    assert b"Agree for 30 days" in browser.get(CONSENT, **PERSON).content
    answer = agree(browser)
    assert (answer.status_code, answer["location"]) == (303, CONSENT)
    said = gateway.users.said[-1]
    assert (said.subject_id, said.deed) == (str(shop.ada.pk), Deed.AGREE)
    assert rows() == before


@pytest.mark.parametrize("who", ["kim", "root", None])
def test_neither_staff_nor_nobody_agrees(shop: Shop, gateway: FakeGateway, who: str | None) -> None:
    answer = agree(Browser(getattr(shop, who) if who else None))
    assert answer.status_code == 401
    assert gateway.users.said == []


def test_nobody_agrees_as_the_user_in_a_session(shop: Shop, gateway: FakeGateway) -> None:
    session = gateway.open(subject_id=str(shop.ada.pk))
    assert agree(Browser(shop.kim, session)).status_code == 403
    assert agree(Browser(shop.ada, session)).status_code == 403
    assert gateway.users.said == []
