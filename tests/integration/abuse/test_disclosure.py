"""Information disclosure: by prefetching, by enumerating, by differences between refusals, and by
what stays on a shared workstation (I1, I3, I4, I9)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.abuse.apps import COOKIE, KEPT_BY_ALL
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from tests.integration.abuse.visitor import PAGE
from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role
from understudy.service.openapi import described

LOOKING_AHEAD: tuple[tuple[str, dict[str, str]], ...] = (
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("GET", {"sec-purpose": "prefetch"}),
    ("GET", {"sec-purpose": "prefetch;prerender"}),
    ("GET", {"purpose": "prefetch"}),
    ("GET", {"sec-fetch-dest": "image"}),
    ("GET", {"sec-fetch-dest": "iframe"}),
    ("GET", {"sec-fetch-dest": "empty"}),
    ("GET", {"sec-fetch-dest": "script"}),
)


def test_i1_looking_ahead_uses_no_code_up(stack: Stack) -> None:
    sam = stack.support("sam-i1@support.example")
    callback = sam.callback_of(stack.granted(sam))
    for method, headers in LOOKING_AHEAD:
        answer = sam.request(method, callback, headers={**PAGE, **headers})
        assert answer.status_code in (400, 405), (method, headers)
        assert sam.overlay is None
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert sam.open(callback, site="cross-site").status_code == 200
    assert sam.overlay is not None


def test_i3_whoever_asks_for_everybody_is_stopped(tmp_path: Path) -> None:
    with running_stack(tmp_path, rate_multiplier=0.01) as stack:
        sam, kim = stack.support(), stack.support("kim@support.example")
        url = f"{stack.issuer}/api/v1/subjects?application_id={stack.main.application.id}"
        answers = [sam.call("GET", f"{url}&query=a{number}") for number in range(40)]
        statuses = [answer.status_code for answer in answers]
        assert statuses == [200] * 30 + [429] * 10
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert kim.call("GET", url).status_code == 200
        assert kim.call("GET", f"{url}&limit=201").status_code == 422


def told(answer: httpx.Response) -> tuple[int, dict[str, Any], set[str]]:
    """All that a caller can tell an answer by: status, body and headers, the request's id aside."""
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, body, set(answer.headers) - {"x-request-id"}


def require_alike(*answers: httpx.Response) -> None:
    first, *others = map(told, answers)
    assert all(other == first for other in others), [answer.text for answer in answers]


def test_i4_users_whom_one_may_not_become_look_like_no_users(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = ROLE_PERMISSIONS[Role.SUPPORT_MANAGER] - {Permission.DIRECTORY_READ}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.SUPPORT_MANAGER, blind)
    sam = stack.support("sam-i4@support.example")
    asked = [stack.ask(sam, id_) for id_ in ("nobody", "vip", "boss", "gone")]
    require_alike(*asked, stack.ask(sam, "ada", organization_id="globex"))
    assert asked[0].status_code == 403
    assert stack.ask(sam, "ada").status_code == 201


def test_i4_every_bad_token_looks_the_same(stack: Stack) -> None:
    other = stack.other_application("Curious")
    used, closed = stack.start(), stack.start()
    assert stack.exchange(used).status_code == 200
    with stack.backend() as backend:
        newest = backend.get("/grants", params={"limit": 1}).json()["items"][0]["id"]
        assert backend.post(f"/grants/{newest}/cancel").status_code == 200
    unknown = stack.exchange("usi_" + "x" * 43)
    require_alike(
        unknown,
        stack.exchange(used),
        stack.exchange(closed),
        stack.exchange(stack.start(), other),
        stack.exchange("not a token"),
    )
    assert unknown.status_code == 401


def test_i4_what_belongs_to_others_looks_like_nothing(stack: Stack) -> None:
    other = stack.other_application("More curious")
    opened = stack.open()
    session_id, grant_id = opened["session"]["id"], opened["session"]["grant_id"]
    newest = len(stack.entries()) - 1
    with stack.backend(other) as thief:
        get, post = thief.get, thief.post
        pairs: list[tuple[Callable[..., httpx.Response], str, str]] = [
            (get, f"/sessions/{session_id}", "/sessions/ses_unknown"),
            (post, f"/sessions/{session_id}/end", "/sessions/ses_unknown/end"),
            (post, f"/sessions/{session_id}/revoke", "/sessions/ses_unknown/revoke"),
            (get, f"/grants/{grant_id}", "/grants/grt_unknown"),
            (post, f"/grants/{grant_id}/cancel", "/grants/grt_unknown/cancel"),
            (get, f"/audit/entries/{newest}", "/audit/entries/99999999"),
            (get, f"/audit/entries/{newest}/receipt", "/audit/entries/99999999/receipt"),
        ]
        for ask, theirs, nothing in pairs:
            require_alike(ask(theirs), ask(nothing))
        tokens = (opened["session_token"], "uss_" + "x" * 43)
        bodies = [{"session_token": token} for token in tokens]
        require_alike(*(post("/sessions/refresh", json=body) for body in bodies))
    assert stack.session(session_id).end_cause is None


def test_i4_nobody_learns_who_has_an_account(stack: Stack) -> None:
    stack.operator(Role.AUDITOR, email="ann-i4@support.example", password="the right password")
    with stack.stranger(headers={"sec-fetch-site": "same-origin"}) as browser:
        emails = ("ann-i4@support.example", "nobody@support.example")
        bodies = [{"email": email, "password": "a wrong password"} for email in emails]
        require_alike(*(browser.post("/sign-in", json=body) for body in bodies))
        wrong = (stack.main.application.id, "usk_wrong"), ("app_unknown", stack.main.secret)
        require_alike(*(browser.get("/application", auth=auth) for auth in wrong))


def test_i9_nothing_of_the_service_is_kept(stack: Stack) -> None:
    everything = stack.operator(*Role, email="everything-i9@support.example")[1]
    asked = [one for one in described() if one.method == "GET" and "{" not in one.path]
    assert len(asked) > 15
    for endpoint in asked:
        # A stream without end; and the log's signed state, which names nobody.
        if endpoint.operation == "stream_events" or endpoint.path.startswith("/log/"):
            continue
        answer = everything.call("GET", stack.issuer + endpoint.path)
        assert "no-store" in answer.headers["cache-control"], endpoint.path
    for path in ("/", "/users", "/sign-in", "/audit/1", "/docs", "/nothing"):
        assert "no-store" in everything.step(stack.issuer + path).headers["cache-control"], path


def test_i9_nothing_of_a_session_is_kept(stack: Stack) -> None:
    kim = stack.visitor()
    kim.plant(stack.app_url, COOKIE, stack.shop.sign_in("kim"))
    own = kim.page("/kept")
    assert {name: own.headers[name] for name in KEPT_BY_ALL} == KEPT_BY_ALL
    stack.overlaid(kim, stack.open())
    for answer in (
        kim.page("/kept"),
        kim.app("GET", "/kept", headers={"if-none-match": '"1"'}),
        kim.app("GET", "/whoami"),
        kim.page("/nothing-here"),
        kim.submit(f"{stack.app_url}/settings/password"),
    ):
        assert answer.status_code != 304
        for name in ("cache-control", "cdn-cache-control", "surrogate-control"):
            assert answer.headers.get(name, "no-store") == "no-store", answer.url
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-expires"] == "0"
        assert not {"etag", "last-modified", "expires"} & set(answer.headers)
    left = kim.end()
    assert left.headers["clear-site-data"] == '"cache"'
    assert left.headers["cache-control"] == "no-store"
    assert kim.cookie(stack.app_url, COOKIE) is not None
    assert REASON not in left.text
