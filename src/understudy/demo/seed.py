"""What the demo's installation holds: the sample app, its users, and three operators."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.applications.application import (
    Application,
    ApplicationSettings,
    UnrankedRoles,
    Vertical,
)
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.demo.people import APP_NAME, COMPANIES, OPERATORS, ROLE_RANKS, USERS, User
from understudy.flows.applications import administer
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.service.table import WIRES

BLOCKED_ACTIONS = (
    BlockedAction(method="POST", pattern="/settings/password", label="changing the password"),
    BlockedAction(method="POST", pattern="/settings/email", label="changing the e-mail address"),
    BlockedAction(method="POST", pattern="/settings/payout", label="changing the payout account"),
    BlockedAction(method="POST", pattern="/account/delete", label="deleting the account"),
    BlockedAction(method="POST", pattern="/logout", label="signing out (end the session instead)"),
    BlockedAction(method="GET", pattern="/invoices/export", label="exporting invoices"),
)


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """The sample app as the installation knows it; the secret is shown this once."""

    application: Application
    secret: str = field(repr=False)


def seed(
    unit: Unit, *, callback_url: str, password_hash: str, session_origins: str | None = None
) -> Seeded:
    """Fill an empty installation, in one unit."""
    made = administer.create(
        unit,
        name=APP_NAME,
        vertical=Vertical.B2B,
        settings=ApplicationSettings(
            impersonation_allowed=True,
            redirect_urls=(callback_url,),
            session_origins=session_origins,
            blocked_actions=BLOCKED_ACTIONS,
            role_ranks=ROLE_RANKS,
            unranked_roles=UnrankedRoles.REFUSE,
        ),
        wires=WIRES.settings,
        by=SYSTEM,
        origin=Origin(),
    )
    rows = [_row(line, user) for line, user in enumerate(USERS, start=2)]
    import_subjects(unit, made.application, rows, partial=False, by=SYSTEM, origin=Origin())
    for person in OPERATORS:
        invited = team.invite(
            unit,
            email=person.email,
            name=person.name,
            roles=person.roles,
            by=SYSTEM,
            origin=Origin(),
        )
        team.join(
            unit, invited.token, name=person.name, password_hash=password_hash, origin=Origin()
        )
    return Seeded(application=made.application, secret=made.secret)


def _row(line: int, user: User) -> ImportRow:
    names = {company.id: company.name for company in COMPANIES}
    return ImportRow(
        line=line,
        facts=SubjectFacts(
            id=SubjectId(user.id),
            email=user.email,
            name=user.name,
            organization_id=None if user.company_id is None else OrganizationId(user.company_id),
            roles=user.roles,
            protected=user.protected,
        ),
        organization_name=names.get(user.company_id or ""),
    )
