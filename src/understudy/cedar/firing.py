"""Whether a policy ever decides anything: found by trying what it speaks of.

Each fact that a policy mentions is tried at the values that it mentions, beside them, and without.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from math import prod
from typing import Any

import cedarpy

from understudy.cedar.joined import of_parts
from understudy.cedar.literals import Literals
from understudy.cedar.question import asked, entities_of, request_of
from understudy.cedar.trials import WHENEVER, trials
from understudy.core.governance.policies import Moment, PolicyQuestion
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind

MOST_TRIED = 2_000
MOST_TRIED_IN_ALL = 60_000
"""So often one text is tried at most, which takes seconds."""
SOMEBODY = PolicyQuestion(
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
"""A question about nobody in particular."""


def never_firing(text: str, policies: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Those of ``policies`` that forbid and to which nothing was found that they would forbid.

    They are the parts of ``text``, by id. With each is said how often it was tried, which is never
    where all the others have used up what is tried of one text.
    """
    left = MOST_TRIED_IN_ALL
    for policy_id, policy in policies.items():
        if policy["effect"] == "forbid":
            tried, fires = _tried(_held(text, policy_id, policy), policy_id, policy, left)
            left -= tried
            if not fires:
                yield policy_id, tried


def _held(text: str, policy_id: str, policy: Mapping[str, Any]) -> cedarpy.PolicySet:
    try:
        return of_parts({policy_id: policy})
    except ValueError:  # nested deeper than parts are read: with all others, which takes longer
        return cedarpy.PolicySet.from_str(text)


def _tried(
    held: cedarpy.PolicySet, policy_id: str, policy: Mapping[str, Any], most: int
) -> tuple[int, bool]:
    """How often it was tried whether ``policy`` applies, and whether it did."""
    tried = 0
    for question in islice(_questions(policy), most):
        tried += 1
        what = asked(question)
        answer = cedarpy.is_authorized(request_of(what), held, entities_of(what.people))
        if policy_id in answer.diagnostics.reasons:
            return tried, True
    return tried, False


def _questions(policy: Mapping[str, Any]) -> Iterator[PolicyQuestion]:
    values = trials(Literals.of(policy))
    names, columns = list(values), list(values.values())
    for found in _mixed(columns):
        yield replace(SOMEBODY, **dict(zip(names, found, strict=True)))


def _mixed(columns: Sequence[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Every mixture of one value from each column, or a sample where there are too many."""
    if prod(map(len, columns)) <= MOST_TRIED:
        return product(*columns)
    # The same one each time, so that what was once found sound stays so.
    dice = random.Random(0)  # noqa: S311 - nobody has to be kept from guessing it
    sample = ([dice.choice(column) for column in columns] for _ in range(MOST_TRIED))
    return islice(sample, MOST_TRIED)
