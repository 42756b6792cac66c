from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from benchmarks import registry, table
from benchmarks.rounds import interleaved, quantile
from benchmarks.row import Peer, Row
from benchmarks.scale import SMOKE

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks.md"
COST = Row(name="a-cost", what="a cost", unit="ms", value=4.0, at_most=5.0)
RATE = Row(name="a-rate", what="a rate", unit="rows/s", value=30.0, more_is_better=True)


def test_the_page_tells_of_every_row_and_of_no_other() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert tuple(told) == registry.names()


@pytest.mark.parametrize("group", registry.BENCHMARKS, ids="-".join)
def test_every_benchmark_runs_without_its_peers(group: tuple[str, ...]) -> None:
    rows = list(registry.BENCHMARKS[group](SMOKE))
    assert tuple(row.name for row in rows) == group
    assert [row.name for row in rows if not math.isfinite(row.value)] == []
    for row in rows:
        assert any(row.name in line for line in table.lines(row))


def test_a_peer_that_is_not_there_is_said_to_be_so_and_breaks_no_bar() -> None:
    row = Row(**{**vars(RATE), "peers": (Peer(name="other", value=None, at_least=2.0),)})
    assert "not installed" in list(table.lines(row))[1]
    assert row.kept is None


@pytest.mark.parametrize(("value", "kept"), [(5.0, True), (5.1, False)])
def test_a_cost_is_kept_up_to_its_bar(value: float, kept: bool) -> None:
    row = Row(**{**vars(COST), "value": value})
    assert row.kept is kept
    assert ("BROKEN" in next(table.lines(row))) is not kept


@pytest.mark.parametrize(("peers_value", "kept"), [(10.0, True), (10.1, False)])
def test_a_rate_is_kept_from_so_many_times_its_peers_on(peers_value: float, kept: bool) -> None:
    row = Row(**{**vars(RATE), "peers": (Peer(name="other", value=peers_value, at_least=3.0),)})
    assert row.kept is kept


def test_times_better_is_above_one_for_the_cheaper_and_for_the_faster() -> None:
    assert COST.times_better(Peer(name="other", value=8.0)) == 2
    assert RATE.times_better(Peer(name="other", value=15.0)) == 2


def test_measures_are_taken_in_turn_and_every_other_round_backwards() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return len(order)

    found = interleaved(3, {name: lambda name=name: measure(name) for name in "ab"})  # type: ignore[misc]
    assert "".join(order) == "abbaab"
    assert found == {"a": [1, 4, 5], "b": [2, 3, 6]}


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_quantile_is_one_of_the_figures(share: float, expected: float) -> None:
    assert quantile(range(1, 101), share) == expected
