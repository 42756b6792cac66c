"""Whether a policy ever decides anything: found by trying what it speaks of.

Each fact that a policy mentions is tried at the values that it mentions, beside them, and without.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from math import prod
from typing import Any

import cedarpy

from understudy.cedar.literals import Literals
from understudy.cedar.question import entities_of, request_of
from understudy.cedar.trials import WHENEVER, trials
from understudy.core.governance.policies import Moment, PolicyQuestion
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind

MOST_TRIED = 2_000
_SOMEBODY = PolicyQuestion(
    moment=Moment.START,
    now=WHENEVER,
    actor_kind=ActorKind.OPERATOR,
    actor_id="opr_somebody",
    actor_email="somebody@support.example",
    actor_rank=100,
    actor_roles=(),
    subject_id="anybody",
    subject_email="anybody@app.example",
    subject_roles=(),
    subject_rank=0,
    subject_protected=False,
    organization_id=None,
    reason="Cannot find the reports tab",
    ticket=None,
    minutes=30,
    scope=Scope.FULL,
)


def can_fire(policy: Mapping[str, Any]) -> bool:
    """Whether something was found to which ``policy`` applies."""
    alone = {"staticPolicies": {"it": policy}, "templates": {}, "templateLinks": []}
    held = cedarpy.PolicySet.from_json_str(json.dumps(alone))
    return any(_fires(held, question) for question in _questions(policy))


def _fires(held: cedarpy.PolicySet, question: PolicyQuestion) -> bool:
    answer = cedarpy.is_authorized(request_of(question), held, entities_of(question))
    return bool(answer.diagnostics.reasons)


def _questions(policy: Mapping[str, Any]) -> Iterator[PolicyQuestion]:
    values = trials(Literals.of(policy))
    names, columns = list(values), list(values.values())
    for found in _mixed(columns):
        yield replace(_SOMEBODY, **dict(zip(names, found, strict=True)))


def _mixed(columns: Sequence[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Every mixture of one value from each column, or a sample where there are too many."""
    if prod(map(len, columns)) <= MOST_TRIED:
        return product(*columns)
    # The same one each time, so that what was once found sound stays so.
    dice = random.Random(0)  # noqa: S311 - nobody has to be kept from guessing it
    sample = ([dice.choice(column) for column in columns] for _ in range(MOST_TRIED))
    return islice(sample, MOST_TRIED)
