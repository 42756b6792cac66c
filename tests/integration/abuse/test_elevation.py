"""Elevation of privilege: becoming somebody, or somewhere, beyond one's own reach (E1 to E6)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from tests.integration.abuse.apps import COOKIE, Shop, sample_app
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.demo.seed import BLOCKED_ACTIONS
from understudy.http.cookies import OPERATOR_COOKIE

ROLES = ("owner", "admin", "billing", "viewer")
ACTOR_RANK = 100
HARMLESS = {"/login", "/invoices/{number}/remind"}
"""What of the sample app's changes an actor may carry out."""


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    ranks=st.dictionaries(st.sampled_from(ROLES), st.integers(0, 200), min_size=1),
    held=st.sets(st.sampled_from(ROLES)),
    before=st.sets(st.sampled_from(ROLES)),
    during=st.sets(st.sampled_from(ROLES)),
)
def test_e1_no_session_ever_reaches_a_rank_as_high_as_the_actors(
    stack: Stack, ranks: dict[str, int], held: set[str], before: set[str], during: set[str]
) -> None:
    def out_of_reach(roles: set[str]) -> bool:
        return max((ranks.get(role, 0) for role in roles), default=0) >= ACTOR_RANK

    def have(roles: set[str]) -> None:
        stack.save_subject(id="bob", organization_id="acme", roles=tuple(sorted(roles)))

    with people_as_they_were(stack), stack.backend() as backend:
        stack.change_settings(role_ranks=ranks)
        have(held)
        body = {"subject_id": "bob", "reason": REASON, "actor": {"id": "kim"}}
        started = backend.post("/impersonations", json=body)
        assert started.status_code == (403 if out_of_reach(held) else 201)
        if started.status_code == 403:
            return
        have(before)  # promoted between the decision and the exchange
        exchanged = stack.exchange(started.json()["impersonation_token"])
        assert exchanged.status_code == (401 if out_of_reach(before) else 200)
        if exchanged.status_code == 401:
            return
        have(during)  # promoted while the session lives
        refreshed = stack.refresh(exchanged.json()["session_token"])
        assert refreshed.status_code == (401 if out_of_reach(during) else 200)


@contextmanager
def people_as_they_were(stack: Stack) -> Iterator[None]:
    try:
        yield
    finally:
        stack.change_settings(role_ranks={"owner": 100})
        stack.save_subject(id="bob", email="bob@acme.example", organization_id="acme")


def test_e2_nobody_starts_from_inside_of_a_session(stack: Stack) -> None:
    kim = stack.overlaid(stack.visitor(), stack.open())
    for_bob = stack.start(subject_id="bob")
    assert kim.app("POST", f"/start?token={for_bob}").json() == {"refused": "nested"}
    assert stack.exchange(for_bob).status_code == 200


def test_e2_what_a_session_is_made_of_starts_nothing_at_the_service(stack: Stack) -> None:
    opened = stack.open()
    token = opened["session_token"]
    jwt = stack.refresh(token, jwt=True).json()["session_jwt"]
    body = {
        "subject_id": "bob",
        "reason": REASON,
        "application_id": stack.main.application.id,
        "actor": {"id": "ada"},
    }
    own_site = {"sec-fetch-site": "same-origin"}
    for credential in (token, jwt):
        attempts: list[dict[str, Any]] = [
            {"headers": {"authorization": f"Bearer {credential}"}},
            {"auth": (stack.main.application.id, credential)},
            {"headers": {**own_site, "cookie": f"{OPERATOR_COOKIE}={credential}"}},
            {"headers": {**own_site, "cookie": f"__Host-understudy={credential}"}},
        ]
        for attempt in attempts:
            with stack.stranger(**attempt) as thief:
                answer = thief.post("/impersonations", json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), attempt


def test_e2_an_app_cannot_launder_the_actor_through_the_subject(stack: Stack) -> None:
    stack.open(subject_id="bob")
    with stack.backend() as backend:
        # Whoever works as Bob makes the app believe that Bob himself wants to act.
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "bob"}}
        answer = backend.post("/impersonations", json=body)
    assert (answer.status_code, answer.json()["rule"]) == (403, "nested")


def test_e3_every_dangerous_button_of_the_sample_app_is_blocked(tmp_path: Path) -> None:
    with running_stack(tmp_path, framework="sample") as stack:
        stack.change_settings(blocked_actions=BLOCKED_ACTIONS)
        sam = stack.support()
        stack.become(sam, "ada")
        app = sample_app(stack.understudy, Shop())
        changing = {
            route.path
            for route in app.routes
            if isinstance(route, Route)
            and "POST" in (route.methods or ())
            and route.path not in HARMLESS
        }
        assert len(changing) >= 3
        buttons = {("POST", path.replace("{what}", what)) for path in changing for what in WHATS}
        for method, path in {*buttons, ("GET", "/invoices/export")}:
            answer = sam.app(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "action_blocked"), path


WHATS = ("password", "email", "payout")


def test_e3_a_session_is_no_key_to_understudy_itself(stack: Stack) -> None:
    opened = stack.open()
    for name in (OPERATOR_COOKIE, "__Host-understudy"):
        kim = stack.visitor()
        kim.plant(stack.issuer, name, opened["session_token"])
        for path in ("/me", "/operators", "/subjects", "/audit/entries"):
            assert kim.call("GET", f"{stack.issuer}/api/v1{path}").status_code == 401, path


def test_e4_of_protecting_and_exchanging_at_once_one_fails(stack: Stack) -> None:
    outcomes = set()
    for _ in range(30):
        token = stack.start(subject_id="bob")
        together = threading.Barrier(2)
        answers: dict[str, int] = {}

        def exchange(token: str = token, at: threading.Barrier = together) -> None:
            at.wait()
            answers["exchange"] = stack.exchange(token).status_code  # noqa: B023 - joined below

        def protect(at: threading.Barrier = together) -> None:
            at.wait()
            stack.save_subject(id="bob", organization_id="acme", protected=True)

        threads = [threading.Thread(target=target) for target in (exchange, protect)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outcomes.add(answers["exchange"])
        assert [
            session for session in stack.live() if session.subject_ref == ref_of(stack, "bob")
        ] == []
        stack.save_subject(id="bob", email="bob@acme.example", organization_id="acme")
    assert outcomes <= {200, 401}


def ref_of(stack: Stack, subject_id: str) -> str:
    with stack.engine.reading() as reader:
        found = reader.subjects.get(stack.main.application.id, SubjectId(subject_id))
    assert found is not None
    return found.ref


def test_e5_a_code_for_one_app_is_nothing_to_another(stack: Stack) -> None:
    other = stack.other_application("Thief", redirect_urls=(stack.callback,))
    sam = stack.support("sam-e5@support.example")
    callback = sam.callback_of(stack.granted(sam))
    code = parse_qs(urlsplit(callback).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": stack.callback,
        "code_verifier": "v" * 43,
    }
    with stack.stranger(auth=other.auth) as thief:
        token_url = f"http://127.0.0.1:{stack.settings.port}/oauth2/token"
        answer = thief.post(token_url, data=form)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert stack.exchange(code, other).status_code == 401
    # The attempt has used nothing up: its owner goes on.
    landed = sam.open(callback, site="cross-site")
    assert landed.status_code == 200
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"


def test_e5_a_backends_token_is_nothing_to_another_app(stack: Stack) -> None:
    other = stack.other_application("Second thief")
    token = stack.start()
    unknown = stack.exchange("usi_" + "x" * 43, other)
    foreign = stack.exchange(token, other)
    assert foreign.status_code == unknown.status_code == 401
    assert foreign.json()["detail"] == unknown.json()["detail"]
    opened = stack.exchange(token).json()
    with stack.backend(other) as thief:
        body = {"session_token": opened["session_token"]}
        assert thief.post("/sessions/refresh", json=body).status_code == 401
        assert thief.post(f"/sessions/{opened['session']['id']}/end").status_code == 404
    assert stack.session(opened["session"]["id"]).end_cause is None


def test_e6_a_session_stays_in_the_tenant_of_its_grant(stack: Stack) -> None:
    sam = stack.support("sam-e6@support.example")
    refused = stack.ask(sam, "ada", organization_id="globex")
    assert (refused.status_code, refused.json()["rule"]) == (403, "organization_mismatch")
    token = stack.start(subject_id="bob", organization_id="acme")
    for field in ("organization_id", "subject_id", "application_id"):
        more: dict[str, Any] = {field: "globex"}
        assert stack.exchange(token, **more).status_code == 422
    opened = stack.exchange(token).json()
    assert opened["organization"]["id"] == opened["session"]["organization"]["id"] == "acme"
    assert stack.refresh(opened["session_token"], organization_id="globex").status_code == 422
    again = stack.refresh(opened["session_token"]).json()
    assert again["organization"]["id"] == again["session"]["organization"]["id"] == "acme"
    stack.save_subject(id="bob", email="bob@acme.example", organization_id="globex")
    assert stack.session(opened["session"]["id"]).end_cause is EndCause.SUBJECT_INACTIVE
    stack.save_subject(id="bob", email="bob@acme.example", organization_id="acme")
    assert stack.refresh(opened["session_token"]).status_code == 401


def test_e6_an_own_login_in_another_tenant_does_not_mix_in(stack: Stack) -> None:
    kim = stack.visitor()
    kim.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
    stack.overlaid(kim, stack.open(subject_id="bob"))
    assert kim.app("GET", "/whoami").json()["user"] == "bob"
