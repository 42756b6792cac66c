"""*Impersonate* in Django's admin: who finds it, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.django_project import Browser, project
from understudy.testing import FakeGateway


class Office:
    """People of an app: a user, two kinds of staff, and who runs it all."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Permission, User

        self.ada = User.objects.create_user("ada", "ada@customer.test")
        self.kim = User.objects.create_user("kim", "kim@app.test", is_staff=True)
        self.lee = User.objects.create_user("lee", "lee@app.test", is_staff=True)
        self.root = User.objects.create_superuser("root", "root@app.test")
        view = Permission.objects.get(codename="view_user")
        self.kim.user_permissions.add(view, Permission.objects.get(codename="impersonate_user"))
        self.lee.user_permissions.add(view)


@pytest.fixture
def office(tmp_path: Path, gateway: FakeGateway) -> Iterator[Office]:
    with project(tmp_path, urls="tests.integration.contrib.django.admin_urls", gateway=gateway):
        yield Office()


def reason_page(user: Any) -> str:
    return f"/admin/auth/user/{user.pk}/impersonate/"


def act_on(browser: Browser, *users: Any) -> Any:
    chosen = {"action": "impersonate", "_selected_action": [user.pk for user in users]}
    return browser.submit("/admin/auth/user/", chosen)


def test_a_users_own_page_leads_to_the_reason(office: Office) -> None:
    page = Browser(office.kim).get(f"/admin/auth/user/{office.ada.pk}/change/")
    assert f'href="{reason_page(office.ada)}"' in page.content.decode()


def test_the_reason_goes_to_our_own_address(office: Office) -> None:
    page = Browser(office.kim).get(reason_page(office.ada)).content.decode()
    assert '<form method="post" action="/_understudy/start">' in page
    assert f'name="subject_id" value="{office.ada.pk}"' in page
    assert 'name="reason" rows="3" cols="40" minlength="10"' in page


def test_the_action_leads_one_chosen_user_to_the_reason(office: Office) -> None:
    browser = Browser(office.kim)
    page = browser.get("/admin/auth/user/").content.decode()
    assert '<option value="impersonate">Impersonate</option>' in page
    assert act_on(browser, office.ada).url == reason_page(office.ada)


@pytest.mark.parametrize("chosen", [("ada", "lee"), ("ada", "lee", "root")])
def test_the_action_takes_no_more_than_one(office: Office, chosen: tuple[str, ...]) -> None:
    browser = Browser(office.kim)
    answer = act_on(browser, *(getattr(office, name) for name in chosen))
    assert answer.url == "/admin/auth/user/"
    assert "Choose one user." in browser.get(answer.url).content.decode()


def test_staff_without_the_permission_find_nothing(office: Office) -> None:
    browser = Browser(office.lee)
    for page in ("/admin/auth/user/", f"/admin/auth/user/{office.ada.pk}/change/"):
        text = browser.get(page).content.decode()
        assert "ada" in text
        assert "mpersonate" not in text
    assert browser.get(reason_page(office.ada)).status_code == 403


@pytest.mark.parametrize(
    ("actor", "subject", "status"),
    [
        ("kim", "ada", 200),
        ("root", "ada", 200),
        ("root", "lee", 200),
        ("kim", "lee", 403),
        ("kim", "root", 403),
        ("kim", "kim", 403),
        ("root", "root", 403),
        ("lee", "ada", 403),
    ],
)
def test_who_may_become_whom(office: Office, actor: str, subject: str, status: int) -> None:
    page = reason_page(getattr(office, subject))
    assert Browser(getattr(office, actor)).get(page).status_code == status


def test_whom_the_admin_hides_nobody_may_become(office: Office) -> None:
    office.kim.user_permissions.remove(*office.kim.user_permissions.filter(codename="view_user"))
    assert Browser(office.kim).get(reason_page(office.ada)).status_code == 403


def test_nobody_is_offered_who_is_disabled_or_does_not_exist(office: Office) -> None:
    browser = Browser(office.kim)
    office.ada.is_active = False
    office.ada.save()
    assert browser.get(reason_page(office.ada)).status_code == 403
    assert browser.get("/admin/auth/user/999/impersonate/").status_code == 404


def test_strangers_sign_in_first(office: Office) -> None:
    assert "/admin/login/" in Browser().get(reason_page(office.ada)).url
    assert "/admin/login/" in Browser(office.ada).get(reason_page(office.ada)).url


def test_the_page_only_asks(office: Office) -> None:
    page = reason_page(office.ada)
    assert Browser(office.kim).submit("/admin/auth/user/", {}, to=page).status_code == 405


def test_in_a_session_nothing_is_offered(office: Office, gateway: FakeGateway) -> None:
    session = gateway.open(subject_id=str(office.root.pk))
    browser = Browser(office.kim, session)
    text = browser.get(f"/admin/auth/user/{office.ada.pk}/change/").content.decode()
    assert "ada" in text
    assert "mpersonate<" not in text
    assert browser.get(reason_page(office.ada)).status_code == 403
