from __future__ import annotations

import pytest

from understudy.core.redaction.checking import check_redaction
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.errors import InvalidInput

SOUND = (
    RedactionRule(kind=RuleKind.FIELD, match="iban"),
    RedactionRule(kind=RuleKind.FIELD, match="*_iban"),
    RedactionRule(kind=RuleKind.PATH, match="results.*.zip"),
    RedactionRule(kind=RuleKind.DETECTOR, match="email"),
)


def test_rules_that_find_something_are_kept() -> None:
    check_redaction(Redaction(rules=SOUND))


@pytest.mark.parametrize(
    ("kind", "match"),
    [
        (RuleKind.FIELD, "*"),
        (RuleKind.PATH, "*.**"),
        (RuleKind.PATH, "results..zip"),
        (RuleKind.DETECTOR, "shoe_size"),
    ],
)
def test_one_that_finds_everything_or_nothing_is_refused(kind: RuleKind, match: str) -> None:
    rules = (*SOUND, RedactionRule(kind=kind, match=match))
    with pytest.raises(InvalidInput, match="can be hidden"):
        check_redaction(Redaction(rules=rules))


def test_a_secret_is_never_to_be_revealed() -> None:
    rule = RedactionRule(kind=RuleKind.FIELD, match="password", revealable=True)
    with pytest.raises(InvalidInput, match="never revealed"):
        check_redaction(Redaction(rules=(rule,)))
