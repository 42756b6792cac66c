"""A user of an app on Node agrees, answers, looks and complains, by a real service."""

from __future__ import annotations

from typing import Any

from tests.integration.node_link.desk import Desk
from tests.integration.node_link.node_app import NodeApp


def said(app: NodeApp, deed: str, target: str = "", **facts: object) -> Any:
    user = {"subjectId": "ada", "deed": deed, "target": target, "facts": facts}
    found = app.do("tell", said=user)
    return found.get("told", found.get("code"))


def asked(desk: Desk) -> str:
    body = {"subject_id": "ada", "reason": "Cannot find the reports tab", "actor": {"id": "kim"}}
    return str(desk.backend("POST", "/consent-requests", body)["id"])


def settings(desk: Desk, mode: str) -> None:
    path = f"/applications/{desk.place.application_id}"
    desk.operator("PATCH", path, {"settings": {"consent": {"mode": mode}}})


def test_a_user_agrees_for_a_time_and_takes_it_back(desk: Desk, app: NodeApp) -> None:
    assert said(app, "state")["mode"] == "off"
    assert said(app, "agree") == "conflict"
    settings(desk, "standing")
    assert said(app, "agree", days=3, scope="read_only")["scope"] == "read_only"
    assert len(said(app, "state")["consents"]) == 1
    assert said(app, "withdraw") == {"consents": 1, "ended_sessions": 0}
    assert said(app, "state")["consents"] == []


def test_a_user_answers_looks_and_complains(desk: Desk, app: NodeApp) -> None:
    settings(desk, "ask")
    assert said(app, "code", asked(desk))["code"].startswith("HELP ")
    assert said(app, "decline", asked(desk))["state"] == "declined"
    assert said(app, "allow", request := asked(desk))["kind"] == "once"
    assert said(app, "allow", request) == "conflict"
    assert said(app, "allow", "../withdraw") == "not_found"
    settings(desk, "off")
    session = app.do("start", token=desk.token("ada"))["session"]
    [item, *_] = said(app, "history")["items"]
    assert (item["session_id"], item["ended_at"]) == (session, None)
    assert said(app, "end", session)["ended_at"] is not None
    assert said(app, "not_agreed", session, note="I was never asked.")["case_id"]
