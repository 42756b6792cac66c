"""Rules that can be kept."""

from __future__ import annotations

from understudy.core.redaction.detecting.detectors import Detector
from understudy.core.redaction.names import normalised
from understudy.core.redaction.paths import ANY, ONE
from understudy.core.redaction.reveals import is_secret
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.errors import InvalidInput


def check_redaction(redaction: Redaction) -> None:
    """Refuse rules that find nothing, or everything, or would reveal a secret.

    :raises InvalidInput: naming the first of them.
    """
    for rule in redaction.rules:
        if not _can_be_kept(rule):
            raise InvalidInput(f"No such {rule.kind} can be hidden: {rule.match}")
        if rule.revealable and is_secret(rule):
            raise InvalidInput(f"Secrets and tokens are never revealed: {rule.match}")


def _can_be_kept(rule: RedactionRule) -> bool:
    if rule.kind is RuleKind.DETECTOR:
        return rule.match in Detector.__members__.values()
    if rule.kind is RuleKind.FIELD:
        return normalised(rule.match).strip("*") != ""
    parts = rule.match.split(".")
    return all(parts) and any(part not in (ONE, ANY) for part in parts)
