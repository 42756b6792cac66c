from __future__ import annotations

import pytest

from tests.unit.core.factories import ask
from understudy.core.rules.request import (
    REASON_MISSING,
    REASON_NOT_TEXT,
    TICKET_NOT_TEXT,
    text_fault,
)
from understudy.core.rules.rule import Rule


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (REASON_NOT_TEXT, "U+202E (RIGHT-TO-LEFT OVERRIDE) at character 2 of line 2"),
        (TICKET_NOT_TEXT, "U+001B (a control character) at character 1"),
        (REASON_MISSING, "None"),
    ],
)
def test_the_character_that_was_no_text_is_known(rule: Rule, said: str) -> None:
    request = ask(reason="  one\nt\u202ewo", ticket=" \x1bHELP ")
    fault = text_fault(rule, request)
    assert str(fault) == said
    assert (said in rule.explained(fault)) is (fault is not None)
    assert rule.explained(None) == rule.explanation
