"""The faults in the sample code of three articles about impersonation, one test for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.abuse.apps import COOKIE, FastShop
from tests.integration.abuse.oauth_client import claims_of
from tests.integration.abuse.servers import eventually, listening, served
from tests.integration.abuse.stack import REASON, Stack, linked
from tests.integration.abuse.stack import stack as running_stack
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

CLAIMS = {
    "x-roles": "admin,support_manager",
    "x-user-role": "support_manager",
    "x-understudy-roles": "support_manager",
    "understudy-actor": "opr_admin",
}


def test_fault_1_roles_in_the_request_make_nobody_an_operator(stack: Stack) -> None:
    auditor = stack.operator(Role.AUDITOR, email="auditor-1@support.example")[1]
    body = {
        "subject_id": "ada",
        "reason": REASON,
        "application_id": stack.main.application.id,
        "roles": ["support_manager"],
        "role": "admin",
    }
    url = f"{stack.issuer}/api/v1/impersonations"
    for name in ("roles", "role", "isAdmin", "impersonatedBy"):
        auditor.plant(stack.issuer, name, "support_manager")
    answers = [
        auditor.call("POST", url, json=body),
        auditor.call("POST", url + "?roles=support_manager&role=admin", json=body),
        auditor.call("POST", url, json=body, headers=CLAIMS),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert {answer.json()["code"] for answer in answers} == {"permission_missing"}
    with stack.stranger(headers=CLAIMS) as stranger:
        assert stranger.post("/impersonations?roles=admin", json=body).status_code == 401


@pytest.mark.parametrize("framework", ["fastapi", "starlette", "litestar"])
def test_fault_2_a_view_serves_the_subject_and_knows_the_actor(
    tmp_path: Path, framework: str
) -> None:
    with running_stack(tmp_path, framework=framework) as stack:
        sam = stack.support()
        sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
        assert sam.app("GET", "/whoami").json() == {"user": "sam", "subject": None, "actor": None}
        session = stack.become(sam, "ada")
        seen = sam.app("GET", "/whoami").json()
        assert seen == {"user": "ada", "subject": "ada", "actor": session.actor_ref}
        assert sam.app("POST", "/orders").json() == {"user": "ada", "actor": session.actor_ref}


def test_fault_3_what_was_stopped_is_refused_everywhere(stack: Stack) -> None:
    shop = FastShop(linked(stack.settings, stack.main), stack.shop)
    other = UnderstudyMiddleware(shop.app, understudy=shop.understudy, load_user=stack.shop.load)
    opened = stack.open(minutes=5)
    kim = stack.overlaid(stack.visitor(), opened)
    jwt = stack.refresh(opened["session_token"], jwt=True).json()["session_jwt"]
    with served(other) as port:
        replica = f"http://app.localhost:{port}/whoami"
        assert kim.call("GET", replica).json()["subject"] == "ada"
        listening(shop.understudy)
        assert kim.call("GET", replica).json()["subject"] == "ada"
        ended = kim.end()
        set_cookies = ended.headers.get_list("set-cookie")
        assert [cookie.partition(";")[0] for cookie in set_cookies] == [
            "__Host-understudy=",
            "__Host-understudy-epoch=1",
            "understudy-page=own",
        ]
        # The browser has forgotten it; whoever copied it has not.
        stack.overlaid(kim, opened)
        assert kim.app("GET", "/whoami").status_code == 401
        eventually(lambda: kim.call("GET", replica).status_code == 401)
    for wanted in (False, True):
        assert stack.refresh(opened["session_token"], jwt=wanted).status_code == 401
    # A JWT opens nothing here at any time; where an app takes it, it lives for minutes at most.
    assert stack.refresh(jwt).status_code in (401, 422)
    claims = claims_of(jwt)
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["exp"] <= claims["understudy"]["session_exp"]
    assert stack.session(opened["session"]["id"]).end_cause is EndCause.ENDED_BY_ACTOR


def test_fault_4_no_cookie_but_ours_says_who_is_who(stack: Stack) -> None:
    sam = stack.support("sam-4@support.example")
    for name, value in (("IMPERSONATION_ACTIVE", "true"), ("roles", "admin"), ("actor", "opr_1")):
        sam.plant(stack.app_url, name, value)
    sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("bob"))
    assert "understudy-banner" not in sam.page().text
    assert sam.app("GET", "/whoami").json() == {"user": "bob", "subject": None, "actor": None}
    stack.become(sam, "ada")
    sam.plant(stack.app_url, "IMPERSONATION_ACTIVE", "false")
    assert "<understudy-banner " in sam.page().text
    given = [cookie for one in sam.answers for cookie in one.headers.get_list("set-cookie")]
    assert len(given) >= 2
    # One is for pages to read, and nobody trusts it.
    kept = [cookie for cookie in given if not cookie.startswith("understudy-page=")]
    assert all("; Secure; HttpOnly; SameSite=Lax" in cookie for cookie in kept)
    assert all(cookie.startswith("__Host-") for cookie in kept)
    sam.plant(stack.app_url, "understudy-page", "own")
    assert "<understudy-banner " in sam.page().text


def test_fault_5_every_privileged_role_is_out_of_reach(stack: Stack) -> None:
    sam = stack.support("sam-5@support.example")
    ranks = {"owner": 100, "billing": 100, "security": 250, "root": 1_000}
    stack.change_settings(role_ranks=ranks)
    for role in ranks:
        stack.save_subject(id="bob", organization_id="acme", roles=("member", role))
        refused = stack.ask(sam, "bob")
        assert (refused.status_code, refused.json()["rule"]) == (403, "subject_outranks"), role
    stack.save_subject(id="bob", organization_id="acme")
    stack.change_settings(role_ranks={"owner": 100})
    assert stack.ask(sam, "bob").status_code == 201


def test_fault_6_power_ends_with_the_role_that_gave_it(stack: Stack) -> None:
    operator, sam = stack.operator(Role.SUPPORT_MANAGER, email="sam-6@support.example")
    admin = stack.operator(Role.ADMIN, email="mara-6@support.example")[1]
    session = stack.become(sam, "ada")
    listening(stack.understudy)
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    url = f"{stack.issuer}/api/v1/operators/{operator.id}"
    assert admin.call("PATCH", url, json={"roles": ["auditor"]}).status_code == 200
    eventually(lambda: sam.app("GET", "/whoami").status_code == 401)
    assert stack.session(session.id).end_cause is EndCause.ACTOR_NOT_ALLOWED
    assert sam.app("POST", "/orders").status_code == 401
    assert EventType.SESSION_REVOKED in {
        entry.type
        for entry in stack.entries()
        if (entry.core or {}).get("session_id") == session.id
    }
