"""Whatever a session stands on, and how each of it falls: for an app of whatever kind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from tests.fixtures.help_desks import DESKS, SECRET
from tests.integration.node_link.desk import Desk
from tests.integration.node_link.node_app import NodeApp

TICKET = "ZD-1234"
PASSWORD = "correct horse battery staple"
NOBODY = '@id("everybody") permit (principal, action, resource);\n'
NOT_ADA = NOBODY + '@id("not-ada") forbid (principal, action, resource == Subject::"ada");\n'


class App(Protocol):
    """A process of the application that does what it is told."""

    def do(self, deed: str, **facts: object) -> dict[str, Any]: ...
    def order(self, deed: str, **facts: object) -> Future[dict[str, Any]]: ...


class PythonApp(NodeApp):
    """A process in Python that is told the same as one on Node."""

    @staticmethod
    def command() -> list[str]:
        """What is run, but for the options."""
        return [sys.executable, "-m", "tests.integration.ending.python_app"]


class Work:
    """A session of an operator as Ada, on an app, and what it stands on."""

    def __init__(self, desk: Desk, app: App) -> None:
        self.desk = desk
        self.app = app
        made = desk.operators_token(ticket=TICKET)
        self.operator_id, self.grant_id, token, self.cookie = made
        self.session_id = str(app.do("start", token=token)["session"])
        app.do("follow")
        assert app.do("serve", session=self.session_id) == {"status": 200}

    def operator_becomes(self, **facts: object) -> None:
        self.desk.operator("PATCH", f"/operators/{self.operator_id}", facts)

    def subject_becomes(self, **facts: object) -> None:
        known = {"email": "ada@acme.example", "organization_id": "acme"}
        self.desk.backend("PUT", "/subjects/ada", {**known, **facts})

    def application_becomes(self, **facts: object) -> None:
        path = f"/applications/{self.desk.place.application_id}"
        self.desk.operator("PATCH", path, facts)

    def settings_become(self, **settings: object) -> None:
        self.application_becomes(settings=settings)

    def policies_become(self, text: str) -> None:
        path = f"/applications/{self.desk.place.application_id}/policies"
        self.desk.operator("PUT", path, {"text": text})

    def own(self, method: str, path: str, body: object = None) -> None:
        """The operator who is at work does something at the dashboard."""
        self.desk.operator(method, path, body, cookie=self.cookie)

    def ticket_closes(self, shape: str) -> None:
        """The help desk says so, whom the application has heard of before."""
        kind, writes, _ = DESKS[shape]
        application = self.desk.place.application_id
        hook = {"shape": kind, "secret": SECRET}
        self.desk.operator("PUT", f"/applications/{application}/ticket-hook", hook)
        name = TICKET if kind != "zendesk" else TICKET.removeprefix("ZD-")
        body, headers = writes(name, "closed", SECRET, datetime.now(UTC))
        url = f"{self.desk.asks.url}/api/v1/tickets/{application}"
        headers = {"content-type": "application/json", **headers}
        assert httpx.post(url, content=body, headers=headers).json() == {"withdrawn": 1}


Fall = Callable[[Work], object]
FALLS: dict[str, tuple[Fall, str]] = {
    "operator disabled": (
        lambda work: work.operator_becomes(status="disabled"),
        "actor_inactive",
    ),
    "operator demoted": (
        lambda work: work.operator_becomes(roles=["auditor"]),
        "actor_not_allowed",
    ),
    "operator signed out": (
        lambda work: work.desk.operator("POST", f"/operators/{work.operator_id}/sign-out"),
        "revoked",
    ),
    "operator signs out everywhere": (
        lambda work: work.own("POST", "/sign-out-everywhere"),
        "revoked",
    ),
    "password changed": (
        lambda work: work.own(
            "POST",
            "/me/password",
            {"current_password": PASSWORD, "new_password": f"another {PASSWORD}"},
        ),
        "revoked",
    ),
    "subject promoted": (
        lambda work: work.subject_becomes(roles=["owner"]),
        "subject_protected",
    ),
    "subject disabled": (
        lambda work: work.subject_becomes(disabled=True),
        "subject_inactive",
    ),
    "subject protected": (
        lambda work: work.subject_becomes(protected=True),
        "subject_protected",
    ),
    "subject deleted": (
        lambda work: work.desk.backend("DELETE", "/subjects/ada"),
        "subject_inactive",
    ),
    "subject moved": (
        lambda work: work.subject_becomes(organization_id="globex"),
        "subject_inactive",
    ),
    "consent withdrawn": (
        lambda work: work.desk.backend("POST", "/subjects/ada/consents/withdraw"),
        "consent_withdrawn",
    ),
    "consent asked for each time": (
        lambda work: work.settings_become(consent={"mode": "ask"}),
        "consent_withdrawn",
    ),
    "case opened": (
        lambda work: work.desk.backend(
            "POST", f"/subjects/ada/history/{work.session_id}/not-agreed", {"note": "No."}
        ),
        "revoked",
    ),
    "ticket closed at Zendesk": (
        lambda work: work.ticket_closes("zendesk"),
        "grant_cancelled",
    ),
    "ticket closed at Jira": (
        lambda work: work.ticket_closes("jira"),
        "grant_cancelled",
    ),
    "policies forbid": (
        lambda work: work.policies_become(NOT_ADA),
        "policy_forbids",
    ),
    "approval wanted": (
        lambda work: work.settings_become(approval={"quorum": 1}),
        "rules_changed",
    ),
    "application disabled": (
        lambda work: work.application_becomes(status="disabled"),
        "application_inactive",
    ),
    "impersonation off": (
        lambda work: work.settings_become(impersonation_allowed=False),
        "impersonation_off",
    ),
    "ranks tightened": (
        lambda work: work.settings_become(role_ranks={"member": 100}),
        "subject_protected",
    ),
    "grant cancelled": (
        lambda work: work.desk.operator("POST", f"/grants/{work.grant_id}/cancel"),
        "grant_cancelled",
    ),
    "session revoked": (
        lambda work: work.desk.operator("POST", f"/sessions/{work.session_id}/revoke"),
        "revoked",
    ),
    "session ended": (
        lambda work: work.desk.backend(
            "POST", f"/sessions/{work.session_id}/end", {"cause": "ended_by_actor"}
        ),
        "ended_by_actor",
    ),
}
"""What happens, and the cause that whoever worked there is told."""


def begun(desk: Desk, app: App) -> Work:
    """Somebody at work as Ada, who has agreed to it for some days."""
    found = {"email": "ada@acme.example", "organization_id": "acme", "roles": ["member"]}
    desk.backend("PUT", "/subjects/ada", {**found, "disabled": False, "protected": False})
    path = f"/applications/{desk.place.application_id}"
    desk.operator("PATCH", path, {"settings": {"consent": {"mode": "standing"}}})
    desk.backend("POST", "/subjects/ada/consents", {"days": 1})
    return Work(desk, app)


def mended(work: Work) -> None:
    """People and settings as they were."""
    settings = {
        "impersonation_allowed": True,
        "role_ranks": {"owner": 100},
        "approval": {"quorum": 0},
        "consent": {"mode": "off"},
    }
    work.application_becomes(status="active", settings=settings)
    work.policies_become(NOBODY)
