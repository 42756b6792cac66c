"""A button in any list of users, and who is named on a page of a session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.fixtures.django_project import Browser, project
from understudy.testing import FakeGateway


class People:
    """Users, and who looks after them."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Permission, User

        self.ada = User.objects.create_user("ada <b>")
        self.kim = User.objects.create_user("kim", is_staff=True)
        self.root = User.objects.create_superuser("root")
        self.kim.user_permissions.add(Permission.objects.get(codename="impersonate_user"))


@pytest.fixture
def people(tmp_path: Path, gateway: FakeGateway) -> Iterator[People]:
    with project(tmp_path, urls="tests.integration.contrib.django.pages_urls", gateway=gateway):
        yield People()


def page(browser: Browser, **extra: Any) -> str:
    return str(browser.get("/people", **extra).content.decode())


def subjects(text: str) -> list[str]:
    return re.findall(r'name="subject_id" value="(.*?)"', text)


def test_staff_find_a_form_for_each_user_whom_they_may_become(people: People) -> None:
    text = page(Browser(people.kim))
    assert subjects(text) == [str(people.ada.pk)]
    assert text.count(">View as</button>") == 1
    assert '<form method="post" action="/_understudy/start">' in text


def test_others_find_none(people: People) -> None:
    assert subjects(page(Browser(people.ada))) == []
    assert subjects(page(Browser())) == []


def test_the_form_opens_without_any_script_or_style_of_its_own(people: People) -> None:
    text = page(Browser(people.kim))
    [opens, closes] = re.findall(r'popovertarget="(.*?)"', text)
    assert opens == closes
    assert f'<div popover id="{opens}"' in text
    assert not re.search(r"<script|<style|style=|\son\w+=|javascript:", text)


def test_names_of_users_are_text(people: People) -> None:
    assert "Impersonate ada &lt;b&gt;</h2>" in page(Browser(people.kim))


def test_the_form_leads_below_the_mount_point_and_to_an_own_prefix(people: People) -> None:
    text = page(Browser(people.kim), SCRIPT_NAME="/shop")
    assert 'action="/shop/_understudy/start"' in text
    from django.conf import settings

    with override_settings(UNDERSTUDY={**settings.UNDERSTUDY, "PREFIX": "/-/support"}):
        assert 'action="/-/support/start"' in page(Browser(people.kim))


def test_a_page_of_a_session_names_both_and_offers_nothing(
    people: People, gateway: FakeGateway
) -> None:
    root = gateway.open(subject_id=str(people.root.pk), reason="Cannot see <it> all")
    text = page(Browser(people.kim, root))
    assert "Sam Support as root: Cannot see &lt;it&gt; all" in text
    assert subjects(text) == []


def test_in_a_template_without_a_request_there_is_no_button(people: People) -> None:
    from django.template import Context, Template

    template = Template("{% load understudy %}[{% impersonate_button one %}]")
    assert template.render(Context({"one": people.ada})).split() == ["[", "]"]
