"""From the dashboard's Launch to a session, by the very curl call of Stytch's article."""

from __future__ import annotations

import json
import subprocess
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.docs.pages import ROOT, blocks
from tests.integration.wires.stytch.place import REASON, Place, Project
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

_FORM = {"content-type": "application/x-www-form-urlencoded"}


def _granted(place: Place, browser: httpx.Client, project: Project) -> str:
    body = {"application_id": project.id, "subject_id": "ada", "reason": REASON}
    started = browser.post("/api/v1/impersonations", json=body)
    assert started.status_code == 201, started.text
    assert started.json()["impersonation_token"] is None
    return str(started.json()["grant"]["id"])


def _launched(browser: httpx.Client, grant_id: str) -> str:
    """Where the tab goes that the dashboard opens."""
    page = browser.post(f"/api/v1/grants/{grant_id}/launch", headers=_FORM)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    return unescape(page.headers["refresh"].partition("url=")[2])


@pytest.mark.parametrize(
    ("vertical", "token_type"),
    [("b2b", "multi_tenant_impersonation"), ("consumer", "impersonation")],
)
def test_launch_opens_the_redirect_url_with_a_token_of_five_minutes(
    place: Place, vertical: str, token_type: str
) -> None:
    project = place.b2b if vertical == "b2b" else place.consumer
    with place.operator(Role.SUPPORT_MANAGER) as browser:
        grant_id = _granted(place, browser, project)
        url = urlsplit(_launched(browser, grant_id))
        again = browser.post(f"/api/v1/grants/{grant_id}/launch").json()
    assert f"{url.scheme}://{url.netloc}{url.path}" == "http://localhost:3000/authenticate"
    query = dict(parse_qsl(url.query))
    assert (query.pop("from"), query.pop("stytch_token_type")) == ("support", token_type)
    assert list(query) == ["token"]
    assert dict(parse_qsl(urlsplit(again["url"]).query))["token"] != query["token"]
    launches = place.entries(EventType.GRANT_LAUNCHED)
    assert [(entry.core or {})["details"] for entry in launches] == [{"wire": "stytch"}] * 2
    assert query["token"] not in str(launches)
    place.clock.forward(seconds=299)
    part = "" if vertical == "consumer" else "/b2b"
    answer = place.post(
        f"/v1{part}/impersonation/authenticate",
        {"impersonation_token": query["token"]},
        project,
    )
    factor = answer.json()["member_session" if part else "session"]["authentication_factors"][0]
    assert factor["impersonated_factor"]["impersonator_email_address"] == "sam@support.example"


def test_the_code_hand_off_puts_no_token_into_the_url(place: Place) -> None:
    place.change_settings(place.b2b, hand_off="code")
    with place.operator(Role.SUPPORT_MANAGER) as browser:
        url = _launched(browser, _granted(place, browser, place.b2b))
    assert set(dict(parse_qsl(urlsplit(url).query))) == {"iss", "login_hint"}


def test_only_its_own_operator_launches_a_grant(place: Place) -> None:
    grant_id = place.started()["grant"]["id"]
    with place.operator(Role.SUPPORT_MANAGER, Role.ADMIN) as browser:
        answer = browser.post(f"/api/v1/grants/{grant_id}/launch")
        assert answer.status_code == 404
        mine = _granted(place, browser, place.b2b)
        browser.post(f"/api/v1/grants/{mine}/cancel")
        answer = browser.post(f"/api/v1/grants/{mine}/launch")
        assert (answer.status_code, answer.json()["rule"]) == (403, "grant_closed")
        place.change_settings(place.b2b, redirect_urls=())
        other = _granted(place, browser, place.b2b)
        assert browser.post(f"/api/v1/grants/{other}/launch").status_code == 409


def test_an_operator_chooses_no_wire(place: Place) -> None:
    body = {"application_id": place.b2b.id, "subject_id": "ada", "reason": REASON, "wire": "native"}
    with place.operator(Role.SUPPORT_MANAGER) as browser:
        answer = browser.post("/api/v1/impersonations", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "wire")


def test_the_curl_call_of_the_readme_gives_the_documented_answer(place: Place) -> None:
    with place.operator(Role.SUPPORT_MANAGER) as browser:
        url = _launched(browser, _granted(place, browser, place.b2b))
    token = dict(parse_qsl(urlsplit(url).query))["token"]
    call, documented = _of_the_readme()
    call = (
        call.replace("http://localhost:8700", place.base)
        .replace("PROJECT_ID:SECRET", f"{place.b2b.id}:{place.b2b.secret}")
        .replace("TOKEN", token)
    )
    done = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["status_code"] == 200
    assert set(documented) <= set(answer)
    assert (answer["member_id"], answer["organization_id"]) == ("ada", "acme")
    assert answer["member_authenticated"] is True
    (factor,) = answer["member_session"]["authentication_factors"]
    (shown,) = documented["member_session"]["authentication_factors"]
    assert set(shown) <= set(factor)
    assert set(shown["impersonated_factor"]) == set(factor["impersonated_factor"])
    assert factor["impersonated_factor"]["impersonator_email_address"] == "sam@support.example"
    second = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=True)
    assert json.loads(second.stdout)["error_type"] == "unable_to_auth_impersonation_token"


def _of_the_readme() -> tuple[str, dict[str, Any]]:
    """The call that the README shows, and the answer below it."""
    shown = list(blocks(ROOT / "README.md"))
    (place,) = (at for at, one in enumerate(shown) if "impersonation/authenticate" in one.text)
    return shown[place].text, json.loads(shown[place + 1].text)
