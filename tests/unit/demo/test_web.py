from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from understudy.demo.accounts import COOKIE, Accounts
from understudy.demo.people import USERS
from understudy.demo.seed import BLOCKED_ACTIONS
from understudy.demo.web import create_app
from understudy.sdk.values import Wire
from understudy.testing import FakeGateway, FakeSession

PASSWORD = "the demo's one password"
ORIGIN = "http://app.localhost:8701"


class Harbor:
    """The sample app, with a service that needs no network."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.understudy = self.gateway.understudy()
        tokens = iter(f"token-{number}" for number in range(100))
        accounts = Accounts(password=PASSWORD, new_token=lambda: next(tokens))
        self._app = create_app(self.understudy, accounts)

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """One request of somebody's browser, with the cookies in ``headers``."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                page = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}
                return await client.request(
                    method, path, headers={**page, **(headers or {})}, **body
                )

        return asyncio.run(send())

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Use the app's own login."""
        return self.request("POST", "/login", data={"email": email, "password": password})

    def as_user(self, user_id: str) -> Callable[..., httpx.Response]:
        """Requests of somebody who is signed in with the app's own login."""
        email = next(user.email for user in USERS if user.id == user_id)
        token = self.sign_in(email).cookies[COOKIE]
        return lambda path, method="GET": self.request(
            method, path, {"Cookie": f"{COOKIE}={token}"}
        )

    def open(self, subject_id: str, **facts: Any) -> FakeSession:
        """A session in which somebody works as a user of the app."""
        return self.gateway.open(subject_id=subject_id, **facts)


@pytest.fixture
def harbor() -> Any:
    made = Harbor()
    yield made
    made.understudy.close()


def test_strangers_are_sent_to_the_login(harbor: Harbor) -> None:
    for path in ("/", "/invoices", "/reports", "/settings", "/invoices/T-1042"):
        answer = harbor.request("GET", path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Sign in" in harbor.request("GET", "/login").text


@pytest.mark.parametrize(
    ("wire", "query"),
    [
        (Wire.STYTCH, "stytch_token_type=multi_tenant_impersonation&token="),
        (Wire.CLERK, "__clerk_status=sign_in&__clerk_ticket="),
    ],
)
def test_links_of_the_other_hand_offs_lead_in_as_well(
    harbor: Harbor, wire: Wire, query: str
) -> None:
    session = harbor.open("ada")
    token = harbor.gateway.offer(session, wire=wire)
    answer = harbor.request("GET", f"/_understudy/callback?{query}{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert session.token in answer.headers["set-cookie"]


def test_signing_in_needs_the_password(harbor: Harbor) -> None:
    for email, password in (("ada@tidewater.example", "wrong"), ("nobody@x.example", PASSWORD)):
        answer = harbor.sign_in(email, password)
        assert answer.status_code == 401
        assert "do not match" in answer.text
        assert COOKIE not in answer.cookies


def test_the_apps_cookie_is_out_of_scripts_reach(harbor: Harbor) -> None:
    cookie = harbor.sign_in(" ADA@tidewater.example ").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_signing_out_forgets_the_session(harbor: Harbor) -> None:
    ask = harbor.as_user("ada")
    assert "Ada Lovelace" in ask("/").text
    assert ask("/logout", "POST").headers["location"] == "/login"
    assert ask("/").status_code == 303


@pytest.mark.parametrize(
    ("user_id", "sees"),
    [("ada", False), ("emil", False), ("chidi", True), ("bruno", True), ("sam", True)],
)
def test_only_the_finance_role_has_reports(harbor: Harbor, user_id: str, sees: bool) -> None:
    ask = harbor.as_user(user_id)
    assert ask("/reports").status_code == (200 if sees else 404)
    assert ('href="/reports"' in ask("/").text) is sees


def test_a_company_sees_its_own_invoices_and_no_others(harbor: Harbor) -> None:
    tidewater, northlight, staff = map(harbor.as_user, ("ada", "jonas", "sam"))
    assert "T-1042" in tidewater("/invoices").text
    assert "N-1542" not in tidewater("/invoices").text
    assert "N-1542" in northlight("/invoices").text
    assert "T-1042" not in northlight("/invoices").text
    for number in ("T-1042", "N-1542"):
        assert number in staff("/invoices").text
    assert tidewater("/invoices/T-1042").status_code == 200
    for answer in (
        tidewater("/invoices/N-1542"),
        tidewater("/invoices/nothing"),
        tidewater("/invoices/N-1542/remind", "POST"),
    ):
        assert answer.status_code == 404
        assert "Nothing here" in answer.text
    assert "N-1542" not in tidewater("/invoices/export").text


def test_invoices_are_searched_and_what_was_typed_is_escaped(harbor: Harbor) -> None:
    ask = harbor.as_user("ada")
    found = ask("/invoices?q=riverside").text
    assert "Riverside School" in found
    assert "Hotel Bellevue" not in found
    shown = ask("/invoices?q=<script>").text
    assert "<script>" not in shown
    assert "No invoice matches." in shown


def test_a_reminder_is_counted(harbor: Harbor) -> None:
    ask = harbor.as_user("ada")
    answer = ask("/invoices/T-1042/remind", "POST")
    assert (answer.status_code, answer.headers["location"]) == (303, "/invoices/T-1042")
    assert "<dd>1</dd>" in ask("/invoices/T-1042").text


def test_settings_say_what_was_saved_and_take_nothing_unknown(harbor: Harbor) -> None:
    ask = harbor.as_user("ada")
    for what in ("password", "email", "payout"):
        location = ask(f"/settings/{what}", "POST").headers["location"]
        assert f"Saved: {what}" in ask(location).text
    assert ask("/settings/shoes", "POST").status_code == 404
    assert "deletion" in ask(ask("/account/delete", "POST").headers["location"]).text
    assert "Ada Lovelace" in ask("/").text


def test_parts_without_login_answer_anybody(harbor: Harbor) -> None:
    assert harbor.request("GET", "/healthz").json() == {"status": "ok"}
    for name in ("harbor.css", "harbor.svg"):
        assert harbor.request("GET", f"/static/{name}").status_code == 200


def test_whoever_works_as_ada_sees_what_ada_sees(harbor: Harbor) -> None:
    own = harbor.as_user("sam")
    assert own("/reports").status_code == 200
    session = harbor.open("ada", subject_name="Ada Lovelace", actor_name="Sam Rivers")
    page = harbor.request("GET", "/", session.headers)
    assert "Good morning, Ada" in page.text
    assert "<understudy-banner" in page.text
    assert 'href="/reports"' not in page.text
    assert harbor.request("GET", "/reports", session.headers).status_code == 404


def test_the_overlay_wins_over_the_agents_own_login_and_leaves_it_alone(harbor: Harbor) -> None:
    token = harbor.sign_in("sam@harbor.example").cookies[COOKIE]
    session = harbor.open("ada")
    both = {"Cookie": f"{COOKIE}={token}; {session.headers['Cookie']}"}
    assert "Good morning, Ada" in harbor.request("GET", "/", both).text
    harbor.gateway.revoke(session.id)
    assert harbor.request("GET", "/", both).status_code == 401
    own = harbor.request("GET", "/", {"Cookie": f"{COOKIE}={token}"})
    assert "Good morning, Sam" in own.text


def test_every_dangerous_button_is_blocked_while_impersonating(harbor: Harbor) -> None:
    session = harbor.open("ada", blocked_actions=BLOCKED_ACTIONS)
    for action in BLOCKED_ACTIONS:
        answer = harbor.request(action.method, action.pattern, session.headers)
        assert answer.status_code == 403, action
        assert action.label in answer.text
    reminded = harbor.request("POST", "/invoices/T-1042/remind", session.headers)
    assert reminded.status_code == 303


def test_a_user_whom_the_app_does_not_know_is_served_to_nobody(harbor: Harbor) -> None:
    session = harbor.open("somebody-else")
    answer = harbor.request("GET", "/", session.headers)
    assert answer.status_code != 200
    assert "Good morning" not in answer.text
