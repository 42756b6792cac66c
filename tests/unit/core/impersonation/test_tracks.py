from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.impersonation.patterns import segment_expression
from understudy.core.impersonation.restrictions import (
    BlockedAction,
    Restrictions,
    Scope,
    judge,
)
from understudy.core.impersonation.tracks import Tracks

SEGMENT = st.sampled_from(
    ["a", "ab", "**", "{x}", "{x:path}", "{x}-{y}", "a{x}", "{x:path}b", "{x}{y:path}", "%41"]
)
PATH = st.text(alphabet="/ab-", max_size=12).map(lambda text: "/" + text)


@given(segments=st.lists(SEGMENT, min_size=1, max_size=5), path=PATH)
def test_it_agrees_with_an_expression_that_tries_one_way_after_another(
    segments: list[str], path: str
) -> None:
    expression = "".join(map(segment_expression, segments))
    expected = re.compile(expression, re.DOTALL).fullmatch(path) is not None
    assert Tracks(segments).match(path) is expected


def test_the_work_grows_with_the_path_and_not_with_the_ways_to_divide_it() -> None:
    pattern = "/".join(["", *["{x:path}"] * 5, "end"])
    rules = Restrictions(
        scope=Scope.FULL,
        blocked_actions=(BlockedAction(method="*", pattern=pattern, label="x"),),
    )
    path = "/a" * 1_000
    before = time.process_time()
    assert judge(rules, method="GET", path=path) is None
    assert judge(rules, method="GET", path=f"{path}/end") is not None
    # Minutes where every division is tried; a generous bound for a slow machine.
    assert time.process_time() - before < 2


@pytest.mark.parametrize("pattern", ["/{a}{b}{c}{d}{e}!", "/**/x/**/y/**/z", "/{a:path}/{b:path}!"])
def test_every_pattern_with_several_wildcards_is_bounded(pattern: str) -> None:
    rules = Restrictions(
        scope=Scope.FULL,
        blocked_actions=(BlockedAction(method="*", pattern=pattern, label="x"),),
    )
    before = time.process_time()
    assert (
        judge(rules, method="GET", path="/" + "x/y" * 700 if "**" in pattern else "/" + "x" * 2_000)
        is None
    )
    assert time.process_time() - before < 2
