"""*Impersonate* in a Django site's own list and admin, in a real browser under a strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.asgi_server import served
from tests.fixtures.django_project import Browser as Client
from tests.fixtures.django_project import project
from tests.fixtures.django_site import site
from understudy.testing import FakeGateway

POLICY = "default-src 'none'; script-src 'self'; form-action 'self'; connect-src 'self'"
REASON = "Cannot see the invoice"


def strictly(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """A policy that lets nothing run which stands in a page itself."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


@pytest.fixture
def page(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Kim's browser, on the list of users."""
    # Playwright has a loop of its own in this thread, on which nothing of Django's runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    gateway = FakeGateway()
    middleware = [site.GUARD, f"{__name__}.strictly", *site.MIDDLEWARE]
    middleware.append("allauth.account.middleware.AccountMiddleware")
    with project(
        tmp_path, urls="tests.acceptance.django_urls", gateway=gateway, MIDDLEWARE=middleware
    ):
        from django.contrib.auth.models import Permission, User

        User.objects.create_user("ada")
        kim = User.objects.create_user("kim", is_staff=True)
        for codename in ("view_user", "impersonate_user"):
            kim.user_permissions.add(Permission.objects.get(codename=codename))
        login = Client(kim).cookies["sessionid"].value
        with served(get_asgi_application()) as port:
            url = f"http://localhost:{port}"
            context = browser.new_context(base_url=url)
            context.add_cookies([{"name": "sessionid", "value": login, "url": url}])
            opened = context.new_page()
            opened.goto("/people")
            yield opened
            context.close()


def test_the_button_opens_a_dialog_without_any_script_and_leads_into_a_session(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    dialog = page.get_by_role("dialog", name="Impersonate ada")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="View as").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Reason").fill("too short")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="View as").click()
    with page.expect_navigation(url="**/"):
        dialog.get_by_role("button", name="Start").click()
    page.goto("/people")
    expect(page.get_by_text(f"kim as ada: {REASON}")).to_be_visible()
    assert [text for text in refused if "Content Security Policy" in text] == []


def test_the_page_in_the_admin_leads_into_a_session_as_well(page: Page) -> None:
    page.goto("/admin/auth/user/")
    page.get_by_role("link", name="ada").click()
    page.get_by_role("link", name="Impersonate").click()
    expect(page.get_by_role("heading", name="Impersonate ada")).to_be_visible()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Scope").select_option("read_only")
    with page.expect_navigation(url="**/"):
        page.get_by_role("button", name="Impersonate").click()
    page.goto("/people")
    expect(page.get_by_text(f"kim as ada: {REASON}")).to_be_visible()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url("**/admin/auth/user/1/impersonate/")


def test_a_session_needs_no_cookie_of_a_third_party_and_gets_to_its_end(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.get_by_role("button", name="View as").click()
    dialog = page.get_by_role("dialog", name="Impersonate ada")
    dialog.get_by_label("Reason").fill(REASON)
    with page.expect_navigation(url="**/"):
        dialog.get_by_role("button", name="Start").click()
    page.goto("/people")
    assert framed_elsewhere(page) == ""
    expect(page.get_by_role("timer")).to_be_visible()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url("**/people")
    expect(page.get_by_role("button", name="View as")).to_be_visible()
    assert [text for text in refused if "Content Security Policy" in text] == []


def framed_elsewhere(page: Page) -> str:
    """The cookies that this browser sends of the page in a frame of another site: it keeps those of
    third parties to itself, also one that says it is for all sites.
    """
    cookie = {"name": "third", "value": "1", "url": page.url, "secure": True, "sameSite": "None"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    other = page.context.new_page()
    frame = f"<iframe src='{page.url}'></iframe>"
    other.route("http://other.localhost/", lambda route: route.fulfill(body=frame))
    with other.expect_request(page.url) as asked:
        other.goto("http://other.localhost/")
    sent = asked.value.all_headers().get("cookie", "")
    other.close()
    return sent
