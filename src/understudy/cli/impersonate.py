"""``understudy impersonate``: ask to become a user, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from understudy.cli.installation import (
    AppId,
    DatabaseUrl,
    DataDir,
    opened,
    public_url_for,
    settings_for,
)
from understudy.cli.output import Json, print_facts
from understudy.config import Settings
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Actor
from understudy.core.ports import Unit
from understudy.core.text import fold_email
from understudy.errors import NotFound, Refused
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.start import Started, start
from understudy.flows.origin import Origin
from understudy.http.outsiders import Ask, run_asking
from understudy.storage.engine.engine import StoreEngine

_USER_AGENT = "understudy command line"


def impersonate(
    *,
    subject_id: Annotated[str, typer.Argument(help="The user's id in the app.")],
    app_id: AppId,
    operator: Annotated[str, typer.Option("--as", metavar="OPERATOR_EMAIL", help="Who acts.")],
    reason: Annotated[str, typer.Option(help="Why; it goes into the log.")],
    organization: Annotated[str | None, typer.Option(help="The user's organization.")] = None,
    ticket: Annotated[str | None, typer.Option(help="The support ticket.")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long, 60 at most.")] = None,
    scope: Annotated[Scope | None, typer.Option(help="How far it reaches.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Ask to work as a user. Prints a single-use token and a link for the operator's browser."""
    ask = partial(
        ImpersonationRequest,
        application_id=app_id,
        subject_id=SubjectId(subject_id),
        organization_id=None if organization is None else OrganizationId(organization),
        reason=reason,
        ticket=ticket,
        minutes=minutes,
        scope=scope,
    )
    settings = settings_for(data_dir, database_url)
    with opened(data_dir, database_url) as engine:
        answer = run_asking(
            engine.run, lambda unit: _started(unit, ask, operator), _asking(engine, settings)
        )
        if isinstance(answer, Denied):
            raise Refused(answer.explanation, rule=answer.rule.code)
        base = public_url_for(data_dir, database_url)
    grant, token = answer.grant, answer.token
    print_facts(
        {
            "grant_id": grant.id,
            "status": grant.status.value,
            "impersonation_token": token.token if token else None,
            "launch_url": f"{base}/launch/{grant.id}",
            "expires_at": token.expires_at.isoformat() if token else None,
        },
        as_json=as_json,
    )


def _asking(engine: StoreEngine, settings: Settings) -> Ask:
    from understudy.service.app import decision_points

    return decision_points(engine, settings).ask


def _started(
    unit: Unit, ask: Callable[..., ImpersonationRequest], operator: str
) -> Started | Denied:
    """The grant, and a token for the protocol by which the app takes tokens.

    :raises NotFound: no such operator.
    """
    from understudy.service.table import WIRES

    acting = unit.operators.by_email(fold_email(operator))
    if acting is None:
        raise NotFound(f"There is no operator {operator}.")
    asked, origin = ask(actor=Actor.from_operator(acting)), Origin(user_agent=_USER_AGENT)
    return start(unit, asked, with_token=True, kind_for=WIRES.kind_taken_by, origin=origin)
