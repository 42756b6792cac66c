"""What becomes of requests without a page mark."""

from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import SetupError
from understudy.sdk.unmarked import Unmarked, UnmarkedPaths, is_report


@pytest.mark.parametrize(
    "kind",
    ["application/csp-report", "Application/Reports+JSON ; charset=utf-8", "text/ping"],
)
def test_a_report_is_known_by_its_type(kind: str) -> None:
    assert is_report(kind)
    assert not is_report("application/json")


PATHS = UnmarkedPaths(passing=["/paid/"], asking=["/unsubscribe"])


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("/orders",), Unmarked.BY_METHOD),
        (("/paid/1",), Unmarked.PASSES),
        (("/paid/1", "/orders/1"), Unmarked.BY_METHOD),
        (("/paid/../orders",), Unmarked.BY_METHOD),
        (("/paid/%2e%2e/orders",), Unmarked.BY_METHOD),
        (("/paid//orders",), Unmarked.BY_METHOD),
        (("/paid/./a",), Unmarked.BY_METHOD),
        (("/unsubscribe/1",), Unmarked.ASKS_FIRST),
        (("/x", "/unsubscribe"), Unmarked.ASKS_FIRST),
    ],
)
def test_what_is_set_for_a_path(paths: tuple[str, ...], expected: Unmarked) -> None:
    assert PATHS.of(paths) is expected


def test_nothing_passes_unless_it_was_named() -> None:
    assert not UnmarkedPaths()
    assert UnmarkedPaths().of(("/paid/1",)) is Unmarked.BY_METHOD


@pytest.mark.parametrize("prefix", ["/", "", "paid/", "https://app.example/"])
def test_paths_are_named_from_the_root_and_never_all_of_them(prefix: str) -> None:
    with refusal_of(SetupError, "setup_error"):
        UnmarkedPaths(passing=[prefix])
    with refusal_of(SetupError, "setup_error"):
        UnmarkedPaths(asking=[prefix])
