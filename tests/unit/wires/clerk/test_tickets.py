from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.wires.clerk.values import APPLICATION, CLAIMS, ISSUER, OPENED
from understudy.core.people.principals import Status
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.core.rules.organization import ORGANIZATION_INACTIVE
from understudy.core.rules.subject import SUBJECT_PROTECTED, SUBJECT_UNKNOWN
from understudy.flows.impersonation.exchange import Refusal
from understudy.wires.clerk.errors import Code
from understudy.wires.clerk.tickets import exchanged, is_at_home, origins, refusal, sign_in


@pytest.mark.parametrize(
    ("why", "revoked", "code"),
    [
        (Refusal.UNKNOWN, False, Code.TICKET_INVALID),
        (Refusal.FOREIGN, True, Code.TICKET_INVALID),
        (Refusal.WRONG_WIRE, False, Code.TICKET_INVALID),
        (Refusal.NOT_BOUND, False, Code.TICKET_INVALID),
        (Refusal.REPLAYED, False, Code.TOKEN_USED),
        (Refusal.REPLAYED, True, Code.TOKEN_USED),
        (Refusal.EXPIRED, False, Code.TICKET_EXPIRED),
        (Refusal.EXPIRED, True, Code.TOKEN_REVOKED),
        (GRANT_CLOSED.code, True, Code.TOKEN_REVOKED),
        (GRANT_CLOSED.code, False, Code.TOKEN_UNUSABLE),
        (SUBJECT_PROTECTED.code, False, Code.TOKEN_UNUSABLE),
    ],
)
def test_every_refusal_has_a_code(why: str, revoked: bool, code: Code) -> None:
    problem = refusal(why, revoked=revoked)
    assert (problem.status, problem.code) == (400, code)


def test_what_fell_is_not_told() -> None:
    fallen = {
        repr(refusal(rule.code, revoked=False))
        for rule in (SUBJECT_UNKNOWN, SUBJECT_PROTECTED, ORGANIZATION_INACTIVE)
    }
    assert len(fallen) == 1


def test_an_app_is_at_home_at_the_origins_of_its_redirect_urls() -> None:
    assert origins(APPLICATION) == ("https://app.example", "https://b.example")
    assert is_at_home(APPLICATION, "https://b.example")
    alike = ("https://b.example.evil", "https://b.example:8443", "https://b.exampl", "https://b")
    for origin in ("https://c.example", "http://b.example", "null", "", *alike):
        assert not is_at_home(APPLICATION, origin)
    disabled = replace(APPLICATION, status=Status.DISABLED)
    assert not is_at_home(disabled, "https://b.example")


def test_the_exchange_answers_session_jwt_and_token() -> None:
    found = exchanged(OPENED, "a.b.c", issuer=ISSUER)
    assert (found["jwt"], found["session_token"]) == ("a.b.c", "uss_secret")
    assert (found["session"]["id"], found["session"]["actor"]) == ("sess_1", CLAIMS)


def test_a_sign_in_has_the_jwt_where_browser_sdks_look_and_not_the_session_token() -> None:
    found = sign_in(OPENED, "a.b.c", issuer=ISSUER)
    (session,) = found["client"]["sessions"]
    assert session["last_active_token"] == {"object": "token", "jwt": "a.b.c"}
    assert found["response"]["created_session_id"] == session["id"] == "sess_1"
    assert found["response"]["status"] == "complete"
    assert "uss_secret" not in repr(found)
