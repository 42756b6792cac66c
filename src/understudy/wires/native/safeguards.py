"""What guards an application's decisions: its decision point, and the terms of its policies."""

from __future__ import annotations

import time

from msgspec import UNSET, UnsetType

from understudy.core.applications.application import Application
from understudy.core.governance.decision_points import NO_TIME, DecisionPoint, Inquiry
from understudy.core.governance.policies import Moment, PolicyQuestion
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import ActorKind
from understudy.core.ports import Unit, Vault
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.applications import safeguards
from understudy.flows.applications.decision_point import require_point, sealed
from understudy.flows.known_application import known_application
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.native.presenting_safeguards import safeguards_answer
from understudy.wires.native.schemas.decision_point import (
    SafeguardsAnswer,
    SetDecisionPoint,
    TriedDecisionPoint,
    TryDecisionPoint,
)

_TAG = "policies"
_READ = operator(Permission.APPLICATIONS_READ)
_WRITE = operator(Permission.APPLICATIONS_WRITE)
_APPLICATION = f"{API}/applications/{{application_id}}"
_SAFEGUARDS = f"{_APPLICATION}/safeguards"
_POINT = f"{_APPLICATION}/decision-point"
_CHANGE = f"{_SAFEGUARDS}/{{change_id}}"


async def get_safeguards(call: Call[None, NoQuery]) -> SafeguardsAnswer:
    """What holds, and what waits.

    :raises NotFound: no such application.
    """
    application_id = call.path["application_id"]
    return await call.read(
        lambda reader: safeguards_answer(reader, known_application(reader, application_id))
    )


async def set_decision_point(call: Call[SetDecisionPoint, NoQuery]) -> SafeguardsAnswer:
    """Have it asked.

    :raises InvalidInput: it cannot be called from here.
    """
    body, internal = call.body, call.node.settings.internal_targets
    require_point(DecisionPoint(url=body.url), internal)

    def flow(unit: Unit) -> SafeguardsAnswer:
        known = known_application(unit, call.path["application_id"])
        before = known.settings.decision_point
        kept = before.credential if before is not None and before.url == body.url else None
        point = DecisionPoint(
            url=body.url,
            timeout_ms=body.timeout_ms,
            credential=_credential(unit.vault, known, body.credential, kept),
        )
        return _changed(unit, known, point, call)

    return await call.run(flow)


async def remove_decision_point(call: Call[None, NoQuery]) -> SafeguardsAnswer:
    """Ask nobody outside any more. Idempotent."""

    def flow(unit: Unit) -> SafeguardsAnswer:
        return _changed(unit, known_application(unit, call.path["application_id"]), None, call)

    return await call.run(flow)


def _changed(
    unit: Unit,
    known: Application,
    point: DecisionPoint | None,
    call: Call[SetDecisionPoint, NoQuery] | Call[None, NoQuery],
) -> SafeguardsAnswer:
    saved = safeguards.change_point(unit, known, point, by=call.party, origin=call.origin)
    return safeguards_answer(unit, saved)


def _credential(
    vault: Vault, known: Application, given: str | UnsetType | None, kept: str | None
) -> str | None:
    if given is UNSET:
        return kept
    return None if given is None else sealed(vault, known.id, given)


async def try_decision_point(call: Call[TryDecisionPoint, NoQuery]) -> TriedDecisionPoint:
    """Ask it about somebody who need not exist: nothing comes of it.

    :raises NotFound: no such application.
    :raises InvalidInput: there is nothing to ask, or it cannot be called from here.
    """
    application_id, body = call.path["application_id"], call.body
    known = await call.read(lambda reader: known_application(reader, application_id))
    before = known.settings.decision_point
    url = before.url if body.url is UNSET and before else body.url
    if url is UNSET:
        raise InvalidInput("There is no decision point to ask.", facts={"field": "url"})
    # What is kept for one place goes to no other.
    kept = before.credential if before is not None and before.url == url else None
    waits = before.timeout_ms if before else 1_000
    point = DecisionPoint(
        url=url,
        timeout_ms=waits if body.timeout_ms is UNSET else body.timeout_ms,
        credential=_credential(call.node.engine.vault, known, body.credential, kept),
    )
    require_point(point, call.node.settings.internal_targets)
    begun = time.perf_counter()
    inquiry = Inquiry(application_id=application_id, point=point, question=_question(body))
    found = await call.node.outsiders.opinion(inquiry)
    return TriedDecisionPoint(
        permitted=found.permitted,
        reason=found.reason,
        fault=found.fault,
        milliseconds=round((time.perf_counter() - begun) * 1000),
    )


def _question(body: TryDecisionPoint) -> PolicyQuestion:
    return PolicyQuestion(
        moment=Moment.START,
        now=NO_TIME,
        actor_kind=ActorKind.NAMED_BY_APPLICATION,
        actor_id=body.actor_id,
        actor_email=None,
        actor_rank=0,
        actor_roles=(),
        subject_id=body.subject_id,
        subject_email=None,
        subject_roles=(),
        subject_rank=0,
        subject_protected=False,
        organization_id=None,
        reason="Trying whether the decision point answers",
        ticket=None,
        minutes=1,
        scope=Scope.READ_ONLY,
    )


async def confirm_loosening(call: Call[None, NoQuery]) -> SafeguardsAnswer:
    """Let what waits hold."""

    def flow(unit: Unit) -> SafeguardsAnswer:
        application_id, change_id = call.path["application_id"], call.path["change_id"]
        saved = safeguards.confirm_loosening(
            unit, application_id, change_id, by=call.party, origin=call.origin
        )
        return safeguards_answer(unit, saved)

    return await call.run(flow)


async def withdraw_loosening(call: Call[None, NoQuery]) -> SafeguardsAnswer:
    """Let what waits go."""

    def flow(unit: Unit) -> SafeguardsAnswer:
        application_id, change_id = call.path["application_id"], call.path["change_id"]
        saved = safeguards.withdraw_loosening(
            unit, application_id, change_id, by=call.party, origin=call.origin
        )
        return safeguards_answer(unit, saved)

    return await call.run(flow)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_SAFEGUARDS,
        operation="get_safeguards",
        summary="What guards an application's decisions",
        tag=_TAG,
        access=_READ,
        handler=get_safeguards,
        answers=answers(SafeguardsAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_POINT,
        operation="set_decision_point",
        summary="Have a decision point of your own asked",
        description="By AuthZEN's Authorization API, behind all rules and policies, at each start, "
        "launch and exchange. Whatever is no plain yes is a no. Where a change of policies has to "
        "be confirmed, another URL than before has to be, too.",
        tag=_TAG,
        access=_WRITE,
        handler=set_decision_point,
        body=Body(type=SetDecisionPoint),
        answers=answers(SafeguardsAnswer),
        problems=(NotFound, Conflict, InvalidInput),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_POINT,
        operation="remove_decision_point",
        summary="Ask no decision point any more",
        description="At once, or once it is confirmed where a change of policies has to be.",
        tag=_TAG,
        access=_WRITE,
        handler=remove_decision_point,
        answers=answers(SafeguardsAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_POINT}/try",
        operation="try_decision_point",
        summary="Find out whether a decision point answers",
        description="It is asked about somebody who need not exist; nothing is stored.",
        tag=_TAG,
        access=_WRITE,
        handler=try_decision_point,
        body=Body(type=TryDecisionPoint),
        answers=answers(TriedDecisionPoint),
        problems=(NotFound, InvalidInput),
        rate=RateClass.HEAVY,
    ),
    Endpoint(
        method="POST",
        path=f"{_CHANGE}/confirm",
        operation="confirm_loosening",
        summary="Let a change that loosens the guards hold",
        tag=_TAG,
        access=_WRITE,
        handler=confirm_loosening,
        answers=answers(SafeguardsAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_CHANGE}/withdraw",
        operation="withdraw_loosening",
        summary="Let a change that would loosen the guards go",
        tag=_TAG,
        access=_WRITE,
        handler=withdraw_loosening,
        answers=answers(SafeguardsAnswer),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
)
