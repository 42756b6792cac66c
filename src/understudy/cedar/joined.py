"""Policies made quicker to ask: what forbids under the same heads is one policy.

Cedar takes longest to begin with a policy. The joined ones permit exactly where those apart do and
nothing fails: an `||` is false only if every part of it was evaluated, and none was true. Which of
them forbade is known by those apart alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import cedarpy

Expression = Mapping[str, Any]
_HEADS = ("principal", "action", "resource")


def joined(policies: Mapping[str, Any]) -> cedarpy.PolicySet:
    """The ``policies``, taken apart, with those that forbid made few. Permits keep their ids.

    :raises ValueError: see ``of_parts``.
    """
    kept = {name: one for name, one in policies.items() if one["effect"] == "permit"}
    groups: dict[str, list[Any]] = {}
    for one in policies.values():
        if one["effect"] != "permit":
            head = json.dumps([one[part] for part in _HEADS], sort_keys=True)
            groups.setdefault(head, []).append(one)
    # No id that the reader gives out, which are all of one form.
    kept |= {f"joined {number}": _one(group) for number, group in enumerate(groups.values())}
    return of_parts(kept)


def of_parts(policies: Mapping[str, Any]) -> cedarpy.PolicySet:
    """The ``policies``, taken apart, as Cedar asks them.

    :raises ValueError: one nests deeper than what is taken apart is read.
    """
    whole = {"staticPolicies": policies, "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(whole))


def _one(group: Sequence[Any]) -> Mapping[str, Any]:
    condition = {"kind": "when", "body": _any([_all(one["conditions"]) for one in group])}
    return {**group[0], "annotations": {}, "conditions": [condition]}


def _any(parts: Sequence[Expression]) -> Expression:
    # Halved each time, since a long chain would nest as deep as it is long.
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return {"||": {"left": _any(parts[:half]), "right": _any(parts[half:])}}


def _all(conditions: Sequence[Mapping[str, Any]]) -> Expression:
    found: Expression = {"Value": True}
    for number, one in enumerate(conditions):
        body = one["body"] if one["kind"] == "when" else {"!": {"arg": one["body"]}}
        found = {"&&": {"left": found, "right": body}} if number else body
    return found
