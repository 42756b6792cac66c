"""Which rules may be lifted for a while, and what is hidden meanwhile.

Secrets and tokens never are: whatever is lifted, they stay out of sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from understudy.core.redaction.detecting.detectors import Detector
from understudy.core.redaction.lifted import Lifted
from understudy.core.redaction.names import SECRET_NAMES, normalised
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind


def is_secret(rule: RedactionRule) -> bool:
    """Whether ``rule`` is about what is never revealed."""
    if rule.kind == RuleKind.DETECTOR:
        return rule.match == Detector.TOKEN
    last = rule.match.rpartition(".")[2] if rule.kind == RuleKind.PATH else rule.match
    return normalised(last) in SECRET_NAMES


def may_be_lifted(redaction: Redaction, lifted: Lifted) -> bool:
    """Whether there is such a rule, and each that says the same may be revealed."""
    found = [rule for rule in redaction.rules if lifted.is_by(rule)]
    return bool(found) and all(rule.revealable and not is_secret(rule) for rule in found)


def without(redaction: Redaction, lifted: Iterable[Lifted]) -> Redaction:
    """``redaction`` while ``lifted`` are shown; what other rules hide stays hidden."""
    shown = [one for one in lifted if may_be_lifted(redaction, one)]
    if not shown:
        return redaction
    kept = tuple(rule for rule in redaction.rules if not any(one.is_by(rule) for one in shown))
    # What is lifted may have been all that stood before a secret.
    return replace(redaction, secrets=True, rules=kept)
