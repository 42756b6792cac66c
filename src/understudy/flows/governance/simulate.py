"""What would be decided if somebody asked: nothing is written, and nobody becomes anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from understudy.core.governance.decision_points import Opinion
from understudy.core.governance.policies import Occasion, PolicyVerdict
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.principals import ActorKind
from understudy.core.ports import Reader
from understudy.core.rules.chain import RULES
from understudy.core.rules.decision import Decision
from understudy.core.rules.governed import verdict_on
from understudy.core.rules.outside import opinion_on
from understudy.core.rules.policy import asked, decide
from understudy.core.rules.rule import Rule
from understudy.errors import NotFound
from understudy.flows.governance.policies import draft
from understudy.flows.impersonation.budgets import with_budget
from understudy.flows.impersonation.premises import is_impersonated, snapshot


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """When and from where somebody would ask; ``text`` are policies to try in place of those in
    force.
    """

    now: datetime
    address: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """The decision; of every rule, asked by itself, whether it refuses; what the policies and the
    decision point say.
    """

    decision: Decision
    rules: Sequence[tuple[Rule, bool]]
    verdict: PolicyVerdict | None
    opinion: Opinion | None


def simulate(reader: Reader, ask: ImpersonationRequest, circumstances: Circumstances) -> Simulated:
    """What would be decided on ``ask``.

    :raises NotFound: no such application.
    :raises Unasked: it has a decision point, which nobody has asked yet.
    """
    # As whoever asks is seen: of an actor whom the application names, nobody knows where they are.
    if ask.actor.kind is not ActorKind.OPERATOR:
        circumstances = replace(circumstances, address=None)
    seen = snapshot(
        reader,
        application_id=ask.application_id,
        actor=ask.actor,
        subject_id=ask.subject_id,
        is_impersonated=is_impersonated(reader, ask.application_id, ask.actor),
        now=circumstances.now,
        address=circumstances.address,
        ask=ask,
    )
    application = seen.application
    if application is None:
        raise NotFound("There is no such application.")
    if circumstances.text is not None:
        occasion = _tried(reader, circumstances, circumstances.text)
        seen = replace(seen, occasion=occasion)
    seen = with_budget(reader, seen, ask.actor, circumstances.now)
    question = asked(ask, application, seen)
    return Simulated(
        decision=decide(ask, seen),
        rules=[(rule, rule.refuses(question)) for rule in RULES.rules],
        verdict=verdict_on(question),
        opinion=opinion_on(question),
    )


def _tried(reader: Reader, circumstances: Circumstances, text: str) -> Occasion:
    held = draft(text)
    return Occasion(
        version=held.version,
        judge=lambda question: reader.judge.judge(held, question),
        now=circumstances.now,
        address=circumstances.address,
    )
