"""Whatever a session stands on: once it falls, an app on Node refuses within a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures import asgi_server
from tests.integration.node_link.desk import Desk
from tests.integration.node_link.node_app import NodeApp
from understudy.config import Settings
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database

WITHIN_SECONDS = 1.0
PATIENCE_SECONDS = 10.0
SWEEP_SECONDS = 1.0
"""How often the service looks for what has run out, whose time the app knows by itself."""


class Work:
    """A session of an operator as Ada, on an app on Node, and what it stands on."""

    def __init__(self, desk: Desk, app: NodeApp) -> None:
        self.desk = desk
        self.app = app
        self.operator_id, self.grant_id, token = desk.operators_token()
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


FALLS: dict[str, tuple[Callable[[Work], object], str]] = {
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


@pytest.fixture
def work(desk: Desk, app: NodeApp) -> Iterator[Work]:
    """Somebody at work; afterwards people and settings are as they were."""
    desk.backend(
        "PUT",
        "/subjects/ada",
        {"email": "ada@acme.example", "organization_id": "acme", "roles": ["member"]},
    )
    found = Work(desk, app)
    yield found
    settings = {"impersonation_allowed": True, "role_ranks": {"owner": 100}}
    found.application_becomes(status="active", settings=settings)
    found.subject_becomes(disabled=False, protected=False)


@pytest.mark.parametrize("fall", FALLS)
def test_a_session_falls_with_what_it_stands_on(work: Work, fall: str) -> None:
    happens, cause = FALLS[fall]
    watching = work.app.order("watch", session=work.session_id)
    began = time.monotonic()
    happens(work)
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"{fall}: {seconds:.3f} s")
    assert (refused["status"], refused["cause"]) == (401, cause)
    assert seconds < WITHIN_SECONDS


def test_settings_that_are_tightened_hold_for_sessions_that_run(work: Work) -> None:
    action = {"method": "GET", "pattern": "/orders", "label": "Orders"}
    watching = work.app.order("watch", session=work.session_id)
    began = time.monotonic()
    work.settings_become(blocked_actions=[action])
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"action blocked: {seconds:.3f} s")
    work.settings_become(blocked_actions=[])
    assert refused["status"] == 403
    assert seconds < WITHIN_SECONDS


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, NodeApp]]:
    """An installation whose clock a test moves, and an app of its application."""
    folder = tmp_path_factory.mktemp("clock")
    url = f"sqlite:///{folder / 'understudy.db'}"
    with world(url, folder) as made:
        made.set_up_application()
        service = create_app(made.engine, open_database(url), Settings(rate_multiplier=0))
        with (
            asgi_server.served(service) as port,
            NodeApp(
                url=f"http://127.0.0.1:{port}",
                applicationId=made.application.id,
                secret=made.secret,
            ) as app,
        ):
            yield made, app


@pytest.mark.parametrize(("minutes", "cause"), [(30, "idle"), (10, "time_limit")])
def test_a_session_falls_with_its_time(
    elsewhere: tuple[World, NodeApp], minutes: int, cause: str
) -> None:
    installation, app = elsewhere
    token = installation.token(installation.granted(minutes=minutes))
    session = app.do("start", token=token)["session"]
    app.do("follow")
    watching = app.order("watch", session=session)
    began = time.monotonic()
    installation.clock.forward(minutes=10)
    refused = watching.result(PATIENCE_SECONDS)
    seconds = refused["at"] - began
    print(f"{cause}: {seconds:.3f} s")
    assert (refused["status"], refused["cause"]) == (401, cause)
    assert seconds < SWEEP_SECONDS + WITHIN_SECONDS
