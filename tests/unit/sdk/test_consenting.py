"""A user agrees on their own login; nobody does it for them, least of all from inside a session."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.desk import KIM, cookies_of
from tests.unit.sdk.visiting import OWN_FORM, PERSON, App, body, header
from understudy.sdk.context import Impersonation, Present, entered
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import NAME, OWN, marked
from understudy.sdk.staff import SignInRequired, Staff
from understudy.sdk.user_says import Deed
from understudy.sdk.values import Actor
from understudy.sdk.visit import Answer

CONSENT, HISTORY = "/_understudy/consent", "/_understudy/access-history"
SCRIPT = (("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty"))


def staff_of(request: Mapping[str, Any]) -> Actor | None:
    return KIM if request.get("staff") else None


def _user(request: Mapping[str, Any]) -> str | None:
    """By the app's own sign-in, which here is a member of the request."""
    return request.get("user")


class Account(App):
    """Ada, at her own account."""

    def __init__(self, consent_of: Any = None) -> None:
        super().__init__(
            staff=Staff(staff_of=staff_of),
            consent_of=consent_of or _user,
        )
        self.gateway.users.mode = "standing"

    def look(self, path: str = CONSENT, *headers: tuple[str, str], **more: Any) -> Answer:
        request = more.pop("request", {"user": "ada"})
        return self.visit("GET", path, *(headers or SCRIPT), request=request, **more)

    def say(
        self, fields: Mapping[str, Any], *headers: tuple[str, str], path: str = CONSENT, **more: Any
    ) -> Answer:
        """What a script of her own page gets."""
        sent, request = json.dumps(fields).encode(), more.pop("request", {"user": "ada"})
        kind = ("content-type", "application/json")
        return self.visit(
            "POST", path, *(headers or SCRIPT), kind, body=sent, request=request, **more
        )

    def submit(self, path: str = CONSENT, **fields: str) -> Answer:
        """What a form of her own page gets."""
        kind = ("content-type", "application/x-www-form-urlencoded")
        sent = urlencode(fields).encode()
        return self.visit("POST", path, *OWN_FORM, kind, body=sent, request={"user": "ada"})

    @property
    def deeds(self) -> list[Deed]:
        return [said.deed for said in self.gateway.users.said]


@pytest.fixture
def account() -> Iterator[Account]:
    made = Account()
    yield made
    made.understudy.close()


def code_of(answer: Answer) -> tuple[int, object]:
    return answer.status, body(answer)["code"]


def test_a_user_agrees_and_takes_it_back(account: Account) -> None:
    assert body(account.look())["consents"] == []
    assert account.say({"do": "agree", "days": 7, "scope": "read_only"}).status == 200
    assert len(list(body(account.look())["consents"])) == 1  # type: ignore[call-overload]
    assert account.say({"do": "withdraw"}).status == 200
    said = account.gateway.users.said
    assert (said[1].subject_id, said[1].facts) == ("ada", {"days": 7, "scope": "read_only"})
    assert account.deeds == [Deed.STATE, Deed.AGREE, Deed.STATE, Deed.WITHDRAW]


def test_a_user_answers_a_request_by_a_plain_page(account: Account) -> None:
    account.gateway.users.ask("csr_1", asked_by="<Sam>")
    page = account.look(CONSENT, *PERSON)
    text = page.body.decode()
    assert (page.status, "&lt;Sam&gt;" in text, "47" in text) == (200, True, True)
    assert "no-store" in dict(page.all_headers())["cache-control"]
    shown = account.submit(do="code", request_id="csr_1")
    assert "HELP 1234 5678" in shown.body.decode()
    allowed = account.submit(do="allow", request_id="csr_1")
    assert (allowed.status, header(allowed, "location")) == (303, CONSENT)
    again = account.submit(do="allow", request_id="csr_1")
    assert again.status == 404


def test_a_user_sees_who_was_there_and_says_that_it_was_not_agreed(account: Account) -> None:
    assert body(account.look(HISTORY)) == {"items": [], "next_cursor": None}
    account.gateway.users.history.append(
        {
            "session_id": "ses_1",
            "actor": {
                "kind": "named_by_application",
                "id": "kim-7",
                "email": "kim@support.example",
                "name": "Kim",
            },
            "reason": "Ticket 1",
            "started_at": "2026-01-05T09:00:00Z",
            "ended_at": None,
            "actions": None,
        }
    )
    [item] = cast(Any, body(account.look(HISTORY)))["items"]
    assert item["actor"] == {
        "kind": "named_by_application",
        "id": None,
        "email": None,
        "name": "Kim",
    }
    assert b"kim-7" not in account.look(HISTORY, *PERSON).body
    account.gateway.users.history.clear()
    assert b"Nobody has accessed" in account.look(HISTORY, *PERSON).body
    account.say({"do": "not_agreed", "session_id": "ses_1", "note": "No."}, path=HISTORY)
    ended = account.submit(HISTORY, do="end", session_id="ses_1")
    assert (ended.status, header(ended, "location")) == (303, HISTORY)
    said = account.gateway.users.said[-2:]
    assert [(one.deed, one.target) for one in said] == [
        (Deed.NOT_AGREED, "ses_1"),
        (Deed.END, "ses_1"),
    ]
    assert said[0].facts == {"note": "No."}


SAYS = [{"do": "agree"}, {"do": "allow", "request_id": "r"}, {"do": "code", "request_id": "r"}]


@pytest.mark.parametrize("said", [*SAYS, {"do": "withdraw"}])
def test_nobody_says_anything_in_a_browser_that_holds_a_session(
    account: Account, said: Mapping[str, Any]
) -> None:
    landed = account.land(account.gateway.open(subject_id="ada"))
    for cookie in (cookies_of(landed), f"{OVERLAY}=anything", f"{OVERLAY}=a; {OVERLAY}=b"):
        assert code_of(account.say(said, cookie=cookie)) == (403, "forbidden_while_impersonating")
        assert account.look(cookie=cookie).status == 403
    assert account.deeds == []


def test_the_log_of_the_session_tells_of_the_try(account: Account) -> None:
    session = account.gateway.open(subject_id="ada")
    landed = account.land(session)
    account.say({"do": "agree"}, cookie=cookies_of(landed))
    assert [(one.phase, one.rule) for one in account.gateway.actions(session.id)] == [
        ("blocked", "forbidden_while_impersonating")
    ]


def test_nobody_says_anything_from_within_the_apps_code_in_a_session(account: Account) -> None:
    opened = account.gateway.open(subject_id="ada")
    present = Present(Impersonation.of(account.gateway.session(opened.id), None))
    with entered(present):
        assert account.say({"do": "agree"}).status == 403
    assert account.deeds == []


@pytest.mark.parametrize("said", SAYS)
def test_staff_let_nobody_in(account: Account, said: Mapping[str, Any]) -> None:
    request = {"user": "ada", "staff": True}
    assert code_of(account.say(said, request=request)) == (403, "consent_by_staff")
    assert account.deeds == []
    assert account.say({"do": "withdraw"}, request=request).status == 200


def test_staff_whose_sign_in_is_stale_are_staff() -> None:
    def stale(_: object) -> Actor | None:
        raise SignInRequired

    account = Account()
    account.routes = type(account.routes)(
        account.understudy, staff=Staff(staff_of=stale), consent_of=lambda _: "ada"
    )
    assert code_of(account.say({"do": "agree"})) == (403, "consent_by_staff")
    account.understudy.close()


@pytest.mark.parametrize(
    ("headers", "query", "cookie", "code"),
    [
        ((("sec-fetch-site", "cross-site"),), "", None, "cross_site_refused"),
        ((("sec-fetch-site", "same-site"),), "", None, "cross_site_refused"),
        ((("origin", "https://evil.test"),), "", None, "cross_site_refused"),
        ((("accept", "*/*"),), "", None, "cross_site_refused"),
        (SCRIPT, f"{NAME}=ses_1", None, "page_of_another_session"),
        (SCRIPT, "", "__Host-understudy-epoch=own", "page_unmarked"),
    ],
)
def test_only_a_page_of_the_users_own_is_heard(
    account: Account,
    headers: tuple[tuple[str, str], ...],
    query: str,
    cookie: str | None,
    code: str,
) -> None:
    answer = account.say({"do": "agree"}, *headers, query=query, cookie=cookie)
    assert code_of(answer)[1] == code
    assert account.deeds == []


@pytest.mark.parametrize("given", [None, "", 3.5, "a\nb", "x" * 256, RuntimeError("away")])
def test_who_is_no_user_is_asked_nothing(given: object) -> None:
    def consent_of(_: object) -> Any:
        if isinstance(given, Exception):
            raise given
        return given

    account = Account(consent_of)
    for answer in (account.say({"do": "agree"}), account.look(), account.look(HISTORY)):
        assert code_of(answer) == (401, "not_signed_in")
    assert account.look(CONSENT, *PERSON).status == 401
    assert account.deeds == []
    account.understudy.close()


def test_an_app_that_numbers_its_users_is_understood() -> None:
    account = Account(lambda _: 7)
    assert account.look().status == 200
    assert account.gateway.users.said[0].subject_id == "7"
    account.understudy.close()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"do": "own"},
        {"do": "end", "session_id": "ses_1"},
        {"do": "allow"},
        {"do": "allow", "request_id": 7},
        {"do": "agree", "days": "many"},
    ],
)
def test_what_is_not_understood_is_not_done(account: Account, said: Mapping[str, Any]) -> None:
    assert code_of(account.say(said)) == (400, "malformed_request")
    assert account.deeds == []


def test_what_another_site_could_send_unasked_is_not_read(account: Account) -> None:
    kind = ("content-type", "text/plain")
    answer = account.visit("POST", CONSENT, *SCRIPT, kind, body=b"{}", request={"user": "ada"})
    assert answer.status == 415
    long = account.say({"do": "agree", "note": "x" * 20_000})
    assert long.status == 413
    cut = account.say({"do": "agree"}, *SCRIPT, ("content-length", "3"))
    assert cut.status == 400


def test_a_service_that_is_away_has_done_nothing(account: Account) -> None:
    account.gateway.reachable = False
    assert account.say({"do": "agree"}).status == 503
    assert account.look(CONSENT, *PERSON).status == 503


def test_without_a_callable_there_are_no_such_addresses() -> None:
    app = App()
    for path in (CONSENT, HISTORY):
        assert app.visit("GET", path, *SCRIPT).status == 404
    app.understudy.close()


def test_a_plain_page_acts_in_a_browser_that_has_had_a_session(account: Account) -> None:
    page = account.look(CONSENT, *PERSON, cookie="__Host-understudy-epoch=own")
    assert f'action="{marked(CONSENT, OWN)}"' in page.body.decode()
