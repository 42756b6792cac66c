"""A session ends when any of its premises does (L1, L2; number 18 of the peers' incidents), and
leaving works whatever has become of the people in it (number 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.installation import HERE
from tests.integration.abuse.oauth_client import Client, problem
from tests.integration.abuse.servers import eventually, listening
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack
from tests.integration.abuse.visitor import Visitor
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.flows.directory import maintain
from understudy.http.cookies import OPERATOR_COOKIE

PASSWORD = "a password of the agent"
WITHIN_SECONDS = 5.0
"""How soon the app refuses at the latest, from the answer that made a premise fall: for so long a
guard trusts silence. It hears of it in milliseconds, which a busy machine may make a little longer.
"""


@dataclass(kw_only=True)
class Case:
    """A session in the app, and whoever may make a premise of it fall."""

    stack: Stack
    admin: Visitor
    operator: Operator
    sam: Visitor

    def admin_sends(self, method: str, path: str, **body: Any) -> None:
        answer = self.admin.call(method, f"{self.stack.issuer}/api/v1{path}", json=body)
        assert answer.is_success, answer.text

    def operator_becomes(self, **body: Any) -> None:
        self.admin_sends("PATCH", f"/operators/{self.operator.id}", **body)

    def subject_becomes(self, **facts: Any) -> None:
        """What the app's own sync says of the subject from now on."""
        known = {"email": "ada@acme.example", "organization_id": "acme"}
        with self.stack.backend() as backend:
            answer = backend.put("/subjects/ada", json={**known, **facts})
        assert answer.is_success, answer.text

    def application_becomes(self, **body: Any) -> None:
        self.admin_sends("PATCH", f"/applications/{self.stack.main.application.id}", **body)

    def delete(self, path: str) -> None:
        with self.stack.backend() as backend:
            assert backend.delete(path).status_code == 204


def new_password(case: Case) -> None:
    body = {"current_password": PASSWORD, "new_password": "another password of theirs"}
    url = f"{case.stack.issuer}/api/v1/me/password"
    assert case.sam.call("POST", url, json=body).is_success


def reset_password(case: Case) -> None:
    """By a link from an admin: somebody may know the old password."""
    url = f"{case.stack.issuer}/api/v1/operators/{case.operator.id}/invite"
    link = case.admin.call("POST", url).json()["invitation_url"]
    body = {"token": link.partition("#token=")[2], "name": "Sam", "password": "a third password"}
    url = f"{case.stack.issuer}/api/v1/invitations/accept"
    assert case.stack.visitor().call("POST", url, json=body).is_success


def sign_out_everywhere(case: Case) -> None:
    url = f"{case.stack.issuer}/api/v1/sign-out-everywhere"
    assert case.sam.call("POST", url).status_code == 204


FALLS: dict[str, tuple[Callable[[Case], None], EndCause]] = {
    "actor disabled": (
        lambda case: case.operator_becomes(status="disabled"),
        EndCause.ACTOR_INACTIVE,
    ),
    "actor demoted": (
        lambda case: case.operator_becomes(roles=["auditor"]),
        EndCause.ACTOR_NOT_ALLOWED,
    ),
    "actor's password changed": (new_password, EndCause.REVOKED),
    "actor's password reset": (reset_password, EndCause.REVOKED),
    "actor signed out everywhere": (sign_out_everywhere, EndCause.REVOKED),
    "actor signed out by an admin": (
        lambda case: case.admin_sends("POST", f"/operators/{case.operator.id}/sign-out"),
        EndCause.REVOKED,
    ),
    "subject disabled": (
        lambda case: case.subject_becomes(disabled=True),
        EndCause.SUBJECT_INACTIVE,
    ),
    "subject deleted": (lambda case: case.delete("/subjects/ada"), EndCause.SUBJECT_INACTIVE),
    "subject protected": (
        lambda case: case.subject_becomes(protected=True),
        EndCause.SUBJECT_PROTECTED,
    ),
    "subject promoted": (
        lambda case: case.subject_becomes(roles=["owner"]),
        EndCause.SUBJECT_PROTECTED,
    ),
    "subject moved to another tenant": (
        lambda case: case.subject_becomes(organization_id="globex"),
        EndCause.SUBJECT_INACTIVE,
    ),
    "subject turns out to be the actor": (
        lambda case: case.subject_becomes(email=case.operator.email.upper()),
        EndCause.SUBJECT_PROTECTED,
    ),
    "tenant deleted": (
        lambda case: case.delete("/organizations/acme"),
        EndCause.SUBJECT_INACTIVE,
    ),
    "rank of the subject's role raised": (
        lambda case: case.application_becomes(settings={"role_ranks": {"member": 100}}),
        EndCause.SUBJECT_PROTECTED,
    ),
    "impersonation switched off": (
        lambda case: case.application_becomes(settings={"impersonation_allowed": False}),
        EndCause.IMPERSONATION_OFF,
    ),
    "application disabled": (
        lambda case: case.application_becomes(status="disabled"),
        EndCause.APPLICATION_INACTIVE,
    ),
}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all; each case puts people and settings back where they were."""
    with running_stack(tmp_path_factory.mktemp("worlds")) as stack:
        yield stack
        assert stack.engine.verify().findings == ()


@pytest.fixture
def case(worlds: Stack, request: pytest.FixtureRequest) -> Iterator[Case]:
    """Sam at work as Ada."""
    number = len(worlds.entries())
    admin = worlds.operator(Role.ADMIN, email=f"mara-{number}@support.example")[1]
    email = f"sam-{number}@support.example"
    operator, sam = worlds.operator(Role.SUPPORT_MANAGER, email=email, password=PASSWORD)
    worlds.save_subject(
        id="ada", email="ada@acme.example", organization_id="acme", roles=["member"]
    )
    yield Case(stack=worlds, admin=admin, operator=operator, sam=sam)
    application = worlds.main.application
    worlds.engine.run(
        lambda unit: maintain.save_organization(
            unit,
            application,
            OrganizationId("acme"),
            name="Acme",
            disabled=False,
            by=SYSTEM,
            origin=HERE,
        )
    )
    worlds.save_subject(id="ada", email="ada@acme.example", organization_id="acme", disabled=False)
    path = f"/api/v1/applications/{application.id}"
    settings = {"impersonation_allowed": True, "role_ranks": {"owner": 100}}
    body = {"status": "active", "settings": settings}
    assert admin.call("PATCH", worlds.issuer + path, json=body).is_success


@pytest.mark.parametrize("fall", FALLS)
def test_peer_18_a_session_falls_with_its_premise(case: Case, fall: str) -> None:
    stack, sam = case.stack, case.sam
    happens, cause = FALLS[fall]
    sam.plant(stack.app_url, COOKIE, stack.shop.sign_in("sam"))
    session = stack.become(sam, "ada")
    listening(stack.understudy)
    assert sam.app("GET", "/whoami").json()["subject"] == "ada"
    before = len(stack.shop.orders)
    happens(case)
    eventually(lambda: sam.app("GET", "/whoami").status_code == 401, seconds=WITHIN_SECONDS)
    assert stack.session(session.id).end_cause is cause
    assert sam.app("POST", "/orders").status_code == 401
    assert len(stack.shop.orders) == before
    assert stack.refresh(sam.overlay or "").status_code == 401
    leaving_works(stack, sam)


def leaving_works(stack: Stack, sam: Visitor) -> None:
    """The cookie goes, the agent is who they were, and nobody else was signed in or out."""
    assert sam.end().status_code == 200
    assert sam.overlay is None
    assert sam.app("GET", "/whoami").json() == {"user": "sam", "subject": None, "actor": None}


@pytest.mark.parametrize("fall", ["actor's password changed", "actor signed out everywhere"])
def test_l1_a_code_on_its_way_is_worthless_once_the_actor_has_left(case: Case, fall: str) -> None:
    client = Client(stack=case.stack)
    code = client.code(case.sam, case.stack.granted(case.sam, "ada"))
    ready = case.stack.granted(case.sam, "bob")
    FALLS[fall][0](case)
    assert problem(client.redeem(code)) == (400, "invalid_grant")
    refused = case.sam.press_launch(ready)
    assert refused.status_code in (401, 403)


@pytest.mark.parametrize("subject_id", ["ada", "bob"])
def test_peer_7_leaving_works_as_anybody(worlds: Stack, subject_id: str) -> None:
    sam = worlds.support(f"sam-as-{subject_id}@support.example")
    sam.plant(worlds.app_url, COOKIE, worlds.shop.sign_in("sam"))
    session = worlds.become(sam, subject_id)
    blocked = sam.app("POST", "/logout")
    assert blocked.status_code == 403
    leaving_works(worlds, sam)
    assert worlds.session(session.id).end_cause is EndCause.ENDED_BY_ACTOR


def test_l2_a_role_taken_away_between_decision_and_launch_counts(case: Case) -> None:
    ready = case.stack.granted(case.sam, "ada")
    case.operator_becomes(roles=["auditor"])
    assert case.sam.press_launch(ready).json()["rule"] == "actor_not_allowed"
    armed = case.stack.support(f"kim-{len(case.stack.entries())}@support.example")
    grant = case.stack.granted(armed, "ada")
    callback = armed.callback_of(grant)
    me = armed.call("GET", f"{case.stack.issuer}/api/v1/me").json()["id"]
    case.admin_sends("PATCH", f"/operators/{me}", roles=["auditor"])
    assert armed.step(callback, site="cross-site").status_code == 401
    assert armed.overlay is None
    assert armed.cookie(case.stack.issuer, OPERATOR_COOKIE) is not None
