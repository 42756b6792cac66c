"""The parts of an application's settings that have a shape of their own, as they come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from understudy.core.governance.deny_packs import DenyPacks
from understudy.core.governance.policy_terms import PolicyTerms
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.redaction.rules import Redaction, RedactionRule
from understudy.wires.native import approval_terms, consent_terms
from understudy.wires.native.insiders import changed_limits
from understudy.wires.native.schemas.applications import DenyPacksShape
from understudy.wires.native.schemas.impersonations import BlockedActionShape, RedactionShape
from understudy.wires.native.schemas.policies import PolicyTermsShape


def changed_part(name: str, before: object, given: object) -> object:
    """What the setting ``name`` becomes when ``given`` is said of it."""
    changed = _CHANGED.get(name)
    if changed is not None:
        return changed(before, given)
    return tuple(given) if isinstance(given, list) else given


def _blocked(_: object, given: Iterable[BlockedActionShape]) -> tuple[BlockedAction, ...]:
    return tuple(
        BlockedAction(method=shape.method, pattern=shape.pattern, label=shape.label)
        for shape in given
    )


def _policy_terms(before: PolicyTerms, given: PolicyTermsShape) -> PolicyTerms:
    return replace(before, confirmation=given.confirmation, delay_hours=given.delay_hours)


def _deny_packs(before: DenyPacks, given: DenyPacksShape) -> DenyPacks:
    return replace(before, packs=tuple(given.packs), excepted=tuple(given.excepted))


def redaction_of(before: Redaction, given: RedactionShape) -> Redaction:
    """What is hidden when ``given`` is said of it."""
    return replace(
        before,
        secrets=given.secrets,
        rules=tuple(
            RedactionRule(
                kind=rule.kind, match=rule.match, deed=rule.deed, revealable=rule.revealable
            )
            for rule in given.rules
        ),
        open_routes=tuple(given.open_routes),
    )


_CHANGED: Mapping[str, Callable[[Any, Any], object]] = {
    "approval": approval_terms.changed_terms,
    "blocked_actions": _blocked,
    "consent": consent_terms.changed_terms,
    "deny_packs": _deny_packs,
    "insiders": changed_limits,
    "policy_changes": _policy_terms,
    "redaction": redaction_of,
}
