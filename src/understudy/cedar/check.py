"""Whether a text of policies can be held to, found out before it is.

Cedar lets pass what would quietly never forbid: a policy that fails is skipped, a template that
nobody fills in is none, and a condition may be one that nothing meets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import cedarpy

from understudy.cedar.compiled import static
from understudy.cedar.firing import never_firing
from understudy.cedar.schema import schema
from understudy.cedar.terms import faults_of, has_limits
from understudy.core.governance.policies import MOST_LETTERS, Moment, PolicyFault, unseen_in

MOST_POLICIES = 500
_REMEMBERED = 16

_NEVER = (
    "Nothing was found that this would forbid. Look for a condition that cannot be met, such as "
    "one that contradicts another."
)
_NOT_TRIED = (
    "It was not tried whether this forbids anything: trying those before it took too long. Say "
    "them more plainly, or make fewer of them."
)

Policies = Mapping[str, Any]
Look = Callable[[Policies], Iterator[PolicyFault]]


@lru_cache(maxsize=_REMEMBERED)
def faults_in(text: str) -> tuple[PolicyFault, ...]:
    """What is wrong with ``text``; nothing where it can be held to."""
    if len(text) > MOST_LETTERS:
        return (_of_all(f"Policies have at most {MOST_LETTERS:,} characters."),)
    unseen = unseen_in(text)
    if unseen is not None:
        return (_of_all(f"The text holds {unseen}, which nobody sees. Write it as \\u{{…}}."),)
    try:
        policies = static(text)
    except ValueError as error:
        return (_of_all(str(error)),)
    if len(policies) > MOST_POLICIES:
        return (_of_all(f"There are at most {MOST_POLICIES} policies."),)
    # What comes later takes for granted that what comes before was sound.
    for look in (_against_schema(text), _of_annotations, _of_effects, _never_firing(text)):
        found = tuple(look(policies))
        if found:
            return found
    return ()


def _of_all(message: str) -> PolicyFault:
    return PolicyFault(policy=None, message=message)


def _name(policy_id: str, policies: Policies) -> str:
    annotations = policies.get(policy_id, {}).get("annotations", {})
    return annotations.get("id") or policy_id


def _against_schema(text: str) -> Look:
    def look(policies: Policies) -> Iterator[PolicyFault]:
        for error in cedarpy.validate_policies(text, schema()).errors:
            yield PolicyFault(policy=_name(error.policy_id, policies), message=error.error)

    return look


def _of_annotations(policies: Policies) -> Iterator[PolicyFault]:
    for policy_id, policy in policies.items():
        annotations = policy.get("annotations", {})
        name = _name(policy_id, policies)
        for message in faults_of(annotations):
            yield PolicyFault(policy=name, message=message)
        if policy["effect"] == "forbid" and has_limits(annotations):
            yield PolicyFault(policy=name, message="Limits stand on what permits, not on a forbid.")
    names = Counter(_name(policy_id, policies) for policy_id in policies)
    for name, count in names.items():
        if count > 1:
            yield PolicyFault(policy=name, message="Two policies have this name.")


def _of_effects(policies: Policies) -> Iterator[PolicyFault]:
    permits = [one for one in policies.values() if one["effect"] == "permit"]
    for moment in Moment:
        if not any(_covers(permit["action"], moment) for permit in permits):
            yield _of_all(
                f'No policy permits the action "{moment}", so that nobody could do anything. '
                "To stop impersonation, switch it off in the settings."
            )


def _covers(action: Mapping[str, Any], moment: Moment) -> bool:
    if action["op"] == "All":
        return True
    named = action.get("entities") or [action["entity"]]
    return any(one["id"] == moment or one["id"] == "impersonate" for one in named)


def _never_firing(text: str) -> Look:
    def look(policies: Policies) -> Iterator[PolicyFault]:
        for policy_id, tried in never_firing(text, policies):
            message = _NEVER if tried else _NOT_TRIED
            yield PolicyFault(policy=_name(policy_id, policies), message=message)

    return look
