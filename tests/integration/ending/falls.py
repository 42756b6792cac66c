"""Whatever a session stands on, and how each of it falls: for an app of whatever kind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.fixtures.help_desks import DESKS, SECRET
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


class AnyDesk(Protocol):
    """All who may end a session, where the service is a process and where it is within the app."""

    @property
    def application_id(self) -> str: ...
    def operator(
        self, method: str, path: str, body: object = None, *, cookie: str | None = None
    ) -> dict[str, Any]: ...
    def backend(self, method: str, path: str, body: object = None) -> dict[str, Any]: ...
    def operators_token(self, *, ticket: str | None = None) -> tuple[str, str, str, str]: ...
    def hear_of_ticket(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]: ...


class Work:
    """A session of an operator as Ada, on an app, and what it stands on."""

    causes: Mapping[str, str] = {}
    """Of what falls here in another way than by the calls of the service."""

    def __init__(self, desk: AnyDesk, app: App) -> None:
        self.desk = desk
        self.app = app
        made = desk.operators_token(ticket=TICKET)
        self.operator_id, self.grant_id, token, self.cookie = made
        self.session_id = str(app.do("start", token=token)["session"])
        app.do("follow")
        assert app.do("serve", session=self.session_id) == {"status": 200}

    def operator_signed_out(self) -> None:
        self.desk.operator("POST", f"/operators/{self.operator_id}/sign-out")

    def signs_out_everywhere(self) -> None:
        self.own("POST", "/sign-out-everywhere")

    def password_changes(self) -> None:
        said = {"current_password": PASSWORD, "new_password": f"another {PASSWORD}"}
        self.own("POST", "/me/password", said)

    def operator_becomes(self, **facts: object) -> None:
        self.desk.operator("PATCH", f"/operators/{self.operator_id}", facts)

    def subject_becomes(self, **facts: object) -> None:
        known = {"email": "ada@acme.example", "organization_id": "acme"}
        self.desk.backend("PUT", "/subjects/ada", {**known, **facts})

    def subject_deleted(self) -> None:
        self.desk.backend("DELETE", "/subjects/ada")

    def application_becomes(self, **facts: object) -> None:
        path = f"/applications/{self.desk.application_id}"
        self.desk.operator("PATCH", path, facts)

    def settings_become(self, **settings: object) -> None:
        self.application_becomes(settings=settings)

    def policies_become(self, text: str) -> None:
        path = f"/applications/{self.desk.application_id}/policies"
        self.desk.operator("PUT", path, {"text": text})

    def own(self, method: str, path: str, body: object = None) -> None:
        """The operator who is at work does something at the dashboard."""
        self.desk.operator(method, path, body, cookie=self.cookie)

    def ticket_closes(self, shape: str) -> None:
        """The help desk says so, whom the application has heard of before."""
        kind, writes, _ = DESKS[shape]
        application = self.desk.application_id
        hook = {"shape": kind, "secret": SECRET}
        self.desk.operator("PUT", f"/applications/{application}/ticket-hook", hook)
        name = TICKET if kind != "zendesk" else TICKET.removeprefix("ZD-")
        body, headers = writes(name, "closed", SECRET, datetime.now(UTC))
        headers = {"content-type": "application/json", **headers}
        assert self.desk.hear_of_ticket(body, headers) == {"withdrawn": 1}

    def falls(self, fall: str) -> None:
        """Have it happen."""
        FALLS[fall][0](self)

    def cause_of(self, fall: str) -> str:
        """What whoever worked there is told."""
        return self.causes.get(fall, FALLS[fall][1])


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
        lambda work: work.operator_signed_out(),
        "revoked",
    ),
    "operator signs out everywhere": (
        lambda work: work.signs_out_everywhere(),
        "revoked",
    ),
    "password changed": (
        lambda work: work.password_changes(),
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
        lambda work: work.subject_deleted(),
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


def begun(desk: AnyDesk, app: App) -> Work:
    """Somebody at work as Ada, who has agreed to it for some days."""
    found = {"email": "ada@acme.example", "organization_id": "acme", "roles": ["member"]}
    desk.backend("PUT", "/subjects/ada", {**found, "disabled": False, "protected": False})
    path = f"/applications/{desk.application_id}"
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
