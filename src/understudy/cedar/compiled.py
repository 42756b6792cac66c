"""A text of policies, read once: to be judged by as often as anybody asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cedarpy

from understudy.cedar.circumstances import Looked, looked_at
from understudy.cedar.joined import joined
from understudy.cedar.nesting import nests_too_deep
from understudy.cedar.terms import Terms, terms_of

_REMEMBERED = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Compiled:
    """Policies as Cedar holds them, and the terms of each by its id there.

    ``quick`` are those that are asked; ``policies`` say which it was where these say no.
    ``looked`` is what they look at.
    """

    quick: cedarpy.PolicySet
    policies: cedarpy.PolicySet
    looked: Looked
    terms: Mapping[str, Terms]


@lru_cache(maxsize=_REMEMBERED)
def compiled(text: str) -> Compiled:
    """``text`` to be judged by.

    :raises ValueError: it cannot be read.
    """
    apart, policies = static(text), cedarpy.PolicySet.from_str(text)
    try:
        quick = joined(apart)
    except ValueError:  # nested deeper than parts are read
        quick = policies
    return Compiled(
        quick=quick,
        policies=policies,
        looked=looked_at(apart),
        terms={name: terms_of(name, one.get("annotations", {})) for name, one in apart.items()},
    )


def static(text: str) -> Mapping[str, Any]:
    """The policies of ``text`` taken apart, by id.

    :raises ValueError: it cannot be read, or holds what is no policy until it is filled in.
    """
    fault = nests_too_deep(text)
    if fault is not None:
        raise ValueError(fault)
    parts = json.loads(cedarpy.policies_to_json_str(text))
    if parts["templates"]:
        raise ValueError("Templates are not used here: write ?principal and ?resource out.")
    found: Mapping[str, Any] = parts["staticPolicies"]
    return found
