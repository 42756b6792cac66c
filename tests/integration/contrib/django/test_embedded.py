"""A site with its own Understudy: the dashboard below a path, under WSGI and ASGI."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.checks import run_checks
from django.test import AsyncClient, Client, RequestFactory, override_settings

from tests.contract.rules.world import HERE
from tests.fixtures.django_site import site
from tests.integration.contrib.django.browser import PASSWORD, People
from understudy import AppUser, SetupError, StaffMember
from understudy.contrib.django.conf import installed, read
from understudy.contrib.django.sign_in_moment import KEY
from understudy.contrib.django.staff_member import check_password, staff_member
from understudy.contrib.django.user_table import USERS
from understudy.core.notices.events import SYSTEM
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.flows.applications import administer

URL = "https://testserver/understudy"
STREAM = "/understudy/api/v1/events/stream"


@dataclass(frozen=True)
class Site:
    """The site, and how its backend calls."""

    people: People
    headers: dict[str, str]


@pytest.fixture
def embedded(people: People, tmp_path: Path) -> Iterator[Site]:
    given = {"NAME": "Shop", "URL": URL, "DATA_DIR": tmp_path, "ALLOW_IMPERSONATION": True}
    with override_settings(
        MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", site.GUARD, *site.MIDDLEWARE],
        ROOT_URLCONF="tests.integration.contrib.django.embedded_urls",
        SILENCED_SYSTEM_CHECKS=["understudy.W001"],
        UNDERSTUDY={"EMBEDDED": given},
    ):
        understudy = installed().understudy
        with closing(understudy):
            made = (
                installation_of(understudy)
                .engine()
                .run(
                    lambda unit: administer.rotate_secret(
                        unit, APPLICATION_ID, overlap=timedelta(), by=SYSTEM, origin=HERE
                    )
                )
            )
            credentials = base64.b64encode(f"{APPLICATION_ID}:{made.secret}".encode()).decode()
            yield Site(people, {"authorization": f"Basic {credentials}"})


def test_pages_and_api_lie_below_the_path(embedded: Site) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/understudy/", secure=True)
    assert b'<base href="/understudy/">' in page.content
    saved = browser.put(
        "/understudy/api/v1/subjects/a%2Fb",
        b'{"name": "Odd"}',
        content_type="application/json",
        headers=embedded.headers,
        secure=True,
        RAW_URI="/understudy/api/v1/subjects/a%2Fb",
    )
    # One user's address, as it was sent, and no other: users are changed in the site.
    assert saved.json()["code"] == "managed_by_app", saved.content
    assert browser.head("/understudy/healthz", secure=True).status_code == 200


def test_an_event_stream_comes_in_parts_and_not_compressed(embedded: Site) -> None:
    headers = {**embedded.headers, "accept-encoding": "gzip"}
    threaded = {"wsgi.multithread": True}
    stream = Client().get(STREAM, headers=headers, secure=True, **threaded)
    with closing(stream):
        assert stream.streaming
        assert stream.headers["content-encoding"] == "identity"
        # The guard may begin with none, which servers leave out.
        parts = filter(None, stream.streaming_content)
        assert next(parts) == b": understudy\n\n"
        assert b"event: heartbeat" in next(parts)
        second = Client().get(STREAM, headers=headers, secure=True, **threaded)
        assert b"event: poll" in second.content
    third = Client().get(STREAM, headers=headers, secure=True, **threaded)
    with closing(third):
        assert third.streaming


def test_a_worker_with_one_thread_is_polled(embedded: Site) -> None:
    alone = {"wsgi.multithread": False}
    stream = Client().get(STREAM, headers=embedded.headers, secure=True, **alone)
    assert stream.content == b'event: poll\ndata: {"code":"poll"}\n\n'


async def test_streams_come_in_parts_under_asgi_as_well(embedded: Site) -> None:
    stream: Any = await AsyncClient().get(STREAM, headers=embedded.headers, secure=True)
    with closing(stream):
        parts = (part async for part in stream.streaming_content if part)
        assert await anext(parts) == b": understudy\n\n"
        assert b"event: heartbeat" in await anext(parts)


def test_a_browser_that_works_as_somebody_else_finds_the_dashboard_shut(embedded: Site) -> None:
    browser = Client()
    browser.cookies["__Host-understudy"] = opened(embedded)
    page = browser.get("/understudy/", headers={"sec-fetch-dest": "document"}, secure=True)
    assert page.status_code == 403
    call = browser.get("/understudy/api/v1/me", secure=True)
    assert (call.status_code, call.json()["code"]) == (403, "nested")
    own = browser.get("/", headers={"sec-fetch-dest": "document"}, secure=True)
    assert b"Hello customer" in own.content


def opened(embedded: Site) -> str:
    """The token of a session as the customer."""
    asked = {"subject_id": str(embedded.people.customer.pk), "reason": "Cannot find the reports"}
    told = call(embedded, "/impersonations", {**asked, "actor": {"id": "kim"}})
    token = {"impersonation_token": told["impersonation_token"]}
    found: str = call(embedded, "/impersonations/exchange", token)["session_token"]
    return found


def call(embedded: Site, path: str, body: Any) -> Any:
    """A call by the site's backend."""
    answer = Client().post(
        f"/understudy/api/v1{path}",
        body,
        content_type="application/json",
        headers=embedded.headers,
        secure=True,
    )
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def test_whoever_is_searched_for_is_found_in_the_sites_own_table(embedded: Site) -> None:
    found = Client().get(
        "/understudy/api/v1/subjects?query=custom", headers=embedded.headers, secure=True
    )
    assert [one["name"] for one in found.json()["items"]] == ["customer"], found.content


def test_the_guard_lays_nothing_over_the_dashboard_and_marks_none_of_its_pages(
    embedded: Site,
) -> None:
    browser = Client()
    browser.cookies["__Host-understudy-epoch"] = "1"
    page = browser.get("/understudy/", headers={"sec-fetch-dest": "document"}, secure=True)
    assert b"/_understudy/page.js" not in page.content
    own = browser.get("/", headers={"sec-fetch-dest": "document"}, secure=True)
    assert b"/_understudy/page.js" in own.content


def asked_by(browser: Client) -> Any:
    request = RequestFactory().get("/understudy/")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return request


def test_staff_are_those_of_the_site_with_what_they_may_do(embedded: Site) -> None:
    agent, browser = embedded.people.agent, Client()
    assert staff_member(asked_by(browser)) is None
    browser.login(username="agent", password=PASSWORD)
    assert staff_member(asked_by(browser)) is None
    agent.email = "agent@shop.example"
    agent.save()
    assert staff_member(asked_by(browser)) is None
    agent.user_permissions.add(Permission.objects.get(codename="impersonate_user"))
    agent.groups.add(Group.objects.create(name="understudy auditor"))
    found = staff_member(asked_by(browser))
    assert found is not None
    assert found == StaffMember(
        id=str(agent.pk),
        email="agent@shop.example",
        name="agent",
        roles=frozenset({"support_manager", "auditor"}),
        signed_in_at=found.signed_in_at,
    )
    agent.is_staff = False
    agent.save()
    assert staff_member(asked_by(browser)) is None


def test_a_sign_in_is_as_recent_as_the_session_says_and_not_as_the_account(
    embedded: Site,
) -> None:
    agent, browser, began = embedded.people.agent, Client(), datetime.now(UTC)
    agent.email, agent.is_superuser = "agent@shop.example", True
    agent.save()
    browser.login(username="agent", password=PASSWORD)
    session = browser.session
    assert began - timedelta(seconds=1) <= moment(browser) <= datetime.now(UTC)
    session[KEY] = int(time.time()) - 3600
    session.save()
    Client().login(username="agent", password=PASSWORD)
    assert moment(browser) < began - timedelta(minutes=59)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 60}]
    session.save()
    assert moment(browser) > began - timedelta(minutes=2)
    for told in (None, time.time() + 3600, "now"):
        session[KEY] = told
        del session["account_authentication_methods"]
        session.save()
        member = staff_member(asked_by(browser))
        assert member is not None
        assert member.signed_in_at is None
        session["account_authentication_methods"] = []


def moment(browser: Client) -> datetime:
    member = staff_member(asked_by(browser))
    assert member is not None
    assert member.signed_in_at is not None
    return member.signed_in_at


def test_a_password_is_that_of_whoever_is_signed_in(embedded: Site) -> None:
    browser = Client()
    assert not check_password(asked_by(browser), PASSWORD)
    browser.login(username="agent", password=PASSWORD)
    assert check_password(asked_by(browser), PASSWORD)
    assert not check_password(asked_by(browser), "wrong")


def test_users_are_those_of_the_table(embedded: Site) -> None:
    customer = embedded.people.customer
    customer.groups.add(Group.objects.create(name="gold"))
    told = AppUser(id=str(customer.pk), name="customer", roles=("gold",))
    assert USERS.get(str(customer.pk)) == told
    assert (USERS.get("0"), USERS.get("nobody")) == (None, None)
    assert USERS.search("CUSTOM", 5) == [told]
    assert USERS.search(str(customer.pk), 5) == [told]
    assert [user.name for user in USERS.search("", 1)] == ["agent"]  # type: ignore[union-attr]
    embedded.people.agent.is_superuser, embedded.people.agent.is_active = True, False
    embedded.people.agent.save()
    agent = USERS.get(str(embedded.people.agent.pk))
    assert isinstance(agent, AppUser)
    assert (agent.protected, agent.disabled) == (True, True)


def found_wrong(**changed: Any) -> list[str]:
    """The ids of our checks, where ``changed`` is set."""
    with override_settings(**changed):
        told = run_checks(include_deployment_checks=True)
    ids = [str(one.id) for one in told if str(one.id).startswith("understudy.")]
    return [one.removeprefix("understudy.") for one in ids if one != "understudy.W001"]


def test_a_dashboard_that_is_not_where_browsers_look_is_told(
    embedded: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--threads 4")
    assert found_wrong() == []
    assert found_wrong(ROOT_URLCONF="tests.fixtures.django_site.urls") == ["E008"]
    given = {"NAME": "Shop", "URL": "https://testserver/support", "DATA_DIR": tmp_path}
    assert found_wrong(UNDERSTUDY={"EMBEDDED": given}) == ["E009"]


def test_workers_that_do_one_thing_at_a_time_are_told_before_a_deployment(
    embedded: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--workers 3")
    assert found_wrong() == ["W004"]
    (tmp_path / "gunicorn.conf.py").write_text('worker_class = "gthread"')
    assert found_wrong() == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"EMBEDDED": {"URL": URL}}, "lacks NAME"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL, "URLS": 1}}, "no 'URLS'"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL, "DATABASE": "other"}}, "alias"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL, "USERS": "builtins.dict"}}, "a Users"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL, "STAFF": "kim.staff"}}, "kim.staff"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL}, "STATE_DIR": "x"}, "STATE_DIR"),
        ({"EMBEDDED": {"NAME": "Shop", "URL": URL}, "LOAD_USER": lambda _: None}, "USERS"),
        ({"EMBEDDED": "shop"}, "a dict"),
    ],
)
def test_settings_that_make_no_installation_say_what_is_wrong(
    changed: dict[str, object], says: str
) -> None:
    with pytest.raises(SetupError, match=says):
        read(changed)
