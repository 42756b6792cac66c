"""Spoofing: passing for somebody with what was stolen, replayed, planted or made up."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.oauth_client import Client, problem
from tests.integration.abuse.servers import eventually
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.visitor import refreshed
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry

SPOOFED = (
    ("X-Understudy-Subject", "boss"),
    ("x-understudy-actor", "opr_1"),
    ("X_UNDERSTUDY_SUBJECT", "boss"),
    ("x_understudy_session", "ses_1"),
    ("Understudy-Impersonation", "1"),
    ("understudy_user", "boss"),
    ("X-User", "boss"),
    ("X-Remote-User", "boss"),
    ("Impersonate-User", "boss"),
)
FORWARDED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
    "X-Real-Ip": "203.0.113.7",
    "X-Original-Url": "/settings/password",
    "X-Rewrite-Url": "/settings/password",
}


def test_s1_a_code_is_nothing_without_its_verifier(stack: Stack) -> None:
    client, sam = Client(stack=stack), stack.support("sam-s1@support.example")
    stolen_codes: tuple[dict[str, Any], ...] = (
        {"code_verifier": "another-verifier-of-forty-three-characters-x"},
        {"redirect_uri": stack.callback + "/"},
    )
    for stolen in stolen_codes:
        code = client.code(sam, stack.granted(sam))
        assert problem(client.redeem(code, **stolen)) == (400, "invalid_grant")
        # Somebody has it who should not: from now on nobody uses it.
        assert problem(client.redeem(code)) == (400, "invalid_grant")
    code = client.code(sam, stack.granted(sam))
    assert problem(client.redeem(code, code_verifier=None)) == (400, "invalid_request")
    assert stack.exchange(code).status_code == 401
    assert problem(client.redeem(code, grant_type="password")) == (400, "unsupported_grant_type")
    assert client.redeem(code).status_code == 200


def test_s1_a_stolen_callback_address_is_worthless_in_another_browser(stack: Stack) -> None:
    sam = stack.support("sam-s1b@support.example")
    thief = stack.support("thief-s1b@support.example")
    callback = sam.callback_of(stack.granted(sam))
    assert thief.step(callback, site="cross-site").status_code == 400
    thief.callback_of(stack.granted(thief))  # now with a launch cookie, but of another launch
    assert thief.step(callback, site="cross-site").status_code == 400
    assert thief.overlay is None
    assert sam.open(callback, site="cross-site").status_code == 200


def test_s1_a_token_is_dead_a_minute_later(own_stack: Stack) -> None:
    stack = own_stack
    client, sam = Client(stack=stack), stack.support()
    code, token = client.code(sam, stack.granted(sam)), stack.start()
    stack.clock.forward(seconds=60)
    assert problem(client.redeem(code)) == (400, "invalid_grant")
    assert stack.exchange(token).status_code == 401
    assert stack.live() == []


def test_s2_a_second_use_ends_what_the_first_one_began(stack: Stack) -> None:
    client, sam = Client(stack=stack), stack.support("sam-s2@support.example")
    code = client.code(sam, stack.granted(sam))
    first = client.redeem(code).json()
    sam.plant(stack.app_url, "__Host-understudy", first["refresh_token"])
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    assert problem(client.redeem(code)) == (400, "invalid_grant")
    eventually(lambda: sam.app("GET", "/whoami").status_code == 401)
    assert stack.refresh(first["refresh_token"]).json()["rule"] == EndCause.TOKEN_REPLAYED
    alarm = stack.entries(EventType.TOKEN_REPLAYED)[-1]
    assert alarm.personal is not None
    assert alarm.personal["actor_email"] == "sam-s2@support.example"


def test_s2_going_back_to_the_callback_begins_nothing_anew(stack: Stack) -> None:
    sam = stack.support("sam-s2b@support.example")
    callback = sam.callback_of(stack.granted(sam))
    assert sam.open(callback, site="cross-site").status_code == 200
    held = sam.overlay
    assert sam.step(callback, site="cross-site").status_code == 400
    assert sam.overlay == held
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"


def test_s4_a_planted_session_is_replaced_and_ended(stack: Stack) -> None:
    planted = stack.open(subject_id="bob")
    sam = stack.overlaid(stack.support("sam-s4@support.example"), planted)
    session = stack.become(sam, "ada")
    assert sam.overlay not in (None, planted["session_token"])
    assert session.id != planted["session"]["id"]
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    ended = planted["session"]["id"]
    eventually(lambda: stack.session(ended).end_cause is EndCause.REPLACED)
    thief = stack.overlaid(stack.visitor(), planted)
    assert thief.app("GET", "/whoami").status_code == 401


def test_s4_an_invented_session_id_is_never_adopted(stack: Stack) -> None:
    sam = stack.support("sam-s4b@support.example")
    invented = "uss_" + "A" * 43
    sam.plant(stack.app_url, "__Host-understudy", invented)
    stack.become(sam, "ada")
    assert sam.overlay not in (None, invented)


def test_s6_a_colleague_is_not_led_into_my_session(stack: Stack) -> None:
    attacker = stack.support("attacker-s6@support.example")
    colleague = stack.support("colleague-s6@support.example")
    link = refreshed(attacker.press_launch(stack.granted(attacker)))
    landed = colleague.open(link, site="cross-site")
    assert landed.status_code == 401
    assert colleague.overlay is None
    denied = stack.entries(EventType.GRANT_DENIED)[-1]
    assert denied.core is not None
    assert denied.personal is not None
    assert denied.core["rule"] == "launch_not_armed"
    assert denied.personal["actor_email"] == "attacker-s6@support.example"
    assert denied.personal["doer_email"] == "colleague-s6@support.example"
    # Its owner, in the browser that launched it, still may.
    assert attacker.open(link, site="cross-site").status_code == 200


def test_s6_a_ready_made_answer_is_not_swallowed(stack: Stack) -> None:
    attacker = stack.support("attacker-s6b@support.example")
    colleague = stack.support("colleague-s6b@support.example")
    theirs = attacker.callback_of(stack.granted(attacker))
    own = colleague.callback_of(stack.granted(colleague))
    assert colleague.step(theirs, site="cross-site").status_code == 400
    mixed = parse_qs(urlsplit(theirs).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]
    crossed = f"{stack.callback}?code={mixed}&state={state}&iss={stack.issuer}"
    assert colleague.step(crossed, site="cross-site").status_code in (400, 401)
    assert colleague.overlay is None


def test_s6_another_browser_of_the_same_operator_is_another_browser(stack: Stack) -> None:
    sam = stack.support("sam-s6c@support.example")
    link = refreshed(sam.press_launch(stack.granted(sam)))
    elsewhere = stack.visitor()
    assert elsewhere.open(link, site="cross-site").status_code == 401
    assert elsewhere.overlay is None


@pytest.mark.parametrize("with_session", [True, False])
def test_s10_made_up_headers_change_nobody(stack: Stack, with_session: bool) -> None:
    kim = stack.visitor()
    kim.plant(stack.app_url, COOKIE, stack.shop.sign_in("kim"))
    if with_session:
        stack.overlaid(kim, stack.open(actor={"id": "kim"}))
    honest = kim.app("GET", "/whoami").json()
    listed = {"connection": ", ".join(name for name, _ in SPOOFED)}
    for headers in ({}, listed, FORWARDED):
        answer = kim.app("GET", "/whoami", headers={**dict(SPOOFED), **headers})
        assert answer.json() == honest
        assert answer.headers.get("understudy-impersonation") == ("1" if with_session else None)
        assert kim.app("GET", "/claims", headers={**dict(SPOOFED), **headers}).json() == []


def test_s10_a_forwarded_address_is_believed_of_no_stranger(stack: Stack) -> None:
    sam = stack.support("sam-s10@support.example")
    body = {
        "subject_id": "ada",
        "reason": "Looking for the missing report",
        "application_id": stack.main.application.id,
    }
    url = f"{stack.issuer}/api/v1/impersonations"
    started = sam.call("POST", url, json=body, headers=FORWARDED).json()
    assert started["launch_url"].startswith(stack.issuer)
    launched = sam.press_launch(started["grant"]["id"], **FORWARDED)
    assert (
        f"iss={stack.issuer.replace(':', '%3A').replace('/', '%2F')}" in launched.headers["refresh"]
    )
    opened = stack.open()
    kim = stack.overlaid(stack.visitor(), opened)
    assert kim.app("POST", "/orders", headers=FORWARDED).status_code == 200
    eventually(lambda: len(entries_of(stack, opened["session"]["id"])) >= 3)
    found = entries_of(stack, opened["session"]["id"])
    found += [
        e for e in stack.entries() if (e.core or {}).get("grant_id") == started["grant"]["id"]
    ]
    assert {entry.personal["address"] for entry in found if entry.personal} == {"127.0.0.1"}


def entries_of(stack: Stack, session_id: str) -> list[Entry]:
    return [
        entry for entry in stack.entries() if (entry.core or {}).get("session_id") == session_id
    ]
