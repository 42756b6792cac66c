"""What the tested installation holds: applications, and people whom one may become or not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.origin import Origin
from understudy.storage.engine.engine import StoreEngine

HERE = Origin()
BLOCKED = (
    BlockedAction(method="POST", pattern="/settings/password", label="changing the password"),
    BlockedAction(method="POST", pattern="/logout", label="signing out"),
    BlockedAction(method="GET", pattern="/export", label="exporting"),
)
PEOPLE = (
    SubjectFacts(
        id=SubjectId("ada"),
        email="ada@acme.example",
        name="Ada Lovett",
        organization_id=OrganizationId("acme"),
    ),
    SubjectFacts(
        id=SubjectId("bob"),
        email="bob@acme.example",
        name="Bob Moss",
        organization_id=OrganizationId("acme"),
    ),
    SubjectFacts(
        id=SubjectId("vip"),
        email="vip@acme.example",
        organization_id=OrganizationId("acme"),
        protected=True,
    ),
    SubjectFacts(
        id=SubjectId("boss"),
        email="boss@acme.example",
        organization_id=OrganizationId("acme"),
        roles=("owner",),
    ),
    SubjectFacts(
        id=SubjectId("gone"),
        email="gone@acme.example",
        organization_id=OrganizationId("acme"),
        disabled=True,
    ),
    SubjectFacts(id=SubjectId("sam-too"), email="Sam@Support.example"),
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """An application of the installation, and its secret."""

    application: Application
    secret: str = field(repr=False)

    @property
    def auth(self) -> tuple[str, str]:
        return self.application.id, self.secret


def add_application(engine: StoreEngine, name: str, **changes: Any) -> Made:
    """An application with two organizations and a few users."""
    wanted = ApplicationSettings(
        impersonation_allowed=True, role_ranks={"owner": 100}, blocked_actions=BLOCKED
    )

    def flow(unit: Unit) -> administer.WithSecret:
        made = administer.create(
            unit,
            name=name,
            vertical=Vertical.B2B,
            settings=replace(wanted, **changes),
            by=SYSTEM,
            origin=HERE,
        )
        for id_ in ("acme", "globex"):
            maintain.save_organization(
                unit,
                made.application,
                OrganizationId(id_),
                name=id_.title(),
                disabled=None,
                by=SYSTEM,
                origin=HERE,
            )
        for facts in PEOPLE:
            maintain.save_subject(unit, made.application, facts, by=SYSTEM, origin=HERE)
        return made

    made = engine.run(flow)
    return Made(application=made.application, secret=made.secret)
