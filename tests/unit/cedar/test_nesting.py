"""A text that would take the process down with it is never handed to Cedar."""

from __future__ import annotations

import subprocess
import sys

import pytest

from understudy.cedar.check import faults_in
from understudy.cedar.nesting import MOST_BRACKETS, MOST_OPERATORS, nests_too_deep

_HEAD = "permit (principal, action, resource) when {{ {} }};"
_LOOK = """
import sys
from tests.unit.cedar.questions import QUESTION, policies
from understudy.cedar.judge import CedarJudge
text, judge = sys.stdin.read(), CedarJudge()
print(judge.check(text)[0].message, judge.judge(policies(text), QUESTION).permitted)
"""


def _within(depth: int) -> str:
    # The one of the policy's own condition counts as well.
    return _HEAD.format("(" * (depth - 1) + "true" + ")" * (depth - 1))


@pytest.mark.parametrize("bracket", ["(", "["], ids=["round", "square"])
def test_brackets_by_the_thousand_do_not_end_the_process(bracket: str) -> None:
    text = _HEAD.format(bracket * 20_000)
    ended = subprocess.run(
        [sys.executable, "-c", _LOOK], input=text, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (
        0,
        f"Brackets stand within each other at most {MOST_BRACKETS} deep. False\n",
    )


def test_brackets_are_counted_to_their_bound() -> None:
    assert faults_in(_within(MOST_BRACKETS)) == ()
    assert nests_too_deep(_within(MOST_BRACKETS + 1))
    # Those that were closed before they were opened make up for none.
    assert nests_too_deep(")" * 99 + "(" * (MOST_BRACKETS + 1))


@pytest.mark.parametrize("operator", ["&&", "||", "==", "+", "."])
def test_operators_are_counted_by_policy(operator: str) -> None:
    chain = operator.join(["a"] * (MOST_OPERATORS + 1)) + ";"
    assert nests_too_deep(chain * 3) is None
    assert nests_too_deep(chain.replace(";", f"{operator}a;"))


def test_as_many_operators_as_may_be_can_be_checked_and_asked() -> None:
    condition = " || ".join(["false"] * MOST_OPERATORS) + " || true"
    assert faults_in(_HEAD.format(condition)) == ()
    # Deeper than a policy is read that was taken apart.
    everybody = '@id("everybody") permit (principal, action, resource);'
    assert faults_in(everybody + _HEAD.replace("permit", "forbid").format(condition)) == ()


@pytest.mark.parametrize("apart", ['"{}"', '"\\"{}"', "// {}\n", '""//"\n"{}"'])
def test_what_is_quoted_or_a_comment_does_not_count(apart: str) -> None:
    assert nests_too_deep(apart.format("(" * 99 + "&&" * 999)) is None
