"""What an app's own scripts are told of whom the browser works as."""

from __future__ import annotations

import pytest

from tests.unit.sdk.visiting import App, body
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.visit import Answer

RULE = BlockedAction(method="POST", pattern="/billing/**", label="Billing")


def status(app: App, token: str | None) -> Answer:
    cookie = f"{OVERLAY}={token}" if token is not None else None
    return app.visit("GET", "/_understudy/status", cookie=cookie)


def test_a_session_says_who_works_as_whom_and_within_which_limits(app: App) -> None:
    session = app.gateway.open(
        scope=Scope.READ_ONLY, blocked_actions=[RULE], reason="Suspected fraud", ticket="T-9"
    )
    answer = status(app, session.token)
    told = body(answer)
    times = {name: told.pop(name) for name in ("ends_at", "idle_ends_at", "server_now")}
    assert told == {
        "impersonating": True,
        "session": session.id,
        "subject": {"id": "42", "email": "ada@customer.test", "name": "Ada Customer"},
        "actor": {"id": "opr_sam", "email": "sam@support.test", "name": "Sam Support"},
        "scope": "read_only",
        "blocked_actions": [{"method": "POST", "pattern": "/billing/**", "label": "Billing"}],
    }
    assert times["ends_at"] == app.gateway.session(session.id).ends_at.isoformat()
    assert str(times["server_now"]) < str(times["idle_ends_at"]) < str(times["ends_at"])
    assert dict(answer.all_headers())["cache-control"] == "no-store"


def test_it_tells_pages_neither_a_secret_nor_why_somebody_looks(app: App) -> None:
    session = app.gateway.open(reason="Suspected fraud", ticket="T-9")
    told = status(app, session.token).body.decode()
    assert all(one not in told for one in (session.token, "Suspected fraud", "T-9"))


@pytest.mark.parametrize("token", [None, "", "uss_unknown"])
def test_without_a_session_it_says_so(app: App, token: str | None) -> None:
    answer = status(app, token)
    assert (answer.status, body(answer)["impersonating"]) == (200, False)


def test_a_session_that_is_over_says_why(app: App) -> None:
    session = app.gateway.open()
    app.gateway.revoke(session.id)
    told = body(status(app, session.token))
    assert (told["impersonating"], told["cause"]) == (False, "revoked")


def test_nobody_is_asked_while_the_lease_holds(app: App) -> None:
    session = app.gateway.open()
    app.understudy.runtime().follow()
    app.gateway.wait_for_followers()
    status(app, session.token)
    app.gateway.calls.clear()
    assert body(status(app, session.token))["impersonating"] is True
    assert app.gateway.calls == []


def test_while_nobody_can_be_asked_it_does_not_guess(app: App) -> None:
    session = app.gateway.open()
    app.gateway.reachable = False
    answer = status(app, session.token)
    assert (answer.status, body(answer)["code"]) == (503, "unavailable")
