"""What the articles promise of their products, held here at least as well."""

from __future__ import annotations

from joserfc import jwt
from joserfc.jwk import KeySet

from tests.integration.abuse.stack import REASON, Stack
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.permissions import Role


def test_promise_opt_in_nothing_works_until_an_admin_switches_it_on(stack: Stack) -> None:
    admin = stack.operator(Role.ADMIN, email="mara-p1@support.example")[1]
    sam = stack.support("sam-p1@support.example")
    url = f"{stack.issuer}/api/v1/applications"
    made = admin.call("POST", url, json={"name": "Fresh", "vertical": "b2b"})
    assert made.status_code == 201, made.text
    fresh, secret = made.json()["application"]["id"], made.json()["secret"]
    asked = stack.ask(sam, "ada", application_id=fresh)
    assert (asked.status_code, asked.json()["rule"]) == (403, "impersonation_off")
    with stack.stranger(auth=(fresh, secret)) as backend:
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
        answer = backend.post("/impersonations", json=body)
        assert (answer.status_code, answer.json()["rule"]) == (403, "impersonation_off")


def test_promise_a_reason_is_mandatory(stack: Stack) -> None:
    sam = stack.support("sam-p2@support.example")
    body = {"subject_id": "ada", "application_id": stack.main.application.id}
    url = f"{stack.issuer}/api/v1/impersonations"
    assert sam.call("POST", url, json=body).status_code == 422
    for reason in ("", "  \t\n ", "why not", "\u3164" * 2, "x" * 1_001):
        refused = sam.call("POST", url, json={**body, "reason": reason})
        assert refused.status_code == 403, reason
        assert refused.json()["rule"].startswith("reason_"), reason


def test_promise_the_token_in_the_address_is_gone_when_the_page_is_there(stack: Stack) -> None:
    sam = stack.support("sam-p3@support.example")
    landed = sam.launch(stack.granted(sam, return_to="/whoami?tab=2"))
    callback = sam.answers[-2]
    assert "code=" in str(callback.request.url)
    assert callback.headers["location"] == "/whoami?tab=2"
    assert callback.headers["referrer-policy"] == "no-referrer"
    assert callback.headers["cache-control"] == "no-store"
    assert str(landed.request.url).endswith("/whoami?tab=2")


def test_promise_the_session_names_the_impersonator_to_the_app(stack: Stack) -> None:
    opened = stack.exchange(stack.start(actor={"id": "kim", "email": "kim@shop.example"})).json()
    assert opened["session"]["actor"]["id"] == "kim"
    assert opened["subject"]["id"] == "ada"
    assert opened["organization"] == {"id": "acme", "name": "Acme"}
    signed = stack.refresh(opened["session_token"], jwt=True).json()["session_jwt"]
    with stack.stranger() as anybody:
        keys = anybody.get(
            f"http://127.0.0.1:{stack.settings.port}/.well-known/jwks.json",
            params={"application_id": stack.main.application.id},
        ).json()
    token = jwt.decode(signed, KeySet.import_key_set(keys), algorithms=["RS256"])
    assert token.header["kid"]
    # Not the other way round: the subject is whom the app shows, the actor is who sits there.
    assert (token.claims["sub"], token.claims["act"]["sub"]) == ("ada", "kim")
    assert token.claims["aud"] == stack.main.application.id
    assert not {"email", "name", "reason", "amr", "auth_time"} & set(token.claims)


def test_promise_sixty_minutes_are_the_end_whatever_happens(own_stack: Stack) -> None:
    stack = own_stack
    with stack.backend() as backend:
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}, "minutes": 61}
        refused = backend.post("/impersonations", json=body)
        assert refused.json()["rule"] == "minutes_out_of_range"
        opened = stack.open(minutes=60)
        session_id, ends_at = opened["session"]["id"], opened["session"]["ends_at"]
        for number in range(7):
            stack.clock.forward(minutes=8.5)
            action = {"id": f"action-{number}", "phase": "completed", "method": "GET", "path": "/"}
            at = stack.clock().isoformat()
            recorded = backend.post(
                f"/sessions/{session_id}/actions", json={"actions": [{**action, "at": at}]}
            )
            assert recorded.status_code == 200, recorded.text
            assert stack.refresh(opened["session_token"]).json()["session"]["ends_at"] == ends_at
        stack.clock.forward(seconds=31)
        over = stack.refresh(opened["session_token"])
    assert (over.status_code, over.json()["rule"]) == (401, EndCause.TIME_LIMIT)


def test_promise_a_session_is_revoked_like_any_other(stack: Stack) -> None:
    sam = stack.support("sam-p6@support.example")
    approver = stack.operator(Role.APPROVER, email="ann-p6@support.example")[1]
    session = stack.become(sam, "ada")
    url = f"{stack.issuer}/api/v1/sessions/{session.id}/revoke"
    assert approver.call("POST", url).status_code == 200
    assert stack.session(session.id).end_cause is EndCause.REVOKED
    assert stack.refresh(sam.overlay or "").json()["rule"] == EndCause.REVOKED
