from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.core.impersonation.patterns import matcher, segment_expression, sieve

SEGMENT = st.sampled_from(["a", "ab", "**", "{x}", "{x:path}", "{x}-{y}", "a{x}", "{x}b", "%41"])
PATH = st.lists(st.text("ab-", min_size=1, max_size=3), max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)


@given(segments=st.lists(SEGMENT, min_size=1, max_size=5), path=PATH)
@example(segments=["**", "a", "**"], path="/a")
@example(segments=["**", "a", "**"], path="/b/ab")
@example(segments=["**", "a"], path="/b/a/b")
def test_each_way_of_matching_is_the_same_pattern(segments: list[str], path: str) -> None:
    expression = "".join(map(segment_expression, segments))
    expected = re.compile(expression, re.DOTALL).fullmatch(path) is not None
    assert bool(matcher("/".join(["", *segments]))(path)) is expected


@given(
    patterns=st.lists(st.lists(SEGMENT, min_size=1, max_size=4).map("/".join), max_size=4),
    path=PATH,
)
@example(patterns=["**/a/**", "**/b"], path="/x/b")
@example(patterns=["a"], path="/a")
def test_a_sieve_lets_through_what_one_of_its_patterns_is_found_in(
    patterns: list[str], path: str
) -> None:
    finds, sieved = sieve(tuple(patterns))
    if sieved:
        assert bool(finds(path)) is any(matcher(one)(path) for one in sieved)


@pytest.mark.parametrize("pattern", ["/**/{x}a/**", "/**/{x}/{y}a/**", "/**/a{x}/{y}/a"])
def test_what_is_found_anywhere_is_bounded(pattern: str) -> None:
    before = time.process_time()
    assert not matcher(pattern)("/b" * 20_000)
    assert not matcher(pattern)("/" + "b" * 40_000)
    assert time.process_time() - before < 1
