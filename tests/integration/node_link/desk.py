"""A service in a process of its own, and all who may end a session of its application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from tests.contract.rules.world import HERE
from tests.integration.node_link.node_app import NodeApp
from tests.integration.proof.place import Place, settle, sign_in_with_every_role
from tests.integration.proof.process import SECONDS, Service
from understudy.core.ids import OperatorId, SubjectId
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.people.principals import Actor
from understudy.core.ports import Unit
from understudy.flows.impersonation.mint import mint
from understudy.flows.impersonation.request import Granted, request
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.service.table import WIRES

REASON = "Cannot find the reports tab"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """``cookie`` is that of an operator who may do everything, and who ends sessions here."""

    service: Service
    place: Place
    cookie: str = field(repr=False)
    elsewhere: Service | None = None
    """Another node, where all is changed that is changed here; None where there is one alone."""

    @property
    def asks(self) -> Service:
        """The node that is asked for changes."""
        return self.elsewhere or self.service

    @property
    def application_id(self) -> str:
        """The application's."""
        return self.place.application_id

    def hear_of_ticket(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a message of the application's help desk."""
        url = f"{self.asks.url}/api/v1/tickets/{self.application_id}"
        return dict(httpx.post(url, content=body, headers=dict(headers)).json())

    def rotate_secret(self) -> Desk:
        """The same with a new secret of the application's; the old one is worth nothing."""
        path = f"/applications/{self.place.application_id}/rotate-secret"
        secret = str(self.operator("POST", path, {"overlap_minutes": 0})["secret"])
        return replace(self, place=replace(self.place, secret=secret))

    def app(self, **options: str) -> NodeApp:
        """A process of the application, on Node."""
        return NodeApp(
            url=self.service.url,
            applicationId=self.place.application_id,
            secret=self.place.secret,
            **options,
        )

    def token(self, subject_id: str = "ada", **asked: object) -> str:
        """What the application's backend gets for an actor whom it names."""
        body = {"subject_id": subject_id, "reason": REASON, "actor": {"id": "kim"}, **asked}
        return str(self.backend("POST", "/impersonations", body)["impersonation_token"])

    def operators_token(self, *, ticket: str | None = None) -> tuple[str, str, str, str]:
        """A new operator, a grant of theirs, its impersonation token, and the operator's cookie."""
        with self.place.engine() as engine:
            operator_id, signed_in = sign_in_with_every_role(self.place)
            grant, token = engine.run(
                lambda unit: self._granted(unit, OperatorId(operator_id), ticket)
            )
        return operator_id, grant.id, token, f"{OPERATOR_COOKIE}={signed_in}"

    def _granted(
        self, unit: Unit, operator_id: OperatorId, ticket: str | None
    ) -> tuple[Grant, str]:
        operator = unit.operators.get(operator_id)
        assert operator is not None
        asked = ImpersonationRequest(
            application_id=self.place.application_id,
            actor=Actor.from_operator(operator),
            subject_id=SubjectId("ada"),
            reason=REASON,
            ticket=ticket,
        )
        granted = request(unit, asked, origin=HERE)
        assert isinstance(granted, Granted), granted
        return granted.grant, mint(unit, granted.grant, kind=WIRES.token_kinds["native"]).token

    def backend(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer to a call of the application's."""
        auth = (self.place.application_id, self.place.secret)
        return self._asked(method, path, body, auth=auth)

    def operator(
        self, method: str, path: str, body: object = None, *, cookie: str | None = None
    ) -> dict[str, Any]:
        """The answer to a call of the dashboard's, by this operator or by another one."""
        headers = {"cookie": cookie or self.cookie, "sec-fetch-site": "same-origin"}
        return self._asked(method, path, body, headers=headers)

    def _asked(self, method: str, path: str, body: object, **more: Any) -> dict[str, Any]:
        url = f"{self.asks.url}/api/v1{path}"
        answer = httpx.request(method, url, json=body, timeout=SECONDS, **more)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    def session(self, session_id: str) -> dict[str, Any]:
        """A session as the service knows it."""
        return self.backend("GET", f"/sessions/{session_id}")

    def paths(self, session_id: str) -> list[str]:
        """The paths of the actions that the log has of a session, oldest first."""
        query = f"/audit/entries?session_id={session_id}&limit=200"
        entries = self.operator("GET", query)["items"]
        return [one["action"]["path"] for one in reversed(entries) if one["action"]]


@contextmanager
def desk(folder: Path, database_url: str | None = None, *, nodes: int = 1) -> Iterator[Desk]:
    """A fresh installation, served; where there are two nodes, changes are asked of the second."""
    place = settle(database_url or f"sqlite:///{folder / 'understudy.db'}", folder)
    with ExitStack() as stack:
        service, *others = [
            stack.enter_context(
                Service(place, data_dir=folder / name, UNDERSTUDY_INSTALLATION_KEY=place.key)
            )
            for name in ("data", "other")[:nodes]
        ]
        _, token = sign_in_with_every_role(place)
        yield Desk(
            service=service,
            place=place,
            cookie=f"{OPERATOR_COOKIE}={token}",
            elsewhere=others[0] if others else None,
        )
