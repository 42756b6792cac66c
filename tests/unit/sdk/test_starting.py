"""How one of the app's staff starts a session from within the app."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.desk import (
    FORM,
    KIM,
    REASON,
    SCRIPT,
    Desk,
    cookies_of,
    held_up,
    home_of,
    open_desk,
)
from tests.unit.sdk.visiting import ORIGIN, all_of, body, header
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import OutcomeUnknown, TooManyRequests
from understudy.sdk import starting
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.context import Impersonation, Present, entered
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.staff import SignInRequired
from understudy.sdk.values import Actor, Opened, Presented
from understudy.sdk.visit import Answer


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def nothing_began(desk: Desk, answer: Answer) -> bool:
    return all_of(answer, "set-cookie") == [] and "exchange" not in desk.gateway.calls


def code_of(answer: Answer) -> tuple[int, object]:
    return answer.status, body(answer)["code"]


# --- what begins ---


def test_staff_start_a_session_in_their_own_name(desk: Desk) -> None:
    answer = desk.start(ticket="T-1", minutes=20, scope="read_only")
    assert answer.status == 200
    told = body(answer)
    session = desk.gateway.session(str(told["session"]))
    assert (session.actor, session.subject.id) == (KIM, "ada")
    assert (session.reason, session.ticket) == (REASON, "T-1")
    assert session.restrictions.scope is Scope.READ_ONLY
    assert (session.ends_at - session.started_at).total_seconds() == 1200
    assert told == {"started": True, "session": session.id, "home": "/home"}


def test_the_browser_is_laid_over_as_by_a_launch(desk: Desk) -> None:
    answer = desk.start()
    overlay, back, *epoch = all_of(answer, "set-cookie")
    assert overlay.startswith(f"{OVERLAY}=uss_")
    assert back.startswith("__Host-understudy-back=")
    for cookie in (overlay, back):
        assert cookie.endswith("; Secure; HttpOnly; SameSite=Lax")
    assert epoch == list(desk.routes.epoch.cookies(str(body(answer)["session"])))
    assert header(answer, "clear-site-data") == '"cache"'
    assert dict(answer.all_headers())["cache-control"] == "no-store"
    state = body(desk.visit("GET", "/_understudy/state", cookie=cookies_of(answer)))
    assert state["active"] is True


def test_a_form_without_a_script_is_sent_to_the_subjects_home(desk: Desk) -> None:
    fields = {"subject_id": "ada", "reason": REASON, "ticket": "", "csrfmiddlewaretoken": "x"}
    answer = desk.post(urlencode(fields).encode(), "application/x-www-form-urlencoded", *FORM)
    assert (answer.status, header(answer, "location")) == (303, "/home")
    assert all_of(answer, "set-cookie")[0].startswith(f"{OVERLAY}=uss_")


@pytest.mark.parametrize(("subject", "home"), [("ada", "/finance"), ("bob", "/start")])
def test_a_session_begins_at_the_home_of_its_subjects_roles(subject: str, home: str) -> None:
    with open_desk(home_of=home_of) as desk:
        assert body(desk.start(subject_id=subject))["home"] == home
        assert body(desk.start(subject_id=subject, base="/shop"))["home"] == f"/shop{home}"


@pytest.mark.parametrize(
    "home", ["//evil.test", "https://evil.test/", "/\\evil.test", None, 7, "/_understudy/end"]
)
def test_no_home_is_anywhere_else(home: object) -> None:
    with open_desk(home_of=lambda _: home) as desk:
        assert body(desk.start())["home"] == "/home"


def test_a_home_that_fails_spoils_no_session() -> None:
    with open_desk(home_of=lambda subject: subject.nothing) as desk:
        assert body(desk.start())["home"] == "/home"


def test_the_end_leads_back_to_where_it_was_started(desk: Desk) -> None:
    cookie = cookies_of(desk.start())
    end = ("sec-fetch-site", "same-origin")
    answer = desk.visit("POST", "/_understudy/end", end, cookie=cookie)
    assert body(answer) == {"active": False, "ended": True, "return_to": "/admin/users?page=2"}
    assert any(one.startswith("__Host-understudy-back=;") for one in all_of(answer, "set-cookie"))
    page = desk.visit("POST", "/_understudy/end", *FORM, cookie=cookie)
    assert (page.status, header(page, "location")) == (303, "/admin/users?page=2")


@pytest.mark.parametrize("referrer", ["https://evil.test/x", f"{ORIGIN}//evil.test", ""])
def test_the_end_leads_home_from_what_is_no_page_of_the_app(desk: Desk, referrer: str) -> None:
    answer = desk.start(None, *SCRIPT[:2], ("referer", referrer))
    end = ("sec-fetch-site", "same-origin")
    ended = desk.visit("POST", "/_understudy/end", end, cookie=cookies_of(answer))
    assert body(ended)["return_to"] == "/home"


# --- who may ---


def test_without_staff_there_is_nothing(desk: Desk) -> None:
    plain = desk.visit("POST", "/_understudy/nothing", *SCRIPT)
    with open_desk() as other:
        other.routes = type(other.routes)(other.understudy)
        for method in ("POST", "GET"):
            answer = other.visit(method, "/_understudy/start", *SCRIPT, body=b"{}")
            assert (answer.status, answer.body) == (404, plain.body)


def test_whoever_is_no_staff_finds_nothing_either(desk: Desk) -> None:
    plain = desk.visit("POST", "/_understudy/nothing", *SCRIPT)
    answer = desk.start(signed_in_as="ada")
    assert (answer.status, answer.body) == (404, plain.body)
    assert desk.gateway.calls == []


@pytest.mark.parametrize(
    "given",
    [KeyError("nobody"), True, "kim", {"id": "kim"}, Actor(id=""), Actor(id="a\nb"), Actor(id=7)],  # type: ignore[arg-type]  # what apps may give
)
def test_what_the_apps_sign_in_leaves_in_doubt_is_nobody(
    given: object, caplog: pytest.LogCaptureFixture
) -> None:
    def staff_of(_: object) -> object:
        if isinstance(given, Exception):
            raise given
        return given

    with open_desk(staff_of=staff_of) as desk:
        assert code_of(desk.start()) == (404, "not_found")
        assert desk.gateway.calls == []
    assert "staff() gave" in caplog.text


def test_what_an_app_has_not_of_its_staff_is_not_asked_for_as_an_empty_text() -> None:
    with open_desk(staff_of=lambda _: Actor(id="staff-7", email="", name="")) as desk:
        assert desk.start().status == 200
        (session,) = desk.gateway.sessions()
    assert session.actor == Actor(id="staff-7", email=None, name=None)


def test_the_app_may_want_to_see_a_fresh_sign_in() -> None:
    def staff_of(_: object) -> object:
        raise SignInRequired(at="/login?next=/admin/users")

    with open_desk(staff_of=staff_of) as desk:
        answer = desk.start()
        assert code_of(answer) == (401, "not_signed_in")
        assert body(answer)["sign_in"] == "/login?next=/admin/users"
        page = desk.start(None, *FORM)
        assert (page.status, header(page, "location")) == (303, "/login?next=/admin/users")
        assert desk.gateway.calls == []


@pytest.mark.parametrize("says", [False, None, 1, "yes", PermissionError("no")])
def test_only_a_plain_yes_permits(says: object) -> None:
    asked: list[object] = []

    def may_start(*about: object) -> object:
        asked.extend(about)
        if isinstance(says, Exception):
            raise says
        return says

    with open_desk(may_start=may_start) as desk:
        assert code_of(desk.start()) == (403, "subject_unavailable")
        assert asked == [KIM, "ada", {"signed_in_as": "kim"}]
        assert desk.gateway.calls == []


def test_a_yes_permits() -> None:
    with open_desk(may_start=lambda *_: True) as desk:
        assert desk.start().status == 200


# --- what a prober learns ---


def test_unknown_protected_and_forbidden_users_look_the_same() -> None:
    with open_desk(may_start=lambda _, subject_id, __: subject_id != "bob") as desk:
        answers = {desk.start(subject_id=one).body for one in ("nobody", "vip", "bob", KIM.id)}
        statuses = {desk.start(subject_id=one).status for one in ("nobody", "vip", "bob")}
    assert (len(answers), statuses) == (1, {403})


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reason": ""}, "reason_missing", "reason"),
        ({"reason": "too short"}, "reason_too_short", "reason"),
        ({"reason": "x" * 1001}, "reason_too_long", "reason"),
        ({"ticket": "x" * 201}, "ticket_too_long", "ticket"),
        ({"minutes": 61}, "minutes_out_of_range", "minutes"),
    ],
)
def test_what_can_be_mended_is_told_with_its_field(
    desk: Desk, changes: dict[str, Any], code: str, field: str
) -> None:
    for subject in ("ada", "vip", "nobody"):
        answer = desk.start(subject_id=subject, **changes)
        assert code_of(answer) == (422, code)
        assert body(answer)["field"] == field
        assert nothing_began(desk, answer)


def test_a_person_reads_why_not_and_finds_the_way_back(desk: Desk) -> None:
    answer = desk.start({"subject_id": "vip", "reason": REASON}, *FORM)
    assert answer.status == 403
    assert b"This user cannot be impersonated." in answer.body
    assert b'href="/admin/users?page=2"' in answer.body


# --- abuse ---


def test_nested_a_page_of_a_subject_starts_nothing(desk: Desk) -> None:
    cookie = cookies_of(desk.start())
    desk.gateway.calls.clear()
    for held in (cookie, f"{OVERLAY}=over", f"{OVERLAY}=", f"{OVERLAY}=a; {OVERLAY}=b"):
        answer = desk.start(subject_id="bob", cookie=held, query="_understudy_page=own")
        assert code_of(answer) == (403, "nested")
        assert all_of(answer, "set-cookie") == []
    assert "request" not in desk.gateway.calls


def test_nested_an_app_within_an_impersonated_one_starts_nothing(desk: Desk) -> None:
    session = desk.gateway.session(str(body(desk.start())["session"]))
    with entered(Present(Impersonation.of(session))):
        assert code_of(desk.start()) == (403, "nested")


@pytest.mark.parametrize("mark", ["ses_other", ""])
def test_nested_a_page_that_outlived_its_session_starts_nothing(desk: Desk, mark: str) -> None:
    answer = desk.start(query=f"_understudy_page={mark}")
    assert code_of(answer) == (409, "page_of_another_session")
    assert desk.gateway.calls == []


def test_while_a_browser_is_known_a_start_says_whose_page_it_is_from(desk: Desk) -> None:
    known = "__Host-understudy-epoch=1"
    assert code_of(desk.start(cookie=known)) == (409, "page_unmarked")
    assert desk.gateway.calls == []
    assert desk.start(cookie=known, query="_understudy_page=own").status == 200


@pytest.mark.parametrize(
    ("header", "query", "code"),
    [
        ("own", "", None),
        ("own", "_understudy_page=own", None),
        ("of-ada", "", "page_of_another_session"),
        ("own", "_understudy_page=of-ada", "page_of_another_session"),
    ],
)
def test_whose_page_it_is_from_may_stand_in_a_header(
    desk: Desk, header: str, query: str, code: str | None
) -> None:
    """Scripts of pages put it there where a request is made already, and goes on by itself."""
    known = "__Host-understudy-epoch=1"
    answer = desk.start(None, *SCRIPT, ("understudy-page", header), cookie=known, query=query)
    assert body(answer).get("code") == code


@pytest.mark.parametrize(
    "headers",
    [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
        [("sec-fetch-site", "same-site"), ("origin", "https://view.app.test")],
        [("origin", "https://evil.test")],
        [("origin", "null")],
        [("accept", "*/*")],
    ],
)
@pytest.mark.parametrize("form", [False, True])
def test_csrf_another_site_starts_nothing(
    desk: Desk, headers: list[tuple[str, str]], form: bool
) -> None:
    fields = {"subject_id": "ada", "reason": REASON}
    if form:
        kind = "application/x-www-form-urlencoded"
        answer = desk.post(urlencode(fields).encode(), kind, *headers)
    else:
        answer = desk.start(None, *headers)
    assert code_of(answer) == (403, "cross_site_refused")
    assert not any(name.startswith("access-control") for name, _ in answer.all_headers())
    assert desk.gateway.calls == []


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_csrf_what_a_page_of_another_site_can_send_unasked_is_not_read(
    desk: Desk, kind: str
) -> None:
    answer = desk.post(b'{"subject_id": "ada", "reason": "long enough"}', kind, *SCRIPT)
    assert code_of(answer) == (415, "unsupported_media_type")
    assert desk.gateway.calls == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_csrf_nothing_is_started_by_a_link(desk: Desk, method: str) -> None:
    answer = desk.visit(method, "/_understudy/start", *SCRIPT, request={"signed_in_as": "kim"})
    assert answer.status == 405
    assert header(answer, "allow") == "POST"


@pytest.mark.parametrize("name", ["actor", "actor_id", "roles", "return_to", "organization_id"])
def test_nobody_names_an_actor_or_anything_else_that_was_not_asked_for(
    desk: Desk, name: str
) -> None:
    answer = desk.start({"subject_id": "ada", "reason": REASON, name: {"id": "boss"}})
    assert code_of(answer) == (400, "malformed_request")
    assert body(answer)["field"] == name
    assert desk.gateway.calls == []


def test_an_actor_in_a_form_is_nobody(desk: Desk) -> None:
    fields = {"subject_id": "ada", "reason": REASON, "actor": "boss", "actor.id": "boss"}
    kind = "application/x-www-form-urlencoded"
    answer = desk.post(urlencode(fields).encode(), kind, *SCRIPT)
    assert desk.gateway.session(str(body(answer)["session"])).actor == KIM


def test_replay_the_same_request_again_starts_nothing(desk: Desk) -> None:
    cookie = cookies_of(desk.start())
    answer = desk.start(cookie=cookie)
    assert code_of(answer) == (403, "nested")
    assert desk.gateway.calls.count("request") == 1


def test_of_two_starts_at_once_one_begins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, gate, request = threading.Event(), threading.Event(), desk.gateway.request

    def slowly(ask: Ask) -> Granted:
        asked.set()
        gate.wait(5)
        return request(ask)

    monkeypatch.setattr(desk.gateway, "request", slowly)
    answers: list[Answer] = []
    first = threading.Thread(target=lambda: answers.append(desk.start()))
    first.start()
    assert asked.wait(5)
    assert code_of(desk.start(subject_id="bob")) == (409, "start_under_way")
    gate.set()
    first.join(5)
    assert answers[0].status == 200
    assert desk.start().status == 200  # it stands in nobody's way once it is over


# --- what goes wrong ---


def test_while_the_service_is_away_nothing_begins(desk: Desk) -> None:
    desk.gateway.reachable = False
    answer = desk.start()
    assert code_of(answer) == (503, "unavailable")
    assert all_of(answer, "set-cookie") == []
    desk.gateway.reachable = True
    assert desk.start().status == 200


@pytest.mark.parametrize(
    ("error", "code"), [(TooManyRequests(), "too_many_requests"), (OutcomeUnknown(), "unavailable")]
)
def test_what_the_service_cannot_do_now_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def failing(_: Ask) -> Granted:
        raise error

    monkeypatch.setattr(desk.gateway, "request", failing)
    answer = desk.start()
    assert body(answer)["code"] == code
    assert nothing_began(desk, answer)


def test_the_page_of_a_start_in_doubt_does_not_say_that_nothing_started(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: Presented) -> Opened:
        raise OutcomeUnknown

    wanted = urlencode({"subject_id": "ada", "reason": REASON}).encode()
    for verb, said in (("exchange", b"may have started"), ("request", b"did not start")):
        monkeypatch.setattr(desk.gateway, verb, lost)
        answer = desk.post(wanted, "application/x-www-form-urlencoded", *FORM)
        assert answer.status == 503
        assert b"<h1>The session " + said in answer.body


@pytest.mark.parametrize(
    ("changes", "query", "status"),
    [
        ({"reason": "too <b>"}, "", 422),
        ({"minutes": "soon"}, "", 400),
        ({"subject_id": "vip"}, "", 403),
        ({}, "_understudy_page=of-ada", 409),
    ],
)
def test_a_form_that_starts_nothing_gives_back_what_was_typed(
    desk: Desk, changes: dict[str, str], query: str, status: int
) -> None:
    typed = {"reason": "too <b> short, is it?", "ticket": "T-1", "minutes": "20", **changes}
    wanted = urlencode({"subject_id": "ada", "csrf": "a secret", **typed}).encode()
    answer = desk.post(wanted, "application/x-www-form-urlencoded", *FORM, query=query)
    assert answer.status == status
    headers = dict(answer.all_headers())
    assert (headers.get("location"), headers["cache-control"]) == (None, "no-store")
    for name in ("reason", "ticket", "minutes"):
        assert f">\n{escape(typed[name])}</textarea>" in answer.body.decode()
    assert b"a secret" not in answer.body


def test_of_a_grant_that_comes_too_late_nothing_begins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "REQUEST_SECONDS", 0.01)
    with held_up(desk, "request", monkeypatch):
        answer = desk.start()
    assert code_of(answer) == (503, "unavailable")
    desk.gateway.wait_for_calls("request", at_least=1)
    assert nothing_began(desk, answer)


def test_an_app_that_serves_no_such_origin_starts_nothing_there(desk: Desk) -> None:
    desk.gateway.origin = f"https://understudy-{'a' * 26}.view.app.test"
    answer = desk.start()
    assert code_of(answer) == (403, "another_origin")
    assert nothing_began(desk, answer)
